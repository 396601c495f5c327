//! `ancil_nl_*`, `ancil_nlmsg_*`, `ancil_nla_*`: messages of netlink sockets and their attributes.

mod writer;

use super::{bytes, place, status};
use crate::errno::number::{EBADMSG, EINVAL};
use crate::netlink::{Attribute, Attributes, Message, Nlmsghdr, Reader};
use crate::netlink::{nla_align, nla_length, nla_space, nlmsg_align, nlmsg_length, nlmsg_space};
use core::ffi::{c_char, c_int, c_void};
use core::mem::MaybeUninit;

/// One netlink message. `data` points into the datagram and may not be aligned: memcpy it out.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_nl_message {
    /// The header, copied out.
    pub header: Nlmsghdr,
    /// The payload.
    pub data: *const c_void,
    /// Bytes of payload.
    pub len: usize,
}

/// One netlink attribute. `data` points into the message and may not be aligned: ancil_nl_attr_get.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_nl_attr {
    /// nla_type without its flags.
    pub r#type: u16,
    /// The flags: NLA_F_NESTED, NLA_F_NET_BYTEORDER. Many senders set neither, whatever it is.
    pub flags: u16,
    /// The payload. If it is attributes, walk over it with ancil_nl_reader_init and ancil_nl_attr_next.
    pub data: *const c_void,
    /// Bytes of payload.
    pub len: usize,
}

/// A walk over messages or attributes. Lives on your stack; set it up with ancil_nl_reader_init or
/// ancil_nl_message_attrs, then leave its fields alone.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_nl_reader {
    /// What is walked over.
    pub data: *const c_void,
    /// Its length in bytes.
    pub len: usize,
    /// Where the next header is.
    pub offset: usize,
}

/// How a request ended, as the kernel reports it.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_nl_report {
    /// 0, or a negative errno.
    pub error: c_int,
    /// nlmsg_seq of the request.
    pub seq: u32,
    /// What the kernel says about it (NLMSGERR_ATTR_*), if the option NETLINK_EXT_ACK is on: walk over it with
    /// ancil_nl_attr_next.
    pub attrs: ancil_nl_reader,
}

impl From<Message<'_>> for ancil_nl_message {
    fn from(message: Message<'_>) -> Self {
        Self {
            header: message.header,
            data: message.data.as_ptr().cast(),
            len: message.data.len(),
        }
    }
}

impl From<Attribute<'_>> for ancil_nl_attr {
    fn from(attribute: Attribute<'_>) -> Self {
        let (ty, data) = (attribute.ty(), attribute.data);
        Self {
            r#type: ty,
            flags: attribute.nla_type ^ ty,
            data: data.as_ptr().cast(),
            len: data.len(),
        }
    }
}

impl From<Attributes<'_>> for ancil_nl_reader {
    fn from(attributes: Attributes<'_>) -> Self {
        let bytes = attributes.rest();
        Self {
            data: bytes.as_ptr().cast(),
            len: bytes.len(),
            offset: 0,
        }
    }
}

/// `n` rounded up to a multiple of 4: NLMSG_ALIGN. SIZE_MAX where that does not exist.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nlmsg_align(n: usize) -> usize {
    nlmsg_align(n)
}

/// What nlmsg_len is for a payload of `n` bytes: NLMSG_LENGTH. SIZE_MAX where that does not exist.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nlmsg_length(n: usize) -> usize {
    nlmsg_length(n)
}

/// Bytes that a message with `n` bytes of payload takes: NLMSG_SPACE. SIZE_MAX where that does not exist.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nlmsg_space(n: usize) -> usize {
    nlmsg_space(n)
}

/// `n` rounded up to a multiple of 4: NLA_ALIGN. SIZE_MAX where that does not exist.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nla_align(n: usize) -> usize {
    nla_align(n)
}

/// What nla_len is for `n` bytes of data: RTA_LENGTH. SIZE_MAX where that does not exist.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nla_length(n: usize) -> usize {
    nla_length(n)
}

/// Bytes that an attribute with `n` bytes of data takes: RTA_SPACE. SIZE_MAX where that does not exist.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nla_space(n: usize) -> usize {
    nla_space(n)
}

