// SPDX-License-Identifier: MIT OR Apache-2.0
//! Writes what cbindgen makes in the style of the headers: comments as the kernel has them, beside
//! a field if there is space; a prototype in as few lines as it needs.

use super::Result;
use super::structs::Struct;
use std::str::Lines;

/// The width of a line.
const COLUMNS: usize = 100;

/// Integers under our own names: C89 has no `<stdint.h>`.
const INTEGERS: [(&str, &str); 7] = [
    ("uint8_t", "ancil_u8"),
    ("uint16_t", "ancil_u16"),
    ("uint32_t", "ancil_u32"),
    ("uint64_t", "ancil_u64"),
    ("int16_t", "ancil_i16"),
    ("int32_t", "ancil_i32"),
    ("int64_t", "ancil_i64"),
];

/// Rewrites what cbindgen made: comments of lines with `///`, and each function in one line.
///
/// # Errors
/// If a comment has a link to something that is not in C.
pub fn in_our_style(made: &str, structs: &[Struct]) -> Result<String> {
    let made = INTEGERS.iter().fold(made.to_string(), |text, (c99, ours)| {
        text.replace(c99, ours)
    });
    let mut text = String::new();
    let mut lines = made.trim().lines();
    while let Some((comment, line)) = commented(&mut lines) {
        let mut fields = Vec::new();
        if line.ends_with('{') {
            let of_struct = std::iter::from_fn(|| commented(&mut lines));
            fields.extend(of_struct.take_while(|(_, field)| *field != "};"));
        }
        let names = if fields.is_empty() {
            arguments(line).map(name).collect::<Vec<_>>()
        } else {
            fields.iter().map(|(_, field)| name(field)).collect()
        };
        let comment = Comment {
            lines: comment,
            names: &names,
            structs,
        };
        text += &comment.before("")?;
        if fields.is_empty() {
            text += &prototype(line);
        } else {
            text += &format!("{line}\n{}}};\n", body(&fields, &names, structs)?);
        }
    }
    Ok(text)
}

/// Returns the next line that is not a comment, and the text of the comment before it, without the
/// examples, which are Rust.
fn commented<'a>(lines: &mut Lines<'a>) -> Option<(Vec<&'a str>, &'a str)> {
    let (mut comment, mut is_example) = (Vec::new(), false);
    loop {
        let line = lines.next()?.trim();
        match line.strip_prefix("///") {
            Some(text) if text.trim().starts_with("```") => is_example = !is_example,
            Some(_) if is_example => {}
            Some(text) => comment.push(text),
            None => return Some((comment, line)),
        }
    }
}

/// Returns the arguments of a function.
fn arguments(line: &str) -> impl Iterator<Item = &str> {
    let list = line
        .split_once('(')
        .and_then(|(_, rest)| rest.rsplit_once(')'));
    list.map_or("", |(list, _)| list).split(", ")
}

/// Returns the name of a field or an argument. That of a pointer to a function is in parentheses.
fn name(declaration: &str) -> &str {
    if let Some((_, rest)) = declaration.split_once("(*") {
        return rest.split(')').next().unwrap_or_default();
    }
    let end = declaration.find(['[', ';']).unwrap_or(declaration.len());
    let start = declaration[..end].rfind([' ', '*']).map_or(0, |at| at + 1);
    &declaration[start..end]
}

/// Returns the fields of a struct. A comment of one line that fits beside its field stands there.
fn body(fields: &[(Vec<&str>, &str)], names: &[&str], structs: &[Struct]) -> Result<String> {
    let indent = " ".repeat(4);
    let longest = fields
        .iter()
        .map(|(_, field)| field.len())
        .max()
        .unwrap_or(0);
    let beside = COLUMNS.saturating_sub(longest + indent.len() + " /*  */".len());
    let mut text = String::new();
    for (lines, field) in fields {
        let comment = Comment {
            lines: lines.clone(),
            names,
            structs,
        };
        match &comment.filled(COLUMNS)?[..] {
            [] => text += &format!("{indent}{field}\n"),
            [line] if without_dot(line).len() <= beside => {
                text += &format!("{indent}{field:longest$} /* {} */\n", without_dot(line));
            }
            _ => text += &format!("{}{indent}{field}\n", comment.before(&indent)?),
        }
    }
    Ok(text)
}

