// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Defines a message of your own, with payload and key, and writes and reads it among messages of
//! the catalogue. Take it for a message of a driver of yours, or of a kernel newer than ancil.
//!
//!     cargo run --example own_message

use ancil::payload::Ucred;
use ancil::zerocopy::{FromBytes, Immutable, IntoBytes};
use ancil::{IP_TTL, SCM_CREDENTIALS, Writer, space_of};

/// What a proxy tells its server. The struct has a fixed layout without padding.
#[derive(Debug, Clone, Copy, PartialEq, FromBytes, IntoBytes, Immutable)]
#[zerocopy(crate = "ancil::zerocopy")]
#[repr(C)]
struct Ticket {
    id: u64,
    hops: u16,
    flags: [u8; 6],
}

ancil::key!(
    /// Level and type are numbers that no protocol of the kernel uses.
    TICKET: Ticket = 0x5449, 1
);

/// The space for all three messages, computed by the compiler.
const SPACE: usize = space_of::<(IP_TTL, TICKET, SCM_CREDENTIALS)>();

fn main() -> Result<(), ancil::Error> {
    let mut buffer = [0; SPACE];
    let mut writer = Writer::new(&mut buffer);
    let ticket = Ticket {
        id: 7,
        hops: 2,
        flags: *b"secret",
    };
    writer.put(IP_TTL, 64)?;
    writer.put(TICKET, ticket)?;
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
    assert_eq!(control.reader().get(TICKET)?, Some(ticket));

    // Or all messages can be read in order.
    for raw in control.reader() {
        let raw = raw?;
        if let Some(ticket) = raw.get(TICKET)? {
            println!("ticket {} came over {} hops", ticket.id, ticket.hops);
        } else if let Some(ttl) = raw.get(IP_TTL)? {
            println!("time to live {ttl}");
        } else {
            println!("{}", ancil::Message::from(raw));
        }
    }
    println!("{control:#}");
    Ok(())
}
