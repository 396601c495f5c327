// SPDX-License-Identifier: MIT OR Apache-2.0
//! The buffers of a multishot `recvmsg` of `io_uring(7)`: parsing, sizes, and the header to submit.
//!
//! A multishot `recvmsg` is armed once and then fills one buffer of a provided ring for each
//! message. What the kernel writes to a buffer begins with a header, `struct io_uring_recvmsg_out`,
//! and has the spaces that the request was armed with, whatever was used of them:
//! ```text
//!   0                16                  + name space         + control space
//!   | header         | address           | control messages   | bytes
//!   | namelen, controllen, payloadlen, flags: what arrived
//! ```
//! So a [`Multishot`] keeps the spaces, and its [`parse`](Multishot::parse) says what arrived.
//! Nothing is accessed outside of the bytes that the completion reported. Source:
//! `io_uring/net.c`, `io_recvmsg_multishot`, Linux 6.0.
//!
//! ```
//! use ancil::uring::Multishot;
//! use ancil::{MsgFlags, Reader, SCM_RIGHTS, UpTo, space_of};
//!
//! const SHOT: Multishot = Multishot::new(0, space_of::<UpTo<SCM_RIGHTS, 1>>());
//! let header = SHOT.user_msghdr(); // for the submission, with the flags SHOT.flags()
//! let mut ring = [[0; SHOT.buffer_len(1500)]; 8];
//!
//! # let mut filled = [0u32, 0, 5, 0].map(u32::to_ne_bytes).concat();
//! # filled.resize(SHOT.buffer_len(5), 0);
//! # filled[SHOT.buffer_len(0)..].copy_from_slice(b"hello");
//! # ring[3][..filled.len()].copy_from_slice(&filled);
//! # let (buffer_id, result) = (3, filled.len());
//! // A completion with buffer 3 and a result of so many bytes:
//! let shot = SHOT.parse(&ring[buffer_id][..result])?;
//! assert_eq!((shot.payload, shot.flags), (&b"hello"[..], MsgFlags::empty()));
//! assert_eq!(Reader::new(shot.control).count(), 0);
//! # Ok::<(), ancil::uring::ShortBuffer>(())
//! ```
//!
//! [`Multishot::received`] makes a [`Received`](crate::Received) of a buffer, which owns the
//! descriptors that arrived.
#![forbid(unsafe_code)]

use crate::msghdr::{MsgFlags, UserMsghdr};
use core::fmt;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable};

/// `struct io_uring_recvmsg_out`.
#[derive(Clone, Copy, FromBytes, Immutable)]
#[repr(C)]
struct IoUringRecvmsgOut {
    /// Bytes of the address, also if the space was smaller.
    namelen: u32,
    /// Bytes of the control messages in their space.
    controllen: u32,
    /// Bytes of the message, also if the space was smaller.
    payloadlen: u32,
    /// `MSG_*`.
    flags: u32,
}

const HEADER: usize = size_of::<IoUringRecvmsgOut>();
const _: () = assert!(HEADER == 16 && offset_of!(IoUringRecvmsgOut, payloadlen) == 8);

/// The spaces of a multishot `recvmsg`, as it is armed.
///
/// ```
/// use ancil::uring::Multishot;
///
/// const SHOT: Multishot = Multishot::new(16, 64); // spaces for an address and control messages
/// assert_eq!(SHOT.buffer_len(1500), 16 + 16 + 64 + 1500);
/// let (header, flags) = (SHOT.user_msghdr(), SHOT.flags()); // for the submission
/// assert_eq!(header.msg_controllen, 64);
/// assert!(SHOT.parse(&[0; 10]).is_err());
/// # assert!(!flags.is_empty());
/// ```
#[doc(alias("io_uring", "io_uring_recvmsg_out", "io_uring_recvmsg_validate"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Multishot {
    name_space: usize,
    control_space: usize,
}

