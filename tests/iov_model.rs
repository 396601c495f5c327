//! Compares the I/O vector engine with a model, which holds the vectors' bytes in one flat `Vec`,
//! over random pieces, offsets and lengths, and over every way to cut a few bytes into vectors.
//! Every random case has a fixed seed, so that failures repeat.

use ancil::iov;
use ancil::{IoVec, IoVecMut};

#[path = "iov_model/checks.rs"]
mod checks;
#[path = "iov_model/every_cut.rs"]
mod every_cut;

/// How many cases of each operation are tried.
const CASES: u64 = if cfg!(miri) { 50 } else { 20_000 };

/// The SplitMix64 generator.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number less than `n`.
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// Returns a number up to `n`, often 0, 1, `n` or a neighbour of it, sometimes a huge one.
    fn about(&mut self, n: usize) -> usize {
        match self.below(12) {
            0 => 0,
            1 => 1,
            2 => n,
            3 => n + 1,
            4 => n.saturating_sub(1),
            5 => usize::MAX - self.below(2),
            _ => self.below(n + 1),
        }
    }

    /// Returns up to 7 pieces of up to 70 bytes, many of them empty. There are only few byte
    /// values, so that comparisons get far.
    fn pieces(&mut self) -> Vec<Vec<u8>> {
        let values = 1 + self.below(3);
        let piece = |r: &mut Self| {
            let longest = [0, 1, 20, 70][r.below(4)];
            let len = r.below(longest + 1);
            (0..len).map(|_| r.below(values) as u8).collect()
        };
        let n = self.below(8);
        (0..n).map(|_| piece(self)).collect()
    }

    fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| self.next() as u8).collect()
    }
}

/// Returns vectors of the pieces. Some empty ones have another address, which must not matter.
fn vectors(pieces: &[Vec<u8>]) -> Vec<IoVec<'_>> {
    let each = pieces.iter().enumerate();
    each.map(|(i, piece)| {
        if piece.is_empty() && i % 2 == 0 {
            IoVec::default()
        } else {
            piece.into()
        }
    })
    .collect()
}

fn vectors_mut(pieces: &mut [Vec<u8>]) -> Vec<IoVecMut<'_>> {
    pieces.iter_mut().map(IoVecMut::from).collect()
}

/// Returns up to `bytes` bytes of `flat`, from `offset` on.
fn range(flat: &[u8], offset: usize, bytes: usize) -> &[u8] {
    let rest = flat.get(offset..).unwrap_or_default();
    &rest[..bytes.min(rest.len())]
}

fn flat<V: iov::Vector>(vectors: &[V]) -> Vec<u8> {
    vectors
        .iter()
        .flat_map(|vector| vector.iter().copied())
        .collect()
}

/// Runs a check many times, each with its own random numbers.
#[track_caller]
fn cases(mut check: impl FnMut(&mut Random)) {
    for case in 0..CASES {
        let run = std::panic::AssertUnwindSafe(|| check(&mut Random(case)));
        if let Err(e) = std::panic::catch_unwind(run) {
            eprintln!("in case {case}");
            std::panic::resume_unwind(e);
        }
    }
}

#[test]
fn gather() {
    cases(|r| {
        let pieces = r.pieces();
        let n = pieces.concat().len();
        checks::gather(&pieces, r.about(n), r.below(n + 9), r.about(n));
    });
}

#[test]
fn scatter_and_fill() {
    cases(|r| {
        let mut pieces = r.pieces();
        let n = pieces.concat().len();
        let (offset, count) = (r.about(n), r.below(n + 9));
        checks::scatter(&mut pieces, offset, &r.bytes(count));
        checks::fill(&mut pieces, r.about(n), r.about(n));
    });
}

#[test]
fn copy() {
    cases(|r| {
        let (mut pieces, source) = (r.pieces(), r.pieces());
        let (n, bytes) = (pieces.concat().len(), source.concat().len());
        let (to_offset, from_offset) = (r.about(n), r.about(bytes));
        checks::copy(&mut pieces, &source, to_offset, from_offset, r.about(bytes));
    });
}

