//! The guard: core cases may not get slower, as ratios to C or libc in the same run.

use crate::count;
use crate::job::Case;
use std::fs;
use std::process::ExitCode;

/// A ratio may grow by so much before the guard fails.
const SLACK: f64 = 1.03;

/// A line of `guard.txt`: a ratio, the case, who is guarded, and beside whom.
struct Line<'a> {
    ratio: f64,
    case: &'a str,
    who: &'a str,
    peer: &'a str,
}

impl<'a> Line<'a> {
    fn parse(line: &'a str) -> Self {
        let fields: Vec<_> = line.split('|').map(str::trim).collect();
        let [ratio, case, who, peer] = fields[..] else {
            panic!("guard.txt: not a line of four fields: {line}");
        };
        let ratio = ratio.parse().expect("guard.txt: a ratio");
        Self {
            ratio,
            case,
            who,
            peer,
        }
    }

    /// Returns the ratio of this run.
    fn measured(&self, cases: &[Case], counts: &[u64]) -> f64 {
        let jobs = cases.iter().flat_map(|case| {
            let name = [case.title, case.row].join(" ");
            case.jobs.iter().map(move |job| (name.clone(), job.who))
        });
        let costs: Vec<_> = jobs.zip(counts).collect();
        let cost = |who: &str| {
            let found = costs
                .iter()
                .find(|((case, job), _)| case.trim_end() == self.case && *job == who);
            let (_, count) = found.unwrap_or_else(|| panic!("no {who} in {}", self.case));
            **count as f64
        };
        cost(self.who) / cost(self.peer)
    }
}

/// Compares the counts with the ratios in `guard.txt`, or writes them there if `update` is set.
pub fn guard(cases: &[Case], counts: &str, update: bool) -> ExitCode {
    let counts = fs::read_to_string(counts).expect("a file of counts");
    let counts = count::parse(&counts);
    let old = fs::read_to_string("guard.txt").expect("guard.txt");
    let mut new = String::new();
    let mut failed = false;
    for line in old.lines() {
        if line.starts_with('#') {
            new += &format!("{line}\n");
            continue;
        }
        let line = Line::parse(line);
        let ratio = line.measured(cases, &counts);
        let Line {
            case, who, peer, ..
        } = line;
        let slower = ratio > line.ratio * SLACK;
        failed |= slower;
        let word = if slower { "SLOWER" } else { "ok" };
        println!(
            "{word:6} {ratio:.3} was {:.3} | {case} | {who} | {peer}",
            line.ratio
        );
        new += &format!("{ratio:.3} | {case} | {who} | {peer}\n");
    }
    if update {
        fs::write("guard.txt", new).expect("guard.txt");
    } else if failed {
        eprintln!(
            "a core case takes over 3 percent more instructions, beside its peer, than before"
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
