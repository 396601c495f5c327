//! Every buffer of up to 64 bytes whose headers hold a few lengths, levels and types, whatever the
//! number of messages.

use super::compare;
use super::model::{BOTH, End, Layout, Model, NATIVE};
use ancil::{Error, Malformed, Reader};

/// The lengths, and the levels with types, of all headers.
pub struct Alphabet<'a> {
    pub layout: Layout,
    pub lens: &'a [u64],
    pub kinds: &'a [(i32, i32)],
}

impl Alphabet<'_> {
    /// Calls `check` with every buffer of `bytes.len()` bytes. Where no header is, the bytes are
    /// those of `bytes`.
    pub fn each(&self, bytes: &mut [u8], check: &mut impl FnMut(&[u8])) {
        self.each_from(0, bytes, check);
    }

    fn each_from(&self, offset: usize, bytes: &mut [u8], check: &mut impl FnMut(&[u8])) {
        let end = offset + self.layout.header as usize;
        if end > bytes.len() {
            return check(bytes);
        }
        let before = bytes[offset..end].to_vec();
        for &len in self.lens {
            self.layout.put_len(bytes, offset, len);
            let cmsg_len = usize::try_from(len).unwrap_or(usize::MAX);
            let next = self.layout.next(offset, cmsg_len, bytes.len());
            for &kind in self.kinds {
                self.layout.put_kind(bytes, offset, kind);
                match next {
                    Some(next) => self.each_from(next, bytes, check),
                    None => check(bytes),
                }
            }
        }
        bytes[offset..end].copy_from_slice(&before);
    }
}

/// Lengths that no message of 64 bytes has; the first is one past the end of the longest buffer of
/// `cargo test`. As 32 bits, the third would be 20.
pub const TOO_LONG: [u64; 5] = [
    65,
    i64::MAX as u64 - 7,
    (1 << 32) + 20,
    u64::MAX - 7,
    u64::MAX,
];

/// `ANCIL_EXHAUST`, or a number that suits a build without optimisation.
pub fn longest(otherwise: usize) -> usize {
    match std::env::var("ANCIL_EXHAUST") {
        Ok(bytes) => bytes.parse().expect("ANCIL_EXHAUST is a number of bytes"),
        Err(_) if cfg!(miri) => 28,
        Err(_) => otherwise,
    }
}

ancil::key!(ANY_BYTES: [u8] = 7, 1);

/// The first message of a level and type is found, unless a malformed one comes before it.
fn find(bytes: &[u8]) {
    let expected = Model::new(bytes, NATIVE, End::Native).find_map(|item| match item {
        Ok(raw) => ((raw.level, raw.ty) == (7, 1)).then(|| Ok(raw.data.to_vec())),
        Err((offset, kind)) => Some(Err(Error::from(Malformed { offset, kind }))),
    });
    let got = Reader::new(bytes).get(ANY_BYTES);
    let got = got.map(|data| data.map(|data| data.iter().collect()));
    assert_eq!(got, expected.transpose(), "{bytes:?}");
}

#[test]
fn readers_of_both_word_sizes() {
    let kinds = [(7, 1), (-1, i32::MAX)];
    for (abi, layout) in BOTH {
        let header = layout.header as u64;
        let short = [0, 1, header - 1, header, header + 1, header + 4, header + 8];
        let long = [header + 16, header + 24, 48, 63, 64];
        let lens = [&short[..], &long, &TOO_LONG].concat();
        let (mut buffers, mut whole) = (0u64, 0u64);
        let alphabet = Alphabet {
            layout,
            lens: &lens,
            kinds: &kinds,
        };
        for len in 0..=longest(64) {
            alphabet.each(&mut vec![0x5a; len], &mut |bytes| {
                let reader = Reader::new(bytes);
                let model = |end| Model::new(bytes, layout, end);
                compare(reader.clone().with_abi(abi), model(End::Native), bytes);
                let lenient = reader.clone().lenient();
                compare(lenient.clone().with_abi(abi), model(End::Lenient), bytes);
                if layout.align == NATIVE.align {
                    compare(reader.clone(), model(End::Native), bytes);
                    compare(lenient, model(End::Lenient), bytes);
                    find(bytes);
                }
                buffers += 1;
                whole += u64::from(reader.with_abi(abi).all(|item| item.is_ok()));
            });
        }
        println!("reader, {abi:?}: {buffers} buffers, of which {whole} are well-formed");
        assert!(whole > buffers / 50 && (buffers > 1000 || cfg!(miri)));
    }
}