/// Starts a walk over `len` bytes at `data`: the messages of a datagram, as it was received, with
/// ancil_nl_message_next; or attributes, the data of a nested one, say, with ancil_nl_attr_next. They may hold
/// anything and be aligned in any way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_nl_reader_init(
    r: *mut ancil_nl_reader,
    data: *const c_void,
    len: usize,
) {
    if !r.is_null() {
        // SAFETY: a pointer to a struct of ours, not NULL, is valid.
        unsafe {
            r.write(ancil_nl_reader {
                data,
                len,
                offset: 0,
            })
        }
    }
}

/// Takes one step. 1: `*m` is the next message. 0: there is none. -EBADMSG: a header that is shorter than itself or
/// reaches past the end; `*m` is as it was, and the walk is at its end. -EINVAL: a pointer is NULL; the walk did not
/// move.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_message_next(
    r: *mut ancil_nl_reader,
    m: *mut ancil_nl_message,
) -> c_int {
    // SAFETY: pointers to structs of ours are valid or NULL.
    let (Some(r), Some(m)) = (unsafe { (r.as_mut(), place(m)) }) else {
        return status(EINVAL);
    };
    // SAFETY: ancil_nl_reader_init was given a buffer of this length, or NULL, that lives as long as the walk.
    let mut reader = Reader::new(unsafe { bytes(r.data, r.len) }).at(r.offset);
    let step = reader.next();
    r.offset = reader.offset();
    give(step, m)
}

/// Copies the struct of the family, `n` bytes at the front of the message, to `to`, and starts a walk over the
/// attributes behind it. 0, or -EBADMSG: the message has fewer bytes than that; `*to` and `*attrs` are as they
/// were. -EINVAL: `m` is NULL. Either of the others may be NULL if it is not wanted.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_message_split(
    m: *const ancil_nl_message,
    to: *mut c_void,
    n: usize,
    attrs: *mut ancil_nl_reader,
) -> c_int {
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    let Some(m) = (unsafe { m.as_ref() }) else {
        return status(EINVAL);
    };
    // SAFETY: ancil_nl_message_next has filled it in, from a buffer that lives as long.
    let message = unsafe { message(m) };
    // SAFETY: `n` bytes to write to, or NULL.
    if !unsafe { fill(to, n, message.data.get(..n)) } {
        return status(EBADMSG);
    }
    if !attrs.is_null() {
        // SAFETY: a pointer to a struct of ours, not NULL, is valid.
        unsafe { attrs.write(message.attributes(n).into()) }
    }
    0
}

/// Whether this message says how a request ended: NLMSG_ERROR, which with error 0 is an acknowledgement, or
/// NLMSG_DONE, the end of a dump. 1: it does, and `*e` is what it says. 0: it is another message. -EBADMSG: it
/// does, and is too short or has a number that is no error number. -EINVAL: a pointer is NULL. `*e` is as it was
/// unless 1 is returned.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_message_report(
    m: *const ancil_nl_message,
    e: *mut ancil_nl_report,
) -> c_int {
    // SAFETY: pointers to structs of ours are valid or NULL.
    let (Some(m), Some(e)) = (unsafe { (m.as_ref(), place(e)) }) else {
        return status(EINVAL);
    };
    // SAFETY: ancil_nl_message_next has filled it in, from a buffer that lives as long.
    let step = unsafe { message(m) }.report();
    let Ok(Some(report)) = step else {
        return if step.is_ok() { 0 } else { status(EBADMSG) };
    };
    let seq = report
        .request
        .map_or(m.header.nlmsg_seq, |request| request.nlmsg_seq);
    let error = report.result.map_or_else(status, |()| 0);
    e.write(ancil_nl_report {
        error,
        seq,
        attrs: report.attributes.into(),
    });
    1
}

