//! C and C++ compilers.

use crate::machine::{self, tool};
use crate::process::{SECONDS, run, try_run};
use crate::{archive, c_dir, include, skip};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The warnings under which ancil's headers and every program here must compile. They are errors.
const WARNINGS: [&str; 8] = [
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wconversion",
    "-Wcast-align=strict",
    "-Wcast-qual",
    "-Wsign-compare",
    "-Wundef",
];

/// An installed compiler, and those of the warnings that it knows.
pub struct Compiler {
    command: String,
    warnings: Vec<&'static str>,
}

impl Compiler {
    /// Returns the C compiler: the one that CC names, or cc.
    ///
    /// # Panics
    /// If it does not work.
    pub fn c() -> Self {
        let name = std::env::var("CC").unwrap_or(if machine::target().is_some() {
            tool("gcc")
        } else {
            "cc".into()
        });
        Self::find(&name, "c", &[]).unwrap_or_else(|| panic!("no C compiler: {name} does not work"))
    }

    /// Returns the C++ compiler, if it is installed: the one that CXX names, or c++.
    pub fn cxx() -> Option<Self> {
        let name = if machine::target().is_some() {
            tool("g++")
        } else {
            "c++".into()
        };
        Self::find(
            &std::env::var("CXX").unwrap_or(name),
            "c++",
            &["-Wold-style-cast"],
        )
    }

    /// Returns clang, if it is installed. It compiles for this machine only.
    pub fn clang() -> Option<Self> {
        if machine::target().is_some() {
            return None;
        }
        Self::find("clang", "c", &[])
    }

