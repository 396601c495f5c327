// SPDX-License-Identifier: MIT OR Apache-2.0
//! Finds the structs that C gets, in the sources: every public struct with the layout of C.

use super::Result;
use std::fs::{read_dir, read_to_string};
use std::iter::Enumerate;
use std::path::{Path, PathBuf};
use std::str::Lines;

/// A struct for C.
pub struct Struct {
    /// Its name in Rust: `SockExtendedErr`.
    pub rust: String,
    /// Its name in C: `ancil_sock_extended_err`.
    pub c: String,
    /// Whether it is an integer in C: `repr(transparent)`.
    transparent: bool,
    /// The `mod.rs` of its folder.
    pub source: String,
}

impl Struct {
    /// Returns how C refers to it.
    pub fn reference(&self) -> String {
        let keyword = if self.transparent { "" } else { "struct " };
        format!("{keyword}{}", self.c)
    }
}

/// Returns the structs in the sources of these folders.
///
/// # Errors
/// If something else than a struct has the layout of C: the headers would lack it.
pub fn all(folders: &[&str]) -> Result<Vec<Struct>> {
    let mut found = Vec::new();
    for folder in folders {
        for file in files(folder)? {
            append(&mut found, &file, &format!("{folder}/mod.rs"))?;
        }
    }
    Ok(found)
}

/// Returns the sources in a folder, in the order of their names.
fn files(folder: &str) -> std::io::Result<Vec<PathBuf>> {
    let mut files = read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// Appends the public structs of a file, which the header of `source` gets: those after
/// `#[repr(C)]` or `#[repr(transparent)]`. Structs with another layout, such as `packed`, are not
/// for C.
pub fn append(found: &mut Vec<Struct>, file: &Path, source: &str) -> Result<()> {
    let text = read_to_string(file)?;
    let mut lines = text.lines().enumerate();
    while let Some((_, repr)) =
        lines.find(|(_, line)| ["#[repr(C)]", "#[repr(transparent)]"].contains(&line.trim()))
    {
        let (index, item) = item(&mut lines)
            .ok_or_else(|| format!("{}: ends after `#[repr(..)]`", file.display()))?;
        if item.starts_with("struct ") || item.starts_with("pub(crate) struct ") {
            continue;
        }
        let name = item.strip_prefix("pub struct ").ok_or_else(|| {
            let place = format!("{}:{}", file.display(), index + 1);
            format!("{place}: expected a struct after `#[repr(..)]`, found `{item}`")
        })?;
        let name = name
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .next()
            .unwrap_or_default();
        let snake = |c: char| {
            if c.is_uppercase() {
                format!("_{}", c.to_lowercase())
            } else {
                c.into()
            }
        };
        let c = if name.starts_with("ancil_") {
            name.into()
        } else {
            format!("ancil{}", name.chars().map(snake).collect::<String>())
        };
        found.push(Struct {
            rust: name.into(),
            c,
            transparent: repr.contains("transparent"),
            source: source.into(),
        });
    }
    Ok(())
}

/// Returns the first line that is neither a comment nor an attribute, and the line's index.
fn item<'a>(lines: &mut Enumerate<Lines<'a>>) -> Option<(usize, &'a str)> {
    let mut in_list = false; // between the lines of an attribute such as `#[derive(`
    lines
        .map(|(index, line)| (index, line.trim()))
        .find(|(_, line)| {
            let begins = line.starts_with("#[") && line.ends_with('(');
            let whole = line.starts_with("#[") && line.ends_with(']');
            let skipped = in_list || begins || whole || line.starts_with("//");
            in_list = if in_list { *line != ")]" } else { begins };
            !skipped
        })
}
