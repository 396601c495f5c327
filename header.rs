//! Part of build.rs: makes `include/ancil.h` from the sources. cbindgen runs once for each module,
//! so that the header has the sections of the Rust modules. It does not expand macros, so the
//! numbers are read from the catalogue.
#![forbid(unsafe_code)]

use std::error::Error;
use std::fs::{read_dir, read_to_string};
use std::iter::Enumerate;
use std::path::{Path, PathBuf};
use std::str::Lines;

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

/// Returns the text of the whole header.
pub fn make() -> Result<String, Box<dyn Error>> {
    let mut frame = cbindgen::Config::from_file("cbindgen.toml")?;
    let [preamble, ends] =
        [frame.header.take(), frame.trailer.take()].map(Option::unwrap_or_default);
    let mut all = preamble.trim_start().to_string()
        + &frame.after_includes.take().unwrap_or_default()
        + &constants();

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
        if file.ends_with("mod.rs") {
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
fn section(config: cbindgen::Config, files: &[&str]) -> Result<String, Box<dyn Error>> {
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
fn names_of(file: &Path, export: &mut cbindgen::ExportConfig) -> Result<(), Box<dyn Error>> {
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

/// Returns the macros for the version and for the numbers of the catalogue.
fn constants() -> String {
    let mut all = String::new();
    macro_rules! levels_of_c {
        ($( $(#[$doc:meta])+ $NAME:ident = $number:literal $(on $family:ident)?; )+) => {
            $( all += &format!("\n#define ANCIL_{} {}", stringify!($NAME), $number); )+
        };
    }
    levels!(levels_of_c);
    all += "\n\n/* The types of control messages, each with its level. */";
    macro_rules! types_of_c {
        ($(
            $(#[doc = $doc:literal])+
            $NAME:ident = $level:ident, $number:literal, $sparc:literal, $printed:literal,
                $Variant:ident, $direction:ident, $received:ty, $sent:tt,
                [$($option:ident)?] $note:literal, $form:ident, $source:literal;
        )+) => { $(
            let number = match ($number, $sparc) {
                (same, sparc) if same == sparc => same.to_string(),
                (other, sparc) => format!("ANCIL_BY_ARCH({other}, {sparc})"),
            };
            let (name, level) = (stringify!($NAME), stringify!($level));
            all += &format!("\n#define ANCIL_{name} {number} /* {level} */");
        )+ };
    }
    catalogue!(types_of_c);
    all += "\n\n/* The version of this header, as text and in numbers. \
            ancil_version() tells the library's. */";
    all += &format!("\n#define ANCIL_VERSION \"{}\"", env!("CARGO_PKG_VERSION"));
    all += &format!(
        "\n#define ANCIL_VERSION_MAJOR {}",
        env!("CARGO_PKG_VERSION_MAJOR")
    );
    all += &format!(
        "\n#define ANCIL_VERSION_MINOR {}",
        env!("CARGO_PKG_VERSION_MINOR")
    );
    all + &format!(
        "\n#define ANCIL_VERSION_PATCH {}",
        env!("CARGO_PKG_VERSION_PATCH")
    )
}
