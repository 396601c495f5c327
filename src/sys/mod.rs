//! Real system calls and the owners of what they bring; collections of a fixed capacity.

#[cfg(feature = "heapless")]
pub(crate) mod heapless;
#[cfg(feature = "libc")]
pub mod io;
#[cfg(feature = "libc")]
pub(crate) mod received;
