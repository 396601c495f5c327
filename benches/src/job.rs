//! What is measured: cases, each of which several contestants do on the same bytes.

use std::hint::black_box;

/// What a contestant may cost at most.
#[derive(Clone, Copy)]
pub enum Goal {
    /// So many times what this contestant of the same case costs.
    Of(f64, &'static str),
    /// So many instructions.
    AtMost(u64),
}

/// A contestant.
pub struct Job {
    pub who: &'static str,
    /// What it checks, and what it does beside the job.
    pub duty: &'static str,
    pub goal: Option<Goal>,
    /// Does the job once. The result contains every value that was decoded, and is the same for all
    /// contestants of a case.
    pub run: Box<dyn FnMut() -> u64>,
}

/// A job that several contestants do.
pub struct Case {
    /// Cases of one title form one table, with a row for each case.
    pub title: &'static str,
    /// The row; empty if the case is the only one of its title.
    pub row: &'static str,
    pub jobs: Vec<Job>,
}

/// Returns a contestant that does `run` with an input that the compiler does not know.
pub fn job<I: Copy + 'static>(
    who: &'static str,
    duty: &'static str,
    input: I,
    run: impl Fn(I) -> u64 + 'static,
) -> Job {
    Job {
        who,
        duty,
        goal: None,
        run: Box::new(move || run(black_box(input))),
    }
}

/// Returns a contestant that does `run` with memory of its own, which the compiler does not know.
pub fn job_on<S: 'static>(
    who: &'static str,
    duty: &'static str,
    mut state: S,
    mut run: impl FnMut(&mut S) -> u64 + 'static,
) -> Job {
    Job {
        who,
        duty,
        goal: None,
        run: Box::new(move || {
            let result = run(black_box(&mut state));
            black_box(&mut state);
            result
        }),
    }
}

impl Job {
    pub fn goal(mut self, ratio: f64, peer: &'static str) -> Self {
        self.goal = Some(Goal::Of(ratio, peer));
        self
    }

    pub fn at_most(mut self, instructions: u64) -> Self {
        self.goal = Some(Goal::AtMost(instructions));
        self
    }
}

impl Case {
    pub fn new(title: &'static str, jobs: Vec<Job>) -> Self {
        let row = "";
        Self { title, row, jobs }
    }

    /// Whether C does it, which has tables of its own.
    pub fn is_c(&self) -> bool {
        self.title.starts_with("C:")
    }

    /// Does each job once. Fails unless all contestants return the same.
    pub fn check(&mut self) {
        let results: Vec<_> = self
            .jobs
            .iter_mut()
            .map(|job| (job.who, (job.run)()))
            .collect();
        let same = results.iter().all(|(_, result)| *result == results[0].1);
        assert!(
            same && results[0].1 != FAILED,
            "{} {}: {results:x?}",
            self.title,
            self.row
        );
    }
}

/// The result of a job that failed.
pub const FAILED: u64 = u64::MAX;
