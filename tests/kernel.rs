//! Round trips through the running kernel: what is encoded here it accepts, what it emits is decoded here.
//!
//! A test that this kernel or user cannot do is reported as ignored, with the reason.

use libtest_mimic::Arguments;
use std::process::ExitCode;

#[path = "kernel/errors.rs"]
mod errors;
#[path = "kernel/support.rs"]
mod support;
#[path = "kernel/udp4.rs"]
mod udp4;
#[path = "kernel/udp6.rs"]
mod udp6;
#[path = "kernel/unix.rs"]
mod unix;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // The tests count this process' descriptors: no other thread may open one meanwhile.
    arguments.test_threads = Some(1);
    let tests = [errors::trials(), unix::trials(), udp4::trials(), udp6::trials()];
    libtest_mimic::run(&arguments, tests.into_iter().flatten().collect()).exit_code()
}
