//! How payloads print: as `strace(1)` shows them.
//!
//! Numbers are written here and not by `core::fmt`, whose machinery would be most of the C library's size and
//! its only path to a panic. Nothing is inlined: printing may be slow, it must be small.
#![forbid(unsafe_code)]

use core::fmt;
#[cfg(feature = "capi")]
use core::mem::MaybeUninit;

/// Prints a value as a field of a struct: `5`, `{pid=1, uid=0, gid=0}`. [`DisplayControl`](crate::DisplayControl) prints what the
/// catalogue has, and other payloads as strings.
///
/// ```
/// use ancil::show::{Printer, Show};
/// use core::fmt;
///
/// struct Ticket { number: u32 }
///
/// impl Show for Ticket {
///     fn show(&self, out: &mut impl Printer) -> fmt::Result {
///         out.write_str("{number=")?;
///         self.number.show(out)?;
///         out.write_str("}")
///     }
/// }
///
/// let mut text = String::new();
/// Ticket { number: 7 }.show(&mut text)?;
/// assert_eq!(text, "{number=7}");
/// # Ok::<(), fmt::Error>(())
/// ```
pub trait Show {
    /// Whether the value is one number, which a message of its own shows in brackets: `[5]`.
    const NUMBER: bool = false;

    /// Writes it.
    fn show(&self, out: &mut impl Printer) -> fmt::Result;
}

/// Writes it as a message of its own: a number in brackets.
pub(crate) fn show_in_brackets<T: Show>(value: &T, out: &mut impl Printer) -> fmt::Result {
    if !T::NUMBER {
        return value.show(out);
    }
    out.ascii(b'[')?;
    value.show(out)?;
    out.ascii(b']')
}

/// As much as fits, and a NUL after it, and the length of all. For C.
#[cfg(feature = "capi")]
pub(crate) struct CStrBuf<'w> {
    room: &'w mut [MaybeUninit<u8>],
    len: usize,
}

#[cfg(feature = "capi")]
impl<'w> CStrBuf<'w> {
    pub(crate) fn new(room: &'w mut [MaybeUninit<u8>]) -> Self {
        Self { room, len: 0 }
    }

    /// Ends the text. Returns the bytes that were to be written.
    pub(crate) fn finish(self) -> usize {
        let last = self.room.len().saturating_sub(1);
        if let Some(end) = self.room.get_mut(self.len.min(last)) {
            *end = MaybeUninit::new(0);
        }
        self.len
    }
}

#[cfg(feature = "capi")]
impl fmt::Write for CStrBuf<'_> {
    #[inline(never)]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // All but the NUL's place.
        let (start, end) = (self.len, self.room.len().saturating_sub(1));
        self.len = start.saturating_add(text.len());
        let left = self.room.get_mut(start..end).unwrap_or_default();
        left.iter_mut()
            .zip(text.as_bytes())
            .for_each(|(to, from)| *to = MaybeUninit::new(*from));
        Ok(())
    }
}

/// Where [`Show`] writes to: anything. Numbers are written here and not by `core::fmt`, which calls through pointers.
pub trait Printer: fmt::Write {
    /// Writes one character of ASCII.
    #[inline(never)]
    fn ascii(&mut self, character: u8) -> fmt::Result {
        self.write_char(char::from(character))
    }

    /// Writes a number in base 10.
    #[inline(never)]
    fn decimal(&mut self, mut number: u64) -> fmt::Result {
        let (mut digits, mut used) = ([0; 20], 0usize);
        for place in digits.iter_mut().rev() {
            *place = b'0' | (number % 10) as u8;
            number /= 10;
            used = used.saturating_add(1);
            if number == 0 {
                break;
            }
        }
        let unused = digits.len().saturating_sub(used);
        digits
            .iter()
            .skip(unused)
            .try_for_each(|digit| self.ascii(*digit))
    }

    /// Writes a number in base 16 with `0x` in front; 0 as `0`, as C's `%#x` does.
    #[inline(never)]
    fn hex(&mut self, number: u64) -> fmt::Result {
        if number != 0 {
            self.ascii(b'0')?;
            self.ascii(b'x')?;
        }
        self.digits(number, 1)
    }

    /// Writes a number in base 16, with zeros in front if it has less than `least` digits, 16 at most.
    #[inline(never)]
    fn digits(&mut self, number: u64, least: u32) -> fmt::Result {
        for behind in (0..u64::BITS / 4).rev() {
            let front = number.checked_shr(behind.saturating_mul(4)).unwrap_or(0);
            if front != 0 || behind < least {
                let digit = front as u8 & 0xf;
                self.ascii(digit.wrapping_add(if digit < 10 {
                    b'0'
                } else {
                    b'a'.wrapping_sub(10)
                }))?;
            }
        }
        Ok(())
    }
}

