//! Prints any bytes as control messages, for a socket of any family.
//!
//! The text of C is the front of the text of Rust for every size of the output. A dump shows every
//! byte once.
#![no_main]

use ancil::{DisplayControl, Message, Reader};
use ancil_fuzz::{assert_printed, c, parts, printed_len};
use libfuzzer_sys::fuzz_target;

/// Returns the bytes that a dump shows: those in base 16 after the offset of each line.
fn dumped(dump: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in dump.lines() {
        assert_eq!(line[..6], format!("0x{:04x}", bytes.len()));
        let digits = &line[8..line.len().min(8 + 3 * 8 - 1)];
        let pairs = digits.split(' ').take_while(|pair| !pair.is_empty());
        bytes.extend(pairs.map(|pair| u8::from_str_radix(pair, 16).expect("base 16")));
    }
    bytes
}

fuzz_target!(|bytes: &[u8]| {
    // Longer buffers have longer texts, but no other ones.
    let exact: Box<[u8]> = bytes[..bytes.len().min(600)].into();
    let text = DisplayControl::new(&exact).to_string();
    let (data, len) = parts(&exact);
    assert_printed(text.as_bytes(), |out, size| {
        // SAFETY: `out` has room for `size` bytes, and `data` and `len` are those of a slice.
        unsafe { c::ancil_format(out, size, data, len) }
    });
    let messages = Reader::new(&exact).count();
    assert!(text.is_ascii() && text.matches("cmsg_len=").count() >= messages);
    for raw in Reader::new(&exact).flatten() {
        // Bluetooth, IEEE 802.15.4 and ISDN have messages of their own at level 0.
        for family in [0, 2, 31, 34, 36, u16::MAX] {
            let message = Message::parse(family, raw);
            let payload = message.to_string();
            assert!(printed_len(format_args!("{message:?}")) > 0);
            assert!(payload.is_ascii() && !payload.is_empty());
        }
    }
    for family in [0, 31, 34, 36] {
        let shown = DisplayControl::new(&exact).family(family);
        assert_eq!(dumped(&format!("{shown:#}")), *exact);
        assert_eq!(
            shown.to_string().matches(", cmsg_type=").count(),
            text.matches(", cmsg_type=").count()
        );
    }
});
