//! Prints a control buffer as strace(1) does, then byte by byte. The bytes are read from the
//! argument or, without one, from standard input. They may be plain hex, C (`0x14, 0x00` or
//! `"\x14\x00"`) or Python (`b'\x14\x00A'`).
//!
//!     cargo run --example dump "14 00 00 00 00 00 00 00 01 00 00 00 01 00 00 00 04 00 00 00"

use ancil::DisplayControl;
use std::io::{Read, stdin};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut input = std::env::args()
        .skip(1)
        .collect::<Vec<_>>()
        .join(" ")
        .into_bytes();
    let read = if input.is_empty() {
        stdin().read_to_end(&mut input)
    } else {
        Ok(0)
    };
    match read.map_err(|e| e.to_string()).and_then(|_| parse(&input)) {
        Ok(bytes) => println!("{0}\n\n{0:#}", DisplayControl::new(&bytes)),
        Err(e) => {
            eprintln!("dump: {e}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Parses bytes in any of these notations. The error says where the text has none of them.
fn parse(text: &[u8]) -> Result<Vec<u8>, String> {
    let (mut bytes, mut at) = (Vec::new(), 0);
    while at < text.len() {
        at += match &text[at..] {
            [b' ' | b'\t' | b'\r' | b'\n' | b',', ..] => Ok(1),
            [quote @ (b'\'' | b'"'), ..] => quoted(&text[at..], 1, *quote, &mut bytes),
            [b'b', quote @ (b'\'' | b'"'), ..] => quoted(&text[at..], 2, *quote, &mut bytes),
            [b'0', b'x' | b'X', rest @ ..] => {
                let len = rest.iter().take_while(|c| c.is_ascii_hexdigit()).count();
                bytes.extend(hex(&rest[..len]));
                if matches!(len, 1 | 2) {
                    Ok(len + 2)
                } else {
                    Err((0, "0x must be followed by one or two hex digits"))
                }
            }
            [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                bytes.extend(hex(&[*a, *b]));
                Ok(2)
            }
            _ => Err((0, "expected two hex digits or a quote")),
        }
        .map_err(|(more, what)| {
            let lines: Vec<_> = text[..at + more].split(|c| *c == b'\n').collect();
            format!(
                "line {}, column {}: {what}",
                lines.len(),
                lines[lines.len() - 1].len() + 1
            )
        })?;
    }
    Ok(bytes)
}

/// Parses a string whose first character is at `at`. Returns the position after the closing quote.
/// The error holds the position of the fault.
fn quoted(
    text: &[u8],
    mut at: usize,
    quote: u8,
    bytes: &mut Vec<u8>,
) -> Result<usize, (usize, &'static str)> {
    const ESCAPES: [[u8; 2]; 10] = [
        *b"t\t", *b"n\n", *b"r\r", *b"v\x0b", *b"f\x0c", *b"a\x07", *b"b\x08", *b"\\\\", *b"''",
        *b"\"\"",
    ];
    loop {
        let (byte, len) = match &text[at..] {
            [] | [b'\n', ..] => return Err((at, "a string without a closing quote")),
            [c, ..] if *c == quote => return Ok(at + 1),
            [b'\\', b'x', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                (hex(&[*a, *b]), 4)
            }
            [b'\\', rest @ ..] => {
                let octal = rest
                    .iter()
                    .take(3)
                    .take_while(|c| (b'0'..=b'7').contains(c));
                let (value, len) =
                    octal.fold((0, 1), |(n, len), c| (n * 8 + u32::from(c - b'0'), len + 1));
                let named = ESCAPES
                    .iter()
                    .find(|[name, _]| Some(name) == rest.first())
                    .map(|[_, byte]| (Some(*byte), 2));
                named.unwrap_or((u8::try_from(value).ok().filter(|_| len > 1), len))
            }
            [c, ..] => (Some(*c), 1),
        };
        bytes.push(byte.ok_or((at, "unknown escape"))?);
        at += len;
    }
}

/// Returns the value of one or two hex digits.
fn hex(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
