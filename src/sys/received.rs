//! [`Received`]: what arrived, and the owner of the descriptors in it. Feature `libc`.

use crate::addr::Address;
use crate::error::{BadAddress, Errno};
use crate::iov::{IoVec, shares};
use crate::msghdr::MsgFlags;
use crate::table::keys::{SCM_PIDFD, SCM_RIGHTS};
use crate::wire::abi::Abi;
use crate::wire::cmsg::{HEADER, Raw};
use crate::wire::reader::Reader;
use crate::wire::step::{Step, Tail};
use core::ops::Range;
#[cfg(feature = "std")]
use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd};

/// Bytes of a descriptor in a control message.
const SLOT: usize = size_of::<i32>();

/// Stands where a descriptor was that somebody took: neither a descriptor nor an error number of `SCM_PIDFD`.
const TAKEN: i32 = i32::MIN;

/// What [`recvmsg`](crate::sys::io::recvmsg) received: bytes, flags, address, control messages, descriptors.
///
/// It owns the descriptors in `SCM_RIGHTS` and `SCM_PIDFD`. Taking one hands it over; those that are still
/// there when this is dropped are closed, those of a truncated message too. The sender decides how many
/// there are: a control buffer for one descriptor has, on 64-bit machines, padding that a second one fits
/// into, and the kernel uses it.
///
/// The buffers stay borrowed while this lives. Read the bytes through [`data`](Received::data), or drop
/// this first.
///
/// ```
/// # #[cfg(feature = "std")] {
/// # use ancil::{ControlBuf, IoVec, MsgHdr};
/// use ancil::{IoVecMut, MsgFlags, MsgHdrMut, SCM_RIGHTS, io};
/// use std::{fs::File, io::Read};
///
/// let (here, there) = std::os::unix::net::UnixStream::pair()?;
/// # use std::os::fd::AsRawFd;
/// # let file = File::open("/proc/self/comm")?;
/// # let mut control = ControlBuf::<{ SCM_RIGHTS.space_for(1) }>::new();
/// # control.put(SCM_RIGHTS, &[file.as_raw_fd()])?;
/// # io::sendmsg(&there, &MsgHdr::new().iov(&[IoVec::new(b"hello")]).control(control.as_bytes()), MsgFlags::empty())?;
/// let (mut bytes, mut control) = ([0; 100], [0; SCM_RIGHTS.space_for(1)]);
/// let mut vectors = [IoVecMut::new(&mut bytes)];
/// let mut message = MsgHdrMut::new().iov(&mut vectors).control(&mut control);
/// let mut received = io::recvmsg(&here, &mut message, MsgFlags::empty())?;
/// assert_eq!(received.data().collect::<Vec<_>>().concat(), b"hello");
/// for fd in received.take_fds() {
///     let mut text = String::new();
///     File::from(fd).read_to_string(&mut text)?;
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "dropping it closes the descriptors that arrived"]
pub struct Received<'m> {
    bytes: usize,
    flags: MsgFlags,
    name: &'m [u8],
    name_len: usize,
    vectors: &'m [IoVec<'m>],
    /// The messages, and the record of ownership: a descriptor that is not negative is owned by `self`.
    control: &'m mut [u8],
}

/// A walk over the descriptors' places in a control buffer, up to a malformed header if there is one.
///
/// It borrows nothing, so that what it finds can be overwritten between two steps.
#[derive(Default)]
struct Slots {
    /// Where the next message is.
    header: usize,
    /// The places of this message that are still to be visited.
    payload: Range<usize>,
}

impl Slots {
    /// The next place, in messages that are `wanted`: an offset, and what is there.
    fn next(&mut self, control: &[u8], wanted: impl Fn(&Raw<'_>) -> bool) -> Option<(usize, i32)> {
        while self.payload.len() < SLOT {
            let mut step = Step::resume(control, self.header);
            let raw = step.next(Abi::NATIVE, Tail::Native).ok()??;
            self.header = step.offset();
            if wanted(&raw) {
                // The payload lies in `control`: neither sum is more than its length.
                let start = raw.offset.wrapping_add(HEADER);
                self.payload = start..start.wrapping_add(raw.data.len());
            }
        }
        let at = self.payload.start;
        self.payload.start = at.wrapping_add(SLOT); // at most `end`: the loop has seen to it
        let slot = control.get(at..)?.first_chunk()?;
        Some((at, i32::from_ne_bytes(*slot)))
    }

    /// The next descriptor that nobody took, now taken: the caller is its owner.
    fn take(&mut self, control: &mut [u8], wanted: impl Fn(&Raw<'_>) -> bool) -> Option<i32> {
        loop {
            let (at, fd) = self.next(control, &wanted)?;
            if fd >= 0 {
                mark(control, at);
                return Some(fd);
            }
        }
    }
}

/// Notes that the descriptor at `at` has another owner now.
fn mark(control: &mut [u8], at: usize) {
    if let Some(slot) = control.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
        *slot = TAKEN.to_ne_bytes();
    }
}

/// The descriptors of `SCM_RIGHTS` in order, each taken as it is yielded.
struct TakeRawFds<'r> {
    control: &'r mut [u8],
    slots: Slots,
}

