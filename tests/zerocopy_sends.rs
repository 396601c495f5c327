//! Compares `ZerocopySends` with a model, which holds for each send whether it is done, over random
//! sends and completions: joined, split, repeated, in any order, and across the end of the numbers.
//! Every case has a fixed seed, so that failures repeat.

use ancil::{SendNumbers, ZerocopyError, ZerocopySends};
use std::ops::Range;

const CASES: u64 = 3000;
const PLACES: usize = 4;

/// The SplitMix64 generator.
struct Random(u64);

impl Random {
    /// Returns a number less than `n`.
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

/// The sends of one socket, by their index: whether each is done.
struct Model {
    start: u32,
    done: Vec<bool>,
    recorded: Vec<(SendNumbers, Range<usize>)>,
}

impl Model {
    /// Returns the kernel's number of a send.
    fn number(&self, index: usize) -> u32 {
        self.start.wrapping_add(index as u32)
    }

    fn oldest(&self) -> usize {
        (self.done.iter().position(|done| !done)).unwrap_or(self.done.len())
    }

    /// Returns how many ranges of done sends follow the oldest send that is not done.
    fn gaps(&self) -> usize {
        let after = &self.done[self.oldest()..];
        after
            .windows(2)
            .filter(|pair| pair == &[false, true])
            .count()
    }

    /// Returns the answer to a completion, and takes it if the answer is Ok.
    fn complete(&mut self, range: Range<usize>) -> Result<(), ZerocopyError> {
        if range.end > self.done.len() {
            let missing = range.end - self.done.len();
            return Err(ZerocopyError::NotRecorded { missing });
        }
        let before = self.done.clone();
        self.done[range].fill(true);
        if self.gaps() > PLACES {
            self.done = before;
            return Err(ZerocopyError::NoSpace { capacity: PLACES });
        }
        Ok(())
    }

    fn check(&self, sends: &ZerocopySends<PLACES>) {
        assert_eq!(sends.outstanding(), self.done.len() - self.oldest());
        for (numbers, range) in &self.recorded {
            let done = self.done[range.clone()].iter().all(|done| *done);
            assert_eq!(sends.is_done(*numbers), done, "{range:?} of {sends:?}");
        }
    }
}

/// Returns a range of sends that overlaps those that are not done yet, and perhaps others.
fn range(random: &mut Random, model: &Model) -> Range<usize> {
    let (end, oldest) = (model.done.len(), model.oldest());
    let from = match random.below(4) {
        0 => random.below(end + 1),
        1 => oldest,
        _ => oldest + random.below(end - oldest + 1),
    };
    let longest = [1, 2, 3, 10][random.below(4)];
    let to = from + 1 + random.below(longest);
    from..if random.below(30) == 0 {
        to
    } else {
        to.min(end).max(from + 1)
    }
}

#[test]
fn agrees_with_a_model() {
    let (mut no_space, mut not_recorded, mut repeated) = (0, 0, 0);
    for case in 0..CASES {
        let random = &mut Random(case);
        // Most cases begin so that the numbers wrap around, and some at the first number of all.
        let start = [0, 0u32.wrapping_sub(random.below(100) as u32), 1 << 31][random.below(3)];
        let mut sends = ZerocopySends::<PLACES>::starting_at(start);
        let mut model = Model {
            start,
            done: vec![],
            recorded: vec![],
        };
        for _ in 0..100 {
            if random.below(3) == 0 {
                let count = random.below(5);
                let first = model.done.len();
                model.done.resize(first + count, false);
                let numbers = sends.record(count).unwrap();
                model.recorded.push((numbers, first..first + count));
            } else {
                let range = range(random, &model);
                let (first, last) = (model.number(range.start), model.number(range.end - 1));
                repeated += usize::from(model.done.get(range.start) == Some(&true));
                let expected = model.complete(range.clone());
                assert_eq!(
                    sends.complete(first, last),
                    expected,
                    "{range:?} of {sends:?}"
                );
                match expected {
                    Err(ZerocopyError::NoSpace { .. }) => no_space += 1,
                    Err(_) => not_recorded += 1,
                    Ok(()) => {}
                }
            }
            model.check(&sends);
        }
        // Whatever was refused for lack of space is accepted in the end.
        for index in 0..model.done.len() {
            let number = model.number(index);
            assert_eq!(sends.complete(number, number), Ok(()));
        }
        model.done.fill(true);
        model.check(&sends);
    }
    assert!(no_space > 1000 && not_recorded > 1000 && repeated > 1000);
}

/// The promise about the capacity: with up to 2 * N + 1 outstanding sends there is always space.
#[test]
fn so_many_outstanding_sends_always_find_space() {
    for case in 0..CASES {
        let random = &mut Random(case);
        let mut sends = ZerocopySends::<PLACES>::starting_at(u32::MAX - 4);
        sends.record(2 * PLACES + 1).unwrap();
        let mut order: Vec<u32> = (0..=2 * PLACES as u32).collect();
        for i in (1..order.len()).rev() {
            order.swap(i, random.below(i + 1));
        }
        for number in order.into_iter().map(|i| (u32::MAX - 4).wrapping_add(i)) {
            assert_eq!(sends.complete(number, number), Ok(()));
        }
        assert_eq!(sends.outstanding(), 0);
    }
}
