// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Defines a message that the catalogue lacks, with payload and key, and writes and reads it among
//! others. Take it for a message of a driver, or of a kernel newer than ancil. Messages that the
//! kernel does not know are for buffers that you carry yourself: sendmsg(2) skips them.
//!
//!     cargo run --example own_message

use ancil::payload::Ucred;
use ancil::zerocopy::{FromBytes, Immutable, IntoBytes};
use ancil::{IP_TTL, SCM_CREDENTIALS, Writer, space_of};

/// What a driver reports about a datagram. The struct has a fixed layout without padding.
#[derive(Debug, Clone, Copy, PartialEq, FromBytes, IntoBytes, Immutable)]
#[zerocopy(crate = "ancil::zerocopy")]
#[repr(C)]
struct Report {
    id: u64,
    queues: u16,
    flags: [u8; 6],
}

ancil::key!(
    /// Level and type are those of the driver. These are made up: the kernel does not use them.
    REPORT: Report = 0x5449, 1
);

/// The space for all three messages, computed by the compiler.
const SPACE: usize = space_of::<(IP_TTL, REPORT, SCM_CREDENTIALS)>();

fn main() -> Result<(), ancil::Error> {
    let mut buffer = [0; SPACE];
    let mut writer = Writer::new(&mut buffer);
    let report = Report {
        id: 7,
        queues: 2,
        flags: *b"secret",
    };
    writer.put(IP_TTL, 64)?;
    writer.put(REPORT, report)?;
    writer.put(
        SCM_CREDENTIALS,
        Ucred {
            pid: 1,
            uid: 0,
            gid: 0,
        },
    )?;
    let control = writer.finish();

    // A message can be found by its key, at any place in the buffer.
    assert_eq!(control.reader().get(REPORT)?, Some(report));

    // Or all messages can be read in order.
    for raw in control.reader() {
        let raw = raw?;
        if let Some(report) = raw.get(REPORT)? {
            println!(
                "datagram {} came through {} queues",
                report.id, report.queues
            );
        } else if let Some(ttl) = raw.get(IP_TTL)? {
            println!("time to live {ttl}");
        } else {
            println!("{}", ancil::Message::from(raw));
        }
    }
    println!("{control:#}");
    Ok(())
}
