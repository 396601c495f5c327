// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! The picture of a control buffer: what is to be drawn, apart from how.

pub struct Picture {
    pub heading: String,
    pub parts: Vec<Part>,
    /// What Linux says, and whether it refuses the buffer.
    pub verdict: Option<(String, bool)>,
}

/// A message, or bytes that are none.
pub struct Part {
    pub title: String,
    /// What the message says, in a sentence.
    pub about: &'static str,
    pub fields: Vec<Field>,
    pub faults: Vec<String>,
}

/// Bytes that mean one thing.
pub struct Field {
    pub offset: usize,
    /// `None` is a byte that is not known.
    pub bytes: Vec<Option<u8>>,
    pub kind: Kind,
    pub text: String,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Header,
    Payload,
    Padding,
    Fault,
}

/// A line of a field: its bytes in one word of eight, and a line of its text. Either may be empty.
pub struct Row<'a> {
    pub offset: usize,
    pub bytes: &'a [Option<u8>],
    pub text: String,
}

/// The bytes in a row of the picture.
pub const WIDTH: usize = 8;

impl Field {
    /// Cuts the bytes at multiples of eight, and the text where it is longer than a line.
    pub fn rows(&self, line: usize) -> Vec<Row<'_>> {
        let mut texts = wrap(&self.text, line).into_iter();
        let (mut rows, mut offset, mut bytes) = (Vec::new(), self.offset, &self.bytes[..]);
        while !bytes.is_empty() || texts.len() > 0 {
            let (row, rest) = bytes.split_at(bytes.len().min(WIDTH - offset % WIDTH));
            rows.push(Row {
                offset,
                bytes: row,
                text: texts.next().unwrap_or_default(),
            });
            (offset, bytes) = (offset + row.len(), rest);
        }
        rows
    }
}

/// Cuts a text of ASCII into lines: at line ends, at spaces, and within a word that is longer than
/// a line.
pub fn wrap(text: &str, line: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for text in text.split('\n') {
        let mut last = String::new();
        for mut word in text.split_inclusive(' ') {
            if !last.is_empty() && last.len() + word.trim_end().len() > line {
                lines.push(std::mem::take(&mut last));
            }
            while word.trim_end().len() > line {
                let (front, rest) = word.split_at(line);
                lines.push(front.into());
                word = rest;
            }
            last += word;
        }
        lines.push(last);
    }
    let trimmed = lines.iter().map(|line| line.trim_end().to_string());
    trimmed.collect()
}
