//! Each operation on vectors, compared with the same operation on their bytes in one flat `Vec`.

use super::{flat, range, vectors, vectors_mut};
use ancil::iov::{self, Cursor};
use ancil::{IoVec, IoVecMut};
use std::mem::MaybeUninit;

pub fn gather(pieces: &[Vec<u8>], offset: usize, space: usize, limit: usize) {
    let (from, flat) = (vectors(pieces), pieces.concat());

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
}

/// Writes `from` at `offset`.
pub fn scatter(pieces: &mut [Vec<u8>], offset: usize, from: &[u8]) {
    let mut model = pieces.concat();
    let done = range(&model, offset, from.len()).len();
    if done > 0 {
        model[offset..offset + done].copy_from_slice(&from[..done]);
    }
    let mut to = vectors_mut(pieces);
    assert_eq!(iov::scatter_at(&mut to, offset, from), done);
    assert_eq!(flat(&to), model);
    let cursor = Cursor::new_mut(&mut to).at(offset);
    let read: Vec<u8> = flat(&cursor.readable().collect::<Vec<_>>());
    assert_eq!(read, range(&model, offset, usize::MAX));
}

/// Writes one value to `n` bytes at `offset`.
pub fn fill(pieces: &mut [Vec<u8>], offset: usize, n: usize) {
    let mut model = pieces.concat();
    let done = range(&model, offset, n).len();
    if done > 0 {
        model[offset..offset + done].fill(0x77);
    }
    let mut to = vectors_mut(pieces);
    let mut cursor = Cursor::new_mut(&mut to).at(offset);
    let before = cursor.remaining();
    assert_eq!(cursor.fill(0x77, n), done);
    assert_eq!(cursor.remaining(), before - done);
    assert_eq!(flat(&to), model);
}

pub fn copy(
    pieces: &mut [Vec<u8>],
    source: &[Vec<u8>],
    to_offset: usize,
    from_offset: usize,
    limit: usize,
) {
    let (mut model, bytes) = (pieces.concat(), source.concat());
    let expected = range(&bytes, from_offset, limit);
    let done = range(&model, to_offset, expected.len()).len();
    if done > 0 {
        model[to_offset..to_offset + done].copy_from_slice(&expected[..done]);
    }
    let mut to = vectors_mut(pieces);
    let from = vectors(source);
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
}

/// Compares `a` from `offset` on with `b` from `before + offset` on. Returns the order.
pub fn compare(
    a: &[Vec<u8>],
    b: &[Vec<u8>],
    before: usize,
    offset: usize,
    limit: usize,
) -> std::cmp::Ordering {
    let (a_flat, b_flat) = (a.concat(), b.concat());
    let left = range(&a_flat, offset, limit);
    let right = range(&b_flat, offset.saturating_add(before), limit);
    let (a, b) = (vectors(a), vectors(b));
    let (mine, other) = (
        Cursor::new(&a).at(offset).limit(limit),
        Cursor::new(&b).at(before).at(offset).limit(limit),
    );
    let equal = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let order = left.cmp(right);
    assert_eq!(mine.compare(&other), (equal, order));
    assert_eq!(other.compare(&mine), (equal, order.reverse()));
    assert_eq!(
        mine.remaining(),
        left.len(),
        "comparing must not move the cursor"
    );
    order
}

pub fn find_and_is_zero(pieces: &[Vec<u8>], offset: usize, limit: usize, byte: u8) {
    let (from, bytes) = (vectors(pieces), pieces.concat());
    let expected = range(&bytes, offset, limit);
    let cursor = Cursor::new(&from).at(offset).limit(limit);
    assert_eq!(cursor.find(byte), expected.iter().position(|b| *b == byte));
    assert_eq!(cursor.is_zero(), expected.iter().all(|b| *b == 0));
    assert_eq!(
        cursor.remaining(),
        expected.len(),
        "these operations must not move the cursor"
    );
}

