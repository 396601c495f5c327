// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_iov_*`: the engine of I/O vectors.
//!
//! In Rust, every vector of an array is valid. In C one may be NULL or longer than memory can be:
//! the bytes of such a vector end with a hole (see [`Iovec`]), and so does what reads or writes
//! them.

use super::{bytes as memory, slice, slice_mut, status, uninit_slice};
use crate::iov::{self, Cursor, IoVec, IoVecMut, Iovec, Vector};
use crate::verdict::check_iov;
use core::ffi::{c_int, c_void};
use core::mem::MaybeUninit;
use core::ptr;

/// Returns a cursor over the next `bytes` bytes from byte `offset` of the caller's vectors on.
///
/// # Safety
/// Unless `iov` is NULL or `n` is 0, `iov` must be aligned and valid for reading `n` elements for
/// `'a`, in which nothing writes to them. Of each element that is not NULL, the bytes that the
/// cursor gets to must be valid for `'a`: initialised and not written if `V` is [`IoVec`]; accessed
/// through the cursor alone if it is [`IoVecMut`], of which only methods may be used that
/// [`Cursor::from_raw`] allows for bytes that are not initialised.
unsafe fn cursor<'a, V: Vector + 'a>(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    bytes: usize,
) -> Cursor<'a, V> {
    // SAFETY: `slice` needs exactly what the caller promises about the elements.
    let run = iov::run(unsafe { slice(iov, n) }, offset, bytes);
    // SAFETY: `from_raw` needs every piece to be a valid `V` for `'a`. No piece of a run is in a
    // hole, so none is at NULL, and none has more than isize::MAX bytes. The caller promises the
    // rest, and to call only the methods that are allowed if bytes are not initialised, or if
    // elements overlap.
    unsafe { Cursor::from_raw(run) }
}

/// Returns what sendmsg would return for these vectors: 0, -EMSGSIZE if there are more than 1024,
/// or -EINVAL if a length exceeds SSIZE_MAX. Does not look at iov_base.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_check_iov(iov: *const Iovec, n: usize) -> c_int {
    // SAFETY: `slice` needs NULL or `n` elements that are valid for reading: the contract of the C
    // API.
    let vectors = unsafe { slice(iov, n) };
    match check_iov(vectors.iter().map(|vector| vector.iov_len)) {
        Ok(_) => 0,
        Err(refusal) => status(refusal.errno()),
    }
}

/// Returns the number of bytes in all elements, the sum of iov_len; SIZE_MAX if the sum is larger.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_size(iov: *const Iovec, n: usize) -> usize {
    // SAFETY: `slice` needs NULL or `n` elements that are valid for reading: the contract of the C
    // API.
    iov::total_of_entries(unsafe { slice(iov, n) })
}

/// Gathers: copies `bytes` bytes of the vectors, from byte `offset` on, to `buf`. Returns the
/// number of bytes copied, which is smaller if the vectors end earlier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_to_buf(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    buf: *mut c_void,
    bytes: usize,
) -> usize {
    // SAFETY: `cursor` needs NULL or `n` elements that are valid for reading, and that the bytes
    // reached are valid for reading; `uninit_slice` needs NULL or `bytes` bytes that are valid for
    // writing and that nothing else accesses: the contract of the C API, by which `buf` does not
    // overlap the vectors.
    unsafe {
        cursor::<IoVec<'_>>(iov, n, offset, bytes)
            .gather_uninit(uninit_slice(buf.cast(), bytes))
            .len()
    }
}

/// Scatters: copies `bytes` bytes from `buf` to the vectors, from byte `offset` on. Returns the
/// number of bytes copied, which is smaller if the vectors end earlier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_from_buf(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    buf: *const c_void,
    bytes: usize,
) -> usize {
    // SAFETY: `cursor` needs NULL or `n` elements that are valid for reading, and that the bytes
    // reached are valid for writing; `memory` needs NULL or `bytes` bytes that are valid for
    // reading and not written: the contract of the C API, by which `buf` does not overlap the
    // vectors.
    unsafe { cursor::<IoVecMut<'_>>(iov, n, offset, bytes).scatter(memory(buf, bytes)) }
}

/// Sets `bytes` bytes of the vectors, from byte `offset` on, to `byte`, as memset does. Returns the
/// number of bytes set, which is smaller if the vectors end earlier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_fill(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    byte: c_int,
    bytes: usize,
) -> usize {
    // SAFETY: `cursor` needs NULL or `n` elements that are valid for reading, and that the bytes
    // reached are valid for writing: the contract of the C API.
    unsafe { cursor::<IoVecMut<'_>>(iov, n, offset, bytes) }.fill(byte as u8, bytes)
}

/// Copies `bytes` bytes from `src` to `dst`, whose elements may be divided differently. Returns the
/// number of bytes copied, which is smaller if one of them ends earlier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_copy(
    dst: *const Iovec,
    dst_n: usize,
    dst_offset: usize,
    src: *const Iovec,
    src_n: usize,
    src_offset: usize,
    bytes: usize,
) -> usize {
    // SAFETY: `cursor` needs NULL or `dst_n` and `src_n` elements that are valid for reading, and
    // that the bytes reached are valid for writing and for reading: the contract of the C API, by
    // which those of `dst` do not overlap those of `src`.
    unsafe {
        let mut src = cursor::<IoVec<'_>>(src, src_n, src_offset, bytes);
        cursor::<IoVecMut<'_>>(dst, dst_n, dst_offset, bytes).copy(&mut src)
    }
}

