// SPDX-License-Identifier: MIT OR Apache-2.0
//! Collections of a fixed capacity, without an allocator: [`IoVecs`] and, with feature `libc`,
//! [`FdVec`].

#[cfg(feature = "libc")]
mod fd_vec;
mod io_vecs;
#[cfg(feature = "libc")]
mod owned_fd;

#[cfg(feature = "libc")]
pub use fd_vec::FdVec;
pub use io_vecs::IoVecs;
