// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`ZerocopySends`]: which sends with `MSG_ZEROCOPY` are done. Arithmetic only, no system calls.
#![forbid(unsafe_code)]

use core::fmt;

/// The numbers of sends with `MSG_ZEROCOPY` that follow each other on one socket:
/// [`ZerocopySends::record`] returns them. Keep them beside the buffer that was sent.
///
/// The default is no send at all, which is always done.
///
/// ```
/// use ancil::{SendNumbers, ZerocopySends};
///
/// let mut sends = ZerocopySends::<8>::new();
/// let (head, body): (SendNumbers, SendNumbers) = (sends.record(1)?, sends.record(2)?);
/// let whole = head.through(body); // one buffer, sent in two parts
/// sends.complete(0, 2)?;
/// assert!(sends.is_done(whole) && sends.is_done(SendNumbers::default()));
/// # Ok::<(), ancil::ZerocopyError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SendNumbers {
    /// Number of the first send. The kernel's number is the lower half: these do not wrap around.
    start: u64,
    /// The number after the last send, not less than `start`.
    end: u64,
}

impl SendNumbers {
    /// Returns the numbers from the first of `self` to the last of `later`, for a buffer that was
    /// sent in parts. What was sent between the parts is included.
    #[must_use]
    pub const fn through(self, later: Self) -> Self {
        if self.start == self.end {
            return later;
        }
        let end = if self.end < later.end {
            later.end
        } else {
            self.end
        };
        Self { end, ..self }
    }

    /// Returns whether a send of `self` is among `other`, or follows or precedes one.
    const fn touches(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }
}

/// The sends of one socket with `MSG_ZEROCOPY`, and which of them are done: whose bytes the kernel
/// reads no longer, so that the buffer may be written to or freed.
///
/// The kernel gives each such send of a socket a number: 0, 1 and so on, and 0 again after 2^32 of
/// them. When sends are done, the socket's error queue has an entry for them,
/// [`Origin::Zerocopy`](crate::payload::Origin::Zerocopy), with the first and the last number of a
/// range. An entry may cover several sends, since the kernel joins entries, and may come before the
/// entry for an earlier send.
///
/// ```
/// # use ancil::{ZerocopyError, ZerocopySends};
/// let mut sends = ZerocopySends::<8>::new();
/// let one = sends.record(1)?; // after `io::sendmsg_zerocopy`
/// let batch = sends.record(3)?; // after `io::sendmmsg_zerocopy` sent three messages
/// sends.complete(1, 2)?; // an entry of the error queue
/// assert!(!sends.is_done(one) && !sends.is_done(batch));
/// sends.complete(3, 3)?;
/// assert!(!sends.is_done(one) && sends.is_done(batch));
/// sends.complete(0, 0)?;
/// assert!(sends.is_done(one) && sends.outstanding() == 0);
/// # Ok::<(), ZerocopyError>(())
/// ```
///
/// `io::sendmsg_zerocopy` (feature `libc`) shows a send together with its entry.
///
/// # Which sends have a number
/// Record each call after it returned, in the order of the calls, and before you read an entry that
/// may be of that call:
/// - UDP: each message that was sent, also an empty one. A message that failed may have a number:
///   the kernel can number a message before it refuses it, for example for its `UDP_SEGMENT`, or
///   drops it. The entry of such a message is in the error queue when the call returns. So read the
///   queue after an error, before the next send. If [`complete`](Self::complete) returns
///   [`NotRecorded`](ZerocopyError::NotRecorded), record as many sends as it says, and pass the
///   same range again. (If `sendmmsg(2)` sends only a part of a batch, the first message of the
///   rest may have failed so. The next call sends that message again, and reports the error.)
/// - TCP: each call that sent a byte or more. A call that failed or sent nothing has no number.
/// - None, if the socket does not have `SO_ZEROCOPY`: the kernel ignores `MSG_ZEROCOPY` then, and
///   has copied the bytes when the call returns. `io::enable_zerocopy` sets the option.
///
/// # Capacity
/// Sends that are done in order take no space, however many there are. `N` is the number of gaps:
/// each range of sends that are done while an earlier send is not takes one place. So at most
/// `2 * N + 1` [outstanding](Self::outstanding) sends always find enough space.
///
/// # Copied after all
/// [`copied`](crate::payload::Origin::Zerocopy::copied) says that the kernel copied the bytes, as
/// it does on the loopback interface. The sends are done all the same. If it is set often, sends
/// without `MSG_ZEROCOPY` are faster. When the kernel joins entries, the flag of the first one
/// remains.
#[doc(alias("MSG_ZEROCOPY", "SO_ZEROCOPY"))]
#[derive(Clone, Copy, Debug)]
pub struct ZerocopySends<const N: usize> {
    /// The number of the oldest send that is not done; `next` if all are done.
    oldest: u64,
    /// The number of the next send, less than `oldest` + 2^32.
    next: u64,
    /// Sends that are done, after `oldest`. The first `used` places have at least one send each,
    /// no send is in two of them, and between any two of them is a send that is not done.
    done: [SendNumbers; N],
    used: usize,
}

