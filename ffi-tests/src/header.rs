//! Reads from the text of `include/ancil.h` what it declares, so that tests cover a new declaration
//! without an edit.

use crate::include;
use std::collections::BTreeSet;
use std::fs::read_to_string;
use std::path::{Path, PathBuf};

/// Returns the names of the public headers, but the drop-in's copy: `ancil.h`, `ancil/cmsg.h`.
pub fn files() -> Vec<String> {
    let parts = std::fs::read_dir(include().join("ancil")).expect("include/ancil");
    let names = parts.map(|part| part.expect("a file").file_name().into_string());
    let names = names.map(|name| format!("ancil/{}", name.expect("a name in UTF-8")));
    let mut all: Vec<_> = names.filter(|name| name.ends_with(".h")).collect();
    all.push("ancil.h".into());
    all.sort();
    all
}

/// Returns the text of a public header and of those of ours that it includes, without comments.
pub fn text(name: &str) -> String {
    let mut text = String::new();
    append(&mut text, &include().join(name), &mut Vec::new());
    text
}

/// Returns C with a blank in place of each comment. A string loses what looks like a comment in it.
pub fn without_comments(c: &str) -> String {
    let mut c = c.to_string();
    while let Some(start) = c.find("/*") {
        let end = c[start..].find("*/").expect("a comment ends") + start + 2;
        c.replace_range(start..end, " ");
    }
    c
}

/// Appends a header, with the text of another in place of each `#include "..."`, once.
fn append(text: &mut String, path: &Path, seen: &mut Vec<PathBuf>) {
    if seen.iter().any(|other| other == path) {
        return;
    }
    seen.push(path.into());
    let own = read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    for line in without_comments(&own).lines() {
        let included = line
            .strip_prefix("#include \"")
            .and_then(|rest| rest.split('"').next());
        if let Some(name) = included {
            append(text, &path.with_file_name(name), seen);
        } else {
            *text += &format!("{line}\n");
        }
    }
}

/// Returns the library's version, as in the header.
pub fn version() -> String {
    let text = text("ancil.h");
    let version = constants(&text)
        .into_iter()
        .find(|(name, _)| *name == "ANCIL_VERSION");
    version.expect("ANCIL_VERSION").1.trim_matches('"').into()
}

/// Returns the version as the headers without a library have it: 100 for 0.1.0.
pub fn version_number() -> u32 {
    let parts = version();
    let parts = parts.split('.').map(|part| part.parse::<u32>().unwrap());
    parts.fold(0, |number, part| number * 100 + part)
}

/// Returns the part of the version that is in the soname: 1 of 1.2.3, and 0.1 of 0.1.2.
pub fn soversion() -> String {
    let version = version();
    let parts = if version.starts_with("0.") { 2 } else { 1 };
    version.split('.').take(parts).collect::<Vec<_>>().join(".")
}

/// Returns name and value of every `#define NAME value` without parameters.
pub fn constants(text: &str) -> Vec<(&str, &str)> {
    let defines = text
        .lines()
        .filter_map(|line| line.strip_prefix("#define "));
    let pairs = defines.filter_map(|rest| rest.split_once(' '));
    pairs
        .map(|(name, value)| (name, value.trim()))
        .filter(|(name, _)| !name.contains('('))
        .collect()
}

/// Returns the name of every macro with parameters, and the name with the parameters: `F(n)`. A
/// name with a `_` at its end is private.
pub fn macros(text: &str) -> Vec<(&str, &str)> {
    let defines = text
        .lines()
        .filter_map(|line| line.strip_prefix("#define "));
    let mut found: Vec<_> = defines
        .filter_map(|rest| Some((rest.split_once('(')?.0, &rest[..=rest.find(')')?])))
        .filter(|(name, _)| !name.contains(' ') && !name.ends_with('_'))
        .collect();
    found.dedup();
    found
}

/// Returns the name of every macro with parameters.
pub fn function_macros(text: &str) -> Vec<&str> {
    macros(text).into_iter().map(|(name, _)| name).collect()
}

/// Returns the names of the functions that `ancil.h` declares and the library exports. Those of
/// `ancil/fds.h` stand only there.
pub fn declared() -> BTreeSet<String> {
    let names = |header: &str| -> BTreeSet<_> {
        functions(&text(header))
            .into_iter()
            .map(String::from)
            .collect()
    };
    let inline = &names("ancil/fds.h") - &names("ancil/inline.h");
    assert!(!inline.is_empty());
    let declared = &names("ancil.h") - &inline;
    assert!(declared.len() >= 12, "{declared:?}");
    declared
}

