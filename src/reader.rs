//! [`Reader`]: the messages of a control buffer, one after the other.
#![forbid(unsafe_code)]

use crate::abi::Abi;
use crate::cmsg::Raw;
use crate::error::{Error, Malformed, MalformedKind};
use crate::key::{Key, Payload};
use core::iter::FusedIterator;

/// Iterates over the messages of a control buffer: any bytes, aligned in any way.
///
/// Yields each message, or [`Malformed`] once and then nothing more. It never reads outside the
/// buffer and always ends: every step goes forward by at least a header. Fewer bytes than a header at
/// the end are the end, and the last message may lack its padding, as the kernel has it.
///
/// # Example
/// ```
/// use ancil::{IP_TTL, Reader, Writer};
///
/// let mut buffer = [0; IP_TTL.space()];
/// let mut writer = Writer::new(&mut buffer);
/// writer.put(IP_TTL, 64)?;
/// for raw in Reader::new(writer.finish()) {
///     if let Some(ttl) = raw?.get(IP_TTL)? {
///         assert_eq!(ttl, 64);
///     }
/// }
/// # Ok::<(), ancil::Error>(())
/// ```
///
/// # Complexity
/// O(1) per message, whatever its length.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    control: &'a [u8],
    /// Where the next header would be: at the end, fewer bytes than a header are left there.
    offset: usize,
    lenient: bool,
}

impl<'a> Reader<'a> {
    /// Reads `control`: the first `msg_controllen` bytes of the buffer that `recvmsg(2)` filled.
    #[inline]
    pub const fn new(control: &'a [u8]) -> Self {
        Self {
            control,
            offset: 0,
            lenient: false,
        }
    }

    /// Takes what is there of a message that is cut off by the end of the buffer, and a header whose
    /// length is 0 for the end, instead of failing: such tails are left by BSD and Darwin, by programs that send
    /// `sizeof buf` as `msg_controllen`, and by a copy that was cut.
    #[inline]
    pub const fn lenient(mut self) -> Self {
        self.lenient = true;
        self
    }

    /// The same over the buffer of another kind of system.
    #[inline]
    pub const fn with_abi(self, abi: Abi) -> ForeignReader<'a> {
        ForeignReader { reader: self, abi }
    }

    /// All the bytes that it reads: [`Control`](crate::Control) prints them.
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.control
    }

    /// Where the next header is looked for, in bytes from the start of the buffer.
    #[inline]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Goes on at `offset`, which a walk over the same bytes gave.
    #[inline]
    pub(crate) const fn at(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    /// The first message of this key behind here, decoded.
    ///
    /// # Errors
    /// [`Malformed`] if the walk ends at a bad header before such a message was found, and
    /// [`BadPayload`](crate::BadPayload) if it was found and cannot be decoded.
    pub fn get<P: ?Sized + Payload, S: ?Sized>(
        self,
        key: Key<P, S>,
    ) -> Result<Option<P::Out<'a>>, Error> {
        for raw in self {
            if let Some(value) = raw?.get(key)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// The message of `control` behind this one, in its place; behind [`Raw::BEFORE`], the first. Of a bad one the
    /// offset. A walk with that as its only state takes less of the stack. `compat`: as the kernel takes what a 32-bit
    /// program sends, where bytes behind the last message that are too few for a header are a bad one, of the least
    /// length that there is.
    #[inline(always)]
    pub(crate) fn follow(
        control: &'a [u8],
        abi: Abi,
        compat: bool,
        raw: &mut Raw<'a>,
    ) -> Result<bool, MalformedKind> {
        let at = if raw.offset == Raw::BEFORE.offset {
            0
        } else {
            abi.behind(compat, raw, control.len())
        };
        match Self::new(control).at(at).step(abi, compat) {
            Some(Ok(message)) => *raw = message,
            Some(Err(Malformed { offset, kind })) => {
                raw.offset = offset;
                return Err(kind);
            }
            None => return Ok(false),
        }
        Ok(true)
    }

    fn fail(&mut self, kind: MalformedKind) -> Option<Result<Raw<'a>, Malformed>> {
        let offset = core::mem::replace(&mut self.offset, self.control.len());
        Some(Err(Malformed { offset, kind }))
    }

    /// One step. `compat`: bytes that are too few for a header are a bad one. Always inlined: with `Abi::NATIVE` it
    /// is a handful of instructions.
    #[inline(always)]
    fn step(&mut self, abi: Abi, compat: bool) -> Option<Result<Raw<'a>, Malformed>> {
        let rest = self.control.get(self.offset..)?;
        let Some(header) = abi.header(rest) else {
            if !compat || rest.is_empty() {
                return None;
            }
            return self.fail(MalformedKind::PastEnd {
                cmsg_len: abi.header_size(),
                left: rest.len(),
            });
        };
        let mut cmsg_len = header.cmsg_len;
        match abi.check(cmsg_len, rest.len()) {
            Ok(()) => {}
            Err(MalformedKind::PastEnd { .. }) if self.lenient => cmsg_len = rest.len(),
            Err(MalformedKind::TooShort { cmsg_len: 0 }) if self.lenient => {
                self.offset = self.control.len();
                return None;
            }
            Err(kind) => return self.fail(kind),
        }
        let data = rest.get(abi.header_size()..cmsg_len)?; // what `check` has just promised
        let raw = Raw {
            level: header.cmsg_level,
            ty: header.cmsg_type,
            offset: self.offset,
            data,
        };
        self.offset = abi.behind(compat, &raw, self.control.len());
        Some(Ok(raw))
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Result<Raw<'a>, Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.step(Abi::NATIVE, false)
    }
}

impl FusedIterator for Reader<'_> {}

/// Iterates over the messages of a control buffer of the other word size: [`Reader::with_abi`].
///
/// Level and type are numbers of this machine. The payload is as it lies there: one of another word size
/// is not what [`Raw::get`] takes it for. [`compat`](crate::compat) translates it.
///
/// ```
/// use ancil::{Abi, Reader};
///
/// let bytes = [16u32, 0, 2, 64].map(u32::to_ne_bytes).concat(); // as a 32-bit program has IP_TTL
/// let raw = Reader::new(&bytes).with_abi(Abi::LINUX_32).next().unwrap()?;
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
        self.reader.step(self.abi, false)
    }
}

impl FusedIterator for ForeignReader<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmsg::HEADER;
    use crate::cmsg_space;
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
    fn other_systems_lay_it_out_otherwise() {
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
        // A cut tail, of which what is there is taken.
        let bytes = [&17u32.to_ne_bytes()[..], &[0; 8], &[9]].concat();
        let mut lenient = Reader::new(&bytes).lenient().with_abi(Abi::LINUX_32);
        assert_eq!(lenient.next().unwrap().unwrap().data, [9]);
    }

    #[test]
    fn the_last_padding_may_be_longer_than_the_buffer() {
        // cmsg_len rounded up lies behind the end: the walk ends there instead of stepping out.
        let bytes = message(HEADER + 5, 3, &[0; 5]);
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.next().unwrap().unwrap().data.len(), 5);
        assert_eq!((reader.next(), reader.offset()), (None, bytes.len()));
    }
}
