//! Tests of `dump` with what strace(1) prints.

use crate::Outcome;
use crate::dump::hex;
use crate::program::{Program, Skip, run_ok};
use ancil::level::{SOL_IP, SOL_SOCKET, SOL_UDP};
use ancil_tests::encoded;
use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, ExitCode};

/// Bytes of a header.
pub const HEADER: usize = size_of::<usize>() + 8;

/// Returns the integers as bytes of this machine.
pub fn ints(numbers: &[i32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_ne_bytes())
        .collect()
}

/// Returns machine words as bytes.
pub fn words(numbers: &[isize]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_ne_bytes())
        .collect()
}

/// What the picture says of the bytes that strace does not show.
const NOTE: &str = "?? is a byte that strace does not show\n";

/// Returns what is drawn, with zeros in the place of the bytes that strace does not show.
pub fn drawn(program: &Program, text: &str) -> Result<String, Skip> {
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
pub fn line(control: &str) -> String {
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
