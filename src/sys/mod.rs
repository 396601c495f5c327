// SPDX-License-Identifier: MIT OR Apache-2.0
//! System calls, the owners of the descriptors that they receive, and collections of a fixed
//! capacity.
//!
//! Who owns a received descriptor:
//! ```text
//! Outcome          nobody yet: what the kernel reported of a call
//!     | Received::new
//! Received         the message that the user gets
//!  '- OwnedControl     owns the descriptors in the control bytes, closes what nobody took
//!         | take_fds
//! the user         as OwnedFd with `std`, as a number without
//! ```

mod forward;
mod from_call;
#[cfg(feature = "heapless")]
pub(crate) mod heapless;
#[cfg(feature = "libc")]
pub mod io;
mod outcome;
mod owned_control;
pub(crate) mod received;
mod uring;
