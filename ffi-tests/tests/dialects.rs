//! The headers in every dialect of every compiler that is here: one test for each, in which one source is built
//! in every way that leads to ancil's macros, with every warning an error, and run. What is missing is ignored.

use ffi_tests::cc::Compiler;
use ffi_tests::process::{SECONDS, run, try_run};
use ffi_tests::{archive, binutils, c_dir, include, scratch};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;

/// From the oldest to the newest; of two names for one, the first that the compiler knows.
const C: [&[&str]; 10] = [
    &["c89"],
    &["gnu89"],
    &["c99"],
    &["gnu99"],
    &["c11"],
    &["gnu11"],
    &["c17"],
    &["gnu17"],
    &["c23", "c2x"],
    &["gnu23", "gnu2x"],
];
const CXX: [&[&str]; 8] = [
    &["c++98"],
    &["gnu++98"],
    &["c++11"],
    &["c++14"],
    &["c++17"],
    &["c++20"],
    &["c++23", "c++2b"],
    &["gnu++23", "gnu++2b"],
];
/// tcc takes every name and knows two.
const TCC: [&[&str]; 2] = [&["c99"], &["c11"]];

/// 32-bit programs, with the headers of the machine's own libc; nothing links them.
const GCC_32: &str = "gcc -m32 -idirafter /usr/include/x86_64-linux-gnu";
const CLANG_32: &str = "clang -m32 -idirafter /usr/include/x86_64-linux-gnu";
/// With the kernel's headers, which the package does not bring.
const MUSL: &str = "musl-gcc -idirafter /usr/include -idirafter /usr/include/x86_64-linux-gnu";

const COMPILERS: [(&str, &str, &[&[&str]]); 8] = [
    ("gcc", "c", &C),
    ("clang", "c", &C),
    (MUSL, "c", &C),
    ("tcc", "c", &TCC),
    (GCC_32, "c", &C),
    (CLANG_32, "c", &C),
    ("g++", "c++", &CXX),
    ("clang++", "c++", &CXX),
];

/// Arguments that lead to ancil's macros; the folder of the drop-in stands in the place of DROPIN.
const WAYS: [&[&str]; 4] = [
    &["-O2"],
    &["-O0", "-DSYSTEM_FIRST"],
    &["-O2", "-DBY_PATH", "DROPIN"],
    &[
        "-O0",
        "-D_GNU_SOURCE",
        "-DBY_PATH",
        "-include",
        "ancil/cmsg.h",
    ],
];

