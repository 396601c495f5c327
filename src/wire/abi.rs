// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Abi`]: the word size of a control buffer, and the arithmetic that follows from it.
//!
//! `CMSG_ALIGN`, `CMSG_LEN` and `CMSG_SPACE` of `cmsg(3)` are `const fn`s here that cannot wrap. A
//! length that no memory could hold becomes [`usize::MAX`]; it fits in no buffer, so the bound
//! check that follows fails.
#![forbid(unsafe_code)]

use super::usize; // `u8` in `at_8_bits.rs`

/// How Linux lays out control messages: for programs with words of 64 bits or of 32 bits, in the
/// byte order of this machine.
///
/// `cmsg_len` takes a word, two 32-bit integers follow it, and every message starts at a multiple
/// of the word.
///
/// ```
/// use ancil::Abi;
/// assert_eq!(Abi::LINUX_64.cmsg_space(4), 24);
/// assert_eq!(Abi::LINUX_32.cmsg_space(4), 16);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Abi {
    word: Word,
}

/// Bytes of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
enum Word {
    Four = 4,
    Eight = 8,
}

impl Abi {
    /// The machine that this was compiled for.
    pub const NATIVE: Self = Self {
        word: if size_of::<usize>() == 4 {
            Word::Four
        } else {
            Word::Eight
        },
    };
    /// 64-bit programs.
    pub const LINUX_64: Self = Self { word: Word::Eight };
    /// 32-bit programs, also those that run on a 64-bit kernel.
    pub const LINUX_32: Self = Self { word: Word::Four };

    /// Returns the size of the field `cmsg_len` in bytes: 4 or 8.
    ///
    /// ```
    /// assert_eq!((ancil::Abi::LINUX_64.len_size(), ancil::Abi::LINUX_32.len_size()), (8, 4));
    /// ```
    #[inline]
    pub const fn len_size(self) -> usize {
        self.word as usize
    }

    /// Returns the alignment of messages in bytes, counted from the start of the buffer: 4 or 8.
    ///
    /// ```
    /// assert_eq!((ancil::Abi::LINUX_64.alignment(), ancil::Abi::LINUX_32.alignment()), (8, 4));
    /// ```
    #[inline]
    pub const fn alignment(self) -> usize {
        self.word as usize
    }

    /// Returns `sizeof (struct cmsghdr)`, which is the offset of the payload from its header: 12 or
    /// 16 bytes.
    ///
    /// ```
    /// use ancil::Abi;
    /// assert_eq!((Abi::LINUX_64.header_size(), Abi::LINUX_32.header_size()), (16, 12));
    /// ```
    #[inline]
    pub const fn header_size(self) -> usize {
        self.len_size().wrapping_add(8) // 4 or 8, plus 8
    }

    /// `CMSG_ALIGN`: rounds `n` up to the alignment; saturates at `usize::MAX`.
    ///
    /// ```
    /// use ancil::Abi;
    /// assert_eq!((Abi::LINUX_64.cmsg_align(4), Abi::LINUX_32.cmsg_align(4)), (8, 4));
    /// ```
    #[doc(alias = "CMSG_ALIGN")]
    #[inline]
    pub const fn cmsg_align(self, n: usize) -> usize {
        let aligned = self.align_in_memory(n);
        // Only a sum that wraps is less than `n`.
        if aligned < n { usize::MAX } else { aligned }
    }

    /// `CMSG_ALIGN` of a length of bytes in memory: of at most `isize::MAX`, so that the sum does
    /// not wrap.
    #[inline]
    pub(super) const fn align_in_memory(self, n: usize) -> usize {
        let mask = self.alignment().wrapping_sub(1); // the alignment is 4 or 8
        n.wrapping_add(mask) & !mask
    }

    /// `CMSG_LEN`: the `cmsg_len` of a message with a payload of `n` bytes; saturates at
    /// `usize::MAX`.
    ///
    /// ```
    /// use ancil::Abi;
    /// assert_eq!((Abi::LINUX_64.cmsg_len(4), Abi::LINUX_32.cmsg_len(4)), (20, 16));
    /// ```
    #[doc(alias = "CMSG_LEN")]
    #[inline]
    pub const fn cmsg_len(self, n: usize) -> usize {
        self.header_size().saturating_add(n)
    }

    /// `CMSG_SPACE`: the bytes of buffer that a message with a payload of `n` bytes takes, with its
    /// padding; saturates at `usize::MAX`.
    #[doc(alias = "CMSG_SPACE")]
    #[inline]
    pub const fn cmsg_space(self, n: usize) -> usize {
        self.header_size().saturating_add(self.cmsg_align(n))
    }
}

/// `CMSG_ALIGN` of this machine: rounds `n` up to its word size; saturates at `usize::MAX`.
///
/// ```
/// assert_eq!(ancil::cmsg_align(1), size_of::<usize>());
/// ```
#[doc(alias = "CMSG_ALIGN")]
#[inline]
pub const fn cmsg_align(n: usize) -> usize {
    Abi::NATIVE.cmsg_align(n)
}

/// `CMSG_LEN` of this machine: bytes of a header and of `n` bytes of payload; saturates at
/// `usize::MAX`.
///
/// ```
/// assert_eq!(ancil::cmsg_len(4), ancil::cmsg_len(0) + 4);
/// ```
#[doc(alias = "CMSG_LEN")]
#[inline]
pub const fn cmsg_len(n: usize) -> usize {
    Abi::NATIVE.cmsg_len(n)
}

/// `CMSG_SPACE` of this machine: bytes of a header, of `n` bytes of payload and of the padding;
/// saturates at `usize::MAX`.
///
/// ```
/// const TWO_DESCRIPTORS: usize = ancil::cmsg_space(2 * size_of::<i32>());
/// let buffer = [0u8; TWO_DESCRIPTORS];
/// # assert!(buffer.len() >= 20);
/// ```
#[doc(alias = "CMSG_SPACE")]
#[inline]
pub const fn cmsg_space(n: usize) -> usize {
    Abi::NATIVE.cmsg_space(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_both_word_sizes() {
        // (abi, header, CMSG_LEN(5), CMSG_SPACE(5)), from the system's headers.
        for (abi, header, len, space) in [(Abi::LINUX_64, 16, 21, 24), (Abi::LINUX_32, 12, 17, 20)]
        {
            assert_eq!(abi.header_size(), header);
            assert_eq!(abi.cmsg_len(5), len);
            assert_eq!(abi.cmsg_space(5), space);
        }
    }

    #[test]
    fn lengths_that_cannot_exist_saturate() {
        for abi in [Abi::LINUX_64, Abi::LINUX_32] {
            let (word, header) = (abi.alignment(), abi.header_size());
            assert_eq!(abi.cmsg_align(usize::MAX), usize::MAX);
            assert_eq!(abi.cmsg_align(usize::MAX - word + 2), usize::MAX);
            assert_eq!(abi.cmsg_align(usize::MAX - word + 1), usize::MAX - word + 1);
            assert_eq!(abi.cmsg_len(usize::MAX - header + 1), usize::MAX);
            assert_eq!(abi.cmsg_space(usize::MAX - header + 1), usize::MAX);
            assert_eq!(abi.cmsg_space(usize::MAX), usize::MAX);
        }
    }
}