/// Numbers of sends that [`ZerocopySends`] cannot take. It is unchanged then.
///
/// ```
/// use ancil::{ZerocopyError, ZerocopySends};
/// let unknown = ZerocopySends::<8>::new().complete(0, 1);
/// assert!(matches!(unknown, Err(ZerocopyError::NotRecorded { .. })));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ZerocopyError {
    /// An entry for sends that were not recorded. Either a datagram failed after it had a number,
    /// or the entry is of another socket.
    NotRecorded {
        /// How many sends must be recorded to include the last one of the range.
        missing: usize,
    },
    /// An entry for sends of which the places for gaps are all taken. Keep the range, and pass it
    /// again when an earlier send is done.
    NoSpace {
        /// The number of places.
        capacity: usize,
    },
    /// More sends were recorded than have different numbers, 2^32 - 1.
    TooManySends {
        /// How many sends can be recorded.
        left: usize,
    },
}

impl fmt::Display for ZerocopyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRecorded { missing } => {
                write!(
                    f,
                    "{missing} sends are reported as done and were not recorded"
                )
            }
            Self::NoSpace { capacity } => {
                write!(
                    f,
                    "sends are done out of order, and all {capacity} places are taken"
                )
            }
            Self::TooManySends { left } => {
                write!(
                    f,
                    "too many sends are outstanding, at most {left} can be added"
                )
            }
        }
    }
}

impl core::error::Error for ZerocopyError {}

impl<const N: usize> Default for ZerocopySends<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> ZerocopySends<N> {
    /// Returns the state of a socket that has not sent with `MSG_ZEROCOPY` yet.
    #[inline]
    pub const fn new() -> Self {
        Self::starting_at(0)
    }

    /// Returns the state of a socket whose next send has this number, and whose earlier sends are
    /// all done.
    ///
    /// ```
    /// use ancil::ZerocopySends;
    /// let mut sends = ZerocopySends::<8>::starting_at(1000); // the socket came from elsewhere
    /// let one = sends.record(1)?;
    /// sends.complete(1000, 1000)?;
    /// assert!(sends.is_done(one));
    /// # Ok::<(), ancil::ZerocopyError>(())
    /// ```
    #[inline]
    pub const fn starting_at(number: u32) -> Self {
        Self {
            oldest: number as u64,
            next: number as u64,
            done: [SendNumbers { start: 0, end: 0 }; N],
            used: 0,
        }
    }

    /// Records `count` sends, and returns their numbers.
    ///
    /// # Errors
    /// [`TooManySends`](ZerocopyError::TooManySends) if 2^32 sends would be outstanding.
    #[inline]
    pub fn record(&mut self, count: usize) -> Result<SendNumbers, ZerocopyError> {
        let left = u64::from(u32::MAX).saturating_sub(self.window());
        let (start, count) = (self.next, count as u64);
        if count > left {
            return Err(ZerocopyError::TooManySends {
                left: left as usize,
            });
        }
        self.next = start.saturating_add(count);
        let end = self.next;
        Ok(SendNumbers { start, end })
    }

