//! The control messages of a QUIC packet: time of arrival, GRO, packet information, and type of
//! service.

use super::by_hand::{each, read};
use super::crates::nix_message;
use super::{CHECKS, NO_CHECK, samples};
use crate::job::{Case, FAILED, job};
use ancil::datagram::Arrival;
use ancil::payload::{InPktinfo, Timestamp};
use ancil::{Error, IP_PKTINFO, IP_TOS, Message, Reader, SO_TIMESTAMPNS, UDP_GRO};
use nix::sys::socket::ControlMessageOwned as Nix;
use s2n_quic_core::inet::SocketAddress;
use std::net::{IpAddr, Ipv4Addr};

/// The codec of quinn-udp, and what it makes of the messages. The crate keeps both private, so
/// build.rs names the one source and copies from the other.
#[allow(
    dead_code,
    unused_imports,
    unexpected_cfgs,
    unfulfilled_lint_expectations
)]
mod quinn {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
    use std::time::Duration;

    include!(concat!(env!("OUT_DIR"), "/quinn.rs"));

    /// What quinn-udp says about a packet of `stride` bytes.
    pub struct Said {
        pub class: u8,
        pub to: Option<IpAddr>,
        pub interface: Option<u32>,
        pub stride: usize,
        pub time: Option<Duration>,
    }

    /// Decodes the messages as `recv` does.
    ///
    /// # Safety
    /// The buffer must be aligned and valid, and each payload of the type that quinn-udp decodes.
    #[inline(always)]
    pub unsafe fn decode(control: &[u8], stride: usize) -> Said {
        let mut all = ControlMetadata {
            ecn_bits: 0,
            dst_ip: None,
            interface_index: None,
            stride,
            timestamp: None,
        };
        // SAFETY: the caller promises what `Iter` needs.
        unsafe {
            super::message_header(control, |m| {
                for message in cmsg::Iter::new(m) {
                    all.decode(message);
                }
            });
        }
        Said {
            class: all.ecn_bits,
            to: all.dst_ip,
            interface: all.interface_index,
            stride: all.stride,
            time: all.timestamp,
        }
    }
}
pub use quinn::decode as decode_as_quinn;

/// What a packet says.
#[derive(Default)]
pub struct Quic {
    pub time: Option<Timestamp>,
    pub gro: Option<i32>,
    pub info: Option<InPktinfo>,
    pub tos: Option<i32>,
}

impl Quic {
    /// Decodes what arrived.
    #[inline(always)]
    pub fn of(control: Reader<'_>) -> Result<Self, Error> {
        let (time, gro, info, tos) = control.get_all::<Wanted>()?;
        Ok(Self {
            time,
            gro,
            info,
            tos,
        })
    }

    /// Uses every value.
    #[inline(always)]
    pub fn sum(&self) -> u64 {
        let mut sum = 0;
        if let Some(time) = self.time {
            sum += time.seconds as u64 + u64::from(time.nanoseconds);
        }
        if let Some(info) = self.info {
            sum += info.ipi_ifindex as u64 + u64::from(Ipv4Addr::from(info.ipi_addr).to_bits());
        }
        sum + self.gro.unwrap_or(0) as u64 + self.tos.unwrap_or(0) as u64
    }
}

/// Uses what the others use, whatever the family.
#[inline(always)]
fn sum(arrival: &Arrival) -> u64 {
    let Some(IpAddr::V4(to)) = arrival.to else {
        return FAILED;
    };
    let mut sum = u64::from(to.to_bits()) + u64::from(arrival.interface.unwrap_or(0));
    if let Some(time) = arrival.timestamp {
        sum += time.seconds as u64 + u64::from(time.nanoseconds);
    }
    sum += u64::from(arrival.dscp.unwrap_or(0)) << 2 | arrival.ecn.map_or(0, |ecn| ecn as u64);
    sum + u64::from(arrival.segment_size.unwrap_or(0))
}

