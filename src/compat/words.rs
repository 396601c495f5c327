// SPDX-License-Identifier: MIT OR Apache-2.0
//! The payloads that are made of machine words, and so differ between 32 and 64 bits.
#![forbid(unsafe_code)]

use crate::table::keys::{
    HCI_CMSG_TSTAMP, RXRPC_USER_CALL_ID, SO_TIMESTAMP_OLD, SO_TIMESTAMPING_OLD, SO_TIMESTAMPNS_OLD,
};
use crate::table::level::{LevelId, level_id};
use crate::wire::abi::Abi;
use crate::wire::cmsg::Raw;
use crate::wire::encode::OutBytes;
use crate::wire::key::Key;

/// A payload of machine words: how many, and whether they have a sign.
#[derive(Clone, Copy)]
pub(super) struct WordPayload {
    count: usize,
    signed: bool,
}

impl WordPayload {
    /// Returns the payload of this message, if the kernel converts it for 32-bit programs. Every
    /// such message is listed here.
    ///
    /// The payloads of `RDS_CMSG_RDMA_STATUS`, `RDS_CMSG_RXPATH_LATENCY` and `MISDN_TIME_STAMP` are
    /// smaller on a 32-bit kernel. A 64-bit kernel hands its own form to 32-bit programs, so they
    /// are not listed.
    pub fn of(family: u16, raw: &Raw<'_>) -> Option<Self> {
        let (level, ty) = (raw.level, raw.ty);
        let (count, signed) = if SO_TIMESTAMP_OLD::matches(level, ty)
            || SO_TIMESTAMPNS_OLD::matches(level, ty)
            || (HCI_CMSG_TSTAMP::matches(level, ty)
                && level_id(family, level) == Some(LevelId::SOL_HCI))
        {
            (2, true) // seconds and a fraction
        } else if SO_TIMESTAMPING_OLD::matches(level, ty) && raw.data.len() != 4 {
            (6, true) // three times; a payload of 4 bytes is the flags of a send
        } else if RXRPC_USER_CALL_ID::matches(level, ty) {
            (1, false)
        } else {
            return None;
        };
        Some(Self { count, signed })
    }

    /// Returns the length of the payload in bytes, with words of this size.
    pub fn len(self, abi: Abi) -> usize {
        self.count.saturating_mul(abi.len_size())
    }

    /// Returns whether words of the new size can hold the numbers.
    pub fn fit(self, mut data: &[u8], from: Abi, to: Abi) -> bool {
        if to != Abi::LINUX_32 {
            return true;
        }
        while let Some((word, rest)) = self.split_word(data, from) {
            let fits = if self.signed {
                i32::try_from(word as i64).is_ok()
            } else {
                u32::try_from(word).is_ok()
            };
            if !fits {
                return false;
            }
            data = rest;
        }
        true
    }

    /// Writes the numbers in words of the new size.
    pub fn translate(self, mut data: &[u8], from: Abi, to: Abi, mut out: OutBytes<'_>) {
        while let Some((word, rest)) = self.split_word(data, from) {
            let Some((mut place, after)) = out.split_at(to.len_size()) else {
                return;
            };
            if to == Abi::LINUX_32 {
                place.copy_from(&(word as u32).to_ne_bytes());
            } else {
                place.copy_from(&word.to_ne_bytes());
            }
            (data, out) = (rest, after);
        }
    }

    /// Returns the first word, widened to 64 bits, and the bytes after it.
    fn split_word(self, data: &[u8], from: Abi) -> Option<(u64, &[u8])> {
        if from == Abi::LINUX_64 {
            let (word, rest) = data.split_first_chunk()?;
            return Some((u64::from_ne_bytes(*word), rest));
        }
        let (word, rest) = data.split_first_chunk()?;
        let word = if self.signed {
            i64::from(i32::from_ne_bytes(*word)) as u64
        } else {
            u32::from_ne_bytes(*word).into()
        };
        Some((word, rest))
    }
}
