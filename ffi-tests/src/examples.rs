//! The programs of c-examples/, and those of c-examples/compare/ that do the same jobs with the
//! system's macros, with libmnl or by hand.

use crate::cc::Compiler;
use crate::process::run;
use crate::{archive, root, skip};
use std::fs::{create_dir_all, read_dir, read_to_string};
use std::path::{Path, PathBuf};
use std::process::Command;

const SANITIZERS: [&str; 3] = [
    "-g",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
];
/// Allow what the macros of libmnl and of `<linux/netlink.h>` do.
const LIKE_MACROS: [&str; 4] = [
    "-Wno-conversion",
    "-Wno-sign-conversion",
    "-Wno-cast-qual",
    "-Wno-cast-align",
];

/// Returns the C sources in a folder, in the order of their names.
pub fn sources(folder: &str) -> Vec<PathBuf> {
    let all = read_dir(root().join(folder)).expect(folder);
    let mut all: Vec<_> = all.map(|entry| entry.expect("an entry").path()).collect();
    all.retain(|path| path.extension().is_some_and(|end| end == "c"));
    all.sort();
    all
}

/// Returns the name of a source, without its folder and `.c`.
pub fn name(source: &Path) -> &str {
    let stem = source.file_stem().and_then(|stem| stem.to_str());
    stem.expect("a name")
}

/// Returns the sources in compare/ that do what the example of this name does.
pub fn others(example: &str) -> Vec<PathBuf> {
    let mut all = sources("c-examples/compare");
    all.retain(|source| name(source).rsplit_once('_').map(|(job, _)| job) == Some(example));
    all
}

/// Returns the sources that do one job: an example and [`others`], of which that with libmnl only
/// if libmnl is installed.
pub fn versions(compiler: &Compiler, dir: &Path, example: &Path) -> Vec<PathBuf> {
    let mut all = others(name(example));
    if all.iter().any(|source| needs_libmnl(source)) {
        let found = compiler.runs_with(dir, &["-include", "libmnl/libmnl.h", "-lmnl"]);
        if let Err(e) = found {
            skip("the comparison with libmnl, which is not installed", &e);
            all.retain(|source| !needs_libmnl(source));
        }
    }
    all.insert(0, example.into());
    all
}

fn needs_libmnl(source: &Path) -> bool {
    name(source).ends_with("_mnl")
}

/// Returns a command that compiles a source with warnings as errors.
pub fn compile(compiler: &Compiler, source: &Path) -> Command {
    let mut command = compiler.strict();
    if name(source).starts_with("netlink_") {
        command.args(LIKE_MACROS);
    }
    command.arg(source);
    command
}

/// Builds a program and returns its path: `dir` and the name of its source. It is linked with
/// libancil only if it includes the header of the whole library.
fn build(compiler: &Compiler, dir: &Path, source: &Path, args: &[&str]) -> PathBuf {
    let text = read_to_string(source).expect("a source");
    let exe = dir.join(name(source)).with_extension("exe");
    let mut command = compile(compiler, source);
    command.args(args).arg("-o").arg(&exe);
    if text.contains("#include <ancil.h>") {
        command.arg(archive());
    }
    if needs_libmnl(source) {
        command.arg("-lmnl");
    }
    run(&mut command);
    exe
}

/// Builds all [`versions`] of an example.
pub fn plain(dir: &Path, example: &str) -> Vec<PathBuf> {
    build_all(dir, example, "plain", &["-O2"])
}

/// Builds all [`versions`] of an example, and if possible each again with sanitizers.
pub fn programs(dir: &Path, example: &str) -> Vec<PathBuf> {
    let mut programs = plain(dir, example);
    match Compiler::c().runs_with(dir, &SANITIZERS) {
        Ok(()) => programs.extend(build_all(dir, example, "sanitized", &SANITIZERS)),
        Err(reason) => skip(&format!("{example} with sanitizers"), &reason),
    }
    programs
}

fn build_all(dir: &Path, example: &str, way: &str, args: &[&str]) -> Vec<PathBuf> {
    let (compiler, example) = (Compiler::c(), root().join("c-examples").join(example));
    let all = versions(&compiler, dir, &example);
    let dir = dir.join(way);
    create_dir_all(&dir).expect("a folder");
    let built = all
        .iter()
        .map(|source| build(&compiler, &dir, source, args));
    built.collect()
}