    /// Takes an entry of the error queue: the sends from number `first` to number `last`, included,
    /// are done. Sends that were done before may be among them.
    ///
    /// # Errors
    /// [`NotRecorded`](ZerocopyError::NotRecorded) if `last` was not recorded, and
    /// [`NoSpace`](ZerocopyError::NoSpace) if all places for gaps are taken. Nothing was taken
    /// then.
    pub fn complete(&mut self, first: u32, last: u32) -> Result<(), ZerocopyError> {
        let new = self.locate(first, last)?;
        if new.end <= self.oldest {
            return Ok(());
        }
        // Ranges that touch the new one are joined with it. No two of them touch each other, so
        // none can touch the joined range without touching the new one.
        let (mut joined, mut kept) = (new, 0usize);
        for range in self.ranges() {
            if range.touches(new) {
                joined.start = joined.start.min(range.start);
                joined.end = joined.end.max(range.end);
            } else {
                kept = kept.saturating_add(1);
            }
        }
        let after_a_gap = joined.start > self.oldest;
        if after_a_gap && kept == N {
            return Err(ZerocopyError::NoSpace { capacity: N });
        }
        if kept < self.used {
            self.remove(new);
        }
        if !after_a_gap {
            self.oldest = joined.end;
        } else if let Some(place) = self.done.get_mut(self.used) {
            *place = joined;
            self.used = self.used.saturating_add(1);
        }
        Ok(())
    }

    /// Returns whether all these sends are done, so that their buffers may be used again.
    #[inline]
    pub fn is_done(&self, numbers: SendNumbers) -> bool {
        let is_in = |range: &SendNumbers| range.start <= numbers.start && numbers.end <= range.end;
        numbers.end <= self.oldest || numbers.start == numbers.end || self.ranges().any(is_in)
    }

    /// Returns how many sends there are from the oldest one that is not done to the last one; 0 if
    /// all are done.
    #[inline]
    pub const fn outstanding(&self) -> usize {
        self.window() as usize
    }

    /// Returns how many numbers there are from `oldest` to `next`.
    const fn window(&self) -> u64 {
        self.next.saturating_sub(self.oldest)
    }

    fn ranges(&self) -> impl Iterator<Item = &SendNumbers> {
        self.done.iter().take(self.used)
    }

    /// Removes the ranges that touch `new`.
    fn remove(&mut self, new: SendNumbers) {
        let mut kept = 0usize;
        for i in 0..self.used {
            let range = self.done.get(i).copied().unwrap_or(new);
            if range.touches(new) {
                continue;
            }
            if let Some(place) = self.done.get_mut(kept) {
                *place = range;
                kept = kept.saturating_add(1);
            }
        }
        self.used = kept;
    }

    /// Returns the sends that have these numbers of the kernel.
    fn locate(&self, first: u32, last: u32) -> Result<SendNumbers, ZerocopyError> {
        let count = u64::from(last.wrapping_sub(first)).saturating_add(1);
        let start = self.widen(first);
        let end = start.saturating_add(count);
        if end > self.next {
            let missing = usize::try_from(end.saturating_sub(self.next)).unwrap_or(usize::MAX);
            return Err(ZerocopyError::NotRecorded { missing });
        }
        Ok(SendNumbers { start, end })
    }

