// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_get_arrival`, `ancil_put_departure`: what is said about a datagram, for both families.

use super::time::ancil_timestamp;
use super::writer::{ancil_writer, append};
use super::{bytes, status};
use crate::addr::{AF_INET, AF_INET6, SIN6_LEN_RFC2133, SockaddrIn, SockaddrIn6};
use crate::addr::{family_of, read_prefix};
use crate::datagram::{Arrival, Departure, DepartureError, Ecn, traffic_class};
use crate::errno::number::{EAFNOSUPPORT, EBADMSG, EINVAL, ENOBUFS, ENODEV};
use crate::error::Errno;
use crate::wire::reader::Reader;
use core::ffi::{c_int, c_void};
use core::mem::MaybeUninit;
use core::net::IpAddr;

/// An IP address, or none.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_ip {
    /// AF_INET; AF_INET6; or 0 if there is no address.
    pub family: c_int,
    /// The address in network order: 4 bytes for AF_INET, and zeros after them.
    pub octets: [u8; 16],
}

/// What the control messages of a datagram say that arrived, over IPv4 or IPv6.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_arrival {
    /// Destination in the packet's header, of a multicast or broadcast as it is. A mapped address
    /// is one of AF_INET here.
    pub to: ancil_ip,
    /// Address to answer from. It differs from `to` if the packet came by multicast or broadcast:
    /// IP_PKTINFO names an address of the interface, and IPV6_PKTINFO names none.
    pub local: ancil_ip,
    /// When the packet arrived, by the system's clock.
    pub timestamp: ancil_timestamp,
    /// Index of the interface that the packet arrived at; or 0 if no message says it.
    pub interface: u32,
    /// 1; or 0 if no message says `ecn` and `dscp`: they are 0, too.
    pub has_traffic_class: c_int,
    /// The lower 2 bits of the traffic class, 0 to 3: RFC 3168.
    pub ecn: c_int,
    /// The upper 6 bits of the traffic class, 0 to 63: RFC 2474.
    pub dscp: c_int,
    /// 1; or 0 if no message says `hop_limit`: it is 0, too.
    pub has_hop_limit: c_int,
    /// Hop limit of IPv6, or time to live of IPv4, as it arrived.
    pub hop_limit: c_int,
    /// Bytes of each datagram but the last, if the kernel joined several (UDP_GRO); otherwise 0.
    pub segment_size: u32,
    /// Datagrams that the socket has dropped so far (SO_RXQ_OVFL); 0 if no message says it, as
    /// before the first.
    pub drops: u32,
}

/// What is to be said about a datagram that leaves. Begin with all fields 0, as in
/// `struct ancil_departure d = {0};`: that says nothing, and the socket's options decide.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_departure {
    /// Source address, such as `local` of what is answered. A link-local address of IPv6
    /// (fe80::/10) needs `interface` as well, such as that of what is answered, unless the
    /// sin6_scope_id of the destination names it: the kernel refuses it without.
    pub from: ancil_ip,
    /// Index of the interface to leave by. 0: the routing table decides. Otherwise, with
    /// IPv4, the kernel forgets the address that the socket is bound to, and chooses another unless
    /// `from` has one.
    pub interface: u32,
    /// Not 0: send with `ecn` and `dscp`. The kernel takes both at once.
    pub has_traffic_class: c_int,
    /// The lower 2 bits of the traffic class, 0 to 3.
    pub ecn: c_int,
    /// The upper 6 bits of the traffic class, 0 to 63.
    pub dscp: c_int,
    /// Not 0: send with `hop_limit`.
    pub has_hop_limit: c_int,
    /// Hop limit of IPv6, 0 to 255, or time to live of IPv4, 1 to 255.
    pub hop_limit: c_int,
    /// Bytes of each datagram into which the kernel is to cut what is sent (UDP_SEGMENT), up to
    /// 65535. 0: the socket's option decides.
    pub segment_size: u32,
    /// When to send, in nanoseconds of the clock that the option SO_TXTIME names. 0: now.
    pub txtime: u64,
}

impl From<Option<IpAddr>> for ancil_ip {
    fn from(address: Option<IpAddr>) -> Self {
        let mut octets = [0; 16];
        let family = match address {
            None => 0,
            Some(IpAddr::V4(address)) => {
                if let Some(first) = octets.first_chunk_mut() {
                    *first = address.octets();
                }
                AF_INET
            }
            Some(IpAddr::V6(address)) => {
                octets = address.octets();
                AF_INET6
            }
        };
        Self {
            family: family.into(),
            octets,
        }
    }
}

impl ancil_ip {
    fn address(&self) -> Result<Option<IpAddr>, Errno> {
        const V4: c_int = AF_INET as c_int;
        const V6: c_int = AF_INET6 as c_int;
        let [a, b, c, d, ..] = self.octets;
        match self.family {
            0 => Ok(None),
            V4 => Ok(Some([a, b, c, d].into())),
            V6 => Ok(Some(self.octets.into())),
            _ => Err(EAFNOSUPPORT),
        }
    }
}

