// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Address`]: a socket address of any family.
#![forbid(unsafe_code)]

use super::*; // every constant, type and function that a row below may name
use crate::error::BadAddress;
use crate::show::{Printer, Show};
use core::fmt;
use core::net::{SocketAddr, SocketAddrV4, SocketAddrV6};

/// Implements `From` for types that convert to the type in a variant of [`Address`].
macro_rules! impl_from {
    ($($Type:ty => $Variant:ident),+) => {
        $( impl From<$Type> for Address<'_> {
            fn from(addr: $Type) -> Self {
                Self::$Variant(addr.into())
            }
        } )+
    };
}

/// Defines [`Address`] and all that differs by family. A row is the family, its variant, the type
/// in that variant, and the function that reads the type. `read_prefix::<_, 16>` reads a struct of
/// which the kernel requires 16 bytes. The type has the methods `as_bytes` and `show`. If a family
/// has several structs, the row names the lengths of its own after `in`.
macro_rules! define_address {
    ($( $FAMILY:ident $(in $lengths:expr)? => $Variant:ident($Type:ty), $parse:expr; )+) => {
        /// A socket address of any family, as in `msg_name`.
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
        #[doc(alias = "sockaddr")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Address<'a> {
            $(
                #[doc = concat!("An address of `", stringify!($FAMILY), "`.")]
                $Variant($Type),
            )+
            /// An address of any other family, or of Bluetooth for another protocol than L2CAP: all
            /// of its bytes, `sa_family` included.
            Unknown(&'a [u8]),
        }

        impl<'a> Address<'a> {
            /// Reads an address from `msg_namelen` bytes of `msg_name`, as the kernel stored them
            /// or would read them.
            ///
            /// The kernel requires a number of bytes that depends on the family; each type
            /// documents its own. Extra bytes are ignored. If `msg_namelen` is more than the space
            /// that was given to the kernel, the kernel has truncated the address;
            /// `Received::address` checks that, too.
            ///
            /// Two families have several structs. The kernel knows from the socket which of them an
            /// address is; here the number of bytes decides, so pass exactly those of the address.
            /// Of `AF_BLUETOOTH`, 12 to 14 bytes are a [`SockaddrL2`], and any other number is
            /// [`Unknown`](Self::Unknown). Of `AF_MCTP`, 52 bytes or more are a
            /// [`SockaddrMctpExt`], and fewer are a [`SockaddrMctp`].
            ///
            /// # Errors
            /// If there are fewer bytes than the kernel requires; if `sll_halen` or `smctp_halen`
            /// is more than 32; or if the name in an address of `AF_UNIX` or `AF_ALG` continues
            /// past the end of the struct.
            pub fn parse(bytes: &'a [u8]) -> Result<Self, BadAddress> {
                if bytes.len() < size_of::<u16>() {
                    return Err(too_short(bytes, size_of::<u16>()));
                }
                match family_of(bytes) {
                    $( $FAMILY $(if $lengths.contains(&bytes.len()))? => {
                        $parse(bytes).map(Self::$Variant)
                    } )+
                    _ => Ok(Self::Unknown(bytes)),
                }
            }

            /// Returns the bytes, for [`MsgHdr::name`](crate::MsgHdr::name).
            pub fn as_bytes(&self) -> &[u8] {
                match self {
                    $( Self::$Variant(addr) => addr.as_bytes(), )+
                    Self::Unknown(bytes) => bytes,
                }
            }
        }

        impl Show for Address<'_> {
            fn show(&self, out: &mut impl Printer) -> fmt::Result {
                match self {
                    $( Self::$Variant(addr) => addr.show(out), )+
                    Self::Unknown(bytes) => show_other_family(out, bytes),
                }
            }
        }

        impl_from!($($Type => $Variant),+);
    };
}

define_address! {
    AF_UNIX => Unix(UnixAddr), UnixAddr::parse;
    AF_INET => Inet(SockaddrIn), read_prefix::<_, 16>;
    AF_INET6 => Inet6(SockaddrIn6), read_prefix::<_, SIN6_LEN_RFC2133>;
    AF_NETLINK => Netlink(SockaddrNl), read_prefix::<_, 12>;
    AF_PACKET => Packet(PacketAddr), PacketAddr::parse;
    AF_CAN => Can(SockaddrCan), read_prefix::<_, 8>;
    AF_ALG => Alg(SockaddrAlg), SockaddrAlg::parse;
    AF_VSOCK => Vsock(SockaddrVm), read_prefix::<_, 16>;
    AF_BLUETOOTH in SockaddrL2::LENGTHS => L2(SockaddrL2), SockaddrL2::parse;
    AF_MCTP => Mctp(MctpAddr), MctpAddr::parse;
}

