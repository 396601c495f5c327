// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Writes three buffers in full, with one call that gathers them. Take it for a header and a body
//! that are in different places.
//!
//!     cargo run --example writev --features std

use ancil::{IoVec, io};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut pieces = [
        IoVec::new(b"["),
        IoVec::new(b"THIS IS FROM WRITEV"),
        IoVec::new(b"]\n"),
    ];
    // Calls writev(2) once. If the kernel writes only a part, the vectors are advanced by that much
    // and the call is repeated. After an error, they begin with the first byte that was not
    // written.
    match io::write_all(&std::io::stdout(), &mut &mut pieces[..]) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("writev: {e}");
            ExitCode::FAILURE
        }
    }
}
