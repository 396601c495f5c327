// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Reader`]: iterates over the messages of a control buffer.
#![forbid(unsafe_code)]

use crate::error::{Error, Malformed};
use crate::wire::abi::Abi;
use crate::wire::cmsg::Raw;
use crate::wire::key::{Decoded, Key};
use crate::wire::step::{Step, Tail};
use core::iter::FusedIterator;

/// Iterates over the messages of a control buffer: any bytes, of any alignment.
///
/// It yields each message in order. A malformed header yields [`Malformed`], and nothing after it.
/// Fewer bytes than a header end the walk, and the last message may lack its padding, as in the
/// kernel. No bytes lead it outside the buffer, and it always ends: each step goes forward by at
/// least a header.
///
/// # Example
/// ```
/// use ancil::{IP_TTL, Reader, Writer, space_of};
///
/// let mut buffer = [0; space_of::<IP_TTL>()];
/// let mut writer = Writer::new(&mut buffer);
/// writer.put(IP_TTL, 64)?;
/// for raw in writer.finish().reader() {
///     if let Some(ttl) = raw?.get(IP_TTL)? {
///         assert_eq!(ttl, 64);
///     }
/// }
/// # Ok::<(), ancil::Error>(())
/// ```
///
/// # Complexity
/// O(1) per message, whatever its length.
#[doc(alias("CMSG_FIRSTHDR", "CMSG_NXTHDR"))]
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    control: &'a [u8],
    pub(super) step: Step<'a>,
    pub(super) tail: Tail,
}

impl<'a> Reader<'a> {
    /// Reads `control`: the first `msg_controllen` bytes of the buffer that `recvmsg(2)` filled.
    #[inline]
    pub const fn new(control: &'a [u8]) -> Self {
        Self {
            control,
            step: Step::new(control),
            tail: Tail::Native,
        }
    }

    /// Clips a message that the end of the buffer cuts off, and ends at a header whose length is 0,
    /// instead of yielding an error. Programs that send `sizeof buf` as `msg_controllen` leave such
    /// tails, and so does a copy that was cut.
    ///
    /// ```
    /// use ancil::Reader;
    ///
    /// let zeros = [0; 32]; // as a program leaves them that sends its whole buffer
    /// assert_eq!(Reader::new(&zeros).lenient().count(), 0);
    /// assert!(Reader::new(&zeros).next().unwrap().is_err());
    /// ```
    #[inline]
    pub const fn lenient(mut self) -> Self {
        self.tail = Tail::Lenient;
        self
    }

    /// Reads the buffer of a program with another word size.
    ///
    /// [`ForeignReader`] has an example.
    ///
    /// ```
    /// use ancil::{Abi, Reader};
    /// assert!(Reader::new(&[]).with_abi(Abi::LINUX_32).next().is_none());
    /// ```
    #[inline]
    pub const fn with_abi(self, abi: Abi) -> ForeignReader<'a> {
        ForeignReader { reader: self, abi }
    }

    /// The whole buffer, whatever has been read of it. [`DisplayControl`](crate::DisplayControl)
    /// prints it.
    ///
    /// ```
    /// let mut reader = ancil::Reader::new(&[1, 2, 3]);
    /// assert!(reader.next().is_none()); // too few for a header
    /// assert_eq!(reader.as_bytes(), [1, 2, 3]);
    /// ```
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.control
    }

    /// The offset at which the next header is expected, in bytes from the start of the buffer.
    ///
    /// ```
    /// use ancil::{IP_TTL, Writer, space_of};
    ///
    /// let mut buffer = [0; space_of::<IP_TTL>()];
    /// let mut writer = Writer::new(&mut buffer);
    /// writer.put(IP_TTL, 64)?;
    /// let mut reader = writer.finish().reader();
    /// assert_eq!(reader.offset(), 0);
    /// _ = reader.next();
    /// assert_eq!(reader.offset(), space_of::<IP_TTL>());
    /// # Ok::<(), ancil::Error>(())
    /// ```
    #[inline]
    pub const fn offset(&self) -> usize {
        self.step.offset()
    }

    /// Decodes the first of the remaining messages that has this key. Returns `None` if no message
    /// has it.
    ///
    /// ```
    /// use ancil::{IP_TTL, Reader};
    /// assert_eq!(Reader::new(&[]).get(IP_TTL)?, None);
    /// # Ok::<(), ancil::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Malformed`] if a malformed header comes before such a message, and
    /// [`BadPayload`](crate::BadPayload) if the message cannot be decoded.
    #[inline]
    pub fn get<K: Key>(self, key: K) -> Result<Option<Decoded<'a, K>>, Error> {
        for raw in self {
            if let Some(value) = raw?.get(key)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Result<Raw<'a>, Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.step.next(Abi::NATIVE, self.tail).transpose()
    }
}

impl FusedIterator for Reader<'_> {}

