//! [`MsgHdr`] and [`MsgHdrMut`]: a whole message, as `sendmsg(2)` and `recvmsg(2)` take it.

use crate::iov::{IoVec, IoVecMut, readable};
use core::ffi::c_void;
use core::marker::PhantomData;
use core::mem::offset_of;
use core::{fmt, ptr, slice};

bitflags::bitflags! {
    /// `MSG_*`: flags of `send(2)` and `recv(2)`, and what `recvmsg(2)` reports in `msg_flags`.
    ///
    /// The kernel's own `MSG_CMSG_COMPAT` has no name here, since it refuses it from programs with EINVAL.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct MsgFlags: u32 {
        /// Out-of-band data: `tcp(7)`.
        const MSG_OOB = 1;
        /// Receive without removing from the queue. Descriptors are duplicated each time.
        const MSG_PEEK = 2;
        /// Send to hosts on the same link only, through no gateway.
        const MSG_DONTROUTE = 4;
        /// Another name of `MSG_DONTROUTE`, for DECnet.
        const MSG_TRYHARD = 4;
        /// Reported: control messages were cut off or dropped because the control buffer was too small.
        const MSG_CTRUNC = 8;
        /// Look up the path without sending; raw sockets and UDP.
        const MSG_PROBE = 0x10;
        /// Reported: the datagram was longer than the vectors. Asked for: report its real length.
        const MSG_TRUNC = 0x20;
        /// Do not block: EAGAIN instead. `O_NONBLOCK` sets it for every call.
        const MSG_DONTWAIT = 0x40;
        /// End of record; the one flag that `sendmmsg(2)` reads from `msg_flags`.
        const MSG_EOR = 0x80;
        /// Wait until the vectors are full.
        const MSG_WAITALL = 0x100;
        /// Finish the connection behind this message: sockets that have such a thing, SCTP.
        const MSG_FIN = 0x200;
        /// Another name of `MSG_FIN`: `sctp(7)`.
        const MSG_EOF = 0x200;
        /// Start a connection.
        const MSG_SYN = 0x400;
        /// The peer is alive, the neighbour entry need not be probed: `arp(7)`. Reported by CAN: own frame.
        const MSG_CONFIRM = 0x800;
        /// Reset the connection.
        const MSG_RST = 0x1000;
        /// Receive from the error queue: `ip(7)`. Reported: this came from there.
        const MSG_ERRQUEUE = 0x2000;
        /// Do not raise SIGPIPE when the peer is gone; EPIPE is returned all the same.
        const MSG_NOSIGNAL = 0x4000;
        /// More will follow: keep it for a full packet, as `TCP_CORK` and `UDP_CORK` do.
        const MSG_MORE = 0x8000;
        /// Reported: this is a notification, not data: `sctp(7)`. The bit of `MSG_MORE`.
        const MSG_NOTIFICATION = 0x8000;
        /// `recvmmsg(2)`: block for the first message only.
        const MSG_WAITFORONE = 0x1_0000;
        /// `sendmmsg(2)`: more messages of this batch follow; the kernel sets it by itself.
        const MSG_BATCH = 0x4_0000;
        /// Receive device memory: `Documentation/networking/devmem.rst`, Linux 6.12.
        const MSG_SOCK_DEVMEM = 0x200_0000;
        /// Send without copying: `Documentation/networking/msg_zerocopy.rst`, Linux 4.14.
        const MSG_ZEROCOPY = 0x400_0000;
        /// Send data in the SYN: `tcp(7)`.
        const MSG_FASTOPEN = 0x2000_0000;
        /// Received descriptors are closed by `execve(2)`; [`recvmsg`](crate::sys::io::recvmsg) always sets it.
        const MSG_CMSG_CLOEXEC = 0x4000_0000;
    }
}

/// `struct user_msghdr`, kernel `include/linux/socket.h`.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct UserMsghdr {
    pub(crate) msg_name: *mut c_void,
    pub(crate) msg_namelen: i32,
    pub(crate) msg_iov: *mut c_void,
    pub(crate) msg_iovlen: usize,
    pub(crate) msg_control: *mut c_void,
    pub(crate) msg_controllen: usize,
    pub(crate) msg_flags: u32,
}

