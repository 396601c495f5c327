//! Decodes any bytes as an arrival, and encodes any departure to any destination.
//!
//! An arrival is what the messages say one by one. A departure is written whole or not at all, and
//! says the same when it is read again. C reads and writes the same.
#![no_main]

use ancil::addr::Address;
use ancil::datagram::{Arrival, Departure, DepartureError, Ecn};
use ancil::payload::{Timestamping, Timestamps};
use ancil::{
    CmsgHdr, IP_PKTINFO, IP_TOS, IP_TTL, IPV6_HOPLIMIT, IPV6_PKTINFO, IPV6_TCLASS, Message, Reader,
    SCM_TXTIME, UDP_SEGMENT, Writer,
};
use ancil_fuzz::{c, parts};
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

const HEADER: usize = size_of::<CmsgHdr>();

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    from: Option<IpAddr>,
    interface: Option<u32>,
    traffic_class: Option<u8>,
    hop_limit: Option<u8>,
    segment_size: Option<u16>,
    txtime: Option<u64>,
    to: IpAddr,
    mapped: bool,
    size: u8,
    /// Messages that arrive: a number for level and type, and the payload.
    messages: Vec<(u8, &'a [u8])>,
    /// What follows them.
    rest: &'a [u8],
}

/// Level and type of each message that an arrival decodes.
const DECODED: [(i32, i32); 14] = [
    (0, 1),
    (0, 2),
    (0, 8),
    (1, 29),
    (1, 35),
    (1, 37),
    (1, 40),
    (1, 63),
    (1, 64),
    (1, 65),
    (17, 104),
    (41, 50),
    (41, 52),
    (41, 67),
];

/// Returns the control buffer that arrives, in an allocation of the exact size, so that the
/// sanitizer notices a read past the end.
fn control(input: &Input<'_>) -> Box<[u8]> {
    let mut control = Vec::new();
    for (number, payload) in &input.messages {
        let other = (1, 2); // SCM_CREDENTIALS
        let (level, ty) = *DECODED.get(usize::from(number % 16)).unwrap_or(&other);
        let mut buffer = vec![0; ancil::cmsg_space(payload.len())];
        let put = Writer::new(&mut buffer).put_raw(level, ty, payload);
        put.expect("neither descriptors nor memory, and enough space");
        control.extend(buffer);
    }
    control.extend(input.rest);
    control.into()
}

/// Returns what the messages say, one by one, or `None` if one of them is wrong.
fn said(control: &[u8]) -> Option<Arrival> {
    let mut arrival = Arrival::default();
    let mut by_ipv4 = false;
    for raw in Reader::new(control) {
        match Message::from(raw.ok()?) {
            Message::IpPktinfo(info) => {
                let source = Ipv4Addr::from(info.ipi_spec_dst);
                arrival.to = Some(Ipv4Addr::from(info.ipi_addr).into());
                arrival.local = Some(source)
                    .filter(|a| *a != Ipv4Addr::UNSPECIFIED)
                    .map(Into::into);
                arrival.interface = Some(info.ipi_ifindex as u32).filter(|index| *index != 0);
                by_ipv4 = true;
            }
            Message::Ipv6Pktinfo(info) if !by_ipv4 => {
                let to = IpAddr::from(info.ipi6_addr.octets).to_canonical();
                let answerable = !to.is_multicast() && to != Ipv4Addr::BROADCAST;
                arrival.to = Some(to);
                arrival.local = Some(to).filter(|_| answerable);
                arrival.interface = Some(info.ipi6_ifindex).filter(|index| *index != 0);
            }
            Message::IpTos(class) | Message::Ipv6Tclass(class) => {
                let class = u8::try_from(class).ok()?;
                arrival.ecn = [Ecn::NotEct, Ecn::Ect1, Ecn::Ect0, Ecn::Ce]
                    .get(usize::from(class % 4))
                    .copied();
                arrival.dscp = Some(class / 4);
            }
            Message::IpTtl(hops) | Message::Ipv6Hoplimit(hops) => {
                arrival.hop_limit = Some(u8::try_from(hops).ok()?);
            }
            Message::UdpGro(size) => {
                arrival.segment_size = Some(u16::try_from(size).ok().filter(|size| *size != 0)?);
            }
            Message::TimestampOld(time)
            | Message::TimestampNew(time)
            | Message::TimestampNsOld(time)
            | Message::TimestampNsNew(time)
            | Message::TimestampingOld(Timestamping::Times(Timestamps {
                software: Some(time),
                ..
            }))
            | Message::TimestampingNew(Timestamping::Times(Timestamps {
                software: Some(time),
                ..
            })) => arrival.timestamp = Some(time),
            Message::RxqOvfl(drops) => arrival.drops = Some(drops),
            Message::BadPayload { raw, .. } if DECODED.contains(&(raw.level, raw.ty)) => {
                return None;
            }
            _ => {}
        }
    }
    Some(arrival)
}

