//! Our table and our structs against the list of everything that Linux knows, `../shared/catalogue.toml`.
//!
//! A message or struct that is new there fails a test here until we have it, or give a reason why not. Where the
//! list is not beside the repository, all of this is reported as ignored.

use libtest_mimic::{Arguments, Completion, Trial};
use std::process::ExitCode;

#[macro_use]
#[path = "../src/table/catalogue.rs"]
mod table;

#[path = "catalogue/consts.rs"]
mod consts;
#[path = "catalogue/layouts.rs"]
mod layouts;
#[path = "catalogue/list.rs"]
mod list;
#[path = "catalogue/rows.rs"]
mod rows;

/// What is wrong, or nothing.
type Wrong = Vec<String>;

fn trial(name: impl Into<String>, check: impl FnOnce() -> Wrong + Send + 'static) -> Trial {
    Trial::test(name, move || {
        let wrong = check();
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(wrong.join("\n").into())
        }
    })
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let Some(list) = list::List::read() else {
        let absent = || {
            Ok(Completion::ignored_with(
                "catalogue.toml is not beside the repository, nothing was compared",
            ))
        };
        return libtest_mimic::run(&arguments, vec![Trial::ignorable_test("catalogue", absent)])
            .exit_code();
    };
    let list: &'static list::List = Box::leak(Box::new(list));
    let tests = [
        rows::trials(list),
        layouts::trials(list),
        consts::trials(list),
    ];
    let conclusion = libtest_mimic::run(&arguments, tests.into_iter().flatten().collect());
    if !arguments.list {
        println!(
            "{}\n{}\n{}\n",
            rows::summary(list),
            layouts::summary(list),
            consts::summary(list)
        );
    }
    conclusion.exit_code()
}
