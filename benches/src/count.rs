//! Counts instructions. The program runs under callgrind and tells it when to begin and to stop.

use crate::job::Case;
use std::collections::HashMap;
use std::ffi::{CStr, CString};
use std::hint::black_box;

unsafe extern "C" {
    fn count_begin();
    fn count_end(name: *const std::ffi::c_char);
}

/// How often each job is run. The difference to twice as many runs leaves out whatever is not part
/// of a run.
const RUNS: usize = 10;

/// Has callgrind write the instructions of `RUNS` runs of each job, and of twice as many.
pub fn count(cases: &mut [Case]) {
    let (mut nothing, mut number) = (|| black_box(0), 0);
    measure(&mut nothing, &mut number);
    for job in cases.iter_mut().flat_map(|case| &mut case.jobs) {
        measure(&mut job.run, &mut number);
    }
}

fn measure(mut run: &mut dyn FnMut() -> u64, number: &mut usize) {
    // The first run resolves symbols and fills caches.
    black_box(&mut run)();
    for runs in [RUNS, 2 * RUNS] {
        let name = CString::new(number.to_string()).unwrap_or_default();
        *number += 1;
        // SAFETY: neither function has a requirement but that `name` is a string of C, which a
        // CString is.
        unsafe { count_begin() };
        for _ in 0..runs {
            black_box(black_box(&mut run)());
        }
        unsafe { count_end(CStr::as_ptr(&name)) };
    }
}

/// Returns the instructions of each job in the order of `count`, from what callgrind wrote.
pub fn parse(file: &str) -> Vec<u64> {
    let mut totals = HashMap::new();
    let mut name = None;
    for line in file.lines() {
        if let Some(trigger) = line.strip_prefix("desc: Trigger: Client Request: ") {
            name = trigger.parse::<usize>().ok();
        } else if let Some(total) = line.strip_prefix("totals: ") {
            let total: u64 = total.trim().parse().expect("a number");
            totals.extend(name.take().map(|number| (number, total)));
        }
    }
    let total = |number: usize| totals.get(&number).expect("callgrind wrote every count");
    let cost = |job| (total(2 * job + 1) - total(2 * job)) / RUNS as u64;
    let nothing = cost(0);
    (1..totals.len() / 2)
        .map(|job| cost(job) - nothing)
        .collect()
}
