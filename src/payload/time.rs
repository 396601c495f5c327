// SPDX-License-Identifier: MIT OR Apache-2.0
//! Timestamps: `SO_TIMESTAMP`, `SO_TIMESTAMPNS` and `SO_TIMESTAMPING`, old and new.
//!
//! A time is a pair of seconds and microseconds, or of seconds and nanoseconds, in two integers of
//! 32 or of 64 bits. The old messages have the word size of the process that receives them; the new
//! ones (Linux 5.1) always have 64 bits. All decode into one [`Timestamp`]. The length of the
//! payload tells the layout: the `struct timespec` of a libc need not be the kernel's. Sources:
//! `include/uapi/linux/time_types.h`, `net/socket.c`.
#![forbid(unsafe_code)]

use super::either::decode_either;
use super::timestamping::TimestampingFlags;
use crate::error::{Lengths, PayloadError};
use crate::show::{Printer, Show, show_list};
use crate::wire::encode::read_whole;
use crate::wire::payload::{Bounded, Payload};
use core::fmt;
use core::time::Duration;

/// A time since 1970-01-01 00:00 UTC, or of a device's own clock.
///
/// ```
/// use ancil::payload::Timestamp;
///
/// let Timestamp { seconds, nanoseconds } = Timestamp { seconds: 1, nanoseconds: 500 };
/// assert_eq!(format!("{seconds}.{nanoseconds:09}"), "1.000000500");
/// ```
#[doc(alias("timeval", "timespec"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Whole seconds.
    pub seconds: i64,
    /// Nanoseconds of the second: 0 to 999 999 999.
    pub nanoseconds: u32,
}

impl Timestamp {
    /// Returns the time that has passed since 1970, or `None` for a time before. Added to
    /// `UNIX_EPOCH`, it is a `SystemTime`:
    ///
    /// ```
    /// use ancil::payload::Timestamp;
    /// use std::time::{SystemTime, UNIX_EPOCH};
    ///
    /// fn system_time(time: Timestamp) -> Option<SystemTime> {
    ///     UNIX_EPOCH.checked_add(time.since_epoch()?)
    /// }
    /// let time = system_time(Timestamp { seconds: 7, nanoseconds: 250_000_000 }).unwrap();
    /// assert_eq!(time.duration_since(UNIX_EPOCH).unwrap().as_millis(), 7250);
    /// ```
    #[doc(alias("SystemTime", "UNIX_EPOCH"))]
    #[must_use]
    pub fn since_epoch(self) -> Option<Duration> {
        let seconds = Duration::from_secs(u64::try_from(self.seconds).ok()?);
        seconds.checked_add(Duration::from_nanos(self.nanoseconds.into()))
    }
}

