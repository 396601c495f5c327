// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Step`]: the stepping rule over bytes.
//!
//! It holds what remains of a buffer. Every walk goes through it: the readers of Rust and C,
//! `compat`, the verdicts, the printer and the owner of received descriptors. The rule itself, in
//! integers, is in `rule.rs`.
#![forbid(unsafe_code)]

use super::abi::Abi;
use super::cmsg::{CmsgHdr, Raw};
use crate::error::{Malformed, MalformedKind};

/// `CMSG_FIRSTHDR`: the offset of the first header in `controllen` bytes, 0, or `None` if no whole
/// header fits.
///
/// ```
/// use ancil::{cmsg_firsthdr, cmsg_len};
/// assert_eq!((cmsg_firsthdr(cmsg_len(0)), cmsg_firsthdr(3)), (Some(0), None));
/// ```
#[doc(alias = "CMSG_FIRSTHDR")]
#[inline]
pub const fn cmsg_firsthdr(controllen: usize) -> Option<usize> {
    if controllen < Abi::NATIVE.header_size() {
        None
    } else {
        Some(0)
    }
}

/// `CMSG_NXTHDR`: the offset of the header after the message of `cmsg_len` bytes at `offset`, or
/// `None` if no whole header follows. See [`Abi::next`].
///
/// ```
/// use ancil::{cmsg_data, cmsg_firsthdr, cmsg_len, cmsg_nxthdr, cmsg_space};
///
/// let controllen = 2 * cmsg_space(4);
/// let first = cmsg_firsthdr(controllen).unwrap();
/// let second = cmsg_nxthdr(first, cmsg_len(4), controllen).unwrap();
/// assert_eq!((first, second), (0, cmsg_space(4)));
/// assert_eq!(cmsg_data(second), second + cmsg_len(0));
/// assert_eq!(cmsg_nxthdr(second, cmsg_len(4), controllen), None);
/// ```
#[doc(alias = "CMSG_NXTHDR")]
#[inline]
pub const fn cmsg_nxthdr(offset: usize, cmsg_len: usize, controllen: usize) -> Option<usize> {
    Abi::NATIVE.next(offset, cmsg_len, controllen)
}

/// `CMSG_DATA`: the offset of the payload of the message at `offset`; saturates at `usize::MAX`.
///
/// ```
/// assert_eq!(ancil::cmsg_data(0), ancil::cmsg_len(0));
/// ```
#[doc(alias = "CMSG_DATA")]
#[inline]
pub const fn cmsg_data(offset: usize) -> usize {
    offset.saturating_add(Abi::NATIVE.header_size())
}

/// How a walk treats the end of a buffer that is not a whole message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// Fewer bytes than a header are the end, as in the kernel's `CMSG_NXTHDR`.
    Native,
    /// Fewer bytes than a header are an error, as in the kernel's `cmsg_compat_nxthdr`, which reads
    /// what 32-bit programs send.
    Compat,
    /// Fewer bytes than a header are the end, and so is a header of length 0. A message that the
    /// end of the buffer cuts off is clipped.
    Lenient,
}

/// What remains of a control buffer.
#[derive(Clone, Debug)]
pub(crate) struct Step<'a> {
    rest: &'a [u8],
    /// Bytes of the whole buffer.
    len: usize,
}

impl<'a> Step<'a> {
    #[inline]
    pub(crate) const fn new(control: &'a [u8]) -> Self {
        Self {
            rest: control,
            len: control.len(),
        }
    }

    /// Resumes a walk that stopped at `offset`, for callers that cannot keep a borrow in between.
    #[inline]
    pub(crate) fn resume(control: &'a [u8], offset: usize) -> Self {
        let offset = offset.min(control.len()); // no branch, unlike an empty slice past the end
        Self {
            rest: control.get(offset..).unwrap_or_default(),
            len: control.len(),
        }
    }

    /// The offset at which the next header is expected.
    #[inline]
    pub(crate) const fn offset(&self) -> usize {
        self.len.wrapping_sub(self.rest.len()) // `rest` is the end of the buffer
    }

