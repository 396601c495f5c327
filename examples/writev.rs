//! Three buffers, one call: gathered by the kernel, written in full.
//!
//! cargo run --example writev --features std,libc

use ancil::{IoVec, io};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut pieces = [
        IoVec::new(b"["),
        IoVec::new(b"THIS IS FROM WRITEV"),
        IoVec::new(b"]\n"),
    ];
    // One writev(2). Should the kernel take less than all, the vectors are advanced by that much and it is asked
    // again; after an error they begin with the first byte that was not written.
    match io::write_all(&std::io::stdout(), &mut &mut pieces[..]) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("writev: {e}");
            ExitCode::FAILURE
        }
    }
}
