//! Round trips through the running kernel: the kernel must accept what is encoded here, and what it
//! emits must decode here.
//!
//! A test that this kernel or user cannot run is reported as ignored, with the reason. After the
//! tests, a summary lists which messages of the catalogue went through the kernel, and why the
//! others did not.

use libtest_mimic::Arguments;
use std::process::ExitCode;

#[path = "kernel/addresses.rs"]
mod addresses;
#[path = "kernel/batch.rs"]
mod batch;
#[path = "kernel/blocked_thread.rs"]
mod blocked_thread;
#[path = "kernel/cloexec.rs"]
mod cloexec;
#[path = "kernel/datagram.rs"]
mod datagram;
#[path = "kernel/enable.rs"]
mod enable;
#[path = "kernel/errors.rs"]
mod errors;
#[path = "kernel/errqueue.rs"]
mod errqueue;
#[path = "kernel/faults.rs"]
mod faults;
#[path = "kernel/fd_vec.rs"]
mod fd_vec;
#[path = "kernel/fds.rs"]
mod fds;
#[path = "kernel/flags.rs"]
mod flags;
#[path = "kernel/forward.rs"]
mod forward;
#[path = "kernel/headers.rs"]
mod headers;
#[path = "kernel/interrupted.rs"]
mod interrupted;
#[path = "kernel/many_vectors.rs"]
mod many_vectors;
#[path = "kernel/namespace.rs"]
mod namespace;
#[path = "kernel/netlink.rs"]
mod netlink;
#[path = "kernel/options.rs"]
mod options;
#[path = "kernel/own_calls.rs"]
mod own_calls;
#[path = "kernel/owned.rs"]
mod owned;
#[path = "kernel/packet.rs"]
mod packet;
#[path = "kernel/partial.rs"]
mod partial;
#[path = "kernel/pattern.rs"]
mod pattern;
#[path = "kernel/raw.rs"]
mod raw;
#[path = "kernel/refused.rs"]
mod refused;
#[path = "kernel/rights.rs"]
mod rights;
#[path = "kernel/segments.rs"]
mod segments;
#[path = "kernel/summary.rs"]
mod summary;
#[path = "kernel/support.rs"]
mod support;
#[path = "kernel/tcp.rs"]
mod tcp;
#[path = "kernel/timeout.rs"]
mod timeout;
#[path = "kernel/udp4.rs"]
mod udp4;
#[path = "kernel/udp6.rs"]
mod udp6;
#[path = "kernel/uninit.rs"]
mod uninit;
#[path = "kernel/unix.rs"]
mod unix;
#[path = "kernel/uring.rs"]
mod uring;
#[path = "kernel/zerocopy.rs"]
mod zerocopy;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // The tests count the descriptors of this process, and fork. Both need that no other test runs
    // meanwhile.
    arguments.test_threads = Some(1);
    let tests = [
        errors::trials(),
        addresses::trials(),
        uninit::trials(),
        unix::trials(),
        uring::trials(),
        rights::trials(),
        fds::trials(),
        forward::trials(),
        udp4::trials(),
        udp6::trials(),
        datagram::trials(),
        headers::trials(),
        options::trials(),
        enable::trials(),
        errqueue::trials(),
        zerocopy::trials(),
        tcp::trials(),
        flags::trials(),
        packet::trials(),
        cloexec::trials(),
        netlink::trials(),
        raw::trials(),
        refused::trials(),
        partial::trials(),
        interrupted::trials(),
        many_vectors::trials(),
        segments::trials(),
        batch::trials(),
        timeout::trials(),
        owned::trials(),
        faults::trials(),
        fd_vec::trials(),
        own_calls::trials(),
    ];
    let conclusion = libtest_mimic::run(&arguments, tests.into_iter().flatten().collect());
    summary::conclude(&arguments, &conclusion)
}
