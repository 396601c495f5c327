// SPDX-License-Identifier: MIT OR Apache-2.0
//! `struct msghdr` and `struct iovec` of either word size, as plain numbers: their addresses belong
//! to another program.
#![forbid(unsafe_code)]

use crate::show::{Printer, Show};
use core::fmt;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct compat_msghdr`: `struct msghdr` of a 32-bit program. Kernel `include/net/compat.h`.
///
/// ```
/// use ancil::compat::MsgHdr32;
///
/// let header = MsgHdr32 { msg_control: 0xfff0_0000, msg_controllen: 16, ..Default::default() };
/// let wide = header.widen();
/// assert_eq!((wide.msg_control, wide.msg_controllen), (0xfff0_0000, 16));
/// ```
#[doc(alias = "compat_msghdr")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct MsgHdr32 {
    /// Address of the name.
    pub msg_name: u32,
    /// Length of the name in bytes.
    pub msg_namelen: i32,
    /// Address of the vectors: [`IoVec32`].
    pub msg_iov: u32,
    /// Number of vectors.
    pub msg_iovlen: u32,
    /// Address of the control messages.
    pub msg_control: u32,
    /// Length of the control messages in bytes.
    pub msg_controllen: u32,
    /// `MSG_*`.
    pub msg_flags: u32,
}

/// `struct msghdr` of a 64-bit program, as the kernel has it: `struct user_msghdr` in
/// `include/linux/socket.h`.
///
/// ```
/// use ancil::compat::MsgHdr64;
///
/// let header = MsgHdr64 { msg_iov: 1 << 32, ..Default::default() };
/// assert_eq!(header.narrow().unwrap_err().field, "msg_iov");
/// ```
#[doc(alias("msghdr", "user_msghdr"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct MsgHdr64 {
    /// Address of the name.
    pub msg_name: u64,
    /// Length of the name in bytes.
    pub msg_namelen: i32,
    /// Ignored by the kernel.
    pub pad: [u8; 4],
    /// Address of the vectors: [`IoVec64`].
    pub msg_iov: u64,
    /// Number of vectors.
    pub msg_iovlen: u64,
    /// Address of the control messages.
    pub msg_control: u64,
    /// Length of the control messages in bytes.
    pub msg_controllen: u64,
    /// `MSG_*`.
    pub msg_flags: u32,
    /// Ignored by the kernel.
    pub pad2: [u8; 4],
}

/// `struct compat_iovec`: `struct iovec` of a 32-bit program.
///
/// ```
/// use ancil::compat::IoVec32;
/// assert_eq!(IoVec32 { iov_base: 0x1000, iov_len: 5 }.widen()?.iov_len, 5);
/// # Ok::<(), ancil::compat::TooWide>(())
/// ```
#[doc(alias = "compat_iovec")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct IoVec32 {
    /// Address of the bytes.
    pub iov_base: u32,
    /// Number of bytes.
    pub iov_len: u32,
}

/// `struct iovec` of a 64-bit program.
///
/// ```
/// use ancil::compat::IoVec64;
/// assert_eq!(IoVec64 { iov_base: 0x1000, iov_len: 5 }.narrow()?.iov_len, 5);
/// # Ok::<(), ancil::compat::TooWide>(())
/// ```
#[doc(alias = "iovec")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct IoVec64 {
    /// Address of the bytes.
    pub iov_base: u64,
    /// Number of bytes.
    pub iov_len: u64,
}

const _: () = assert!(size_of::<MsgHdr32>() == 28 && size_of::<IoVec32>() == 8);
const _: () = assert!(offset_of!(MsgHdr32, msg_controllen) == 20);
const _: () = assert!(size_of::<MsgHdr64>() == 56 && size_of::<IoVec64>() == 16);
const _: () = assert!(offset_of!(MsgHdr64, msg_iov) == 16 && offset_of!(MsgHdr64, msg_flags) == 48);

/// A number that does not fit into the field of a 32-bit program.
///
/// ```
/// use ancil::compat::{IoVec64, TooWide};
/// let error = IoVec64 { iov_base: 0, iov_len: 1 << 40 }.narrow().unwrap_err();
/// assert_eq!(error, TooWide { field: "iov_len", value: 1 << 40 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TooWide {
    /// The name of the field in C.
    pub field: &'static str,
    /// The number.
    pub value: u64,
}

/// Without `write!`, because `core::fmt` keeps a panic for a u64 on 32-bit machines at opt-level s.
impl Show for TooWide {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.write_str(self.field)?;
        out.write_str(" is ")?;
        self.value.show(out)?;
        out.write_str(", more than a 32-bit program can hold")
    }
}

displayed!(TooWide);

impl core::error::Error for TooWide {}

fn fit(field: &'static str, value: u64) -> Result<u32, TooWide> {
    u32::try_from(value).map_err(|_| TooWide { field, value })
}

