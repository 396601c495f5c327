//! [`Key`]: the level and type of a message, together with the Rust types of its payload.
//!
//! A key says in its type what a message decodes to and what may be sent as such a message. The
//! keys of the catalogue have the names of the man pages; your own are made in the same way:
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

/// The level and type of messages that decode to `P` and are sent as `S`.
///
/// Most messages have one type for both. `IP_TOS` does not: it is sent as an `int` and arrives as
/// one byte. If the kernel only hands a message out, `S` is [`NotSent`], and putting such a message
/// into a buffer does not compile:
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
    /// Returns the key of messages with this level and type.
    #[inline]
    pub const fn new(level: i32, ty: i32) -> Self {
        Self {
            level,
            ty,
            types: PhantomData,
        }
    }

    /// Returns whether `raw` has this key's level and type.
    #[inline]
    pub const fn is(self, raw: &Raw<'_>) -> bool {
        self.level == raw.level && self.ty == raw.ty
    }
}

impl<P: ?Sized + Bounded, S> Key<P, S> {
    /// Returns the bytes of control buffer that one such message takes at most, received or sent.
    ///
    /// Add these up over the messages that you expect; never write such a number by hand.
    #[inline]
    pub const fn space(self) -> usize {
        let (received, sent) = (P::MAX_LEN, size_of::<S>());
        cmsg_space(if received > sent { received } else { sent })
    }
}

impl<P: ?Sized> Key<P, Bytes> {
    /// Returns the bytes of control buffer that one such message with `n` bytes of payload takes;
    /// saturates at `usize::MAX`.
    #[inline]
    pub const fn space_for(self, n: usize) -> usize {
        cmsg_space(n)
    }
}

impl<P: ?Sized, T> Key<P, [T]> {
    /// Returns the bytes of control buffer that one such message with `n` elements takes; saturates
    /// at `usize::MAX`.
    #[inline]
    pub const fn space_for(self, n: usize) -> usize {
        cmsg_space(n.saturating_mul(size_of::<T>()))
    }
}

impl<P: ?Sized + Unbounded> Key<P, NotSent> {
    /// Returns the bytes of control buffer that one such message with `n` elements, or bytes,
    /// takes; saturates at `usize::MAX`.
    #[inline]
    pub const fn space_for(self, n: usize) -> usize {
        cmsg_space(n.saturating_mul(P::ELEMENT))
    }
}

/// A payload that can be decoded.
///
/// Every struct that derives zerocopy's `FromBytes`, `Immutable` and `KnownLayout` is a payload of
/// exactly its own size. A slice of such structs is a payload of any number of them.
pub trait Payload {
    /// The type of the decoded value.
    type Decoded<'a>;

    /// Decodes a payload of any alignment.
    ///
    /// # Errors
    /// [`PayloadError`] if the bytes have a length or a value that such a payload cannot have.
    fn decode(data: &[u8]) -> Result<Self::Decoded<'_>, PayloadError>;
}

/// A payload of any number of elements.
pub trait Unbounded: Payload {
    /// The size of one element in bytes.
    const ELEMENT: usize;
}

/// A payload with a largest size.
pub trait Bounded: Payload {
    /// The largest size in bytes.
    const MAX_LEN: usize;
}

/// A payload that can be sent.
///
/// Every type that derives zerocopy's `IntoBytes` and `Immutable` can be sent, and so can a slice
/// of such a type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a payload",
    label = "this key's messages cannot be sent",
    note = "a key with `NotSent` stands for a message that the kernel only hands out",
    note = "derive zerocopy's `IntoBytes` and `Immutable` on a struct of your own"
)]
pub trait Encode {
    /// What the caller passes: the value, or a slice.
    type In<'a>;

    /// Returns the bytes of the value.
    fn bytes<'v>(value: &'v Self::In<'_>) -> &'v [u8];
}

/// Stands in the place of a payload type for messages that the kernel hands out and never accepts.
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
    /// Decodes the payload if the message has this key, and returns `None` if it has another.
    ///
    /// Level and type decide, not the family of the socket. On a Bluetooth socket, ask for HCI's
    /// messages and not for IP's: both levels are 0.
    ///
    /// # Errors
    /// [`BadPayload`] if the message has this key, and its payload has a length or a value that
    /// such a message cannot have.
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
            Err(cause) => Err(self.bad_payload(cause)),
        }
    }
}
