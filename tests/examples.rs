//! Runs every example and compares what it prints with what others say: the kernel's files, this
//! process, the sockets of `std`.
//!
//! If an example has no test, a test here fails. What this kernel or user cannot show is reported
//! as ignored, with the reason.

#[path = "examples/descriptors.rs"]
mod descriptors;
#[path = "examples/dump.rs"]
mod dump;
#[path = "examples/dump_notations.rs"]
mod dump_notations;
#[path = "examples/dump_strace.rs"]
mod dump_strace;
#[path = "examples/dump_strace_errors.rs"]
mod dump_strace_errors;
#[path = "examples/injected.rs"]
mod injected;
#[path = "examples/netlink.rs"]
mod netlink;
#[path = "examples/network.rs"]
mod network;
#[path = "examples/packets.rs"]
mod packets;
#[path = "examples/ping.rs"]
mod ping;
mod process;
#[path = "examples/processes.rs"]
mod processes;
#[path = "examples/program.rs"]
mod program;
#[path = "examples/text.rs"]
mod text;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use program::{Program, Skip};
use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

type Outcome = Result<(), Skip>;
type Test = fn(&Program) -> Outcome;

/// The name of the example, the rest of the test's name, and the test.
const TESTS: &[(&str, &str, Test)] = &[
    ("activation", "across_a_restart", processes::activation),
    (
        "activation",
        "with_numbers_in_use",
        processes::numbers_in_use,
    ),
    ("activation", "not_all_arrived", processes::not_all_arrived),
    ("activation", "wrong_variables", processes::wrong_variables),
    ("activation", "closed_on_exec", processes::closed_on_exec),
    ("bare", "its_copy_of_the_output", descriptors::bare),
    ("bare", "the_error_is_its_status", descriptors::bare_fails),
    ("dump", "every_notation", dump_notations::every_notation),
    (
        "dump",
        "line_and_column_of_an_error",
        dump_notations::place_of_error,
    ),
    ("dump", "picture_of_two_messages", dump::two_messages),
    ("dump", "picture_of_faults", dump::faults),
    ("dump", "words_of_32_and_64_bits", dump::words),
    ("dump", "svg", dump::svg),
    ("dump", "verdict", dump::verdict),
    ("dump", "options_and_exit_codes", dump::options),
    ("dump", "forms_of_strace", dump_strace::forms),
    ("dump", "what_strace_leaves_out", dump_strace_errors::errors),
    ("dump", "a_line_of_strace_itself", dump_strace::real_line),
    ("fd_stream", "each_with_its_own", descriptors::fd_stream),
    (
        "fd_stream",
        "descriptors_are_lost",
        descriptors::too_many_open,
    ),
    ("fd_stream", "interrupted", injected::interrupted),
    ("helper", "only_what_the_worker_may_have", processes::helper),
    ("helper", "of_a_setuid_program", processes::setuid_helper),
    ("helper", "interrupted", injected::interrupted),
    ("netlink", "every_interface", netlink::every_interface),
    (
        "netlink",
        "only_the_loopback_interface",
        netlink::only_the_loopback_interface,
    ),
    ("own_message", "there_and_back", text::own_message),
    ("netlink", "interrupted", injected::interrupted),
    ("pass_fd", "unix_and_udp", descriptors::pass_fd),
    ("ping", "ping_socket", ping::ping_socket),
    ("ping", "raw_socket", ping::raw_socket),
    ("ping", "no_permission", ping::no_permission),
    ("ping", "no_route", ping::no_route),
    ("proxy", "interrupted", injected::interrupted),
    ("proxy", "what_comes_through", descriptors::proxy),
    (
        "timestamps",
        "between_two_readings_of_the_clock",
        packets::timestamps,
    ),
    ("timestamps", "interrupted", injected::interrupted),
    ("timestamps", "refused_by_the_other_host", injected::refused),
    ("timestamps", "of_a_card", packets::of_a_card),
    ("timestamps", "of_no_card", packets::of_no_card),
    ("udp_server", "another_ipv4_address", packets::ipv4_address),
    ("udp_server", "another_ipv6_address", packets::ipv6_address),
    ("udp_server", "a_link_local_address", packets::link_local),
    (
        "udp_server",
        "default_addresses",
        packets::default_addresses,
    ),
    ("udp_server", "interrupted", injected::interrupted),
    ("writev", "three_buffers", text::writev),
    ("writev", "written_in_part", text::written_in_part),
    ("zerocopy", "every_send_is_done", packets::zerocopy),
    ("zerocopy", "interrupted", injected::interrupted),
    ("zerocopy", "no_send_is_done", injected::no_send_is_done),
    ("zerocopy", "no_memory", injected::no_memory),
];

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(dump_strace::INNER) {
        return dump_strace::send();
    }
    let mut arguments = Arguments::from_args();
    // Between fork(2) and execve(2), the tests run code that is not async-signal-safe. That is
    // sound only if no other thread could hold a lock when the process is forked.
    arguments.test_threads = Some(1);
    let trials = if arguments.list {
        Ok(list())
    } else {
        program::build().map(trials)
    };
    let trials = trials.unwrap_or_else(|why| {
        vec![Trial::test("the_examples_can_be_built", || {
            Err(Failed::from(why))
        })]
    });
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Returns the names of the tests for `--list`, without building the examples.
fn list() -> Vec<Trial> {
    TESTS
        .iter()
        .map(|(example, what, _)| Trial::test(format!("{example}::{what}"), || Ok(())))
        .collect()
}

fn trials(programs: BTreeMap<String, Program>) -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("every_example_has_a_test", every_example_has_a_test),
        Trial::test("every_example_is_short", every_example_is_short),
    ];
    for (example, what, test) in TESTS {
        let program = programs.get(*example).cloned();
        trials.push(Trial::ignorable_test(
            format!("{example}::{what}"),
            move || match program.as_ref().map(test) {
                Some(Ok(())) => Ok(Completion::Completed),
                Some(Err(Skip(why))) => Ok(Completion::ignored_with(why)),
                None if *example == "bare" && !program::KNOWS_BARE => {
                    let why = "it has no system calls for this machine";
                    Ok(Completion::ignored_with(why))
                }
                None => Err("cargo builds no example of this name".into()),
            },
        ));
    }
    trials
}

fn every_example_has_a_test() -> Result<(), Failed> {
    let files = std::fs::read_dir(program::root().join("examples"))?.map(|entry| Ok(entry?.path()));
    let files = files.collect::<std::io::Result<Vec<_>>>()?;
    let examples: BTreeSet<_> = files
        .iter()
        .filter_map(|path| path.file_stem()?.to_str())
        .collect();
    let tested: BTreeSet<_> = TESTS.iter().map(|(example, ..)| *example).collect();
    assert_eq!(
        examples, tested,
        "the files in examples/, and the examples that have a test"
    );
    Ok(())
}

/// An example is read from its first line to its last. `dump`, in a folder of its own, is a tool.
fn every_example_is_short() -> Result<(), Failed> {
    let folders = [
        "examples",
        "examples/activation",
        "examples/bare/src",
        "tests/async",
    ];
    for folder in folders {
        for entry in std::fs::read_dir(program::root().join(folder))? {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path)?;
                let lines = text.lines().filter(|line| !line.contains("SPDX-")).count();
                assert!(lines < 120, "{lines} lines in {}", path.display());
            }
        }
    }
    Ok(())
}
