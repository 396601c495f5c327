//! C and C++ compilers.

use crate::machine::{self, tool};
use crate::process::{SECONDS, run, try_run};
use crate::{archive, c_dir, include};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The warnings that ancil's headers and every program here must not give. They are errors.
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

/// A compiler that is installed, and the warnings that it knows.
pub struct Compiler {
    command: String,
    warnings: Vec<&'static str>,
}

impl Compiler {
    /// The C compiler: CC, or cc.
    ///
    /// # Panics
    /// If there is none.
    pub fn c() -> Self {
        let name = std::env::var("CC").unwrap_or(if machine::target().is_some() {
            tool("gcc")
        } else {
            "cc".into()
        });
        Self::find(&name, "c", &[]).unwrap_or_else(|| panic!("no C compiler: {name} does not work"))
    }

    /// The C++ compiler, if there is one: CXX, or c++.
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

    /// clang, if it is installed. It compiles for this machine only.
    pub fn clang() -> Option<Self> {
        if machine::target().is_some() {
            return None;
        }
        Self::find("clang", "c", &[])
    }

    /// gcc over musl, if it is installed, or why there is none. It compiles for this machine only.
    pub fn musl() -> Result<Self, &'static str> {
        if machine::target().is_some() {
            return Err("musl-gcc compiles for this machine only");
        }
        Self::find("musl-gcc", "c", &[]).ok_or("no musl-gcc here")
    }

    /// The compiler of this name for "c" or "c++", if it works; `more` are warnings of that language.
    pub fn find(command: &str, language: &str, more: &[&'static str]) -> Option<Self> {
        let mut this = Self {
            command: command.into(),
            warnings: Vec::new(),
        };
        // Nothing is written: some compilers remove a file that they are told to write, and as root that hits devices.
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

    /// The bare compiler. CC may carry arguments, as in "gcc -m32".
    pub fn command(&self) -> Command {
        let mut words = self.command.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        command
    }

    /// The compiler with every warning an error, and the public headers in sight.
    pub fn strict(&self) -> Command {
        let mut command = self.command();
        command
            .args(&self.warnings)
            .arg("-Werror")
            .arg("-I")
            .arg(include());
        command
    }

    /// A source of `c/` after the preprocessor.
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

    /// Whether a program that is compiled with these flags links and runs: for sanitizers, whose runtime may be
    /// missing.
    pub fn runs_with(&self, dir: &Path, flags: &[&str]) -> Result<(), String> {
        let (source, exe) = (dir.join("empty.c"), dir.join("empty.exe"));
        std::fs::write(&source, "int main(void) { return 0; }\n").map_err(|e| e.to_string())?;
        try_run(
            self.command().args(flags).arg("-o").arg(&exe).arg(&source),
            SECONDS,
        )?;
        try_run(&mut Command::new(exe), SECONDS).map(drop)
    }

    /// Compiles one source to `<dir>/<name>.o`, without warnings: for the system's side of a comparison.
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

    /// Compiles strictly, links with libancil, and returns the program, which lies in `dir` and is named
    /// after the first source.
    ///
    /// # Panics
    /// With the compiler's whole output if it fails.
    #[track_caller]
    pub fn program<S: AsRef<OsStr>>(&self, dir: &Path, sources: &[S], args: &[&str]) -> PathBuf {
        self.try_program(dir, sources, args, archive())
            .unwrap_or_else(|e| panic!("{e}"))
    }

    /// [`program`](Compiler::program) with another archive, for what may fail.
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
    fn gcc_and_clang_know_all_that_they_should() {
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
