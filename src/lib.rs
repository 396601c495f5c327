// SPDX-License-Identifier: MIT OR Apache-2.0
//! What travels beside the bytes of a Linux socket message: descriptors, credentials, timestamps,
//! addresses, ECN. ancil writes and reads these *control messages* in your own buffers, without
//! `std`, without an allocator and without a libc, and does not panic, whatever the bytes are.
//!
//! # Pass a descriptor
//! ```
//! # #[cfg(feature = "std")] {
//! use ancil::io;
//! use std::{fs::File, io::Read, os::unix::net::UnixStream};
//!
//! let (here, there) = UnixStream::pair()?;
//! let file = File::open("/proc/self/comm")?;
//! io::send_fds(&here, b"take this", &[(&file).into()])?;
//!
//! let mut bytes = [0; 100];
//! let received = io::recv_fds::<1>(&there, &mut bytes)?;
//! let [Some(fd)] = received.fds else { return Err("no descriptor".into()) };
//! let mut name = String::new();
//! File::from(fd).read_to_string(&mut name)?; // of this program
//! # assert_eq!(&bytes[..received.bytes], b"take this");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Read whatever arrived
//! The kernel lays control messages out one after another, each a header ([`CmsgHdr`]), a payload
//! and padding. A [`Reader`] walks over them and a [`Message`] is one of them, decoded:
//!
//! ```
//! use ancil::{Message, Reader};
//!
//! fn show(control: &[u8]) -> Result<(), ancil::Error> {
//!     for raw in Reader::new(control) {
//!         match Message::from(raw?) {
//!             Message::Rights(fds) => println!("{} descriptors", fds.len()),
//!             Message::Credentials(sender) => println!("from process {}", sender.pid),
//!             other => println!("{other}"),
//!         }
//!     }
//!     Ok(())
//! }
//! # show(&[]).unwrap();
//! ```
//!
//! # Ask for what you want
//! Each message has a key under its man-page name. From a set of keys follow the socket options,
//! the size of the buffer and the values:
//!
//! ```
//! # #[cfg(feature = "std")] {
//! use ancil::{IP_PKTINFO, IP_TOS, IP_TTL, io, space_of};
//!
//! type Wanted = (IP_PKTINFO, IP_TTL, IP_TOS);
//!
//! let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
//! io::enable::<Wanted>(&socket)?;
//! # socket.send_to(b"hello", socket.local_addr()?)?;
//! let (mut bytes, mut control) = ([0; 1500], [0; space_of::<Wanted>()]);
//! let received = io::recv(&socket, &mut bytes, &mut control)?;
//! let (info, ttl, tos) = received.control().get_all::<Wanted>()?;
//! # assert!(info.is_some() && ttl.is_some());
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! For servers of UDP there is such a set for both families, [`datagram::Arrival`], and
//! [`datagram::Departure`] for the answer.
//!
//! # Write, and define your own message
//! A [`Writer`] appends messages to your buffer, sized at compile time; [`key!`] defines one that
//! the catalogue does not have. (Linux carries only those that it knows: yours is one of a newer
//! kernel or of a driver, or travels in a buffer that you carry.)
//!
//! ```
//! use ancil::{IP_TTL, MsgHdr, Writer, space_of};
//!
//! ancil::key!(MY_TICKET: u64 = 0x4d59, 1); // level and type
//!
//! let mut buffer = [0; space_of::<(IP_TTL, MY_TICKET)>()];
//! let mut writer = Writer::new(&mut buffer);
//! writer.put(IP_TTL, 64)?;
//! writer.put(MY_TICKET, 42)?;
//! let message = MsgHdr::new().control(writer.finish());
//! assert_eq!(message.msg_control().reader().get(MY_TICKET)?, Some(42));
//! # Ok::<(), ancil::Error>(())
//! ```
//!
//! # Features
//! None is on by default. Programs that make the system calls themselves need none:
//! [`Received::from_call`].
//!
//! | feature | brings |
//! | --- | --- |
//! | `libc` | the system calls, `ancil::io`; for Linux and Android |
//! | `std` | `OwnedFd`, `BorrowedFd` and `std::io` in these calls; implies `libc` |
//! | `heapless` | `IoVecs` and, with `libc`, `FdVec`, of a fixed capacity; needs Rust 1.87 |
//! | `capi`, `header` | the C functions of `ancil.h`, the check of that file; for the `Makefile` |
//!
//! # Where to go next
//! | to | read |
//! | --- | --- |
//! | replace libc, nix, rustix, socket2 or `CMSG_NXTHDR` | [`guide::coming_from`] |
//! | find the option that switches a message on | [`guide::which_option`], `io::enable` |
//! | find a message; print a buffer | [`CATALOGUE`], [`keys`]; [`DisplayControl`], [`dump`] |
//! | send and receive: one, many, all bytes, without a copy | `ancil::io`, [`ZerocopySends`] |
//! | own what arrived; make the call yourself | [`Received`], [`UserMsghdr`], [`uring`] |
//! | fill a buffer at compile time, check one from elsewhere | [`ControlBuf`], [`Control::parse`] |
//! | cut and join I/O vectors; write socket addresses | [`iov`], [`addr`] |
//! | know what a payload means | [`payload`] |
//! | write netlink messages, IPv6 options, routing headers | [`netlink`], [`exthdr`] |
//! | know what the kernel would answer, and its limits | [`verdict`], [`limits`] |
//! | translate for programs of 32 bits | [`compat`], [`Reader::with_abi`] |
//!
//! [docs/stability.md] says what a program may rely on: versions, new messages of the kernel, the
//! minimum Rust, and the crates whose types are public here.
//!
//! [`dump`]: https://docs.rs/crate/ancil/latest/source/examples/dump/main.rs
//! [docs/stability.md]: https://docs.rs/crate/ancil/latest/source/docs/stability.md
#![no_std]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