fn depart(input: &Input<'_>, to: IpAddr) {
    let departure = Departure {
        from: input.from,
        interface: input.interface,
        traffic_class: input.traffic_class,
        hop_limit: input.hop_limit,
        segment_size: input.segment_size,
        txtime: input.txtime,
    };
    let mut memory = vec![0xaa; usize::from(input.size)].into_boxed_slice();
    let mut writer = Writer::new(&mut memory);
    let result = departure.put(&mut writer, to);
    let control = writer.finish();
    let ipv4 = to.to_canonical().is_ipv4();
    match result {
        Ok(()) => {}
        Err(e) => {
            assert!(control.is_empty());
            match e {
                DepartureError::NoSpace(e) => {
                    assert!(e.left == memory.len() && e.left < e.needed);
                    assert!(e.needed <= Departure::SPACE);
                }
                DepartureError::OtherFamily { from } => {
                    assert_eq!(from, input.from.unwrap().to_canonical());
                    assert_ne!(from.is_ipv4(), ipv4);
                }
                DepartureError::Interface(index) => {
                    assert!(ipv4 && input.interface == Some(index) && index >> 31 == 1);
                }
                DepartureError::TimeToLive => assert!(ipv4 && input.hop_limit == Some(0)),
            }
            assert!(memory.iter().all(|byte| *byte == 0xaa));
            return;
        }
    }
    let info = input.from.is_some() || input.interface.is_some();
    let (v4, class4, hops4) = control
        .reader()
        .get_all::<(IP_PKTINFO, IP_TOS, IP_TTL)>()
        .unwrap();
    let of_ipv6 = control
        .reader()
        .get_all::<(IPV6_PKTINFO, IPV6_TCLASS, IPV6_HOPLIMIT)>();
    let (v6, class6, hops6) = of_ipv6.unwrap();
    let from = input.from.map(|from| from.to_canonical());
    let index = input.interface.unwrap_or(0);
    let (class, hops) = (class4.or(class6), hops4.or(hops6));
    assert_eq!((v4.is_some(), v6.is_some()), (info && ipv4, info && !ipv4));
    assert!(
        if ipv4 {
            class6.or(hops6)
        } else {
            class4.or(hops4)
        }
        .is_none()
    );
    if let Some(v4) = v4 {
        let source = IpAddr::from(Ipv4Addr::from(v4.ipi_spec_dst));
        assert_eq!(source, from.unwrap_or(Ipv4Addr::UNSPECIFIED.into()));
        assert_eq!(v4.ipi_ifindex as u32, index);
    }
    if let Some(v6) = v6 {
        let source = IpAddr::from(v6.ipi6_addr.octets);
        assert_eq!(source, from.unwrap_or(IpAddr::from([0; 16])));
        assert_eq!(v6.ipi6_ifindex, index);
    }
    assert_eq!(class, input.traffic_class.map(i32::from));
    assert_eq!(hops, input.hop_limit.map(i32::from));
    assert!(!ipv4 || hops != Some(0));
    let rest = control
        .reader()
        .get_all::<(UDP_SEGMENT, SCM_TXTIME)>()
        .unwrap();
    assert_eq!(rest, (input.segment_size, input.txtime));
    let messages = [
        info,
        class.is_some(),
        hops.is_some(),
        rest.0.is_some(),
        rest.1.is_some(),
    ];
    let count = messages.into_iter().filter(|there| *there).count();
    assert_eq!(control.reader().count(), count);
    assert!(control.len() >= count * HEADER);
}

/// Returns an address as C has it.
fn ip(address: Option<IpAddr>) -> c::Ip {
    let mut ip = c::Ip::default();
    match address {
        None => {}
        Some(IpAddr::V4(address)) => {
            ip.family = 2;
            ip.octets[..4].copy_from_slice(&address.octets());
        }
        Some(IpAddr::V6(address)) => {
            ip.family = 10;
            ip.octets = address.octets();
        }
    }
    ip
}