/// A message to send: who to, what, what beside it, and how. `sendmsg(2)`.
///
/// ```text
///   MsgHdr                                 the caller's memory
///  +-------------------------+
///  | msg_name    msg_namelen | ---------> [ sockaddr ]                  where to, or where from
///  +-------------------------+
///  | msg_iov     msg_iovlen  | ---------> [ IoVec | IoVec | IoVec ]     the bytes, in pieces
///  +-------------------------+                |       |       |
///  |                         |                v       v       v
///  |                         |             [bytes] [bytes] [bytes]
///  +-------------------------+
///  | msg_control  ~len       | ---------> [ cmsghdr data | cmsghdr .. ] what travels beside them
///  +-------------------------+
///  | msg_flags               |            MSG_TRUNC, MSG_CTRUNC, MSG_EOR ..
///  +-------------------------+
/// ```
///
/// Every group may be left out. The layout is exactly the kernel's `struct user_msghdr`, so a pointer to
/// this is what the system call takes: 56 bytes on 64-bit machines, 28 on 32-bit ones.
///
/// ```
/// use ancil::{IP_TTL, IoVec, MsgHdr, Writer};
///
/// let mut buffer = [0; IP_TTL.space()];
/// let mut writer = Writer::new(&mut buffer);
/// writer.put(IP_TTL, 1)?;
/// let vectors = [IoVec::new(b"head"), IoVec::new(b"body")];
/// let message = MsgHdr::new().iov(&vectors).control(writer.finish());
/// assert_eq!(message.msg_control().len(), IP_TTL.space());
/// # Ok::<(), ancil::NoSpace>(())
/// ```
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct MsgHdr<'a> {
    raw: UserMsghdr,
    groups: PhantomData<(&'a [u8], &'a [IoVec<'a>])>,
}

/// Space for a message to receive: who from, what, what beside it. `recvmsg(2)`.
///
/// The same four groups in the same layout as [`MsgHdr`], each to be written by the kernel.
///
/// ```
/// use ancil::{ControlBuf, IoVecMut, MsgHdrMut, SCM_CREDENTIALS, SCM_RIGHTS};
///
/// let (mut head, mut body) = ([0; 4], [0; 1500]);
/// let mut vectors = [IoVecMut::new(&mut head), IoVecMut::new(&mut body)];
/// let mut control = ControlBuf::<{ SCM_RIGHTS.space_for(2) + SCM_CREDENTIALS.space() }>::new();
/// let message = MsgHdrMut::new().iov(&mut vectors).control(control.recv_space());
/// # assert_eq!(message.msg_iov().len(), 2);
/// ```
#[repr(transparent)]
pub struct MsgHdrMut<'a> {
    raw: UserMsghdr,
    groups: PhantomData<&'a mut [u8]>,
}

const _: () = {
    const WORD: usize = size_of::<usize>();
    assert!(size_of::<UserMsghdr>() == 7 * WORD && align_of::<UserMsghdr>() == align_of::<usize>());
    assert!(offset_of!(UserMsghdr, msg_name) == 0);
    assert!(offset_of!(UserMsghdr, msg_namelen) == WORD);
    assert!(offset_of!(UserMsghdr, msg_iov) == 2 * WORD);
    assert!(offset_of!(UserMsghdr, msg_iovlen) == 3 * WORD);
    assert!(offset_of!(UserMsghdr, msg_control) == 4 * WORD);
    assert!(offset_of!(UserMsghdr, msg_controllen) == 5 * WORD);
    assert!(offset_of!(UserMsghdr, msg_flags) == 6 * WORD);
    assert!(
        size_of::<MsgHdr<'_>>() == size_of::<UserMsghdr>()
            && size_of::<MsgHdrMut<'_>>() == size_of::<UserMsghdr>()
    );
};

