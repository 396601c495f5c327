//! Compares the drop-in's macros and the functions that they call with the system's macros and a
//! model.

use ffi_tests::cc::Compiler;
use ffi_tests::process::{SECONDS, run, try_run};
use ffi_tests::{archive, c_dir, header, note, scratch, skip};
use std::path::Path;
use std::process::Command;

/// Builds and runs the comparison. The system's side is compiled at the same level of optimisation,
/// which decides whether glibc's CMSG_NXTHDR is inline code or a call.
fn compare(compiler: &Compiler, dir: &Path, args: &[&str]) -> Result<String, String> {
    let optimise: Vec<_> = args
        .iter()
        .copied()
        .filter(|a| a.starts_with("-O"))
        .collect();
    let system = compiler.system_object(dir, "system", &c_dir().join("system.c"), &optimise);
    let exe = compiler.try_program(dir, &[c_dir().join("macros.c"), system], args, archive())?;
    try_run(&mut Command::new(exe), SECONDS)
}

#[test]
fn equal_the_system_and_the_model() {
    let dir = scratch!("system");
    for level in ["-O0", "-O2"] {
        let said = compare(&Compiler::c(), &dir, &[level]).unwrap_or_else(|e| panic!("{e}"));
        note(&format!("{level}: {said}"));
    }
}

#[test]
fn equal_musl_except_for_its_documented_difference() {
    let musl = match Compiler::musl() {
        Ok(musl) => musl,
        Err(reason) => return skip("the comparison with musl", reason),
    };
    let dir = scratch!("musl");
    for level in ["-O0", "-O2"] {
        let said = compare(&musl, &dir, &[level]).unwrap_or_else(|e| panic!("{e}"));
        note(&format!("musl {level}: {said}"));
    }
}

/// Each of the mistakes in mutants.h makes the comparison fail, and in the right place.
#[test]
fn boundary_mistakes_are_caught() {
    let dir = scratch!("mutants");
    let mut mutants: Vec<(String, String, &str)> = [
        (1, "CMSG_SPACE("),
        (3, "CMSG_NXTHDR, "),
        (4, "CMSG_FIRSTHDR, "),
        (5, "CMSG_FIRSTHDR, "),
        (6, "CMSG_NXTHDR, "),
        (7, "CMSG_NXTHDR, "),
        (8, "CMSG_NXTHDR, "),
        (9, "CMSG_LEN("),
        (10, "CMSG_ALIGN("),
        (11, "CMSG_NXTHDR(m, NULL), "),
    ]
    .map(|(mutant, place)| (format!("-DMUTANT={mutant}"), "-DHANG=0".into(), place))
    .to_vec();
    let word = size_of::<usize>();
    mutants
        .extend((1..word).map(|n| ("-DMUTANT=2".into(), format!("-DHANG={n}"), "CMSG_NXTHDR, ")));
    for (mutant, hang, place) in &mutants {
        let Err(said) = compare(&Compiler::c(), &dir, &["-O1", "-w", mutant, hang]) else {
            panic!("{mutant} {hang} was not caught");
        };
        assert!(
            said.contains(&format!("\nMISMATCH {place}")),
            "{mutant} {hang} fails elsewhere:\n{said}"
        );
    }
}

/// Each macro and function of the headers must occur in the source of a comparison.
#[test]
fn every_macro_is_compared() {
    let files = [
        "macros.c",
        "walk.h",
        "inline.c",
        "fds.c",
        "netlink.c",
        "netlink_calls.c",
    ];
    let source = files
        .map(|f| std::fs::read_to_string(c_dir().join(f)).unwrap())
        .concat();
    let (ancil, cmsg) = (header::text("ancil.h"), header::text("ancil/cmsg.h"));
    let mut names = header::function_macros(&ancil);
    names.extend(
        header::functions(&ancil)
            .iter()
            .filter(|name| name.starts_with("ancil_cmsg_")),
    );
    names.extend(
        header::constants(&ancil)
            .iter()
            .map(|(name, _)| *name)
            .filter(|n| n.starts_with("ANCIL_CMSG_")),
    );
    names.extend(
        header::function_macros(&cmsg)
            .iter()
            .filter(|name| name.starts_with("CMSG_")),
    );
    assert!(names.len() >= 15, "{names:?}");
    for name in names {
        let uses = source.match_indices(name).filter(|(at, _)| {
            let (before, after) = (
                source[..*at].chars().next_back(),
                source[at + name.len()..].chars().next(),
            );
            let inside =
                |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '"');
            !inside(before) && !inside(after)
        });
        assert!(uses.count() > 0, "{name} is not compared");
    }
}

/// An endless loop fails instead of blocking the tests.
#[test]
fn the_time_limit_ends_an_endless_loop() {
    let dir = scratch!("limit");
    let source = dir.join("forever.c");
    std::fs::write(
        &source,
        "int main(void) { for (;;) { volatile int x = 0; (void)x; } }\n",
    )
    .unwrap();
    let exe = Compiler::c().program(&dir, &[source], &[]);
    let end = try_run(
        &mut Command::new(exe),
        std::time::Duration::from_millis(200),
    );
    assert!(end.is_err_and(|e| e.ends_with("exceeded the time limit")));
    run(&mut Command::new("true"));
}
