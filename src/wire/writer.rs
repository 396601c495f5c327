//! [`Writer`] and [`ControlBuf`]: control messages into the caller's bytes.
//!
//! A message is written whole or not at all, in O(1) beside its payload's copy, and with its padding
//! zeroed, so that nothing of what the buffer held before is sent along.

use crate::error::NoSpace;
use crate::wire::abi::Abi;
use crate::wire::cmsg::{CmsgHdr, CmsgHdr32, CmsgHdr64};
use crate::wire::key::{Encode, Key};
use core::mem::MaybeUninit;
use zerocopy::{Immutable, IntoBytes, transmute};

/// Bytes of the largest alignment.
const WORD: usize = 8;

/// The one encoder: puts a message at `at` and returns where the next one goes. What `buf` holds is not read.
/// Always inlined: with `Abi::NATIVE` it is a handful of instructions.
#[inline(always)]
pub(crate) const fn encode(
    abi: Abi,
    buf: &mut [MaybeUninit<u8>],
    at: usize,
    level: i32,
    ty: i32,
    payload: &[u8],
) -> Result<usize, NoSpace> {
    match open(abi, buf, at, level, ty, payload.len()) {
        Ok(data) => copy(data, payload),
        Err(e) => return Err(e),
    }
    Ok(at.wrapping_add(abi.cmsg_space(payload.len()))) // at most buf.len()
}

/// The same without the payload, of `len` bytes: gives its place, with the padding behind, which is zero.
#[inline(always)]
pub(crate) const fn open(
    abi: Abi,
    buf: &mut [MaybeUninit<u8>],
    at: usize,
    level: i32,
    ty: i32,
    len: usize,
) -> Result<&mut [MaybeUninit<u8>], NoSpace> {
    let needed = abi.cmsg_space(len);
    let Some((_, rest)) = buf.split_at_mut_checked(at) else {
        return Err(NoSpace { needed, left: 0 });
    };
    let left = rest.len();
    let Some((slot, _)) = rest.split_at_mut_checked(needed) else {
        return Err(NoSpace { needed, left });
    };
    // All padding is in the last word. Zero it first: header and payload then overwrite their share.
    if let Some(last) = slot.last_chunk_mut::<WORD>() {
        *last = [MaybeUninit::new(0); WORD];
    }
    let Some((head, data)) = slot.split_at_mut_checked(abi.header_size()) else {
        return Err(NoSpace { needed, left });
    };
    let (cmsg_len, cmsg_level, cmsg_type) = (abi.cmsg_len(len), level, ty);
    if abi.len_size() == 4 {
        if let Some(head) = head.first_chunk_mut::<{ size_of::<CmsgHdr32>() }>() {
            *head = transmute!(CmsgHdr32 {
                cmsg_len: cmsg_len as u32,
                cmsg_level,
                cmsg_type
            });
        }
    } else if let Some(head) = head.first_chunk_mut::<{ size_of::<CmsgHdr64>() }>() {
        *head = transmute!(CmsgHdr64 {
            cmsg_len: cmsg_len as u64,
            cmsg_level,
            cmsg_type
        });
    }
    Ok(data)
}

/// The front of `to` becomes `from`. A loop because that is what a `const fn` may do; it compiles to `memcpy`.
#[inline]
pub(crate) const fn copy(to: &mut [MaybeUninit<u8>], from: &[u8]) {
    let n = if from.len() < to.len() {
        from.len()
    } else {
        to.len()
    };
    let mut i = 0;
    #[expect(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "i < n <= both lengths"
    )]
    while i < n {
        to[i] = MaybeUninit::new(from[i]);
        i += 1;
    }
}

/// Bytes as the encoder takes them.
#[inline]
pub(crate) const fn room(bytes: &mut [u8]) -> &mut [MaybeUninit<u8>] {
    // SAFETY: one layout, the same memory, borrowed exclusively. It stays initialised, as what this goes to stores only
    // bytes that have a value: `open` and `copy` here, behind `encode`, and behind `compat` these and `Longs`.
    unsafe { core::slice::from_raw_parts_mut(bytes.as_mut_ptr().cast(), bytes.len()) }
}

