//! Measures ancil beside what a user would pick instead. `run.sh` runs it:
//! - `check`: whether all contestants of a case return the same;
//! - `count`: under callgrind, which writes the counts;
//! - `time`: prints nanoseconds;
//! - `report COUNTS COUNTS_WITH_LTO [TIMES]`: prints `docs/speed.md` and writes `docs/speed.svg`.

mod cases;
mod clock;
mod count;
mod job;
mod report;
mod svg;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let mut cases = cases::all();
    match arguments[..] {
        ["check"] => cases.iter_mut().for_each(job::Case::check),
        ["count"] => count::count(&mut cases),
        ["time"] => clock::race(&mut cases),
        ["report", ref files @ ..] => return report::report(&cases, files),
        _ => {
            eprintln!("usage: ancil-benches check | count | time | report COUNTS LTO [TIMES]");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