// SAFETY: a MsgHdr is three shared slices, which are Send and Sync, and an integer.
unsafe impl Send for MsgHdr<'_> {}
// SAFETY: as above.
unsafe impl Sync for MsgHdr<'_> {}
// SAFETY: a MsgHdrMut is three exclusive slices, which are Send and Sync, and an integer.
unsafe impl Send for MsgHdrMut<'_> {}
// SAFETY: as above.
unsafe impl Sync for MsgHdrMut<'_> {}

impl UserMsghdr {
    pub(crate) const EMPTY: Self = Self {
        msg_name: ptr::null_mut(),
        msg_namelen: 0,
        msg_iov: ptr::null_mut(),
        msg_iovlen: 0,
        msg_control: ptr::null_mut(),
        msg_controllen: 0,
        msg_flags: 0,
    };

    /// `msg_namelen` for a name of `len` bytes. Linux looks at 128 at most, so nothing is lost.
    pub(crate) const fn namelen(len: usize) -> i32 {
        if len > i32::MAX as usize {
            i32::MAX
        } else {
            len as i32
        }
    }

    /// `msg_namelen` as a length. Only [`namelen`](UserMsghdr::namelen) writes it, so it is not negative.
    pub(crate) const fn name_size(&self) -> usize {
        self.msg_namelen.unsigned_abs() as usize
    }
}

/// The slice of a pointer and a length, null being empty.
///
/// # Safety
/// If `len` is not 0, they must be those of a slice that may be borrowed for `'a`.
const unsafe fn slice_of<'a, T>(start: *const c_void, len: usize) -> &'a [T] {
    if len == 0 {
        return &[];
    }
    // SAFETY: promised by the caller.
    unsafe { slice::from_raw_parts(start.cast(), len) }
}

/// The same, to be written.
///
/// # Safety
/// If `len` is not 0, they must be those of a slice that may be borrowed, by nobody else, for `'a`.
const unsafe fn slice_of_mut<'a, T>(start: *mut c_void, len: usize) -> &'a mut [T] {
    if len == 0 {
        return &mut [];
    }
    // SAFETY: promised by the caller.
    unsafe { slice::from_raw_parts_mut(start.cast(), len) }
}

impl<'a> MsgHdr<'a> {
    /// A message of nothing.
    #[inline]
    pub const fn new() -> Self {
        Self {
            raw: UserMsghdr::EMPTY,
            groups: PhantomData,
        }
    }

    /// Where to: the bytes of a socket address, `bind(2)`. Linux reads at most 128 of them.
    ///
    /// ```
    /// # use ancil::{IoVec, MsgHdr};
    /// # use ancil::addr::SockaddrIn;
    /// let to = SockaddrIn::from("127.0.0.1:53".parse::<core::net::SocketAddrV4>()?);
    /// let vectors = [IoVec::new(b"question")];
    /// let message = MsgHdr::new().name(to.as_bytes()).iov(&vectors);
    /// # assert_eq!(message.msg_name().len(), 16);
    /// # Ok::<(), core::net::AddrParseError>(())
    /// ```
    #[must_use]
    #[inline]
    pub const fn name(mut self, name: &'a [u8]) -> Self {
        self.raw.msg_name = name.as_ptr().cast_mut().cast();
        self.raw.msg_namelen = UserMsghdr::namelen(name.len());
        self
    }

