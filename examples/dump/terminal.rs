// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! The picture for a terminal of 80 columns, in ASCII.

use super::picture::{Kind, Picture, Row, WIDTH, wrap};
use std::fmt::Write;

const COLUMNS: usize = 80;
/// The columns of a row's bytes: two digits each, and a space between two.
const HEX: usize = 3 * WIDTH - 1;

/// Returns the picture as text.
pub fn draw(picture: &Picture) -> String {
    let last = picture.parts.last().and_then(|part| part.fields.last());
    let digits = last.map_or(4, |field| {
        format!("{:x}", field.offset + field.bytes.len()).len()
    });
    let offset = 2 + digits.max(4);
    let line = COLUMNS - offset - HEX - "  |  |  |".len();
    let rule = |a: usize, b: usize| {
        format!(
            "{:offset$} +{}+{}+\n",
            "",
            "-".repeat(a + 2),
            "-".repeat(b + 2)
        )
    };
    let mut out = format!("{}\n", wrap(&picture.heading, COLUMNS).join("\n"));
    for part in &picture.parts {
        out += &format!("\n{}\n", part.title);
        for line in wrap(part.about, COLUMNS) {
            out += &if line.is_empty() {
                line
            } else {
                format!("{line}\n")
            };
        }
        let mut kind = None;
        for field in &part.fields {
            if kind.replace(field.kind) != Some(field.kind) {
                out += &rule(HEX, line);
            }
            let mark = if field.kind == Kind::Fault { "! " } else { "" };
            for (i, row) in field.rows(line - mark.len()).into_iter().enumerate() {
                let mark = if i == 0 { mark } else { &"  "[..mark.len()] };
                let text = format!("{mark}{}", row.text);
                let at = if row.bytes.is_empty() {
                    String::new()
                } else {
                    format!("0x{:0digits$x}", row.offset, digits = offset - 2)
                };
                let _ = writeln!(out, "{at:offset$} | {:HEX$} | {text:line$} |", hex(&row));
            }
        }
        out += &rule(HEX, line);
        for fault in &part.faults {
            for (i, line) in wrap(fault, COLUMNS - 2).iter().enumerate() {
                out += &format!("{}{line}\n", if i == 0 { "! " } else { "  " });
            }
        }
    }
    if let Some((text, _)) = &picture.verdict {
        out += &format!("\n{}\n", wrap(text, COLUMNS).join("\n"));
    }
    out
}

/// Returns the bytes of a row, each in its column.
fn hex(row: &Row<'_>) -> String {
    let mut text = "   ".repeat(row.offset % WIDTH);
    for byte in row.bytes {
        text += &byte.map_or("?? ".into(), |byte| format!("{byte:02x} "));
    }
    text.trim_end().into()
}
