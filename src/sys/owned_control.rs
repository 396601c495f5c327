// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`OwnedControl`]: received control messages, and the owner of the descriptors in them.

use crate::error::Errno;
use crate::payload::Pidfd;
use crate::table::keys::{SCM_PIDFD, SCM_RIGHTS};
use crate::wire::abi::Abi;
use crate::wire::cmsg::{HEADER, Raw};
use crate::wire::key::Key;
use crate::wire::reader::Reader;
use crate::wire::step::{Step, Tail};
use core::ops::{Range, RangeBounds, RangeFrom};
use core::{iter, mem};

/// Bytes of a descriptor in a control message.
const SLOT: usize = size_of::<i32>();

/// Replaces a number that was taken. It is neither a descriptor nor a negative error number, which
/// the kernel writes in place of a descriptor: those are -4095 or more (`MAX_ERRNO`).
const TAKEN: i32 = i32::MIN;

/// The numbers that are descriptors.
const FDS: RangeFrom<i32> = 0..;

/// The numbers that are negative error numbers.
pub(super) const ERRORS: Range<i32> = TAKEN + 1..0;

/// Descriptors and error numbers.
const NOT_TAKEN: RangeFrom<i32> = ERRORS.start..;

/// Received control messages. On drop it closes the descriptors in them that nobody took.
///
/// Invariant: each number in the messages that is not negative, where [`Slots`] finds it, is an
/// open descriptor that `self` alone owns, and that `close` may close.
pub(super) struct OwnedControl<'m> {
    bytes: &'m mut [u8],
    /// `None` if the messages cannot bring descriptors.
    close: Option<unsafe fn(i32)>,
}

impl<'m> OwnedControl<'m> {
    /// Takes ownership of the descriptors in `control`.
    ///
    /// # Safety
    /// Each number in an `SCM_RIGHTS` or `SCM_PIDFD` of `bytes` that is not negative must be an
    /// open descriptor that nobody else owns. If the last message reaches past the end of `bytes`,
    /// this holds for the whole numbers before the end. `close` must be safe to call with each of
    /// them once.
    #[inline]
    pub(super) const unsafe fn new(bytes: &'m mut [u8], close: unsafe fn(i32)) -> Self {
        Self {
            bytes,
            close: Some(close),
        }
    }

    /// Says that the kernel put no descriptors into the messages, so that nothing looks for some.
    #[inline]
    pub(super) const fn brings_no_fds(&mut self) {
        self.close = None;
    }

    /// Returns the control messages, with `i32::MIN` in place of each number that was taken.
    #[inline]
    pub(super) const fn as_bytes(&self) -> &[u8] {
        self.bytes
    }

    /// Returns the descriptors in all `SCM_RIGHTS` that nobody took, in order. `self` still owns
    /// them.
    pub(super) fn fds(&self) -> impl Iterator<Item = i32> + Clone {
        self.rights().filter(|number| FDS.contains(number))
    }

    /// Returns the negative error numbers in all `SCM_RIGHTS` that nobody took, in order.
    pub(super) fn denied(&self) -> impl Iterator<Item = i32> {
        self.rights().filter(|number| ERRORS.contains(number))
    }

    /// Returns the numbers in all `SCM_RIGHTS`, in order.
    fn rights(&self) -> impl Iterator<Item = i32> + Clone {
        let messages = Reader::new(self.bytes).lenient().map_while(Result::ok);
        let rights = messages.filter(|raw| SCM_RIGHTS.is(raw));
        rights.flat_map(|raw| numbers(raw.data))
    }

    /// Takes the descriptors in all `SCM_RIGHTS` in order, each when it is yielded. The error
    /// numbers stay. The caller owns what is yielded here and by the functions below.
    #[inline]
    pub(super) fn take_fds(&mut self) -> impl Iterator<Item = i32> {
        take(self.bytes, Wanted::Rights, FDS).filter_map(Result::ok)
    }