    /// The bytes, in pieces. Linux takes at most [`UIO_MAXIOV`](crate::limits::UIO_MAXIOV) of them (EMSGSIZE).
    #[must_use]
    #[inline]
    pub const fn iov(mut self, vectors: &'a [IoVec<'a>]) -> Self {
        self.raw.msg_iov = vectors.as_ptr().cast_mut().cast();
        self.raw.msg_iovlen = vectors.len();
        self
    }

    /// The control messages: exactly those, as [`Writer::finish`](crate::Writer::finish) gives them.
    #[must_use]
    #[inline]
    pub const fn control(mut self, control: &'a [u8]) -> Self {
        self.raw.msg_control = control.as_ptr().cast_mut().cast();
        self.raw.msg_controllen = control.len();
        self
    }

    /// Flags of this message in a batch: `MSG_EOR`. `sendmsg(2)` does not look at them, it has an argument.
    #[must_use]
    #[inline]
    pub const fn flags(mut self, flags: MsgFlags) -> Self {
        self.raw.msg_flags = flags.bits();
        self
    }

    /// The address.
    #[inline]
    pub const fn msg_name(&self) -> &'a [u8] {
        // SAFETY: `name` wrote both from one `&'a [u8]`, or the length is 0.
        unsafe { slice_of(self.raw.msg_name, self.raw.name_size()) }
    }

    /// The vectors.
    #[inline]
    pub const fn msg_iov(&self) -> &'a [IoVec<'a>] {
        // SAFETY: `iov` wrote both from one `&'a [IoVec<'a>]`, or the length is 0.
        unsafe { slice_of(self.raw.msg_iov, self.raw.msg_iovlen) }
    }

    /// The control messages.
    #[inline]
    pub const fn msg_control(&self) -> &'a [u8] {
        // SAFETY: `control` wrote both from one `&'a [u8]`, or the length is 0.
        unsafe { slice_of(self.raw.msg_control, self.raw.msg_controllen) }
    }

    /// The flags.
    #[inline]
    pub const fn msg_flags(&self) -> MsgFlags {
        MsgFlags::from_bits_retain(self.raw.msg_flags)
    }

    #[cfg(feature = "libc")]
    pub(crate) const fn raw(&self) -> &UserMsghdr {
        &self.raw
    }
}

impl<'a> MsgHdrMut<'a> {
    /// Space for nothing.
    #[inline]
    pub const fn new() -> Self {
        Self {
            raw: UserMsghdr::EMPTY,
            groups: PhantomData,
        }
    }

    /// For the sender's address: `recvmsg(2)`. 128 bytes hold every address.
    #[must_use]
    #[inline]
    pub const fn name(mut self, name: &'a mut [u8]) -> Self {
        self.raw.msg_name = name.as_mut_ptr().cast();
        self.raw.msg_namelen = UserMsghdr::namelen(name.len());
        self
    }

    /// For the bytes, in pieces. Linux takes at most [`UIO_MAXIOV`](crate::limits::UIO_MAXIOV) of them (EMSGSIZE).
    #[must_use]
    #[inline]
    pub const fn iov(mut self, vectors: &'a mut [IoVecMut<'_>]) -> Self {
        self.raw.msg_iov = vectors.as_mut_ptr().cast();
        self.raw.msg_iovlen = vectors.len();
        self
    }

    /// For the control messages. Size it by the sum of the keys' [`space`](crate::Key::space).
    #[must_use]
    #[inline]
    pub const fn control(mut self, control: &'a mut [u8]) -> Self {
        self.raw.msg_control = control.as_mut_ptr().cast();
        self.raw.msg_controllen = control.len();
        self
    }

    /// The space for the address.
    #[inline]
    pub const fn msg_name(&self) -> &[u8] {
        // SAFETY: `name` wrote both from one `&'a mut [u8]`, borrowed here from `self`, or the length is 0.
        unsafe { slice_of(self.raw.msg_name, self.raw.name_size()) }
    }

    /// The vectors.
    #[inline]
    pub const fn msg_iov(&self) -> &[IoVecMut<'_>] {
        // SAFETY: `iov` wrote both from one `&'a mut [IoVecMut]`, borrowed here from `self`, or the length is 0.
        // The vectors' own lifetime is longer than 'a; shared and shortened it cannot be abused.
        unsafe { slice_of(self.raw.msg_iov, self.raw.msg_iovlen) }
    }

    /// The space for the control messages.
    #[inline]
    pub const fn msg_control(&self) -> &[u8] {
        // SAFETY: `control` wrote both from one `&'a mut [u8]`, borrowed here from `self`, or the length is 0.
        unsafe { slice_of(self.raw.msg_control, self.raw.msg_controllen) }
    }

    #[cfg(feature = "libc")]
    pub(crate) const fn raw(&self) -> &UserMsghdr {
        &self.raw
    }

    /// Name, vectors and control again, with their own lifetime. The vectors are there to be read: it is what
    /// arrived.
    #[inline]
    pub const fn into_groups(self) -> (&'a mut [u8], &'a [IoVec<'a>], &'a mut [u8]) {
        let UserMsghdr {
            msg_name,
            msg_iov,
            msg_iovlen,
            msg_control,
            msg_controllen,
            ..
        } = self.raw;
        // SAFETY: each pair was written from one `&'a mut` slice, or the length is 0. Those borrows end with
        // `self`, which cannot be copied, so these are the only ones. The vectors are borrowed shared for all
        // of 'a, as `readable` asks.
        unsafe {
            let vectors: &'a [IoVecMut<'a>] = slice_of(msg_iov, msg_iovlen);
            (
                slice_of_mut(msg_name, self.raw.name_size()),
                readable(vectors),
                slice_of_mut(msg_control, msg_controllen),
            )
        }
    }
}

