// SPDX-License-Identifier: MIT OR Apache-2.0
//! The codec: arithmetic and stepping rule, keys, reader and writer.
//!
//! Public through the crate root: `Abi` and the arithmetic, `CmsgHdr`, `Raw`, `Key`, `Reader`,
//! `Writer`, `Control`, `ControlBuf`, `Fd`. `Array`, `Bytes` and `Fds` are public in `payload`.
//! `Step` and `OutBytes` are what the other rooms build on.

pub(crate) mod abi;
pub(crate) mod array;
pub(crate) mod cmsg;
pub(crate) mod control;
pub(crate) mod control_buf;
pub(crate) mod encode;
pub(crate) mod fd;
#[macro_use]
pub(crate) mod key;
pub(crate) mod keys;
pub(crate) mod option;
pub(crate) mod payload;
pub(crate) mod reader;
mod rule;
pub(crate) mod step;
pub(crate) mod writer;

// What `abi` and `rule` compute with. `at_8_bits` compiles these two files once more, with `u8` in
// the place of `usize`, to try every number.
use crate::error::MalformedKind;
use core::primitive::usize;

#[cfg(test)]
mod at_8_bits;
