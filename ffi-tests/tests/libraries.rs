//! What a packager looks at: what is in libancil.a and libancil.so, and what they ask of others.

use ffi_tests::cc::Compiler;
use ffi_tests::process::{MINUTES, SECONDS, run, run_for, try_run};
use ffi_tests::{archive, binutils, c_dir, has, header, root, rust_archive, scratch, shared_object, skip};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// What `ancil.h` declares.
fn declared() -> BTreeSet<String> {
    let text = header::text("ancil.h");
    let functions: BTreeSet<_> = header::functions(&text).into_iter().map(String::from).collect();
    assert!(functions.len() >= 12, "{functions:?}");
    functions
}

/// The last word of each line.
fn names(lines: &str) -> impl Iterator<Item = &str> {
    lines.lines().filter_map(|line| line.split_whitespace().last())
}

#[test]
fn the_archive_holds_our_object_and_nothing_else() {
    assert_eq!(binutils("ar", &["t"], archive()), "ancil.o\n");
    let symbols = binutils("nm", &["--defined-only", "--extern-only", "--format=posix"], archive());
    let global = symbols.lines().skip(1).filter_map(|line| line.split(' ').next()).map(String::from);
    assert_eq!(global.collect::<BTreeSet<_>>(), declared());
}

/// Both whole, so that every symbol of either is in the program.
#[test]
fn two_rust_libraries_in_one_program() {
    let dir = scratch!("two");
    let other = dir.join("libother.a");
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()));
    rustc.args(["--edition=2024", "--crate-type=staticlib"]);
    run_for(rustc.arg("-o").arg(&other).arg(c_dir().join("other.rs")), MINUTES);
    let exe = dir.join("both.exe");
    let link = |archives: [&Path; 2]| {
        let mut cc = Compiler::c().strict();
        cc.arg("-o").arg(&exe).arg(c_dir().join("both.c")).arg("-Wl,--whole-archive").args(archives);
        try_run(cc.args(["-Wl,--no-whole-archive", "-lgcc_s", "-lpthread", "-ldl", "-lm"]), SECONDS)
    };
    for archives in [[archive(), &other], [&other, archive()]] {
        link(archives).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(run(&mut Command::new(&exe)), "42 48\n");
    }
    // The archive as rustc makes it would clash.
    let clash = link([&rust_archive("ancil", &root().join("target"), None, &[]), &other])
        .expect_err("no clash: nothing is shown");
    assert!(clash.contains("multiple definition") || clash.contains("duplicate symbol"), "{clash}");
}

#[test]
fn the_shared_object_exports_the_header_with_versions() {
    let suffix = header::soversion();
    let dynamic = binutils("readelf", &["-dW"], shared_object());
    assert!(dynamic.contains(&format!("soname: [libancil.so.{suffix}]")), "{dynamic}");
    assert!(!dynamic.contains("TEXTREL"), "{dynamic}");
    let needed: Vec<_> = dynamic.lines().filter(|line| line.contains("(NEEDED)")).collect();
    assert!(matches!(needed[..], [libc] if libc.contains("[libc.")), "{needed:?}");

    let symbols = binutils("nm", &["-D", "--defined-only"], shared_object());
    let mut exported = BTreeSet::new();
    for symbol in names(&symbols).filter(|name| !name.starts_with("ANCIL_")) {
        let (name, of) = symbol.split_once("@@").unwrap_or_else(|| panic!("without a version: {symbol}"));
        assert!(of.starts_with(&format!("ANCIL_{suffix}")), "{symbol}: a version of another soname");
        exported.insert(name.to_string());
    }
    assert_eq!(exported, declared(), "packaging/libancil.map: what ancil.h declares is listed there, in a version");

    let needs = binutils("nm", &["-D", "--undefined-only"], shared_object());
    let needs: BTreeSet<_> = names(&needs).filter_map(|name| name.split('@').next()).collect();
    let few = ["memcmp", "memcpy", "memmove", "memset"];
    assert!(needs.contains("memcpy") && needs.iter().all(|name| few.contains(name)), "{needs:?}");
}

#[test]
fn the_abi_is_the_one_on_record() {
    if cfg!(not(target_arch = "x86_64")) {
        return skip("the ABI", "packaging/libancil.abi is that of x86-64");
    }
    if has("abidw", "the ABI") && has("abidiff", "the ABI") {
        let same = run(&mut Command::new(root().join("ci/abi.sh")));
        assert!(same.contains(&format!(": {} functions", declared().len())), "{same}");
    }
}
