// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Receives datagrams and their descriptors with io_uring: a multishot `recvmsg` is armed once, and
//! fills a buffer for each datagram until there is none. Take it for servers with many messages on
//! few sockets. Needs Linux 6.0, and the crate io-uring.
//!
//!     cargo run -p ancil-tests --example uring_receiver

use ancil::uring::Multishot;
use ancil::{Received, SCM_RIGHTS, UpTo, io, space_of};
use io_uring::{IoUring, cqueue, opcode, types};
use std::os::{fd::AsRawFd, unix::net::UnixDatagram};
use std::{fs::File, io::Error, io::Read, io::Result};

/// No space for an address, and space for a descriptor. The buffers are group 0.
const SHOT: Multishot = Multishot::new(0, space_of::<UpTo<SCM_RIGHTS, 1>>());
const SIZE: usize = SHOT.buffer_len(1500);
const BUFFERS: u16 = 4;
const RECEIVE: u64 = 1; // marks completions of the request that receives

/// A socket, and a ring that receives from it.
struct Receiver {
    /// Dropped before the buffers: the kernel may write to them as long as the ring is there.
    ring: IoUring,
    buffers: Vec<u8>,
    socket: UnixDatagram,
}

impl Receiver {
    fn new(socket: UnixDatagram) -> Result<Self> {
        let (ring, buffers) = (IoUring::new(8)?, vec![0; usize::from(BUFFERS) * SIZE]);
        let mut this = Self {
            ring,
            buffers,
            socket,
        };
        this.provide(0, BUFFERS)?;
        this.arm()?;
        Ok(this)
    }

    /// Gives `count` buffers to the kernel, the first of which has the number `first`.
    fn provide(&mut self, first: u16, count: u16) -> Result<()> {
        let start = self.buffers[usize::from(first) * SIZE..].as_mut_ptr();
        let provide = opcode::ProvideBuffers::new(start, SIZE as i32, count, 0, first).build();
        // SAFETY: the buffers must stay while the kernel may write to them: until the ring is gone,
        // which is dropped first. Nothing else uses them until the kernel returns one.
        unsafe { self.ring.submission().push(&provide) }.map_err(Error::other)
    }

    /// Arms the request.
    fn arm(&mut self) -> Result<()> {
        let socket = types::Fd(self.socket.as_raw_fd());
        let (header, flags) = (SHOT.user_msghdr().to_libc()?, SHOT.flags().bits());
        let receive = opcode::RecvMsgMulti::new(socket, &raw const header, 0).flags(flags);
        let receive = receive.build().user_data(RECEIVE);
        // SAFETY: the kernel reads the header until the request is submitted, as the next line
        // does. The header has lengths and no pointers. The socket and the buffers are there as
        // long as the ring.
        unsafe { self.ring.submission().push(&receive) }.map_err(Error::other)?;
        self.ring.submit().map(|_| ())
    }

    /// Waits for datagrams, and calls `each` with every one that has arrived.
    fn receive(&mut self, mut each: impl FnMut(Received<'_>) -> Result<()>) -> Result<()> {
        self.ring.submit_and_wait(1)?;
        // One at a time: after an error, the others wait for the next call.
        while let Some(done) = { self.ring.completion().next() } {
            let (result, flags) = (done.result(), done.flags());
            match (usize::try_from(result), cqueue::buffer_select(flags)) {
                (Ok(len), Some(number)) => {
                    let buffer = &mut self.buffers[usize::from(number) * SIZE..][..len];
                    // SAFETY: a completion of a request with these spaces and flags reported the
                    // buffer. It is passed here once, and nobody has written to it or used a
                    // descriptor in it. `io::close` may be called with any open descriptor.
                    let received = unsafe { SHOT.received(buffer, io::close) };
                    let outcome = received.map_err(Error::other).and_then(&mut each);
                    self.provide(number, 1)?; // the kernel may write to it again
                    outcome?;
                }
                // Buffers were provided, or there are more datagrams than buffers.
                _ if result >= 0 || result == -libc::ENOBUFS => {}
                _ => return Err(Error::from_raw_os_error(-result)),
            }
            if done.user_data() == RECEIVE && !cqueue::more(flags) {
                self.arm()?;
            }
        }
        Ok(())
    }
}

/// Sends more datagrams than there are buffers. Returns each text, and what its descriptor reads.
pub fn run() -> Result<Vec<[String; 2]>> {
    let (here, there) = UnixDatagram::pair()?;
    let (mut receiver, mut all) = (Receiver::new(there)?, Vec::new());
    for text in (0..7).map(|number| format!("datagram {number}")) {
        let file = File::open("/proc/sys/kernel/ostype")?;
        io::send_fds(&here, text.as_bytes(), &[(&file).into()])?;
    }
    while all.len() < 7 {
        receiver.receive(|received| {
            let (mut received, mut read) = (received.whole()?, String::new());
            let text = String::from_utf8_lossy(received.data()).into_owned();
            for fd in received.take_fds() {
                File::from(fd).read_to_string(&mut read)?;
            }
            all.push([text, read]);
            Ok(())
        })?;
    }
    Ok(all)
}

fn main() -> Result<()> {
    for [text, contents] in run()? {
        println!("{text}, with a descriptor that reads {contents:?}");
    }
    Ok(())
}
