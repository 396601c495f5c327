//! Measures ancil beside what a user would pick instead. `run.sh` runs it:
//! - `check`: whether all contestants of a case return the same, and whether an `Arrival` is what
//!   quinn-udp and s2n-quic decode, in 10,000 generated buffers;
//! - `count`: under callgrind, which writes the counts;
//! - `time`: prints nanoseconds;
//! - `guard COUNTS [--update]`: whether a core case got slower, for `guard.sh`;
//! - `report COUNTS COUNTS_WITH_LTO [TIMES]`: prints `docs/speed.md` and writes `docs/speed.svg`.

mod arrivals_agree;
mod cases;
mod clock;
mod count;
mod guard;
mod job;
mod report;
mod svg;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let mut cases = cases::all();
    match arguments[..] {
        ["check"] => {
            cases.iter_mut().for_each(job::Case::check);
            arrivals_agree::compare();
        }
        ["count"] => count::count(&mut cases),
        ["time"] => clock::race(&mut cases),
        ["guard", counts] => return guard::guard(&cases, counts, false),
        ["guard", counts, "--update"] => return guard::guard(&cases, counts, true),
        ["report", ref files @ ..] => return report::report(&cases, files),
        _ => {
            eprintln!("usage: run.sh or guard.sh");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
