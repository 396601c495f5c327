// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Received`]: a received message, and the owner of the descriptors in it.

use super::outcome::{Outcome, Space};
use super::owned_control::OwnedControl;
use crate::addr::{AF_INET, AF_INET6, Address, family_of};
use crate::error::{BadAddress, Errno};
use crate::format::DisplayControl;
use crate::iov::{Cursor, IoVec};
use crate::msghdr::MsgFlags;
use crate::wire::fd::Fd;
use crate::wire::reader::Reader;
use core::fmt;
#[cfg(feature = "std")]
use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd};

pub use truncated::Truncated;

mod truncated;

/// What `io::recvmsg` received, or a system call of the program: bytes, flags, address, control
/// messages and descriptors.
///
/// It owns the descriptors in `SCM_RIGHTS` and `SCM_PIDFD`. Taking a descriptor makes the caller
/// its owner. Descriptors that nobody took are closed on drop, also if the message was truncated or
/// its control messages are malformed. The sender decides how many descriptors arrive: on 64-bit
/// machines a control buffer for one descriptor ends with padding in which a second one fits, and
/// the kernel uses that space.
///
/// If the socket option `SO_RIGHTS_NOTRUNC` is set (Linux 7.3), an error number arrives in place of
/// a descriptor that a security module denied, and the descriptors after it arrive, too. `take_fds`
/// skips such a place, `take_slots` yields the error.
///
/// The message stays borrowed while this lives, and while the bytes are in use that
/// [`data`](Received::data) returned. Descriptors can be taken while the bytes are in use.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{IoVecMut, MsgFlags, MsgHdrMut, SCM_RIGHTS, UpTo, io, space_of};
/// use std::{fs::File, io::Read};
///
/// let (here, there) = std::os::unix::net::UnixStream::pair()?;
/// # let file = File::open("/proc/self/comm")?;
/// # io::send_fds(&there, b"hello", &[(&file).into()])?;
/// let (mut bytes, mut control) = ([0; 100], [0; space_of::<UpTo<SCM_RIGHTS, 1>>()]);
/// let mut vectors = [IoVecMut::new(&mut bytes)];
/// let mut message = MsgHdrMut::new().iov(&mut vectors).control(&mut control);
/// let mut received = io::recvmsg(&here, &mut message, MsgFlags::empty())?;
/// let data = received.data();
/// for fd in received.take_fds() {
///     let mut text = String::new();
///     File::from(fd).read_to_string(&mut text)?;
/// }
/// assert_eq!(data, b"hello");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// What the kernel reported of the message:
///
/// ```
/// # #[cfg(feature = "std")] {
/// # use ancil::{IoVecMut, MsgFlags, MsgHdrMut, Received, io};
/// # use std::net::{SocketAddr, UdpSocket};
/// # let socket = UdpSocket::bind("127.0.0.1:0")?;
/// # socket.send_to(b"hello", socket.local_addr()?)?;
/// # let (mut bytes, mut from) = ([0; 100], [0; 128]);
/// # let mut vectors = [IoVecMut::new(&mut bytes)];
/// # let mut message = MsgHdrMut::new().name(&mut from).iov(&mut vectors);
/// let mut received: Received<'_> = io::recvmsg(&socket, &mut message, MsgFlags::empty())?;
/// assert!(!received.is_truncated() && received.flags().is_empty());
/// assert_eq!((received.bytes(), received.control().count()), (5, 0));
/// assert_eq!((received.fds_left(), received.fds_denied()), (0, 0));
/// assert!(received.fds().next().is_none() && received.take_raw_fds().next().is_none());
/// assert!(received.take_raw_slots().next().is_none() && received.take_raw_pidfd().is_none());
/// assert_eq!(received.name().len(), received.name_len()); // not cut
/// let address = received.address()?.ok_or("unnamed")?;
/// assert_eq!(SocketAddr::try_from(address)?, socket.local_addr()?);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "dropping it closes the descriptors that arrived"]
pub struct Received<'r> {
    bytes: usize,
    flags: MsgFlags,
    name: &'r [u8],
    name_len: usize,
    space: Space<'r>,
    control: OwnedControl<'r>,
}

