// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Collected`]: the control messages of several receiving calls, in one buffer.

use super::call::{OnSignal, close, socket_option};
use super::message::call_recvmsg;
use crate::error::Errno;
use crate::iov::IoVecMut;
use crate::msghdr::{MsgFlags, MsgHdrMut};
use crate::payload::Ucred;
use crate::sys::outcome::Outcome;
use crate::sys::received::Received;
use crate::table::keys::{SCM_CREDENTIALS, SCM_RIGHTS};
use crate::wire::abi::{cmsg_align, cmsg_len};
use crate::wire::fd::Fd;
use crate::wire::key::Key;
use crate::wire::keys::space_of;
use crate::wire::reader::Reader;
use core::cell::Cell;
use core::mem;

/// A whole `SCM_CREDENTIALS`, without its padding.
type Credentials = [u8; cmsg_len(size_of::<Ucred>())];

/// The control messages of several calls on one socket, in one buffer.
///
/// With `SO_PASSCRED`, each call brings the sender's credentials before its descriptors. If all
/// were kept, they could fill the buffer before the descriptors arrive. So they are taken out after
/// each call, kept once, and put back in the end.
pub(super) struct Collected<'m> {
    control: &'m mut [u8],
    /// What the kernel reported of all calls. The messages are the first `control_len` bytes of
    /// `control`.
    total: Outcome,
    /// The credentials of the last sender, which are not in `control`.
    credentials: Option<Credentials>,
    /// Whether the last call has brought other messages than descriptors and known credentials.
    others: bool,
}

impl<'m> Collected<'m> {
    pub(super) fn new(control: &'m mut [u8]) -> Self {
        Self {
            control,
            total: Outcome::default(),
            credentials: None,
            others: false,
        }
    }

    /// Makes one call. Returns the number of bytes received.
    ///
    /// # Errors
    /// The kernel's. ENOBUFS, without a call, if the last call has brought messages of which each
    /// call may bring more, so that a descriptor could be lost that fits in an empty buffer.
    pub(super) fn receive(
        &mut self,
        fd: Fd<'_>,
        vectors: &mut [IoVecMut<'_>],
        flags: MsgFlags,
    ) -> Result<usize, Errno> {
        // Only AF_UNIX delivers descriptors.
        if self.others && socket_option(fd, libc::SO_DOMAIN) == Some(libc::AF_UNIX) {
            return Err(Errno(libc::ENOBUFS));
        }
        let free = (self.control.get_mut(self.total.control_len..)).unwrap_or_default();
        let mut message = MsgHdrMut::new().iov(vectors).control(free);
        let (bytes, reported) = call_recvmsg(fd, &mut message, flags, OnSignal::Fail)?;
        let one = Outcome::new(bytes, &reported);
        let messages = free.get_mut(..one.control_len).unwrap_or_default();
        let left = hold_credentials(messages, &mut self.credentials, one.bytes == 0);
        let mut messages = Reader::new(messages.get(..left).unwrap_or_default()).flatten();
        self.others = messages.any(|raw| !SCM_RIGHTS.is(&raw));
        self.total.bytes = self.total.bytes.saturating_add(one.bytes);
        self.total.control_len = self.total.control_len.saturating_add(left);
        self.total.flags |= one.flags;
        Ok(one.bytes)
    }

    /// Makes the [`Received`], which owns the descriptors of all calls.
    pub(super) fn finish(self) -> Received<'m> {
        let (control, mut total) = (self.control, self.total);
        if let Some(credentials) = self.credentials {
            let free = control.get_mut(total.control_len..).unwrap_or_default();
            let space = free.len().min(space_of::<SCM_CREDENTIALS>());
            if let Some(message) = free.first_chunk_mut() {
                *message = credentials;
                total.control_len = total.control_len.saturating_add(space);
            } else {
                total.flags |= MsgFlags::MSG_CTRUNC.bits();
            }
        }
        // SAFETY: the kernel must have reported `total` for `control`, and since then nobody may
        // have written to `control` or taken its descriptors. The descriptors in the
        // first `control_len` bytes are those that the kernel reported, each once:
        // - `receive` gives each call the bytes after the messages of the calls before, and adds
        //   the length of the messages that `hold_credentials` left. The kernel reports a length
        //   that is a multiple of a word or all of the space, and `hold_credentials` keeps that
        //   so. Thus the messages of a call follow those of the calls before as in one buffer.
        // - `hold_credentials` removes or changes SCM_CREDENTIALS, in which there are no
        //   descriptors, and moves the messages after it whole.
        // - The code above has appended one SCM_CREDENTIALS at most, which the kernel wrote.
        // `control` is borrowed exclusively since `new`, and nothing else in this module writes to
        // it. `close` may be called with an open descriptor.
        unsafe { Received::new(total, control, close) }
    }
}

/// Takes the sender's credentials out of the messages of one call, and keeps them in `held`.
/// Returns the number of bytes of the messages that remain: a multiple of a word or all of them.
///
/// If the sender is another one than before, its credentials change places with those in `held`:
/// so they stay in the order of the bytes. At the end of a stream, where there is no byte, the
/// kernel reports process 0 and user 0. These credentials are dropped.
fn hold_credentials(messages: &mut [u8], held: &mut Option<Credentials>, no_bytes: bool) -> usize {
    let len = messages.len();
    let mut reader = Reader::new(messages);
    let found = (reader.by_ref().flatten())
        .find(|raw| SCM_CREDENTIALS.is(raw) && raw.data.len() == size_of::<Ucred>());
    let (end, Some(raw)) = (reader.offset(), found) else {
        return len;
    };
    let start = raw.offset;
    let from_here = messages.get_mut(start..).unwrap_or_default();
    if let (Some(here), false) = (from_here.first_chunk_mut(), no_bytes) {
        let held = held.get_or_insert(*here);
        if held != here {
            mem::swap(held, here);
            return len;
        }
    }
    let removed = end.saturating_sub(start);
    let cells = Cell::from_mut(from_here).as_slice_of_cells();
    for (to, from) in cells.iter().zip(cells.iter().skip(removed)) {
        to.set(from.get());
    }
    // The last message may lack its padding. Now there is space for it.
    cmsg_align(len.saturating_sub(removed))
}
