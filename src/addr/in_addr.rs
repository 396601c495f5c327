// SPDX-License-Identifier: MIT OR Apache-2.0
//! The addresses of the internet protocol: `struct in_addr` and `struct in6_addr`.
#![forbid(unsafe_code)]

use super::Be32;
use crate::show::{Printer, Show, show_dotted};
use core::fmt;
use core::hash::{Hash, Hasher};
use core::net::{Ipv4Addr, Ipv6Addr};
use core::ops::Range;
use zerocopy::{FromBytes, Immutable, IntoBytes, transmute_ref};

/// `struct in_addr`: an IPv4 address.
///
/// ```
/// use ancil::addr::InAddr;
/// use core::net::Ipv4Addr;
///
/// let addr = InAddr::from(Ipv4Addr::LOCALHOST);
/// assert_eq!((addr.s_addr.get(), Ipv4Addr::from(addr)), (0x7f00_0001, Ipv4Addr::LOCALHOST));
/// ```
#[doc(alias = "in_addr")]
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
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

impl Show for InAddr {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.write_str("inet_addr(\"")?;
        show_dotted(out, Ipv4Addr::from(*self).octets())?;
        out.write_str("\")")
    }
}

/// Formats the address as [`Ipv4Addr`] does: `127.0.0.1`.
impl fmt::Debug for InAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Ipv4Addr::from(*self), f)
    }
}

/// Formats the address as [`Ipv4Addr`] does: `127.0.0.1`.
impl fmt::Display for InAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_dotted(f, Ipv4Addr::from(*self).octets())
    }
}

/// `struct in6_addr`: an IPv6 address.
///
/// ```
/// use ancil::addr::In6Addr;
/// use core::net::Ipv6Addr;
/// assert_eq!(In6Addr::from(Ipv6Addr::LOCALHOST).octets[15], 1);
/// ```
#[doc(alias = "in6_addr")]
#[derive(Clone, Copy, Debug, Default, Eq, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct In6Addr {
    /// The address, most significant byte first. In C, `s6_addr` is a macro.
    #[doc(alias = "s6_addr")]
    pub octets: [u8; 16],
}

/// Compares one number. Comparing the arrays would call `bcmp` on some machines, which freestanding
/// programs need not have.
impl PartialEq for In6Addr {
    fn eq(&self, other: &Self) -> bool {
        u128::from_ne_bytes(self.octets) == u128::from_ne_bytes(other.octets)
    }
}

impl Hash for In6Addr {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.octets.hash(state);
    }
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
    /// Prints the address as `inet_ntop(3)` does. `::` stands for the longest run of two or more
    /// zero groups. The last two groups are printed as an IPv4 address if all groups before them
    /// are zero and the first of the two is not, or if only `ffff` and zeros stand before them.
    #[inline(never)]
    fn show_text(&self, out: &mut impl Printer) -> fmt::Result {
        match self.octets {
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d] => {
                out.write_str("::ffff:")?;
                show_dotted(out, [a, b, c, d])
            }
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d] if [a, b] != [0, 0] => {
                out.write_str("::")?;
                show_dotted(out, [a, b, c, d])
            }
            _ => show_groups(out, transmute_ref!(&self.octets)),
        }
    }

    /// Prints `inet_pton(AF_INET6, "::1")` with `last_argument` before the closing parenthesis.
    #[inline]
    pub(super) fn show_inet_pton(
        &self,
        out: &mut impl Printer,
        last_argument: &str,
    ) -> fmt::Result {
        out.write_str("inet_pton(AF_INET6, \"")?;
        self.show_text(out)?;
        out.ascii(b'"')?;
        out.write_str(last_argument)?;
        out.ascii(b')')
    }
}

impl Show for In6Addr {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        self.show_inet_pton(out, "")
    }
}

/// Formats the address as `inet_ntop(3)` does: `::1`.
impl fmt::Display for In6Addr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show_text(f)
    }
}

/// Prints eight groups, with `::` for the longest run of zeros.
#[inline(never)]
fn show_groups(out: &mut impl Printer, groups: &[[u8; 2]; 8]) -> fmt::Result {
    let zeros = longest_zero_run(groups);
    if zeros.is_empty() {
        return show_with_colons(out, groups);
    }
    show_with_colons(out, groups.get(..zeros.start).unwrap_or_default())?;
    out.write_str("::")?;
    show_with_colons(out, groups.get(zeros.end..).unwrap_or_default())
}

#[inline(always)]
fn show_with_colons(out: &mut impl Printer, groups: &[[u8; 2]]) -> fmt::Result {
    let mut rest = groups;
    while let [group, more @ ..] = rest {
        out.hex_digits(u16::from_be_bytes(*group).into(), 1)?;
        if !more.is_empty() {
            out.ascii(b':')?;
        }
        rest = more;
    }
    Ok(())
}

/// Returns the indices of the longest run of two or more zeros, or of the first such run if several
/// are as long. Returns an empty range if there is none.
#[inline(never)]
fn longest_zero_run(groups: &[[u8; 2]; 8]) -> Range<usize> {
    let (mut longest, mut zeros) = (0..0usize, 0usize);
    for (index, group) in groups.iter().enumerate() {
        zeros = if *group == [0, 0] {
            zeros.saturating_add(1)
        } else {
            0
        };
        if zeros > longest.len().max(1) {
            let end = index.saturating_add(1);
            longest = end.saturating_sub(zeros)..end;
        }
    }
    longest
}
