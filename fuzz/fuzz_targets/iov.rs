//! Reads, writes and cuts vectors of any lengths, with holes, in C and in Rust.
//!
//! Each function agrees with a model: of those that reach the bytes, one flat list of the bytes; of
//! those that only count, the places of all entries in numbers of 128 bits.
#![no_main]

use ancil::iov::{self, Cursor};
use ancil::{IoVec, IoVecMut, IoVecUninit};
use ancil_fuzz::c::{self, Iovec};
use ancil_fuzz::number;
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use std::mem::MaybeUninit;
use std::ptr;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    offset: u16,
    other_offset: u16,
    bytes: u16,
    byte: u8,
    most: u8,
    /// Lengths of entries, each with where the entry is.
    entries: Vec<(u16, u8)>,
    /// Lengths of pieces of memory, which are holes if they are odd.
    pieces: Vec<u8>,
    others: Vec<u8>,
    content: &'a [u8],
}

/// Memory in pieces, each in an allocation of the exact size, so that the sanitizer notices an
/// access outside. `None` is a hole of that many bytes.
struct Pieces(Vec<Result<Box<[u8]>, usize>>);

impl Pieces {
    fn new(lengths: &[u8], content: &[u8]) -> Self {
        let mut content = content.iter().copied().chain(std::iter::repeat(0));
        Self(
            lengths
                .iter()
                .take(20)
                .map(|len| match usize::from(*len) {
                    len if len % 8 == 7 => Err(len / 8),
                    len => Ok(content.by_ref().take(len % 80).collect()),
                })
                .collect(),
        )
    }

    fn entries(&mut self) -> Vec<Iovec> {
        self.0
            .iter_mut()
            .map(|piece| match piece {
                Ok(bytes) => Iovec {
                    base: bytes.as_mut_ptr().cast(),
                    len: bytes.len(),
                },
                Err(len) => Iovec {
                    base: ptr::null_mut(),
                    len: *len,
                },
            })
            .collect()
    }

    fn flat(&self) -> Vec<Option<u8>> {
        let bytes = |piece: &Result<Box<[u8]>, usize>| match piece {
            Ok(bytes) => bytes.iter().copied().map(Some).collect(),
            Err(len) => vec![None; *len],
        };
        self.0.iter().flat_map(bytes).collect()
    }
}

/// Returns the bytes that a function reaches: `bytes` from `offset` on, up to the end or a hole.
fn reached(flat: &[Option<u8>], offset: usize, bytes: usize) -> Vec<u8> {
    let rest = flat.get(offset..).unwrap_or_default();
    rest.iter().take(bytes).map_while(|byte| *byte).collect()
}

/// Returns the model after these bytes were written.
fn written(flat: &[Option<u8>], offset: usize, bytes: &[u8]) -> Vec<Option<u8>> {
    let mut flat = flat.to_vec();
    let places = flat.iter_mut().skip(offset);
    places
        .zip(bytes)
        .for_each(|(place, byte)| *place = Some(*byte));
    flat
}

/// The functions of C that read bytes.
fn read(input: &Input<'_>, a: &mut Pieces, b: &mut Pieces) {
    let (offset, other, bytes) = (
        number(input.offset),
        number(input.other_offset),
        number(input.bytes),
    );
    let (entries, others) = (a.entries(), b.entries());
    let (iov, n, b_iov, b_n) = (
        entries.as_ptr(),
        entries.len(),
        others.as_ptr(),
        others.len(),
    );
    let a = reached(&a.flat(), offset, bytes);
    let b = reached(&b.flat(), other, bytes);
    let size = bytes.min(2000);
    let mut buf = vec![0xaa; size].into_boxed_slice();
    let mut equal = usize::MAX;
    // SAFETY: the entries are memory that lives, or at NULL, and `buf` has `size` bytes.
    unsafe {
        let done = c::ancil_iov_to_buf(iov, n, offset, buf.as_mut_ptr().cast(), size);
        assert_eq!(&buf[..done], a);
        assert!(buf[done..].iter().all(|byte| *byte == 0xaa));
        let order = c::ancil_iov_compare(iov, n, offset, b_iov, b_n, other, bytes, &mut equal);
        assert_eq!(order, a.cmp(&b) as i32, "{a:?} {b:?}");
        assert_eq!(equal, a.iter().zip(&b).take_while(|(a, b)| a == b).count());
        let zero = c::ancil_iov_is_zero(iov, n, offset, bytes);
        assert_eq!(zero == 1, a.iter().all(|byte| *byte == 0));
        let found = c::ancil_iov_find(iov, n, offset, input.byte.into(), bytes);
        let expected = a.iter().position(|byte| *byte == input.byte);
        assert_eq!(found, expected.map_or(usize::MAX, |at| offset + at));
    }
}

