//! Checks the pages in `man/` against the header: they have the same functions and prototypes, and
//! their examples compile.

use ffi_tests::cc::Compiler;
use ffi_tests::manual::{Page, pages};
use ffi_tests::process::run;
use ffi_tests::{header, root, scratch, skip};
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::process::{Command, Stdio};

/// Returns the text with one blank between words.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_function_is_in_one_page_with_its_prototype() {
    let text = header::text("ancil.h");
    let declared: BTreeMap<_, _> = header::prototypes(&text).into_iter().collect();
    assert_eq!(declared.len(), header::functions(&text).len());
    let pages = pages();
    let mut found = BTreeMap::new();
    for page in &pages {
        for (name, prototype) in page.prototypes() {
            assert!(
                found.insert(name, prototype).is_none(),
                "{name} is in more than one page"
            );
        }
        // The page is found by its title and by the functions that it describes.
        let described = page.prototypes().into_iter().map(|(name, _)| name);
        let described: Vec<_> = [page.name.as_str()].into_iter().chain(described).collect();
        assert_eq!(
            page.names(),
            described,
            "{}.3: NAME and SYNOPSIS",
            page.name
        );
    }
    for (name, prototype) in &declared {
        assert_eq!(
            found.get(name),
            Some(prototype),
            "{name}: the left is SYNOPSIS of its page in man/, the right is ancil.h"
        );
    }
    let unknown: Vec<_> = found
        .keys()
        .filter(|name| !declared.contains_key(*name))
        .collect();
    assert!(unknown.is_empty(), "not in ancil.h: {unknown:?}");
}

#[test]
fn every_name_is_in_a_header() {
    let texts = ["ancil.h", "ancil/cmsg.h"].map(header::text);
    let callable: BTreeSet<_> = texts
        .iter()
        .flat_map(|text| {
            header::functions(text)
                .into_iter()
                .chain(header::function_macros(text))
        })
        .collect();
    let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let known: BTreeSet<_> = texts
        .iter()
        .flat_map(|text| text.split(|c| !name(c)))
        .collect();
    let pages = pages();
    let titles: BTreeSet<_> = pages.iter().map(|page| page.name.as_str()).collect();
    for page in &pages {
        for mentioned in page.mentioned() {
            assert!(
                callable.contains(mentioned),
                "{}.3: no header declares {mentioned}",
                page.name
            );
        }
        let lines = page.text.lines().filter(|line| !line.starts_with(".Dt "));
        for word in lines.flat_map(|line| line.split(|c| !name(c))) {
            let ours = word.len() > 6 && (word.starts_with("ancil_") || word.starts_with("ANCIL_"));
            assert!(
                !ours || known.contains(word) || titles.contains(word),
                "{}.3: no header contains {word}",
                page.name
            );
        }
    }
}

#[test]
fn structs_equal_the_header() {
    let text = words(&header::text("ancil.h"));
    let shown: Vec<_> = pages().iter().flat_map(Page::structs).collect();
    assert!(shown.len() >= 5, "{shown:?}");
    for shown in shown {
        assert!(
            text.contains(&words(&shown)),
            "ancil.h declares it otherwise:\n{shown}"
        );
    }
}

#[test]
fn examples_compile() {
    let dir = scratch!("examples");
    let compiler = Compiler::c();
    for page in pages() {
        let examples = page.examples();
        assert!(!examples.is_empty(), "{}.3 has no example", page.name);
        for (i, example) in examples.iter().enumerate() {
            let source = dir.join(format!("{}-{i}.c", page.name));
            std::fs::write(&source, example).unwrap();
            run(compiler
                .strict()
                .args(["-O2", "-c", "-o"])
                .arg(source.with_extension("o"))
                .arg(&source));
        }
    }
}

#[test]
fn mandoc_reports_nothing() {
    for page in pages() {
        let mut mandoc = Command::new("mandoc");
        // In their folder, mandoc finds the pages to which they refer.
        mandoc
            .current_dir(root().join("man"))
            .arg("-Tlint")
            .arg(format!("{}.3", page.name));
        let out = match mandoc.stdin(Stdio::null()).output() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return skip("the form of man pages", "mandoc is not installed");
            }
            out => out.unwrap(),
        };
        let said = String::from_utf8_lossy(&out.stdout);
        // Pages of other projects need not be installed.
        let other = |line: &&str| {
            line.split_once("referenced manual not found: Xr ")
                .is_some_and(|(_, to)| !to.starts_with("ancil"))
        };
        let said: Vec<_> = said.lines().filter(|line| !other(line)).collect();
        assert!(said.is_empty(), "{said:#?}");
        // A status of 5 and more means that mandoc did not read the page.
        assert!(
            out.status.code().is_some_and(|code| code < 5),
            "{}",
            out.status
        );
    }
}
