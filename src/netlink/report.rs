// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Nlmsgerr`] and [`Report`]: how a request ended, as `NLMSG_ERROR` and `NLMSG_DONE` say.
//!
//! Sources: `netlink(7)`; kernel `Documentation/userspace-api/netlink/`, `netlink_ack` and
//! `netlink_dump_done` in `net/netlink/af_netlink.c`.
#![forbid(unsafe_code)]

use super::attribute::Attributes;
use super::error::BadPayload;
use super::message::{Message, Nlmsghdr};
use super::numbers::{
    NLM_F_ACK_TLVS, NLM_F_CAPPED, NLM_F_MULTI, NLMSG_DONE, NLMSG_ERROR, NLMSGERR_ATTR_MSG,
    NLMSGERR_ATTR_OFFS,
};
use super::size::NLMSG_HDRLEN;
use super::walk::Header;
use crate::error::{Errno, Lengths, PayloadError};
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct nlmsgerr`: the front of an `NLMSG_ERROR`.
///
/// ```
/// use ancil::netlink::Nlmsgerr;
/// assert_eq!(size_of::<Nlmsgerr>(), 20);
/// ```
#[doc(alias = "nlmsgerr")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct Nlmsgerr {
    /// A negative error number, or 0 for an acknowledgement.
    pub error: i32,
    /// The header of the request.
    pub msg: Nlmsghdr,
}

const _: () = assert!(size_of::<Nlmsgerr>() == 20);
const _: () = assert!(core::mem::offset_of!(Nlmsgerr, msg) == 4);

/// How a request ended: [`Message::report`].
///
/// ```
/// use ancil::Errno;
/// use ancil::netlink::{Attributes, Report};
///
/// let report = Report {
///     result: Err(Errno::EINVAL),
///     request: None,
///     payload: &[],
///     attributes: Attributes::new(&[]), // NETLINK_EXT_ACK is off
/// };
/// assert_eq!((report.text(), report.bad_attribute_offset()), (None, None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Report<'a> {
    /// Success, or the error number of the kernel.
    pub result: Result<(), Errno>,
    /// The header of the request. `None` at the end of a dump, where the `nlmsg_seq` of the message
    /// identifies the request.
    pub request: Option<Nlmsghdr>,
    /// The payload of the request if the kernel repeats it, which it does in an error unless
    /// `NETLINK_CAP_ACK` is on; otherwise empty.
    pub payload: &'a [u8],
    /// The details that the kernel adds (`NLMSGERR_ATTR_*`) if `NETLINK_EXT_ACK` is on.
    pub attributes: Attributes<'a>,
}

impl<'a> Report<'a> {
    /// Returns what is wrong, in words: `NLMSGERR_ATTR_MSG`. If `result` is `Ok`, it is a warning.
    pub fn text(&self) -> Option<&'a [u8]> {
        Some(self.attributes.get(NLMSGERR_ATTR_MSG).ok()??.string())
    }

    /// Returns the offset of the attribute that is wrong, in bytes from the header of the request:
    /// `NLMSGERR_ATTR_OFFS`.
    pub fn bad_attribute_offset(&self) -> Option<u32> {
        self.attributes.get(NLMSGERR_ATTR_OFFS).ok()??.u32().ok()
    }
}