impl Default for MsgHdr<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl Default for MsgHdrMut<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MsgHdr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut s = f.debug_struct("MsgHdr");
        s.field("msg_name", &self.msg_name())
            .field("msg_iov", &self.msg_iov());
        s.field("msg_control", &self.msg_control())
            .field("msg_flags", &self.msg_flags())
            .finish()
    }
}

impl fmt::Debug for MsgHdrMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut s = f.debug_struct("MsgHdrMut");
        s.field("msg_name", &self.msg_name())
            .field("msg_iov", &self.msg_iov());
        s.field("msg_control", &self.msg_control()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_have_the_system_s_numbers() {
        macro_rules! same {
            ($($NAME:ident)+) => { $( assert_eq!(MsgFlags::$NAME.bits(), libc::$NAME as u32, stringify!($NAME)); )+ };
        }
        same! {
            MSG_OOB MSG_PEEK MSG_DONTROUTE MSG_CTRUNC MSG_TRUNC MSG_DONTWAIT MSG_EOR MSG_WAITALL MSG_FIN MSG_SYN
            MSG_CONFIRM MSG_RST MSG_ERRQUEUE MSG_NOSIGNAL MSG_MORE MSG_WAITFORONE MSG_ZEROCOPY MSG_FASTOPEN
            MSG_CMSG_CLOEXEC
        }
        assert!(
            !MsgFlags::all().contains(MsgFlags::from_bits_retain(0x8000_0000)),
            "MSG_CMSG_COMPAT"
        );
        assert!(
            !(!MsgFlags::empty()).contains(MsgFlags::from_bits_retain(0x8000_0000)),
            "MSG_CMSG_COMPAT"
        );
    }

    #[test]
    fn groups_come_back_as_they_were_given() {
        let empty = MsgHdr::new();
        assert!(
            empty.msg_name().is_empty()
                && empty.msg_iov().is_empty()
                && empty.msg_control().is_empty()
        );
        let vectors = [IoVec::new(b"one"), IoVec::new(b"two")];
        let full = MsgHdr::new()
            .name(b"name")
            .iov(&vectors)
            .control(b"control")
            .flags(MsgFlags::MSG_EOR);
        assert_eq!(
            (full.msg_name(), full.msg_control()),
            (&b"name"[..], &b"control"[..])
        );
        assert_eq!(
            (full.msg_iov().len(), &*full.msg_iov()[1]),
            (2, &b"two"[..])
        );
        assert_eq!(full.msg_flags(), MsgFlags::MSG_EOR);

        let (mut name, mut bytes, mut control) = (*b"name", *b"bytes", *b"control");
        let mut vectors = [IoVecMut::new(&mut bytes)];
        let message = MsgHdrMut::new()
            .name(&mut name)
            .iov(&mut vectors)
            .control(&mut control);
        assert_eq!(
            (message.msg_name(), message.msg_control()),
            (&b"name"[..], &b"control"[..])
        );
        assert_eq!(&*message.msg_iov()[0], b"bytes");
        let (name, iov, control) = message.into_groups();
        assert_eq!(
            (&*name, &*iov[0], &*control),
            (&b"name"[..], &b"bytes"[..], &b"control"[..])
        );
        (name[0], control[0]) = (0, 0);
        vectors[0][0] = 0; // free again
    }
}
