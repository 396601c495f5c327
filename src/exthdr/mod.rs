// SPDX-License-Identifier: MIT OR Apache-2.0
//! IPv6 extension headers: the options of hop-by-hop and destination options headers, and the
//! segments of routing headers, read from hostile bytes and written into your own buffers.
//!
//! `IPV6_HOPOPTS`, `IPV6_DSTOPTS`, `IPV6_RTHDRDSTOPTS` and `IPV6_RTHDR` carry such headers, whole.
//!
//! | to | use | RFC 3542 |
//! | --- | --- | --- |
//! | read options | [`Ipv6Options`] | `inet6_opt_next`, `inet6_opt_find` |
//! | write options | [`Ipv6OptionsWriter`] | `inet6_opt_init`, `_append`, `_finish` |
//! | size a buffer for them | [`options_len`] | the same with a null pointer |
//! | read a routing header | [`RoutingHeader`] | `inet6_rth_segments`, `inet6_rth_getaddr` |
//! | write one | [`write_routing`], [`routing_len`] | `inet6_rth_init`, `_add`, `_space` |
//!
//! ```
//! use ancil::exthdr::{Alignment, IPV6_TLV_ROUTERALERT, options_len};
//! use ancil::exthdr::{Ipv6Options, Ipv6OptionsWriter};
//! use ancil::{IPV6_HOPOPTS, UpTo, Writer, space_of};
//!
//! const ROUTER_ALERT: Alignment = Alignment::new(2, 0).unwrap(); // 2n+0
//! const LEN: usize = options_len(&[(ROUTER_ALERT, 2)]);
//!
//! let mut header = [0; LEN];
//! let mut options = Ipv6OptionsWriter::new(&mut header)?;
//! options.put(IPV6_TLV_ROUTERALERT, ROUTER_ALERT, &[0, 0])?;
//!
//! let mut control = [0; space_of::<UpTo<IPV6_HOPOPTS, LEN>>()];
//! let mut writer = Writer::new(&mut control);
//! writer.put(IPV6_HOPOPTS, options.finish())?;
//!
//! // What arrived is read in the same way.
//! let header = writer.finish().reader().get(IPV6_HOPOPTS)?.ok_or("no options")?;
//! for option in Ipv6Options::parse(header)? {
//!     let option = option?;
//!     assert_eq!((option.ty, option.data), (IPV6_TLV_ROUTERALERT, &[0, 0][..]));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Sources: RFC 8200 section 4, RFC 3542 sections 7 to 10; kernel `net/ipv6/exthdrs.c`,
//! `include/uapi/linux/in6.h`.
#![forbid(unsafe_code)]

mod error;
mod options;
mod routing;
mod segments;
mod writer;

pub use error::{Malformed, MalformedKind, WriteError};
pub use options::{
    IPV6_TLV_CALIPSO, IPV6_TLV_HAO, IPV6_TLV_IOAM, IPV6_TLV_JUMBO, IPV6_TLV_PAD1, IPV6_TLV_PADN,
    IPV6_TLV_ROUTERALERT, Ipv6Option, Ipv6Options,
};
#[cfg(feature = "capi")]
pub(crate) use routing::routing_front;
pub use routing::{RoutingHeader, routing_len, write_routing};
pub use segments::{RoutingType, Segment, Segments};
pub use writer::{Alignment, Ipv6OptionsWriter, options_len};

use crate::wire::encode::read_front;
use zerocopy::FromBytes;

/// Extension headers have a multiple of this many bytes.
const UNIT: usize = 8;

/// The most bytes of a header: 256 units, since `hdrlen` is a byte and does not count the first.
pub(crate) const MAX_LEN: usize = UNIT * 256;

/// Returns the bytes of a header whose content ends at `end`: rounds up to a multiple of 8.
/// Saturates.
pub(crate) const fn header_len(end: usize) -> usize {
    end.div_ceil(UNIT).saturating_mul(UNIT)
}

/// Returns the header that `bytes` begin with, decoded and whole. Its second byte is its length.
fn split_header<T: FromBytes>(bytes: &[u8]) -> Result<(T, &[u8]), Malformed> {
    let hdrlen = bytes.get(1).copied().unwrap_or(0);
    let needed = UNIT.saturating_mul(usize::from(hdrlen).saturating_add(1));
    let whole = bytes.get(..needed);
    let header = whole.and_then(|whole| Some((read_front(whole)?.0, whole)));
    header.ok_or(Malformed {
        offset: 0,
        kind: MalformedKind::PastEnd {
            needed,
            left: bytes.len(),
        },
    })
}
