// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_get_error`: what became of a packet that was sent before.

use super::message::{ancil_message, get};
use super::status;
use crate::errno::number::EINVAL;
use crate::payload::{RecvErr, SockEeDataRfc4884, SockExtendedErr};
use crate::table::reports::report_of;
use core::ffi::{c_int, c_void};
use core::mem::MaybeUninit;

/// An entry of a socket's error queue, which recvmsg takes out with MSG_ERRQUEUE. It is not always
/// an error. What `info` and `data` mean depends on `origin`, ANCIL_SO_EE_ORIGIN_*:
///
/// LOCAL, ICMP, ICMP6: `info` is the MTU of the path if `error` is EMSGSIZE.
/// ICMP, ICMP6: `data` says where an extension is: ancil_get_extension.
/// TIMESTAMPING: `info` is ANCIL_SCM_TSTAMP_*, `data` the number of the packet (OPT_ID).
/// ZEROCOPY: `info` and `data` are the numbers of the first and the last send that are done.
/// TXTIME: `info` and `data` are the lower and the upper half of the packet's SCM_TXTIME.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_error {
    /// An errno, such as ECONNREFUSED. ENOMSG or 0 if nothing failed.
    pub error: c_int,
    /// Who reports: ANCIL_SO_EE_ORIGIN_*.
    pub origin: c_int,
    /// Type of the ICMP message, if one reports.
    pub r#type: c_int,
    /// Code of the ICMP message, if one reports; otherwise ANCIL_SO_EE_CODE_*.
    pub code: c_int,
    /// See above.
    pub info: u32,
    /// See above.
    pub data: u32,
    /// Address of the host that reports, in the control buffer, at any alignment; or NULL.
    pub offender: *const c_void,
    /// Bytes of that sockaddr_in or sockaddr_in6, whichever its family says; or 0.
    pub offender_len: usize,
}

impl From<RecvErr<'_>> for ancil_error {
    fn from(report: RecvErr<'_>) -> Self {
        let (error, offender) = (report.error, report.offender_bytes());
        Self {
            error: error.ee_errno as c_int,
            origin: error.ee_origin.into(),
            r#type: error.ee_type.into(),
            code: error.ee_code.into(),
            info: error.ee_info,
            data: error.ee_data,
            offender: if offender.is_empty() {
                core::ptr::null()
            } else {
                offender.as_ptr().cast()
            },
            offender_len: offender.len(),
        }
    }
}

/// Reads an entry of the error queue from the message of any protocol that carries one: IP_RECVERR
/// (with an address or, from TLS and RDS sockets, without one), IPV6_RECVERR, PACKET_TX_TIMESTAMP,
/// BT_SCM_ERROR, SCM_CAN_RAW_ERRQUEUE, SCM_J1939_ERRQUEUE, VSOCK_RECVERR. Returns the same as
/// ancil_get_int.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_get_error(
    m: Option<&ancil_message<'_>>,
    error: Option<&mut MaybeUninit<ancil_error>>,
) -> c_int {
    get(m, error, report_of)
}

/// Reads where the extension of an ICMP message is in the bytes that recvmsg stored with the entry:
/// RFC 4884, asked for by the socket option IP_RECVERR_RFC4884 or IPV6_RECVERR_RFC4884. Returns 1
/// if `*to` was set; 0 if no ICMP message reports, or it has no extension; -EINVAL if a pointer is
/// NULL. Without 1, `*to` is unchanged.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_get_extension(
    error: Option<&ancil_error>,
    to: Option<&mut MaybeUninit<SockEeDataRfc4884>>,
) -> c_int {
    let (Some(error), Some(to)) = (error, to) else {
        return status(EINVAL);
    };
    let report = SockExtendedErr {
        ee_origin: u8::try_from(error.origin).unwrap_or(0),
        ee_data: error.data,
        ..SockExtendedErr::default()
    };
    match report.rfc4884() {
        Some(extension) => {
            to.write(extension);
            1
        }
        None => 0,
    }
}
