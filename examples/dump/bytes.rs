// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Bytes in hex, as C or Python write them, and as debuggers and hex dumps show them.

use super::text::{Cursor, Fault, hex};

/// Reads bytes. A line may start with an address or offset that a colon ends, as in the output of
/// gdb(1) and xxd(1), and hexdump(1) with `-C` is known by the column between bars.
pub fn read(text: &[u8]) -> Result<Vec<u8>, Fault> {
    let (mut bytes, mut at, mut first) = (Vec::new(), 0, None);
    let is_hexdump = text
        .split(|byte| *byte == b'\n')
        .any(|line| bars(line).is_some());
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let mut len = line.len();
        let start = match offset(line, is_hexdump) {
            Some((offset, start)) => {
                let base = *first.get_or_insert(offset);
                if offset.checked_sub(base) != Some(bytes.len() as u64) {
                    let read = bytes.len();
                    let what = format!("{read} bytes were read so far, so lines are missing here");
                    return Err(Fault::new(at, what));
                }
                len = bars(line).unwrap_or(len);
                if line[..start].ends_with(b":") && !line.trim_ascii_start().starts_with(b"0x") {
                    len = characters(line, start);
                }
                start
            }
            None if is_ambiguous(line) => {
                let what = "an offset, or bytes? Leave offsets out (od -An), or use xxd";
                return Err(Fault::new(at, what));
            }
            None => 0,
        };
        if is_hexdump && line.starts_with(b"*") {
            return Err(Fault::new(
                at,
                "hexdump left lines out here: run it with -v",
            ));
        }
        let mut cursor = Cursor::new(&text[..at + len]);
        cursor.at = at + start;
        while cursor.at < at + len {
            // A string of Python or C may not go on in the next line, so lines can be read alone.
            item(&mut cursor, &mut bytes)?;
        }
        at += line.len();
    }
    Ok(bytes)
}

/// Reads one byte, one string or one character between them.
fn item(cursor: &mut Cursor<'_>, bytes: &mut Vec<u8>) -> Result<(), Fault> {
    match cursor.rest() {
        [b' ' | b'\t' | b'\r' | b'\n' | b',' | b'{' | b'}', ..] => cursor.at += 1,
        [b'\'' | b'"', ..] => bytes.extend(cursor.quoted()?),
        [b'b', b'\'' | b'"', ..] => {
            cursor.at += 1;
            bytes.extend(cursor.quoted()?);
        }
        [b'0', b'x' | b'X', rest @ ..] => {
            let len = rest.iter().take_while(|c| c.is_ascii_hexdigit()).count();
            if !matches!(len, 1 | 2) {
                return Err(cursor.fault("0x must be followed by one or two hex digits"));
            }
            bytes.extend(hex(&rest[..len]));
            cursor.at += len + 2;
        }
        [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
            bytes.extend(hex(&[*a, *b]));
            cursor.at += 2;
        }
        _ => {
            let what = "expected two hex digits or a quote; --help lists what can be read";
            return Err(cursor.fault(what));
        }
    }
    Ok(())
}

/// Returns the address or offset at the start of a line, and where it ends.
fn offset(line: &[u8], is_hexdump: bool) -> Option<(u64, usize)> {
    let is_hex = |byte: &&u8| byte.is_ascii_hexdigit();
    let start = line.iter().take_while(|byte| **byte == b' ').count();
    let prefix = if line[start..].starts_with(b"0x") {
        2
    } else {
        0
    };
    let digits = line[start + prefix..].iter().take_while(is_hex).count();
    let end = start + prefix + digits;
    // Fewer digits with a colon may be bytes.
    if prefix == 0 && digits < 8 {
        return None;
    }
    let number = std::str::from_utf8(&line[start + prefix..end]).ok()?;
    let number = u64::from_str_radix(number, 16).ok()?;
    match &line[end..] {
        [b':', ..] => Some((number, end + 1)),
        // gdb names the variable that the address lies in.
        [b' ', b'<', rest @ ..] => {
            let name = rest.iter().position(|byte| *byte == b'>')?;
            rest[name + 1..]
                .starts_with(b":")
                .then_some((number, end + name + 4))
        }
        [b' ', b' ', ..] | [b'\n'] | [] if is_hexdump => Some((number, end)),
        _ => None,
    }
}

/// Returns whether a line may start with an offset, as those of od(1) do: a long word of digits
/// comes before bytes.
fn is_ambiguous(line: &[u8]) -> bool {
    let words = line.split(|byte| byte.is_ascii_whitespace());
    let mut words = words.filter(|word| !word.is_empty());
    let is_hex = |word: &[u8]| word.iter().all(u8::is_ascii_hexdigit);
    let is_long = words
        .next()
        .is_some_and(|word| (4..9).contains(&word.len()) && is_hex(word));
    is_long && words.clone().count() > 1 && words.all(|word| word.len() == 2 && is_hex(word))
}

/// Returns where the column of characters starts that hexdump writes between bars.
fn bars(line: &[u8]) -> Option<usize> {
    let line = line.trim_ascii_end();
    let start = line.len().saturating_sub(2 + 16);
    let bar = start + line[start..].iter().position(|byte| *byte == b'|')?;
    (line.len() > bar + 1 && line.ends_with(b"|") && line[..bar].ends_with(b"  ")).then_some(bar)
}

/// Returns where the column of characters starts that xxd writes after two spaces.
fn characters(line: &[u8], start: usize) -> usize {
    let bytes = line[start..]
        .iter()
        .take_while(|byte| **byte == b' ')
        .count();
    let from = start + bytes;
    let gap = line[from..].windows(2).position(|pair| pair == b"  ");
    gap.map_or(line.len(), |gap| from + gap)
}
