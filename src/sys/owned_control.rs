//! [`OwnedControl`]: received control messages, and the owner of the descriptors in them.

use crate::error::Errno;
use crate::payload::Pidfd;
use crate::table::keys::{SCM_PIDFD, SCM_RIGHTS};
use crate::wire::abi::Abi;
use crate::wire::cmsg::{HEADER, Raw};
use crate::wire::key::Key;
use crate::wire::step::{Step, Tail};
use core::iter;
use core::ops::{Range, RangeBounds, RangeFrom};

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
    close: unsafe fn(i32),
}

impl<'m> OwnedControl<'m> {
    /// Takes ownership of the descriptors in `control`.
    ///
    /// # Safety
    /// Each number in an `SCM_RIGHTS` or `SCM_PIDFD` of `bytes` that is not negative must be an
    /// open descriptor that nobody else owns. If the last message reaches past the end of `bytes`,
    /// this holds for the whole numbers before the end. `close` must be safe to call with each of
    /// them once.
    pub(super) const unsafe fn new(bytes: &'m mut [u8], close: unsafe fn(i32)) -> Self {
        Self { bytes, close }
    }

    /// Returns the control messages, with `i32::MIN` in place of each number that was taken.
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
        let (mut slots, bytes) = (Slots::default(), &*self.bytes);
        iter::from_fn(move || slots.next(bytes, Wanted::Rights)).map(|(_, number)| number)
    }

    /// Takes the descriptors in all `SCM_RIGHTS` in order, each when it is yielded. The error
    /// numbers stay. The caller owns what is yielded here and by the functions below.
    pub(super) fn take_fds(&mut self) -> impl Iterator<Item = i32> {
        self.take(Wanted::Rights, FDS).filter_map(Result::ok)
    }

    /// Takes the descriptors and error numbers in all `SCM_RIGHTS` in order, each when it is
    /// yielded.
    pub(super) fn take_slots(&mut self) -> impl Iterator<Item = Result<i32, Errno>> {
        self.take(Wanted::Rights, NOT_TAKEN)
    }

    /// Takes the number in the first `SCM_PIDFD` whose number was not taken yet.
    ///
    /// # Errors
    /// The error number that the kernel sent in place of a descriptor.
    pub(super) fn take_pidfd(&mut self) -> Option<Result<i32, Errno>> {
        self.take(Wanted::Pidfd, NOT_TAKEN).next()
    }

    /// Takes those of `numbers` that are in the wanted messages, in order, each when it is yielded.
    /// [`TAKEN`] must not be one of `numbers`.
    fn take(
        &mut self,
        wanted: Wanted,
        numbers: impl RangeBounds<i32>,
    ) -> impl Iterator<Item = Result<i32, Errno>> {
        let mut slots = Slots::default();
        iter::from_fn(move || {
            loop {
                let (offset, number) = slots.next(self.bytes, wanted)?;
                if numbers.contains(&number) {
                    *self.bytes.get_mut(offset..)?.first_chunk_mut()? = TAKEN.to_ne_bytes();
                    // The kernel writes an error number to SCM_RIGHTS as it does to SCM_PIDFD.
                    return Some(Pidfd(number).fd());
                }
            }
        })
    }
}

impl Drop for OwnedControl<'_> {
    fn drop(&mut self) {
        let close = self.close;
        for fd in self.take(Wanted::Both, FDS).flatten() {
            // SAFETY: `close` may be called once with an open descriptor that nobody uses
            // afterwards. By the invariant of the type, `self` alone owned this one; its slot was
            // overwritten when it was taken, and it goes nowhere but here.
            unsafe { close(fd) };
        }
    }
}

/// Which of the messages that carry descriptors a walk visits.
#[derive(Clone, Copy)]
enum Wanted {
    Rights,
    Pidfd,
    Both,
}

impl Wanted {
    fn includes(self, raw: &Raw<'_>) -> bool {
        match self {
            Self::Rights => SCM_RIGHTS.is(raw),
            Self::Pidfd => SCM_PIDFD.is(raw),
            Self::Both => SCM_RIGHTS.is(raw) || SCM_PIDFD.is(raw),
        }
    }
}

/// A walk over the slots for descriptors in a control buffer.
///
/// It does not borrow the buffer, so that a slot can be overwritten between two steps.
#[derive(Clone, Default)]
struct Slots {
    /// Offset of the next header.
    header: usize,
    /// The bytes of the current message that are still to be visited.
    payload: Range<usize>,
}

impl Slots {
    /// Returns the offset of the next slot in the wanted messages, and the number there.
    ///
    /// The walk ends at a malformed header. If the last message reaches past the end of the buffer,
    /// the walk visits the whole slots before the end: nobody else would close their descriptors.
    fn next(&mut self, control: &[u8], wanted: Wanted) -> Option<(usize, i32)> {
        while self.payload.len() < SLOT {
            let mut step = Step::resume(control, self.header);
            let raw = step.next(Abi::NATIVE, Tail::Lenient).ok()??;
            self.header = step.offset();
            if wanted.includes(&raw) {
                // The payload lies in `control`, so neither sum is more than the buffer's length.
                let start = raw.offset.wrapping_add(HEADER);
                self.payload = start..start.wrapping_add(raw.data.len());
            }
        }
        let offset = self.payload.start;
        self.payload.start = offset.wrapping_add(SLOT); // at most `end`, by the loop's condition
        let slot = control.get(offset..)?.first_chunk()?;
        Some((offset, i32::from_ne_bytes(*slot)))
    }
}
