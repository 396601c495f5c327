//! The translation between word sizes, of any bytes.

use crate::{control, front, up_to};
use ancil::compat::Translation;
use ancil::{Abi, Error, Reader};

proofs! {
    narrow: 81,
    widen: 81,
    there_and_back: 81,
}

/// Translates any buffer into one of any size: all of it, or nothing.
fn translate(translation: Translation, to: Abi) {
    let all: [u8; 40] = control();
    let src = front(&all);
    let mut dst = [0xaa; 80];
    let size = up_to(dst.len());
    let (place, expected) = (up_to(79), translation.translated_len(src));
    match translation.translate(&mut dst[..size], src) {
        Ok(bytes) => {
            assert!(expected == Ok(bytes.len()));
            let done = bytes.len();
            assert!(Reader::new(bytes).with_abi(to).all(|raw| raw.is_ok()));
            assert!(place < done || dst[place] == 0xaa);
        }
        Err(e) => {
            let no_space = matches!(e, Error::NoSpace(e) if e.left == size && e.needed > size);
            assert!(no_space == expected.is_ok());
            assert!(dst[place] == 0xaa);
        }
    }
}

fn narrow() {
    translate(Translation::NARROW, Abi::LINUX_32);
}

fn widen() {
    translate(Translation::WIDEN, Abi::LINUX_64);
}

/// What was narrowed can be widened again, to the same messages.
fn there_and_back() {
    let all: [u8; 40] = control();
    let src = front(&all);
    let (mut narrow, mut wide) = ([0; 40], [0; 80]);
    if let Ok(narrow) = Translation::NARROW.translate(&mut narrow, src) {
        let wide = Translation::WIDEN.translate(&mut wide, narrow).unwrap();
        let mut back = Reader::new(wide).with_abi(Abi::LINUX_64);
        for raw in Reader::new(src).with_abi(Abi::LINUX_64) {
            assert!(back.next() == Some(raw));
        }
        assert!(back.next().is_none());
    }
}