/// Takes the vectors of `n` bytes at `offset` into an array of `space` vectors.
pub fn slice(pieces: &[Vec<u8>], offset: usize, n: usize, space: usize) {
    let (from, bytes) = (vectors(pieces), pieces.concat());
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
}

pub fn split(pieces: &[Vec<u8>], offset: usize, n: usize) {
    let (from, bytes) = (vectors(pieces), pieces.concat());
    let expected = range(&bytes, offset, n);
    let (front, back) = Cursor::new(&from).at(offset).split_at(n);
    assert_eq!(flat(&front.clone().collect::<Vec<_>>()), expected);
    assert_eq!(front.remaining(), expected.len());
    assert_eq!(
        flat(&back.collect::<Vec<_>>()),
        range(&bytes, offset.saturating_add(expected.len()), usize::MAX)
    );
}

/// Takes chunks of at most as many bytes as `most` says each time.
pub fn chunks(pieces: &[Vec<u8>], offset: usize, mut most: impl FnMut() -> usize) {
    let (from, bytes) = (vectors(pieces), pieces.concat());
    let mut cursor = Cursor::new(&from).at(offset);
    assert!(cursor.next_chunk(0).is_none());
    let mut all = Vec::new();
    loop {
        let (ahead, most) = (cursor.chunk().to_vec(), most());
        let chunk = cursor.next_chunk(most).map(|chunk| chunk.to_vec());
        let expected = (!ahead.is_empty()).then(|| ahead[..most.min(ahead.len())].to_vec());
        assert_eq!(chunk, expected);
        let Some(chunk) = chunk else { break };
        all.extend_from_slice(&chunk);
    }
    assert_eq!(all, range(&bytes, offset, usize::MAX));
}

/// Cuts `n` bytes off both ends, and limits the vectors to `n` bytes.
pub fn cuts(pieces: &[Vec<u8>], n: usize) {
    let (all, bytes) = (vectors(pieces), pieces.concat());
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

    let mut cursor = Cursor::new(&all);
    let undo = cursor.clone();
    assert_eq!(
        (cursor.advance(n), cursor.remaining()),
        (done, bytes.len() - done)
    );
    assert_eq!(flat(&undo.collect::<Vec<_>>()), bytes);
}

/// Takes the longest front of at most `most` vectors and `n` bytes.
pub fn batch(pieces: &[Vec<u8>], most: usize, n: usize) {
    let all = vectors(pieces);
    let batch = iov::batch(&all, most, n);
    let sum = flat(batch).len();
    assert_eq!(flat(batch), flat(&all)[..sum]);
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
}

/// Joins those of the pieces of one array that touch.
pub fn join(all: &[&[u8]]) {
    let bytes = all.concat();
    let mut runs = 0;
    let mut end = None;
    for piece in all.iter().filter(|piece| !piece.is_empty()) {
        runs += usize::from(end != Some(piece.as_ptr()));
        end = Some(piece.as_ptr_range().end);
    }
    let mut array: Vec<_> = all.iter().map(IoVec::from).collect();
    let mut joined = &mut array[..];
    // SAFETY: all vectors are parts of one array, so those that touch may be joined.
    assert_eq!(unsafe { iov::join(&mut joined) }, all.len() - runs);
    assert_eq!((joined.len(), flat(joined)), (runs, bytes));
}

/// Vectors can be exchanged with `std`, which reads and writes the same bytes.
pub fn with_std(pieces: &mut [Vec<u8>], input: &[u8]) {
    use std::io::{IoSlice, IoSliceMut, Read, Write};
    let bytes = pieces.concat();
    let mut out = Vec::new();
    assert_eq!(
        out.write_vectored(iov::as_io_slices(&vectors(pieces)))
            .unwrap(),
        bytes.len()
    );
    assert_eq!(out, bytes);

    let slices: Vec<_> = pieces.iter().map(|piece| IoSlice::new(piece)).collect();
    assert_eq!(flat(iov::from_io_slices(&slices)), bytes);

    let mut to: Vec<IoVecMut<'_>> = vectors_mut(pieces);
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
}
