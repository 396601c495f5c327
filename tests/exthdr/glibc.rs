//! Comparison with `inet6_opt_*` and `inet6_rth_*` of glibc: RFC 3542 sections 7 and 10.

use super::{Plan, config, write};
use ancil::addr::In6Addr;
use ancil::exthdr::{
    Alignment, Ipv6Options, RoutingHeader, RoutingType, options_len, routing_len, write_routing,
};
use proptest::collection::vec;
use proptest::prelude::*;
use std::ffi::{c_int, c_void};
use std::ptr::{null, null_mut};

unsafe extern "C" {
    fn inet6_opt_init(extbuf: *mut c_void, extlen: u32) -> c_int;
    fn inet6_opt_append(
        extbuf: *mut c_void,
        extlen: u32,
        offset: c_int,
        ty: u8,
        len: u32,
        align: u8,
        databuf: *mut *mut c_void,
    ) -> c_int;
    fn inet6_opt_finish(extbuf: *mut c_void, extlen: u32, offset: c_int) -> c_int;
    fn inet6_opt_next(
        extbuf: *const c_void,
        extlen: u32,
        offset: c_int,
        ty: *mut u8,
        len: *mut u32,
        databuf: *mut *const c_void,
    ) -> c_int;
    fn inet6_rth_space(ty: c_int, segments: c_int) -> u32;
    fn inet6_rth_init(bp: *mut c_void, len: u32, ty: c_int, segments: c_int) -> *mut c_void;
    fn inet6_rth_add(bp: *mut c_void, addr: *const In6Addr) -> c_int;
    fn inet6_rth_reverse(from: *const c_void, to: *mut c_void) -> c_int;
    fn inet6_rth_segments(bp: *const c_void) -> c_int;
    fn inet6_rth_getaddr(bp: *const c_void, index: c_int) -> *const In6Addr;
}

/// Writes options with glibc: their types, what the data are aligned to, and the data. A null `buf`
/// only counts the bytes.
fn append(buf: Option<&mut [u8]>, options: &[(u8, u8, Vec<u8>)]) -> usize {
    let (buf, len) = match buf {
        Some(buf) => (buf.as_mut_ptr().cast(), buf.len() as u32),
        None => (null_mut(), 0),
    };
    // SAFETY: `buf` is null or has `len` bytes, which nothing else accesses. glibc writes within
    // them, and `data` leads to `len` bytes in them if it is not null.
    unsafe {
        let mut offset = inet6_opt_init(buf, len);
        for (ty, align, data) in options {
            let (mut to, size) = (null_mut(), data.len() as u32);
            offset = inet6_opt_append(buf, len, offset, *ty, size, *align, &mut to);
            if !to.is_null() {
                to.cast::<u8>()
                    .copy_from_nonoverlapping(data.as_ptr(), data.len());
            }
        }
        usize::try_from(inet6_opt_finish(buf, len, offset)).expect("a length")
    }
}

/// Reads the options of a header with glibc: the type and data of each.
fn next(header: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let (mut offset, mut all) = (0, Vec::new());
    loop {
        let (mut ty, mut len, mut data) = (0, 0, null());
        let header = (header.as_ptr().cast(), header.len() as u32);
        // SAFETY: `header` has as many bytes, and holds whole options, as our writer makes them.
        offset =
            unsafe { inet6_opt_next(header.0, header.1, offset, &mut ty, &mut len, &mut data) };
        if offset < 0 {
            return all;
        }
        // SAFETY: glibc found `len` bytes at `data` in the header.
        let data = unsafe { std::slice::from_raw_parts(data.cast::<u8>(), len as usize) };
        all.push((ty, data.to_vec()));
    }
}

proptest! {
    #![proptest_config(config())]

    /// glibc aligns data to no more than their length.
    #[test]
    fn options_are_glibcs(
        options in vec((2..=255u8, 0..4u32, vec(any::<u8>(), 1..40)), 0..12),
    ) {
        let options: Vec<_> = options
            .into_iter()
            .map(|(ty, power, data)| (ty, 1 << power.min(data.len().ilog2()), data))
            .collect();
        let plans: Vec<Plan> = options
            .iter()
            .map(|(ty, align, data)| (*ty, Alignment::of_data(*align).unwrap(), data.clone()))
            .collect();
        let sizes: Vec<_> = plans.iter().map(|(_, a, data)| (*a, data.len())).collect();
        let len = options_len(&sizes);
        prop_assert_eq!(append(None, &options), len);
        let (mut ours, mut theirs) = (vec![0; len], vec![0; len]);
        prop_assert_eq!(write(&plans, &mut ours), Ok(len));
        prop_assert_eq!(append(Some(&mut theirs), &options), len);
        prop_assert_eq!(&ours, &theirs);
        let read: Vec<_> = Ipv6Options::parse(&theirs)
            .unwrap()
            .map(|option| option.unwrap())
            .map(|option| (option.ty, option.data.to_vec()))
            .collect();
        prop_assert_eq!(read, next(&ours));
    }

    #[test]
    fn routing_headers_are_glibcs(octets in vec(any::<[u8; 16]>(), 0..20)) {
        let segments: Vec<_> = octets.iter().map(|octets| In6Addr { octets: *octets }).collect();
        let (n, len) = (segments.len() as c_int, routing_len(segments.len()));
        let (mut ours, mut theirs, mut reversed) = (vec![0; len], vec![0; len], vec![0; len]);
        write_routing(&mut ours, RoutingType::Source, &segments).unwrap();
        let (bp, to) = (theirs.as_mut_ptr().cast(), reversed.as_mut_ptr().cast());
        // SAFETY: both buffers have the bytes of a header with `n` segments, which glibc writes.
        unsafe {
            prop_assert_eq!(inet6_rth_space(0, n) as usize, len);
            prop_assert!(!inet6_rth_init(bp, len as u32, 0, n).is_null());
            for segment in &segments {
                prop_assert_eq!(inet6_rth_add(bp, segment), 0);
            }
            prop_assert_eq!(inet6_rth_segments(bp), n);
            prop_assert_eq!(inet6_rth_reverse(bp, to), 0);
        }
        prop_assert_eq!(&ours, &theirs);
        let read = RoutingHeader::parse(&theirs).unwrap().segments();
        for (i, segment) in read.enumerate() {
            // SAFETY: `bp` is a header with more than `i` segments. In6Addr has the layout of
            // in6_addr, and an alignment of 1.
            let theirs = unsafe { *inet6_rth_getaddr(bp, i as c_int) };
            prop_assert_eq!(segment.full_address(), Some(theirs));
        }
        let back: Vec<_> = read.rev().filter_map(|segment| segment.full_address()).collect();
        write_routing(&mut ours, RoutingType::Source, &back).unwrap();
        prop_assert_eq!(&ours, &reversed);
    }
}
