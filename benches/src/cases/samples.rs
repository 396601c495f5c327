//! The bytes on which the contestants work. They live as long as the program.

use ancil::payload::{In6Pktinfo, InPktinfo, Ucred};
use ancil::{
    Error, Fd, IP_PKTINFO, IP_TOS, IP_TTL, IPV6_HOPLIMIT, IPV6_PKTINFO, IPV6_TCLASS, Key,
    SCM_CREDENTIALS, SCM_RIGHTS, SO_TIMESTAMPNS, UDP_GRO, Writer,
};
use std::net::Ipv4Addr;

/// Aligned as the system's macros need it.
#[repr(align(16))]
pub struct Aligned<T>(pub T);

pub const CREDENTIALS: Ucred = Ucred {
    pid: 1,
    uid: 2,
    gid: 3,
};
/// Seconds and nanoseconds.
pub const TIME: [i64; 2] = [5, 7];

pub fn pktinfo() -> InPktinfo {
    let address = Ipv4Addr::LOCALHOST.into();
    InPktinfo {
        ipi_ifindex: 1,
        ipi_spec_dst: address,
        ipi_addr: address,
    }
}

/// Returns the bytes that `write` wrote to memory that is never freed.
fn written(write: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>) -> &'static [u8] {
    let buffer = Box::leak(Box::new(Aligned([0; 512])));
    let mut writer = Writer::new(&mut buffer.0);
    write(&mut writer).expect("the messages fit");
    let len = writer.len();
    &buffer.0[..len]
}

fn put<K: Key>(w: &mut Writer<'_>, _: K, payload: &[u8]) -> Result<(), Error> {
    w.put_raw(K::LEVEL, K::TYPE, payload)
}

/// Eight messages of as many kinds.
pub fn eight() -> &'static [u8] {
    written(|w| {
        // SAFETY: nobody sends these messages, so these need not be descriptors.
        w.put(SCM_RIGHTS, &[3, 4].map(|fd| unsafe { Fd::borrow_raw(fd) }))?;
        w.put(SCM_CREDENTIALS, CREDENTIALS)?;
        w.put(IP_TOS, 2)?;
        w.put(IP_TTL, 64)?;
        w.put(IP_PKTINFO, pktinfo())?;
        w.put(
            IPV6_PKTINFO,
            In6Pktinfo {
                ipi6_addr: std::net::Ipv6Addr::LOCALHOST.into(),
                ipi6_ifindex: 1,
            },
        )?;
        w.put(IPV6_HOPLIMIT, 64)?;
        Ok(w.put(IPV6_TCLASS, 1)?)
    })
}

/// What arrives with a packet of QUIC.
pub fn quic() -> &'static [u8] {
    written(|w| {
        put(w, SO_TIMESTAMPNS, TIME.map(i64::to_ne_bytes).as_flattened())?;
        put(w, UDP_GRO, &1200i32.to_ne_bytes())?;
        w.put(IP_PKTINFO, pktinfo())?;
        put(w, IP_TOS, &[2])
    })
}

pub fn eight_credentials() -> &'static [u8] {
    written(|w| Ok((0..8).try_for_each(|_| w.put(SCM_CREDENTIALS, CREDENTIALS))?))
}

/// One message of these bytes.
pub fn one<K: Key>(key: K, payload: &[u8]) -> &'static [u8] {
    written(|w| put(w, key, payload))
}

/// Two descriptors, credentials and a time to live, made of these numbers.
pub fn three(numbers: [i32; 4]) -> &'static [u8] {
    let bytes = numbers.map(i32::to_ne_bytes);
    written(|w| {
        // SAFETY: nobody sends these messages, so these need not be descriptors.
        w.put(
            SCM_RIGHTS,
            &[numbers[0], numbers[1]].map(|fd| unsafe { Fd::borrow_raw(fd) }),
        )?;
        put(w, SCM_CREDENTIALS, bytes[..3].as_flattened())?;
        put(w, IP_TTL, &bytes[0])
    })
}

/// Three messages, one of which consists of machine words.
pub fn with_words() -> &'static [u8] {
    written(|w| {
        // SAFETY: nobody sends these messages, so these need not be descriptors.
        w.put(SCM_RIGHTS, &[3, 4].map(|fd| unsafe { Fd::borrow_raw(fd) }))?;
        put(w, SO_TIMESTAMPNS, TIME.map(i64::to_ne_bytes).as_flattened())?;
        Ok(w.put(SCM_CREDENTIALS, CREDENTIALS)?)
    })
}
