// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Message`]: any control message, decoded.
#![forbid(unsafe_code)]

use super::keys::SCM_RIGHTS;
use super::lookup::{MessageId, message_id, show_message};
use crate::addr::{Be32, In6Addr, InAddr, SockaddrIn, SockaddrIn6};
use crate::error::{BadPayload, PayloadError, Unborrowed};
use crate::payload::*;
use crate::show::{Octets, Printer, Show, show_in_brackets};
use crate::wire::cmsg::Raw;
use crate::wire::key::{Key, level_and_type, one_word};
use crate::wire::payload::Payload;
use core::fmt;

/// Prints a value in the form that its row names.
macro_rules! show_as {
    // As all values of the type; a number in brackets.
    (plain, $value:ident, $out:ident) => {
        show_in_brackets($value, $out)
    };
    // An int without its sign: `[4294967295]`.
    (unsigned, $value:ident, $out:ident) => {
        show_in_brackets(&(*$value as u32), $out)
    };
    // An int in base 16: `[0xb8]`.
    (hex, $value:ident, $out:ident) => {{
        $out.ascii(b'[')?;
        $out.hex((*$value as u32).into())?;
        $out.ascii(b']')
    }};
    // Bytes as numbers: `[0x94, 0x4, 0, 0]`.
    (octets, $value:ident, $out:ident) => {
        Octets($value).show($out)
    };
    // A time with microseconds.
    (microseconds, $value:ident, $out:ident) => {
        $value.show_microseconds($out)
    };
}

macro_rules! define_message {
    ($(
        $(#[doc = $doc:literal])+
        $NAME:ident = $level:ident, $number:literal, $sparc:literal, $printed:literal,
            $Variant:ident, $direction:ident, $received:ty, $sent:tt,
            [$($option:ident)?] $note:literal, $form:ident, $source:literal;
    )+) => {
        /// A control message, decoded: every one that the catalogue knows.
        ///
        /// [`Unknown`](Message::Unknown) and [`BadPayload`](Message::BadPayload) keep the others
        /// whole, so that they can be sent again.
        ///
        /// ```
        /// use ancil::{IP_TTL, Message, Writer, space_of};
        ///
        /// let mut buffer = [0; space_of::<IP_TTL>()];
        /// let mut writer = Writer::new(&mut buffer);
        /// writer.put(IP_TTL, 64)?;
        /// for raw in writer.finish().reader() {
        ///     match Message::from(raw?) {
        ///         Message::Rights(fds) => println!("{} descriptors", fds.len()),
        ///         Message::IpTtl(ttl) => assert_eq!(ttl, 64),
        ///         other => println!("{other}"),
        ///     }
        /// }
        /// # Ok::<(), ancil::Error>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        // A tag of its own is read with one instruction. rustc would hide it in `BadPayload`.
        #[repr(u8)]
        pub enum Message<'a> {
            $(
                #[doc = concat!("[`", stringify!($NAME), "`](crate::", stringify!($NAME), "):")]
                $(#[doc = $doc])+
                #[doc(alias = $printed)]
                $Variant(<$received as Payload>::Decoded<'a>),
            )+
            /// A message that the catalogue does not know.
            Unknown(Raw<'a>),
            /// A message that the catalogue knows, but whose payload cannot be decoded.
            BadPayload {
                /// The message as it was found.
                raw: Raw<'a>,
                /// What is wrong with its payload.
                error: BadPayload,
            },
        }

        impl<'a> Message<'a> {
            /// Decodes a message that came from a socket of this address family: `AF_*`, or 0 for
            /// any.
            ///
            /// The family matters at level 0 only: there it tells Bluetooth, IEEE 802.15.4 and ISDN
            /// from IP.
            ///
            /// ```
            /// use ancil::addr::AF_BLUETOOTH;
            /// use ancil::{Message, Raw};
            ///
            /// let payload = 1i32.to_ne_bytes();
            /// let raw = Raw::new(0, 1, &payload); // at level 0: IP_TOS, or HCI_CMSG_DIR
            /// assert_eq!(Message::parse(AF_BLUETOOTH, raw), Message::HciCmsgDir(1));
            /// assert_eq!(Message::parse(0, raw), Message::IpTos(1));
            /// ```
            #[inline]
            pub fn parse(family: u16, raw: Raw<'a>) -> Self {
                Self::of(family, one_word(raw.level, raw.ty), raw.offset, raw.data)
            }

            /// Decodes a message. A [`Raw`] would be in memory; its parts are in registers.
            #[inline(never)]
            fn of(family: u16, kind: u64, offset: usize, data: &'a [u8]) -> Self {
                let (level, ty) = level_and_type(kind);
                match message_id(family, level, ty) {
                    $( Some(MessageId::$NAME) => {
                        // `const`: a debug build does not compile the branch that is not taken.
                        if const { size_of::<<$received as Payload>::Decoded<'_>>() > SMALL } {
                            decoded_apart::<$received>(kind, offset, data, Self::$Variant)
                        } else {
                            decoded::<$received>(kind, offset, data, Self::$Variant)
                        }
                    } )+
                    None => Self::Unknown(Raw { level, ty, offset, data }),
                }
            }
        }

        /// The payload as `strace(1)` prints it after `cmsg_data=`; one that is not decoded as a
        /// string.
        impl Show for Message<'_> {
            fn show(&self, out: &mut impl Printer) -> fmt::Result {
                match self {
                    $( Self::$Variant(value) => show_as!($form, value, out), )+
                    Self::Unknown(raw) | Self::BadPayload { raw, .. } => raw.data.show(out),
                }
            }
        }

        #[cfg(test)]
        #[allow(non_snake_case, reason = "each test has its message's name")]
        mod rows {
            use super::*;
            use crate::table::level::LevelId;
            $( #[test] fn $NAME() {
                let (level, ty) = (crate::$NAME::LEVEL, crate::$NAME::TYPE);
                tests::round_trip(LevelId::$level, level, ty, $printed, |message| {
                    matches!(message, Message::$Variant(_))
                });
            } )+
        }
    };
}

catalogue!(define_message);

/// The most bytes of a value that is decoded in [`Message::of`] itself: the size of an
/// `in6_pktinfo`.
const SMALL: usize = 20;

/// Decodes the payload of a row.
#[inline(always)]
fn decoded<'a, P: ?Sized + Payload>(
    kind: u64,
    offset: usize,
    data: &'a [u8],
    variant: impl FnOnce(P::Decoded<'a>) -> Message<'a>,
) -> Message<'a> {
    match P::decode(data) {
        Ok(value) => variant(value),
        Err(cause) => bad_payload(kind, offset, data, cause),
    }
}

