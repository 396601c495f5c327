//! I/O vectors: the pieces of memory that one call gathers its bytes from, or scatters them to.
//!
//! [`IoVec`] is read from, [`IoVecMut`] is written to. Both are `struct iovec` (`readv(2)`) with a
//! lifetime, so that a slice of them is what the kernel takes. Every function here says how many bytes
//! it did, and none panics: what does not fit stays undone.
//!
//! ```
//! use ancil::{IoVec, iov};
//!
//! let vectors = [IoVec::new(b"head"), IoVec::new(b""), IoVec::new(b"tail")];
//! let mut whole = [0; 8];
//! assert_eq!(iov::total(&vectors), Some(8));
//! assert_eq!(iov::gather(&vectors, &mut whole), 8);
//! assert_eq!(&whole, b"headtail");
//! ```

use core::ffi::c_void;
use core::fmt;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};
use core::{mem, ptr, slice};

/// `struct iovec`.
#[derive(Clone, Copy)]
#[repr(C)]
struct Iovec {
    iov_base: *mut c_void,
    iov_len: usize,
}

/// Bytes to send: a `&[u8]` in the kernel's layout, `struct iovec`.
///
/// The empty one may have a null pointer; its [`default`](IoVec::default) has.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct IoVec<'a> {
    raw: Iovec,
    bytes: PhantomData<&'a [u8]>,
}

/// Space to receive into: a `&mut [u8]` in the kernel's layout, `struct iovec`.
///
/// Its bytes can be read too; [`readable`] sends from a slice of these.
#[repr(transparent)]
pub struct IoVecMut<'a> {
    raw: Iovec,
    bytes: PhantomData<&'a mut [u8]>,
}

const _: () = {
    const WORD: usize = size_of::<usize>();
    assert!(size_of::<Iovec>() == 2 * WORD && align_of::<Iovec>() == align_of::<usize>());
    assert!(mem::offset_of!(Iovec, iov_base) == 0 && mem::offset_of!(Iovec, iov_len) == WORD);
    assert!(size_of::<IoVec<'_>>() == size_of::<Iovec>() && align_of::<IoVec<'_>>() == align_of::<Iovec>());
    assert!(size_of::<IoVecMut<'_>>() == size_of::<Iovec>() && align_of::<IoVecMut<'_>>() == align_of::<Iovec>());
};

// SAFETY: an IoVec is a `&[u8]` in another layout, and that is Send and Sync.
unsafe impl Send for IoVec<'_> {}
// SAFETY: as above.
unsafe impl Sync for IoVec<'_> {}
// SAFETY: an IoVecMut is a `&mut [u8]` in another layout, and that is Send and Sync.
unsafe impl Send for IoVecMut<'_> {}
// SAFETY: as above.
unsafe impl Sync for IoVecMut<'_> {}

impl<'a> IoVec<'a> {
    /// The vector of these bytes.
    #[inline]
    pub const fn new(bytes: &'a [u8]) -> Self {
        let raw = Iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
        Self { raw, bytes: PhantomData }
    }

    /// The bytes.
    #[inline]
    pub const fn as_bytes(self) -> &'a [u8] {
        if self.raw.iov_len == 0 {
            return &[]; // the pointer may be null
        }
        // SAFETY: `raw` is pointer and length of a `&'a [u8]`. A vector that is not empty comes from `new`, or
        // from a borrowed IoVecMut (its `deref`, `readable`), which holds a `&mut [u8]` for at least as long.
        unsafe { slice::from_raw_parts(self.raw.iov_base.cast_const().cast(), self.raw.iov_len) }
    }
}

impl<'a> IoVecMut<'a> {
    /// The vector of these bytes.
    #[inline]
    pub const fn new(bytes: &'a mut [u8]) -> Self {
        let raw = Iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
        Self { raw, bytes: PhantomData }
    }

    /// The bytes again, with their own lifetime.
    #[inline]
    pub const fn into_bytes(self) -> &'a mut [u8] {
        if self.raw.iov_len == 0 {
            return &mut []; // the pointer may be null
        }
        // SAFETY: `raw` is pointer and length of a `&'a mut [u8]`. A vector that is not empty comes from `new`, or
        // from `deref_mut`, which borrows another one for 'a. It cannot be copied and ends here, so this borrow is
        // the only one.
        unsafe { slice::from_raw_parts_mut(self.raw.iov_base.cast(), self.raw.iov_len) }
    }
}

impl Deref for IoVec<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl Deref for IoVecMut<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        IoVec { raw: self.raw, bytes: PhantomData }.as_bytes() // borrows from `self`: nobody writes meanwhile
    }
}

