//! Copying between I/O vectors and a buffer.

use ancil::{IoVec, IoVecMut, iov};
use std::hint::black_box;
use std::io::{IoSlice, IoSliceMut};

unsafe extern "C" {
    fn c_iov_to_buf(
        iov: *const libc::iovec,
        n: usize,
        offset: usize,
        buf: *mut u8,
        bytes: usize,
    ) -> usize;
    fn c_iov_from_buf(
        iov: *const libc::iovec,
        n: usize,
        offset: usize,
        buf: *const u8,
        bytes: usize,
    ) -> usize;
}

/// Gathers with ancil.
#[inline(never)]
pub fn gather(from: &[IoVec<'_>], to: &mut [u8]) -> usize {
    iov::gather(from, to)
}

/// Scatters with ancil.
#[inline(never)]
pub fn scatter(to: &mut [IoVecMut<'_>], from: &[u8]) -> usize {
    iov::scatter(to, from)
}

/// Gathers with the loop in c/iov.c.
#[inline(never)]
pub fn gather_c(from: &[IoVec<'_>], to: &mut [u8]) -> usize {
    // SAFETY: `from` is an array of `from.len()` vectors, whose bytes can be read because each
    // `IoVec` borrows them. `to` has `to.len()` bytes, to which C writes no more.
    unsafe {
        c_iov_to_buf(
            iov::as_libc(from).as_ptr(),
            from.len(),
            0,
            to.as_mut_ptr(),
            to.len(),
        )
    }
}

/// Scatters with the loop in c/iov.c.
#[inline(never)]
pub fn scatter_c(to: &mut [IoVecMut<'_>], from: &[u8]) -> usize {
    // SAFETY: `to` is an array of `to.len()` vectors, whose bytes can be written because each
    // `IoVecMut` borrows them exclusively. `from` has `from.len()` bytes, of which C reads no more.
    unsafe {
        c_iov_from_buf(
            iov::as_libc(to).as_ptr(),
            to.len(),
            0,
            from.as_ptr(),
            from.len(),
        )
    }
}

/// Gathers from std's type, with a loop as a program would contain it.
#[inline(never)]
pub fn gather_std(from: &[IoSlice<'_>], to: &mut [u8]) -> usize {
    let mut done = 0;
    for slice in from {
        let n = slice.len().min(to.len() - done);
        to[done..done + n].copy_from_slice(&slice[..n]);
        done += n;
    }
    done
}

/// Scatters to std's type, with a loop as a program would contain it.
#[inline(never)]
pub fn scatter_std(to: &mut [IoSliceMut<'_>], from: &[u8]) -> usize {
    let mut done = 0;
    for slice in to {
        let n = slice.len().min(from.len() - done);
        slice[..n].copy_from_slice(&from[done..done + n]);
        done += n;
    }
    done
}

/// Copies as many bytes from one buffer to another.
#[inline(never)]
pub fn memcpy(to: &mut [u8], from: &[u8]) {
    black_box(to).copy_from_slice(black_box(from));
}

/// Copies pieces of `size` bytes, without vectors that say where they are.
#[inline(never)]
pub fn memcpy_from_pieces(to: &mut [u8], from: &[u8], size: usize) {
    for (to, from) in to.chunks_exact_mut(size).zip(from.chunks_exact(size)) {
        to.copy_from_slice(black_box(from));
    }
}

/// Copies to pieces of `size` bytes, without vectors that say where they are.
#[inline(never)]
pub fn memcpy_to_pieces(to: &mut [u8], from: &[u8], size: usize) {
    for (to, from) in to.chunks_exact_mut(size).zip(from.chunks_exact(size)) {
        black_box(to).copy_from_slice(from);
    }
}
