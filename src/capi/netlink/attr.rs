// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_nl_attr_*`: the attributes of a message or nest.

use super::reader::ancil_nl_reader;
use crate::capi::{bytes, report_step, slice_mut, status, uninit_slice, write_out};
use crate::errno::number::{EBADMSG, EINVAL};
use crate::netlink::{Attribute, Attributes};
use core::ffi::{CStr, c_char, c_int, c_void};
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr;

/// A netlink attribute. `data` points into the message and may not be aligned, so copy it out with
/// ancil_nl_attr_get or ancil_nl_attr_copy.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_nl_attr<'a> {
    /// The nla_type without its flags.
    pub r#type: u16,
    /// The flags: NLA_F_NESTED, NLA_F_NET_BYTEORDER. Many senders set neither of them.
    pub flags: u16,
    /// The payload. If it is attributes, walk over them with ancil_nl_reader_init and
    /// ancil_nl_attr_next.
    data: *const c_void,
    /// The length of the payload in bytes.
    len: usize,
    // Invariant: `data` is NULL, or valid for reading `len` initialised bytes for `'a`.
    lifetime: PhantomData<&'a [u8]>,
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

impl<'a> ancil_nl_attr<'a> {
    const ABSENT: Self = Self {
        r#type: 0,
        flags: 0,
        data: ptr::null(),
        len: 0,
        lifetime: PhantomData,
    };

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

/// Takes one step over attributes. Returns what ancil_nl_message_next does.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_nl_attr_next<'a>(
    r: Option<&mut ancil_nl_reader<'a>>,
    a: Option<&mut MaybeUninit<ancil_nl_attr<'a>>>,
) -> c_int {
    let (Some(r), Some(a)) = (r, a) else {
        return status(EINVAL);
    };
    let mut attributes = r.attributes();
    let step = attributes.next();
    r.offset = attributes.offset();
    r.report(step, a)
}

/// Looks for the first attribute of this type, whatever its flags, among those that the walk has
/// not passed yet. The walk does not move. Returns 1 if `*a` is the attribute, 0 if there is none,
/// -EBADMSG if a bad header comes before such an attribute, or -EINVAL if a pointer is NULL. `*a`
/// is unchanged unless 1 is returned.
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
    report_step(r.attributes().get(r#type), a)
}

/// Looks for the attributes of all types below `types`: `table[type]` becomes the first attribute
/// of that type, whatever its flags. The entry of a type without an attribute has the `data` NULL
/// and the `len` 0. Only attributes that the walk has not passed yet are found. The walk does not
/// move. Returns 0, -EBADMSG if a header is bad, or -EINVAL if `r` is NULL. After an error the
/// table is unchanged.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_attr_parse<'a>(
    r: Option<&ancil_nl_reader<'a>>,
    table: *mut ancil_nl_attr<'a>,
    types: usize,
) -> c_int {
    let Some(r) = r else {
        return status(EINVAL);
    };
    // SAFETY: `fill_table` needs NULL or `types` elements that are valid for reading and writing
    // and that nothing else accesses meanwhile: the contract of the C API.
    unsafe { fill_table(r.attributes(), table, types) }
}

/// Fills a table as [`ancil_nl_attr_parse`] does.
///
/// # Safety
/// Unless `table` is NULL or `types` is 0, `table` must be aligned, and `types` elements must be
/// valid for reading and writing during the call, in which nothing else accesses them. They need
/// not be initialised.
pub(super) unsafe fn fill_table<'a>(
    mut attributes: Attributes<'a>,
    table: *mut ancil_nl_attr<'a>,
    types: usize,
) -> c_int {
    let all = attributes;
    if !attributes.all(|step| step.is_ok()) {
        return status(EBADMSG);
    }
    // SAFETY: `uninit_slice` needs what the caller promises.
    for entry in unsafe { uninit_slice(table, types) } {
        entry.write(ancil_nl_attr::ABSENT);
    }
    // SAFETY: `slice_mut` needs what the caller promises, and initialised elements. The loop above
    // has initialised them, and does not access them any more.
    let table = unsafe { slice_mut(table, types) };
    for attribute in all.flatten() {
        match table.get_mut(usize::from(attribute.ty())) {
            Some(entry) if entry.data.is_null() => *entry = attribute.into(),
            _ => {}
        }
    }
    0
}

/// Copies the number or struct that an attribute carries, in the byte order in which it came.
/// Returns 0, -EBADMSG if the attribute does not have exactly `n` bytes, or -EINVAL if `a` is NULL.
/// After an error `*to` is unchanged.
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

/// Copies a struct that has fewer or more fields in other kernels, such as rtnl_link_stats64. If
/// the attribute has fewer than `n` bytes, the rest of `*to` is zeroed. If the attribute has more,
/// the surplus is ignored. Returns the length of the attribute in bytes, or 0 if `a` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_nl_attr_copy(
    a: Option<&ancil_nl_attr<'_>>,
    to: *mut c_void,
    n: usize,
) -> usize {
    let attribute = a.unwrap_or(&ancil_nl_attr::ABSENT).attribute();
    // SAFETY: `uninit_slice` needs NULL or `n` bytes that are valid for writing and that nothing
    // else accesses meanwhile: the contract of the C API.
    let to = unsafe { uninit_slice(to.cast(), n) };
    to.fill(MaybeUninit::new(0));
    write_out(to, attribute.data.iter().copied());
    attribute.data.len()
}

/// Returns the string that an attribute carries, in place. Returns NULL if the attribute has no
/// NUL, which an attribute that the kernel declares as NLA_STRING may lack: copy such a string with
/// ancil_nl_attr_copy_string, which takes either.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nl_attr_string(a: Option<&ancil_nl_attr<'_>>) -> *const c_char {
    let data = a.unwrap_or(&ancil_nl_attr::ABSENT).attribute().data;
    CStr::from_bytes_until_nul(data).map_or(ptr::null(), CStr::as_ptr)
}

/// Copies the string that an attribute carries: its data up to the first NUL, or all of its data if
/// there is no NUL. Like snprintf, writes at most `size` bytes, of which the last is a NUL, and
/// returns the length of the whole string. So a result of `size` or more means that the copy was
/// cut off. `out` may be NULL if `size` is 0. The string is empty if `a` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_nl_attr_copy_string(
    a: Option<&ancil_nl_attr<'_>>,
    out: *mut c_char,
    size: usize,
) -> usize {
    let whole = a.unwrap_or(&ancil_nl_attr::ABSENT).attribute().string();
    let copied = whole.get(..size.saturating_sub(1)).unwrap_or(whole);
    // SAFETY: `uninit_slice` needs NULL or `size` bytes that are valid for writing and that nothing
    // else accesses meanwhile: the contract of the C API.
    let out = unsafe { uninit_slice(out.cast(), size) };
    write_out(out, copied.iter().copied().chain([0]));
    whole.len()
}
