//! The codec: arithmetic and stepping rule, keys, reader and writer.

pub(crate) mod abi;
pub(crate) mod array;
pub(crate) mod cmsg;
pub(crate) mod control;
pub(crate) mod key;
pub(crate) mod reader;
pub(crate) mod step;
pub(crate) mod writer;
