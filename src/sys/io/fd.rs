//! [`Fd`]: a borrowed descriptor, as the calls take it and as [`Writer::put_fds`] sends it.

use crate::error::NoSpace;
use crate::table::keys::SCM_RIGHTS;
use crate::wire::writer::Writer;
use core::marker::PhantomData;
use zerocopy::{Immutable, IntoBytes};

/// An open file descriptor, borrowed: what `std` calls `BorrowedFd`, without `std`.
///
/// With feature `std` every `&impl AsFd` becomes one, so that [`sendmsg`](super::sendmsg) takes a `&UdpSocket`.
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
    /// It must be open and stay so, not to be closed by anybody, as long as the result lives.
    pub const unsafe fn borrow_raw(number: i32) -> Self {
        Self {
            number,
            owner: PhantomData,
        }
    }

    /// The number.
    pub const fn as_raw(self) -> i32 {
        self.number
    }
}

#[cfg(feature = "std")]
impl<'a, T: std::os::fd::AsFd + ?Sized> From<&'a T> for Fd<'a> {
    fn from(owner: &'a T) -> Self {
        owner.as_fd().into()
    }
}

#[cfg(feature = "std")]
impl<'a> From<std::os::fd::BorrowedFd<'a>> for Fd<'a> {
    fn from(fd: std::os::fd::BorrowedFd<'a>) -> Self {
        Self {
            number: std::os::fd::AsRawFd::as_raw_fd(&fd),
            owner: PhantomData,
        }
    }
}

impl<'a> Writer<'a> {
    /// Appends an `SCM_RIGHTS` message with these descriptors, which stay borrowed as long as the control buffer:
    /// nobody can close them before the message is sent. Feature `libc`.
    ///
    /// ```compile_fail,E0505
    /// # #[cfg(not(feature = "std"))] compile_error!("needs std");
    /// # use ancil::{MsgFlags, MsgHdr, SCM_RIGHTS, Writer, io};
    /// # let (here, there) = std::os::unix::net::UnixStream::pair().unwrap();
    /// # let file = std::fs::File::open("/proc/self/comm").unwrap();
    /// let mut control = [0; SCM_RIGHTS.space_for(1)];
    /// let mut writer = Writer::new(&mut control);
    /// writer.put_fds(&[(&file).into()]).unwrap();
    /// drop(file); // error: borrowed
    /// io::sendmsg(&here, &MsgHdr::new().control(writer.finish()), MsgFlags::empty()).unwrap();
    /// ```
    ///
    /// # Errors
    /// [`NoSpace`] if it does not fit; the buffer is unchanged then.
    pub fn put_fds(&mut self, fds: &[Fd<'a>]) -> Result<(), NoSpace> {
        self.put_raw(SCM_RIGHTS.level, SCM_RIGHTS.ty, fds.as_bytes())
    }
}
