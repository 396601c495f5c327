// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Tests of `uring_receiver`, each of which must leave no descriptor open.

#[path = "uring_receiver.rs"]
#[expect(dead_code, reason = "the tests call `run` instead of `main`")]
mod uring_receiver;
use std::fs::File;
use std::io::{Error, Result};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use uring_receiver::{Receiver, run};

type Test = (&'static str, fn() -> Result<()>);

pub const TESTS: [Test; 3] = [
    ("more_datagrams_than_buffers", more_datagrams_than_buffers),
    ("a_failure_in_the_middle", a_failure_in_the_middle),
    (
        "an_error_that_ends_the_request",
        an_error_that_ends_the_request,
    ),
];

/// Returns an error if this kernel or emulator has no io_uring, or forbids it.
pub fn available() -> Result<()> {
    io_uring::IoUring::new(8).map(drop)
}

fn more_datagrams_than_buffers() -> Result<()> {
    let os = std::fs::read_to_string("/proc/sys/kernel/ostype")?;
    let expected: Vec<_> = (0..7)
        .map(|number| [format!("datagram {number}"), os.clone()])
        .collect();
    assert_eq!(run()?, expected);
    Ok(())
}

fn send(socket: &UnixDatagram, text: &str) -> Result<()> {
    let file = File::open("/proc/sys/kernel/ostype")?;
    Ok(ancil::io::send_fds(
        socket,
        text.as_bytes(),
        &[(&file).into()],
    )?)
}

/// The first of three datagrams is refused, the second arrives in the next call, and a receiver
/// that is dropped closes the descriptor of the third.
fn a_failure_in_the_middle() -> Result<()> {
    let (here, there) = UnixDatagram::pair()?;
    ["first", "second", "third"]
        .iter()
        .try_for_each(|text| send(&here, text))?;
    let mut receiver = Receiver::new(there)?;
    for expected in ["first", "second"] {
        let mut arrived = Vec::new();
        let refused = receiver.receive(&mut |received| {
            arrived.extend_from_slice(received.data());
            Err(Error::other("refused"))
        });
        let refused = refused.expect_err("the closure fails");
        assert_eq!(refused.to_string(), "refused");
        assert_eq!(String::from_utf8_lossy(&arrived), expected);
    }
    Ok(())
}

/// The socket has a pending error, which the kernel reports with the last completion. The next call
/// must arm the request again.
fn an_error_that_ends_the_request() -> Result<()> {
    let name = |end| {
        let name = format!("ancil-uring-{end}-{}", std::process::id());
        SocketAddr::from_abstract_name(name)
    };
    let here = UnixDatagram::bind_addr(&name("here")?)?;
    let there = UnixDatagram::bind_addr(&name("there")?)?;
    here.connect_addr(&name("there")?)?;
    there.connect_addr(&name("here")?)?;
    there.send(b"never received")?;
    let mut receiver = Receiver::new(there)?;
    let _other = UnixDatagram::bind_addr(&name("other")?)?;
    here.connect_addr(&name("other")?)?; // the kernel reports the loss to the sender
    let error = loop {
        if let Err(e) = receiver.receive(&mut |_| Ok(())) {
            break e.raw_os_error();
        }
    };
    assert_eq!(error, Some(libc::ECONNRESET));
    here.connect_addr(&name("there")?)?;
    send(&here, "after the error")?;
    let mut arrived = 0;
    while arrived == 0 {
        receiver.receive(&mut |received| {
            arrived = received.bytes();
            Ok(())
        })?;
    }
    assert_eq!(arrived, "after the error".len());
    Ok(())
}