    /// Takes the descriptors and error numbers in all `SCM_RIGHTS` in order, each when it is
    /// yielded.
    #[inline]
    pub(super) fn take_slots(&mut self) -> impl Iterator<Item = Result<i32, Errno>> {
        take(self.bytes, Wanted::Rights, NOT_TAKEN)
    }

    /// Takes the number in the first `SCM_PIDFD` whose number was not taken yet.
    ///
    /// # Errors
    /// The error number that the kernel sent in place of a descriptor.
    #[inline]
    pub(super) fn take_pidfd(&mut self) -> Option<Result<i32, Errno>> {
        take(self.bytes, Wanted::Pidfd, NOT_TAKEN).next()
    }
}

/// Takes those of `numbers` that are in the wanted messages, in order, each when it is yielded.
/// [`TAKEN`] must not be one of `numbers`.
#[inline]
fn take(
    control: &mut [u8],
    wanted: Wanted,
    numbers: impl RangeBounds<i32>,
) -> impl Iterator<Item = Result<i32, Errno>> {
    let mut slots = Slots::new(control);
    iter::from_fn(move || {
        loop {
            let slot = slots.next(wanted)?;
            let number = i32::from_ne_bytes(*slot);
            if numbers.contains(&number) {
                *slot = TAKEN.to_ne_bytes();
                // The kernel writes an error number to SCM_RIGHTS as it does to SCM_PIDFD.
                return Some(Pidfd(number).fd());
            }
        }
    })
}

impl Drop for OwnedControl<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(close) = self.close {
            // SAFETY: every descriptor in `bytes` must be owned by nobody else, and `close` must be
            // safe to call with each. That is the invariant of the type, and `self` is not used
            // again.
            unsafe { close_fds(self.bytes, close) }
        }
    }
}

/// Closes the descriptors in `control`.
///
/// Most messages carry none, so this only looks for some, in one strict pass. Another function
/// closes them, and deals with messages that are malformed or cut off.
///
/// It is not inlined, because every place where a message is dropped would contain it.
///
/// # Safety
/// Each number that [`Slots`] finds in `control` and that is not negative must be an open
/// descriptor that nobody else owns. `close` must be safe to call with each of them once.
#[inline(never)]
unsafe fn close_fds(control: &mut [u8], close: unsafe fn(i32)) {
    let mut step = Step::new(control);
    loop {
        match step.next(Abi::NATIVE, Tail::Native) {
            Ok(Some(raw)) if !Wanted::Both.includes(&raw) => {}
            Ok(Some(raw)) if !numbers(raw.data).any(|number| FDS.contains(&number)) => {}
            Ok(None) => return,
            // SAFETY: this function has the same contract.
            Ok(Some(_)) | Err(_) => return unsafe { close_found_fds(control, close) },
        }
    }
}

/// Closes the descriptors in `control`, and overwrites each.
///
/// # Safety
/// The contract of [`close_fds`].
#[cold]
#[inline(never)]
unsafe fn close_found_fds(control: &mut [u8], close: unsafe fn(i32)) {
    for fd in take(control, Wanted::Both, FDS).flatten() {
        // SAFETY: `close` may be called once with an open descriptor that nobody else owns. By the
        // contract of this function this is one; its slot was overwritten when it was taken, and it
        // goes nowhere but here.
        unsafe { close(fd) };
    }
}

/// Returns the numbers in the payload of a message that carries descriptors.
#[inline]
fn numbers(mut payload: &[u8]) -> impl Iterator<Item = i32> + Clone {
    iter::from_fn(move || {
        let (slot, others) = payload.split_first_chunk()?;
        payload = others;
        Some(i32::from_ne_bytes(*slot))
    })
}

/// Which of the messages that carry descriptors a walk visits.
#[derive(Clone, Copy)]
enum Wanted {
    Rights,
    Pidfd,
    Both,
}

