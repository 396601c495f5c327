//! Reads any bytes as IPv6 extension headers. Every option and segment lies in its header, every
//! walk ends, and what was read can be written and read again.
#![no_main]

use ancil::addr::In6Addr;
use ancil::exthdr::{
    Alignment, Ipv6Options, Ipv6OptionsWriter, RoutingHeader, RoutingType, write_routing,
};
use libfuzzer_sys::fuzz_target;

/// Reads the options, and writes those before an error where the first bytes of `plan` align them.
fn options(exact: &[u8], plan: &[u8]) {
    let Ok(options) = Ipv6Options::parse(exact) else {
        return;
    };
    let mut at = 2;
    for step in options {
        let offset = step.map_or_else(|e| e.offset, |option| option.offset);
        assert!(offset >= at);
        at = offset;
        if let Ok(option) = step {
            assert_eq!(option.data.as_ptr(), exact[offset + 2..].as_ptr());
            at = offset + 2 + option.data.len();
        }
        assert!(at <= (usize::from(exact[1]) + 1) * 8);
    }
    let mut buf = vec![0xaa; plan.len() * 64];
    let Ok(mut writer) = Ipv6OptionsWriter::new(&mut buf) else {
        return;
    };
    let mut kept = Vec::new();
    for (option, byte) in options.map_while(Result::ok).zip(plan) {
        let x = 1 << (byte & 3);
        let (y, alignment) = ((byte >> 2) % x, Alignment::new(x, (byte >> 2) % x));
        let alignment = alignment.expect("an alignment");
        if writer.put(option.ty, alignment, option.data).is_ok() {
            kept.push((option.ty, option.data, usize::from(x), usize::from(y)));
        }
    }
    let mut again = Ipv6Options::parse(writer.finish()).expect("what was written");
    for (ty, data, x, y) in kept {
        let option = again.next().expect("as many").expect("what was written");
        assert_eq!((option.ty, option.data), (ty, data));
        assert_eq!(option.offset % x, y);
    }
    assert_eq!(again.next(), None);
}

fn routing(exact: &[u8]) {
    let Ok(found) = RoutingHeader::parse(exact) else {
        return;
    };
    assert_eq!(found.bytes.as_ptr(), exact.as_ptr());
    let destination = In6Addr { octets: [9; 16] };
    let mut full = Vec::new();
    for segment in found.segments() {
        let address = segment.address(destination);
        assert_eq!(address.octets[16 - segment.suffix.len()..], *segment.suffix);
        full.push(address);
    }
    assert_eq!(found.segments().rev().count(), full.len());
    assert!(found.rest().as_ptr_range().end == found.bytes.as_ptr_range().end);
    let mut buf = vec![0xaa; 4096];
    for ty in [RoutingType::Source, RoutingType::Rpl, RoutingType::Segment] {
        if let Ok(written) = write_routing(&mut buf, ty, &full) {
            let again = RoutingHeader::parse(written).expect("what was written");
            assert!(
                again
                    .segments()
                    .filter_map(|s| s.full_address())
                    .eq(full.iter().copied())
            );
        }
    }
}

fuzz_target!(|input: (&[u8], &[u8])| {
    // An allocation of the exact size, so that the sanitizer notices a read past the end.
    let exact: Box<[u8]> = input.0.into();
    options(&exact, input.1);
    routing(&exact);
});
