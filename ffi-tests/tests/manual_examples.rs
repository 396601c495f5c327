//! Compiles the examples of the pages in `man/` and runs each of them: the program in `c/manual/`
//! that is named after the example's function calls it and checks what it does. What it prints must
//! be what the page says.
//!
//! There is one test per example. A program that prints `SKIPPED` and a reason is ignored.

use ffi_tests::cc::Compiler;
use ffi_tests::manual::{Example, Page, pages};
use ffi_tests::process::{SECONDS, try_run};
use ffi_tests::{archive, c_dir, include, scratch};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::OnceLock;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = all_examples().map(|(page, example)| {
        let name = example.function().to_owned();
        Trial::ignorable_test(name, move || check(&page, &example, "right"))
    });
    let trials: Vec<_> = trials
        .chain([
            Trial::test("every_example_has_a_program", || {
                every_example_has_a_program();
                Ok(())
            }),
            Trial::test("a_broken_example_fails", || {
                a_broken_example_fails();
                Ok(())
            }),
        ])
        .collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Returns the name of each page with each of its examples.
fn all_examples() -> impl Iterator<Item = (String, Example)> {
    let of = |page: Page| {
        let examples = page.examples();
        assert!(!examples.is_empty(), "{} has no example", page.file());
        examples
            .into_iter()
            .map(move |example| (page.file(), example))
    };
    pages().into_iter().flat_map(of)
}

/// Runs an example of a page. The tests run at the same time, so each has a `folder` of its own.
fn check(page: &str, example: &Example, folder: &str) -> Result<Completion, Failed> {
    let said = said_by(example, folder).map_err(|e| format!("{page}: {e}"))?;
    if let Some(reason) = said.strip_prefix("SKIPPED ") {
        return Ok(Completion::ignored_with(reason.trim_end()));
    }
    if said != example.prints {
        return Err(format!("{page} says it prints {:?}, but: {said:?}", example.prints).into());
    }
    Ok(Completion::Completed)
}

/// Compiles an example alone, and then with the program that calls it. Returns what that prints.
fn said_by(example: &Example, folder: &str) -> Result<String, String> {
    let name = example.function();
    let dir = scratch(
        env!("CARGO_TARGET_TMPDIR"),
        &format!("manual_examples-{folder}-{name}"),
    );
    let source = dir.join("example.c");
    std::fs::write(&source, &example.source).map_err(|e| e.to_string())?;
    let compiler = Compiler::c();
    let compile = |args: &[&str]| {
        let mut command = compiler.strict();
        // An example that insists on the drop-in is compiled as its page says.
        if example.source.contains("#ifndef ANCIL_CMSG_H") {
            command.arg("-I").arg(include().join("ancil/dropin"));
        }
        command.args(args).arg("-o").arg(dir.join(name));
        command
    };
    try_run(compile(&["-O2", "-c"]).arg(&source), SECONDS)?;
    let mut link = compile(checks());
    link.arg("-I").arg(&dir).arg(program(name));
    // The other headers need no library.
    if example.source.contains("#include <ancil.h>") {
        link.arg(archive());
    }
    try_run(&mut link, SECONDS)?;
    try_run(&mut Command::new(dir.join(name)), SECONDS)
}

/// Returns the program that calls an example.
fn program(name: &str) -> PathBuf {
    c_dir().join("manual").join(name).with_extension("c")
}

/// Returns the flags by which a program finds its own mistakes.
fn checks() -> &'static [&'static str] {
    static CHECKS: OnceLock<&[&str]> = OnceLock::new();
    CHECKS.get_or_init(|| Compiler::c().checks(&ffi_tests::scratch!("checks")))
}

fn every_example_has_a_program() {
    let mut examples: Vec<_> = all_examples()
        .map(|(_, example)| program(example.function()))
        .collect();
    examples.sort();
    let mut programs: Vec<_> = std::fs::read_dir(c_dir().join("manual"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "c"))
        .collect();
    programs.sort();
    assert_eq!(examples, programs, "examples, and their programs");
}

/// Of each kind of mistake, one is noticed: in the C, in what the function does, and in what the
/// page says that it prints.
fn a_broken_example_fails() {
    let find = |name: &str| all_examples().find(|(_, example)| example.function() == name);
    let broken = |name: &str, from: &str, to: &str| {
        let (page, mut example) = find(name).expect("an example");
        assert!(check(&page, &example, "broken").is_ok());
        assert!(example.source.contains(from));
        example.source = example.source.replace(from, to);
        check(&page, &example, "broken").is_err()
    };
    assert!(broken("hop_limit", "value;\n\n", "value\n\n"));
    assert!(broken("hop_limit", "return value", "return value + 1"));
    assert!(broken("list", "malformed", "bad"));
}
