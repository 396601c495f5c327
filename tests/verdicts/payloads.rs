//! Generates payloads of the messages that the parsers know, and the random numbers for them.

use ancil::*;

/// A generator of numbers that depend on the seed alone: xorshift.
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Returns a number less than `n`.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.next() >> 33) as usize) % n
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Returns fewer than `n` bytes of any value.
    pub fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..self.below(n)).map(|_| self.next() as u8).collect()
    }

    /// Gives one of the bytes another value.
    pub fn scramble(&mut self, bytes: &mut [u8]) {
        if !bytes.is_empty() {
            bytes[self.below(bytes.len())] = self.next() as u8;
        }
    }
}

/// The structure of a payload.
#[derive(Clone, Copy)]
pub enum Kind {
    Int,
    Short,
    Long,
    Rights,
    Ucred,
    Pktinfo,
    In6Pktinfo,
    Options,
    Header,
    Routing,
    Flow,
    Bytes,
}

use Kind::*;

macro_rules! kinds {
    ($($KEY:ident: $kind:ident,)+) => { &[$(($KEY::LEVEL, $KEY::TYPE, $kind)),+] };
}

const KNOWN: &[(i32, i32, Kind)] = kinds! {
    SCM_RIGHTS: Rights, SCM_CREDENTIALS: Ucred, SCM_SECURITY: Bytes, SO_PRIORITY: Int,
    SO_MARK: Int, SO_TIMESTAMPING_OLD: Int, SO_TIMESTAMPING_NEW: Int, SCM_TXTIME: Long,
    SCM_TS_OPT_ID: Int, SCM_DEVMEM_DMABUF: Int,
    IP_TOS: Int, IP_TTL: Int, IP_RETOPTS: Options, IP_RETOPTS: Options, IP_PKTINFO: Pktinfo,
    IP_PROTOCOL: Int, IP_RECVERR: Bytes,
    IPV6_PKTINFO: In6Pktinfo, IPV6_2292PKTINFO: In6Pktinfo, IPV6_FLOWINFO: Flow,
    IPV6_HOPOPTS: Header, IPV6_2292HOPOPTS: Header, IPV6_DSTOPTS: Header,
    IPV6_2292DSTOPTS: Header, IPV6_RTHDRDSTOPTS: Header, IPV6_RTHDR: Routing,
    IPV6_2292RTHDR: Routing, IPV6_HOPLIMIT: Int, IPV6_2292HOPLIMIT: Int, IPV6_TCLASS: Int,
    IPV6_DONTFRAG: Int, IPV6_RECVERR: Bytes,
    UDP_SEGMENT: Short, UDP_SEGMENT: Short, UDP_GRO: Int, TCP_CM_INQ: Int, SCTP_INIT: Bytes,
    TLS_SET_RECORD_TYPE: Bytes,
};

const SCM: &[(i32, i32, Kind)] =
    kinds! { SCM_RIGHTS: Rights, SCM_RIGHTS: Rights, SCM_CREDENTIALS: Ucred, };

/// Picks a known message, mostly of these levels.
pub fn known(rng: &mut Rng, levels: &[i32]) -> (i32, i32, Kind) {
    let of_level = rng.below(8) != 0;
    if of_level && levels.is_empty() {
        return *rng.pick(SCM);
    }
    loop {
        let known = *rng.pick(KNOWN);
        if !of_level || levels.is_empty() || levels.contains(&known.0) {
            return known;
        }
    }
}

/// The descriptors that the tests hold open, besides the io_uring in `EXTRA`. 600 is not open.
pub const OPEN: [i32; 4] = [500, 501, 502, 503];

thread_local! {
    /// More numbers to choose from: an io_uring, the id of this process, and the id of its user.
    pub static EXTRA: std::cell::Cell<[i32; 3]> = const { std::cell::Cell::new([-1; 3]) };
}

fn int(rng: &mut Rng) -> i32 {
    const EDGES: [i32; 26] = [
        -1,
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        46,
        64,
        127,
        128,
        255,
        256,
        0x101,
        0x303,
        0x40000,
        0x40303,
        0x80000,
        0xffff,
        0x10000,
        0x100ff,
        i32::MIN,
        i32::MAX,
    ];
    if rng.below(8) == 0 {
        rng.next() as i32
    } else {
        *rng.pick(&EDGES)
    }
}

fn ints(numbers: impl IntoIterator<Item = i32>) -> Vec<u8> {
    numbers.into_iter().flat_map(i32::to_ne_bytes).collect()
}

fn rights(rng: &mut Rng) -> Vec<u8> {
    let n = *rng.pick(&[0, 1, 1, 1, 2, 3, 4, 5, 100, 127, 128, 252, 253, 254, 300]);
    let mut fds: Vec<i32> = (0..n).map(|_| *rng.pick(&OPEN)).collect();
    if n > 0 && rng.below(4) == 0 {
        let at = rng.below(n);
        fds[at] = *rng.pick(&[600, -1, i32::MIN, i32::MAX, 0, EXTRA.get()[0]]);
    }
    ints(fds)
}