/// Writes control messages into a buffer that the caller owns, aligned in any way.
///
/// # Example
/// ```
/// use ancil::{SCM_CREDENTIALS, SCM_RIGHTS, Writer};
/// use ancil::payload::Ucred;
///
/// let mut buffer = [0; SCM_RIGHTS.space_for(2) + SCM_CREDENTIALS.space()];
/// let mut writer = Writer::new(&mut buffer);
/// writer.put(SCM_RIGHTS, &[0, 1])?;
/// writer.put(SCM_CREDENTIALS, Ucred { pid: 1, uid: 0, gid: 0 })?;
/// let control = writer.finish(); // msg_control and, in its length, msg_controllen
/// # assert_eq!(control.len(), SCM_RIGHTS.space_for(2) + SCM_CREDENTIALS.space());
/// # Ok::<(), ancil::NoSpace>(())
/// ```
#[derive(Debug)]
pub struct Writer<'a> {
    buf: &'a mut [u8],
    len: usize,
}

impl<'a> Writer<'a> {
    /// Starts at the front of `buf`, whatever it holds.
    #[inline]
    pub const fn new(buf: &'a mut [u8]) -> Self {
        Self { buf, len: 0 }
    }

    /// Appends a typed message: the value, or a slice where the key says so.
    ///
    /// # Errors
    /// [`NoSpace`] if it does not fit; the buffer is unchanged then.
    #[inline]
    pub fn put<P: ?Sized, S: ?Sized + Encode>(
        &mut self,
        key: Key<P, S>,
        payload: S::In<'_>,
    ) -> Result<(), NoSpace> {
        self.put_raw(key.level, key.ty, S::bytes(&payload))
    }

    /// Appends any message, known to the catalogue or not.
    ///
    /// # Errors
    /// [`NoSpace`] if it does not fit; the buffer is unchanged then.
    #[inline]
    pub const fn put_raw(&mut self, level: i32, ty: i32, payload: &[u8]) -> Result<(), NoSpace> {
        match encode(Abi::NATIVE, room(self.buf), self.len, level, ty, payload) {
            Ok(len) => {
                self.len = len;
                Ok(())
            }
            Err(e) => Err(e),
        }
    }

    /// Bytes written so far: `msg_controllen`.
    #[inline]
    #[expect(
        clippy::len_without_is_empty,
        reason = "a length in bytes, not a collection's"
    )]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// The messages written: exactly the bytes to send, no more. More would be a header of length 0 to
    /// the kernel, hence EINVAL.
    #[inline]
    pub fn finish(self) -> &'a [u8] {
        self.buf.get(..self.len).unwrap_or_default()
    }
}

