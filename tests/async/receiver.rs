// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! A socket that receives with a multishot `recvmsg`. Take it whole: an armed request writes to the
//! buffers until its last completion was taken, also after the ring is closed.

use ancil::uring::Multishot;
use ancil::{Received, SCM_RIGHTS, UpTo, io, space_of};
use io_uring::{IoUring, cqueue, opcode, types};
use std::io::{Error, ErrorKind, Result};
use std::os::{fd::AsRawFd, unix::net::UnixDatagram};

/// No space for an address, and space for a descriptor. The buffers are group 0.
const SHOT: Multishot = Multishot::new(0, space_of::<UpTo<SCM_RIGHTS, 1>>());
const SIZE: usize = SHOT.buffer_len(1500);
const BUFFERS: u16 = 4;
const RECEIVE: u64 = 1; // marks completions of the request that receives

/// What to do with a datagram.
pub type Each<'f> = &'f mut dyn FnMut(Received<'_>) -> Result<()>;

/// A socket, and a ring that receives from it. The ring is dropped first.
pub struct Receiver {
    ring: IoUring,
    buffers: Vec<u8>,
    header: Box<libc::msghdr>,
    socket: UnixDatagram,
    armed: bool, // whether the last completion of the request is still to come
}

impl Receiver {
    pub fn new(socket: UnixDatagram) -> Result<Self> {
        let mut this = Self {
            ring: IoUring::new(8)?,
            buffers: vec![0; usize::from(BUFFERS) * SIZE],
            header: Box::new(SHOT.user_msghdr().to_libc()?),
            socket,
            armed: false,
        };
        this.provide(0, BUFFERS).map(|()| this)
    }

    /// Gives `count` buffers to the kernel, the first of which has the number `first`.
    fn provide(&mut self, first: u16, count: u16) -> Result<()> {
        let start = self.buffers[usize::from(first) * SIZE..].as_mut_ptr();
        let provide = opcode::ProvideBuffers::new(start, SIZE as i32, count, 0, first).build();
        // SAFETY: the buffers must stay, unused by others, while the kernel may write to them. Only
        // the request writes. A completion returns a buffer to `take`, the last one ends the
        // writing, and `drop` waits for it or leaves the buffers allocated.
        unsafe { self.ring.submission().push(&provide) }.map_err(Error::other)
    }

    /// Waits for datagrams, and calls `each` with every one that has arrived. After an error, the
    /// next call continues with those that follow.
    pub fn receive(&mut self, each: Each<'_>) -> Result<()> {
        if !self.armed {
            let (socket, flags) = (types::Fd(self.socket.as_raw_fd()), SHOT.flags().bits());
            let receive = opcode::RecvMsgMulti::new(socket, &raw const *self.header, 0);
            let receive = receive.flags(flags).build().user_data(RECEIVE);
            // SAFETY: the kernel reads the header until the request is submitted, so the header
            // must stay until then, or until the ring is gone. The header has no pointers.
            unsafe { self.ring.submission().push(&receive) }.map_err(Error::other)?;
            self.armed = true;
        }
        self.wait()?;
        while let Some(result) = self.take(each) {
            result?;
        }
        Ok(())
    }

    /// Submits what was pushed, and waits for a completion.
    fn wait(&self) -> Result<()> {
        match self.ring.submit_and_wait(1) {
            Err(e) if e.kind() == ErrorKind::Interrupted => self.wait(),
            result => result.map(|_| ()),
        }
    }

    /// Takes a completion, if there is one, and calls `each` with its datagram, if it has one.
    fn take(&mut self, each: Each<'_>) -> Option<Result<()>> {
        let done = self.ring.completion().next()?;
        let (result, flags) = (done.result(), done.flags());
        self.armed &= done.user_data() != RECEIVE || cqueue::more(flags);
        Some(
            match (usize::try_from(result), cqueue::buffer_select(flags)) {
                (Ok(len), Some(number)) => {
                    let buffer = &mut self.buffers[usize::from(number) * SIZE..][..len];
                    // SAFETY: a completion of a request with these spaces and flags reported the
                    // buffer. It is passed here once, and nobody has written to it or used a
                    // descriptor in it. `io::close` may be called with any open descriptor.
                    let received = unsafe { SHOT.received(buffer, io::close) };
                    let outcome = received.map_err(Error::other).and_then(each);
                    self.provide(number, 1).and(outcome) // the kernel may write to it again
                }
                // Buffers were provided, or there are more datagrams than buffers.
                _ if result >= 0 || result == -libc::ENOBUFS => Ok(()),
                _ => Err(Error::from_raw_os_error(-result)),
            },
        )
    }
}

impl Drop for Receiver {
    /// Ends the request, and closes the descriptors that nobody has received.
    fn drop(&mut self) {
        let cancel = opcode::AsyncCancel::new(RECEIVE).build();
        // SAFETY: the entry has no pointers.
        let mut result = unsafe { self.ring.submission().push(&cancel) }.map_err(Error::other);
        while self.armed && result.is_ok() {
            result = self.wait();
            while self.take(&mut |_| Ok(())).is_some() {} // drops each `Received`
        }
        if self.armed {
            // The kernel ends the request some time after the ring is closed.
            std::mem::forget(std::mem::take(&mut self.buffers));
        }
    }
}
