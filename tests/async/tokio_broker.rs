// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! A broker that opens files, and its client, with tokio: `AsyncFd` waits until the socket is
//! ready, and ancil makes the calls. The client sends a path. The broker answers with the start of
//! the file and with the opened file, from which the client reads the rest. A message ends where
//! its sender shuts down its direction of the stream.
//!
//!     cargo run -p ancil-tests --example tokio_broker [FILE]    default: this program

use ancil::{Control, IoVec, MsgFlags, SCM_RIGHTS, UpTo, Writer, io, space_of};
use std::fs::File;
use std::io::{Error, Read, Result};
use std::os::{fd::OwnedFd, unix::ffi::OsStrExt, unix::net::UnixStream};
use std::{ffi::OsStr, net::Shutdown};
use tokio::io::{Interest, unix::AsyncFd};

type Socket = AsyncFd<UnixStream>;

/// The longest message, in bytes.
const LIMIT: usize = 1 << 21;

#[allow(
    deprecated,
    reason = "`AsyncFd::register`, which replaces `new`, is unsafe"
)]
fn socket(stream: UnixStream) -> Result<Socket> {
    stream.set_nonblocking(true)?;
    // `new` relies on a descriptor that stays open while the stream lives. A UnixStream has one.
    AsyncFd::new(stream)
}

/// Sends a message, and `control` with its first byte. Returns how often there was no space.
async fn send(socket: &Socket, bytes: [&[u8]; 2], mut control: Control<'_>) -> Result<usize> {
    let (mut vectors, mut waits) = (bytes.map(IoVec::new), 0);
    let mut rest = &mut vectors[..];
    let send_rest = |stream: &UnixStream| {
        // After EAGAIN, `rest` and `control` are what is left to send in the next call.
        let sent = io::sendmsg_all(stream, &mut rest, &mut control, MsgFlags::MSG_NOSIGNAL);
        // As a `std::io::Error`, EAGAIN is `WouldBlock`: `async_io` waits, and calls again.
        Ok(sent.inspect_err(|_| waits += 1)?)
    };
    socket.async_io(Interest::WRITABLE, send_rest).await?;
    socket.get_ref().shutdown(Shutdown::Write)?;
    Ok(waits)
}

/// Receives a message. Returns its bytes, the first descriptor that came with it, and how often
/// there was nothing to receive.
async fn receive(socket: &Socket) -> Result<(Vec<u8>, Option<OwnedFd>, usize)> {
    let (mut all, mut file, mut waits) = (Vec::new(), None, 0);
    let (mut bytes, mut control) = ([0; 4096], [0; space_of::<UpTo<SCM_RIGHTS, 1>>()]);
    while all.len() <= LIMIT {
        let receive_some = |stream: &UnixStream| {
            let received = io::recv(stream, &mut bytes, &mut control);
            // `async_io` may call this again with the same buffers. The `Received` borrows them, so
            // it cannot be returned. What is copied or taken from it can, and descriptors that
            // nobody took are closed here.
            let mut received = received.inspect_err(|_| waits += 1)?;
            all.extend_from_slice(received.data());
            file = file.take().or_else(|| received.take_fds().next());
            Ok(received.bytes())
        };
        if socket.async_io(Interest::READABLE, receive_some).await? == 0 {
            return Ok((all, file, waits));
        }
    }
    Err(Error::other("the message is too long"))
}

/// Opens a file and reads its start. This may block, so a broker with many clients calls it in
/// `spawn_blocking`.
fn open(path: &OsStr) -> Result<(File, Vec<u8>)> {
    let (file, mut start) = (File::open(path)?, Vec::new());
    (&file).take(1 << 20).read_to_end(&mut start)?;
    Ok((file, start))
}

/// Answers one request. Returns how often there was no space to send.
async fn broker(socket: Socket) -> Result<usize> {
    let (path, ..) = receive(&socket).await?;
    match open(OsStr::from_bytes(&path)) {
        Ok((file, start)) => {
            let mut buffer = [0; space_of::<UpTo<SCM_RIGHTS, 1>>()];
            let mut writer = Writer::new(&mut buffer);
            writer.put(SCM_RIGHTS, &[(&file).into()])?;
            // A descriptor arrives with a byte or not at all, and the file may be empty.
            send(&socket, [b"opened\n", &start], writer.finish()).await
        }
        Err(e) => send(&socket, [e.to_string().as_bytes(), b""], Control::default()).await,
    }
}

/// Asks a broker, which runs in a task of its own, to open a file. Returns the answer, the file,
/// and how often the broker waited to send and the client to receive.
pub fn ask(path: &OsStr) -> Result<(Vec<u8>, Option<OwnedFd>, [usize; 2])> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_io().build()?.block_on(async {
        let (here, there) = UnixStream::pair()?;
        let (here, broker) = (socket(here)?, tokio::spawn(broker(socket(there)?)));
        send(&here, [path.as_bytes(), b""], Control::default()).await?;
        let (answer, file, to_receive) = receive(&here).await?;
        Ok((answer, file, [broker.await??, to_receive]))
    })
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