impl Iterator for TakeRawFds<'_> {
    type Item = i32;

    fn next(&mut self) -> Option<i32> {
        self.slots.take(self.control, |raw| SCM_RIGHTS.is(raw))
    }
}

impl<'m> Received<'m> {
    /// Owns what `control` holds: for messages received in another way, such as `io_uring(7)`.
    ///
    /// `bytes` and `flags` are what the kernel reported; `control` is what it filled, the first
    /// `msg_controllen` bytes.
    ///
    /// # Safety
    /// Every descriptor that an `SCM_RIGHTS` or `SCM_PIDFD` in `control` names must be open and owned by
    /// nobody else: the bytes are as the kernel wrote them, once, and nobody closes or keeps those numbers.
    pub unsafe fn from_control(bytes: usize, flags: MsgFlags, control: &'m mut [u8]) -> Self {
        Self {
            bytes,
            flags,
            name: &[],
            name_len: 0,
            vectors: &[],
            control,
        }
    }

    /// With the other groups of the message.
    pub(crate) fn with_groups(
        mut self,
        name: &'m [u8],
        name_len: usize,
        vectors: &'m [IoVec<'m>],
    ) -> Self {
        self.name = name.get(..name_len).unwrap_or(name);
        (self.name_len, self.vectors) = (name_len, vectors);
        self
    }

    /// Bytes received: what `recvmsg(2)` returned. 0 is the end of a stream, or an empty datagram.
    ///
    /// More than the vectors hold only if `MSG_TRUNC` was asked for.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// What the kernel reports in `msg_flags`.
    ///
    /// `MSG_TRUNC`: the datagram was longer. `MSG_CTRUNC`: the control buffer was too small, so messages or
    /// descriptors are missing; the last message may be cut off. What is here is right either way.
    pub const fn flags(&self) -> MsgFlags {
        self.flags
    }

    /// The bytes received, vector by vector.
    pub fn data(&self) -> impl Iterator<Item = &[u8]> {
        shares(self.vectors, self.bytes).filter_map(|(vector, n)| vector.get(..n))
    }

    /// The sender's address, as much of it as there was space for; empty if the kernel gave none.
    pub const fn name(&self) -> &[u8] {
        self.name
    }

    /// Bytes of the sender's address before it was cut to the space given.
    pub const fn name_len(&self) -> usize {
        self.name_len
    }

    /// The sender's address. `None` if the kernel gave none: the sender has no name, or is known anyway.
    ///
    /// # Errors
    /// It was cut because there was too little space, or is no address; [`name`](Received::name) has the bytes.
    pub fn address(&self) -> Result<Option<Address<'_>>, BadAddress> {
        if self.name_len == 0 {
            Ok(None)
        } else {
            Address::parse_cut(self.name, self.name_len).map(Some)
        }
    }

    /// The control messages. [`Control::new`](crate::DisplayControl::new)`(received.control().as_bytes())` prints them.
    ///
    /// Descriptors in them are numbers to look at; this stays their owner. One that was taken reads as
    /// `i32::MIN`.
    pub const fn control(&self) -> Reader<'_> {
        Reader::new(self.control)
    }

    /// The descriptors of all `SCM_RIGHTS` that nobody took yet, in order, borrowed.
    #[cfg(feature = "std")]
    pub fn fds(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let mut slots = Slots::default();
        core::iter::from_fn(move || slots.next(self.control, |raw| SCM_RIGHTS.is(raw)))
            .filter(|(_, fd)| *fd >= 0)
            // SAFETY: a number that is not negative is an open descriptor that `self` owns; it can be taken
            // or closed only through `&mut self`, which nobody has while the result is borrowed from `self`.
            .map(|(_, fd)| unsafe { BorrowedFd::borrow_raw(fd) })
    }

    /// Takes the descriptors of all `SCM_RIGHTS`, in order. Those that the iterator was not asked for stay
    /// here, and another call goes on with them.
    #[cfg(feature = "std")]
    pub fn take_fds(&mut self) -> impl Iterator<Item = OwnedFd> {
        // SAFETY: the number is that of an open descriptor, not negative, which `self` owned and, having
        // marked its place, no longer does.
        self.take_raw_fds()
            .map(|fd| unsafe { OwnedFd::from_raw_fd(fd) })
    }

    /// Takes the descriptors of all `SCM_RIGHTS` as numbers: the caller is to close each that is yielded.
    pub fn take_raw_fds(&mut self) -> impl Iterator<Item = i32> {
        TakeRawFds {
            control: self.control,
            slots: Slots::default(),
        }
    }

    /// The same, each with its owner.
    #[cfg(feature = "heapless")]
    pub(crate) fn take_owned(&mut self) -> impl Iterator<Item = Owned> {
        self.take_raw_fds().map(Owned)
    }

    /// How many descriptors of all `SCM_RIGHTS` nobody took yet.
    pub fn fds_left(&self) -> usize {
        let mut slots = Slots::default();
        core::iter::from_fn(|| slots.next(self.control, |raw| SCM_RIGHTS.is(raw)))
            .filter(|(_, fd)| *fd >= 0)
            .count()
    }

    /// Takes the descriptor of the sender's process, from the first `SCM_PIDFD` of which it was not taken yet. `None` if there is none, or
    /// it was taken before.
    ///
    /// # Errors
    /// The number that the kernel sent instead, because it could not make a descriptor.
    #[cfg(feature = "std")]
    pub fn take_pidfd(&mut self) -> Option<Result<OwnedFd, Errno>> {
        // SAFETY: as for `take_fds`.
        self.take_raw_pidfd()
            .map(|taken| taken.map(|fd| unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    /// Takes the descriptor of the sender's process as a number: the caller is to close it.
    ///
    /// # Errors
    /// The number that the kernel sent instead, because it could not make a descriptor.
    pub fn take_raw_pidfd(&mut self) -> Option<Result<i32, Errno>> {
        let mut slots = Slots::default();
        loop {
            let (at, found) = slots.next(self.control, |raw| SCM_PIDFD.is(raw))?;
            if found != TAKEN {
                mark(self.control, at);
                return Some(crate::payload::Pidfd(found).fd());
            }
        }
    }
}

impl Drop for Received<'_> {
    fn drop(&mut self) {
        let mut slots = Slots::default();
        while let Some(fd) = slots.take(self.control, |raw| SCM_RIGHTS.is(raw) || SCM_PIDFD.is(raw))
        {
            drop(Owned(fd));
        }
    }
}

/// A descriptor with its owner, without `std`: an open one, of nobody else, closed when this is dropped.
#[derive(Debug)]
#[cfg_attr(feature = "heapless", derive(zerocopy::IntoBytes, zerocopy::Immutable))]
#[repr(transparent)]
pub(crate) struct Owned(i32);

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: open, and owned by `self`, which ends here.
        unsafe { libc::close(self.0) };
    }
}

