//! Compares the stepping rule and the reader with a naive model, for every small buffer and every
//! length.
//!
//! The model follows the kernel's rule, but computes with 128 bits, so that nothing in it can wrap.

use ancil::{Abi, CmsgHdr, MalformedKind, Raw, Reader};

const HEADER: usize = size_of::<CmsgHdr>();
const WORD: usize = size_of::<usize>();
const LONGEST: usize = 80;

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
    (0..=96).chain(EXTREMES)
}

/// `sizeof (struct cmsghdr)`, `CMSG_LEN(0)` and the alignment of one system, from its headers.
#[derive(Clone, Copy)]
struct Layout {
    header: u128,
    data: u128,
    align: u128,
}

const NATIVE: Layout = Layout {
    header: WORD as u128 + 8,
    data: WORD as u128 + 8,
    align: WORD as u128,
};

impl Layout {
    fn align(self, n: u128) -> u128 {
        n.div_ceil(self.align) * self.align
    }

    fn next(self, offset: usize, cmsg_len: usize, controllen: usize) -> Option<usize> {
        let next = offset as u128 + self.align(cmsg_len as u128);
        let whole = next + self.header <= controllen as u128;
        (cmsg_len as u128 >= self.data && whole).then_some(next as usize)
    }

    fn check(self, cmsg_len: usize, left: usize) -> Result<(), MalformedKind> {
        if (cmsg_len as u128) < self.data {
            return Err(MalformedKind::TooShort { cmsg_len });
        }
        if cmsg_len as u128 > left as u128 {
            return Err(MalformedKind::PastEnd { cmsg_len, left });
        }
        Ok(())
    }
}

/// A reader whose only state is its position.
struct Model<'a> {
    bytes: &'a [u8],
    /// The offset of the next header. `None` at the end.
    at: Option<usize>,
    lenient: bool,
}

impl<'a> Model<'a> {
    fn next(&mut self) -> Option<Result<Raw<'a>, (usize, MalformedKind)>> {
        let offset = self.at.take()?;
        let rest = &self.bytes[offset..];
        if rest.len() < HEADER {
            return None;
        }
        let mut cmsg_len = usize::from_ne_bytes(rest[..WORD].try_into().unwrap());
        let level = i32::from_ne_bytes(rest[WORD..WORD + 4].try_into().unwrap());
        let ty = i32::from_ne_bytes(rest[WORD + 4..HEADER].try_into().unwrap());
        match NATIVE.check(cmsg_len, rest.len()) {
            Err(_) if self.lenient && cmsg_len == 0 => return None,
            Err(MalformedKind::PastEnd { .. }) if self.lenient => cmsg_len = rest.len(),
            Err(kind) => return Some(Err((offset, kind))),
            Ok(()) => {}
        }
        self.at = NATIVE.next(offset, cmsg_len, self.bytes.len());
        Some(Ok(Raw {
            level,
            ty,
            offset,
            data: &rest[HEADER..cmsg_len],
        }))
    }
}

/// Walks `bytes` with the reader and with the model, to the end and one step further.
fn compare(bytes: &[u8]) {
    for lenient in [false, true] {
        let mut model = Model {
            bytes,
            at: Some(0),
            lenient,
        };
        let mut reader = if lenient {
            Reader::new(bytes).lenient()
        } else {
            Reader::new(bytes)
        };
        loop {
            let expected = model.next();
            let got = reader
                .next()
                .map(|item| item.map_err(|e| (e.offset, e.kind)));
            assert_eq!(got, expected, "lenient: {lenient}, {bytes:?}");
            if let Some(Ok(raw)) = got {
                assert_eq!(
                    raw.data.as_ptr(),
                    bytes[raw.offset + HEADER..].as_ptr(),
                    "the data must be a slice of the buffer itself"
                );
            }
            if got.is_none() {
                break;
            }
        }
        assert_eq!(reader.next(), None, "the reader must not resume");
    }
}

/// Tries every length in the header at `offset`, and in those that follow it, up to `depth`
/// headers.
fn every_chain(bytes: &mut [u8], offset: usize, depth: usize) {
    let Some(header) = bytes.get_mut(offset..offset + HEADER) else {
        return compare(bytes);
    };
    let before: [u8; HEADER] = (&*header).try_into().unwrap();
    header[WORD..WORD + 4].copy_from_slice(&(depth as i32).to_ne_bytes());
    header[WORD + 4..].copy_from_slice(&(-1 - offset as i32).to_ne_bytes());
    for cmsg_len in lengths() {
        bytes[offset..offset + WORD].copy_from_slice(&cmsg_len.to_ne_bytes());
        match NATIVE.next(offset, cmsg_len, bytes.len()) {
            Some(next) if depth > 1 => every_chain(bytes, next, depth - 1),
            _ => compare(bytes),
        }
    }
    bytes[offset..offset + HEADER].copy_from_slice(&before);
}

/// Space for the longest buffer at every offset from an aligned address.
#[repr(align(16))]
struct Aligned([u8; LONGEST + 8]);

/// Tries every buffer of up to `LONGEST` bytes at the offsets given. The headers under test are
/// followed by `fill` bytes, which read as a header of length 0 or of a huge length.
fn every_buffer(depth: usize, fill: u8, offsets: impl Fn(usize) -> std::ops::Range<usize>) {
    for len in 0..=LONGEST {
        for offset in offsets(len) {
            let mut memory = Aligned([fill; LONGEST + 8]);
            every_chain(&mut memory.0[offset..offset + len], 0, depth);
        }
    }
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
    let layouts = [
        (Abi::NATIVE, NATIVE),
        (
            Abi::LINUX_64,
            Layout {
                header: 16,
                data: 16,
                align: 8,
            },
        ),
        (
            Abi::LINUX_32,
            Layout {
                header: 12,
                data: 12,
                align: 4,
            },
        ),
    ];
    let offsets = (0..=LONGEST + 8).chain(EXTREMES);
    for (abi, layout) in layouts {
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
    let layouts = [
        (
            Abi::LINUX_64,
            Layout {
                header: 16,
                data: 16,
                align: 8,
            },
        ),
        (
            Abi::LINUX_32,
            Layout {
                header: 12,
                data: 12,
                align: 4,
            },
        ),
    ];
    let clamp = |n: u128| usize::try_from(n).unwrap_or(usize::MAX);
    for (abi, layout) in layouts {
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
                clamp(layout.data + wide),
                "{abi:?}: len({n})"
            );
            // In cmsg_space, the aligned payload may already exceed a machine word.
            let space = layout.data + clamp(layout.align(wide)) as u128;
            assert_eq!(abi.cmsg_space(n), clamp(space), "{abi:?}: space({n})");
        }
    }
}
