// SPDX-License-Identifier: MIT OR Apache-2.0
//! `netlink(7)`: kernel `include/uapi/linux/netlink.h`.
#![forbid(unsafe_code)]

use super::{AF_NETLINK, impl_as_bytes, show_other_family, show_unless_zero};
use crate::show::{Printer, Show};
use core::fmt;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct sockaddr_nl`: `netlink(7)`. The kernel requires all 12 bytes.
///
/// ```
/// use ancil::addr::SockaddrNl;
/// const KERNEL: SockaddrNl = SockaddrNl::new(0, 0);
/// assert_eq!(KERNEL.as_bytes().len(), 12); // for MsgHdr::name
/// ```
#[doc(alias = "sockaddr_nl")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SockaddrNl {
    /// `AF_NETLINK`.
    pub nl_family: u16,
    /// Padding, zero.
    pub nl_pad: u16,
    /// Port. 0 is the kernel; in `bind(2)`, 0 lets the kernel choose a port.
    pub nl_pid: u32,
    /// Multicast groups, one bit for each.
    pub nl_groups: u32,
}

const _: () = assert!(size_of::<SockaddrNl>() == 12);
const _: () =
    assert!(offset_of!(SockaddrNl, nl_pid) == 4 && offset_of!(SockaddrNl, nl_groups) == 8);

impl_as_bytes!(SockaddrNl);

impl SockaddrNl {
    /// Returns the address of this port and these groups. `new(0, 0)` is the kernel.
    pub const fn new(nl_pid: u32, nl_groups: u32) -> Self {
        Self {
            nl_family: AF_NETLINK,
            nl_pad: 0,
            nl_pid,
            nl_groups,
        }
    }
}

impl Show for SockaddrNl {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        if self.nl_family != AF_NETLINK {
            return show_other_family(out, self.as_bytes());
        }
        out.write_str("{sa_family=AF_NETLINK")?;
        show_unless_zero(out, ", nl_pad=", self.nl_pad)?;
        out.write_str(", nl_pid=")?;
        (self.nl_pid as i32).show(out)?; // signed, as strace prints it
        // As C's %#08x, which counts the prefix among the eight characters.
        out.write_str(if self.nl_groups == 0 {
            ", nl_groups=00"
        } else {
            ", nl_groups=0x"
        })?;
        out.hex_digits(self.nl_groups.into(), 6)?;
        out.ascii(b'}')
    }
}

displayed!(SockaddrNl);

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn shown_as_strace_does() {
        assert_eq!(
            SockaddrNl::new(0, 0).to_string(),
            "{sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}"
        );
        let odd = SockaddrNl {
            nl_pad: 5,
            ..SockaddrNl::new(u32::MAX, 0x11)
        };
        assert_eq!(
            odd.to_string(),
            "{sa_family=AF_NETLINK, nl_pad=0x5, nl_pid=-1, nl_groups=0x000011}"
        );
        assert_eq!(
            SockaddrNl::new(7, u32::MAX).to_string(),
            "{sa_family=AF_NETLINK, nl_pid=7, nl_groups=0xffffffff}"
        );
    }
}
