//! Compares [`Arrival`] with what quinn-udp and s2n-quic decode, on 10,000 generated buffers.
//!
//! The buffers hold what the kernel hands out for packets of IPv4, of IPv6, and of IPv4 on an IPv6
//! socket, in any order, with messages between them that nobody asked for. Each of the two
//! libraries defines a part of an arrival, and that part must be equal. quinn-udp and s2n-quic hand
//! a mapped address out as it is, and the index of an interface also if it is 0.

use crate::cases::decode_as_quinn;
use ancil::datagram::Arrival;
use ancil::{Reader, Writer};
use s2n_quic_core::inet::SocketAddress;
use s2n_quic_platform::message::cmsg::decode::Iter;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const BUFFERS: usize = 10_000;

/// A buffer of messages, aligned as the system's macros need it.
#[repr(align(16))]
struct Buffer([u8; 512]);

/// Level, type and payload.
type Message = (i32, i32, Vec<u8>);

/// Numbers that look random and are the same in each run: xorshift.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 16) % n
    }

    /// Returns an address: one of some unusual ones, or any.
    fn ipv4(&mut self) -> Ipv4Addr {
        match self.below(6) {
            0 => Ipv4Addr::LOCALHOST,
            1 => Ipv4Addr::BROADCAST,
            2 => Ipv4Addr::new(224, 0, 0, self.next() as u8),
            _ => Ipv4Addr::from_bits(self.next() as u32 | 1), // 0 is no destination
        }
    }

    fn ipv6(&mut self) -> Ipv6Addr {
        let bits = u128::from(self.next()) << 64 | u128::from(self.next());
        match self.below(6) {
            0 => Ipv6Addr::LOCALHOST,
            1 => Ipv6Addr::from_bits(bits >> 8 | 0xff << 120),
            _ => Ipv6Addr::from_bits(bits),
        }
    }

    /// Returns the messages of a packet.
    fn messages(&mut self) -> Vec<Message> {
        let int = |value: u64| (value as i32).to_ne_bytes().to_vec();
        let (index, class) = (int(self.below(9)), self.below(256));
        let mut all = Vec::new();
        let (level, class_type, hops_type) = if self.below(2) == 0 {
            let (to, local) = (self.ipv4(), self.ipv4());
            let mapped = [&to.to_ipv6_mapped().octets()[..], &index].concat();
            let info = [&index[..], &local.octets(), &to.octets()].concat();
            // An IPv6 socket has the first, or both.
            let sockets = self.below(3);
            if sockets > 0 {
                all.push((libc::IPPROTO_IPV6, libc::IPV6_PKTINFO, mapped));
            }
            if sockets < 2 {
                all.push((libc::IPPROTO_IP, libc::IP_PKTINFO, info));
            }
            (libc::IPPROTO_IP, libc::IP_TOS, libc::IP_TTL)
        } else {
            let info = [&self.ipv6().octets()[..], &index].concat();
            all.push((libc::IPPROTO_IPV6, libc::IPV6_PKTINFO, info));
            (libc::IPPROTO_IPV6, libc::IPV6_TCLASS, libc::IPV6_HOPLIMIT)
        };
        // quinn-udp reads the first of four bytes, which is the class on little-endian machines.
        let one_byte = class_type == libc::IP_TOS && (cfg!(target_endian = "big") || class % 2 > 0);
        let class = if one_byte {
            vec![class as u8]
        } else {
            int(class)
        };
        let time = [self.below(1 << 40), self.below(1_000_000_000)].map(u64::to_ne_bytes);
        for message in [
            (level, class_type, class),
            (level, hops_type, int(self.below(256))),
            (libc::SOL_UDP, libc::UDP_GRO, int(1 + self.below(65535))),
            (libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS, time.concat()),
            (libc::SOL_SOCKET, libc::SO_RXQ_OVFL, int(self.next())),
            (libc::SOL_SOCKET, libc::SCM_CREDENTIALS, vec![7; 12]),
            (0x4d59, 1, vec![7; 1 + self.below(9) as usize]),
        ] {
            // IP_PKTINFO stays after IPV6_PKTINFO, as the kernel has them.
            if self.below(3) > 0 {
                let place = if self.below(2) == 0 { 0 } else { all.len() };
                all.insert(place, message);
            }
        }
        if self.below(20) == 0 {
            all.retain(|(_, ty, _)| ![libc::IP_PKTINFO, libc::IPV6_PKTINFO].contains(ty));
        }
        all
    }
}

