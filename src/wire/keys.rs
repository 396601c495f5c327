// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Keys`]: a set of keys as a type. From it follow the size of a control buffer, and the values
//! that a walk finds.
//!
//! ```
//! use ancil::{IP_PKTINFO, IP_TOS, Reader, SO_TIMESTAMPNS, UDP_GRO, Writer, space_of};
//!
//! type Wanted = (SO_TIMESTAMPNS, UDP_GRO, IP_PKTINFO, IP_TOS);
//!
//! let mut control = [0; space_of::<Wanted>()];
//! let mut writer = Writer::new(&mut control); // the kernel would write it
//! writer.put(IP_TOS, 2)?;
//! let (time, gro, info, tos) = writer.finish().reader().get_all::<Wanted>()?;
//! assert_eq!(tos, Some(2));
//! # assert!(time.is_none() && gro.is_none() && info.is_none());
//! # Ok::<(), ancil::Error>(())
//! ```
#![forbid(unsafe_code)]

use super::abi::cmsg_space;
use super::cmsg::Raw;
use super::key::{Decoded, Key};
use super::option::SocketOption;
use super::payload::{Bounded, Payload, Unbounded};
use super::reader::Reader;
use crate::error::{BadPayload, Error, PayloadError};
use core::marker::PhantomData;

/// The socket options of a key, or of a set of keys.
///
/// ```
/// use ancil::{IP_RECVERR, IP_TTL, Options};
///
/// let options = <(IP_TTL, IP_RECVERR)>::OPTIONS.iter().flatten();
/// assert!(options.map(|option| option.name()).eq(["IP_RECVTTL", "IP_RECVERR"]));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no key and no set of keys",
    note = "a set of keys is a tuple of 1 to 12 of them: `(IP_TTL, IP_TOS)`"
)]
pub trait Options {
    /// [`Key::OPTION`] of each key.
    const OPTIONS: &'static [Option<SocketOption>];
}

#[diagnostic::do_not_recommend]
impl<K: Key> Options for K {
    const OPTIONS: &'static [Option<SocketOption>] = &[K::OPTION];
}

/// A key, or a set of keys: a tuple of up to 12 of them.
///
/// A message without a largest size, such as `SCM_RIGHTS`, takes part as [`UpTo`].
///
/// ```
/// use ancil::{IP_TOS, IP_TTL, Keys, Reader, space_of};
///
/// fn receive<K: Keys>(control: &[u8]) -> Option<K::Found<'_>> {
///     assert_eq!(space_of::<K>(), K::SPACE);
///     Reader::new(control).get_all::<K>().ok()
/// }
/// assert_eq!(receive::<(IP_TTL, IP_TOS)>(&[]), Some((None, None)));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no set of keys whose messages have a largest size",
    note = "a message of any number of elements takes part as `UpTo<KEY, N>`: `UpTo<SCM_RIGHTS, 4>`"
)]
pub trait Keys: Options {
    /// The bytes of control buffer that one message of each key takes at most.
    const SPACE: usize;
    /// The values of the keys: for a tuple, a tuple of `Option`s.
    type Found<'a>;
    /// What a walk has found so far. It may take less space than the values.
    type State<'a>: Default;

    /// Decodes a message into `state` if it has one of the keys. Keys and tuples leave a message
    /// alone whose key has a value already; in an [`Arrival`](crate::datagram::Arrival), the later
    /// of two messages counts.
    ///
    /// A walk that stops, or that looks at other messages as well, calls it by itself:
    ///
    /// ```
    /// use ancil::{IP_TTL, Keys, Key, Raw};
    ///
    /// let mut state = None;
    /// IP_TTL::take(&mut state, &Raw::new(IP_TTL::LEVEL, IP_TTL::TYPE, &64i32.to_ne_bytes()))?;
    /// assert_eq!(IP_TTL::found(state), Some(64));
    /// # Ok::<(), ancil::BadPayload>(())
    /// ```
    ///
    /// # Errors
    /// [`BadPayload`] if the payload cannot be decoded.
    fn take<'a>(state: &mut Self::State<'a>, raw: &Raw<'a>) -> Result<(), BadPayload>;

    /// Returns the values that a walk over all messages has found.
    ///
    /// ```
    /// use ancil::{IP_TOS, IP_TTL, Keys};
    /// assert_eq!(<(IP_TTL, IP_TOS)>::found(Default::default()), (None, None));
    /// ```
    fn found<'a>(state: Self::State<'a>) -> Self::Found<'a>;
}

#[diagnostic::do_not_recommend]
impl<K: Key<Payload: Bounded>> Keys for K {
    const SPACE: usize = cmsg_space(<K::Payload as Bounded>::MAX_LEN);
    type Found<'a> = Option<Decoded<'a, K>>;
    type State<'a> = Self::Found<'a>;

