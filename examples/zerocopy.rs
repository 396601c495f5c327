// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Sends a stream without copying it: with MSG_ZEROCOPY the kernel reads the program's memory after
//! the call has returned. The socket's error queue says when a send is done, and only then its
//! buffer is filled again. Take it for buffers of 10 KiB and more. Over loopback the kernel copies.
//!
//!     cargo run --example zerocopy --features std

use ancil::io::{self, Cause};
use ancil::{Control, Errno, IP_RECVERR, IoVec, MsgFlags, MsgHdrMut, SendNumbers, ZerocopySends};
use ancil::{payload::Origin, space_of};
use std::io::{Error, ErrorKind};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::os::fd::AsRawFd as _;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const SIZE: usize = 1 << 16;
const BUFFERS: usize = 4;
const FULL: Cause = Cause::Errno(Errno::ENOBUFS);

fn main() -> Outcome {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let socket = TcpStream::connect(listener.local_addr()?)?;
    let (peer, _) = listener.accept()?;
    let peer = std::thread::spawn(move || std::io::read_to_string(peer));
    io::enable_zerocopy(&socket)?;
    let sends = ZerocopySends::new();
    let mut sender = Sender { socket, sends };

    // Leaked, so that nothing frees a buffer, whatever fails, while the kernel may read it.
    let buffers = Box::leak(vec![[0; SIZE]; BUFFERS].into_boxed_slice());
    let mut numbers = [SendNumbers::default(); BUFFERS];
    for round in 0..16 {
        let at = round % BUFFERS;
        while !sender.sends.is_done(numbers[at]) {
            sender.reap()?;
        }
        buffers[at].fill(b'a' + round as u8);
        // SAFETY: the bytes must not change until the sends that are returned are done. The line
        // above alone changes them, after the loop that waits for these sends.
        numbers[at] = unsafe { sender.send(&buffers[at]) }?;
    }
    while sender.sends.outstanding() > 0 {
        sender.reap()?;
    }
    sender.socket.shutdown(Shutdown::Write)?;
    let arrived = peer.join().map_err(|_| "the receiver panicked")??;
    let mut buffers = arrived.as_bytes().chunks(SIZE).zip(b'a'..);
    let intact = buffers.all(|(bytes, sent)| bytes.iter().all(|byte| *byte == sent));
    println!("{} bytes arrived, intact: {intact}", arrived.len());
    Ok(())
}

/// A socket with `SO_ZEROCOPY`, and its sends.
struct Sender {
    socket: TcpStream,
    sends: ZerocopySends<64>,
}

impl Sender {
    /// Sends all of `bytes`. Returns the numbers of the sends that do so.
    ///
    /// # Safety
    /// The bytes must not change until those sends are done, or ever, if this fails.
    unsafe fn send(&mut self, bytes: &[u8]) -> Outcome<SendNumbers> {
        let (mut pieces, mut numbers) = ([IoVec::new(bytes)], SendNumbers::default());
        let (mut rest, mut control) = (&mut pieces[..], Control::default());
        let flags = MsgFlags::MSG_ZEROCOPY | MsgFlags::MSG_NOSIGNAL;
        loop {
            let (socket, control) = (&self.socket, &mut control);
            // SAFETY: by the contract of this function, the bytes do not change too early.
            let (calls, result) =
                unsafe { io::sendmsg_all_zerocopy(socket, &mut rest, control, flags) };
            numbers = numbers.through(self.sends.record(calls)?);
            match result {
                // Too much is outstanding: `rest` follows when some of it is done.
                Err(e) if e.cause == FULL && self.sends.outstanding() > 0 => self.reap()?,
                result => return Ok(result.map(|()| numbers)?),
            }
        }
    }

    /// Waits for an entry of the error queue, and records the sends that it reports as done.
    fn reap(&mut self) -> Outcome {
        let (fd, events, revents) = (self.socket.as_raw_fd(), 0, 0); // POLLERR is always reported
        let mut ready = libc::pollfd {
            fd,
            events,
            revents,
        };
        // SAFETY: poll writes to one `pollfd`, and `ready` is one.
        let count = unsafe { libc::poll(&raw mut ready, 1, 5000) };
        match (count, Error::last_os_error()) {
            (0, _) => return Err("no send was done within 5 s".into()),
            (-1, e) if e.kind() != ErrorKind::Interrupted => return Err(e.into()),
            _ => {}
        }
        let mut control = [0; space_of::<IP_RECVERR>()];
        let mut message = MsgHdrMut::new().control(&mut control);
        let received = match io::recvmsg_retry(&self.socket, &mut message, MsgFlags::MSG_ERRQUEUE) {
            Err(Errno::EAGAIN) => return Ok(()), // the caller waits again
            result => result?.whole()?,
        };
        let entry = received.control().get(IP_RECVERR)?;
        let origin = entry.map(|entry| entry.error.origin());
        let Some(Origin::Zerocopy {
            first,
            last,
            copied,
        }) = origin
        else {
            return Err(format!("the error queue holds {origin:?}").into());
        };
        self.sends.complete(first, last)?;
        println!("sends {first} to {last} are done, copied after all: {copied}");
        Ok(())
    }
}