/// Asserts that C reads the same arrival.
fn arrive_in_c(control: &[u8]) {
    let (data, len) = parts(control);
    let mut found = c::Arrival::default();
    // SAFETY: `data` and `len` are those of a slice.
    let status = unsafe { c::ancil_get_arrival(data, len, &mut found) };
    let Some(arrival) = said(control) else {
        assert_eq!((status, found), (-74, c::Arrival::default())); // -EBADMSG
        return;
    };
    let time = arrival.timestamp.unwrap_or_default();
    let expected = c::Arrival {
        to: ip(arrival.to),
        local: ip(arrival.local),
        timestamp: c::Time {
            seconds: time.seconds,
            nanoseconds: time.nanoseconds,
            measured: arrival.timestamp.is_some().into(),
        },
        interface: arrival.interface.unwrap_or(0),
        has_traffic_class: arrival.dscp.is_some().into(),
        ecn: arrival.ecn.map_or(0, |ecn| ecn as i32),
        dscp: arrival.dscp.unwrap_or(0).into(),
        has_hop_limit: arrival.hop_limit.is_some().into(),
        hop_limit: arrival.hop_limit.unwrap_or(0).into(),
        segment_size: arrival.segment_size.unwrap_or(0).into(),
        drops: arrival.drops.unwrap_or(0),
    };
    assert_eq!((status, found), (0, expected));
}

/// Asserts that C writes the same messages, and refuses the same departures.
fn depart_in_c(input: &Input<'_>, to: IpAddr) {
    let class = input.traffic_class.unwrap_or(0);
    let d = c::Departure {
        from: ip(input.from),
        interface: input.interface.unwrap_or(0),
        has_traffic_class: input.traffic_class.is_some().into(),
        ecn: (class % 4).into(),
        dscp: (class / 4).into(),
        has_hop_limit: input.hop_limit.is_some().into(),
        hop_limit: input.hop_limit.unwrap_or(0).into(),
        segment_size: input.segment_size.unwrap_or(0).into(),
        txtime: input.txtime.unwrap_or(0),
    };
    // In C, 0 says nothing.
    let departure = Departure {
        from: input.from,
        interface: input.interface.filter(|index| *index != 0),
        traffic_class: input.traffic_class,
        hop_limit: input.hop_limit,
        segment_size: input.segment_size.filter(|size| *size != 0),
        txtime: input.txtime.filter(|time| *time != 0),
    };
    let size = usize::from(input.size) / HEADER * HEADER;
    let mut expected = vec![0xaa; size].into_boxed_slice();
    let mut writer = Writer::new(&mut expected);
    let result = departure.put(&mut writer, to);
    let written = writer.finish();

    let mut memory = vec![0xaa; size].into_boxed_slice();
    let mut w = c::Writer::default();
    let name = Address::from(SocketAddr::new(to, 53));
    let (name, namelen) = parts(name.as_bytes());
    // SAFETY: `memory` has `size` bytes, and `name` has `namelen`.
    let (status, len) = unsafe {
        c::ancil_writer_init(&mut w, memory.as_mut_ptr().cast(), size);
        let short = c::ancil_put_departure(&mut w.clone(), &d, name, namelen.min(15));
        assert_eq!(short, -22);
        let status = c::ancil_put_departure(&mut w, &d, name, namelen);
        (status, c::ancil_writer_finish(&w))
    };
    assert_eq!(&memory[..len], written.as_bytes());
    assert!(memory[len..].iter().all(|byte| *byte == 0xaa));
    let expected = match result {
        Ok(()) => 0,
        Err(DepartureError::NoSpace(_)) => -105,
        Err(DepartureError::OtherFamily { .. }) => -97,
        Err(DepartureError::Interface(_)) => -19,
        Err(DepartureError::TimeToLive) => -22,
    };
    assert_eq!(status, expected);
}

fuzz_target!(|input: Input<'_>| {
    let exact = control(&input);
    let found = Reader::new(&exact).get_all::<Arrival>();
    assert_eq!(found.ok(), said(&exact));
    if let Some(arrival) = said(&exact) {
        assert_eq!(Reader::new(&exact).get_all_lossy::<Arrival>(), arrival);
    }
    let to = match input.to {
        IpAddr::V4(to) if input.mapped => to.to_ipv6_mapped().into(),
        to => to,
    };
    depart(&input, to);
    arrive_in_c(&exact);
    depart_in_c(&input, to);
});
