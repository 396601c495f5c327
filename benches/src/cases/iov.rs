//! I/O vectors: 64 pieces of memory.

use crate::job::{Case, FAILED, job, job_on};
use ancil::iov::{self, Cursor};
use ancil::{IoVec, IoVecMut};
use libc::{c_void, iovec};
use std::cmp::Ordering;
use std::io::{IoSlice, IoSliceMut};

unsafe extern "C" {
    fn c_iov_to_buf(v: *const iovec, n: usize, at: usize, to: *mut c_void, bytes: usize) -> usize;
    fn c_iov_from_buf(
        v: *const iovec,
        n: usize,
        at: usize,
        from: *const c_void,
        len: usize,
    ) -> usize;
    fn c_iov_equal(a: *const iovec, a_count: usize, b: *const iovec, b_count: usize) -> usize;
    fn ancil_iov_to_buf(v: *const iovec, n: usize, at: usize, to: *mut c_void, len: usize)
    -> usize;
    fn ancil_iov_from_buf(
        v: *const iovec,
        n: usize,
        at: usize,
        from: *const c_void,
        len: usize,
    ) -> usize;
}
type ToBuf = unsafe extern "C" fn(*const iovec, usize, usize, *mut c_void, usize) -> usize;
type FromBuf = unsafe extern "C" fn(*const iovec, usize, usize, *const c_void, usize) -> usize;

const PIECES: usize = 64;
const FITS: &str = "copies at most what fits";
const STD: &str = "std's slices, a loop";

pub fn cases() -> Vec<Case> {
    vec![
        gather::<16>("Gather 64 x 16 bytes"),
        gather::<256>("Gather 64 x 256 bytes"),
        scatter(),
        chunks(),
        advance("Advance by 1 vector", 1),
        advance("Advance by 32 vectors", 32),
        compare(),
        find(),
        total(),
    ]
}

/// Returns bytes that all differ from their neighbours.
fn bytes<const SIZE: usize>() -> &'static mut [[u8; SIZE]; PIECES] {
    let all = Box::leak(Box::new([[0; SIZE]; PIECES]));
    for (i, byte) in all.as_flattened_mut().iter_mut().enumerate() {
        *byte = (i % 251) as u8;
    }
    all
}

fn vectors<const SIZE: usize>() -> [IoVec<'static>; PIECES] {
    let all: &'static _ = bytes::<SIZE>();
    all.each_ref().map(|piece| IoVec::new(piece))
}

/// Returns the number of bytes and some of them.
#[inline(always)]
fn some(done: usize, bytes: &[u8]) -> u64 {
    match bytes {
        [first, .., last] => (done << 16) as u64 + u64::from(*first) + u64::from(*last),
        _ => FAILED,
    }
}

