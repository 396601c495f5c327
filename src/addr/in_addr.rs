//! The addresses of the internet protocol: `struct in_addr`, `struct in6_addr`.
#![forbid(unsafe_code)]

use super::Be32;
use crate::show::{Printer, Show};
use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, transmute_ref};

/// `struct in_addr`: an IPv4 address.
#[derive(
    Clone, Copy, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct InAddr {
    /// The address.
    pub s_addr: Be32,
}

impl From<Ipv4Addr> for InAddr {
    fn from(addr: Ipv4Addr) -> Self {
        Self {
            s_addr: Be32::new(addr.to_bits()),
        }
    }
}

impl From<InAddr> for Ipv4Addr {
    fn from(addr: InAddr) -> Self {
        Self::from_bits(addr.s_addr.get())
    }
}

/// `127.0.0.1`.
#[inline(never)]
fn dotted(out: &mut impl Printer, octets: [u8; 4]) -> fmt::Result {
    let [first, rest @ ..] = octets;
    first.show(out)?;
    for octet in rest {
        out.ascii(b'.')?;
        octet.show(out)?;
    }
    Ok(())
}

impl Show for InAddr {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.write_str("inet_addr(\"")?;
        dotted(out, Ipv4Addr::from(*self).octets())?;
        out.write_str("\")")
    }
}

/// As an address: `127.0.0.1`.
impl fmt::Debug for InAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Ipv4Addr::from(*self), f)
    }
}

/// `struct in6_addr`: an IPv6 address.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct In6Addr {
    /// The address, most significant byte first. `s6_addr` in C, where that name is a macro.
    pub octets: [u8; 16],
}

impl From<Ipv6Addr> for In6Addr {
    fn from(addr: Ipv6Addr) -> Self {
        Self {
            octets: addr.octets(),
        }
    }
}

impl From<In6Addr> for Ipv6Addr {
    fn from(addr: In6Addr) -> Self {
        Self::from(addr.octets)
    }
}

impl In6Addr {
    /// As inet_ntop(3) does: the longest run of zero groups, of two or more, is `::`; the last two groups are an
    /// IPv4 address if nothing stands before them, or `ffff`.
    #[inline(never)]
    fn text(&self, out: &mut impl Printer) -> fmt::Result {
        match self.octets {
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d] => {
                out.write_str("::ffff:")?;
                dotted(out, [a, b, c, d])
            }
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d] if [a, b] != [0, 0] => {
                out.write_str("::")?;
                dotted(out, [a, b, c, d])
            }
            _ => show_groups(transmute_ref!(&self.octets), out),
        }
    }

    /// With text between the address and the closing bracket.
    #[inline]
    pub(crate) fn show_into(&self, out: &mut impl Printer, into: &str) -> fmt::Result {
        out.write_str("inet_pton(AF_INET6, \"")?;
        self.text(out)?;
        out.ascii(b'"')?;
        out.write_str(into)?;
        out.ascii(b')')
    }
}

impl Show for In6Addr {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        self.show_into(out, "")
    }
}

#[inline(never)]
fn show_groups(groups: &[[u8; 2]; 8], out: &mut impl Printer) -> fmt::Result {
    let (start, end) = zeros(groups);
    let Some(behind) = groups.get(end..) else {
        return show_run(groups, out);
    };
    show_run(groups.get(..start).unwrap_or_default(), out)?;
    out.write_str("::")?;
    show_run(behind, out)
}

#[inline(always)]
fn show_run(groups: &[[u8; 2]], out: &mut impl Printer) -> fmt::Result {
    let mut rest = groups;
    while let [group, behind @ ..] = rest {
        out.hex_digits(u16::from_be_bytes(*group).into(), 1)?;
        if !behind.is_empty() {
            out.ascii(b':')?;
        }
        rest = behind;
    }
    Ok(())
}

/// The longest run of zeros, the first of several, if it is of two groups or more: where it starts and ends. Behind the
/// last group if there is none.
#[inline(never)]
fn zeros(groups: &[[u8; 2]; 8]) -> (usize, usize) {
    let (mut start, mut end, mut zeros) = (9usize, 9usize, 0usize);
    for (before, group) in groups.iter().enumerate() {
        zeros = if *group == [0, 0] {
            zeros.saturating_add(1)
        } else {
            0
        };
        let behind = before.saturating_add(1);
        if zeros > end.saturating_sub(start).max(1) {
            (start, end) = (behind.saturating_sub(zeros), behind);
        }
    }
    (start, end)
}
