//! What libancil.a and libancil.so of any machine hold, and what they ask of others.

use ffi_tests::header::declared;
use ffi_tests::{archive, binutils, header, shared_object};
use std::collections::BTreeSet;

/// The last word of each line.
fn names(lines: &str) -> impl Iterator<Item = &str> {
    lines
        .lines()
        .filter_map(|line| line.split_whitespace().last())
}

#[test]
fn the_archive_holds_our_object_and_nothing_else() {
    assert_eq!(binutils("ar", &["t"], archive()), "ancil.o\n");
    let symbols = binutils(
        "nm",
        &["--defined-only", "--extern-only", "--format=posix"],
        archive(),
    );
    let global = symbols
        .lines()
        .skip(1)
        .filter_map(|line| line.split(' ').next())
        .map(String::from);
    assert_eq!(global.collect::<BTreeSet<_>>(), declared());
}

#[test]
fn the_shared_object_exports_the_header_with_versions() {
    let suffix = header::soversion();
    let dynamic = binutils("readelf", &["-dW"], shared_object());
    assert!(
        dynamic.contains(&format!("soname: [libancil.so.{suffix}]")),
        "{dynamic}"
    );
    assert!(!dynamic.contains("TEXTREL"), "{dynamic}");

    let symbols = binutils("nm", &["-D", "--defined-only"], shared_object());
    let mut exported = BTreeSet::new();
    for symbol in names(&symbols).filter(|name| !name.starts_with("ANCIL_")) {
        let (name, of) = symbol
            .split_once("@@")
            .unwrap_or_else(|| panic!("without a version: {symbol}"));
        assert!(
            of.starts_with(&format!("ANCIL_{suffix}")),
            "{symbol}: a version of another soname"
        );
        exported.insert(name.to_string());
    }
    assert_eq!(
        exported,
        declared(),
        "packaging/libancil.map: what ancil.h declares is listed there, in a version"
    );

    let needs = binutils("nm", &["-D", "--undefined-only"], shared_object());
    let needs: BTreeSet<_> = names(&needs)
        .filter_map(|name| name.split('@').next())
        .collect();
    let few = ["memcmp", "memcpy", "memmove", "memset"];
    assert!(needs.iter().all(|name| few.contains(name)), "{needs:?}");
    let needed: Vec<_> = dynamic
        .lines()
        .filter(|line| line.contains("(NEEDED)"))
        .collect();
    match needed[..] {
        [] => assert!(needs.is_empty(), "{needs:?}"), // s390x copies in one instruction
        [libc] => assert!(
            libc.contains("[libc.") && needs.contains("memcpy"),
            "{libc}: {needs:?}"
        ),
        _ => panic!("{needed:?}"),
    }
}
