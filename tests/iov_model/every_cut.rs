//! Every operation on every way to cut bytes into up to 4 vectors of 0 to 3 bytes.

use super::checks;
use std::cell::Cell;
use std::cmp::Ordering;

/// Longest array of vectors, and longest vector.
const VECTORS: usize = if cfg!(miri) { 2 } else { 4 };
const LONGEST: usize = 3;

/// As many vectors as are tried together with every place in two arrays.
const FEW: usize = if cfg!(miri) { 1 } else { 2 };

/// The lengths of the vectors, for each array of up to `vectors` vectors.
fn cuts(vectors: usize) -> Vec<Vec<usize>> {
    let mut all = vec![vec![]];
    let mut first = 0;
    for _ in 0..vectors {
        let end = all.len();
        for i in first..end {
            for len in 0..=LONGEST {
                all.push([&all[i][..], &[len]].concat());
            }
        }
        first = end;
    }
    all
}

/// Cuts as many of the numbers from `start` on as the vectors hold.
fn numbered(lens: &[usize], start: u8) -> Vec<Vec<u8>> {
    let mut next = start..;
    lens.iter()
        .map(|len| next.by_ref().take(*len).collect())
        .collect()
}

/// Every offset or length up to the end of `n` bytes, one more, and the largest.
fn upto(n: usize) -> impl Iterator<Item = usize> + Clone {
    (0..=n + 1).chain([usize::MAX])
}

/// Runs a check for every array, with the number of bytes, and prints how many cases it counted.
fn each(what: &str, vectors: usize, mut check: impl FnMut(&[usize], usize, &Cell<u64>)) {
    let (all, cases) = (cuts(vectors), Cell::new(0));
    for lens in &all {
        check(lens, lens.iter().sum(), &cases);
    }
    let (arrays, cases) = (all.len(), cases.get());
    println!("{what}: {cases} cases with {arrays} arrays of vectors");
    assert_eq!(arrays, (0..=vectors).map(|n| 4usize.pow(n as u32)).sum());
}

fn count(cases: &Cell<u64>) {
    cases.set(cases.get() + 1);
}

#[test]
fn gather() {
    each("gather", VECTORS, |lens, n, cases| {
        let pieces = numbered(lens, 1);
        for offset in upto(n) {
            for space in 0..=n + 1 {
                for limit in upto(n) {
                    checks::gather(&pieces, offset, space, limit);
                    count(cases);
                }
            }
        }
    });
}

#[test]
fn scatter_and_fill() {
    each("scatter and fill", VECTORS, |lens, n, cases| {
        for offset in upto(n) {
            for bytes in 0..=n + 1 {
                let from: Vec<u8> = (100..).take(bytes).collect();
                checks::scatter(&mut numbered(lens, 1), offset, &from);
                count(cases);
            }
            for bytes in upto(n) {
                checks::fill(&mut numbered(lens, 1), offset, bytes);
                count(cases);
            }
        }
    });
}

/// Between every two arrays, from their fronts; between every two of up to `FEW` vectors, from
/// every place.
#[test]
fn copy() {
    let sources = cuts(VECTORS);
    each("copy", VECTORS, |lens, _, cases| {
        for from in &sources {
            let from = numbered(from, 100);
            checks::copy(&mut numbered(lens, 1), &from, 0, 0, usize::MAX);
            count(cases);
        }
    });
    let sources = cuts(FEW);
    each("copy from every place", FEW, |lens, n, cases| {
        for from in &sources {
            let (from, bytes) = (numbered(from, 100), from.iter().sum());
            for to_offset in upto(n) {
                for from_offset in upto(bytes) {
                    for limit in upto(bytes) {
                        checks::copy(&mut numbered(lens, 1), &from, to_offset, from_offset, limit);
                        count(cases);
                    }
                }
            }
        }
    });
}

