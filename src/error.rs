// SPDX-License-Identifier: MIT OR Apache-2.0
//! What can go wrong: one type per cause. Each says what was found, what was expected, and where.
#![forbid(unsafe_code)]

pub use crate::errno::Errno;
use core::error::Error as StdError;
use core::fmt;

/// A control buffer with a malformed header. The kernel answers EINVAL to it.
///
/// ```
/// use ancil::{Malformed, MalformedKind, Reader};
///
/// let error: Malformed = Reader::new(&[0; 16]).next().unwrap().unwrap_err();
/// assert_eq!((error.offset, error.kind), (0, MalformedKind::TooShort { cmsg_len: 0 }));
/// assert_eq!(error.kind.cmsg_len(), 0);
/// println!("{error}"); // the numbers found and expected, and where
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Malformed {
    /// Offset of the malformed header, in bytes from the start of the control buffer.
    pub offset: usize,
    /// What is wrong with the header.
    pub kind: MalformedKind,
}

/// The ways in which a header can be malformed.
///
/// ```
/// use ancil::{Abi, MalformedKind};
/// let error = Abi::LINUX_64.check(100, 24).unwrap_err();
/// assert!(matches!(error, MalformedKind::PastEnd { cmsg_len: 100, .. }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
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
    /// The `cmsg_len` found.
    ///
    /// ```
    /// assert_eq!(ancil::MalformedKind::TooShort { cmsg_len: 3 }.cmsg_len(), 3);
    /// ```
    pub const fn cmsg_len(self) -> usize {
        let (Self::TooShort { cmsg_len } | Self::PastEnd { cmsg_len, .. }) = self;
        cmsg_len
    }
}

/// A message that does not fit into the buffer. Nothing was written.
///
/// ```
/// use ancil::{IP_TTL, NoSpace, Writer, space_of};
///
/// let mut buffer = [0; 4];
/// let error: NoSpace = Writer::new(&mut buffer).put(IP_TTL, 64).unwrap_err();
/// assert_eq!((error.needed, error.left), (space_of::<IP_TTL>(), 4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NoSpace {
    /// Bytes that the message takes, padding included.
    pub needed: usize,
    /// Bytes that were left in the buffer.
    pub left: usize,
}

/// A message that was given as bytes, and names descriptors or memory, which bytes do not borrow.
/// The kernel would send descriptors that the program may not own, or write to memory that is in
/// use.
///
/// ```
/// use ancil::{Error, Key, SCM_RIGHTS, Unborrowed, Writer};
///
/// let mut buffer = [0; 64];
/// let put = Writer::new(&mut buffer).put_raw(SCM_RIGHTS::LEVEL, SCM_RIGHTS::TYPE, &[0; 4]);
/// assert!(matches!(put, Err(Error::Unborrowed(Unborrowed { offset: 0, .. }))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Unborrowed {
    /// `cmsg_level`.
    pub level: i32,
    /// `cmsg_type`.
    pub ty: i32,
    /// Offset of the message's header, in bytes from the start of the control buffer.
    pub offset: usize,
}

/// The lengths that a payload can have, in bytes.
///
/// ```
/// use ancil::{Lengths, Payload, PayloadError, payload::Ucred};
/// let error = Ucred::decode(&[0; 5]).unwrap_err();
/// assert_eq!(error, PayloadError::Length(Lengths::Exactly(12)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lengths {
    /// This length only.
    Exactly(usize),
    /// This length or more. Extra bytes are ignored.
    AtLeast(usize),
    /// Either of two lengths.
    OneOf(usize, usize),
    /// One of three lengths.
    OneOfThree(usize, usize, usize),
}

impl Lengths {
    /// Returns whether a payload of `len` bytes can have these lengths.
    pub(crate) const fn contains(self, len: usize) -> bool {
        match self {
            Self::Exactly(n) => len == n,
            Self::AtLeast(n) => len >= n,
            Self::OneOf(a, b) => len == a || len == b,
            Self::OneOfThree(a, b, c) => len == a || len == b || len == c,
        }
    }
}

/// A message whose payload is not what such a message carries.
///
/// ```
/// use ancil::{BadPayload, IP_TTL, Key, Raw};
///
/// let raw = Raw::new(IP_TTL::LEVEL, IP_TTL::TYPE, &[64]);
/// let error: BadPayload = raw.get(IP_TTL).unwrap_err();
/// assert_eq!((error.ty, error.len), (IP_TTL::TYPE, 1));
/// println!("{error}"); // the name of the message, the length found and the one expected
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BadPayload {
    /// `cmsg_level`.
    pub level: i32,
    /// `cmsg_type`.
    pub ty: i32,
    /// Offset of the message's header, in bytes from the start of the control buffer.
    pub offset: usize,
    /// Length of the payload found, in bytes.
    pub len: usize,
    /// What is wrong with the payload.
    pub cause: PayloadError,
}

