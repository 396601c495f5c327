//! Parses any bytes as a socket address, and makes addresses of any names.
//!
//! What was parsed has bytes that are parsed to the same, and they are the front of the original
//! but for what the kernel does not read.
#![no_main]

use ancil::MsgHdr;
use ancil::addr::{
    Address, PacketAddr, SockaddrAlg, SockaddrL2, SockaddrMctp, SockaddrMctpExt, UnixAddr, UnixName,
};
use ancil_fuzz::printed_len;
use libfuzzer_sys::fuzz_target;
use std::net::SocketAddr;

fn parse(bytes: &[u8]) {
    let address = match Address::parse(bytes) {
        Ok(address) => address,
        Err(e) => {
            assert!(e.len == bytes.len() && e.offset <= bytes.len());
            assert!(printed_len(format_args!("{e} {e:?}")) > 0);
            return;
        }
    };
    assert_eq!(address.family().to_ne_bytes(), bytes[..2]);
    assert!(printed_len(format_args!("{address} {address:?}")) > 0);
    let again = address.as_bytes();
    assert_eq!(Address::parse(again).as_ref(), Ok(&address));
    assert_eq!(MsgHdr::new().name(again).msg_name(), again);
    if let Address::Unknown(same) = address {
        assert_eq!(same, bytes);
    }
    if let Address::Unix(unix) = address {
        // Whatever is after the NUL of a path is dropped, and a path without a NUL gets one.
        let shared = again.len().min(bytes.len());
        assert_eq!(again[..shared], bytes[..shared]);
        assert!(again[shared..].is_empty() || again[shared..] == [0]);
        match unix.name() {
            UnixName::Unnamed => assert_eq!(unix, UnixAddr::unnamed()),
            UnixName::Path(path) => assert_eq!(UnixAddr::path(path), Some(unix)),
            UnixName::Abstract(name) => assert_eq!(UnixAddr::abstract_name(name), Some(unix)),
        }
    }
    match SocketAddr::try_from(address) {
        Ok(internet) => {
            assert!(matches!(address, Address::Inet(_) | Address::Inet6(_)));
            assert_eq!(SocketAddr::try_from(Address::from(internet)), Ok(internet));
        }
        Err(_) => assert!(![2, 10].contains(&address.family())),
    }
}

/// Makes an address of each family whose address has a name.
fn make(name: &[u8], rest: &[u8]) {
    let path = UnixAddr::path(name);
    let valid = (1..=108).contains(&name.len()) && !name.contains(&0);
    assert_eq!(path.is_some(), valid);
    for unix in path.into_iter().chain(UnixAddr::abstract_name(name)) {
        assert!(unix.name() == UnixName::Path(name) || unix.name() == UnixName::Abstract(name));
        assert_eq!(Address::parse(unix.as_bytes()), Ok(unix.into()));
    }
    assert_eq!(UnixAddr::abstract_name(name).is_some(), name.len() <= 107);

    let packet = PacketAddr::new(7, 0x800, name);
    assert_eq!(packet.is_some(), name.len() <= 32);
    if let Some(packet) = packet {
        assert_eq!(packet.hardware(), name);
        assert_eq!(Address::parse(packet.as_bytes()), Ok(packet.into()));
    }
    let mctp = SockaddrMctpExt::new(SockaddrMctp::new(1, 8, 5), 7, name);
    assert_eq!(mctp.is_some(), name.len() <= 32);
    if let Some(mctp) = mctp {
        assert_eq!(mctp.hardware(), name);
        assert_eq!(Address::parse(mctp.as_bytes()), Ok(mctp.into()));
    }
    if let Some(device) = name.first_chunk() {
        for l2 in [
            SockaddrL2::new(*device, 1, 7),
            SockaddrL2::with_cid(*device, 2, 4),
        ] {
            assert_eq!(l2.l2_bdaddr, *device);
            assert_eq!(Address::parse(l2.as_bytes()), Ok(l2.into()));
        }
    }
    let alg = SockaddrAlg::new(name, rest);
    let has_nul = name.contains(&0) || rest.contains(&0);
    assert_eq!(
        alg.is_some(),
        name.len() <= 13 && rest.len() <= 63 && !has_nul
    );
    if let Some(alg) = alg {
        assert_eq!(Address::parse(alg.as_bytes()), Ok(alg.into()));
    }
}

fuzz_target!(|bytes: &[u8]| {
    // An allocation of the exact size, so that the sanitizer notices a read past the end.
    let exact: Box<[u8]> = bytes.into();
    parse(&exact);
    let (name, rest) = exact.split_at(
        exact
            .len()
            .min(usize::from(exact.first().copied().unwrap_or(0)) % 128),
    );
    make(name, rest);
});