    /// The bytes that remain.
    #[cfg(feature = "capi")]
    #[inline]
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Returns the next message. After an error nothing remains.
    ///
    /// It is always inlined because with `Abi::NATIVE` it takes a handful of instructions.
    #[inline(always)]
    pub(crate) fn next(&mut self, abi: Abi, tail: Tail) -> Result<Option<Raw<'a>>, Malformed> {
        let (rest, offset) = (self.rest, self.offset());
        let Some(header) = abi.header(rest) else {
            if tail != Tail::Compat || rest.is_empty() {
                return Ok(None);
            }
            self.rest = &[];
            let (cmsg_len, left) = (abi.header_size(), rest.len());
            let kind = MalformedKind::PastEnd { cmsg_len, left };
            return Err(Malformed { offset, kind });
        };
        self.next_at(header, abi, tail)
    }

    /// Returns the next message, given its header.
    #[inline(always)]
    fn next_at(
        &mut self,
        header: CmsgHdr,
        abi: Abi,
        tail: Tail,
    ) -> Result<Option<Raw<'a>>, Malformed> {
        let (rest, offset) = (self.rest, self.offset());
        let after = rest.get(abi.header_size()..).unwrap_or_default();
        // One comparison finds both faults.
        let data = match after.get(..abi.data_len(header.cmsg_len)) {
            Some(data) => data,
            None => {
                self.rest = &[];
                match abi.fault(header.cmsg_len, rest.len()) {
                    MalformedKind::PastEnd { .. } if tail == Tail::Lenient => after,
                    MalformedKind::TooShort { cmsg_len: 0 } if tail == Tail::Lenient => {
                        return Ok(None);
                    }
                    kind => return Err(Malformed { offset, kind }),
                }
            }
        };
        // The smaller of the two needs no branch, unlike an empty slice after the last message.
        let step = abi.step_over(data.len()).min(rest.len());
        self.rest = rest.get(step..).unwrap_or_default();
        Ok(Some(Raw {
            level: header.cmsg_level,
            ty: header.cmsg_type,
            offset,
            data,
        }))
    }

    /// Returns the next header, for a loop over [`peek`](Step::peek) and [`skip`](Step::skip).
    ///
    /// Such a loop takes less time than one over [`next`](Step::next). There the next header is at
    /// the smaller of two offsets, so the processor waits for both before it reads the header. Here
    /// a branch ends the loop, and the processor predicts it.
    #[inline(always)]
    pub(super) fn header(&self) -> Option<CmsgHdr> {
        Abi::NATIVE.header(self.rest)
    }

    /// Returns the message that has the next header, and stays in front of it; or `None` if the
    /// header ends the walk.
    #[inline(always)]
    pub(super) fn peek(&self, header: CmsgHdr, tail: Tail) -> Result<Option<Raw<'a>>, Malformed> {
        self.clone().next_at(header, Abi::NATIVE, tail)
    }

    /// Goes past a message that [`peek`](Step::peek) returned, and returns the next header.
    #[inline(always)]
    pub(super) fn skip(&mut self, raw: &Raw<'_>) -> Option<CmsgHdr> {
        let step = Abi::NATIVE.step_over(raw.data.len());
        self.rest = self.rest.get(step..)?; // the last padding may be missing
        self.header()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_those_of_the_macros_of_c() {
        let header = Abi::NATIVE.header_size();
        let (len, space) = (Abi::NATIVE.cmsg_len(4), Abi::NATIVE.cmsg_space(4));
        for (controllen, first) in [
            (0, None),
            (header - 1, None),
            (header, Some(0)),
            (99, Some(0)),
        ] {
            assert_eq!(cmsg_firsthdr(controllen), first);
        }
        assert_eq!(cmsg_nxthdr(space, len, 3 * space), Some(2 * space));
        assert_eq!(cmsg_nxthdr(space, len, 2 * space), None);
        assert_eq!(cmsg_data(space), space + header);
        assert_eq!(cmsg_data(usize::MAX), usize::MAX);
    }

    #[test]
    fn step_and_next_agree() {
        // Two messages of every length, in buffers of every length: `Step` goes where `next` says.
        for len in 16..40usize {
            for total in len..80 {
                let mut bytes = std::vec![0; total];
                bytes[..8].copy_from_slice(&(len as u64).to_ne_bytes());
                let mut step = Step::new(&bytes);
                step.next(Abi::LINUX_64, Tail::Native).unwrap().unwrap();
                let found = step.next(Abi::LINUX_64, Tail::Native);
                match Abi::LINUX_64.next(0, len, total) {
                    None => assert_eq!(found, Ok(None)),
                    Some(offset) => assert_eq!(found.unwrap_err().offset, offset),
                }
            }
        }
    }
}