impl From<Arrival> for ancil_arrival {
    fn from(arrival: Arrival) -> Self {
        Self {
            to: arrival.to.into(),
            local: arrival.local.into(),
            timestamp: arrival.timestamp.into(),
            interface: arrival.interface.unwrap_or_default(),
            has_traffic_class: arrival.dscp.is_some().into(),
            ecn: arrival.ecn.map_or(0, |ecn| ecn as c_int),
            dscp: arrival.dscp.unwrap_or_default().into(),
            has_hop_limit: arrival.hop_limit.is_some().into(),
            hop_limit: arrival.hop_limit.unwrap_or_default().into(),
            segment_size: arrival.segment_size.unwrap_or_default().into(),
            drops: arrival.drops.unwrap_or_default(),
        }
    }
}

impl ancil_departure {
    fn departure(&self) -> Result<Departure, Errno> {
        let octet = |value: c_int| u8::try_from(value).map_err(|_| EINVAL);
        let traffic_class = match self.has_traffic_class {
            0 => None,
            _ => {
                let ecn = octet(self.ecn)?;
                let class = traffic_class(octet(self.dscp)?, Ecn::of(ecn));
                Some(class.filter(|_| ecn <= 3).ok_or(EINVAL)?)
            }
        };
        let hop_limit = match self.has_hop_limit {
            0 => None,
            _ => Some(octet(self.hop_limit)?),
        };
        let segment_size = u16::try_from(self.segment_size).map_err(|_| EINVAL)?;
        Ok(Departure {
            from: self.from.address()?,
            interface: (self.interface != 0).then_some(self.interface),
            traffic_class,
            hop_limit,
            segment_size: (segment_size != 0).then_some(segment_size),
            txtime: (self.txtime != 0).then_some(self.txtime),
        })
    }
}

fn errno_of(e: DepartureError) -> Errno {
    match e {
        DepartureError::NoSpace(_) => ENOBUFS,
        DepartureError::OtherFamily { .. } => EAFNOSUPPORT,
        DepartureError::Interface(_) => ENODEV,
        DepartureError::TimeToLive => EINVAL,
    }
}

/// Reads what all messages of a datagram say, in one walk. Returns 0 if `*arrival` was set;
/// -EBADMSG if a header or a payload is malformed; -EINVAL if `arrival` is NULL. Without 0,
/// `*arrival` is unchanged.
///
/// Other messages are left out. If two messages say the same, the later one counts, but what
/// IP_PKTINFO says counts more than what IPV6_PKTINFO says.
///
/// ancil_option finds the socket options that switch the messages on. A control buffer of
/// ANCIL_ARRIVAL_SPACE bytes holds all of them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_get_arrival(
    control: *const c_void,
    controllen: usize,
    arrival: Option<&mut MaybeUninit<ancil_arrival>>,
) -> c_int {
    let Some(arrival) = arrival else {
        return status(EINVAL);
    };
    // SAFETY: `bytes` needs NULL or `controllen` bytes that are valid for reading: the contract of
    // the C API.
    let control = unsafe { bytes(control, controllen) };
    match Reader::new(control).get_all::<Arrival>() {
        Ok(found) => {
            arrival.write(found.into());
            0
        }
        Err(_) => status(EBADMSG),
    }
}

/// Appends what is to be said about a datagram to this destination: the messages of IPv4 for a
/// struct sockaddr_in, and for a mapped address, such as ::ffff:192.0.2.1, on an IPv6 socket; those
/// of IPv6 for any other struct sockaddr_in6. `to` and `tolen` are msg_name and msg_namelen or, if
/// the socket is connected, the address of its peer.
///
/// Returns what ancil_writer_put does, and is the writer's status: 0; -ENOBUFS if the messages do
/// not fit; -EAFNOSUPPORT if source and destination are not of one family, or not of IP; -ENODEV if
/// no interface of IPv4 has so large an index; -EINVAL if another field is out of its range, `to`
/// is too short, or `w` or `d` is NULL. Without 0, nothing was appended.
/// ANCIL_DEPARTURE_SPACE bytes are always enough.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_put_departure(
    w: Option<&mut ancil_writer<'_>>,
    d: Option<&ancil_departure>,
    to: *const c_void,
    tolen: usize,
) -> c_int {
    // SAFETY: `bytes` needs NULL or `tolen` bytes that are valid for reading: the contract of the C
    // API.
    let to = unsafe { bytes(to, tolen) };
    append(w, |w| {
        let departure = d.ok_or(EINVAL)?.departure()?;
        let (to, left) = (destination(to)?, w.left());
        departure
            .messages(to, left, |level, ty, payload| {
                w.put_bytes(level, ty, payload)
            })
            .map_err(errno_of)
    })
}

/// Returns the address in a `sockaddr_in` or a `sockaddr_in6`.
fn destination(name: &[u8]) -> Result<IpAddr, Errno> {
    let short = |_| EINVAL;
    match family_of(name) {
        AF_INET => {
            let name: SockaddrIn = read_prefix::<_, 16>(name).map_err(short)?;
            Ok(IpAddr::V4(name.sin_addr.into()))
        }
        AF_INET6 => {
            let name: SockaddrIn6 = read_prefix::<_, SIN6_LEN_RFC2133>(name).map_err(short)?;
            Ok(IpAddr::V6(name.sin6_addr.into()))
        }
        _ if name.len() < 2 => Err(EINVAL),
        _ => Err(EAFNOSUPPORT),
    }
}
