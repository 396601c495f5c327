//! `ancil_iov_*`: the engine of I/O vectors.
//!
//! In Rust an array of vectors has no element that cannot be. Here it may: then an element's bytes end with
//! `Iovec`'s idea of a hole, and what walks over them ends there, too.

use super::{bytes as memory, elements, elements_mut, room, status};
use crate::iov::{self, Cursor, Iovec, Vector, Walk};
use crate::verdict::check_iov;
use core::ffi::{c_int, c_void};
use core::mem::MaybeUninit;
use core::ptr;

/// The next `bytes` bytes from `offset` on, to read (`V` is IoVec) or to write (IoVecMut).
///
/// # Safety
/// `iov` is NULL, or valid for reading `n` elements for `'a`; each of them is NULL, or valid for `'a` for as many
/// of its bytes as are reached.
unsafe fn cursor<'a, V: Vector + 'a>(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    bytes: usize,
) -> Cursor<'a, V> {
    // SAFETY: the elements as the caller promises. So are their bytes: of those a piece that is not null is never
    // longer than isize::MAX. Pieces of elements that overlap are had one after the other: no function here
    // keeps one.
    unsafe { Cursor::from_walk(Walk::at(elements(iov, n).iter(), offset)) }.limit(bytes)
}

/// What sendmsg would say to these vectors: 0; -EMSGSIZE for more than 1024; -EINVAL for a length of more than
/// SSIZE_MAX. Where they point to is not looked at.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_check_iov(iov: *const Iovec, n: usize) -> c_int {
    // SAFETY: `n` elements, or NULL.
    let vectors = unsafe { elements(iov, n) };
    match check_iov(vectors.iter().map(|vector| vector.iov_len)) {
        Ok(_) => 0,
        Err(refusal) => status(refusal.errno()),
    }
}

/// Bytes of all elements together: the sum of iov_len. SIZE_MAX where the sum is more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_size(iov: *const Iovec, n: usize) -> usize {
    // SAFETY: `n` elements, or NULL.
    Walk::at(unsafe { elements(iov, n) }.iter(), 0).remaining()
}

/// Gathers: copies `bytes` bytes, from byte `offset` of the vectors on, to `buf`. Returns the bytes copied,
/// fewer if the vectors end before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_to_buf(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    buf: *mut c_void,
    bytes: usize,
) -> usize {
    // SAFETY: `n` elements that can be read, or NULL; a buffer of this length, or NULL, that does not overlap.
    unsafe {
        cursor::<iov::IoVec<'_>>(iov, n, offset, bytes)
            .gather_uninit(room(buf.cast(), bytes))
            .len()
    }
}

/// Scatters: copies `bytes` bytes from `buf` to the vectors, from their byte `offset` on. Returns the bytes
/// copied, fewer if the vectors end before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_from_buf(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    buf: *const c_void,
    bytes: usize,
) -> usize {
    // SAFETY: `n` elements that can be written, or NULL; a buffer of this length, or NULL, that does not overlap.
    unsafe { cursor::<iov::IoVecMut<'_>>(iov, n, offset, bytes).scatter(memory(buf, bytes)) }
}

/// Sets `bytes` bytes of the vectors, from their byte `offset` on, to `byte`, as memset does. Returns the bytes
/// set, fewer if the vectors end before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_fill(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    byte: c_int,
    bytes: usize,
) -> usize {
    // SAFETY: `n` elements that can be written, or NULL.
    unsafe { cursor::<iov::IoVecMut<'_>>(iov, n, offset, bytes).fill(byte as u8, bytes) }
}

/// Copies `bytes` bytes from vectors to vectors, however both are cut. Returns the bytes copied, fewer if either
/// ends before.
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
    // SAFETY: `dst_n` elements that can be written, `src_n` that can be read, or NULL; they do not overlap.
    unsafe {
        let mut src = cursor::<iov::IoVec<'_>>(src, src_n, src_offset, bytes);
        cursor::<iov::IoVecMut<'_>>(dst, dst_n, dst_offset, bytes).copy(&mut src)
    }
}

