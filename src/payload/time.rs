//! Timestamps: `SO_TIMESTAMP`, `SO_TIMESTAMPNS` and `SO_TIMESTAMPING`, old and new.
//!
//! The same instant has four layouts: seconds and micro- or nanoseconds, as two 32-bit or two 64-bit
//! integers. The old messages have the word size of the process that receives them, the new ones
//! (Linux 5.1) always 64 bits. All decode into one [`Timestamp`], by the length of the payload, never
//! by the size of some `struct timespec`. Source: `include/uapi/linux/time_types.h`, `net/socket.c`.
#![forbid(unsafe_code)]

use crate::error::{Lengths, PayloadError};
use crate::show::show_list;
use crate::show::{Printer, Show};
use crate::wire::key::{Bounded, Payload};
use core::fmt;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Seconds and a fraction in 32 bits each: `old_timeval32`, `old_timespec32`.
#[derive(Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
struct Pair32 {
    seconds: i32,
    fraction: i32,
}

/// Seconds and a fraction in 64 bits each: `__kernel_sock_timeval`, `__kernel_timespec`.
#[derive(Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
struct Pair64 {
    seconds: i64,
    fraction: i64,
}

/// `struct scm_timestamping`, with either word size.
const THREE_NARROW: usize = size_of::<[Pair32; 3]>();
const THREE_WIDE: usize = size_of::<[Pair64; 3]>();

const _: () = assert!(size_of::<Pair32>() == 8 && size_of::<Pair64>() == 16);

/// An instant since 1970-01-01 00:00 UTC, or on a device's own clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Whole seconds.
    pub seconds: i64,
    /// Nanoseconds of the second: 0 to 999 999 999.
    pub nanoseconds: u32,
}

/// Marks a payload of seconds and microseconds; decodes into [`Timestamp`].
pub enum Timeval {}

/// Marks a payload of seconds and microseconds in the word size of the process; decodes into [`Timestamp`].
///
/// It differs from [`Timeval`] on 64-bit sparc show_in_brackets, where the microseconds stay an `int`.
pub enum OldTimeval {}

/// Marks a payload of seconds and nanoseconds; decodes into [`Timestamp`].
pub enum Timespec {}

/// What `SO_TIMESTAMPING` carries: instants to the receiver, flags from the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timestamping {
    /// When the packet passed.
    Times(Timestamps),
    /// `SOF_TIMESTAMPING_TX_*`: which instants the sender asks for, for this packet show_in_brackets.
    Request(u32),
}

/// `struct scm_timestamping`: when the packet passed. `None` where nobody measured it (all zero).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timestamps {
    /// By the kernel's clock.
    pub software: Option<Timestamp>,
    /// The hardware's, converted to the system's clock; zero since Linux 3.17.
    pub transformed: Option<Timestamp>,
    /// By the device's clock.
    pub hardware: Option<Timestamp>,
}

impl Pair64 {
    fn read(data: &[u8]) -> Option<Self> {
        if let Ok(Pair32 { seconds, fraction }) = Pair32::read_from_bytes(data) {
            return Some(Self {
                seconds: seconds.into(),
                fraction: fraction.into(),
            });
        }
        Self::read_from_bytes(data).ok()
    }

    /// `unit`: nanoseconds of one step of the fraction, 1 or 1000.
    fn timestamp(self, unit: u32) -> Result<Timestamp, PayloadError> {
        match u32::try_from(self.fraction)
            .ok()
            .and_then(|n| n.checked_mul(unit))
        {
            Some(nanoseconds @ 0..1_000_000_000) => Ok(Timestamp {
                seconds: self.seconds,
                nanoseconds,
            }),
            _ => Err(PayloadError::Value),
        }
    }
}

#[inline(never)]
fn instant(data: &[u8], unit: u32) -> Result<Timestamp, PayloadError> {
    let lengths = Lengths::OneOf(size_of::<Pair32>(), size_of::<Pair64>());
    Pair64::read(data)
        .ok_or(PayloadError::Length(lengths))?
        .timestamp(unit)
}

impl Payload for Timeval {
    type Decoded<'a> = Timestamp;

    fn decode(data: &[u8]) -> Result<Timestamp, PayloadError> {
        instant(data, 1000)
    }
}

impl Payload for OldTimeval {
    type Decoded<'a> = Timestamp;

    fn decode(data: &[u8]) -> Result<Timestamp, PayloadError> {
        let (Some(seconds), Some(first_half)) = (data.get(..8), data.get(8..12)) else {
            return Timeval::decode(data);
        };
        if !cfg!(target_arch = "sparc64") || data.len() != size_of::<Pair64>() {
            return Timeval::decode(data);
        }
        let seconds = i64::read_from_bytes(seconds).unwrap_or_default();
        let fraction = i32::read_from_bytes(first_half).unwrap_or_default().into();
        Pair64 { seconds, fraction }.timestamp(1000)
    }
}

impl Payload for Timespec {
    type Decoded<'a> = Timestamp;

    fn decode(data: &[u8]) -> Result<Timestamp, PayloadError> {
        instant(data, 1)
    }
}

