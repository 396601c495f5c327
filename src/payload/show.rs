//! How payloads print: as `strace(1)` shows them.
//!
//! Numbers are written here and not by `core::fmt`, whose machinery would be most of the C library's size and
//! its only path to a panic. Nothing is inlined: printing may be slow, it must be small.
#![forbid(unsafe_code)]

use core::fmt;
#[cfg(feature = "capi")]
use core::mem::MaybeUninit;

/// Prints a value as a field of a struct: `5`, `{pid=1, uid=0, gid=0}`.
pub trait Show {
    /// Whether the value is one number, which a message of its own shows in brackets: `[5]`.
    const NUMBER: bool = false;

    /// Writes it.
    fn show(&self, out: &mut Out<'_>) -> fmt::Result;
}

/// Where [`Show`] writes to.
pub struct Out<'w>(Sink<'w>);

enum Sink<'w> {
    Any(&'w mut dyn fmt::Write),
    /// As much as fits, and the length of all. For C: to be [`Any`](Sink::Any) takes a table of functions.
    #[cfg(feature = "capi")]
    Bytes {
        room: &'w mut [MaybeUninit<u8>],
        len: usize,
    },
}

impl<'w> Out<'w> {
    /// Writes to `to`.
    pub fn new(to: &'w mut dyn fmt::Write) -> Self {
        Self(Sink::Any(to))
    }

    /// Writes as much as fits into `room`.
    #[cfg(feature = "capi")]
    pub(crate) fn into_bytes(room: &'w mut [MaybeUninit<u8>]) -> Self {
        Self(Sink::Bytes { room, len: 0 })
    }

    /// Bytes that were to be written so far, as far as that is counted.
    #[cfg(feature = "capi")]
    pub(crate) fn len(&self) -> usize {
        match &self.0 {
            Sink::Any(_) => 0,
            Sink::Bytes { len, .. } => *len,
        }
    }

    /// Writes text.
    #[inline(never)]
    pub fn text(&mut self, text: &str) -> fmt::Result {
        match &mut self.0 {
            Sink::Any(to) => to.write_str(text),
            #[cfg(feature = "capi")]
            Sink::Bytes { room, len } => {
                let left = room.get_mut(*len..).unwrap_or_default();
                left.iter_mut().zip(text.as_bytes()).for_each(|(to, from)| *to = MaybeUninit::new(*from));
                *len = len.saturating_add(text.len());
                Ok(())
            }
        }
    }

    /// Writes one character of ASCII.
    #[inline(never)]
    fn character(&mut self, ascii: u8) -> fmt::Result {
        self.text(char::from(ascii).encode_utf8(&mut [0; 4]))
    }

    /// Writes a number in base 10.
    #[inline(never)]
    pub fn decimal(&mut self, number: u64) -> fmt::Result {
        self.digits(number, 10, 1)
    }

    /// Writes a number in base 16 with `0x` in front; 0 as `0`, as C's `%#x` does.
    #[inline(never)]
    pub fn hex(&mut self, number: u64) -> fmt::Result {
        self.text(if number == 0 { "" } else { "0x" })?;
        self.digits(number, 16, 1)
    }

    /// Writes a number in base 8, 10 or 16, with zeros in front if it has less than `least` digits.
    #[inline(never)]
    pub(crate) fn digits(&mut self, mut number: u64, base: u64, least: usize) -> fmt::Result {
        const MOST: usize = 22; // of u64::MAX in base 8
        let mut buf = [b'0'; MOST];
        let mut used = 0usize;
        for slot in buf.iter_mut().rev() {
            if number == 0 && used >= least {
                break;
            }
            let digit = number.checked_rem(base).unwrap_or(0) as u8; // less than 16
            *slot = digit.wrapping_add(if digit < 10 { b'0' } else { b'a'.wrapping_sub(10) });
            number = number.checked_div(base).unwrap_or(0);
            used = used.saturating_add(1);
        }
        let digits = buf.get(MOST.saturating_sub(used)..).unwrap_or_default();
        digits.iter().try_for_each(|digit| self.character(*digit))
    }
}

macro_rules! numbers {
    ($($int:ty),+) => {
        $( impl Show for $int {
            const NUMBER: bool = true;

            fn show(&self, out: &mut Out<'_>) -> fmt::Result {
                out.decimal(u64::from(*self))
            }
        } )+
    };
}

numbers!(u8, u16, u32, u64);

impl Show for usize {
    const NUMBER: bool = true;

    fn show(&self, out: &mut Out<'_>) -> fmt::Result {
        out.decimal(*self as u64)
    }
}

impl Show for i64 {
    const NUMBER: bool = true;

    #[inline(never)]
    fn show(&self, out: &mut Out<'_>) -> fmt::Result {
        out.text(if *self < 0 { "-" } else { "" })?;
        out.decimal(self.unsigned_abs())
    }
}

impl Show for i32 {
    const NUMBER: bool = true;

