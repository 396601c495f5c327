//! Netlink against the running kernel: it must accept what our writer writes, and our reader must
//! read its answers.
//!
//! Each test runs in its own network namespace. If this kernel or user cannot do what a test needs,
//! the test is reported as ignored, with the reason.

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::process::ExitCode;

#[path = "netlink/attributes.rs"]
mod attributes;
#[path = "netlink/errors.rs"]
mod errors;
#[path = "netlink/stepping.rs"]
mod stepping;
#[path = "netlink/support.rs"]
mod support;

use support::{Outcome, Stop};

/// Makes a test that runs in a thread with its own network namespace.
fn trial(name: &'static str, test: fn() -> Outcome) -> Trial {
    Trial::ignorable_test(name, move || {
        let thread = std::thread::spawn(move || support::enter_namespace().and_then(|()| test()));
        match thread.join() {
            Ok(Ok(())) => Ok(Completion::Completed),
            Ok(Err(Stop::Skip(reason))) => Ok(Completion::ignored_with(reason)),
            Ok(Err(Stop::Fail(message))) => Err(message.into()),
            Err(_) => Err(Failed::from("panicked; the message is printed above")),
        }
    })
}

fn main() -> ExitCode {
    let tests = vec![
        trial("errors::no_such_device", errors::no_such_device),
        trial(
            "errors::the_offset_of_a_bad_attribute",
            errors::the_offset_of_a_bad_attribute,
        ),
        trial("errors::an_error_of_a_dump", errors::an_error_of_a_dump),
        trial(
            "errors::two_requests_in_one_datagram",
            errors::two_requests_in_one_datagram,
        ),
        trial("attributes::three_nests_deep", attributes::three_nests_deep),
        trial(
            "attributes::an_interface_is_made",
            attributes::an_interface_is_made,
        ),
        trial(
            "attributes::an_address_is_added",
            attributes::an_address_is_added,
        ),
        trial(
            "stepping::the_kernel_finds_the_same_messages",
            stepping::the_kernel_finds_the_same_messages,
        ),
        trial(
            "stepping::the_kernel_finds_the_same_attributes",
            stepping::the_kernel_finds_the_same_attributes,
        ),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}
