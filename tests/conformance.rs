//! Our numbers and layouts against those of two other crates: libc, written by hand and tested against the C
//! libraries' headers, and linux-raw-sys, generated from the kernel's.
//!
//! A name that neither has is reported as ignored. Nobody lists which names they have: every name is looked up
//! where the crate's names lie over a stand-in of ours (see `look_up!`), so that a new row, or a new name there,
//! is compared without an edit here.

use libtest_mimic::{Arguments, Completion, Trial};
use std::process::ExitCode;

#[macro_use]
#[path = "catalogue_columns.rs"]
mod catalogue_columns;

#[path = "conformance/layouts.rs"]
mod layouts;
#[path = "conformance/numbers.rs"]
mod numbers;

/// What each peer has under one name: its own name, and the value.
type Found<T> = Vec<(&'static str, T)>;

/// A test of one name: that `wrong` finds nothing wrong with any peer's value. Without a peer it is ignored.
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