impl<'r> Received<'r> {
    /// Takes ownership of the descriptors that the kernel reported in `control`. No other function
    /// of this room gives descriptors an owner.
    ///
    /// # Safety
    /// The kernel must have reported `outcome` for the message that it wrote to `control`, and
    /// since then nobody may have written to `control` or taken ownership of the descriptors in it.
    /// `close` must be safe to call with an open descriptor that nobody uses afterwards.
    #[inline]
    pub(super) unsafe fn new(
        outcome: Outcome,
        control: &'r mut [u8],
        close: unsafe fn(i32),
    ) -> Self {
        let filled = outcome.control_len.min(control.len());
        let control = control.get_mut(..filled).unwrap_or_default();
        Self {
            bytes: outcome.bytes,
            flags: MsgFlags::from_bits_retain(outcome.flags).difference(MsgFlags::MSG_CMSG_CLOEXEC),
            name: &[],
            name_len: outcome.name_len,
            space: Space::Buffer(&[]),
            // SAFETY: the descriptors in `control` must be open and owned by nobody else. By the
            // contract of this function the kernel wrote these `filled` bytes, so it opened the
            // descriptors in them for this process, and nobody took ownership since. The contract
            // for `close` is the same.
            control: unsafe { OwnedControl::new(control, close) },
        }
    }

    /// Adds the space for the address, which may have been cut to it, and for the bytes.
    #[inline]
    pub(super) fn with_groups(mut self, name: &'r [u8], space: Space<'r>) -> Self {
        self.name = name.get(..self.name_len).unwrap_or(name);
        self.space = space;
        if is_internet(self.name) {
            self.control.brings_no_fds();
        }
        self
    }

    /// Returns the number of bytes received, as `recvmsg(2)` returned it. 0 is the end of a stream
    /// or an empty datagram.
    ///
    /// It is more than the vectors hold only if `MSG_TRUNC` was among the flags of the call.
    #[inline]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the flags that the kernel reported in `msg_flags`.
    ///
    /// `MSG_TRUNC`: the datagram was longer than the vectors. `MSG_CTRUNC`: messages or descriptors
    /// are missing, and the last message may be cut off. What did arrive is valid in both cases.
    ///
    /// A control buffer that was too small is one reason for `MSG_CTRUNC`. A larger buffer does not
    /// help for the others: this process has as many open descriptors as it may have (EMFILE), or a
    /// security module denied a descriptor. In both cases the descriptors after the first one that
    /// was refused are lost. A denial does not report `MSG_CTRUNC` if `SO_RIGHTS_NOTRUNC` is set.
    #[inline]
    pub const fn flags(&self) -> MsgFlags {
        self.flags
    }

