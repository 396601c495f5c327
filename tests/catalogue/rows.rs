//! Compares the rows of our table with the list: every message of the list must have a row, and
//! every row must agree with the list.

use crate::list::{List, Message};
use crate::{Problems, trial};
use ancil::addr::{AF_BLUETOOTH, AF_ISDN};
use ancil::compat::Translation;
use ancil::{Abi, CATALOGUE, CatalogueEntry, Direction, Raw};
use libtest_mimic::Trial;
use std::collections::BTreeSet;
use std::fs::read_to_string;

/// Messages of the list that have no row, and why.
const NO_ROW: &[(&str, &str)] = &[];

/// The tests try payloads of up to this many bytes.
const LONGEST: usize = 200;

/// The payload lengths that a row's decoder accepts, and why, if they differ from the length that
/// the kernel uses on this machine.
const LENGTHS: &[(&str, Lengths, &str)] = &[
    ("SO_TIMESTAMP_OLD", Lengths::OneOf(&[8, 16]), BY_LENGTH),
    ("SO_TIMESTAMP_NEW", Lengths::OneOf(&[8, 16]), BY_LENGTH),
    ("SO_TIMESTAMPNS_OLD", Lengths::OneOf(&[8, 16]), BY_LENGTH),
    ("SO_TIMESTAMPNS_NEW", Lengths::OneOf(&[8, 16]), BY_LENGTH),
    (
        "SO_TIMESTAMPING_OLD",
        Lengths::OneOf(&[4, 24, 48]),
        BY_LENGTH,
    ),
    (
        "SO_TIMESTAMPING_NEW",
        Lengths::OneOf(&[4, 24, 48]),
        BY_LENGTH,
    ),
    ("HCI_CMSG_TSTAMP", Lengths::OneOf(&[8, 16]), BY_LENGTH),
    ("MISDN_TIME_STAMP", Lengths::OneOf(&[8, 16]), BY_LENGTH),
    (
        "IP_RECVERR",
        Lengths::AtLeast(16),
        "the address of the offender may be missing or truncated",
    ),
    (
        "IPV6_RECVERR",
        Lengths::AtLeast(16),
        "the address of the offender may be missing or truncated",
    ),
    (
        "RXRPC_CHALLENGED",
        Lengths::OneOf(&[4, 8]),
        "only some security classes add to the base challenge",
    ),
    (
        "ALG_SET_IV",
        Lengths::AtLeast(4),
        "the payload starts with the length of the IV, in four bytes",
    ),
];

const BY_LENGTH: &str =
    "the length shows the word size of the process that the message was made for";

/// Rows whose option the list words differently, and the list's words.
const OPTIONS: &[(&str, &str)] = &[
    ("RDS_CMSG_RDMA_DEST", "-"),
    ("RXRPC_USER_CALL_ID", "-"),
    ("RXRPC_ABORT", "-"),
    ("RXRPC_ACK", "-"),
    ("RXRPC_NET_ERROR", "-"),
    ("RXRPC_BUSY", "-"),
    ("RXRPC_LOCAL_ERROR", "-"),
    ("RXRPC_NEW_CALL", "-"),
    ("RXRPC_RESPONDED", "-"),
    ("SCM_RIGHTS", "none (always on)"),
    ("TLS_SET_RECORD_TYPE", "TLS_TX ULP configured"),
    ("TLS_GET_RECORD_TYPE", "TLS_RX ULP configured"),
    // The peer sets this option, not the sender.
    (
        "RXRPC_UPGRADE_SERVICE",
        "RXRPC_UPGRADEABLE_SERVICE (server)",
    ),
];

