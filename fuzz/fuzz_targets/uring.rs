//! Parses any bytes as the buffer of a multishot recvmsg with any spaces. What it finds lies in the
//! buffer, in order, and within the spaces.
#![no_main]

use ancil::Reader;
use ancil::uring::Multishot;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (name, control, bytes) = input;
    let exact: Box<[u8]> = bytes.into();
    let spaces = [name.into(), control.into()];
    for [name, control] in [spaces, [usize::MAX, spaces[1]], [spaces[0], usize::MAX]] {
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
