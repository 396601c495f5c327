// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Body`]: one message while it is written.
//!
//! Every item is written whole or not at all, with zeroed padding. The length of a message or nest
//! is filled in at its end, so either can be cancelled until then.
#![forbid(unsafe_code)]

use super::attribute::Nlattr;
use super::error::WriteError;
use super::message::Nlmsghdr;
use super::size::{ALIGNTO, nla_length, nlmsg_align};
use crate::error::NoSpace;
use zerocopy::{Immutable, IntoBytes};

/// A message that is being written. [`Writer::message`](super::Writer::message) passes it to its
/// closure.
///
/// ```
/// use ancil::netlink::{Body, Nlmsghdr, WriteError, Writer};
///
/// fn link(message: &mut Body<'_>, name: &[u8]) -> Result<(), WriteError> {
///     message.put(&[0u8; 16])?; // struct ifinfomsg
///     message.attribute(3, name)?; // IFLA_IFNAME
///     assert_eq!(message.left(), 256 - 16 - 16 - 12);
///     Ok(())
/// }
/// let mut buffer = [0; 256];
/// Writer::new(&mut buffer).message(Nlmsghdr::new(16, 1, 0), |m| link(m, b"eth0\0"))?;
/// # Ok::<(), WriteError>(())
/// ```
#[derive(Debug)]
pub struct Body<'a> {
    pub(super) buf: &'a mut [u8],
    /// Bytes of finished messages. A message is open if `written` is more.
    pub(super) finished: usize,
    /// Bytes written, with those of the open message.
    pub(super) written: usize,
    /// The offset of the innermost open nest; 0 if no nest is open.
    pub(super) nest: usize,
}

impl<'a> Body<'a> {
    pub(super) const fn new(buf: &'a mut [u8]) -> Self {
        Self {
            buf,
            finished: 0,
            written: 0,
            nest: 0,
        }
    }

    /// Appends the struct of the family, or any other bytes, at a multiple of 4.
    ///
    /// # Errors
    /// [`WriteError::NoSpace`] if the payload does not fit with its padding. The buffer is then
    /// unchanged.
    pub fn put(
        &mut self,
        payload: &(impl IntoBytes + Immutable + ?Sized),
    ) -> Result<(), WriteError> {
        self.append(payload.as_bytes(), &[])
    }

    /// Appends an attribute that carries a number, a struct or bytes.
    ///
    /// `&()` makes an attribute without data, whose presence is its value. A string is bytes with a
    /// NUL: `c"eth0".to_bytes_with_nul()`. Give literals a type: `&[1, 2]` is two `i32`.
    ///
    /// # Errors
    /// [`WriteError::NoSpace`] if the attribute does not fit with its padding;
    /// [`WriteError::TooLong`] if `data` has more than 65531 bytes. The buffer is then unchanged.
    pub fn attribute(
        &mut self,
        nla_type: u16,
        data: &(impl IntoBytes + Immutable + ?Sized),
    ) -> Result<(), WriteError> {
        self.attribute_bytes(nla_type, data.as_bytes())
    }

    /// Returns how many bytes of the buffer are left for the next item.
    #[inline]
    pub const fn left(&self) -> usize {
        self.buf.len().saturating_sub(nlmsg_align(self.written))
    }

    /// Continues where an earlier body stopped, whose `state` returned these three numbers.
    #[cfg(feature = "capi")]
    pub(crate) const fn at(buf: &'a mut [u8], [finished, written, nest]: [usize; 3]) -> Self {
        Self {
            buf,
            finished,
            written,
            nest,
        }
    }

    /// Returns the bytes of finished messages, the bytes written, and the offset of the innermost
    /// open nest.
    #[cfg(feature = "capi")]
    pub(crate) const fn state(&self) -> [usize; 3] {
        [self.finished, self.written, self.nest]
    }

    /// Returns whether a message is open.
    #[cfg(feature = "capi")]
    pub(crate) const fn is_open(&self) -> bool {
        self.written > self.finished
    }

    /// Opens a message. Its `nlmsg_len` is set at its end.
    pub(crate) fn begin(&mut self, header: Nlmsghdr) -> Result<(), WriteError> {
        self.append(header.as_bytes(), &[])
    }

    /// Finishes the open message, in which no nest may be open. If it is too long, it stays open.
    pub(crate) fn end(&mut self) -> Result<(), WriteError> {
        let len = self.written.saturating_sub(self.finished);
        let Ok(nlmsg_len) = u32::try_from(len) else {
            return Err(WriteError::TooLong { len });
        };
        self.set_len(self.finished, &nlmsg_len.to_ne_bytes());
        self.written = nlmsg_align(self.written);
        self.finished = self.written;
        Ok(())
    }

