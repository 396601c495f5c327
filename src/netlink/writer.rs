// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Writer`]: netlink messages into the caller's bytes.
#![forbid(unsafe_code)]

use super::body::Body;
use super::error::WriteError;
use super::message::Nlmsghdr;

/// Writes messages into a buffer that the caller owns, which may have any alignment.
///
/// The [module](super) has an example. A datagram may hold several messages; the kernel executes
/// them in order and answers each.
///
/// ```
/// use ancil::netlink::{NLM_F_DUMP, NLM_F_REQUEST, Nlmsghdr, Writer};
///
/// let mut buffer = [0; 32];
/// let mut writer = Writer::new(&mut buffer);
/// let header = Nlmsghdr::new(18, NLM_F_REQUEST | NLM_F_DUMP, 1); // RTM_GETLINK
/// writer.message(header, |message| message.put(&[0u8; 16]))?;
/// assert_eq!(writer.len(), 32);
/// let datagram = writer.finish(); // for MsgHdr::iov
/// # Ok::<(), ancil::netlink::WriteError>(())
/// ```
#[derive(Debug)]
pub struct Writer<'a> {
    body: Body<'a>,
}

impl<'a> Writer<'a> {
    /// Starts at the front of `buf`, whose bytes may hold anything.
    #[inline]
    pub const fn new(buf: &'a mut [u8]) -> Self {
        Self {
            body: Body::new(buf),
        }
    }

    /// Appends a message with this header and what `fill` writes. The `nlmsg_len` of `header` is
    /// replaced by the actual length.
    ///
    /// # Errors
    /// The error of `fill`; [`WriteError::NoSpace`] if the header does not fit;
    /// [`WriteError::TooLong`] if the message has 4 GiB or more. The earlier messages are unchanged
    /// then, and [`finish`](Writer::finish) returns nothing of this one.
    pub fn message(
        &mut self,
        header: Nlmsghdr,
        fill: impl FnOnce(&mut Body<'a>) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        self.body.cancel_message(); // a panic in an earlier `fill` may have left one open
        self.body.begin(header)?;
        let result = fill(&mut self.body);
        self.body.cancel_nests_inside(0);
        let result = result.and_then(|()| self.body.end());
        if result.is_err() {
            self.body.cancel_message();
        }
        result
    }

    /// Returns the bytes of the messages written so far.
    #[inline]
    #[expect(
        clippy::len_without_is_empty,
        reason = "a length in bytes, not a collection's"
    )]
    pub const fn len(&self) -> usize {
        self.body.finished
    }

    /// Returns the messages written: the datagram to send.
    #[inline]
    pub fn finish(self) -> &'a [u8] {
        self.body.buf.get(..self.body.finished).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::NoSpace;
    use crate::netlink::Reader;
    use std::vec::Vec;

    const HEADER: Nlmsghdr = Nlmsghdr::new(16, 1, 5);

    #[test]
    fn padding_is_zeroed_and_counted_as_in_the_kernel() {
        let mut buf = [0xaa; 64];
        let mut writer = Writer::new(&mut buf);
        writer.message(HEADER, |m| m.put(&[1u8; 5])).unwrap();
        assert_eq!(writer.len(), 24);
        writer
            .message(HEADER, |m| m.nest(7, |n| n.attribute(8, &[2u8; 5])))
            .unwrap();
        let bytes = writer.finish();
        assert_eq!(
            (bytes.len(), &bytes[..4], &bytes[21..24]),
            (56, &21u32.to_ne_bytes()[..], &[0; 3][..])
        );
        assert_eq!(
            (&bytes[24..28], &bytes[40..42]),
            (&32u32.to_ne_bytes()[..], &16u16.to_ne_bytes()[..])
        );
        assert_eq!(
            (&bytes[44..46], &bytes[53..]),
            (&9u16.to_ne_bytes()[..], &[0; 3][..])
        );
        assert_eq!(buf[56..], [0xaa; 8]);
    }

    #[test]
    fn an_item_that_does_not_fit_changes_nothing() {
        for size in 0..36 {
            let mut buf = vec![0xaa; size];
            let mut writer = Writer::new(&mut buf);
            let done = writer.message(HEADER, |m| {
                let before = m.buf.to_vec();
                let full = m.attribute(1, &[1u8; 13]);
                assert_eq!(
                    full,
                    Err(WriteError::NoSpace(NoSpace {
                        needed: 20,
                        left: size - 16
                    }))
                );
                assert_eq!(m.buf, before);
                full
            });
            assert!(matches!(done, Err(WriteError::NoSpace(_))));
            assert_eq!(writer.finish(), []);
        }
    }

    #[test]
    fn the_writer_works_after_a_panic_in_a_closure() {
        use std::panic::{AssertUnwindSafe, catch_unwind};
        let mut buf = [0; 64];
        let mut writer = Writer::new(&mut buf);
        let panics = |n: &mut Body<'_>| {
            catch_unwind(AssertUnwindSafe(|| n.nest(2, |_| panic!("caught")))).unwrap_err()
        };
        catch_unwind(AssertUnwindSafe(|| {
            writer.message(HEADER, |_| panic!("caught"))
        }))
        .unwrap_err();
        writer
            .message(HEADER, |m| {
                panics(m);
                Ok(())
            })
            .unwrap();
        writer
            .message(HEADER, |m| {
                m.nest(1, |n| {
                    panics(n);
                    Ok(())
                })
            })
            .unwrap();
        let lengths: Vec<_> = Reader::new(writer.finish())
            .map(|m| m.unwrap().data.len())
            .collect();
        assert_eq!(lengths, [0, 4]);
    }
}
