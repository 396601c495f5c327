//! The C programs of the other tests once more, where each wrong byte is seen: under AddressSanitizer and
//! UndefinedBehaviorSanitizer, which watch the C and what the library does by memcpy and memset, and under valgrind,
//! which watches the library's own instructions too.

use ffi_tests::cc::Compiler;
use ffi_tests::process::{MINUTES, SECONDS, try_run};
use ffi_tests::{archive, c_dir, include, root, scratch};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Source, more arguments to the compiler, and what the program says when all is well.
const PROGRAMS: [(&str, &[&str], &str); 5] = [
    ("api.c", &[], "ok\n"),
    ("format.c", &[], "ok\n"),
    ("iov.c", &[], "iov: 20000 cases\n"),
    ("dialect.c", &[], "ancil's\n"),
    ("send_self.c", &["DROPIN"], "passed\n"),
];

const SANITIZERS: &str = "-fsanitize=address,undefined,alignment";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = PROGRAMS.into_iter().flat_map(|program| {
        let (source, ..) = program;
        let sanitized = ["gcc", "clang"].map(|compiler| {
            let name = format!("{source} {compiler} {SANITIZERS}");
            Trial::ignorable_test(name, move || sanitize(compiler, program))
        });
        let watched =
            Trial::ignorable_test(format!("{source} valgrind"), move || valgrind(program));
        sanitized.into_iter().chain([watched])
    });
    let trials = trials
        .chain([Trial::ignorable_test("a wrong program is caught", teeth)])
        .collect();
    libtest_mimic::run(&arguments, trials).exit_code()
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

/// What the programs want to be told: api.c the version; iov.c, under valgrind, not to call sendmsg.
fn told(exe: &Path, valgrind: bool) -> Vec<String> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap_or_default();
    let version = manifest
        .lines()
        .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    let sendmsg = valgrind.then_some("no sendmsg");
    let word = if exe.ends_with("api.exe") {
        version
    } else {
        sendmsg.filter(|_| exe.ends_with("iov.exe"))
    };
    word.map(String::from).into_iter().collect()
}

fn says(said: String, expected: &str) -> Result<Completion, Failed> {
    if said == expected {
        Ok(Completion::Completed)
    } else {
        Err(format!("{said:?}, not {expected:?}").into())
    }
}

fn sanitize(
    name: &str,
    (source, way, expected): (&str, &[&str], &str),
) -> Result<Completion, Failed> {
    let args = ["-O1", "-g", SANITIZERS, "-fno-sanitize-recover=all"];
    let compiler = match sanitizing(name) {
        Ok(compiler) => compiler,
        Err(why) => return Ok(Completion::ignored_with(why)),
    };
    let exe = build(
        &compiler,
        &format!("{name}-{source}"),
        &c_dir().join(source),
        way,
        &args,
    )?;
    says(
        try_run(Command::new(&exe).args(told(&exe, false)), SECONDS)?,
        expected,
    )
}

/// The compiler, if it is here and its sanitizers are.
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

fn valgrind((source, way, expected): (&str, &[&str], &str)) -> Result<Completion, Failed> {
    if try_run(Command::new("valgrind").arg("--version"), SECONDS).is_err() {
        return Ok(Completion::ignored_with("valgrind is not installed"));
    }
    let exe = build(
        &Compiler::c(),
        &format!("valgrind-{source}"),
        &c_dir().join(source),
        way,
        &["-O1", "-g"],
    )?;
    says(
        try_run(under_valgrind().arg(&exe).args(told(&exe, true)), MINUTES)?,
        expected,
    )
}

fn under_valgrind() -> Command {
    let mut command = Command::new("valgrind");
    command.args(["--quiet", "--error-exitcode=99", "--leak-check=no"]);
    command
}

/// One byte less than the library is told: its memcpy is seen by a sanitizer, its own reads by valgrind.
fn teeth() -> Result<Completion, Failed> {
    let source = scratch(env!("CARGO_TARGET_TMPDIR"), "sanitizers-source").join("wrong.c");
    std::fs::write(
        &source,
        "#include <ancil.h>\n#include <stdlib.h>\n#include <string.h>\n\
         int main(void)\n{\n    struct ancil_writer w;\n    char *const buf = malloc(ANCIL_CMSG_LEN(100) - 1);\n\
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
            return Err(format!("the sanitizer says only: {said}").into());
        }
    }
    if try_run(Command::new("valgrind").arg("--version"), SECONDS).is_ok() {
        let exe = build(&Compiler::c(), "wrong-valgrind", &source, &[], &["-g"])?;
        let said = try_run(under_valgrind().arg(exe), MINUTES)
            .err()
            .unwrap_or_default();
        if !said.contains("Invalid write") {
            return Err(format!("valgrind says only: {said}").into());
        }
        caught += 1;
    }
    Ok(if caught > 0 {
        Completion::Completed
    } else {
        Completion::ignored_with("neither of them is here")
    })
}
