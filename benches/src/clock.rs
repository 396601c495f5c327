//! Measures contestants in turns, so that a slow moment of the machine affects all of them.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// A name and a job.
pub type Contestant<'a> = (&'a str, Box<dyn FnMut() + 'a>);

/// Returns a contestant whose job the compiler cannot optimise away, although its result is unused.
pub fn contestant<'a, R>(name: &'a str, mut job: impl FnMut() -> R + 'a) -> Contestant<'a> {
    (name, Box::new(move || drop(black_box(job()))))
}

/// Runs all contestants in turns, many times, and returns the median nanoseconds of each.
pub fn medians(contestants: &mut [Contestant<'_>]) -> Vec<f64> {
    const ROUNDS: usize = 201;
    const ROUND: Duration = Duration::from_micros(400);
    // A round is so many runs that the slowest contestant takes `ROUND`, so that the time of
    // reading the clock is negligible.
    let once = contestants.iter_mut().map(|(_, job)| {
        job();
        let start = Instant::now();
        job();
        start.elapsed()
    });
    let once = once.max().unwrap_or_default().max(Duration::from_nanos(20));
    let runs = (ROUND.as_nanos() / once.as_nanos()).clamp(1, 20_000) as u32;
    let mut times = vec![Vec::with_capacity(ROUNDS); contestants.len()];
    let mut turns: Vec<usize> = (0..contestants.len()).collect();
    let mut state = 1u32;
    for _ in 0..ROUNDS {
        // A random order, because a contestant is faster after one that left the memory in the
        // cache.
        for i in (1..turns.len()).rev() {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            turns.swap(i, (state >> 16) as usize % (i + 1));
        }
        for &turn in &turns {
            let job = &mut contestants[turn].1;
            let start = Instant::now();
            for _ in 0..runs {
                job();
            }
            times[turn].push(start.elapsed().as_nanos() as f64 / f64::from(runs));
        }
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    times.into_iter().map(median).collect()
}

/// Prints the time of each contestant, its rate if `bytes` is not 0, and its time relative to the
/// first one's.
pub fn race(title: &str, bytes: usize, mut contestants: Vec<Contestant<'_>>) {
    println!("{title}");
    let medians = medians(&mut contestants);
    let first = medians.first().copied().unwrap_or(f64::NAN);
    for ((name, _), ns) in contestants.iter().zip(medians) {
        let rate = if bytes == 0 {
            String::new()
        } else {
            format!("{:8.2} GB/s", bytes as f64 / ns)
        };
        println!("    {name:<24}{ns:12.1} ns {rate}   {:5.2}", ns / first);
    }
}
