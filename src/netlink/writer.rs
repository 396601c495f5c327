//! [`Writer`]: messages into the caller's bytes.
//!
//! Every item is written whole or not at all, with its padding zeroed. A message or nest that is begun can always be
//! taken back, since its length is filled in last; until then `nla_len` of an open nest says where the nest around it
//! is, so that nests go as deep as they like and cost no memory.
#![forbid(unsafe_code)]

use super::size::{ALIGNTO, nla_length, nlmsg_align};
use super::{NLA_F_NESTED, Nlattr, Nlmsghdr, WriteError};
use crate::error::NoSpace;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// Writes messages into a buffer that the caller owns, aligned in any way.
///
/// The example of the [module](super) shows it at work. Several messages may stand in one datagram: the kernel does
/// one after the other, and answers each.
#[derive(Debug)]
pub struct Writer<'a> {
    body: Body<'a>,
}

/// A message that is being written: what [`Writer::message`] hands to its closure.
#[derive(Debug)]
pub struct Body<'a> {
    buf: &'a mut [u8],
    /// Bytes of finished messages. A message is open if `filled` is more.
    end: usize,
    /// Bytes written.
    filled: usize,
    /// Where the innermost open nest is; 0 for none.
    nest: usize,
}

impl<'a> Writer<'a> {
    /// Starts at the front of `buf`, whatever it holds.
    #[inline]
    pub const fn new(buf: &'a mut [u8]) -> Self {
        Self {
            body: Body {
                buf,
                end: 0,
                filled: 0,
                nest: 0,
            },
        }
    }

    /// Appends a message: this header, `nlmsg_len` counted anew, and what `fill` puts behind it.
    ///
    /// # Errors
    /// What `fill` says; [`WriteError::NoSpace`] if not even the header fits. The messages before are as they were
    /// then, and nothing of this one is among what [`finish`](Writer::finish) returns.
    pub fn message(
        &mut self,
        header: Nlmsghdr,
        fill: impl FnOnce(&mut Body<'a>) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        self.body.cancel_message(); // one that a panic in its `fill` has left open
        self.body.begin(header)?;
        match fill(&mut self.body).and_then(|()| self.body.end()) {
            Ok(()) => Ok(()),
            Err(e) => {
                self.body.cancel_message();
                Err(e)
            }
        }
    }

    /// Bytes of the messages written so far.
    #[inline]
    #[expect(
        clippy::len_without_is_empty,
        reason = "a length in bytes, not a collection's"
    )]
    pub const fn len(&self) -> usize {
        self.body.end
    }

    /// The messages written: the datagram to send.
    #[inline]
    pub fn finish(self) -> &'a [u8] {
        self.body.buf.get(..self.body.end).unwrap_or_default()
    }
}

impl<'a> Body<'a> {
    /// Appends a struct of the family, or any other bytes, at a multiple of 4.
    ///
    /// # Errors
    /// [`WriteError::NoSpace`] if it does not fit with its padding; the buffer is unchanged then.
    pub fn put(
        &mut self,
        payload: &(impl IntoBytes + Immutable + ?Sized),
    ) -> Result<(), WriteError> {
        self.put_bytes(payload.as_bytes())
    }

    /// Appends an attribute: a number, a struct, bytes; `&()` for one that says it all by being there. A string is
    /// bytes with a NUL: `c"eth0".to_bytes_with_nul()`. Say the type of a literal: `&[1, 2]` is two `i32`.
    ///
    /// # Errors
    /// [`WriteError::NoSpace`] if it does not fit with its padding, [`WriteError::TooLong`] if it has more than 65531
    /// bytes; the buffer is unchanged then.
    pub fn attribute(
        &mut self,
        nla_type: u16,
        data: &(impl IntoBytes + Immutable + ?Sized),
    ) -> Result<(), WriteError> {
        self.attribute_bytes(nla_type, data.as_bytes())
    }

