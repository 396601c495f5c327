//! Compares our table and our structs with `data/catalogue.toml`, the list of everything that Linux
//! knows.
//!
//! When a message or a struct is added to the list, a test here fails until we have it too, or
//! until the test names the reason why we do not.

use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;

#[macro_use]
#[path = "../src/table/levels.rs"]
mod levels;

#[path = "catalogue/consts.rs"]
mod consts;
#[path = "catalogue/layouts.rs"]
mod layouts;
#[path = "catalogue/list.rs"]
mod list;
#[path = "catalogue/rows.rs"]
mod rows;

/// What is wrong, one line each. Empty if nothing is wrong.
type Problems = Vec<String>;

fn trial(name: impl Into<String>, check: impl FnOnce() -> Problems + Send + 'static) -> Trial {
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
    let list: &'static list::List = Box::leak(Box::new(list::List::read()));
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
