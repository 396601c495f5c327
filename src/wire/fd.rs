// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Fd`]: a borrowed descriptor. [`Fds`]: the payload of `SCM_RIGHTS`.

use super::array::Array;
use super::payload::sealed::Sealed;
use super::payload::{Encode, Payload, Unbounded};
use crate::error::PayloadError;
use core::marker::PhantomData;
#[cfg(feature = "std")]
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use zerocopy::{Immutable, IntoBytes};

/// An open file descriptor, borrowed: what `std` calls `BorrowedFd`, without `std`.
///
/// With feature `std`, a `BorrowedFd` and a reference to any `AsFd` convert to it. So
/// `io::sendmsg` takes a `&UdpSocket`, and `SCM_RIGHTS` is sent as `&[(&file).into()]`.
/// `Fd::from_owned` and `Fd::from_borrowed` view slices.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::Fd;
///
/// let file = std::fs::File::open("/dev/null")?;
/// let fds: [Fd<'_>; 1] = [(&file).into()]; // for `put(SCM_RIGHTS, &fds)`
/// # assert!(fds[0].as_raw() > 0);
/// # }
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// The descriptors of a control buffer stay borrowed until it is sent:
/// ```compile_fail,E0505
/// # #[cfg(not(feature = "std"))] compile_error!("needs std");
/// # use ancil::{UpTo, space_of, MsgFlags, MsgHdr, SCM_RIGHTS, Writer, io};
/// # let (here, there) = std::os::unix::net::UnixStream::pair().unwrap();
/// # let file = std::fs::File::open("/proc/self/comm").unwrap();
/// let mut buffer = [0; space_of::<UpTo<SCM_RIGHTS, 1>>()];
/// let mut writer = Writer::new(&mut buffer);
/// writer.put(SCM_RIGHTS, &[(&file).into()]).unwrap();
/// drop(file); // error: borrowed
/// io::sendmsg(&here, &MsgHdr::new().control(writer.finish()), MsgFlags::empty()).unwrap();
/// ```
///
/// A number is no descriptor:
/// ```compile_fail,E0308
/// # use ancil::{UpTo, space_of, SCM_RIGHTS, Writer};
/// # let mut buffer = [0; space_of::<UpTo<SCM_RIGHTS, 1>>()];
/// Writer::new(&mut buffer).put(SCM_RIGHTS, &[7]); // error: an Fd is expected
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, IntoBytes, Immutable)]
#[repr(transparent)]
pub struct Fd<'a> {
    number: i32,
    owner: PhantomData<&'a i32>,
}

impl Fd<'_> {
    /// Borrows a descriptor by its number.
    ///
    /// ```
    /// use ancil::Fd;
    ///
    /// // SAFETY: the program never closes its standard input.
    /// const STDIN: Fd<'static> = unsafe { Fd::borrow_raw(0) };
    /// assert_eq!(STDIN.as_raw(), 0);
    /// ```
    ///
    /// # Safety
    /// The descriptor must be open, and nobody may close it while the result lives.
    #[inline]
    pub const unsafe fn borrow_raw(number: i32) -> Self {
        Self {
            number,
            owner: PhantomData,
        }
    }

    /// Returns the number.
    ///
    /// ```
    /// # #[cfg(feature = "std")] {
    /// use std::os::fd::AsRawFd;
    ///
    /// let file = std::fs::File::open("/dev/null")?;
    /// assert_eq!(ancil::Fd::from(&file).as_raw(), file.as_raw_fd());
    /// # }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[inline]
    pub const fn as_raw(self) -> i32 {
        self.number
    }
}

#[cfg(feature = "std")]
impl<'a> Fd<'a> {
    /// Views borrowed descriptors as what `SCM_RIGHTS` is sent from. Feature `std`.
    ///
    /// ```
    /// # #[cfg(feature = "std")] {
    /// use std::os::fd::AsFd;
    ///
    /// let file = std::fs::File::open("/dev/null")?;
    /// let fds = [file.as_fd(), file.as_fd()];
    /// assert_eq!(ancil::Fd::from_borrowed(&fds).len(), 2); // for `put` or `io::send_fds`
    /// # }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn from_borrowed<'s>(fds: &'s [BorrowedFd<'a>]) -> &'s [Self] {
        // SAFETY: a BorrowedFd is transparent over a RawFd, as its documentation guarantees, and so
        // is an Fd, so the slices have one layout. Each descriptor stays open for 'a.
        unsafe { core::slice::from_raw_parts(fds.as_ptr().cast(), fds.len()) }
    }

    /// Views owned descriptors as what `SCM_RIGHTS` is sent from. Feature `std`.
    ///
    /// ```
    /// # #[cfg(feature = "std")] {
    /// let fds = [std::os::fd::OwnedFd::from(std::fs::File::open("/dev/null")?)];
    /// assert_eq!(ancil::Fd::from_owned(&fds).len(), 1); // for `put` or `io::send_fds`
    /// # }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn from_owned(fds: &'a [OwnedFd]) -> &'a [Self] {
        // SAFETY: an OwnedFd is transparent over a RawFd, as its documentation guarantees, and so
        // is an Fd, so the slices have one layout. Each descriptor stays open as long as its owner
        // is borrowed.
        unsafe { core::slice::from_raw_parts(fds.as_ptr().cast(), fds.len()) }
    }
}

#[cfg(feature = "std")]
impl<'a, T: AsFd + ?Sized> From<&'a T> for Fd<'a> {
    #[inline]
    fn from(owner: &'a T) -> Self {
        owner.as_fd().into()
    }
}

#[cfg(feature = "std")]
impl<'a> From<BorrowedFd<'a>> for Fd<'a> {
    #[inline]
    fn from(fd: BorrowedFd<'a>) -> Self {
        Self {
            number: fd.as_raw_fd(),
            owner: PhantomData,
        }
    }
}

/// Stands for a payload of descriptors. They arrive as numbers, an [`Array`] of `i32`, and are sent
/// as a slice of borrowed ones, `&[Fd]`.
///
/// ```
/// use ancil::{SCM_RIGHTS, Key, Payload, payload::Fds};
///
/// let numbers = Fds::decode(&[0; 8])?; // what arrives in an SCM_RIGHTS
/// assert_eq!((numbers.len(), numbers.get(0)), (2, Some(0)));
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fds {}

impl Payload for Fds {
    type Decoded<'a> = Array<'a, i32>;

    #[inline]
    fn decode(data: &[u8]) -> Result<Array<'_, i32>, PayloadError> {
        <[i32]>::decode(data)
    }
}

impl Unbounded for Fds {
    const ELEMENT: usize = size_of::<i32>();
}

impl Sealed for Fds {
    const BORROWS_FDS: bool = true;
}

impl Encode for Fds {
    type In<'v, 'fd: 'v> = &'v [Fd<'fd>];

    #[inline]
    fn bytes<'b, 'v, 'fd: 'v>(value: &'b &'v [Fd<'fd>]) -> &'b [u8] {
        value.as_bytes()
    }
}
