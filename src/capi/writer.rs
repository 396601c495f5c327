// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_writer_*`: control messages into the caller's buffer.
//!
//! `include/ancil/inline.h` is where C reads about the writer itself, and has `init`, `put`,
//! `put_fds`, `status` and `finish` once more, inline. Both work on one struct.

use super::{bytes, status, uninit_slice};
use crate::addr::In6Addr;
use crate::errno::number::{EINVAL, ENOBUFS};
use crate::error::{Errno, NoSpace};
use crate::payload::{In6Pktinfo, InPktinfo, Ucred};
use crate::table::keys::{IP_PKTINFO, IPV6_PKTINFO, SCM_CREDENTIALS, SCM_RIGHTS, UDP_SEGMENT};
use crate::wire::abi::Abi;
use crate::wire::encode::{OutBytes, encode};
use crate::wire::key::{Key, Sent};
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::net::Ipv4Addr;
use zerocopy::{Immutable, IntoBytes};

/// A control buffer that is being filled.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_writer<'a> {
    /// The buffer.
    buf: *mut c_void,
    /// Its size in bytes: a whole number of words, as messages take no less.
    size: usize,
    /// Bytes written.
    len: usize,
    /// 0, or the first error.
    status: c_int,
    spare_int: c_int,
    spare: [usize; 2],
    // Invariant: `buf` is NULL, or valid for reading and writing `size` bytes that nothing else
    // accesses for `'a`.
    lifetime: PhantomData<&'a mut [MaybeUninit<u8>]>,
}

impl ancil_writer<'_> {
    fn buffer(&mut self) -> &mut [MaybeUninit<u8>] {
        // SAFETY: `uninit_slice` needs NULL or `size` bytes that are valid for writing and that
        // nothing else accesses while the result lives: the invariant of the fields, which the
        // caller of `ancil_writer_init` promises, and the writer is borrowed for as long.
        unsafe { uninit_slice(self.buf.cast(), self.size) }
    }

    /// Appends a message: see `ancil_writer_put`.
    ///
    /// # Safety
    /// `data` must be NULL, or valid for reading `len` initialised bytes that do not overlap the
    /// buffer and that nothing writes to meanwhile.
    unsafe fn put(
        &mut self,
        level: c_int,
        ty: c_int,
        data: *const c_void,
        len: usize,
    ) -> Result<(), Errno> {
        if data.is_null() && len > 0 {
            return Err(EINVAL);
        }
        if len > self.size {
            return Err(ENOBUFS); // before a slice is made of a length that no memory has
        }
        // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading, and which nothing
        // writes to: the caller promises both, and that the buffer does not overlap them.
        let payload = unsafe { bytes(data, len) };
        self.put_bytes(level, ty, payload)
            .map_err(|NoSpace { .. }| ENOBUFS)
    }

    /// Appends a message, or nothing if it does not fit.
    pub(super) fn put_bytes(
        &mut self,
        level: c_int,
        ty: c_int,
        payload: &[u8],
    ) -> Result<(), NoSpace> {
        let at = self.len;
        self.len = encode(
            Abi::NATIVE,
            OutBytes::uninit(self.buffer()),
            at,
            level,
            ty,
            payload,
        )?;
        Ok(())
    }

    /// Bytes that are left in the buffer.
    pub(super) const fn left(&self) -> usize {
        self.size.saturating_sub(self.len)
    }
}

/// Appends something, unless an earlier call failed. Returns and keeps the status.
pub(super) fn append<'a>(
    w: Option<&mut ancil_writer<'a>>,
    put: impl FnOnce(&mut ancil_writer<'a>) -> Result<(), Errno>,
) -> c_int {
    let Some(w) = w else {
        return status(EINVAL);
    };
    if w.status == 0 {
        w.status = put(w).map_or_else(status, |()| 0);
    }
    w.status
}

/// Starts to write into a buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_writer_init<'a>(
    w: Option<&mut MaybeUninit<ancil_writer<'a>>>,
    buf: *mut c_void,
    size: usize,
) {
    let size = if buf.is_null() { 0 } else { size };
    let absurd = size > isize::MAX as usize;
    if let Some(w) = w {
        w.write(ancil_writer {
            buf,
            size: if absurd {
                0
            } else {
                size & const { !(Abi::NATIVE.alignment().wrapping_sub(1)) }
            },
            len: 0,
            status: if absurd { status(EINVAL) } else { 0 },
            spare_int: 0,
            spare: [0; 2],
            lifetime: PhantomData,
        });
    }
}

