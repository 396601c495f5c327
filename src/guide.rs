// SPDX-License-Identifier: MIT OR Apache-2.0
//! Pages to read: they are in the documentation only, and no part of the crate.
//!
//! | page | for |
//! | --- | --- |
//! | [`coming_from`] | programs with libc, nix, rustix, socket2 or the macros of C |
//! | [`which_option`] | what to switch on to receive a message |
#![forbid(unsafe_code)]

pub use crate::table::guide::which_option;

/// Coming from libc, nix, rustix, socket2 or the macros of C.
///
#[doc = include_str!("../docs/coming-from.md")]
///
/// [`Arrival`]: crate::datagram::Arrival
/// [`cmsg_align`]: crate::cmsg_align
/// [`cmsg_firsthdr`]: crate::cmsg_firsthdr
/// [`cmsg_len`]: crate::cmsg_len
/// [`cmsg_nxthdr`]: crate::cmsg_nxthdr
/// [`cmsg_space`]: crate::cmsg_space
/// [`Control`]: crate::Control
/// [`In6Pktinfo`]: crate::payload::In6Pktinfo
/// [`InPktinfo`]: crate::payload::InPktinfo
/// [`Message::from`]: crate::Message
/// [`Message::Unknown`]: crate::Message::Unknown
/// [`payload`]: crate::payload
/// [`Raw::get`]: crate::Raw::get
/// [`Reader`]: crate::Reader
/// [`Reader::get`]: crate::Reader::get
/// [`Received`]: crate::Received
/// [`Received::control`]: crate::Received::control
/// [`space_of`]: crate::space_of
/// [`Timestamp`]: crate::payload::Timestamp
/// [which_option]: crate::guide::which_option
/// [`Writer`]: crate::Writer
/// [`Writer::put`]: crate::Writer::put
pub mod coming_from {}
