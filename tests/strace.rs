//! Compares what `DisplayControl` prints with what `strace(1)` prints of the same bytes.
//!
//! This program runs itself under strace. The inner run makes the calls (`strace/calls.rs`,
//! `strace/attempts.rs`) and prints each buffer itself; the outer run reads both outputs.
//! `strace/known.rs` lists the known differences and predicts what strace prints there, so that the
//! test also fails when a difference goes away.

#[path = "strace/attempts.rs"]
mod attempts;
#[path = "strace/calls.rs"]
mod calls;
#[path = "strace/known.rs"]
mod known;
#[path = "strace/names.rs"]
mod names;
mod process;
#[path = "strace/socket.rs"]
mod socket;

use known::{KNOWN, SAME};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use process::{LIMIT, run_for};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, ExitCode, Output, Stdio};

/// The release that the predictions are for. Other releases know other messages.
const VERSION: &str = "strace -- version 6.1";
/// The argument of the inner run.
const INNER: &str = "--make-the-calls";

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(INNER) {
        return calls::all();
    }
    let arguments = Arguments::from_args();
    let trials = match outer() {
        Ok(trials) => trials,
        Err(Stop::Skip(why)) => vec![Trial::ignorable_test("everything", move || {
            Ok(Completion::ignored_with(why))
        })],
        Err(Stop::Fail(why)) => vec![Trial::test("everything", move || Err(Failed::from(why)))],
    };
    if !arguments.list {
        KNOWN
            .iter()
            .for_each(|(name, why)| println!("known difference: {name}: {why}"));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

enum Stop {
    Skip(String),
    Fail(String),
}

/// A buffer as we print it.
struct Printed {
    case: String,
    /// A name in `KNOWN`, or `SAME`.
    difference: String,
    /// The text that strace must print.
    expected: String,
    ours: String,
}

fn run(command: &mut Command) -> std::io::Result<Output> {
    Ok(run_for(LIMIT, command.stdin(Stdio::null()).stdout(Stdio::piped()))?.1)
}

/// Returns the reason why no comparison is possible here, if there is one.
fn missing() -> Option<String> {
    match run(Command::new("strace").arg("--version")) {
        Err(e) => return Some(format!("strace: {e}")),
        Ok(out) => {
            let first = String::from_utf8_lossy(&out.stdout)
                .lines()
                .next()
                .unwrap_or_default()
                .to_string();
            if first != VERSION {
                return Some(format!(
                    "this is {first:?}, but the predictions are for {VERSION:?}"
                ));
            }
        }
    }
    match run(Command::new("strace").args(["-o", "/dev/null", "true"])) {
        Ok(out) if out.status.success() => None,
        Ok(out) => Some(format!(
            "cannot trace: {}",
            String::from_utf8_lossy(&out.stderr).trim()
        )),
        Err(e) => Some(format!("strace: {e}")),
    }
}

fn outer() -> Result<Vec<Trial>, Stop> {
    if let Some(why) = missing() {
        return Err(Stop::Skip(why));
    }
    let fail = |e: std::io::Error| Stop::Fail(e.to_string());
    let log =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("strace-{}.log", std::process::id()));
    let mut strace = Command::new("strace");
    strace
        .args([
            "-e",
            "trace=sendmsg,recvmsg",
            "-e",
            "signal=none",
            "-v",
            "-s",
            "4096",
            "-o",
        ])
        .arg(&log);
    let out = run(strace
        .arg(std::env::current_exe().map_err(fail)?)
        .arg(INNER))
    .map_err(fail)?;
    let text = String::from_utf8_lossy(&std::fs::read(&log).map_err(fail)?).into_owned();
    std::fs::remove_file(&log).map_err(fail)?;
    if !out.status.success() {
        return Err(Stop::Fail(format!(
            "{}\n{}",
            out.status,
            String::from_utf8_lossy(&out.stderr)
        )));
    }
    trials(&String::from_utf8_lossy(&out.stdout), &text)
}

/// Returns what strace prints of a message's address and of its control messages, if it has them.
fn traced(line: &str) -> impl Iterator<Item = &str> {
    let cut = |from: &str, to: &str| {
        let start = line.find(from)? + from.len() - 1;
        let len = line[start..].rfind(to)?;
        Some(&line[start..start + len])
    };
    let is_call = line.starts_with("sendmsg(") || line.starts_with("recvmsg(");
    [
        cut("msg_name={", ", msg_namelen="),
        cut("msg_control=[", ", msg_controllen="),
    ]
    .into_iter()
    .filter(move |_| is_call)
    .flatten()
}

fn trials(inner: &str, log: &str) -> Result<Vec<Trial>, Stop> {
    let mut trials = Vec::new();
    let mut printed = Vec::new();
    for line in inner.lines() {
        match line.split('\t').collect::<Vec<_>>()[..] {
            ["skip", case, why] => {
                let why = why.to_string();
                let trial = move || Ok(Completion::ignored_with(why));
                trials.push(Trial::ignorable_test(case, trial));
            }
            [case, difference, expected, ours] => {
                let [case, difference, expected, ours] =
                    [case, difference, expected, ours].map(String::from);
                printed.push(Printed {
                    case,
                    difference,
                    expected,
                    ours,
                });
            }
            _ => return Err(Stop::Fail(format!("not a line of the inner run: {line}"))),
        }
    }
    let traced: Vec<String> = log.lines().flat_map(traced).map(String::from).collect();
    if traced.len() != printed.len() {
        return Err(Stop::Fail(format!(
            "strace prints {} buffers, we print {}:\n{log}",
            traced.len(),
            printed.len()
        )));
    }
    let mut uses: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut cases: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (
        Printed {
            case,
            difference,
            expected,
            ours,
        },
        strace,
    ) in printed.into_iter().zip(traced)
    {
        let (count, wrong) = cases.entry(case.clone()).or_default();
        *count += 1;
        if strace != expected {
            *wrong += &format!("\n  strace   {strace}\n  expected {expected}\n  ours     {ours}");
        } else if (strace == ours) != (difference == SAME) {
            *wrong += &format!("\n  no longer differs by {difference:?}: {strace}");
        }
        if difference != SAME {
            uses.entry(difference).or_default().push(case);
        }
    }
    for (case, (count, mut wrong)) in cases {
        let few: Vec<&str> = wrong.lines().take(13).collect();
        wrong = few.join("\n");
        let result = move || {
            if wrong.is_empty() {
                Ok(())
            } else {
                Err(Failed::from(wrong))
            }
        };
        trials.push(Trial::test(format!("{case} ({count} buffers)"), result));
    }
    for (name, _) in KNOWN {
        let count = uses.remove(name).unwrap_or_default().len();
        let found = move || {
            if count > 0 {
                Ok(())
            } else {
                Err("no buffer shows this difference any more".into())
            }
        };
        trials.push(Trial::test(
            format!("known difference: {name} ({count} buffers)"),
            found,
        ));
    }
    match uses.pop_first() {
        Some((name, cases)) => Err(Stop::Fail(format!(
            "a difference is not listed in KNOWN: {name} in {cases:?}"
        ))),
        None => Ok(trials),
    }
}
