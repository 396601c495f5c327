//! Socket addresses: any bytes are an address or an error, and every address is read from its own
//! bytes.

use ancil::addr::{
    AF_ALG, AF_BLUETOOTH, AF_MCTP, AF_PACKET, AF_UNIX, Address, CanJ1939, CanTp, MctpAddr,
    PacketAddr, SockaddrAlg, SockaddrCan, SockaddrL2, SockaddrMctp, SockaddrMctpExt, SockaddrNl,
    SockaddrVm, UnixAddr, UnixName,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use std::net::SocketAddr;

/// Checks that the bytes of an address are read as the same address.
fn check_round_trip(addr: Address<'_>) -> Result<(), TestCaseError> {
    let bytes = addr.as_bytes();
    prop_assert_eq!(Address::parse(bytes), Ok(addr));
    prop_assert_eq!(addr.family().to_ne_bytes(), [bytes[0], bytes[1]]);
    prop_assert!(
        bytes.len() <= 128 || matches!(addr, Address::Unknown(_)),
        "more bytes than the kernel accepts"
    );
    let shown = addr.to_string();
    prop_assert!(
        shown.starts_with("{sa_family=") && shown.ends_with('}'),
        "{}",
        shown
    );
    // Extra bytes are ignored. They belong to the address only if it has no struct, or if it is a
    // UNIX address that is not a path. The length tells those of Bluetooth and MCTP apart.
    let longer = [bytes, &[0; 64]].concat();
    let parsed = Address::parse(&longer);
    match addr {
        Address::Unknown(_) => prop_assert_eq!(parsed, Ok(Address::Unknown(&longer))),
        Address::Unix(unix) if !matches!(unix.name(), UnixName::Path(_)) => {
            prop_assert_ne!(parsed, Ok(addr));
        }
        Address::L2(_) => prop_assert_eq!(parsed, Ok(Address::Unknown(&longer))),
        Address::Mctp(MctpAddr::Plain(base)) => {
            let extended = SockaddrMctpExt::new(base, 0, &[]).expect("no hardware address");
            prop_assert_eq!(parsed, Ok(extended.into()));
        }
        _ => prop_assert_eq!(parsed, Ok(addr)),
    }
    Ok(())
}

/// Parses bytes, and checks the address or the error.
fn check_parse(bytes: &[u8]) -> Result<(), TestCaseError> {
    match Address::parse(bytes) {
        Ok(addr) => {
            let written = addr.as_bytes();
            // Fields that are missing from `bytes` are zeros in `written`. A path in `written` is
            // followed by a NUL, even if the path in `bytes` is not.
            let same = written.len().min(bytes.len());
            prop_assert!(matches!(addr, Address::Unix(_)) || written[..same] == bytes[..same]);
            check_round_trip(addr)
        }
        Err(e) => {
            prop_assert_eq!(e.len, bytes.len());
            prop_assert!(e.offset <= bytes.len() && e.to_string().contains("socket address"));
            Ok(())
        }
    }
}

fn config() -> Config {
    Config {
        cases: 2048,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes_are_an_address_or_an_error(
        family in 0..48u16,
        bytes in vec(any::<u8>(), 0..160),
    ) {
        check_parse(&bytes)?;
        check_parse(&[&family.to_ne_bytes()[..], &bytes].concat())?;
    }

    /// Here, most lengths of hardware addresses are valid, and most names end with NUL.
    #[test]
    fn bytes_like_those_of_addresses_are_an_address_or_an_error(
        family in prop::sample::select(vec![AF_UNIX, AF_PACKET, AF_ALG, AF_BLUETOOTH, AF_MCTP]),
        halen in 0..40u8,
        zero in 0..120usize,
        bytes in vec(any::<u8>(), 10..160),
    ) {
        let mut bytes = [&family.to_ne_bytes()[..], &bytes].concat();
        bytes[11] = halen;
        if let Some(byte) = bytes.get_mut(zero.max(2)) {
            *byte = 0;
        }
        check_parse(&bytes)?;
    }

    #[test]
    fn every_address_makes_a_round_trip(
        ip: SocketAddr,
        (a, b, c, d) in any::<(u32, u32, u64, u8)>(),
        flags in any::<[u8; 4]>(),
    ) {
        check_round_trip(ip.into())?;
        prop_assert_eq!(SocketAddr::try_from(Address::from(ip)), Ok(ip));
        check_round_trip(SockaddrNl::new(a, b).into())?;
        let base = SockaddrMctp { smctp_tag: d, ..SockaddrMctp::new(a, flags[0], flags[1]) };
        check_round_trip(base.into())?;
        let hardware = &flags[..usize::from(d % 5)];
        check_round_trip(SockaddrMctpExt::new(base, b as i32, hardware).unwrap().into())?;
        let [low, high, ..] = flags;
        let device = [low, high, 3, 4, 5, 6];
        check_round_trip(SockaddrL2::new(device, d, a as u16).into())?;
        check_round_trip(SockaddrL2::with_cid(device, d, b as u16).into())?;
        let [svm_flags, svm_zero @ ..] = flags;
        check_round_trip(SockaddrVm { svm_flags, svm_zero, ..SockaddrVm::new(a, b) }.into())?;
        let tp = CanTp { rx_id: a, tx_id: b };
        check_round_trip(SockaddrCan::with_tp(a as i32, tp).into())?;
        let j1939 = CanJ1939 { name: c, pgn: b, addr: d };
        check_round_trip(SockaddrCan::with_j1939(a as i32, j1939).into())?;
    }

    #[test]
    fn every_name_makes_a_round_trip(
        name in vec(any::<u8>(), 0..120),
        index: i32,
        protocol: u16,
    ) {
        let (nul, len) = (name.contains(&0), name.len());
        prop_assert_eq!(UnixAddr::path(&name).is_some(), !nul && (1..=108).contains(&len));
        prop_assert_eq!(UnixAddr::abstract_name(&name).is_some(), len <= 107);
        prop_assert_eq!(PacketAddr::new(index, protocol, &name).is_some(), len <= 32);
        prop_assert_eq!(SockaddrAlg::new(&name, b"").is_some(), !nul && len <= 13);
        prop_assert_eq!(SockaddrAlg::new(b"", &name).is_some(), !nul && len <= 63);
        let addresses = [
            Some(UnixAddr::unnamed().into()),
            UnixAddr::path(&name).map(Address::from),
            UnixAddr::abstract_name(&name).map(Address::from),
            PacketAddr::new(index, protocol, &name).map(Address::from),
            SockaddrAlg::new(b"a", &name).map(Address::from),
        ];
        for addr in addresses.into_iter().flatten() {
            check_round_trip(addr)?;
        }
    }
}
