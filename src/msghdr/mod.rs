// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`MsgHdr`] and [`MsgHdrMut`]: a whole message, as `sendmsg(2)` and `recvmsg(2)` take it.
//!
//! Both hold a [`UserMsghdr`], the kernel's layout. The `libc::msghdr` of some C libraries has
//! other types in it, so `sys/io/libc_msghdr.rs` converts.

mod flags;
mod msg_hdr;
mod msg_hdr_mut;
mod msg_hdr_uninit;
mod user_msghdr;

pub use flags::MsgFlags;
pub use msg_hdr::MsgHdr;
pub use msg_hdr_mut::MsgHdrMut;
pub use msg_hdr_uninit::MsgHdrUninit;
pub use user_msghdr::UserMsghdr;