/// Compares `bytes` bytes of `a` and `b`, whose elements may be divided differently, as memcmp
/// does. Returns -1, 0 or 1; if only one of them ends earlier, that one is smaller. Sets `*equal`
/// to the number of equal bytes at the front; `equal` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_compare(
    a: *const Iovec,
    a_n: usize,
    a_offset: usize,
    b: *const Iovec,
    b_n: usize,
    b_offset: usize,
    bytes: usize,
    equal: Option<&mut MaybeUninit<usize>>,
) -> c_int {
    // SAFETY: `cursor` needs NULL or `a_n` and `b_n` elements that are valid for reading, and that
    // the bytes reached are valid for reading: the contract of the C API.
    let (same, order) = unsafe {
        let mut b = cursor(b, b_n, b_offset, bytes);
        cursor::<IoVec<'_>>(a, a_n, a_offset, bytes).compare_past(&mut b)
    };
    if let Some(equal) = equal {
        equal.write(same);
    }
    order as c_int
}

/// Returns 1 if `bytes` bytes of the vectors, from byte `offset` on, are all 0, otherwise 0. Looks
/// at fewer bytes if the vectors end earlier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_is_zero(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    bytes: usize,
) -> c_int {
    // SAFETY: `cursor` needs NULL or `n` elements that are valid for reading, and that the bytes
    // reached are valid for reading: the contract of the C API.
    unsafe { cursor::<IoVec<'_>>(iov, n, offset, bytes) }
        .is_zero()
        .into()
}

/// Searches `bytes` bytes of the vectors, from byte `offset` on, for `byte`, as memchr does.
/// Returns its position, counted from the front of the vectors, or ANCIL_IOV_NONE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_find(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    byte: c_int,
    bytes: usize,
) -> usize {
    // SAFETY: `cursor` needs NULL or `n` elements that are valid for reading, and that the bytes
    // reached are valid for reading: the contract of the C API.
    let found = unsafe { cursor::<IoVec<'_>>(iov, n, offset, bytes) }.find(byte as u8);
    found.map_or(usize::MAX, |ahead| offset.saturating_add(ahead))
}

/// Writes to `dst` the elements for `bytes` bytes of `src`, from byte `offset` on. The bytes
/// themselves are not copied. Returns the number of elements written. If `dst_n` is too small, they
/// lead to the first of the bytes, ancil_iov_size of them. ancil_iov_count returns the number of
/// elements that is enough.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_slice(
    dst: *mut Iovec,
    dst_n: usize,
    src: *const Iovec,
    n: usize,
    offset: usize,
    bytes: usize,
) -> usize {
    // SAFETY: `uninit_slice` needs NULL or `dst_n` elements that are valid for writing and that
    // nothing else accesses, `slice` NULL or `n` elements that are valid for reading: the contract
    // of the C API, by which the two do not overlap.
    let (dst, src) = unsafe { (uninit_slice(dst, dst_n), slice(src, n)) };
    let slots_and_pieces = dst.iter_mut().zip(iov::pieces(src, offset, bytes));
    slots_and_pieces.fold(0, |count: usize, (slot, piece)| {
        slot.write(piece);
        count.saturating_add(1)
    })
}

/// Returns the number of elements that ancil_iov_slice needs for the same `offset` and `bytes`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_count(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    bytes: usize,
) -> usize {
    // SAFETY: `slice` needs NULL or `n` elements that are valid for reading: the contract of the C
    // API.
    iov::pieces(unsafe { slice(iov, n) }, offset, bytes).count()
}

/// Returns how many elements from the front one call can take: at most `most` elements (IOV_MAX,
/// for example) with at most `bytes` bytes in all. Returns 0 if the first element alone has more
/// bytes; ancil_iov_slice can cut that element.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_batch(
    iov: *const Iovec,
    n: usize,
    most: usize,
    bytes: usize,
) -> usize {
    // SAFETY: `slice` needs NULL or `n` elements that are valid for reading: the contract of the C
    // API.
    let vectors = unsafe { slice(iov, n.min(most)) };
    iov::count_whole(vectors, bytes).0
}