    #[inline(always)]
    fn take<'a>(found: &mut Option<Decoded<'a, K>>, raw: &Raw<'a>) -> Result<(), BadPayload> {
        if found.is_none() {
            *found = raw.get_as::<K>()?;
        }
        Ok(())
    }

    #[inline(always)]
    fn found<'a>(state: Self::State<'a>) -> Self::Found<'a> {
        state
    }
}

macro_rules! impl_keys_for_tuples {
    ($(($($K:ident $i:tt)+))+) => {
        $( impl<$($K: Key),+> Options for ($($K,)+) {
            const OPTIONS: &'static [Option<SocketOption>] = &[$($K::OPTION),+];
        }

        impl<$($K: Key<Payload: Bounded>),+> Keys for ($($K,)+) {
            const SPACE: usize = 0usize$(.saturating_add($K::SPACE))+;
            type Found<'a> = ($(Option<Decoded<'a, $K>>,)+);
            type State<'a> = Self::Found<'a>;

            #[inline(always)]
            fn take<'a>(found: &mut Self::Found<'a>, raw: &Raw<'a>) -> Result<(), BadPayload> {
                $(
                    if $K::matches(raw.level, raw.ty) {
                        return $K::take(&mut found.$i, raw);
                    }
                )+
                Ok(())
            }

            #[inline(always)]
            fn found<'a>(state: Self::State<'a>) -> Self::Found<'a> {
                state
            }
        } )+
    };
}

impl_keys_for_tuples! {
    (A 0)
    (A 0 B 1)
    (A 0 B 1 C 2)
    (A 0 B 1 C 2 D 3)
    (A 0 B 1 C 2 D 3 E 4)
    (A 0 B 1 C 2 D 3 E 4 F 5)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11)
}

/// A key with a payload of up to `N` elements: `UpTo<SCM_RIGHTS, 4>`.
///
/// ```
/// use ancil::{Reader, SCM_CREDENTIALS, SCM_RIGHTS, UpTo, space_of};
///
/// type Wanted = (UpTo<SCM_RIGHTS, 4>, SCM_CREDENTIALS);
/// let control = [0; space_of::<Wanted>()];
/// let (fds, sender) = Reader::new(&control[..0]).get_all::<Wanted>()?;
/// assert!(fds.is_none() && sender.is_none());
/// # Ok::<(), ancil::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct UpTo<K, const N: usize>(PhantomData<K>);

impl<K: Key<Payload: Unbounded>, const N: usize> Key for UpTo<K, N> {
    const LEVEL: i32 = K::LEVEL;
    const TYPE: i32 = K::TYPE;
    const OPTION: Option<SocketOption> = K::OPTION;
    type Payload = AtMost<K::Payload, N>;

    #[inline]
    fn matches(level: i32, ty: i32) -> bool {
        K::matches(level, ty)
    }
}

/// The payload of a message with the key [`UpTo`].
///
/// ```
/// use ancil::payload::Fds;
/// use ancil::{AtMost, Bounded};
/// assert_eq!(AtMost::<Fds, 4>::MAX_LEN, 16);
/// ```
pub struct AtMost<P: ?Sized, const N: usize>(PhantomData<P>);

impl<P: ?Sized + Unbounded, const N: usize> Payload for AtMost<P, N> {
    type Decoded<'a> = P::Decoded<'a>;

    #[inline]
    fn decode(data: &[u8]) -> Result<P::Decoded<'_>, PayloadError> {
        P::decode(data)
    }
}

impl<P: ?Sized + Unbounded, const N: usize> Bounded for AtMost<P, N> {
    const MAX_LEN: usize = payload_len::<P>(N);
}

/// The bytes of a payload of `n` elements; saturates.
const fn payload_len<P: ?Sized + Unbounded>(n: usize) -> usize {
    P::HEADER.saturating_add(P::ELEMENT.saturating_mul(n))
}

/// Returns the bytes of control buffer that one message of each key takes at most.
///
/// ```
/// use ancil::{IP_TTL, SCM_CREDENTIALS, SCM_RIGHTS, UpTo, space_of};
///
/// let one = [0; space_of::<IP_TTL>()];
/// let several = [0; space_of::<(SCM_CREDENTIALS, UpTo<SCM_RIGHTS, 4>)>()];
/// # assert_eq!(one.len(), ancil::cmsg_space(4));
/// # assert_eq!(several.len(), ancil::cmsg_space(12) + ancil::cmsg_space(16));
/// ```
#[doc(alias("CMSG_SPACE", "buffer size"))]
#[inline]
pub const fn space_of<K: Keys>() -> usize {
    K::SPACE
}

