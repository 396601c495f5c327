//! Control messages, `msghdr` and `iovec` of a 32-bit program in the form of a 64-bit one, and back.
//!
//! What the kernel does for 32-bit programs (`net/compat.c`), for whoever stands in its place: emulators, tracers,
//! proxies between programs of both kinds.
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
//! Each header, the padding (zeroed), and of the payloads those that are made of machine words:
//!
//! | message | 32 bits | 64 bits |
//! | --- | --- | --- |
//! | `SO_TIMESTAMP_OLD`, `SO_TIMESTAMPNS_OLD`, `HCI_CMSG_TSTAMP` | 8 bytes | 16 bytes |
//! | `SO_TIMESTAMPING_OLD`; 4 bytes of flags when sent, which stay | 24 | 48 |
//! | `RXRPC_USER_CALL_ID` | 4 | 8 |
//!
//! All other payloads are the same for both, or the kernel hands 32-bit programs those of 64 bits, and are copied.
//! So the one function does for both directions: what a 32-bit program sends is widened, what it is to receive
//! narrowed; and what one has received is widened, what one is to send narrowed.
//!
//! # Where this is not the kernel
//! - A time or a number that does not fit into 32 bits is an error. The kernel cuts it off: in the year 2038 it tells
//!   old programs that it is 1901.
//! - A payload of words with another length than the table's is an error, such as a timestamp that `MSG_CTRUNC` has
//!   cut. The kernel converts before it cuts, and copies what is sent as it is, to refuse it afterwards.
//! - Nothing is cut off: what does not fit into the destination is an error, and it stays as it was.
//!
//! # There and back
//! `narrow(widen(x))` is `x`, and `widen(narrow(x))` is `x`, for every `x` that can be translated and whose padding is
//! complete and zero. Words never change their value; a payload that would have to is one that cannot be translated.
//!
//! # Sizes
//! Ask [`widened_len`] and [`narrowed_len`]. Without asking: widened is never more than twice as long, narrowed never
//! longer.
//!
//! # Complexity
//! O(bytes): one walk to find the size and every error, one to write.
#![forbid(unsafe_code)]

mod vectors;
mod words;

pub use vectors::{IoVec32, IoVec64, MsgHdr32, MsgHdr64, TooWide};

use crate::error::{BadPayload, Error, Lengths, Malformed, NoSpace, PayloadError};
use crate::wire::abi::Abi;
use crate::wire::cmsg::Raw;
use crate::wire::step::{Step, Tail};
use crate::wire::writer::{copy, open, room};
use core::mem::MaybeUninit;
use words::Longs;

/// Control messages of a 32-bit program, as a 64-bit one of the same machine has them. Gives those written: exactly
/// `msg_controllen` bytes. The header above says what becomes of payloads.
///
/// # Errors
/// - [`Malformed`]: a header that does not hold together, or bytes behind the last message that are
///   too few for a header. The kernel's answer to a 32-bit program is EINVAL for both, and 64-bit ones may have the
///   latter.
/// - [`BadPayload`]: a payload of words has another length.
/// - [`NoSpace`]: `dst` is too small. Nothing was written, as with every error.
pub fn widen<'d>(dst: &'d mut [u8], src32: &[u8]) -> Result<&'d [u8], Error> {
    Translate::WIDEN.put(dst, src32)
}

/// Control messages of a 64-bit program, as a 32-bit one of the same machine has them. Gives those written: exactly
/// `msg_controllen` bytes.
///
/// # Errors
/// - [`Malformed`]: a header that does not hold together.
/// - [`BadPayload`]: a payload of words has another length, or one of them, or `cmsg_len`, does not fit into 32 bits.
/// - [`NoSpace`]: `dst` is too small. Nothing was written, as with every error.
pub fn narrow<'d>(dst: &'d mut [u8], src64: &[u8]) -> Result<&'d [u8], Error> {
    Translate::NARROW.put(dst, src64)
}

/// Bytes that [`widen`] writes.
///
/// # Errors
/// Those of [`widen`], but [`NoSpace`].
pub fn widened_len(src32: &[u8]) -> Result<usize, Error> {
    Translate::WIDEN.len(src32)
}

/// Bytes that [`narrow`] writes.
///
/// # Errors
/// Those of [`narrow`], but [`NoSpace`].
pub fn narrowed_len(src64: &[u8]) -> Result<usize, Error> {
    Translate::NARROW.len(src64)
}

/// A translation for sockets of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Translate {
    from: Abi,
    to: Abi,
    family: u16,
}

