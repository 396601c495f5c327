// SPDX-License-Identifier: MIT OR Apache-2.0
//! Printing in the form of `strace(1)`: values by [`Show`], text by [`Printer`].
//!
//! Numbers are written here and not by `core::fmt`. Its machinery would be most of the C library's
//! size, it keeps a vtable that the dynamic linker must relocate, and it has paths to a panic.
//! Nothing is inlined, because printing may be slow and is to be small.
#![forbid(unsafe_code)]

#[cfg(feature = "capi")]
mod c_str;

#[cfg(feature = "capi")]
pub(crate) use c_str::CStrBuf;
use core::fmt;

/// A value that prints as a field of a struct: `5`, `{pid=1, uid=0, gid=0}`.
///
/// [`DisplayControl`](crate::DisplayControl) prints the messages of the catalogue, and payloads
/// that it does not know as strings.
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
    /// Whether the value is one number. A message prints a number in brackets: `[5]`.
    const NUMBER: bool = false;

    /// Writes the value.
    ///
    /// # Errors
    /// Those of `out`.
    fn show(&self, out: &mut impl Printer) -> fmt::Result;
}

/// Writes a value as the payload of a message: a number in brackets, all else as it is.
pub(crate) fn show_in_brackets<T: Show>(value: &T, out: &mut impl Printer) -> fmt::Result {
    if !T::NUMBER {
        return value.show(out);
    }
    out.ascii(b'[')?;
    value.show(out)?;
    out.ascii(b']')
}

/// Writes numbers as text to any [`fmt::Write`]. Every method returns the errors of `write_str`.
///
/// ```
/// use ancil::show::Printer;
///
/// let mut text = String::new();
/// text.decimal(42)?;
/// text.ascii(b' ')?;
/// text.hex(42)?;
/// text.ascii(b' ')?;
/// text.hex_digits(42, 4)?;
/// assert_eq!(text, "42 0x2a 002a");
/// # Ok::<(), std::fmt::Error>(())
/// ```
pub trait Printer: fmt::Write {
    /// Writes a character of ASCII.
    #[inline(never)]
    fn ascii(&mut self, character: u8) -> fmt::Result {
        self.write_char(char::from(character))
    }

    /// Writes a number in base 10.
    #[inline(never)]
    fn decimal(&mut self, number: u64) -> fmt::Result {
        let mut digits = [0; 20]; // u64::MAX has 20
        let unused = put_digits(&mut digits, number);
        self.write_str(text(digits.get(unused..).unwrap_or_default()))
    }

    /// Writes a number in base 16 with `0x` before it, and 0 as `0`, as C's `%#x` does.
    #[inline(never)]
    fn hex(&mut self, number: u64) -> fmt::Result {
        if number != 0 {
            self.ascii(b'0')?;
            self.ascii(b'x')?;
        }
        self.hex_digits(number, 1)
    }

    /// Writes a number in base 16 with at least `least` digits, 16 at most.
    #[inline(never)]
    fn hex_digits(&mut self, number: u64, least: u32) -> fmt::Result {
        for place in (0..u64::BITS / 4).rev() {
            let shifted = number.checked_shr(place.saturating_mul(4)).unwrap_or(0);
            if shifted != 0 || place < least {
                let digit = shifted as u8 & 0xf;
                let first = if digit < 10 {
                    b'0'
                } else {
                    b'a'.wrapping_sub(10)
                };
                self.ascii(digit.wrapping_add(first))?;
            }
        }
        Ok(())
    }
}

impl<W: fmt::Write + ?Sized> Printer for W {}

/// Puts a number in base 10 at the end of `free`, as many digits as fit. Returns the number of
/// bytes before it.
fn put_digits(free: &mut [u8], mut number: u64) -> usize {
    let mut unused = free.len();
    for digit in free.iter_mut().rev() {
        *digit = b'0' | (number % 10) as u8;
        number /= 10;
        unused = unused.saturating_sub(1);
        if number == 0 {
            break;
        }
    }
    unused
}

/// Writes numbers in base 10 with dots between them, as an IPv4 address has them.
#[inline(never)]
pub(crate) fn show_dotted(out: &mut impl Printer, numbers: [u8; 4]) -> fmt::Result {
    let mut digits = [b'.'; 15]; // 255.255.255.255
    let mut dot = digits.len(); // where the next dot is, or is to be
    let mut unused = dot;
    for number in numbers.iter().rev() {
        unused = put_digits(digits.get_mut(..dot).unwrap_or_default(), (*number).into());
        dot = unused.saturating_sub(1);
    }
    out.write_str(text(digits.get(unused..).unwrap_or_default()))
}

/// Returns characters of ASCII as text.
fn text(ascii: &[u8]) -> &str {
    core::str::from_utf8(ascii).unwrap_or_default()
}

macro_rules! impl_show_for_unsigned {
    ($($int:ty),+) => {
        $( impl Show for $int {
            const NUMBER: bool = true;

            fn show(&self, out: &mut impl Printer) -> fmt::Result {
                out.decimal(*self as u64) // the widest of these has 64 bits
            }
        } )+
    };
}

impl_show_for_unsigned!(u8, u16, u32, u64, usize);

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

/// Writes a byte of a C string. An octal escape has as few digits as the byte needs, but all three
/// if a digit follows.
#[inline(never)]
fn show_char(out: &mut impl Printer, byte: u8, before_digit: bool) -> fmt::Result {
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

/// A C string; bytes that are not printable ASCII in base 8.
impl Show for &[u8] {
    #[inline(never)]
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.ascii(b'"')?;
        let mut rest = *self;
        while let [byte, following @ ..] = rest {
            show_char(out, *byte, matches!(following, [b'0'..=b'7', ..]))?;
            rest = following;
        }
        out.ascii(b'"')
    }
}

/// Bytes as numbers in base 16: `[0x94, 0x4, 0, 0]`.
pub(crate) struct Octets<'a>(pub(crate) &'a [u8]);

impl Show for Octets<'_> {
    #[inline(never)]
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.ascii(b'[')?;
        for (i, byte) in self.0.iter().enumerate() {
            out.write_str(if i == 0 { "" } else { ", " })?;
            out.hex((*byte).into())?;
        }
        out.ascii(b']')
    }
}

impl<T: Show, const N: usize> Show for [T; N] {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        show_list(out, self.iter())
    }
}

impl<T: Show> Show for &T {
    const NUMBER: bool = T::NUMBER;

    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        T::show(self, out)
    }
}

/// Writes `[a, b, c]`.
pub(crate) fn show_list<T: Show>(
    out: &mut impl Printer,
    items: impl Iterator<Item = T>,
) -> fmt::Result {
    show_list_with_rest(out, items, &[])
}

/// Writes `[a, b, "\1\2"]`: the items, and as a string the bytes that belong to none of them.
pub(crate) fn show_list_with_rest<T: Show>(
    out: &mut impl Printer,
    items: impl Iterator<Item = T>,
    rest: &[u8],
) -> fmt::Result {
    out.ascii(b'[')?;
    let mut comma = "";
    for item in items {
        out.write_str(comma)?;
        comma = ", ";
        item.show(out)?;
    }
    if !rest.is_empty() {
        out.write_str(comma)?;
        rest.show(out)?;
    }
    out.ascii(b']')
}

/// Implements `Display` for types that implement [`Show`].
macro_rules! displayed {
    ($($Type:ty),+) => {
        $( impl core::fmt::Display for $Type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                $crate::show::Show::show(self, f)
            }
        } )+
    };
}

/// Implements [`Show`] and `Display` for a struct, from the fields worth showing: `{a=1, b=2}`.
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
