// SPDX-License-Identifier: MIT OR Apache-2.0
use super::super::owned_control::tests::{CLOSED, close};
use super::*;
use crate::addr::AF_UNIX;
use crate::table::keys::SCM_PIDFD;
use crate::wire::control::RIGHTS;
use crate::wire::encode::bytes_of_messages;
use crate::wire::key::Key;
use std::format;
use std::string::ToString;
use std::vec::Vec;

/// Calls `use_it` with a message that brought the descriptor 5, an error, and the pidfd 6, from
/// a socket of this family. Returns the descriptors that were closed when it was dropped.
fn closed(family: u16, use_it: impl FnOnce(&mut Received)) -> Vec<i32> {
    let numbers = [5, -13].map(i32::to_ne_bytes).concat();
    let mut control = bytes_of_messages(&[
        (RIGHTS.0, RIGHTS.1, &numbers),
        (SCM_PIDFD::LEVEL, SCM_PIDFD::TYPE, &6i32.to_ne_bytes()),
    ]);
    let name = family.to_ne_bytes();
    let outcome = Outcome {
        name_len: name.len(),
        control_len: control.len(),
        ..Outcome::default()
    };
    CLOSED.take();
    // SAFETY: each number must be a descriptor that `close` may be called with once. `close`
    // only notes the number.
    let received = unsafe { Received::new(outcome, &mut control, close) };
    use_it(&mut received.with_groups(&name, Space::Buffer(&[])));
    CLOSED.take()
}

#[test]
fn raw_numbers_are_handed_over_with_errors_in_their_places() {
    let closed = closed(AF_UNIX, |received| {
        assert_eq!((received.fds_left(), received.fds_denied()), (1, 1));
        let slots: Vec<_> = received.take_raw_slots().collect();
        assert_eq!(slots, [Ok(5), Err(Errno(13))]);
        assert_eq!((received.fds_left(), received.fds_denied()), (0, 0));
        assert_eq!(received.take_raw_pidfd(), Some(Ok(6)));
    });
    assert_eq!(closed, []);
}

#[test]
fn messages_of_internet_sockets_are_not_searched() {
    for (family, expected) in [(AF_UNIX, &[5, 6][..]), (AF_INET, &[]), (AF_INET6, &[])] {
        assert_eq!(closed(family, |_| ()), expected);
    }
}

#[test]
fn what_was_received_is_printed_with_its_control_messages() {
    closed(AF_UNIX, |received| {
        let text = format!("{received:?}");
        assert!(
            text.contains("SCM_RIGHTS") && text.contains("bytes: 0"),
            "{text}"
        );
    });
}

#[test]
fn a_truncated_message_says_what_is_missing() {
    for (flags, what) in [
        (MsgFlags::MSG_TRUNC | MsgFlags::MSG_CTRUNC, "bytes"),
        (MsgFlags::MSG_CTRUNC, "descriptors"),
    ] {
        let error = Truncated { flags };
        assert!(error.to_string().contains(what));
        #[cfg(feature = "std")]
        {
            let error = std::io::Error::from(error);
            assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
            assert!(error.to_string().contains(what));
        }
    }
}
