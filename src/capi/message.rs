//! `ancil_message`, `ancil_get_*`: what a control message says, without a struct or a length written by hand.

use super::{bytes, room, status};
use crate::errno::number::{EBADMSG, EINVAL};
use crate::error::BadPayload;
use crate::payload::{In6Pktinfo, InPktinfo, SockExtendedErr, Timestamp, Timestamping, Tos, Ucred};
use crate::table::keys::*;
use crate::wire::cmsg::Raw;
use crate::wire::key::Key;
use core::ffi::{c_int, c_void};
use core::mem::MaybeUninit;

/// One control message. `data` points into the control buffer and may not be aligned: memcpy it out.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_message {
    /// cmsg_level.
    pub level: c_int,
    /// cmsg_type.
    pub r#type: c_int,
    /// The payload.
    pub data: *const c_void,
    /// Bytes of payload.
    pub len: usize,
}

impl From<Raw<'_>> for ancil_message {
    fn from(raw: Raw<'_>) -> Self {
        Self {
            level: raw.level,
            r#type: raw.ty,
            data: raw.data.as_ptr().cast(),
            len: raw.data.len(),
        }
    }
}

/// Copies the descriptors of SCM_RIGHTS, up to `n` of them, to `fds`. Returns how many the message holds, which may
/// be more than `n`; 0 if it is another message; -EINVAL if `m` is NULL. All of them are open and yours to close:
/// this closes none. A buffer for one has room for two, by its padding: let `n` be its size over sizeof (int).
/// `fds` may be NULL if `n` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_get_fds(
    m: *const ancil_message,
    fds: *mut c_int,
    n: usize,
) -> c_int {
    // SAFETY: a message whose payload is still there, or NULL; `n` elements to write, or NULL. They do not overlap.
    let (raw, to) = unsafe { (raw(m), room(fds, n)) };
    let Some(raw) = raw else {
        return status(EINVAL);
    };
    let Ok(Some(fds)) = raw.get(SCM_RIGHTS) else {
        return 0;
    };
    to.iter_mut()
        .zip(fds)
        .for_each(|(to, fd)| *to = MaybeUninit::new(fd));
    fds.len().try_into().unwrap_or(c_int::MAX)
}

/// The value of a message of this level and type whose payload is an int or one byte: IP_TTL, IP_TOS, IPV6_HOPLIMIT,
/// IPV6_TCLASS, UDP_GRO, ... 1: `*value` is it. 0: another message. -EBADMSG: it is this one, but of a length that
/// makes no sense; -EINVAL: a pointer is NULL; `*value` is as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_get_int(
    m: *const ancil_message,
    level: c_int,
    r#type: c_int,
    value: *mut c_int,
) -> c_int {
    // SAFETY: a message whose payload is still there, or NULL; a value to write, or NULL.
    unsafe { give(m, value, |raw| raw.get(Key::<Tos>::new(level, r#type))) }
}

/// The sender, of SCM_CREDENTIALS. Returns what ancil_get_int does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_get_credentials(m: *const ancil_message, from: *mut Ucred) -> c_int {
    // SAFETY: as above.
    unsafe { give(m, from, |raw| raw.get(SCM_CREDENTIALS)) }
}

/// Where a datagram arrived, of IP_PKTINFO: answer from `ipi_spec_dst`. Returns what ancil_get_int does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_get_pktinfo(m: *const ancil_message, info: *mut InPktinfo) -> c_int {
    // SAFETY: as above.
    unsafe { give(m, info, |raw| raw.get(IP_PKTINFO)) }
}

/// Where a datagram arrived, of IPV6_PKTINFO. Returns what ancil_get_int does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_get_pktinfo6(
    m: *const ancil_message,
    info: *mut In6Pktinfo,
) -> c_int {
    // SAFETY: as above.
    unsafe { give(m, info, |raw| raw.get(IPV6_PKTINFO)) }
}

/// What happened to a packet sent before, of IP_RECVERR or IPV6_RECVERR. Returns what ancil_get_int does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_get_recverr(
    m: *const ancil_message,
    error: *mut SockExtendedErr,
) -> c_int {
    let read = |raw: &Raw<'_>| match raw.get(IP_RECVERR)? {
        Some(v4) => Ok(Some(v4.error)),
        None => Ok(raw.get(IPV6_RECVERR)?.map(|v6| v6.error)),
    };
    // SAFETY: as above.
    unsafe { give(m, error, read) }
}

