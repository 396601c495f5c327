//! Tests of `dump`: what cannot be read of strace, and why.

use crate::Outcome;
use crate::dump_strace::{HEADER, line};
use crate::program::{Program, run};

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
        // Nor is the padding at the end: two numbers in 4 bytes are not two of 2 bytes.
        (
            list(HEADER + 4, ", cmsg_data={service_id=0, security_index=0}")
                .replace("SOL_SOCKET", "SOL_RXRPC")
                .replace("SCM_RIGHTS", "RXRPC_CHALLENGED"),
            "{service",
            "service_id: these values do not",
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
