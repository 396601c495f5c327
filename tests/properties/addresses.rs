//! Socket addresses: any bytes can be read, and what was read is written as it was.

use ancil::addr::{
    Address, CanJ1939, CanTp, PacketAddr, SockaddrAlg, SockaddrCan, SockaddrNl, SockaddrVm,
    UnixAddr, UnixName,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use std::net::SocketAddr;

/// An address, its bytes, and what was made of them.
fn there_and_back(addr: Address<'_>) -> Result<(), TestCaseError> {
    let bytes = addr.as_bytes();
    prop_assert_eq!(Address::parse(bytes), Ok(addr));
    prop_assert_eq!(addr.family().to_ne_bytes(), [bytes[0], bytes[1]]);
    prop_assert!(
        bytes.len() <= 128 || matches!(addr, Address::Unknown(_)),
        "more than the kernel takes"
    );
    let shown = addr.to_string();
    prop_assert!(
        shown.starts_with("{sa_family=") && shown.ends_with('}'),
        "{}",
        shown
    );
    // What is behind an address changes nothing; only names must not go on.
    let longer = [bytes, &[0; 64]].concat();
    match (addr, Address::parse(&longer)) {
        (Address::Unknown(_), again) => prop_assert_eq!(again, Ok(Address::Unknown(&longer))),
        (Address::Unix(unix), again) => match unix.name() {
            UnixName::Path(_) => prop_assert_eq!(again, Ok(addr)),
            _ => prop_assert_ne!(again, Ok(addr), "its length is its name's"),
        },
        (_, again) => prop_assert_eq!(again, Ok(addr)),
    }
    Ok(())
}

/// Bytes as an address, or why they are none.
fn read(bytes: &[u8]) -> Result<(), TestCaseError> {
    match Address::parse(bytes) {
        Ok(addr) => {
            let written = addr.as_bytes();
            // A path has a NUL behind it even if there was none, and addresses that may be shorter are filled up.
            let same = written.len().min(bytes.len());
            prop_assert!(matches!(addr, Address::Unix(_)) || written[..same] == bytes[..same]);
            there_and_back(addr)
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
    fn any_bytes_are_an_address_or_an_error(family in 0..48u16, bytes in vec(any::<u8>(), 0..160), known: bool) {
        read(&bytes)?;
        if known {
            read(&[&family.to_ne_bytes()[..], &bytes].concat())?;
        }
    }

    /// A length of the hardware address that mostly can be, and names that mostly end.
    #[test]
    fn nearly_addresses_are_read(
        family in prop::sample::select(vec![1u16, 17, 38]),
        halen in 0..40u8,
        zero in 0..120usize,
        bytes in vec(any::<u8>(), 10..160),
    ) {
        let mut bytes = [&family.to_ne_bytes()[..], &bytes].concat();
        bytes[11] = halen;
        if let Some(byte) = bytes.get_mut(zero.max(2)) {
            *byte = 0;
        }
        read(&bytes)?;
    }

    #[test]
    fn every_address_is_read_as_it_was_written(
        ip: SocketAddr,
        (a, b, c, d) in any::<(u32, u32, u64, u8)>(),
        flags in any::<[u8; 4]>(),
    ) {
        there_and_back(ip.into())?;
        let core = SocketAddr::try_from(Address::from(ip));
        prop_assert_eq!(core, Ok(ip));
        there_and_back(SockaddrNl::new(a, b).into())?;
        let [svm_flags, svm_zero @ ..] = flags;
        there_and_back(SockaddrVm { svm_flags, svm_zero, ..SockaddrVm::new(a, b) }.into())?;
        there_and_back(SockaddrCan::with_tp(a as i32, CanTp { rx_id: a, tx_id: b }).into())?;
        there_and_back(SockaddrCan::with_j1939(a as i32, CanJ1939 { name: c, pgn: b, addr: d }).into())?;
    }

    #[test]
    fn every_name_is_read_as_it_was_written(name in vec(any::<u8>(), 0..120), index: i32, protocol: u16) {
        let nul = name.contains(&0);
        prop_assert_eq!(UnixAddr::path(&name).is_some(), !nul && (1..=108).contains(&name.len()));
        prop_assert_eq!(UnixAddr::abstract_name(&name).is_some(), name.len() <= 107);
        prop_assert_eq!(PacketAddr::new(index, protocol, &name).is_some(), name.len() <= 32);
        prop_assert_eq!(SockaddrAlg::new(&name, b"").is_some(), !nul && name.len() <= 13);
        prop_assert_eq!(SockaddrAlg::new(b"", &name).is_some(), !nul && name.len() <= 63);
        let unix = [UnixAddr::path(&name), UnixAddr::abstract_name(&name), Some(UnixAddr::unnamed())];
        for addr in unix.into_iter().flatten() {
            there_and_back(addr.into())?;
        }
        if let Some(addr) = PacketAddr::new(index, protocol, &name) {
            there_and_back(addr.into())?;
        }
        if let Some(addr) = SockaddrAlg::new(b"a", &name) {
            there_and_back(addr.into())?;
        }
    }
}
