//! What several targets use: the functions of the C library as a C program sees them, and buffers
//! in which the sanitizer notices every access outside.

pub mod c;

use std::ffi::{c_char, c_void};
use std::fmt::{self, Write};

/// A writer that counts bytes and discards them.
struct Count(usize);

impl Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

/// Returns the length of a text without allocating it.
pub fn printed_len(args: fmt::Arguments<'_>) -> usize {
    let mut count = Count(0);
    count.write_fmt(args).expect("Count never fails");
    count.0
}

/// Returns pointer and length of bytes, as C functions take them.
pub fn parts(bytes: &[u8]) -> (*const c_void, usize) {
    (bytes.as_ptr().cast(), bytes.len())
}

/// Asserts that a function which writes as `snprintf` does gives the front of `text` and a NUL
/// for every size of the output up to a few bytes more than `text`, and for NULL.
pub fn assert_printed(text: &[u8], print: impl Fn(*mut c_char, usize) -> usize) {
    assert_eq!(print(std::ptr::null_mut(), 0), text.len());
    // All sizes of a long text would take too long: those at both ends count.
    let end = text.len() + 3;
    for size in (0..end.min(64)).chain(end.saturating_sub(64).max(64)..end) {
        // An allocation of the exact size, so that the sanitizer notices a write past the end.
        let mut out = vec![0xaa; size].into_boxed_slice();
        assert_eq!(print(out.as_mut_ptr().cast(), size), text.len());
        let kept = text.len().min(size.saturating_sub(1));
        assert_eq!(out[..kept], text[..kept]);
        assert!(size == 0 || out[kept] == 0);
        assert!(out.iter().skip(kept + 1).all(|byte| *byte == 0xaa));
    }
}

/// Returns control messages as a program with words of so many bytes lays them out, with `rest`
/// after them, in an allocation of the exact size, so that the sanitizer notices a read past the
/// end.
pub fn control<'a>(
    word: usize,
    messages: impl IntoIterator<Item = (i32, i32, &'a [u8])>,
    rest: &[u8],
) -> Box<[u8]> {
    let mut control = Vec::new();
    for (level, ty, payload) in messages {
        let len = word + 8 + payload.len();
        let end = control.len() + len.next_multiple_of(word);
        match word {
            4 => control.extend((len as u32).to_ne_bytes()),
            _ => control.extend((len as u64).to_ne_bytes()),
        }
        control.extend([level.to_ne_bytes(), ty.to_ne_bytes()].concat());
        control.extend(payload);
        control.resize(end, 0);
    }
    control.extend(rest);
    control.into()
}

/// Returns a number that is often small, and sometimes near the largest one.
pub fn number(from: u16) -> usize {
    match from {
        0xff00.. => usize::MAX - usize::from(from & 0xff),
        0xfe00.. => (isize::MAX as usize - 0x7f) + usize::from(from & 0xff),
        _ => (from % 800).into(),
    }
}
