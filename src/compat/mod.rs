// SPDX-License-Identifier: MIT OR Apache-2.0
//! Translates control messages, `msghdr` and `iovec` between 32-bit and 64-bit programs.
//!
//! The kernel does this for 32-bit programs that run on it (`net/compat.c`). This module does it
//! for programs that stand in the place of the kernel: emulators, tracers, and proxies between
//! programs of both word sizes.
//!
//! ```
//! use ancil::{Reader, SCM_RIGHTS, compat};
//!
//! // What an i386 program hands to sendmsg: cmsg_len 16, SOL_SOCKET, SCM_RIGHTS, descriptor 5.
//! # if cfg!(all(target_endian = "little", not(target_arch = "mips"))) {
//! let control32 = [16, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0];
//!
//! let mut buffer = [0; 64];
//! let control = compat::widen(&mut buffer, &control32)?; // what its emulator hands to sendmsg
//! assert_eq!(control.len(), 24);
//! # #[cfg(target_pointer_width = "64")]
//! assert_eq!(Reader::new(control).get(SCM_RIGHTS)?.unwrap().get(0), Some(5));
//!
//! let mut back = [0; 16];
//! assert_eq!(compat::narrow(&mut back, control)?, control32);
//! # }
//! # Ok::<(), ancil::Error>(())
//! ```
//!
//! # What is translated
//! Each header, the padding (which becomes zero), and the payloads that are made of machine words:
//!
//! | message | 32 bits | 64 bits |
//! | --- | --- | --- |
//! | `SO_TIMESTAMP_OLD`, `SO_TIMESTAMPNS_OLD`, `HCI_CMSG_TSTAMP` | 8 bytes | 16 bytes |
//! | `SO_TIMESTAMPING_OLD`; when sent, 4 bytes of flags, which stay | 24 | 48 |
//! | `RXRPC_USER_CALL_ID` | 4 | 8 |
//!
//! All other payloads are copied: they are the same for both word sizes, or the kernel hands the
//! 64-bit form to 32-bit programs as well. So one function serves both directions of a socket. What
//! a 32-bit program sends is widened, and what it is to receive is narrowed.
//!
//! # Where this differs from the kernel
//! - A time or a number that does not fit into 32 bits is an error. The kernel cuts it off: in the
//!   year 2038 it tells old programs that it is 1901.
//! - A payload of words whose length is not in the table is an error, such as a timestamp that
//!   `MSG_CTRUNC` has cut. The kernel converts before it cuts, and copies what is sent as it is, to
//!   refuse it afterwards.
//! - Nothing is cut off. If the translation does not fit into the destination, that is an error,
//!   and the destination is unchanged.
//!
//! # There and back
//! `narrow(widen(x))` is `x`, and `widen(narrow(x))` is `x`, for every `x` that can be translated,
//! whose padding is complete and zero, and that ends with its last message. Words keep their value;
//! a payload whose words cannot keep it cannot be translated.
//!
//! # Sizes
//! [`widened_len`] and [`narrowed_len`] tell them. The widened form is at most twice as long, and
//! the narrowed form is never longer.
//!
//! # Complexity
//! O(bytes): one walk finds the size and every error, one writes.
#![forbid(unsafe_code)]

mod vectors;
mod words;

pub use vectors::{IoVec32, IoVec64, MsgHdr32, MsgHdr64, TooWide};

use crate::error::{BadPayload, Error, Lengths, NoSpace, PayloadError};
use crate::wire::abi::Abi;
use crate::wire::cmsg::Raw;
use crate::wire::encode::{OutBytes, begin_message};
use crate::wire::step::{Step, Tail};
use words::WordPayload;

/// Translates control messages of a 32-bit program into those of a 64-bit program of this machine.
/// Returns the bytes written: exactly `msg_controllen` of them.
///
/// # Errors
/// - [`Malformed`](crate::Malformed): a malformed header, or bytes after the last message that are
///   too few for a header. The kernel answers a 32-bit program with EINVAL for both; it ignores
///   such bytes in a 64-bit program.
/// - [`BadPayload`]: a payload of words has another length than the table above gives.
/// - [`NoSpace`]: `dst` is too small.
///
/// After an error `dst` is unchanged.
pub fn widen<'d>(dst: &'d mut [u8], src32: &[u8]) -> Result<&'d [u8], Error> {
    Translation::WIDEN.translate(dst, src32)
}

/// Translates control messages of a 64-bit program into those of a 32-bit program of this machine.
/// Returns the bytes written: exactly `msg_controllen` of them. Bytes after the last message that
/// are too few for a header are left out, as the kernel ignores them.
///
/// # Errors
/// - [`Malformed`](crate::Malformed): a malformed header.
/// - [`BadPayload`]: a payload of words has another length than the table above gives, or one of
///   its words, or `cmsg_len`, does not fit into 32 bits.
/// - [`NoSpace`]: `dst` is too small.
///
/// After an error `dst` is unchanged.
pub fn narrow<'d>(dst: &'d mut [u8], src64: &[u8]) -> Result<&'d [u8], Error> {
    Translation::NARROW.translate(dst, src64)
}

/// Returns the number of bytes that [`widen`] writes.
///
/// ```
/// use ancil::compat::widened_len;
/// assert_eq!(widened_len(&[])?, 0);
/// # Ok::<(), ancil::Error>(())
/// ```
///
/// # Errors
/// Those of [`widen`], except [`NoSpace`].
pub fn widened_len(src32: &[u8]) -> Result<usize, Error> {
    Translation::WIDEN.translated_len(src32)
}