/// Compares `bytes` bytes of two vectors, however they are cut, as memcmp does: -1, 0 or 1. Where only one of them
/// ends before, that one is less. `*equal`, unless `equal` is NULL, is how many bytes are equal in front.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_compare(
    a: *const Iovec,
    a_n: usize,
    a_offset: usize,
    b: *const Iovec,
    b_n: usize,
    b_offset: usize,
    bytes: usize,
    equal: *mut usize,
) -> c_int {
    // SAFETY: `a_n` and `b_n` elements that can be read, or NULL.
    let (same, order) = unsafe {
        let a = cursor::<iov::IoVec<'_>>(a, a_n, a_offset, bytes);
        a.compare(&cursor(b, b_n, b_offset, bytes))
    };
    if !equal.is_null() {
        // SAFETY: valid or NULL.
        unsafe { equal.write(same) };
    }
    order as c_int
}

/// 1 if `bytes` bytes of the vectors, from their byte `offset` on, are all 0, as far as the vectors go. Else 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_is_zero(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    bytes: usize,
) -> c_int {
    // SAFETY: `n` elements that can be read, or NULL.
    unsafe { cursor::<iov::IoVec<'_>>(iov, n, offset, bytes) }
        .is_zero()
        .into()
}

/// Looks for `byte`, as memchr does, among `bytes` bytes from byte `offset` of the vectors on. Returns its place,
/// counted from the front of the vectors, or ANCIL_IOV_NONE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_find(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    byte: c_int,
    bytes: usize,
) -> usize {
    // SAFETY: `n` elements that can be read, or NULL.
    let found = unsafe { cursor::<iov::IoVec<'_>>(iov, n, offset, bytes) }.find(byte as u8);
    found.map_or(usize::MAX, |ahead| offset.saturating_add(ahead))
}

/// Makes `dst` the vectors of `bytes` bytes of `src`, from its byte `offset` on; nothing is copied but elements.
/// Returns the elements written. If `dst_n` are too few, they hold the first bytes of what was asked for:
/// ancil_iov_size(dst, ...) of them. ancil_iov_count tells how many are enough.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_slice(
    dst: *mut Iovec,
    dst_n: usize,
    src: *const Iovec,
    n: usize,
    offset: usize,
    bytes: usize,
) -> usize {
    // SAFETY: `dst_n` elements to write, `n` to read, or NULL; they do not overlap.
    let (dst, src) = unsafe { (room(dst, dst_n), elements(src, n)) };
    Walk::at(src.iter(), offset).slice(dst, bytes, MaybeUninit::new)
}

/// How many elements ancil_iov_slice needs for `bytes` bytes from byte `offset` on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_count(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    bytes: usize,
) -> usize {
    // SAFETY: `n` elements, or NULL.
    Walk::at(unsafe { elements(iov, n) }.iter(), offset).pieces(bytes)
}

/// How many elements in front one call takes: not more than `most` (IOV_MAX, say), and together not more than
/// `bytes` bytes. 0 if the first alone has more: ancil_iov_slice cuts it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_batch(
    iov: *const Iovec,
    n: usize,
    most: usize,
    bytes: usize,
) -> usize {
    // SAFETY: `n` elements, or NULL.
    iov::whole(unsafe { elements(iov, n) }, most, bytes)
}

/// The bytes in one piece at byte `offset` of the vectors: their address, and in `*len` their number. NULL and 0
/// where the vectors end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_next_chunk(
    iov: *const Iovec,
    n: usize,
    offset: usize,
    len: *mut usize,
) -> *mut c_void {
    // SAFETY: `n` elements, or NULL.
    let piece = Walk::at(unsafe { elements(iov, n) }.iter(), offset).step(usize::MAX);
    let (base, bytes) = match piece {
        Some((piece, false)) => (piece.iov_base, piece.iov_len),
        _ => (ptr::null_mut(), 0),
    };
    if !len.is_null() {
        // SAFETY: valid or NULL.
        unsafe { len.write(bytes) };
    }
    base
}

