//! Netlink attributes, as `SCM_TIMESTAMPING_OPT_STATS` carries them: kernel `include/uapi/linux/tcp.h`.
#![forbid(unsafe_code)]

use crate::error::PayloadError;
use crate::netlink::Attributes;
use crate::show::{Printer, Show};
use crate::wire::key::{Payload, Unbounded};
use core::fmt;

/// Marks attributes one after the other; decodes into [`Attributes`].
pub enum Nlattrs {}

impl Payload for Nlattrs {
    type Decoded<'a> = Attributes<'a>;

    fn decode(data: &[u8]) -> Result<Attributes<'_>, PayloadError> {
        Ok(Attributes::new(data))
    }
}

impl Unbounded for Nlattrs {
    const ELEMENT: usize = 1;
}

/// Up to the first that is malformed, without padding: type 0, TCP_NLA_PAD, J1939_NLA_PAD.
impl Show for Attributes<'_> {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.ascii(b'[')?;
        for (i, attribute) in self
            .map_while(Result::ok)
            .filter(|attribute| attribute.nla_type != 0)
            .enumerate()
        {
            out.write_str(if i == 0 { "{nla_type=" } else { ", {nla_type=" })?;
            attribute.nla_type.show(out)?;
            out.write_str(", ")?;
            match attribute.number() {
                Some(number) => number.show(out)?,
                None => attribute.data.show(out)?,
            }
            out.ascii(b'}')?;
        }
        out.ascii(b']')
    }
}
