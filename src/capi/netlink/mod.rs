//! `ancil_nl_*`, `ancil_nlmsg_*`, `ancil_nla_*`: netlink messages and their attributes.

mod writer;

use super::{bytes, report_step, status, uninit_slice, write_out};
use crate::errno::number::{EBADMSG, EINVAL};
use crate::netlink::{Attribute, Attributes, Message, Nlmsghdr, Reader};
use crate::netlink::{nla_align, nla_length, nla_space, nlmsg_align, nlmsg_length, nlmsg_space};
use core::ffi::{CStr, c_char, c_int, c_void};
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr;

/// One netlink message. `data` points into the datagram and may not be aligned: memcpy it out.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_nl_message<'a> {
    /// The header, copied out.
    pub header: Nlmsghdr,
    /// The payload.
    data: *const c_void,
    /// Bytes of payload.
    len: usize,
    // Invariant: `data` is NULL, or valid for reading `len` initialised bytes for `'a`.
    lifetime: PhantomData<&'a [u8]>,
}

/// One netlink attribute. `data` points into the message and may not be aligned: ancil_nl_attr_get.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_nl_attr<'a> {
    /// nla_type without its flags.
    pub r#type: u16,
    /// The flags: NLA_F_NESTED, NLA_F_NET_BYTEORDER. Many senders set neither, whatever it is.
    pub flags: u16,
    /// The payload. If it is attributes, walk over it with ancil_nl_reader_init and
    /// ancil_nl_attr_next.
    data: *const c_void,
    /// Bytes of payload.
    len: usize,
    // Invariant: `data` is NULL, or valid for reading `len` initialised bytes for `'a`.
    lifetime: PhantomData<&'a [u8]>,
}

/// A walk over messages or attributes. Lives on your stack; set it up with ancil_nl_reader_init or
/// ancil_nl_message_attrs, then leave its fields alone.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_nl_reader<'a> {
    /// What is walked over.
    data: *const c_void,
    /// Its length in bytes.
    len: usize,
    /// Where the next header is.
    offset: usize,
    // Invariant: `data` is NULL, or valid for reading `len` initialised bytes for `'a`.
    lifetime: PhantomData<&'a [u8]>,
}

/// How a request ended, as the kernel reports it.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_nl_report<'a> {
    /// 0, or a negative errno.
    pub error: c_int,
    /// nlmsg_seq of the request.
    pub seq: u32,
    /// What the kernel says about it (NLMSGERR_ATTR_*), if the option NETLINK_EXT_ACK is on: walk
    /// over it with ancil_nl_attr_next.
    pub attrs: ancil_nl_reader<'a>,
}

impl<'a> From<Message<'a>> for ancil_nl_message<'a> {
    fn from(message: Message<'a>) -> Self {
        Self {
            header: message.header,
            data: message.data.as_ptr().cast(),
            len: message.data.len(),
            lifetime: PhantomData,
        }
    }
}

impl<'a> From<Attribute<'a>> for ancil_nl_attr<'a> {
    fn from(attribute: Attribute<'a>) -> Self {
        let (ty, data) = (attribute.ty(), attribute.data);
        Self {
            r#type: ty,
            flags: attribute.nla_type ^ ty,
            data: data.as_ptr().cast(),
            len: data.len(),
            lifetime: PhantomData,
        }
    }
}

impl<'a> From<Attributes<'a>> for ancil_nl_reader<'a> {
    fn from(attributes: Attributes<'a>) -> Self {
        let bytes = attributes.rest();
        Self {
            data: bytes.as_ptr().cast(),
            len: bytes.len(),
            offset: 0,
            lifetime: PhantomData,
        }
    }
}

impl<'a> ancil_nl_message<'a> {
    fn message(&self) -> Message<'a> {
        // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading for `'a`: the
        // invariant of the fields, which `from` establishes from a slice. In a message that C has
        // filled in itself, `data` and `len` are a pointer with its length, so the contract of the
        // C API says the same.
        let data = unsafe { bytes(self.data, self.len) };
        Message {
            header: self.header,
            offset: 0,
            data,
        }
    }
}

impl<'a> ancil_nl_attr<'a> {
    fn attribute(&self) -> Attribute<'a> {
        // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading for `'a`: the
        // invariant of the fields, which `from` establishes from a slice. In an attribute that C
        // has filled in itself, `data` and `len` are a pointer with its length, so the contract of
        // the C API says the same.
        let data = unsafe { bytes(self.data, self.len) };
        Attribute {
            nla_type: self.r#type,
            offset: 0,
            data,
        }
    }
}

impl<'a> ancil_nl_reader<'a> {
    fn buffer(&self) -> &'a [u8] {
        // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading for `'a`: the
        // invariant of the fields, which `from` establishes from a slice, and which the caller of
        // `ancil_nl_reader_init` promises.
        unsafe { bytes(self.data, self.len) }
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

/// Bytes that a message with `n` bytes of payload takes: NLMSG_SPACE. SIZE_MAX where that does not
/// exist.
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

/// Bytes that an attribute with `n` bytes of data takes: RTA_SPACE. SIZE_MAX where that does not
/// exist.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nla_space(n: usize) -> usize {
    nla_space(n)
}

