//! The payloads that are made of machine words, and so differ between 32 and 64 bits.
#![forbid(unsafe_code)]

use crate::abi::Abi;
use crate::cmsg::Raw;
use crate::error::{Lengths, PayloadError};
use crate::level::{Owner, owner};
use crate::message::{HCI_CMSG_TSTAMP, RXRPC_USER_CALL_ID, SO_TIMESTAMP_OLD, SO_TIMESTAMPING_OLD, SO_TIMESTAMPNS_OLD};

/// Words of the longest such payload.
const MOST: usize = 6;

/// What a payload is made of.
#[derive(Clone, Copy)]
pub(super) struct Longs {
    count: usize,
    signed: bool,
}

impl Longs {
    /// THE LIST. Every message whose payload the kernel converts for 32-bit programs is here.
    ///
    /// Three more are of different size on a 32-bit kernel, but not for a 32-bit program on a 64-bit one, and so are
    /// left as they are: `RDS_CMSG_RDMA_STATUS`, `RDS_CMSG_RXPATH_LATENCY`, `MISDN_TIME_STAMP`.
    pub fn of(family: u16, raw: &Raw<'_>) -> Option<Self> {
        let is = |owned_by, ty| owner(family, raw.level) == Some(owned_by) && raw.ty == ty;
        if is(Owner::SOL_SOCKET, SO_TIMESTAMP_OLD.ty)
            || is(Owner::SOL_SOCKET, SO_TIMESTAMPNS_OLD.ty)
            || is(Owner::SOL_HCI, HCI_CMSG_TSTAMP.ty)
        {
            return Some(Self { count: 2, signed: true }); // seconds and a fraction
        }
        if is(Owner::SOL_SOCKET, SO_TIMESTAMPING_OLD.ty) && raw.data.len() != size_of::<u32>() {
            return Some(Self { count: 6, signed: true }); // three instants; as sent, it is a u32 of flags
        }
        is(Owner::SOL_RXRPC, RXRPC_USER_CALL_ID.ty).then_some(Self { count: 1, signed: false })
    }

    /// The same numbers in words of another size or order.
    pub fn translate(self, mut data: &[u8], from: Abi, to: Abi) -> Result<Words, PayloadError> {
        let len = self.count.saturating_mul(from.len_size());
        if data.len() != len {
            return Err(PayloadError::Length(Lengths::Exactly(len)));
        }
        let mut words = Words { bytes: [0; MOST * 8], len: 0 };
        while let Some((word, rest)) = from.word(data) {
            let word = if self.signed && from.len_size() == 4 { word as i32 as u64 } else { word };
            let fits = if self.signed { i32::try_from(word as i64).is_ok() } else { u32::try_from(word).is_ok() };
            if to.len_size() == 4 && !fits {
                return Err(PayloadError::Value);
            }
            words.push(&to.endian().bytes(word, to.len_size()), to.len_size());
            data = rest;
        }
        Ok(words)
    }
}

/// A payload made of words.
pub(super) struct Words {
    bytes: [u8; MOST * 8],
    len: usize,
}

impl Words {
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    fn push(&mut self, word: &[u8], width: usize) {
        let slot = self.bytes.get_mut(self.len..).unwrap_or_default();
        slot.iter_mut().zip(word).take(width).for_each(|(to, from)| *to = *from);
        self.len = self.len.saturating_add(width); // at most 6 words of 8
    }
}