enum Lengths {
    OneOf(&'static [usize]),
    AtLeast(usize),
}

impl Lengths {
    fn set(&self) -> BTreeSet<usize> {
        match *self {
            Self::OneOf(some) => some.iter().copied().collect(),
            Self::AtLeast(least) => (least..=LONGEST).collect(),
        }
    }
}

/// One row of our table.
struct Row(&'static CatalogueEntry);

impl Row {
    fn is(&self, message: &Message) -> bool {
        self.0.level_name == message.level && i64::from(self.0.ty) == message.here
    }

    /// Returns whether `Message` decodes the payload.
    fn decodes(&self, payload: &[u8]) -> bool {
        let raw = Raw::new(self.0.level, self.0.ty, payload);
        !matches!(
            ancil::Message::parse(self.0.family, raw),
            ancil::Message::Unknown(_) | ancil::Message::BadPayload { .. }
        )
    }

    /// Compares level, type and direction.
    fn numbers(&self, entries: &[&Message]) -> Problems {
        let mut wrong = Problems::new();
        let mut same = |what: &str, ours: i64, theirs: i64| {
            if ours != theirs {
                wrong.push(format!("{what} is {ours}, in the list {theirs}"));
            }
        };
        for entry in entries {
            same("level", self.0.level.into(), entry.level_value);
            same("type on sparc", self.0.ty_sparc.into(), entry.sparc);
            same("type on this machine", self.0.ty.into(), entry.here);
        }
        let dir = match (
            entries.iter().any(|e| e.send),
            entries.iter().any(|e| e.recv),
        ) {
            (true, true) => Some(Direction::Both),
            (true, false) => Some(Direction::Send),
            (false, true) => Some(Direction::Recv),
            (false, false) => None,
        };
        if Some(self.0.direction) != dir {
            wrong.push(format!(
                "the direction is {:?}, in the list {dir:?}",
                self.0.direction
            ));
        }
        if (self.0.sent == "NotSent") != (dir == Some(Direction::Recv)) {
            wrong.push(format!(
                "the type to send is {}, in the list the direction is {dir:?}",
                self.0.sent
            ));
        }
        wrong
    }

    /// Checks that payloads of the expected lengths are decoded, and no others.
    fn lengths(&self, entries: &[&Message]) -> Problems {
        let kernels = |entry: &&Message| match entry.size {
            Some(size) => BTreeSet::from([size]),
            None => Lengths::AtLeast(0).set(),
        };
        let kernels: BTreeSet<usize> = entries.iter().flat_map(kernels).collect();
        let more = LENGTHS.iter().find(|(name, ..)| *name == self.0.name);
        let expected = more.map_or(kernels.clone(), |(_, lengths, _)| lengths.set());
        let taken: BTreeSet<usize> = (0..=LONGEST)
            .filter(|&n| self.decodes(&[0; LONGEST][..n]))
            .collect();
        let mut wrong = Problems::new();
        if taken != expected {
            let (refused, extra) = (expected.difference(&taken), taken.difference(&expected));
            wrong.push(format!(
                "lengths: wrongly refuses {:?}, wrongly decodes {:?}",
                Vec::from_iter(refused),
                Vec::from_iter(extra)
            ));
        }
        if more.is_some() && expected == kernels {
            wrong.push("has an entry in LENGTHS that it does not need".into());
        }
        // If the list allows any length, the entry in LENGTHS gives the minimum.
        if !expected.is_superset(&kernels) && !entries.iter().all(|e| e.size.is_none()) {
            wrong.push(format!(
                "lengths: {kernels:?} in the list, {expected:?} in LENGTHS"
            ));
        }
        wrong
    }

    /// Checks the texts: the summary, what switches the message on, and the source.
    fn texts(&self, entries: &[&Message]) -> Problems {
        let mut wrong = Problems::new();
        let [doc, option, source] =
            [self.0.summary, self.0.switched_on_by, self.0.source].map(str::trim);
        if !doc.ends_with('.') || doc.len() < 10 || option.is_empty() || source.len() < 4 {
            wrong.push(format!(
                "a text is missing or too short: {doc:?}, {option:?}, {source:?}"
            ));
        }
        let theirs = match OPTIONS.iter().find(|(name, _)| *name == self.0.name) {
            Some((_, theirs)) => *theirs,
            None if option.starts_with("always") => "always",
            None => option,
        };
        let agrees = |e: &&Message| {
            if theirs == "-" {
                e.option.starts_with(theirs)
            } else {
                e.option.contains(theirs)
            }
        };
        if !entries.iter().any(agrees) {
            let options: Vec<_> = entries.iter().map(|e| &e.option).collect();
            wrong.push(format!(
                "switched on by {option:?}, in the list {options:?}"
            ));
        }
        let historic = source.ends_with("historic");
        if entries.iter().any(|e| e.historic != historic) {
            wrong.push(format!(
                "only one of {source:?} and the list says that it is historic"
            ));
        }
        if let Some((_, version)) = source.split_once("Linux ") {
            let within = |e: &&Message| {
                let (absent, present) = (parts(&e.since.0), parts(&e.since.1));
                absent < parts(version) && parts(version) <= present
            };
            if !entries.iter().any(within) {
                let theirs: Vec<_> = entries.iter().map(|e| &e.since).collect();
                wrong.push(format!(
                    "since Linux {version}, in the list between {theirs:?}"
                ));
            }
        }
        wrong
    }
}

/// Splits a version of the kernel into its numbers.
fn parts(version: &str) -> Vec<u32> {
    version
        .split('.')
        .filter_map(|part| part.parse().ok())
        .collect()
}

/// Returns the messages that have a row, and those that have neither a row nor a reason.
fn matched(list: &List) -> (Vec<&Message>, Vec<&Message>) {
    let (with, without): (Vec<_>, Vec<_>) = list
        .messages
        .iter()
        .partition(|m| CATALOGUE.iter().any(|row| Row(row).is(m)));
    (
        with,
        without
            .into_iter()
            .filter(|m| !NO_ROW.iter().any(|(id, _)| *id == m.id))
            .collect(),
    )
}

fn every_message_has_a_row(list: &List) -> Problems {
    let (with, missing) = matched(list);
    let mut wrong: Problems = missing
        .iter()
        .map(|m| format!("{}: has neither a row nor a reason to omit it", m.id))
        .collect();
    for (id, reason) in NO_ROW {
        if reason.is_empty()
            || with.iter().any(|m| m.id == *id)
            || !list.messages.iter().any(|m| m.id == *id)
        {
            wrong.push(format!(
                "{id}: has a row, has no reason to omit it, or is not in the list"
            ));
        }
    }
    if list.messages.len() < 100 {
        wrong.push(format!("only {} messages were read", list.messages.len()));
    }
    wrong
}

/// Checks the numbers of messages and rows that the documentation names.
fn numbers_in_words(list: &List) -> Problems {
    let (messages, rows) = (list.messages.len(), CATALOGUE.len());
    let pairs = CATALOGUE
        .iter()
        .filter(|row| list.messages.iter().filter(|m| Row(row).is(m)).count() == 2)
        .count();
    let texts = [
        ("README.md", format!("All {messages} messages")),
        (
            "CHANGELOG.md",
            format!("All {messages} control messages of Linux, in {rows} rows"),
        ),
        (
            "src/table/entries.rs",
            format!("{messages} messages in {rows} rows."),
        ),
        (
            "src/table/entries.rs",
            format!("one message, except {pairs} that stand for two"),
        ),
    ];
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let lacks = |(file, text): &&(&str, String)| {
        let content = read_to_string(format!("{root}/{file}")).expect("a file");
        !content.contains(text)
    };
    let mut wrong: Problems = texts
        .iter()
        .filter(lacks)
        .map(|(file, text)| format!("{file} does not say {text:?}"))
        .collect();
    if rows + pairs != messages {
        wrong.push(format!(
            "{messages} messages, but {rows} rows, {pairs} of which stand for two"
        ));
    }
    wrong
}

/// Messages of two sizes that the kernel does not convert for 32-bit programs. Their notes in the
/// list explain why.
const KEPT: &[&str] = &["rds_rdma_status", "rds_rxpath_latency", "misdn_time_stamp"];

/// Checks that each 32-bit message is translated into a message of the size that the list gives for
/// 64 bits.
fn both_sizes(list: &List) -> Problems {
    let (mut wrong, mut differ) = (Problems::new(), 0);
    for message in &list.messages {
        let Some([narrow, wide]) = message.sizes else {
            continue;
        };
        let kept = KEPT.contains(&&*message.id);
        if kept && narrow == wide {
            wrong.push(format!("{}: is in KEPT, but has only one size", message.id));
        }
        let family = match &*message.level {
            "SOL_HCI" => AF_BLUETOOTH,
            "SOL_MISDN" => AF_ISDN,
            _ => 0,
        };
        let [from, to] = [Abi::LINUX_32, Abi::LINUX_64];
        let numbers = [
            from.cmsg_len(narrow) as u32,
            message.level_value as u32,
            message.here as u32,
        ];
        let mut control = numbers.map(u32::to_ne_bytes).concat();
        control.resize(from.cmsg_space(narrow), 0);
        let expected = to.cmsg_space(if kept { narrow } else { wide });
        let translated = Translation::WIDEN.family(family).translated_len(&control);
        if translated != Ok(expected) {
            wrong.push(format!(
                "{}: {narrow} bytes become {translated:?} instead of {expected}",
                message.id
            ));
        }
        differ += usize::from(narrow != wide);
    }
    if differ < KEPT.len() + 5 {
        wrong.push(format!("only {differ} messages of two sizes were read"));
    }
    wrong
}

pub fn trials(list: &'static List) -> Vec<Trial> {
    let one = |row: Row| {
        trial(format!("rows::{}", row.0.name), move || {
            let entries: Vec<_> = list.messages.iter().filter(|m| row.is(m)).collect();
            if entries.is_empty() {
                return vec!["not in the list".into()];
            }
            let mut wrong = [
                row.numbers(&entries),
                row.lengths(&entries),
                row.texts(&entries),
            ]
            .concat();
            wrong.dedup();
            wrong
        })
    };
    let all = trial("rows::every_message_has_a_row", move || {
        every_message_has_a_row(list)
    });
    let sizes = trial("rows::both_word_sizes", move || both_sizes(list));
    let words = trial("rows::numbers_in_words", move || numbers_in_words(list));
    CATALOGUE
        .iter()
        .map(Row)
        .map(one)
        .chain([all, sizes, words])
        .collect()
}

pub fn summary(list: &List) -> String {
    let (with, _) = matched(list);
    format!(
        "{} of {} messages have one of {} rows; omitted: {NO_ROW:?}",
        with.len(),
        list.messages.len(),
        CATALOGUE.len()
    )
}
