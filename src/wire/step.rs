//! The stepping rule: where the next message is, and whether a message is whole.
//!
//! It stands here as a `const fn` over integers, [`Abi::check`] and [`Abi::next`], and as [`Step`],
//! which holds what remains of a buffer. Every walk goes through [`Step`]: the readers of Rust and
//! C, `compat`, the verdicts, the printer and the owner of received descriptors.
#![forbid(unsafe_code)]

use super::abi::Abi;
use super::cmsg::{CmsgHdr, Raw};
use crate::error::{Malformed, MalformedKind};

impl Abi {
    /// Checks that a message of `cmsg_len` bytes is whole, given the `left` bytes from its header
    /// to the end of the buffer. The kernel calls this `CMSG_OK`.
    ///
    /// # Errors
    /// [`MalformedKind::TooShort`] if `cmsg_len` is less than a header, [`MalformedKind::PastEnd`]
    /// if it is more than `left`.
    #[doc(alias = "CMSG_OK")]
    #[inline]
    pub const fn check(self, cmsg_len: usize, left: usize) -> Result<(), MalformedKind> {
        if self.header_size() <= cmsg_len && cmsg_len <= left {
            Ok(())
        } else {
            Err(self.fault(cmsg_len, left))
        }
    }

    /// Returns what is wrong with the `cmsg_len` of a message that is not whole.
    #[inline]
    const fn fault(self, cmsg_len: usize, left: usize) -> MalformedKind {
        if cmsg_len < self.header_size() {
            MalformedKind::TooShort { cmsg_len }
        } else {
            MalformedKind::PastEnd { cmsg_len, left }
        }
    }

    /// Returns the bytes of a message and its padding, which the last message may lack.
    #[inline]
    const fn step_over(self, data: &[u8]) -> usize {
        // The sum is at most the bytes of the buffer, which is in memory.
        self.align_in_memory(self.header_size().wrapping_add(data.len()))
    }

    /// Returns the offset of the header that follows the message at `offset`, or `None` if no whole
    /// header follows.
    ///
    /// This is `CMSG_NXTHDR` as glibc has it since 2.37: a `cmsg_len` shorter than a header ends
    /// the walk, and the next header is not read, so an encoder may step onto a header that is not
    /// written yet. It does not overflow for any arguments.
    #[doc(alias = "CMSG_NXTHDR")]
    #[inline]
    pub const fn next(self, offset: usize, cmsg_len: usize, controllen: usize) -> Option<usize> {
        if cmsg_len < self.header_size() || controllen < offset {
            return None;
        }
        let left = controllen.wrapping_sub(offset); // offset <= controllen
        let rest = left.saturating_sub(self.cmsg_align(cmsg_len));
        if rest < self.header_size() {
            return None;
        }
        Some(controllen.wrapping_sub(rest)) // rest <= left <= controllen
    }
}

/// `CMSG_FIRSTHDR`: the offset of the first header in `controllen` bytes, 0, or `None` if no whole
/// header fits.
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
        // Less than a header becomes more than any buffer, so one comparison finds both faults.
        let data_len = header.cmsg_len.wrapping_sub(abi.header_size());
        let data = match after.get(..data_len) {
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
        let step = abi.step_over(data).min(rest.len());
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

    /// Returns the message that has the next header, and stays in front of it. `None`: the header
    /// is the end.
    #[inline(always)]
    pub(super) fn peek(&self, header: CmsgHdr, tail: Tail) -> Result<Option<Raw<'a>>, Malformed> {
        self.clone().next_at(header, Abi::NATIVE, tail)
    }

    /// Goes past a message that [`peek`](Step::peek) returned, and returns the next header.
    #[inline(always)]
    pub(super) fn skip(&mut self, raw: &Raw<'_>) -> Option<CmsgHdr> {
        let step = Abi::NATIVE.step_over(raw.data);
        self.rest = self.rest.get(step..)?; // the last padding may be missing
        self.header()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_never_leaves_the_buffer() {
        let small = [0, 1, 11, 12, 15, 16, 17, 23, 24, 25, 40];
        let huge = [usize::MAX - 20, usize::MAX - 7, usize::MAX];
        let numbers = [&small[..], &huge].concat();
        for abi in [Abi::LINUX_64, Abi::LINUX_32] {
            for &offset in &numbers {
                for &len in &numbers {
                    for &total in &numbers {
                        if let Some(next) = abi.next(offset, len, total) {
                            assert!(next > offset, "{abi:?} {offset} {len} {total}");
                            assert!(total - next >= abi.header_size());
                            assert!(next - offset >= len);
                            assert!(next - offset - len < abi.alignment());
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn next_is_found_exactly_when_a_header_fits() {
        for (total, expected) in [(39, None), (40, Some(24)), (41, Some(24))] {
            assert_eq!(Abi::LINUX_64.next(0, 20, total), expected);
        }
        assert_eq!(Abi::LINUX_64.next(0, 15, 100), None);
        assert_eq!(Abi::LINUX_64.next(101, 16, 100), None);
    }

    #[test]
    fn check_names_the_reason() {
        let (cmsg_len, left) = (17, 16);
        assert_eq!(Abi::LINUX_64.check(16, 16), Ok(()));
        assert_eq!(
            Abi::LINUX_64.check(15, 100),
            Err(MalformedKind::TooShort { cmsg_len: 15 })
        );
        assert_eq!(
            Abi::LINUX_64.check(cmsg_len, left),
            Err(MalformedKind::PastEnd { cmsg_len, left })
        );
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
