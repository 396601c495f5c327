//! Checks the symbols of libancil.a and libancil.so: those that they define, and those that they
//! need.

use ffi_tests::header::declared;
use ffi_tests::{archive, binutils, header, shared_object};
use std::collections::BTreeSet;

/// Returns the last word of each line.
fn names(lines: &str) -> impl Iterator<Item = &str> {
    lines
        .lines()
        .filter_map(|line| line.split_whitespace().last())
}

#[test]
fn the_archive_holds_only_our_object() {
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
            .unwrap_or_else(|| panic!("{symbol} has no version"));
        assert!(
            of.starts_with(&format!("ANCIL_{suffix}")),
            "{symbol} has a version of another soname"
        );
        exported.insert(name.to_string());
    }
    assert_eq!(
        exported,
        declared(),
        "packaging/libancil.map must list what ancil.h declares"
    );

    let needs = binutils("nm", &["-D", "--undefined-only"], shared_object());
    let needs: BTreeSet<_> = names(&needs)
        .filter_map(|name| name.split('@').next())
        .collect();
    let allowed = ["memcmp", "memcpy", "memmove", "memset"];
    assert!(needs.iter().all(|name| allowed.contains(name)), "{needs:?}");
    let needed: Vec<_> = dynamic
        .lines()
        .filter(|line| line.contains("(NEEDED)"))
        .collect();
    match needed[..] {
        // On s390x, instructions copy memory.
        [] => assert!(needs.is_empty(), "{needs:?}"),
        [libc] => assert!(
            libc.contains("[libc.") && needs.contains("memcpy"),
            "{libc}: {needs:?}"
        ),
        _ => panic!("{needed:?}"),
    }
}