impl<'a> Message<'a> {
    /// Returns how a request ended, or `None` if the type of this message does not say that.
    ///
    /// Two types do: `NLMSG_ERROR`, which with error number 0 is an acknowledgement, and
    /// `NLMSG_DONE` with [`NLM_F_MULTI`], the end of a dump. Without that flag `NLMSG_DONE` is a
    /// message like others: the connector and nfnetlink's log send their events as such.
    ///
    /// ```
    /// use ancil::Errno;
    /// use ancil::netlink::{NLM_F_CAPPED, NLMSG_ERROR, Nlmsgerr, Nlmsghdr, Reader, Writer};
    ///
    /// # let mut buffer = [0; 64];
    /// # let mut writer = Writer::new(&mut buffer);
    /// # writer.message(Nlmsghdr::new(NLMSG_ERROR, NLM_F_CAPPED, 7), |m| {
    /// #     m.put(&Nlmsgerr { error: -19, msg: Nlmsghdr::new(18, 1, 7) })
    /// # })?;
    /// # let datagram = writer.finish();
    /// for message in Reader::new(datagram) {
    ///     if let Some(report) = message?.report()? {
    ///         assert_eq!(report.result, Err(Errno(19))); // ENODEV
    ///     }
    /// }
    /// # Ok::<(), ancil::netlink::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`BadPayload`] if the payload of an `NLMSG_ERROR` is too short, or the number of either is
    /// positive or `i32::MIN`. An `NLMSG_DONE` too short for a number is a success: team and
    /// devlink end their dumps without a payload.
    pub fn report(&self) -> Result<Option<Report<'a>>, BadPayload> {
        let (status, request, start) = match self.header.nlmsg_type {
            NLMSG_ERROR => {
                let (front, _) = self.split::<Nlmsgerr>()?;
                (front.error, Some(front.msg), size_of::<Nlmsgerr>())
            }
            NLMSG_DONE if self.header.nlmsg_flags & NLM_F_MULTI != 0 => {
                let number = i32::read_from_prefix(self.data);
                number.map_or((0, None, 0), |(n, _)| (n, None, size_of::<i32>()))
            }
            _ => return Ok(None),
        };
        let repeated = request.map_or(0, |request| self.repeated_len(request));
        let end = start.saturating_add(repeated);
        let too_short = PayloadError::Length(Lengths::AtLeast(end));
        let payload = self
            .data
            .get(start..end)
            .ok_or_else(|| self.bad_payload(too_short))?;
        let result = match status.checked_neg() {
            Some(0) => Ok(()),
            Some(errno @ 1..) => Err(Errno(errno)),
            _ => return Err(self.bad_payload(PayloadError::Value)),
        };
        let attributes = if self.header.nlmsg_flags & NLM_F_ACK_TLVS != 0 {
            self.attributes(end)
        } else {
            Attributes::new(&[])
        };
        Ok(Some(Report {
            result,
            request,
            payload,
            attributes,
        }))
    }

    /// Returns how many bytes of the request's payload this `NLMSG_ERROR` repeats: all or none.
    fn repeated_len(&self, request: Nlmsghdr) -> usize {
        let capped = self.header.nlmsg_flags & NLM_F_CAPPED != 0;
        // Acknowledgements of kernels before 4.3 end after the struct, without NLM_F_CAPPED.
        if capped || self.data.len() <= size_of::<Nlmsgerr>() {
            return 0;
        }
        request.len().saturating_sub(NLMSG_HDRLEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netlink::ItemKind;
    use std::vec::Vec;

    const TLVS: [u8; 12] = if cfg!(target_endian = "little") {
        [12, 0, 1, 0, b'b', b'a', b'd', 0, 0, 0, 0, 0]
    } else {
        [0, 12, 0, 1, b'b', b'a', b'd', 0, 0, 0, 0, 0]
    };

    fn report(ty: u16, flags: u16, data: &[u8]) -> Result<Option<Report<'_>>, BadPayload> {
        Message {
            header: Nlmsghdr::new(ty, flags, 1),
            offset: 0,
            data,
        }
        .report()
    }

    fn error(error: i32, nlmsg_len: u32, rest: &[u8]) -> Vec<u8> {
        let msg = Nlmsghdr {
            nlmsg_len,
            ..Nlmsghdr::new(18, 1, 1)
        };
        [Nlmsgerr { error, msg }.as_bytes(), rest].concat()
    }

    #[test]
    fn attributes_follow_the_repeated_payload_if_there_is_one() {
        let whole = error(-22, 21, &[&[1, 2, 3, 4, 5, 0, 0, 0][..], &TLVS].concat());
        let report_of = |flags, bytes| report(NLMSG_ERROR, flags, bytes).unwrap().unwrap();
        let found = report_of(NLM_F_ACK_TLVS, &whole);
        assert_eq!(
            (found.result, found.payload, found.text()),
            (Err(Errno(22)), &[1, 2, 3, 4, 5][..], Some(&b"bad"[..]))
        );
        assert_eq!(found.attributes.offset(), 16 + 28);
        let capped = error(-22, 21, &TLVS);
        let found = report_of(NLM_F_ACK_TLVS | NLM_F_CAPPED, &capped);
        assert_eq!(
            (found.payload, found.text(), found.bad_attribute_offset()),
            (&[][..], Some(&b"bad"[..]), None)
        );
        // Without NLM_F_ACK_TLVS, there are no attributes.
        assert_eq!(report_of(NLM_F_CAPPED, &capped).text(), None);
        // Kernels before 4.3 send acknowledgements without NLM_F_CAPPED that repeat nothing.
        assert_eq!(report_of(0, &error(0, 21, &[])).result, Ok(()));
    }

    #[test]
    fn done_carries_a_status() {
        assert_eq!(
            report(NLMSG_DONE, 2, &0i32.to_ne_bytes())
                .unwrap()
                .unwrap()
                .result,
            Ok(())
        );
        assert_eq!(
            report(NLMSG_DONE, 2, &(-4i32).to_ne_bytes())
                .unwrap()
                .unwrap()
                .result,
            Err(Errno(4))
        );
        let bytes = [&(-22i32).to_ne_bytes()[..], &TLVS].concat();
        let found = report(NLMSG_DONE, NLM_F_MULTI | NLM_F_ACK_TLVS, &bytes)
            .unwrap()
            .unwrap();
        assert_eq!((found.text(), found.request), (Some(&b"bad"[..]), None));
        assert_eq!(report(16, 0, &[]), Ok(None));
    }

    #[test]
    fn done_without_a_number_is_a_success() {
        for len in 0..4 {
            let bytes = [0xff; 3]; // as a number, it would be an error
            for flags in [NLM_F_MULTI, NLM_F_MULTI | NLM_F_ACK_TLVS] {
                let found = report(NLMSG_DONE, flags, &bytes[..len]).unwrap().unwrap();
                assert_eq!((found.result, found.request), (Ok(()), None));
                assert_eq!((found.payload, found.text()), (&[][..], None));
            }
        }
    }

    #[test]
    fn done_without_multi_is_a_message_like_others() {
        // An event of the connector: struct cb_id { 1, 1 }, seq, ack, len.
        let event = [1u32, 1, 0, 1, 0].map(u32::to_ne_bytes).concat();
        assert_eq!(report(NLMSG_DONE, 0, &event), Ok(None));
        for flags in [NLM_F_ACK_TLVS, NLM_F_CAPPED, !NLM_F_MULTI] {
            assert_eq!(report(NLMSG_DONE, flags, &(-4i32).to_ne_bytes()), Ok(None));
            assert_eq!(report(NLMSG_DONE, flags, &[]), Ok(None));
        }
    }

    #[test]
    fn invalid_reports_are_errors() {
        let value = |error: i32| {
            report(NLMSG_DONE, NLM_F_MULTI, &error.to_ne_bytes())
                .unwrap_err()
                .cause
        };
        assert_eq!(
            (value(1), value(i32::MIN)),
            (PayloadError::Value, PayloadError::Value)
        );
        let cause = PayloadError::Length(Lengths::AtLeast(25));
        let bad = BadPayload {
            item: ItemKind::Message,
            ty: NLMSG_ERROR,
            offset: 0,
            len: 24,
            cause,
        };
        assert_eq!(report(NLMSG_ERROR, 0, &error(-1, 21, &[0; 4])), Err(bad));
        assert!(report(NLMSG_ERROR, 0, &error(-1, u32::MAX, &[0; 4])).is_err());
        assert!(report(NLMSG_ERROR, 0, &[0; 19]).is_err());
    }
}