/// `N` bytes of control buffer, aligned for a header, to fill at compile time or to receive into.
///
/// ```
/// use ancil::{ControlBuf, IP_TOS, UDP_SEGMENT};
///
/// static ECN_GSO: ControlBuf<{ IP_TOS.space() + UDP_SEGMENT.space() }> =
///     ControlBuf::new().with(IP_TOS, 2).with(UDP_SEGMENT, 1200);
/// # assert_eq!(ECN_GSO.as_bytes().len(), 2 * ancil::cmsg_space(4));
/// ```
///
/// One that is too small does not compile:
/// ```compile_fail
/// # use ancil::{ControlBuf, IP_TOS, UDP_SEGMENT};
/// static TOO_SMALL: ControlBuf<{ IP_TOS.space() }> = ControlBuf::new().with(IP_TOS, 2).with(UDP_SEGMENT, 1200);
/// ```
#[derive(Clone, Debug)]
#[repr(C)]
pub struct ControlBuf<const N: usize> {
    aligned: [CmsgHdr; 0],
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> ControlBuf<N> {
    /// An empty buffer.
    pub const fn new() -> Self {
        Self {
            aligned: [],
            bytes: [0; N],
            len: 0,
        }
    }

    /// With one more message of a fixed size. For `const` and `static`, where a buffer that is too small is a
    /// compile error; at run time use [`put`](ControlBuf::put), which returns one, and for slices.
    ///
    /// # Panics
    /// If it is called at run time and the message does not fit.
    #[must_use]
    #[expect(clippy::panic, reason = "a compile error in its only use")]
    pub const fn with<P: ?Sized, S: IntoBytes + Immutable + Copy>(
        mut self,
        key: Key<P, S>,
        payload: S,
    ) -> Self {
        // SAFETY: `payload` is a live value of size_of::<S>() bytes, borrowed for the lifetime of the slice;
        // S: IntoBytes says that none of them is padding or uninitialised, Immutable that none can change.
        let bytes = unsafe {
            core::slice::from_raw_parts((&raw const payload).cast::<u8>(), size_of::<S>())
        };
        match encode(
            Abi::NATIVE,
            room(&mut self.bytes),
            self.len,
            key.level,
            key.ty,
            bytes,
        ) {
            Ok(len) => self.len = len,
            Err(_) => {
                panic!("this ControlBuf is too small: size it by the sum of its keys' space()")
            }
        }
        self
    }

    /// Appends a typed message, as [`Writer::put`] does.
    ///
    /// # Errors
    /// [`NoSpace`] if it does not fit; the buffer is unchanged then.
    #[inline]
    pub fn put<P: ?Sized, S: ?Sized + Encode>(
        &mut self,
        key: Key<P, S>,
        payload: S::In<'_>,
    ) -> Result<(), NoSpace> {
        self.put_raw(key.level, key.ty, S::bytes(&payload))
    }

    /// Appends any message, as [`Writer::put_raw`] does.
    ///
    /// # Errors
    /// [`NoSpace`] if it does not fit; the buffer is unchanged then.
    #[inline]
    pub const fn put_raw(&mut self, level: i32, ty: i32, payload: &[u8]) -> Result<(), NoSpace> {
        match encode(
            Abi::NATIVE,
            room(&mut self.bytes),
            self.len,
            level,
            ty,
            payload,
        ) {
            Ok(len) => {
                self.len = len;
                Ok(())
            }
            Err(e) => Err(e),
        }
    }

    /// The messages written: exactly the bytes to send.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// All `N` bytes, to receive into. What was written counts no longer.
    #[inline]
    pub fn space(&mut self) -> &mut [u8] {
        self.len = 0;
        &mut self.bytes
    }
}

impl<const N: usize> Default for ControlBuf<N> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmsg_space;
    use crate::wire::cmsg::HEADER;

    #[test]
    fn a_message_is_written_whole_or_not_at_all() {
        for size in 0..cmsg_space(5) {
            let mut buf = vec![0xaa; size];
            let mut writer = Writer::new(&mut buf);
            let needed = cmsg_space(5);
            assert_eq!(
                writer.put_raw(1, 2, b"hello"),
                Err(NoSpace { needed, left: size })
            );
            assert_eq!(writer.finish(), []);
            assert!(buf.iter().all(|&b| b == 0xaa));
        }
    }

    #[test]
    fn padding_is_zeroed_and_the_rest_untouched() {
        for n in 0..=2 * WORD {
            let mut buf = vec![0xaa; cmsg_space(n) + 3];
            let mut writer = Writer::new(&mut buf);
            writer.put_raw(1, 2, &vec![0x55; n]).unwrap();
            assert_eq!(writer.len(), cmsg_space(n));
            assert!(buf[HEADER..HEADER + n].iter().all(|&b| b == 0x55));
            assert!(buf[HEADER + n..cmsg_space(n)].iter().all(|&b| b == 0));
            assert_eq!(buf[cmsg_space(n)..], [0xaa; 3]);
        }
    }

    #[test]
    fn a_const_buffer_equals_a_written_one() {
        const KEY: Key<[u8; 5]> = Key::new(3, 4);
        static AT_COMPILE_TIME: ControlBuf<{ 2 * KEY.space() }> =
            ControlBuf::new().with(KEY, *b"hello").with(KEY, *b"world");
        let mut buf = [0xaa; 2 * KEY.space()];
        let mut writer = Writer::new(&mut buf);
        writer.put(KEY, *b"hello").unwrap();
        writer.put(KEY, *b"world").unwrap();
        assert_eq!(writer.finish(), AT_COMPILE_TIME.as_bytes());
        assert_eq!(
            AT_COMPILE_TIME.bytes.as_ptr() as usize % align_of::<CmsgHdr>(),
            0
        );
    }
}
