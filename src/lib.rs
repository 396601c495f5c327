//! Linux control messages and I/O vectors, encoded and decoded in your own buffers.
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
mod catalogue;

mod abi;
mod addr;
mod arch;
#[cfg(feature = "capi")]
mod capi;
mod cmsg;
mod error;
mod key;
pub mod level;
mod message;
mod payload;
mod reader;
mod writer;

pub use abi::{Abi, Endian, cmsg_align, cmsg_len, cmsg_space};
pub use addr::*;
pub use cmsg::{CmsgHdr, Raw};
pub use error::*;
pub use key::{Bounded, Encode, Key, NotSent, Payload};
pub use message::*;
pub use payload::*;
pub use reader::Reader;
pub use writer::{ControlBuf, Writer};
