//! `compat` against a translation that follows its documentation message by message.

use super::model::{BOTH, End, Layout, Model};
use super::small_alphabet::{Alphabet, TOO_LONG, longest};
use ancil::compat::Translation;
use ancil::{
    BadPayload, Error, Key, Lengths, Malformed, NoSpace, PayloadError, RXRPC_USER_CALL_ID, Raw,
    SO_TIMESTAMP_OLD, SO_TIMESTAMPING_OLD,
};

const PLAIN: (i32, i32) = (7, 1);
const TIME: (i32, i32) = (SO_TIMESTAMP_OLD::LEVEL, SO_TIMESTAMP_OLD::TYPE);
const TIMES: (i32, i32) = (SO_TIMESTAMPING_OLD::LEVEL, SO_TIMESTAMPING_OLD::TYPE);
const CALL: (i32, i32) = (RXRPC_USER_CALL_ID::LEVEL, RXRPC_USER_CALL_ID::TYPE);

/// The words of a payload, as many as the message must have, and whether they have a sign. `None`
/// if the payload does not consist of words.
fn words(raw: &Raw<'_>) -> Option<(usize, bool)> {
    match (raw.level, raw.ty) {
        TIME => Some((2, true)),
        TIMES if raw.data.len() != 4 => Some((6, true)),
        CALL => Some((1, false)),
        _ => None,
    }
}

/// Returns one word in the other size.
fn translated_word(word: &[u8], signed: bool) -> Option<Vec<u8>> {
    if let Ok(narrow) = <[u8; 4]>::try_from(word) {
        let (number, unsigned) = (i32::from_ne_bytes(narrow), u32::from_ne_bytes(narrow));
        let wide = if signed {
            i128::from(number)
        } else {
            i128::from(unsigned)
        };
        return Some((wide as u64).to_ne_bytes().to_vec());
    }
    let wide: [u8; 8] = word.try_into().unwrap();
    let narrow = if signed {
        i32::try_from(i64::from_ne_bytes(wide)).ok()?.to_ne_bytes()
    } else {
        u32::try_from(u64::from_ne_bytes(wide)).ok()?.to_ne_bytes()
    };
    Some(narrow.to_vec())
}

fn translated(src: &[u8], from: Layout, to: Layout) -> Result<Vec<u8>, Error> {
    let end = if from.align == 4 {
        End::Compat
    } else {
        End::Native
    };
    let mut out = Vec::new();
    for item in Model::new(src, from, end) {
        let raw = item.map_err(|(offset, kind)| Malformed { offset, kind })?;
        let bad = |cause| BadPayload {
            level: raw.level,
            ty: raw.ty,
            offset: raw.offset,
            len: raw.data.len(),
            cause,
        };
        let payload = match words(&raw) {
            None => raw.data.to_vec(),
            Some((count, signed)) => {
                let expected = count * from.align as usize;
                if raw.data.len() != expected {
                    return Err(bad(PayloadError::Length(Lengths::Exactly(expected))).into());
                }
                let all = raw.data.chunks(from.align as usize);
                let all: Option<Vec<_>> = all.map(|word| translated_word(word, signed)).collect();
                all.ok_or_else(|| bad(PayloadError::Value))?.concat()
            }
        };
        let (start, header) = (out.len(), to.header as usize);
        out.resize(start + header, 0);
        to.put_len(&mut out, start, (header + payload.len()) as u64);
        to.put_kind(&mut out, start, (raw.level, raw.ty));
        out.extend(payload);
        out.resize(to.align(out.len() as u128) as usize, 0);
    }
    Ok(out)
}

/// Translates into each size of buffer that matters: too small by one, exact, too large.
fn compare(translation: Translation, src: &[u8], expected: &Result<Vec<u8>, Error>) {
    let len = expected.as_ref().map(Vec::len).map_err(|e| *e);
    assert_eq!(translation.translated_len(src), len, "{src:?}");
    let exact = len.unwrap_or(2 * src.len());
    for size in [exact.checked_sub(1), Some(exact), Some(exact + 3)] {
        let Some(size) = size else { continue };
        let (left, mut dst, mut want) = (size, vec![0xaa; size], vec![0xaa; size]);
        let expected = match expected {
            Ok(bytes) if bytes.len() > size => Err(Error::from(NoSpace {
                needed: bytes.len(),
                left,
            })),
            Ok(bytes) => {
                want[..bytes.len()].copy_from_slice(bytes);
                Ok(bytes.len())
            }
            Err(e) => Err(*e),
        };
        let got = translation.translate(&mut dst, src).map(<[u8]>::len);
        assert_eq!(got, expected, "{translation:?} {src:?}");
        assert_eq!(dst, want, "{translation:?} {src:?}");
    }
}

#[test]
fn every_buffer_is_translated_or_refused_as_documented() {
    let kinds = [PLAIN, TIME, TIMES, CALL];
    let translations = [Translation::NARROW, Translation::WIDEN];
    for (i, translation) in translations.into_iter().enumerate() {
        let ((abi, from), (_, to)) = (BOTH[i], BOTH[1 - i]);
        let (header, word) = (from.header as u64, from.align as u64);
        let short = [0, header - 1, header, header + 1, header + 4, header + 8];
        let long = [header + 2 * word, header + 6 * word];
        let mut lens = [&short[..], &long, &TOO_LONG].concat();
        lens.dedup();
        let alphabet = Alphabet {
            layout: from,
            lens: &lens,
            kinds: &kinds,
        };
        // Numbers that fit into 32 bits, that fit only if they have a sign, and that do not fit.
        let mut with_words = 0u64;
        for fill in [0, 0xff, 0x80] {
            let (mut buffers, mut done) = (0u64, 0u64);
            for len in 0..=longest(if i == 0 { 64 } else { 48 }) {
                alphabet.each(&mut vec![fill; len], &mut |src| {
                    let expected = translated(src, from, to);
                    compare(translation, src, &expected);
                    buffers += 1;
                    if expected.is_ok() {
                        done += 1;
                        let mut all = Model::new(src, from, End::Native);
                        with_words += u64::from(all.any(|raw| words(&raw.unwrap()).is_some()));
                    }
                });
            }
            println!("from {abi:?}, filled with {fill:#04x}: {buffers} buffers, {done} translated");
            assert!(done > 100 || cfg!(miri));
        }
        println!("from {abi:?}: {with_words} of those translated hold words");
        assert!(with_words > 100 || cfg!(miri));
    }
}
