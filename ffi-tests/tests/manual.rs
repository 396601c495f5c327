//! Checks the pages in `man/` against the headers: they have the same functions, macros and
//! structs. manual_examples.rs runs their examples.

use ffi_tests::manual::{Page, pages};
use ffi_tests::{header, root, skip};
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::process::{Command, Stdio};

/// Returns the text with one blank between words.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The headers whose functions and macros have pages.
const HEADERS: [&str; 2] = ["ancil.h", "ancil/cmsg.h"];

#[test]
fn every_function_and_macro_is_in_one_page_as_it_is_declared() {
    let text = header::text("ancil.h");
    let texts = HEADERS.map(header::text);
    let macros = texts.iter().flat_map(|text| header::macros(text));
    let declared: BTreeMap<_, _> = header::prototypes(&text)
        .into_iter()
        .chain(macros.map(|(name, text)| (name, text.to_owned())))
        .collect();
    let pages = pages();
    let mut found = BTreeMap::new();
    for page in &pages {
        // The page is found by its title and by what it describes, but the names of the drop-in
        // belong to the page of the system.
        let mut names = vec![page.name.as_str()];
        for (name, declaration) in page.declarations() {
            assert!(
                found.insert(name, declaration).is_none(),
                "{name} is in more than one page"
            );
            if !name.starts_with("CMSG_") {
                names.push(name);
            }
        }
        assert_eq!(page.names(), names, "{}: NAME and SYNOPSIS", page.file());
    }
    for (name, declaration) in &declared {
        assert_eq!(
            found.get(name),
            Some(declaration),
            "{name}: the left is SYNOPSIS of its page in man/, the right is the header"
        );
    }
    let unknown: Vec<_> = found
        .keys()
        .filter(|name| !declared.contains_key(*name))
        .collect();
    assert!(unknown.is_empty(), "in no header: {unknown:?}");
}

/// A reader finds the same sections in every page.
#[test]
fn every_page_has_the_usual_sections() {
    for page in pages() {
        let needed: &[_] = match page.section.as_str() {
            "3" => &["LIBRARY", "RETURN VALUES", "EXAMPLES", "ERRORS", "SEE ALSO"],
            _ => &["EXAMPLES", "SEE ALSO"],
        };
        for title in needed {
            let sections = page.sections();
            assert!(sections.contains(title), "{} has no {title}", page.file());
        }
    }
}

#[test]
fn every_name_is_in_a_header() {
    let texts = HEADERS.map(header::text);
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
                "{}: no header declares {mentioned}",
                page.file()
            );
        }
        let lines = page.text.lines().filter(|line| !line.starts_with(".Dt "));
        for word in lines.flat_map(|line| line.split(|c| !name(c))) {
            let ours = word.len() > 6 && (word.starts_with("ancil_") || word.starts_with("ANCIL_"));
            assert!(
                !ours || known.contains(word) || titles.contains(word),
                "{}: no header contains {word}",
                page.file()
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
fn mandoc_reports_nothing() {
    for page in pages() {
        let mut mandoc = Command::new("mandoc");
        // In their folder, mandoc finds the pages to which they refer.
        mandoc
            .current_dir(root().join("man"))
            .arg("-Tlint")
            .arg(page.file());
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
