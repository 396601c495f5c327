// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! A broker that opens files, and its client, with mio: one loop waits for both sockets, and ancil
//! makes the calls. The client sends a path. The broker answers with the start of the file and with
//! the opened file, from which the client reads the rest. The end of the stream ends a message.
//!
//!     cargo run -p ancil-tests --example mio_broker [FILE]    default: this program

use ancil::{IoVec, MsgFlags, MsgHdr, SCM_RIGHTS, UpTo, Writer, io, space_of};
use mio::{Events, Interest, Poll, Token, unix::SourceFd};
use std::os::{fd::AsRawFd, fd::OwnedFd, unix::ffi::OsStrExt, unix::net::UnixStream};
use std::{ffi::OsStr, fs::File, io::Error, io::ErrorKind, io::Read, io::Result, net::Shutdown};

const CLIENT: Token = Token(0);
const LIMIT: usize = 1 << 21; // The longest message, in bytes.

/// What one side keeps from one event to the next. It owns all of it: `IoVec` and `Received` borrow
/// their bytes, so they live for one call.
#[derive(Default)]
struct Peer {
    to_send: Vec<u8>,
    file_to_send: Option<OwnedFd>,
    sent: usize,
    received: Vec<u8>,
    file: Option<OwnedFd>,
    /// Number of calls that found no space to send, and nothing to receive.
    waits: [usize; 2],
}

impl Peer {
    /// Sends the rest of a message. After `WouldBlock`, the next call continues.
    fn send(&mut self, stream: &UnixStream) -> Result<()> {
        while self.sent < self.to_send.len() {
            let mut buffer = [0; space_of::<UpTo<SCM_RIGHTS, 1>>()];
            let mut writer = Writer::new(&mut buffer);
            if let Some(fd) = &self.file_to_send {
                writer.put(SCM_RIGHTS, &[fd.into()])?;
            }
            let rest = [IoVec::new(&self.to_send[self.sent..])];
            let message = MsgHdr::new().iov(&rest).control(writer.finish());
            let sent = io::sendmsg(stream, &message, MsgFlags::MSG_NOSIGNAL);
            self.sent += sent.inspect_err(|_| self.waits[0] += 1)?;
            self.file_to_send = None; // It went with the first byte.
        }
        stream.shutdown(Shutdown::Write)
    }

    /// Receives the rest of a message. After `WouldBlock`, the next call continues.
    fn receive(&mut self, stream: &UnixStream) -> Result<()> {
        let (mut bytes, mut control) = ([0; 4096], [0; space_of::<UpTo<SCM_RIGHTS, 1>>()]);
        while self.received.len() <= LIMIT {
            let received = io::recv(stream, &mut bytes, &mut control);
            let mut received = received.inspect_err(|_| self.waits[1] += 1)?;
            if received.bytes() == 0 {
                return Ok(());
            }
            self.received.extend_from_slice(received.data());
            // `received` closes the descriptors that nobody takes.
            self.file = self.file.take().or_else(|| received.take_fds().next());
        }
        Err(Error::other("the message is too long"))
    }

    /// Receives a request and answers it. After `WouldBlock`, the next call continues.
    fn serve(&mut self, stream: &UnixStream) -> Result<()> {
        self.receive(stream)?;
        if self.to_send.is_empty() {
            self.open()
                .unwrap_or_else(|e| self.to_send = e.to_string().into());
        }
        self.send(stream)
    }

    /// Opens the file of a request and reads its start. This may block.
    fn open(&mut self) -> Result<()> {
        let file = File::open(OsStr::from_bytes(&self.received))?;
        let mut answer = b"opened\n".to_vec(); // A descriptor arrives with a byte or not at all.
        (&file).take(1 << 20).read_to_end(&mut answer)?;
        (self.to_send, self.file_to_send) = (answer, Some(file.into()));
        Ok(())
    }
}

/// Asks a broker for a file. Returns the answer, the file, and the waits of broker and client.
pub fn ask(path: &OsStr) -> Result<(Vec<u8>, Option<OwnedFd>, [usize; 2])> {
    let ((here, there), mut poll) = (UnixStream::pair()?, Poll::new()?);
    for (stream, token) in [(&here, CLIENT), (&there, Token(1))] {
        stream.set_nonblocking(true)?;
        let (fd, both) = (stream.as_raw_fd(), Interest::READABLE | Interest::WRITABLE);
        poll.registry().register(&mut SourceFd(&fd), token, both)?;
    }
    let (mut client, mut broker) = (Peer::default(), Peer::default());
    client.to_send = path.as_bytes().into();
    let (mut events, mut answered) = (Events::with_capacity(8), false);
    while !answered {
        poll.poll(&mut events, None)?;
        for event in &events {
            // mio reports a socket once when it becomes ready, so a step goes on until EAGAIN.
            let step = match event.token() {
                CLIENT => client.send(&here).and_then(|()| client.receive(&here)),
                _ => broker.serve(&there),
            };
            match step {
                Err(e) if e.kind() == ErrorKind::WouldBlock => {}
                done => answered |= done.map(|()| event.token() == CLIENT)?,
            }
        }
    }
    let waits = [broker.waits[0], client.waits[1]];
    Ok((client.received, client.file, waits))
}

fn main() -> Result<()> {
    let path = std::env::args_os().nth(1);
    let (answer, file, waits) = ask(&path.unwrap_or("/proc/self/exe".into()))?;
    let refused = || Error::other(String::from_utf8_lossy(&answer));
    let (mut file, bytes) = (File::from(file.ok_or_else(refused)?), answer.len());
    let rest = std::io::copy(&mut file, &mut std::io::sink())?;
    println!("answer: {bytes} bytes, rest: {rest} bytes, waits: {waits:?}");
    Ok(())
}