/// Takes one step. Returns what ancil_nl_message_next does, of attributes.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_attr_next(
    r: *mut ancil_nl_reader,
    a: *mut ancil_nl_attr,
) -> c_int {
    // SAFETY: pointers to structs of ours are valid or NULL.
    let (Some(r), Some(a)) = (unsafe { (r.as_mut(), place(a)) }) else {
        return status(EINVAL);
    };
    // SAFETY: the walk was set up over a buffer of this length, or NULL, that lives as long as it.
    let mut attributes = Attributes::new(unsafe { bytes(r.data, r.len) }).at(r.offset);
    let step = attributes.next();
    r.offset = attributes.offset();
    give(step, a)
}

/// Looks for the first attribute of this type, flags aside, from where the walk is; the walk does not move. 1: `*a`
/// is it. 0: there is none. -EBADMSG: a bad header comes before it. -EINVAL: a pointer is NULL.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_attr_find(
    r: *const ancil_nl_reader,
    r#type: u16,
    a: *mut ancil_nl_attr,
) -> c_int {
    // SAFETY: pointers to structs of ours are valid or NULL.
    let (Some(r), Some(a)) = (unsafe { (r.as_ref(), place(a)) }) else {
        return status(EINVAL);
    };
    // SAFETY: the walk was set up over a buffer of this length, or NULL, that lives as long as it.
    let attributes = Attributes::new(unsafe { bytes(r.data, r.len) }).at(r.offset);
    give(attributes.get(r#type).transpose(), a)
}

/// Copies the number or struct that an attribute is. 0, or -EBADMSG: it does not have exactly `n` bytes; `*to` is
/// as it was. -EINVAL: `a` is NULL. What came in network byte order is copied in it.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_attr_get(
    a: *const ancil_nl_attr,
    to: *mut c_void,
    n: usize,
) -> c_int {
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    let Some(a) = (unsafe { a.as_ref() }) else {
        return status(EINVAL);
    };
    // SAFETY: ancil_nl_attr_next has filled it in, from a buffer that lives as long.
    let data = unsafe { bytes(a.data, a.len) };
    // SAFETY: `n` bytes to write to, or NULL.
    if unsafe { fill(to, n, (data.len() == n).then_some(data)) } {
        0
    } else {
        status(EBADMSG)
    }
}

/// The string that an attribute is, up to its first NUL; NULL if it has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_nl_attr_string(a: *const ancil_nl_attr) -> *const c_char {
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    let Some(a) = (unsafe { a.as_ref() }) else {
        return core::ptr::null();
    };
    // SAFETY: ancil_nl_attr_next has filled it in, from a buffer that lives as long.
    let data = unsafe { bytes(a.data, a.len) };
    let attribute = Attribute {
        nla_type: a.r#type,
        offset: 0,
        data,
    };
    attribute
        .c_str()
        .map_or(core::ptr::null(), |string| string.as_ptr())
}

/// The message that C has.
///
/// # Safety
/// `m.data` is NULL or valid for reading `m.len` bytes for `'a`.
unsafe fn message<'a>(m: &ancil_nl_message) -> Message<'a> {
    // SAFETY: the caller promises that `data` is valid for reading `len` bytes, or NULL.
    let data = unsafe { bytes(m.data, m.len) };
    Message {
        header: m.header,
        offset: 0,
        data,
    }
}

/// Copies these `n` bytes to `to`, if there are any and it is not NULL. Whether there are.
///
/// # Safety
/// `to` is NULL or valid for writing `n` bytes, which are no part of `from`.
unsafe fn fill(to: *mut c_void, n: usize, from: Option<&[u8]>) -> bool {
    let Some(from) = from.filter(|from| from.len() == n) else {
        return false;
    };
    if !to.is_null() {
        // SAFETY: both are `n` bytes, as the caller promises and the filter has seen.
        unsafe { to.cast::<u8>().copy_from_nonoverlapping(from.as_ptr(), n) }
    }
    true
}

/// Tells C what a step of a walk gave.
fn give<T, E, C: From<T>>(step: Option<Result<T, E>>, to: &mut MaybeUninit<C>) -> c_int {
    match step {
        None => 0,
        Some(Err(_)) => status(EBADMSG),
        Some(Ok(item)) => {
            to.write(item.into());
            1
        }
    }
}
