//! Tests which user namespace each capability counts in.

use crate::generate::encode_as;
use crate::import::{ACCEPTED, compare, with_control};
use crate::machine::leave_the_network;
use crate::targets::find;
use crate::{Outcome, generated, trial};
use ancil::{SCM_CREDENTIALS, SO_MARK};
use libc::EPERM;
use libtest_mimic::Trial;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("namespaces::capabilities_of_three", || {
            in_user_namespace(capabilities)
        }),
        trial("namespaces::generated", || {
            in_user_namespace(generated::run_here)
        }),
    ]
}

/// Runs a test in a child process with a user namespace of its own, where each id is the same as
/// outside. Its network and its namespace of process ids belong to the user namespace outside.
fn in_user_namespace(test: fn() -> Outcome) -> Outcome {
    leave_the_network();
    let (mut here, mut there) = UnixStream::pair()?;
    // SAFETY: the child runs a test, as this thread would, and exits. The other threads of this
    // process wait meanwhile, and hold no lock that the child needs.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // SAFETY: no memory is involved.
        let status = unsafe { libc::unshare(libc::CLONE_NEWUSER) };
        there.write_all(&[status as u8]).unwrap();
        drop(here);
        let ready = there.read_exact(&mut [0]).is_ok(); // the ids are mapped
        let outcome = std::panic::catch_unwind(|| if ready { test() } else { Ok(None) });
        let passed = matches!(outcome, Ok(Ok(None)));
        if let Ok(Err(failed)) = outcome {
            println!("{failed:?}");
        }
        std::io::stdout().flush().unwrap();
        // SAFETY: the child has no more to do, and no destructor has to run.
        unsafe { libc::_exit(i32::from(!passed)) };
    }
    assert!(child > 0, "fork: {}", std::io::Error::last_os_error());
    drop(there);
    let mut status = [1];
    here.read_exact(&mut status)?;
    let map = |file| std::fs::write(format!("/proc/{child}/{file}"), "0 0 65536\n");
    let reason = match status {
        [0] => map("uid_map")
            .and_then(|()| map("gid_map"))
            .err()
            .map(|e| format!("maps: {e}")),
        _ => Some("this user may not make a user namespace".into()),
    };
    if reason.is_none() {
        here.write_all(&[0])?;
    }
    drop(here);
    let mut status = 0;
    // SAFETY: the call writes an `int` to `status`.
    let waited = unsafe { libc::waitpid(child, &raw mut status, 0) };
    assert_eq!((waited, status), (child, 0), "the child failed");
    Ok(reason)
}

/// This user namespace gives every capability, but owns neither network nor process ids.
fn capabilities() -> Outcome {
    let mut udp = find("udp4").ok_or("no such socket")?;
    udp.connect(&udp.to.clone().unwrap())?;
    udp.socket.state |= ancil::verdict::State::CONNECTED;
    compare(&udp, [(with_control(encode_as(SO_MARK, &[0; 4])), EPERM)])?;
    let unix = find("unix dgram").ok_or("no such socket")?;
    let credentials = |pid: i32, uid: i32, gid: i32| {
        let ids = [pid, uid, gid].map(i32::to_ne_bytes).concat();
        with_control(encode_as(SCM_CREDENTIALS, &ids))
    };
    let (own, init) = (std::process::id() as i32, 1);
    let cases = [
        (credentials(own, 0, 0), ACCEPTED),
        (credentials(own, 1, 1), ACCEPTED),
        (credentials(init, 0, 0), EPERM),
    ];
    compare(&unix, cases)
}
