// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Nlmsghdr`], [`Message`] and [`Reader`]: `netlink(7)`, kernel `include/uapi/linux/netlink.h`.
#![forbid(unsafe_code)]

use super::attribute::Attributes;
use super::error::{BadPayload, ItemKind, Malformed};
use super::numbers::NLM_F_DUMP_INTR;
use super::size::{NLMSG_HDRLEN, nlmsg_align};
use super::walk::{Header, Walk};
use crate::error::{Lengths, PayloadError};
use core::iter::FusedIterator;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct nlmsghdr`: the header of a message.
///
/// A request may leave `nlmsg_pid` 0, because the kernel knows the port. To find out who sent a
/// datagram, do not trust that field; look at the source address.
///
/// ```
/// use ancil::netlink::{NLM_F_REQUEST, NLMSG_HDRLEN, Nlmsghdr};
/// let header = Nlmsghdr::new(18, NLM_F_REQUEST, 1); // RTM_GETLINK, request 1
/// assert_eq!((header.nlmsg_type, size_of_val(&header)), (18, NLMSG_HDRLEN));
/// ```
#[doc(alias = "nlmsghdr")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct Nlmsghdr {
    /// Bytes of header and payload, without the padding that follows.
    pub nlmsg_len: u32,
    /// Type: netlink's own (`NLMSG_*`) below 16, the family's from 16 on.
    pub nlmsg_type: u16,
    /// Flags: `NLM_F_*`.
    pub nlmsg_flags: u16,
    /// Number that the requester chooses and the answers repeat.
    pub nlmsg_seq: u32,
    /// Port of the requester, which the answers repeat.
    pub nlmsg_pid: u32,
}

const _: () = assert!(size_of::<Nlmsghdr>() == NLMSG_HDRLEN);
const _: () = assert!(core::mem::offset_of!(Nlmsghdr, nlmsg_type) == 4);
const _: () = assert!(core::mem::offset_of!(Nlmsghdr, nlmsg_seq) == 8);

impl Nlmsghdr {
    /// Returns the header of a request to the kernel that has no payload yet.
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
    const ITEM: ItemKind = ItemKind::Message;

    #[inline]
    fn len(&self) -> usize {
        usize::try_from(self.nlmsg_len).unwrap_or(usize::MAX)
    }
}

/// One message in its datagram, with the payload not decoded.
///
/// ```
/// use ancil::netlink::{Message, Nlmsghdr, Reader, Writer};
///
/// # let mut buffer = [0; 64];
/// # let mut writer = Writer::new(&mut buffer);
/// # writer.message(Nlmsghdr::new(16, 0, 7), |message| {
/// #     message.put(&2u32)?;
/// #     message.attribute(4, &1500u32)
/// # })?;
/// # let datagram = writer.finish();
/// let message: Message<'_> = Reader::new(datagram).next().unwrap()?;
/// assert!(message.header.nlmsg_seq == 7 && !message.interrupted());
/// let (index, attributes) = message.split::<u32>()?;
/// assert_eq!((index, attributes.count(), message.attributes(4).count()), (2, 1, 1));
/// # Ok::<(), ancil::netlink::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Message<'a> {
    /// The header.
    pub header: Nlmsghdr,
    /// The offset of the header, in bytes from the start of the datagram.
    pub offset: usize,
    /// The payload, `nlmsg_len - 16` bytes.
    #[doc(alias = "NLMSG_DATA")]
    pub data: &'a [u8],
}

impl<'a> Message<'a> {
    /// Returns the struct of the family and the attributes that follow it.
    ///
    /// Use `()` for a family that has no struct.
    ///
    /// # Errors
    /// [`BadPayload`] if the payload is shorter than the struct.
    pub fn split<T: FromBytes>(&self) -> Result<(T, Attributes<'a>), BadPayload> {
        let at_least = PayloadError::Length(Lengths::AtLeast(size_of::<T>()));
        let (front, _) = T::read_from_prefix(self.data).map_err(|_| self.bad_payload(at_least))?;
        Ok((front, self.attributes(size_of::<T>())))
    }

    /// Returns the attributes that follow the first `n` bytes of payload and their padding. There
    /// are none if the payload ends before.
    #[inline]
    pub fn attributes(&self, n: usize) -> Attributes<'a> {
        let start = self.offset.saturating_add(NLMSG_HDRLEN);
        Attributes::from_offset(self.data, start).at(nlmsg_align(n))
    }

    /// Returns whether the message belongs to an inconsistent dump: something changed while it was
    /// made, so ask again. [`NLM_F_DUMP_INTR`].
    #[inline]
    pub const fn interrupted(&self) -> bool {
        self.header.nlmsg_flags & NLM_F_DUMP_INTR != 0
    }

    pub(super) const fn bad_payload(&self, cause: PayloadError) -> BadPayload {
        BadPayload {
            item: ItemKind::Message,
            ty: self.header.nlmsg_type,
            offset: self.offset,
            len: self.data.len(),
            cause,
        }
    }
}

/// Iterates over the messages of a datagram, which may hold any bytes and have any alignment.
///
/// Yields each message. On a bad header it yields [`Malformed`] once, then ends. Fewer bytes than a
/// header at the end are ignored and the last message may lack its padding, as in the kernel. The
/// kernel reports no error for a bad header in a request: it executes the messages before that
/// header and ignores the rest.
///
/// In a datagram that was cut off (`MSG_TRUNC`), messages may be missing without any error here, so
/// check that flag first. An answer of the kernel fits in 32768 bytes: `netlink(7)`.
///
/// ```
/// use ancil::netlink::{Nlmsghdr, Reader, Writer};
///
/// # let mut buffer = [0; 64];
/// # let mut writer = Writer::new(&mut buffer);
/// # writer.message(Nlmsghdr::new(16, 0, 7), |message| message.put(&2u32))?;
/// # let datagram = writer.finish();
/// let mut reader = Reader::new(datagram);
/// while let Some(message) = reader.next() {
///     assert_eq!((message?.data.len(), reader.offset()), (4, 20));
/// }
/// # Ok::<(), ancil::netlink::Error>(())
/// ```
#[doc(alias("NLMSG_OK", "NLMSG_NEXT"))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader<'a> {
    walk: Walk<'a>,
}

impl<'a> Reader<'a> {
    /// Starts at the front of `datagram`.
    #[inline]
    pub const fn new(datagram: &'a [u8]) -> Self {
        Self {
            walk: Walk::new(datagram, 0),
        }
    }

    /// Continues `n` bytes further on, where an earlier walk over the same bytes stopped.
    #[cfg(feature = "capi")]
    pub(crate) fn at(self, n: usize) -> Self {
        Self {
            walk: self.walk.advance(n),
        }
    }

    /// Returns the offset of the next header, in bytes from the start of the datagram.
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
    fn reads_several_messages_and_the_last_without_padding() {
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
        bytes.extend([0xff; 17]); // two bytes of padding, then fewer than a header
        assert_eq!(all(&bytes), expected);
    }

    #[test]
    fn a_bad_length_is_reported_once() {
        let item = ItemKind::Message;
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
    fn attributes_follow_the_padded_struct() {
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
        assert_eq!(message.split::<()>().unwrap().1.rest(), message.data);
    }
}
