//! Where the numbers of a payload are, so that [`compat`](crate::compat) can change their byte order.
//!
//! Nothing is listed twice: a struct names its fields once more, without offset or width, and does not compile if it
//! leaves one out. What each field is says its type: a number is reversed, an octet and network order stay.
#![forbid(unsafe_code)]

use super::*;
use crate::abi::Endian;
use crate::addr::{SockaddrIn, SockaddrIn6};
use crate::error::Lengths;
use crate::netlink::{Nlattr, step};
use core::mem::{MaybeUninit, swap};

/// Reverses the numbers of a payload in a copy of it; or only looks whether that can be done.
pub(crate) struct Order<'a> {
    /// The payload as it came.
    pub data: &'a [u8],
    /// Its order.
    pub from: Endian,
    /// The copy. Bytes are moved in it, not looked at.
    pub copy: Option<&'a mut [MaybeUninit<u8>]>,
}

impl Order<'_> {
    /// The `width` bytes at `at` are one number.
    fn number(&mut self, at: usize, width: usize) {
        let copy = self.copy.as_deref_mut().unwrap_or_default();
        let mut bytes = copy
            .get_mut(at..)
            .and_then(|rest| rest.get_mut(..width))
            .unwrap_or_default();
        // Not slice::reverse: optimised for size it keeps its panic.
        while let [first, between @ .., last] = bytes {
            swap(first, last);
            bytes = between;
        }
    }

    /// A field of a struct, of the type that `of` says.
    pub fn field<S, F: Field>(&mut self, at: usize, _of: fn(&S) -> &F) {
        F::visit(self, at);
    }

    /// The whole payload is one value.
    fn exactly<T: Field>(&mut self) -> Result<(), PayloadError> {
        if self.data.len() != size_of::<T>() {
            return Err(PayloadError::Length(Lengths::Exactly(size_of::<T>())));
        }
        T::visit(self, 0);
        Ok(())
    }

    /// The payload is one value or the other.
    fn one_of<A: Field, B: Field>(&mut self) -> Result<(), PayloadError> {
        let (a, b) = (size_of::<A>(), size_of::<B>());
        match self.data.len() {
            n if n == a => A::visit(self, 0),
            n if n == b => B::visit(self, 0),
            _ => return Err(PayloadError::Length(Lengths::OneOf(a, b))),
        }
        Ok(())
    }
}