/// The functions of C that write bytes.
fn write(input: &Input<'_>, a: &mut Pieces, b: &mut Pieces) {
    let (offset, other, bytes) = (
        number(input.offset),
        number(input.other_offset),
        number(input.bytes),
    );
    let (entries, others) = (a.entries(), b.entries());
    let (iov, n, b_iov, b_n) = (
        entries.as_ptr(),
        entries.len(),
        others.as_ptr(),
        others.len(),
    );
    let from: Box<[u8]> = input.content.iter().copied().rev().take(bytes).collect();
    // SAFETY: the entries are memory that lives, or at NULL, and `from` has its length.
    unsafe {
        let flat = a.flat();
        let room = reached(&flat, offset, from.len()).len();
        let done = c::ancil_iov_from_buf(iov, n, offset, from.as_ptr().cast(), from.len());
        assert_eq!(
            (done, a.flat()),
            (room, written(&flat, offset, &from[..room]))
        );

        let flat = a.flat();
        let room = reached(&flat, offset, bytes).len();
        let done = c::ancil_iov_fill(iov, n, offset, 0x100 + i32::from(input.byte), bytes);
        assert_eq!(
            (done, a.flat()),
            (room, written(&flat, offset, &vec![input.byte; room]))
        );

        let (flat, source) = (a.flat(), reached(&b.flat(), other, bytes));
        let room = reached(&flat, offset, bytes).len().min(source.len());
        let done = c::ancil_iov_copy(iov, n, offset, b_iov, b_n, other, bytes);
        assert_eq!(
            (done, a.flat()),
            (room, written(&flat, offset, &source[..room]))
        );
    }
}

/// The functions of Rust that take bytes, over those pieces that are no holes.
fn in_rust(input: &Input<'_>, pieces: &mut Pieces) {
    let (offset, size) = (number(input.offset), number(input.bytes).min(2000));
    let mut pieces: Vec<_> = pieces.0.iter().flatten().cloned().collect();
    let flat = pieces.concat();
    let rest = flat.get(offset..).unwrap_or_default();
    let expected = &rest[..size.min(rest.len())];
    let front = &flat[..size.min(flat.len())];
    let vectors: Vec<_> = pieces.iter().map(|piece| IoVec::new(piece)).collect();
    assert!(
        vectors
            .iter()
            .zip(&pieces)
            .all(|(v, piece)| v.as_bytes() == &**piece)
    );

    let mut to = vec![0xaa; size].into_boxed_slice();
    let done = iov::gather_at(&vectors, offset, &mut to);
    assert_eq!(&to[..done], expected);
    assert!(to[done..].iter().all(|byte| *byte == 0xaa));
    assert_eq!(
        (iov::gather(&vectors, &mut to), &to[..front.len()]),
        (front.len(), front)
    );
    let mut cursor = Cursor::new(&vectors).at(offset);
    assert_eq!(cursor.gather(&mut to), expected.len());
    assert_eq!(cursor.remaining(), rest.len() - expected.len());
    let mut uninit = vec![MaybeUninit::uninit(); size].into_boxed_slice();
    assert_eq!(
        Cursor::new(&vectors).at(offset).gather_uninit(&mut uninit),
        expected
    );
    assert_eq!(iov::gather_uninit(&vectors, &mut uninit), front);

    let from: Box<[u8]> = input.content.iter().copied().rev().take(size).collect();
    let mut model = flat.clone();
    let store = |model: &mut Vec<u8>, offset: usize| {
        let places = model.iter_mut().skip(offset).zip(&from);
        places.map(|(place, byte)| *place = *byte).count()
    };
    let mut vectors: Vec<_> = pieces
        .iter_mut()
        .map(|piece| IoVecMut::new(piece))
        .collect();
    let done = iov::scatter_at(&mut vectors, offset, &from);
    assert_eq!(done, store(&mut model, offset));
    let done = iov::scatter(&mut vectors, &from);
    assert_eq!(done, store(&mut model, 0));
    let done = Cursor::new_mut(&mut vectors).at(offset).scatter(&from);
    assert_eq!((done, pieces.concat()), (store(&mut model, offset), model));
    assert_eq!(IoVecUninit::new(&mut uninit).len(), size);
}

