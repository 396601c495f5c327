// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_nl_message_*`, `ancil_nl_answer_next`: the messages of a datagram.

use super::attr::{ancil_nl_attr, fill_table};
use super::reader::ancil_nl_reader;
use crate::capi::{bytes, status, uninit_slice, write_out};
use crate::errno::number::{EBADMSG, EINTR, EINVAL};
use crate::netlink::{Message, Nlmsghdr, Reader};
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// A netlink message. `data` points into the datagram and may not be aligned, so copy it out with
/// ancil_nl_message_split or memcpy.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_nl_message<'a> {
    /// A copy of the header.
    pub header: Nlmsghdr,
    /// The payload.
    data: *const c_void,
    /// The length of the payload in bytes.
    len: usize,
    // Invariant: `data` is NULL, or valid for reading `len` initialised bytes for `'a`.
    lifetime: PhantomData<&'a [u8]>,
}

/// How a request ended, as the kernel reports it.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_nl_report<'a> {
    /// 0, or a negative errno.
    pub error: c_int,
    /// The nlmsg_seq of the request.
    pub seq: u32,
    /// The details (NLMSGERR_ATTR_*) that the kernel adds if the socket has the option
    /// NETLINK_EXT_ACK.
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

/// Takes one step over the messages of a datagram. Returns 1 if `*m` is the next message, 0 if
/// there are no more, or -EBADMSG if the length in a header is less than the header or reaches past
/// the end: the walk ends there. Returns -EINVAL if a pointer is NULL: the walk does not move. `*m`
/// is unchanged unless 1 is returned.
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
    r.report(step, m)
}

/// Takes one step over the answer to the request that had this nlmsg_seq. Messages with another
/// nlmsg_seq are skipped. To look for the answer to another request, start the walk again: the
/// status is about one answer.
///
/// Returns 1 if `*m` is the next message of the answer, and 0 if the datagram has no more of them.
/// After 0, ancil_nl_reader_status tells whether the answer is complete: the acknowledgement, or
/// the end of the dump, has arrived. So the request must have NLM_F_ACK or NLM_F_DUMP.
///
/// Returns the -errno with which the kernel refuses the request. Returns -EINTR if the dump is
/// inconsistent, because something changed meanwhile: repeat the request, with another `seq`. Other
/// errors are those of ancil_nl_message_next, and -EBADMSG for a report that makes no sense. An
/// error ends the walk. `*m` is unchanged unless 1 is returned.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_nl_answer_next<'a>(
    r: Option<&mut ancil_nl_reader<'a>>,
    seq: u32,
    m: Option<&mut MaybeUninit<ancil_nl_message<'a>>>,
) -> c_int {
    let (Some(r), Some(m)) = (r, m) else {
        return status(EINVAL);
    };
    let mut reader = Reader::new(r.buffer()).at(r.offset);
    let step = reader.find(|step| step.map_or(true, |m| m.header.nlmsg_seq == seq));
    r.offset = reader.offset();
    let Some(Ok(message)) = step else {
        return r.report(step, m);
    };
    if message.interrupted() {
        return r.fail(EINTR);
    }
    match message
        .report()
        .map(|report| report.map(|report| report.result))
    {
        Ok(None) => r.report(step, m),
        Ok(Some(Ok(()))) => {
            r.status = 1;
            0
        }
        Ok(Some(Err(e))) => r.fail(e),
        Err(_) => r.fail(EBADMSG),
    }
}

/// Copies the struct of the family, the first `n` bytes of the payload, to `to`, and starts a walk
/// over the attributes that follow. `to` or `attrs` may be NULL if you do not need it. Returns 0,
/// -EBADMSG if the payload is shorter, or -EINVAL if `m` is NULL. After an error `*to` and `*attrs`
/// are unchanged.
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

/// Copies the struct of the family like ancil_nl_message_split, and fills a table with the
/// attributes that follow like ancil_nl_attr_parse. Returns 0, -EBADMSG if the payload is shorter
/// than `n` bytes or the header of an attribute is bad, or -EINVAL if `m` is NULL. After an error
/// `*to` and the table are unchanged.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_message_parse<'a>(
    m: Option<&ancil_nl_message<'a>>,
    to: *mut c_void,
    n: usize,
    table: *mut ancil_nl_attr<'a>,
    types: usize,
) -> c_int {
    let Some(m) = m else {
        return status(EINVAL);
    };
    let message = m.message();
    let Some(front) = message.data.get(..n) else {
        return status(EBADMSG);
    };
    // SAFETY: `fill_table` needs NULL or `types` elements that are valid for reading and writing
    // and that nothing else accesses meanwhile: the contract of the C API.
    let filled = unsafe { fill_table(message.attributes(n), table, types) };
    if filled == 0 {
        // SAFETY: `uninit_slice` needs NULL or `n` bytes that are valid for writing and that
        // nothing else accesses meanwhile: the contract of the C API.
        let to = unsafe { uninit_slice(to.cast(), n) };
        write_out(to, front.iter().copied());
    }
    filled
}

/// Reads how a request ended, if this message says so. Two types do: NLMSG_ERROR, which with error
/// 0 is an acknowledgement, and NLMSG_DONE with NLM_F_MULTI, the end of a dump. Without that flag,
/// NLMSG_DONE is a message like others, such as an event of the connector. Returns 1 if `*e` is the
/// report, 0 if the message is another one, -EBADMSG if an NLMSG_ERROR is too short or a number is
/// not an error number, or -EINVAL if a pointer is NULL. `*e` is unchanged unless 1 is returned.
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
