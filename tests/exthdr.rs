//! IPv6 extension headers: any bytes are a header or an error, and what is written is the same as
//! what glibc's `inet6_opt_*` and `inet6_rth_*` write.

use ancil::addr::In6Addr;
use ancil::exthdr::{
    Alignment, Ipv6Options, Ipv6OptionsWriter, Malformed, RoutingHeader, RoutingType, WriteError,
    options_len, routing_len, write_routing,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

#[cfg(target_env = "gnu")]
#[path = "exthdr/glibc.rs"]
mod glibc;

/// An option to write: its type, x and y of its alignment, and its data.
type Plan = (u8, Alignment, Vec<u8>);

fn config() -> Config {
    Config {
        cases: 2048,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..Config::default()
    }
}

/// Generates bytes like those of a header: small numbers, and a length that often fits.
fn headers() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![3 => 0..8u8, 1 => any::<u8>()];
    (0..6u8, vec(byte, 0..64)).prop_map(|(hdrlen, mut bytes)| {
        if let Some(len) = bytes.get_mut(1) {
            *len = hdrlen;
        }
        bytes
    })
}

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let alignment = (0..4u32, any::<u8>()).prop_map(|(power, y)| {
        let x = 1 << power;
        Alignment::new(x, y % x).expect("an alignment")
    });
    vec((2..=255u8, alignment, vec(any::<u8>(), 0..40)), 0..12)
}

/// Checks that the options of a header lie in it, one after another, and that what is left out is
/// padding.
fn check_options(bytes: &[u8]) -> Result<(), TestCaseError> {
    let options = match Ipv6Options::parse(bytes) {
        Ok(options) => options,
        Err(Malformed { offset, .. }) => {
            let hdrlen = bytes.get(1).copied().unwrap_or(0);
            prop_assert!(offset == 0 && bytes.len() < (usize::from(hdrlen) + 1) * 8);
            return Ok(());
        }
    };
    let header = &bytes[..(usize::from(bytes[1]) + 1) * 8];
    let (mut at, mut failed) = (2, false);
    for step in options {
        prop_assert!(!failed, "an error is the last item");
        let offset = match step {
            Ok(option) => option.offset,
            Err(e) => e.offset,
        };
        while at < offset {
            prop_assert!(header[at] <= 1, "padding");
            at += if header[at] == 0 {
                1
            } else {
                2 + usize::from(header[at + 1])
            };
        }
        prop_assert_eq!(at, offset);
        match step {
            Ok(option) => {
                prop_assert!(option.ty > 1 && header[at] == option.ty);
                prop_assert_eq!(&header[at + 2..][..option.data.len()], option.data);
                prop_assert_eq!(usize::from(header[at + 1]), option.data.len());
                prop_assert!(options.get(option.ty).unwrap().unwrap().offset <= at);
                at += 2 + option.data.len();
            }
            Err(e) => {
                let past = header
                    .get(at + 1)
                    .is_none_or(|len| at + 2 + usize::from(*len) > header.len());
                prop_assert!(past && !e.to_string().is_empty());
                failed = true;
            }
        }
    }
    Ok(())
}

fn check_routing(bytes: &[u8]) -> Result<(), TestCaseError> {
    match RoutingHeader::parse(bytes) {
        Ok(found) => {
            let len = found.bytes.len();
            prop_assert_eq!(found.bytes, &bytes[..(usize::from(bytes[1]) + 1) * 8]);
            let known = RoutingType::new(found.header.r#type).is_some();
            let segments = found.segments();
            prop_assert!(!known || usize::from(found.header.segments_left) <= segments.len());
            let listed: usize = segments.map(|segment| segment.suffix.len()).sum();
            let front = if known { 8 } else { 4 };
            prop_assert_eq!(front + listed + found.rest().len(), len);
            let mut back: Vec<_> = segments.rev().collect();
            back.reverse();
            prop_assert!(segments.eq(back));
            prop_assert!((0..segments.len()).all(|i| segments.get(i) == segments.clone().nth(i)));
        }
        Err(e) => prop_assert!(e.offset < 8 && !e.to_string().is_empty()),
    }
    Ok(())
}

/// Writes a header, and checks each error.
fn write(plans: &[Plan], buf: &mut [u8]) -> Result<usize, WriteError> {
    let mut writer = Ipv6OptionsWriter::new(buf)?;
    for (ty, alignment, data) in plans {
        writer.put(*ty, *alignment, data)?;
    }
    Ok(writer.finish().len())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes_are_a_header_or_an_error(bytes in vec(any::<u8>(), 0..300), like in headers()) {
        for bytes in [&bytes[..], &like] {
            check_options(bytes)?;
            check_routing(bytes)?;
        }
        for ty in [0, 2, 3, 4] {
            let mut header = like.clone();
            if let Some(at) = header.get_mut(2) {
                *at = ty;
            }
            check_routing(&header)?;
        }
    }

    #[test]
    fn options_are_read_as_they_were_written(plans in plans()) {
        let sizes: Vec<_> = plans.iter().map(|(_, a, data)| (*a, data.len())).collect();
        let len = options_len(&sizes);
        let mut buf = vec![0xaa; len + 5];
        prop_assert_eq!(write(&plans, &mut buf), Ok(len));
        prop_assert_eq!(&buf[len..], [0xaa; 5]);
        check_options(&buf)?;
        let read: Result<Vec<_>, _> = Ipv6Options::parse(&buf).unwrap().collect();
        let read = read.unwrap();
        let read = read.iter().map(|option| (option.ty, option.data));
        prop_assert!(read.eq(plans.iter().map(|(ty, _, data)| (*ty, &data[..]))));
        prop_assert!(write(&plans, &mut vec![0; len - 1]).is_err());
    }

    #[test]
    fn segments_are_read_as_they_were_written(octets in vec(any::<[u8; 16]>(), 1..8)) {
        let segments: Vec<_> = octets.iter().map(|octets| In6Addr { octets: *octets }).collect();
        let mut buf = vec![0; routing_len(segments.len())];
        for ty in [RoutingType::Source, RoutingType::Rpl, RoutingType::Segment] {
            write_routing(&mut buf, ty, &segments).unwrap();
            check_routing(&buf)?;
            let read = RoutingHeader::parse(&buf).unwrap();
            prop_assert!(read.segments().filter_map(|s| s.full_address()).eq(segments.clone()));
        }
    }
}

#[cfg(not(target_env = "gnu"))]
#[test]
#[ignore = "only glibc has inet6_opt_* and inet6_rth_*"]
fn glibc_writes_and_reads_the_same() {}
