//! [`ControlBuf`]: a control buffer with its bytes inside.
#![forbid(unsafe_code)]

use super::abi::Abi;
use super::cmsg::CmsgHdr;
use super::key::Sent;
use super::payload::Encode;
use super::writer::{OutBytes, bytes_of, encode};
use crate::error::NoSpace;
use zerocopy::{Immutable, IntoBytes};

/// `N` bytes of control buffer, aligned for a header: to fill at compile time, or to receive into.
///
/// ```
/// use ancil::{ControlBuf, IP_TOS, UDP_SEGMENT, space_of};
///
/// static ECN_GSO: ControlBuf<{ space_of::<(IP_TOS, UDP_SEGMENT)>() }> =
///     ControlBuf::new().with(IP_TOS, 2).with(UDP_SEGMENT, 1200);
/// # assert_eq!(ECN_GSO.as_bytes().len(), 2 * ancil::cmsg_space(4));
/// ```
///
/// A buffer that is too small does not compile:
/// ```compile_fail
/// # use ancil::{ControlBuf, IP_TOS, UDP_SEGMENT, space_of};
/// static TOO_SMALL: ControlBuf<{ space_of::<IP_TOS>() }> =
///     ControlBuf::new().with(IP_TOS, 2).with(UDP_SEGMENT, 1200);
/// ```
#[derive(Clone, Debug)]
#[repr(C)]
pub struct ControlBuf<const N: usize> {
    aligned: [CmsgHdr; 0],
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> ControlBuf<N> {
    /// Returns an empty buffer.
    pub const fn new() -> Self {
        Self {
            aligned: [],
            bytes: [0; N],
            len: 0,
        }
    }

    /// Appends a message of a fixed size, for use in `const` and `static`. There, a buffer that is
    /// too small is a compile error. At run time use [`put`](ControlBuf::put), which returns an
    /// error and takes slices too.
    ///
    /// # Panics
    /// If it is called at run time and the message does not fit.
    #[must_use]
    #[expect(clippy::panic, reason = "a compile error in its only use")]
    pub const fn with<K: Sent<Value: IntoBytes + Immutable + Copy>>(
        mut self,
        _: K,
        value: K::Value,
    ) -> Self {
        match self.put_raw(K::LEVEL, K::TYPE, bytes_of(&value)) {
            Ok(()) => self,
            Err(_) => panic!("this ControlBuf is too small: size it by space_of"),
        }
    }

    /// Appends a typed message, as [`Writer::put`](crate::Writer::put) does.
    ///
    /// # Errors
    /// [`NoSpace`] if the message does not fit. The buffer is unchanged then.
    #[inline]
    pub fn put<K: Sent>(
        &mut self,
        _: K,
        value: <K::Value as Encode>::In<'_>,
    ) -> Result<(), NoSpace> {
        self.put_raw(K::LEVEL, K::TYPE, K::Value::bytes(&value))
    }

    /// Appends any message, as [`Writer::put_raw`](crate::Writer::put_raw) does.
    ///
    /// # Errors
    /// [`NoSpace`] if the message does not fit. The buffer is unchanged then.
    #[inline]
    pub const fn put_raw(&mut self, level: i32, ty: i32, payload: &[u8]) -> Result<(), NoSpace> {
        let buf = OutBytes::new(&mut self.bytes);
        match encode(Abi::NATIVE, buf, self.len, level, ty, payload) {
            Ok(len) => {
                self.len = len;
                Ok(())
            }
            Err(e) => Err(e),
        }
    }

    /// Returns the messages written: exactly the bytes to send.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Forgets what was written and returns all `N` bytes, to receive into.
    #[inline]
    pub fn recv_space(&mut self) -> &mut [u8] {
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
    use crate::{Writer, space_of};

    #[test]
    fn a_const_buffer_equals_a_written_one() {
        crate::key!(KEY: [u8; 5] = 3, 4);
        const SPACE: usize = space_of::<(KEY, KEY)>();
        static AT_COMPILE_TIME: ControlBuf<SPACE> =
            ControlBuf::new().with(KEY, *b"hello").with(KEY, *b"world");
        let mut buf = [0xaa; SPACE];
        let mut writer = Writer::new(&mut buf);
        writer.put(KEY, *b"hello").unwrap();
        writer.put(KEY, *b"world").unwrap();
        assert_eq!(writer.finish(), AT_COMPILE_TIME.as_bytes());
        let address = AT_COMPILE_TIME.bytes.as_ptr() as usize;
        assert_eq!(address % align_of::<CmsgHdr>(), 0);
    }
}