/// Writes the messages. Returns the bytes used.
fn write(buffer: &mut Buffer, messages: &[Message]) -> usize {
    let mut writer = Writer::new(&mut buffer.0);
    for (level, ty, payload) in messages {
        let put = writer.put_raw(*level, *ty, payload);
        put.expect("no descriptors, and enough space");
    }
    writer.len()
}

/// How many buffers said something that both an arrival and the other library define.
#[derive(Debug, Default)]
struct Compared {
    address: usize,
    interface: usize,
    class: usize,
    segment_size: usize,
    time: usize,
}

impl Compared {
    /// Checks that each field was compared often.
    fn check(&self, with: &str, time: bool) {
        let fields = [self.address, self.interface, self.class, self.segment_size];
        let least = if time { self.time } else { usize::MAX };
        let least = fields.into_iter().fold(least, usize::min);
        assert!(
            least > BUFFERS / 3,
            "{with}: too little was compared: {self:?}"
        );
    }
}

/// Compares 10,000 buffers with both. Panics at the first difference.
pub fn compare() {
    let mut random = Random(0x616e_6369_6c00_0001);
    let mut buffer = Buffer([0; 512]);
    let (mut quinn, mut s2n) = (Compared::default(), Compared::default());
    for _ in 0..BUFFERS {
        let messages = random.messages();
        let len = write(&mut buffer, &messages);
        let control = &buffer.0[..len];
        let arrival = Reader::new(control).get_all::<Arrival>();
        let arrival = arrival.unwrap_or_else(|e| panic!("{e}: {messages:?}"));
        compare_with_quinn(&arrival, control, &mut quinn);
        compare_with_s2n(&arrival, control, &mut s2n);
    }
    quinn.check("quinn-udp", true);
    s2n.check("s2n-quic", false);
    println!("Arrival equals quinn-udp and s2n-quic in {BUFFERS} generated buffers");
}

fn compare_with_quinn(arrival: &Arrival, control: &[u8], compared: &mut Compared) {
    // SAFETY: the buffer is aligned and valid, and each payload has the type that is decoded. An
    // IP_TOS of four bytes is more than the one that quinn-udp reads.
    let said = unsafe { decode_as_quinn(control, 0) };
    let class = arrival.dscp.zip(arrival.ecn);
    let class = class.map(|(dscp, ecn)| dscp << 2 | ecn as u8);
    let time = arrival
        .timestamp
        .map(|time| (time.seconds as u64, time.nanoseconds));
    assert_eq!(
        arrival.to,
        said.to.map(|to| to.to_canonical()),
        "{control:?}"
    );
    assert_eq!(
        arrival.interface.unwrap_or(0),
        said.interface.unwrap_or(0),
        "{control:?}"
    );
    assert_eq!(class.unwrap_or(0), said.class, "{control:?}");
    assert_eq!(
        usize::from(arrival.segment_size.unwrap_or(0)),
        said.stride,
        "{control:?}"
    );
    let theirs = said.time.map(|time| (time.as_secs(), time.subsec_nanos()));
    assert_eq!(time, theirs, "{control:?}");
    count(arrival, compared);
}

fn compare_with_s2n(arrival: &Arrival, control: &[u8], compared: &mut Compared) {
    // SAFETY: the buffer is aligned.
    let said = unsafe { Iter::from_bytes(control) }.collect();
    let to = match said.local_address.0 {
        SocketAddress::IpV4(address) => IpAddr::from(<[u8; 4]>::from(*address.ip())),
        SocketAddress::IpV6(address) => IpAddr::from(<[u8; 16]>::from(*address.ip())),
    };
    let to = said.local_interface.map(|_| to.to_canonical());
    assert_eq!(arrival.to, to, "{control:?}");
    assert_eq!(
        arrival.interface.unwrap_or(0),
        said.local_interface.unwrap_or(0),
        "{control:?}"
    );
    assert_eq!(
        arrival.ecn.map_or(0, |ecn| ecn as u8),
        said.ecn as u8,
        "{control:?}"
    );
    assert_eq!(
        arrival.segment_size.unwrap_or(0),
        said.segment_size,
        "{control:?}"
    );
    count(arrival, compared);
}

fn count(arrival: &Arrival, compared: &mut Compared) {
    compared.address += usize::from(arrival.to.is_some());
    compared.interface += usize::from(arrival.interface.is_some());
    compared.class += usize::from(arrival.dscp.is_some());
    compared.segment_size += usize::from(arrival.segment_size.is_some());
    compared.time += usize::from(arrival.timestamp.is_some());
}