pub fn cases() -> Vec<Case> {
    let (quic, by_hand) = (samples::quic(), "libc, checked");
    let result = |decoded: Result<Quic, Error>| decoded.map_or(FAILED, |quic| quic.sum());
    vec![Case::new(
        "4 messages of a QUIC packet",
        vec![
            job("ancil, get_all", CHECKS, quic, move |b| {
                result(Quic::of(Reader::new(b)))
            })
            .goal(1.0, by_hand),
            job("ancil, Arrival", CHECKS, quic, move |b| {
                Reader::new(b)
                    .get_all::<Arrival>()
                    .map_or(FAILED, |a| sum(&a))
            })
            .goal(1.0, "s2n-quic"),
            job("ancil, four get", CHECKS, quic, move |b| result(by_key(b))).at_most(280),
            job("ancil, Message", CHECKS, quic, move |b| {
                result(by_message(b))
            })
            .at_most(400),
            job("ancil, Raw::get", CHECKS, quic, move |b| result(by_raw(b))).goal(1.05, by_hand),
            job(by_hand, CHECKS, quic, |b| {
                decode_libc(b).map_or(FAILED, |quic| quic.sum())
            }),
            job("quinn-udp", NO_CHECK, quic, |b| decode_quinn(b).sum()),
            job("quinn-udp, both families", NO_CHECK, quic, |b| {
                // SAFETY: the sample is aligned and valid, with the payloads that are decoded.
                let said = unsafe { quinn::decode(b, 0) };
                let Some(IpAddr::V4(to)) = said.to else {
                    return FAILED;
                };
                let time = said.time.unwrap_or_default();
                time.as_secs()
                    + u64::from(time.subsec_nanos())
                    + said.stride as u64
                    + u64::from(said.interface.unwrap_or(0))
                    + u64::from(to.to_bits())
                    + u64::from(said.class)
            }),
            job(
                "s2n-quic",
                "checks lengths; leaves out the time",
                quic,
                decode_s2n,
            ),
            job("nix", "trusts lengths", nix_message(quic), |message| {
                message.cmsgs().map_or(FAILED, |all| decode_nix(all).sum())
            }),
        ],
    )]
}

pub type Wanted = (SO_TIMESTAMPNS, UDP_GRO, IP_PKTINFO, IP_TOS);

#[inline(always)]
fn by_key(control: &[u8]) -> Result<Quic, Error> {
    Ok(Quic {
        time: Reader::new(control).get(SO_TIMESTAMPNS)?,
        gro: Reader::new(control).get(UDP_GRO)?,
        info: Reader::new(control).get(IP_PKTINFO)?,
        tos: Reader::new(control).get(IP_TOS)?,
    })
}

#[inline(always)]
fn by_message(control: &[u8]) -> Result<Quic, Error> {
    let mut quic = Quic::default();
    for raw in Reader::new(control) {
        match Message::from(raw?) {
            Message::TimestampNsOld(time) => quic.time = Some(time),
            Message::UdpGro(size) => quic.gro = Some(size),
            Message::IpPktinfo(info) => quic.info = Some(info),
            Message::IpTos(tos) => quic.tos = Some(tos),
            _ => {}
        }
    }
    Ok(quic)
}

#[inline(always)]
fn by_raw(control: &[u8]) -> Result<Quic, Error> {
    let mut quic = Quic::default();
    for raw in Reader::new(control) {
        let raw = raw?;
        if let Some(time) = raw.get(SO_TIMESTAMPNS)? {
            quic.time = Some(time);
        } else if let Some(size) = raw.get(UDP_GRO)? {
            quic.gro = Some(size);
        } else if let Some(info) = raw.get(IP_PKTINFO)? {
            quic.info = Some(info);
        } else if let Some(tos) = raw.get(IP_TOS)? {
            quic.tos = Some(tos);
        }
    }
    Ok(quic)
}

