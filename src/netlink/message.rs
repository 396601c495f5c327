//! Messages: `netlink(7)`, kernel `include/uapi/linux/netlink.h`.
#![forbid(unsafe_code)]

use super::walk::{Header, Walk};
use super::{Attributes, BadPayload, Item, Malformed, NLM_F_DUMP_INTR, NLMSG_HDRLEN, nlmsg_align};
use crate::error::{Lengths, PayloadError};
use core::iter::FusedIterator;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct nlmsghdr`: the header of a message.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct Nlmsghdr {
    /// Bytes of header and payload, without the padding to a multiple of 4 behind.
    pub nlmsg_len: u32,
    /// What it is: `NLMSG_ERROR` and its kin, or a type of the family from 16 on.
    pub nlmsg_type: u16,
    /// `NLM_F_*`.
    pub nlmsg_flags: u16,
    /// A number of the requester's own, which the answers repeat.
    pub nlmsg_seq: u32,
    /// The port of the requester, which the answers repeat; 0 in requests, where the kernel knows it. Who has really
    /// sent a datagram is said by its address.
    pub nlmsg_pid: u32,
}

const _: () = assert!(size_of::<Nlmsghdr>() == 16);
const _: () = assert!(core::mem::offset_of!(Nlmsghdr, nlmsg_type) == 4);
const _: () = assert!(core::mem::offset_of!(Nlmsghdr, nlmsg_seq) == 8);

impl Nlmsghdr {
    /// The header of a request to the kernel, without payload yet.
    #[inline]
    pub const fn new(nlmsg_type: u16, nlmsg_flags: u16, nlmsg_seq: u32) -> Self {
        Self {
            nlmsg_len: NLMSG_HDRLEN as u32,
            nlmsg_type,
            nlmsg_flags,
            nlmsg_seq,
            nlmsg_pid: 0,
        }
    }
}

impl Header for Nlmsghdr {
    const ITEM: Item = Item::Message;

    fn len(&self) -> usize {
        usize::try_from(self.nlmsg_len).unwrap_or(usize::MAX)
    }
}

/// One message in its datagram, nothing decoded yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The header.
    pub header: Nlmsghdr,
    /// Where it starts, in bytes from the start of the datagram.
    pub offset: usize,
    /// The payload, `nlmsg_len - 16` bytes.
    pub data: &'a [u8],
}

impl<'a> Message<'a> {
    /// The struct of the family at the front, and the attributes behind it.
    ///
    /// A family without one takes `()`.
    ///
    /// # Errors
    /// [`BadPayload`] if there are fewer bytes than that struct has.
    pub fn split<T: FromBytes>(&self) -> Result<(T, Attributes<'a>), BadPayload> {
        let at_least = PayloadError::Length(Lengths::AtLeast(size_of::<T>()));
        let (front, _) = T::read_from_prefix(self.data).map_err(|_| self.bad(at_least))?;
        Ok((front, self.attributes(size_of::<T>())))
    }

    /// The attributes behind `n` bytes of payload and their padding; none where it ends before.
    #[inline]
    pub fn attributes(&self, n: usize) -> Attributes<'a> {
        let skipped = nlmsg_align(n);
        let offset = self
            .offset
            .saturating_add(NLMSG_HDRLEN)
            .saturating_add(skipped);
        Attributes::from_offset(self.data.get(skipped..).unwrap_or_default(), offset)
    }

    /// Whether the dump that it is part of is inconsistent, because something changed meanwhile: ask again.
    /// [`NLM_F_DUMP_INTR`].
    #[inline]
    pub const fn interrupted(&self) -> bool {
        self.header.nlmsg_flags & NLM_F_DUMP_INTR != 0
    }

    pub(super) const fn bad(&self, cause: PayloadError) -> BadPayload {
        let ty = self.header.nlmsg_type;
        BadPayload {
            item: Item::Message,
            ty,
            offset: self.offset,
            len: self.data.len(),
            cause,
        }
    }
}

/// Iterates over the messages of a datagram: any bytes, aligned in any way.
///
/// Yields each message, or [`Malformed`] once and then nothing more. Fewer bytes than a header at the end are the end,
/// and the last message may lack its padding, as the kernel has it. The kernel itself ends without a word at a bad
/// header, having done what stands before it.
///
/// A datagram that was cut off (`MSG_TRUNC`) reads as malformed at best; look at the flag first. An answer fits in
/// 32768 bytes: `netlink(7)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader<'a> {
    walk: Walk<'a>,
}

