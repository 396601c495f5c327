//! `ancil_message`, `ancil_get_*`: what a control message says, decoded.

use super::{bytes, report_step, status, uninit_slice, write_out};
use crate::errno::number::{EBADMSG, EINVAL};
use crate::error::BadPayload;
use crate::payload::{In6Pktinfo, InPktinfo, SockExtendedErr, Timestamp, Timestamping, Tos, Ucred};
use crate::table::keys::*;
use crate::wire::cmsg::Raw;
use crate::wire::payload::Payload;
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// One control message. `data` points into the control buffer and may not be aligned: memcpy it
/// out.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_message<'a> {
    /// cmsg_level.
    pub level: c_int,
    /// cmsg_type.
    pub r#type: c_int,
    /// The payload.
    data: *const c_void,
    /// Bytes of payload.
    len: usize,
    // Invariant: `data` is NULL, or valid for reading `len` initialised bytes for `'a`.
    lifetime: PhantomData<&'a [u8]>,
}

impl<'a> From<Raw<'a>> for ancil_message<'a> {
    fn from(raw: Raw<'a>) -> Self {
        Self {
            level: raw.level,
            r#type: raw.ty,
            data: raw.data.as_ptr().cast(),
            len: raw.data.len(),
            lifetime: PhantomData,
        }
    }
}

impl<'a> ancil_message<'a> {
    fn raw(&self) -> Raw<'a> {
        // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading for `'a`: the
        // invariant of the fields, which `from` establishes from a slice. In a message that C has
        // filled in itself, `data` and `len` are a pointer with its length, so the contract of the
        // C API says the same.
        let data = unsafe { bytes(self.data, self.len) };
        Raw {
            level: self.level,
            ty: self.r#type,
            offset: 0,
            data,
        }
    }
}

/// Copies the descriptors of SCM_RIGHTS, up to `n` of them, to `fds`. Returns how many the message
/// holds, which may be more than `n`; 0 if it is another message; -EINVAL if `m` is NULL. All of
/// them are open and yours to close: this closes none. A buffer for one has room for two, by its
/// padding: let `n` be its size over sizeof (int). `fds` may be NULL if `n` is 0.
///
/// If SO_RIGHTS_NOTRUNC is set (Linux 7.3), a descriptor that a security module denied is counted
/// and copied, too: as a negative number, -EACCES for instance. Do not close such a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_get_fds(
    m: Option<&ancil_message<'_>>,
    fds: *mut c_int,
    n: usize,
) -> c_int {
    let Some(m) = m else {
        return status(EINVAL);
    };
    let Ok(Some(found)) = m.raw().get(SCM_RIGHTS) else {
        return 0;
    };
    // SAFETY: `uninit_slice` needs NULL or `n` elements that are valid for writing and that nothing
    // else accesses meanwhile: the contract of the C API.
    let to = unsafe { uninit_slice(fds, n) };
    write_out(to, found);
    found.len().try_into().unwrap_or(c_int::MAX)
}

/// The value of a message of this level and type whose payload is an int or one byte: IP_TTL,
/// IP_TOS, IPV6_HOPLIMIT, IPV6_TCLASS, UDP_GRO, ... 1: `*value` is it. 0: another message.
/// -EBADMSG: it is this one, but of a length that makes no sense; -EINVAL: a pointer is NULL;
/// `*value` is as it was.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_get_int(
    m: Option<&ancil_message<'_>>,
    level: c_int,
    r#type: c_int,
    value: Option<&mut MaybeUninit<c_int>>,
) -> c_int {
    get(m, value, |raw| {
        if (raw.level, raw.ty) != (level, r#type) {
            return Ok(None);
        }
        Tos::decode(raw.data)
            .map(Some)
            .map_err(|cause| raw.bad_payload(cause))
    })
}

/// The sender, of SCM_CREDENTIALS. Returns what ancil_get_int does.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_get_credentials(
    m: Option<&ancil_message<'_>>,
    from: Option<&mut MaybeUninit<Ucred>>,
) -> c_int {
    get(m, from, |raw| raw.get(SCM_CREDENTIALS))
}

/// Where a datagram arrived, of IP_PKTINFO: answer from `ipi_spec_dst`. Returns what ancil_get_int
/// does.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_get_pktinfo(
    m: Option<&ancil_message<'_>>,
    info: Option<&mut MaybeUninit<InPktinfo>>,
) -> c_int {
    get(m, info, |raw| raw.get(IP_PKTINFO))
}

/// Where a datagram arrived, of IPV6_PKTINFO. Returns what ancil_get_int does.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_get_pktinfo6(
    m: Option<&ancil_message<'_>>,
    info: Option<&mut MaybeUninit<In6Pktinfo>>,
) -> c_int {
    get(m, info, |raw| raw.get(IPV6_PKTINFO))
}

/// What happened to a packet sent before, of IP_RECVERR or IPV6_RECVERR. Returns what ancil_get_int
/// does.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_get_recverr(
    m: Option<&ancil_message<'_>>,
    error: Option<&mut MaybeUninit<SockExtendedErr>>,
) -> c_int {
    let read = |raw: &Raw<'_>| match raw.get(IP_RECVERR)? {
        Some(v4) => Ok(Some(v4.error)),
        None => Ok(raw.get(IPV6_RECVERR)?.map(|v6| v6.error)),
    };
    get(m, error, read)
}

/// An instant since 1970, of SO_TIMESTAMP, SO_TIMESTAMPNS or SO_TIMESTAMPING, old or new. 1: by the
/// system's clock. 2: by the network device's own, which SO_TIMESTAMPING gives where it has no
/// other. 0: another message, or one without a time. -EBADMSG: its length or its fraction of a
/// second is wrong. -EINVAL: a pointer is NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_get_timestamp(
    m: Option<&ancil_message<'_>>,
    seconds: Option<&mut MaybeUninit<i64>>,
    nanoseconds: Option<&mut MaybeUninit<u32>>,
) -> c_int {
    let (Some(m), Some(seconds), Some(nanoseconds)) = (m, seconds, nanoseconds) else {
        return status(EINVAL);
    };
    match instant(&m.raw()) {
        Err(_) => status(EBADMSG),
        Ok(None) => 0,
        Ok(Some((time, clock))) => {
            seconds.write(time.seconds);
            nanoseconds.write(time.nanoseconds);
            clock
        }
    }
}

/// Returns the instant that a message tells, and whose clock it is by: 1 or 2, as
/// `ancil_get_timestamp` returns it.
fn instant(raw: &Raw<'_>) -> Result<Option<(Timestamp, c_int)>, BadPayload> {
    if let Some(Timestamping::Times(times)) = raw.get(SO_TIMESTAMPING)? {
        let hardware = times.hardware.map(|time| (time, 2));
        return Ok(times.software.map(|time| (time, 1)).or(hardware));
    }
    let time = match raw.get(SO_TIMESTAMPNS)? {
        None => raw.get(SO_TIMESTAMP)?,
        some => some,
    };
    Ok(time.map(|time| (time, 1)))
}

/// Reports to C what `read` finds in a message.
fn get<T>(
    m: Option<&ancil_message<'_>>,
    to: Option<&mut MaybeUninit<T>>,
    read: impl FnOnce(&Raw<'_>) -> Result<Option<T>, BadPayload>,
) -> c_int {
    let (Some(m), Some(to)) = (m, to) else {
        return status(EINVAL);
    };
    report_step(read(&m.raw()), to)
}
