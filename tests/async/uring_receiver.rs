// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Receives datagrams and their descriptors with io_uring: a multishot `recvmsg` is armed once, and
//! fills a buffer for each datagram until there is none. Take `receiver` for servers with many
//! messages on few sockets. Needs Linux 6.0, and the crate io-uring.
//!
//!     cargo run -p ancil-tests --example uring_receiver

mod receiver;

use ancil::io;
pub use receiver::Receiver;
use std::io::{ErrorKind, Result};
use std::{fs::File, os::unix::net::UnixDatagram};

/// Sends more datagrams than there are buffers. Returns each text, and what its descriptor reads.
pub fn run() -> Result<Vec<[String; 2]>> {
    let (here, there) = UnixDatagram::pair()?;
    for text in (0..7).map(|number| format!("datagram {number}")) {
        let file = File::open("/proc/sys/kernel/ostype")?;
        io::send_fds(&here, text.as_bytes(), &[(&file).into()])?;
    }
    let (mut receiver, mut all) = (Receiver::new(there)?, Vec::new());
    while all.len() < 7 {
        receiver.receive(&mut |received| {
            let mut received = received.whole()?;
            let fd = received.take_fds().next().ok_or(ErrorKind::NotFound)?;
            let read = std::io::read_to_string(File::from(fd))?;
            all.push([String::from_utf8_lossy(received.data()).into(), read]);
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