impl<'a> Reader<'a> {
    /// Reads a datagram.
    #[inline]
    pub const fn new(datagram: &'a [u8]) -> Self {
        Self {
            walk: Walk::new(datagram, 0),
        }
    }

    /// Goes on at `at`, which a walk over the same bytes gave.
    #[cfg(feature = "capi")]
    pub(crate) const fn at(self, at: usize) -> Self {
        Self {
            walk: self.walk.at(at),
        }
    }

    /// All the bytes that it reads.
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.walk.bytes()
    }

    /// Where the next header is looked for, in bytes from the start of the datagram.
    #[inline]
    pub const fn offset(&self) -> usize {
        self.walk.offset()
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Result<Message<'a>, Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let step = self.walk.next::<Nlmsghdr>()?;
        Some(step.map(|(header, offset, data)| Message {
            header,
            offset,
            data,
        }))
    }
}

impl FusedIterator for Reader<'_> {}

const _: () = assert!(size_of::<Nlmsghdr>() == NLMSG_HDRLEN);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netlink::MalformedKind;
    use std::vec::Vec;

    fn message(len: u32, seq: u32, payload: &[u8]) -> Vec<u8> {
        [
            Nlmsghdr {
                nlmsg_len: len,
                nlmsg_seq: seq,
                ..Nlmsghdr::new(20, 0, 0)
            }
            .as_bytes(),
            payload,
        ]
        .concat()
    }

    #[test]
    fn several_in_one_datagram_the_last_without_padding() {
        let mut bytes = [
            message(17, 1, &[7, 0, 0, 0]),
            message(16, 2, &[]),
            message(18, 3, &[8, 9]),
        ]
        .concat();
        let all = |bytes: &[u8]| -> Vec<_> {
            Reader::new(bytes)
                .map(|m| m.map(|m| (m.offset, m.header.nlmsg_seq, m.data.to_vec())))
                .collect()
        };
        let expected = [
            Ok((0, 1, vec![7])),
            Ok((20, 2, vec![])),
            Ok((36, 3, vec![8, 9])),
        ];
        assert_eq!(all(&bytes), expected);
        bytes.extend([0xff; 17]); // two of padding, then less than a header
        assert_eq!(all(&bytes), expected);
    }

    #[test]
    fn a_bad_length_is_told_once() {
        let item = Item::Message;
        for (len, kind) in [
            (15, MalformedKind::TooShort { len: 15 }),
            (0, MalformedKind::TooShort { len: 0 }),
            (21, MalformedKind::PastEnd { len: 21, left: 20 }),
            (
                u32::MAX,
                MalformedKind::PastEnd {
                    len: u32::MAX as usize,
                    left: 20,
                },
            ),
        ] {
            let bytes = [message(16, 1, &[]), message(len, 2, &[0; 4])].concat();
            let mut reader = Reader::new(&bytes);
            assert!(reader.next().unwrap().is_ok());
            assert_eq!(
                reader.next(),
                Some(Err(Malformed {
                    item,
                    offset: 16,
                    kind
                }))
            );
            assert_eq!((reader.next(), reader.offset()), (None, bytes.len()));
        }
    }

    #[test]
    fn attributes_stand_behind_the_padded_struct() {
        let bytes = [
            message(16, 1, &[]),
            message(29, 2, &[1, 2, 3, 4, 5, 0, 0, 0, 5, 0, 6, 0, 7]),
        ]
        .concat();
        let message = Reader::new(&bytes).nth(1).unwrap().unwrap();
        let (front, mut attributes) = message.split::<[u8; 5]>().unwrap();
        assert_eq!((front, attributes.offset()), ([1, 2, 3, 4, 5], 40));
        #[cfg(target_endian = "little")]
        assert_eq!(attributes.next().unwrap().unwrap().data, [7]);
        attributes = message.split::<[u8; 13]>().unwrap().1;
        assert_eq!(attributes.next(), None);
        let error = message.split::<[u8; 14]>().unwrap_err();
        assert_eq!((error.offset, error.len), (16, 13));
        assert_eq!(message.split::<()>().unwrap().1.as_bytes(), message.data);
    }
}