/// Iterates over the messages of a control buffer of another word size: [`Reader::with_abi`].
///
/// Payloads are not translated. [`Raw::get`] would misread those that hold machine words;
/// [`compat`](crate::compat) translates them.
///
/// ```
/// use ancil::{Abi, ForeignReader, Reader};
///
/// let bytes = [16u32, 0, 2, 64].map(u32::to_ne_bytes).concat(); // as a 32-bit program has IP_TTL
/// let mut reader: ForeignReader<'_> = Reader::new(&bytes).with_abi(Abi::LINUX_32);
/// let raw = reader.next().unwrap()?;
/// assert_eq!((raw.level, raw.ty, raw.data), (0, 2, &64u32.to_ne_bytes()[..]));
/// # Ok::<(), ancil::Malformed>(())
/// ```
#[derive(Clone, Debug)]
pub struct ForeignReader<'a> {
    reader: Reader<'a>,
    abi: Abi,
}

impl<'a> Iterator for ForeignReader<'a> {
    type Item = Result<Raw<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        self.reader
            .step
            .next(self.abi, self.reader.tail)
            .transpose()
    }
}

impl FusedIterator for ForeignReader<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmsg_space;
    use crate::error::MalformedKind;
    use crate::wire::cmsg::HEADER;
    use std::vec::Vec;

    /// Header fields and payload, laid out by hand.
    fn message(len: usize, ty: i32, data: &[u8]) -> Vec<u8> {
        let mut bytes = len.to_ne_bytes().to_vec();
        bytes.extend(7i32.to_ne_bytes());
        bytes.extend(ty.to_ne_bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn unpadded_tail_and_empty_payload() {
        let mut bytes = message(HEADER, 1, &[]);
        bytes.extend(message(HEADER + 1, 2, &[9]));
        let all: Vec<_> = Reader::new(&bytes)
            .map(|m| m.map(|m| (m.offset, m.ty, m.data)))
            .collect();
        assert_eq!(all, [Ok((0, 1, &[][..])), Ok((HEADER, 2, &[9][..]))]);
    }

    #[test]
    fn fewer_bytes_than_a_header_are_the_end() {
        let mut bytes = message(HEADER, 1, &[]);
        bytes.extend(vec![0xff; HEADER - 1]);
        assert_eq!(Reader::new(&bytes).count(), 1);
        assert!(Reader::new(&bytes[..HEADER - 1]).next().is_none());
    }

    #[test]
    fn errors_name_the_offset_and_end_the_walk() {
        let mut bytes = message(HEADER, 1, &[]);
        bytes.extend(message(HEADER - 1, 2, &[0; 16]));
        let mut reader = Reader::new(&bytes);
        assert!(reader.next().unwrap().is_ok());
        let kind = MalformedKind::TooShort {
            cmsg_len: HEADER - 1,
        };
        assert_eq!(
            reader.next(),
            Some(Err(Malformed {
                offset: HEADER,
                kind
            }))
        );
        assert_eq!(reader.next(), None);
        assert_eq!(reader.next(), None);
    }

    #[test]
    fn lenient_clamps_a_cut_tail() {
        let bytes = message(HEADER + 8, 3, &[1, 2, 3]);
        let kind = MalformedKind::PastEnd {
            cmsg_len: HEADER + 8,
            left: HEADER + 3,
        };
        assert_eq!(
            Reader::new(&bytes).next(),
            Some(Err(Malformed { offset: 0, kind }))
        );
        let mut reader = Reader::new(&bytes).lenient();
        assert_eq!(reader.next().unwrap().unwrap().data, [1, 2, 3]);
        assert_eq!(reader.next(), None);

        let zeros = [0; cmsg_space(8)];
        assert!(Reader::new(&zeros).next().unwrap().is_err());
        assert_eq!(Reader::new(&zeros).lenient().next(), None);
    }

    #[test]
    fn either_word_size_is_read() {
        // More bytes than a 32-bit machine can count.
        let mut huge = [0xff; 16];
        huge[8..].fill(0);
        let kind = MalformedKind::PastEnd {
            cmsg_len: usize::MAX,
            left: 16,
        };
        let mut reader = Reader::new(&huge).with_abi(Abi::LINUX_64);
        assert_eq!(
            (reader.next(), reader.next()),
            (Some(Err(Malformed { offset: 0, kind })), None)
        );
        // A message that the end of the buffer cuts off.
        let bytes = [&17u32.to_ne_bytes()[..], &[0; 8], &[9]].concat();
        let mut lenient = Reader::new(&bytes).lenient().with_abi(Abi::LINUX_32);
        assert_eq!(lenient.next().unwrap().unwrap().data, [9]);
    }

    #[test]
    fn the_last_padding_may_be_longer_than_the_buffer() {
        // cmsg_len rounded up lies past the end: the walk ends at the end of the buffer.
        let bytes = message(HEADER + 5, 3, &[0; 5]);
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.next().unwrap().unwrap().data.len(), 5);
        assert_eq!((reader.next(), reader.offset()), (None, bytes.len()));
    }
}
