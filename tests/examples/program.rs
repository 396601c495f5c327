//! The examples as programs: built as this test was, and run where it runs.

use crate::process::{LIMIT, run_for};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// What this kernel, this user or this machine cannot show.
pub struct Skip(pub String);

/// The workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ lies in the workspace")
}

/// Where cargo has put this test: its target directory, the machine it is for if that was named, and the profile.
fn place() -> (PathBuf, Option<String>, String) {
    // DIR/tmp or, if cargo was given a --target, DIR/TARGET/tmp. Only DIR has the tag.
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

/// Every example, by name. Fresh ones: cargo builds what is not, with the features of the README's test command.
pub fn build() -> Result<BTreeMap<String, Program>, String> {
    let (dir, target, profile) = place();
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.current_dir(root()).args([
        "build",
        "--workspace",
        "--examples",
        "--all-features",
        "--quiet",
    ]);
    cargo
        .args([
            "--message-format",
            "json-render-diagnostics",
            "--profile",
            &profile,
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
    let paths = messages
        .lines()
        .filter(|line| line.contains("\"kind\":[\"example\"]"))
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
    /// With the program that runs it, if it is for another machine.
    command: Vec<OsString>,
}

/// How it ended and what it said.
pub struct Told {
    /// The process.
    pub id: u32,
    pub ok: bool,
    pub out: String,
    pub err: String,
}

impl Program {
    /// Whether the process that the test starts is the example itself.
    pub fn is_direct(&self) -> bool {
        self.command.len() == 1
    }

    /// To be run with these arguments.
    pub fn with(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).args(arguments);
        command
    }

    /// Runs it to a good end. Returns what it printed.
    pub fn prints(&self, arguments: &[&str]) -> Result<String, Skip> {
        succeed(&mut self.with(arguments))
    }
}

/// Runs a command to a good end. Returns what it printed.
pub fn succeed(command: &mut Command) -> Result<String, Skip> {
    let Told { ok, out, err, .. } = tell(command)?;
    assert!(ok && err.is_empty(), "{command:?}\n{out}{err}");
    Ok(out)
}

/// Runs a command to its end.
pub fn tell(command: &mut Command) -> Result<Told, Skip> {
    told(command.stdin(Stdio::null()).stdout(Stdio::piped()))
}

/// Runs a command that reads this text.
pub fn reading(command: &mut Command, text: &[u8]) -> Result<Told, Skip> {
    let (mut to, from) = UnixStream::pair().expect("a socket");
    std::io::Write::write_all(&mut to, text).expect("room for a few bytes");
    drop(to);
    told(command.stdin(OwnedFd::from(from)).stdout(Stdio::piped()))
}

/// Runs a command that prints into this file.
pub fn printing(command: &mut Command, file: File) -> Result<Told, Skip> {
    told(command.stdin(Stdio::null()).stdout(file))
}

fn told(command: &mut Command) -> Result<Told, Skip> {
    match run_for(LIMIT, command) {
        Ok((id, output)) => {
            let [out, err] =
                [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
            Ok(Told {
                id,
                ok: output.status.success(),
                out,
                err,
            })
        }
        // Before the program itself runs: what `Command::pre_exec` was to do, or a program of another machine.
        Err(e) => match e.raw_os_error() {
            Some(libc::ENOEXEC) => Err(Skip(
                "no CARGO_TARGET_..._RUNNER for programs of that machine".into(),
            )),
            Some(
                libc::EPERM
                | libc::EACCES
                | libc::ENOSYS
                | libc::EROFS
                | libc::ENOSPC
                | libc::EINVAL,
            ) => Err(Skip(format!("before the program itself: {e}"))),
            _ => panic!("{command:?}: {e}"),
        },
    }
}
