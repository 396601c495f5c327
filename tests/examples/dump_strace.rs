//! Tests of `dump` with what strace(1) prints.

use crate::Outcome;
use crate::dump::hex;
use crate::program::{Program, Skip, run, run_ok};
use ancil::level::{SOL_IP, SOL_SOCKET, SOL_UDP};
use ancil_tests::encoded;
use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, ExitCode};

/// Bytes of a header.
const HEADER: usize = size_of::<usize>() + 8;

/// Returns the integers as bytes of this machine.
fn ints(numbers: &[i32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_ne_bytes())
        .collect()
}

/// Returns machine words as bytes.
fn words(numbers: &[isize]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_ne_bytes())
        .collect()
}

/// What the picture says of the bytes that strace does not show.
const NOTE: &str = "?? is a byte that strace does not show\n";

/// Returns what is drawn, with zeros in the place of the bytes that strace does not show.
fn drawn(program: &Program, text: &str) -> Result<String, Skip> {
    let picture = program.prints(&[text])?;
    Ok(picture.replace(NOTE, "").replace("??", "00"))
}

/// Each text must be drawn as the bytes that it stands for.
pub fn forms(program: &Program) -> Outcome {
    let one = |level, ty, name: &str, data: &[u8], shown: &str| {
        let len = HEADER + data.len();
        let text = format!("[{{cmsg_len={len}, {name}, cmsg_data={shown}}}]");
        let mut bytes = encoded(&[(level, ty, data)]);
        bytes.truncate(len);
        (text, bytes)
    };
    let rights = "cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS";
    let of_rights = |shown: &str| one(SOL_SOCKET, 1, rights, &ints(&[4, 5]), shown);
    let of_ip = |ty, name: &str, data: &[u8], shown: &str| {
        let name = format!("cmsg_level=SOL_IP, cmsg_type={name}");
        one(SOL_IP, ty, &name, data, shown)
    };
    let of_socket = |ty, name: &str, data: &[u8], shown: &str| {
        one(
            SOL_SOCKET,
            ty,
            &format!("cmsg_level=SOL_SOCKET, cmsg_type={name}"),
            data,
            shown,
        )
    };
    let raw = format!("cmsg_level={SOL_SOCKET:#x}, cmsg_type=0x1");
    let verbose =
        format!("cmsg_level={SOL_SOCKET:#x} /* SOL_SOCKET */, cmsg_type=0x1 /* SCM_RIGHTS */");
    let udp = "cmsg_level=SOL_UDP, cmsg_type=0x67";
    let unknown = "cmsg_level=0x4d59 /* SOL_??? */, cmsg_type=0x7";
    let times = "[{tv_sec=1, tv_nsec=2}, {tv_sec=0, tv_nsec=0}, {tv_sec=-3, tv_nsec=4}]";
    let index = [&ints(&[2])[..], &[127, 0, 0, 1], &[0; 4]].concat();
    let pktinfo = "{ipi_ifindex=2, ipi_spec_dst=inet_addr(\"127.0.0.1\"), \
                   ipi_addr=inet_addr(\"\\x30\\x2e\\x30\\x2e\\x30\\x2e\\x30\")}";
    let index6 = [&[0; 15][..], &[1], &ints(&[2])].concat();
    let pktinfo6 = "{ipi6_addr=inet_pton(AF_INET6, \"::1\"), ipi6_ifindex=2}";
    let flow = "cmsg_level=SOL_IPV6, cmsg_type=IPV6_FLOWINFO";
    let name6 = "cmsg_level=SOL_IPV6, cmsg_type=IPV6_PKTINFO";
    let mut cases = vec![
        of_rights("[4, 5]"),
        of_rights("[4</dev/null<char 1:3>>, 5<UNIX-STREAM:[38429495->38429496]>]"),
        one(SOL_SOCKET, 1, &raw, &ints(&[4, 5]), "[4, 5]"),
        one(
            SOL_SOCKET,
            1,
            &verbose,
            &ints(&[4, -5]),
            "[4, -5 /* strange */]",
        ),
        of_socket(
            2,
            "SCM_CREDENTIALS",
            &ints(&[9, 0, -1]),
            "{pid=9, uid=0, gid=-1}",
        ),
        of_socket(
            2,
            "SCM_CREDENTIALS",
            &ints(&[9, 0, 0]),
            "{pid=9<init>, uid=0, gid=0}",
        ),
        of_socket(
            29,
            "SO_TIMESTAMP_OLD",
            &words(&[5, 6]),
            "{tv_sec=5, tv_usec=6}",
        ),
        of_socket(
            37,
            "SO_TIMESTAMPING_OLD",
            &words(&[1, 2, 0, 0, -3, 4]),
            times,
        ),
        of_socket(3, "SCM_SECURITY", b"a\"}]\0", r#""a\"}]\0""#),
        of_socket(3, "SCM_SECURITY", b"a\"}]\0", r#""\x61\x22\x7d\x5d\x00""#),
        of_ip(2, "IP_TTL", &ints(&[64]), "[64]"),
        of_ip(1, "IP_TOS", &[0xb8], "[0xb8]"),
        of_ip(1, "IP_TOS", &[0xb8, 0, 0, 1], "[0xb8, 0, 0, 0x1]"),
        of_ip(7, "IP_RETOPTS", &[0x94, 4, 0, 0], "[0x94, 0x4, 0, 0]"),
        of_ip(8, "IP_PKTINFO", &index, pktinfo),
        one(41, 50, name6, &index6, pktinfo6),
        one(SOL_UDP, 103, udp, &1200u16.to_ne_bytes(), "[1200]"),
        one(41, 11, flow, &[0, 1, 2, 3], "[htonl(66051)]"),
        one(0x4d59, 7, unknown, &[1, b'z'], r#""\1z""#),
    ];
    let (part, bytes) = of_rights("[4, 5]");
    cases.push((part[1..part.len() - 1].to_string(), bytes)); // one message without its list
    for (text, bytes) in &cases {
        assert_eq!(
            drawn(program, text)?,
            program.prints(&[&hex(bytes)])?,
            "{text}"
        );
    }
    lines(program)
}

/// Returns a line of strace, whose data looks like control messages.
fn line(control: &str) -> String {
    format!(
        "[pid 77] sendmsg(3, {{msg_name=NULL, msg_namelen=0, \
         msg_iov=[{{iov_base=\"msg_control=[\\\"\\377\", iov_len=15}}], msg_iovlen=1, {control}, \
         msg_flags=0}}, 0) = 15\n"
    )
}

/// Whole lines, which say how long the buffer is.
fn lines(program: &Program) -> Outcome {
    let ttl = ints(&[64]);
    let two = encoded(&[(SOL_IP, 2, &ttl), (SOL_IP, 1, &[1])]);
    let (len, space) = (HEADER + 4, two.len() / 2);
    let (first, second) = (
        format!("{{cmsg_len={len}, cmsg_level=SOL_IP, cmsg_type=IP_TTL, cmsg_data=[64]}}"),
        format!(
            "{{cmsg_len={}, cmsg_level=SOL_IP, cmsg_type=IP_TOS, cmsg_data=[0x1]}}",
            HEADER + 1
        ),
    );
    let with_len = |at: usize, len: usize, end: usize| {
        let mut bytes = two[..end].to_vec();
        bytes[at..at + size_of::<usize>()].copy_from_slice(&len.to_ne_bytes());
        bytes
    };
    let total = two.len();
    let long = second.replace(&format!("={}", HEADER + 1), "=500");
    let short = "{cmsg_len=5, cmsg_level=SOL_IP, cmsg_type=IP_TOS}";
    let mut short_bytes = with_len(space, 5, total);
    short_bytes[space + HEADER..].fill(0);
    let cases = [
        (
            format!("msg_control=[{first}, {second}], msg_controllen={total}"),
            two.clone(),
        ),
        (
            format!("msg_control=[{first}], msg_controllen=100 => {space}"),
            two[..space].to_vec(),
        ),
        (
            format!("msg_control=[{first}], msg_controllen={len}"),
            two[..len].to_vec(),
        ),
        // The second message reaches past the end, is shorter than a header, or is none.
        (
            format!(
                "msg_control=[{first}, {long}], msg_controllen={}",
                space + HEADER + 1
            ),
            with_len(space, 500, space + HEADER + 1),
        ),
        (
            format!("msg_control=[{first}, {short}, ... /* 0x7f7f */], msg_controllen={total}"),
            short_bytes,
        ),
        (
            format!(
                "msg_control=[{first}, ... /* 0x7f7f */], msg_controllen={}",
                space + 5
            ),
            [&two[..space], &[0; 5]].concat(),
        ),
        ("msg_control=NULL, msg_controllen=0".into(), Vec::new()),
        ("msg_controllen=0".into(), Vec::new()),
    ];
    for (control, bytes) in &cases {
        let text = line(control);
        assert_eq!(
            drawn(program, &text)?,
            program.prints(&[&hex(bytes)])?,
            "{text}"
        );
    }
    // The padding is not shown, so it is not taken for zero.
    let picture = program.prints(&[&line(&cases[0].0)])?;
    assert!(picture.contains(NOTE), "{picture}");
    let mut padding = picture
        .lines()
        .filter(|line| line.contains("| padding of "));
    assert!(
        padding.all(|line| line.contains("?? ??") && !line.contains("00 00")),
        "{picture}"
    );
    Ok(())
}

/// Whatever cannot be rebuilt is an error that names the field, at the place of the fault.
pub fn errors(program: &Program) -> Outcome {
    let rights = |len: usize, data: &str| {
        format!("{{cmsg_len={len}, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS{data}}}")
    };
    let list = |len, data: &str| format!("[{}]", rights(len, data));
    let ip = |len, name: &str, data: &str| {
        let name = format!("cmsg_level=SOL_IP, cmsg_type={name}");
        format!("[{{cmsg_len={}, {name}, cmsg_data={data}}}]", HEADER + len)
    };
    let len = HEADER + 4;
    let addr = r#"{sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.1")}"#;
    let addr_raw = addr.replace("AF_INET", "2");
    let pktinfo = r#"{ipi_ifindex=if_nametoindex("lo"), ipi_spec_dst=inet_addr("127.0.0.1")}"#;
    let one = list(len, ", cmsg_data=[4]");
    let deep = format!("{}4{}", "[".repeat(5000), "]".repeat(5000));
    let cases = [
        // The text, where the fault is, and what the error must name.
        (
            list(len, ""),
            "{cmsg_len",
            "cmsg_data: strace does not show its 4 bytes",
        ),
        (
            list(len + 4, ", cmsg_data=[4]"),
            "[4]",
            "cmsg_data: these values do not determine",
        ),
        (
            list(len + 8, ", cmsg_data=[4, 5]"),
            "[4, 5]",
            "cmsg_data: these values",
        ),
        (
            list(len - 4, ", cmsg_data=[4]"),
            "[4]",
            "cmsg_data: these values",
        ),
        (
            list(len, ", cmsg_data=[4294967296]"),
            "4294967296",
            "cmsg_data: does not fit into 4",
        ),
        (
            list(len, ", cmsg_data=[4, ...]"),
            "]}]",
            "cmsg_data: cut off; strace -v",
        ),
        (
            list(len, ", cmsg_data=???"),
            "???",
            "cmsg_data: strace could not decode it",
        ),
        (
            list(len, &format!(", cmsg_data={deep}")),
            "",
            "too many brackets",
        ),
        (list(len, ", cmsg_data=[4"), "}", "expected \"]\""),
        (list(5, ", cmsg_data=[4]"), "[4]", "cmsg_data: these values"),
        (
            list(len, ", cmsg_data=[STDIN]"),
            "STDIN",
            "cmsg_data: the number of STDIN",
        ),
        (
            ip(8, "IP_RETOPTS", r#""ab"..."#),
            "...",
            "cmsg_data: cut off; strace -s",
        ),
        (
            ip(12, "IP_PKTINFO", pktinfo),
            "if_name",
            "ipi_ifindex: the text has the interface's",
        ),
        (
            ip(16, "IP_ORIGDSTADDR", addr),
            "AF_INET",
            "sa_family: the number of AF_INET",
        ),
        (
            ip(16, "IP_ORIGDSTADDR", &addr_raw),
            "{sa",
            "sa_family: these values do not",
        ),
        (
            ip(4, "IP_FOO", "[4]"),
            "IP_FOO",
            "cmsg_type: the number of IP_FOO",
        ),
        // Reserved fields are not shown: two numbers in 16 bytes are not two of 8 bytes.
        (
            list(HEADER + 16, ", cmsg_data={if_index=1, pkt_length=2}")
                .replace("SCM_RIGHTS", "SCM_TIMESTAMPING_PKTINFO"),
            "{if_index",
            "if_index: these values do not",
        ),
        (
            one.replace("SCM_RIGHTS", "IP_TTL"),
            "IP_TTL",
            "cmsg_type: the number of IP_TTL",
        ),
        (
            ip(4, "0x99", "[4]"),
            "[4]",
            "cmsg_data: these values do not",
        ),
        (
            one.replace("SOL_SOCKET", "SOL_FOO"),
            "SOL_FOO",
            "cmsg_level: the number of SOL_FOO",
        ),
        (
            one.replace("SOL_SOCKET", "0x100000000"),
            "0x1",
            "cmsg_level: more than 32 bits",
        ),
        (
            one.replace("cmsg_level", "level"),
            "level",
            "expected \"cmsg_level=\"",
        ),
        (
            one.replace(&format!("={len}"), "=-1"),
            "-1",
            "cmsg_len: more than a word holds",
        ),
        (
            one.replace(&format!("={len}"), "=x"),
            "x",
            "cmsg_len: the number of x",
        ),
        (
            one.replace(']', ", ...]").replacen(", ...]", "]", 1),
            "",
            "leaves out the rest",
        ),
        (
            line("msg_control=0x7f7f457509e0, msg_controllen=1"),
            "0x7f7f",
            "only the address",
        ),
        (
            "sendmsg(0x3, 0x7f4df6ceeeb0, 0) = 0xf".into(),
            "sendmsg",
            "no msg_control=, which strace -e raw hides",
        ),
        (
            line(&format!("msg_control={one}, msg_controllen=99")),
            "{cmsg",
            "msg_controllen=99",
        ),
        (
            line(&format!("msg_control={one}, msg_controllen=8")),
            "{cmsg",
            "msg_controllen",
        ),
        (
            line(&format!("msg_control={one}, msg_controllen=9999999")),
            "",
            "more than 1 MiB",
        ),
        (
            line(&format!(
                "msg_control={}, msg_controllen={}",
                &one.replace("}]", "}, ...]"),
                99
            )),
            "",
            "strace leaves out the",
        ),
        (
            format!("[{}, {}]", rights(5, ""), rights(len, ", cmsg_data=[4]")),
            "",
            "a message follows one whose cmsg_len is wrong",
        ),
        (
            line(&format!("msg_control={one}, msg_control={one}")),
            "",
            "a second control buffer",
        ),
        (
            list(9_999_999, ", cmsg_data=[4]"),
            "{cmsg",
            "no msg_controllen says",
        ),
    ];
    for (text, place, what) in &cases {
        let finished = run(&mut program.command(&[text]))?;
        assert!(
            !finished.ok && finished.out.is_empty(),
            "{text}: {}",
            finished.out
        );
        let error = &finished.err;
        let column = error
            .strip_prefix("dump: line 1, column ")
            .and_then(|rest| {
                let (column, _) = rest.split_once(": ")?;
                column.parse::<usize>().ok()
            });
        let column = column.unwrap_or_else(|| panic!("{text}: {error}"));
        let found = text.get(column - 1..).unwrap_or_default();
        assert!(
            found.starts_with(place),
            "{text}: {error} at {found}, expected {place}"
        );
        assert!(error.contains(what), "{text}: {error}, expected {what}");
    }
    Ok(())
}

/// The argument with which this program sends the messages below, and prints them in hex.
pub const INNER: &str = "--send-control-messages";

/// Sends control messages, and prints them in hex.
pub fn send() -> ExitCode {
    let null = File::open("/dev/null").expect("a file").as_raw_fd();
    // SAFETY: these take no arguments and always succeed.
    let (uid, gid) = unsafe { (libc::getuid(), libc::getgid()) };
    let ids = ints(&[std::process::id() as i32, uid as i32, gid as i32]);
    let control = encoded(&[
        (SOL_SOCKET, libc::SCM_CREDENTIALS, &ids),
        (SOL_SOCKET, libc::SCM_RIGHTS, &ints(&[null, null, null])),
    ]);
    let (socket, _peer) = UnixDatagram::pair().expect("a socket");
    // SAFETY: zero is valid for the integers and raw pointers of `msghdr`.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    (message.msg_control, message.msg_controllen) =
        (control.as_ptr().cast_mut().cast(), control.len() as _);
    // SAFETY: `message` describes `control`, which lives during the call. sendmsg(2) only reads it.
    let sent = unsafe { libc::sendmsg(socket.as_raw_fd(), &raw const message, 0) };
    println!("{}", hex(&control));
    if sent < 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Lets strace print what this program sends, and compares the bytes.
pub fn real_line(program: &Program) -> Outcome {
    if !program.is_direct() {
        return Err(Skip("strace would trace the emulator".into()));
    }
    let this = std::env::current_exe().expect("this program");
    for options in [
        &[][..],
        &["-X", "raw"],
        &["-X", "verbose"],
        &["-xx"],
        &["-yy"],
    ] {
        let mut strace = Command::new("strace");
        strace
            .args(["-e", "trace=sendmsg", "-e", "signal=none"])
            .args(options);
        let traced = match strace.arg(&this).arg(INNER).output() {
            Ok(output) if output.status.success() => output,
            Ok(output) => {
                let why = String::from_utf8_lossy(&output.stderr).into_owned();
                return Err(Skip(format!("cannot trace: {}", why.trim())));
            }
            Err(e) => return Err(Skip(format!("strace: {e}"))),
        };
        let [sent, log] =
            [traced.stdout, traced.stderr].map(|text| String::from_utf8(text).expect("text"));
        let Some(line) = log.lines().find(|line| line.contains("sendmsg(")) else {
            return Err(Skip(format!("strace saw no sendmsg: {log}")));
        };
        let expected = run_ok(&mut program.command(&[sent.trim()]))?;
        assert_eq!(drawn(program, line)?, expected, "{line}");
    }
    Ok(())
}
