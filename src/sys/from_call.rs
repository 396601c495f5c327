// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Received`] of a system call that the program made itself.

use super::outcome::{Outcome, Space};
use super::received::Received;
use crate::msghdr::{MsgFlags, MsgHdrMut, MsgHdrUninit, UserMsghdr};

impl<'r> Received<'r> {
    /// Takes ownership of the descriptors in a message that the program received by a system call
    /// of its own.
    ///
    /// The call was given [`message.to_user_msghdr()`](MsgHdrMut::to_user_msghdr) and wrote to it:
    /// this is `reported`. It returned `bytes`. Descriptors that nobody takes are closed by
    /// `close`. Pass `MSG_CMSG_CLOEXEC` to the call: nobody else does.
    ///
    /// ```
    /// # #[cfg(feature = "std")] {
    /// use ancil::{IoVecMut, MsgFlags, MsgHdrMut, Received, UserMsghdr, io};
    /// use std::os::fd::AsRawFd;
    ///
    /// # let (here, there) = std::os::unix::net::UnixDatagram::pair()?;
    /// # there.send(b"hello")?;
    /// let mut bytes = [0; 100];
    /// let mut vectors = [IoVecMut::new(&mut bytes)];
    /// let mut message = MsgHdrMut::new().iov(&mut vectors);
    /// let mut header = message.to_user_msghdr().to_libc()?; // or the kernel's, for a raw call
    /// // SAFETY: the header describes buffers that nobody else uses.
    /// let n = unsafe { libc::recvmsg(here.as_raw_fd(), &mut header, libc::MSG_CMSG_CLOEXEC) };
    /// let n = usize::try_from(n).map_err(|_| std::io::Error::last_os_error())?;
    /// let reported = UserMsghdr::from_libc(&header);
    /// // SAFETY: the call above reported this, and nobody has used the descriptors.
    /// let received = unsafe { Received::from_call(&mut message, n, &reported, io::close) };
    /// assert_eq!(received.data(), b"hello");
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Safety
    /// A successful call must have reported this for `message`, and nothing else may have used the
    /// descriptors, or written to the control buffer, since then. `close` must be safe to call with
    /// an open descriptor that nobody uses afterwards.
    #[inline]
    pub unsafe fn from_call(
        message: &'r mut MsgHdrMut<'_>,
        bytes: usize,
        reported: &UserMsghdr,
        close: unsafe fn(i32),
    ) -> Self {
        let (name, vectors, control) = message.reborrow().into_groups();
        let outcome = Outcome::new(bytes, reported);
        // SAFETY: `new` has the contract of this function.
        unsafe { Self::new(outcome, control, close) }.with_groups(name, Space::Vectors(vectors))
    }

    /// Takes ownership as [`from_call`](Received::from_call) does, of a message that the program
    /// received into memory that need not have been initialised. What the kernel wrote can be read.
    ///
    /// ```
    /// use ancil::{IoVecUninit, MsgHdrUninit, Received, UserMsghdr};
    /// use std::mem::MaybeUninit;
    ///
    /// # unsafe fn close(_: i32) {}
    /// # fn call(header: &mut UserMsghdr) -> usize {
    /// #     unsafe { header.msg_iov.cast::<*mut u8>().read().write(b'!') };
    /// #     header.msg_controllen = 0;
    /// #     1
    /// # }
    /// let mut bytes = [MaybeUninit::uninit(); 100];
    /// let mut vectors = [IoVecUninit::new(&mut bytes)];
    /// let mut message = MsgHdrUninit::new().iov(&mut vectors);
    /// let mut header = message.to_user_msghdr();
    /// let n = call(&mut header); // recvmsg, which wrote one byte
    /// // SAFETY: the call reported this, and nobody has used the descriptors.
    /// let received = unsafe { Received::from_uninit_call(&mut message, n, &header, close) };
    /// assert_eq!(received.data(), b"!");
    /// ```
    ///
    /// # Safety
    /// The contract of [`from_call`](Received::from_call), for
    /// [`message.to_user_msghdr()`](MsgHdrUninit::to_user_msghdr). Of the vectors, the kernel must
    /// have written as many bytes as it reported, or all if there are fewer. It does, unless the
    /// call was given `MSG_TRUNC` or `MSG_SOCK_DEVMEM`, with which some protocols count bytes that
    /// they do not write.
    pub unsafe fn from_uninit_call(
        message: &'r mut MsgHdrUninit<'_>,
        bytes: usize,
        reported: &UserMsghdr,
        close: unsafe fn(i32),
    ) -> Self {
        let outcome = Outcome::new(bytes, reported);
        // SAFETY: the kernel must have written as many bytes of the space for the name as given, or
        // all if there are fewer. By the contract of this function it reported that it did.
        let (name, spaces, control) = unsafe { message.groups(outcome.name_len) };
        // SAFETY: `new` has the contract of this function.
        let received = unsafe { Self::new(outcome, control, close) };
        // The invariant of the variant: the kernel has written these bytes, by the contract.
        received.with_groups(name, Space::Uninit(spaces))
    }

    /// Takes ownership of the descriptors in `control`: for messages that were received by other
    /// means, such as `io_uring(7)`.
    ///
    /// `bytes` and `flags` are what the kernel reported. `control` is what the kernel wrote: the
    /// first `msg_controllen` bytes of the control buffer. The result has neither the address nor
    /// the bytes: they are where the caller had them received. Descriptors that nobody takes are
    /// closed by `close`; with feature `libc` this may be `io::close`.
    ///
    /// ```
    /// use ancil::{MsgFlags, Received};
    ///
    /// # unsafe fn close(_: i32) {}
    /// # let (n, flags, mut control) = (5, MsgFlags::empty(), [0; 0]);
    /// // SAFETY: a completion reported this message, and nobody has used its descriptors.
    /// let mut received = unsafe { Received::from_control(n, flags, &mut control, close) };
    /// assert_eq!(received.take_raw_fds().count(), 0);
    /// ```
    ///
    /// # Safety
    /// Every descriptor that an `SCM_RIGHTS` or `SCM_PIDFD` in `control` names must be open and
    /// owned by nobody else: the bytes are as the kernel wrote them, they are passed to this
    /// function once, and nobody else closes or keeps those numbers. If the last message reaches
    /// past the end of `control`, this holds for the descriptors before the end. `close` must be
    /// safe to call with an open descriptor that nobody uses afterwards.
    pub unsafe fn from_control(
        bytes: usize,
        flags: MsgFlags,
        control: &'r mut [u8],
        close: unsafe fn(i32),
    ) -> Self {
        let outcome = Outcome {
            bytes,
            name_len: 0,
            control_len: control.len(),
            flags: flags.bits(),
        };
        // SAFETY: `new` has the contract of this function.
        unsafe { Self::new(outcome, control, close) }
    }
}
