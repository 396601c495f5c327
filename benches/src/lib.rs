//! What the benches share: the two sides of each job, and a clock.
//!
//! Each job is done on the same bytes by all who can do it, and each does the same of it.

pub mod clock;
pub mod cmsg;
pub mod iov;
