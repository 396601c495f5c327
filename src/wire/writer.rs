// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Writer`]: control messages into the caller's bytes.
//!
//! A message is written whole or not at all, in O(1) plus the copy of its payload. Its padding is
//! zeroed, so that nothing of what the buffer held before is sent with it.

use super::abi::{Abi, cmsg_space};
use super::control::{Control, Named, RIGHTS};
use super::encode::{OutBytes, begin_message, encode};
use super::fd::Fd;
use super::key::Sent;
use super::payload::Encode;
use super::payload::sealed::Sealed;
use crate::error::{Error, NoSpace, Unborrowed};
use core::iter;

/// Writes control messages into a buffer that the caller owns, aligned in any way.
///
/// # Example
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::payload::Ucred;
/// use ancil::{SCM_CREDENTIALS, SCM_RIGHTS, UpTo, Writer, space_of};
/// use std::fs::File;
///
/// let (log, data) = (File::open("/dev/null")?, File::open("/proc/self/comm")?);
/// let mut buffer = [0; space_of::<(UpTo<SCM_RIGHTS, 2>, SCM_CREDENTIALS)>()];
/// let mut writer = Writer::new(&mut buffer);
/// writer.put(SCM_RIGHTS, &[(&log).into(), (&data).into()])?;
/// writer.put(SCM_CREDENTIALS, Ucred { pid: 1, uid: 0, gid: 0 })?;
/// let control = writer.finish(); // msg_control; its length is msg_controllen
/// # assert_eq!(control.len(), ancil::cmsg_space(8) + ancil::cmsg_space(12));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Writer<'a> {
    buf: &'a mut [u8],
    /// Invariant: the first `len` bytes of `buf` may be sent as a [`Control<'a>`](Control).
    len: usize,
}

impl<'a> Writer<'a> {
    /// Starts at the front of `buf`, whatever it holds.
    #[inline]
    pub const fn new(buf: &'a mut [u8]) -> Self {
        Self { buf, len: 0 }
    }