/// Returns the number of bytes that [`narrow`] writes.
///
/// ```
/// use ancil::compat::narrowed_len;
/// assert_eq!(narrowed_len(&[])?, 0);
/// # Ok::<(), ancil::Error>(())
/// ```
///
/// # Errors
/// Those of [`narrow`], except [`NoSpace`].
pub fn narrowed_len(src64: &[u8]) -> Result<usize, Error> {
    Translation::NARROW.translated_len(src64)
}

/// A translation between word sizes, for sockets of one address family.
///
/// ```
/// use ancil::addr::AF_BLUETOOTH;
/// use ancil::compat::Translation;
///
/// let translation = Translation::WIDEN.family(AF_BLUETOOTH);
/// let control32 = [16u32, 0, 1, 7].map(u32::to_ne_bytes).concat(); // HCI_CMSG_DIR
/// let mut buffer = [0; 64];
/// assert_eq!(translation.translated_len(&control32)?, 24);
/// assert_eq!(translation.translate(&mut buffer, &control32)?.len(), 24);
/// # Ok::<(), ancil::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Translation {
    widens: bool,
    family: u16,
}

impl Translation {
    /// From a 32-bit program to a 64-bit one: [`widen`].
    pub const WIDEN: Self = Self {
        widens: true,
        family: 0,
    };
    /// From a 64-bit program to a 32-bit one: [`narrow`].
    pub const NARROW: Self = Self {
        widens: false,
        family: 0,
    };

    /// Sets the address family (`AF_*`) of the socket. It matters at level 0 only: see
    /// [`Message::parse`](crate::Message::parse).
    #[must_use]
    pub const fn family(mut self, family: u16) -> Self {
        self.family = family;
        self
    }

    /// Translates the messages of `src` into `dst`. Returns the bytes written.
    ///
    /// # Errors
    /// Those of [`widen`] and [`narrow`].
    pub fn translate<'d>(self, dst: &'d mut [u8], src: &[u8]) -> Result<&'d [u8], Error> {
        let len = self.translate_into(OutBytes::new(dst), src)?;
        Ok(dst.get(..len).unwrap_or_default())
    }

    /// Returns the number of bytes that [`translate`](Translation::translate) writes.
    ///
    /// # Errors
    /// Those of [`translate`](Translation::translate), except [`NoSpace`].
    pub fn translated_len(self, src: &[u8]) -> Result<usize, Error> {
        // With two sizes that the compiler knows, a message takes two thirds of the instructions.
        if self.widens {
            self.measure(Abi::LINUX_32, Abi::LINUX_64, src)
        } else {
            self.measure(Abi::LINUX_64, Abi::LINUX_32, src)
        }
    }

    /// Translates into memory that may be uninitialised. Returns the number of bytes written.
    pub(crate) fn translate_into(self, dst: OutBytes<'_>, src: &[u8]) -> Result<usize, Error> {
        let (needed, left) = (self.translated_len(src)?, dst.len());
        if needed > left {
            return Err(NoSpace { needed, left }.into());
        }
        if self.widens {
            self.write(Abi::LINUX_32, Abi::LINUX_64, dst, src)?;
        } else {
            self.write(Abi::LINUX_64, Abi::LINUX_32, dst, src)?;
        }
        Ok(needed)
    }

    #[inline(always)]
    fn measure(self, from: Abi, to: Abi, src: &[u8]) -> Result<usize, Error> {
        let (mut len, mut step) = (0usize, Step::new(src));
        while let Some(raw) = step.next(from, tail(from))? {
            let payload = match WordPayload::of(self.family, &raw) {
                Some(words) => checked_len(words, from, to, &raw)?,
                None if to == Abi::LINUX_32 && raw.data.len() > MAX_PAYLOAD_32 => {
                    return Err(raw.bad_payload(PayloadError::Value).into());
                }
                None => raw.data.len(),
            };
            len = len.saturating_add(to.cmsg_space(payload));
        }
        Ok(len)
    }

    /// Writes what `measure` has checked.
    #[inline(always)]
    fn write(self, from: Abi, to: Abi, dst: OutBytes<'_>, src: &[u8]) -> Result<(), Error> {
        let (mut rest, mut step) = (dst, Step::new(src));
        while let Some(raw) = step.next(from, tail(from))? {
            let words = WordPayload::of(self.family, &raw);
            let len = words.map_or(raw.data.len(), |words| words.len(to));
            let (mut payload, after) = begin_message(to, rest, raw.level, raw.ty, len)?;
            match words {
                Some(words) => words.translate(raw.data, from, to, payload),
                None => payload.copy_from(raw.data),
            }
            rest = after;
        }
        Ok(())
    }
}

/// Returns how a buffer of this word size ends. The kernel's compat layer reads those of 32 bits.
const fn tail(from: Abi) -> Tail {
    match from {
        Abi::LINUX_32 => Tail::Compat,
        _ => Tail::Native,
    }
}

/// Returns the length of the translated payload in bytes, if its words can be translated.
#[inline(always)]
fn checked_len(words: WordPayload, from: Abi, to: Abi, raw: &Raw<'_>) -> Result<usize, BadPayload> {
    let expected = words.len(from);
    if raw.data.len() != expected {
        return Err(raw.bad_payload(PayloadError::Length(Lengths::Exactly(expected))));
    }
    if !words.fit(raw.data, from, to) {
        return Err(raw.bad_payload(PayloadError::Value));
    }
    Ok(words.len(to))
}

/// The longest payload whose `cmsg_len` is not cut off by 32 bits.
const MAX_PAYLOAD_32: usize = (u32::MAX as usize).saturating_sub(Abi::LINUX_32.header_size());

#[cfg(test)]
mod tests;
