// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`RecvBuffers`]: the buffers for a batch of messages to receive.
#![forbid(unsafe_code)]

use super::recv_header::RecvHeader;
use crate::iov::IoVecMut;
use crate::msghdr::UserMsghdr;
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::{fmt, ptr, slice};

/// The headers of a batch, made ready for any number of calls: each points to the space of its
/// message.
///
/// Invariant, on which the unsafe code of `recvmmsg` rests: with `lengths`, name and control of
/// each header are address and length of a `&'b mut [u8]`, or the length is 0; iov is address and
/// length of a `&'b mut [IoVecMut<'v>]`, where `'v` outlives `'b`. No two of these slices overlap.
/// A call changes lengths and flags in the headers, and no pointer.
pub(super) struct Batch<'b> {
    headers: &'b mut [RecvHeader],
    lengths: Lengths,
    parts: Parts<'b>,
}

/// The headers point to slices of these types.
type Parts<'a> = PhantomData<(&'a mut [u8], &'a [IoVecMut<'a>])>;

/// The lengths that the kernel overwrites in each header.
#[derive(Clone, Copy, Default)]
struct Lengths {
    name: i32,
    control: usize,
}

impl Lengths {
    /// Writes the lengths to a header.
    #[inline]
    fn reset(self, header: &mut UserMsghdr) {
        header.msg_namelen = self.name;
        header.msg_controllen = self.control;
    }
}

impl<'b> Batch<'b> {
    /// Writes the lengths to the headers for a call, and returns the headers.
    pub(super) fn prepare(&mut self) -> &mut [RecvHeader] {
        for header in &mut *self.headers {
            self.lengths.reset(&mut header.msg_hdr);
        }
        self.headers
    }

    /// Returns the first `received` messages, which the kernel has filled.
    pub(super) fn filled(self, received: usize) -> Filled<'b> {
        Filled {
            headers: self.headers.get(..received).unwrap_or_default().iter(),
            lengths: self.lengths,
            parts: self.parts,
        }
    }
}

/// The messages of a batch that the kernel has filled, each once, with the invariant of [`Batch`].
pub(super) struct Filled<'b> {
    headers: slice::Iter<'b, RecvHeader>,
    lengths: Lengths,
    parts: Parts<'b>,
}

impl<'b> Filled<'b> {
    /// Returns the header of the next message as the kernel has left it, and a copy with the
    /// lengths that the kernel was given.
    #[inline]
    pub(super) fn next(&mut self) -> Option<(&'b RecvHeader, UserMsghdr)> {
        let header = self.headers.next()?;
        let mut given = header.msg_hdr;
        self.lengths.reset(&mut given);
        Some((header, given))
    }

    /// Returns the number of messages that are left.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.headers.len()
    }
}

/// Buffers for up to `N` messages in the caller's arenas. [`recvmmsg`](super::recvmmsg) can use
/// them again and again.
///
/// Each arena is a slice with one element for each message, so all messages have equal space. This
/// struct contains the kernel's headers: 64 bytes for each of the `N` messages on 64-bit machines.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{space_of, IP_PKTINFO, IP_TOS, IoVecMut, MsgFlags, Payload, io};
/// use ancil::addr::SockaddrIn;
///
/// # let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
/// # socket.send_to(b"x", socket.local_addr()?)?;
/// const SPACE: usize = space_of::<(IP_PKTINFO, IP_TOS)>();
/// let mut bytes = [[0; 1500]; 16];
/// let mut vectors = bytes.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
/// let (mut names, mut control) = ([[0; size_of::<SockaddrIn>()]; 16], [[0; SPACE]; 16]);
/// let mut buffers = io::RecvBuffers::<16>::new(&mut vectors)
///     .names(&mut names)
///     .control(&mut control);
/// for received in io::recvmmsg(&socket, &mut buffers, MsgFlags::MSG_WAITFORONE, None)? {
///     let (from, bytes) = (SockaddrIn::decode(received.name()), received.data());
/// #   assert!(from.is_ok() && bytes == b"x");
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RecvBuffers<'a, const N: usize> {
    /// The first `len` of them have the invariant of [`Batch`], with `lengths`.
    headers: [RecvHeader; N],
    /// How many messages every arena has a part for; at most `N`.
    len: usize,
    lengths: Lengths,
    parts: Parts<'a>,
}

impl<'a, const N: usize> RecvBuffers<'a, N> {
    /// Returns buffers for as many messages as `vectors` has elements, but at most `N`. Each
    /// message has `K` vectors.
    pub fn new<const K: usize>(vectors: &'a mut [[IoVecMut<'_>; K]]) -> Self {
        let (mut headers, len) = ([RecvHeader::EMPTY; N], vectors.len().min(N));
        for (header, vectors) in headers.iter_mut().zip(vectors) {
            header.msg_hdr.msg_iov = vectors.as_mut_ptr().cast();
            // Some C libraries have an int for this length. The kernel refuses more vectors.
            header.msg_hdr.msg_iovlen = K.min(c_int::MAX as usize);
        }
        Self {
            headers,
            len,
            lengths: Lengths::default(),
            parts: PhantomData,
        }
    }

    /// Adds space for the senders' addresses. If `names` has fewer elements than there were
    /// messages, the number of messages becomes less.
    #[must_use]
    pub fn names<const SIZE: usize>(mut self, names: &'a mut [[u8; SIZE]]) -> Self {
        self.len = self.len.min(names.len());
        self.lengths.name = UserMsghdr::namelen(SIZE);
        for (header, name) in self.headers.iter_mut().zip(names) {
            header.msg_hdr.msg_name = pointer_or_null(name);
        }
        self
    }

    /// Adds space for the control messages that arrive with each message. The size of an element is
    /// [`space_of`](crate::space_of) the keys that are expected. If `control` has fewer elements
    /// than there were messages, the number of messages becomes less.
    #[must_use]
    pub fn control<const SIZE: usize>(mut self, control: &'a mut [[u8; SIZE]]) -> Self {
        self.len = self.len.min(control.len());
        // Some C libraries have an int for this length. No message has more control bytes.
        self.lengths.control = SIZE.min(c_int::MAX as usize);
        for (header, control) in self.headers.iter_mut().zip(control) {
            header.msg_hdr.msg_control = pointer_or_null(control);
        }
        self
    }

    /// Returns the number of messages that fit.
    ///
    /// ```
    /// use ancil::{IoVecMut, io::RecvBuffers};
    /// let mut bytes = [[0; 1500]; 4];
    /// let mut vectors = bytes.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    /// assert_eq!(RecvBuffers::<16>::new(&mut vectors).capacity(), 4);
    /// ```
    pub const fn capacity(&self) -> usize {
        self.len
    }

    /// Borrows the buffers for a call.
    pub(super) fn batch(&mut self) -> Batch<'_> {
        Batch {
            headers: self.headers.get_mut(..self.len).unwrap_or_default(),
            lengths: self.lengths,
            parts: PhantomData,
        }
    }
}

/// Returns null for an empty part. For a name that is not null the kernel reports the length of the
/// address even if there is no space for it.
fn pointer_or_null(part: &mut [u8]) -> *mut c_void {
    if part.is_empty() {
        ptr::null_mut()
    } else {
        part.as_mut_ptr().cast()
    }
}

impl<const N: usize> fmt::Debug for RecvBuffers<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecvBuffers")
            .field("capacity", &self.len)
            .finish_non_exhaustive()
    }
}