/// Every two arrays, of which the second has the same bytes, or another one at any place.
#[test]
fn compare() {
    let others = cuts(VECTORS);
    let mut orders = [0u64; 3];
    each("compare", VECTORS, |lens, n, cases| {
        let a = numbered(lens, 1);
        for other in &others {
            let mut b = numbered(other, 1);
            let order = checks::compare(&a, &b, 0, 0, usize::MAX);
            assert_eq!(order, n.cmp(&other.iter().sum()));
            orders[(order as i8 + 1) as usize] += 1;
            count(cases);
            let places = b.iter().map(Vec::len).enumerate();
            let places: Vec<_> = places
                .flat_map(|(i, n)| (0..n).map(move |k| (i, k)))
                .collect();
            for (i, k) in places {
                let byte = std::mem::replace(&mut b[i][k], 0);
                let order = checks::compare(&a, &b, 0, 0, usize::MAX);
                // The byte counts if `a` reaches so far: it is 0, less than any of `a`.
                assert!(order == Ordering::Greater || usize::from(byte) > n);
                orders[(order as i8 + 1) as usize] += 1;
                count(cases);
                b[i][k] = byte;
            }
        }
    });
    assert!(cfg!(miri) || orders.iter().all(|n| *n > 100), "{orders:?}");
}

/// Every array and one vector of the same bytes, from every place.
#[test]
fn compare_find_and_is_zero_from_every_place() {
    each("compare, find and is_zero", VECTORS, |lens, n, cases| {
        let a = numbered(lens, 1);
        for offset in upto(n) {
            for limit in upto(n) {
                for before in 0..=1 {
                    let other = numbered(&[n], 1 - before as u8);
                    checks::compare(&a, &other, before, offset, limit);
                    count(cases);
                }
                for byte in 0..=n as u8 + 1 {
                    checks::find_and_is_zero(&a, offset, limit, byte);
                    count(cases);
                }
            }
            // Zeros with another byte at each place, or none.
            for place in 0..=n {
                let mut bytes = vec![0; n + 1];
                bytes[place] = 1;
                let mut rest = &bytes[..];
                let cut = lens
                    .iter()
                    .map(|len| rest.split_off(..*len).unwrap().to_vec());
                let pieces: Vec<_> = cut.collect();
                for limit in upto(n) {
                    checks::find_and_is_zero(&pieces, offset, limit, 1);
                    count(cases);
                }
            }
        }
    });
}

#[test]
fn slice_split_and_chunks() {
    each("slice, split and chunks", VECTORS, |lens, n, cases| {
        let pieces = numbered(lens, 1);
        for offset in upto(n) {
            for bytes in upto(n) {
                for space in 0..=VECTORS + 1 {
                    checks::slice(&pieces, offset, bytes, space);
                    count(cases);
                }
                checks::split(&pieces, offset, bytes);
                count(cases);
            }
            for most in 1..=LONGEST + 1 {
                checks::chunks(&pieces, offset, || most);
                count(cases);
            }
        }
    });
}

#[test]
fn advance_limit_discard_and_batch() {
    each(
        "advance, limit, discard_back, batch",
        VECTORS,
        |lens, n, cases| {
            let pieces = numbered(lens, 1);
            for bytes in upto(n) {
                checks::cuts(&pieces, bytes);
                count(cases);
                for most in upto(VECTORS) {
                    checks::batch(&pieces, most, bytes);
                    count(cases);
                }
            }
        },
    );
}

/// Pieces of one array, between which there is a gap or none.
#[test]
fn join() {
    let memory: Vec<u8> = (0..).take(4 * (LONGEST + 1)).collect();
    each("join", VECTORS, |lens, _, cases| {
        for gaps in 0..1 << lens.len() {
            let mut at = 0;
            let pieces = lens.iter().enumerate().map(|(i, len)| {
                let piece = &memory[at..at + len];
                at += len + (gaps >> i & 1);
                piece
            });
            checks::join(&pieces.collect::<Vec<_>>());
            count(cases);
        }
    });
}

#[test]
fn with_std() {
    each("with std", VECTORS, |lens, n, cases| {
        let input: Vec<u8> = (100..).take(n).collect();
        checks::with_std(&mut numbered(lens, 1), &input);
        count(cases);
    });
}
