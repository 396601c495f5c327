// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_get_timestamp`, `ancil_get_timestamping`: when a packet arrived, or was sent.

use super::message::{ancil_message, get};
use super::status;
use crate::errno::number::{EBADMSG, EINVAL};
use crate::error::BadPayload;
use crate::payload::{Timestamp, Timestamping, Timestamps};
use crate::table::keys::{SO_TIMESTAMP, SO_TIMESTAMPING, SO_TIMESTAMPNS};
use crate::wire::cmsg::Raw;
use core::ffi::c_int;
use core::mem::MaybeUninit;

/// One time of a packet.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_timestamp {
    /// Seconds since 1970, or of the clock of a network device.
    pub seconds: i64,
    /// Nanoseconds of the second: 0 to 999999999.
    pub nanoseconds: u32,
    /// 1; or 0 if this time was not measured: the other fields are 0, too.
    pub measured: u32,
}

/// The three times of a packet: struct scm_timestamping.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_timestamping {
    /// By the system's clock: measured by the kernel.
    pub software: ancil_timestamp,
    /// By the network device, converted to the system's clock: only before Linux 3.17.
    pub transformed: ancil_timestamp,
    /// By the clock of the network device.
    pub hardware: ancil_timestamp,
}

impl From<Option<Timestamp>> for ancil_timestamp {
    fn from(time: Option<Timestamp>) -> Self {
        let Timestamp {
            seconds,
            nanoseconds,
        } = time.unwrap_or_default();
        Self {
            seconds,
            nanoseconds,
            measured: time.is_some().into(),
        }
    }
}

impl From<Timestamps> for ancil_timestamping {
    fn from(times: Timestamps) -> Self {
        Self {
            software: times.software.into(),
            transformed: times.transformed.into(),
            hardware: times.hardware.into(),
        }
    }
}

/// Reads the time of a packet by the system's clock, since 1970: SO_TIMESTAMP, SO_TIMESTAMPNS or
/// the software time of SO_TIMESTAMPING, old or new. Returns 1 if both values were set; 0 if `m` is
/// another message, or has no such time; -EBADMSG if the payload has a wrong length, or a fraction
/// of a second or more; -EINVAL if a pointer is NULL. Without 1, both values are unchanged.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_get_timestamp(
    m: Option<&ancil_message<'_>>,
    seconds: Option<&mut MaybeUninit<i64>>,
    nanoseconds: Option<&mut MaybeUninit<u32>>,
) -> c_int {
    let (Some(m), Some(seconds), Some(nanoseconds)) = (m, seconds, nanoseconds) else {
        return status(EINVAL);
    };
    match system_time(&m.raw()) {
        Err(_) => status(EBADMSG),
        Ok(None) => 0,
        Ok(Some(time)) => {
            seconds.write(time.seconds);
            nanoseconds.write(time.nanoseconds);
            1
        }
    }
}

/// Reads all times of SO_TIMESTAMPING, old or new. Returns the same as ancil_get_int; 0 also for
/// the flags that a program sends under this type.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_get_timestamping(
    m: Option<&ancil_message<'_>>,
    times: Option<&mut MaybeUninit<ancil_timestamping>>,
) -> c_int {
    get(m, times, timestamps)
}

// Inlined, because a call copies the times: on 32-bit ARM that would take more than 256 bytes.
#[inline(always)]
fn timestamps(raw: &Raw<'_>) -> Result<Option<Timestamps>, BadPayload> {
    Ok(match raw.get(SO_TIMESTAMPING)? {
        Some(Timestamping::Times(times)) => Some(times),
        Some(Timestamping::Request(_)) | None => None,
    })
}

/// Returns the time by the system's clock that a message carries.
fn system_time(raw: &Raw<'_>) -> Result<Option<Timestamp>, BadPayload> {
    if let Some(times) = timestamps(raw)? {
        return Ok(times.software);
    }
    match raw.get(SO_TIMESTAMPNS)? {
        None => raw.get(SO_TIMESTAMP),
        some => Ok(some),
    }
}
