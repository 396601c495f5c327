//! Compares the length of each program of c-examples/ with the programs in compare/ that do the
//! same job with the system's macros, with libmnl or by hand. examples.rs, interop.rs, broker.rs
//! and netlink.rs run them all, and expect the same output of each.

use ffi_tests::examples::{name, others, sources};
use ffi_tests::header::without_comments;
use ffi_tests::process::run;
use ffi_tests::{has, note};
use std::fs::read_to_string;
use std::path::Path;
use std::process::Command;

/// Returns the number of lines that hold more than blanks and comments.
fn lines(code: &str) -> usize {
    let code = without_comments(code);
    code.lines().filter(|line| !line.trim().is_empty()).count()
}

#[test]
fn blank_lines_and_comments_do_not_count() {
    for (code, counted) in [
        ("", 0),
        ("\n \n/* a\n * b\n */\n", 0),
        ("a; /* b\n c */\nd;\n", 2),
        ("{ /**/\n}\n", 2),
        ("a(\" /* b */\");\n", 1),
    ] {
        assert_eq!(lines(code), counted, "{code}");
    }
}

#[test]
fn each_example_is_shorter_than_the_same_job_without_ancil() {
    // In the style of c-examples/.clang-format.
    let format = has(
        "clang-format",
        "the style of the examples, whose lines count as they are written",
    );
    let count = |source: &Path| {
        let text = read_to_string(source).unwrap();
        let mut clang_format = Command::new("clang-format");
        clang_format.arg("--style=file").arg(source);
        lines(&if format { run(&mut clang_format) } else { text })
    };
    let mut table = String::from("lines of the C examples, and of the same jobs without ancil:\n");
    let (mut compared, mut longer) = (0, Vec::new());
    for example in sources("c-examples") {
        let ours = count(&example);
        table += &format!("{:>11}{ours:4}", name(&example));
        let others = others(name(&example));
        assert!(
            !others.is_empty(),
            "nothing in compare/ does what {} does",
            name(&example)
        );
        for other in others {
            let theirs = count(&other);
            table += &format!("{:>18}{theirs:4}", name(&other));
            compared += 1;
            if ours >= theirs {
                longer.push(format!(
                    "{ours} lines of {}, {theirs} of {}",
                    name(&example),
                    name(&other)
                ));
            }
        }
        table += "\n";
    }
    note(&table);
    assert_eq!(
        compared,
        sources("c-examples/compare").len(),
        "compare/ has other programs, too"
    );
    assert!(longer.is_empty(), "{longer:#?}");
}
