//! Part of build.rs: how `include/ancil.h` comes from the sources. cbindgen makes it room by room, so that the
//! header has the sections of the Rust modules; what cbindgen does not see is read from the catalogue.
#![forbid(unsafe_code)]

use std::error::Error;
use std::fs::{read_dir, read_to_string};
use std::path::PathBuf;

/// Integers under our own names: who includes the header by way of the drop-in gets no `<stdint.h>`.
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

/// The whole header.
pub fn make() -> Result<String, Box<dyn Error>> {
    let mut frame = cbindgen::Config::from_file("cbindgen.toml")?;
    let [preamble, ends] =
        [frame.header.take(), frame.trailer.take()].map(Option::unwrap_or_default);
    let mut all = preamble.trim_start().to_string()
        + &frame.after_includes.take().unwrap_or_default()
        + &constants();

    let mut names = frame.clone();
    for room in ["addr", "netlink", "payload"] {
        for file in files(&format!("src/{room}"))? {
            names_of(&read_to_string(file)?, &mut names.export);
        }
    }
    all += "\n\n/* ==== addr, netlink, payload: what messages carry, as the kernel lays it out ==== */\n\n";
    all += &section(
        names.clone(),
        &[
            "src/addr/mod.rs",
            "src/netlink/mod.rs",
            "src/payload/mod.rs",
        ],
    )?;
    // In the other sections these are structs of which only the name is known.
    for (rust, c) in names.export.rename {
        frame
            .export
            .rename
            .entry(rust)
            .or_insert(format!("struct {c}"));
    }
    for file in files("src/capi")? {
        if file.ends_with("mod.rs") || file.ends_with("header.rs") {
            continue;
        }
        let file = if file.is_dir() {
            file.join("mod.rs")
        } else {
            file
        };
        let file = file.to_str().ok_or("a name that is not UTF-8")?;
        let source = read_to_string(file)?;
        let doc = source
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("//! "))
            .ok_or("a room without a line on it")?;
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
                frame
                    .export
                    .rename
                    .insert(name.into(), format!("struct {name}")); // for the sections behind
            }
        }
        all += &made;
    }
    Ok(all + "\n" + &ends + "\n")
}

/// What cbindgen makes of some files.
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

/// The sources in a folder, in the order of their names.
fn files(folder: &str) -> std::io::Result<Vec<PathBuf>> {
    let mut files = read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// Exports every struct with a layout: `#[repr(..)]`, then `pub struct SockExtendedErr`, is ancil_sock_extended_err.
fn names_of(source: &str, export: &mut cbindgen::ExportConfig) {
    let mut lines = source.lines();
    while lines.any(|line| line == "#[repr(C)]" || line == "#[repr(transparent)]") {
        let Some(name) = lines
            .next()
            .and_then(|line| line.strip_prefix("pub struct "))
        else {
            continue;
        };
        let name = name
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default()
            .to_string();
        let snake = |c: char| {
            if c.is_uppercase() {
                format!("_{}", c.to_lowercase())
            } else {
                c.into()
            }
        };
        export.rename.insert(
            name.clone(),
            format!("ancil{}", name.chars().map(snake).collect::<String>()),
        );
        export.include.push(name);
    }
}

/// The version and the catalogue's numbers: cbindgen sees no macros.
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
                $Variant:ident, $direction:ident, $received:ty, $sent:ty,
                [$($option:tt)*] $note:literal, $form:ident, $source:literal;
        )+) => { $(
            let number = match ($number, $sparc) {
                (same, sparc) if same == sparc => same.to_string(),
                (other, sparc) => format!("ANCIL_BY_ARCH({other}, {sparc})"),
            };
            all += &format!("\n#define ANCIL_{} {number} /* {} */", stringify!($NAME), stringify!($level));
        )+ };
    }
    catalogue!(types_of_c);
    all += "\n\n/* The version of this header, as text and in numbers. ancil_version() tells the library's. */";
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