/// Returns a comment that is one sentence without its dot.
fn without_dot(line: &str) -> &str {
    let sentence = line.strip_suffix('.').filter(|line| !line.contains(". "));
    sentence.unwrap_or(line)
}

/// A comment of Rust that becomes one of C.
struct Comment<'a> {
    lines: Vec<&'a str>,
    /// The arguments or fields of what it describes. C writes `@name` where Rust has backticks.
    names: &'a [&'a str],
    structs: &'a [Struct],
}

impl Comment<'_> {
    /// Returns the comment as it stands before something.
    fn before(&self, indent: &str) -> Result<String> {
        if let [line] = &self.filled(COLUMNS - indent.len() - "/*  */".len())?[..] {
            return Ok(format!("{indent}/* {line} */\n"));
        }
        let lines = self.filled(COLUMNS - indent.len() - " * ".len())?;
        if lines.is_empty() {
            return Ok(String::new());
        }
        let line = |line: &String| format!("{indent} * {line}").trim_end().to_string() + "\n";
        let lines: String = lines.iter().map(line).collect();
        Ok(format!("{indent}/*\n{lines}{indent} */\n"))
    }

    /// Returns the text in lines of at most `width`, without the paragraphs that begin with "In
    /// Rust". A list item begins with `- `.
    fn filled(&self, width: usize) -> Result<Vec<String>> {
        let mut lines: Vec<String> = Vec::new();
        for paragraph in self.lines.split(|line| line.trim().is_empty()) {
            if paragraph
                .first()
                .is_some_and(|line| line.trim().starts_with("In Rust"))
            {
                continue;
            }
            if !lines.is_empty() && !paragraph.is_empty() {
                lines.push(String::new());
            }
            let (mut line, mut hanging) = (String::new(), "");
            for (i, text) in paragraph.iter().enumerate() {
                let is_item = text.trim().starts_with("- ");
                if is_item {
                    hanging = "  ";
                    if i > 0 {
                        lines.push(std::mem::take(&mut line));
                    }
                }
                for word in self.in_c(text)?.split_whitespace() {
                    if line.len() + 1 + word.len() > width {
                        lines.push(std::mem::replace(&mut line, hanging.to_string()));
                    } else if !line.trim().is_empty() {
                        line.push(' ');
                    }
                    line += word;
                }
            }
            if !line.is_empty() {
                lines.push(line);
            }
        }
        Ok(lines)
    }

    /// Returns a line without markup.
    fn in_c(&self, line: &str) -> Result<String> {
        let mut line = line.to_string();
        for item in self.structs {
            line = line.replace(&format!("[`{}`]", item.rust), &item.reference());
        }
        for name in self.names.iter().filter(|name| !name.is_empty()) {
            line = line.replace(&format!("`{name}`"), &format!("@{name}"));
            line = line.replace(&format!("`*{name}`"), &format!("*@{name}"));
        }
        if line.contains("[`") {
            return Err(format!("C has no such link: {line}").into());
        }
        Ok(line.replace('`', ""))
    }
}

/// Returns a declaration, which is one line, in lines that are not too long.
fn prototype(line: &str) -> String {
    if line.len() <= COLUMNS {
        return format!("{line}\n");
    }
    let (mut text, mut rest) = (String::new(), line);
    if let Some(unmarked) = line.strip_prefix("ANCIL_NODISCARD ") {
        text += "ANCIL_NODISCARD\n";
        rest = unmarked;
    }
    let indent = rest.find('(').map_or(0, |at| at + 1);
    let mut column = 0;
    for (i, argument) in rest.split_inclusive(", ").enumerate() {
        if i > 0 && column + argument.trim_end().len() > COLUMNS {
            text.truncate(text.trim_end().len());
            text += &format!("\n{:indent$}", "");
            column = indent;
        }
        text += argument;
        column += argument.len();
    }
    text + "\n"
}