    /// Appends an attribute that carries those which `fill` puts into it, with [`NLA_F_NESTED`].
    ///
    /// # Errors
    /// What `fill` says; [`WriteError::NoSpace`] if not even the header fits, [`WriteError::TooLong`] if it became
    /// longer than 65535 bytes. The message is as it was before then, and goes on.
    ///
    /// ```
    /// use ancil::netlink::{Nlmsghdr, WriteError, Writer};
    ///
    /// let mut buffer = [0; 36];
    /// let mut writer = Writer::new(&mut buffer);
    /// writer.message(Nlmsghdr::new(16, 1, 0), |message| {
    ///     message.attribute(1, &7u32)?;
    ///     // It does not fit, and leaves nothing behind: what is smaller does.
    ///     let nest = message.nest(2, |nest| nest.attribute(3, &[0u8; 9]));
    ///     assert!(matches!(nest, Err(WriteError::NoSpace(_))));
    ///     message.attribute(3, &[0u8; 7])
    /// })?;
    /// assert_eq!(writer.len(), 16 + 8 + 12);
    /// # Ok::<(), WriteError>(())
    /// ```
    pub fn nest(
        &mut self,
        nla_type: u16,
        fill: impl FnOnce(&mut Body<'a>) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        self.begin_nest(nla_type)?;
        let at = self.nest;
        let filled = fill(self);
        while self.nest > at {
            self.cancel_nest(); // one that a panic in its `fill` has left open
        }
        match filled {
            Ok(()) => self.end_nest(),
            Err(e) => {
                self.cancel_nest();
                Err(e)
            }
        }
    }

    /// Bytes that are left in the buffer for the next item.
    #[inline]
    pub const fn left(&self) -> usize {
        self.buf.len().saturating_sub(nlmsg_align(self.filled))
    }

    /// Goes on where an earlier one was: `state` gave these three numbers.
    #[cfg(feature = "capi")]
    pub(crate) const fn at(buf: &'a mut [u8], [end, filled, nest]: [usize; 3]) -> Self {
        Self {
            buf,
            end,
            filled,
            nest,
        }
    }

    /// Bytes of finished messages, bytes written, the innermost open nest.
    #[cfg(feature = "capi")]
    pub(crate) const fn state(&self) -> [usize; 3] {
        [self.end, self.filled, self.nest]
    }

    /// Whether a message is open.
    #[cfg(feature = "capi")]
    pub(crate) const fn is_open(&self) -> bool {
        self.filled > self.end
    }

    /// Whether a nest is open.
    #[cfg(feature = "capi")]
    pub(crate) const fn in_nest(&self) -> bool {
        self.nest > 0
    }

    pub(crate) fn begin(&mut self, header: Nlmsghdr) -> Result<(), WriteError> {
        self.append(header.as_bytes(), &[])
    }

    /// Finishes the open message, and with it what was left open inside.
    pub(crate) fn end(&mut self) -> Result<(), WriteError> {
        while self.nest > 0 {
            self.cancel_nest();
        }
        let len = self.filled.saturating_sub(self.end);
        let Ok(nlmsg_len) = u32::try_from(len) else {
            return Err(WriteError::TooLong { len });
        };
        self.fill_in(self.end, &nlmsg_len.to_ne_bytes());
        self.filled = nlmsg_align(self.filled);
        self.end = self.filled;
        Ok(())
    }

    pub(crate) const fn cancel_message(&mut self) {
        self.filled = self.end;
        self.nest = 0;
    }

    pub(crate) fn put_bytes(&mut self, payload: &[u8]) -> Result<(), WriteError> {
        self.append(payload, &[])
    }

    pub(crate) fn attribute_bytes(&mut self, nla_type: u16, data: &[u8]) -> Result<(), WriteError> {
        let len = nla_length(data.len());
        let Ok(nla_len) = u16::try_from(len) else {
            return Err(WriteError::TooLong { len });
        };
        self.append(Nlattr { nla_len, nla_type }.as_bytes(), data)?;
        self.filled = nlmsg_align(self.filled); // the padding counts in what is around it
        Ok(())
    }

    /// Opens a nest. Until its end `nla_len` holds the way back: the distance to the nest around it, a multiple of 4
    /// (0 for none), and in the two bits that are free the padding before it.
    pub(crate) fn begin_nest(&mut self, nla_type: u16) -> Result<(), WriteError> {
        let at = nlmsg_align(self.filled);
        let distance = if self.nest == 0 {
            0
        } else {
            at.saturating_sub(self.nest)
        };
        // Further away, the nest around it is too long already.
        let Ok(distance) = u16::try_from(distance) else {
            return Err(WriteError::TooLong { len: distance });
        };
        let nla_len = distance | at.wrapping_sub(self.filled) as u16; // 0 to 3
        self.append(
            Nlattr {
                nla_len,
                nla_type: nla_type | NLA_F_NESTED,
            }
            .as_bytes(),
            &[],
        )?;
        self.nest = at;
        Ok(())
    }

    /// Closes the innermost nest, or takes it back if it is too long.
    pub(crate) fn end_nest(&mut self) -> Result<(), WriteError> {
        let len = self.filled.saturating_sub(self.nest);
        let Ok(nla_len) = u16::try_from(len) else {
            self.cancel_nest();
            return Err(WriteError::TooLong { len });
        };
        let (at, (around, _)) = (self.nest, self.way_back());
        self.fill_in(at, &nla_len.to_ne_bytes());
        self.filled = nlmsg_align(self.filled);
        self.nest = around;
        Ok(())
    }

    /// Takes the innermost nest back.
    pub(crate) fn cancel_nest(&mut self) {
        let (around, padding) = self.way_back();
        self.filled = self.nest.saturating_sub(padding);
        self.nest = around;
    }

    /// What the innermost open nest says of where to return to: the nest around it, and the padding before it.
    fn way_back(&self) -> (usize, usize) {
        let header = self
            .buf
            .get(self.nest..)
            .and_then(|nest| Nlattr::read_from_prefix(nest).ok());
        let way = header.map_or(0, |(header, _)| usize::from(header.nla_len));
        let (distance, padding) = (way & !3, way & 3);
        (
            if distance == 0 {
                0
            } else {
                self.nest.saturating_sub(distance)
            },
            padding,
        )
    }

    /// The one encoder: puts two pieces at the next multiple of 4, if both fit with the padding behind.
    fn append(&mut self, head: &[u8], data: &[u8]) -> Result<(), WriteError> {
        let at = nlmsg_align(self.filled);
        let n = head.len().saturating_add(data.len());
        let needed = nlmsg_align(n);
        let rest = self.buf.get_mut(at..).unwrap_or_default();
        let no_space = WriteError::NoSpace(NoSpace {
            needed,
            left: rest.len(),
        });
        let Some(slot) = rest.get_mut(..needed) else {
            return Err(no_space);
        };
        // All padding is in the last word. Zero it first: the pieces then overwrite their share.
        if let Some(last) = slot.last_chunk_mut::<ALIGNTO>() {
            *last = [0; ALIGNTO];
        }
        // Not copy_from_slice: optimised for size it keeps its panic, though the lengths are known to be the same.
        let written = slot
            .split_at_mut_checked(head.len())
            .map(|(front, behind)| {
                head.write_to(front).is_ok() && data.write_to_prefix(behind).is_ok()
            });
        if written != Some(true) {
            return Err(no_space);
        }
        self.filled = at.saturating_add(n);
        Ok(())
    }

    /// Overwrites what was written at `at`.
    fn fill_in(&mut self, at: usize, bytes: &[u8]) {
        let _there = self
            .buf
            .get_mut(at..)
            .map(|place| bytes.write_to_prefix(place));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netlink::{Reader, nla_space};
    use std::vec::Vec;

    const HEADER: Nlmsghdr = Nlmsghdr::new(16, 1, 5);

    #[test]
    fn padding_is_zeroed_and_counts_as_the_kernel_counts() {
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
    fn what_does_not_fit_leaves_all_as_it_was() {
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
    fn a_nest_that_fails_is_taken_back_and_the_padding_before_it_too() {
        let mut buf = [0xaa; 72];
        let mut writer = Writer::new(&mut buf);
        let too_much = |n: &mut Body<'_>| n.nest(2, |n| n.nest(3, |n| n.attribute(4, &[0u8; 99])));
        writer
            .message(HEADER, |m| {
                m.put(&[1u8; 5])?;
                assert!(matches!(m.nest(1, too_much), Err(WriteError::NoSpace(_))));
                Ok(())
            })
            .unwrap();
        writer
            .message(HEADER, |m| {
                m.nest(1, |n| {
                    n.put(&[1u8; 2])?;
                    assert!(too_much(n).is_err());
                    n.attribute(5, &6u16)
                })?;
                m.nest(9, |_| Ok(()))
            })
            .unwrap();
        let messages: Vec<_> = Reader::new(writer.finish()).map(|m| m.unwrap()).collect();
        assert_eq!(
            (messages[0].header.nlmsg_len, messages[0].data),
            (21, &[1u8; 5][..])
        );
        assert_eq!(messages[1].header.nlmsg_len, 16 + 16 + 4);
        let nests: Vec<_> = messages[1].attributes(0).map(|a| a.unwrap()).collect();
        assert_eq!(
            nests
                .iter()
                .map(|n| (n.nla_type, n.data.len()))
                .collect::<Vec<_>>(),
            [(0x8001, 12), (0x8009, 0)]
        );
        assert_eq!(
            (nests[0].data[..4].to_vec(), &nests[0].data[8..10]),
            (vec![1, 1, 0, 0], &6u16.to_ne_bytes()[..])
        );
    }

    #[test]
    fn a_nest_has_at_most_65535_bytes() {
        let mut buf = vec![0; 1 << 18];
        let mut writer = Writer::new(&mut buf);
        let half = [0u8; 32764];
        writer
            .message(HEADER, |m| {
                let len = 4 + 2 * nla_space(half.len());
                let both =
                    |n: &mut Body<'_>| n.attribute(1, &half).and_then(|()| n.attribute(1, &half));
                assert_eq!(m.nest(1, both), Err(WriteError::TooLong { len }));
                // A nest in one that is too long already is not begun.
                let inner = m.nest(1, |n| both(n).and_then(|()| n.nest(2, |_| unreachable!())));
                assert_eq!(inner, Err(WriteError::TooLong { len }));
                assert_eq!(
                    m.attribute(1, &[0u8; 65532][..]),
                    Err(WriteError::TooLong { len: 65536 })
                );
                m.attribute(1, &[0u8; 65531][..])
            })
            .unwrap();
        assert_eq!(writer.len(), 16 + 65536);
    }

    #[test]
    fn a_panic_between_leaves_a_writer_that_works() {
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