#[cfg(feature = "heapless")]
impl Owned {
    /// The number. The caller is its owner now.
    pub(crate) fn into_raw(self) -> i32 {
        core::mem::ManuallyDrop::new(self).0
    }
}

#[cfg(all(feature = "heapless", feature = "std"))]
impl From<OwnedFd> for Owned {
    fn from(fd: OwnedFd) -> Self {
        Self(std::os::fd::IntoRawFd::into_raw_fd(fd))
    }
}

#[cfg(all(feature = "heapless", feature = "std"))]
impl From<Owned> for OwnedFd {
    fn from(fd: Owned) -> Self {
        // SAFETY: open, and owned by nobody any more.
        unsafe { Self::from_raw_fd(fd.into_raw()) }
    }
}

#[cfg(all(feature = "heapless", feature = "std"))]
impl std::os::fd::AsFd for Owned {
    fn as_fd(&self) -> BorrowedFd<'_> {
        // SAFETY: open as long as `self` is there.
        unsafe { BorrowedFd::borrow_raw(self.0) }
    }
}

impl core::fmt::Debug for Received<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut s = f.debug_struct("Received");
        s.field("bytes", &self.bytes)
            .field("flags", &self.flags)
            .field("name_len", &self.name_len);
        s.field("control", &self.control()).finish_non_exhaustive()
    }
}
