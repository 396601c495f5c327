//! Word size, alignment and byte order of a control buffer, and the arithmetic that follows from them.
//!
//! `CMSG_ALIGN`, `CMSG_LEN` and `CMSG_SPACE` of `cmsg(3)`, as `const fn`s that cannot wrap: a length
//! that no memory could hold becomes [`usize::MAX`], which fits in no buffer, so the bound check that
//! follows fails.
#![forbid(unsafe_code)]

/// How one kind of system lays out control messages.
///
/// `cmsg_len` takes [`len_size`](Abi::len_size) bytes, two 32-bit integers follow it, and every
/// message starts at a multiple of [`alignment`](Abi::alignment).
///
/// ```
/// use ancil::Abi;
/// assert_eq!(Abi::LINUX_64.cmsg_space(4), 24);
/// assert_eq!(Abi::LINUX_32.cmsg_space(4), 16);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abi {
    word: u8,
}

impl Abi {
    /// The machine this was compiled for.
    pub const NATIVE: Self = Self {
        word: size_of::<usize>() as u8,
    };
    /// Linux with words of 64 bits.
    pub const LINUX_64: Self = Self { word: 8 };
    /// Linux with words of 32 bits, and 32-bit processes of a 64-bit kernel.
    pub const LINUX_32: Self = Self { word: 4 };

    /// Whether the machine this was compiled for lays messages out like that.
    #[inline]
    pub(crate) const fn is_native(self) -> bool {
        self.word == Self::NATIVE.word
    }

    /// The number in the first [`len_size`](Abi::len_size) bytes, and the bytes after it.
    pub(crate) fn word(self, bytes: &[u8]) -> Option<(u64, &[u8])> {
        if self.word == 4 {
            bytes
                .split_first_chunk()
                .map(|(word, rest)| (u32::from_ne_bytes(*word).into(), rest))
        } else {
            bytes
                .split_first_chunk()
                .map(|(word, rest)| (u64::from_ne_bytes(*word), rest))
        }
    }

    /// Bytes of the field `cmsg_len`: 4 or 8.
    #[inline]
    pub const fn len_size(self) -> usize {
        self.word as usize
    }

    /// Messages start at multiples of this many bytes: 4 or 8.
    #[inline]
    pub const fn alignment(self) -> usize {
        self.word as usize
    }

    /// `sizeof (struct cmsghdr)`: 12 or 16 bytes.
    #[inline]
    pub const fn header_size(self) -> usize {
        self.len_size().wrapping_add(8) // 4 or 8, plus 8
    }

    /// `CMSG_ALIGN`: `n` rounded up to the alignment; `usize::MAX` where that does not exist.
    #[inline]
    pub const fn cmsg_align(self, n: usize) -> usize {
        let mask = self.alignment().wrapping_sub(1); // alignment is 4 or 8
        match n.checked_add(mask) {
            Some(sum) => sum & !mask,
            None => usize::MAX,
        }
    }

    /// `CMSG_LEN`: what `cmsg_len` says for a payload of `n` bytes; saturates.
    #[inline]
    pub const fn cmsg_len(self, n: usize) -> usize {
        self.header_size().saturating_add(n)
    }

    /// `CMSG_SPACE`: what a payload of `n` bytes takes of the buffer, with padding; saturates.
    #[inline]
    pub const fn cmsg_space(self, n: usize) -> usize {
        self.header_size().saturating_add(self.cmsg_align(n))
    }
}

/// `CMSG_ALIGN` of this machine: `n` rounded up to its word; `usize::MAX` where that does not exist.
#[inline]
pub const fn cmsg_align(n: usize) -> usize {
    Abi::NATIVE.cmsg_align(n)
}

/// `CMSG_LEN` of this machine: header and `n` bytes of payload; saturates at `usize::MAX`.
#[inline]
pub const fn cmsg_len(n: usize) -> usize {
    Abi::NATIVE.cmsg_len(n)
}

/// `CMSG_SPACE` of this machine: header, `n` bytes of payload and padding; saturates at `usize::MAX`.
///
/// ```
/// const TWO_DESCRIPTORS: usize = ancil::cmsg_space(2 * size_of::<i32>());
/// let buffer = [0u8; TWO_DESCRIPTORS];
/// # assert!(buffer.len() >= 20);
/// ```
#[inline]
pub const fn cmsg_space(n: usize) -> usize {
    Abi::NATIVE.cmsg_space(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_every_abi() {
        // (abi, header, data offset, CMSG_LEN(5), CMSG_SPACE(5)) from each system's headers.
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
            let word = abi.alignment();
            assert_eq!(abi.cmsg_align(usize::MAX), usize::MAX);
            assert_eq!(abi.cmsg_align(usize::MAX - word + 2), usize::MAX);
            assert_eq!(abi.cmsg_align(usize::MAX - word + 1), usize::MAX - word + 1);
            assert_eq!(abi.cmsg_len(usize::MAX - abi.header_size() + 1), usize::MAX);
            assert_eq!(
                abi.cmsg_space(usize::MAX - abi.header_size() + 1),
                usize::MAX
            );
            assert_eq!(abi.cmsg_space(usize::MAX), usize::MAX);
        }
    }
}