#[cfg(any(test, feature = "std"))]
#[cfg_attr(test, macro_use)]
extern crate std;

#[macro_use]
pub mod show;

pub mod addr;
mod arch;
#[cfg(feature = "capi")]
mod capi;
pub mod compat;
pub mod datagram;
mod errno;
mod error;
pub mod exthdr;
mod format;
#[cfg(doc)]
pub mod guide;
pub mod iov;
pub mod limits;
mod mmsghdr;
mod msghdr;
pub mod netlink;
pub mod payload;
mod sys;
mod table;
pub mod uring;
pub mod verdict;
mod wire;
mod zero_extended;
mod zerocopy_sends;

pub use error::*;
pub use format::DisplayControl;
pub use iov::{IoVec, IoVecMut, IoVecUninit};
#[doc(no_inline)]
pub use keys::*;
pub use mmsghdr::MMsgHdr;
pub use msghdr::{MsgFlags, MsgHdr, MsgHdrMut, MsgHdrUninit, UserMsghdr};
#[cfg(all(feature = "heapless", feature = "libc"))]
pub use sys::heapless::FdVec;
#[cfg(feature = "heapless")]
pub use sys::heapless::IoVecs;
#[cfg(feature = "libc")]
pub use sys::io;
pub use sys::received::{Received, Truncated};
pub use table::entries::{CATALOGUE, CatalogueEntry, Direction};
pub use table::keys;
pub use table::level;
pub use table::lookup::message_name;
pub use table::message::Message;
pub use wire::abi::{Abi, cmsg_align, cmsg_len, cmsg_space};
pub use wire::cmsg::{CmsgHdr, Raw};
pub use wire::control::Control;
pub use wire::control_buf::ControlBuf;
pub use wire::fd::Fd;
pub use wire::key::{Adjustable, Decoded, Key, Sent};
pub use wire::keys::{AtMost, Keys, Options, UpTo, space_for, space_of};
pub use wire::option::{OptionValue, SocketOption};
pub use wire::payload::{Bounded, Encode, Payload, Unbounded};
pub use wire::reader::{ForeignReader, Reader};
pub use wire::step::{cmsg_data, cmsg_firsthdr, cmsg_nxthdr};
pub use wire::writer::Writer;
/// The version of zerocopy whose traits payloads implement. A struct of your own derives them from
/// here, with `#[zerocopy(crate = "ancil::zerocopy")]`: see [`key!`].
#[doc(no_inline)]
pub use zerocopy;
pub use zerocopy_sends::{SendNumbers, ZerocopyError, ZerocopySends};

/// The example of the README is a test, too.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../README.md")]
pub struct Readme;
