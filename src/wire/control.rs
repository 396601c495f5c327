// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Control`]: an encoded control buffer that may be sent.

use super::reader::Reader;
use crate::arch::SOL_SOCKET;
use crate::error::{Error, Unborrowed};

/// `SCM_RIGHTS`: level and type.
pub(crate) const RIGHTS: (i32, i32) = (SOL_SOCKET, 1);

/// `SOL_RDS`.
pub(crate) const RDS: i32 = 276;

/// The types of RDS messages that name no memory: `RDS_CMSG_RDMA_DEST`, `RDS_CMSG_ZCOPY_COOKIE`.
pub(crate) const RDS_PLAIN: [i32; 2] = [2, 12];

/// What a message names beside its bytes when it is sent.
///
/// The numbers above belong to the catalogue, which stands on a higher floor. It checks at compile
/// time that they are those of its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Nothing,
    /// Descriptors, which the kernel duplicates for the receiver.
    Descriptors,
    /// Memory, which the kernel reads or writes.
    Memory,
}

impl Named {
    /// Returns what messages of this level and type name.
    #[inline]
    pub(crate) const fn by(level: i32, ty: i32) -> Self {
        if level == RIGHTS.0 && ty == RIGHTS.1 {
            return Self::Descriptors;
        }
        let [destination, cookie] = RDS_PLAIN;
        if level == RDS && ty != destination && ty != cookie {
            return Self::Memory;
        }
        Self::Nothing
    }
}

/// Encoded control messages that may be sent: what [`MsgHdr::control`](crate::MsgHdr::control)
/// takes. Their descriptors are borrowed for `'a`, so they are open when the message is sent.
///
/// [`Writer::finish`](crate::Writer::finish) and [`ControlBuf::as_control`](crate::ControlBuf)
/// return it, and [`parse`](Control::parse) makes it of bytes in which there are no descriptors.
///
/// ```
/// use ancil::{Control, Error, IP_TTL, SCM_RIGHTS, Writer, space_of};
///
/// let mut buffer = [0; space_of::<IP_TTL>()];
/// let mut writer = Writer::new(&mut buffer);
/// writer.put(IP_TTL, 64)?;
/// let control = writer.finish();
/// assert_eq!(control.reader().get(IP_TTL)?, Some(64));
/// let copy = control.as_bytes().to_vec(); // kept, or sent to another process
/// assert_eq!(Control::parse(&copy)?, control);
/// # Ok::<(), Error>(())
/// ```
#[doc(alias("msg_control", "msg_controllen"))]
#[must_use = "it sends nothing by itself: `MsgHdr::control` takes it"]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Control<'a> {
    /// Invariant: what the messages in these bytes name ([`Named`]) may be used by the kernel. The
    /// descriptors are open for `'a` and may be sent.
    bytes: &'a [u8],
}

impl<'a> Control<'a> {
    /// Checks bytes that were encoded elsewhere, and takes them if they name neither descriptors
    /// nor memory.
    ///
    /// # Errors
    /// [`Unborrowed`] for `SCM_RIGHTS` and for those messages of RDS that hold addresses: bytes
    /// borrow neither. [`Malformed`](crate::Malformed) for a malformed header.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        for raw in Reader::new(bytes) {
            let raw = raw?;
            if Named::by(raw.level, raw.ty) != Named::Nothing {
                return Err(Error::Unborrowed(Unborrowed {
                    level: raw.level,
                    ty: raw.ty,
                    offset: raw.offset,
                }));
            }
        }
        Ok(Self { bytes })
    }

    /// Takes any bytes.
    ///
    /// ```
    /// use ancil::{Control, Raw};
    ///
    /// // SAFETY: there is no message, so nothing is named.
    /// let control = unsafe { Control::from_raw(&[]) };
    /// assert!(control.is_empty() && control.len() == 0);
    /// ```
    ///
    /// # Safety
    /// Each number in an `SCM_RIGHTS` that is not negative must be a descriptor that may be sent,
    /// open for `'a`. Memory that messages of RDS name must be valid for what the kernel does with
    /// it, until the kernel reports with `RDS_CMSG_RDMA_STATUS` that it is done.
    #[inline]
    pub const unsafe fn from_raw(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Returns the encoded messages: `msg_control`, and their length is `msg_controllen`.
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns the number of bytes: `msg_controllen`.
    ///
    /// ```
    /// assert_eq!(ancil::Control::default().len(), 0);
    /// ```
    #[inline]
    pub const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Returns whether there is no message.
    ///
    /// ```
    /// assert!(ancil::Control::default().is_empty());
    /// ```
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns a reader of the messages.
    #[inline]
    pub const fn reader(&self) -> Reader<'a> {
        Reader::new(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::keys::{IP_TTL, RDS_CMSG_RDMA_MAP};
    use crate::wire::abi::Abi;
    use crate::wire::encode::bytes_of_messages;
    use crate::wire::key::Key;

    #[test]
    fn only_bytes_that_name_nothing_are_taken() {
        assert!(Control::parse(&[]).unwrap().is_empty());
        let ttl = (IP_TTL::LEVEL, IP_TTL::TYPE, &[0; 4][..]);
        for (level, ty, is_refused) in [
            (ttl.0, ttl.1, false),
            (RDS, RDS_PLAIN[0], false),
            (RDS, RDS_PLAIN[1], false),
            (RDS, RDS_CMSG_RDMA_MAP::TYPE, true),
            (RIGHTS.0, RIGHTS.1, true),
        ] {
            let bytes = bytes_of_messages(&[ttl, (level, ty, &[0; 8])]);
            match Control::parse(&bytes) {
                Ok(control) => assert!(!is_refused && !control.is_empty()),
                Err(Error::Unborrowed(e)) => {
                    assert!(is_refused);
                    assert_eq!(
                        (e.level, e.ty, e.offset),
                        (level, ty, Abi::NATIVE.cmsg_space(4))
                    );
                }
                Err(e) => panic!("{e}"),
            }
        }
    }
}
