//! Builds the examples as this test was built, and runs them where it runs.

use crate::process::{LIMIT, run_for};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The reason why this kernel, user or machine cannot show something.
pub struct Skip(pub String);

/// Whether the example `bare` has the system calls of this machine.
pub const KNOWS_BARE: bool =
    cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) && cfg!(target_pointer_width = "64");

/// Returns the root of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ lies in the workspace")
}

/// Returns where cargo has put this test: the target directory, the target if cargo was given a
/// `--target`, and the profile.
fn build_location() -> (PathBuf, Option<String>, String) {
    // The path is DIR/tmp or, with a --target, DIR/TARGET/tmp. Only DIR contains CACHEDIR.TAG.
    let base = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("a folder above tmp");
    let exe = std::env::current_exe().unwrap_or_default();
    let folder = exe
        .strip_prefix(base)
        .ok()
        .and_then(|path| path.iter().next()?.to_str())
        .unwrap_or("debug");
    let profile = if folder == "debug" { "dev" } else { folder }.to_owned();
    match (
        base.join("CACHEDIR.TAG").exists(),
        base.parent(),
        base.file_name(),
    ) {
        (false, Some(parent), Some(target)) => (
            parent.into(),
            Some(target.to_string_lossy().into()),
            profile,
        ),
        _ => (base.into(), None, profile),
    }
}

/// Builds every example that is not up to date, with the features of the README's test command,
/// then those that need no feature once more, without any. Returns the examples by name.
pub fn build() -> Result<BTreeMap<String, Program>, String> {
    let mut programs = build_with(&["--workspace", "--all-features"])?;
    // These replace the programs that were built with all features: a feature that such an example
    // does need is an error here.
    programs.extend(build_with(&["--no-default-features"])?);
    if KNOWS_BARE {
        // A package of its own, which has this profile and none of the workspace.
        let manifest = ["--manifest-path", "examples/bare/Cargo.toml", "--locked"];
        programs.extend(built("bin", &manifest, "dev")?);
    }
    Ok(programs)
}

/// Builds the examples that cargo selects with these arguments. Returns them by name.
fn build_with(arguments: &[&str]) -> Result<BTreeMap<String, Program>, String> {
    let (_, _, profile) = build_location();
    built("example", &[&["--examples"], arguments].concat(), &profile)
}

/// Builds the programs of this kind that cargo selects with these arguments. Returns them by name.
fn built(
    kind: &str,
    arguments: &[&str],
    profile: &str,
) -> Result<BTreeMap<String, Program>, String> {
    let (dir, target, _) = build_location();
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo
        .current_dir(root())
        .args(["build", "--quiet"])
        .args(arguments)
        .args([
            "--message-format",
            "json-render-diagnostics",
            "--profile",
            profile,
            "--target-dir",
        ])
        .arg(dir);
    let mut runner = Vec::new();
    if let Some(target) = target {
        cargo.args(["--target", &target]);
        let variable = format!(
            "CARGO_TARGET_{}_RUNNER",
            target.to_uppercase().replace(['-', '.'], "_")
        );
        runner = std::env::var(variable)
            .unwrap_or_default()
            .split_whitespace()
            .map(OsString::from)
            .collect();
    }
    cargo.stdin(Stdio::null()).stdout(Stdio::piped());
    let (_, built) =
        run_for(Duration::from_secs(20 * 60), &mut cargo).map_err(|e| format!("{cargo:?}: {e}"))?;
    if !built.status.success() {
        return Err(format!(
            "{cargo:?}: {}\n{}",
            built.status,
            String::from_utf8_lossy(&built.stderr)
        ));
    }
    let (messages, program) = (String::from_utf8_lossy(&built.stdout), "\"executable\":\"");
    let kind = format!("\"kind\":[\"{kind}\"]");
    let paths = messages
        .lines()
        .filter(|line| line.contains(&kind))
        .filter_map(|line| {
            let (_, path) = line.split_once(program)?;
            Some(PathBuf::from(path.split('"').next()?))
        });
    let named = |path: PathBuf| {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        (
            name,
            Program {
                command: runner.iter().cloned().chain([path.into()]).collect(),
            },
        )
    };
    Ok(paths.map(named).collect())
}

/// One of the examples.
#[derive(Clone)]
pub struct Program {
    /// The path, after the emulator that runs it and its arguments if it is for another machine.
    command: Vec<OsString>,
}

/// How a program ended, and what it printed.
pub struct Finished {
    /// The process id.
    pub id: u32,
    pub ok: bool,
    pub out: String,
    pub err: String,
}

impl Program {
    /// Returns whether the process that the test starts is the example itself, not an emulator.
    pub fn is_direct(&self) -> bool {
        self.command.len() == 1
    }

    /// Returns a command that runs the example with these arguments.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).args(arguments);
        command
    }

    /// Runs the example with these arguments, as `run_ok` does. Returns what it printed.
    pub fn prints(&self, arguments: &[&str]) -> Result<String, Skip> {
        run_ok(&mut self.command(arguments))
    }
}

/// Runs a command that must succeed and print no error. Returns what it printed.
pub fn run_ok(command: &mut Command) -> Result<String, Skip> {
    let Finished { ok, out, err, .. } = run(command)?;
    assert!(ok && err.is_empty(), "{command:?}\n{out}{err}");
    Ok(out)
}

/// Runs a command, with empty standard input.
pub fn run(command: &mut Command) -> Result<Finished, Skip> {
    finish(command.stdin(Stdio::null()).stdout(Stdio::piped()))
}

/// Runs a command whose standard input is `text`.
pub fn run_with_input(command: &mut Command, text: &[u8]) -> Result<Finished, Skip> {
    let (mut to, from) = UnixStream::pair().expect("a socket");
    std::io::Write::write_all(&mut to, text).expect("space for a few bytes");
    drop(to);
    finish(command.stdin(OwnedFd::from(from)).stdout(Stdio::piped()))
}

/// Runs a command whose standard output is `file`.
pub fn run_into_file(command: &mut Command, file: File) -> Result<Finished, Skip> {
    finish(command.stdin(Stdio::null()).stdout(file))
}

fn finish(command: &mut Command) -> Result<Finished, Skip> {
    match run_for(LIMIT, command) {
        Ok((id, output)) => {
            let [out, err] =
                [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
            Ok(Finished {
                id,
                ok: output.status.success(),
                out,
                err,
            })
        }
        // The program itself did not start: a `Command::pre_exec` closure failed, or the program is
        // for another machine.
        Err(e) => match e.raw_os_error() {
            Some(libc::ENOEXEC) => Err(Skip(
                "no CARGO_TARGET_..._RUNNER for programs for that machine".into(),
            )),
            Some(
                libc::EPERM
                | libc::EACCES
                | libc::ENOSYS
                | libc::EROFS
                | libc::ENOSPC
                | libc::EINVAL,
            ) => Err(Skip(format!("before the program itself runs: {e}"))),
            _ => panic!("{command:?}: {e}"),
        },
    }
}