impl_from!(SocketAddrV4 => Inet, SocketAddrV6 => Inet6, SockaddrLl => Packet);
impl_from!(SockaddrMctp => Mctp, SockaddrMctpExt => Mctp);
displayed!(Address<'_>);

impl<'a> Address<'a> {
    /// Returns `sa_family`.
    ///
    /// ```
    /// use ancil::addr::{AF_UNIX, Address, UnixAddr};
    /// assert_eq!(Address::from(UnixAddr::unnamed()).family(), AF_UNIX);
    /// ```
    pub fn family(&self) -> u16 {
        family_of(self.as_bytes())
    }

    /// Reads an address that was `len` bytes long before the kernel truncated it to `bytes`.
    pub(crate) fn parse_cut(bytes: &'a [u8], len: usize) -> Result<Self, BadAddress> {
        // The kernel counts the NUL after a path that fills `sun_path`, but its struct has no space
        // for that NUL.
        let complete = bytes.len() >= len
            || family_of(bytes) == AF_UNIX && bytes.len() >= size_of::<SockaddrUn>();
        if complete {
            Self::parse(bytes)
        } else {
            Err(too_short(bytes, len))
        }
    }
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

/// Defined here because it prints the name of the family, which `error.rs` must not import.
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
    fn each_family_requires_its_least_length() {
        for (family, least) in [
            (AF_UNIX, 2),
            (AF_INET, 16),
            (AF_INET6, 24),
            (AF_NETLINK, 12),
            (AF_PACKET, 12),
            (AF_CAN, 8),
            (AF_ALG, 25),
            (AF_VSOCK, 16),
            (AF_BLUETOOTH, 2),
            (AF_MCTP, 12),
            (AF_X25, 2),
        ] {
            let mut bytes = [0; 200];
            bytes[..2].copy_from_slice(&family.to_ne_bytes());
            for len in 0..200 {
                let parsed = Address::parse(&bytes[..len]);
                let too_long = family == AF_UNIX && len > 110; // an abstract name past the end
                assert_eq!(
                    parsed.is_ok(),
                    len >= least && !too_long,
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
        let complete = SockaddrIn6::from("[fe80::1%3]:80".parse::<SocketAddrV6>().unwrap());
        for cut in 24..28 {
            let Ok(Address::Inet6(addr)) = Address::parse(&complete.as_bytes()[..cut]) else {
                panic!("{cut}")
            };
            assert_eq!(
                (addr.sin6_addr, addr.sin6_scope_id >> (8 * (cut - 24))),
                (complete.sin6_addr, 0)
            );
        }
    }

    #[test]
    fn a_cut_address_is_an_error_unless_it_is_the_longest_path() {
        let path = UnixAddr::path(&[b'p'; 108]).unwrap();
        assert_eq!(Address::parse_cut(path.as_bytes(), 111), Ok(path.into()));
        let cut = &path.as_bytes()[..109];
        assert_eq!(Address::parse_cut(cut, 111), Err(too_short(cut, 111)));
        let v6 = SockaddrIn6::from("[::1]:80".parse::<SocketAddrV6>().unwrap());
        assert!(Address::parse_cut(&v6.as_bytes()[..24], 28).is_err());
        assert_eq!(Address::parse_cut(v6.as_bytes(), 28), Ok(v6.into()));
    }

    #[test]
    fn internet_addresses_convert_from_and_to_those_of_core() {
        for text in ["127.0.0.1:53", "[fe80::1%3]:80"] {
            let addr: SocketAddr = text.parse().unwrap();
            assert_eq!(SocketAddr::try_from(Address::from(addr)), Ok(addr));
        }
        assert!(SocketAddr::try_from(Address::from(UnixAddr::unnamed())).is_err());
    }

    /// As in a server that keeps a value for each peer.
    #[test]
    fn addresses_are_keys_of_a_map() {
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
    fn an_address_without_a_struct_is_kept_and_shown() {
        let bytes = [&AF_X25.to_ne_bytes()[..], b"any\0"].concat();
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
        assert_eq!(Address::Unknown(&[1]).to_string(), r#""\1""#);
    }
}