/// Returns the address of byte `offset` of the vectors, and sets `*len` to the number of bytes that
/// follow there in one piece; `len` may be NULL. At the end of the vectors and in a hole, returns
/// NULL and sets `*len` to 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_next_chunk(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    len: Option<&mut MaybeUninit<usize>>,
) -> *mut c_void {
    // SAFETY: `slice` needs NULL or `n` elements that are valid for reading: the contract of the C
    // API.
    let piece = iov::pieces(unsafe { slice(iov, n) }, offset, usize::MAX).next();
    let bytes = piece.filter(|piece| !piece.iov_base.is_null());
    let (base, bytes) = bytes.map_or((ptr::null_mut(), 0), |bytes| {
        (bytes.iov_base, bytes.iov_len)
    });
    if let Some(len) = len {
        len.write(bytes);
    }
    base
}

/// Moves a position forward by `bytes` bytes, or to the end, where `*n` becomes 0. A position is
/// three variables: the vectors, their number, and an offset from the front. All functions here
/// take these three. The vectors are not changed, so a copy of the three variables is the old
/// position. Returns the number of bytes moved, which is smaller at the end, and 0 if a pointer is
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_seek(
    iov: Option<&mut *const Iovec>,
    n: Option<&mut usize>,
    offset: Option<&mut usize>,
    bytes: usize,
) -> usize {
    let (Some(iov), Some(n), Some(offset)) = (iov, n, offset) else {
        return 0;
    };
    // SAFETY: `slice` needs NULL or `*n` elements that are valid for reading: the contract of the C
    // API, since every function here takes `*iov` and `*n` as a pointer with its length.
    let all = unsafe { slice(*iov, *n) };
    let (passed, start, _) = iov::seek(all, 0, *offset);
    let rest = all.get(passed..).unwrap_or_default();
    let (more, start, missing) = iov::seek(rest, start, bytes);
    *n = rest.len().saturating_sub(more);
    *offset = start;
    *iov = iov.wrapping_add(passed.saturating_add(more)); // at most all.len() together
    bytes.saturating_sub(missing)
}

/// Drops `bytes` bytes from the front, as after a writev that wrote only so many, and the elements
/// that become empty. `*iov` and `*n` become the rest; its first element may be shortened. Returns
/// the number of bytes dropped, which is smaller if there were fewer, and 0 if a pointer is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_advance(
    iov: Option<&mut *mut Iovec>,
    n: Option<&mut usize>,
    bytes: usize,
) -> usize {
    let (Some(iov), Some(n)) = (iov, n) else {
        return 0;
    };
    // SAFETY: `slice_mut` needs NULL or `*n` elements that are valid for reading and writing and
    // that nothing else accesses: the contract of the C API, since `*iov` and `*n` are a pointer
    // with its length.
    let all = unsafe { slice_mut(*iov, *n) };
    let (gone, done) = iov::drop_front(all, bytes);
    *n = all.len().saturating_sub(gone);
    *iov = iov.wrapping_add(gone); // at most all.len()
    done
}

/// Drops `bytes` bytes from the back, and the elements that become empty. `*n` becomes the number
/// of elements left; the last of them may be shortened. Returns the number of bytes dropped, which
/// is smaller if there were fewer, and 0 if `n` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_discard_back(
    iov: *mut Iovec,
    n: Option<&mut usize>,
    bytes: usize,
) -> usize {
    // SAFETY: `cut` needs NULL or `*n` elements that are valid for reading and writing and that
    // nothing else accesses: the contract of the C API.
    unsafe { cut(iov, n, bytes, iov::drop_back) }
}

/// Keeps the first `bytes` bytes and drops the rest. `*n` becomes the number of elements left; the
/// last of them may be shortened. Returns the number of bytes kept, which is smaller if there were
/// fewer, and 0 if `n` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_limit(
    iov: *mut Iovec,
    n: Option<&mut usize>,
    bytes: usize,
) -> usize {
    // SAFETY: `cut` needs NULL or `*n` elements that are valid for reading and writing and that
    // nothing else accesses: the contract of the C API.
    unsafe { cut(iov, n, bytes, iov::keep_front) }
}

/// Keeps as many elements of an array as `f` says, given the elements and `bytes`, and returns the
/// bytes that `f` says.
///
/// # Safety
/// Unless `iov` is NULL, or `n` is `None` or 0, `iov` must be aligned and valid for reading and
/// writing `*n` elements that nothing else accesses meanwhile.
unsafe fn cut(
    iov: *mut Iovec,
    n: Option<&mut usize>,
    bytes: usize,
    f: impl FnOnce(&mut [Iovec], usize) -> (usize, usize),
) -> usize {
    let Some(n) = n else {
        return 0;
    };
    // SAFETY: `slice_mut` needs exactly what the caller promises.
    let (kept, bytes) = f(unsafe { slice_mut(iov, *n) }, bytes);
    *n = kept;
    bytes
}

/// Joins elements whose memory is adjacent into one, and drops empty elements; the bytes and their
/// order stay the same. Returns the number of elements left. Do not use the elements after those.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_join(iov: *mut Iovec, n: usize) -> usize {
    // SAFETY: `slice_mut` needs NULL or `n` elements that are valid for reading and writing and
    // that nothing else accesses: the contract of the C API.
    iov::join_entries(unsafe { slice_mut(iov, n) })
}
