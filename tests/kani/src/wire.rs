//! Arithmetic, stepping rule, reader and writer. The specifications compute in 128 bits.

use crate::{any, control, front, up_to};
use ancil::{Abi, MalformedKind, NoSpace, Raw, Reader, SCM_CREDENTIALS, Writer};

proofs! {
    sizes: 1,
    next: 1,
    check: 1,
    reader: 6,
    lenient_reader: 6,
    reader_of_32_bits: 6,
    key: 6,
    writer: 33,
}

/// A word size, its header and its word.
fn abi() -> (Abi, u128, u128) {
    if any() {
        (Abi::LINUX_64, 16, 8)
    } else {
        (Abi::LINUX_32, 12, 4)
    }
}

fn rounded_up(n: usize, word: u128) -> u128 {
    (n as u128 + word - 1) & !(word - 1)
}

fn saturated(n: u128) -> usize {
    n.min(usize::MAX as u128) as usize
}

/// `CMSG_ALIGN`, `CMSG_LEN` and `CMSG_SPACE` of any number.
fn sizes() {
    let ((abi, header, word), n) = (abi(), any::<usize>());
    let aligned = rounded_up(n, word);
    assert_eq!(abi.cmsg_align(n), saturated(aligned));
    assert_eq!(abi.cmsg_len(n), saturated(header + n as u128));
    assert_eq!(abi.cmsg_space(n), saturated(header + aligned));
}

/// `CMSG_NXTHDR` of any three numbers.
fn next() {
    let (abi, header, word) = abi();
    let (offset, cmsg_len): (usize, usize) = (any(), any());
    let next = offset as u128 + rounded_up(cmsg_len, word);
    // Half of the buffers end near the next header.
    let controllen = if any() {
        saturated(next).wrapping_add(up_to(40))
    } else {
        any()
    };
    let fits = cmsg_len as u128 >= header && next + header <= controllen as u128;
    let expected = if fits { Some(next as usize) } else { None };
    assert_eq!(abi.next(offset, cmsg_len, controllen), expected);
}

/// `CMSG_OK` of any two numbers.
fn check() {
    let ((abi, header, _), cmsg_len, left) = (abi(), any::<usize>(), any::<usize>());
    match abi.check(cmsg_len, left) {
        Ok(()) => assert!(cmsg_len as u128 >= header && cmsg_len <= left),
        Err(MalformedKind::TooShort { .. }) => assert!((cmsg_len as u128) < header),
        Err(_) => assert!(cmsg_len as u128 >= header && cmsg_len > left),
    }
}

/// Any walk lies in its buffer, goes forward by at least a header, and ends.
fn walk<'a, E>(
    mut all: impl Iterator<Item = Result<Raw<'a>, E>>,
    bytes: &'a [u8],
    header: usize,
    word: usize,
) {
    let mut earliest = 0;
    while let Some(item) = all.next() {
        let Ok(raw) = item else {
            assert!(all.next().is_none());
            return;
        };
        assert!(raw.offset >= earliest && raw.offset % word == 0);
        let start = raw.offset + header;
        assert!(start <= bytes.len() && raw.data.len() <= bytes.len() - start);
        assert!(raw.data.as_ptr() == bytes[start..].as_ptr());
        earliest = start + raw.data.len();
    }
}

fn reader() {
    let all: [u8; 48] = control();
    let (bytes, word) = (front(&all), size_of::<usize>());
    walk(Reader::new(bytes), bytes, word + 8, word);
}

fn lenient_reader() {
    let all: [u8; 48] = control();
    let (bytes, word) = (front(&all), size_of::<usize>());
    walk(Reader::new(bytes).lenient(), bytes, word + 8, word);
}

fn reader_of_32_bits() {
    let all: [u8; 48] = control();
    let bytes = front(&all);
    walk(Reader::new(bytes).with_abi(Abi::LINUX_32), bytes, 12, 4);
}

/// A key decodes the first of its messages, or says why it cannot.
fn key() {
    let all: [u8; 48] = control();
    let bytes = front(&all);
    let found = Reader::new(bytes).get(SCM_CREDENTIALS);
    let (level, ty) = (ancil::level::SOL_SOCKET, 2);
    for item in Reader::new(bytes) {
        match item {
            Ok(raw) if (raw.level, raw.ty) == (level, ty) => {
                return assert_eq!(found.is_ok(), raw.data.len() == 12);
            }
            Ok(_) => {}
            Err(_) => return assert!(found.is_err()),
        }
    }
    assert!(found == Ok(None));
}

/// Two messages in a buffer of any size are written whole or not at all, and read back.
fn writer() {
    let (payload, word): ([u8; 9], usize) = (any(), size_of::<usize>());
    let (first, second) = (front(&payload), front(&payload));
    let mut memory = [0xaa; 72];
    let size = up_to(memory.len());
    let mut writer = Writer::new(&mut memory[..size]);
    let mut written = 0;
    let mut kept = [None, None];
    for (i, data) in [first, second].into_iter().enumerate() {
        let needed = word + 8 + rounded_up(data.len(), word as u128) as usize;
        let left = size - written;
        let put = writer.put_raw(7, i as i32, data);
        if needed <= left {
            assert!(put.is_ok());
            written += needed;
            kept[i] = Some(data);
        } else {
            assert!(put == Err(NoSpace { needed, left }.into()));
        }
        assert!(writer.len() == written);
    }
    let control = writer.finish().as_bytes();
    assert!(control.len() == written);
    let mut reader = Reader::new(control);
    for (i, data) in kept.into_iter().enumerate() {
        if let Some(data) = data {
            let raw = reader.next().unwrap().unwrap();
            assert!((raw.level, raw.ty) == (7, i as i32) && raw.data == data);
        }
    }
    assert!(reader.next().is_none());
    // Any one of the bytes that are left.
    let place = up_to(71);
    assert!(place < written || memory[place] == 0xaa);
}
