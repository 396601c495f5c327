//! `rust_peer send SOCKET FILE...` and `rust_peer recv SOCKET` do in Rust what
//! c-examples/send_fds.c and recv_fds.c do, with the same output. tests/interop.rs runs them.

use ancil::{
    Fd, IoVec, IoVecMut, Message, MsgFlags, MsgHdr, MsgHdrMut, SCM_CREDENTIALS, SCM_RIGHTS, UpTo,
    Writer, io, space_of,
};
use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::os::unix::net::{UnixListener, UnixStream};

const CONTROL_SIZE: usize = space_of::<(UpTo<SCM_RIGHTS, 16>, SCM_CREDENTIALS)>();

fn send(socket: &str, paths: &[String]) -> Result<(), Box<dyn Error>> {
    let files = paths
        .iter()
        .map(File::open)
        .collect::<Result<Vec<_>, _>>()?;
    let fds: Vec<_> = files.iter().map(Fd::from).collect();
    let me = io::own_credentials();

    let mut control = [0; CONTROL_SIZE];
    let mut writer = Writer::new(&mut control);
    writer.put(SCM_RIGHTS, &fds)?;
    writer.put(SCM_CREDENTIALS, me)?;
    let vectors = [IoVec::new(b"files "), IoVec::new(b"for you\n")];
    let message = MsgHdr::new().iov(&vectors).control(writer.finish());
    io::sendmsg(
        &UnixStream::connect(socket)?,
        &message,
        MsgFlags::MSG_NOSIGNAL,
    )?;
    println!("sent {} descriptors from pid {}", fds.len(), me.pid);
    Ok(())
}

fn recv(socket: &str) -> Result<(), Box<dyn Error>> {
    let listener = UnixListener::bind(socket)?;
    io::enable::<SCM_CREDENTIALS>(&listener)?;
    println!("listening on {socket}");
    let (stream, _) = listener.accept()?;

    let (mut text, mut control) = ([0; 256], [0; CONTROL_SIZE]);
    let mut vectors = [IoVecMut::new(&mut text)];
    let mut message = MsgHdrMut::new().iov(&mut vectors).control(&mut control);
    let mut received = io::recvmsg(&stream, &mut message, MsgFlags::empty())?;
    print!("text: {}", String::from_utf8_lossy(received.data()));
    for raw in received.control() {
        if let Message::Credentials(from) = Message::from(raw?) {
            println!(
                "SCM_CREDENTIALS: pid {}, uid {}, gid {}",
                from.pid, from.uid, from.gid
            );
        }
    }
    assert!(!received.flags().contains(MsgFlags::MSG_CTRUNC));
    for fd in received.take_fds() {
        let mut bytes = [0; 256];
        let n = File::from(fd).read(&mut bytes)?;
        let line = String::from_utf8_lossy(&bytes[..n]);
        println!(
            "SCM_RIGHTS: a descriptor, it reads \"{}\"",
            line.lines().next().unwrap_or_default()
        );
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<_> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["send", socket, ..] if args.len() > 2 => send(socket, &args[2..]),
        ["recv", socket] => recv(socket),
        _ => Err("usage: rust_peer send SOCKET FILE... | recv SOCKET".into()),
    }
}
