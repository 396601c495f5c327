// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_message`, `ancil_get_*`: a control message, and what it says.

use super::{bytes, report_step, status};
use crate::errno::number::EINVAL;
use crate::error::BadPayload;
use crate::payload::{In6Pktinfo, InPktinfo, Tos, Ucred};
use crate::table::keys::{IP_PKTINFO, IPV6_PKTINFO, SCM_CREDENTIALS};
use crate::wire::cmsg::Raw;
use crate::wire::payload::Payload;
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// One control message. `data` points into the control buffer and may be aligned in any way: copy
/// the payload with memcpy.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_message<'a> {
    /// cmsg_level.
    pub level: c_int,
    /// cmsg_type.
    pub r#type: c_int,
    /// Start of the payload.
    data: *const c_void,
    /// Bytes of the payload.
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
    pub(super) fn raw(&self) -> Raw<'a> {
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

/// Reads a message of this level and type whose payload is an int or one byte: IP_TTL, IP_TOS,
/// IPV6_HOPLIMIT, IPV6_TCLASS, UDP_GRO and others. Returns 1 if `*value` was set; 0 if `m` is
/// another message; -EBADMSG if the payload has a wrong length or value; -EINVAL if a pointer is
/// NULL. Without 1, `*value` is unchanged.
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

/// Reads who sent the message: SCM_CREDENTIALS. Returns the same as ancil_get_int.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_get_credentials(
    m: Option<&ancil_message<'_>>,
    from: Option<&mut MaybeUninit<Ucred>>,
) -> c_int {
    get(m, from, |raw| raw.get(SCM_CREDENTIALS))
}

/// Reads where a datagram arrived: IP_PKTINFO. Answer from the address `ipi_spec_dst`. Returns the
/// same as ancil_get_int.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_get_pktinfo(
    m: Option<&ancil_message<'_>>,
    info: Option<&mut MaybeUninit<InPktinfo>>,
) -> c_int {
    get(m, info, |raw| raw.get(IP_PKTINFO))
}

/// Reads where a datagram arrived: IPV6_PKTINFO. Returns the same as ancil_get_int.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_get_pktinfo6(
    m: Option<&ancil_message<'_>>,
    info: Option<&mut MaybeUninit<In6Pktinfo>>,
) -> c_int {
    get(m, info, |raw| raw.get(IPV6_PKTINFO))
}

/// Reports to C what `read` finds in a message.
pub(super) fn get<'a, T, C: From<T>>(
    m: Option<&ancil_message<'a>>,
    to: Option<&mut MaybeUninit<C>>,
    read: impl FnOnce(&Raw<'a>) -> Result<Option<T>, BadPayload>,
) -> c_int {
    let (Some(m), Some(to)) = (m, to) else {
        return status(EINVAL);
    };
    report_step(read(&m.raw()), to)
}
