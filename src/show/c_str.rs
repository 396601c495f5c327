// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`CStrBuf`]: text for C, by the rule of `snprintf(3)`.
#![forbid(unsafe_code)]

use core::fmt;
use core::mem::MaybeUninit;

/// Takes as much text as fits with a NUL after it, and counts the bytes of all of it.
pub(crate) struct CStrBuf<'b> {
    bytes: &'b mut [MaybeUninit<u8>],
    /// Bytes of all text so far, also of what did not fit.
    len: usize,
}

impl<'b> CStrBuf<'b> {
    pub(crate) fn new(bytes: &'b mut [MaybeUninit<u8>]) -> Self {
        Self { bytes, len: 0 }
    }

    /// Ends the text with a NUL. Returns the length of all text in bytes, without the NUL.
    pub(crate) fn finish(self) -> usize {
        let last = self.bytes.len().saturating_sub(1);
        if let Some(end) = self.bytes.get_mut(self.len.min(last)) {
            end.write(0);
        }
        self.len
    }
}

impl fmt::Write for CStrBuf<'_> {
    #[inline(never)]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let (start, nul) = (self.len, self.bytes.len().saturating_sub(1));
        self.len = start.saturating_add(text.len());
        let left = self.bytes.get_mut(start..nul).unwrap_or_default();
        for (to, from) in left.iter_mut().zip(text.as_bytes()) {
            to.write(*from);
        }
        Ok(())
    }
}
