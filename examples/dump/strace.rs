// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! The control buffer in a line of strace(1).

use super::decoded::Layout;
use super::rebuilt::lay_out;
use super::text::{Cursor, Fault};
use super::values::{Values, number};
use ancil::{CATALOGUE, level::level_name};

/// The most bytes that a buffer is taken to have. Linux accepts less.
pub const MOST: usize = 1 << 20;

/// Returns whether the text is of strace.
pub fn is_strace(text: &[u8]) -> bool {
    let starts = ["\"", "'", "b'", "b\""];
    let is_literal = starts
        .iter()
        .any(|s| text.trim_ascii_start().starts_with(s.as_bytes()));
    let words = [
        "msg_control",
        "cmsg_len=",
        "sendmsg(",
        "recvmsg(",
        "sendmmsg(",
        "recvmmsg(",
    ];
    !is_literal && words.iter().any(|word| Cursor::new(text).find(word))
}

/// A message as it stands in the text.
pub struct Message {
    pub at: usize,
    pub len: usize,
    pub level: i32,
    pub ty: i32,
    pub data: Option<Values>,
}

/// Reads a line of strace, or the part of it that holds control messages. Returns the bytes of the
/// control buffer, `None` for those that strace does not show, such as padding.
pub fn read(text: &[u8], layout: Layout) -> Result<Vec<Option<u8>>, Fault> {
    let mut cursor = Cursor::new(text);
    if !cursor.find("msg_control=") && !Cursor::new(text).find("cmsg_len=") {
        return match Cursor::new(text).find("msg_controllen=0,") {
            true => Ok(Vec::new()),
            false => Err(Fault::new(
                0,
                "this call shows no msg_control=, which strace -e raw hides",
            )),
        };
    }
    if cursor.rest().is_empty() {
        cursor.at = 0; // a part of a line
    }
    if cursor.eat("msg_control=") && cursor.eat("NULL") {
        return Ok(Vec::new());
    }
    if cursor.rest().starts_with(b"0x") {
        return Err(cursor.fault("strace shows only the address of this control buffer"));
    }
    let (messages, hidden) = messages(&mut cursor, layout)?;
    let end = cursor.at;
    cursor.eat(",");
    let total = if cursor.eat("msg_controllen=") {
        let before = number(&mut cursor, "msg_controllen")?;
        // The second number is the kernel's answer.
        let after = if cursor.eat("=>") {
            number(&mut cursor, "msg_controllen")?
        } else {
            before
        };
        let total = usize::try_from(after).ok().filter(|total| *total <= MOST);
        Some(total.ok_or_else(|| cursor.fault("msg_controllen is more than 1 MiB"))?)
    } else {
        None
    };
    if cursor.find("msg_control=") {
        return Err(cursor.fault("a second control buffer: give one at a time"));
    }
    lay_out(&messages, hidden.then_some(end), total, layout)
}

/// Reads the list of messages. Returns them, and whether strace leaves out what follows them.
fn messages(cursor: &mut Cursor<'_>, layout: Layout) -> Result<(Vec<Message>, bool), Fault> {
    let mut messages = Vec::new();
    let is_list = cursor.eat("[");
    while !cursor.eat("...") {
        if is_list && messages.is_empty() && cursor.eat("]") {
            return Ok((messages, false));
        }
        messages.push(message(cursor, layout)?);
        if !is_list {
            return Ok((messages, false));
        }
        if !cursor.eat(",") {
            cursor.expect("]")?;
            return Ok((messages, false));
        }
    }
    cursor.expect("]")?;
    Ok((messages, true))
}

fn message(cursor: &mut Cursor<'_>, layout: Layout) -> Result<Message, Fault> {
    cursor.skip_blanks();
    let at = cursor.at;
    cursor.expect("{")?;
    cursor.expect("cmsg_len=")?;
    let place = cursor.clone();
    let most = if layout.abi.len_size() == 4 {
        u32::MAX as usize
    } else {
        usize::MAX
    };
    let len = usize::try_from(number(cursor, "cmsg_len")?)
        .ok()
        .filter(|len| *len <= most);
    let len = len.ok_or_else(|| place.fault("cmsg_len: more than a word holds"))?;
    cursor.expect(",")?;
    cursor.expect("cmsg_level=")?;
    let level = named(cursor, "cmsg_level", |name| {
        let row = CATALOGUE.iter().find(|row| row.level_name == name);
        row.map(|row| row.level)
            .or_else(|| (0..1 << 16).find(|n| level_name(*n) == Some(name)))
    })?;
    cursor.expect(",")?;
    cursor.expect("cmsg_type=")?;
    let ty = named(cursor, "cmsg_type", |name| {
        let is_named = |row: &&_| -> bool {
            let row: &ancil::CatalogueEntry = row;
            row.level == level && (row.name == name || row.printed_name == name)
        };
        CATALOGUE.iter().find(is_named).map(|row| row.ty)
    })?;
    let data = if cursor.eat(",") {
        cursor.expect("cmsg_data=")?;
        Some(Values::read(cursor)?)
    } else {
        None
    };
    cursor.expect("}")?;
    Ok(Message {
        at,
        len,
        level,
        ty,
        data,
    })
}

/// Reads a number, or the name of one.
fn named(
    cursor: &mut Cursor<'_>,
    field: &str,
    find: impl Fn(&str) -> Option<i32>,
) -> Result<i32, Fault> {
    let mut after = cursor.clone();
    if let Some(number) = find(after.word()) {
        *cursor = after;
        return Ok(number);
    }
    let place = cursor.clone();
    let number = number(cursor, field)?;
    let signed = i32::try_from(number).or_else(|_| u32::try_from(number).map(|n| n as i32));
    signed.map_err(|_| place.fault(format!("{field}: more than 32 bits")))
}
