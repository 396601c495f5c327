//! Compares the I/O vector engine with a model, which holds the vectors' bytes in one flat `Vec`,
//! over random pieces, offsets and lengths. Every case has a fixed seed, so that failures repeat.

use ancil::iov::{self, Cursor};
use ancil::{IoVec, IoVecMut};
use std::mem::MaybeUninit;

/// How many cases of each operation are tried.
const CASES: u64 = 20_000;

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
        let (from, flat) = (vectors(&pieces), pieces.concat());
        let (offset, space, limit) = (
            r.about(flat.len()),
            r.below(flat.len() + 9),
            r.about(flat.len()),
        );

        let expected = range(&flat, offset, space);
        let mut to = vec![0xaa; space];
        assert_eq!(iov::gather_at(&from, offset, &mut to), expected.len());
        assert_eq!(&to[..expected.len()], expected);
        assert!(
            to[expected.len()..].iter().all(|b| *b == 0xaa),
            "the rest must not change"
        );

        let expected = range(&flat, offset, space.min(limit));
        let mut to = vec![MaybeUninit::uninit(); space];
        let mut cursor = Cursor::new(&from).at(offset).limit(limit);
        assert_eq!(cursor.gather_uninit(&mut to), expected);
        assert_eq!(
            cursor.remaining(),
            range(&flat, offset, limit).len() - expected.len()
        );
        assert_eq!(iov::gather_uninit(&from, &mut to), range(&flat, 0, space));
        assert_eq!(iov::total(&from), Some(flat.len()));
    });
}

#[test]
fn scatter_and_fill() {
    cases(|r| {
        let mut pieces = r.pieces();
        let mut model = pieces.concat();
        let (offset, n) = (r.about(model.len()), r.below(model.len() + 9));
        let from = r.bytes(n);
        let done = range(&model, offset, n).len();
        if done > 0 {
            model[offset..offset + done].copy_from_slice(&from[..done]);
        }
        let mut to = vectors_mut(&mut pieces);
        assert_eq!(iov::scatter_at(&mut to, offset, &from), done);
        assert_eq!(flat(&to), model);

        let (offset, n) = (r.about(model.len()), r.about(model.len()));
        let done = range(&model, offset, n).len();
        if done > 0 {
            model[offset..offset + done].fill(0x77);
        }
        let mut cursor = Cursor::new_mut(&mut to).at(offset);
        let before = cursor.remaining();
        assert_eq!(cursor.fill(0x77, n), done);
        assert_eq!(cursor.remaining(), before - done);
        assert_eq!(flat(&to), model);
    });
}

#[test]
fn copy() {
    cases(|r| {
        let (mut pieces, source) = (r.pieces(), r.pieces());
        let (mut model, bytes) = (pieces.concat(), source.concat());
        let (to_offset, from_offset, limit) = (
            r.about(model.len()),
            r.about(bytes.len()),
            r.about(bytes.len()),
        );
        let expected = range(&bytes, from_offset, limit);
        let done = range(&model, to_offset, expected.len()).len();
        if done > 0 {
            model[to_offset..to_offset + done].copy_from_slice(&expected[..done]);
        }
        let mut to = vectors_mut(&mut pieces);
        let from = vectors(&source);
        let mut reader = Cursor::new(&from).at(from_offset).limit(limit);
        let mut writer = Cursor::new_mut(&mut to).at(to_offset);
        let space = writer.remaining();
        assert_eq!(writer.reborrow().remaining(), space);
        assert_eq!(writer.copy(&mut reader), done);
        assert_eq!(
            (writer.remaining(), reader.remaining()),
            (space - done, expected.len() - done)
        );
        assert_eq!(flat(&to), model);
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
        let b_flat = b.concat();
        let (offset, limit) = (r.about(a_flat.len()), r.about(a_flat.len()));
        let left = range(&a_flat, offset, limit);
        let right = range(&b_flat, offset.saturating_add(before), limit);
        let (a, b) = (vectors(&a), vectors(&b));
        let (mine, other) = (
            Cursor::new(&a).at(offset).limit(limit),
            Cursor::new(&b).at(before).at(offset).limit(limit),
        );
        let equal = left.iter().zip(right).take_while(|(a, b)| a == b).count();
        let order = left.cmp(right);
        assert_eq!(mine.compare(&other), (equal, order));
        assert_eq!(other.compare(&mine), (equal, order.reverse()));
        orders[(order as i8 + 1) as usize] += 1;

        let byte = r.below(4) as u8;
        assert_eq!(mine.find(byte), left.iter().position(|b| *b == byte));
        assert_eq!(mine.is_zero(), left.iter().all(|b| *b == 0));
        assert_eq!(
            mine.remaining(),
            left.len(),
            "these operations must not move the cursor"
        );
    });
    assert!(
        orders.iter().all(|n| *n > CASES / 20),
        "each order must be frequent; less, equal and greater: {orders:?}"
    );
}

