// SPDX-License-Identifier: MIT OR Apache-2.0
//! Part of build.rs: compares the headers in `include/` with the sources, or writes them. A header
//! is written by hand but for one block, between two marks: the macros that [`numbers`] makes, and
//! the structs and functions that cbindgen finds in some sources.
#![forbid(unsafe_code)]

mod numbers;
mod structs;
mod text;

use std::collections::BTreeSet;
use std::error::Error;
use std::fs::{read_to_string, write};
use std::path::Path;
use structs::Struct;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The command that writes the headers.
const UPDATE: &str = "ANCIL_UPDATE_HEADER=1 cargo build --features header";

/// A header with a block.
struct Part {
    /// Its name in `include/`.
    name: &'static str,
    /// Makes its macros.
    macros: Option<fn() -> Result<String>>,
    /// The sources of its structs and functions. A `mod.rs` stands for its whole folder.
    sources: &'static [&'static str],
}

const fn part(name: &'static str, sources: &'static [&'static str]) -> Part {
    Part {
        name,
        macros: None,
        sources,
    }
}

/// The header that stands alone. What it declares, no other header declares again.
const INLINE: &str = "ancil/inline.h";

/// The source whose structs other headers than its own use.
const TIME: &str = "src/capi/time.rs";

const PARTS: [Part; 14] = [
    Part {
        macros: Some(numbers::version),
        ..part("ancil.h", &["src/capi/version.rs"])
    },
    Part {
        macros: Some(numbers::inline),
        ..part(INLINE, &[])
    },
    Part {
        macros: Some(numbers::names),
        ..part("ancil/names.h", &["src/capi/format.rs"])
    },
    part("ancil/address.h", &["src/addr/mod.rs"]),
    part("ancil/check.h", &["src/capi/check/mod.rs"]),
    part("ancil/compat.h", &["src/capi/compat.rs"]),
    part("ancil/datagram.h", &["src/capi/datagram.rs"]),
    part("ancil/exthdr.h", &["src/capi/exthdr.rs"]),
    part("ancil/iov.h", &["src/capi/iov.rs"]),
    Part {
        macros: Some(numbers::reports),
        ..part(
            "ancil/message.h",
            &[
                "src/capi/message.rs",
                TIME,
                "src/capi/report.rs",
                "src/capi/option.rs",
            ],
        )
    },
    part(
        "ancil/netlink.h",
        &["src/netlink/mod.rs", "src/capi/netlink/mod.rs"],
    ),
    part("ancil/payload.h", &["src/payload/mod.rs"]),
    part("ancil/uring.h", &["src/capi/uring.rs"]),
    part("ancil/writer.h", &["src/capi/writer.rs"]),
];

/// Compares every header with what the sources make of it, or writes it.
///
/// # Errors
/// If a header is stale, or a source cannot become a header.
pub fn check_or_write(update: bool) -> Result<()> {
    let mut structs = structs::all(&["src/addr", "src/netlink", "src/payload"])?;
    structs::append(&mut structs, Path::new(TIME), TIME)?;
    let by_hand = declared_by_hand()?;
    for part in PARTS {
        let path = format!("include/{}", part.name);
        let old = read_to_string(&path).map_err(|e| format!("{path}: {e}"))?;
        let block = block(&part, &structs, &by_hand)?;
        let new = with_block(&old, &block).map_err(|e| format!("{path}: {e}"))?;
        if old == new {
            continue;
        } else if update {
            write(path, new)?;
        } else {
            return Err(format!("{path} is stale: {UPDATE}").into());
        }
    }
    Ok(())
}

/// Returns the text of a header with a new block between its two marks, which are whole lines.
fn with_block(header: &str, block: &str) -> Result<String> {
    let begin = format!("/* ---- Written by header/, do not edit: {UPDATE} ---- */\n");
    let end = "/* ---- End of what header/ wrote ---- */\n";
    let parts = header
        .split_once(&begin)
        .and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    let (before, after) = parts.ok_or_else(|| format!("expected the lines\n{begin}{end}"))?;
    Ok(format!("{before}{begin}\n{block}\n{end}{after}"))
}

/// Returns the block of a header.
fn block(part: &Part, structs: &[Struct], by_hand: &BTreeSet<String>) -> Result<String> {
    let macros = part.macros.map_or(Ok(String::new()), |make| make())?;
    if part.sources.is_empty() {
        return Ok(macros);
    }
    let mut config = cbindgen::Config::from_file("cbindgen.toml")?;
    for name in by_hand {
        let reference = format!("struct {name}");
        config.export.rename.insert(name.clone(), reference);
        config.export.exclude.push(name.clone());
    }
    for item in structs {
        let own = part.sources.contains(&item.source.as_str());
        let name = if own {
            item.c.clone()
        } else {
            item.reference()
        };
        config.export.rename.insert(item.rust.clone(), name);
        if own {
            config.export.include.push(item.rust.clone());
        }
    }
    let builder = cbindgen::Builder::new().with_config(config);
    let builder = part
        .sources
        .iter()
        .fold(builder, |builder, file| builder.with_src(file));
    let mut made = Vec::new();
    builder.generate()?.write(&mut made);
    let made = text::in_our_style(&String::from_utf8(made)?, structs)?;
    let between = if macros.is_empty() { "" } else { "\n" };
    Ok(macros + between + &made)
}

/// Returns the `ancil_*` names in the code of the header that stands alone.
fn declared_by_hand() -> Result<BTreeSet<String>> {
    let mut text = read_to_string(format!("include/{INLINE}"))?;
    while let Some((before, rest)) = text.split_once("/*") {
        let (_, after) = rest.split_once("*/").ok_or("a comment does not end")?;
        text = format!("{before} {after}");
    }
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let names = words.filter(|word| word.starts_with("ancil_"));
    Ok(names.map(String::from).collect())
}