/// Appends a message, unless an earlier call failed.
#[inline(never)] // keeps the functions that call it small
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_writer_put(
    w: Option<&mut ancil_writer<'_>>,
    level: c_int,
    r#type: c_int,
    data: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: `put` needs NULL or `len` bytes that are valid for reading and that the buffer does
    // not overlap: the contract of the C API.
    append(w, |w| unsafe { w.put(level, r#type, data, len) })
}

/// Appends SCM_RIGHTS with `n` descriptors.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_writer_put_fds(
    w: Option<&mut ancil_writer<'_>>,
    fds: *const c_int,
    n: usize,
) -> c_int {
    let len = n.saturating_mul(size_of::<c_int>());
    // SAFETY: `ancil_writer_put` needs NULL or `len` bytes that are valid for reading. By the
    // contract of the C API `fds` is NULL or has `n` elements, which are `len` bytes. If the
    // product saturates, it is longer than any buffer, and `ancil_writer_put` reads nothing.
    unsafe { ancil_writer_put(w, SCM_RIGHTS::LEVEL, SCM_RIGHTS::TYPE, fds.cast(), len) }
}

/// Appends SCM_CREDENTIALS. Without privileges these are the process' own: getpid(), and getuid()
/// and getgid() or their effective and saved forms. Returns what ancil_writer_put does.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_writer_put_credentials(
    w: Option<&mut ancil_writer<'_>>,
    pid: c_int,
    uid: u32,
    gid: u32,
) -> c_int {
    put(w, SCM_CREDENTIALS, Ucred { pid, uid, gid })
}

/// Appends IP_PKTINFO: the interface that a datagram leaves by, and its source address in network
/// order (an s_addr). Either may be 0 and is left to the routing table then. Returns what
/// ancil_writer_put does.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_writer_put_pktinfo(
    w: Option<&mut ancil_writer<'_>>,
    ifindex: c_int,
    source: u32,
) -> c_int {
    let source = Ipv4Addr::from(source.to_ne_bytes()).into();
    put(
        w,
        IP_PKTINFO,
        InPktinfo {
            ipi_ifindex: ifindex,
            ipi_spec_dst: source,
            ..Default::default()
        },
    )
}

/// Appends IPV6_PKTINFO: the interface that a datagram leaves by, and its source address, 16 bytes
/// in network order (a struct in6_addr). The interface may be 0 and the source NULL, and is left to
/// the routing table then. A link-local source (fe80::/10) needs the interface, unless the
/// sin6_scope_id of the destination names it: the kernel refuses it without. Returns what
/// ancil_writer_put does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_writer_put_pktinfo6(
    w: Option<&mut ancil_writer<'_>>,
    ifindex: u32,
    source: *const c_void,
) -> c_int {
    // SAFETY: `bytes` needs NULL or 16 bytes that are valid for reading: the doc comment of this
    // function requires them of C.
    let octets = unsafe { bytes(source, 16) };
    let octets = octets.first_chunk().copied().unwrap_or_default(); // zeros for NULL
    put(
        w,
        IPV6_PKTINFO,
        In6Pktinfo {
            ipi6_addr: In6Addr { octets },
            ipi6_ifindex: ifindex,
        },
    )
}

/// Appends UDP_SEGMENT: what is sent is cut into datagrams of `bytes` bytes. Returns what
/// ancil_writer_put does.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_writer_put_udp_segment(
    w: Option<&mut ancil_writer<'_>>,
    bytes: u16,
) -> c_int {
    put(w, UDP_SEGMENT, bytes)
}

/// Appends a message whose payload is an int: IP_TTL, IP_TOS, IPV6_HOPLIMIT, IPV6_TCLASS, ...
/// Returns what ancil_writer_put does.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_writer_put_int(
    w: Option<&mut ancil_writer<'_>>,
    level: c_int,
    r#type: c_int,
    value: c_int,
) -> c_int {
    put_value(w, level, r#type, &value)
}

/// Appends a message of a fixed size.
fn put<K: Sent<Value: IntoBytes + Immutable + Copy>>(
    w: Option<&mut ancil_writer<'_>>,
    _: K,
    value: K::Value,
) -> c_int {
    put_value(w, K::LEVEL, K::TYPE, &value)
}

fn put_value(
    w: Option<&mut ancil_writer<'_>>,
    level: c_int,
    ty: c_int,
    value: &(impl IntoBytes + Immutable),
) -> c_int {
    let bytes = value.as_bytes();
    // SAFETY: `ancil_writer_put` needs NULL or that many bytes that are valid for reading and do
    // not overlap the buffer: pointer and length are those of a slice of a local variable.
    unsafe { ancil_writer_put(w, level, ty, bytes.as_ptr().cast(), bytes.len()) }
}

/// Returns 0, or the first error.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_writer_status(w: Option<&ancil_writer<'_>>) -> c_int {
    w.map_or(status(EINVAL), |w| w.status)
}

/// Returns the bytes written.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_writer_finish(w: Option<&ancil_writer<'_>>) -> usize {
    w.map_or(0, |w| w.len)
}
