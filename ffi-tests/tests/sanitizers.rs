//! Runs the C programs of the other tests with AddressSanitizer and UndefinedBehaviorSanitizer,
//! which check the C and the library's calls of memcpy and memset, and under valgrind, which checks
//! the library's instructions as well.

use ffi_tests::cc::Compiler;
use ffi_tests::process::{MINUTES, SECONDS, try_run};
use ffi_tests::{archive, c_dir, header, include, scratch};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Source, more arguments to the compiler, and the expected output.
const PROGRAMS: [(&str, &[&str], &str); 13] = [
    ("api.c", &[], "ok\n"),
    ("api.c", &["-DANCIL_NO_INLINE"], "ok\n"),
    ("inline.c", &[], "ok\n"),
    ("fds.c", &[], "ok\n"),
    ("typed.c", &[], "ok\n"),
    ("errqueue.c", &[], "ok\n"),
    ("option.c", &[], "ok\n"),
    ("datagram.c", &[], "ok\n"),
    ("exthdr.c", &[], "ok\n"),
    ("format.c", &[], "ok\n"),
    ("iov.c", &[], "iov: 20000 cases\n"),
    ("dialect.c", &[], "ancil's\n"),
    ("send_self.c", &["DROPIN"], "passed\n"),
];

const SANITIZERS: &str = "-fsanitize=address,undefined,alignment";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = PROGRAMS.into_iter().flat_map(|program| {
        let source = label(program);
        let sanitized = ["gcc", "clang"].map(|compiler| {
            let name = format!("{source} {compiler} {SANITIZERS}");
            Trial::ignorable_test(name, move || sanitize(compiler, program))
        });
        let watched =
            Trial::ignorable_test(format!("{source} valgrind"), move || valgrind(program));
        sanitized.into_iter().chain([watched])
    });
    let trials = trials
        .chain([Trial::ignorable_test(
            "a wrong program is caught",
            wrong_program,
        )])
        .collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Returns a name for a program: its source and its arguments, in one word.
fn label((source, way, _): (&str, &[&str], &str)) -> String {
    source.to_string() + &way.concat()
}

fn build(
    compiler: &Compiler,
    dir: &str,
    source: &Path,
    way: &[&str],
    args: &[&str],
) -> Result<PathBuf, String> {
    let dir = scratch(env!("CARGO_TARGET_TMPDIR"), &format!("sanitizers-{dir}"));
    let dropin = format!("-I{}", include().join("ancil/dropin").display());
    let way = way
        .iter()
        .map(|arg| if *arg == "DROPIN" { &dropin } else { *arg });
    compiler.try_program(
        &dir,
        &[source],
        &way.chain(args.iter().copied()).collect::<Vec<_>>(),
        archive(),
    )
}

/// Returns the arguments of a program: of api.c the version, of inline.c that fewer numbers will
/// do, and of iov.c under valgrind that it must not call sendmsg.
fn arguments_of(exe: &Path, valgrind: bool) -> Vec<String> {
    if exe.ends_with("api.exe") {
        vec![header::version()]
    } else if exe.ends_with("inline.exe") {
        vec!["fewer".into()]
    } else if exe.ends_with("iov.exe") && valgrind {
        vec!["no sendmsg".into()]
    } else {
        Vec::new()
    }
}

fn compare(said: String, expected: &str) -> Result<Completion, Failed> {
    if said == expected {
        Ok(Completion::Completed)
    } else {
        Err(format!("printed {said:?}, expected {expected:?}").into())
    }
}

fn sanitize(name: &str, program: (&str, &[&str], &str)) -> Result<Completion, Failed> {
    let (source, way, expected) = program;
    let args = ["-O1", "-g", SANITIZERS, "-fno-sanitize-recover=all"];
    let compiler = match sanitizing(name) {
        Ok(compiler) => compiler,
        Err(why) => return Ok(Completion::ignored_with(why)),
    };
    let exe = build(
        &compiler,
        &format!("{name}-{}", label(program)),
        &c_dir().join(source),
        way,
        &args,
    )?;
    compare(
        try_run(Command::new(&exe).args(arguments_of(&exe, false)), SECONDS)?,
        expected,
    )
}

/// Returns the compiler, if it and its sanitizers are installed.
fn sanitizing(name: &str) -> Result<Compiler, String> {
    let compiler = Compiler::find(name, "c", &[]).ok_or("not installed")?;
    let dir = scratch(
        env!("CARGO_TARGET_TMPDIR"),
        &format!("sanitizers-{name}-{:?}", std::thread::current().id()),
    );
    compiler
        .runs_with(&dir, &[SANITIZERS])
        .map_err(|_| "its sanitizers are not installed")?;
    Ok(compiler)
}

fn valgrind(program: (&str, &[&str], &str)) -> Result<Completion, Failed> {
    let (source, way, expected) = program;
    if try_run(Command::new("valgrind").arg("--version"), SECONDS).is_err() {
        return Ok(Completion::ignored_with("valgrind is not installed"));
    }
    let exe = build(
        &Compiler::c(),
        &format!("valgrind-{}", label(program)),
        &c_dir().join(source),
        way,
        &["-O1", "-g"],
    )?;
    compare(
        try_run(
            under_valgrind().arg(&exe).args(arguments_of(&exe, true)),
            MINUTES,
        )?,
        expected,
    )
}

fn under_valgrind() -> Command {
    let mut command = Command::new("valgrind");
    command.args(["--quiet", "--error-exitcode=99", "--leak-check=no"]);
    command
}

/// Checks that the tools report a buffer that is one byte shorter than the length that the library
/// gets.
fn wrong_program() -> Result<Completion, Failed> {
    let source = scratch(env!("CARGO_TARGET_TMPDIR"), "sanitizers-source").join("wrong.c");
    std::fs::write(
        &source,
        "#include <ancil.h>\n#include <stdlib.h>\n#include <string.h>\n\
         int main(void)\n{\n    struct ancil_writer w;\n\
         \x20   char *const buf = malloc(ANCIL_CMSG_LEN(100) - 1);\n\
         \x20   char data[100];\n\n    memset(data, 1, sizeof data);\n\
         \x20   ancil_writer_init(&w, buf, ANCIL_CMSG_SPACE(100));\n\
         \x20   return ancil_writer_put(&w, 1, 2, data, sizeof data);\n}\n",
    )?;
    let mut caught = 0;
    if let Ok(compiler) = sanitizing("gcc") {
        let exe = build(&compiler, "wrong-gcc", &source, &[], &["-g", SANITIZERS])?;
        let said = try_run(&mut Command::new(exe), SECONDS)
            .err()
            .unwrap_or_default();
        caught += usize::from(said.contains("AddressSanitizer: heap-buffer-overflow"));
        if caught == 0 {
            return Err(format!("the sanitizer did not report the overflow: {said}").into());
        }
    }
    if try_run(Command::new("valgrind").arg("--version"), SECONDS).is_ok() {
        let exe = build(&Compiler::c(), "wrong-valgrind", &source, &[], &["-g"])?;
        let said = try_run(under_valgrind().arg(exe), MINUTES)
            .err()
            .unwrap_or_default();
        if !said.contains("Invalid write") {
            return Err(format!("valgrind did not report the overflow: {said}").into());
        }
        caught += 1;
    }
    Ok(if caught > 0 {
        Completion::Completed
    } else {
        Completion::ignored_with("no sanitizer and no valgrind is installed")
    })
}