/// The macros that the drop-in may touch.
const SIX: [&str; 6] = [
    "CMSG_ALIGN",
    "CMSG_LEN",
    "CMSG_SPACE",
    "CMSG_FIRSTHDR",
    "CMSG_NXTHDR",
    "CMSG_DATA",
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for (command, language, standards) in COMPILERS {
        let name = command.split(" -idirafter").next().unwrap_or(command);
        let more = [
            "-Wsign-conversion",
            "-Wshadow",
            "-Wredundant-decls",
            "-Wstrict-prototypes",
            "-Wold-style-cast",
        ];
        let more = if language == "c" {
            &more[..4]
        } else {
            &[&more[..3], &more[4..]].concat()
        };
        let Some(compiler) = Compiler::find(command, language, more).map(Arc::new) else {
            trials.push(ignored(name, "it is not installed, or lacks headers"));
            continue;
        };
        for names in standards {
            let known = names.iter().find(|name| {
                compiler
                    .preprocess(&[&format!("-std={name}")], "empty.c")
                    .is_ok()
            });
            let Some(standard) = known else {
                trials.push(ignored(
                    &format!("{name} {}", names[0]),
                    "it does not know this standard",
                ));
                continue;
            };
            let (compiler, linked) = (compiler.clone(), !command.contains("-m32"));
            let name = format!(
                "{name} {standard}{}",
                if linked { "" } else { ", compiled but not run" }
            );
            let dir = scratch(
                env!("CARGO_TARGET_TMPDIR"),
                &format!("dialects-{}", name.replace([' ', ','], "_")),
            );
            let args = vec![format!("-std={standard}"), "-x".into(), language.into()];
            trials.push(Trial::test(name, move || {
                every_way(&compiler, &dir, &args, linked)
            }));
        }
        let dir = scratch(
            env!("CARGO_TARGET_TMPDIR"),
            &format!("dialects-{}", name.replace(' ', "_")),
        );
        trials.push(Trial::test(
            format!("{name} gets no other names"),
            move || no_other_names(&compiler, &dir, language),
        ));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn ignored(name: &str, why: &'static str) -> Trial {
    Trial::ignorable_test(name, move || Ok(Completion::ignored_with(why)))
}

/// The arguments of a way.
fn of(way: &[&str]) -> Vec<String> {
    let dropin = format!("-I{}", include().join("ancil/dropin").display());
    way.iter()
        .map(|arg| {
            if *arg == "DROPIN" {
                dropin.clone()
            } else {
                arg.to_string()
            }
        })
        .collect()
}

fn every_way(compiler: &Compiler, dir: &Path, args: &[String], linked: bool) -> Result<(), Failed> {
    let object = dir.join("dialect.o");
    for way in WAYS {
        let source = c_dir().join("dialect.c");
        try_run(
            compiler
                .strict()
                .args(of(way))
                .args(args)
                .args(["-c", "-o"])
                .arg(&object)
                .arg(source),
            SECONDS,
        )?;
        if linked {
            let exe = dir.join("dialect.exe");
            try_run(
                compiler
                    .command()
                    .arg("-o")
                    .arg(&exe)
                    .arg(&object)
                    .arg(archive()),
                SECONDS,
            )?;
            let said = try_run(&mut Command::new(exe), SECONDS)?;
            if said != "ancil's\n" {
                return Err(format!("{way:?}: {said}").into());
            }
        }
    }
    Ok(())
}

/// A file that includes <sys/socket.h> gets no macro that is not ours, by the drop-in, but for the six; its object has
/// no symbol that is not ours. And ANCIL_C89 does without <stdint.h>.
fn no_other_names(compiler: &Compiler, dir: &Path, language: &str) -> Result<(), Failed> {
    let macros = |args: &[String]| -> Result<BTreeSet<String>, String> {
        let args: Vec<&str> = args.iter().map(String::as_str).chain(["-dM"]).collect();
        let all = compiler.preprocess(&args, "socket.c")?;
        let defined = all.lines().filter_map(|line| line.strip_prefix("#define "));
        Ok(defined
            .filter_map(|rest| rest.split([' ', '(']).next())
            .map(String::from)
            .collect())
    };
    let system = macros(&[])?;
    for way in [&["DROPIN"][..], &["-include", "ancil/cmsg.h"]] {
        let ours = macros(&of(way))?;
        let strange = |name: &&String| {
            !name.starts_with("ANCIL_")
                && !name.starts_with("ancil_")
                && !SIX.contains(&name.as_str())
        };
        let strangers: Vec<_> = ours.symmetric_difference(&system).filter(strange).collect();
        if !strangers.is_empty() || !ours.contains("ANCIL_CMSG_H") {
            return Err(format!("{way:?} brings, or takes away: {strangers:?}").into());
        }
        let object = dir.join("socket.o");
        run(compiler
            .strict()
            .args(of(way))
            .args(["-x", language, "-c", "-o"])
            .arg(&object)
            .arg(c_dir().join("socket.c")));
        let symbols = binutils("nm", &[], &object);
        if let Some(symbol) = symbols.lines().find(|line| !line.contains(" ancil_")) {
            return Err(format!("{way:?} brings the symbol {symbol}").into());
        }
    }
    let old = dir.join("old");
    std::fs::create_dir_all(&old)?;
    std::fs::write(
        old.join("stdint.h"),
        "#error \"a compiler of C89 has no such header\"\n",
    )?;
    let args = [
        format!("-I{}", old.display()),
        "-include".into(),
        "ancil.h".into(),
    ];
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    if compiler.preprocess(&args, "empty.c").is_ok() {
        return Err("ancil.h was expected to include <stdint.h>".into());
    }
    compiler.preprocess(&[&args[..], &["-DANCIL_C89"]].concat(), "empty.c")?;
    Ok(())
}
