//! System calls, the owners of the descriptors that they receive, and collections of a fixed
//! capacity.
//!
//! Who owns a received descriptor:
//! ```text
//! RecvOutcome      nobody yet: what the kernel reported of a call
//!     | into_received
//! Received         the message that the user gets
//!  '- OwnedControl     owns the descriptors in the control bytes, closes what nobody took
//!         | take_fds
//! OwnedRawFd       one descriptor on its way to the user: OwnedFd with `std`, a number without
//! ```

#[cfg(feature = "heapless")]
pub(crate) mod heapless;
#[cfg(feature = "libc")]
pub mod io;
#[cfg(feature = "libc")]
mod owned_control;
#[cfg(feature = "libc")]
mod owned_fd;
#[cfg(feature = "libc")]
pub(crate) mod received;
