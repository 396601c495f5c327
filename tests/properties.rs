//! Properties of reader, writer and payloads, for arbitrary messages and arbitrary bytes.

use ancil::{
    CATALOGUE, CmsgHdr, Error, Key, Lengths, Message, NoSpace, PayloadError, Raw, Reader,
    SCM_RIGHTS, Writer, message_name,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

#[macro_use]
#[path = "catalogue_columns.rs"]
mod catalogue_columns;

#[path = "properties/addresses.rs"]
mod addresses;
#[path = "properties/translation.rs"]
mod translation;

const HEADER: usize = size_of::<CmsgHdr>();
const WORD: usize = size_of::<usize>();

/// Level, type and payload of a message.
type Sent = (i32, i32, Vec<u8>);

/// Space for a buffer at any offset from an aligned address.
#[repr(align(16))]
struct Memory([u8; 2048]);

/// Checks that every key decodes only its own message, and decodes it as `Message` does.
macro_rules! define_get_with_every_key {
    ($($NAME:ident $Variant:ident;)+) => {
        fn get_with_every_key(raw: Raw<'_>) -> Result<(), TestCaseError> {
            let mut entries = CATALOGUE.iter();
            $({
                let entry = entries.next().unwrap();
                let got = raw.get(ancil::$NAME);
                let own = ancil::$NAME.is(&raw);
                prop_assert_eq!(own, (entry.level, entry.ty) == (raw.level, raw.ty));
                prop_assert_eq!(matches!(got, Ok(None)), !own);
                if let Err(e) = got {
                    let found = (e.level, e.ty, e.offset, e.len);
                    prop_assert_eq!(found, (raw.level, raw.ty, raw.offset, raw.data.len()));
                    prop_assert!(!e.to_string().is_empty());
                }
                let message = Message::parse(entry.family, raw);
                let decoded = matches!(message, Message::$Variant(_));
                prop_assert_eq!(decoded, matches!(got, Ok(Some(_))), "{}", entry.name);
                if let Err(e) = got {
                    prop_assert_eq!(message, Message::BadPayload { raw, error: e });
                }
            })+
            Ok(())
        }
    };
}

catalogue!(keys_of define_get_with_every_key;);

/// Computes `CMSG_ALIGN` by counting.
fn padded(mut n: usize) -> usize {
    while !n.is_multiple_of(WORD) {
        n += 1;
    }
    n
}

/// Lays one message out by hand.
fn laid_out((level, ty, payload): &Sent) -> Vec<u8> {
    let mut bytes = (HEADER + payload.len()).to_ne_bytes().to_vec();
    bytes.extend(level.to_ne_bytes());
    bytes.extend(ty.to_ne_bytes());
    bytes.extend(payload);
    bytes.resize(HEADER + padded(payload.len()), 0);
    bytes
}

/// Puts a message, and checks that `put_raw` refuses it exactly if it names descriptors or memory.
fn put(writer: &mut Writer<'_>, level: i32, ty: i32, payload: &[u8]) -> Result<(), NoSpace> {
    let names = (level, ty) == (SCM_RIGHTS::LEVEL, SCM_RIGHTS::TYPE)
        || level == ancil::level::SOL_RDS && ![2, 12].contains(&ty);
    match writer.put_raw(level, ty, payload) {
        Err(Error::Unborrowed(e)) => {
            assert!(names);
            assert_eq!((e.level, e.ty, e.offset), (level, ty, writer.len()));
            // SAFETY: nobody sends the messages of these tests.
            unsafe { writer.put_raw_unchecked(level, ty, payload) }
        }
        Err(Error::NoSpace(e)) => Err(e),
        result => {
            assert!(!names);
            result.map_err(|e| panic!("{e}"))
        }
    }
}

/// Writes `sent` into `size` bytes at `align`, and checks that exactly the messages that fit are
/// written and read back.
fn write_and_read(sent: &[Sent], align: usize, size: usize) -> Result<(), TestCaseError> {
    let mut memory = Memory([0xaa; 2048]);
    let (mut expected, mut kept) = (Vec::new(), Vec::new());
    let mut writer = Writer::new(&mut memory.0[align..align + size]);
    for message in sent {
        let (bytes, left) = (laid_out(message), size - expected.len());
        let put = put(&mut writer, message.0, message.1, &message.2);
        if bytes.len() <= left {
            prop_assert_eq!(put, Ok(()));
            expected.extend(bytes);
            kept.push(message);
        } else {
            prop_assert_eq!(
                put,
                Err(NoSpace {
                    needed: bytes.len(),
                    left
                })
            );
        }
        prop_assert_eq!(writer.len(), expected.len());
    }
    let control = writer.finish().as_bytes();
    prop_assert_eq!(control, expected.as_slice());
    let read: Result<Vec<Sent>, _> = Reader::new(control)
        .map(|raw| raw.map(|raw| (raw.level, raw.ty, raw.data.to_vec())))
        .collect();
    prop_assert!(read.is_ok_and(|read| read.iter().eq(kept)));
    // The bytes that no message takes are unchanged.
    let end = align + expected.len();
    prop_assert!(
        memory.0[..align]
            .iter()
            .chain(&memory.0[end..])
            .all(|&byte| byte == 0xaa)
    );
    Ok(())
}

/// Reads `bytes` and checks what the reader promises about any bytes.
fn read_anything(bytes: &[u8], lenient: bool) -> Result<(), TestCaseError> {
    let mut reader = if lenient {
        Reader::new(bytes).lenient()
    } else {
        Reader::new(bytes)
    };
    let (mut earliest, mut steps, mut failed) = (0, 0, false);
    for item in reader.by_ref() {
        steps += 1;
        prop_assert!(steps <= bytes.len() / HEADER + 1, "too many steps");
        prop_assert!(!failed, "an error must be the last item");
        match item {
            Ok(raw) => {
                prop_assert!(raw.offset >= earliest, "the reader must go forward");
                let start = raw.data.as_ptr() as usize - bytes.as_ptr() as usize;
                prop_assert_eq!(start, raw.offset + HEADER);
                prop_assert!(start + raw.data.len() <= bytes.len());
                earliest = start + raw.data.len();
                prop_assert!(!Message::from(raw).to_string().is_empty());
            }
            Err(e) => {
                prop_assert!(e.offset >= earliest && e.offset + HEADER <= bytes.len());
                prop_assert!(!e.to_string().is_empty());
                failed = true;
            }
        }
    }
    prop_assert_eq!(reader.next(), None);
    prop_assert!(reader.offset() <= bytes.len() && bytes.len() - reader.offset() < HEADER);
    Ok(())
}

/// Generates any level and type, half of the time those of a row of the catalogue.
fn kind() -> impl Strategy<Value = (i32, i32)> {
    prop_oneof![
        any::<(i32, i32)>(),
        prop::sample::select(CATALOGUE).prop_map(|row| (row.level, row.ty))
    ]
}

fn message(longest: usize) -> impl Strategy<Value = Sent> {
    (kind(), vec(any::<u8>(), 0..=longest)).prop_map(|((level, ty), payload)| (level, ty, payload))
}

/// Generates headers whose lengths are mostly valid, each followed by any bytes.
fn nearly_messages() -> impl Strategy<Value = Vec<u8>> {
    let len =
        prop_oneof![8 => HEADER..HEADER + 40, 1 => 0..HEADER, 1 => usize::MAX - 40..=usize::MAX];
    let one = (len, message(40)).prop_map(|(len, sent)| {
        let mut bytes = laid_out(&sent);
        bytes[..WORD].copy_from_slice(&len.to_ne_bytes());
        bytes.resize(HEADER + padded(len.clamp(HEADER, HEADER + 40) - HEADER), 0);
        bytes
    });
    (vec(one, 0..6), any::<prop::sample::Index>()).prop_map(|(all, cut)| {
        let mut bytes = all.concat();
        bytes.truncate(cut.index(bytes.len() + 1).max(bytes.len() / 2));
        bytes
    })
}

fn config() -> Config {
    Config {
        cases: if cfg!(miri) { 4 } else { 512 },
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_written_is_read_back_at_every_alignment(
        sent in vec(message(200), 0..8),
        size in any::<prop::sample::Index>(),
    ) {
        let total: usize = sent.iter().map(|message| laid_out(message).len()).sum();
        for align in 0..8 {
            write_and_read(&sent, align, size.index(total + 17))?;
            write_and_read(&sent, align, total)?;
        }
    }

    #[test]
    fn what_is_written_is_read_back_from_every_buffer_size(
        sent in vec(message(20), 0..4),
        align in 0..8usize,
    ) {
        let total: usize = sent.iter().map(|message| laid_out(message).len()).sum();
        for size in 0..=total + 8 {
            write_and_read(&sent, align, size)?;
        }
    }

    #[test]
    fn any_bytes_can_be_read(bytes in vec(any::<u8>(), 0..300), lenient: bool) {
        read_anything(&bytes, lenient)?;
    }

    #[test]
    fn nearly_well_formed_bytes_can_be_read(bytes in nearly_messages(), lenient: bool) {
        read_anything(&bytes, lenient)?;
    }

    #[test]
    fn every_message_read_can_be_written_again(sent in vec(message(60), 0..8)) {
        let bytes: Vec<u8> = sent.iter().flat_map(laid_out).collect();
        let mut again = vec![0xaa; bytes.len()];
        let mut writer = Writer::new(&mut again);
        for raw in Reader::new(&bytes) {
            let raw = raw.unwrap();
            prop_assert_eq!(put(&mut writer, raw.level, raw.ty, raw.data), Ok(()));
        }
        prop_assert_eq!(writer.finish().as_bytes(), bytes.as_slice());
    }

    #[test]
    fn a_message_that_is_not_decoded_is_kept((level, ty, data) in message(64), offset: usize) {
        let raw = Raw { level, ty, offset, data: &data };
        let known = message_name(level, ty).is_some();
        let kept = match Message::from(raw) {
            Message::Unknown(kept) => {
                prop_assert!(!known);
                kept
            }
            Message::BadPayload { raw: kept, error } => {
                prop_assert!(known);
                prop_assert_eq!((error.level, error.ty), (level, ty));
                prop_assert_eq!((error.offset, error.len), (offset, data.len()));
                kept
            }
            _ => {
                prop_assert!(known);
                return Ok(());
            }
        };
        prop_assert_eq!(kept, raw);
        prop_assert_eq!(kept.data.as_ptr(), data.as_ptr());
    }

    #[test]
    fn every_key_takes_only_its_own_message((level, ty) in kind(), bytes in vec(any::<u8>(), 64)) {
        for len in 0..=bytes.len() {
            get_with_every_key(Raw::new(level, ty, &bytes[..len]))?;
        }
    }
}

#[test]
fn a_plain_payload_has_exactly_its_own_size() {
    ancil::key!(WIDE: u128 = 7, 1);
    for len in 0..=64 {
        let raw = Raw {
            level: 7,
            ty: 1,
            offset: 24,
            data: &[0x5a; 64][..len],
        };
        let cause = PayloadError::Length(Lengths::Exactly(16));
        let expected = if len == 16 {
            Ok(Some(0x5a5a_5a5a_5a5a_5a5a_5a5a_5a5a_5a5a_5a5a))
        } else {
            Err((24, len, cause))
        };
        assert_eq!(
            raw.get(WIDE).map_err(|e| (e.offset, e.len, e.cause)),
            expected
        );
    }
}

/// A struct needs no crate but ancil to become a payload: this package does not depend on zerocopy.
#[test]
fn a_struct_derives_its_traits_from_the_zerocopy_of_ancil() {
    use ancil::zerocopy::{FromBytes, Immutable, IntoBytes};

    #[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, Immutable)]
    #[zerocopy(crate = "ancil::zerocopy")]
    #[repr(C)]
    struct Seat {
        row: u32,
        number: u32,
    }
    ancil::key!(SEAT: Seat = 0x5345, 1);
    ancil::key!(SEATS: [Seat] = 0x5345, 2);

    let (one, all) = (Seat { row: 1, number: 2 }, [Seat { row: 3, number: 4 }; 2]);
    let mut buffer = [0; 128];
    let mut writer = Writer::new(&mut buffer);
    writer.put(SEAT, one).unwrap();
    writer.put(SEATS, &all).unwrap();
    let control = writer.finish();
    assert_eq!(control.reader().get(SEAT), Ok(Some(one)));
    let seats = control.reader().get(SEATS).unwrap().unwrap();
    assert!(seats.into_iter().eq(all));
}

#[test]
#[cfg_attr(miri, ignore = "takes Miri too long")]
fn every_row_decodes_payloads_of_every_length() {
    for byte in [0, 1, 0x7f, 0x80, 0xff] {
        for row in CATALOGUE {
            for len in 0..=64 {
                get_with_every_key(Raw::new(row.level, row.ty, &[byte; 64][..len])).unwrap();
            }
        }
    }
}
