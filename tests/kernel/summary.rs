//! The summary: which messages of the catalogue went through this kernel, and why others did not.

use crate::support::{socket, try_set};
use ancil::{CATALOGUE, CatalogueEntry};
use libtest_mimic::{Arguments, Conclusion};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Error as IoError;
use std::process::ExitCode;
use std::sync::Mutex;

/// Protocols that no test uses: level, name, and the arguments of `socket(2)`. Every run asks the
/// kernel whether it has them.
const PROTOCOLS: &[(&str, &str, [i32; 3])] = &[
    ("SOL_ALG", "AF_ALG", [libc::AF_ALG, libc::SOCK_SEQPACKET, 0]),
    (
        "SOL_SCTP",
        "IPPROTO_SCTP",
        [libc::AF_INET, libc::SOCK_STREAM, libc::IPPROTO_SCTP],
    ),
    ("SOL_RDS", "AF_RDS", [libc::AF_RDS, libc::SOCK_SEQPACKET, 0]),
    (
        "SOL_RXRPC",
        "AF_RXRPC",
        [libc::AF_RXRPC, libc::SOCK_DGRAM, libc::AF_INET],
    ),
    ("SOL_TIPC", "AF_TIPC", [libc::AF_TIPC, libc::SOCK_RDM, 0]),
    (
        "SOL_HCI",
        "AF_BLUETOOTH",
        [libc::AF_BLUETOOTH, libc::SOCK_RAW, 1],
    ),
    (
        "SOL_BLUETOOTH",
        "AF_BLUETOOTH",
        [libc::AF_BLUETOOTH, libc::SOCK_SEQPACKET, 0],
    ),
    ("SOL_CAN_RAW", "AF_CAN", [libc::AF_CAN, libc::SOCK_RAW, 1]),
    (
        "SOL_CAN_J1939",
        "AF_CAN, J1939",
        [libc::AF_CAN, libc::SOCK_DGRAM, 7],
    ),
    ("SOL_IUCV", "AF_IUCV", [libc::AF_IUCV, libc::SOCK_STREAM, 0]),
    ("SOL_LLC", "AF_LLC", [libc::AF_LLC, libc::SOCK_DGRAM, 0]),
    (
        "SOL_IEEE802154",
        "AF_IEEE802154",
        [libc::AF_IEEE802154, libc::SOCK_DGRAM, 0],
    ),
    ("SOL_MISDN", "AF_ISDN", [libc::AF_ISDN, libc::SOCK_RAW, 0]),
    (
        "SOL_DCCP",
        "IPPROTO_DCCP",
        [libc::AF_INET, 6, libc::IPPROTO_DCCP],
    ),
];

/// Messages that need a device or a peer: name, and what they need.
const NEEDS: &[(&str, &str)] = &[
    (
        "SCM_WIFI_STATUS",
        "a wireless device, real or of module mac80211_hwsim",
    ),
    (
        "SCM_TIMESTAMPING_PKTINFO",
        "a device that makes timestamps of what it receives",
    ),
    (
        "SCM_DEVMEM_LINEAR",
        "a device that receives into its own memory",
    ),
    (
        "SCM_DEVMEM_DMABUF",
        "a device that receives into its own memory; sending has a test",
    ),
    (
        "VSOCK_RECVERR",
        "a peer: module vsock_loopback, or another machine",
    ),
];

#[derive(Default)]
struct Record {
    declared: BTreeSet<&'static str>,
    proved: BTreeSet<&'static str>,
    skipped: BTreeMap<&'static str, String>,
}

static RECORD: Mutex<Record> = Mutex::new(Record {
    declared: BTreeSet::new(),
    proved: BTreeSet::new(),
    skipped: BTreeMap::new(),
});

fn record<T>(change: impl FnOnce(&mut Record) -> T) -> T {
    change(
        &mut RECORD
            .lock()
            .expect("no thread panics while it holds the lock"),
    )
}

/// Records that there is a test for `messages`.
pub fn declare(messages: &[&'static str]) {
    record(|r| r.declared.extend(messages));
}

/// Records that the test for `messages` has passed.
pub fn proved(messages: &[&'static str]) {
    record(|r| r.proved.extend(messages));
}

/// Records why this kernel or user cannot run the test for `messages`.
pub fn skipped(messages: &[&'static str], reason: &str) {
    record(|r| {
        r.skipped
            .extend(messages.iter().map(|name| (*name, reason.to_owned())))
    });
}

/// Returns why no test can send or receive the message of this row, or `None` if a test should
/// exist.
fn reason(row: &CatalogueEntry) -> Option<String> {
    if let Some((_, what)) = NEEDS.iter().find(|(name, _)| *name == row.name) {
        return Some(format!("needs {what}"));
    }
    let (what, there) = if row.level_name == "SOL_TLS" {
        let tls = || {
            try_set(
                &socket(libc::AF_INET, libc::SOCK_STREAM, 0)?,
                libc::IPPROTO_TCP,
                libc::TCP_ULP,
                b"tls",
            )
        };
        // A kernel with TLS answers ENOTCONN, because TLS takes a connection first.
        (
            "TCP_ULP tls",
            tls().or_else(|e| {
                if e.raw_os_error() == Some(libc::ENOTCONN) {
                    Ok(())
                } else {
                    Err(e)
                }
            }),
        )
    } else {
        let (_, what, [family, ty, protocol]) = PROTOCOLS
            .iter()
            .find(|(level, ..)| *level == row.level_name)?;
        (*what, socket(*family, *ty, *protocol).map(drop))
    };
    Some(match there {
        Ok(()) => format!("this kernel has {what}, but no test uses it"),
        Err(e) => format!("{what}: {}", plain(&e)),
    })
}

/// Returns the text of an error without its number.
fn plain(e: &IoError) -> String {
    let words = e.to_string();
    words
        .split(" (os error")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Prints the summary. Fails if a row has neither a test nor a reason why there is none, or has
/// both.
pub fn conclude(arguments: &Arguments, conclusion: &Conclusion) -> ExitCode {
    if arguments.list {
        return conclusion.exit_code();
    }
    let record = record(std::mem::take);
    let (mut on_bytes, mut not_run, mut wrong) =
        (BTreeMap::<_, Vec<_>>::new(), Vec::new(), Vec::new());
    for row in CATALOGUE {
        let (name, reason) = (row.name, reason(row));
        if reason.is_some() && record.declared.contains(name) {
            wrong.push(format!(
                "{name} has a test, but is listed as a message that cannot have one"
            ));
        }
        if record.proved.contains(name) {
            continue;
        }
        match record.skipped.get(name).cloned().or(reason) {
            Some(reason) => on_bytes.entry(reason).or_default().push(name),
            None if record.declared.contains(name) => not_run.push(name),
            None => wrong.push(format!(
                "{name} has neither a test nor a reason in tests/kernel/summary.rs to have none"
            )),
        }
    }
    let count: usize = on_bytes.values().map(Vec::len).sum();
    if !not_run.is_empty() {
        println!(
            "{} messages whose tests failed or did not run: {}",
            not_run.len(),
            not_run.join(" ")
        );
    }
    for problem in &wrong {
        println!("error: {problem}");
    }
    println!(
        "{} messages were tested on the kernel, {count} on bytes only:",
        record.proved.len()
    );
    for (reason, names) in on_bytes {
        println!("    {} ({reason})", names.join(" "));
    }
    if wrong.is_empty() {
        conclusion.exit_code()
    } else {
        ExitCode::FAILURE
    }
}
