// SPDX-License-Identifier: MIT OR Apache-2.0
//! The errors of this module: one variant per cause, with the place and the numbers involved.
#![forbid(unsafe_code)]

use crate::error::{NoSpace, PayloadError};
use core::fmt;

/// The two kinds of items that have a header of their own.
///
/// ```
/// use ancil::netlink::{Attributes, ItemKind};
/// let error = Attributes::new(&[0; 4]).next().unwrap().unwrap_err();
/// assert_eq!(error.item, ItemKind::Attribute);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// A message: [`Nlmsghdr`](super::Nlmsghdr).
    Message,
    /// An attribute: [`Nlattr`](super::Nlattr).
    Attribute,
}

/// A header whose length is impossible.
///
/// ```
/// use ancil::netlink::{ItemKind, Malformed, MalformedKind, Reader};
///
/// let error = Reader::new(&[0; 16]).next().unwrap().unwrap_err();
/// let kind = MalformedKind::TooShort { len: 0 };
/// assert_eq!(error, Malformed { item: ItemKind::Message, offset: 0, kind });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Malformed {
    /// Whether it is the header of a message or of an attribute.
    pub item: ItemKind,
    /// The offset of the header, in bytes from the start of the datagram or, if the walk began with
    /// [`Attributes::new`](super::Attributes::new), of the bytes passed there.
    pub offset: usize,
    /// What is wrong with the length.
    pub kind: MalformedKind,
}

/// The ways in which a header can be wrong.
///
/// ```
/// use ancil::netlink::{Attributes, MalformedKind};
/// let header = [8u16, 1].map(u16::to_ne_bytes).concat(); // without its 4 bytes of data
/// let error = Attributes::new(&header).next().unwrap().unwrap_err();
/// assert_eq!(error.kind, MalformedKind::PastEnd { len: 8, left: 4 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MalformedKind {
    /// `nlmsg_len` or `nla_len` is less than the size of the header, which it includes.
    TooShort {
        /// The length found.
        len: usize,
    },
    /// The item reaches past the end of the datagram, message or nest that contains it.
    PastEnd {
        /// The length found.
        len: usize,
        /// The bytes from the header to the end.
        left: usize,
    },
}

/// A message or attribute whose payload does not have the type asked for.
///
/// ```
/// use ancil::netlink::{Attribute, BadPayload};
/// let error: BadPayload = Attribute { nla_type: 4, offset: 0, data: &[1] }.u32().unwrap_err();
/// assert_eq!((error.ty, error.len), (4, 1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BadPayload {
    /// Whether it is a message or an attribute.
    pub item: ItemKind,
    /// `nlmsg_type`, or `nla_type` without its flags.
    pub ty: u16,
    /// The offset of its header, as in [`Malformed::offset`].
    pub offset: usize,
    /// The length of the payload found, in bytes.
    pub len: usize,
    /// What is wrong with the payload.
    pub cause: PayloadError,
}

/// An item that cannot be written. The buffer holds nothing of it.
///
/// ```
/// use ancil::netlink::{Nlmsghdr, WriteError, Writer};
/// let mut buffer = [0; 20];
/// let mut writer = Writer::new(&mut buffer);
/// let error = writer.message(Nlmsghdr::new(16, 1, 0), |message| message.put(&[0u8; 8]));
/// assert!(matches!(error, Err(WriteError::NoSpace(_))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WriteError {
    /// The item does not fit in the buffer.
    NoSpace(NoSpace),
    /// The length of the item does not fit in its header. An attribute has at most 65535 bytes,
    /// with all that is nested in it.
    TooLong {
        /// The bytes that the item takes, header included.
        len: usize,
    },
}

/// Any error of this module, for code that uses `?` on several of them.
///
/// ```
/// use ancil::netlink::{Attributes, Error};
///
/// fn mtu(payload: &[u8]) -> Result<Option<u32>, Error> {
///     let attribute = Attributes::new(payload).get(4)?; // IFLA_MTU; Malformed
///     Ok(attribute.map(|mtu| mtu.u32()).transpose()?) // BadPayload
/// }
/// let bytes = [8u16, 4, 0, 0].map(u16::to_ne_bytes).concat();
/// assert_eq!(mtu(&bytes), Ok(Some(0)));
/// assert!(matches!(mtu(&bytes[..6]), Err(Error::Malformed(_))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// A header whose length is impossible.
    Malformed(Malformed),
    /// A payload that does not have the type asked for.
    BadPayload(BadPayload),
    /// An item that cannot be written.
    Write(WriteError),
}

impl fmt::Display for ItemKind {
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
        write!(f, "{item} at offset {offset}: {kind}")
    }
}

impl fmt::Display for MalformedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { len } => write!(f, "length {len} is less than its header"),
            Self::PastEnd { len, left } => {
                write!(f, "length {len} is more than the {left} bytes left")
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
            "{item} of type {ty} at offset {offset}: payload of {len} bytes: {cause}"
        )
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSpace(NoSpace { needed, left }) => {
                write!(f, "netlink item needs {needed} bytes, {left} are left")
            }
            Self::TooLong { len } => {
                write!(
                    f,
                    "netlink item of {len} bytes: its header cannot express this length"
                )
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
impl core::error::Error for MalformedKind {}
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