/// Bytes of each of three times, if these are as many as three have.
fn each_of_three(data: &[u8]) -> Option<usize> {
    match data.len() {
        THREE_NARROW => Some(size_of::<Pair32>()),
        THREE_WIDE => Some(size_of::<Pair64>()),
        _ => None,
    }
}

impl Payload for Timestamping {
    type Decoded<'a> = Self;

    fn decode(data: &[u8]) -> Result<Self, PayloadError> {
        if let Ok(flags) = u32::read_from_bytes(data) {
            return Ok(Self::Request(flags));
        }
        let wrong = PayloadError::Length(Lengths::OneOf(THREE_NARROW, THREE_WIDE));
        let each = each_of_three(data).ok_or(wrong)?;
        let mut times = data.chunks_exact(each).map(|bytes| instant(bytes, 1));
        let mut slot = || match times.next() {
            Some(Ok(time)) if time == Timestamp::default() => Ok(None),
            Some(time) => time.map(Some),
            None => Err(wrong),
        };
        Ok(Self::Times(Timestamps {
            software: slot()?,
            transformed: slot()?,
            hardware: slot()?,
        }))
    }
}

impl Bounded for Timeval {
    const MAX_LEN: usize = size_of::<Pair64>();
}

impl Bounded for OldTimeval {
    const MAX_LEN: usize = size_of::<Pair64>();
}

impl Bounded for Timespec {
    const MAX_LEN: usize = size_of::<Pair64>();
}

impl Bounded for Timestamping {
    const MAX_LEN: usize = THREE_WIDE;
}

impl Timestamp {
    /// As some messages have it.
    pub(crate) fn show_microseconds(&self, out: &mut impl Printer) -> fmt::Result {
        self.show_with(out, ", tv_usec=", self.nanoseconds / 1000)
    }

    /// With a fraction of another unit than nanoseconds.
    fn show_with(&self, out: &mut impl Printer, unit: &str, fraction: u32) -> fmt::Result {
        out.write_str("{tv_sec=")?;
        self.seconds.show(out)?;
        out.write_str(unit)?;
        fraction.show(out)?;
        out.ascii(b'}')
    }
}

displayed!(Timestamp, Timestamping);

impl Show for Timestamp {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        self.show_with(out, ", tv_nsec=", self.nanoseconds)
    }
}

impl Show for Timestamping {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        match self {
            Self::Request(flags) => {
                out.ascii(b'[')?;
                out.hex((*flags).into())?;
                out.ascii(b']')
            }
            Self::Times(Timestamps {
                software,
                transformed,
                hardware,
            }) => show_list(
                out,
                [software, transformed, hardware]
                    .into_iter()
                    .map(|slot| slot.unwrap_or_default()),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant_of(seconds: i64, nanoseconds: u32) -> Timestamp {
        Timestamp {
            seconds,
            nanoseconds,
        }
    }

    #[test]
    fn both_word_sizes_give_one_value() {
        let (narrow, wide) = (
            Pair32 {
                seconds: 5,
                fraction: 250,
            },
            Pair64 {
                seconds: 5,
                fraction: 250,
            },
        );
        assert_eq!(
            Timeval::decode(narrow.as_bytes()),
            Ok(instant_of(5, 250_000))
        );
        assert_eq!(Timeval::decode(wide.as_bytes()), Ok(instant_of(5, 250_000)));
        assert_eq!(Timespec::decode(narrow.as_bytes()), Ok(instant_of(5, 250)));
        assert_eq!(Timespec::decode(wide.as_bytes()), Ok(instant_of(5, 250)));
    }

    #[test]
    fn a_fraction_of_a_second_or_more_is_refused() {
        for fraction in [-1, 1_000_000, i64::MAX, i64::MIN] {
            assert_eq!(
                Timeval::decode(
                    Pair64 {
                        seconds: 0,
                        fraction
                    }
                    .as_bytes()
                ),
                Err(PayloadError::Value)
            );
        }
        let last = Pair64 {
            seconds: -1,
            fraction: 999_999_999,
        };
        assert_eq!(
            Timespec::decode(last.as_bytes()),
            Ok(instant_of(-1, 999_999_999))
        );
        let over = Pair64 {
            seconds: -1,
            fraction: 1_000_000_000,
        };
        assert_eq!(Timespec::decode(over.as_bytes()), Err(PayloadError::Value));
    }

    #[test]
    fn timestamping_has_three_slots_or_flags() {
        let mut three = [Pair64 {
            seconds: 0,
            fraction: 0,
        }; 3];
        three[2].seconds = 9;
        let times = Timestamps {
            hardware: Some(instant_of(9, 0)),
            ..Timestamps::default()
        };
        assert_eq!(
            Timestamping::decode(three.as_bytes()),
            Ok(Timestamping::Times(times))
        );
        assert_eq!(
            Timestamping::decode(&7u32.to_ne_bytes()),
            Ok(Timestamping::Request(7))
        );
        assert_eq!(
            Timestamping::decode(&[0; 40]),
            Err(PayloadError::Length(Lengths::OneOf(24, 48)))
        );
    }
}