fn ucred(rng: &mut Rng) -> Vec<u8> {
    let [_, pid, uid] = EXTRA.get();
    let ids = [uid, uid, uid, -1, 1, 65534];
    ints([
        *rng.pick(&[pid, pid, pid, 1, 0, -1, i32::MAX, i32::MIN]),
        *rng.pick(&ids),
        *rng.pick(&ids),
    ])
}

fn pktinfo(rng: &mut Rng) -> Vec<u8> {
    let [local, foreign] = [[127, 0, 0, 1], [192, 0, 2, 1]].map(i32::from_ne_bytes);
    ints([
        *rng.pick(&[0, 0, 0, 1, 1, 9999, -1]),
        *rng.pick(&[0, local, local, local, foreign, 1, -1]),
        rng.next() as i32,
    ])
}

fn in6_pktinfo(rng: &mut Rng) -> Vec<u8> {
    let addresses = [
        "::",
        "::1",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:0.0.0.0",
        "fe80::1",
        "ff02::1",
        "2001:db8::1",
        "::2",
    ];
    let address: std::net::Ipv6Addr = rng.pick(&addresses).parse().unwrap();
    let mut out = address.octets().to_vec();
    out.extend(ints([*rng.pick(&[0, 0, 0, 1, 1, 9999, -1])]));
    out
}

/// Generates one option of an IP header, mostly a valid one.
fn ip_option(rng: &mut Rng) -> Vec<u8> {
    let kind = *rng.pick(&[7, 7, 68, 68, 131, 137, 134, 148, 130, 136, 25, 0, 1]);
    if kind < 2 {
        return vec![kind; 1 + rng.below(3)];
    }
    let body = match kind {
        68 => 2 + 4 * rng.below(5),
        131 | 137 => 1 + 4 * rng.below(4),
        7 => 1 + 4 * rng.below(5),
        _ => 1 + rng.below(8),
    };
    let body = if rng.below(3) == 0 {
        body + rng.below(4)
    } else {
        body
    };
    let mut option = vec![kind, body as u8 + 2];
    option.extend((0..body).map(|_| 0));
    let start = if kind == 68 { 5 } else { 4 };
    option[2] = if kind == 148 {
        0
    } else {
        start + rng.pick(&[0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 8, 16, 250])
    };
    if rng.below(12) == 0 {
        option[2] = option[2].wrapping_sub(1);
    }
    if kind == 68 && body > 1 {
        option[3] = *rng.pick(&[0, 1, 3, 2, 4, 0xf0, 0xf1, 0xf3, 0x10]);
    }
    if kind == 134 && body >= 6 {
        option[5] = rng.below(2) as u8;
    }
    if rng.below(6) == 0 {
        rng.scramble(&mut option);
    }
    option
}

/// Generates an extension header with its right length.
fn header(rng: &mut Rng) -> Vec<u8> {
    let units = *rng.pick(&[0, 0, 0, 1, 2, 3, 7, 254, 255]);
    let mut out = vec![0; (units + 1) * 8];
    (out[0], out[1]) = (rng.next() as u8, units as u8);
    out
}

fn routing(rng: &mut Rng) -> Vec<u8> {
    let mut out = header(rng);
    (out[2], out[3]) = (*rng.pick(&[0, 2, 2, 2, 3, 4]), *rng.pick(&[0, 1, 1, 2]));
    if rng.below(2) == 0 {
        out = [&[0, 2, 2, 1][..], &[0; 20]].concat();
    }
    out
}

/// Generates a payload, mostly of the right length.
pub fn payload(rng: &mut Rng, kind: Kind) -> Vec<u8> {
    let mut data = match kind {
        Int => ints([int(rng)]),
        Short => {
            let edges = [0, 1, 2, 100, 8952, 8953, 8972, 8973, u16::MAX];
            let any = rng.below(1200) as u16;
            let size = if rng.below(2) == 0 {
                *rng.pick(&edges)
            } else {
                any
            };
            size.to_ne_bytes().into()
        }
        Long => rng.next().to_ne_bytes().into(),
        Rights => rights(rng),
        Ucred => ucred(rng),
        Pktinfo => pktinfo(rng),
        In6Pktinfo => in6_pktinfo(rng),
        Options => (0..1 + rng.below(3)).flat_map(|_| ip_option(rng)).collect(),
        Header => header(rng),
        Routing => routing(rng),
        Flow => (*rng.pick(&[0, 1, 0xfffff, 0x0ff0_0000, 0xffff_ffff, 0x1000_0000u32]))
            .to_be_bytes()
            .into(),
        Bytes => rng.bytes(64),
    };
    match rng.below(30) {
        0 => data.truncate(rng.below(data.len() + 1)),
        1 => data.push(rng.next() as u8),
        2 => data.extend(rng.bytes(16)),
        3 => rng.scramble(&mut data),
        4 => data = rng.bytes(48),
        5 => data.truncate(1),
        6 => data.resize(data.len().next_multiple_of(8), 0),
        _ => {}
    }
    data
}
