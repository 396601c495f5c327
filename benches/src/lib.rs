//! The jobs that the benchmarks run, each done by ancil and by its alternatives, and a clock.
//!
//! All contestants do the whole job, on the same bytes.

pub mod clock;
pub mod cmsg;
pub mod iov;
