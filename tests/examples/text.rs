//! Tests of `writev` and `own_message`, which print text.

use crate::Outcome;
use crate::program::{Program, run_into_file};
use std::fs::File;
use std::io::{Error, Read, Seek};
use std::os::fd::FromRawFd;
use std::os::unix::process::CommandExt;

pub fn writev(program: &Program) -> Outcome {
    assert_eq!(program.prints(&[])?, "[THIS IS FROM WRITEV]\n");
    Ok(())
}

/// Writes into a file that may grow to seven bytes: the first call writes seven bytes, and the next
/// one fails.
pub fn written_in_part(program: &Program) -> Outcome {
    // SAFETY: the name is a string that ends with NUL. `memfd_create` opens a new descriptor, so
    // nothing else owns it.
    let mut file =
        unsafe { File::from_raw_fd(libc::memfd_create(c"seven".as_ptr(), libc::MFD_CLOEXEC)) };
    let mut command = program.command(&[]);
    let limit = || {
        let seven = libc::rlimit {
            rlim_cur: 7,
            rlim_max: 7,
        };
        // SIGXFSZ would end the process when it exceeds the limit.
        // SAFETY: SIG_IGN installs no handler, and `setrlimit` only reads `seven`.
        let failed = unsafe {
            libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
            libc::setrlimit(libc::RLIMIT_FSIZE, &raw const seven) < 0
        };
        if failed {
            Err(Error::last_os_error())
        } else {
            Ok(())
        }
    };
    // SAFETY: `limit` makes two system calls and neither allocates nor takes a lock.
    let finished = run_into_file(
        unsafe { command.pre_exec(limit) },
        file.try_clone().expect("the file"),
    )?;
    let mut text = String::new();
    file.rewind().expect("a file");
    file.read_to_string(&mut text).expect("text");
    assert_eq!((text.as_str(), finished.ok), ("[THIS I", false));
    assert_eq!(
        finished.err,
        format!("writev: errno {} after 7 bytes\n", libc::EFBIG)
    );
    Ok(())
}

pub fn own_message(program: &Program) -> Outcome {
    let out = program.prints(&[])?;
    let lines: Vec<_> = out.lines().take(3).collect();
    assert_eq!(
        lines,
        [
            "time to live 64",
            "datagram 7 came through 2 queues",
            "{pid=1, uid=0, gid=0}"
        ]
    );
    // The dump shows the level and the bytes of the unknown payload.
    assert!(
        out.contains("cmsg_level = 0x5449") && out.contains("73 65 63 72 65 74"),
        "{out}"
    );
    Ok(())
}
