//! Compares our numbers and layouts with those of two other crates: libc, which is written by hand
//! and tested against the C libraries' headers, and linux-raw-sys, which is generated from the
//! kernel's headers.
//!
//! A name that neither crate has is reported as ignored. There is no list of the names that they
//! have: the crate's names shadow stand-ins of ours (see `look_up!`), so that a new row here, or a
//! new name there, is compared without an edit.

use libtest_mimic::{Arguments, Completion, Trial};
use std::process::ExitCode;

#[macro_use]
#[path = "catalogue_columns.rs"]
mod catalogue_columns;

#[path = "conformance/layouts.rs"]
mod layouts;
#[path = "conformance/numbers.rs"]
mod numbers;

/// What the peers have under one name: each peer's own name, and its value.
type Found<T> = Vec<(&'static str, T)>;

/// Makes the test of one name. It fails if `wrong` finds fault with a peer's value, and is ignored
/// if no peer has the name.
fn trial<T: 'static + Send>(
    name: String,
    found: Found<T>,
    wrong: impl Fn(&T) -> Option<String> + Send + 'static,
) -> Trial {
    Trial::ignorable_test(name, move || {
        let wrong: Vec<_> = found
            .iter()
            .filter_map(|(peer, theirs)| wrong(theirs).map(|wrong| format!("{peer}: {wrong}")))
            .collect();
        match (found.is_empty(), wrong.is_empty()) {
            (true, _) => Ok(Completion::ignored_with(
                "neither libc nor linux-raw-sys has this name",
            )),
            (_, true) => Ok(Completion::Completed),
            (_, false) => Err(wrong.join("\n").into()),
        }
    })
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let (numbers, layouts) = (numbers::trials(), layouts::trials());
    let conclusion = libtest_mimic::run(&arguments, numbers.into_iter().chain(layouts).collect());
    if !arguments.list {
        println!(
            "unchecked: {}\nunchecked: {}\n",
            numbers::unchecked(),
            layouts::unchecked()
        );
    }
    conclusion.exit_code()
}
