//! What `include/ancil.h` declares, read from its text, so that a new line there is tested without an edit here.

use crate::include;
use std::collections::BTreeSet;
use std::fs::read_to_string;

/// The text of a public header, without comments.
pub fn text(name: &str) -> String {
    let path = include().join(name);
    let mut text = read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    while let Some(start) = text.find("/*") {
        let end = text[start..].find("*/").expect("a comment ends") + start + 2;
        text.replace_range(start..end, " ");
    }
    text
}

/// The library's version.
pub fn version() -> String {
    let text = text("ancil.h");
    let version = constants(&text)
        .into_iter()
        .find(|(name, _)| *name == "ANCIL_VERSION");
    version.expect("ANCIL_VERSION").1.trim_matches('"').into()
}

/// The part of it that the soname has: 1 of 1.2.3, and 0.1 of 0.1.2.
pub fn soversion() -> String {
    let version = version();
    let parts = if version.starts_with("0.") { 2 } else { 1 };
    version.split('.').take(parts).collect::<Vec<_>>().join(".")
}

/// Name and value of every `#define NAME value` without parameters.
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

/// Names of every macro with parameters.
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

/// The functions of `ancil.h`.
pub fn declared() -> BTreeSet<String> {
    let declared: BTreeSet<_> = functions(&text("ancil.h"))
        .into_iter()
        .map(String::from)
        .collect();
    assert!(declared.len() >= 12, "{declared:?}");
    declared
}

/// Names of every function that has a prototype.
pub fn functions(text: &str) -> Vec<&str> {
    prototypes(text).into_iter().map(|(name, _)| name).collect()
}

/// Name and text of every prototype: without attributes, with one blank where there are any.
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

/// One `struct ancil_...` with the names of its fields.
#[derive(Debug, PartialEq)]
pub struct Struct<'a> {
    /// Without the prefix.
    pub name: &'a str,
    /// In their order.
    pub fields: Vec<&'a str>,
}

/// Every struct that is defined.
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

    const TEXT: &str = "#define A_B 3\n#define F(n) (n)\n\nstruct ancil_x {\n    int a;\n    const void *b[4];\n};\n\n\
                        typedef uint8_t ancil_t;\n\n#ifdef X\nANCIL_CONST\nconst char *ancil_f(int level,\n    \
                        int type);\nint ancil_g(void);\n";

    #[test]
    fn finds_what_is_there() {
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
    fn comments_are_gone() {
        let text = text("ancil.h");
        assert!(!text.contains("/*") && text.contains("struct ancil_reader {"));
    }
}