/// The pieces of `bytes` bytes from `offset` on: address and length, and the address 0 in a hole.
/// The bytes of an entry end where memory must: at `isize::MAX`.
fn pieces(entries: &[Iovec], offset: u128, bytes: u128) -> Vec<(usize, usize)> {
    const MAX_OBJECT: u128 = isize::MAX as u128;
    let (mut found, mut start) = (Vec::new(), 0);
    for entry in entries {
        let (base, len) = (entry.base as usize, entry.len as u128);
        let memory = if base == 0 { 0 } else { len.min(MAX_OBJECT) };
        for (from, to) in [(0, memory), (memory, len)] {
            let first = (start + from).max(offset);
            let last = (start + to).min(offset + bytes);
            if first < last {
                let address = base.wrapping_add((first - start) as usize);
                let address = if from < memory { address } else { 0 };
                found.push((address, (last - first) as usize));
            }
        }
        start += len;
    }
    found
}

fn total(entries: &[Iovec]) -> u128 {
    entries.iter().map(|entry| entry.len as u128).sum()
}

fn pairs(entries: &[Iovec]) -> Vec<(usize, usize)> {
    entries
        .iter()
        .map(|entry| (entry.base as usize, entry.len))
        .collect()
}

/// Joins what is adjacent in memory, as the model does it.
fn joined(entries: &[Iovec]) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = Vec::new();
    for (base, len) in pairs(entries) {
        let fits = |last: &(usize, usize)| {
            last.0 != 0
                && last.0.wrapping_add(last.1) == base
                && last.1 as u128 + len as u128 <= isize::MAX as u128
        };
        match all.last_mut() {
            _ if len == 0 => {}
            Some(last) if fits(last) => last.1 += len,
            _ => all.push((base, len)),
        }
    }
    all
}

/// The functions of C that only look at addresses and lengths, which may be absurd.
fn count(input: &Input<'_>) {
    let mut at = 0x1000usize;
    let entries: Vec<_> = input
        .entries
        .iter()
        .take(30)
        .map(|(len, place)| {
            let len = number(*len);
            let base = match place {
                0..=63 => 0,
                64..=159 => at, // adjacent
                _ => 0x10_0000 + usize::from(*place),
            };
            at = base.wrapping_add(len);
            Iovec {
                base: ptr::without_provenance_mut(base),
                len,
            }
        })
        .collect();
    let (iov, n) = (entries.as_ptr(), entries.len());
    let (offset, bytes) = (number(input.offset), number(input.bytes));
    let (at, by) = (offset as u128, bytes as u128);
    let all = total(&entries);
    let expected = pieces(&entries, at, by);
    let absurd = entries.iter().any(|entry| entry.len > isize::MAX as usize);
    // SAFETY: `iov` has `n` elements, and these functions do not access the bytes.
    unsafe {
        assert_eq!(
            c::ancil_iov_size(iov, n),
            usize::try_from(all).unwrap_or(usize::MAX)
        );
        assert_eq!(c::ancil_check_iov(iov, n), if absurd { -22 } else { 0 });
        assert_eq!(c::ancil_iov_count(iov, n, offset, bytes), expected.len());
        let marker = Iovec {
            base: ptr::without_provenance_mut(7),
            len: 7,
        };
        let mut dst = vec![marker; usize::from(input.most % 40)].into_boxed_slice();
        let some = c::ancil_iov_slice(dst.as_mut_ptr(), dst.len(), iov, n, offset, bytes);
        assert_eq!(some, expected.len().min(dst.len()));
        assert_eq!(pairs(&dst[..some]), expected[..some]);
        assert!(dst[some..].iter().all(|entry| *entry == marker));

        let mut len = usize::MAX;
        let chunk = c::ancil_iov_next_chunk(iov, n, offset, &mut len) as usize;
        let first = pieces(&entries, at, u128::MAX >> 1).first().copied();
        assert_eq!(
            (chunk, len),
            first.filter(|(base, _)| *base != 0).unwrap_or((0, 0))
        );

        let most = usize::from(input.most);
        let sums = (0..=n.min(most)).rev();
        let whole = sums
            .map(|n| (n, total(&entries[..n])))
            .find(|(_, sum)| *sum <= by);
        assert_eq!(
            c::ancil_iov_batch(iov, n, most, bytes),
            whole.expect("no entry has 0 bytes").0
        );
    }
    seek(&entries, offset, bytes);
    cut(&entries, bytes, absurd);
}

