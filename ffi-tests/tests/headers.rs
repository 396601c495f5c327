//! Checks that the headers are as people read them: short, in one style, and with nothing of the
//! system but `<stddef.h>`.

use ffi_tests::{header, include};
use std::fs::read_to_string;

/// Returns name and text of each header, but the drop-in's, which is for `<sys/socket.h>`.
fn parts() -> Vec<(String, String)> {
    let names = header::files()
        .into_iter()
        .filter(|name| name != "ancil/cmsg.h");
    let parts: Vec<_> = names
        .map(|name| (name.clone(), read_to_string(include().join(name)).unwrap()))
        .collect();
    assert!(parts.len() >= 10, "{parts:?}");
    parts
}

#[test]
fn each_is_short_and_in_our_style() {
    for (name, text) in parts() {
        let most = if name == "ancil/inline.h" { 450 } else { 400 }; // it must be one file
        assert!(text.lines().count() < most, "{name} is long: split it");
        for (i, line) in text.lines().enumerate() {
            let bad = ["/**", "`", "//", "\t", "cbindgen"]
                .iter()
                .find(|bad| line.contains(**bad));
            let bad = bad.or(line.ends_with(' ').then_some(&"a blank at its end"));
            let bad = bad.or((line.len() > 100).then_some(&"more than 100 columns"));
            assert!(
                bad.is_none(),
                "include/{name}:{}: has {}: {line}",
                i + 1,
                bad.unwrap()
            );
        }
    }
}

#[test]
fn ancil_h_includes_all_parts_but_the_drop_in() {
    let all = header::text("ancil.h");
    for (name, _) in parts() {
        let guard = name.to_uppercase().replace(['/', '.'], "_");
        assert!(
            all.contains(&format!("#define {guard}")),
            "ancil.h does not include {name}"
        );
    }
    assert!(
        !all.contains("ANCIL_CMSG_H"),
        "ancil.h includes the drop-in"
    );
}

#[test]
fn only_stddef_is_included() {
    for (name, text) in parts() {
        let directives = text
            .lines()
            .map(str::trim_start)
            .filter(|line| line.starts_with('#'));
        let mut foreign = directives
            .filter(|line| line[1..].trim_start().starts_with("include"))
            .filter(|line| !line.starts_with("#include \"") && *line != "#include <stddef.h>");
        assert_eq!(foreign.next(), None, "{name}");
    }
}

/// Each function is noexcept in C++, but one that calls a function of the caller's. The dialects
/// compile what the mark means.
#[test]
fn no_function_throws() {
    let all = header::text("ancil.h");
    let all = all.split_whitespace().collect::<Vec<_>>().join(" ");
    for name in header::declared() {
        let call = format!("{name}(");
        let declared = all
            .match_indices(&call)
            .any(|(at, _)| after_arguments(&all[at..]).starts_with("ANCIL_NOTHROW"));
        let may_throw = name == "ancil_close_fds";
        assert!(declared != may_throw, "{name}: ANCIL_NOTHROW");
    }
}

/// Returns what follows the first list in parentheses.
fn after_arguments(text: &str) -> &str {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' if depth == 1 => return text[at + 1..].trim_start(),
            ')' => depth -= 1,
            _ => {}
        }
    }
    ""
}
