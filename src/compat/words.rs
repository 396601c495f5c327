//! The payloads that are made of machine words, and so differ between 32 and 64 bits.
#![forbid(unsafe_code)]

use crate::table::keys::{
    HCI_CMSG_TSTAMP, RXRPC_USER_CALL_ID, SO_TIMESTAMP_OLD, SO_TIMESTAMPING_OLD, SO_TIMESTAMPNS_OLD,
};
use crate::table::level::{LevelId, level_id};
use crate::wire::abi::Abi;
use crate::wire::cmsg::Raw;
use crate::wire::writer::copy;
use core::mem::MaybeUninit;

/// What a payload is made of.
#[derive(Clone, Copy)]
pub(super) struct Longs {
    count: u8,
    signed: bool,
}

impl Longs {
    /// THE LIST. Every message whose payload the kernel converts for 32-bit programs is here.
    ///
    /// Three more are of different size on a 32-bit kernel, but not for a 32-bit program on a 64-bit one, and so are
    /// left as they are: `RDS_CMSG_RDMA_STATUS`, `RDS_CMSG_RXPATH_LATENCY`, `MISDN_TIME_STAMP`.
    pub fn of(family: u16, raw: &Raw<'_>) -> Option<Self> {
        let is = |owned_by, ty| level_id(family, raw.level) == Some(owned_by) && raw.ty == ty;
        if is(LevelId::SOL_SOCKET, SO_TIMESTAMP_OLD.ty)
            || is(LevelId::SOL_SOCKET, SO_TIMESTAMPNS_OLD.ty)
            || is(LevelId::SOL_HCI, HCI_CMSG_TSTAMP.ty)
        {
            return Some(Self {
                count: 2,
                signed: true,
            }); // seconds and a fraction
        }
        if is(LevelId::SOL_SOCKET, SO_TIMESTAMPING_OLD.ty) && raw.data.len() != size_of::<u32>() {
            return Some(Self {
                count: 6,
                signed: true,
            }); // three instants; as sent, it is a u32 of flags
        }
        is(LevelId::SOL_RXRPC, RXRPC_USER_CALL_ID.ty).then_some(Self {
            count: 1,
            signed: false,
        })
    }

    /// Bytes of as many words as other systems have them.
    pub fn len(self, abi: Abi) -> usize {
        usize::from(self.count).saturating_mul(abi.len_size())
    }

    /// Whether words of this size can hold the numbers.
    pub fn fit(self, mut data: &[u8], from: Abi, to: Abi) -> bool {
        while let Some((word, rest)) = self.word(data, from) {
            let fits = if self.signed {
                i32::try_from(word as i64).is_ok()
            } else {
                u32::try_from(word).is_ok()
            };
            if to.len_size() == 4 && !fits {
                return false;
            }
            data = rest;
        }
        true
    }

    /// Writes the numbers in words of the other size.
    #[inline(never)]
    pub fn write(self, mut data: &[u8], from: Abi, to: Abi, mut slot: &mut [MaybeUninit<u8>]) {
        while let Some((word, rest)) = self.word(data, from) {
            let Some((place, after)) = slot.split_at_mut_checked(to.len_size()) else {
                break;
            };
            if to.len_size() == 4 {
                copy(place, &(word as u32).to_ne_bytes());
            } else {
                copy(place, &word.to_ne_bytes());
            }
            (data, slot) = (rest, after);
        }
    }

    /// The first word, in 64 bits.
    fn word(self, data: &[u8], from: Abi) -> Option<(u64, &[u8])> {
        let (word, rest) = from.word(data)?;
        Some((
            if self.signed && from.len_size() == 4 {
                word as i32 as u64
            } else {
                word
            },
            rest,
        ))
    }
}
