//! Compiles and runs the C code of README.md, of the guide for C and of docs/coming-from.md, and
//! compares the figures of README.md and of its picture with where they come from.

use ancil::Abi;
use ffi_tests::cc::Compiler;
use ffi_tests::process::run;
use ffi_tests::{c_dir, root, scratch};
use std::path::{Path, PathBuf};
use std::process::Command;

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Returns the blocks of C in a page.
fn blocks(page: &str) -> Vec<String> {
    let blocks = page.split("```c\n").skip(1);
    blocks
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

/// Compiles a program of `c/` that includes `name`.h, which gets this code.
fn program(dir: &Path, name: &str, code: &str, args: &[&str]) -> PathBuf {
    std::fs::write(dir.join(format!("{name}.h")), code).unwrap();
    let include = format!("-I{}", dir.display());
    let args: Vec<_> = [include.as_str()].iter().chain(args).copied().collect();
    Compiler::c().program(dir, &[c_dir().join(format!("{name}.c"))], &args)
}

#[test]
fn the_c_code_receives_a_descriptor() {
    let blocks = blocks(&read("README.md"));
    let [headers, macros] = &blocks[..] else {
        panic!("README.md has {} blocks of C, expected two", blocks.len());
    };
    let dropin = format!("-I{}", root().join("include/ancil/dropin").display());
    let ways: [(PathBuf, &String, &[&str]); 3] = [
        (scratch!("headers"), headers, &[]),
        (scratch!("macros"), macros, &[]),
        (scratch!("dropin"), macros, &[&dropin, "-DEXPECT_DROPIN"]),
    ];
    for (dir, code, args) in ways {
        assert_eq!(
            run(&mut Command::new(program(&dir, "readme", code, args))),
            ""
        );
    }
}

#[test]
fn the_c_code_for_newcomers_reads_the_time_to_live() {
    let dir = scratch!("coming-from");
    let code = blocks(&read("docs/coming-from.md")).join("\n");
    let program = program(&dir, "coming_from", &code, &["-w"]); // the system's macros may warn
    assert_eq!(run(&mut Command::new(program)), "");
}

/// Returns the program of the guide.
fn guide(dir: &Path) -> Command {
    let code = blocks(&read("docs/c.md")).join("\n");
    Command::new(program(dir, "guide", &code, &[]))
}

#[test]
fn the_guide_for_c_works() {
    let shown = "sent by process 812\nIP_TTL: 4 bytes\nunknown: 8 bytes\n";
    // The second time, the last message is cut off.
    let again = "sent by process 812\nIP_TTL: 4 bytes\n";
    assert_eq!(run(&mut guide(&scratch!("guide"))), [shown, again].concat());
}

#[test]
fn the_guide_for_c_answers_a_datagram() {
    let said = run(guide(&scratch!("datagram")).arg("datagram"));
    match said.strip_prefix("SKIPPED ") {
        Some(reason) => ffi_tests::skip("the answer in docs/c.md", reason.trim_end()),
        None => assert_eq!(said, ""),
    }
}

/// Returns the rows of the tables that come after `heading`, up to the next heading of its kind.
fn table<'p>(page: &'p str, heading: &str) -> Vec<Vec<&'p str>> {
    let after = page
        .split(heading)
        .nth(1)
        .unwrap_or_else(|| panic!("no {heading:?}"));
    let part = after.split("\n## ").next().unwrap();
    part.lines()
        .filter(|line| line.starts_with('|') && !line.starts_with("| ---"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// Returns the figure of a contestant in a part of docs/speed.md, such as 138 in `138 (1.00)`.
fn figure<'p>(speed: &'p str, job: &str, contestant: &str) -> Option<&'p str> {
    let rows = table(speed, &format!("\n## {job}\n"));
    let number = |cell: &&'p str| cell.split(' ').next().unwrap_or_default();
    if let Some(rest) = job.strip_prefix("C: ") {
        let row = rows.iter().find(|row| row[0] == "gcc -O2");
        let column = rows[0].iter().position(|cell| *cell == contestant);
        return Some(number(&row.unwrap_or_else(|| panic!("{rest}"))[column?]));
    }
    // To send, libc has nothing to check.
    let unchecked = !rows.iter().any(|row| row[0] == "libc, checked");
    let is = |row: &&Vec<&str>| match contestant {
        "ancil" => row[0].starts_with("ancil"),
        "libc by hand" => row[0] == if unchecked { "libc" } else { "libc, checked" },
        other => row[0] == other,
    };
    Some(number(&rows.iter().find(is)?[1]))
}

#[test]
fn the_figures_are_those_of_the_page_about_speed() {
    let (readme, speed) = (read("README.md"), read("docs/speed.md"));
    let rows = table(&readme, "\n## Compared with what you would use instead\n");
    let (mut contestants, mut compared) = (Vec::new(), 0);
    for row in &rows {
        if row[0] == "job" {
            contestants.clone_from(row);
            continue;
        }
        let Some((title, _)) = row[0].strip_prefix('[').and_then(|job| job.split_once(']')) else {
            continue;
        };
        let in_c = contestants.contains(&"inline.h");
        let job = if in_c {
            format!("C: {title}")
        } else {
            title.to_owned()
        };
        for (contestant, cell) in contestants.iter().zip(row).skip(1) {
            let name = if *contestant == "glibc's macros" {
                "macros"
            } else {
                contestant
            };
            let there = figure(&speed, &job, name).unwrap_or_default();
            assert_eq!(*cell, there, "README.md, {job}, {contestant}");
            compared += usize::from(!cell.is_empty());
        }
    }
    assert!(
        compared >= 40,
        "only {compared} figures were found in README.md"
    );
}

#[test]
fn the_picture_has_the_sizes_of_64_bits() {
    let picture = read("docs/control-buffer.svg");
    for (name, size) in [
        ("CMSG_LEN(4)", Abi::LINUX_64.cmsg_len(4)),
        ("CMSG_SPACE(4)", Abi::LINUX_64.cmsg_space(4)),
        ("CMSG_LEN(12)", Abi::LINUX_64.cmsg_len(12)),
        ("CMSG_SPACE(12)", Abi::LINUX_64.cmsg_space(12)),
        (
            "msg_controllen",
            Abi::LINUX_64.cmsg_space(4) + Abi::LINUX_64.cmsg_space(12),
        ),
    ] {
        assert!(
            picture.contains(&format!(">{name} = {size}<")),
            "{name} is {size}"
        );
    }
}