fn gather<const SIZE: usize>(title: &'static str) -> Case {
    type State<const SIZE: usize> = ([IoVec<'static>; PIECES], Box<[[u8; SIZE]; PIECES]>);
    let state = || -> State<SIZE> { (vectors::<SIZE>(), Box::new([[0; SIZE]; PIECES])) };
    let in_c = |function: ToBuf| {
        move |(from, to): &mut State<SIZE>| {
            let (from, to) = (iov::as_libc(from), to.as_flattened_mut());
            let start = to.as_mut_ptr().cast();
            // SAFETY: each vector borrows its bytes, and `to` has so many.
            some(
                unsafe { function(from.as_ptr(), from.len(), 0, start, to.len()) },
                to,
            )
        }
    };
    let jobs = vec![
        job_on("ancil", FITS, state(), |(from, to): &mut State<SIZE>| {
            let to = to.as_flattened_mut();
            some(iov::gather(from, to), to)
        })
        .goal(1.0, STD),
        job_on(STD, FITS, state(), |(from, to): &mut State<SIZE>| {
            let (mut done, to) = (0, to.as_flattened_mut());
            for slice in iov::as_io_slices(from) {
                let n = slice.len().min(to.len() - done);
                to[done..done + n].copy_from_slice(&slice[..n]);
                done += n;
            }
            some(done, to)
        }),
        job_on("C, a loop", FITS, state(), in_c(c_iov_to_buf)),
        job_on("libancil", FITS, state(), in_c(ancil_iov_to_buf)),
    ];
    Case::new(title, jobs)
}

fn scatter() -> Case {
    const SIZE: usize = 16;
    type State = ([IoVecMut<'static>; PIECES], &'static [[u8; SIZE]; PIECES]);
    let state = || -> State {
        let to = bytes::<SIZE>().each_mut().map(|piece| IoVecMut::new(piece));
        (to, bytes::<SIZE>())
    };
    let in_c = |function: FromBuf| {
        move |(to, from): &mut State| {
            let (to, from) = (iov::as_libc(to), from.as_flattened());
            let start = from.as_ptr().cast();
            // SAFETY: each vector borrows its bytes exclusively, and `from` has so many.
            some(
                unsafe { function(to.as_ptr(), to.len(), 0, start, from.len()) },
                from,
            )
        }
    };
    let jobs = vec![
        job_on("ancil", FITS, state(), |(to, from): &mut State| {
            some(iov::scatter(to, from.as_flattened()), from.as_flattened())
        })
        .goal(1.0, STD),
        job_on(STD, FITS, state(), |(to, from): &mut State| {
            let (mut done, from) = (0, from.as_flattened());
            for slice in iov::as_io_slices_mut(to) {
                let slice: &mut IoSliceMut<'_> = slice;
                let n = slice.len().min(from.len() - done);
                slice[..n].copy_from_slice(&from[done..done + n]);
                done += n;
            }
            some(done, from)
        }),
        job_on("C, a loop", FITS, state(), in_c(c_iov_from_buf)),
        job_on("libancil", FITS, state(), in_c(ancil_iov_from_buf)),
    ];
    Case::new("Scatter 64 x 16 bytes", jobs)
}

fn leaked<const SIZE: usize>() -> &'static [IoVec<'static>] {
    Box::leak(Box::new(vectors::<SIZE>()))
}

fn chunks() -> Case {
    let duty = "leaves out empty vectors";
    let jobs = vec![
        job("ancil, Cursor", duty, leaked::<16>(), |vectors| {
            Cursor::new(vectors)
                .map(|chunk| chunk.len() as u64 + u64::from(chunk[0]))
                .sum()
        })
        .goal(1.3, STD),
        job(STD, duty, leaked::<16>(), |vectors| {
            let slices = iov::as_io_slices(vectors).iter();
            let chunks = slices.filter(|slice| !slice.is_empty());
            chunks
                .map(|chunk| chunk.len() as u64 + u64::from(chunk[0]))
                .sum()
        }),
    ];
    Case::new("Chunks of 64 vectors", jobs)
}

/// Advances by some vectors and a half, and undoes it.
fn advance(title: &'static str, count: usize) -> Case {
    let n = 16 * count + 8;
    let state = move || (vectors::<16>(), n, count);
    let jobs = vec![
        job_on(
            "ancil",
            "stops at the end",
            state(),
            |(vectors, n, count)| {
                let whole = vectors[*count];
                let mut rest = &mut vectors[..];
                iov::advance(&mut rest, *n);
                let result = rest.len() + rest[0].len();
                vectors[*count] = whole;
                result as u64
            },
        )
        .goal(1.0, "std"),
        job_on(
            "std",
            "panics past the end",
            (
                vectors::<16>().map(|vector| IoSlice::new(vector.as_bytes())),
                n,
                count,
            ),
            |(vectors, n, count)| {
                let whole = vectors[*count];
                let mut rest = &mut vectors[..];
                IoSlice::advance_slices(&mut rest, *n);
                let result = rest.len() + rest[0].len();
                vectors[*count] = whole;
                result as u64
            },
        ),
    ];
    Case::new(title, jobs)
}

fn compare() -> Case {
    type Pair = (&'static [IoVec<'static>], &'static [IoVec<'static>]);
    let pair: Pair = (leaked::<256>(), leaked::<256>());
    let whole = (bytes::<256>().as_flattened(), bytes::<256>().as_flattened());
    let jobs = vec![
        job(
            "ancil, Cursor",
            "says where they differ",
            pair,
            |(a, b)| match Cursor::new(a).compare(&Cursor::new(b)) {
                (equal, Ordering::Equal) => equal as u64,
                _ => FAILED,
            },
        )
        .goal(2.0, "memcmp"),
        job(
            "memcmp",
            "of one piece; says whether they differ",
            whole,
            |(a, b): (&[u8], &[u8])| {
                if a == b { a.len() as u64 } else { FAILED }
            },
        ),
        job(
            "C, a loop of memcmp",
            "says whether they differ",
            pair,
            |(a, b)| {
                let (a, b) = (iov::as_libc(a), iov::as_libc(b));
                // SAFETY: each vector borrows its bytes.
                unsafe { c_iov_equal(a.as_ptr(), a.len(), b.as_ptr(), b.len()) as u64 }
            },
        ),
    ];
    Case::new("Compare 64 x 256 bytes", jobs)
}

/// Looks for a byte that no vector has.
fn find() -> Case {
    let jobs = vec![
        job(
            "ancil, Cursor",
            "says where it is",
            leaked::<256>(),
            |vectors| Cursor::new(vectors).find(255).map_or(0, |_| FAILED),
        ),
        job(
            "memchr, a loop",
            "says where it is",
            leaked::<256>(),
            |vectors| {
                let absent = iov::as_libc(vectors).iter().all(|vector| {
                    // SAFETY: the vector borrows its bytes.
                    unsafe { libc::memchr(vector.iov_base, 255, vector.iov_len) }.is_null()
                });
                if absent { 0 } else { FAILED }
            },
        ),
    ];
    Case::new("Find a byte in 64 x 256 bytes", jobs)
}

fn total() -> Case {
    let jobs = vec![
        job("ancil", "says if it overflows", leaked::<16>(), |vectors| {
            iov::total(vectors).map_or(FAILED, |total| total as u64)
        })
        .goal(0.9, "std"),
        job("std", "says if it overflows", leaked::<16>(), |vectors| {
            let mut lens = iov::as_io_slices(vectors).iter().map(|slice| slice.len());
            let total = lens.try_fold(0usize, usize::checked_add);
            total.map_or(FAILED, |total| total as u64)
        }),
    ];
    Case::new("Total of 64 vectors", jobs)
}