impl DerefMut for IoVecMut<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        Self { raw: self.raw, bytes: PhantomData }.into_bytes() // borrows from `self`: nobody else uses it meanwhile
    }
}

impl Default for IoVec<'_> {
    fn default() -> Self {
        Self { raw: Iovec { iov_base: ptr::null_mut(), iov_len: 0 }, bytes: PhantomData }
    }
}

impl Default for IoVecMut<'_> {
    fn default() -> Self {
        Self { raw: Iovec { iov_base: ptr::null_mut(), iov_len: 0 }, bytes: PhantomData }
    }
}

impl<'a, T: AsRef<[u8]> + ?Sized> From<&'a T> for IoVec<'a> {
    fn from(bytes: &'a T) -> Self {
        Self::new(bytes.as_ref())
    }
}

impl<'a, T: AsMut<[u8]> + ?Sized> From<&'a mut T> for IoVecMut<'a> {
    fn from(bytes: &'a mut T) -> Self {
        Self::new(bytes.as_mut())
    }
}

impl fmt::Debug for IoVec<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl fmt::Debug for IoVecMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

mod sealed {
    /// What the functions below need of a vector beside its bytes.
    pub trait Vector: core::ops::Deref<Target = [u8]> {
        /// Drops `n` bytes from the front, all if there are not so many.
        fn skip(&mut self, n: usize);
    }
}

/// [`IoVec`] or [`IoVecMut`].
pub trait Vector: sealed::Vector {}

impl Vector for IoVec<'_> {}
impl Vector for IoVecMut<'_> {}

impl sealed::Vector for IoVec<'_> {
    fn skip(&mut self, n: usize) {
        *self = Self::new(self.as_bytes().get(n..).unwrap_or_default());
    }
}

impl sealed::Vector for IoVecMut<'_> {
    fn skip(&mut self, n: usize) {
        *self = Self::new(mem::take(self).into_bytes().get_mut(n..).unwrap_or_default());
    }
}

/// The one loop: each vector in turn with its share of `left` bytes, until they are spent.
pub(crate) fn shares<P, V>(vectors: impl IntoIterator<Item = P>, mut left: usize) -> impl Iterator<Item = (P, usize)>
where
    P: Deref<Target = V>,
    V: Vector,
{
    vectors.into_iter().map_while(move |vector| {
        let share = vector.len().min(left);
        let more = left != 0;
        left = left.wrapping_sub(share); // share <= left
        more.then_some((vector, share))
    })
}

/// Copies `n` bytes; both have them.
#[inline]
fn copy(to: &mut [u8], from: &[u8], n: usize) {
    if let (Some(to), Some(from)) = (to.get_mut(..n), from.get(..n)) {
        to.copy_from_slice(from);
    }
}

/// Bytes of all vectors together; `None` if that is more than `isize::MAX`, which no call can do.
pub fn total(vectors: &[impl Vector]) -> Option<usize> {
    sum(vectors.iter().map(|vector| vector.len()))
}

fn sum(mut lengths: impl Iterator<Item = usize>) -> Option<usize> {
    let sum = lengths.try_fold(0usize, usize::checked_add)?;
    isize::try_from(sum).is_ok().then_some(sum)
}

/// Copies from the vectors, in order, until `to` is full or they are used up. Returns the bytes copied.
pub fn gather(from: &[impl Vector], to: &mut [u8]) -> usize {
    let mut done = 0usize;
    for (vector, n) in shares(from, to.len()) {
        copy(to.get_mut(done..).unwrap_or_default(), vector, n);
        done = done.wrapping_add(n); // at most to.len()
    }
    done
}

