//! `ancil_writer_*`: control messages into the caller's buffer.

use super::{bytes, room, status};
use crate::addr::In6Addr;
use crate::errno::number::{EINVAL, ENOBUFS};
use crate::payload::{In6Pktinfo, InPktinfo, Ucred};
use crate::table::keys::{IP_PKTINFO, IPV6_PKTINFO, SCM_CREDENTIALS, SCM_RIGHTS, UDP_SEGMENT};
use crate::wire::abi::Abi;
use crate::wire::key::{Encode, Key};
use crate::wire::writer::{OutBytes, encode};
use core::ffi::{c_int, c_void};
use core::net::Ipv4Addr;

/// A control buffer that is being filled. Lives on your stack; set it up with ancil_writer_init, then leave
/// its fields alone.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_writer {
    /// The buffer.
    pub buf: *mut c_void,
    /// Its size in bytes.
    pub size: usize,
    /// Bytes written.
    pub len: usize,
}

/// Starts to write into `size` bytes at `buf`, aligned in any way; they need not be zeroed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_writer_init(w: *mut ancil_writer, buf: *mut c_void, size: usize) {
    if !w.is_null() {
        // SAFETY: a pointer to a struct of ours, not NULL, is valid.
        unsafe { w.write(ancil_writer { buf, size, len: 0 }) }
    }
}

/// Appends a message with `len` bytes of payload, its padding zeroed. 0, or -ENOBUFS if it does not fit:
/// nothing was written then. -EINVAL: `w` is NULL, or `data` is NULL and `len` is not 0.
#[inline(never)] // those below are small by it
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_writer_put(
    w: *mut ancil_writer,
    level: c_int,
    r#type: c_int,
    data: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    let Some(w) = (unsafe { w.as_mut() }) else {
        return status(EINVAL);
    };
    if data.is_null() && len > 0 {
        return status(EINVAL);
    }
    if len > w.size {
        return status(ENOBUFS);
    }
    // SAFETY: ancil_writer_init was given a buffer of this size, or NULL; the contract keeps others off it. A payload
    // of this length, or NULL; it does not overlap the buffer.
    let (buf, payload) = unsafe { (room(w.buf.cast(), w.size), bytes(data, len)) };
    match encode(
        Abi::NATIVE,
        OutBytes::uninit(buf),
        w.len,
        level,
        r#type,
        payload,
    ) {
        Ok(end) => {
            w.len = end;
            0
        }
        Err(_) => status(ENOBUFS),
    }
}

/// Appends SCM_RIGHTS with `n` descriptors. Returns what ancil_writer_put does.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_writer_put_fds(
    w: *mut ancil_writer,
    fds: *const c_int,
    n: usize,
) -> c_int {
    let len = n.saturating_mul(size_of::<c_int>());
    // SAFETY: the same contract: `n` elements are `len` bytes, and a saturated `len` fits no buffer.
    unsafe { ancil_writer_put(w, SCM_RIGHTS.level, SCM_RIGHTS.ty, fds.cast(), len) }
}

/// Appends SCM_CREDENTIALS. Without privileges these are the process' own: getpid(), and getuid() and getgid() or
/// their effective and saved forms. Returns what ancil_writer_put does.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_writer_put_credentials(
    w: *mut ancil_writer,
    pid: c_int,
    uid: u32,
    gid: u32,
) -> c_int {
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    unsafe { put(w, SCM_CREDENTIALS, Ucred { pid, uid, gid }) }
}

/// Appends IP_PKTINFO: the interface that a datagram leaves by, and its source address in network order (an s_addr).
/// Either may be 0 and is left to the routing table then. Returns what ancil_writer_put does.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_writer_put_pktinfo(
    w: *mut ancil_writer,
    ifindex: c_int,
    source: u32,
) -> c_int {
    let source = Ipv4Addr::from(source.to_ne_bytes()).into();
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    unsafe {
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
}

/// Appends IPV6_PKTINFO: the interface that a datagram leaves by, and its source address, 16 bytes in network order
/// (a struct in6_addr). The interface may be 0 and the source NULL, and is left to the routing table then. Returns
/// what ancil_writer_put does.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_writer_put_pktinfo6(
    w: *mut ancil_writer,
    ifindex: u32,
    source: *const c_void,
) -> c_int {
    // SAFETY: 16 bytes, aligned in any way, or NULL.
    let octets = unsafe { source.cast::<[u8; 16]>().as_ref() }
        .copied()
        .unwrap_or_default();
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    unsafe {
        put(
            w,
            IPV6_PKTINFO,
            In6Pktinfo {
                ipi6_addr: In6Addr { octets },
                ipi6_ifindex: ifindex,
            },
        )
    }
}

/// Appends UDP_SEGMENT: what is sent is cut into datagrams of `bytes` bytes. Returns what ancil_writer_put does.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_writer_put_udp_segment(w: *mut ancil_writer, bytes: u16) -> c_int {
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    unsafe { put(w, UDP_SEGMENT, bytes) }
}

/// Appends a message whose payload is an int: IP_TTL, IP_TOS, IPV6_HOPLIMIT, IPV6_TCLASS, ... Returns what
/// ancil_writer_put does.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_writer_put_int(
    w: *mut ancil_writer,
    level: c_int,
    r#type: c_int,
    value: c_int,
) -> c_int {
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    unsafe { put(w, Key::<c_int>::new(level, r#type), value) }
}

/// # Safety
/// `w` is NULL, or valid as ancil_writer_put asks.
unsafe fn put<P: ?Sized, S>(w: *mut ancil_writer, key: Key<P, S>, payload: S) -> c_int
where
    S: for<'a> Encode<In<'a> = S>,
{
    let bytes = S::bytes(&payload);
    // SAFETY: `w` as the caller promises, and bytes of ours.
    unsafe { ancil_writer_put(w, key.level, key.ty, bytes.as_ptr().cast(), bytes.len()) }
}

/// Bytes written so far: exactly what msg_controllen has to be, never the size of the buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_writer_finish(w: *const ancil_writer) -> usize {
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    unsafe { w.as_ref() }.map_or(0, |w| w.len)
}
