//! Compiles the headers in every dialect of every installed compiler. One test per dialect builds a
//! source in each way to get ancil's macros, with warnings as errors, and runs it. A compiler that
//! is not installed is ignored.

use ffi_tests::cc::Compiler;
use ffi_tests::process::{SECONDS, run, try_run};
use ffi_tests::{archive, binutils, c_dir, header, include, scratch};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;

/// The standards of C, from the oldest to the newest. If there are two names, the first that the
/// compiler knows is used.
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
/// The standards of C++.
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
/// tcc accepts every name, but knows two.
const TCC: [&[&str]; 2] = [&["c99"], &["c11"]];

/// Compilers of 32-bit programs, with the headers of the machine's 64-bit libc. The programs are
/// not linked.
const GCC_32: &str = "gcc -m32 -idirafter /usr/include/x86_64-linux-gnu";
const CLANG_32: &str = "clang -m32 -idirafter /usr/include/x86_64-linux-gnu";
/// musl-gcc with the kernel's headers, which its package does not contain.
const MUSL: &str = "musl-gcc -idirafter /usr/include -idirafter /usr/include/x86_64-linux-gnu";

/// Commands, their languages and the standards of these.
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

/// Arguments with which a program gets ancil's macros. DROPIN stands for the drop-in's folder, as
/// `-I`.
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

/// The macros that the drop-in redefines.
const MACROS: [&str; 6] = [
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
            trials.push(ignored(
                name,
                "it is not installed, or its headers are missing",
            ));
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
            trials.push(Trial::test(format!("{name}, each header"), {
                let (compiler, dir, args) = (compiler.clone(), dir.join("headers"), args.clone());
                move || each_header(&compiler, &dir, &args)
            }));
            trials.push(Trial::test(name, move || {
                every_way(&compiler, &dir, &args, linked)
            }));
        }
        let dir = scratch(
            env!("CARGO_TARGET_TMPDIR"),
            &format!("dialects-{}", name.replace(' ', "_")),
        );
        trials.push(Trial::test(
            format!("{name} gets no foreign names"),
            move || no_foreign_names(&compiler, &dir, language),
        ));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn ignored(name: &str, why: &'static str) -> Trial {
    Trial::ignorable_test(name, move || Ok(Completion::ignored_with(why)))
}

/// Returns the arguments of a way, with the folder in place of DROPIN.
fn arguments_of(way: &[&str]) -> Vec<String> {
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

/// Builds the source in every way and, if `linked`, runs it.
fn every_way(compiler: &Compiler, dir: &Path, args: &[String], linked: bool) -> Result<(), Failed> {
    let object = dir.join("dialect.o");
    for way in WAYS {
        let source = c_dir().join("dialect.c");
        try_run(
            compiler
                .strict()
                .args(arguments_of(way))
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
                return Err(format!("{way:?}: printed {said:?}, expected \"ancil's\"").into());
            }
        }
    }
    Ok(())
}

/// Compiles each public header alone and, if it does not need the system, also without a hosted C
/// library; ancil.h with each header of `struct iovec`, in both orders; and our three entrances in
/// every order.
fn each_header(compiler: &Compiler, dir: &Path, args: &[String]) -> Result<(), Failed> {
    let include = |name: &str| format!("#include <{name}>\n");
    let mut freestanding = header::files();
    freestanding.retain(|name| name != "ancil/cmsg.h");
    let freestanding: Vec<_> = freestanding.iter().map(|name| include(name)).collect();
    let uses_iovec = "size_t used(const struct iovec *v);\n\
         size_t used(const struct iovec *v) { return v->iov_len + ancil_iov_size(v, 1); }\n";
    let ours = include("ancil.h");
    let mut hosted = vec![include("ancil/cmsg.h")];
    for uio in ["sys/uio.h", "linux/uio.h"].map(include) {
        hosted.push(format!("{ours}{uio}{uses_iovec}"));
        hosted.push(format!("{uio}{ours}{uses_iovec}"));
    }
    let [cmsg, inline] = ["ancil/cmsg.h", "ancil/inline.h"].map(include);
    for (a, b, c) in [
        (&ours, &cmsg, &inline),
        (&ours, &inline, &cmsg),
        (&cmsg, &ours, &inline),
        (&cmsg, &inline, &ours),
        (&inline, &ours, &cmsg),
        (&inline, &cmsg, &ours),
    ] {
        hosted.push(format!("{a}{b}{c}"));
    }
    hosted.extend(freestanding.iter().cloned());
    let compile = |sources: &[String], flags: &[&str]| -> Result<(), Failed> {
        std::fs::create_dir_all(dir)?;
        let names: Vec<_> = (0..sources.len()).map(|i| format!("{i}.c")).collect();
        for (name, source) in names.iter().zip(sources) {
            std::fs::write(dir.join(name), source)?;
        }
        let mut strict = compiler.strict();
        let one_call = strict
            .current_dir(dir)
            .args(flags)
            .args(args)
            .arg("-c")
            .args(names);
        try_run(one_call, SECONDS)?;
        Ok(())
    };
    compile(&hosted, &[])?;
    let flag = ["-ffreestanding"];
    if compiler.preprocess(&flag, "empty.c").is_ok() {
        compile(&freestanding, &flag)?;
    }
    Ok(())
}

/// Checks that the drop-in adds no macros to <sys/socket.h> but ours, and undefines none, that an
/// object has no symbols but ours, and that ancil.h adds none to <stddef.h> but ours.
fn no_foreign_names(compiler: &Compiler, dir: &Path, language: &str) -> Result<(), Failed> {
    let macros = |args: &[String], source: &str| -> Result<BTreeSet<String>, String> {
        let args: Vec<&str> = args.iter().map(String::as_str).chain(["-dM"]).collect();
        let all = compiler.preprocess(&args, source)?;
        let defined = all.lines().filter_map(|line| line.strip_prefix("#define "));
        Ok(defined
            .filter_map(|rest| rest.split([' ', '(']).next())
            .map(String::from)
            .collect())
    };
    let system = macros(&[], "socket.c")?;
    for way in [&["DROPIN"][..], &["-include", "ancil/cmsg.h"]] {
        let ours = macros(&arguments_of(way), "socket.c")?;
        let foreign = |name: &&String| {
            !name.starts_with("ANCIL_")
                && !name.starts_with("ancil_")
                && !MACROS.contains(&name.as_str())
        };
        let changed: Vec<_> = ours.symmetric_difference(&system).filter(foreign).collect();
        if !changed.is_empty() || !ours.contains("ANCIL_CMSG_H") {
            return Err(format!("{way:?} defines or undefines {changed:?}").into());
        }
        let object = dir.join("socket.o");
        run(compiler
            .strict()
            .args(arguments_of(way))
            .args(["-x", language, "-c", "-o"])
            .arg(&object)
            .arg(c_dir().join("socket.c")));
        let symbols = binutils("nm", &[], &object);
        if let Some(symbol) = symbols.lines().find(|line| !line.contains(" ancil_")) {
            return Err(format!("{way:?} adds the symbol {symbol}").into());
        }
    }
    let of = |header: &str| macros(&["-include".into(), header.into()], "empty.c");
    let (ours, stddef) = (of("ancil.h")?, of("stddef.h")?);
    let foreign: Vec<_> = ours
        .symmetric_difference(&stddef)
        .filter(|name| !name.starts_with("ANCIL_"))
        .collect();
    if !foreign.is_empty() || !ours.contains("ANCIL_H") {
        return Err(format!("ancil.h defines or undefines {foreign:?}").into());
    }
    Ok(())
}