impl Wanted {
    #[inline]
    fn includes(self, raw: &Raw<'_>) -> bool {
        match self {
            Self::Rights => SCM_RIGHTS.is(raw),
            Self::Pidfd => SCM_PIDFD.is(raw),
            Self::Both => SCM_RIGHTS.is(raw) || SCM_PIDFD.is(raw),
        }
    }
}

/// A walk over the slots for descriptors in a control buffer, which may be overwritten.
struct Slots<'t> {
    /// The messages that are still to be visited.
    rest: &'t mut [u8],
    /// The bytes of the current message that are still to be visited.
    payload: &'t mut [u8],
}

impl<'t> Slots<'t> {
    #[inline]
    fn new(control: &'t mut [u8]) -> Self {
        Self {
            rest: control,
            payload: &mut [],
        }
    }

    /// Returns the next slot in the wanted messages.
    ///
    /// The walk ends at a malformed header. If the last message reaches past the end of the buffer,
    /// the walk visits the whole slots before the end: nobody else would close their descriptors.
    #[inline]
    fn next(&mut self, wanted: Wanted) -> Option<&'t mut [u8; SLOT]> {
        loop {
            if let Some((slot, others)) = mem::take(&mut self.payload).split_first_chunk_mut() {
                self.payload = others;
                return Some(slot);
            }
            let (payload, next) = find(self.rest, wanted)?;
            let (messages, rest) = mem::take(&mut self.rest).split_at_mut_checked(next)?;
            self.rest = rest;
            self.payload = messages.get_mut(payload)?;
        }
    }
}