/// What one buffer of a multishot `recvmsg` says.
///
/// ```
/// use ancil::uring::{Multishot, Shot};
///
/// const SHOT: Multishot = Multishot::new(0, 64);
/// # let mut buffer = [0u32, 0, 5, 0].map(u32::to_ne_bytes).concat();
/// # buffer.resize(SHOT.buffer_len(5), b'!');
/// let shot: Shot<'_> = SHOT.parse(&buffer)?; // as many bytes as the completion said
/// assert_eq!((shot.payload, shot.payload_len), (&b"!!!!!"[..], 5));
/// # Ok::<(), ancil::uring::ShortBuffer>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shot<'b> {
    /// The sender's address, as much of it as fits into its space.
    pub name: &'b [u8],
    /// Bytes of the whole address.
    pub name_len: usize,
    /// The control messages. Descriptors in them are open, and nobody owns them yet.
    pub control: &'b [u8],
    /// The bytes of the message that are in the buffer.
    pub payload: &'b [u8],
    /// Bytes of the message as the kernel reported them. They are more than those of `payload` if
    /// `MSG_TRUNC` was among the flags of the request, or if the buffer was cut afterwards.
    pub payload_len: usize,
    /// `MSG_TRUNC`: the message was longer than the space for it. `MSG_CTRUNC`: control messages
    /// are missing. `MSG_CMSG_CLOEXEC` is not reported.
    pub flags: MsgFlags,
}

/// A buffer that has no space for what the request was armed with: it is of another request, or it
/// was cut.
///
/// ```
/// use ancil::uring::{Multishot, ShortBuffer};
/// let error = Multishot::new(0, 64).parse(&[0; 10]).unwrap_err();
/// assert_eq!(error, ShortBuffer { needed: 16 + 64, len: 10 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ShortBuffer {
    /// Bytes of header, name space and control space.
    pub needed: usize,
    /// Bytes of the buffer.
    pub len: usize,
}

impl fmt::Display for ShortBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { needed, len } = self;
        write!(
            f,
            "the spaces of the request take {needed} bytes, but the buffer has {len}"
        )
    }
}

impl core::error::Error for ShortBuffer {}

impl Multishot {
    /// Returns the spaces for an address and for control messages. Their sum must stay below 2 GiB,
    /// or the kernel refuses the request with EOVERFLOW.
    #[inline]
    pub const fn new(name_space: usize, control_space: usize) -> Self {
        Self {
            name_space,
            control_space,
        }
    }

    /// Returns the bytes of a buffer for messages of up to `payload` bytes; saturates. In a smaller
    /// buffer the kernel cuts the message off, or answers EFAULT if not even this fits with a
    /// `payload` of 0.
    #[inline]
    pub const fn buffer_len(self, payload: usize) -> usize {
        HEADER
            .saturating_add(self.name_space)
            .saturating_add(self.control_space)
            .saturating_add(payload)
    }

    /// Returns the header to submit: it has lengths only. It must live until the request is
    /// submitted.
    #[inline]
    pub const fn user_msghdr(self) -> UserMsghdr {
        UserMsghdr {
            msg_namelen: UserMsghdr::namelen(self.name_space),
            msg_controllen: self.control_space,
            ..UserMsghdr::EMPTY
        }
    }

    /// Returns the flags for the submission entry: `MSG_CMSG_CLOEXEC`. In the header it is ignored.
    /// Nobody else sets it, and without it a descriptor that arrives would stay open in every
    /// program that the process executes.
    #[inline]
    pub const fn flags(self) -> MsgFlags {
        MsgFlags::MSG_CMSG_CLOEXEC
    }

