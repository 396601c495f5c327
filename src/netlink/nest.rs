// SPDX-License-Identifier: MIT OR Apache-2.0
//! Nests of a [`Body`]: attributes that carry attributes.
//!
//! Until a nest ends, its `nla_len` holds the way back to the nest around it. So nests can have any
//! depth, and a walk back needs no memory but the buffer.
#![forbid(unsafe_code)]

use super::attribute::Nlattr;
use super::body::Body;
use super::error::WriteError;
use super::numbers::NLA_F_NESTED;
use super::size::nlmsg_align;
use zerocopy::{FromBytes, IntoBytes};

impl<'a> Body<'a> {
    /// Appends a nest: an attribute with [`NLA_F_NESTED`] that carries the attributes which `fill`
    /// writes.
    ///
    /// # Errors
    /// The error of `fill`; [`WriteError::NoSpace`] if the header does not fit;
    /// [`WriteError::TooLong`] if the nest exceeds 65535 bytes. The nest is then removed, and the
    /// message can be continued.
    ///
    /// ```
    /// use ancil::netlink::{Nlmsghdr, WriteError, Writer};
    ///
    /// let mut buffer = [0; 36];
    /// let mut writer = Writer::new(&mut buffer);
    /// writer.message(Nlmsghdr::new(16, 1, 0), |message| {
    ///     message.attribute(1, &7u32)?;
    ///     // This nest does not fit. It is removed, so a smaller attribute still fits.
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
        let result = fill(self);
        self.cancel_nests_inside(at);
        match result {
            Ok(()) => self.end_nest(),
            Err(e) => {
                self.cancel_nest();
                Err(e)
            }
        }
    }

    /// Returns whether a nest is open.
    #[cfg(feature = "capi")]
    pub(crate) const fn in_nest(&self) -> bool {
        self.nest > 0
    }

    /// Opens a nest.
    ///
    /// Until the end of the nest, its `nla_len` holds the distance to the header of the nest around
    /// it (0 if there is none), which is a multiple of 4. The two low bits hold the number of bytes
    /// of padding before the nest.
    pub(crate) fn begin_nest(&mut self, nla_type: u16) -> Result<(), WriteError> {
        let distance = self.nest_distance()?;
        let at = nlmsg_align(self.written);
        let padding = at.wrapping_sub(self.written) as u16; // 0 to 3
        let header = Nlattr {
            nla_len: distance | padding,
            nla_type: nla_type | NLA_F_NESTED,
        };
        self.append(header.as_bytes(), &[])?;
        self.nest = at;
        Ok(())
    }

    /// Returns the distance from the innermost open nest to the next item, or 0 if no nest is open.
    ///
    /// A distance that does not fit in `nla_len` means that the open nest is too long already.
    pub(crate) fn nest_distance(&self) -> Result<u16, WriteError> {
        if self.nest == 0 {
            return Ok(0);
        }
        let len = nlmsg_align(self.written).saturating_sub(self.nest);
        u16::try_from(len).map_err(|_| WriteError::TooLong { len })
    }

    /// Closes the innermost nest, or removes it if it is too long.
    pub(crate) fn end_nest(&mut self) -> Result<(), WriteError> {
        let len = self.written.saturating_sub(self.nest);
        let Ok(nla_len) = u16::try_from(len) else {
            self.cancel_nest();
            return Err(WriteError::TooLong { len });
        };
        let (outer, _) = self.before_nest();
        self.set_len(self.nest, &nla_len.to_ne_bytes());
        self.written = nlmsg_align(self.written);
        self.nest = outer;
        Ok(())
    }

    /// Removes the innermost nest and the padding before it.
    pub(crate) fn cancel_nest(&mut self) {
        (self.nest, self.written) = self.before_nest();
    }

    /// Removes the open nests inside the one at `at`; if `at` is 0, all open nests.
    ///
    /// Only a closure that caught a panic of its own inner closure leaves such nests.
    pub(super) fn cancel_nests_inside(&mut self, at: usize) {
        while self.nest > at {
            self.cancel_nest();
        }
    }

    /// Returns `nest` and `written` as they were before the innermost nest was opened.
    fn before_nest(&self) -> (usize, usize) {
        let bytes = self.buf.get(self.nest..).unwrap_or_default();
        let (distance, padding) = match Nlattr::read_from_prefix(bytes) {
            Ok((header, _)) => (
                usize::from(header.nla_len & !3),
                usize::from(header.nla_len & 3),
            ),
            Err(_) => (0, 0),
        };
        let outer = if distance == 0 {
            0
        } else {
            self.nest.saturating_sub(distance)
        };
        (outer, self.nest.saturating_sub(padding))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netlink::{Nlmsghdr, Reader, Writer, nla_space};
    use std::vec::Vec;

    const HEADER: Nlmsghdr = Nlmsghdr::new(16, 1, 5);

    #[test]
    fn a_failed_nest_is_removed_with_the_padding_before_it() {
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
                // No nest is opened inside a nest that is too long already.
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
}
