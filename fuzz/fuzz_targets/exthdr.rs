//! Reads any bytes as IPv6 extension headers. Every option and segment lies in its header, every
//! walk ends, what was read can be written and read again, and C does the same.
#![no_main]

use ancil::addr::In6Addr;
use ancil::exthdr::{
    Alignment, Ipv6Options, Ipv6OptionsWriter, RoutingHeader, RoutingType, write_routing,
};
use ancil_fuzz::{c, parts};
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
    let written = writer.finish();
    write_options_in_c(plan.len() * 64, written, &kept);
    let mut again = Ipv6Options::parse(written).expect("what was written");
    for (ty, data, x, y) in kept {
        let option = again.next().expect("as many").expect("what was written");
        assert_eq!((option.ty, option.data), (ty, data));
        assert_eq!(option.offset % x, y);
    }
    assert_eq!(again.next(), None);
}

/// Asserts that C reads the options that Rust reads, and finds each by its type.
fn options_in_c(exact: &[u8]) {
    let ((data, len), mut offset, mut found) = (parts(exact), 0, c::Opt::NONE);
    let mut next = || {
        // SAFETY: `data` and `len` are those of a slice.
        let status = unsafe { c::ancil_opt_next(data, len, &mut offset, &mut found) };
        (status, found)
    };
    let Ok(options) = Ipv6Options::parse(exact) else {
        assert_eq!(next().0, -74); // -EBADMSG
        return;
    };
    for step in options {
        let (status, found) = next();
        let Ok(option) = step else {
            assert_eq!(status, -74);
            continue;
        };
        assert_eq!(
            (status, found.ty, (found.data, found.len)),
            (1, option.ty, parts(option.data))
        );
        let (expected, mut found) = (options.get(option.ty), c::Opt::NONE);
        let expected = expected
            .expect("no error before it")
            .expect("the option or another");
        // SAFETY: `data` and `len` are those of a slice.
        assert_eq!(
            unsafe { c::ancil_opt_find(data, len, option.ty, &mut found) },
            1
        );
        assert_eq!((found.data, found.len), parts(expected.data));
    }
    assert_eq!(next().0, 0);
}

/// Asserts that C writes the same header.
fn write_options_in_c(size: usize, expected: &[u8], kept: &[(u8, &[u8], usize, usize)]) {
    let mut buf = vec![0xaa; size].into_boxed_slice();
    let mut w = c::OptWriter::default();
    // SAFETY: `buf` has `size` bytes, and each option's data is a slice.
    let len = unsafe {
        assert_eq!(
            c::ancil_opt_writer_init(&mut w, buf.as_mut_ptr().cast(), size),
            0
        );
        for (ty, option, x, y) in kept {
            let (data, len) = parts(option);
            let put = c::ancil_opt_writer_put(&mut w, *ty, *x as u8, *y as u8, data, len);
            assert_eq!(put, 0);
        }
        c::ancil_opt_writer_finish(&w)
    };
    assert_eq!(&buf[..len], expected);
}

/// Asserts that C reads the segments that Rust reads, and writes the same header.
fn routing_in_c(exact: &[u8], ty: RoutingType, full: &[In6Addr]) {
    let (data, len) = parts(exact);
    let destination = In6Addr { octets: [9; 16] };
    let mut address = In6Addr::default();
    let found = RoutingHeader::parse(exact);
    // SAFETY: `data` and `len` are those of a slice.
    unsafe {
        let count = found.map_or(-74, |found| found.segments().len() as i32);
        assert_eq!(c::ancil_rth_segments(data, len), count);
        let mut segment = |i| c::ancil_rth_segment(data, len, i, &destination, &mut address);
        assert_eq!(segment(usize::MAX), count.min(0));
        assert_eq!(segment(full.len()), count.min(0));
        for (i, expected) in full.iter().enumerate() {
            let status = c::ancil_rth_segment(data, len, i, &destination, &mut address);
            assert_eq!((status, address), (1, *expected));
        }
    }
    let size = 16 * full.len() + 8;
    let (mut buf, mut expected) = (vec![0xaa; size].into_boxed_slice(), vec![0xaa; size]);
    let (segments, n) = (full.as_ptr(), full.len());
    // SAFETY: `buf` has `size` bytes, and `segments` has `n` elements.
    let status = unsafe {
        c::ancil_rth_write(
            buf.as_mut_ptr().cast(),
            size,
            (ty as u8).into(),
            segments,
            n,
        )
    };
    assert_eq!(write_routing(&mut expected, ty, full).is_ok(), status == 0);
    assert_eq!(*buf, *expected);
}

fn routing(exact: &[u8]) {
    let Ok(found) = RoutingHeader::parse(exact) else {
        return routing_in_c(exact, RoutingType::Source, &[]);
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
        routing_in_c(exact, ty, &full);
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
    options_in_c(&exact);
    routing(&exact);
});
