//! What the tests of the C library share: they build libancil, compile C, run programs and read the
//! header.
//!
//! The tests are in `tests/`, their C is in `c/`. CC and CXX name the compilers. If a program that
//! a test needs (musl-gcc, g++, python3) is not installed, the test is skipped, and a line on
//! stderr says so. Most tests run for another machine as well: see [`machine`].

pub mod cc;
pub mod examples;
pub mod header;
pub mod machine;
pub mod manual;
pub mod process;
pub mod rustdoc;

use process::run;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Returns the folder of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("ffi-tests lies in the workspace")
}

/// Returns the folder of these tests' C sources.
pub fn c_dir() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/c"))
}

/// Returns the folder of the public headers.
pub fn include() -> PathBuf {
    root().join("include")
}

/// Makes an empty folder for one test, below Cargo's folder for temporary files of tests.
#[macro_export]
macro_rules! scratch {
    ($name:literal) => {
        $crate::scratch(
            env!("CARGO_TARGET_TMPDIR"),
            concat!(env!("CARGO_CRATE_NAME"), "-", $name),
        )
    };
}

/// Makes an empty folder: see [`scratch!`].
pub fn scratch(parent: &str, name: &str) -> PathBuf {
    let dir = Path::new(parent).join(name);
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
    dir
}

/// Returns `libancil.a` as it is shipped. `make` builds it.
pub fn archive() -> &'static Path {
    &libraries().0
}

/// Returns `libancil.so.*` as it is shipped.
pub fn shared_object() -> &'static Path {
    &libraries().1
}

/// Builds both libraries, once per process, in a folder of this test program, since several test
/// programs may run at the same time.
fn libraries() -> &'static (PathBuf, PathBuf) {
    static LIBRARIES: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    LIBRARIES.get_or_init(|| {
        let program = std::env::current_exe().unwrap_or_default();
        let name = program
            .file_stem()
            .and_then(|s| s.to_str())
            .unwrap_or_default();
        let mut out =
            PathBuf::from("target/capi").join(name.rsplit_once('-').map_or(name, |(name, _)| name));
        let mut make = make();
        if let Some(target) = machine::target() {
            out.push(&target);
            make.arg(format!("CROSS={target}"))
                .arg(format!("CC={}", machine::tool("gcc")));
            make.env("RUSTC", machine::RUSTC);
        } else if let Ok(cc) = std::env::var("CC") {
            // Not the folder of another compiler, which may use another C library.
            let name = cc.split_whitespace().next().unwrap_or_default();
            out.push(
                name.split(|c: char| !c.is_alphanumeric())
                    .collect::<String>(),
            );
        }
        process::run_for(
            make.args(["-j2", "all"])
                .arg(format!("OUT={}", out.display())),
            process::MINUTES,
        );
        let out = root().join(out);
        (
            out.join("libancil.a"),
            out.join(format!("libancil.so.{}", header::version())),
        )
    })
}

/// Returns `make` for the workspace: quiet, and independent of a `make` that runs these tests.
pub fn make() -> Command {
    let mut make = Command::new("make");
    make.current_dir(root())
        .arg("-s")
        .env_remove("MAKEFLAGS")
        .env_remove("MAKELEVEL");
    make
}

/// Builds the archive of a package as rustc makes it, with compiler support, at this level of
/// optimisation and with these arguments to rustc. A `target_dir` of its own keeps the usual build
/// from becoming stale.
pub fn rust_archive(
    package: &str,
    target_dir: &Path,
    level: Option<&str>,
    rustc_args: &[&str],
) -> PathBuf {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.current_dir(root()).args([
        "rustc",
        "--quiet",
        "--package",
        package,
        "--lib",
        "--profile",
        "capi",
    ]);
    cargo.args([
        "--crate-type",
        "staticlib",
        "--message-format",
        "json-render-diagnostics",
    ]);
    if package == "ancil" {
        cargo.args(["--features", "capi"]);
    }
    if let Some(level) = level {
        cargo.env("CARGO_PROFILE_CAPI_OPT_LEVEL", level);
    }
    if let Some(target) = machine::target() {
        cargo
            .args(["--target", &target, "-Zbuild-std=core"])
            .env("RUSTC", machine::RUSTC)
            .env("RUSTC_BOOTSTRAP", "1");
    }
    if rustc_args.iter().any(|arg| arg.starts_with("-Z")) {
        cargo.env("RUSTC_BOOTSTRAP", "1");
    }
    cargo
        .arg("--target-dir")
        .arg(target_dir)
        .arg("--")
        .args(rustc_args);
    // Cargo itself says where the file is, whatever CARGO_BUILD_TARGET is.
    let messages = process::run_for(&mut cargo, process::MINUTES);
    let name = format!("lib{}.a", package.replace('-', "_"));
    let path = messages.split('"').rfind(|s| s.ends_with(&name));
    PathBuf::from(path.unwrap_or_else(|| panic!("cargo names no {name}:\n{messages}")))
}

/// Extracts the members of the archive that are not compiler support. Returns their paths.
pub fn own_objects(dir: &Path, archive: &Path) -> Vec<PathBuf> {
    let members = binutils("ar", &["t"], archive);
    let own = members
        .lines()
        .filter(|m| m.starts_with("ancil") && m.ends_with(".o"));
    let written = own.map(|member| {
        let out = Command::new(machine::tool("ar"))
            .arg("p")
            .arg(archive)
            .arg(member)
            .output()
            .unwrap();
        std::fs::write(dir.join(member), out.stdout).unwrap();
        dir.join(member)
    });
    written.collect()
}

/// Returns whether a tool is installed. If not, reports that `what` is skipped.
pub fn has(tool: &str, what: &str) -> bool {
    let there = Command::new(tool)
        .arg("--version")
        .output()
        .is_ok_and(|out| out.status.success());
    if !there {
        skip(what, &format!("{tool} is not installed"));
    }
    there
}

/// Compiles a C source of `c/` with warnings as errors, links it with libancil, runs it, and
/// returns what it printed.
pub fn compile_and_run(dir: &Path, source: &str, args: &[&str]) -> String {
    let exe = cc::Compiler::c().program(dir, &[c_dir().join(source)], args);
    run(&mut Command::new(exe))
}

/// Returns the Python interpreter itself, not a wrapper that starts it: its process id is compared.
///
/// # Errors
/// The reason, if there is no Python that can pass credentials.
pub fn python() -> Result<PathBuf, String> {
    let ask = [
        "-c",
        "import socket, sys; socket.SO_PASSCRED; print(sys.executable)",
    ];
    let name = process::try_run(Command::new("python3").args(ask), process::SECONDS)?;
    Ok(name.trim().into())
}

/// Returns what a tool of binutils prints about a file, without stderr, to which its LLVM plugin
/// prints warnings.
pub fn binutils(tool: &str, args: &[&str], file: &Path) -> String {
    let out = Command::new(machine::tool(tool))
        .args(args)
        .arg(file)
        .output()
        .unwrap_or_else(|e| panic!("{tool}: {e}"));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// Prints a line to stderr. The test harness does not capture it, unlike the output of `eprintln`.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", text.trim_end());
}

/// Reports in one line that a part of a test was skipped.
pub fn skip(what: &str, reason: &str) {
    let reason: Vec<_> = reason
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    note(&format!("SKIPPED {what}: {}", reason.join("; ")));
}
