// SPDX-License-Identifier: MIT OR Apache-2.0
//! The stepping rule: where the next message is, and whether a message is whole.
//!
//! It stands here as functions over integers. [`Step`](super::step::Step) applies it to bytes.
#![forbid(unsafe_code)]

use super::abi::Abi;
use super::{MalformedKind, usize}; // other ones in `at_8_bits.rs`

impl Abi {
    /// Checks that a message of `cmsg_len` bytes is whole, given the `left` bytes from its header
    /// to the end of the buffer. The kernel calls this `CMSG_OK`.
    ///
    /// ```
    /// use ancil::{Abi, MalformedKind};
    ///
    /// assert_eq!(Abi::LINUX_64.check(20, 24), Ok(())); // 4 bytes of payload
    /// assert_eq!(Abi::LINUX_64.check(8, 24), Err(MalformedKind::TooShort { cmsg_len: 8 }));
    /// ```
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
    pub(super) const fn fault(self, cmsg_len: usize, left: usize) -> MalformedKind {
        if cmsg_len < self.header_size() {
            MalformedKind::TooShort { cmsg_len }
        } else {
            MalformedKind::PastEnd { cmsg_len, left }
        }
    }

    /// Returns the bytes of the payload. If `cmsg_len` is less than a header, the number wraps to
    /// more than `isize::MAX`, which no slice has.
    #[inline]
    pub(super) const fn data_len(self, cmsg_len: usize) -> usize {
        cmsg_len.wrapping_sub(self.header_size())
    }

    /// Returns the offset of the header that follows the message at `offset`, or `None` if no whole
    /// header follows.
    ///
    /// This is `CMSG_NXTHDR` as glibc has it since 2.37: a `cmsg_len` shorter than a header ends
    /// the walk, and the next header is not read, so an encoder may step onto a header that is not
    /// written yet. It does not overflow for any arguments.
    ///
    /// ```
    /// use ancil::Abi;
    ///
    /// assert_eq!(Abi::LINUX_64.next(0, 20, 48), Some(24)); // rounded up to 8
    /// assert_eq!(Abi::LINUX_64.next(24, 20, 48), None); // no whole header follows
    /// ```
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

    /// Returns the bytes of a message with `data_len` bytes of payload, and of its padding, which
    /// the last message of a buffer may lack. The message must be in memory, so that nothing wraps.
    #[inline]
    pub(super) const fn step_over(self, data_len: usize) -> usize {
        self.align_in_memory(self.header_size().wrapping_add(data_len))
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
}