    /// Parses a buffer: the bytes that the completion reported, any bytes.
    ///
    /// # Errors
    /// [`ShortBuffer`] if the spaces do not fit into the buffer.
    #[inline]
    pub fn parse(self, buffer: &[u8]) -> Result<Shot<'_>, ShortBuffer> {
        let short = ShortBuffer {
            needed: self.buffer_len(0),
            len: buffer.len(),
        };
        let (header, rest) = IoUringRecvmsgOut::read_from_prefix(buffer).map_err(|_| short)?;
        let (name, rest) = rest.split_at_checked(self.name_space).ok_or(short)?;
        let (control, payload) = rest.split_at_checked(self.control_space).ok_or(short)?;
        Ok(Shot {
            name: front(name, header.namelen),
            name_len: header.namelen as usize,
            control: front(control, header.controllen),
            payload: front(payload, header.payloadlen),
            payload_len: header.payloadlen as usize,
            flags: MsgFlags::from_bits_retain(header.flags).difference(self.flags()),
        })
    }

    /// Splits a buffer that `parse` accepts into its spaces for the address, for control messages
    /// and for bytes.
    pub(crate) fn split(self, buffer: &mut [u8]) -> Option<(&[u8], &mut [u8], &[u8])> {
        let (_, rest) = buffer.split_at_mut_checked(HEADER)?;
        let (name, rest) = rest.split_at_mut_checked(self.name_space)?;
        let (control, payload) = rest.split_at_mut_checked(self.control_space)?;
        Some((name, control, payload))
    }
}

/// Returns the first `len` bytes, or all if there are fewer.
fn front(bytes: &[u8], len: u32) -> &[u8] {
    bytes.get(..len as usize).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// A buffer with this header and so many bytes after it, each with its distance from there.
    fn buffer(header: [u32; 4], after: usize) -> Vec<u8> {
        let mut bytes = header.map(u32::to_ne_bytes).concat();
        bytes.extend((0..after).map(|i| i as u8));
        bytes
    }

    const SHOT: Multishot = Multishot::new(128, 64);

    #[test]
    fn spaces_are_those_of_the_request() {
        let bytes = buffer([16, 32, 5, 0], 128 + 64 + 5);
        let shot = SHOT.parse(&bytes).unwrap();
        assert_eq!(shot.name, &bytes[16..32]);
        assert_eq!(shot.control, &bytes[144..176]);
        assert_eq!(shot.payload, &bytes[208..213]);
        assert_eq!((shot.name_len, shot.payload_len), (16, 5));
    }

    #[test]
    fn reported_lengths_may_be_larger_than_their_spaces() {
        let flags = MsgFlags::MSG_TRUNC | MsgFlags::MSG_CTRUNC;
        let cloexec = flags | MsgFlags::MSG_CMSG_CLOEXEC;
        let bytes = buffer([200, 70, 1500, cloexec.bits()], 128 + 64 + 5);
        let shot = SHOT.parse(&bytes).unwrap();
        assert_eq!((shot.name.len(), shot.name_len), (128, 200));
        assert_eq!(shot.control, &bytes[144..208]);
        assert_eq!((shot.payload.len(), shot.payload_len), (5, 1500));
        assert_eq!(shot.flags, flags);
        let most = buffer([u32::MAX; 4], 128 + 64);
        let shot = SHOT.parse(&most).unwrap();
        assert_eq!(
            (shot.name.len(), shot.control.len(), shot.payload),
            (128, 64, &[][..])
        );
    }

    #[test]
    fn a_buffer_without_the_spaces_is_refused() {
        let needed = SHOT.buffer_len(0);
        assert_eq!(needed, 16 + 128 + 64);
        for len in 0..needed {
            let bytes = &buffer([16, 32, 0, 0], needed)[..len];
            assert_eq!(SHOT.parse(bytes), Err(ShortBuffer { needed, len }));
        }
        assert!(SHOT.parse(&buffer([16, 32, 0, 0], 192)).is_ok());
        let huge = Multishot::new(usize::MAX, 1);
        assert_eq!(huge.buffer_len(1), usize::MAX);
        assert!(huge.parse(&[0; 400]).is_err());
    }

    #[test]
    fn the_header_has_lengths_only() {
        let header = SHOT.user_msghdr();
        assert_eq!((header.msg_namelen, header.msg_controllen), (128, 64));
        assert_eq!((header.msg_iovlen, header.msg_name.is_null()), (0, true));
    }
}