/// Marks a payload of seconds and microseconds; decodes into [`Timestamp`].
///
/// ```
/// use ancil::{Payload, payload::{Timestamp, Timeval}};
/// let payload = [7i64, 5].map(i64::to_ne_bytes).concat(); // 7 seconds, 5 microseconds
/// assert_eq!(Timeval::decode(&payload)?, Timestamp { seconds: 7, nanoseconds: 5000 });
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[doc(alias = "__kernel_sock_timeval")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timeval {}

/// Marks a payload of seconds and microseconds in the word size of the process; decodes into
/// [`Timestamp`].
///
/// It differs from [`Timeval`] on 64-bit sparc only, where the microseconds are an `int`, followed
/// by 4 bytes of padding.
///
/// ```
/// use ancil::{Payload, payload::{OldTimeval, Timestamp}};
/// let payload = [7i32, 5].map(i32::to_ne_bytes).concat(); // of a 32-bit program
/// assert_eq!(OldTimeval::decode(&payload)?, Timestamp { seconds: 7, nanoseconds: 5000 });
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[doc(alias = "__kernel_old_timeval")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OldTimeval {}

/// Marks a payload of seconds and nanoseconds; decodes into [`Timestamp`].
///
/// ```
/// use ancil::{Payload, payload::{Timespec, Timestamp}};
/// let payload = [7i64, 5].map(i64::to_ne_bytes).concat(); // 7 seconds, 5 nanoseconds
/// assert_eq!(Timespec::decode(&payload)?, Timestamp { seconds: 7, nanoseconds: 5 });
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[doc(alias = "__kernel_timespec")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timespec {}

/// The payload of `SO_TIMESTAMPING`, which differs by direction.
///
/// ```
/// use ancil::{Payload, payload::{Timestamping, TimestampingFlags}};
///
/// let Timestamping::Times(times) = Timestamping::decode(&[0; 48])? else { panic!() };
/// assert_eq!((times.software, times.hardware), (None, None));
/// let sent = Timestamping::decode(&TimestampingFlags::TX_ACK.bits().to_ne_bytes())?;
/// assert_eq!(sent, Timestamping::Request(TimestampingFlags::TX_ACK));
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timestamping {
    /// On receive: the times of the packet.
    Times(Timestamps),
    /// On send: `SOF_TIMESTAMPING_TX_*`, the times to measure of this packet.
    Request(TimestampingFlags),
}

/// `struct scm_timestamping`: the times of one packet. A time that was not measured (all zero in
/// the payload) is `None`.
///
/// ```
/// use ancil::payload::{Timestamp, Timestamps};
///
/// fn best(times: Timestamps) -> Option<Timestamp> {
///     times.hardware.or(times.software)
/// }
/// assert_eq!(best(Timestamps { software: None, transformed: None, hardware: None }), None);
/// ```
#[doc(alias = "scm_timestamping")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Timestamps {
    /// Time by the kernel's clock.
    pub software: Option<Timestamp>,
    /// Time by the device's clock, converted to the system's; always zero since Linux 3.17.
    pub transformed: Option<Timestamp>,
    /// Time by the device's clock.
    pub hardware: Option<Timestamp>,
}

/// Seconds and a fraction of a second, in 32 bits each: `old_timeval32`, `old_timespec32`.
type Pair32 = [i32; 2];

/// Seconds and a fraction of a second, in 64 bits each: `__kernel_sock_timeval`,
/// `__kernel_timespec`.
type Pair64 = [i64; 2];

/// Decodes `N` pairs of either width.
#[inline]
fn decode_pairs<const N: usize>(data: &[u8]) -> Result<[Pair64; N], PayloadError> {
    let widen = |pairs: [Pair32; N]| pairs.map(|pair| pair.map(i64::from));
    decode_either(data, widen, |pairs: [Pair64; N]| pairs)
}

/// Makes a time of a pair whose fraction counts steps of `unit` nanoseconds, 1 or 1000.
#[inline]
fn timestamp([seconds, fraction]: Pair64, unit: u32) -> Result<Timestamp, PayloadError> {
    let nanoseconds = u32::try_from(fraction)
        .ok()
        .and_then(|n| n.checked_mul(unit));
    match nanoseconds {
        Some(nanoseconds @ 0..1_000_000_000) => Ok(Timestamp {
            seconds,
            nanoseconds,
        }),
        _ => Err(PayloadError::Value),
    }
}

impl Payload for Timeval {
    type Decoded<'a> = Timestamp;

    #[inline]
    fn decode(data: &[u8]) -> Result<Timestamp, PayloadError> {
        let [pair] = decode_pairs(data)?;
        timestamp(pair, 1000)
    }
}

impl Payload for OldTimeval {
    type Decoded<'a> = Timestamp;

    #[inline]
    fn decode(data: &[u8]) -> Result<Timestamp, PayloadError> {
        let [[seconds, fraction]] = decode_pairs(data)?;
        // sparc is big-endian: the `int` is the upper half of the 64 bits.
        let is_int = cfg!(target_arch = "sparc64") && data.len() == size_of::<Pair64>();
        let microseconds = if is_int { fraction >> 32 } else { fraction };
        timestamp([seconds, microseconds], 1000)
    }
}

impl Payload for Timespec {
    type Decoded<'a> = Timestamp;

    #[inline]
    fn decode(data: &[u8]) -> Result<Timestamp, PayloadError> {
        let [pair] = decode_pairs(data)?;
        timestamp(pair, 1)
    }
}

impl Payload for Timestamping {
    type Decoded<'a> = Self;

    #[inline] // most callers use one of the three times, and a call would return all in memory
    fn decode(data: &[u8]) -> Result<Self, PayloadError> {
        if let Some(flags) = read_whole(data) {
            return Ok(Self::Request(flags));
        }
        let measured = |pair: Pair64| match pair {
            [0, 0] => Ok(None),
            _ => timestamp(pair, 1).map(Some),
        };
        let [software, transformed, hardware] =
            decode_pairs(data).map_err(|error| match error {
                PayloadError::Length(Lengths::OneOf(narrow, wide)) => {
                    let flags = size_of::<TimestampingFlags>();
                    PayloadError::Length(Lengths::OneOfThree(flags, narrow, wide))
                }
                other => other,
            })?;
        Ok(Self::Times(Timestamps {
            software: measured(software)?,
            transformed: measured(transformed)?,
            hardware: measured(hardware)?,
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
    const MAX_LEN: usize = size_of::<[Pair64; 3]>();
}

impl Timestamp {
    /// Prints the time as a `struct timeval`.
    pub(crate) fn show_microseconds(&self, out: &mut impl Printer) -> fmt::Result {
        self.show_fields(out, ", tv_usec=", self.nanoseconds / 1000)
    }

    fn show_fields(&self, out: &mut impl Printer, name: &str, fraction: u32) -> fmt::Result {
        out.write_str("{tv_sec=")?;
        self.seconds.show(out)?;
        out.write_str(name)?;
        fraction.show(out)?;
        out.ascii(b'}')
    }
}

impl Show for Timestamp {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        self.show_fields(out, ", tv_nsec=", self.nanoseconds)
    }
}

impl Show for Timestamping {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        match self {
            Self::Request(flags) => {
                out.ascii(b'[')?;
                out.hex(flags.bits().into())?;
                out.ascii(b']')
            }
            Self::Times(times) => {
                let times = [times.software, times.transformed, times.hardware];
                show_list(out, times.into_iter().map(Option::unwrap_or_default))
            }
        }
    }
}

displayed!(Timestamp, Timestamping);

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;
    use zerocopy::IntoBytes;

    fn time(seconds: i64, nanoseconds: u32) -> Timestamp {
        Timestamp {
            seconds,
            nanoseconds,
        }
    }

    #[test]
    fn a_time_before_1970_is_no_duration() {
        assert_eq!(time(0, 1).since_epoch(), Some(Duration::from_nanos(1)));
        assert_eq!(time(-1, 999_999_999).since_epoch(), None);
        // The fields are public, so the nanoseconds may be more than a second.
        let most = Duration::new(i64::MAX as u64 + 4, u32::MAX % 1_000_000_000);
        assert_eq!(time(i64::MAX, u32::MAX).since_epoch(), Some(most));
    }

    #[test]
    fn both_widths_decode_to_the_same_time() {
        let (narrow, wide) = ([5i32, 250], [5i64, 250]);
        for data in [narrow.as_bytes(), wide.as_bytes()] {
            assert_eq!(Timeval::decode(data), Ok(time(5, 250_000)));
            assert_eq!(Timespec::decode(data), Ok(time(5, 250)));
        }
        let wrong = PayloadError::Length(Lengths::OneOf(8, 16));
        assert_eq!(Timespec::decode(&[0; 12]), Err(wrong));
    }

    #[test]
    fn the_old_microseconds_of_sparc_are_an_int() {
        let data = if cfg!(target_arch = "sparc64") {
            [5, 250 << 32]
        } else {
            [5i64, 250]
        };
        assert_eq!(OldTimeval::decode(data.as_bytes()), Ok(time(5, 250_000)));
    }

    #[test]
    fn a_fraction_of_a_second_or_more_is_refused() {
        for fraction in [-1, 1_000_000, i64::MAX, i64::MIN] {
            let decoded = Timeval::decode([0, fraction].as_bytes());
            assert_eq!(decoded, Err(PayloadError::Value));
        }
        let last = [-1i64, 999_999_999];
        let over = [-1i64, 1_000_000_000];
        assert_eq!(Timespec::decode(last.as_bytes()), Ok(time(-1, 999_999_999)));
        assert_eq!(Timespec::decode(over.as_bytes()), Err(PayloadError::Value));
    }

    #[test]
    fn timestamping_is_three_times_or_flags() {
        let three = [[0i64, 0], [0, 0], [9, 0]];
        let times = Timestamps {
            hardware: Some(time(9, 0)),
            ..Timestamps::default()
        };
        let decoded = Timestamping::decode(three.as_bytes());
        assert_eq!(decoded, Ok(Timestamping::Times(times)));
        let unknown = TimestampingFlags::from_bits_retain(1 << 31 | 2);
        let request = Timestamping::decode(unknown.as_bytes()).unwrap();
        assert_eq!(request, Timestamping::Request(unknown));
        assert_eq!(request.to_string(), "[0x80000002]");
        let wrong = PayloadError::Length(Lengths::OneOfThree(4, 24, 48));
        assert_eq!(Timestamping::decode(&[0; 40]), Err(wrong));
    }
}
