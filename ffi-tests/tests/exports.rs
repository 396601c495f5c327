//! Checks the symbols of libancil.a and libancil.so: those that they define, and those that they
//! need. Checks also that neither makes the stack executable, and that nothing in libancil.so stays
//! writable that the dynamic linker can protect.

use ffi_tests::header::declared;
use ffi_tests::{archive, binutils, header, machine, shared_object, skip};
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

#[test]
fn the_stack_is_not_executable_and_the_relocated_data_is_read_only() {
    let segments = binutils("readelf", &["-lW"], shared_object());
    let flags = |name: &str| {
        let line = segments.lines().find(|l| l.trim_start().starts_with(name));
        let line = line.unwrap_or_else(|| panic!("no {name} segment: {segments}"));
        // The columns end with the flags, some of which are spaces, and the alignment.
        let columns: Vec<_> = line.split_whitespace().skip(6).collect();
        columns.split_last().expect("an alignment").1.concat()
    };
    assert_eq!(flags("GNU_STACK"), "RW", "{segments}");
    assert!(!segments.contains("RWE"), "{segments}");
    if machine::target().is_some_and(|name| name.starts_with("mips")) {
        skip("RELRO", "the linker for mips makes no such segment");
    } else {
        assert_eq!(flags("GNU_RELRO"), "R", "{segments}");
    }
    // "Full" RELRO: every symbol is bound at the start, so all of the addresses become read-only.
    let dynamic = binutils("readelf", &["-dW"], shared_object());
    assert!(
        dynamic.contains("BIND_NOW") && dynamic.contains("Flags: NOW"),
        "{dynamic}"
    );

    // An object without this section makes the linker give the program an executable stack.
    let sections = binutils("readelf", &["-SW"], archive());
    let mut stack = sections.lines().filter(|l| l.contains(".note.GNU-stack"));
    let note = stack
        .next()
        .unwrap_or_else(|| panic!("no .note.GNU-stack: {sections}"));
    let (_, kind_and_numbers) = note
        .split_once("PROGBITS")
        .expect("the section has no bits");
    assert!(!kind_and_numbers.contains('X'), "{note}");
    assert_eq!(stack.next(), None);
}
