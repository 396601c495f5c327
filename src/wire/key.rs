// SPDX-License-Identifier: MIT OR Apache-2.0
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
///
/// ```
/// use ancil::{Key, SCM_RIGHTS, level};
///
/// assert_eq!((SCM_RIGHTS::LEVEL, SCM_RIGHTS::TYPE), (level::SOL_SOCKET, 1));
/// assert_eq!(SCM_RIGHTS::OPTION.map(|option| option.name()), Some("SO_PASSRIGHTS"));
/// ```
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
    ///
    /// ```
    /// use ancil::{Key, SO_TIMESTAMPNS, SO_TIMESTAMPNS_NEW};
    /// assert!(SO_TIMESTAMPNS::matches(SO_TIMESTAMPNS_NEW::LEVEL, SO_TIMESTAMPNS_NEW::TYPE));
    /// ```
    #[inline]
    fn matches(level: i32, ty: i32) -> bool {
        one_word(level, ty) == one_word(Self::LEVEL, Self::TYPE)
    }

    /// Returns whether a message is of this kind.
    ///
    /// ```
    /// use ancil::{IP_TOS, IP_TTL, Key, Raw};
    /// let raw = Raw::new(IP_TTL::LEVEL, IP_TTL::TYPE, &[]);
    /// assert!(IP_TTL.is(&raw) && !IP_TOS.is(&raw));
    /// ```
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
///
/// A function that takes any message that may be sent:
///
/// ```
/// use ancil::{Control, Encode, NoSpace, Sent, Writer};
///
/// fn one<'a, K: Sent>(
///     buffer: &'a mut [u8],
///     key: K,
///     value: <K::Value as Encode>::In<'_, 'a>,
/// ) -> Result<Control<'a>, NoSpace> {
///     let mut writer = Writer::new(buffer);
///     writer.put(key, value)?;
///     Ok(writer.finish())
/// }
/// assert_eq!(one(&mut [0; 24], ancil::IP_TTL, 64)?.reader().count(), 1);
/// # Ok::<(), NoSpace>(())
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
///
/// ```
/// use ancil::{Adjustable, SO_TIMESTAMPING, payload::TimestampingFlags};
///
/// let setting: <SO_TIMESTAMPING as Adjustable>::Setting = TimestampingFlags::RX_SOFTWARE;
/// assert!(!setting.is_empty()); // for io::enable_with
/// ```
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
#[doc(alias("custom message", "define"))]
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
///
/// ```
/// use ancil::{Decoded, Key, Reader};
///
/// fn first<K: Key>(control: &[u8], key: K) -> Option<Decoded<'_, K>> {
///     Reader::new(control).get(key).ok().flatten()
/// }
/// assert_eq!(first(&[], ancil::IP_TTL), None::<i32>);
/// ```
pub type Decoded<'a, K> = <<K as Key>::Payload as Payload>::Decoded<'a>;

impl<'a> Raw<'a> {
    /// Decodes the payload if the message has this key, and returns `None` if it has another.
    ///
    /// Level and type decide, not the family of the socket. On a Bluetooth socket, ask for HCI's
    /// messages and not for IP's: both levels are 0.
    ///
    /// ```
    /// use ancil::{IP_TOS, IP_TTL, Key, Raw};
    ///
    /// let payload = 64i32.to_ne_bytes();
    /// let raw = Raw::new(IP_TTL::LEVEL, IP_TTL::TYPE, &payload);
    /// assert_eq!((raw.get(IP_TTL)?, raw.get(IP_TOS)?), (Some(64), None));
    /// # Ok::<(), ancil::BadPayload>(())
    /// ```
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
