//! What can go wrong, one variant per cause, each saying where and by how much.
#![forbid(unsafe_code)]

use core::error::Error as StdError;
use core::fmt;

/// A control buffer that does not hold together: what the kernel answers with EINVAL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Offset of the bad header, in bytes from the start of the control buffer.
    pub offset: usize,
    /// What is wrong with it.
    pub kind: MalformedKind,
}

/// The ways in which a header can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MalformedKind {
    /// `cmsg_len` is less than the header that it includes.
    TooShort {
        /// The value found.
        cmsg_len: usize,
    },
    /// The message reaches past the end of the buffer.
    PastEnd {
        /// The value found.
        cmsg_len: usize,
        /// Bytes from the header to the end of the buffer.
        left: usize,
    },
}

impl MalformedKind {
    /// The value found.
    pub const fn cmsg_len(self) -> usize {
        let (Self::TooShort { cmsg_len } | Self::PastEnd { cmsg_len, .. }) = self;
        cmsg_len
    }
}

/// The message does not fit; nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSpace {
    /// Bytes that the message takes, padding included.
    pub needed: usize,
    /// Bytes that were left in the buffer.
    pub left: usize,
}

/// The payload lengths that a message can have, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lengths {
    /// This many.
    Exactly(usize),
    /// This many or more; the surplus is ignored.
    AtLeast(usize),
    /// The one or the other.
    OneOf(usize, usize),
}

/// The message is the one asked for, but its payload is not what such a message carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPayload {
    /// `cmsg_level`.
    pub level: i32,
    /// `cmsg_type`.
    pub ty: i32,
    /// Offset of the message's header, in bytes from the start of the control buffer.
    pub offset: usize,
    /// Length of the payload found, in bytes.
    pub len: usize,
    /// What is wrong with it.
    pub cause: PayloadError,
}

/// Why a payload could not be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadError {
    /// Its length is none of these.
    Length(Lengths),
    /// A field holds what no such field can: a nanosecond count of a second or more, say.
    Value,
}

/// Bytes that are no whole socket address of the family that they begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadAddress {
    /// `sa_family`; 0 where not even that is there.
    pub family: u16,
    /// Bytes found.
    pub len: usize,
    /// Offset of the first byte that is missing, or of the field that is wrong.
    pub offset: usize,
    /// What is wrong there.
    pub cause: PayloadError,
}

/// Any error of the codec, for code that mixes its functions and uses `?`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A header that does not hold together.
    Malformed(Malformed),
    /// No room for the message.
    NoSpace(NoSpace),
    /// A payload that does not fit its message.
    BadPayload(BadPayload),
    /// Bytes decoded by themselves that are not what they should be.
    Payload(PayloadError),
    /// A socket address that is none.
    BadAddress(BadAddress),
}

/// An error number of the kernel: `errno(3)`. Prints as its words and its name, `not a socket (ENOTSOCK)`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Errno(
    /// The positive number.
    pub i32,
);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "control message at offset {}: ", self.offset)?;
        match self.kind {
            MalformedKind::TooShort { cmsg_len } => {
                write!(f, "cmsg_len {cmsg_len} is less than a header")
            }
            MalformedKind::PastEnd { cmsg_len, left } => {
                write!(f, "cmsg_len {cmsg_len} is more than the {left} bytes left")
            }
        }
    }
}

impl fmt::Display for NoSpace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "control message needs {} bytes, {} are left",
            self.needed, self.left
        )
    }
}

impl fmt::Display for PayloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(Lengths::Exactly(n)) => write!(f, "expected {n} bytes"),
            Self::Length(Lengths::AtLeast(n)) => write!(f, "expected {n} bytes or more"),
            Self::Length(Lengths::OneOf(a, b)) => write!(f, "expected {a} bytes or {b}"),
            Self::Value => write!(f, "a value is out of range"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(e) => e.fmt(f),
            Self::NoSpace(e) => e.fmt(f),
            Self::BadPayload(e) => e.fmt(f),
            Self::Payload(e) => e.fmt(f),
            Self::BadAddress(e) => e.fmt(f),
        }
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.words(), self.name()) {
            (Some(words), Some(name)) => write!(f, "{words} ({name})"),
            _ => write!(f, "errno {}", self.0),
        }
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "Errno({})", self.0),
        }
    }
}

impl StdError for Malformed {}
impl StdError for NoSpace {}
impl StdError for BadPayload {}
impl StdError for PayloadError {}
impl StdError for BadAddress {}
impl StdError for Errno {}
impl StdError for Error {}

impl From<Malformed> for Error {
    fn from(e: Malformed) -> Self {
        Self::Malformed(e)
    }
}

impl From<NoSpace> for Error {
    fn from(e: NoSpace) -> Self {
        Self::NoSpace(e)
    }
}

impl From<BadPayload> for Error {
    fn from(e: BadPayload) -> Self {
        Self::BadPayload(e)
    }
}

impl From<PayloadError> for Error {
    fn from(e: PayloadError) -> Self {
        Self::Payload(e)
    }
}

impl From<BadAddress> for Error {
    fn from(e: BadAddress) -> Self {
        Self::BadAddress(e)
    }
}

#[cfg(feature = "std")]
impl From<Errno> for std::io::Error {
    fn from(e: Errno) -> Self {
        Self::from_raw_os_error(e.0)
    }
}