/// Returns the name of every function that has a prototype.
pub fn functions(text: &str) -> Vec<&str> {
    prototypes(text).into_iter().map(|(name, _)| name).collect()
}

/// Returns name and text of every function, without attributes, and with one blank between words:
/// of its prototype, or of its definition up to the body. A name with a `_` at its end is private.
pub fn prototypes(text: &str) -> Vec<(&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for declaration in declarations(text) {
        let parts = declaration.split_once('(').and_then(|(before, rest)| {
            let name = before.rsplit([' ', '*', '\n']).next()?;
            Some((before, name, rest.rsplit_once(')')?.0))
        });
        let Some((before, name, arguments)) = parts else {
            continue;
        };
        let ours = name.starts_with("ancil_") && !name.ends_with('_');
        let new = ours && found.iter().all(|(other, _)| *other != name);
        if new && !before.contains("typedef") {
            let words = before
                .split_whitespace()
                .filter(|word| !word.starts_with("ANCIL_"));
            let text = format!("{}({arguments})", words.collect::<Vec<_>>().join(" "));
            found.push((name, text.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
    found
}

/// Returns what follows the last line of the preprocessor.
fn after_directives(text: &str) -> &str {
    let (mut rest, mut at, mut continued) = (text, 0, false);
    for line in text.split_inclusive('\n') {
        at += line.len();
        if continued || line.starts_with('#') {
            rest = &text[at..];
            continued = line.ends_with("\\\n");
        }
    }
    rest
}

/// Returns what stands outside of all braces but those of `extern "C"`, in pieces that end before a
/// `;` or `{`.
fn declarations(text: &str) -> Vec<&str> {
    let (mut all, mut start, mut depth) = (Vec::new(), 0, 0_u32);
    for (at, brace) in text.match_indices(['{', '}', ';']) {
        let piece = after_directives(text[start..at].trim());
        match brace {
            "{" if depth == 0 && piece.ends_with("extern \"C\"") => start = at + 1,
            "{" => {
                all.extend((depth == 0).then_some(piece));
                depth += 1;
            }
            "}" => {
                depth = depth.saturating_sub(1);
                start = at + 1;
            }
            _ if depth == 0 => {
                all.push(piece);
                start = at + 1;
            }
            _ => {}
        }
    }
    all
}

/// A `struct ancil_...` with the names of its fields.
#[derive(Debug, PartialEq)]
pub struct Struct<'a> {
    /// The name without `ancil_`.
    pub name: &'a str,
    /// The names of the fields, in their order.
    pub fields: Vec<&'a str>,
}

/// Returns every struct that is defined.
pub fn structs(text: &str) -> Vec<Struct<'_>> {
    let mut all = Vec::new();
    for part in text.split("\nstruct ancil_").skip(1) {
        let Some((name, rest)) = part.split_once(" {") else {
            continue;
        };
        let Some((body, _)) = rest.split_once("};") else {
            continue;
        };
        let fields = body.split(';').filter_map(|field| {
            let field = field.trim().split('[').next()?;
            field
                .rsplit([' ', '*'])
                .next()
                .filter(|name| !name.is_empty())
        });
        all.push(Struct {
            name,
            fields: fields.collect(),
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
#define A_B 3
#define F(n) (n)
#define P_(n) (n)

struct ancil_x {
    int a;
    const void *b[4];
};

typedef uint8_t ancil_t;

#ifdef X
extern \"C\" {
#define G(n) union { int all[n]; }
#define H(n) \\
    (n)
ANCIL_CONST
const char *ancil_f(int level,
    int type);
ANCIL_CONST int ancil_g(void) ANCIL_NOTHROW
{
    return ancil_h(1);
}
}
int ancil_g(void);
";

    #[test]
    fn declarations_are_found() {
        assert_eq!(constants(TEXT), [("A_B", "3")]);
        assert_eq!(macros(TEXT), [("F", "F(n)"), ("G", "G(n)"), ("H", "H(n)")]);
        assert_eq!(functions(TEXT), ["ancil_f", "ancil_g"]);
        let prototypes = prototypes(TEXT)
            .into_iter()
            .map(|(_, text)| text)
            .collect::<Vec<_>>();
        assert_eq!(
            prototypes,
            [
                "const char *ancil_f(int level, int type)",
                "int ancil_g(void)"
            ]
        );
        assert_eq!(
            structs(TEXT),
            [Struct {
                name: "x",
                fields: vec!["a", "b"]
            }]
        );
    }

    #[test]
    fn comments_are_removed() {
        let text = text("ancil.h");
        assert!(!text.contains("/*") && text.contains("struct ancil_reader {"));
    }
}