/// Returns where the payload of the first wanted message is, and the offset of the header after it.
#[inline]
fn find(control: &[u8], wanted: Wanted) -> Option<(Range<usize>, usize)> {
    let mut step = Step::new(control);
    loop {
        let raw = step.next(Abi::NATIVE, Tail::Lenient).ok()??;
        if wanted.includes(&raw) {
            // The payload lies in `control`, so neither sum is more than its length.
            let start = raw.offset.wrapping_add(HEADER);
            return Some((start..start.wrapping_add(raw.data.len()), step.offset()));
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::table::keys::SCM_CREDENTIALS;
    use crate::wire::encode::bytes_of_messages;
    use core::cell::RefCell;
    use std::vec::Vec;

    std::thread_local! {
        pub(in crate::sys) static CLOSED: RefCell<Vec<i32>> = const { RefCell::new(Vec::new()) };
    }

    pub(in crate::sys) unsafe fn close(fd: i32) {
        CLOSED.with_borrow_mut(|closed| closed.push(fd));
    }

    /// A message: level, type and numbers.
    type Numbers = (i32, i32, &'static [i32]);

    const RIGHTS: (i32, i32) = (SCM_RIGHTS::LEVEL, SCM_RIGHTS::TYPE);
    const PIDFD: (i32, i32) = (SCM_PIDFD::LEVEL, SCM_PIDFD::TYPE);
    const OTHER: (i32, i32) = (SCM_CREDENTIALS::LEVEL, SCM_CREDENTIALS::TYPE);

    /// Descriptors, negative error numbers, and numbers that are neither.
    const MESSAGES: [Numbers; 6] = [
        (OTHER.0, OTHER.1, &[90, 91, 92]),
        (RIGHTS.0, RIGHTS.1, &[5, -13, 0]),
        (PIDFD.0, PIDFD.1, &[-3]),
        (RIGHTS.0, RIGHTS.1, &[7]),
        (PIDFD.0, PIDFD.1, &[8]),
        (RIGHTS.0, RIGHTS.1, &[-1, 9]),
    ];

    fn bytes(messages: &[Numbers]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (level, ty, numbers) in messages {
            let payload: Vec<u8> = numbers.iter().flat_map(|n| n.to_ne_bytes()).collect();
            bytes.extend(bytes_of_messages(&[(*level, *ty, &payload)]));
        }
        bytes
    }

    /// Calls `use_it` with the owner of these messages. Returns its result, and the descriptors
    /// that were closed when the owner was dropped.
    fn closed<R>(bytes: &mut [u8], use_it: impl FnOnce(&mut OwnedControl) -> R) -> (R, Vec<i32>) {
        CLOSED.take();
        // SAFETY: each number must be a descriptor that `close` may be called with once. `close`
        // only notes the number.
        let mut owned = unsafe { OwnedControl::new(bytes, close) };
        let result = use_it(&mut owned);
        assert!(CLOSED.with_borrow(Vec::is_empty));
        drop(owned);
        (result, CLOSED.take())
    }

    #[test]
    fn descriptors_that_were_not_taken_are_closed() {
        for n in 0..=4 {
            let (taken, closed) = closed(&mut bytes(&MESSAGES), |owned| {
                let taken: Vec<i32> = owned.take_fds().take(n).collect();
                assert!(owned.fds().eq([5, 0, 7, 9][n..].iter().copied()));
                assert!(owned.denied().eq([-13, -1]));
                taken
            });
            assert_eq!(taken, [5, 0, 7, 9][..n]);
            let all = [5, 0, 7, 8, 9];
            assert!(
                closed
                    .iter()
                    .eq(all.iter().filter(|fd| !taken.contains(fd)))
            );
        }
    }

    #[test]
    fn errors_are_taken_in_their_places() {
        let all = [Ok(5), Err(Errno(13)), Ok(0), Ok(7), Err(Errno(1)), Ok(9)];
        for n in 0..=6 {
            let (taken, _) = closed(&mut bytes(&MESSAGES), |owned| {
                let taken: Vec<_> = owned.take_slots().take(n).collect();
                assert!(
                    owned
                        .fds()
                        .map(Ok)
                        .eq(all[n..].iter().copied().filter(Result::is_ok))
                );
                let denied = owned.denied().map(|number| Err(Errno(-number)));
                assert!(denied.eq(all[n..].iter().copied().filter(Result::is_err)));
                taken
            });
            assert_eq!(taken, all[..n]);
        }
    }

    #[test]
    fn each_pidfd_is_taken_once() {
        let (_, closed) = closed(&mut bytes(&MESSAGES), |owned| {
            assert_eq!(owned.take_pidfd(), Some(Err(Errno(3))));
            assert_eq!(owned.take_pidfd(), Some(Ok(8)));
            assert_eq!(owned.take_pidfd(), None);
        });
        assert_eq!(closed, [5, 0, 7, 9]);
    }

    #[test]
    fn whole_numbers_before_a_cut_or_a_malformed_header_are_closed() {
        let whole = bytes(&MESSAGES);
        for len in 0..=whole.len() {
            let (mut offset, mut expected) = (0, Vec::new());
            for (level, ty, numbers) in MESSAGES {
                let left = len.saturating_sub(offset + HEADER) / SLOT;
                let carries_fds = [RIGHTS, PIDFD].contains(&(level, ty));
                let fds = numbers
                    .iter()
                    .take(left)
                    .filter(|n| carries_fds && FDS.contains(n));
                expected.extend(fds.copied());
                offset += Abi::NATIVE.cmsg_space(size_of_val(numbers));
            }
            let ((), found) = closed(&mut whole.clone()[..len], |_| ());
            assert_eq!(found, expected, "{len}");
        }
        let second = Abi::NATIVE.cmsg_space(12);
        let third = second + Abi::NATIVE.cmsg_space(12);
        for (at, expected) in [(0, &[][..]), (second, &[]), (third, &[5, 0])] {
            let mut malformed = whole.clone();
            malformed[at..][..size_of::<usize>()].copy_from_slice(&1usize.to_ne_bytes());
            assert_eq!(closed(&mut malformed, |_| ()).1, expected, "{at}");
        }
    }

    #[test]
    fn messages_that_cannot_bring_descriptors_are_not_searched() {
        let (_, closed) = closed(&mut bytes(&MESSAGES), |owned| owned.brings_no_fds());
        assert_eq!(closed, []);
    }
}