/// Starts a walk over `len` bytes at `data`: the messages of a datagram, as it was received, with
/// ancil_nl_message_next; or attributes, the data of a nested one, say, with ancil_nl_attr_next.
/// They may hold anything and be aligned in any way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_nl_reader_init<'a>(
    r: Option<&mut MaybeUninit<ancil_nl_reader<'a>>>,
    data: *const c_void,
    len: usize,
) {
    if let Some(r) = r {
        r.write(ancil_nl_reader {
            data,
            len,
            offset: 0,
            lifetime: PhantomData,
        });
    }
}

/// Takes one step. 1: `*m` is the next message. 0: there is none. -EBADMSG: a header that is
/// shorter than itself or reaches past the end; `*m` is as it was, and the walk is at its end.
/// -EINVAL: a pointer is NULL; the walk did not move.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_nl_message_next<'a>(
    r: Option<&mut ancil_nl_reader<'a>>,
    m: Option<&mut MaybeUninit<ancil_nl_message<'a>>>,
) -> c_int {
    let (Some(r), Some(m)) = (r, m) else {
        return status(EINVAL);
    };
    let mut reader = Reader::new(r.buffer()).at(r.offset);
    let step = reader.next();
    r.offset = reader.offset();
    report_step(step.transpose(), m)
}

/// Copies the struct of the family, `n` bytes at the front of the message, to `to`, and starts a
/// walk over the attributes after it. 0, or -EBADMSG: the message has fewer bytes than that; `*to`
/// and `*attrs` are as they were. -EINVAL: `m` is NULL. Either of the others may be NULL if it is
/// not wanted.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_message_split<'a>(
    m: Option<&ancil_nl_message<'a>>,
    to: *mut c_void,
    n: usize,
    attrs: Option<&mut MaybeUninit<ancil_nl_reader<'a>>>,
) -> c_int {
    let Some(m) = m else {
        return status(EINVAL);
    };
    let message = m.message();
    let Some(front) = message.data.get(..n) else {
        return status(EBADMSG);
    };
    // SAFETY: `uninit_slice` needs NULL or `n` bytes that are valid for writing and that nothing
    // else accesses meanwhile: the contract of the C API.
    let to = unsafe { uninit_slice(to.cast(), n) };
    write_out(to, front.iter().copied());
    if let Some(attrs) = attrs {
        attrs.write(message.attributes(n).into());
    }
    0
}

/// Whether this message says how a request ended: NLMSG_ERROR, which with error 0 is an
/// acknowledgement, or NLMSG_DONE, the end of a dump. 1: it does, and `*e` is what it says. 0: it
/// is another message. -EBADMSG: it does, and is too short or has a number that is no error number.
/// -EINVAL: a pointer is NULL. `*e` is as it was unless 1 is returned.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_nl_message_report<'a>(
    m: Option<&ancil_nl_message<'a>>,
    e: Option<&mut MaybeUninit<ancil_nl_report<'a>>>,
) -> c_int {
    let (Some(m), Some(e)) = (m, e) else {
        return status(EINVAL);
    };
    let step = m.message().report();
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
pub extern "C" fn ancil_nl_attr_next<'a>(
    r: Option<&mut ancil_nl_reader<'a>>,
    a: Option<&mut MaybeUninit<ancil_nl_attr<'a>>>,
) -> c_int {
    let (Some(r), Some(a)) = (r, a) else {
        return status(EINVAL);
    };
    let mut attributes = Attributes::new(r.buffer()).at(r.offset);
    let step = attributes.next();
    r.offset = attributes.offset();
    report_step(step.transpose(), a)
}

/// Looks for the first attribute of this type, flags aside, from where the walk is; the walk does
/// not move. 1: `*a` is it. 0: there is none. -EBADMSG: a bad header comes before it. -EINVAL: a
/// pointer is NULL.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_nl_attr_find<'a>(
    r: Option<&ancil_nl_reader<'a>>,
    r#type: u16,
    a: Option<&mut MaybeUninit<ancil_nl_attr<'a>>>,
) -> c_int {
    let (Some(r), Some(a)) = (r, a) else {
        return status(EINVAL);
    };
    let attributes = Attributes::new(r.buffer()).at(r.offset);
    report_step(attributes.get(r#type), a)
}

/// Copies the number or struct that an attribute is. 0, or -EBADMSG: it does not have exactly `n`
/// bytes; `*to` is as it was. -EINVAL: `a` is NULL. What came in network byte order is copied in
/// it.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_attr_get(
    a: Option<&ancil_nl_attr<'_>>,
    to: *mut c_void,
    n: usize,
) -> c_int {
    let Some(a) = a else {
        return status(EINVAL);
    };
    let data = a.attribute().data;
    if data.len() != n {
        return status(EBADMSG);
    }
    // SAFETY: `uninit_slice` needs NULL or `n` bytes that are valid for writing and that nothing
    // else accesses meanwhile: the contract of the C API.
    let to = unsafe { uninit_slice(to.cast(), n) };
    write_out(to, data.iter().copied());
    0
}

/// The string that an attribute is, up to its first NUL; NULL if it has none.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nl_attr_string(a: Option<&ancil_nl_attr<'_>>) -> *const c_char {
    a.and_then(|a| a.attribute().c_str().ok())
        .map_or(ptr::null(), CStr::as_ptr)
}
