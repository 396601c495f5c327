//! System calls, the owner of the descriptors that they receive, and collections of a fixed
//! capacity.

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
