//! Tests of `dump`: the pictures that it draws, and its options.

use crate::Outcome;
use crate::program::{Program, run_ok};
use std::process::Command;

/// Returns bytes in hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns a control buffer of a program with words of so many bits: `cmsg_len`, level, type and
/// payload of each message, and its padding.
fn buffer(bits: usize, messages: &[(u64, i32, i32, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (len, level, ty, data) in messages {
        match bits {
            32 => bytes.extend((*len as u32).to_ne_bytes()),
            _ => bytes.extend(len.to_ne_bytes()),
        }
        bytes.extend([level.to_ne_bytes(), ty.to_ne_bytes()].concat());
        bytes.extend(*data);
        bytes.resize(bytes.len().next_multiple_of(bits / 8), 0);
    }
    bytes
}

/// Returns a row of the picture for the terminal.
fn row(offset: usize, bytes: &[u8], text: &str) -> String {
    let hex: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let bytes = "   ".repeat(offset % 8) + &hex.join(" ");
    format!("0x{offset:04x} | {bytes:23} | {text:42} |\n")
}

/// The whole picture of two messages, the second without its padding.
pub fn two_messages(program: &Program) -> Outcome {
    let data = 64i32.to_ne_bytes();
    let bytes = buffer(64, &[(20, 0, 2, &data), (17, 0, 1, &[0xb8])]);
    let bytes = &bytes[..41];
    let rule = format!("{:6} +{}+{}+\n", "", "-".repeat(25), "-".repeat(44));
    let row = |at: usize, end: usize, text: &str| row(at, &bytes[at..end], text);
    let expected = [
        "control buffer of a 64-bit program: 41 bytes, 2 messages\n\n",
        "message 1: IP_TTL\nTime to live, 1 to 255.\n",
        &rule,
        &row(0, 8, "cmsg_len = 20: header 16, payload 4"),
        &row(8, 12, "cmsg_level = 0, SOL_IP"),
        &row(12, 16, "cmsg_type = 2, IP_TTL"),
        &rule,
        &row(16, 20, "payload: [64]"),
        &rule,
        &row(20, 24, "padding of 4 bytes"),
        &rule,
        "\nmessage 2: IP_TOS\n",
        "Type of service, DSCP and ECN: an `int` when sent, one byte when it arrives.\n",
        &rule,
        &row(24, 32, "cmsg_len = 17: header 16, payload 1"),
        &row(32, 36, "cmsg_level = 0, SOL_IP"),
        &row(36, 40, "cmsg_type = 1, IP_TOS"),
        &rule,
        &row(40, 41, "payload: [0xb8]"),
        &rule,
    ];
    let drawn = program.prints(&["--bits", "64", &hex(bytes)])?;
    assert_eq!(drawn, expected.concat());
    Ok(())
}

/// Malformed headers, bytes that are left over, payloads that cannot be decoded, padding that is
/// not zero: each is marked where it stands.
pub fn faults(program: &Program) -> Outcome {
    let ttl = 64i32.to_ne_bytes();
    let of = |len: u64| buffer(64, &[(20, 0, 2, &ttl), (len, 0, 2, &ttl)]);
    let after = |first: &[u8]| [&buffer(64, &[(20, 0, 2, &ttl)])[..], first].concat();
    let mut dirty = after(&[]);
    dirty[23] = 1;
    let cases: &[(Vec<u8>, usize, usize, &[&str])] = &[
        (
            of(15),
            24,
            32,
            &["! cmsg_len = 15: less than the 16 bytes of", "a header"],
        ),
        (of(15), 40, 48, &["! cannot be read"]),
        (
            of(25),
            24,
            32,
            &["! cmsg_len = 25: more than the 24 bytes", "that are left"],
        ),
        (
            of(1 << 40),
            24,
            32,
            &["! cmsg_len = 1099511627776: more than the"],
        ),
        (
            after(&[1; 15]),
            24,
            32,
            &["! 15 bytes, but a header has 16"],
        ),
        (after(&[1]), 24, 25, &["! 1 byte, but a header has 16"]),
        (dirty, 20, 24, &["padding of 4 bytes, not zero"]),
        (
            buffer(64, &[(19, 0, 2, &[1, 2, 3])]),
            16,
            19,
            &[r#"payload: "\1\2\3""#],
        ),
        (
            buffer(64, &[(18, 9, 7, b"<&")]),
            8,
            12,
            &["cmsg_level = 9, unknown"],
        ),
    ];
    for (bytes, at, end, texts) in cases {
        let drawn = program.prints(&["--bits", "64", &hex(bytes)])?;
        let expected = row(*at, &bytes[*at..*end.min(&(at + 8))], texts[0]);
        assert!(drawn.contains(&expected), "expected {expected}in\n{drawn}");
        assert!(
            texts.iter().all(|text| drawn.contains(text)),
            "{texts:?} in\n{drawn}"
        );
        assert!(drawn.lines().all(|line| line.len() <= 80), "{drawn}");
    }
    let wrong = program.prints(&["--bits", "64", &hex(&cases[7].0)])?;
    assert!(
        wrong.contains("\n! payload of 3 bytes, expected 4 bytes\n"),
        "{wrong}"
    );
    // A list stands beside its bytes, also a long one.
    let fds: Vec<u8> = (3..256i32).flat_map(i32::to_ne_bytes).collect();
    let rights = buffer(64, &[(16 + 1012, libc::SOL_SOCKET, 1, &fds)]);
    let drawn = program.prints(&["--bits", "64", &hex(&rights)])?;
    let expected = row(0x3f8, &rights[0x3f8..0x400], "253, 254,");
    assert!(drawn.contains(&expected), "expected {expected}in\n{drawn}");
    Ok(())
}

/// The header of either word size, and payloads of machine words.
pub fn words(program: &Program) -> Outcome {
    let time32 = [1i32, 5].map(i32::to_ne_bytes).concat();
    let time64 = [1i64, 5].map(i64::to_ne_bytes).concat();
    let (id32, id64) = (7u32.to_ne_bytes(), 7u64.to_ne_bytes());
    // A message of RxRPC whose payload is a word, and SO_TIMESTAMP_OLD.
    for (bits, header, id, time) in [(32, 12, &id32[..], time32), (64, 16, &id64, time64)] {
        let len = |data: &[u8]| header + data.len() as u64;
        let bytes = buffer(
            bits,
            &[
                (len(id), 272, 1, id),
                (len(&time), libc::SOL_SOCKET, 29, &time),
            ],
        );
        let drawn = program.prints(&["--bits", &bits.to_string(), &hex(&bytes)])?;
        assert!(drawn.contains(&format!("{bits}-bit program")), "{drawn}");
        let word = bits / 8;
        let text = format!("cmsg_len = {}: header {header}, payload {word}", len(id));
        for (at, end, text) in [
            (0, word, text.as_str()),
            (word, word + 4, "cmsg_level = 272, SOL_RXRPC"),
            (word + 4, word + 8, "cmsg_type = 1, RXRPC_USER_CALL_ID"),
            (word + 8, 2 * word + 8, "payload: [7]"),
            // The payload starts in the middle of a row, or fills rows.
            (
                bytes.len() - 2 * word,
                bytes.len() - word,
                "payload: {tv_sec=1, tv_usec=5}",
            ),
            (bytes.len() - word, bytes.len(), ""),
        ] {
            let expected = row(at, &bytes[at..end], text);
            assert!(drawn.contains(&expected), "expected {expected}in\n{drawn}");
        }
        if bits == usize::BITS as usize {
            assert_eq!(program.prints(&[&hex(&bytes)])?, drawn);
        }
    }
    Ok(())
}

/// Reads the file as Python does: the size, and the text and class of every element in order.
const READ_SVG: &str = "
import sys, xml.dom.minidom as dom
svg = dom.parse(sys.argv[1]).documentElement
assert svg.namespaceURI == 'http://www.w3.org/2000/svg'
print('width', svg.getAttribute('width'))
print('dark', 'prefers-color-scheme: dark' in svg.getElementsByTagName('style')[0].firstChild.data)
for e in svg.childNodes:
    if e.nodeName in ('text', 'rect'):
        text = e.firstChild.data if e.firstChild else ''
        print(e.nodeName, e.getAttribute('class'), ascii(text)[1:-1])
";

pub fn svg(program: &Program) -> Outcome {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = path.join(format!("dump-{}.svg", std::process::id()));
    let file = path.to_str().expect("a path of text");
    let mut bytes = buffer(64, &[(18, 9, 7, b"<&"), (20, 0, 2, &64i32.to_ne_bytes())]);
    bytes.extend(buffer(64, &[(5, 0, 2, &[])]));
    let drawn = program.prints(&["--bits", "64", "--svg", file, &hex(&bytes)])?;
    assert_eq!(drawn, program.prints(&["--bits", "64", &hex(&bytes)])?);
    let read = run_ok(Command::new("python3").args(["-c", READ_SVG, file]));
    std::fs::remove_file(&path).expect("the file was written");
    let read = read?;
    let lines: Vec<_> = read.lines().collect();
    let width = lines[0]
        .strip_prefix("width ")
        .and_then(|width| width.parse().ok());
    assert!(width.is_some_and(|width: u32| width <= 900), "{read}");
    assert_eq!(lines[1], "dark True");
    // Labels have no class, either, but they are longer than the two digits of a byte.
    let cells: Vec<_> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("text  "))
        .filter(|text| text.len() == 2)
        .collect();
    assert_eq!(cells.concat(), hex(&bytes));
    for text in [
        r#"text  payload: "<&""#,
        "text  payload: [64]",
        "text title message 3: malformed",
        "text bad cmsg_len = 5: less than the 16 bytes of a header",
        "text quiet padding of 6 bytes",
        "text quiet 0x0028",
    ] {
        assert!(lines.contains(&text), "{text} in\n{read}");
    }
    let count = |class: &str| lines.iter().filter(|line| **line == class).count();
    let rects = ["header", "payload", "padding", "fault"].map(|c| count(&format!("rect {c} ")));
    assert_eq!(rects, [8, 2, 2, 1], "{read}");
    Ok(())
}

pub fn verdict(program: &Program) -> Outcome {
    let native = usize::BITS as usize;
    let fd = 4i32.to_ne_bytes();
    for bits in [32, 64] {
        let len = if bits == 32 { 16 } else { 20 };
        let ttl = 256i32.to_ne_bytes();
        let bytes = buffer(bits, &[(len, libc::SOL_SOCKET, 1, &fd), (len, 0, 2, &ttl)]);
        let says = |kind: &str| {
            program.prints(&["--bits", &bits.to_string(), "--socket", kind, &hex(&bytes)])
        };
        if bits > native {
            assert!(
                says("unix")?.ends_with("\nno verdict: this machine sends no 64-bit buffers\n")
            );
            continue;
        }
        let unix = says("unix")?;
        assert!(
            unix.contains("\nunix: Linux accepts these control messages"),
            "{unix}"
        );
        assert!(!unix.contains("refuses"), "{unix}");
        let offset = bytes.len() / 2;
        for (kind, offset, why) in [
            ("udp", offset, "IP_TTL at offset"),
            ("netlink", 0, "SCM_RIGHTS at offset"),
        ] {
            let drawn = says(kind)?;
            let text = format!("\n{kind}: Linux refuses the buffer: {why} {offset}: ");
            assert!(drawn.contains(&text), "{text} in\n{drawn}");
            // The mark stands below the message.
            let mark = format!("\n! {kind}: Linux refuses the buffer here\n");
            let second = drawn.find("\nmessage 2").expect("the second message");
            let place = drawn.find(&mark).expect("a mark");
            assert_eq!(place > second, offset > 0, "{drawn}");
        }
    }
    // The family of the socket tells what level 0 is. HCI has no message 8, but IP has.
    let len = native as u64 / 8 + 12;
    let bytes = buffer(native, &[(len, 0, 1, &fd), (len, 0, 8, &fd)]);
    let hci = program.prints(&["--socket", "hci", &hex(&bytes)])?;
    assert!(hci.contains("= 0, SOL_HCI"), "{hci}");
    assert!(
        hci.contains("\nmessage 1: HCI_CMSG_DIR\nDirection of a packet: 1 is in.\n"),
        "{hci}"
    );
    assert!(hci.contains("\nmessage 2: unknown\n  "), "{hci}");
    Ok(())
}

pub fn options(program: &Program) -> Outcome {
    let status = |arguments: &[&str]| {
        let output = program.command(arguments).output().expect("it starts");
        let [out, err] = [output.stdout, output.stderr].map(String::from_utf8);
        (output.status.code(), out.expect("text"), err.expect("text"))
    };
    let (code, help, err) = status(&["--help"]);
    assert!(
        code == Some(0) && err.is_empty() && help.starts_with("usage: dump "),
        "{help}{err}"
    );
    let (_, kinds) = help.split_once("\nKIND is one of ").expect("the kinds");
    for kind in kinds.split_whitespace() {
        let (code, out, err) = status(&["--socket", kind, ""]);
        assert!(
            code == Some(0) && out.contains(&format!("\n{kind}: Linux ")),
            "{out}{err}"
        );
    }
    for wrong in [
        &["--bits", "16", "00"][..],
        &["--bits"],
        &["--socket", "pipe", "00"],
        &["--svg"],
        &["--all", "00"],
    ] {
        let (code, out, err) = status(wrong);
        assert!(code == Some(2) && out.is_empty(), "{wrong:?}: {out}");
        assert!(
            err.contains(wrong[0]) && err.contains("\nusage: dump "),
            "{wrong:?}: {err}"
        );
    }
    let (code, out, err) = status(&["--svg", "/no/such/folder/x.svg", "00"]);
    assert!(code == Some(1) && out.is_empty(), "{out}");
    assert!(err.starts_with("dump: /no/such/folder/x.svg: "), "{err}");
    // What is wrong with the buffer is drawn: it is no error of the program.
    assert_eq!(status(&["00"]).0, Some(0));
    Ok(())
}