    fn show(&self, out: &mut Out<'_>) -> fmt::Result {
        i64::from(*self).show(out)
    }
}

impl Show for () {
    fn show(&self, out: &mut Out<'_>) -> fmt::Result {
        out.text("[]")
    }
}

/// As a string in C: what is no ASCII in base 8, with no more digits than it takes.
impl Show for &[u8] {
    #[inline(never)]
    fn show(&self, out: &mut Out<'_>) -> fmt::Result {
        out.text("\"")?;
        let mut rest = self.iter();
        while let Some(&byte) = rest.next() {
            let escape = match byte {
                b'\t' => b't',
                b'\n' => b'n',
                0x0b => b'v',
                0x0c => b'f',
                b'\r' => b'r',
                b'"' | b'\\' => byte,
                b' '..=b'~' => {
                    out.character(byte)?;
                    continue;
                }
                _ => 0,
            };
            out.text("\\")?;
            if escape != 0 {
                out.character(escape)?;
            } else {
                // A digit behind it must not become part of it.
                let least = if matches!(rest.as_slice(), [b'0'..=b'7', ..]) { 3 } else { 1 };
                out.digits(byte.into(), 8, least)?;
            }
        }
        out.text("\"")
    }
}

/// Bytes as numbers in base 16: `[0x94, 0x4, 0, 0]`.
pub(crate) struct Octets<'a>(pub(crate) &'a [u8]);

impl Show for Octets<'_> {
    #[inline(never)]
    fn show(&self, out: &mut Out<'_>) -> fmt::Result {
        let mut before = "[";
        for byte in self.0 {
            out.text(before)?;
            out.hex((*byte).into())?;
            before = ", ";
        }
        out.text(if self.0.is_empty() { "[]" } else { "]" })
    }
}

impl<T: Show, const N: usize> Show for [T; N] {
    fn show(&self, out: &mut Out<'_>) -> fmt::Result {
        list(out, self.iter())
    }
}

impl<T: Show> Show for &T {
    const NUMBER: bool = T::NUMBER;

    fn show(&self, out: &mut Out<'_>) -> fmt::Result {
        T::show(self, out)
    }
}

/// `[a, b, c]`.
pub(crate) fn list<T: Show>(out: &mut Out<'_>, items: impl Iterator<Item = T>) -> fmt::Result {
    out.text("[")?;
    for (i, item) in items.enumerate() {
        out.text(if i == 0 { "" } else { ", " })?;
        item.show(out)?;
    }
    out.text("]")
}

/// `Display` for what has [`Show`].
macro_rules! displayed {
    ($($Type:ty),+) => {
        $( impl core::fmt::Display for $Type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                $crate::payload::Show::show(self, &mut $crate::payload::Out::new(f))
            }
        } )+
    };
}

pub(crate) use displayed;

/// `Show` and `Display` for a struct, from the fields worth showing: `{a=1, b=2}`.
macro_rules! shown {
    ($Type:ident { $first:ident $(, $field:ident)* }) => {
        impl $crate::payload::Show for $Type {
            #[inline(never)]
            fn show(&self, out: &mut $crate::payload::Out<'_>) -> core::fmt::Result {
                out.text(concat!("{", stringify!($first), "="))?;
                $crate::payload::Show::show(&self.$first, out)?;
                $(
                    out.text(concat!(", ", stringify!($field), "="))?;
                    $crate::payload::Show::show(&self.$field, out)?;
                )*
                out.text("}")
            }
        }

        displayed!($Type);
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;

    fn shown(value: impl Show) -> String {
        let mut text = String::new();
        value.show(&mut Out::new(&mut text)).unwrap();
        text
    }

    #[test]
    fn numbers_print_as_the_standard_library_does() {
        for n in [0, 1, 9, 10, -1, -10, i64::MAX, i64::MIN] {
            assert_eq!(shown(n), std::format!("{n}"));
        }
        assert_eq!((shown(u64::MAX), shown(i32::MIN)), (std::format!("{}", u64::MAX), std::format!("{}", i32::MIN)));
        let mut text = String::new();
        let mut out = Out::new(&mut text);
        [0, 0xb8, u64::MAX].into_iter().try_for_each(|n| out.hex(n)).unwrap();
        assert_eq!(text, "00xb80xffffffffffffffff");
        assert_eq!(shown([1u8, 2]), "[1, 2]");
        assert_eq!((shown(Octets(&[])), shown(Octets(&[0x94, 4, 0]))), ("[]".into(), "[0x94, 0x4, 0]".into()));
    }

    #[test]
    fn strings_can_be_read_back_by_c() {
        assert_eq!(shown(&b"label\0"[..]), r#""label\0""#);
        assert_eq!(shown(&b"\x001\x008\xff7\xffa"[..]), r#""\0001\08\3777\377a""#);
        assert_eq!(shown(&b"\"\\ ~\t\n\x0b\x0c\r\x7f\x1f"[..]), r#""\"\\ ~\t\n\v\f\r\177\37""#);
    }
}