    /// Returns the number whose lower half this is: an outstanding one, or else the one that is
    /// nearest to these.
    fn widen(&self, number: u32) -> u64 {
        let after_oldest = u64::from(number.wrapping_sub(self.oldest as u32));
        let at_or_after = self.oldest.saturating_add(after_oldest);
        let Some(before) = at_or_after.checked_sub(1 << 32) else {
            return at_or_after;
        };
        // `at_or_after` is less than `oldest` + 2^32, so `before` is less than `oldest`. For an
        // outstanding send, the second distance is 0, and the first is at least 1.
        if self.oldest.saturating_sub(before) <= at_or_after.saturating_sub(self.next) {
            before
        } else {
            at_or_after
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Outcome = Result<(), ZerocopyError>;

    #[test]
    fn a_range_may_cover_several_sends_and_be_repeated() -> Outcome {
        let mut sends = ZerocopySends::<1>::new();
        let (one, two) = (sends.record(3)?, sends.record(2)?);
        sends.complete(0, 3)?;
        assert!(sends.is_done(one) && !sends.is_done(two));
        sends.complete(0, 3)?;
        sends.complete(2, 4)?;
        assert!(sends.is_done(two));
        assert_eq!(sends.outstanding(), 0);
        Ok(())
    }

    #[test]
    fn numbers_wrap_around() -> Outcome {
        let mut sends = ZerocopySends::<2>::starting_at(u32::MAX);
        let (before, after) = (sends.record(1)?, sends.record(2)?);
        sends.complete(1, 1)?;
        assert!(!sends.is_done(before) && !sends.is_done(after));
        sends.complete(u32::MAX, 0)?;
        assert!(sends.is_done(before.through(after)));
        Ok(())
    }

    #[test]
    fn a_send_stays_done_however_many_follow_it() -> Outcome {
        let mut sends = ZerocopySends::<1>::new();
        let first = sends.record(1)?;
        sends.complete(0, 0)?;
        for _ in 0..5 {
            sends.record(1 << 30)?;
            assert!(sends.is_done(first));
            let last = (sends.next - 1) as u32;
            sends.complete(last.wrapping_sub((1 << 30) - 1), last)?;
            assert!(sends.is_done(first));
        }
        assert_eq!(sends.outstanding(), 0);
        Ok(())
    }

    #[test]
    fn a_full_state_is_unchanged_and_takes_the_range_later() -> Outcome {
        let mut sends = ZerocopySends::<1>::new();
        let all = sends.record(5)?;
        sends.complete(1, 1)?;
        let full = ZerocopyError::NoSpace { capacity: 1 };
        assert_eq!(sends.complete(3, 3), Err(full));
        sends.complete(2, 2)?; // touches what is there
        sends.complete(0, 0)?;
        sends.complete(4, 4)?;
        sends.complete(3, 3)?;
        assert!(sends.is_done(all));
        let mut none = ZerocopySends::<0>::new();
        none.record(2)?;
        assert!(none.complete(1, 1).is_err());
        none.complete(0, 1)
    }

    #[test]
    fn unknown_numbers_are_refused() -> Outcome {
        let mut sends = ZerocopySends::<4>::new();
        let missing = |missing| Err(ZerocopyError::NotRecorded { missing });
        assert_eq!(sends.complete(0, 0), missing(1));
        assert_eq!(sends.complete(2, 4), missing(5));
        let one = sends.record(1)?;
        assert_eq!(sends.complete(0, 2), missing(2));
        assert!(!sends.is_done(one));
        assert!(sends.complete(0, u32::MAX).is_err() && sends.complete(u32::MAX, 0).is_err());
        assert!(!sends.is_done(one));
        sends.complete(0, 0)
    }

    #[test]
    fn there_are_not_more_numbers_than_the_kernel_has() -> Outcome {
        let mut sends = ZerocopySends::<1>::starting_at(7);
        sends.record(u32::MAX as usize - 1)?;
        let all = ZerocopyError::TooManySends { left: 1 };
        assert_eq!(sends.record(2), Err(all));
        sends.record(1)?;
        assert_eq!(sends.outstanding(), u32::MAX as usize);
        sends.complete(7, 5)?;
        assert_eq!(sends.outstanding(), 0);
        Ok(())
    }

    #[test]
    fn no_sends_are_done() {
        let mut sends = ZerocopySends::<1>::new();
        assert_eq!(sends.record(0), Ok(SendNumbers::default()));
        let (none, two) = (SendNumbers::default(), sends.record(2).unwrap());
        assert!(sends.is_done(none) && !sends.is_done(two));
        assert_eq!((none.through(two), two.through(none)), (two, two));
    }
}
