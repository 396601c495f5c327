// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_opt_*`, `ancil_rth_*`: IPv6 extension headers.

use super::{bytes, report_step, slice, slice_mut, status, uninit_slice, write_out};
use crate::addr::In6Addr;
use crate::errno::number::{EBADMSG, EINVAL, ENOBUFS};
use crate::exthdr::{
    Alignment, Ipv6Option, Ipv6Options, Ipv6OptionsWriter, MAX_LEN, RoutingHeader, RoutingType,
    Segment, WriteError, header_len, routing_front, routing_len,
};
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// An option of a hop-by-hop or destination options header. `data` points into the header.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_opt<'a> {
    /// Its type: IPV6_TLV_*.
    pub r#type: u8,
    /// The data.
    data: *const c_void,
    /// The length of the data in bytes, up to 255.
    len: usize,
    // Invariant: `data` is valid for reading `len` initialised bytes for `'a`.
    lifetime: PhantomData<&'a [u8]>,
}

impl<'a> From<Ipv6Option<'a>> for ancil_opt<'a> {
    fn from(option: Ipv6Option<'a>) -> Self {
        Self {
            r#type: option.ty,
            data: option.data.as_ptr().cast(),
            len: option.data.len(),
            lifetime: PhantomData,
        }
    }
}

/// Takes one step over the options of the header at the start of `len` bytes, such as the payload
/// of IPV6_HOPOPTS, which may hold anything. `*offset` is 0 at first, and is advanced. Padding is
/// passed over. Returns 1 if `*o` is the next option, 0 if there are no more, -EBADMSG if the
/// header reaches past the end of the bytes, or the option past that of the header: the walk ends
/// there. Returns -EINVAL if a pointer to one value is NULL. `*o` is unchanged unless 1 is
/// returned.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_opt_next<'a>(
    header: *const c_void,
    len: usize,
    offset: Option<&mut usize>,
    o: Option<&mut MaybeUninit<ancil_opt<'a>>>,
) -> c_int {
    let (Some(offset), Some(o)) = (offset, o) else {
        return status(EINVAL);
    };
    // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading and that nothing writes
    // to: the contract of the C API.
    let header = unsafe { bytes(header, len) };
    let Ok(options) = Ipv6Options::parse(header) else {
        return status(EBADMSG);
    };
    let mut options = options.at(*offset);
    let step = options.next();
    *offset = options.offset();
    report_step(step.transpose(), o)
}

/// Looks for the first option of this type in the header at the start of `len` bytes. Returns 1 if
/// `*o` is the option, 0 if there is none, -EBADMSG if a step of ancil_opt_next before it fails, or
/// -EINVAL if `o` is NULL. `*o` is unchanged unless 1 is returned.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_opt_find<'a>(
    header: *const c_void,
    len: usize,
    r#type: u8,
    o: Option<&mut MaybeUninit<ancil_opt<'a>>>,
) -> c_int {
    let Some(o) = o else {
        return status(EINVAL);
    };
    // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading and that nothing writes
    // to: the contract of the C API.
    let header = unsafe { bytes(header, len) };
    report_step(
        Ipv6Options::parse(header).and_then(|options| options.get(r#type)),
        o,
    )
}

/// A hop-by-hop or destination options header that is being written. The writer lives on your
/// stack. Set it up with ancil_opt_writer_init, then leave its fields alone. After each option, the
/// header is padded and whole.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_opt_writer<'a> {
    /// The buffer.
    buf: *mut c_void,
    /// The bytes of it that a header can have; 0 if they are too few for any.
    size: usize,
    /// The end of the last option.
    end: usize,
    /// Unused: room for later versions.
    spare: [usize; 2],
    // Invariant: `buf` is NULL, or valid for reading and writing `size` initialised bytes that
    // nothing else accesses for `'a`.
    lifetime: PhantomData<&'a mut [u8]>,
}

impl<'a> ancil_opt_writer<'a> {
    fn writer(&mut self) -> Ipv6OptionsWriter<'_> {
        // SAFETY: `slice_mut` needs NULL or `size` initialised bytes that are valid for reading and
        // writing and that nothing else accesses meanwhile: the invariant of the fields, which
        // `ancil_opt_writer_init` establishes.
        let buf = unsafe { slice_mut(self.buf.cast(), self.size) };
        Ipv6OptionsWriter::at(buf, self.end)
    }
}

/// Begins a header without options in `size` bytes at `buf`. Zeroes the buffer, up to the 2048
/// bytes that a header can have. Returns 0, -ENOBUFS if `size` is less than 8, or -EINVAL if `w` is
/// NULL. After an error, nothing can be put into the writer.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_opt_writer_init<'a>(
    w: Option<&mut MaybeUninit<ancil_opt_writer<'a>>>,
    buf: *mut c_void,
    size: usize,
) -> c_int {
    let Some(w) = w else {
        return status(EINVAL);
    };
    let size = size.min(MAX_LEN);
    // SAFETY: `uninit_slice` needs NULL or `size` bytes that are valid for writing and that nothing
    // else accesses meanwhile: the contract of the C API.
    unsafe { uninit_slice::<u8>(buf.cast(), size) }.fill(MaybeUninit::new(0));
    // SAFETY: `slice_mut` needs what `uninit_slice` needs, and initialised bytes. The line above
    // has initialised them, and does not access them any more.
    let begun = Ipv6OptionsWriter::new(unsafe { slice_mut(buf.cast(), size) });
    let (size, end) = match &begun {
        Ok(writer) => (size, writer.end()),
        Err(_) => (0, 0),
    };
    w.write(ancil_opt_writer {
        buf,
        size,
        end,
        spare: [0; 2],
        lifetime: PhantomData,
    });
    begun.map_or_else(errno, |_| 0)
}