impl Translate {
    /// From a 32-bit program of this machine to a 64-bit one.
    pub(crate) const WIDEN: Self = Self::new(Abi::LINUX_32, Abi::LINUX_64);
    /// The other way round.
    pub(crate) const NARROW: Self = Self::new(Abi::LINUX_64, Abi::LINUX_32);

    /// From a buffer of the one kind to a buffer of the other.
    pub const fn new(from: Abi, to: Abi) -> Self {
        Self {
            from,
            to,
            family: 0,
        }
    }

    /// Of a socket of this family (`AF_*`): matters only at level 0, see [`Message::parse`](crate::Message::parse).
    #[must_use]
    pub const fn family(mut self, family: u16) -> Self {
        self.family = family;
        self
    }

    /// Writes the messages of `src` into `dst`, and gives those written.
    ///
    /// # Errors
    /// Those of [`widen`] and [`narrow`].
    pub fn put<'d>(&self, dst: &'d mut [u8], src: &[u8]) -> Result<&'d [u8], Error> {
        let len = self.put_into::<Error>(room(dst), src)?;
        Ok(dst.get(..len).unwrap_or_default())
    }

    /// What `dst` holds is not read. Gives the bytes written. C's errors are smaller.
    pub(crate) fn put_into<E>(&self, dst: &mut [MaybeUninit<u8>], src: &[u8]) -> Result<usize, E>
    where
        E: From<Malformed> + From<BadPayload> + From<NoSpace>,
    {
        let (needed, left) = (self.measure::<E>(src)?, dst.len());
        let dst = dst.get_mut(..needed).ok_or(NoSpace { needed, left })?;
        self.write(src, dst);
        Ok(needed)
    }

    /// Bytes that [`put`](Translate::put) writes.
    ///
    /// # Errors
    /// Those of [`put`](Translate::put), but [`NoSpace`].
    pub fn len(&self, src: &[u8]) -> Result<usize, Error> {
        self.measure::<Error>(src)
    }

    /// The first walk: the bytes of the translation, or what stands against it.
    #[inline(never)]
    pub(crate) fn measure<E: From<Malformed> + From<BadPayload>>(
        &self,
        src: &[u8],
    ) -> Result<usize, E> {
        let (mut at, mut step) = (0usize, Step::new(src));
        while let Some(raw) = step.next(self.from, self.tail())? {
            at = at.saturating_add(self.check(&raw)?);
        }
        Ok(at)
    }

    /// The second walk, which fails nowhere: `dst` is as long as the first one said.
    #[inline(never)]
    fn write(&self, src: &[u8], dst: &mut [MaybeUninit<u8>]) {
        let (mut rest, mut step) = (dst, Step::new(src));
        while let Ok(Some(raw)) = step.next(self.from, self.tail()) {
            let len = self
                .longs(&raw)
                .map_or(raw.data.len(), |longs| longs.len(self.to));
            let Some((message, after)) = rest.split_at_mut_checked(self.to.cmsg_space(len)) else {
                break;
            };
            if let Ok(payload) = open(self.to, message, 0, raw.level, raw.ty, len) {
                match self.longs(&raw) {
                    Some(longs) => longs.write(raw.data, self.from, self.to, payload),
                    None => copy(payload, raw.data),
                }
            }
            rest = after;
        }
    }

    /// From fewer bits to more it is the kernel's compat layer that reads.
    fn tail(&self) -> Tail {
        if self.from.len_size() < self.to.len_size() {
            Tail::Compat
        } else {
            Tail::Native
        }
    }

    fn longs(&self, raw: &Raw<'_>) -> Option<Longs> {
        Longs::of(self.family, raw).filter(|_| self.from != self.to)
    }

    /// Bytes that the message will take.
    fn check(&self, raw: &Raw<'_>) -> Result<usize, BadPayload> {
        let Raw {
            level,
            ty,
            offset,
            data,
        } = *raw;
        let bad = |cause| BadPayload {
            level,
            ty,
            offset,
            len: data.len(),
            cause,
        };
        let len = match self.longs(raw) {
            Some(longs) if data.len() != longs.len(self.from) => {
                return Err(bad(PayloadError::Length(Lengths::Exactly(
                    longs.len(self.from),
                ))));
            }
            Some(longs) if !longs.fit(data, self.from, self.to) => {
                return Err(bad(PayloadError::Value));
            }
            Some(longs) => longs.len(self.to),
            None => data.len(),
        };
        if self.to.len_size() == 4 && u32::try_from(self.to.cmsg_len(len)).is_err() {
            return Err(bad(PayloadError::Value)); // its length would be cut off
        }
        Ok(self.to.cmsg_space(len))
    }
}

#[cfg(test)]
mod tests;
