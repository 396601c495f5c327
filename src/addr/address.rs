//! [`Address`]: an address of any family.
#![forbid(unsafe_code)]

use super::{AF_ALG, AF_CAN, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_UNIX, AF_VSOCK};
use super::{
    PacketAddr, SockaddrAlg, SockaddrCan, SockaddrIn, SockaddrIn6, SockaddrNl, SockaddrVm, UnixAddr,
};
use super::{
    SIN6_LEN_RFC2133, SockaddrLl, bad_value, can, family_name, family_of, front, show_bytes,
    too_short,
};
use crate::error::BadAddress;
use crate::show::{Printer, Show};
use core::fmt;
use core::net::{SocketAddr, SocketAddrV4, SocketAddrV6};

/// An address of any family, as it is in `msg_name`.
///
/// ```
/// use ancil::MsgHdr;
/// use ancil::addr::{Address, SockaddrStorage};
/// use core::net::SocketAddr;
///
/// let to = Address::from("127.0.0.1:53".parse::<SocketAddr>()?);
/// let message = MsgHdr::new().name(to.as_bytes());
/// assert_eq!(Address::parse(message.msg_name())?, to);
/// assert_eq!(SocketAddr::try_from(to)?.port(), 53);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Address<'a> {
    /// `AF_UNIX`.
    Unix(UnixAddr),
    /// `AF_INET`.
    Inet(SockaddrIn),
    /// `AF_INET6`.
    Inet6(SockaddrIn6),
    /// `AF_NETLINK`.
    Netlink(SockaddrNl),
    /// `AF_PACKET`.
    Packet(PacketAddr),
    /// `AF_CAN`.
    Can(SockaddrCan),
    /// `AF_ALG`.
    Alg(SockaddrAlg),
    /// `AF_VSOCK`.
    Vsock(SockaddrVm),
    /// Of any other family: all the bytes, `sa_family` included.
    Unknown(&'a [u8]),
}

impl<'a> Address<'a> {
    /// Reads the bytes that the kernel has put into `msg_name`, or would take from there: `msg_namelen` of them. If
    /// that is more than there was space for, the address was cut:
    /// [`Received::address`](crate::Received::address) looks at that, too.
    ///
    /// It asks for as many bytes as the kernel does: 16 for IPv4, 24 for IPv6 (without `sin6_scope_id`, which
    /// is 0 then: the kernel's `SIN6_LEN_RFC2133`), 12 for netlink, 16 for VSOCK, 8 for CAN, 25 for ALG, and
    /// for packets 12 and `sll_halen`. More is no error, and forgotten. Of `AF_UNIX` two are an unnamed one.
    ///
    /// # Errors
    /// Fewer bytes than that. Values that cannot be: an `sll_halen` of more than 32, and names of `AF_UNIX` and
    /// `AF_ALG` that go on behind the struct.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, BadAddress> {
        if bytes.len() < size_of::<u16>() {
            return Err(too_short(bytes, size_of::<u16>()));
        }
        Ok(match family_of(bytes) {
            AF_UNIX => Self::Unix(UnixAddr::parse(bytes)?),
            AF_INET => Self::Inet(front(bytes, size_of::<SockaddrIn>())?),
            AF_INET6 => Self::Inet6(front(bytes, SIN6_LEN_RFC2133)?),
            AF_NETLINK => Self::Netlink(front(bytes, size_of::<SockaddrNl>())?),
            AF_PACKET => Self::Packet(PacketAddr::parse(bytes)?),
            AF_CAN => Self::Can(front(bytes, can::LEAST)?),
            AF_ALG => Self::Alg(SockaddrAlg::parse(bytes)?),
            AF_VSOCK => Self::Vsock(front(bytes, size_of::<SockaddrVm>())?),
            _ => Self::Unknown(bytes),
        })
    }

    /// The same of an address that was `len` bytes before it was cut to these.
    #[cfg(any(test, feature = "libc"))]
    pub(crate) fn parse_cut(bytes: &'a [u8], len: usize) -> Result<Self, BadAddress> {
        // The kernel counts a NUL behind a path, for which its own struct has no place.
        let whole = bytes.len() >= len
            || family_of(bytes) == AF_UNIX && bytes.len() >= size_of::<super::SockaddrUn>();
        if whole {
            Self::parse(bytes)
        } else {
            Err(too_short(bytes, len))
        }
    }

    /// The bytes, for [`MsgHdr::name`](crate::MsgHdr::name).
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Unix(addr) => addr.as_bytes(),
            Self::Inet(addr) => addr.as_bytes(),
            Self::Inet6(addr) => addr.as_bytes(),
            Self::Netlink(addr) => addr.as_bytes(),
            Self::Packet(addr) => addr.as_bytes(),
            Self::Can(addr) => addr.as_bytes(),
            Self::Alg(addr) => addr.as_bytes(),
            Self::Vsock(addr) => addr.as_bytes(),
            Self::Unknown(bytes) => bytes,
        }
    }

    /// `sa_family`.
    pub fn family(&self) -> u16 {
        family_of(self.as_bytes())
    }
}

