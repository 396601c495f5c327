//! Compiles the C side as C programs are compiled: each variant with each compiler and level.
//!
//! libancil is the archive that `make` builds, as it is shipped. The crate quinn-udp is asked where
//! its sources are, since the codec in it is private, and so is what it makes of the messages.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// `src/cases/c.rs` has the same lists.
const COMPILERS: [(&str, &str); 4] = [("gcc", "2"), ("gcc", "s"), ("clang", "2"), ("clang", "s")];
const VARIANTS: [(&str, &[&str]); 6] = [
    ("macros", &[]),
    ("checked", &["-DCHECK"]),
    ("musl", &["-Wno-sign-compare"]),
    ("dropin", &["-I../include/ancil/dropin"]),
    ("inline_h", &["-DINLINE", "-I../include"]),
    (
        "library",
        &["-DINLINE", "-DANCIL_NO_INLINE", "-I../include"],
    ),
];

fn main() {
    let out = env::var("OUT_DIR").expect("cargo sets it");
    for input in ["c", "../include", "../src", "build.rs"] {
        println!("cargo::rerun-if-changed={input}");
    }
    let machine = env::var("CARGO_CFG_TARGET_ARCH").expect("cargo sets it");
    let musl = format!("/usr/include/{machine}-linux-musl");
    for (compiler, level) in COMPILERS {
        for (variant, flags) in VARIANTS {
            let name = format!("{compiler}_{level}_{variant}");
            let mut build = cc::Build::new();
            build
                .compiler(compiler)
                .opt_level_str(level)
                .file("c/messages.c")
                .warnings_into_errors(true);
            if variant == "musl" {
                build.flag("-isystem").flag(&musl);
            }
            build.flags(flags).define("NAME", &*name).compile(&name);
        }
    }
    for name in ["kernel", "iov", "netlink", "compat"] {
        let mut build = cc::Build::new();
        build
            .opt_level(2)
            .file(format!("c/{name}.c"))
            .include("../include");
        build
            .flag("-Wextra")
            .warnings_into_errors(true)
            .compile(name);
    }
    println!("cargo::rustc-link-lib=mnl");

    run(Command::new("make").args([
        "-s",
        "-C",
        "..",
        &format!("{out}/libancil.a"),
        &format!("OUT={out}"),
    ]));
    println!("cargo::rustc-link-search=native={out}\ncargo::rustc-link-lib=static=ancil");

    let metadata = run(
        Command::new(env::var("CARGO").expect("cargo sets it")).args([
            "metadata",
            "--format-version=1",
            "--offline",
        ]),
    );
    let quinn = metadata
        .split('"')
        .find(|word| word.ends_with("Cargo.toml") && word.contains("/quinn-udp-"));
    let quinn = Path::new(quinn.expect("a dependency")).with_file_name("src");
    let codec = format!("#[path = {:?}] pub mod cmsg;\n", quinn.join("cmsg/mod.rs"));
    let unix = fs::read_to_string(quinn.join("unix.rs")).expect("a source of quinn-udp");
    let text = codec
        + part(
            &unix,
            "struct ControlMetadata {",
            "/// Decodes a `sockaddr_storage`",
        );
    fs::write(format!("{out}/quinn.rs"), text).expect("the folder is writable");
}

/// Returns the part of a source between two lines, with the first of them.
fn part<'a>(source: &'a str, first: &str, end: &str) -> &'a str {
    let start = source.find(first).expect("quinn-udp has changed");
    let part = source.get(start..).unwrap_or_default();
    part.split(end).next().unwrap_or_default()
}

/// Returns what a successful command prints.
fn run(command: &mut Command) -> String {
    for (variable, _) in
        env::vars().filter(|(name, _)| name.starts_with("CARGO_") || name == "MAKEFLAGS")
    {
        if variable != "CARGO_HOME" {
            command.env_remove(variable);
        }
    }
    let output = command.output().expect("the command exists");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}