    /// Returns musl-gcc, or the reason why it cannot be used. It compiles for this machine only.
    pub fn musl() -> Result<Self, &'static str> {
        if machine::target().is_some() {
            return Err("musl-gcc compiles for this machine only");
        }
        Self::find("musl-gcc", "c", &[]).ok_or("musl-gcc is not installed")
    }

    /// Returns the compiler `command` for `language`, "c" or "c++", if it works. `more` are
    /// warnings of that language.
    pub fn find(command: &str, language: &str, more: &[&'static str]) -> Option<Self> {
        let mut this = Self {
            command: command.into(),
            warnings: Vec::new(),
        };
        // The output goes to stdout. Some compilers remove their output file if they fail, and root
        // can remove devices.
        let knows = |flags: &[&str], source: &str| {
            let only = ["-Werror", "-E", "-x", language];
            try_run(
                this.command()
                    .args(flags)
                    .args(only)
                    .arg(c_dir().join(source)),
                SECONDS,
            )
            .is_ok()
        };
        if !knows(&[], "socket.c") {
            return None;
        }
        let mut warnings = WARNINGS.to_vec();
        warnings.extend(more);
        if !knows(&warnings, "empty.c") {
            warnings.retain(|flag| knows(&[flag], "empty.c"));
        }
        this.warnings = warnings;
        Some(this)
    }

    /// Returns the compiler without flags of ours. CC may contain arguments, as in "gcc -m32".
    pub fn command(&self) -> Command {
        let mut words = self.command.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        command
    }

    /// Returns the compiler with the public headers in its path and with warnings as errors.
    pub fn strict(&self) -> Command {
        self.strict_with(&include())
    }

    /// Returns the compiler with these headers in its path and with warnings as errors.
    pub fn strict_with(&self, headers: &Path) -> Command {
        let mut command = self.command();
        command
            .args(&self.warnings)
            .arg("-Werror")
            .arg("-I")
            .arg(headers);
        command
    }

    /// Returns what the preprocessor makes of a source of `c/`.
    pub fn preprocess(&self, args: &[&str], source: &str) -> Result<String, String> {
        try_run(
            self.command()
                .arg("-I")
                .arg(include())
                .args(args)
                .arg("-E")
                .arg(c_dir().join(source)),
            SECONDS,
        )
    }

    /// Checks that a program that is compiled with these flags links and runs: the runtime library
    /// of a sanitizer may be missing.
    pub fn runs_with(&self, dir: &Path, flags: &[&str]) -> Result<(), String> {
        let (source, exe) = (dir.join("empty.c"), dir.join("empty.exe"));
        std::fs::write(&source, "int main(void) { return 0; }\n").map_err(|e| e.to_string())?;
        try_run(
            self.command().args(flags).arg("-o").arg(&exe).arg(&source),
            SECONDS,
        )?;
        try_run(&mut Command::new(exe), SECONDS).map(drop)
    }

    /// Returns the flags by which a program finds its own mistakes: sanitizers, if they work.
    pub fn checks(&self, dir: &Path) -> &'static [&'static str] {
        // An emulator has too little address space for AddressSanitizer. A trap needs no runtime
        // library.
        let checks: &[_] = if machine::target().is_some() {
            &[
                "-O1",
                "-fsanitize=undefined",
                "-fsanitize-undefined-trap-on-error",
            ]
        } else {
            &[
                "-O1",
                "-g",
                "-fsanitize=address,undefined",
                "-fno-sanitize-recover=all",
            ]
        };
        self.runs_with(dir, checks).map_or_else(
            |reason| {
                skip("sanitizers", &reason);
                &["-O1"][..]
            },
            |()| checks,
        )
    }

    /// Compiles a source to `<dir>/<name>.o`, with warnings off: it uses the system's macros, which
    /// may give some.
    #[track_caller]
    pub fn system_object(&self, dir: &Path, name: &str, source: &Path, args: &[&str]) -> PathBuf {
        let object = dir.join(name).with_extension("o");
        run(self
            .command()
            .args(args)
            .args(["-w", "-c", "-o"])
            .arg(&object)
            .arg(source));
        object
    }

    /// Compiles with warnings as errors, links with libancil, and returns the program's path: `dir`
    /// and the name of the first source.
    ///
    /// # Panics
    /// If the compiler fails, with its whole output.
    #[track_caller]
    pub fn program<S: AsRef<OsStr>>(&self, dir: &Path, sources: &[S], args: &[&str]) -> PathBuf {
        self.try_program(dir, sources, args, archive())
            .unwrap_or_else(|e| panic!("{e}"))
    }

    /// Does what [`program`](Compiler::program) does, with this archive, and returns the compiler's
    /// output if it fails.
    pub fn try_program<S: AsRef<OsStr>>(
        &self,
        dir: &Path,
        sources: &[S],
        args: &[&str],
        archive: &Path,
    ) -> Result<PathBuf, String> {
        let first = sources
            .first()
            .map(|s| Path::new(s.as_ref()))
            .and_then(Path::file_stem);
        let exe = dir.join(first.expect("a source")).with_extension("exe");
        try_run(
            self.strict()
                .args(args)
                .arg("-o")
                .arg(&exe)
                .args(sources)
                .arg(archive),
            SECONDS,
        )?;
        Ok(exe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gcc_and_clang_know_the_warnings() {
        for compiler in [
            Some(Compiler::c()),
            Compiler::cxx(),
            Compiler::clang(),
            Compiler::musl().ok(),
        ]
        .into_iter()
        .flatten()
        {
            let dropped: Vec<_> = WARNINGS
                .iter()
                .filter(|w| !compiler.warnings.contains(w))
                .collect();
            let known = run(compiler.command().arg("--version")).to_lowercase();
            if known.contains("gcc")
                || known.contains("g++")
                || known.contains("free software foundation")
            {
                assert!(dropped.is_empty(), "{}: {dropped:?}", compiler.command);
            } else if known.contains("clang") {
                assert!(
                    dropped.iter().all(|w| **w == "-Wcast-align=strict"),
                    "{}: {dropped:?}",
                    compiler.command
                );
            }
        }
    }
}
