//! `ancil::compat` against the kernel's own translation: a 32-bit program and this one receive the same message (both
//! look at it with `MSG_PEEK`), and their control bytes must be each other's translation. And what that program sends
//! in the one form must be answered as what this one sends in the other.
//!
//! Takes an x86-64 kernel that runs 32-bit programs, and a compiler for them: i686-linux-gnu-gcc, or gcc -m32. Where
//! one is missing, and for what this kernel or user cannot do, tests are reported as ignored, with the reason.

use libtest_mimic::{Arguments, Completion, Trial};
use std::error::Error;
use std::process::ExitCode;

#[macro_use]
#[allow(unused_macros, reason = "the levels are not wanted here")]
#[path = "../src/table/catalogue.rs"]
mod catalogue;

#[path = "compat/peer.rs"]
mod peer;
#[path = "compat/receive.rs"]
mod receive;
#[path = "compat/send.rs"]
mod send;

/// Why a test did not come to its end.
pub enum Stop {
    /// This kernel or user cannot do it.
    Skip(String),
    /// It can, and something is wrong.
    Fail(String),
}

pub type Outcome<T = ()> = Result<T, Stop>;

type Test = fn() -> Outcome;

impl<E: Error> From<E> for Stop {
    fn from(e: E) -> Self {
        Self::Fail(e.to_string())
    }
}

fn trial(name: &str, test: Test) -> Trial {
    Trial::ignorable_test(name, move || match test() {
        Ok(()) => Ok(Completion::Completed),
        Err(Stop::Skip(reason)) => Ok(Completion::ignored_with(reason)),
        Err(Stop::Fail(message)) => Err(message.into()),
    })
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Numbers of descriptors are compared: no other thread may open one meanwhile.
    arguments.test_threads = Some(1);
    let trials = [receive::trials(), send::trials()];
    libtest_mimic::run(&arguments, trials.into_iter().flatten().collect()).exit_code()
}
