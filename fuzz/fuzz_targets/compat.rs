//! Translates any bytes, as control messages of each ABI, to the other.
//!
//! A translation writes all or nothing, has the length that was announced, and can be read as
//! messages.
#![no_main]

use ancil::addr::Address;
use ancil::compat::{Translation, narrow, widen};
use ancil::{Abi, Error, Reader};
use libfuzzer_sys::fuzz_target;

const ABIS: [Abi; 2] = [Abi::LINUX_64, Abi::LINUX_32];

fn check(translation: Translation, to: Abi, src: &[u8]) {
    let Ok(len) = translation.translated_len(src) else {
        return;
    };
    let mut dst = vec![0xaa; len];
    let done = translation
        .translate(&mut dst, src)
        .expect("a buffer of the announced length")
        .len();
    assert_eq!(done, len);
    let there = Reader::new(&dst)
        .with_abi(to)
        .inspect(|step| assert!(step.is_ok(), "{step:?}"))
        .count();
    assert!(there <= len / 12);
    if let Some((_, short)) = dst.split_first_mut() {
        short.fill(0xaa);
        let refused = translation.translate(short, src);
        assert!(matches!(refused, Err(Error::NoSpace(_))), "{refused:?}");
        assert!(short.iter().all(|byte| *byte == 0xaa));
    }
}

fuzz_target!(|bytes: &[u8]| {
    let exact: Box<[u8]> = bytes.into();
    if let Ok(address) = Address::parse(&exact) {
        let _ = address.to_string();
        assert_eq!(Address::parse(address.as_bytes()).as_ref(), Ok(&address));
    }
    let translations = [Translation::NARROW, Translation::WIDEN];
    for (i, (from, translation)) in ABIS.into_iter().zip(translations).enumerate() {
        let walked = Reader::new(&exact)
            .with_abi(from)
            .take(exact.len() + 1)
            .count();
        assert!(walked <= exact.len() / 12 + 1);
        for family in [0, 1, 31] {
            check(translation.family(family), ABIS[1 - i], &exact);
        }
    }
    // What was widened can be narrowed again, to the same messages.
    let (mut there, mut back) = (vec![0; 2 * exact.len()], vec![0; exact.len() + 3]);
    if let Ok(wide) = widen(&mut there, &exact) {
        let again = narrow(&mut back, wide).expect("it was narrow before");
        let messages = |bytes| Reader::new(bytes).with_abi(Abi::LINUX_32).flatten();
        assert!(messages(again).eq(messages(&exact)));
    }
});
