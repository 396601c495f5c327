//! The machine for which the library and the C are built: this one, or the target that three
//! environment variables describe. ci/machines.sh sets them. The tests themselves always run on
//! this machine.
//!
//! - `ANCIL_TARGET`: rustc's name of the target. Its `core` is built from source.
//! - `CROSS_COMPILE`: the prefix of `gcc` and `nm`, as in `mips-linux-gnu-`.
//! - `ANCIL_RUNNER`: the command that runs the target's programs, as in
//!   `qemu-mips -L /usr/mips-linux-gnu`. Empty if this machine runs them itself.

use std::env::var;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::Command;

/// The compiler of Debian's package rustc-web. The sources of `core` for it are in rust-web-src.
pub const RUSTC: &str = "/usr/bin/rustc";

/// Returns rustc's name of the target, if it is another machine.
pub fn target() -> Option<String> {
    var("ANCIL_TARGET").ok().filter(|name| !name.is_empty())
}

/// Returns the target's variant of a compiler or a tool of binutils.
pub fn tool(name: &str) -> String {
    var("CROSS_COMPILE").unwrap_or_default() + name
}

/// Returns the words that run a program: its path, after the runner if it is for another machine.
pub fn words(program: &Path) -> Vec<String> {
    let runner = var("ANCIL_RUNNER").unwrap_or_default();
    let here = std::env::current_exe()
        .ok()
        .and_then(|exe| machine_of(&exe));
    let needed = machine_of(program).is_some_and(|theirs| Some(theirs) != here);
    let runner = runner.split_whitespace().filter(|_| needed);
    runner
        .map(String::from)
        .chain([program.display().to_string()])
        .collect()
}

/// Returns `command` with the runner in front, or `None` if the program runs without.
pub fn runnable(command: &mut Command) -> Option<Command> {
    let words = words(Path::new(command.get_program()));
    let [first, rest @ ..] = &words[..] else {
        return None;
    };
    if rest.is_empty() {
        return None;
    }
    let mut run = Command::new(first);
    run.args(rest).args(command.get_args());
    if let Some(dir) = command.get_current_dir() {
        run.current_dir(dir);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => run.env(name, value),
            None => run.env_remove(name),
        };
    }
    Some(run)
}

/// Returns word size, byte order and machine from the header of an ELF file.
fn machine_of(program: &Path) -> Option<[u8; 4]> {
    let mut head = [0; 20];
    File::open(program).ok()?.read_exact(&mut head).ok()?;
    match head {
        [0x7f, b'E', b'L', b'F', class, order, ..] => Some([class, order, head[18], head[19]]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_of_a_program_is_found() {
        let here = std::env::current_exe().unwrap();
        let word = if cfg!(target_pointer_width = "64") {
            2
        } else {
            1
        };
        let order = if cfg!(target_endian = "little") { 1 } else { 2 };
        assert!(
            machine_of(&here).is_some_and(|[class, endian, ..]| (class, endian) == (word, order))
        );
        assert_eq!(machine_of(Path::new(file!())), None);
        assert_eq!(machine_of(Path::new("Cargo.toml")), None);
    }
}
