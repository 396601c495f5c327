//! Compares the verdicts of `ancil::verdict` with the running kernel: both get each message, and
//! both must answer the same.
//!
//! `ANCIL_VERDICTS` is the number of generated messages, and `ANCIL_VERDICTS_SEED` is the seed of
//! the generator. What this kernel or user cannot do is reported as ignored, with the reason.

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::process::ExitCode;

#[path = "verdicts/generate.rs"]
mod generate;
#[path = "verdicts/generated.rs"]
mod generated;
#[path = "verdicts/import.rs"]
mod import;
#[path = "verdicts/machine.rs"]
mod machine;
#[path = "verdicts/namespaces.rs"]
mod namespaces;
#[path = "verdicts/options.rs"]
mod options;
#[path = "verdicts/payloads.rs"]
mod payloads;
#[path = "verdicts/protocols.rs"]
mod protocols;
#[path = "verdicts/states.rs"]
mod states;
#[path = "verdicts/targets.rs"]
mod targets;
#[path = "verdicts/unseen.rs"]
mod unseen;
#[path = "verdicts/verdict.rs"]
mod verdict;

/// The result of a test that did not fail: `Some` is the reason why it could not run.
type Outcome = Result<Option<String>, Failed>;

/// Makes a test with a thread of its own, which may leave the network and drop its capabilities.
fn trial(name: &str, test: fn() -> Outcome) -> Trial {
    Trial::ignorable_test(name, move || {
        let thread = std::thread::spawn(test);
        match thread.join().map_err(|_| Failed::from("panicked"))?? {
            None => Ok(Completion::Completed),
            Some(reason) => Ok(Completion::ignored_with(reason)),
        }
    })
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // The tests check which descriptors are open, so no other thread may open one meanwhile.
    arguments.test_threads = Some(1);
    let mut trials = import::trials();
    trials.extend(protocols::trials());
    trials.extend(options::trials());
    trials.extend(namespaces::trials());
    trials.extend(unseen::trials());
    trials.push(trial("generated", generated::run));
    libtest_mimic::run(&arguments, trials).exit_code()
}
