//! Takes ownership of the descriptors in any control bytes, with a `close` that only counts.
//!
//! Every number that a walk by hand finds as a descriptor is taken or closed exactly once, whatever
//! is taken in whatever order, and no other number is.
#![no_main]

use ancil::uring::Multishot;
use ancil::{IoVecMut, IoVecUninit, MsgFlags, MsgHdrMut, MsgHdrUninit, Raw, Received, Writer};
use ancil_fuzz::{control, printed_len};
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;
use std::mem::MaybeUninit;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    flags: u32,
    bytes: u16,
    name_len: u8,
    controllen: u8,
    plan: Vec<Step>,
    messages: Vec<(Kind, Vec<i32>, u8)>,
    rest: &'a [u8],
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Step {
    Fds(u8),
    Slots(u8),
    Pidfd,
    Forward(u16),
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
enum Kind {
    Rights,
    Pidfd,
    Credentials,
    Tos,
}

/// Replaces a number that was taken.
const TAKEN: i32 = i32::MIN;

thread_local! {
    /// What `close` was called with.
    static CLOSED: RefCell<Vec<i32>> = const { RefCell::new(Vec::new()) };
}

/// Counts a number instead of closing a descriptor.
unsafe fn close(fd: i32) {
    CLOSED.with_borrow_mut(|closed| closed.push(fd));
}

fn closed() -> Vec<i32> {
    CLOSED.take()
}

/// Returns the numbers in the messages that carry descriptors, by the rule of the kernel: a message
/// that the end cuts off counts up to there, and a length below the header ends the walk.
fn slots(control: &[u8]) -> Vec<(Kind, i32)> {
    let (mut found, mut rest) = (Vec::new(), control);
    while let Some((header, _)) = rest.split_at_checked(16) {
        let len = usize::from_ne_bytes(header[..8].try_into().unwrap());
        if len < 16 {
            break;
        }
        let word = |at: usize| i32::from_ne_bytes(header[at..at + 4].try_into().unwrap());
        let kind = match (word(8), word(12)) {
            (1, 1) => Some(Kind::Rights),
            (1, 4) => Some(Kind::Pidfd),
            _ => None,
        };
        let data = &rest[16..len.min(rest.len())];
        if let Some(kind) = kind {
            let (numbers, _) = data.as_chunks();
            found.extend(numbers.iter().map(|n| (kind, i32::from_ne_bytes(*n))));
        }
        let next = len.checked_next_multiple_of(8).unwrap_or(usize::MAX);
        rest = rest.get(next..).unwrap_or_default();
    }
    found
}

/// What the owner should hold.
struct Model {
    slots: Vec<(Kind, i32)>,
    taken: Vec<i32>,
}

impl Model {
    fn rights(&self) -> impl Iterator<Item = i32> {
        self.slots
            .iter()
            .filter(|(kind, _)| *kind == Kind::Rights)
            .map(|(_, number)| *number)
    }

    /// Takes the first `n` numbers of this kind that `wanted` accepts.
    fn take(&mut self, kind: Kind, n: usize, wanted: impl Fn(i32) -> bool) -> Vec<i32> {
        let same = self
            .slots
            .iter_mut()
            .filter(|slot| slot.0 == kind && wanted(slot.1));
        let numbers: Vec<_> = same
            .take(n)
            .map(|slot| std::mem::replace(&mut slot.1, TAKEN))
            .collect();
        self.taken
            .extend(numbers.iter().filter(|number| **number >= 0));
        numbers
    }

    fn owned(&self) -> Vec<i32> {
        let owned = self.slots.iter().map(|(_, number)| *number);
        owned.filter(|number| *number >= 0).collect()
    }
}

/// Takes what the plan says, and compares with the model. Then everything else must be closed.
fn run(mut received: Received<'_>, control: &[u8], plan: &[Step]) {
    let mut model = Model {
        slots: slots(control),
        taken: Vec::new(),
    };
    let all = model.owned();
    let number = |slot: Result<i32, ancil::Errno>| slot.unwrap_or_else(|e| e.0.wrapping_neg());
    assert_eq!(received.control().as_bytes(), control);
    for step in plan {
        match *step {
            Step::Fds(n) => {
                let taken: Vec<_> = received.take_raw_fds().take(n.into()).collect();
                assert_eq!(
                    taken,
                    model.take(Kind::Rights, n.into(), |number| number >= 0)
                );
            }
            Step::Slots(n) => {
                let taken: Vec<_> = received
                    .take_raw_slots()
                    .take(n.into())
                    .map(number)
                    .collect();
                assert_eq!(
                    taken,
                    model.take(Kind::Rights, n.into(), |number| number != TAKEN)
                );
            }
            Step::Pidfd => {
                let taken: Vec<_> = received.take_raw_pidfd().into_iter().map(number).collect();
                assert_eq!(taken, model.take(Kind::Pidfd, 1, |number| number != TAKEN));
            }
            Step::Forward(size) => forward(&received, &model, size.into()),
        }
        let left = model.rights().filter(|number| *number >= 0).count();
        let denied = model
            .rights()
            .filter(|number| *number < 0 && *number != TAKEN)
            .count();
        assert_eq!((received.fds_left(), received.fds_denied()), (left, denied));
        assert_eq!(slots(received.control().as_bytes()), model.slots);
    }
    assert_eq!(closed(), []);
    match received.whole() {
        Ok(received) => drop(received),
        Err(e) => assert!(printed_len(format_args!("{e}")) > 0),
    }
    let closed = closed();
    assert_eq!(closed, model.owned());
    let mut once = [closed, model.taken].concat();
    let mut all = all;
    once.sort_unstable();
    all.sort_unstable();
    assert_eq!(once, all);
}

/// Writes the messages again. The descriptors stay where they are.
fn forward(received: &Received<'_>, model: &Model, size: usize) {
    let mut memory = vec![0xaa; size % 2000].into_boxed_slice();
    let mut writer = Writer::new(&mut memory);
    let mut left_out = 0;
    let result = received.forward(&mut writer, |_: Raw<'_>| left_out += 1);
    let written = writer.finish().as_bytes();
    if result.is_err() {
        assert_eq!((written.len(), left_out), (0, 0));
        return;
    }
    let sent: Vec<_> = slots(written)
        .into_iter()
        .map(|(_, number)| number)
        .collect();
    assert_eq!(
        sent,
        model
            .rights()
            .filter(|number| *number >= 0)
            .collect::<Vec<_>>()
    );
}

fuzz_target!(|input: Input<'_>| {
    let payload = |numbers: &[i32], surplus: u8| {
        let mut bytes: Vec<_> = numbers.iter().flat_map(|n| n.to_ne_bytes()).collect();
        bytes.extend(vec![1; usize::from(surplus % 4)]);
        bytes
    };
    let messages: Vec<_> = input
        .messages
        .iter()
        .map(|(kind, numbers, surplus)| {
            let (level, ty) = match kind {
                Kind::Rights => (1, 1),
                Kind::Pidfd => (1, 4),
                Kind::Credentials => (1, 2),
                Kind::Tos => (0, 1),
            };
            (level, ty, payload(numbers, *surplus))
        })
        .collect();
    let list = || {
        messages
            .iter()
            .map(|(level, ty, data)| (*level, *ty, data.as_slice()))
    };
    let original = control(8, list(), input.rest);
    let flags = MsgFlags::from_bits_retain(input.flags);
    let bytes = usize::from(input.bytes);

    let mut exact = original.clone();
    // SAFETY: `close` closes nothing, so the numbers need not be descriptors. This holds for the
    // other calls below as well.
    let received = unsafe { Received::from_control(bytes, flags, &mut exact, close) };
    run(received, &original, &input.plan);

    // The kernel reports a length, which may be more than the buffer has.
    let filled = original
        .len()
        .saturating_add(8)
        .saturating_sub(input.controllen.into());
    let (mut exact, mut name) = (original.clone(), [1, 0, b'a', 0]);
    let (mut head, mut body) = ([7; 5], [8; 300]);
    let mut vectors = [IoVecMut::new(&mut head), IoVecMut::new(&mut body)];
    let mut message = MsgHdrMut::new()
        .name(&mut name)
        .iov(&mut vectors)
        .control(&mut exact);
    let mut reported = message.to_user_msghdr();
    reported.msg_controllen = filled;
    reported.msg_namelen = input.name_len.into();
    reported.msg_flags = input.flags;
    // SAFETY: as above.
    let received = unsafe { Received::from_call(&mut message, bytes, &reported, close) };
    assert_eq!(
        received.chunks().map(<[u8]>::len).sum::<usize>(),
        bytes.min(305)
    );
    assert_eq!(
        (received.name().len(), received.name_len()),
        (usize::from(input.name_len).min(4), input.name_len.into())
    );
    assert!(printed_len(format_args!("{:?} {received:?}", received.address())) > 0);
    run(
        received,
        &original[..filled.min(original.len())],
        &input.plan,
    );

    let mut exact: Box<[_]> = original.iter().copied().map(MaybeUninit::new).collect();
    let (mut name, mut body) = (
        [1, 0, b'a', 0].map(MaybeUninit::new),
        [MaybeUninit::new(9); 300],
    );
    let mut vectors = [IoVecUninit::new(&mut body)];
    let mut message = MsgHdrUninit::new()
        .name(&mut name)
        .iov(&mut vectors)
        .control(&mut exact);
    // SAFETY: as above, and everything is initialised.
    let received = unsafe { Received::from_uninit_call(&mut message, bytes, &reported, close) };
    assert_eq!(received.data().len(), bytes.min(300));
    run(
        received,
        &original[..filled.min(original.len())],
        &input.plan,
    );

    let header = [0, original.len() as u32, input.bytes.into(), input.flags];
    let mut buffer = [
        &header.map(u32::to_ne_bytes).concat(),
        &*original,
        b"payload",
    ]
    .concat();
    let shot = Multishot::new(0, original.len());
    // SAFETY: as above.
    let received = unsafe { shot.received(&mut buffer, close) }.expect("the spaces fit");
    assert_eq!(received.data(), &b"payload"[..bytes.min(7)]);
    run(received, &original, &input.plan);
});
