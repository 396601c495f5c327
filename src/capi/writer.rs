//! `ancil_writer_*`: control messages into the caller's buffer.

use super::{bytes, status, uninit_slice};
use crate::addr::In6Addr;
use crate::errno::number::{EINVAL, ENOBUFS};
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

/// A control buffer that is being filled. Lives on your stack; set it up with ancil_writer_init,
/// then leave its fields alone.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_writer<'a> {
    /// The buffer.
    buf: *mut c_void,
    /// Its size in bytes.
    size: usize,
    /// Bytes written.
    len: usize,
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
}

/// Starts to write into `size` bytes at `buf`, aligned in any way; they need not be zeroed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_writer_init<'a>(
    w: Option<&mut MaybeUninit<ancil_writer<'a>>>,
    buf: *mut c_void,
    size: usize,
) {
    if let Some(w) = w {
        w.write(ancil_writer {
            buf,
            size,
            len: 0,
            lifetime: PhantomData,
        });
    }
}

/// Appends a message with `len` bytes of payload, its padding zeroed. 0, or -ENOBUFS if it does not
/// fit: nothing was written then. -EINVAL: `w` is NULL, or `data` is NULL and `len` is not 0.
#[inline(never)] // keeps the functions that call it small
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_writer_put(
    w: Option<&mut ancil_writer<'_>>,
    level: c_int,
    r#type: c_int,
    data: *const c_void,
    len: usize,
) -> c_int {
    let Some(w) = w else {
        return status(EINVAL);
    };
    if data.is_null() && len > 0 {
        return status(EINVAL);
    }
    let at = w.len;
    let buffer = w.buffer();
    if len > buffer.len() {
        return status(ENOBUFS); // before a slice is made of a length that no memory has
    }
    // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading, and which nothing
    // writes to: the contract of the C API, by which they do not overlap the writer's buffer
    // either.
    let payload = unsafe { bytes(data, len) };
    match encode(
        Abi::NATIVE,
        OutBytes::uninit(buffer),
        at,
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
#[must_use]
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
#[must_use]
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
/// the routing table then. Returns what ancil_writer_put does.
#[unsafe(no_mangle)]
#[must_use]
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
#[must_use]
pub extern "C" fn ancil_writer_put_udp_segment(
    w: Option<&mut ancil_writer<'_>>,
    bytes: u16,
) -> c_int {
    put(w, UDP_SEGMENT, bytes)
}

/// Appends a message whose payload is an int: IP_TTL, IP_TOS, IPV6_HOPLIMIT, IPV6_TCLASS, ...
/// Returns what ancil_writer_put does.
#[unsafe(no_mangle)]
#[must_use]
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

/// Bytes written so far: exactly what msg_controllen has to be, never the size of the buffer.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_writer_finish(w: Option<&ancil_writer<'_>>) -> usize {
    w.map_or(0, |w| w.len)
}
