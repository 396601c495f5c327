//! Translates any bytes, as control messages of each ABI, to the other.
//!
//! A translation writes all or nothing, has the length that was announced, and can be read as
//! messages.
#![no_main]

use ancil::compat::{Translation, narrow, narrowed_len, widen, widened_len};
use ancil::{Abi, Error, PayloadError, Raw, Reader};
use ancil_fuzz::{c, parts};
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

/// Returns what C returns for this result.
fn status(result: Result<usize, Error>) -> isize {
    match result {
        Ok(len) => len as isize,
        Err(Error::NoSpace(_)) => -105,
        Err(Error::Malformed(_)) => -22,
        Err(Error::BadPayload(e)) if e.cause == PayloadError::Value => -34,
        Err(_) => -74,
    }
}

/// Asserts that the functions of C write and return the same.
fn in_c(src: &[u8], size: usize) {
    let (data, len) = parts(src);
    let room = || vec![0xaa; size].into_boxed_slice();
    let (mut wide, mut narrowed) = (room(), room());
    // SAFETY: the buffers have these sizes, and do not overlap.
    let written = unsafe {
        assert_eq!(
            c::ancil_compat_widened_len(data, len),
            status(widened_len(src))
        );
        assert_eq!(
            c::ancil_compat_narrowed_len(data, len),
            status(narrowed_len(src))
        );
        [
            c::ancil_compat_widen(wide.as_mut_ptr().cast(), size, data, len),
            c::ancil_compat_narrow(narrowed.as_mut_ptr().cast(), size, data, len),
        ]
    };
    let (mut as_wide, mut as_narrow) = (room(), room());
    let expected = [
        status(widen(&mut as_wide, src).map(<[u8]>::len)),
        status(narrow(&mut as_narrow, src).map(<[u8]>::len)),
    ];
    assert_eq!((written, wide, narrowed), (expected, as_wide, as_narrow));
}

/// Asserts that what was translated can be translated back, to the same messages.
fn there_and_back(src: &[u8]) {
    fn messages(bytes: &[u8], abi: Abi) -> impl Iterator<Item = Raw<'_>> {
        Reader::new(bytes).with_abi(abi).flatten()
    }
    let (mut there, mut back) = (vec![0; 2 * src.len()], vec![0; 2 * src.len() + 6]);
    if let Ok(wide) = widen(&mut there, src) {
        let again = narrow(&mut back, wide).expect("it was narrow before");
        assert!(messages(again, Abi::LINUX_32).eq(messages(src, Abi::LINUX_32)));
    }
    if let Ok(narrowed) = narrow(&mut there, src) {
        let again = widen(&mut back, narrowed).expect("it was wide before");
        // The last message may have had no padding, so only the messages are compared.
        let payload = |raw: Raw<'_>| (raw.level, raw.ty, raw.data.to_vec());
        let (again, src) = (messages(again, Abi::LINUX_64), messages(src, Abi::LINUX_64));
        assert!(again.map(payload).eq(src.map(payload)));
    }
}

fuzz_target!(|bytes: &[u8]| {
    let exact: Box<[u8]> = bytes.into();
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
    assert_eq!(
        widened_len(&exact),
        Translation::WIDEN.translated_len(&exact)
    );
    assert_eq!(
        narrowed_len(&exact),
        Translation::NARROW.translated_len(&exact)
    );
    for size in [0, 24, exact.len(), 2 * exact.len()] {
        in_c(&exact, size);
    }
    there_and_back(&exact);
});
