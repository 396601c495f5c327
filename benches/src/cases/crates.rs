//! What other crates make of control messages.

use crate::job::FAILED;
use nix::sys::socket::{MsgFlags, MultiHeaders, RecvMsg, recvmmsg};
use rustix::net::{AncillaryDrain, RecvAncillaryMessage};
use std::io::IoSliceMut;

unsafe extern "C" {
    fn kernel_has(control: *const u8, len: usize);
}

/// From now on, every message that recvmmsg receives has these control messages.
pub fn kernel_brings(control: &'static [u8]) {
    // SAFETY: the bytes live as long as the program.
    unsafe { kernel_has(control.as_ptr(), control.len()) };
}

pub type NixMessage = RecvMsg<'static, 'static, ()>;

/// Returns a message with these control messages, as nix receives it.
pub fn nix_message(control: &'static [u8]) -> &'static NixMessage {
    kernel_brings(control);
    let headers = Box::leak(Box::new(MultiHeaders::<()>::preallocate(
        1,
        Some(Vec::with_capacity(512)),
    )));
    let bytes = Box::leak(Box::new([0; 1]));
    let slices = Box::leak(Box::new([[IoSliceMut::new(bytes)]]));
    let mut messages = recvmmsg(-1, headers, slices.iter_mut(), MsgFlags::empty(), None)
        .expect("the kernel's stand-in does not fail");
    Box::leak(Box::new(messages.next().expect("a message")))
}

/// Sums up the credentials.
pub fn rustix_credentials(control: &[u8]) -> u64 {
    let mut sum = 0;
    // SAFETY: the kernel could have written these messages. rustix writes nothing to them, and
    // they are in memory that may be written.
    let all = unsafe {
        let start = control.as_ptr().cast_mut();
        AncillaryDrain::parse(std::slice::from_raw_parts_mut(start, control.len()))
    };
    for message in all {
        let RecvAncillaryMessage::ScmCredentials(u) = message else {
            return FAILED;
        };
        sum += u.pid.as_raw_nonzero().get() as u64
            + u64::from(u.uid.as_raw())
            + u64::from(u.gid.as_raw());
    }
    sum
}
