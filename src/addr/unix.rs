// SPDX-License-Identifier: MIT OR Apache-2.0
//! `unix(7)`: kernel `include/uapi/linux/un.h`.
#![forbid(unsafe_code)]

use super::{AF_UNIX, bad_value, copy_if_fits, impl_as_bytes, read_prefix, until_nul};
use crate::error::BadAddress;
use crate::show::{Printer, Show};
use core::fmt;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct sockaddr_un`: `unix(7)`. Its meaning depends on how many of its bytes are used. A path
/// that fills `sun_path` has no NUL.
///
/// In Rust, [`UnixAddr`] holds the struct together with that length.
///
/// ```
/// use ancil::addr::{AF_UNIX, SockaddrUn, UnixAddr};
///
/// let path = UnixAddr::path(b"/run/bus").ok_or("too long")?;
/// let addr: &SockaddrUn = path.sockaddr();
/// assert_eq!((addr.sun_family, addr.as_bytes().len()), (AF_UNIX, 110));
/// # Ok::<(), &str>(())
/// ```
#[doc(alias = "sockaddr_un")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SockaddrUn {
    /// `AF_UNIX`.
    pub sun_family: u16,
    /// A path and NUL, or NUL and an abstract name, or nothing.
    pub sun_path: [u8; 108],
}

const _: () = assert!(size_of::<SockaddrUn>() == 110);
const _: () = assert!(offset_of!(SockaddrUn, sun_path) == PATH_OFFSET);

const PATH_OFFSET: usize = 2;

impl_as_bytes!(SockaddrUn);

/// An address of `AF_UNIX`: a [`SockaddrUn`] and its length.
///
/// [`Address::parse`](crate::addr::Address::parse) requires 2 bytes. An address of two bytes (the
/// family alone) is unnamed.
///
/// ```
/// use ancil::addr::{UnixAddr, UnixName};
///
/// const LOG: UnixAddr = UnixAddr::path(b"/dev/log").unwrap();
/// assert_eq!(LOG.as_bytes()[2..], *b"/dev/log\0");
/// let hidden = UnixAddr::abstract_name(b"bus").ok_or("too long")?;
/// assert_eq!((hidden.as_bytes().len(), hidden.name()), (6, UnixName::Abstract(b"bus")));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnixAddr {
    raw: SockaddrUn,
    /// Number of bytes used in `sun_path`, at most 108. The rest of `sun_path` is zero.
    len: u8,
}

/// The name in an address of `AF_UNIX`.
///
/// ```
/// use ancil::addr::{UnixAddr, UnixName};
/// let path = UnixAddr::path(b"/run/bus").ok_or("too long")?;
/// assert_eq!(path.name(), UnixName::Path(b"/run/bus"));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnixName<'a> {
    /// No name. In `bind(2)`, it lets the kernel choose a free abstract name.
    Unnamed,
    /// The path of a file, without the NUL that follows.
    Path(&'a [u8]),
    /// A name outside the file system, without the NUL that precedes it. It may be empty, and may
    /// contain any bytes, including NUL.
    Abstract(&'a [u8]),
}

impl UnixAddr {
    /// Returns the address of a file. `None` if the path is empty, contains a NUL, or is longer
    /// than 108 bytes.
    ///
    /// A path of exactly 108 bytes is not followed by a NUL. Linux accepts such a path; other
    /// systems and many programs do not.
    pub const fn path(path: &[u8]) -> Option<Self> {
        let mut addr = Self::unnamed();
        let has_nul = until_nul(path).len() < path.len();
        if path.is_empty() || has_nul || !copy_if_fits(path, &mut addr.raw.sun_path) {
            return None;
        }
        addr.len = path.len() as u8; // at most 108
        if addr.len < 108 {
            addr.len = addr.len.wrapping_add(1); // the NUL after the path
        }
        Some(addr)
    }

    /// Returns an address with a name outside the file system. `None` if the name is longer than
    /// 107 bytes.
    pub const fn abstract_name(name: &[u8]) -> Option<Self> {
        let mut addr = Self::unnamed();
        let [_, space @ ..] = &mut addr.raw.sun_path;
        if !copy_if_fits(name, space) {
            return None;
        }
        addr.len = (name.len() as u8).wrapping_add(1); // at most 108, with the NUL before the name
        Some(addr)
    }

    /// Returns the address without a name. In `bind(2)`, it lets the kernel choose an abstract
    /// name.
    ///
    /// ```
    /// use ancil::addr::{UnixAddr, UnixName};
    /// assert_eq!(UnixAddr::unnamed().name(), UnixName::Unnamed);
    /// ```
    pub const fn unnamed() -> Self {
        Self {
            raw: SockaddrUn {
                sun_family: AF_UNIX,
                sun_path: [0; 108],
            },
            len: 0,
        }
    }

    /// Returns the name.
    pub fn name(&self) -> UnixName<'_> {
        match self.raw.sun_path.get(..self.len.into()) {
            None | Some([]) => UnixName::Unnamed,
            Some([0, name @ ..]) => UnixName::Abstract(name),
            Some(path) => UnixName::Path(until_nul(path)),
        }
    }

    /// Returns the used bytes, for [`MsgHdr::name`](crate::MsgHdr::name).
    pub fn as_bytes(&self) -> &[u8] {
        self.raw
            .as_bytes()
            .get(..PATH_OFFSET.saturating_add(self.len.into()))
            .unwrap_or_default()
    }

    /// Returns the struct. Its unused bytes are zero.
    ///
    /// ```
    /// use ancil::addr::UnixAddr;
    /// assert_eq!(UnixAddr::unnamed().sockaddr().sun_path[0], 0);
    /// ```
    pub const fn sockaddr(&self) -> &SockaddrUn {
        &self.raw
    }

    /// Ignores bytes after the NUL that follows a path. The kernel reports 111 bytes for a path of
    /// 108: it counts a NUL that `SockaddrUn` has no space for.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, BadAddress> {
        let SockaddrUn { sun_path, .. } = read_prefix::<_, PATH_OFFSET>(bytes)?;
        let used = bytes.get(PATH_OFFSET..).unwrap_or_default();
        let parsed = match used {
            [] => Some(Self::unnamed()),
            [0, name @ ..] => Self::abstract_name(name),
            _ if used.len() <= sun_path.len() || until_nul(used).len() <= sun_path.len() => {
                Self::path(until_nul(&sun_path))
            }
            _ => None,
        };
        parsed.ok_or_else(|| bad_value(bytes, PATH_OFFSET))
    }
}

