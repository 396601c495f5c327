//! Gives one message to `ancil::verdict` and to the kernel.

use crate::machine::errno;
use ancil::MsgFlags;
use ancil::verdict::{Facts, Outgoing, Refusal, Socket, check_sendmsg};
use std::ffi::c_void;
use std::fmt;
use std::ptr::{null, null_mut};

/// A message with all its numbers, right or wrong. A length may exceed the bytes if the kernel
/// either cannot read the rest or refuses the message before it reads.
#[derive(Clone, Debug, Default)]
pub struct Message {
    pub flags: u32,
    pub name: Option<Vec<u8>>,
    pub namelen: i32,
    pub data: Vec<u8>,
    /// The lengths of the vectors, all of which point to `data`.
    pub lengths: Vec<usize>,
    pub control: Option<Vec<u8>>,
    pub controllen: usize,
}

/// Both answers to a message.
pub struct Verdict {
    pub ours: Result<(), Refusal>,
    pub kernel: Result<usize, i32>,
}

impl Verdict {
    pub fn agrees(&self) -> bool {
        self.ours.map_err(|refusal| refusal.errno().0) == self.kernel.map(|_| ())
    }
}

impl Message {
    pub fn control(&self) -> &[u8] {
        self.control.as_deref().unwrap_or_default()
    }

    pub fn ours(&self, socket: &Socket, facts: &Facts<'_>) -> Result<(), Refusal> {
        let outgoing = Outgoing {
            flags: MsgFlags::from_bits_retain(self.flags),
            name: self.name.as_deref(),
            namelen: self.namelen,
            control: self.control.as_deref(),
            controllen: self.controllen,
        };
        check_sendmsg(socket, facts, &outgoing, self.lengths.iter().copied())
    }

    pub fn send(&self, fd: i32) -> Result<usize, i32> {
        let base = self.data.as_ptr().cast_mut().cast::<c_void>();
        let vectors: Vec<_> = self
            .lengths
            .iter()
            .map(|len| libc::iovec {
                iov_base: base,
                iov_len: *len,
            })
            .collect();
        // SAFETY: zero is a value of every field of `msghdr`.
        let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
        header.msg_name = self
            .name
            .as_ref()
            .map_or(null(), |name| name.as_ptr())
            .cast_mut()
            .cast();
        header.msg_namelen = self.namelen as _;
        header.msg_iov = vectors.as_ptr().cast_mut();
        header.msg_iovlen = vectors.len() as _;
        header.msg_control = self
            .control
            .as_ref()
            .map_or(null_mut(), |control| control.as_ptr().cast_mut().cast());
        header.msg_controllen = self.controllen as _;
        let flags = self.flags as i32 | libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
        // SAFETY: sendmsg only reads, and answers EFAULT if it cannot read.
        let sent = unsafe { libc::sendmsg(fd, &raw const header, flags) };
        usize::try_from(sent).map_err(|_| errno())
    }

    pub fn judge(&self, socket: &Socket, facts: &Facts<'_>, fd: i32) -> Verdict {
        Verdict {
            ours: self.ours(socket, facts),
            kernel: self.send(fd),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ours {
            Ok(()) => write!(f, "verdict: accepted; ")?,
            Err(refusal) => write!(f, "verdict: {refusal}; ")?,
        }
        match self.kernel {
            Ok(n) => write!(f, "kernel: {n} bytes sent"),
            Err(e) => write!(f, "kernel: {}", std::io::Error::from_raw_os_error(e)),
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            flags,
            namelen,
            controllen,
            ..
        } = self;
        write!(
            f,
            "flags {flags:#x}, namelen {namelen}, vectors {:?}, controllen {controllen}",
            self.lengths
        )?;
        if let Some(name) = &self.name {
            write!(f, "\n    name {name:02x?}")?;
        }
        let control = self.control();
        for line in control.chunks(32).take(20) {
            write!(f, "\n    ")?;
            line.iter().try_for_each(|byte| write!(f, "{byte:02x} "))?;
        }
        write!(f, "\n    {}", ancil::DisplayControl::new(control))
    }
}
