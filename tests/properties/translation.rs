//! Properties of `compat`, and of the reader of another word size.

use super::{Sent, config, message, nearly_messages};
use ancil::compat::{self, Translation};
use ancil::{
    Abi, CATALOGUE, CatalogueEntry, Key, NoSpace, RXRPC_USER_CALL_ID, Reader, SO_TIMESTAMP_OLD,
    SO_TIMESTAMPING_OLD, SO_TIMESTAMPNS_OLD,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// The word sizes between which `compat` translates, and the translation from each to the other.
const LINUX: [(Abi, Translation); 2] = [
    (Abi::LINUX_64, Translation::NARROW),
    (Abi::LINUX_32, Translation::WIDEN),
];

/// Translates `src`, and checks what `compat` promises about any bytes.
fn translate(translation: Translation, src: &[u8]) -> Result<Option<Vec<u8>>, TestCaseError> {
    let mut dst = vec![0xaa; 2 * src.len() + 1];
    let len = translation.translated_len(src);
    match translation.translate(&mut dst, src) {
        Ok(bytes) => {
            let bytes = bytes.to_vec();
            prop_assert!(bytes.len() <= 2 * src.len());
            prop_assert_eq!(len, Ok(bytes.len()));
            prop_assert!(dst[bytes.len()..].iter().all(|&byte| byte == 0xaa));
            if let Some(size) = bytes.len().checked_sub(1) {
                let mut dst = vec![0xaa; size];
                let no_space = NoSpace {
                    needed: bytes.len(),
                    left: size,
                };
                prop_assert_eq!(translation.translate(&mut dst, src), Err(no_space.into()));
                prop_assert!(dst.iter().all(|&byte| byte == 0xaa));
            }
            Ok(Some(bytes))
        }
        Err(e) => {
            prop_assert_eq!(len, Err(e));
            prop_assert!(
                dst.iter().all(|&byte| byte == 0xaa),
                "bytes were written in spite of an error"
            );
            Ok(None)
        }
    }
}

/// Translates `src` to the other word size and back. Returns whether it can be translated.
fn there_and_back(
    src: &[u8],
    (from, there): (Abi, Translation),
    family: u16,
) -> Result<bool, TestCaseError> {
    let back = match from {
        Abi::LINUX_32 => Translation::NARROW,
        _ => Translation::WIDEN,
    };
    let Some(translated) = translate(there.family(family), src)? else {
        return Ok(false);
    };
    let again = translate(back.family(family), &translated)?;
    prop_assert_eq!(again.as_deref(), Some(src), "{:?}", from);
    Ok(true)
}

/// Whether the payload of such a message consists of words, and so may not be translatable.
fn is_of_words((level, ty, _): &Sent) -> bool {
    SO_TIMESTAMP_OLD::matches(*level, *ty)
        || SO_TIMESTAMPNS_OLD::matches(*level, *ty)
        || SO_TIMESTAMPING_OLD::matches(*level, *ty)
        || RXRPC_USER_CALL_ID::matches(*level, *ty)
}

/// Lays one message out by hand, for the system `abi`.
fn laid_out_as(abi: Abi, (level, ty, payload): &Sent) -> Vec<u8> {
    let (word, len) = (abi.alignment(), abi.header_size() + payload.len());
    let mut bytes = if word == 4 {
        (len as u32).to_ne_bytes().to_vec()
    } else {
        (len as u64).to_ne_bytes().to_vec()
    };
    bytes.extend(level.to_ne_bytes());
    bytes.extend(ty.to_ne_bytes());
    bytes.extend(payload);
    bytes.resize(bytes.len().next_multiple_of(word), 0);
    bytes
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn anything_can_be_translated_or_is_refused(bytes in vec(any::<u8>(), 0..200)) {
        for (_, translation) in LINUX {
            translate(translation, &bytes)?;
        }
    }

    #[test]
    fn nearly_well_formed_bytes_can_be_translated_or_are_refused(bytes in nearly_messages()) {
        for (_, translation) in LINUX {
            translate(translation, &bytes)?;
        }
    }

    #[test]
    fn what_is_translated_can_be_translated_back(sent in vec(message(60), 0..5)) {
        for (from, translation) in LINUX {
            let src: Vec<u8> = sent.iter().flat_map(|message| laid_out_as(from, message)).collect();
            let translated = there_and_back(&src, (from, translation), 0)?;
            prop_assert!(translated || sent.iter().any(is_of_words), "bytes can be copied");
            if from == Abi::LINUX_32 {
                let mut dst = vec![0; 2 * src.len()];
                let wide = compat::widen(&mut dst, &src);
                prop_assert_eq!(wide.map(<[u8]>::len), compat::widened_len(&src));
            }
        }
    }

    #[test]
    fn a_foreign_reader_reads_what_was_laid_out(sent in vec(message(60), 0..6)) {
        for (abi, _) in LINUX {
            let src: Vec<u8> = sent.iter().flat_map(|message| laid_out_as(abi, message)).collect();
            let read: Result<Vec<Sent>, _> = Reader::new(&src)
                .with_abi(abi)
                .map(|raw| raw.map(|raw| (raw.level, raw.ty, raw.data.to_vec())))
                .collect();
            prop_assert_eq!(read.as_ref(), Ok(&sent));
        }
    }
}

/// Every row can be translated between both word sizes, with a payload of at least one length.
#[test]
#[cfg_attr(miri, ignore = "takes Miri too long")]
fn every_row_goes_there_and_back() {
    for &CatalogueEntry {
        name,
        level,
        ty,
        family,
        ..
    } in CATALOGUE
    {
        for translation in LINUX {
            // The payload is small 64-bit numbers, so that words also fit into 32 bits.
            let place = if cfg!(target_endian = "big") { 7 } else { 0 };
            let all = (0..=80).map(|len| {
                (0..len)
                    .map(|i| if i % 8 == place { 3 } else { 0 })
                    .collect()
            });
            let translated = all.filter(|payload: &Vec<u8>| {
                let src = laid_out_as(translation.0, &(level, ty, payload.clone()));
                there_and_back(&src, translation, family).unwrap()
            });
            assert_ne!(
                translated.count(),
                0,
                "{name}, {translation:?}: no length could be translated"
            );
        }
    }
}
