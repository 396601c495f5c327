//! What can go wrong with netlink messages, one variant per cause, each saying where and by how much.
#![forbid(unsafe_code)]

use crate::error::{NoSpace, PayloadError};
use core::fmt;

/// What has a header of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// A message: [`Nlmsghdr`](super::Nlmsghdr).
    Message,
    /// An attribute: [`Nlattr`](super::Nlattr).
    Attribute,
}

/// A header that does not hold together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// What it is the header of.
    pub item: Item,
    /// Offset of the header, in bytes from the start of the datagram, or of the bytes that
    /// [`Attributes::new`](super::Attributes::new) was given.
    pub offset: usize,
    /// What is wrong with it.
    pub kind: MalformedKind,
}

/// The ways in which a header can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MalformedKind {
    /// `nlmsg_len` or `nla_len` is less than the header that it includes.
    TooShort {
        /// The value found.
        len: usize,
    },
    /// The item reaches past the end of what it lies in.
    PastEnd {
        /// The value found.
        len: usize,
        /// Bytes from the header to the end.
        left: usize,
    },
}

/// A message or attribute whose payload is not what it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPayload {
    /// Which of the two it is.
    pub item: Item,
    /// `nlmsg_type`, or `nla_type` without its flags.
    pub ty: u16,
    /// Offset of its header, as in [`Malformed`].
    pub offset: usize,
    /// Length of the payload found, in bytes.
    pub len: usize,
    /// What is wrong with it.
    pub cause: PayloadError,
}

/// Something could not be written, and was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// It does not fit in the buffer.
    NoSpace(NoSpace),
    /// It is longer than its header can say: an attribute, with all that it nests, has at most 65535 bytes.
    TooLong {
        /// Bytes that it takes, header included.
        len: usize,
    },
}

/// Any error of this module, for code that mixes its functions and uses `?`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A header that does not hold together.
    Malformed(Malformed),
    /// A payload that is not what it is asked for.
    BadPayload(BadPayload),
    /// Something could not be written.
    Write(WriteError),
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Message => "netlink message",
            Self::Attribute => "netlink attribute",
        })
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { item, offset, kind } = self;
        match kind {
            MalformedKind::TooShort { len } => {
                write!(
                    f,
                    "{item} at offset {offset}: length {len} is less than a header"
                )
            }
            MalformedKind::PastEnd { len, left } => {
                write!(
                    f,
                    "{item} at offset {offset}: length {len} is more than the {left} bytes left"
                )
            }
        }
    }
}

impl fmt::Display for BadPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            item,
            ty,
            offset,
            len,
            cause,
        } = self;
        write!(
            f,
            "{item} (type {ty}) at offset {offset}: payload of {len} bytes: {cause}"
        )
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSpace(NoSpace { needed, left }) => {
                write!(f, "netlink needs {needed} bytes more, {left} are left")
            }
            Self::TooLong { len } => {
                write!(f, "{len} bytes are more than a netlink header can say")
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(e) => e.fmt(f),
            Self::BadPayload(e) => e.fmt(f),
            Self::Write(e) => e.fmt(f),
        }
    }
}

impl core::error::Error for Malformed {}
impl core::error::Error for BadPayload {}
impl core::error::Error for WriteError {}
impl core::error::Error for Error {}

impl From<Malformed> for Error {
    fn from(e: Malformed) -> Self {
        Self::Malformed(e)
    }
}

impl From<BadPayload> for Error {
    fn from(e: BadPayload) -> Self {
        Self::BadPayload(e)
    }
}

impl From<WriteError> for Error {
    fn from(e: WriteError) -> Self {
        Self::Write(e)
    }
}
