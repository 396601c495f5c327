//! Which messages of the catalogue went through this kernel, and why the others did not.

use crate::support::{socket, try_set};
use ancil::{CATALOGUE, CatalogueEntry};
use libtest_mimic::{Arguments, Conclusion};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Error as IoError;
use std::process::ExitCode;
use std::sync::Mutex;

/// Protocols that no test uses. The kernel is asked for them in every run.
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

/// Messages that take more than a protocol.
const TAKES: &[(&str, &str)] = &[
    (
        "SCM_WIFI_STATUS",
        "a wireless device, real or of module mac80211_hwsim",
    ),
    (
        "SCM_TIMESTAMPING_PKTINFO",
        "a device that stamps what it receives",
    ),
    (
        "SCM_DEVMEM_LINEAR",
        "a device that receives into its own memory",
    ),
    (
        "SCM_DEVMEM_DMABUF",
        "a device that receives into its own memory; the form that is sent has a test",
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
    change(&mut RECORD.lock().expect("nobody panics meanwhile"))
}

/// There is a test for `messages`.
pub fn declare(messages: &[&'static str]) {
    record(|r| r.declared.extend(messages));
}

/// It has passed.
pub fn proved(messages: &[&'static str]) {
    record(|r| r.proved.extend(messages));
}

/// This kernel or user cannot do it.
pub fn skipped(messages: &[&'static str], reason: &str) {
    record(|r| {
        r.skipped
            .extend(messages.iter().map(|name| (*name, reason.to_owned())))
    });
}

/// Why no test could be done here with messages of this row: `None` if nobody has thought about it.
fn reason(row: &CatalogueEntry) -> Option<String> {
    if let Some((_, what)) = TAKES.iter().find(|(name, _)| *name == row.name) {
        return Some(format!("takes {what}"));
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
        // Where there is TLS, it takes a connection first.
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
        Ok(()) => format!("{what} is here, but no test uses it"),
        Err(e) => format!("{what}: {}", plain(&e)),
    })
}

/// The words of an error without its number.
fn plain(e: &IoError) -> String {
    let words = e.to_string();
    words
        .split(" (os error")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Prints the summary. Fails if a row is in none of its parts, or in two.
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
                "{name} has a test, and stands among those that can have none"
            ));
        }
        if record.proved.contains(name) {
            continue;
        }
        match record.skipped.get(name).cloned().or(reason) {
            Some(reason) => on_bytes.entry(reason).or_default().push(name),
            None if record.declared.contains(name) => not_run.push(name),
            None => wrong.push(format!(
                "{name} has no test, and no reason why: see tests/kernel/summary.rs"
            )),
        }
    }
    let count: usize = on_bytes.values().map(Vec::len).sum();
    if !not_run.is_empty() {
        println!(
            "{} messages whose tests failed or were not run: {}",
            not_run.len(),
            not_run.join(" ")
        );
    }
    for problem in &wrong {
        println!("error: {problem}");
    }
    println!(
        "{} messages on the kernel, {count} on bytes only:",
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