    /// Removes the open message and its nests, if there is one.
    pub(crate) const fn cancel_message(&mut self) {
        self.written = self.finished;
        self.nest = 0;
    }

    /// Appends an attribute. Not generic, unlike [`attribute`](Body::attribute), so that the code
    /// exists once.
    pub(crate) fn attribute_bytes(&mut self, nla_type: u16, data: &[u8]) -> Result<(), WriteError> {
        let nla_len = Self::nla_len(data.len())?;
        self.append(Nlattr { nla_len, nla_type }.as_bytes(), data)?;
        self.written = nlmsg_align(self.written); // a nest or message includes this padding
        Ok(())
    }

    /// Returns the `nla_len` of an attribute with `n` bytes of data.
    pub(crate) fn nla_len(n: usize) -> Result<u16, WriteError> {
        let len = nla_length(n);
        u16::try_from(len).map_err(|_| WriteError::TooLong { len })
    }

    /// Appends two pieces at the next multiple of 4, if they fit with the padding after them.
    ///
    /// Every item of a message is written here.
    pub(super) fn append(&mut self, front: &[u8], back: &[u8]) -> Result<(), WriteError> {
        let at = nlmsg_align(self.written);
        let len = front.len().saturating_add(back.len());
        let needed = nlmsg_align(len);
        let rest = self.buf.get_mut(at..).unwrap_or_default();
        let no_space = WriteError::NoSpace(NoSpace {
            needed,
            left: rest.len(),
        });
        let Some(slot) = rest.get_mut(..needed) else {
            return Err(no_space);
        };
        // All padding is in the last word. Zero that word first; the pieces overwrite their share.
        if let Some(last) = slot.last_chunk_mut::<ALIGNTO>() {
            *last = [0; ALIGNTO];
        }
        // Not copy_from_slice: on 32-bit machines, opt-level z does not remove its panic.
        let copied = slot
            .split_at_mut_checked(front.len())
            .is_some_and(|(head, tail)| {
                front.write_to(head).is_ok() && back.write_to_prefix(tail).is_ok()
            });
        if !copied {
            return Err(no_space);
        }
        self.written = at.saturating_add(len);
        Ok(())
    }

    /// Sets the length field of the header at `at`, which is the first field of either header.
    pub(super) fn set_len(&mut self, at: usize, len: &[u8]) {
        if let Some(header) = self.buf.get_mut(at..) {
            _ = len.write_to_prefix(header); // it fits: the header is written
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netlink::nla_space;

    /// Checks that a step fails and changes no byte, and returns its error.
    fn refused<'a>(
        body: &mut Body<'a>,
        step: impl FnOnce(&mut Body<'a>) -> Result<(), WriteError>,
    ) -> WriteError {
        let before = body.buf.to_vec();
        let error = step(body).unwrap_err();
        assert!(body.buf == before, "{error}");
        error
    }

    #[test]
    fn an_error_changes_no_byte() {
        const HEADER: Nlmsghdr = Nlmsghdr::new(16, 1, 1);
        let long = vec![7u8; 65532];
        let mut buf = vec![0xaa; 16 + 4 + 4 + nla_space(65531) + 3];
        let mut body = Body::new(&mut buf);
        body.begin(HEADER).unwrap();
        body.put(&[7u8; 1]).unwrap();
        body.begin_nest(1).unwrap();
        let too_long = |len| WriteError::TooLong { len };
        assert_eq!(
            refused(&mut body, |b| b.attribute(2, &long[..])),
            too_long(65536)
        );
        body.attribute(2, &long[..65531]).unwrap();
        assert_eq!(refused(&mut body, |b| b.begin_nest(3)), too_long(65540));
        assert_eq!(refused(&mut body, Body::end_nest), too_long(65540));
        body.attribute(2, &long[..65531]).unwrap(); // 7 bytes are left
        let no_space = |needed| WriteError::NoSpace(NoSpace { needed, left: 7 });
        assert_eq!(
            refused(&mut body, |b| b.attribute(2, &[7u8; 1])),
            no_space(8)
        );
        assert_eq!(refused(&mut body, |b| b.put(&[7u8; 5])), no_space(8));
        assert_eq!(refused(&mut body, |b| b.begin(HEADER)), no_space(16));
        body.put(&[7u8; 4]).unwrap();
        let no_space = WriteError::NoSpace(NoSpace { needed: 4, left: 3 });
        assert_eq!(refused(&mut body, |b| b.begin_nest(3)), no_space);
        #[cfg(target_pointer_width = "64")]
        {
            body.written = 1 << 32; // as if the message were as long
            assert_eq!(refused(&mut body, Body::end), too_long(1 << 32));
        }
    }
}
