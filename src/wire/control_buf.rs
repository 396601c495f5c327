// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`ControlBuf`]: a control buffer with its bytes inside.

use super::abi::Abi;
use super::cmsg::CmsgHdr;
use super::control::{Control, Named};
use super::encode::{OutBytes, bytes_of, encode};
use super::key::Sent;
use zerocopy::{Immutable, IntoBytes};

/// `N` bytes of control buffer, aligned for a header: to fill at compile time, or to receive into.
///
/// ```
/// use ancil::{ControlBuf, IP_TOS, UDP_SEGMENT, space_of};
///
/// static ECN_GSO: ControlBuf<{ space_of::<(IP_TOS, UDP_SEGMENT)>() }> =
///     ControlBuf::new().with(IP_TOS, 2).with(UDP_SEGMENT, 1200);
/// # assert_eq!(ECN_GSO.as_control().len(), 2 * ancil::cmsg_space(4));
/// ```
///
/// A buffer that is too small does not compile:
/// ```compile_fail,E0080
/// # use ancil::{ControlBuf, IP_TOS, UDP_SEGMENT, space_of};
/// static TOO_SMALL: ControlBuf<{ space_of::<IP_TOS>() }> =
///     ControlBuf::new().with(IP_TOS, 2).with(UDP_SEGMENT, 1200);
/// ```
///
/// It outlives whatever is borrowed, so it takes no descriptors:
/// ```compile_fail,E0277
/// # use ancil::{ControlBuf, Fd, SCM_RIGHTS};
/// # let fd = unsafe { Fd::borrow_raw(0) };
/// ControlBuf::<64>::new().with(SCM_RIGHTS, &[fd]); // error: the payload is not plain bytes
/// ```
/// ```compile_fail,E0080
/// ancil::key!(NUMBER: i32 = ancil::level::SOL_SOCKET, 1); // SCM_RIGHTS
/// ancil::ControlBuf::<64>::new().with(NUMBER, 7); // error: evaluation panicked
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
    /// too small is a compile error. At run time, write with a [`Writer`](crate::Writer) to
    /// [`space`](ControlBuf::space): it returns an error, and takes slices and descriptors, too.
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
        const {
            let plain = matches!(Named::by(K::LEVEL, K::TYPE), Named::Nothing);
            assert!(
                plain,
                "this key names descriptors or memory, which a ControlBuf does not borrow"
            );
        }
        let buf = OutBytes::new(&mut self.bytes);
        match encode(
            Abi::NATIVE,
            buf,
            self.len,
            K::LEVEL,
            K::TYPE,
            bytes_of(&value),
        ) {
            Ok(len) => self.len = len,
            Err(_) => panic!("this ControlBuf is too small: size it by space_of"),
        }
        self
    }

    /// Returns the messages written: exactly the bytes to send.
    ///
    /// ```
    /// use ancil::{ControlBuf, IP_TTL, MsgHdr, space_of};
    ///
    /// static TTL: ControlBuf<{ space_of::<IP_TTL>() }> = ControlBuf::new().with(IP_TTL, 64);
    /// let message = MsgHdr::new().control(TTL.as_control());
    /// # assert_eq!(message.msg_control().len(), TTL.as_control().len());
    /// ```
    #[inline]
    pub const fn as_control(&self) -> Control<'_> {
        let bytes = match self.bytes.split_at_checked(self.len) {
            Some((messages, _)) => messages,
            None => &[],
        };
        // SAFETY: what the messages name must be borrowed. By the assertion in `with`, which wrote
        // them, they name nothing.
        unsafe { Control::from_raw(bytes) }
    }

    /// Forgets what was written and returns all `N` bytes, to receive into or to write to.
    ///
    /// ```
    /// use ancil::{ControlBuf, MsgHdrMut};
    ///
    /// let mut control = ControlBuf::<256>::new();
    /// let message = MsgHdrMut::new().control(control.space()); // for io::recvmsg
    /// # assert_eq!(message.msg_control().len(), 256);
    /// ```
    #[inline]
    pub const fn space(&mut self) -> &mut [u8] {
        self.len = 0;
        &mut self.bytes
    }
}

/// Two buffers are equal if they hold the same messages.
impl<const N: usize> PartialEq for ControlBuf<N> {
    fn eq(&self, other: &Self) -> bool {
        self.as_control() == other.as_control()
    }
}

impl<const N: usize> Eq for ControlBuf<N> {}

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
        assert_eq!(writer.finish(), AT_COMPILE_TIME.as_control());
        let mut copy = AT_COMPILE_TIME.clone();
        assert!(copy == AT_COMPILE_TIME);
        copy.space();
        assert!(copy != AT_COMPILE_TIME);
        let address = AT_COMPILE_TIME.bytes.as_ptr() as usize;
        assert_eq!(address % align_of::<CmsgHdr>(), 0);
    }
}
