//! Reads from the text of `include/ancil.h` what it declares, so that tests cover a new declaration
//! without an edit.

use crate::include;
use std::collections::BTreeSet;
use std::fs::read_to_string;

/// Returns the text of a public header, without comments.
pub fn text(name: &str) -> String {
    let path = include().join(name);
    let mut text = read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    while let Some(start) = text.find("/*") {
        let end = text[start..].find("*/").expect("a comment ends") + start + 2;
        text.replace_range(start..end, " ");
    }
    text
}

/// Returns the library's version, as in the header.
pub fn version() -> String {
    let text = text("ancil.h");
    let version = constants(&text)
        .into_iter()
        .find(|(name, _)| *name == "ANCIL_VERSION");
    version.expect("ANCIL_VERSION").1.trim_matches('"').into()
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

/// Returns the name of every macro with parameters.
pub fn function_macros(text: &str) -> Vec<&str> {
    let defines = text
        .lines()
        .filter_map(|line| line.strip_prefix("#define "));
    defines
        .filter_map(|rest| rest.split_once('('))
        .map(|(name, _)| name)
        .filter(|name| !name.contains(' '))
        .collect()
}

/// Returns the names of the functions that `ancil.h` declares.
pub fn declared() -> BTreeSet<String> {
    let declared: BTreeSet<_> = functions(&text("ancil.h"))
        .into_iter()
        .map(String::from)
        .collect();
    assert!(declared.len() >= 12, "{declared:?}");
    declared
}

/// Returns the name of every function that has a prototype.
pub fn functions(text: &str) -> Vec<&str> {
    prototypes(text).into_iter().map(|(name, _)| name).collect()
}

/// Returns name and text of every prototype, without attributes, and with one blank between words.
pub fn prototypes(text: &str) -> Vec<(&str, String)> {
    let statements = text
        .split([';', '}'])
        .filter(|s| !s.contains('{') && !s.contains("typedef"));
    let prototypes = statements.filter_map(|statement| {
        let (before, arguments) = statement.split_once('(')?;
        let name = before
            .rsplit([' ', '*', '\n'])
            .next()
            .filter(|name| name.starts_with("ancil_"))?;
        let lines = before.lines().filter(|line| !line.starts_with('#'));
        let words = lines
            .flat_map(str::split_whitespace)
            .filter(|word| !word.starts_with("ANCIL_"));
        let text = format!("{}({}", words.collect::<Vec<_>>().join(" "), arguments);
        Some((name, text.split_whitespace().collect::<Vec<_>>().join(" ")))
    });
    prototypes.collect()
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

struct ancil_x {
    int a;
    const void *b[4];
};

typedef uint8_t ancil_t;

#ifdef X
ANCIL_CONST
const char *ancil_f(int level,
    int type);
int ancil_g(void);
";

    #[test]
    fn declarations_are_found() {
        assert_eq!(constants(TEXT), [("A_B", "3")]);
        assert_eq!(function_macros(TEXT), ["F"]);
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
