//! Compares `ancil::compat` with the kernel's own translation. A 32-bit program and this one
//! receive the same message (both look at it with `MSG_PEEK`), and their control bytes must be
//! translations of each other. Both also send the same messages, each in its own form, and the
//! kernel must give both the same answer.
//!
//! The tests need an x86-64 kernel that runs 32-bit programs, and a compiler for them:
//! i686-linux-gnu-gcc, gcc -m32 or clang. If one is missing, or if this kernel or user cannot do
//! what a test needs, the test is reported as ignored, with the reason.

use libtest_mimic::{Arguments, Completion, Trial};
use std::error::Error;
use std::process::ExitCode;

#[path = "compat/peer.rs"]
mod peer;
#[path = "compat/receive.rs"]
mod receive;
#[path = "compat/send.rs"]
mod send;
#[path = "compat/socket.rs"]
mod socket;

/// Why a test stopped early.
pub enum Stop {
    /// This kernel or user cannot do what the test needs.
    Skip(String),
    /// Something is wrong.
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
    // The tests compare descriptor numbers, so no other thread may open a descriptor meanwhile.
    arguments.test_threads = Some(1);
    let trials = [receive::trials(), send::trials()];
    libtest_mimic::run(&arguments, trials.into_iter().flatten().collect()).exit_code()
}
