//! The stepping rule, and the one walk: what remains of a control buffer.
//!
//! Everything that goes through a buffer holds a [`Step`]: the readers of Rust and of C, `compat`, the verdicts, the
//! printer and the owner of received descriptors.
#![forbid(unsafe_code)]

use crate::error::{Malformed, MalformedKind};
use crate::wire::abi::Abi;
use crate::wire::cmsg::Raw;

/// What incomplete bytes at the end of a buffer mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// Fewer bytes than a header are the end, as the kernel has it.
    Native,
    /// They are a bad header, as the kernel has it of a 32-bit program: `cmsg_compat_nxthdr`.
    Compat,
    /// They are the end, a header whose length is 0 as well, and of a message that is cut off what is there is taken.
    Lenient,
}

/// The stepping rule.
impl Abi {
    /// Whether a message of `cmsg_len` bytes is whole, given the `left` bytes from its header to the
    /// end of the buffer. What the kernel calls `CMSG_OK`.
    #[inline]
    pub const fn check(self, cmsg_len: usize, left: usize) -> Result<(), MalformedKind> {
        if cmsg_len < self.header_size() {
            Err(MalformedKind::TooShort { cmsg_len })
        } else if cmsg_len > left {
            Err(MalformedKind::PastEnd { cmsg_len, left })
        } else {
            Ok(())
        }
    }

    /// Offset of the header after the message at `offset`, if a whole header fits there.
    ///
    /// `CMSG_NXTHDR` as glibc has it since 2.37: a `cmsg_len` shorter than a header ends the walk, and
    /// nothing is read, so an encoder may step onto a header that is not written yet. Nothing wraps,
    /// for any three numbers.
    #[inline]
    pub const fn next(self, offset: usize, cmsg_len: usize, controllen: usize) -> Option<usize> {
        if cmsg_len < self.header_size() {
            return None;
        }
        let Some(left) = controllen.checked_sub(offset) else {
            return None;
        };
        let Some(after) = left.checked_sub(cmsg_len) else {
            return None;
        };
        let padding = cmsg_len.wrapping_neg() & self.alignment().wrapping_sub(1);
        // Both are small: their sum is at most 7 + 16. What is left after the padding is no more than controllen.
        if after < padding.wrapping_add(self.header_size()) {
            return None;
        }
        Some(controllen.wrapping_sub(after.wrapping_sub(padding)))
    }
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

    /// Goes on at `offset`, which a walk over bytes of the same length gave.
    #[inline]
    pub(crate) fn at(control: &'a [u8], offset: usize) -> Self {
        Self {
            rest: control.get(offset..).unwrap_or_default(),
            len: control.len(),
        }
    }

    /// Where the next header is looked for.
    #[inline]
    pub(crate) const fn offset(&self) -> usize {
        self.len.wrapping_sub(self.rest.len()) // `rest` is the end of the buffer
    }

    /// The next message. After an error there is none. Always inlined: with `Abi::NATIVE` it is a handful of
    /// instructions.
    #[inline(always)]
    pub(crate) fn next(&mut self, abi: Abi, tail: Tail) -> Result<Option<Raw<'a>>, Malformed> {
        let (rest, offset) = (self.rest, self.offset());
        let Some(header) = abi.header(rest) else {
            if tail != Tail::Compat || rest.is_empty() {
                return Ok(None);
            }
            self.rest = &[];
            let (cmsg_len, left) = (abi.header_size(), rest.len());
            return Err(Malformed {
                offset,
                kind: MalformedKind::PastEnd { cmsg_len, left },
            });
        };
        let cmsg_len = match abi.check(header.cmsg_len, rest.len()) {
            Ok(()) => header.cmsg_len,
            Err(kind) => {
                self.rest = &[];
                match kind {
                    MalformedKind::PastEnd { .. } if tail == Tail::Lenient => rest.len(),
                    MalformedKind::TooShort { cmsg_len: 0 } if tail == Tail::Lenient => {
                        return Ok(None);
                    }
                    kind => return Err(Malformed { offset, kind }),
                }
            }
        };
        let mask = abi.alignment().wrapping_sub(1); // at most 7, and no slice is as long as usize::MAX - 7
        let stride = cmsg_len.wrapping_add(mask) & !mask;
        self.rest = rest.get(stride..).unwrap_or_default();
        let data = rest.get(abi.header_size()..cmsg_len).unwrap_or_default(); // as `check` has said
        Ok(Some(Raw {
            level: header.cmsg_level,
            ty: header.cmsg_type,
            offset,
            data,
        }))
    }
}
