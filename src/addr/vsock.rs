// SPDX-License-Identifier: MIT OR Apache-2.0
//! `vsock(7)`: kernel `include/uapi/linux/vm_sockets.h`.
#![forbid(unsafe_code)]

use super::{AF_VSOCK, impl_as_bytes, show_other_family, show_unless_zero};
use crate::show::{Printer, Show};
use core::fmt;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// Any machine, for `bind(2)`.
pub const VMADDR_CID_ANY: u32 = u32::MAX;
/// The hypervisor, if it has services of its own.
pub const VMADDR_CID_HYPERVISOR: u32 = 0;
/// This machine.
pub const VMADDR_CID_LOCAL: u32 = 1;
/// The host, as its guests see it.
pub const VMADDR_CID_HOST: u32 = 2;
/// Any port, for `bind(2)`.
pub const VMADDR_PORT_ANY: u32 = u32::MAX;

/// The only flag, since Linux 5.11: send to the host, which forwards to a sibling of this machine.
const VMADDR_FLAG_TO_HOST: u8 = 1;

/// `struct sockaddr_vm`: `vsock(7)`. The kernel requires all 16 bytes.
///
/// ```
/// use ancil::addr::{SockaddrVm, VMADDR_CID_HOST};
/// let to = SockaddrVm::new(VMADDR_CID_HOST, 1234);
/// assert_eq!((to.svm_port, to.as_bytes().len()), (1234, 16)); // for MsgHdr::name
/// ```
#[doc(alias = "sockaddr_vm")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SockaddrVm {
    /// `AF_VSOCK`.
    pub svm_family: u16,
    /// Reserved, zero.
    pub svm_reserved1: u16,
    /// Port, in this machine's byte order.
    pub svm_port: u32,
    /// Context identifier of the machine: `VMADDR_CID_*`, or a number.
    pub svm_cid: u32,
    /// Flags: `VMADDR_FLAG_*`.
    pub svm_flags: u8,
    /// Padding, zero.
    pub svm_zero: [u8; 3],
}

const _: () = assert!(size_of::<SockaddrVm>() == 16);
const _: () =
    assert!(offset_of!(SockaddrVm, svm_cid) == 8 && offset_of!(SockaddrVm, svm_flags) == 12);

impl_as_bytes!(SockaddrVm);

impl SockaddrVm {
    /// Returns the address of this port on this machine.
    pub const fn new(svm_cid: u32, svm_port: u32) -> Self {
        Self {
            svm_family: AF_VSOCK,
            svm_reserved1: 0,
            svm_port,
            svm_cid,
            svm_flags: 0,
            svm_zero: [0; 3],
        }
    }
}

impl Show for SockaddrVm {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        if self.svm_family != AF_VSOCK {
            return show_other_family(out, self.as_bytes());
        }
        out.write_str("{sa_family=AF_VSOCK")?;
        show_unless_zero(out, ", svm_reserved1=", self.svm_reserved1)?;
        out.write_str(", svm_cid=")?;
        match self.svm_cid {
            VMADDR_CID_ANY => out.write_str("VMADDR_CID_ANY"),
            VMADDR_CID_HYPERVISOR => out.write_str("VMADDR_CID_HYPERVISOR"),
            VMADDR_CID_LOCAL => out.write_str("VMADDR_CID_LOCAL"),
            VMADDR_CID_HOST => out.write_str("VMADDR_CID_HOST"),
            cid => out.hex(cid.into()),
        }?;
        out.write_str(", svm_port=")?;
        match self.svm_port {
            VMADDR_PORT_ANY => out.write_str("VMADDR_PORT_ANY"),
            port => out.hex(port.into()),
        }?;
        out.write_str(", svm_flags=")?;
        match (self.svm_flags, self.svm_flags & !VMADDR_FLAG_TO_HOST) {
            (VMADDR_FLAG_TO_HOST, _) => out.write_str("VMADDR_FLAG_TO_HOST")?,
            (0, _) => out.ascii(b'0')?,
            (flags, rest) if flags == rest => {
                out.hex(flags.into())?;
                out.write_str(" /* VMADDR_FLAG_??? */")?;
            }
            (_, rest) => {
                out.write_str("VMADDR_FLAG_TO_HOST|")?;
                out.hex(rest.into())?;
            }
        }
        if self.svm_zero != [0; 3] {
            out.write_str(", svm_zero=\"")?;
            for byte in self.svm_zero {
                out.write_str("\\x")?;
                out.hex_digits(byte.into(), 2)?;
            }
            out.ascii(b'"')?;
        }
        out.ascii(b'}')
    }
}

displayed!(SockaddrVm);

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn shown_as_strace_does() {
        let any = SockaddrVm::new(VMADDR_CID_ANY, VMADDR_PORT_ANY).to_string();
        assert_eq!(
            any,
            "{sa_family=AF_VSOCK, svm_cid=VMADDR_CID_ANY, svm_port=VMADDR_PORT_ANY, svm_flags=0}"
        );
        let odd = SockaddrVm {
            svm_reserved1: 7,
            svm_flags: 0x80,
            svm_zero: *b"a\0c",
            ..SockaddrVm::new(3, 5)
        };
        assert_eq!(
            odd.to_string(),
            "{sa_family=AF_VSOCK, svm_reserved1=0x7, svm_cid=0x3, svm_port=0x5, \
             svm_flags=0x80 /* VMADDR_FLAG_??? */, svm_zero=\"\\x61\\x00\\x63\"}"
        );
    }
}