/// Decodes a large payload in a function of its own, so that the small ones do not pay for its
/// stack.
#[inline(never)]
fn decoded_apart<'a, P: ?Sized + Payload>(
    kind: u64,
    offset: usize,
    data: &'a [u8],
    variant: impl FnOnce(P::Decoded<'a>) -> Message<'a>,
) -> Message<'a> {
    decoded::<P>(kind, offset, data, variant)
}

#[cold]
#[inline(never)]
fn bad_payload(kind: u64, offset: usize, data: &[u8], cause: PayloadError) -> Message<'_> {
    let (level, ty) = level_and_type(kind);
    let raw = Raw {
        level,
        ty,
        offset,
        data,
    };
    Message::BadPayload {
        raw,
        error: raw.bad_payload(cause),
    }
}

impl<'a> From<Raw<'a>> for Message<'a> {
    #[inline]
    fn from(raw: Raw<'a>) -> Self {
        Self::parse(0, raw)
    }
}

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(f)
    }
}

// These are implemented here and not in `error.rs`, because they look up the name of the message,
// and `error.rs` must not use the table.
impl fmt::Display for BadPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "payload of {} bytes, {}, in ", self.len, self.cause)?;
        show_message(f, self.level, self.ty)?;
        write!(f, " at offset {}", self.offset)
    }
}

impl fmt::Display for Unborrowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_message(f, self.level, self.ty)?;
        write!(f, " at offset {} ", self.offset)?;
        f.write_str(if SCM_RIGHTS.is(&Raw::new(self.level, self.ty, &[])) {
            "names descriptors: put it by its key, with borrowed ones, not as bytes"
        } else {
            "names memory: only unsafe code can send it"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reader;
    use crate::addr::{AF_BLUETOOTH, AF_ISDN};
    use crate::table::level::LevelId;
    use crate::table::lookup::message_name_on;
    use crate::wire::encode::bytes_of_messages;
    use std::vec::Vec;

    /// Writes and reads payloads of every length up to 100: some are decoded as this message, all
    /// others are kept whole with an error that names the lengths of the former, and none is
    /// unknown.
    pub(super) fn round_trip(
        level_id: LevelId,
        level: i32,
        ty: i32,
        name: &str,
        is: fn(&Message<'_>) -> bool,
    ) {
        let zeros = [0; 100];
        let (mut decoded, mut lengths) = (Vec::new(), Vec::new());
        for n in 0..zeros.len() {
            let bytes = bytes_of_messages(&[(level, ty, &zeros[..n])]);
            let raw = Reader::new(&bytes).next().unwrap().unwrap();
            assert_eq!((raw.level, raw.ty, raw.data), (level, ty, &zeros[..n]));
            match Message::parse(level_id.family(), raw) {
                Message::BadPayload { raw: kept, error } => {
                    assert_eq!((kept, error), (raw, raw.bad_payload(error.cause)));
                    if let PayloadError::Length(expected) = error.cause {
                        lengths.push(expected);
                    }
                }
                message => {
                    assert!(is(&message), "{name} was taken for {message:?}");
                    decoded.push(n);
                }
            }
        }
        assert_ne!(decoded, [], "{name} is never decoded");
        for expected in lengths {
            let named = (0..zeros.len()).filter(|n| expected.contains(*n));
            assert!(
                named.eq(decoded.iter().copied()),
                "{name}: {expected:?}, but {decoded:?}"
            );
        }
        assert_eq!(message_name_on(level_id.family(), level, ty), Some(name));
    }

    #[test]
    fn the_family_tells_messages_of_level_0_apart() {
        let raw = Raw::new(0, 1, &[1, 0, 0, 0]);
        assert!(matches!(Message::from(raw), Message::IpTos(_)));
        assert!(matches!(
            Message::parse(AF_BLUETOOTH, raw),
            Message::HciCmsgDir(_)
        ));
        // ISDN's message of this type carries a time, which is longer.
        assert!(matches!(
            Message::parse(AF_ISDN, raw),
            Message::BadPayload { .. }
        ));
        let raw = Raw { ty: 12, ..raw }; // IP_RECVTTL: no message, neither of IP nor of ISDN
        assert_eq!(Message::parse(AF_ISDN, raw), Message::Unknown(raw));
        assert_eq!(Message::from(raw), Message::Unknown(raw));
    }
}