/// A value of fixed layout.
pub(crate) trait Field {
    /// Names every number of the one that starts at `at`.
    fn visit(order: &mut Order<'_>, at: usize);
}

/// A payload whose numbers are known.
pub(crate) trait Ordered {
    /// Names every number. Fails if the payload is not what such a message carries.
    fn numbers(order: &mut Order<'_>) -> Result<(), PayloadError>;
}

macro_rules! fields {
    ($($number:ty)+; $($kept:ty)+) => {
        $( impl Field for $number {
            fn visit(order: &mut Order<'_>, at: usize) {
                order.number(at, size_of::<Self>());
            }
        } )+
        $( impl Field for $kept {
            fn visit(_: &mut Order<'_>, _: usize) {}
        } )+
    };
}

fields!(i32 u16 u32 u64 i64 usize; () u8 Be16 Be32);

impl<T: Field, const N: usize> Field for [T; N] {
    fn visit(order: &mut Order<'_>, at: usize) {
        (0..N).for_each(|i| T::visit(order, at.saturating_add(i.saturating_mul(size_of::<T>()))));
    }
}

impl<T: Field> Ordered for T {
    fn numbers(order: &mut Order<'_>) -> Result<(), PayloadError> {
        order.exactly::<T>()
    }
}

/// Spare bytes behind the last element are no element.
impl<T: Field> Ordered for [T] {
    fn numbers(order: &mut Order<'_>) -> Result<(), PayloadError> {
        let count = order.data.len().checked_div(size_of::<T>()).unwrap_or(0);
        (0..count).for_each(|i| T::visit(order, i.saturating_mul(size_of::<T>())));
        Ok(())
    }
}

impl Ordered for Bytes {
    fn numbers(_: &mut Order<'_>) -> Result<(), PayloadError> {
        Ok(())
    }
}

impl Ordered for Tos {
    fn numbers(order: &mut Order<'_>) -> Result<(), PayloadError> {
        order.one_of::<u8, i32>()
    }
}

macro_rules! instants {
    ($($Instant:ty)+) => {
        $( impl Ordered for $Instant {
            fn numbers(order: &mut Order<'_>) -> Result<(), PayloadError> {
                order.one_of::<[i32; 2], [i64; 2]>()
            }
        } )+
    };
}

instants!(Timeval OldTimeval Timespec);

impl Ordered for Timestamping {
    fn numbers(order: &mut Order<'_>) -> Result<(), PayloadError> {
        if order.data.len() == size_of::<u32>() {
            order.exactly::<u32>()
        } else {
            order.one_of::<[i32; 6], [i64; 6]>()
        }
    }
}

impl Ordered for Devmem {
    fn numbers(order: &mut Order<'_>) -> Result<(), PayloadError> {
        order.one_of::<u32, DmabufCmsg>()
    }
}

impl Ordered for Challenged {
    fn numbers(order: &mut Order<'_>) -> Result<(), PayloadError> {
        order.one_of::<RxrpcChallenge, RxgkChallenge>()
    }
}

impl<A: Field> Ordered for RecvErr<A> {
    fn numbers(order: &mut Order<'_>) -> Result<(), PayloadError> {
        const ERROR: usize = size_of::<SockExtendedErr>();
        match order.data.len().checked_sub(ERROR) {
            Some(0) => {}
            Some(rest) if rest == size_of::<A>() => A::visit(order, ERROR),
            _ => {
                return Err(PayloadError::Length(Lengths::OneOf(
                    ERROR,
                    ERROR.saturating_add(size_of::<A>()),
                )));
            }
        }
        SockExtendedErr::visit(order, 0);
        Ok(())
    }
}

/// The vector itself is bytes.
impl Ordered for AfAlgIv {
    fn numbers(order: &mut Order<'_>) -> Result<(), PayloadError> {
        if order.data.len() < size_of::<u32>() {
            return Err(PayloadError::Length(Lengths::AtLeast(size_of::<u32>())));
        }
        order.number(0, size_of::<u32>());
        Ok(())
    }
}

/// Each attribute of TCP and J1939 is a number. One that cannot be is refused.
impl Ordered for Nlattrs {
    fn numbers(order: &mut Order<'_>) -> Result<(), PayloadError> {
        const HEADER: usize = size_of::<Nlattr>();
        let mut at = 0usize;
        while let Some(rest @ [_, ..]) = order.data.get(at..) {
            let Some(len) = rest.first_chunk::<2>() else {
                return Err(PayloadError::Value);
            };
            let len = usize::from(order.from.u16(*len));
            let stride = step(len, HEADER, rest.len()).map_err(|_| PayloadError::Value)?;
            Nlattr::visit(order, at);
            match len.saturating_sub(HEADER) {
                0 | 1 => {}
                width @ (2 | 4 | 8) => order.number(at.saturating_add(HEADER), width),
                _ => return Err(PayloadError::Value),
            }
            at = at.saturating_add(stride);
        }
        Ok(())
    }
}

/// [`Field`] of a struct: all its fields. Those behind `opaque` mean the same in either order.
macro_rules! ordered {
    ($Type:ident { $($field:ident),+ } $(, opaque $opaque:ident)?) => {
        impl $crate::payload::Field for $Type {
            fn visit(order: &mut $crate::payload::Order<'_>, at: usize) {
                // A field that is not listed does not compile.
                let _ = |Self { $($field: _,)+ $($opaque: _)? }: Self| ();
                $( order.field(at.saturating_add(core::mem::offset_of!(Self, $field)), |whole: &Self| &whole.$field); )+
            }
        }
    };
}

// In front of whose file this macro is not known.
ordered!(SockaddrIn {
    sin_family,
    sin_port,
    sin_addr,
    sin_zero
});
ordered!(SockaddrIn6 {
    sin6_family,
    sin6_port,
    sin6_flowinfo,
    sin6_addr,
    sin6_scope_id
});
