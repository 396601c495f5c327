//! The writer, for every size of buffer at every distance from an aligned address.

use super::HEADER;
use super::model::NATIVE;
use ancil::{Error, NoSpace, Reader, Writer};

/// Bytes of payload.
const LENS: &[usize] = if cfg!(miri) {
    &[0, 5]
} else {
    &[0, 1, 3, 4, 5, 7, 8, 9, 17]
};

const PAYLOAD: [u8; 17] = *b"0123456789abcdefg";

/// Space for three messages and a byte, at every offset from an aligned address.
#[repr(align(16))]
struct Memory([u8; 3 * (HEADER + 24) + 1 + 8]);

/// One message, laid out by hand.
fn laid_out(kind: (i32, i32), len: usize) -> Vec<u8> {
    let mut bytes = vec![0; HEADER];
    NATIVE.put_len(&mut bytes, 0, (HEADER + len) as u64);
    NATIVE.put_kind(&mut bytes, 0, kind);
    bytes.extend(&PAYLOAD[..len]);
    bytes.resize(HEADER + NATIVE.align(len as u128) as usize, 0);
    bytes
}

/// Puts every message into `size` bytes at `align`. Those that fit are there and are read back,
/// the others leave no trace. Returns how many did not fit.
fn write(lens: &[usize], size: usize, align: usize) -> u64 {
    let (mut memory, mut expected) = (Memory([0xaa; _]), Memory([0xaa; _]));
    let (mut at, mut kept, mut refused) = (align, Vec::new(), 0);
    let mut writer = Writer::new(&mut memory.0[align..align + size]);
    for (i, &len) in lens.iter().enumerate() {
        let kind = (7 + i as i32, -1 - len as i32);
        let (message, left) = (laid_out(kind, len), align + size - at);
        let put = writer.put_raw(kind.0, kind.1, &PAYLOAD[..len]);
        if message.len() <= left {
            assert_eq!(put, Ok(()));
            expected.0[at..at + message.len()].copy_from_slice(&message);
            at += message.len();
            kept.push((kind, len));
        } else {
            let needed = message.len();
            assert_eq!(put, Err(Error::from(NoSpace { needed, left })));
            refused += 1;
        }
        assert_eq!(writer.len(), at - align);
    }
    let control = writer.finish().as_bytes();
    let read = Reader::new(control).map(|raw| {
        let raw = raw.unwrap();
        assert_eq!(raw.data, &PAYLOAD[..raw.data.len()]);
        ((raw.level, raw.ty), raw.data.len())
    });
    assert!(read.eq(kept), "{lens:?} in {size} bytes");
    assert_eq!(control.len(), at - align);
    assert_eq!(memory.0, expected.0, "{lens:?} in {size} bytes at {align}");
    refused
}

#[test]
fn every_size_of_buffer_at_every_alignment() {
    let (mut buffers, mut refused) = (0u64, 0);
    let mut try_all = |lens: &[usize]| {
        let total: usize = lens.iter().map(|len| laid_out((0, 0), *len).len()).sum();
        for size in 0..=total + 1 {
            for align in 0..8 {
                refused += write(lens, size, align);
                buffers += 1;
            }
        }
    };
    try_all(&[]);
    for &a in LENS {
        try_all(&[a]);
        for &b in LENS {
            try_all(&[a, b]);
            // A third message of each length, after which the two before it may be refused.
            for &c in LENS {
                try_all(&[a, b, c]);
            }
        }
    }
    println!("writer: {buffers} buffers; {refused} messages did not fit");
    assert!(refused > 0 && (buffers > 100_000 || cfg!(miri)));
}
