//! [`Key`]: a message's level and type, together with the Rust types of its payload.
//!
//! A key says in its type what a message decodes to and what may be sent as one. The catalogue's keys
//! have the man page's names; your own are made the same way:
//!
//! ```
//! use ancil::{Key, Reader, Writer};
//!
//! const MY_TICKET: Key<u64> = Key::new(0x4d59, 1);
//!
//! let mut buffer = [0; MY_TICKET.space()];
//! let mut writer = Writer::new(&mut buffer);
//! writer.put(MY_TICKET, 42)?;
//! let raw = Reader::new(writer.finish()).next().unwrap()?;
//! assert_eq!(raw.get(MY_TICKET)?, Some(42));
//! # Ok::<(), ancil::Error>(())
//! ```
#![forbid(unsafe_code)]

use crate::error::{BadPayload, Lengths, PayloadError};
use crate::wire::abi::cmsg_space;
use crate::wire::array::{Array, Bytes};
use crate::wire::cmsg::Raw;
use core::marker::PhantomData;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// What decodes to `P` and is sent as `S`.
///
/// Most messages are the same both ways. `IP_TOS` is not: it is sent as an `int` and arrives as one
/// byte. A message that the kernel only ever hands out has `S =` [`NotSent`], and putting one into a
/// buffer does not compile:
///
/// ```compile_fail
/// # let mut buffer = [0; 64];
/// # let mut writer = ancil::Writer::new(&mut buffer);
/// writer.put(ancil::UDP_GRO, 1200); // the kernel takes UDP_SEGMENT, and hands out UDP_GRO
/// ```
pub struct Key<P: ?Sized, S: ?Sized = P> {
    /// `cmsg_level`.
    pub level: i32,
    /// `cmsg_type`.
    pub ty: i32,
    types: PhantomData<fn() -> (*const P, *const S)>,
}

impl<P: ?Sized, S: ?Sized> Clone for Key<P, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P: ?Sized, S: ?Sized> Copy for Key<P, S> {}

impl<P: ?Sized, S: ?Sized> core::fmt::Debug for Key<P, S> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Key({}, {})", self.level, self.ty)
    }
}

impl<P: ?Sized, S: ?Sized> Key<P, S> {
    /// The key of messages with this level and type.
    #[inline]
    pub const fn new(level: i32, ty: i32) -> Self {
        Self {
            level,
            ty,
            types: PhantomData,
        }
    }

    /// Whether `raw` has this key's level and type.
    #[inline]
    pub const fn is(self, raw: &Raw<'_>) -> bool {
        self.level == raw.level && self.ty == raw.ty
    }
}

impl<P: ?Sized + Bounded, S> Key<P, S> {
    /// Bytes of control buffer that one such message takes at most, in either direction.
    ///
    /// Add them up over the messages you expect; never write such a number by hand.
    #[inline]
    pub const fn space(self) -> usize {
        let (received, sent) = (P::MAX_LEN, size_of::<S>());
        cmsg_space(if received > sent { received } else { sent })
    }
}

impl<P: ?Sized> Key<P, Bytes> {
    /// Bytes of control buffer that one such message with `n` bytes takes; saturates.
    #[inline]
    pub const fn space_for(self, n: usize) -> usize {
        cmsg_space(n)
    }
}

impl<P: ?Sized, T> Key<P, [T]> {
    /// Bytes of control buffer that one such message with `n` elements takes; saturates.
    #[inline]
    pub const fn space_for(self, n: usize) -> usize {
        cmsg_space(n.saturating_mul(size_of::<T>()))
    }
}

impl<P: ?Sized + Unbounded> Key<P, NotSent> {
    /// Bytes of control buffer that one such message with `n` elements, or bytes, takes; saturates.
    #[inline]
    pub const fn space_for(self, n: usize) -> usize {
        cmsg_space(n.saturating_mul(P::ELEMENT))
    }
}

/// A payload that can be decoded.
///
/// Every plain struct that derives zerocopy's `FromBytes`, `Immutable` and `KnownLayout` is one, of
/// exactly its own size, and a slice of those is an array of as many as there are.
pub trait Payload {
    /// What decoding gives.
    type Decoded<'a>;

