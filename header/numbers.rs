// SPDX-License-Identifier: MIT OR Apache-2.0
//! The macros of the headers: numbers of levels, messages and errors, and the version. cbindgen
//! does not expand macros, so they are read from the rows of `src/`.

use super::Result;
use std::fs::read_to_string;

/// The names that `ancil/inline.h` needs. No other header defines them.
const INLINE: [&str; 3] = ["SOL_SOCKET", "SCM_RIGHTS", "SCM_PIDFD"];
/// The errors that `ancil/inline.h` returns.
const ERRORS: [&str; 5] = ["EBADMSG", "EINVAL", "EMSGSIZE", "ENOBUFS", "ENOMSG"];

/// A constant: its name, and its number on most architectures, on mips and on sparc.
type Constant = (String, [String; 3]);

/// Returns the constants of `ancil/inline.h`.
pub fn inline() -> Result<String> {
    let mut constants = vec![row("SOL_SOCKET", "src/arch.rs", "pub const SOL_SOCKET: ")?];
    let messages = messages().map(|(name, [number, sparc], _)| {
        let mips = number.to_string();
        (name.to_string(), [mips.clone(), mips, sparc.to_string()])
    });
    constants.extend(messages.filter(|(name, _)| INLINE.contains(&name.as_str())));
    for name in ERRORS {
        let (name, numbers) = row(name, "src/errno.rs", &format!("{name} = "))?;
        constants.push((format!("ERROR_{name}"), numbers));
    }
    let (same, differ): (Vec<_>, Vec<_>) = constants
        .iter()
        .partition(|(_, [number, mips, sparc])| number == mips && number == sparc);
    let defines = |constants: &[&Constant], machine: usize| -> String {
        let define = |(name, numbers): &&Constant| define(name, &numbers[machine]);
        constants.iter().map(define).collect()
    };
    let mut text = defines(&same, 0);
    for (condition, machine) in [
        ("if defined __mips__", 1),
        ("elif defined __sparc__", 2),
        ("else", 0),
    ] {
        text += &format!("#{condition}\n{}", defines(&differ, machine));
    }
    Ok(text + "#endif\n")
}

/// Reads a constant's three numbers from the end of the line of a source that begins with `start`.
fn row(name: &str, file: &str, start: &str) -> Result<Constant> {
    let source = read_to_string(file)?;
    let line = source.lines().find(|line| line.trim().starts_with(start));
    let mut numbers = line
        .into_iter()
        .flat_map(|line| line.rsplitn(4, [',', '(']));
    let mut next = || {
        let number = numbers.next()?.trim_matches([' ', ')', ';']);
        number
            .starts_with(|c: char| c.is_ascii_digit())
            .then(|| number.to_string())
    };
    match (next(), next(), next()) {
        (Some(sparc), Some(mips), Some(number)) => Ok((name.into(), [number, mips, sparc])),
        _ => Err(format!("{file}: expected a line `{start}` that ends with three numbers").into()),
    }
}

fn define(name: &str, number: &str) -> String {
    format!("#define ANCIL_{name} {number}\n")
}

/// Returns every message: its name, its number and that on sparc, and its level.
fn messages() -> impl Iterator<Item = (&'static str, [i32; 2], &'static str)> {
    macro_rules! messages {
        ($(
            $(#[doc = $doc:literal])+
            $NAME:ident = $level:ident, $number:literal, $sparc:literal, $printed:literal,
                $Variant:ident, $direction:ident, $received:ty, $sent:tt,
                [$($option:ident)?] $note:literal, $form:ident, $source:literal;
        )+) => { [$( (stringify!($NAME), [$number, $sparc], stringify!($level)), )+] };
    }
    catalogue!(messages).into_iter()
}

/// Returns every level with its types of messages, but those of `ancil/inline.h`.
pub fn names() -> Result<String> {
    macro_rules! levels_of_c {
        ($( $(#[doc = $doc:literal])+ $NAME:ident = $number:literal $(on $family:ident)?; )+) => {
            [$( (stringify!($NAME), stringify!($number), concat!($($doc),+)), )+]
        };
    }
    let sockets =
        " Sockets of any family. inline.h has the level itself, SCM_RIGHTS and SCM_PIDFD.";
    let mut levels = vec![("SOL_SOCKET", "", sockets)];
    levels.extend(levels!(levels_of_c));
    let mut text = String::new();
    for (name, number, doc) in levels {
        text += &format!("\n/*{} */\n", doc.replace('`', ""));
        if !number.is_empty() {
            text += &define(name, number);
        }
        let of_level =
            |(message, _, level): &(_, _, _)| *level == name && !INLINE.contains(message);
        for (message, [number, sparc], _) in messages().filter(of_level) {
            let differs = format!("ANCIL_BY_ARCH_({number}, {sparc})");
            let number = if number == sparc {
                number.to_string()
            } else {
                differs
            };
            text += &define(message, &number);
        }
    }
    Ok(text.trim_start().into())
}

/// Returns the numbers in a report of the error queue.
pub fn reports() -> Result<String> {
    macro_rules! numbers {
        ($( $(#[doc = $doc:literal])+ $NAME:ident: $number:ty = $value:literal; )+) => {
            [$( (stringify!($NAME), $value, concat!($($doc),+)), )+]
        };
    }
    let line = |(name, value, doc): (&str, u32, &str)| {
        format!("#define ANCIL_{name} {value} /*{doc} */\n")
    };
    let lines: String = report_numbers!(numbers).map(line).concat();
    Ok(format!("/* The numbers in struct ancil_error. */\n{lines}"))
}

/// Returns the macros for the version.
pub fn version() -> Result<String> {
    let text = define("VERSION", concat!("\"", env!("CARGO_PKG_VERSION"), "\""))
        + &define("VERSION_MAJOR", env!("CARGO_PKG_VERSION_MAJOR"))
        + &define("VERSION_MINOR", env!("CARGO_PKG_VERSION_MINOR"))
        + &define("VERSION_PATCH", env!("CARGO_PKG_VERSION_PATCH"));
    Ok(text)
}
