//! Prints `docs/speed.md`: which goals are met, and every count.

use crate::job::{Case, Goal, Job};
use crate::{count, svg};
use std::fmt::Write;
use std::fs::read_to_string;
use std::process::ExitCode;

/// A job with what it costs.
pub struct Row<'a> {
    pub case: &'a Case,
    pub job: &'a Job,
    pub count: u64,
    lto: u64,
    nanoseconds: Option<f64>,
    /// The most that it may cost, if it has a goal.
    pub limit: Option<f64>,
}

impl Row<'_> {
    pub fn missed(&self) -> bool {
        self.limit.is_some_and(|limit| self.count as f64 > limit)
    }

    /// Returns the case and, unless it is all of ancil, which part of it.
    pub fn name(&self) -> String {
        let part = self
            .job
            .who
            .trim_start_matches("ancil")
            .trim_start_matches(", ");
        let names = [self.case.title, self.case.row, part];
        let names: Vec<_> = names.into_iter().filter(|name| !name.is_empty()).collect();
        names.join(", ")
    }
}

/// Prints the page. Fails if a goal is missed.
pub fn report(cases: &[Case], files: &[&str]) -> ExitCode {
    let read = |file: &str| read_to_string(file).unwrap_or_else(|e| panic!("{file}: {e}"));
    let [counts, lto, times @ ..] = files else {
        panic!("report needs two files of counts")
    };
    let (mut counts, mut lto) = (
        count::parse(&read(counts)).into_iter(),
        count::parse(&read(lto)).into_iter(),
    );
    let times = times.first().map(|file| read(file)).unwrap_or_default();
    let mut times = times.lines().map(|line| line.parse().expect("nanoseconds"));
    let mut rows = Vec::new();
    for case in cases {
        let first = rows.len();
        rows.extend(case.jobs.iter().map(|job| Row {
            case,
            job,
            count: counts.next().expect("a count for each job"),
            lto: lto.next().expect("a count for each job"),
            nanoseconds: times.next(),
            limit: None,
        }));
        let costs: Vec<_> = rows[first..]
            .iter()
            .map(|row| (row.job.who, row.count))
            .collect();
        for row in &mut rows[first..] {
            row.limit = row.job.goal.map(|goal| match goal {
                Goal::AtMost(count) => count as f64,
                Goal::Of(ratio, peer) => {
                    let peer = costs
                        .iter()
                        .find(|(who, _)| *who == peer)
                        .expect("a contestant");
                    ratio * peer.1 as f64
                }
            });
        }
    }
    print!("{}", page(&rows).expect("a String takes any text"));
    svg::write("../docs/speed.svg", &rows);
    let missed = rows.iter().filter(|row| row.missed()).count();
    if missed > 0 {
        eprintln!("{missed} goals are missed");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

impl Goal {
    fn text(self) -> String {
        match self {
            Goal::AtMost(count) => count.to_string(),
            Goal::Of(ratio, peer) => format!("{ratio:.2} of {peer}"),
        }
    }
}

fn page(rows: &[Row<'_>]) -> Result<String, std::fmt::Error> {
    let mut out = String::from(include_str!("head.md"));
    writeln!(out, "| case | instructions | goal | of the goal |")?;
    writeln!(out, "| --- | ---: | --- | ---: |")?;
    for row in rows.iter().filter(|row| !row.case.is_c()) {
        let (Some(goal), Some(limit)) = (row.job.goal, row.limit) else {
            continue;
        };
        let share = bold(row, format!("{:.2}", row.count as f64 / limit));
        let (name, count, goal) = (row.name(), row.count, goal.text());
        writeln!(out, "| {name} | {count} | {goal} | {share} |")?;
    }
    for table in rows.chunk_by(|a, b| a.case.title == b.case.title) {
        writeln!(out, "\n## {}", table[0].case.title)?;
        let cases: Vec<_> = table.chunk_by(|a, b| a.case.row == b.case.row).collect();
        if let [case] = cases[..] {
            one(&mut out, case)?;
        } else {
            many(&mut out, &cases)?;
        }
    }
    Ok(out)
}

fn bold(row: &Row<'_>, text: String) -> String {
    if row.missed() {
        format!("**{text}**")
    } else {
        text
    }
}

/// Writes a row for each contestant.
fn one(out: &mut String, case: &[Row<'_>]) -> std::fmt::Result {
    let timed = case[0].nanoseconds.is_some();
    let (head, line) = if timed {
        (" ns (ratio to the first) |", " ---: |")
    } else {
        ("", "")
    };
    writeln!(out, "| | instructions | with LTO |{head} duty |")?;
    writeln!(out, "| --- | ---: | ---: |{line} --- |")?;
    for row in case {
        let count = bold(row, row.count.to_string());
        write!(out, "| {} | {count} | {} |", row.job.who, row.lto)?;
        if let (Some(time), Some(first)) = (row.nanoseconds, case[0].nanoseconds) {
            write!(out, " {time:.1} ({:.2}) |", time / first)?;
        }
        writeln!(out, " {} |", row.job.duty)?;
    }
    Ok(())
}

/// Writes a row for each case and a column for each contestant, with the ratio to the first.
fn many(out: &mut String, cases: &[&[Row<'_>]]) -> std::fmt::Result {
    let heads: String = cases[0]
        .iter()
        .map(|row| format!(" {} |", row.job.who))
        .collect();
    let lines = " ---: |".repeat(cases[0].len());
    writeln!(out, "| |{heads}\n| --- |{lines}")?;
    for case in cases {
        write!(out, "| {} |", case[0].case.row)?;
        for row in *case {
            let ratio = row.count as f64 / case[0].count as f64;
            let ratio = bold(row, format!("{ratio:.2}"));
            let times = row.nanoseconds.zip(case[0].nanoseconds);
            let time = times.map(|(time, first)| format!("; time {:.2}", time / first));
            let time = time.unwrap_or_default();
            write!(out, " {} ({ratio}{time}) |", row.count)?;
        }
        writeln!(out)?;
    }
    for (i, row) in cases[0].iter().enumerate() {
        write!(out, "\n- {}: {}", row.job.who, row.job.duty)?;
        let goals = cases.iter().filter_map(|case| {
            let row = &case[i];
            Some((row.job.goal?.text(), row.case.row))
        });
        let goals: Vec<_> = goals.collect();
        for same in goals.chunk_by(|a, b| a.0 == b.0) {
            let rows: Vec<_> = same.iter().map(|(_, row)| *row).collect();
            let text = if rows.len() < cases.len() {
                format!("{} for {}", same[0].0, rows.join(", "))
            } else {
                same[0].0.clone()
            };
            write!(out, "; goal {text}")?;
        }
    }
    writeln!(out)
}
