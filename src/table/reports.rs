// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`report_of`]: the report in any message of the error queue.
#![forbid(unsafe_code)]

use super::keys;
use crate::error::BadPayload;
use crate::payload::{RecvErr, SockExtendedErr};
use crate::wire::cmsg::Raw;
use crate::wire::key::Key;
use crate::wire::payload::Payload;

/// Returns the form of the report if the message has this key, and its payload is a report.
macro_rules! return_form {
    ($raw:ident, $NAME:ident, SockExtendedErr) => {
        return_form!(@ $raw, $NAME, Bare)
    };
    ($raw:ident, $NAME:ident, RecvErrV4) => {
        return_form!(@ $raw, $NAME, WithAddress)
    };
    ($raw:ident, $NAME:ident, RecvErrV6) => {
        return_form!(@ $raw, $NAME, WithAddress)
    };
    ($raw:ident, $NAME:ident, $other:tt) => {};
    (@ $raw:ident, $NAME:ident, $Form:ident) => {
        if keys::$NAME.is($raw) {
            return Some(Form::$Form);
        }
    };
}

/// The payloads that are reports. The C library has no pointers to their decoders.
enum Form {
    Bare,
    WithAddress,
}

macro_rules! define_form_of {
    ($(
        $(#[doc = $doc:literal])+
        $NAME:ident = $level:ident, $number:literal, $sparc:literal, $printed:literal,
            $Variant:ident, $direction:ident, $received:tt, $sent:tt,
            [$($option:ident)?] $note:literal, $form:ident, $source:literal;
    )+) => {
        fn form_of(raw: &Raw<'_>) -> Option<Form> {
            $( return_form!(raw, $NAME, $received); )+
            None
        }
    };
}

catalogue!(define_form_of);

/// Returns the report that a message carries, without an address if messages of its type have none.
/// `None` if messages of its type carry no report.
pub(crate) fn report_of<'a>(raw: &Raw<'a>) -> Result<Option<RecvErr<'a>>, BadPayload> {
    let report = match form_of(raw) {
        None => return Ok(None),
        Some(Form::Bare) => SockExtendedErr::decode(raw.data).map(|error| RecvErr {
            error,
            address: &[],
        }),
        Some(Form::WithAddress) => RecvErr::decode(raw.data),
    };
    match report {
        Ok(report) => Ok(Some(report)),
        Err(cause) => Err(raw.bad_payload(cause)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::entries::CATALOGUE;
    use crate::table::message::Message;
    use std::format;

    /// Every message that prints as a `sock_extended_err` is read as one, and no other.
    #[test]
    fn every_message_with_a_report_is_read() {
        let mut found = 0;
        for row in CATALOGUE {
            let data = [0; 16];
            let raw = Raw::new(row.level, row.ty, &data);
            let text = format!("{}", Message::parse(row.family, raw));
            let has_report = row.family == 0 && text.starts_with("{ee_errno=");
            assert_eq!(
                report_of(&raw).unwrap().is_some(),
                has_report,
                "{}",
                row.name
            );
            found += usize::from(has_report);
        }
        assert!(found >= 7);
    }

    #[test]
    fn a_report_that_is_cut_short_is_an_error() {
        for data in [&[][..], &[0; 15]] {
            let raw = Raw::new(keys::IP_RECVERR::LEVEL, keys::IP_RECVERR::TYPE, data);
            let cause = Message::from(raw);
            assert!(
                matches!(cause, Message::BadPayload { error, .. } if Err(error) == report_of(&raw))
            );
        }
    }
}