macro_rules! from {
    ($($Variant:ident($Type:ty) $(from $($Other:ty),+)?;)+) => {
        $(
            impl From<$Type> for Address<'_> {
                fn from(addr: $Type) -> Self {
                    Self::$Variant(addr)
                }
            }
            $($(
                impl From<$Other> for Address<'_> {
                    fn from(addr: $Other) -> Self {
                        Self::$Variant(addr.into())
                    }
                }
            )+)?
        )+
    };
}

from! {
    Unix(UnixAddr);
    Inet(SockaddrIn) from SocketAddrV4;
    Inet6(SockaddrIn6) from SocketAddrV6;
    Netlink(SockaddrNl);
    Packet(PacketAddr) from SockaddrLl;
    Can(SockaddrCan);
    Alg(SockaddrAlg);
    Vsock(SockaddrVm);
}

impl From<SocketAddr> for Address<'_> {
    fn from(addr: SocketAddr) -> Self {
        match addr {
            SocketAddr::V4(addr) => addr.into(),
            SocketAddr::V6(addr) => addr.into(),
        }
    }
}

/// Fails for families other than `AF_INET` and `AF_INET6`.
impl TryFrom<Address<'_>> for SocketAddr {
    type Error = BadAddress;

    fn try_from(addr: Address<'_>) -> Result<Self, BadAddress> {
        match addr {
            Address::Inet(addr) => Ok(Self::V4(addr.into())),
            Address::Inet6(addr) => Ok(Self::V6(addr.into())),
            other => Err(bad_value(other.as_bytes(), 0)),
        }
    }
}

impl Show for Address<'_> {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        match self {
            Self::Unix(addr) => addr.show(out),
            Self::Inet(addr) => addr.show(out),
            Self::Inet6(addr) => addr.show(out),
            Self::Netlink(addr) => addr.show(out),
            Self::Packet(addr) => addr.show(out),
            Self::Can(addr) => addr.show(out),
            Self::Alg(addr) => addr.show(out),
            Self::Vsock(addr) => addr.show(out),
            Self::Unknown(bytes) => show_bytes(out, family_name(family_of(bytes)), bytes),
        }
    }
}

