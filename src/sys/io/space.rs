//! [`RecvBuffers`]: the space for a batch of messages to receive.
#![forbid(unsafe_code)]

use super::header::Header;
use crate::iov::IoVecMut;
use crate::msghdr::UserMsghdr;
use core::ffi::{c_int, c_void};
use core::{fmt, mem, ptr};

/// An arena in parts of equal size, one for each message.
#[derive(Default)]
pub(super) struct Parts<'a> {
    bytes: &'a mut [u8],
    size: usize,
}

impl<'a> Parts<'a> {
    fn new<const SIZE: usize>(parts: &'a mut [[u8; SIZE]]) -> Self {
        Self {
            bytes: parts.as_flattened_mut(),
            size: SIZE,
        }
    }

    /// From the first part on; only of parts that were not walked.
    pub(super) fn again(&mut self) -> Parts<'_> {
        Parts {
            bytes: self.bytes,
            size: self.size,
        }
    }

    /// The next part; empty if there is none.
    pub(super) fn next(&mut self) -> &'a mut [u8] {
        match mem::take(&mut self.bytes).split_at_mut_checked(self.size) {
            Some((part, rest)) => {
                self.bytes = rest;
                part
            }
            None => &mut [],
        }
    }

    /// The next part as the kernel takes it: null if it is empty.
    fn next_raw(&mut self) -> (*mut c_void, usize) {
        let part = self.next();
        (
            if part.is_empty() {
                ptr::null_mut()
            } else {
                part.as_mut_ptr().cast()
            },
            part.len(),
        )
    }
}

/// The next `size` elements of `rest`; none if there are not so many.
pub(super) fn next_of<'a, T>(rest: &mut &'a [T], size: usize) -> &'a [T] {
    let (part, others) = rest.split_at_checked(size).unwrap_or_default();
    *rest = others;
    part
}

/// Space for up to `N` messages, from the caller's arenas; for [`recvmmsg`](super::recvmmsg), again and again.
///
/// Every arena is a slice with one element for each message, so all messages have equal space. The kernel's
/// headers are in here: 64 bytes for each of `N` on 64-bit machines.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{IP_PKTINFO, IP_TOS, IoVecMut, MsgFlags, Payload, io};
/// use ancil::addr::SockaddrIn;
///
/// # let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
/// # socket.send_to(b"x", socket.local_addr()?)?;
/// const SPACE: usize = IP_PKTINFO.space() + IP_TOS.space();
/// let mut bytes = [[0; 1500]; 16];
/// let mut vectors = bytes.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
/// let (mut names, mut control) = ([[0; size_of::<SockaddrIn>()]; 16], [[0; SPACE]; 16]);
/// let mut batch = io::RecvBuffers::<16>::new(&mut vectors).names(&mut names).control(&mut control);
/// for received in io::recvmmsg(&socket, &mut batch, MsgFlags::MSG_WAITFORONE, None)? {
///     let (from, bytes) = (SockaddrIn::decode(received.name()), received.data().flatten());
/// #   assert!(from.is_ok() && bytes.eq(b"x"));
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RecvBuffers<'a, const N: usize> {
    pub(super) headers: [Header; N],
    /// Messages that there is space for.
    len: usize,
    pub(super) vectors: &'a [IoVecMut<'a>],
    pub(super) per_message: usize,
    pub(super) names: Parts<'a>,
    pub(super) control: Parts<'a>,
}

impl<'a, const N: usize> RecvBuffers<'a, N> {
    /// Space for the bytes of as many messages as there are elements, but not more than `N`; `K` vectors each.
    pub fn new<const K: usize>(vectors: &'a mut [[IoVecMut<'_>; K]]) -> Self {
        Self {
            headers: [Header::EMPTY; N],
            len: vectors.len().min(N),
            vectors: vectors.as_flattened(),
            per_message: K,
            names: Parts::default(),
            control: Parts::default(),
        }
    }

    /// For the senders' addresses. Fewer elements than before make fewer messages.
    #[must_use]
    pub fn names<const SIZE: usize>(mut self, names: &'a mut [[u8; SIZE]]) -> Self {
        self.len = self.len.min(names.len());
        self.names = Parts::new(names);
        self
    }

    /// For the control messages, those of each message apart. Size an element by the sum of the keys'
    /// [`space`](crate::Key::space). Fewer elements than before make fewer messages.
    #[must_use]
    pub fn control<const SIZE: usize>(mut self, control: &'a mut [[u8; SIZE]]) -> Self {
        self.len = self.len.min(control.len());
        self.control = Parts::new(control);
        self
    }

    /// Messages that there is space for.
    pub const fn capacity(&self) -> usize {
        self.len
    }

    /// Writes the headers: the kernel has put what arrived in place of the space that there was.
    pub(super) fn prepare(&mut self) -> &mut [Header] {
        let (mut names, mut control, mut vectors) =
            (self.names.again(), self.control.again(), self.vectors);
        let headers = self.headers.get_mut(..self.len).unwrap_or_default();
        for Header { msg_hdr, .. } in &mut *headers {
            let (name, iov, control) = (
                names.next_raw(),
                next_of(&mut vectors, self.per_message),
                control.next_raw(),
            );
            *msg_hdr = UserMsghdr {
                msg_name: name.0,
                msg_namelen: UserMsghdr::namelen(name.1),
                msg_iov: iov.as_ptr().cast_mut().cast(),
                // Some C libraries have an int here. The kernel has no use for more of either.
                msg_iovlen: iov.len().min(c_int::MAX as usize),
                msg_control: control.0,
                msg_controllen: control.1.min(c_int::MAX as usize),
                msg_flags: 0,
            };
        }
        headers
    }
}

impl<const N: usize> fmt::Debug for RecvBuffers<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecvBuffers")
            .field("capacity", &self.len)
            .finish_non_exhaustive()
    }
}