#[test]
fn compare_find_and_is_zero() {
    let mut orders = [0; 3];
    cases(|r| {
        let (a, mut b) = (r.pieces(), r.pieces());
        let a_flat = a.concat();
        if r.below(2) == 0 {
            // The same bytes in other pieces, except perhaps for one byte.
            let mut bytes = a_flat.clone();
            let n = bytes.len();
            if n > 0 && r.below(2) == 0 {
                bytes[r.below(n)] = r.below(3) as u8;
            }
            let cut = r.below(n + 1);
            b = vec![bytes[..cut].to_vec(), vec![], bytes[cut..].to_vec()];
        } else if r.below(2) == 0 {
            // The same pieces, except perhaps for one byte.
            b.clone_from(&a);
            let i = r.below(b.len().max(1));
            if let Some(byte) = b.get_mut(i).and_then(|piece| piece.last_mut()) {
                *byte = r.below(3) as u8;
            }
        }
        // Bytes that only the first piece of the other begins with, and that are passed.
        let before = r.below(2);
        b.splice(..0, vec![vec![9; before]]);
        if r.below(2) == 0 && b.len() > 1 {
            let first = b.remove(0);
            b[0].splice(..0, first);
        }
        let (offset, limit) = (r.about(a_flat.len()), r.about(a_flat.len()));
        let order = checks::compare(&a, &b, before, offset, limit);
        orders[(order as i8 + 1) as usize] += 1;
        checks::find_and_is_zero(&a, offset, limit, r.below(4) as u8);
    });
    assert!(
        cfg!(miri) || orders.iter().all(|n| *n > CASES / 20),
        "each order must be frequent; less, equal and greater: {orders:?}"
    );
}

#[test]
fn slice_split_and_chunks() {
    cases(|r| {
        let pieces = r.pieces();
        let n = pieces.concat().len();
        let (offset, bytes) = (r.about(n), r.about(n));
        checks::slice(&pieces, offset, bytes, r.below(9));
        checks::split(&pieces, offset, bytes);
        checks::chunks(&pieces, offset, || 1 + r.below(9));
    });
}

#[test]
fn cuts() {
    cases(|r| {
        let pieces = r.pieces();
        let n = r.about(pieces.concat().len());
        checks::cuts(&pieces, n);
        checks::batch(&pieces, r.about(pieces.len()), n);
    });
}

#[test]
fn join() {
    cases(|r| {
        // Pieces of one array, some of which touch and some do not.
        let memory = r.bytes(60);
        let (mut at, mut all) = (0, Vec::new());
        for _ in 0..r.below(9) {
            let len = r.below(5);
            all.push(&memory[at..at + len]);
            at += len + r.below(2);
        }
        checks::join(&all);
    });
}

#[test]
fn with_std() {
    cases(|r| {
        let mut pieces = r.pieces();
        let input = r.bytes(pieces.concat().len());
        checks::with_std(&mut pieces, &input);
    });
}

/// Vectors can be exchanged with C.
#[test]
fn with_libc() {
    let (mut a, mut b) = ([1u8, 2], [3u8]);
    let mut array = [
        libc::iovec {
            iov_base: a.as_mut_ptr().cast(),
            iov_len: 2,
        },
        libc::iovec {
            iov_base: b.as_mut_ptr().cast(),
            iov_len: 1,
        },
    ];
    // SAFETY: each vector describes an array that lives until the end of the function, and nothing
    // else uses the arrays until then.
    let to = unsafe { iov::from_libc_mut(&mut array) };
    assert_eq!(iov::scatter(to, b"xyz"), 3);
    let back = iov::as_libc(to);
    assert_eq!((back[0].iov_len, back[1].iov_len), (2, 1));
    // SAFETY: `back` has the same vectors, whose arrays are still alive and used by nothing else.
    assert_eq!(flat(unsafe { iov::from_libc(back) }), b"xyz");
}