impl<W: fmt::Write + ?Sized> Printer for W {}

macro_rules! numbers {
    ($($int:ty),+) => {
        $( impl Show for $int {
            const NUMBER: bool = true;

            fn show(&self, out: &mut impl Printer) -> fmt::Result {
                out.decimal(u64::from(*self))
            }
        } )+
    };
}

numbers!(u8, u16, u32, u64);

impl Show for usize {
    const NUMBER: bool = true;

    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.decimal(*self as u64)
    }
}

impl Show for i64 {
    const NUMBER: bool = true;

    #[inline(never)]
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        if *self < 0 {
            out.ascii(b'-')?;
        }
        out.decimal(self.unsigned_abs())
    }
}

impl Show for i32 {
    const NUMBER: bool = true;

    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        i64::from(*self).show(out)
    }
}

impl Show for () {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.write_str("[]")
    }
}

/// One byte of a string in C. In base 8 it has no more digits than it takes; before a digit, all three.
#[inline(never)]
fn escaped(out: &mut impl Printer, byte: u8, before_digit: bool) -> fmt::Result {
    let escape = match byte {
        b'\t' => b't',
        b'\n' => b'n',
        0x0b => b'v',
        0x0c => b'f',
        b'\r' => b'r',
        b'"' | b'\\' => byte,
        b' '..=b'~' => return out.ascii(byte),
        _ => 0,
    };
    out.ascii(b'\\')?;
    if escape != 0 {
        return out.ascii(escape);
    }
    if before_digit || byte >= 0o100 {
        out.ascii(b'0' | byte >> 6)?;
    }
    if before_digit || byte >= 0o10 {
        out.ascii(b'0' | byte >> 3 & 7)?;
    }
    out.ascii(b'0' | byte & 7)
}

/// As a string in C: what is no ASCII in base 8.
impl Show for &[u8] {
    #[inline(never)]
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.ascii(b'"')?;
        let mut rest = *self;
        while let [byte, behind @ ..] = rest {
            escaped(out, *byte, matches!(behind, [b'0'..=b'7', ..]))?;
            rest = behind;
        }
        out.ascii(b'"')
    }
}

/// Bytes as numbers in base 16: `[0x94, 0x4, 0, 0]`.
pub(crate) struct Octets<'a>(pub(crate) &'a [u8]);

impl Show for Octets<'_> {
    #[inline(never)]
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        let mut before = "[";
        for byte in self.0 {
            out.write_str(before)?;
            out.hex((*byte).into())?;
            before = ", ";
        }
        out.write_str(if self.0.is_empty() { "[]" } else { "]" })
    }
}

impl<T: Show, const N: usize> Show for [T; N] {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        list(out, self.iter())
    }
}

impl<T: Show> Show for &T {
    const NUMBER: bool = T::NUMBER;

    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        T::show(self, out)
    }
}

/// `[a, b, c]`.
pub(crate) fn list<T: Show>(out: &mut impl Printer, items: impl Iterator<Item = T>) -> fmt::Result {
    out.ascii(b'[')?;
    for (i, item) in items.enumerate() {
        out.write_str(if i == 0 { "" } else { ", " })?;
        item.show(out)?;
    }
    out.ascii(b']')
}

/// `Display` for what has [`Show`].
macro_rules! displayed {
    ($($Type:ty),+) => {
        $( impl core::fmt::Display for $Type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                $crate::show::Show::show(self, f)
            }
        } )+
    };
}

/// `Show` and `Display` for a struct, from the fields worth showing: `{a=1, b=2}`.
macro_rules! shown {
    ($Type:ident { $first:ident $(, $field:ident)* }) => {
        impl $crate::show::Show for $Type {
            #[inline]
            fn show(&self, out: &mut impl $crate::show::Printer) -> core::fmt::Result {
                out.write_str(concat!("{", stringify!($first), "="))?;
                $crate::show::Show::show(&self.$first, out)?;
                $(
                    out.write_str(concat!(", ", stringify!($field), "="))?;
                    $crate::show::Show::show(&self.$field, out)?;
                )*
                out.ascii(b'}')
            }
        }

        displayed!($Type);
    };
}

#[cfg(test)]
mod tests;
