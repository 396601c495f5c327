//! [`Fd`]: a borrowed descriptor, and [`Writer::put_fds`], which sends some.

use crate::error::NoSpace;
use crate::table::keys::SCM_RIGHTS;
use crate::wire::key::Key;
use crate::wire::writer::Writer;
use core::marker::PhantomData;
#[cfg(feature = "std")]
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use zerocopy::{Immutable, IntoBytes};

/// An open file descriptor, borrowed: what `std` calls `BorrowedFd`, without `std`.
///
/// With feature `std` a reference to any `AsFd` converts to it, so [`sendmsg`](super::sendmsg)
/// takes a `&UdpSocket`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoBytes, Immutable)]
#[repr(transparent)]
pub struct Fd<'a> {
    number: i32,
    owner: PhantomData<&'a i32>,
}

impl Fd<'_> {
    /// Borrows a descriptor by its number.
    ///
    /// # Safety
    /// The descriptor must be open, and nobody may close it while the result lives.
    pub const unsafe fn borrow_raw(number: i32) -> Self {
        Self {
            number,
            owner: PhantomData,
        }
    }

    /// Returns the number.
    pub const fn as_raw(self) -> i32 {
        self.number
    }
}

#[cfg(feature = "std")]
impl<'a, T: AsFd + ?Sized> From<&'a T> for Fd<'a> {
    fn from(owner: &'a T) -> Self {
        owner.as_fd().into()
    }
}

#[cfg(feature = "std")]
impl<'a> From<BorrowedFd<'a>> for Fd<'a> {
    fn from(fd: BorrowedFd<'a>) -> Self {
        Self {
            number: fd.as_raw_fd(),
            owner: PhantomData,
        }
    }
}

// Here and not beside `Writer`, because the codec knows neither `Fd` nor the catalogue.
impl<'a> Writer<'a> {
    /// Appends an `SCM_RIGHTS` message with these descriptors. They stay borrowed as long as the
    /// control buffer, so nobody can close them before the message is sent. Feature `libc`.
    ///
    /// ```compile_fail,E0505
    /// # #[cfg(not(feature = "std"))] compile_error!("needs std");
    /// # use ancil::{UpTo, space_of, MsgFlags, MsgHdr, SCM_RIGHTS, Writer, io};
    /// # let (here, there) = std::os::unix::net::UnixStream::pair().unwrap();
    /// # let file = std::fs::File::open("/proc/self/comm").unwrap();
    /// let mut control = [0; space_of::<UpTo<SCM_RIGHTS, 1>>()];
    /// let mut writer = Writer::new(&mut control);
    /// writer.put_fds(&[(&file).into()]).unwrap();
    /// drop(file); // error: borrowed
    /// io::sendmsg(&here, &MsgHdr::new().control(writer.finish()), MsgFlags::empty()).unwrap();
    /// ```
    ///
    /// # Errors
    /// [`NoSpace`] if the message does not fit; the buffer is unchanged then.
    pub fn put_fds(&mut self, fds: &[Fd<'a>]) -> Result<(), NoSpace> {
        self.put_raw(SCM_RIGHTS::LEVEL, SCM_RIGHTS::TYPE, fds.as_bytes())
    }
}