/// Returns the bytes of control buffer that a message with `n` elements takes; saturates at
/// `usize::MAX`. If `n` is a constant, [`space_of`] with [`UpTo`] is the same.
///
/// ```
/// use ancil::{SCM_RIGHTS, UpTo, space_for, space_of};
/// assert_eq!(space_for::<SCM_RIGHTS>(4), space_of::<UpTo<SCM_RIGHTS, 4>>());
/// ```
#[inline]
pub const fn space_for<K: Key<Payload: Unbounded>>(n: usize) -> usize {
    cmsg_space(payload_len::<K::Payload>(n))
}

impl<'a> Reader<'a> {
    /// Decodes the first message of each key in one walk over the remaining messages, or an
    /// [`Arrival`](crate::datagram::Arrival).
    ///
    /// A message whose key has a value already is not looked at; for an `Arrival`, the later of two
    /// messages counts.
    ///
    /// ```
    /// use ancil::{IP_TOS, IP_TTL, Writer, space_of};
    ///
    /// let mut buffer = [0; space_of::<(IP_TTL, IP_TOS)>()];
    /// let mut writer = Writer::new(&mut buffer);
    /// writer.put(IP_TTL, 64)?;
    /// let (ttl, tos) = writer.finish().reader().get_all::<(IP_TTL, IP_TOS)>()?;
    /// assert_eq!((ttl, tos), (Some(64), None));
    /// # Ok::<(), ancil::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Malformed`](crate::Malformed) for a malformed header anywhere, and [`BadPayload`] for a
    /// message that has one of the keys and cannot be decoded.
    #[inline(always)] // with a set that is known, it takes a fraction of the instructions
    pub fn get_all<K: Keys>(self) -> Result<K::Found<'a>, Error> {
        let mut state = K::State::default();
        self.each(|raw| K::take(&mut state, raw))?;
        Ok(K::found(state))
    }

    /// Decodes what is whole, as [`get_all`](Reader::get_all) does, and leaves out the rest.
    ///
    /// If the control buffer was too small (`MSG_CTRUNC`), Linux cuts the last message off. Such a
    /// message has no value here, and no message that cannot be decoded has one. A server that
    /// answers every packet wants that.
    ///
    /// ```
    /// use ancil::{IP_TTL, Reader};
    ///
    /// let cut_off = [0xff; 20]; // no whole message
    /// assert_eq!(Reader::new(&cut_off).get_all_lossy::<IP_TTL>(), None);
    /// assert!(Reader::new(&cut_off).get_all::<IP_TTL>().is_err());
    /// ```
    #[inline(always)] // as `get_all`
    pub fn get_all_lossy<K: Keys>(self) -> K::Found<'a> {
        let mut state = K::State::default();
        // The walk ends at a malformed header, which is all that can be wrong here.
        _ = self.each(|raw| {
            _ = K::take(&mut state, raw);
            Ok(())
        });
        K::found(state)
    }

    /// Calls `take` with each message, until it returns an error or a header is malformed.
    /// [`Step::skip`](super::step::Step::header) says why this is no `for` loop.
    #[inline(always)]
    fn each(self, mut take: impl FnMut(&Raw<'a>) -> Result<(), BadPayload>) -> Result<(), Error> {
        let (mut step, tail) = (self.step, self.tail);
        let mut next = step.header();
        while let Some(header) = next {
            let Some(raw) = step.peek(header, tail)? else {
                break;
            };
            take(&raw)?;
            next = step.skip(&raw);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::encode::bytes_of_messages;
    use crate::{CmsgHdr, IP_PKTINFO, IP_TOS, IP_TTL, SCM_RIGHTS, SO_TIMESTAMPNS};
    use crate::{Lengths, Malformed, SO_TIMESTAMPNS_NEW, SO_TIMESTAMPNS_OLD};

    const TTL: (i32, i32) = (IP_TTL::LEVEL, IP_TTL::TYPE);

    #[test]
    fn the_first_of_two_equal_messages_wins() {
        let (one, two) = (1i32.to_ne_bytes(), 2i32.to_ne_bytes());
        // The second is too short, which is not looked at.
        let bytes = bytes_of_messages(&[(TTL.0, TTL.1, &one), (TTL.0, TTL.1, &two[..3])]);
        let found = Reader::new(&bytes).get_all::<(IP_TTL, IP_TOS)>();
        assert_eq!(found, Ok((Some(1), None)));
        assert_eq!(Reader::new(&bytes).get_all::<IP_TTL>(), Ok(Some(1)));
    }

    #[test]
    fn errors_name_the_message_anywhere() {
        let one = 1i32.to_ne_bytes();
        let bytes = bytes_of_messages(&[(7, 7, &one), (TTL.0, TTL.1, &one[..3])]);
        let Err(Error::BadPayload(bad)) = Reader::new(&bytes).get_all::<(IP_TOS, IP_TTL)>() else {
            panic!("a payload of 3 bytes was decoded");
        };
        assert_eq!((bad.level, bad.ty, bad.len), (TTL.0, TTL.1, 3));
        assert_eq!(bad.offset, cmsg_space(4));
        assert_eq!(bad.cause, PayloadError::Length(Lengths::Exactly(4)));

        let mut bytes = bytes_of_messages(&[(TTL.0, TTL.1, &one)]);
        let end = bytes.len();
        bytes.extend([0; size_of::<CmsgHdr>()]);
        let Err(Error::Malformed(Malformed { offset, .. })) =
            Reader::new(&bytes).get_all::<(IP_TTL,)>()
        else {
            panic!("a header of length 0 was read");
        };
        assert_eq!(offset, end);
    }

    #[test]
    fn lossy_takes_what_is_whole() {
        let one = 1i32.to_ne_bytes();
        let mut bytes = bytes_of_messages(&[
            (TTL.0, TTL.1, &one),
            (IP_TOS::LEVEL, IP_TOS::TYPE, &one[..3]),
            (IP_PKTINFO::LEVEL, IP_PKTINFO::TYPE, &[0; 12]),
        ]);
        bytes.truncate(bytes.len() - 8); // as MSG_CTRUNC leaves the last message
        type Wanted = (IP_TOS, IP_PKTINFO, IP_TTL);
        assert!(Reader::new(&bytes).get_all::<Wanted>().is_err());
        let found = Reader::new(&bytes).get_all_lossy::<Wanted>();
        assert_eq!(found, (None, None, Some(1)));
    }

    #[test]
    fn a_walk_finds_what_the_iterator_yields() {
        type Wanted = (IP_TTL, IP_TOS, IP_PKTINFO);
        let each = |reader: Reader<'_>| {
            let (mut state, mut all) = (<Wanted as Keys>::State::default(), Ok(()));
            for raw in reader {
                let taken = raw
                    .map_err(Error::from)
                    .and_then(|raw| Ok(<Wanted as Keys>::take(&mut state, &raw)?));
                all = all.and(taken);
            }
            (all.map(|()| state), state)
        };
        let one = 1i32.to_ne_bytes();
        for tos in [&one[..1], &one[..3], &one] {
            let mut bytes = bytes_of_messages(&[
                (TTL.0, TTL.1, &one),
                (IP_TOS::LEVEL, IP_TOS::TYPE, tos),
                (IP_PKTINFO::LEVEL, IP_PKTINFO::TYPE, &[7; 12]),
            ]);
            bytes.extend([0; size_of::<CmsgHdr>()]);
            // Cut anywhere: in a header, in a payload, in the last padding.
            for len in 0..=bytes.len() {
                let reader = Reader::new(&bytes[..len]);
                for reader in [reader.clone(), reader.lenient()] {
                    let (all, whole) = each(reader.clone());
                    assert_eq!(reader.clone().get_all::<Wanted>(), all, "{len}");
                    assert_eq!(reader.get_all_lossy::<Wanted>(), whole, "{len}");
                }
            }
        }
    }

    #[test]
    fn one_key_stands_for_both_forms() {
        for ty in [SO_TIMESTAMPNS_OLD::TYPE, SO_TIMESTAMPNS_NEW::TYPE] {
            let bytes = bytes_of_messages(&[(SO_TIMESTAMPNS::LEVEL, ty, &[0; 16])]);
            let (time,) = Reader::new(&bytes).get_all::<(SO_TIMESTAMPNS,)>().unwrap();
            assert_eq!(time.unwrap().seconds, 0);
        }
    }

    #[test]
    fn space_is_the_sum_of_the_largest() {
        type Wanted = (IP_TTL, UpTo<SCM_RIGHTS, 3>);
        assert_eq!(space_of::<Wanted>(), cmsg_space(4) + cmsg_space(12));
        assert_eq!(space_for::<SCM_RIGHTS>(3), cmsg_space(12));
        assert_eq!(space_for::<SCM_RIGHTS>(usize::MAX), usize::MAX);
        let fds = [3i32, 4].map(i32::to_ne_bytes).concat();
        let bytes = bytes_of_messages(&[
            (IP_TOS::LEVEL, IP_TOS::TYPE, &[0; 4]),
            (SCM_RIGHTS::LEVEL, SCM_RIGHTS::TYPE, &fds),
        ]);
        let (_, fds) = Reader::new(&bytes).get_all::<Wanted>().unwrap();
        assert_eq!(fds.unwrap().len(), 2);
    }
}
