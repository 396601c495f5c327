//! Word size, alignment and byte order of a control buffer, and the arithmetic that follows from them.
//!
//! `CMSG_ALIGN`, `CMSG_LEN` and `CMSG_SPACE` of `cmsg(3)`, as `const fn`s that cannot wrap: a length
//! that no memory could hold becomes [`usize::MAX`], which fits in no buffer, so the bound check that
//! follows fails.
#![forbid(unsafe_code)]

/// Order of the bytes in an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endian {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

impl Endian {
    /// The order of the machine this was compiled for.
    pub const NATIVE: Self = if cfg!(target_endian = "big") {
        Self::Big
    } else {
        Self::Little
    };

    pub(crate) const fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }

    pub(crate) const fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }
    }

    pub(crate) const fn u64(self, bytes: [u8; 8]) -> u64 {
        match self {
            Self::Little => u64::from_le_bytes(bytes),
            Self::Big => u64::from_be_bytes(bytes),
        }
    }

    /// A number of 4 or 8 bytes, and zeros behind.
    pub(crate) const fn bytes(self, number: u64, width: usize) -> [u8; 8] {
        match (self, width) {
            (Self::Little, 4) => (number as u32 as u64).to_le_bytes(),
            (Self::Little, _) => number.to_le_bytes(),
            (Self::Big, 4) => (number << 32).to_be_bytes(),
            (Self::Big, _) => number.to_be_bytes(),
        }
    }
}

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
    // Together they fit into a register.
    len_size: u8,
    alignment: u8,
    endian: Endian,
}

impl Abi {
    /// The machine this was compiled for, as its Linux has it.
    pub const NATIVE: Self = Self::linux(size_of::<usize>() as u8, Endian::NATIVE);
    /// Linux on 64-bit little-endian machines (x86-64, arm64, riscv64).
    pub const LINUX_64: Self = Self::linux(8, Endian::Little);
    /// Linux on 64-bit big-endian machines (s390x).
    pub const LINUX_64_BE: Self = Self::linux(8, Endian::Big);
    /// Linux on 32-bit little-endian machines, and 32-bit processes of a 64-bit kernel.
    pub const LINUX_32: Self = Self::linux(4, Endian::Little);
    /// Linux on 32-bit big-endian machines (powerpc, mips).
    pub const LINUX_32_BE: Self = Self::linux(4, Endian::Big);
    /// FreeBSD, NetBSD and OpenBSD on 64-bit little-endian machines: 12-byte header, data at 16.
    pub const BSD_64: Self = Self {
        len_size: 4,
        alignment: 8,
        endian: Endian::Little,
    };
    /// FreeBSD, NetBSD and OpenBSD on 32-bit little-endian machines.
    pub const BSD_32: Self = Self {
        len_size: 4,
        alignment: 4,
        endian: Endian::Little,
    };
    /// macOS and iOS: 12-byte header, aligned to 4 on 64-bit machines too.
    pub const DARWIN: Self = Self {
        len_size: 4,
        alignment: 4,
        endian: Endian::Little,
    };

    #[inline]
    pub(crate) const fn linux(word: u8, endian: Endian) -> Self {
        Self {
            len_size: word,
            alignment: word,
            endian,
        }
    }

    /// Whether the machine this was compiled for lays messages out like that.
    #[inline]
    pub(crate) const fn is_native(self) -> bool {
        let same =
            self.len_size == Self::NATIVE.len_size && self.alignment == Self::NATIVE.alignment;
        same && self.endian as u8 == Endian::NATIVE as u8
    }

    /// The number in the first [`len_size`](Abi::len_size) bytes, and the bytes behind it.
    pub(crate) fn word(self, bytes: &[u8]) -> Option<(u64, &[u8])> {
        if self.len_size == 4 {
            bytes
                .split_first_chunk()
                .map(|(word, rest)| (self.endian.u32(*word).into(), rest))
        } else {
            bytes
                .split_first_chunk()
                .map(|(word, rest)| (self.endian.u64(*word), rest))
        }
    }

    /// Bytes of the field `cmsg_len`: 4 or 8.
    #[inline]
    pub const fn len_size(self) -> usize {
        self.len_size as usize
    }

    /// Messages start at multiples of this many bytes: 4 or 8.
    #[inline]
    pub const fn alignment(self) -> usize {
        self.alignment as usize
    }

    /// Byte order of the header's fields.
    #[inline]
    pub const fn endian(self) -> Endian {
        self.endian
    }

    /// `sizeof (struct cmsghdr)`: 12 or 16 bytes.
    #[inline]
    pub const fn header_size(self) -> usize {
        self.len_size().wrapping_add(8) // 4 or 8, plus 8
    }

    /// Where the payload starts, in bytes from the start of its header: `CMSG_LEN(0)`.
    #[inline]
    pub const fn data_offset(self) -> usize {
        self.cmsg_align(self.header_size())
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
        self.data_offset().saturating_add(n)
    }

    /// `CMSG_SPACE`: what a payload of `n` bytes takes of the buffer, with padding; saturates.
    #[inline]
    pub const fn cmsg_space(self, n: usize) -> usize {
        self.data_offset().saturating_add(self.cmsg_align(n))
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

// The kernel asserts the same of itself (net/socket.c): a header needs no padding before its payload. That is so of
// Linux; BSD's has some.
const _: () = {
    assert!(Abi::NATIVE.header_size() == Abi::NATIVE.data_offset());
    assert!(Abi::LINUX_64.header_size() == Abi::LINUX_64.data_offset());
    assert!(Abi::LINUX_64_BE.header_size() == Abi::LINUX_64_BE.data_offset());
    assert!(Abi::LINUX_32.header_size() == Abi::LINUX_32.data_offset());
    assert!(Abi::LINUX_32_BE.header_size() == Abi::LINUX_32_BE.data_offset());
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_every_abi() {
        // (abi, header, data offset, CMSG_LEN(5), CMSG_SPACE(5)) from each system's headers.
        for (abi, header, data, len, space) in [
            (Abi::LINUX_64, 16, 16, 21, 24),
            (Abi::LINUX_32, 12, 12, 17, 20),
            (Abi::BSD_64, 12, 16, 21, 24),
            (Abi::BSD_32, 12, 12, 17, 20),
            (Abi::DARWIN, 12, 12, 17, 20),
        ] {
            assert_eq!(abi.header_size(), header);
            assert_eq!(abi.data_offset(), data);
            assert_eq!(abi.cmsg_len(5), len);
            assert_eq!(abi.cmsg_space(5), space);
        }
    }

    #[test]
    fn lengths_that_cannot_exist_saturate() {
        for abi in [Abi::LINUX_64, Abi::LINUX_32, Abi::BSD_64] {
            let word = abi.alignment();
            assert_eq!(abi.cmsg_align(usize::MAX), usize::MAX);
            assert_eq!(abi.cmsg_align(usize::MAX - word + 2), usize::MAX);
            assert_eq!(abi.cmsg_align(usize::MAX - word + 1), usize::MAX - word + 1);
            assert_eq!(abi.cmsg_len(usize::MAX - abi.data_offset() + 1), usize::MAX);
            assert_eq!(
                abi.cmsg_space(usize::MAX - abi.data_offset() + 1),
                usize::MAX
            );
            assert_eq!(abi.cmsg_space(usize::MAX), usize::MAX);
        }
    }
}