displayed!(Address<'_>);

/// Here and not beside the type, for the name.
impl fmt::Display for BadAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            family,
            len,
            offset,
            cause,
        } = self;
        match family_name(*family) {
            Some(name) => write!(f, "socket address of {name}")?,
            None => write!(f, "socket address of family {family}")?,
        }
        write!(f, ", {len} bytes, at offset {offset}: {cause}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn each_family_has_its_least_length() {
        for (family, least) in [
            (AF_UNIX, 2),
            (AF_INET, 16),
            (AF_INET6, 24),
            (AF_NETLINK, 12),
            (AF_PACKET, 12),
            (AF_CAN, 8),
            (AF_ALG, 25),
            (AF_VSOCK, 16),
            (super::super::AF_X25, 2),
        ] {
            let mut bytes = [0; 200];
            bytes[..2].copy_from_slice(&family.to_ne_bytes());
            for len in 0..200 {
                let parsed = Address::parse(&bytes[..len]);
                let unix = family == AF_UNIX && len > 110; // a name of zeros that goes on
                assert_eq!(
                    parsed.is_ok(),
                    len >= least && !unix,
                    "{family} of {len}: {parsed:?}"
                );
                if len < least {
                    let least = if len < 2 { 2 } else { least };
                    assert_eq!(parsed, Err(too_short(&bytes[..len], least)));
                }
            }
        }
    }

    #[test]
    fn a_short_ipv6_address_has_no_scope() {
        let whole = SockaddrIn6::from("[fe80::1%3]:80".parse::<SocketAddrV6>().unwrap());
        for cut in 24..28 {
            let Ok(Address::Inet6(addr)) = Address::parse(&whole.as_bytes()[..cut]) else {
                panic!("{cut}")
            };
            assert_eq!(
                (addr.sin6_addr, addr.sin6_scope_id >> (8 * (cut - 24))),
                (whole.sin6_addr, 0)
            );
        }
    }

    #[test]
    fn a_cut_address_is_none_but_for_the_longest_path() {
        let path = UnixAddr::path(&[b'p'; 108]).unwrap();
        assert_eq!(Address::parse_cut(path.as_bytes(), 111), Ok(path.into()));
        let cut = &path.as_bytes()[..109];
        assert_eq!(Address::parse_cut(cut, 111), Err(too_short(cut, 111)));
        let v6 = SockaddrIn6::from("[::1]:80".parse::<SocketAddrV6>().unwrap());
        assert!(Address::parse_cut(&v6.as_bytes()[..24], 28).is_err());
        assert_eq!(Address::parse_cut(v6.as_bytes(), 28), Ok(v6.into()));
    }

    #[test]
    fn internet_addresses_are_those_of_core() {
        for text in ["127.0.0.1:53", "[fe80::1%3]:80"] {
            let addr: SocketAddr = text.parse().unwrap();
            assert_eq!(SocketAddr::try_from(Address::from(addr)), Ok(addr));
        }
        assert!(SocketAddr::try_from(Address::from(UnixAddr::unnamed())).is_err());
    }

    /// What a server keeps by peer.
    #[test]
    fn addresses_are_keys() {
        let peers = [
            Address::from("127.0.0.1:53".parse::<SocketAddr>().unwrap()),
            UnixAddr::path(b"/a").unwrap().into(),
            PacketAddr::new(1, 2, &[3; 20]).unwrap().into(),
            Address::Unknown(&[9, 0]),
        ];
        let known: std::collections::HashMap<_, _> = peers.into_iter().zip(0..).collect();
        assert_eq!(
            peers.map(|peer| known[&Address::parse(peer.as_bytes()).unwrap()]),
            [0, 1, 2, 3]
        );
    }

    #[test]
    fn what_has_no_struct_is_kept_and_shown() {
        let bytes = [&super::super::AF_X25.to_ne_bytes()[..], b"any\0"].concat();
        let addr = Address::parse(&bytes).unwrap();
        assert_eq!((addr, addr.family()), (Address::Unknown(&bytes), 9));
        assert_eq!(addr.to_string(), r#"{sa_family=AF_X25, sa_data="any\0"}"#);
        assert_eq!(
            Address::Unknown(&bytes[..2]).to_string(),
            "{sa_family=AF_X25}"
        );
        assert_eq!(
            Address::Unknown(&[0xff, 0xff, 1]).to_string(),
            r#"{sa_family=0xffff /* AF_??? */, sa_data="\1"}"#
        );
        assert_eq!(Address::Unknown(&[]).to_string(), "{sa_family=AF_UNSPEC}");
    }
}