#[test]
fn slice_split_and_chunks() {
    cases(|r| {
        let pieces = r.pieces();
        let (from, bytes) = (vectors(&pieces), pieces.concat());
        let (offset, n, space) = (r.about(bytes.len()), r.about(bytes.len()), r.below(9));
        let expected = range(&bytes, offset, n);

        let mut to = vec![IoVec::default(); space];
        let mut cursor = Cursor::new(&from).at(offset);
        let written = cursor.slice(&mut to, n);
        let got = flat(written);
        assert!(written.iter().all(|piece| !piece.is_empty()));
        assert_eq!(got, expected[..got.len()]);
        assert!(
            got.len() == expected.len() || written.len() == space,
            "too few bytes are allowed only if the array is full"
        );
        let mut rest = vec![0; bytes.len()];
        let rest_len = cursor.gather(&mut rest);
        assert_eq!(
            &rest[..rest_len],
            range(&bytes, offset.saturating_add(got.len()), usize::MAX),
            "the cursor must continue after the slice"
        );
        assert_eq!(flat(&from), bytes, "the source must not change");

        let (front, back) = Cursor::new(&from).at(offset).split_at(n);
        assert_eq!(flat(&front.clone().collect::<Vec<_>>()), expected);
        assert_eq!(front.remaining(), expected.len());
        assert_eq!(
            flat(&back.collect::<Vec<_>>()),
            range(&bytes, offset.saturating_add(expected.len()), usize::MAX)
        );

        let mut cursor = Cursor::new(&from).at(offset);
        let (mut all, mut most) = (Vec::new(), 1 + r.below(9));
        while let Some(chunk) = {
            let ahead = cursor.chunk().to_vec();
            let chunk = cursor.next_chunk(most);
            assert_eq!(
                chunk.map(|c| c.to_vec()),
                (!ahead.is_empty()).then(|| ahead[..most.min(ahead.len())].to_vec())
            );
            chunk
        } {
            all.extend_from_slice(&chunk);
            most = 1 + r.below(9);
        }
        assert_eq!(all, range(&bytes, offset, usize::MAX));
    });
}

#[test]
fn cuts() {
    cases(|r| {
        let pieces = r.pieces();
        let (all, bytes) = (vectors(&pieces), pieces.concat());
        let n = r.about(bytes.len());
        let done = n.min(bytes.len());

        let mut array = all.clone();
        let mut rest = &mut array[..];
        assert_eq!(iov::advance(&mut rest, n), done);
        assert_eq!(flat(rest), bytes[done..]);
        assert!(rest.first().is_none_or(|front| !front.is_empty()));

        let mut array = all.clone();
        let mut rest = &mut array[..];
        assert_eq!(iov::discard_back(&mut rest, n), done);
        assert_eq!(flat(rest), bytes[..bytes.len() - done]);
        assert!(rest.last().is_none_or(|back| !back.is_empty()));

        let mut array = all.clone();
        let mut rest = &mut array[..];
        assert_eq!(iov::limit(&mut rest, n), done);
        assert_eq!(flat(rest), bytes[..done]);
        assert!(rest.last().is_none_or(|back| !back.is_empty()));

        let most = r.about(all.len());
        let batch = iov::batch(&all, most, n);
        let sum = flat(batch).len();
        assert!(batch.len() <= most && sum <= n);
        // The next vector that is not empty would not have fitted.
        let next = all[batch.len()..]
            .iter()
            .take(most - batch.len())
            .find(|v| !v.is_empty());
        assert!(
            next.is_none_or(|v| n - sum < v.len()),
            "{} of {}",
            batch.len(),
            all.len()
        );

        let mut cursor = Cursor::new(&all);
        let undo = cursor.clone();
        assert_eq!(
            (cursor.advance(n), cursor.remaining()),
            (done, bytes.len() - done)
        );
        assert_eq!(flat(&undo.collect::<Vec<_>>()), bytes);
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
        let bytes = all.concat();
        let mut runs = 0;
        let mut end = None;
        for piece in all.iter().filter(|piece| !piece.is_empty()) {
            runs += usize::from(end != Some(piece.as_ptr()));
            end = Some(piece.as_ptr_range().end);
        }
        let mut array: Vec<_> = all.iter().map(IoVec::from).collect();
        let mut joined = &mut array[..];
        // SAFETY: all vectors are parts of the one array `memory`, so those that touch may be
        // joined.
        assert_eq!(unsafe { iov::join(&mut joined) }, all.len() - runs);
        assert_eq!((joined.len(), flat(joined)), (runs, bytes));
    });
}

/// Vectors can be exchanged with `std`, which reads and writes the same bytes.
#[test]
fn with_std() {
    use std::io::{IoSlice, IoSliceMut, Read, Write};
    cases(|r| {
        let mut pieces = r.pieces();
        let bytes = pieces.concat();
        let mut out = Vec::new();
        assert_eq!(
            out.write_vectored(iov::as_io_slices(&vectors(&pieces)))
                .unwrap(),
            bytes.len()
        );
        assert_eq!(out, bytes);

        let slices: Vec<_> = pieces.iter().map(|piece| IoSlice::new(piece)).collect();
        assert_eq!(flat(iov::from_io_slices(&slices)), bytes);

        let input = r.bytes(bytes.len());
        let mut to = vectors_mut(&mut pieces);
        assert_eq!(
            (&input[..])
                .read_vectored(iov::as_io_slices_mut(&mut to))
                .unwrap(),
            bytes.len()
        );
        assert_eq!(flat(&to), input);
        let mut slices: Vec<_> = pieces
            .iter_mut()
            .map(|piece| IoSliceMut::new(piece))
            .collect();
        assert_eq!(
            iov::scatter(iov::from_io_slices_mut(&mut slices), &bytes),
            bytes.len()
        );
        assert_eq!(pieces.concat(), bytes);
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