/// Moves a place `bytes` bytes on, or to the end, where `*n` is 0. A place is three variables of yours: the
/// vectors, their number, and an offset into the first; every function here takes those three. The vectors stay
/// as they are, so that a copy of the three undoes it. Returns the bytes moved. 0 if a pointer is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_seek(
    iov: *mut *const Iovec,
    n: *mut usize,
    offset: *mut usize,
    bytes: usize,
) -> usize {
    // SAFETY: each is valid or NULL.
    let (Some(iov), Some(n), Some(offset)) =
        (unsafe { (iov.as_mut(), n.as_mut(), offset.as_mut()) })
    else {
        return 0;
    };
    // SAFETY: `*n` elements, or NULL.
    let all = unsafe { elements(*iov, *n) };
    let mut walk = Walk::at(all.iter(), *offset);
    let done = walk.skip(bytes);
    walk.settle();
    *offset = walk.start();
    *n = walk.entries();
    // Not past the end: entries() are at most all of them.
    *iov = iov.wrapping_add(all.len().saturating_sub(*n));
    done
}

/// Drops `bytes` bytes from the front, after a call that did only so many, and with them elements that are empty
/// then: `*iov` and `*n` are what is left, whose first element may be shorter now. Returns the bytes dropped,
/// fewer if there were fewer. 0 if a pointer is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_advance(
    iov: *mut *mut Iovec,
    n: *mut usize,
    bytes: usize,
) -> usize {
    // SAFETY: each is valid or NULL.
    let (Some(iov), Some(n)) = (unsafe { (iov.as_mut(), n.as_mut()) }) else {
        return 0;
    };
    // SAFETY: `*n` elements, or NULL.
    let all = unsafe { elements_mut(*iov, *n) };
    let (gone, done) = iov::drop_front(all, bytes);
    *n = all.len().saturating_sub(gone);
    *iov = iov.wrapping_add(gone); // at most all.len()
    done
}

/// Drops `bytes` bytes from the back, and with them elements that are empty then: `*n` are left, the last of
/// which may be shorter now. Returns the bytes dropped, fewer if there were fewer. 0 if `n` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_discard_back(
    iov: *mut Iovec,
    n: *mut usize,
    bytes: usize,
) -> usize {
    // SAFETY: `*n` elements, or NULL, as `cut` asks.
    unsafe { cut(iov, n, |all| iov::drop_back(all, bytes)) }
}

/// Keeps the first `bytes` bytes and drops the rest: `*n` elements are left, the last of which may be shorter
/// now. Returns the bytes kept, fewer if there were fewer. 0 if `n` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_limit(iov: *mut Iovec, n: *mut usize, bytes: usize) -> usize {
    // SAFETY: `*n` elements, or NULL, as `cut` asks.
    unsafe { cut(iov, n, |all| iov::keep_front(all, bytes)) }
}

/// Cuts an array down to as many elements as `f` says, and returns the bytes that it says.
///
/// # Safety
/// `n` is NULL or valid; `iov` is NULL, or `*n` elements are valid for reading and writing.
unsafe fn cut(
    iov: *mut Iovec,
    n: *mut usize,
    f: impl FnOnce(&mut [Iovec]) -> (usize, usize),
) -> usize {
    // SAFETY: valid or NULL.
    let Some(n) = (unsafe { n.as_mut() }) else {
        return 0;
    };
    // SAFETY: `*n` elements, or NULL.
    let (kept, bytes) = f(unsafe { elements_mut(iov, *n) });
    *n = kept;
    bytes
}

/// Makes one element of elements whose memory touches, in their order, and drops empty ones. Returns how many
/// are left; the bytes are the same. Elements behind those are not to be used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_iov_join(iov: *mut Iovec, n: usize) -> usize {
    // SAFETY: `n` elements, or NULL.
    iov::join_entries(unsafe { elements_mut(iov, n) })
}