    /// Returns the bytes received in the first vector that is not empty. If the message has one
    /// vector, these are all bytes received; [`chunks`](Received::chunks) yields those in the other
    /// vectors, too.
    pub fn data(&self) -> &'r [u8] {
        self.chunks().next().unwrap_or_default()
    }

    /// Returns whether bytes or control messages are missing: `MSG_TRUNC` or `MSG_CTRUNC` is among
    /// the [`flags`](Received::flags).
    #[doc(alias("lost descriptors", "EMFILE"))]
    #[inline]
    pub const fn is_truncated(&self) -> bool {
        self.flags.is_truncated()
    }

    /// Returns the message if it is not [truncated](Received::is_truncated).
    ///
    /// ```
    /// # #[cfg(feature = "std")] {
    /// # use ancil::{SCM_CREDENTIALS, io, space_of};
    /// # let (here, there) = std::os::unix::net::UnixDatagram::pair()?;
    /// # there.send(b"hello")?;
    /// let (mut bytes, mut control) = ([0; 1500], [0; space_of::<SCM_CREDENTIALS>()]);
    /// let received = io::recv(&here, &mut bytes, &mut control)?.whole()?;
    /// # assert_eq!(received.data(), b"hello");
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// A server that answers every packet looks at [`flags`](Received::flags) instead: any peer can
    /// send a datagram that is too long.
    ///
    /// # Errors
    /// [`Truncated`] if bytes or control messages are missing. What did arrive is gone then, and
    /// the descriptors are closed.
    #[doc(alias("lost descriptors", "EMFILE"))]
    pub fn whole(self) -> Result<Self, Truncated> {
        if self.is_truncated() {
            return Err(Truncated { flags: self.flags });
        }
        Ok(self)
    }

    /// Returns the bytes received, vector by vector, without those vectors that are empty.
    ///
    /// ```
    /// # #[cfg(feature = "std")] {
    /// use ancil::{IoVecMut, MsgFlags, MsgHdrMut, io};
    ///
    /// # let (here, there) = std::os::unix::net::UnixDatagram::pair()?;
    /// # there.send(b"headbody")?;
    /// let (mut head, mut body) = ([0; 4], [0; 1500]);
    /// let mut vectors = [IoVecMut::new(&mut head), IoVecMut::new(&mut body)];
    /// let mut message = MsgHdrMut::new().iov(&mut vectors);
    /// let received = io::recvmsg(&here, &mut message, MsgFlags::empty())?;
    /// assert_eq!(received.data(), b"head");
    /// assert!(received.chunks().eq([b"head", b"body"]));
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn chunks(&self) -> impl Iterator<Item = &'r [u8]> + use<'r> {
        let none = Cursor::new(&[] as &[IoVec<'_>]);
        let (buffer, vectors) = match self.space {
            Space::Buffer(buffer) => (buffer.get(..self.bytes).unwrap_or(buffer), none),
            Space::Vectors(vectors) => (&[][..], Cursor::new(vectors).limit(self.bytes)),
            // SAFETY: the first `bytes` bytes must be initialised: the invariant of the variant.
            Space::Uninit(spaces) => (&[][..], unsafe { Cursor::of_spaces(spaces, self.bytes) }),
        };
        let buffer = Some(buffer).filter(|buffer| !buffer.is_empty());
        buffer.into_iter().chain(vectors.map(IoVec::as_bytes))
    }

    /// Returns the sender's address, cut to the space that was given for it. It is empty if the
    /// kernel reported no address.
    #[inline]
    pub const fn name(&self) -> &'r [u8] {
        self.name
    }

    /// Returns the length of the sender's address in bytes, before it was cut to the space given.
    ///
    /// [`name`](Received::name) has an example of both.
    #[inline]
    pub const fn name_len(&self) -> usize {
        self.name_len
    }

    /// Returns the sender's address, or `None` if the kernel reported none: the sender is unnamed,
    /// or the protocol reports no address, as TCP.
    ///
    /// # Errors
    /// [`BadAddress`] if the address was cut because there was too little space for it, or if it is
    /// invalid. [`name`](Received::name) returns its bytes.
    pub fn address(&self) -> Result<Option<Address<'r>>, BadAddress> {
        if self.name_len == 0 {
            Ok(None)
        } else {
            Address::parse_cut(self.name, self.name_len).map(Some)
        }
    }

    /// Returns a reader of the control messages.
    /// [`DisplayControl::new`](crate::DisplayControl::new)`(received.control().as_bytes())` prints
    /// them.
    ///
    /// The descriptors in them are mere numbers: `self` still owns them. A descriptor or an error
    /// that was taken reads as `i32::MIN`, which is neither a descriptor nor an error number.
    #[inline]
    pub const fn control(&self) -> Reader<'_> {
        Reader::new(self.control.as_bytes())
    }

    /// Borrows the descriptors of all `SCM_RIGHTS` that nobody took, in order.
    pub(super) fn borrowed_fds(&self) -> impl Iterator<Item = Fd<'_>> + Clone {
        // SAFETY: each number must be an open descriptor, and stay open while the result lives.
        // `OwnedControl::fds` yields numbers that are not negative, which by the invariant of
        // OwnedControl are open descriptors that `self.control` alone owns. Taking or closing one
        // needs `&mut self`, which nobody has while the result borrows `self`.
        (self.control.fds()).map(|fd| unsafe { Fd::borrow_raw(fd) })
    }

    /// Borrows the descriptors of all `SCM_RIGHTS` that nobody took, in order.
    #[cfg(feature = "std")]
    pub fn fds(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        // SAFETY: a BorrowedFd must be an open descriptor that stays open while it lives, as an Fd.
        (self.borrowed_fds()).map(|fd| unsafe { BorrowedFd::borrow_raw(fd.as_raw()) })
    }

    /// Takes the descriptors of all `SCM_RIGHTS`, in order.
    ///
    /// `self` keeps those that the iterator did not yield. Another call continues with them.
    ///
    /// The iterator skips the places of denied descriptors. If it matters which descriptor is
    /// which, use `take_slots`, or check that [`fds_denied`](Received::fds_denied) is 0.
    #[cfg(feature = "std")]
    #[inline]
    pub fn take_fds(&mut self) -> impl Iterator<Item = OwnedFd> {
        // SAFETY: an OwnedFd must be the only owner of an open descriptor. Each of these was taken
        // from `control`, which was its only owner.
        (self.control.take_fds()).map(|fd| unsafe { OwnedFd::from_raw_fd(fd) })
    }

    /// Takes the descriptors of all `SCM_RIGHTS`, in order, as numbers. The caller must close each
    /// descriptor that is yielded; `self` keeps the others. The places of denied descriptors are
    /// skipped.
    #[inline]
    pub fn take_raw_fds(&mut self) -> impl Iterator<Item = i32> {
        self.control.take_fds()
    }

    /// Takes the descriptors of all `SCM_RIGHTS` as `take_fds` does, but yields a result for each
    /// place in order: the descriptor, or why a security module denied it. Places that were taken
    /// before are skipped.
    ///
    /// Errors arrive only if the socket option `SO_RIGHTS_NOTRUNC` is set (Linux 7.3).
    ///
    /// ```
    /// # use ancil::{Key, MsgFlags, Received, SCM_RIGHTS, UpTo, Writer, io, space_of};
    /// use ancil::Errno;
    /// # use std::{fs::File, os::fd::IntoRawFd};
    ///
    /// # let mut control = [0; space_of::<UpTo<SCM_RIGHTS, 2>>()];
    /// # let fd = File::open("/proc/self/comm")?.into_raw_fd();
    /// # // What a socket with SO_RIGHTS_NOTRUNC may receive.
    /// # let slots = [-Errno::EACCES.0, fd].map(i32::to_ne_bytes).concat();
    /// # let (level, ty) = (SCM_RIGHTS::LEVEL, SCM_RIGHTS::TYPE);
    /// # unsafe { Writer::new(&mut control).put_raw_unchecked(level, ty, &slots)? };
    /// # let flags = MsgFlags::empty();
    /// # let mut received = unsafe { Received::from_control(0, flags, &mut control, io::close) };
    /// assert_eq!(received.fds_denied(), 1);
    /// let [first, second] = received.take_slots().collect::<Vec<_>>().try_into().unwrap();
    /// assert_eq!(first.unwrap_err(), Errno::EACCES);
    /// assert!(second.is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "std")]
    #[inline]
    pub fn take_slots(&mut self) -> impl Iterator<Item = Result<OwnedFd, Errno>> {
        // SAFETY: an OwnedFd must be the only owner of an open descriptor. Each of these was taken
        // from `control`, which was its only owner.
        (self.control.take_slots()).map(|slot| slot.map(|fd| unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    /// Takes the descriptors of all `SCM_RIGHTS` as `take_slots` does, but as numbers. The caller
    /// must close each descriptor that is yielded; `self` keeps the others.
    #[inline]
    pub fn take_raw_slots(&mut self) -> impl Iterator<Item = Result<i32, Errno>> {
        self.control.take_slots()
    }

    /// Returns the number of descriptors in all `SCM_RIGHTS` that nobody took yet.
    pub fn fds_left(&self) -> usize {
        self.control.fds().count()
    }

    /// Returns the number of descriptors in all `SCM_RIGHTS` that a security module denied, without
    /// those whose error was taken.
    pub fn fds_denied(&self) -> usize {
        self.control.denied().count()
    }

    /// Takes the descriptor of the sender's process from the first `SCM_PIDFD` from which it was
    /// not taken yet. Returns `None` if there is no such message.
    ///
    /// ```
    /// # #[cfg(feature = "std")] {
    /// use ancil::{SCM_PIDFD, io, space_of};
    ///
    /// # let (here, there) = std::os::unix::net::UnixDatagram::pair()?;
    /// # there.send(b"hello")?;
    /// let (mut bytes, mut control) = ([0; 100], [0; space_of::<SCM_PIDFD>()]);
    /// let mut received = io::recv(&here, &mut bytes, &mut control)?;
    /// let process = received.take_pidfd().transpose()?; // None: it is not switched on
    /// # assert!(process.is_none());
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The error number that the kernel sent because it could not open the descriptor.
    #[cfg(feature = "std")]
    #[inline]
    pub fn take_pidfd(&mut self) -> Option<Result<OwnedFd, Errno>> {
        // SAFETY: an OwnedFd must be the only owner of an open descriptor. This one was taken from
        // `control`, which was its only owner.
        Some(
            self.control
                .take_pidfd()?
                .map(|fd| unsafe { OwnedFd::from_raw_fd(fd) }),
        )
    }

    /// Takes the descriptor of the sender's process as `take_pidfd` does,
    /// but as a number. The caller must close it.
    ///
    /// # Errors
    /// The error number that the kernel sent because it could not open the descriptor.
    #[inline]
    pub fn take_raw_pidfd(&mut self) -> Option<Result<i32, Errno>> {
        self.control.take_pidfd()
    }
}

/// Returns whether this is an address of an Internet socket. Such a socket delivers no descriptors:
/// only AF_UNIX accepts them (kernel `__scm_send`) and hands them out (`scm_recv_unix`). The kernel
/// reports addresses of the family that the socket has.
#[inline]
fn is_internet(name: &[u8]) -> bool {
    matches!(family_of(name), AF_INET | AF_INET6)
}

impl fmt::Debug for Received<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let control = DisplayControl::new(self.control.as_bytes());
        f.debug_struct("Received")
            .field("bytes", &self.bytes)
            .field("flags", &self.flags)
            .field("name_len", &self.name_len)
            .field("control", &format_args!("{control}"))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