/// Why a payload could not be decoded.
///
/// ```
/// use ancil::{Payload, PayloadError, payload::Timespec};
///
/// let time = [0i64, 1_000_000_000].map(i64::to_ne_bytes).concat();
/// assert_eq!(Timespec::decode(&time), Err(PayloadError::Value));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PayloadError {
    /// The length is wrong; these are the lengths that it can have.
    Length(Lengths),
    /// A field is out of range, such as a nanosecond count of a second or more.
    Value,
}

/// A socket address that is too short for its family, or has an invalid field.
///
/// ```
/// use ancil::addr::{AF_INET, Address};
/// use ancil::BadAddress;
///
/// let error: BadAddress = Address::parse(&AF_INET.to_ne_bytes()).unwrap_err();
/// assert_eq!((error.family, error.len, error.offset), (AF_INET, 2, 2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BadAddress {
    /// `sa_family`, or 0 if the bytes are too few for it.
    pub family: u16,
    /// Length of the address found, in bytes.
    pub len: usize,
    /// Offset in bytes of the first byte that is missing, or of the invalid field.
    pub offset: usize,
    /// What is wrong there.
    pub cause: PayloadError,
}

/// Any error of the codec, for code that mixes its functions and uses `?`.
///
/// ```
/// use ancil::{Error, IP_TTL, Reader, Writer, space_of};
///
/// fn there_and_back() -> Result<Option<i32>, Error> {
///     let mut buffer = [0; space_of::<IP_TTL>()];
///     let mut writer = Writer::new(&mut buffer);
///     writer.put(IP_TTL, 64)?; // NoSpace
///     writer.finish().reader().get(IP_TTL) // Malformed, BadPayload
/// }
/// assert_eq!(there_and_back()?, Some(64));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// A malformed header.
    Malformed(Malformed),
    /// A message that does not fit.
    NoSpace(NoSpace),
    /// A message with a wrong payload.
    BadPayload(BadPayload),
    /// Bytes that name descriptors or memory.
    Unborrowed(Unborrowed),
    /// A wrong payload that was decoded outside of a message.
    Payload(PayloadError),
    /// A wrong socket address.
    BadAddress(BadAddress),
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { offset, kind } = self;
        write!(f, "{kind}, in the control message at offset {offset}")
    }
}

impl fmt::Display for MalformedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { cmsg_len } => {
                write!(f, "cmsg_len {cmsg_len} is less than a header")
            }
            Self::PastEnd { cmsg_len, left } => {
                write!(f, "cmsg_len {cmsg_len} is more than the {left} bytes left")
            }
        }
    }
}

impl fmt::Display for NoSpace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { needed, left } = self;
        write!(
            f,
            "the control message needs {needed} bytes, {left} are left"
        )
    }
}

impl fmt::Display for PayloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(Lengths::Exactly(n)) => write!(f, "expected {n} bytes"),
            Self::Length(Lengths::AtLeast(n)) => write!(f, "expected {n} bytes or more"),
            Self::Length(Lengths::OneOf(a, b)) => write!(f, "expected {a} bytes or {b}"),
            Self::Length(Lengths::OneOfThree(a, b, c)) => {
                write!(f, "expected {a} bytes, {b} or {c}")
            }
            Self::Value => write!(f, "a field is out of range"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(e) => e.fmt(f),
            Self::NoSpace(e) => e.fmt(f),
            Self::BadPayload(e) => e.fmt(f),
            Self::Unborrowed(e) => e.fmt(f),
            Self::Payload(e) => e.fmt(f),
            Self::BadAddress(e) => e.fmt(f),
        }
    }
}

impl StdError for Malformed {}
impl StdError for MalformedKind {}
impl StdError for NoSpace {}
impl StdError for BadPayload {}
impl StdError for Unborrowed {}
impl StdError for PayloadError {}
impl StdError for BadAddress {}
impl StdError for Error {}

macro_rules! impl_from {
    ($($Variant:ident($Cause:ty) $kind:ident)+) => {
        $( impl From<$Cause> for Error {
            fn from(e: $Cause) -> Self {
                Self::$Variant(e)
            }
        }

        #[cfg(feature = "std")]
        impl From<$Cause> for std::io::Error {
            fn from(e: $Cause) -> Self {
                Self::new(std::io::ErrorKind::$kind, e)
            }
        } )+

        #[cfg(feature = "std")]
        impl From<Error> for std::io::Error {
            fn from(e: Error) -> Self {
                match e {
                    $( Error::$Variant(e) => e.into(), )+
                }
            }
        }
    };
}

impl_from! {
    Malformed(Malformed) InvalidData
    NoSpace(NoSpace) InvalidInput
    BadPayload(BadPayload) InvalidData
    Unborrowed(Unborrowed) InvalidInput
    Payload(PayloadError) InvalidData
    BadAddress(BadAddress) InvalidData
}
