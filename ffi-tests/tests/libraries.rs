//! Checks that libancil.a can be linked together with another Rust library, and that the ABI is the
//! one on record.

use ffi_tests::cc::Compiler;
use ffi_tests::process::{MINUTES, SECONDS, run, run_for, try_run};
use ffi_tests::{archive, c_dir, has, header, root, rust_archive, scratch, skip};
use std::path::Path;
use std::process::Command;

/// Both archives are linked whole, so that every symbol of each is in the program.
#[test]
fn two_rust_libraries_in_one_program() {
    let dir = scratch!("two");
    let other = dir.join("libother.a");
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()));
    rustc.args(["--edition=2024", "--crate-type=staticlib"]);
    run_for(
        rustc
            .arg("-o")
            .arg(&other)
            .arg(c_dir().join("second_rust_lib.rs")),
        MINUTES,
    );
    let exe = dir.join("both.exe");
    let link = |archives: [&Path; 2]| {
        let mut cc = Compiler::c().strict();
        cc.arg("-o")
            .arg(&exe)
            .arg(c_dir().join("two_rust_libs.c"))
            .arg("-Wl,--whole-archive")
            .args(archives);
        try_run(
            cc.args([
                "-Wl,--no-whole-archive",
                "-lgcc_s",
                "-lpthread",
                "-ldl",
                "-lm",
            ]),
            SECONDS,
        )
    };
    for archives in [[archive(), &other], [&other, archive()]] {
        link(archives).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(run(&mut Command::new(&exe)), "42 48\n");
    }
    // The archive as rustc makes it clashes with the other one.
    let clash = link([
        &rust_archive("ancil", &root().join("target"), None, &[]),
        &other,
    ])
    .expect_err("the archive of rustc links, so this test shows nothing");
    assert!(
        clash.contains("multiple definition") || clash.contains("duplicate symbol"),
        "{clash}"
    );
}

#[test]
fn the_abi_is_the_one_on_record() {
    if cfg!(not(target_arch = "x86_64")) {
        return skip(
            "the ABI",
            "packaging/libancil.abi records the one of x86-64",
        );
    }
    if has("abidw", "the ABI") && has("abidiff", "the ABI") {
        let same = run(&mut Command::new(root().join("ci/abi.sh")));
        assert!(
            same.contains(&format!(": {} functions", header::declared().len())),
            "{same}"
        );
    }
}