impl Default for UnixAddr {
    fn default() -> Self {
        Self::unnamed()
    }
}

impl Default for SockaddrUn {
    fn default() -> Self {
        *UnixAddr::unnamed().sockaddr()
    }
}

impl Show for UnixAddr {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        let (prefix, name) = match self.name() {
            UnixName::Unnamed => return out.write_str("{sa_family=AF_UNIX}"),
            UnixName::Path(path) => ("{sa_family=AF_UNIX, sun_path=", path),
            UnixName::Abstract(name) => ("{sa_family=AF_UNIX, sun_path=@", name),
        };
        out.write_str(prefix)?;
        name.show(out)?;
        out.ascii(b'}')
    }
}

displayed!(UnixAddr);

impl fmt::Debug for UnixAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnixAddr").field(&self.name()).finish()
    }
}

/// Formats paths and names as strings, which they usually are.
impl fmt::Debug for UnixName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unnamed => f.write_str("Unnamed"),
            Self::Path(path) => write!(f, "Path(\"{}\")", path.escape_ascii()),
            Self::Abstract(name) => write!(f, "Abstract(\"{}\")", name.escape_ascii()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;
    use std::vec::Vec;

    fn raw(path: &[u8]) -> Vec<u8> {
        [&AF_UNIX.to_ne_bytes()[..], path].concat()
    }

    #[test]
    fn the_length_tells_the_kinds_of_names_apart() {
        assert_eq!(
            (UnixAddr::unnamed().as_bytes(), UnixAddr::unnamed().name()),
            (&raw(b"")[..], UnixName::Unnamed)
        );
        for (addr, path, name) in [
            (
                UnixAddr::path(b"/tmp/x"),
                &b"/tmp/x\0"[..],
                UnixName::Path(b"/tmp/x"),
            ),
            (
                UnixAddr::path(&[b'p'; 107]),
                &[&[b'p'; 107][..], b"\0"].concat(),
                UnixName::Path(&[b'p'; 107]),
            ),
            (
                UnixAddr::path(&[b'p'; 108]),
                &[b'p'; 108],
                UnixName::Path(&[b'p'; 108]),
            ),
            (UnixAddr::abstract_name(b""), b"\0", UnixName::Abstract(b"")),
            (
                UnixAddr::abstract_name(b"a\0b\0"),
                b"\0a\0b\0",
                UnixName::Abstract(b"a\0b\0"),
            ),
            (
                UnixAddr::abstract_name(&[0; 107]),
                &[0; 108],
                UnixName::Abstract(&[0; 107]),
            ),
        ] {
            let addr = addr.unwrap();
            assert_eq!((addr.as_bytes(), addr.name()), (&raw(path)[..], name));
            assert_eq!(UnixAddr::parse(addr.as_bytes()), Ok(addr));
        }
    }

    #[test]
    fn invalid_paths_and_names_are_rejected() {
        for path in [&b""[..], b"\0", b"a\0", b"a\0b", &[b'p'; 109]] {
            assert_eq!(UnixAddr::path(path), None);
        }
        assert_eq!(
            (
                UnixAddr::abstract_name(&[b'n'; 108]),
                UnixAddr::abstract_name(&[b'n'; 107]).is_some()
            ),
            (None, true)
        );
    }

    #[test]
    fn a_path_ends_at_its_nul_or_at_the_end_of_the_struct() {
        let path = UnixAddr::path(b"/tmp/x").unwrap();
        for bytes in [
            &b"/tmp/x"[..],
            b"/tmp/x\0",
            b"/tmp/x\0more",
            &[&b"/tmp/x\0"[..], &[b'm'; 200]].concat(),
        ] {
            assert_eq!(UnixAddr::parse(&raw(bytes)), Ok(path));
        }
        let longest = raw(&[&[b'p'; 108][..], b"\0"].concat());
        assert_eq!(
            (longest.len(), UnixAddr::parse(&longest)),
            (111, Ok(UnixAddr::path(&[b'p'; 108]).unwrap()))
        );
        for bytes in [raw(&[b'p'; 109]), raw(&[0; 109])] {
            assert_eq!(UnixAddr::parse(&bytes), Err(bad_value(&bytes, 2)));
        }
    }

    #[test]
    fn shown_as_strace_does() {
        assert_eq!(UnixAddr::unnamed().to_string(), "{sa_family=AF_UNIX}");
        assert_eq!(
            UnixAddr::path(b"/tmp/x").unwrap().to_string(),
            r#"{sa_family=AF_UNIX, sun_path="/tmp/x"}"#
        );
        let name = UnixAddr::abstract_name(b"\xff7\0").unwrap();
        assert_eq!(
            name.to_string(),
            r#"{sa_family=AF_UNIX, sun_path=@"\3777\0"}"#
        );
    }
}
