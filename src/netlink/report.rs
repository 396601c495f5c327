//! How a request ended: `NLMSG_ERROR` and `NLMSG_DONE`. `netlink(7)`, kernel `Documentation/userspace-api/netlink/`,
//! `netlink_ack` and `netlink_dump_done` in `net/netlink/af_netlink.c`.
#![forbid(unsafe_code)]

use super::{Attributes, Message, Nlmsghdr, nlmsg_align};
use super::{BadPayload, NLMSG_HDRLEN};
use super::{
    NLM_F_ACK_TLVS, NLM_F_CAPPED, NLMSG_DONE, NLMSG_ERROR, NLMSGERR_ATTR_MSG, NLMSGERR_ATTR_OFFS,
};
use crate::error::{Errno, Lengths, PayloadError};
use core::ffi::CStr;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct nlmsgerr`: what an `NLMSG_ERROR` starts with.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct Nlmsgerr {
    /// 0 for an acknowledgement, or an error number, negative.
    pub error: i32,
    /// The header of the request.
    pub msg: Nlmsghdr,
}

const _: () = assert!(size_of::<Nlmsgerr>() == 20);
const _: () = assert!(core::mem::offset_of!(Nlmsgerr, msg) == 4);

/// How a request ended: see [`Message::report`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report<'a> {
    /// Whether the kernel did it; its error number if not.
    pub result: Result<(), Errno>,
    /// The header of the request; none at the end of a dump, where `nlmsg_seq` tells which it was.
    pub request: Option<Nlmsghdr>,
    /// The payload of the request, where the kernel repeats it: behind an error, unless `NETLINK_CAP_ACK` is on.
    pub payload: &'a [u8],
    /// What the kernel says about it (`NLMSGERR_ATTR_*`), where `NETLINK_EXT_ACK` is on.
    pub attributes: Attributes<'a>,
}

impl<'a> Report<'a> {
    /// What is wrong, in words: `NLMSGERR_ATTR_MSG`. A warning where `result` is `Ok`.
    pub fn text(&self) -> Option<&'a CStr> {
        self.attributes.get(NLMSGERR_ATTR_MSG).ok()??.c_str().ok()
    }

    /// Which attribute is wrong: `NLMSGERR_ATTR_OFFS`, its offset in bytes from the request's header.
    pub fn offset(&self) -> Option<u32> {
        self.attributes.get(NLMSGERR_ATTR_OFFS).ok()??.u32().ok()
    }
}

impl<'a> Message<'a> {
    /// How the request ended, if this says so: `NLMSG_ERROR`, which with a 0 is an acknowledgement, or `NLMSG_DONE`,
    /// the end of a dump. `None` for messages of any other type.
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
    /// [`BadPayload`] if it is one of them, and too short or with a number that is no error number. An `NLMSG_DONE`
    /// without any payload, which only programs send, is a success.
    pub fn report(&self) -> Result<Option<Report<'a>>, BadPayload> {
        let flags = self.header.nlmsg_flags;
        // The status, the request's header, where its payload begins and how long that is.
        let (error, request, start, repeated) = match self.header.nlmsg_type {
            NLMSG_ERROR => {
                let (front, _) = self.split::<Nlmsgerr>()?;
                let start = size_of::<Nlmsgerr>();
                let request_len = usize::try_from(front.msg.nlmsg_len).unwrap_or(usize::MAX);
                let whole = flags & NLM_F_CAPPED == 0 && self.data.len() > start;
                (
                    front.error,
                    Some(front.msg),
                    start,
                    if whole {
                        request_len.saturating_sub(NLMSG_HDRLEN)
                    } else {
                        0
                    },
                )
            }
            NLMSG_DONE if self.data.is_empty() => (0, None, 0, 0),
            NLMSG_DONE => (self.split::<i32>()?.0, None, size_of::<i32>(), 0),
            _ => return Ok(None),
        };
        let end = start.saturating_add(repeated);
        let too_short = PayloadError::Length(Lengths::AtLeast(end));
        let payload = self
            .data
            .get(start..end)
            .ok_or_else(|| self.bad(too_short))?;
        let result = match error {
            0 => Ok(()),
            1.. | i32::MIN => return Err(self.bad(PayloadError::Value)),
            _ => Err(Errno(error.wrapping_neg())), // not i32::MIN
        };
        let with_attributes = flags & NLM_F_ACK_TLVS != 0;
        let attributes = self.attributes(if with_attributes {
            nlmsg_align(end)
        } else {
            usize::MAX
        });
        Ok(Some(Report {
            result,
            request,
            payload,
            attributes,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netlink::Item;
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

    fn error(error: i32, nlmsg_len: u32, behind: &[u8]) -> Vec<u8> {
        let msg = Nlmsghdr {
            nlmsg_len,
            ..Nlmsghdr::new(18, 1, 1)
        };
        [Nlmsgerr { error, msg }.as_bytes(), behind].concat()
    }

    #[test]
    fn attributes_stand_behind_the_repeated_payload_or_at_once() {
        let whole = error(-22, 21, &[&[1, 2, 3, 4, 5, 0, 0, 0][..], &TLVS].concat());
        let report_of = |flags, bytes| report(NLMSG_ERROR, flags, bytes).unwrap().unwrap();
        let found = report_of(NLM_F_ACK_TLVS, &whole);
        assert_eq!(
            (found.result, found.payload, found.text()),
            (Err(Errno(22)), &[1, 2, 3, 4, 5][..], Some(c"bad"))
        );
        assert_eq!(found.attributes.offset(), 16 + 28);
        let capped = error(-22, 21, &TLVS);
        let found = report_of(NLM_F_ACK_TLVS | NLM_F_CAPPED, &capped);
        assert_eq!(
            (found.payload, found.text(), found.offset()),
            (&[][..], Some(c"bad"), None)
        );
        // Without its flag, nothing is taken for an attribute.
        assert_eq!(report_of(NLM_F_CAPPED, &capped).text(), None);
        // An acknowledgement as kernels before 4.3 send it: no flag, and nothing repeated.
        assert_eq!(report_of(0, &error(0, 21, &[])).result, Ok(()));
    }

    #[test]
    fn done_has_a_status() {
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
        assert_eq!(report(NLMSG_DONE, 2, &[]).unwrap().unwrap().result, Ok(()));
        let bytes = [&(-22i32).to_ne_bytes()[..], &TLVS].concat();
        let found = report(NLMSG_DONE, NLM_F_ACK_TLVS, &bytes).unwrap().unwrap();
        assert_eq!((found.text(), found.request), (Some(c"bad"), None));
        assert_eq!(report(16, 0, &[]), Ok(None));
    }

    #[test]
    fn nonsense_is_told() {
        let value = |error: i32| {
            report(NLMSG_DONE, 0, &error.to_ne_bytes())
                .unwrap_err()
                .cause
        };
        assert_eq!(
            (value(1), value(i32::MIN)),
            (PayloadError::Value, PayloadError::Value)
        );
        let cause = PayloadError::Length(Lengths::AtLeast(25));
        let bad = BadPayload {
            item: Item::Message,
            ty: NLMSG_ERROR,
            offset: 0,
            len: 24,
            cause,
        };
        assert_eq!(report(NLMSG_ERROR, 0, &error(-1, 21, &[0; 4])), Err(bad));
        assert!(report(NLMSG_ERROR, 0, &error(-1, u32::MAX, &[0; 4])).is_err());
        assert!(
            report(NLMSG_ERROR, 0, &[0; 19]).is_err() && report(NLMSG_DONE, 0, &[0; 3]).is_err()
        );
    }
}
