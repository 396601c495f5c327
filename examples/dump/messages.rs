// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Describes the picture of a buffer: its messages from the front to the end.

use super::decoded::Layout;
use super::picture::{Field, Kind, Part, Picture, WIDTH};
use super::sockets;
use ancil::verdict::Socket;
use ancil::{Abi, Malformed, MalformedKind, Raw, Reader};

struct Drawing<'a> {
    layout: Layout,
    /// The buffer, with zeros for the bytes that are not known.
    control: &'a [u8],
    shown: &'a [Option<u8>],
}

impl Drawing<'_> {
    fn field(&self, offset: usize, end: usize, kind: Kind, text: String) -> Field {
        Field {
            offset,
            bytes: self.shown[offset..end].to_vec(),
            kind,
            text,
        }
    }

    /// Returns the value of a `cmsg_len`, which may be more than this machine can count.
    fn len_at(&self, offset: usize) -> u64 {
        let bytes = &self.control[offset..];
        match (
            self.layout.abi.len_size(),
            bytes.first_chunk(),
            bytes.first_chunk(),
        ) {
            (4, Some(word), _) => u32::from_ne_bytes(*word).into(),
            (_, _, Some(word)) => u64::from_ne_bytes(*word),
            _ => 0,
        }
    }

    /// Returns level and type of a header.
    fn level_and_type(&self, offset: usize) -> [Field; 2] {
        let abi = self.layout.abi;
        let (at, number) = (offset + abi.len_size(), |at: usize| {
            self.control[at..]
                .first_chunk()
                .map_or(0, |bytes| i32::from_ne_bytes(*bytes))
        });
        let words = self
            .layout
            .words(&Raw::new(number(at), number(at + 4), &[]));
        let named = |field: &str, name: &str, number: i32| match name.starts_with("0") {
            true => format!("{field} = {number}, unknown"),
            false => format!("{field} = {number}, {name}"),
        };
        let level = named("cmsg_level", &words.level, number(at));
        let ty = named("cmsg_type", &words.ty, number(at + 4));
        [
            self.field(at, at + 4, Kind::Header, level),
            self.field(at + 4, at + 8, Kind::Header, ty),
        ]
    }

    fn message(&self, number: usize, raw: &Raw<'_>) -> Part {
        let abi = self.layout.abi;
        let (header, n) = (abi.header_size(), raw.data.len());
        let data = raw.offset + header;
        let end = data + n;
        let next = (raw.offset + abi.cmsg_align(header + n)).min(self.shown.len());
        let len = format!(
            "cmsg_len = {}: header {header}, payload {n}",
            self.len_at(raw.offset)
        );
        let level = raw.offset + abi.len_size();
        let mut fields = vec![self.field(raw.offset, level, Kind::Header, len)];
        fields.extend(self.level_and_type(raw.offset));
        let words = self.layout.words(raw);
        let row = self.layout.row(raw.level, raw.ty);
        if let Some(text) = words.data {
            let text = format!("payload: {}", by_rows(&text, data, n));
            fields.push(self.field(data, end, Kind::Payload, text));
        }
        if next > end {
            let is_zero = self.shown[end..next]
                .iter()
                .all(|byte| byte.is_none_or(|b| b == 0));
            let what = if is_zero { "" } else { ", not zero" };
            let text = format!("padding of {}{what}", count(next - end, "byte"));
            fields.push(self.field(end, next, Kind::Padding, text));
        }
        let name = row.map_or("unknown".into(), |_| words.ty);
        Part {
            title: format!("message {number}: {name}"),
            about: row.map_or("", |row| first_sentence(row.summary)),
            fields,
            faults: Vec::from_iter(self.layout.fault(raw)),
        }
    }

    fn malformed(&self, number: usize, Malformed { offset, kind }: Malformed) -> Part {
        let (abi, end) = (self.layout.abi, self.shown.len());
        let (level, data) = (offset + abi.len_size(), offset + abi.header_size());
        let why = match kind {
            MalformedKind::TooShort { .. } => {
                format!("less than the {} bytes of a header", abi.header_size())
            }
            _ => format!("more than the {} bytes that are left", end - offset),
        };
        let why = format!("cmsg_len = {}: {why}", self.len_at(offset));
        let mut fields = vec![self.field(offset, level, Kind::Fault, why)];
        fields.extend(self.level_and_type(offset));
        if end > data {
            fields.push(self.field(data, end, Kind::Fault, "cannot be read".into()));
        }
        Part {
            title: format!("message {number}: malformed"),
            about: "",
            fields,
            faults: Vec::new(),
        }
    }

    fn leftover(&self, offset: usize) -> Part {
        let end = self.shown.len();
        let (left, header) = (end - offset, self.layout.abi.header_size());
        let text = format!("{}, but a header has {header}", count(left, "byte"));
        Part {
            title: "left over, too few for a header".into(),
            about: "",
            fields: vec![self.field(offset, end, Kind::Fault, text)],
            faults: Vec::new(),
        }
    }
}

