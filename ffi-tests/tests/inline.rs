//! Checks the headers that need no library: `ancil/inline.h` and `ancil/fds.h`, copied into another
//! project, and beside the library.

use ffi_tests::cc::Compiler;
use ffi_tests::process::{MINUTES, SECONDS, run, run_for, try_run};
use ffi_tests::{c_dir, header, include, note, scratch};
use std::fs::{copy, create_dir_all, read_to_string, write};
use std::path::Path;
use std::process::Command;

/// Copies the two headers into a folder `ancil` of `dir`.
fn copy_headers(dir: &Path) {
    create_dir_all(dir.join("ancil")).unwrap();
    for header in ["inline.h", "fds.h"] {
        copy(
            include().join("ancil").join(header),
            dir.join("ancil").join(header),
        )
        .unwrap();
    }
}

/// Returns the installed compilers, each with its name and the flags for a source in C.
fn compilers() -> Vec<(String, Compiler, &'static [&'static str])> {
    let cxx: &[_] = &["-x", "c++"];
    let mut all = vec![("cc".to_string(), Compiler::c(), &[][..])];
    all.extend(Compiler::cxx().map(|cxx_compiler| ("c++".into(), cxx_compiler, cxx)));
    all.extend(Compiler::clang().map(|clang| ("clang".into(), clang, &[][..])));
    all.extend(Compiler::musl().map(|musl| ("musl-gcc".into(), musl, &[][..])));
    if ffi_tests::machine::target().is_none() {
        let find = |command: &str, language| Compiler::find(command, language, &[]);
        all.extend(find("clang++", "c++").map(|clang| ("clang++".into(), clang, cxx)));
        all.extend(find("tcc", "c").map(|tcc| ("tcc".into(), tcc, &[][..])));
    }
    all
}

/// With every compiler, at every level, in a folder that contains nothing else of ours: no warning,
/// no library, and descriptors arrive.
#[test]
fn two_copied_headers_are_enough() {
    let dir = scratch!("copied");
    copy_headers(&dir);
    for (name, compiler, language) in compilers() {
        for level in ["-O0", "-O2", "-Os"] {
            let exe = dir.join(format!("fds{level}.{name}"));
            let mut cc = compiler.strict_with(&dir);
            cc.args(language)
                .arg(level)
                .arg("-o")
                .arg(&exe)
                .arg(c_dir().join("fds.c"));
            run(&mut cc);
            assert_eq!(run(&mut Command::new(&exe)), "ok\n", "{name} {level}");
        }
        note(&format!("{name}: inline.h and fds.h alone"));
    }
}

#[test]
fn two_versions_do_not_meet() {
    let dir = scratch!("versions");
    copy_headers(&dir.join("old"));
    copy_headers(&dir.join("new"));
    let new = dir.join("new/ancil/inline.h");
    let text = read_to_string(&new).unwrap();
    let number = header::version_number();
    let [is, is_not] = ["ANCIL_INLINE_H ", "ANCIL_INLINE_H != "].map(|s| format!("{s}{number}"));
    assert!(text.contains(&is) && text.contains(&is_not), "{is}");
    assert!(text.contains(&format!("ancil/inline.h, version {}:", header::version())));
    let text = text
        .replace(&is, &format!("ANCIL_INLINE_H {}", number + 1))
        .replace(&is_not, &format!("ANCIL_INLINE_H != {}", number + 1));
    write(&new, text).unwrap();
    for (second, meets) in [("old", true), ("new", false)] {
        let source = dir.join(format!("{second}.c"));
        let includes =
            format!("#include \"old/ancil/fds.h\"\n#include \"{second}/ancil/inline.h\"\n");
        write(&source, includes).unwrap();
        let object = source.with_extension("o");
        let compiled = try_run(
            Compiler::c()
                .command()
                .arg("-c")
                .arg("-o")
                .arg(object)
                .arg(source),
            SECONDS,
        );
        match compiled {
            Ok(_) => assert!(meets, "two versions were compiled together"),
            Err(e) => assert!(!meets && e.contains("another version of it"), "{e}"),
        }
    }
}

/// A call is inline, a pointer to the function is the library's: both are compared, for all small
/// numbers and buffers. tests/sanitizers.rs does so once more.
#[test]
fn inline_functions_equal_those_of_the_library() {
    let dir = scratch!("inline");
    let fewer = (Some("fewer"), "ok\n");
    let all = (None, "equal in 5"); // more than 50 million
    let here = ffi_tests::machine::target().is_none();
    for (level, (argument, expected)) in [("-O0", fewer), ("-O2", if here { all } else { fewer })] {
        let exe = Compiler::c().program(&dir, &[c_dir().join("inline.c")], &[level]);
        let said = run_for(Command::new(exe).args(argument), MINUTES);
        assert!(said.starts_with(expected), "{said}");
        note(&format!("{level}: {said}"));
    }
}
