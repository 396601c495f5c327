// SPDX-License-Identifier: MIT OR Apache-2.0
//! What can be wrong with an extension header.
#![forbid(unsafe_code)]

use crate::error::NoSpace;
use core::fmt;

/// A header whose lengths or fields contradict each other.
///
/// ```
/// use ancil::exthdr::{Ipv6Options, Malformed, MalformedKind};
///
/// let Err(Malformed { offset, kind }) = Ipv6Options::parse(&[0, 1, 0, 0]) else { panic!() };
/// assert_eq!((offset, kind), (0, MalformedKind::PastEnd { needed: 16, left: 4 }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Malformed {
    /// Where, in bytes from the start of the header: of the header itself, an option or a field.
    pub offset: usize,
    /// What is wrong there.
    pub kind: MalformedKind,
}

/// The ways in which a header can be malformed.
///
/// ```
/// use ancil::exthdr::{MalformedKind, RoutingHeader};
/// let half = RoutingHeader::parse(&[0; 4]).unwrap_err();
/// assert_eq!(half.kind, MalformedKind::PastEnd { needed: 8, left: 4 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MalformedKind {
    /// The header or option has more bytes than there are.
    PastEnd {
        /// The bytes that it has by its own length.
        needed: usize,
        /// The bytes from its start to the end.
        left: usize,
    },
    /// A field of a routing header contradicts the length of the header, or its type.
    Field,
}

/// A header or option that cannot be written. The buffer holds nothing of it.
///
/// ```
/// use ancil::exthdr::{Alignment, Ipv6OptionsWriter, WriteError};
///
/// let mut header = [0; 8];
/// let mut options = Ipv6OptionsWriter::new(&mut header)?;
/// assert_eq!(options.put(1, Alignment::NONE, &[]), Err(WriteError::Padding));
/// assert!(matches!(options.put(5, Alignment::NONE, &[0; 9]), Err(WriteError::NoSpace(_))));
/// # Ok::<(), WriteError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WriteError {
    /// The header, padded to a multiple of 8 bytes, does not fit in the buffer.
    NoSpace(NoSpace),
    /// The header would have more bytes than the 2048 that its length can express.
    HeaderTooLong {
        /// The bytes that it would have.
        len: usize,
    },
    /// The data of the option has more bytes than the 255 that its length can express.
    OptionTooLong {
        /// The bytes of the data.
        len: usize,
    },
    /// The option has the type of `Pad1` or `PadN`. The writer pads by itself.
    Padding,
    /// A routing header of this type cannot have this number of segments.
    Segments {
        /// The number of segments.
        count: usize,
    },
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { offset, kind } = self;
        write!(f, "IPv6 extension header at offset {offset}: {kind}")
    }
}

impl fmt::Display for MalformedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PastEnd { needed, left } => write!(f, "expected {needed} bytes, {left} are left"),
            Self::Field => f.write_str("a field contradicts the type or the length of the header"),
        }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSpace(NoSpace { needed, left }) => {
                write!(
                    f,
                    "IPv6 extension header needs {needed} bytes, {left} are left"
                )
            }
            Self::HeaderTooLong { len } => {
                write!(
                    f,
                    "IPv6 extension header of {len} bytes, expected 2048 at most"
                )
            }
            Self::OptionTooLong { len } => {
                write!(
                    f,
                    "IPv6 option with {len} bytes of data, expected 255 at most"
                )
            }
            Self::Padding => f.write_str("an IPv6 option of type 0 or 1 is padding"),
            Self::Segments { count } => {
                write!(
                    f,
                    "a routing header of this type cannot have {count} segments"
                )
            }
        }
    }
}

impl core::error::Error for Malformed {}
impl core::error::Error for MalformedKind {}
impl core::error::Error for WriteError {}