/// Appends an option of this type with `len` bytes of data at the alignment xn+y of RFC 8200: at a
/// multiple of `x` bytes from the start of the header, plus `y` bytes. 1 and 0 mean anywhere;
/// with 4 and 2, or 8 and 6, the data is at a multiple of 4 or 8. Returns 0, -ENOBUFS if the
/// option does not fit in the buffer or in 2048 bytes, or -EINVAL if `type` is 0 or 1, which is
/// padding, if `x` is none of 1, 2, 4 and 8, if `y` is not less than `x`, if `len` is more than
/// 255, if `w` is NULL, or if `data` is NULL and `len` is not 0. After an error, the buffer is
/// unchanged.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_opt_writer_put(
    w: Option<&mut ancil_opt_writer<'_>>,
    r#type: u8,
    x: u8,
    y: u8,
    data: *const c_void,
    len: usize,
) -> c_int {
    let (Some(w), Some(alignment)) = (w, Alignment::new(x, y)) else {
        return status(EINVAL);
    };
    if data.is_null() && len > 0 {
        return status(EINVAL);
    }
    let mut writer = w.writer();
    // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading and that nothing writes
    // to: the contract of the C API, by which they do not overlap the buffer.
    let result = writer.put(r#type, alignment, unsafe { bytes(data, len) });
    let end = writer.end();
    w.end = end;
    result.map_or_else(errno, |()| 0)
}

/// Returns the length of the header in bytes, which is a multiple of 8; 0 if `w` is NULL or its
/// buffer too small.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_opt_writer_finish(w: Option<&ancil_opt_writer<'_>>) -> usize {
    w.map_or(0, |w| header_len(w.end))
}

/// Returns how many segments the routing header at the start of `len` bytes has, such as the
/// payload of IPV6_RTHDR: one of type 0, 2, 3 or 4. Returns -EBADMSG if the header reaches past the
/// end of the bytes, or if its fields contradict each other. A header of another type has none.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_rth_segments(header: *const c_void, len: usize) -> c_int {
    // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading and that nothing writes
    // to: the contract of the C API.
    match RoutingHeader::parse(unsafe { bytes(header, len) }) {
        Ok(found) => found.segments().len() as c_int, // at most 255
        Err(_) => status(EBADMSG),
    }
}

/// Reads the segment at `index` of the routing header at the start of `len` bytes, in the order of
/// the header. A header of type 3 leaves out the first bytes of addresses, which are taken from
/// `destination`, that of the packet; it may be NULL for zeros. Returns 1 if `*to` is the address,
/// 0 if there are not as many segments, -EBADMSG as ancil_rth_segments does, or -EINVAL if `to` is
/// NULL. `*to` is unchanged unless 1 is returned.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_rth_segment(
    header: *const c_void,
    len: usize,
    index: usize,
    destination: Option<&In6Addr>,
    to: Option<&mut MaybeUninit<In6Addr>>,
) -> c_int {
    let Some(to) = to else {
        return status(EINVAL);
    };
    // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading and that nothing writes
    // to: the contract of the C API.
    let found = RoutingHeader::parse(unsafe { bytes(header, len) });
    let destination = destination.copied().unwrap_or_default();
    let address = |segment: Segment<'_>| segment.address(destination);
    report_step(
        found.map(|found| found.segments().get(index).map(address)),
        to,
    )
}

/// Returns the bytes of a routing header with `n` segments, or SIZE_MAX if that is more.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_rth_len(n: usize) -> usize {
    routing_len(n)
}

/// Writes a routing header of type 0, 2, 3 or 4 with the `n` addresses at `segments`, in the order
/// of the header: that of the visits, but the reverse of it for type 4. All of them are left to
/// visit, but for the last one of type 4, which is the destination of the packet. Returns 0,
/// -ENOBUFS if ancil_rth_len is more than `size`, or -EINVAL if a header of this type cannot have
/// as many segments: type 2 has one, types 3 and 4 have 1 to 127, type 0 has up to 127. After an
/// error, the buffer is unchanged.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_rth_write(
    buf: *mut c_void,
    size: usize,
    r#type: c_int,
    segments: *const In6Addr,
    n: usize,
) -> c_int {
    let ty = u8::try_from(r#type).ok().and_then(RoutingType::new);
    let (Some(ty), false) = (ty, segments.is_null() && n > 0) else {
        return status(EINVAL);
    };
    let size = if buf.is_null() { 0 } else { size };
    let front = match routing_front(ty, n, size) {
        Ok(front) => front,
        Err(e) => return errno(e),
    };
    // SAFETY: `slice` needs NULL or `n` aligned and initialised elements that are valid for reading
    // and that nothing writes to: the contract of the C API. In6Addr has an alignment of 1.
    let segments = unsafe { slice(segments, n) };
    // SAFETY: `uninit_slice` needs NULL or `size` bytes that are valid for writing and that nothing
    // else accesses meanwhile: the contract of the C API.
    let to = unsafe { uninit_slice(buf.cast(), size) };
    let addresses = segments.iter().flat_map(|segment| segment.octets);
    write_out(to, front.into_iter().chain(addresses));
    0
}

/// Returns the status of an error.
const fn errno(e: WriteError) -> c_int {
    status(match e {
        WriteError::NoSpace(_) | WriteError::HeaderTooLong { .. } => ENOBUFS,
        _ => EINVAL,
    })
}
