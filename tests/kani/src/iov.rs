//! I/O vectors, cut at any places.

use crate::{any, up_to};
use ancil::iov::{self, Cursor};
use ancil::{IoVec, IoVecMut};

proofs! {
    gather: 9,
    scatter: 9,
    compare: 9,
    advance_and_limit: 9,
}

const BYTES: usize = 6;

/// Two places at which bytes are cut into three vectors.
fn cut() -> (usize, usize) {
    let second = up_to(BYTES);
    (up_to(second), second)
}

fn vectors(bytes: &[u8; BYTES], (first, second): (usize, usize)) -> [IoVec<'_>; 3] {
    [&bytes[..first], &bytes[first..second], &bytes[second..]].map(IoVec::new)
}

fn gather() {
    let bytes: [u8; BYTES] = any();
    let (from, offset, size) = (vectors(&bytes, cut()), any::<usize>(), up_to(BYTES + 1));
    let mut to = [0xaa; BYTES + 1];
    let n = iov::gather_at(&from, offset, &mut to[..size]);
    assert!(n == size.min(BYTES.saturating_sub(offset)));
    let place = up_to(BYTES);
    assert!(
        to[place]
            == if place < n {
                bytes[offset + place]
            } else {
                0xaa
            }
    );
}

fn scatter() {
    let (before, from): ([u8; BYTES], [u8; BYTES]) = (any(), any());
    let ((first, second), offset, size) = (cut(), any::<usize>(), up_to(BYTES));
    let mut bytes = before;
    let (front, rest) = bytes.split_at_mut(first);
    let (middle, back) = rest.split_at_mut(second - first);
    let mut to = [front, middle, back].map(IoVecMut::new);
    let n = iov::scatter_at(&mut to, offset, &from[..size]);
    assert!(n == size.min(BYTES.saturating_sub(offset)));
    let place = up_to(BYTES - 1);
    let written = place >= offset && place - offset < n;
    assert!(
        bytes[place]
            == if written {
                from[place - offset]
            } else {
                before[place]
            }
    );
}

fn compare() {
    let (a, b): ([u8; BYTES], [u8; BYTES]) = (any(), any());
    let (x, y) = (vectors(&a, cut()), vectors(&b, cut()));
    let (equal, order) = Cursor::new(&x).compare(&Cursor::new(&y));
    assert!(order == a.cmp(&b));
    assert!(equal == BYTES || a[equal] != b[equal]);
    let place = up_to(BYTES - 1);
    assert!(place >= equal || a[place] == b[place]);
}

fn advance_and_limit() {
    let bytes: [u8; BYTES] = any();
    let (n, cut) = (any::<usize>(), cut());
    let done = n.min(BYTES);
    let mut all = vectors(&bytes, cut);
    let mut rest = &mut all[..];
    assert!(iov::advance(&mut rest, n) == done);
    assert!(iov::total(rest) == Some(BYTES - done));
    let mut to = [0; BYTES];
    let place = up_to(BYTES - 1);
    assert!(iov::gather(rest, &mut to) == BYTES - done);
    assert!(place >= BYTES - done || to[place] == bytes[done + place]);
    let mut all = vectors(&bytes, cut);
    let mut rest = &mut all[..];
    assert!(iov::limit(&mut rest, n) == done);
    assert!(iov::gather(rest, &mut to) == done);
    assert!(place >= done || to[place] == bytes[place]);
}
