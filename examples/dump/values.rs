// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! A payload as strace decodes it.

use super::encode::in_bytes;
use super::text::{Cursor, Fault};
use std::net::{Ipv4Addr, Ipv6Addr};

/// A value in a payload that is not made of others.
pub struct Value {
    /// Where it stands in the text.
    pub at: usize,
    /// The field that it belongs to.
    pub field: String,
    pub what: What,
}

pub enum What {
    /// A number. The text does not tell how many bytes it takes.
    Number(i128),
    /// Bytes: a string, an address, or a number in network byte order.
    Bytes(Vec<u8>),
}

/// A payload as it stands in the text.
pub struct Values {
    pub at: usize,
    /// Whether it is one string, which holds its bytes, whatever they mean.
    pub is_string: bool,
    pub values: Vec<Value>,
}

impl Values {
    /// Reads what follows `cmsg_data=`.
    pub fn read(cursor: &mut Cursor<'_>) -> Result<Self, Fault> {
        cursor.skip_blanks();
        let at = cursor.at;
        let is_string = cursor.rest().starts_with(b"\"");
        let mut values = Vec::new();
        read(cursor, "cmsg_data", 0, &mut values)?;
        Ok(Self {
            at,
            is_string,
            values,
        })
    }
}

/// Reads a value, or the values that it is made of.
fn read(
    cursor: &mut Cursor<'_>,
    field: &str,
    depth: usize,
    values: &mut Vec<Value>,
) -> Result<(), Fault> {
    cursor.skip_blanks();
    let at = cursor.at;
    let mut push = |what| {
        let field = field.to_string();
        values.push(Value { at, field, what });
    };
    match cursor.rest() {
        [b'[' | b'{', ..] if depth == 8 => return Err(cursor.fault("too many brackets")),
        [b'[', ..] => return list(cursor, field, depth, values),
        [b'{', ..] => return fields(cursor, depth, values),
        [b'"', ..] => push(What::Bytes(string(cursor, field)?)),
        [b'?', ..] => return Err(cursor.fault(format!("{field}: strace could not decode it"))),
        [b'-' | b'0'..=b'9', ..] => {
            push(What::Number(number(cursor, field)?));
            annotation(cursor);
        }
        _ => push(What::Bytes(call(cursor, field)?)),
    }
    Ok(())
}

/// Reads `[a, b]`.
fn list(
    cursor: &mut Cursor<'_>,
    field: &str,
    depth: usize,
    values: &mut Vec<Value>,
) -> Result<(), Fault> {
    cursor.expect("[")?;
    if cursor.eat("]") {
        return Ok(());
    }
    loop {
        if cursor.eat("...") {
            return Err(cursor.fault(format!("{field}: cut off; strace -v shows all of it")));
        }
        read(cursor, field, depth + 1, values)?;
        if !cursor.eat(",") {
            return cursor.expect("]");
        }
    }
}

/// Reads `{a=1, b=2}`.
fn fields(cursor: &mut Cursor<'_>, depth: usize, values: &mut Vec<Value>) -> Result<(), Fault> {
    cursor.expect("{")?;
    loop {
        let field = cursor.word();
        if field.is_empty() {
            return Err(cursor.fault("expected the name of a field"));
        }
        cursor.expect("=")?;
        read(cursor, field, depth + 1, values)?;
        if !cursor.eat(",") {
            return cursor.expect("}");
        }
    }
}

fn string(cursor: &mut Cursor<'_>, field: &str) -> Result<Vec<u8>, Fault> {
    cursor.skip_blanks();
    let bytes = cursor.quoted()?;
    if cursor.rest().starts_with(b"...") {
        let what = format!("{field}: cut off; strace -s 65536 shows all of it");
        return Err(cursor.fault(what));
    }
    Ok(bytes)
}

/// Reads a number in base 10, or in base 16 after `0x`.
pub fn number(cursor: &mut Cursor<'_>, field: &str) -> Result<i128, Fault> {
    cursor.skip_blanks();
    let start = cursor.clone();
    let sign = if cursor.eat("-") { -1 } else { 1 };
    let word = cursor.word();
    let number = match word.strip_prefix("0x") {
        // Only digits, no sign: `word` has none. Every number of strace fits into 64 bits.
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => word.parse().ok(),
    };
    let number = number.ok_or_else(|| {
        let what = if word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) {
            format!("{field}: expected a number")
        } else {
            format!("{field}: the number of {word} is not known here; strace -X raw shows it")
        };
        start.fault(what)
    })?;
    Ok(sign * i128::from(number))
}

/// Goes past what strace says of a descriptor or process: `4</dev/null<char 1:3>>`,
/// `5<UDP:[1->2]>`.
fn annotation(cursor: &mut Cursor<'_>) {
    let mut depth = 0;
    while let [byte, ..] = cursor.rest() {
        match byte {
            b'<' => depth += 1,
            b'>' if !cursor.is_after(b'-') => depth -= 1,
            _ => {}
        }
        if depth == 0 && *byte != b'>' {
            return;
        }
        cursor.at += 1;
        if depth <= 0 {
            return;
        }
    }
}

/// Reads a call that strace writes in the place of a number: `inet_addr("127.0.0.1")`.
fn call(cursor: &mut Cursor<'_>, field: &str) -> Result<Vec<u8>, Fault> {
    let start = cursor.clone();
    let name = cursor.word();
    if !cursor.rest().starts_with(b"(") {
        *cursor = start;
        return number(cursor, field).map(|_| Vec::new());
    }
    cursor.expect("(")?;
    let bytes = match name {
        "htons" => in_bytes(number(cursor, field)?, 2).map(network_order),
        "htonl" => in_bytes(number(cursor, field)?, 4).map(network_order),
        "inet_addr" => address(&string(cursor, field)?).map(|ip: Ipv4Addr| ip.octets().to_vec()),
        "inet_pton" if cursor.eat("AF_INET6,") => {
            address(&string(cursor, field)?).map(|ip: Ipv6Addr| ip.octets().to_vec())
        }
        "if_nametoindex" => {
            let what = format!("{field}: the text has the interface's name, but not its index");
            return Err(start.fault(what));
        }
        _ => return Err(start.fault(format!("{field}: {name}() cannot be read"))),
    };
    cursor.expect(")")?;
    bytes.ok_or_else(|| start.fault(format!("{field}: not what {name}() takes")))
}

fn address<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn network_order(mut bytes: Vec<u8>) -> Vec<u8> {
    if cfg!(target_endian = "little") {
        bytes.reverse();
    }
    bytes
}
