//! The cases: a file for each group.

mod batch;
mod by_hand;
mod c;
mod control;
mod crates;
mod fds;
mod iov;
mod netlink;
mod others;
mod quic;
mod samples;

use crate::job::Case;

pub use quic::decode_as_quinn;

/// What contestants do about lengths. Every reader that does not say otherwise reads nothing past
/// the end, and copies what it decodes.
const CHECKS: &str = "checks every length";
const NO_CHECK: &str = "checks no length";

pub fn all() -> Vec<Case> {
    [
        control::cases(),
        quic::cases(),
        iov::cases(),
        netlink::cases(),
        batch::cases(),
        fds::cases(),
        others::cases(),
        c::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
