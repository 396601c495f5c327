//! Round trips through the running kernel: what is encoded here it accepts, what it emits is decoded here.
//!
//! A test that this kernel or user cannot do is reported as ignored, with the reason. Behind the tests stands which
//! messages of the catalogue the kernel has seen, and why not the others.

use libtest_mimic::Arguments;
use std::process::ExitCode;

#[macro_use]
#[allow(unused_macros, reason = "the levels are not wanted here")]
#[path = "../src/table/catalogue.rs"]
mod catalogue;

#[path = "kernel/batch.rs"]
mod batch;
#[path = "kernel/errors.rs"]
mod errors;
#[path = "kernel/errqueue.rs"]
mod errqueue;
#[path = "kernel/fd_vec.rs"]
mod fd_vec;
#[path = "kernel/flags.rs"]
mod flags;
#[path = "kernel/headers.rs"]
mod headers;
#[path = "kernel/names.rs"]
mod names;
#[path = "kernel/namespace.rs"]
mod namespace;
#[path = "kernel/netlink.rs"]
mod netlink;
#[path = "kernel/options.rs"]
mod options;
#[path = "kernel/owned.rs"]
mod owned;
#[path = "kernel/packet.rs"]
mod packet;
#[path = "kernel/partial.rs"]
mod partial;
#[path = "kernel/raw.rs"]
mod raw;
#[path = "kernel/refused.rs"]
mod refused;
#[path = "kernel/rights.rs"]
mod rights;
#[path = "kernel/summary.rs"]
mod summary;
#[path = "kernel/support.rs"]
mod support;
#[path = "kernel/tcp.rs"]
mod tcp;
#[path = "kernel/udp4.rs"]
mod udp4;
#[path = "kernel/udp6.rs"]
mod udp6;
#[path = "kernel/unix.rs"]
mod unix;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // The tests count this process' descriptors, and fork: there must be no other thread meanwhile.
    arguments.test_threads = Some(1);
    let tests = [
        errors::trials(),
        names::trials(),
        unix::trials(),
        rights::trials(),
        udp4::trials(),
        udp6::trials(),
        headers::trials(),
        options::trials(),
        errqueue::trials(),
        tcp::trials(),
        flags::trials(),
        packet::trials(),
        netlink::trials(),
        raw::trials(),
        refused::trials(),
        partial::trials(),
        batch::trials(),
        owned::trials(),
        fd_vec::trials(),
    ];
    let conclusion = libtest_mimic::run(&arguments, tests.into_iter().flatten().collect());
    summary::conclude(&arguments, &conclusion)
}
