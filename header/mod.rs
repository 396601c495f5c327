//! Part of build.rs: makes `include/ancil.h` from the sources, and a block of
//! `include/ancil/inline.h`, which is otherwise written by hand.
#![forbid(unsafe_code)]

mod numbers;

use std::error::Error;
use std::fs::{read_dir, read_to_string, write};
use std::iter::Enumerate;
use std::path::{Path, PathBuf};
use std::str::Lines;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The headers are compared with the sources, or written if this is set.
const UPDATE: &str = "ANCIL_UPDATE_HEADER=1 cargo build --features header";

const INLINE: &str = "include/ancil/inline.h";

/// Integers under our own names: a program that includes the header through the drop-in must not
/// get `<stdint.h>` with it.
const INTEGERS: [(&str, &str); 8] = [
    ("uint8_t", "ancil_u8"),
    ("uint16_t", "ancil_u16"),
    ("uint32_t", "ancil_u32"),
    ("uint64_t", "ancil_u64"),
    ("int16_t", "ancil_i16"),
    ("int32_t", "ancil_i32"),
    ("int64_t", "ancil_i64"),
    ("ptrdiff_t", "ancil_ptrdiff"),
];

/// Compares the headers with what the sources make of them, or writes them.
pub fn check_or_write(update: bool) -> Result<()> {
    let old = read_to_string(INLINE)?;
    for (file, made) in [
        (INLINE, with_block(&old, INLINE, &numbers::inline()?)?),
        ("include/ancil.h", make()?),
    ] {
        if read_to_string(file).unwrap_or_default() == made {
            continue;
        } else if update {
            write(file, made)?;
        } else {
            return Err(format!("{file} is stale: {UPDATE}").into());
        }
    }
    Ok(())
}

/// Returns the text of a header with a new block between its two marks, which are whole lines.
fn with_block(header: &str, file: &str, block: &str) -> Result<String> {
    let begin = format!("/* ---- Written by header/, do not edit: {UPDATE} ---- */\n");
    let end = "/* ---- End of what header/ wrote ---- */\n";
    let parts = header
        .split_once(&begin)
        .and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    let (before, after) =
        parts.ok_or_else(|| format!("{file}: expected the lines\n{begin}{end}"))?;
    Ok(format!("{before}{begin}{block}{end}{after}"))
}

/// Returns the struct and function names in the code of the hand-written header, which no other
/// header declares again.
fn written_by_hand() -> Result<Vec<String>> {
    let mut text = read_to_string(INLINE)?;
    while let Some((before, rest)) = text.split_once("/*") {
        let (_, after) = rest.split_once("*/").ok_or("a comment does not end")?;
        text = format!("{before} {after}");
    }
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    Ok(words
        .filter(|word| word.starts_with("ancil_"))
        .map(String::from)
        .collect())
}

/// Returns the text of the whole header.
fn make() -> Result<String> {
    let mut frame = cbindgen::Config::from_file("cbindgen.toml")?;
    let [preamble, ends] =
        [frame.header.take(), frame.trailer.take()].map(Option::unwrap_or_default);
    let mut all = preamble.trim_start().to_string()
        + &frame.after_includes.take().unwrap_or_default()
        + "\n"
        + &numbers::names()
        + "\n/* The version of this header. ancil_version() returns that of the library. */\n"
        + numbers::version().trim_end();
    for name in written_by_hand()? {
        frame
            .export
            .rename
            .insert(name.clone(), format!("struct {name}"));
        frame.export.exclude.push(name);
    }

    let mut names = frame.clone();
    for module in ["addr", "netlink", "payload"] {
        for file in files(&format!("src/{module}"))? {
            names_of(&file, &mut names.export)?;
        }
    }
    all += "\n\n/* ==== addr, netlink, payload: what messages carry, \
            as the kernel lays it out ==== */\n\n";
    all += &section(
        names.clone(),
        &[
            "src/addr/mod.rs",
            "src/netlink/mod.rs",
            "src/payload/mod.rs",
        ],
    )?;
    // The other sections only refer to these structs, by name.
    for (rust, c) in names.export.rename {
        frame
            .export
            .rename
            .entry(rust)
            .or_insert(format!("struct {c}"));
    }
    for file in files("src/capi")? {
        if ["mod.rs", "cmsg.rs", "reader.rs"]
            .iter()
            .any(|name| file.ends_with(name))
        {
            continue;
        }
        let file = if file.is_dir() {
            file.join("mod.rs")
        } else {
            file
        };
        let file = file
            .to_str()
            .ok_or("the name of a file in src/capi is not UTF-8")?;
        let source = read_to_string(file)?;
        let doc = source
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("//! "));
        let doc =
            doc.ok_or_else(|| format!("{file}:1: expected `//! `, the heading of a section"))?;
        all += &format!(
            "\n/* ==== {} ==== */\n\n",
            doc.trim_end_matches('.').replace('`', "")
        );
        let made = section(frame.clone(), &[file])?;
        for line in made.lines() {
            if let Some(name) = line
                .strip_prefix("struct ")
                .and_then(|line| line.strip_suffix(" {"))
            {
                // The later sections refer to the struct by name.
                frame
                    .export
                    .rename
                    .insert(name.into(), format!("struct {name}"));
            }
        }
        all += &made;
    }
    Ok(all + "\n" + &ends + "\n")
}

/// Returns what cbindgen makes of some files.
fn section(config: cbindgen::Config, files: &[&str]) -> Result<String> {
    let mut made = Vec::new();
    let builder = files
        .iter()
        .fold(cbindgen::Builder::new(), |builder, file| {
            builder.with_src(file)
        });
    builder.with_config(config).generate()?.write(&mut made);
    let made = String::from_utf8(made)?;
    Ok(INTEGERS
        .iter()
        .fold(made, |text, (c99, ours)| text.replace(c99, ours))
        .trim_start()
        .to_string())
}

/// Returns the sources in a folder, in the order of their names.
fn files(folder: &str) -> std::io::Result<Vec<PathBuf>> {
    let mut files = read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// Exports every public struct with the layout of C: `pub struct SockExtendedErr` after
/// `#[repr(C)]` is `ancil_sock_extended_err`. Structs with another layout, such as `packed`, are
/// not for C.
///
/// # Errors
/// If something else than a struct follows such an attribute: the header would lack it.
fn names_of(file: &Path, export: &mut cbindgen::ExportConfig) -> Result<()> {
    let source = read_to_string(file)?;
    let mut lines = source.lines().enumerate();
    while lines.any(|(_, line)| ["#[repr(C)]", "#[repr(transparent)]"].contains(&line.trim())) {
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
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default();
        let snake = |c: char| {
            if c.is_uppercase() {
                format!("_{}", c.to_lowercase())
            } else {
                c.into()
            }
        };
        let c = name.chars().map(snake).collect::<String>();
        export.rename.insert(name.into(), format!("ancil{c}"));
        export.include.push(name.into());
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
