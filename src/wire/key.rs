//! [`Key`]: a control message by its type: level, type, and what its payload is.
//!
//! A key is a unit struct, so its name is a type and a value at once. The keys of the catalogue
//! have the names of the man pages; [`key!`](crate::key!) makes your own:
//!
//! ```
//! use ancil::{Reader, Writer, space_of};
//!
//! ancil::key!(MY_TICKET: u64 = 0x4d59, 1);
//!
//! let mut buffer = [0; space_of::<MY_TICKET>()];
//! let mut writer = Writer::new(&mut buffer);
//! writer.put(MY_TICKET, 42)?;
//! let raw = writer.finish().reader().next().unwrap()?;
//! assert_eq!(raw.get(MY_TICKET)?, Some(42));
//! # Ok::<(), ancil::Error>(())
//! ```
#![forbid(unsafe_code)]

use super::cmsg::Raw;
use super::option::SocketOption;
use super::payload::{Encode, Payload};
use crate::error::BadPayload;
use zerocopy::{Immutable, IntoBytes};

/// A kind of control message: what [`Raw::get`] decodes.
pub trait Key: Copy {
    /// `cmsg_level`.
    const LEVEL: i32;
    /// `cmsg_type`.
    const TYPE: i32;
    /// The socket option that switches such messages on, if there is one.
    const OPTION: Option<SocketOption> = None;
    /// What the payload is. The value that it decodes to is [`Payload::Decoded`].
    type Payload: ?Sized + Payload;

    /// Returns whether messages of this level and type are of this kind.
    ///
    /// A key may stand for several types of messages with one meaning: `SO_TIMESTAMPNS` for the old
    /// and the new form.
    #[inline]
    fn matches(level: i32, ty: i32) -> bool {
        one_word(level, ty) == one_word(Self::LEVEL, Self::TYPE)
    }

    /// Returns whether a message is of this kind.
    #[inline]
    fn is(self, raw: &Raw<'_>) -> bool {
        Self::matches(raw.level, raw.ty)
    }
}

/// Returns level and type as one number, which is compared at once.
#[inline]
pub(crate) const fn one_word(level: i32, ty: i32) -> u64 {
    (level as u32 as u64) | (ty as u32 as u64) << 32
}

/// Returns the level and the type that [`one_word`] has put together.
#[inline]
pub(crate) const fn level_and_type(word: u64) -> (i32, i32) {
    (word as i32, (word >> 32) as i32)
}

/// A kind of control message that the kernel accepts.
///
/// A message that the kernel only hands out cannot be put into a buffer:
///
/// ```compile_fail,E0277
/// # let mut buffer = [0; 64];
/// # let mut writer = ancil::Writer::new(&mut buffer);
/// writer.put(ancil::UDP_GRO, 1200); // the kernel takes UDP_SEGMENT, and hands out UDP_GRO
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` messages cannot be sent",
    label = "the kernel only hands out such messages",
    note = "those of RDS that name memory are written by the unsafe `Writer::put_raw_unchecked`"
)]
pub trait Sent: Key {
    /// What is sent. The value to pass is [`Encode::In`]. Most messages have one type for both
    /// directions; `IP_TOS` is sent as an `int` and arrives as one byte, and `SCM_RIGHTS` is sent
    /// as borrowed descriptors and arrives as numbers.
    type Value: ?Sized + Encode;
}

/// A key whose socket option takes flags or a struct.
#[diagnostic::on_unimplemented(
    message = "the socket option of `{Self}` is not set with a value",
    label = "it has no option, or one that is only on or off"
)]
pub trait Adjustable: Key {
    /// What the option takes.
    type Setting: IntoBytes + Immutable;
}

/// Defines a key of your own: a unit struct for messages of this level and type.
///
/// ```
/// ancil::key!(
///     /// A ticket, in the byte order of the machine.
///     pub MY_TICKET: u64 = 0x4d59, 1
/// );
/// ```
///
/// The payload is any type that implements [`Payload`](crate::Payload) and
/// [`Encode`](crate::Encode): a number, a struct that derives zerocopy's traits, a slice of those,
/// or [`Bytes`](crate::payload::Bytes). A struct can derive the traits from ancil, without a
/// dependency on zerocopy:
///
/// ```
/// use ancil::zerocopy::{FromBytes, Immutable, IntoBytes};
///
/// #[derive(FromBytes, IntoBytes, Immutable)]
/// #[zerocopy(crate = "ancil::zerocopy")]
/// #[repr(C)]
/// struct Seat { row: u32, number: u32 }
///
/// ancil::key!(SEAT: Seat = 0x4d59, 2);
/// ```
#[macro_export]
macro_rules! key {
    ($(#[$meta:meta])* $vis:vis $NAME:ident: $Payload:ty = $level:expr, $ty:expr) => {
        $(#[$meta])*
        #[allow(
            non_camel_case_types,
            clippy::upper_case_acronyms,
            reason = "keys have the names of constants"
        )]
        #[derive(Clone, Copy, Debug)]
        $vis struct $NAME;

        impl $crate::Key for $NAME {
            const LEVEL: i32 = $level;
            const TYPE: i32 = $ty;
            type Payload = $Payload;
        }

        impl $crate::Sent for $NAME {
            type Value = $Payload;
        }
    };
}

/// The value that messages with the key `K` decode to.
pub type Decoded<'a, K> = <<K as Key>::Payload as Payload>::Decoded<'a>;

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
    pub fn get<K: Key>(&self, _: K) -> Result<Option<Decoded<'a, K>>, BadPayload> {
        self.get_as::<K>()
    }

    /// Decodes the payload if the message has the key `K`.
    #[inline(always)]
    pub(super) fn get_as<K: Key>(&self) -> Result<Option<Decoded<'a, K>>, BadPayload> {
        if !K::matches(self.level, self.ty) {
            return Ok(None);
        }
        match K::Payload::decode(self.data) {
            Ok(value) => Ok(Some(value)),
            Err(cause) => Err(self.bad_payload(cause)),
        }
    }
}