/// An instant since 1970, of SO_TIMESTAMP, SO_TIMESTAMPNS or SO_TIMESTAMPING, old or new. 1: by the system's clock.
/// 2: by the network device's own, which SO_TIMESTAMPING gives where it has no other. 0: another message, or none that
/// holds an instant. -EBADMSG: of a length or with a fraction that makes no sense; -EINVAL: a pointer is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_get_timestamp(
    m: *const ancil_message,
    seconds: *mut i64,
    nanoseconds: *mut u32,
) -> c_int {
    let mut found = (Timestamp::default(), 0);
    // SAFETY: as above; a variable of ours.
    let state = unsafe { give(m, &raw mut found, instant) };
    if seconds.is_null() || nanoseconds.is_null() {
        return status(EINVAL);
    }
    if state <= 0 {
        return state;
    }
    // SAFETY: not NULL, hence valid.
    unsafe {
        seconds.write(found.0.seconds);
        nanoseconds.write(found.0.nanoseconds);
    }
    found.1
}

/// The instant of a message, and 1 or 2: by whose clock.
fn instant(raw: &Raw<'_>) -> Result<Option<(Timestamp, c_int)>, BadPayload> {
    for key in [SO_TIMESTAMPING_OLD, SO_TIMESTAMPING_NEW] {
        if let Some(Timestamping::Times(times)) = raw.get(key)? {
            let hardware = times.hardware.map(|time| (time, 2));
            return Ok(times.software.map(|time| (time, 1)).or(hardware));
        }
    }
    for key in [SO_TIMESTAMPNS_OLD, SO_TIMESTAMPNS_NEW] {
        if let Some(time) = raw.get(key)? {
            return Ok(Some((time, 1)));
        }
    }
    let time = match raw.get(SO_TIMESTAMP_OLD)? {
        None => raw.get(SO_TIMESTAMP_NEW)?,
        some => some,
    };
    Ok(time.map(|time| (time, 1)))
}

/// Gives C what `read` finds in a message.
///
/// # Safety
/// `m` is NULL, or valid, and its payload is; `out` is NULL, or valid for writing.
unsafe fn give<T>(
    m: *const ancil_message,
    out: *mut T,
    read: impl FnOnce(&Raw<'_>) -> Result<Option<T>, BadPayload>,
) -> c_int {
    // SAFETY: as the caller promises.
    let (Some(raw), false) = (unsafe { raw(m) }, out.is_null()) else {
        return status(EINVAL);
    };
    match read(&raw) {
        Err(_) => status(EBADMSG),
        Ok(None) => 0,
        Ok(Some(value)) => {
            // SAFETY: not NULL, hence valid.
            unsafe { out.write(value) };
            1
        }
    }
}

/// The message behind a pointer of the caller's; `None` behind NULL.
///
/// # Safety
/// `m` is NULL, or valid for `'a`, and its payload is.
unsafe fn raw<'a>(m: *const ancil_message) -> Option<Raw<'a>> {
    // SAFETY: as the caller promises.
    let m = unsafe { m.as_ref() }?;
    // SAFETY: the caller promises that `data` is valid for reading `len` bytes, or NULL.
    let data = unsafe { bytes(m.data, m.len) };
    Some(Raw {
        level: m.level,
        ty: m.r#type,
        offset: 0,
        data,
    })
}
