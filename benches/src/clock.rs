//! Measures time: the contestants of a case in turns, so that a slow moment of the machine affects
//! all of them, and of many rounds the shortest, since whatever disturbs makes a round longer.

use crate::job::Case;
use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 301;
/// How long the slowest contestant's round takes, so that reading the clock takes no part of it.
const ROUND: Duration = Duration::from_micros(200);

/// Prints the nanoseconds of each job, in order.
pub fn race(cases: &mut [Case]) {
    for case in cases {
        let mut once = Duration::from_nanos(10);
        for job in &mut case.jobs {
            black_box((job.run)());
            let start = Instant::now();
            black_box((job.run)());
            once = once.max(start.elapsed());
        }
        let runs = (ROUND.as_nanos() / once.as_nanos()).clamp(1, 20_000) as u32;
        let mut best = vec![Duration::MAX; case.jobs.len()];
        for _ in 0..ROUNDS {
            for (job, best) in case.jobs.iter_mut().zip(&mut best) {
                let start = Instant::now();
                for _ in 0..runs {
                    black_box((job.run)());
                }
                *best = start.elapsed().min(*best);
            }
        }
        for best in best {
            println!("{:.1}", best.as_nanos() as f64 / f64::from(runs));
        }
    }
}
