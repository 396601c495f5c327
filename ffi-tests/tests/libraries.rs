//! Checks that libancil.a can be linked together with another Rust library, that the ABI is the one
//! on record, and that the libraries do not depend on the folder in which they are built.

use ffi_tests::cc::Compiler;
use ffi_tests::process::{MINUTES, SECONDS, run, run_for, try_run};
use ffi_tests::{archive, c_dir, has, header, machine, make, root, rust_archive, scratch, skip};
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

/// Builds both libraries in two folders, each from an unpacked crate, and compares their bytes.
#[test]
fn two_folders_give_the_same_bytes() {
    if machine::target().is_some() {
        return skip(
            "builds in two folders",
            "the build for this machine is the one tested",
        );
    }
    let dir = scratch!("same");
    let mut package = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    run_for(
        package
            .current_dir(root())
            .args([
                "package",
                "--quiet",
                "--offline",
                "--no-verify",
                "--allow-dirty",
            ])
            .args(["--package", "ancil", "--target-dir"])
            .arg(&dir),
        MINUTES,
    );
    let version = header::version();
    let crate_file = dir.join(format!("package/ancil-{version}.crate"));
    let shared = format!("libancil.so.{version}");
    let [first, second] = ["one", "another folder"].map(|name| {
        let folder = dir.join(name);
        std::fs::create_dir(&folder).unwrap();
        run(Command::new("tar")
            .args(["-xz", "--strip-components=1", "-C"])
            .arg(&folder)
            .arg("-f")
            .arg(&crate_file));
        // The folder is inside a workspace of which it is no member.
        let manifest = folder.join("Cargo.toml");
        let text = std::fs::read_to_string(&manifest).unwrap() + "\n[workspace]\n";
        std::fs::write(&manifest, text).unwrap();
        // `--quiet` for cargo: the output is shown only if the build fails.
        let flags = "CARGOFLAGS=--quiet --locked --offline";
        run_for(make().current_dir(&folder).args(["-j2", flags]), MINUTES);
        ["libancil.a", &shared].map(|library| std::fs::read(folder.join(library)).unwrap())
    });
    for (library, (a, b)) in ["libancil.a", &shared]
        .iter()
        .zip(first.iter().zip(&second))
    {
        assert!(!a.is_empty() && a == b, "{library} depends on its folder");
    }
}
