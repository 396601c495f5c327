//! Compares reader, writer and `compat` with naive models, for every small buffer and every length.
//!
//! The models follow the kernel's rules, but compute with 128 bits, so that nothing in them can
//! wrap. Each test prints how many cases it compared: `cargo test -p ancil-tests --test exhaustive
//! -- --nocapture`. `ci/exhaust.sh` sets ANCIL_EXHAUST, the longest buffer of the tests that take
//! longest; by default, that is shorter.

use ancil::{Abi, CmsgHdr, Malformed, Raw, Reader};
use model::{BOTH, End, Model, NATIVE};

#[path = "exhaustive/compat.rs"]
mod compat;
#[path = "exhaustive/model.rs"]
mod model;
#[path = "exhaustive/small_alphabet.rs"]
mod small_alphabet;
#[path = "exhaustive/writer.rs"]
mod writer;

const HEADER: usize = size_of::<CmsgHdr>();
/// Miri is slow.
const LONGEST: usize = if cfg!(miri) { 24 } else { 80 };

/// Lengths next to every point where arithmetic in a machine word, or in half of one, would wrap.
const EXTREMES: [usize; 20] = [
    usize::MAX,
    usize::MAX - 1,
    usize::MAX - 3,
    usize::MAX - 4,
    usize::MAX - 6,
    usize::MAX - 7,
    usize::MAX - 8,
    usize::MAX - 11,
    usize::MAX - 12,
    usize::MAX - 15,
    usize::MAX - 16,
    usize::MAX - 20,
    usize::MAX - 23,
    usize::MAX - 24,
    usize::MAX - 40,
    usize::MAX - 80,
    isize::MAX as usize,
    isize::MAX as usize + 1,
    u32::MAX as usize,
    u32::MAX as usize - 20,
];

fn lengths() -> impl Iterator<Item = usize> + Clone {
    (0..=if cfg!(miri) { 32 } else { 96 }).chain(EXTREMES)
}

/// Walks `bytes` with a reader and with the model, to the end and one step further.
fn compare<'a>(
    mut reader: impl Iterator<Item = Result<Raw<'a>, Malformed>>,
    mut model: Model<'a>,
    bytes: &'a [u8],
) {
    let header = model.layout.header as usize;
    loop {
        let expected = model.next();
        let got = reader
            .next()
            .map(|item| item.map_err(|e| (e.offset, e.kind)));
        assert_eq!(got, expected, "{:?}, {bytes:?}", model.end);
        if let Some(Ok(raw)) = got {
            assert_eq!(
                raw.data.as_ptr(),
                bytes[raw.offset + header..].as_ptr(),
                "the data must be a slice of the buffer itself"
            );
        }
        if got.is_none() {
            break;
        }
    }
    assert_eq!(reader.next(), None, "the reader must not resume");
}

/// Compares both readers of this machine's word size.
fn compare_native(bytes: &[u8]) {
    let model = |end| Model::new(bytes, NATIVE, end);
    compare(Reader::new(bytes), model(End::Native), bytes);
    compare(Reader::new(bytes).lenient(), model(End::Lenient), bytes);
}

/// Tries every length in the header at `offset`, and in those that follow it, up to `depth`
/// headers. Returns the number of buffers.
fn every_chain(bytes: &mut [u8], offset: usize, depth: usize) -> u64 {
    let Some(header) = bytes.get_mut(offset..offset + HEADER) else {
        compare_native(bytes);
        return 1;
    };
    let before: [u8; HEADER] = (&*header).try_into().unwrap();
    NATIVE.put_kind(bytes, offset, (depth as i32, -1 - offset as i32));
    let mut buffers = 0;
    for cmsg_len in lengths() {
        NATIVE.put_len(bytes, offset, cmsg_len as u64);
        match NATIVE.next(offset, cmsg_len, bytes.len()) {
            Some(next) if depth > 1 => buffers += every_chain(bytes, next, depth - 1),
            _ => {
                compare_native(bytes);
                buffers += 1;
            }
        }
    }
    bytes[offset..offset + HEADER].copy_from_slice(&before);
    buffers
}

/// Space for the longest buffer at every offset from an aligned address.
#[repr(align(16))]
struct Aligned([u8; LONGEST + 8]);

/// Tries every buffer of up to `LONGEST` bytes at the offsets given. The headers under test are
/// followed by `fill` bytes, which read as a header of length 0 or of a huge length.
fn every_buffer(depth: usize, fill: u8, offsets: impl Fn(usize) -> std::ops::Range<usize>) {
    let mut buffers = 0;
    for len in 0..=LONGEST {
        for offset in offsets(len) {
            let mut memory = Aligned([fill; LONGEST + 8]);
            buffers += every_chain(&mut memory.0[offset..offset + len], 0, depth);
        }
    }
    println!("reader, {depth} headers of any length, before {fill:#04x}: {buffers} buffers");
}

#[test]
fn reader_with_one_header() {
    every_buffer(1, 0, |_| 0..8);
    every_buffer(1, 0xff, |_| 0..8);
}

#[test]
fn reader_with_two_headers() {
    every_buffer(2, 0, |_| 0..8);
}

#[test]
fn reader_with_three_headers() {
    // One of the eight offsets per length: half a million walks instead of four million.
    every_buffer(3, 0xff, |len| len % 8..len % 8 + 1);
}

#[test]
fn next_and_check_of_every_abi() {
    let offsets = (0..=LONGEST + 8).chain(EXTREMES);
    for (abi, layout) in BOTH.into_iter().chain([(Abi::NATIVE, NATIVE)]) {
        // A chain of headers is a sequence of such steps, so this covers chains of any length.
        for offset in offsets.clone() {
            for cmsg_len in lengths() {
                for controllen in (0..=LONGEST).chain(EXTREMES) {
                    let (got, expected) = (
                        abi.next(offset, cmsg_len, controllen),
                        layout.next(offset, cmsg_len, controllen),
                    );
                    assert_eq!(
                        got, expected,
                        "{abi:?}: next({offset}, {cmsg_len}, {controllen})"
                    );
                }
            }
        }
        for cmsg_len in lengths() {
            for left in lengths() {
                assert_eq!(
                    abi.check(cmsg_len, left),
                    layout.check(cmsg_len, left),
                    "{abi:?}"
                );
            }
        }
    }
}

#[test]
fn the_macros_saturate_where_the_true_value_does_not_fit() {
    let clamp = |n: u128| usize::try_from(n).unwrap_or(usize::MAX);
    for (abi, layout) in BOTH {
        for n in (0..=300)
            .chain(usize::MAX - 300..=usize::MAX)
            .chain(EXTREMES)
        {
            let wide = n as u128;
            assert_eq!(
                abi.cmsg_align(n),
                clamp(layout.align(wide)),
                "{abi:?}: align({n})"
            );
            assert_eq!(
                abi.cmsg_len(n),
                clamp(layout.header + wide),
                "{abi:?}: len({n})"
            );
            // In cmsg_space, the aligned payload may already exceed a machine word.
            let space = layout.header + clamp(layout.align(wide)) as u128;
            assert_eq!(abi.cmsg_space(n), clamp(space), "{abi:?}: space({n})");
        }
    }
}
