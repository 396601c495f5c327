//! Walks over control messages with the macros of the `libc` crate, as a careful program does.

/// Calls `f` with each header and its payload until `f` returns false. If `check` is set, each
/// length is checked as ancil checks it, and the result is whether all of them are valid.
///
/// # Safety
/// `control` must be aligned for headers. Without `check`, every length in it must be valid, and
/// padding must follow the last message.
#[inline(always)]
pub unsafe fn each(
    control: &[u8],
    check: bool,
    mut f: impl FnMut(&libc::cmsghdr, &[u8]) -> bool,
) -> bool {
    // SAFETY: zero is a valid value of each field.
    let mut m: libc::msghdr = unsafe { std::mem::zeroed() };
    m.msg_control = control.as_ptr().cast_mut().cast();
    m.msg_controllen = control.len() as _;
    // SAFETY: msg_control and msg_controllen describe `control`.
    let mut c = unsafe { libc::CMSG_FIRSTHDR(&m) };
    while !c.is_null() {
        // SAFETY: the macro returned the address of a whole header in `control`, whose alignment
        // the caller vouches for.
        let header = unsafe { &*c };
        let left = control.len() - (c as usize - control.as_ptr() as usize);
        // SAFETY: this is arithmetic.
        let start = unsafe { libc::CMSG_LEN(0) } as usize;
        if check && (header.cmsg_len < start || header.cmsg_len > left) {
            return false;
        }
        // SAFETY: the payload ends where the message does, inside `control`: by the check above, or
        // by the caller's word.
        let data = unsafe {
            std::slice::from_raw_parts(libc::CMSG_DATA(c), header.cmsg_len.wrapping_sub(start))
        };
        if !f(header, data) {
            return true;
        }
        // SAFETY: the header and its length are valid.
        c = unsafe { libc::CMSG_NXTHDR(&m, c) };
    }
    true
}

/// Returns the value that the payload is, whatever its alignment.
///
/// # Safety
/// `data` must have as many bytes as a `T`, and any bytes must be a valid `T`.
#[inline(always)]
pub unsafe fn read<T>(data: &[u8]) -> T {
    // SAFETY: the caller's word.
    unsafe { std::ptr::read_unaligned(data.as_ptr().cast()) }
}
