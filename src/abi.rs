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
    pub const NATIVE: Self = if cfg!(target_endian = "big") { Self::Big } else { Self::Little };
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
    len_size: usize,
    alignment: usize,
    endian: Endian,
}

impl Abi {
    /// The machine this was compiled for, as its Linux has it.
    pub const NATIVE: Self = Self::linux(size_of::<usize>(), Endian::NATIVE);
    /// Linux on 64-bit little-endian machines (x86-64, arm64, riscv64).
    pub const LINUX_64: Self = Self::linux(8, Endian::Little);
    /// Linux on 64-bit big-endian machines (s390x).
    pub const LINUX_64_BE: Self = Self::linux(8, Endian::Big);
    /// Linux on 32-bit little-endian machines, and 32-bit processes of a 64-bit kernel.
    pub const LINUX_32: Self = Self::linux(4, Endian::Little);
    /// Linux on 32-bit big-endian machines (powerpc, mips).
    pub const LINUX_32_BE: Self = Self::linux(4, Endian::Big);
    /// FreeBSD, NetBSD and OpenBSD on 64-bit little-endian machines: 12-byte header, data at 16.
    pub const BSD_64: Self = Self { len_size: 4, alignment: 8, endian: Endian::Little };
    /// FreeBSD, NetBSD and OpenBSD on 32-bit little-endian machines.
    pub const BSD_32: Self = Self { len_size: 4, alignment: 4, endian: Endian::Little };
    /// macOS and iOS: 12-byte header, aligned to 4 on 64-bit machines too.
    pub const DARWIN: Self = Self { len_size: 4, alignment: 4, endian: Endian::Little };

    #[inline]
    const fn linux(word: usize, endian: Endian) -> Self {
        Self { len_size: word, alignment: word, endian }
    }

    /// Bytes of the field `cmsg_len`: 4 or 8.
    #[inline]
    pub const fn len_size(self) -> usize {
        self.len_size
    }

    /// Messages start at multiples of this many bytes: 4 or 8.
    #[inline]
    pub const fn alignment(self) -> usize {
        self.alignment
    }

    /// Byte order of the header's fields.
    #[inline]
    pub const fn endian(self) -> Endian {
        self.endian
    }

    /// `sizeof (struct cmsghdr)`: 12 or 16 bytes.
    #[inline]
    pub const fn header_size(self) -> usize {
        self.len_size.wrapping_add(8) // 4 or 8, plus 8
    }

    /// Where the payload starts, in bytes from the start of its header: `CMSG_LEN(0)`.
    #[inline]
    pub const fn data_offset(self) -> usize {
        self.cmsg_align(self.header_size())
    }

    /// `CMSG_ALIGN`: `n` rounded up to the alignment; `usize::MAX` where that does not exist.
    #[inline]
    pub const fn cmsg_align(self, n: usize) -> usize {
        let mask = self.alignment.wrapping_sub(1); // alignment is 4 or 8
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
            assert_eq!(abi.cmsg_space(usize::MAX - abi.data_offset() + 1), usize::MAX);
            assert_eq!(abi.cmsg_space(usize::MAX), usize::MAX);
        }
    }
}