    /// Decodes a payload, aligned in any way.
    fn decode(data: &[u8]) -> Result<Self::Decoded<'_>, PayloadError>;
}

/// A payload of any number of elements.
pub trait Unbounded: Payload {
    /// Bytes of one element.
    const ELEMENT: usize;
}

/// A payload that has a largest size.
pub trait Bounded: Payload {
    /// That size, in bytes.
    const MAX_LEN: usize;
}

/// A payload that can be sent.
///
/// Every plain value that derives zerocopy's `IntoBytes` and `Immutable` is one, and a slice of those.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no payload that can be sent",
    label = "this key's messages cannot be sent",
    note = "a key with `NotSent` is of a message that the kernel only hands out",
    note = "a struct of your own derives zerocopy's `IntoBytes` and `Immutable`"
)]
pub trait Encode {
    /// What the caller gives: the value, or a slice.
    type In<'a>;

    /// The bytes of it.
    fn bytes<'v>(value: &'v Self::In<'_>) -> &'v [u8];
}

/// In place of a payload type: the kernel never accepts such a message, it only hands them out.
pub enum NotSent {}

impl<T: FromBytes + Immutable + KnownLayout> Payload for T {
    type Decoded<'a> = T;

    #[inline]
    fn decode(data: &[u8]) -> Result<T, PayloadError> {
        match T::read_from_bytes(data) {
            Ok(value) => Ok(value),
            Err(_) => Err(PayloadError::Length(Lengths::Exactly(size_of::<T>()))),
        }
    }
}

impl<T: FromBytes + Immutable + KnownLayout> Bounded for T {
    const MAX_LEN: usize = size_of::<T>();
}

impl<T: FromBytes + Immutable + KnownLayout + 'static> Payload for [T] {
    type Decoded<'a> = Array<'a, T>;

    #[inline]
    fn decode(data: &[u8]) -> Result<Array<'_, T>, PayloadError> {
        Ok(Array::new(data))
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoBytes + Immutable> Encode for T {
    type In<'a> = T;

    #[inline]
    fn bytes(value: &T) -> &[u8] {
        value.as_bytes()
    }
}

impl<T: FromBytes + Immutable + KnownLayout + 'static> Unbounded for [T] {
    const ELEMENT: usize = size_of::<T>();
}

impl<T: IntoBytes + Immutable + 'static> Encode for [T] {
    type In<'a> = &'a [T];

    #[inline]
    fn bytes<'v>(value: &'v &[T]) -> &'v [u8] {
        value.as_bytes()
    }
}

impl Payload for Bytes {
    type Decoded<'a> = &'a [u8];

    #[inline]
    fn decode(data: &[u8]) -> Result<&[u8], PayloadError> {
        Ok(data)
    }
}

impl Unbounded for Bytes {
    const ELEMENT: usize = 1;
}

impl Encode for Bytes {
    type In<'a> = &'a [u8];

    #[inline]
    fn bytes<'v>(value: &'v &[u8]) -> &'v [u8] {
        value
    }
}

impl<'a> Raw<'a> {
    /// The payload, decoded, if this is such a message: `None` if it is another one. Level and type tell, and not
    /// the socket's family: on one of Bluetooth, ask for HCI's messages and not for IP's, which share a number.
    ///
    /// Fails if it is, but its payload has a length or a value that such a message cannot have.
    #[inline]
    pub fn get<P: ?Sized + Payload, S: ?Sized>(
        &self,
        key: Key<P, S>,
    ) -> Result<Option<P::Decoded<'a>>, BadPayload> {
        if !key.is(self) {
            return Ok(None);
        }
        match P::decode(self.data) {
            Ok(value) => Ok(Some(value)),
            Err(cause) => {
                let Self {
                    level,
                    ty,
                    offset,
                    data,
                } = *self;
                Err(BadPayload {
                    level,
                    ty,
                    offset,
                    len: data.len(),
                    cause,
                })
            }
        }
    }
}
