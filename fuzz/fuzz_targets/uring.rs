//! Parses any bytes as the buffer of a multishot recvmsg with any spaces. What it finds lies in the
//! buffer, in order, and within the spaces, and C finds the same.
#![no_main]

use ancil::Reader;
use ancil::uring::Multishot;
use ancil_fuzz::{c, parts};
use libfuzzer_sys::fuzz_target;
use std::mem::MaybeUninit;

/// Asserts that the function of C finds the same.
fn in_c(buffer: &mut [u8], [name, control]: [usize; 2]) {
    let mut found = MaybeUninit::uninit();
    let (data, len) = (buffer.as_mut_ptr().cast(), buffer.len());
    // SAFETY: `data` and `len` are those of a slice.
    let status = unsafe { c::ancil_uring_parse(data, len, name, control, found.as_mut_ptr()) };
    let Ok(expected) = Multishot::new(name, control).parse(buffer) else {
        assert_eq!(status, -90); // -EMSGSIZE
        return;
    };
    assert_eq!(status, 0);
    // SAFETY: the function returned 0, so it has written to `found`.
    let found: c::UringMessage = unsafe { found.assume_init() };
    assert_eq!((found.name, found.name_size), parts(expected.name));
    assert_eq!(
        (found.control.cast_const(), found.controllen),
        parts(expected.control)
    );
    assert_eq!((found.payload, found.payload_size), parts(expected.payload));
    assert_eq!(found.namelen, expected.name_len);
    assert_eq!(found.payloadlen, expected.payload_len);
    assert_eq!(found.flags, expected.flags.bits());
}

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (name, control, bytes) = input;
    let mut exact: Box<[u8]> = bytes.into();
    let spaces = [name.into(), control.into()];
    for [name, control] in [spaces, [usize::MAX, spaces[1]], [spaces[0], usize::MAX]] {
        in_c(&mut exact, [name, control]);
        let shot = Multishot::new(name, control);
        let start = shot.buffer_len(0);
        match shot.parse(&exact) {
            Err(e) => assert!(exact.len() < start && e.needed == start),
            Ok(found) => {
                assert!(exact.len() >= start && found.name.len() <= name.min(found.name_len));
                assert!(found.control.len() <= control);
                assert_eq!(found.name.as_ptr(), exact[16..].as_ptr());
                assert_eq!(found.control.as_ptr(), exact[16 + name..].as_ptr());
                assert_eq!(found.payload.as_ptr(), exact[start..].as_ptr());
                assert!(found.payload.len() <= found.payload_len.min(exact.len() - start));
                assert!(Reader::new(found.control).count() <= control / 8);
            }
        }
    }
});
