//! [`RecvBuffers`]: the buffers for a batch of messages to receive.
#![forbid(unsafe_code)]

use super::recv_header::RecvHeader;
use crate::iov::IoVecMut;
use crate::msghdr::UserMsghdr;
use core::ffi::{c_int, c_void};
use core::{fmt, mem, ptr};

/// Bytes in parts of equal size, one for each message.
#[derive(Default)]
struct Arena<'a> {
    bytes: &'a mut [u8],
    size: usize,
}

impl<'a> Arena<'a> {
    fn new<const SIZE: usize>(parts: &'a mut [[u8; SIZE]]) -> Self {
        Self {
            bytes: parts.as_flattened_mut(),
            size: SIZE,
        }
    }

    fn reborrow(&mut self) -> Arena<'_> {
        Arena {
            bytes: self.bytes,
            size: self.size,
        }
    }

    /// Returns the next part, or an empty slice if there is none.
    fn next(&mut self) -> &'a mut [u8] {
        let (part, rest) = mem::take(&mut self.bytes)
            .split_at_mut_checked(self.size)
            .unwrap_or_default();
        self.bytes = rest;
        part
    }
}

/// Returns the next `n` elements of `rest`, or an empty slice if there are fewer.
fn split_front<'a, T>(rest: &mut &'a [T], n: usize) -> &'a [T] {
    let (front, others) = rest.split_at_checked(n).unwrap_or_default();
    *rest = others;
    front
}

/// The arenas of a batch. Each message has one part of each arena, in the order of the messages.
pub(super) struct Arenas<'a> {
    vectors: &'a [IoVecMut<'a>],
    vectors_per_message: usize,
    names: Arena<'a>,
    control: Arena<'a>,
}

impl<'a> Arenas<'a> {
    pub(super) fn reborrow(&mut self) -> Arenas<'_> {
        Arenas {
            vectors: self.vectors,
            vectors_per_message: self.vectors_per_message,
            names: self.names.reborrow(),
            control: self.control.reborrow(),
        }
    }

    /// Returns the parts of the next message: name, vectors, control messages.
    pub(super) fn next(&mut self) -> (&'a mut [u8], &'a [IoVecMut<'a>], &'a mut [u8]) {
        let vectors = split_front(&mut self.vectors, self.vectors_per_message);
        (self.names.next(), vectors, self.control.next())
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
    /// Invariant, on which the unsafe code of `recvmmsg` rests: after
    /// [`prepare`](Self::prepare), the pointers and lengths in the first `len` headers are those of
    /// the parts that [`Arenas::next`] yields from the start of `arenas`, in the same order. Only
    /// `prepare` and the kernel write to the headers.
    headers: [RecvHeader; N],
    /// How many messages every arena has a part for; at most `N`.
    len: usize,
    arenas: Arenas<'a>,
}

impl<'a, const N: usize> RecvBuffers<'a, N> {
    /// Returns buffers for as many messages as `vectors` has elements, but at most `N`. Each
    /// message has `K` vectors.
    pub fn new<const K: usize>(vectors: &'a mut [[IoVecMut<'_>; K]]) -> Self {
        Self {
            headers: [RecvHeader::EMPTY; N],
            len: vectors.len().min(N),
            arenas: Arenas {
                vectors: vectors.as_flattened(),
                vectors_per_message: K,
                names: Arena::default(),
                control: Arena::default(),
            },
        }
    }

    /// Adds space for the senders' addresses. If `names` has fewer elements than there were
    /// messages, the number of messages becomes less.
    #[must_use]
    pub fn names<const SIZE: usize>(mut self, names: &'a mut [[u8; SIZE]]) -> Self {
        self.len = self.len.min(names.len());
        self.arenas.names = Arena::new(names);
        self
    }

    /// Adds space for the control messages that arrive with each message. The size of an element is
    /// [`space_of`](crate::space_of) the keys that are expected. If `control` has fewer elements
    /// than there were messages, the number of messages becomes less.
    #[must_use]
    pub fn control<const SIZE: usize>(mut self, control: &'a mut [[u8; SIZE]]) -> Self {
        self.len = self.len.min(control.len());
        self.arenas.control = Arena::new(control);
        self
    }

    /// Returns the number of messages that fit.
    pub const fn capacity(&self) -> usize {
        self.len
    }

    /// Writes the headers for a call, and returns them. Each header points to the parts that
    /// [`Arenas::next`] yields for its message.
    ///
    /// Every call needs this: the kernel overwrites the lengths in the headers.
    pub(super) fn prepare(&mut self) -> &mut [RecvHeader] {
        let mut arenas = self.arenas.reborrow();
        let headers = self.headers.get_mut(..self.len).unwrap_or_default();
        for header in &mut *headers {
            let (name, vectors, control) = arenas.next();
            header.msg_hdr = UserMsghdr {
                msg_name: pointer_or_null(name),
                msg_namelen: UserMsghdr::namelen(name.len()),
                msg_iov: vectors.as_ptr().cast_mut().cast(),
                // Some C libraries have an int for these two lengths. The kernel refuses more
                // vectors, and no message has more control bytes.
                msg_iovlen: vectors.len().min(c_int::MAX as usize),
                msg_control: pointer_or_null(control),
                msg_controllen: control.len().min(c_int::MAX as usize),
                msg_flags: 0,
            };
        }
        headers
    }

    /// Returns the headers of the first `received` messages, which the kernel has filled, and the
    /// arenas that their parts come from.
    pub(super) fn filled(&mut self, received: usize) -> (&[RecvHeader], Arenas<'_>) {
        let headers = self.headers.get(..received).unwrap_or_default();
        (headers, self.arenas.reborrow())
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
