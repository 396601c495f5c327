//! Every control message of Linux in one table, and what is made of its rows: keys, [`Message`](message::Message), names.
#![forbid(unsafe_code)]

#[macro_use]
mod catalogue;

pub mod level;
pub(crate) mod message;
mod names;