fn seek(entries: &[Iovec], offset: usize, bytes: usize) {
    let (mut iov, mut n, mut at) = (entries.as_ptr(), entries.len(), offset);
    // SAFETY: `iov` has `n` elements, and the function does not access the bytes.
    let moved = unsafe { c::ancil_iov_seek(&mut iov, &mut n, &mut at, bytes) };
    let left = total(entries).saturating_sub(offset as u128);
    assert_eq!(moved as u128, left.min(bytes as u128));
    let rest = &entries[entries.len() - n..];
    assert!(n == 0 || iov == rest.as_ptr());
    assert_eq!(n == 0, moved as u128 == left);
    assert!(n == 0 || at < rest[0].len || at == 0);
    let all = u128::MAX >> 1;
    let expected = pieces(entries, offset as u128 + moved as u128, all);
    assert_eq!(pieces(rest, at as u128, all), expected);
}

fn cut(entries: &[Iovec], bytes: usize, absurd: bool) {
    let (all, by) = (total(entries), bytes as u128);
    let (done, any) = (all.min(by), u128::MAX >> 1);
    let copy = || entries.to_vec().into_boxed_slice();
    // SAFETY: each array has `n` elements, and the functions do not access the bytes.
    unsafe {
        let mut cut = copy();
        let (mut iov, mut n) = (cut.as_mut_ptr(), cut.len());
        assert_eq!(c::ancil_iov_advance(&mut iov, &mut n, bytes) as u128, done);
        let rest = &cut[cut.len() - n..];
        assert!(iov.cast_const() == rest.as_ptr() && total(rest) == all - done);
        assert!(absurd || pieces(rest, 0, any) == pieces(entries, done, any));

        let (mut cut, mut n) = (copy(), entries.len());
        assert_eq!(
            c::ancil_iov_discard_back(cut.as_mut_ptr(), &mut n, bytes) as u128,
            done
        );
        assert_eq!(total(&cut[..n]), all - done);
        assert_eq!(pieces(&cut[..n], 0, any), pieces(entries, 0, all - done));
        assert!(n == 0 || cut[n - 1].len > 0);

        let (mut cut, mut n) = (copy(), entries.len());
        assert_eq!(
            c::ancil_iov_limit(cut.as_mut_ptr(), &mut n, bytes) as u128,
            done
        );
        assert_eq!(pieces(&cut[..n], 0, any), pieces(entries, 0, done));
        assert!(n == 0 || cut[n - 1].len > 0);

        let mut cut = copy();
        let n = c::ancil_iov_join(cut.as_mut_ptr(), cut.len());
        assert_eq!(pairs(&cut[..n]), joined(entries));
    }
}

fuzz_target!(|input: Input<'_>| {
    let mut a = Pieces::new(&input.pieces, input.content);
    let mut b = Pieces::new(&input.others, input.content);
    read(&input, &mut a, &mut b);
    in_rust(&input, &mut a);
    write(&input, &mut a, &mut b);
    count(&input);
});
