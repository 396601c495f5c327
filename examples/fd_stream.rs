// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! A stream of messages with descriptors, as Wayland's: each message begins with its length and the
//! number of its descriptors. Take it for a protocol over a Unix stream socket. Such a socket keeps
//! no borders of messages: a call receives the bytes that are there, and a descriptor arrives with
//! the first byte of what it was sent with. So both wait in queues until a message is whole.
//!
//!     cargo run --example fd_stream --features std

use ancil::{Fd, IoVec, IoVecMut, MsgFlags, MsgHdrMut, SCM_RIGHTS, UpTo, Writer, io, space_of};
use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::thread;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The bytes of a header: the bytes and the descriptors that follow, as a `u32` each.
const HEADER: usize = 8;
/// The most bytes and descriptors of a message. The limits protect the receiver.
const MOST_BYTES: usize = 1 << 20;
const MOST_FDS: usize = 4;
/// The space for the descriptors of a message. One call receives those of one call that sent.
const SPACE: usize = space_of::<UpTo<SCM_RIGHTS, MOST_FDS>>();

fn main() -> Outcome {
    let (here, there) = UnixStream::pair()?;
    let sender = thread::spawn(move || talk(&there));
    let mut incoming = Incoming::default();
    while let Some((bytes, fds)) = incoming.next(&here)? {
        println!("{} bytes, {} descriptors", bytes.len(), fds.len());
        for fd in fds {
            let text = std::io::read_to_string(File::from(fd))?;
            println!("a descriptor that reads {text:?}");
        }
    }
    sender.join().map_err(|_| "the sender panicked")?
}

/// Sends messages without, with one and with two descriptors. The last does not fit into a socket.
fn talk(socket: &UnixStream) -> Outcome {
    let open = |name| File::open(format!("/proc/sys/kernel/{name}"));
    send(socket, b"only bytes", &[])?;
    send(socket, b"", &[(&open("ostype")?).into()])?;
    let (one, two) = (open("ostype")?, open("pid_max")?);
    send(socket, &[b'x'; 1_000_000], &[(&one).into(), (&two).into()])
}

/// Sends a message.
fn send(socket: &UnixStream, bytes: &[u8], fds: &[Fd<'_>]) -> Outcome {
    let [len, count] = [bytes.len(), fds.len()].map(u32::try_from);
    let header = [len?, count?].map(u32::to_ne_bytes);
    let mut space = [0; SPACE];
    let mut writer = Writer::new(&mut space);
    if !fds.is_empty() {
        writer.put(SCM_RIGHTS, fds)?; // an error if there are more than MOST_FDS
    }
    let mut pieces = [IoVec::new(header.as_flattened()), IoVec::new(bytes)];
    // The descriptors go with the first byte. If the kernel takes a part, the rest follows alone.
    let (mut rest, mut control) = (&mut pieces[..], writer.finish());
    let flags = MsgFlags::MSG_NOSIGNAL;
    Ok(io::sendmsg_all(socket, &mut rest, &mut control, flags)?)
}

/// What has arrived and nobody has taken.
#[derive(Default)]
struct Incoming {
    bytes: Vec<u8>,
    fds: Vec<OwnedFd>,
}

impl Incoming {
    /// Returns the next message, or `None` at the end of the stream. After an error nobody knows
    /// which descriptors belong to what, so close the socket.
    fn next(&mut self, socket: &UnixStream) -> Outcome<Option<(Vec<u8>, Vec<OwnedFd>)>> {
        loop {
            if let Some(message) = self.take()? {
                return Ok(Some(message));
            }
            // Descriptors come with the first byte of their message, so these are of one message.
            if self.fds.len() > MOST_FDS {
                return Err("descriptors without a message".into());
            }
            let (mut bytes, mut space) = ([0; 4096], [0; SPACE]);
            let mut pieces = [IoVecMut::new(&mut bytes)];
            let mut message = MsgHdrMut::new().iov(&mut pieces).control(&mut space);
            let mut received = io::recvmsg_retry(socket, &mut message, MsgFlags::empty())?;
            if received.is_truncated() {
                return Err("descriptors are lost: too many were sent, or are open here".into());
            }
            match (received.bytes(), self.bytes.len() + self.fds.len()) {
                (0, 0) => return Ok(None),
                (0, _) => return Err("the stream ends within a message".into()),
                _ => {}
            }
            self.bytes.extend_from_slice(received.data());
            self.fds.extend(received.take_fds());
        }
    }

    /// Takes a message out of the queues, if it is whole.
    fn take(&mut self) -> Outcome<Option<(Vec<u8>, Vec<OwnedFd>)>> {
        let Some((header, rest)) = self.bytes.split_first_chunk::<HEADER>() else {
            return Ok(None);
        };
        let (len, count) = header.split_at(4);
        let len = u32::from_ne_bytes(len.try_into()?) as usize;
        let count = u32::from_ne_bytes(count.try_into()?) as usize;
        if len > MOST_BYTES || count > MOST_FDS {
            return Err("a message is too long".into());
        }
        let Some(bytes) = rest.get(..len).map(Vec::from) else {
            return Ok(None);
        };
        if self.fds.len() < count {
            return Err("a message lacks descriptors".into());
        }
        self.bytes.drain(..HEADER + len);
        Ok(Some((bytes, self.fds.drain(..count).collect())))
    }
}