impl MsgHdr32 {
    /// Converts to the form of a 64-bit program. Kernel `get_compat_msghdr`.
    pub fn widen(self) -> MsgHdr64 {
        MsgHdr64 {
            msg_name: self.msg_name.into(),
            msg_namelen: self.msg_namelen,
            msg_iov: self.msg_iov.into(),
            msg_iovlen: self.msg_iovlen.into(),
            msg_control: self.msg_control.into(),
            msg_controllen: self.msg_controllen.into(),
            msg_flags: self.msg_flags,
            ..MsgHdr64::default()
        }
    }
}

impl MsgHdr64 {
    /// Converts to the form of a 32-bit program.
    ///
    /// # Errors
    /// [`TooWide`] with the first address or length that does not fit into 32 bits.
    pub fn narrow(self) -> Result<MsgHdr32, TooWide> {
        Ok(MsgHdr32 {
            msg_name: fit("msg_name", self.msg_name)?,
            msg_namelen: self.msg_namelen,
            msg_iov: fit("msg_iov", self.msg_iov)?,
            msg_iovlen: fit("msg_iovlen", self.msg_iovlen)?,
            msg_control: fit("msg_control", self.msg_control)?,
            msg_controllen: fit("msg_controllen", self.msg_controllen)?,
            msg_flags: self.msg_flags,
        })
    }
}

impl IoVec32 {
    /// Converts to the form of a 64-bit program. Kernel `copy_compat_iovec_from_user`.
    ///
    /// # Errors
    /// [`TooWide`] for a length of more than `i32::MAX`: the kernel answers EINVAL to a 32-bit
    /// program, and would accept it from a 64-bit one.
    pub fn widen(self) -> Result<IoVec64, TooWide> {
        let (iov_base, iov_len) = (self.iov_base.into(), self.iov_len.into());
        match i32::try_from(self.iov_len) {
            Ok(_) => Ok(IoVec64 { iov_base, iov_len }),
            Err(_) => Err(TooWide {
                field: "iov_len",
                value: iov_len,
            }),
        }
    }
}

impl IoVec64 {
    /// Converts to the form of a 32-bit program.
    ///
    /// # Errors
    /// [`TooWide`] for an address that does not fit into 32 bits, or a length of more than
    /// `i32::MAX`.
    pub fn narrow(self) -> Result<IoVec32, TooWide> {
        let narrow = IoVec32 {
            iov_base: fit("iov_base", self.iov_base)?,
            iov_len: fit("iov_len", self.iov_len)?,
        };
        narrow.widen().map(|_| narrow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn a_header_goes_there_and_back() {
        let narrow = MsgHdr32 {
            msg_name: 0xffff_fff1,
            msg_namelen: -1,
            msg_iov: 2,
            msg_iovlen: 3,
            msg_control: 4,
            msg_controllen: u32::MAX,
            msg_flags: 0x8000_0000,
        };
        let wide = narrow.widen();
        assert_eq!(
            (wide.msg_name, wide.msg_namelen, wide.msg_controllen),
            (0xffff_fff1, -1, 0xffff_ffff)
        );
        assert_eq!(wide.narrow(), Ok(narrow));
        type Place = fn(&mut MsgHdr64) -> &mut u64;
        let fields: [(&str, Place); 5] = [
            ("msg_name", |h| &mut h.msg_name),
            ("msg_iov", |h| &mut h.msg_iov),
            ("msg_iovlen", |h| &mut h.msg_iovlen),
            ("msg_control", |h| &mut h.msg_control),
            ("msg_controllen", |h| &mut h.msg_controllen),
        ];
        for (field, place) in fields {
            let mut wide = wide;
            *place(&mut wide) = 1 << 32;
            assert_eq!(
                wide.narrow(),
                Err(TooWide {
                    field,
                    value: 1 << 32
                })
            );
        }
    }

    #[test]
    fn a_vector_is_at_most_half_of_the_address_space() {
        let most = IoVec32 {
            iov_base: u32::MAX,
            iov_len: 0x7fff_ffff,
        };
        assert_eq!(most.widen().unwrap().narrow(), Ok(most));
        let over = IoVec32 {
            iov_len: 0x8000_0000,
            ..most
        };
        assert_eq!(
            over.widen(),
            Err(TooWide {
                field: "iov_len",
                value: 0x8000_0000
            })
        );
        assert!(
            IoVec64 {
                iov_base: 0,
                iov_len: 0x8000_0000
            }
            .narrow()
            .is_err()
        );
        assert!(
            IoVec64 {
                iov_base: 1 << 32,
                iov_len: 0
            }
            .narrow()
            .is_err()
        );
        assert_eq!(
            TooWide {
                field: "x",
                value: 5
            }
            .to_string(),
            "x is 5, more than a 32-bit program can hold"
        );
    }
}