/// Returns a number of things.
fn count(n: usize, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}

/// Cuts a list of numbers, which take `n` bytes at `offset`, so that each stands beside its bytes.
fn by_rows(text: &str, offset: usize, n: usize) -> String {
    let items: Vec<_> = text.split_inclusive(' ').collect();
    let width = n / items.len().max(1);
    let is_list = text.starts_with('[') && !text.contains('"') && n == width * items.len();
    if !is_list || !matches!(width, 1 | 2 | 4 | 8) {
        return text.into();
    }
    let mut rows = String::new();
    for (i, item) in items.iter().enumerate() {
        let is_first = (offset + i * width) % WIDTH < width;
        rows += if is_first && i > 0 { "\n" } else { "" };
        rows += item;
    }
    rows
}

/// Returns the first sentence of a summary, which may be all of it.
fn first_sentence(summary: &'static str) -> &'static str {
    summary
        .split_inclusive(". ")
        .next()
        .unwrap_or_default()
        .trim_end()
}

/// Returns what Linux says, and whether it refuses the buffer. Marks the message that is the cause.
fn verdict(
    (name, socket): (&str, &Socket),
    abi: Abi,
    control: &[u8],
    parts: &mut [Part],
) -> (String, bool) {
    let refusal = match sockets::verdict(socket, abi, control) {
        None => {
            return (
                "no verdict: this machine sends no 64-bit buffers".into(),
                false,
            );
        }
        Some(Ok(())) => {
            let text = "Linux accepts these control messages from a sender with every privilege, \
                        if all that they name exists";
            return (format!("{name}: {text}"), false);
        }
        Some(Err(refusal)) => refusal,
    };
    let mut at = parts.iter_mut();
    if let Some(part) = at.find(|part| Some(part.fields[0].offset) == refusal.offset) {
        part.faults
            .push(format!("{name}: Linux refuses the buffer here"));
    }
    (format!("{name}: Linux refuses the buffer: {refusal}"), true)
}

/// Describes the picture of a buffer, with what Linux says if `socket`, after its name, sends it.
pub fn describe(shown: &[Option<u8>], layout: Layout, socket: Option<(&str, &Socket)>) -> Picture {
    let control: Vec<u8> = shown.iter().map(|byte| byte.unwrap_or(0)).collect();
    let drawing = Drawing {
        layout,
        control: &control,
        shown,
    };
    let (mut parts, mut end, mut messages) = (Vec::new(), 0, 0);
    for step in Reader::new(&control).with_abi(layout.abi) {
        messages += usize::from(step.is_ok());
        let number = parts.len() + 1;
        let part = match step {
            Ok(raw) => drawing.message(number, &raw),
            Err(malformed) => drawing.malformed(number, malformed),
        };
        end = part
            .fields
            .last()
            .map_or(end, |field| field.offset + field.bytes.len());
        parts.push(part);
    }
    if end < shown.len() {
        parts.push(drawing.leftover(end));
    }
    let mut heading = format!(
        "control buffer of a {}-bit program: {}, {}",
        8 * layout.abi.len_size(),
        count(shown.len(), "byte"),
        count(messages, "message")
    );
    if shown.contains(&None) {
        heading += "\n?? is a byte that strace does not show";
    }
    let verdict = socket.map(|socket| verdict(socket, layout.abi, &control, &mut parts));
    Picture {
        heading,
        parts,
        verdict,
    }
}