    /// Appends a typed message: the value, or a slice where the key says so. `SCM_RIGHTS` takes
    /// descriptors that are borrowed as long as the buffer: [`Fd`](crate::Fd).
    ///
    /// A key of your own cannot send descriptors or addresses as numbers. `cargo build` says so,
    /// `cargo check` does not:
    /// ```compile_fail,E0080
    /// # let mut buffer = [0; 64];
    /// ancil::key!(NUMBERS: [i32] = ancil::level::SOL_SOCKET, 1); // SCM_RIGHTS
    /// ancil::Writer::new(&mut buffer).put(NUMBERS, &[7]); // error: evaluation panicked
    /// ```
    ///
    /// ```compile_fail,E0080
    /// # let mut buffer = [0; 64];
    /// ancil::key!(MEMORY: [u64; 4] = ancil::level::SOL_RDS, 3); // RDS_CMSG_RDMA_MAP
    /// ancil::Writer::new(&mut buffer).put(MEMORY, [0; 4]); // error: evaluation panicked
    /// ```
    ///
    /// # Errors
    /// [`NoSpace`] if the message does not fit. The buffer is unchanged then.
    #[inline]
    pub fn put<'v, K: Sent>(
        &mut self,
        _: K,
        value: <K::Value as Encode>::In<'v, 'a>,
    ) -> Result<(), NoSpace>
    where
        'a: 'v,
    {
        const {
            let borrowed = match Named::by(K::LEVEL, K::TYPE) {
                Named::Nothing => true,
                Named::Descriptors => <K::Value as Sealed>::BORROWS_FDS,
                Named::Memory => false,
            };
            assert!(
                borrowed,
                "this key's numbers name descriptors (SCM_RIGHTS, which takes `&[Fd]`) or memory \
                 (RDS: see `put_raw_unchecked`)"
            );
        }
        // SAFETY: what the message names must be borrowed. By the assertion it names nothing, or
        // the descriptors in `value`, which are borrowed for 'a.
        unsafe { self.put_raw_unchecked(K::LEVEL, K::TYPE, K::Value::bytes(&value)) }
    }

    /// Appends any message, including messages that the catalogue does not know, but none that
    /// names descriptors or memory.
    ///
    /// ```
    /// use ancil::Writer;
    ///
    /// let mut buffer = [0; 64];
    /// let mut writer = Writer::new(&mut buffer);
    /// writer.put_raw(0x4d59, 1, b"a message that the catalogue does not know")?;
    /// assert_eq!(writer.finish().reader().count(), 1);
    /// # Ok::<(), ancil::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`NoSpace`] if the message does not fit. [`Unborrowed`] for `SCM_RIGHTS` and for those
    /// messages of RDS that hold addresses. The buffer is unchanged then.
    #[inline]
    pub const fn put_raw(&mut self, level: i32, ty: i32, payload: &[u8]) -> Result<(), Error> {
        if !matches!(Named::by(level, ty), Named::Nothing) {
            let offset = self.len;
            return Err(Error::Unborrowed(Unborrowed { level, ty, offset }));
        }
        // SAFETY: what the message names must be borrowed. It names nothing.
        match unsafe { self.put_raw_unchecked(level, ty, payload) } {
            Ok(()) => Ok(()),
            Err(e) => Err(Error::NoSpace(e)),
        }
    }

    /// Appends any message.
    ///
    /// ```
    /// use ancil::{Key, SCM_RIGHTS, UpTo, Writer, space_of};
    ///
    /// let mut buffer = [0; space_of::<UpTo<SCM_RIGHTS, 1>>()];
    /// let mut writer = Writer::new(&mut buffer);
    /// // SAFETY: standard input stays open, and may be sent.
    /// unsafe { writer.put_raw_unchecked(SCM_RIGHTS::LEVEL, SCM_RIGHTS::TYPE, &[0; 4])? };
    /// # assert_eq!(writer.len(), ancil::cmsg_space(4));
    /// # Ok::<(), ancil::Error>(())
    /// ```
    ///
    /// # Safety
    /// What [`Control::from_raw`] requires, for the descriptors and the memory that this message
    /// names.
    ///
    /// # Errors
    /// [`NoSpace`] if the message does not fit. The buffer is unchanged then.
    #[inline]
    pub const unsafe fn put_raw_unchecked(
        &mut self,
        level: i32,
        ty: i32,
        payload: &[u8],
    ) -> Result<(), NoSpace> {
        let buf = OutBytes::new(self.buf);
        match encode(Abi::NATIVE, buf, self.len, level, ty, payload) {
            Ok(len) => {
                self.len = len;
                Ok(())
            }
            Err(e) => Err(e),
        }
    }

    /// Appends an `SCM_RIGHTS` with these descriptors, or nothing if there is none.
    ///
    /// # Errors
    /// [`NoSpace`] if the message does not fit. The buffer is unchanged then.
    pub(crate) fn put_rights(
        &mut self,
        fds: impl Iterator<Item = Fd<'a>> + Clone,
    ) -> Result<(), NoSpace> {
        let count = fds.clone().count();
        if count == 0 {
            return Ok(());
        }
        let len = count.saturating_mul(size_of::<i32>());
        let rest = OutBytes::new(self.buf.get_mut(self.len..).unwrap_or_default());
        let (mut payload, _) = begin_message(Abi::NATIVE, rest, RIGHTS.0, RIGHTS.1, len)?;
        // A clone that yields fewer leaves no old bytes as numbers: -1 is no descriptor.
        for number in fds.map(Fd::as_raw).chain(iter::repeat(-1)).take(count) {
            payload.copy_from(&number.to_ne_bytes());
            let Some((_, rest)) = payload.split_at(size_of::<i32>()) else {
                break;
            };
            payload = rest;
        }
        self.len = self.len.wrapping_add(cmsg_space(len)); // at most the length of the buffer
        Ok(())
    }

    /// Bytes that are left in the buffer.
    pub(crate) const fn left(&self) -> usize {
        self.buf.len().saturating_sub(self.len)
    }

    /// Bytes written so far: `msg_controllen`.
    ///
    /// ```
    /// use ancil::{IP_TTL, Writer, space_of};
    ///
    /// let mut buffer = [0; 100];
    /// let mut writer = Writer::new(&mut buffer);
    /// writer.put(IP_TTL, 64)?;
    /// assert_eq!(writer.len(), space_of::<IP_TTL>());
    /// # Ok::<(), ancil::Error>(())
    /// ```
    #[inline]
    #[expect(
        clippy::len_without_is_empty,
        reason = "a length in bytes, not a collection's"
    )]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Returns the messages written: exactly the bytes to send. If more were sent, the kernel would
    /// read the rest of the buffer as further messages.
    #[inline]
    pub fn finish(self) -> Control<'a> {
        let bytes = self.buf.get(..self.len).unwrap_or_default();
        // SAFETY: what the messages name must be borrowed for 'a. That is the invariant of `len`:
        // it is 0 at first, and grows by messages that were put with this guarantee.
        unsafe { Control::from_raw(bytes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::cmsg::{CmsgHdr, HEADER};
    use core::cell::Cell;

    #[test]
    fn a_message_is_written_whole_or_not_at_all() {
        for size in 0..cmsg_space(5) {
            let mut buf = vec![0xaa; size];
            let mut writer = Writer::new(&mut buf);
            let needed = cmsg_space(5);
            let put = writer.put_raw(1, 2, b"hello");
            assert_eq!(put, Err(NoSpace { needed, left: size }.into()));
            assert!(writer.finish().is_empty());
            assert!(buf.iter().all(|&b| b == 0xaa));
        }
    }

    #[test]
    fn padding_is_zeroed_and_the_rest_untouched() {
        for n in 0..=2 * align_of::<CmsgHdr>() {
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
    fn descriptors_that_a_clone_does_not_yield_become_minus_one() {
        let calls = Cell::new(0);
        // Three while they are counted, the first four calls; then one.
        let fds = iter::from_fn(|| {
            calls.set(calls.get() + 1);
            // SAFETY: nothing is sent, so it does not matter which descriptor this is.
            matches!(calls.get(), 1 | 2 | 3 | 5).then(|| unsafe { Fd::borrow_raw(7) })
        });
        let mut buf = vec![0xaa; cmsg_space(12)];
        let mut writer = Writer::new(&mut buf);
        writer.put_rights(fds).unwrap();
        let numbers = [7i32, -1, -1].map(i32::to_ne_bytes).concat();
        assert_eq!(buf[HEADER..HEADER + 12], numbers);
    }
}