/// Copies to the vectors, in order, until `from` is used up or they are full. Returns the bytes copied.
#[inline]
pub fn scatter(to: &mut [IoVecMut<'_>], from: &[u8]) -> usize {
    let mut done = 0usize;
    for (vector, n) in shares(to, from.len()) {
        copy(vector, from.get(done..).unwrap_or_default(), n);
        done = done.wrapping_add(n); // at most from.len()
    }
    done
}

/// Drops `n` bytes from the front, after a call that did only so many. Returns the bytes dropped: less
/// than `n` if there were less.
///
/// Vectors that are empty then leave the slice, so that an empty slice means that all is done.
///
/// ```
/// # use ancil::{IoVec, iov};
/// let mut vectors = [IoVec::new(b"first"), IoVec::new(b"second")];
/// let mut rest = &mut vectors[..];
/// assert_eq!(iov::advance(&mut rest, 8), 8);
/// assert_eq!((rest.len(), &*rest[0]), (1, &b"ond"[..]));
/// ```
pub fn advance<V: Vector>(vectors: &mut &mut [V], n: usize) -> usize {
    let mut done = 0usize;
    for (vector, n) in shares(vectors.iter_mut(), n) {
        vector.skip(n);
        done = done.wrapping_add(n); // at most the n asked for
    }
    let spent = vectors.iter().take_while(|vector| vector.is_empty()).count();
    *vectors = mem::take(vectors).get_mut(spent..).unwrap_or_default();
    done
}

/// The same vectors, to send from: what arrived goes out again without a copy.
#[inline]
pub const fn readable<'a>(vectors: &'a [IoVecMut<'_>]) -> &'a [IoVec<'a>] {
    // SAFETY: both types are transparent over `Iovec`, so pointer and length are right for either. For 'a the
    // IoVecMuts are borrowed, so their bytes are not written: each is a `&'a [u8]`, as an IoVec<'a> must be.
    unsafe { slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// Every way to cut `bytes` into three pieces, empty ones too.
    fn cuts(bytes: &[u8], mut each: impl FnMut([&[u8]; 3])) {
        for end in 0..=bytes.len() {
            for middle in 0..=end {
                each([&bytes[..middle], &bytes[middle..end], &bytes[end..]]);
            }
        }
    }

    #[test]
    fn gathered_is_the_concatenation_as_far_as_it_fits() {
        cuts(b"abcdef", |pieces| {
            let vectors = pieces.map(IoVec::new);
            for size in 0..9 {
                let mut to = vec![0xaa; size];
                let n = gather(&vectors, &mut to);
                assert_eq!(n, size.min(6));
                assert_eq!(to[..n], b"abcdef"[..n]);
                assert!(to[n..].iter().all(|&b| b == 0xaa));
            }
        });
    }

    #[test]
    fn scattered_bytes_gather_again() {
        cuts(&[0xaa; 6], |pieces| {
            for size in 0..9 {
                let from = &b"abcdefgh"[..size];
                let mut memory = pieces.map(Vec::from);
                let mut vectors = memory.each_mut().map(IoVecMut::from);
                assert_eq!(scatter(&mut vectors, from), size.min(6));
                let mut back = [0; 6];
                assert_eq!(gather(&vectors, &mut back), 6);
                let expected: Vec<u8> = from.iter().copied().chain([0xaa; 6]).take(6).collect();
                assert_eq!(back[..], expected);
                assert_eq!(gather(readable(&vectors), &mut back), 6);
                assert_eq!(back[..], expected);
            }
        });
    }

    #[test]
    fn advance_leaves_the_rest_of_the_bytes_and_no_empty_front() {
        cuts(b"abcdef", |pieces| {
            for n in [0, 1, 2, 3, 4, 5, 6, 7, usize::MAX] {
                let mut vectors = pieces.map(IoVec::new);
                let mut rest = &mut vectors[..];
                let done = advance(&mut rest, n);
                assert_eq!(done, n.min(6));
                assert!(rest.first().is_none_or(|front| !front.is_empty()));
                let mut left = [0; 6];
                let len = gather(rest, &mut left);
                assert_eq!(left[..len], b"abcdef"[done..]);
            }
        });
        let mut bytes = *b"abc";
        let mut vectors = [IoVecMut::new(&mut bytes)];
        let mut rest = &mut vectors[..];
        assert_eq!(advance(&mut rest, 1), 1);
        rest[0].copy_from_slice(b"BC");
        assert_eq!(&bytes, b"aBC");
    }

    #[test]
    fn a_total_that_no_call_can_do_is_none() {
        assert_eq!(total(&[IoVec::default(), IoVec::new(b"ab"), IoVec::new(b"c")]), Some(3));
        const MOST: usize = isize::MAX as usize;
        assert_eq!(sum([MOST - 1, 1].into_iter()), Some(MOST));
        assert_eq!(sum([MOST, 1].into_iter()), None);
        assert_eq!(sum([MOST, MOST, 2, 1].into_iter()), None); // wraps to 1
    }

    #[test]
    fn a_null_vector_is_empty() {
        assert!(IoVec::default().as_bytes().is_empty() && IoVecMut::default().into_bytes().is_empty());
        assert!(IoVec::default().raw.iov_base.is_null());
        assert_eq!(scatter(&mut [IoVecMut::default()], b"abc"), 0);
    }
}