/// Accepts and refuses what ancil does.
#[inline(always)]
pub fn decode_libc(control: &[u8]) -> Option<Quic> {
    let (mut quic, mut good) = (Quic::default(), true);
    let take = |c: &libc::cmsghdr, data: &[u8]| {
        // SAFETY: each length is compared before so many bytes are read. All fields are integers.
        unsafe {
            match (c.cmsg_level, c.cmsg_type, data.len()) {
                (libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS, 16) => {
                    let time: libc::timespec = read(data);
                    good = (0..1_000_000_000).contains(&time.tv_nsec);
                    quic.time = Some(timestamp(time));
                }
                (libc::SOL_UDP, libc::UDP_GRO, 4) => quic.gro = Some(read(data)),
                (libc::IPPROTO_IP, libc::IP_PKTINFO, 12) => quic.info = Some(read(data)),
                (libc::IPPROTO_IP, libc::IP_TOS, 1) => quic.tos = Some(data[0].into()),
                (libc::IPPROTO_IP, libc::IP_TOS, 4) => quic.tos = Some(read(data)),
                (libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS, _)
                | (libc::SOL_UDP, libc::UDP_GRO, _)
                | (libc::IPPROTO_IP, libc::IP_PKTINFO | libc::IP_TOS, _) => good = false,
                _ => {}
            }
        }
        good
    };
    // SAFETY: the sample is aligned.
    (unsafe { each(control, true, take) } && good).then_some(quic)
}

fn timestamp(time: libc::timespec) -> Timestamp {
    Timestamp {
        seconds: time.tv_sec,
        nanoseconds: time.tv_nsec as u32,
    }
}

/// Hands a `msghdr` with this control buffer to `read`.
#[inline(always)]
fn message_header(control: &[u8], read: impl FnOnce(&libc::msghdr)) {
    // SAFETY: zero is a valid value of each field.
    let mut m: libc::msghdr = unsafe { std::mem::zeroed() };
    m.msg_control = control.as_ptr().cast_mut().cast();
    m.msg_controllen = control.len() as _;
    read(&m);
}

#[inline(always)]
fn decode_quinn(control: &[u8]) -> Quic {
    let mut quic = Quic::default();
    // SAFETY: the sample is aligned, its lengths are valid, and each payload has the type that is
    // decoded.
    message_header(control, |m| unsafe {
        for c in quinn::cmsg::Iter::new(m) {
            match (c.cmsg_level, c.cmsg_type) {
                (libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS) => {
                    quic.time = Some(timestamp(c.decode::<libc::timespec>()));
                }
                (libc::SOL_UDP, libc::UDP_GRO) => quic.gro = Some(c.decode()),
                (libc::IPPROTO_IP, libc::IP_PKTINFO) => quic.info = Some(c.decode()),
                (libc::IPPROTO_IP, libc::IP_TOS) => quic.tos = Some(c.decode::<u8>().into()),
                _ => {}
            }
        }
    });
    quic
}

#[inline(always)]
fn decode_s2n(control: &[u8]) -> u64 {
    // SAFETY: the sample is aligned.
    let data = unsafe { s2n_quic_platform::message::cmsg::decode::Iter::from_bytes(control) };
    let data = data.collect();
    let SocketAddress::IpV4(address) = data.local_address.0 else {
        return FAILED;
    };
    let address: [u8; 4] = (*address.ip()).into();
    // It does not know the time. Adding what the others add makes the results comparable.
    samples::TIME.iter().sum::<i64>() as u64
        + u64::from(data.segment_size)
        + u64::from(data.local_interface.unwrap_or(0))
        + u64::from(u32::from_be_bytes(address))
        + data.ecn as u64
}

#[inline(always)]
fn decode_nix(all: impl Iterator<Item = Nix>) -> Quic {
    let mut quic = Quic::default();
    for message in all {
        match message {
            Nix::ScmTimestampns(time) => quic.time = Some(timestamp(*time.as_ref())),
            Nix::UdpGroSegments(size) => quic.gro = Some(size),
            Nix::Ipv4PacketInfo(info) => {
                quic.info = Some(InPktinfo {
                    ipi_ifindex: info.ipi_ifindex,
                    ipi_spec_dst: Ipv4Addr::from(u32::from_be(info.ipi_spec_dst.s_addr)).into(),
                    ipi_addr: Ipv4Addr::from(u32::from_be(info.ipi_addr.s_addr)).into(),
                });
            }
            Nix::Ipv4Tos(tos) => quic.tos = Some(tos.into()),
            _ => {}
        }
    }
    quic
}
