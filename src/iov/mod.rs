// SPDX-License-Identifier: MIT OR Apache-2.0
//! I/O vectors: the pieces of memory that one call gathers its bytes from, or scatters them to.
//!
//! [`IoVec`] is read from, [`IoVecMut`] is written to. Both are `struct iovec` (`readv(2)`) with a
//! lifetime, so the kernel takes a slice of them as it is. A [`Cursor`] is a place in such a slice:
//! every operation on bytes begins at a cursor. Nothing here panics. Bytes that do not fit are left
//! alone, and every function returns how many bytes it did.
//!
//! ```
//! use ancil::{IoVec, iov};
//!
//! let vectors = [IoVec::new(b"head"), IoVec::new(b""), IoVec::new(b"tail")];
//! let mut whole = [0; 8];
//! assert_eq!(iov::total(&vectors), Some(8));
//! assert_eq!(iov::gather(&vectors, &mut whole), 8);
//! assert_eq!(&whole, b"headtail");
//!
//! let middle = iov::Cursor::new(&vectors).at(2).limit(4);
//! assert_eq!(middle.find(b't'), Some(2));
//! ```
//!
//! # Pictures
//! ```text
//!   vectors    [ h e a d ]   [ ]   [ t a i l ! ]     advance(6): vectors leave the front
//!                | | | |             | | | | |
//!   gather       v v v v   + - - - - - - - - +         [ h e a d ]   [ ]   [ t a i l ! ]
//!                | | | |   v v v v v                      gone       gone      ^
//!   buffer     [ h e a d   t a i l ! ]                                      [ i l ! ]
//!                | | | |   | | | | |
//!   scatter      v v v v   v v v v v                 at(2).limit(5): the array stays as it is
//!                | | | |   + - - - - - - - - +
//!                | | | |             | | | | |         [ h e a d ]   [ ]   [ t a i l ! ]
//!   vectors    [ h e a d ]   [ ]   [ t a i l ! ]             ^-^             ^---^   two chunks
//! ```
//!
//! # Operations
//! In the column of costs, *n* is the number of entries that are reached, *N* the number of all
//! entries, *b* the number of bytes. "copy" is a copy at the speed of `memcpy`.
//!
//! | on an array | | cost |
//! | --- | --- | --- |
//! | [`total`] | bytes of all vectors, checked | *N* |
//! | [`gather`], [`gather_at`], [`gather_uninit`] | vectors to a buffer | *n* + copy |
//! | [`scatter`], [`scatter_at`] | a buffer to vectors | *n* + copy |
//! | [`advance`], [`discard_back`] | drop bytes at the front, at the back | *n* |
//! | [`limit`] | keep only the first bytes | *n* |
//! | [`batch`] | the entries at the front that one call takes | *n* |
//! | [`join`] | make one entry of entries that touch | *N* |
//! | [`readable`] | space that was received into, to send from | none |
//! | `as_io_slices`, `from_io_slices`, and with `_mut` | `std`'s types; feature `std` | none |
//! | `as_libc`, `from_libc`, `from_libc_mut` | `libc`'s type; feature `libc` | none |
//!
//! | on a cursor | | cost |
//! | --- | --- | --- |
//! | [`Cursor::new`], [`Cursor::new_mut`] | at the front | none |
//! | [`at`](Cursor::at), [`advance`](Cursor::advance) | move on | *n* |
//! | [`limit`](Cursor::limit) | set an end | *n* |
//! | [`split_at`](Cursor::split_at) | two cursors | *n* |
//! | [`remaining`](Cursor::remaining) | bytes ahead | *N* |
//! | [`chunk`](Cursor::chunk), [`next_chunk`](Cursor::next_chunk) | bytes in one piece | 1 |
//! | [`slice`](Cursor::slice) | a range, or a batch, as vectors in another array | *n* |
//! | [`gather`](Cursor::gather) | to a buffer | *n* + copy |
//! | [`scatter`](Cursor::scatter) | from a buffer | *n* + copy |
//! | [`copy`](Cursor::copy) | from other vectors | *n* + copy |
//! | [`fill`](Cursor::fill) | with one byte | *n* + *b* |
//! | [`compare`](Cursor::compare) | with the bytes of another cursor | *n* + *b* |
//! | [`is_zero`](Cursor::is_zero), [`find`](Cursor::find) | look at each byte | *n* + *b* |
//!
//! A cursor leaves the array as it is: to undo an advance, keep a clone of the cursor.

mod array;
mod bytes;
#[cfg(feature = "libc")]
mod c_iovec;
mod cursor;
mod cut;
#[cfg(any(feature = "capi", test))]
mod holes;
#[cfg(all(feature = "std", unix))]
mod io_slice;
mod iovec;
mod raw_cursor;
mod vector;

pub use array::*;
pub use bytes::*;
#[cfg(feature = "libc")]
pub use c_iovec::*;
pub use cursor::{Cursor, CursorMut};
#[cfg(all(feature = "std", unix))]
pub use io_slice::*;
pub use vector::{IoVec, IoVecMut, IoVecUninit, Vector, readable};

#[cfg(feature = "capi")]
pub(crate) use cut::{count_whole, drop_back, join as join_entries, keep_front};
#[cfg(feature = "capi")]
pub(crate) use holes::{drop_front, pieces, run, seek};
#[cfg(feature = "capi")]
pub(crate) use iovec::Iovec;
#[cfg(feature = "capi")]
pub(crate) use raw_cursor::total as total_of_entries;
