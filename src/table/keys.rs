// SPDX-License-Identifier: MIT OR Apache-2.0
//! One key per message, under the name that `strace(1)` prints. Where two messages share that name,
//! the level stands before it: `IP_SCM_SECURITY`.
//!
//! A key is a type and a value at once. As a value it names a message to read or to write; as a
//! type, alone or in a set, it has the size of the buffer and the socket option:
//!
//! ```
//! use ancil::{IP_TTL, Key, Writer, space_of};
//!
//! let mut buffer = [0; space_of::<IP_TTL>()];
//! let mut writer = Writer::new(&mut buffer);
//! writer.put(IP_TTL, 64)?;
//! assert_eq!(writer.finish().reader().get(IP_TTL)?, Some(64));
//! assert_eq!(IP_TTL::OPTION.map(|option| option.name()), Some("IP_RECVTTL"));
//! # Ok::<(), ancil::Error>(())
//! ```
//!
//! [`CATALOGUE`](crate::CATALOGUE) has them in a table. [`SO_TIMESTAMP`], [`SO_TIMESTAMPNS`] and
//! [`SO_TIMESTAMPING`] stand for two messages each: the one with times in the word size of the
//! process, and the one with times of 64 bits.
#![forbid(unsafe_code)]

use super::entries::option;
use super::level::*;
use crate::addr::{Be32, In6Addr, InAddr, SockaddrIn, SockaddrIn6};
use crate::arch::by_arch;
use crate::payload::*;
use crate::wire::control;
use crate::wire::key::{Adjustable, Key, Sent};
use crate::wire::option::SocketOption;

/// What switches a message on, in a sentence.
macro_rules! availability {
    ([] "-") => {
        "The kernel only accepts such messages."
    };
    ([] $note:literal) => {
        concat!("Received: ", $note, ".")
    };
    ([$option:ident] $note:literal) => {
        concat!("Switched on by `", stringify!($option), "`", $note, ".")
    };
}

/// The path of a type, so that an example needs no import of it.
macro_rules! path {
    (Be32) => {
        "ancil::addr::Be32"
    };
    (InAddr) => {
        "ancil::addr::InAddr"
    };
    (In6Addr) => {
        "ancil::addr::In6Addr"
    };
    (SockaddrIn) => {
        "ancil::addr::SockaddrIn"
    };
    (SockaddrIn6) => {
        "ancil::addr::SockaddrIn6"
    };
    (()) => {
        "()"
    };
    (u8) => {
        "u8"
    };
    (u16) => {
        "u16"
    };
    (u32) => {
        "u32"
    };
    (u64) => {
        "u64"
    };
    (usize) => {
        "usize"
    };
    (i32) => {
        "i32"
    };
    (i64) => {
        "i64"
    };
    ($payload:tt) => {
        concat!("ancil::payload::", stringify!($payload))
    };
}

/// What a payload decodes to.
macro_rules! decoded {
    (Fds) => {
        "ancil::payload::Array<'_, i32>"
    };
    ([u32]) => {
        "ancil::payload::Array<'_, u32>"
    };
    (Bytes) => {
        "&[u8]"
    };
    (AfAlgIv) => {
        "&[u8]"
    };
    (Nlattrs) => {
        "ancil::netlink::Attributes<'_>"
    };
    (RecvErrV4) => {
        "ancil::payload::RecvErr<'_>"
    };
    (RecvErrV6) => {
        "ancil::payload::RecvErr<'_>"
    };
    (Tos) => {
        "i32"
    };
    (OldTimeval) => {
        path!(Timestamp)
    };
    (Timeval) => {
        path!(Timestamp)
    };
    (Timespec) => {
        path!(Timestamp)
    };
    ($received:tt) => {
        path!($received)
    };
}

/// What `get` returns and `put` takes.
macro_rules! values {
    (Recv $received:tt $sent:tt) => {
        concat!("`get` returns `", decoded!($received), "`.")
    };
    (Send $received:tt Memory) => {
        "`Writer::put_raw_unchecked` sends it."
    };
    (Send $received:tt $sent:tt) => {
        concat!("`put` takes `", passed!($sent), "`.")
    };
    (Both $received:tt $sent:tt) => {
        concat!(
            "`get` returns `",
            decoded!($received),
            "`, and `put` takes `",
            passed!($sent),
            "`."
        )
    };
}

/// What is passed to `put`.
macro_rules! passed {
    (Fds) => {
        "&[ancil::Fd<'a>]"
    };
    (Bytes) => {
        "&[u8]"
    };
    (AfAlgIv) => {
        "ancil::payload::AlgIvPayload<'_>"
    };
    ([u32]) => {
        "&[u32]"
    };
    ($sent:tt) => {
        path!($sent)
    };
}

/// How to read a message that arrives, and to write one that the kernel accepts. rustdoc takes a
/// space off each line that begins with one.
macro_rules! example {
    (get $NAME:ident $received:tt) => {
        concat!(
            "// `control`: what recvmsg(2) wrote, msg_controllen bytes.\n",
            "fn get(control: &[u8]) -> Result<Option<", decoded!($received), ">, Error> {\n",
            "     Reader::new(control).get(", stringify!($NAME), ")\n}"
        )
    };
    // The descriptors stay borrowed as long as the buffer.
    (put $NAME:ident Fds) => {
        example!(put $NAME "<'a>", "'a", passed!(Fds))
    };
    (put $NAME:ident $sent:tt) => {
        example!(put $NAME "", "'_", passed!($sent))
    };
    (put $NAME:ident $generics:literal, $lifetime:literal, $value:expr) => {
        concat!(
            "fn put", $generics, "(writer: &mut Writer<", $lifetime, ">, value: ", $value,
            ") -> Result<(), NoSpace> {\n     writer.put(", stringify!($NAME), ", value)\n}"
        )
    };
    (Send $NAME:ident $received:tt Memory) => {
        example!(Recv $NAME $received Memory)
    };
    (Recv $NAME:ident $received:tt $sent:tt) => {
        concat!(
            "use ancil::{Error, Reader, ", stringify!($NAME), "};\n\n",
            example!(get $NAME $received)
        )
    };
    (Send $NAME:ident $received:tt $sent:tt) => {
        concat!(
            "use ancil::{NoSpace, Writer, ", stringify!($NAME), "};\n\n", example!(put $NAME $sent)
        )
    };
    (Both $NAME:ident $received:tt $sent:tt) => {
        concat!(
            "use ancil::{Error, NoSpace, Reader, Writer, ", stringify!($NAME), "};\n\n",
            example!(get $NAME $received), "\n\n", example!(put $NAME $sent)
        )
    };
}

/// [`Sent`] for a message that the kernel accepts, unless it names memory.
macro_rules! impl_sent {
    ($NAME:ident Recv NotSent) => {};
    ($NAME:ident Send Memory) => {};
    ($NAME:ident $direction:ident $sent:ty) => {
        impl Sent for $NAME {
            type Value = $sent;
        }
    };
}

macro_rules! define_keys {
    ($(
        $(#[doc = $doc:literal])+
        $NAME:ident = $level:ident, $number:literal, $sparc:literal, $printed:literal,
            $Variant:ident, $direction:ident, $received:tt, $sent:tt,
            [$($option:ident)?] $note:tt, $form:ident, $source:literal;
    )+) => {
        $(
            with_aliases! { $NAME
                $(#[doc = $doc])+
                ///
                #[doc = values!($direction $received $sent)]
                #[doc = availability!([$($option)?] $note)]
                #[doc = concat!("Source: ", $source, ".")]
                ///
                /// ```
                #[doc = example!($direction $NAME $received $sent)]
                /// ```
                #[allow(non_camel_case_types, reason = "the messages' own names")]
                #[derive(Clone, Copy, Debug)]
                pub struct $NAME;
            }

            impl Key for $NAME {
                const LEVEL: i32 = $level;
                const TYPE: i32 = by_arch($number, $sparc);
                const OPTION: Option<SocketOption> =
                    (&[$(option::$option)?] as &[SocketOption]).first().copied();
                type Payload = $received;
            }

            impl_sent!($NAME $direction $sent);
        )+
    };
}

catalogue!(define_keys);

// The codec has these numbers a second time, because it stands on a lower floor.
const _: () = {
    assert!(control::RIGHTS.0 == SCM_RIGHTS::LEVEL && control::RIGHTS.1 == SCM_RIGHTS::TYPE);
    assert!(control::RDS == SOL_RDS);
    let [destination, cookie] = control::RDS_PLAIN;
    assert!(destination == RDS_CMSG_RDMA_DEST::TYPE && cookie == RDS_CMSG_ZCOPY_COOKIE::TYPE);
};

/// Returns the option of the old form. On 32 bits its times end in 2038, so there it names the
/// option of the new form, too.
const fn either_form(old: Option<SocketOption>, new: Option<SocketOption>) -> Option<SocketOption> {
    let (Some(old), Some(new)) = (old, new) else {
        return None;
    };
    let time64 = if size_of::<usize>() == 4 {
        Some(new.number)
    } else {
        None
    };
    Some(SocketOption { time64, ..old })
}

/// A key that stands for the old and the new form of a message.
macro_rules! define_both_forms {
    ($(
        $(#[doc = $doc:literal])+
        $NAME:ident = $OLD:ident | $NEW:ident, $Value:tt;
    )+) => {
        $(
            with_aliases! { $NAME
                $(#[doc = $doc])+
                ///
                #[doc = concat!("Stands for [`", stringify!($OLD), "`] and")]
                #[doc = concat!("[`", stringify!($NEW), "`]: `get` returns")]
                #[doc = concat!("`", path!($Value), "`.")]
                /// `io::enable` switches on what this machine needs after 2038, if the kernel has
                /// it.
                ///
                /// ```
                #[doc = example!(Recv $NAME $Value NotSent)]
                /// ```
                #[allow(non_camel_case_types, reason = "the messages' own names")]
                #[derive(Clone, Copy, Debug)]
                pub struct $NAME;
            }

            impl Key for $NAME {
                const LEVEL: i32 = $OLD::LEVEL;
                const TYPE: i32 = $OLD::TYPE;
                const OPTION: Option<SocketOption> = either_form($OLD::OPTION, $NEW::OPTION);
                type Payload = <$OLD as Key>::Payload;

                #[inline]
                fn matches(level: i32, ty: i32) -> bool {
                    $OLD::matches(level, ty) || $NEW::matches(level, ty)
                }
            }
        )+
    };
}

define_both_forms! {
    /// Time of arrival in microseconds: `SCM_TIMESTAMP` of libc.
    SO_TIMESTAMP = SO_TIMESTAMP_OLD | SO_TIMESTAMP_NEW, Timestamp;
    /// Time of arrival in nanoseconds: `SCM_TIMESTAMPNS` of libc.
    SO_TIMESTAMPNS = SO_TIMESTAMPNS_OLD | SO_TIMESTAMPNS_NEW, Timestamp;
    /// Three times of one packet: `SCM_TIMESTAMPING` of libc. It is sent in the old form.
    SO_TIMESTAMPING = SO_TIMESTAMPING_OLD | SO_TIMESTAMPING_NEW, Timestamping;
}

impl Sent for SO_TIMESTAMPING {
    type Value = TimestampingFlags;
}

macro_rules! define_adjustable {
    ($( $KEY:ident = $Setting:ty; )+) => {
        #[cfg(test)]
        const ADJUSTABLE: &[(&str, usize)] = &[$( (stringify!($KEY), size_of::<$Setting>()) ),+];

        $( impl Adjustable for $KEY {
            type Setting = $Setting;
        } )+
    };
}

define_adjustable! {
    SO_TIMESTAMPING = TimestampingFlags;
    SO_TIMESTAMPING_OLD = TimestampingFlags;
    SO_TIMESTAMPING_NEW = TimestampingFlags;
    SCM_TIMESTAMPING_OPT_STATS = TimestampingFlags;
    SCM_TIMESTAMPING_PKTINFO = TimestampingFlags;
    SCM_TS_OPT_ID = TimestampingFlags;
    PACKET_TX_TIMESTAMP = TimestampingFlags;
    BT_SCM_ERROR = TimestampingFlags;
    SCM_CAN_RAW_ERRQUEUE = TimestampingFlags;
    SCM_TXTIME = SockTxtime;
    RDS_CMSG_RXPATH_LATENCY = RdsRxTraceSo;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::entries::CATALOGUE;
    use crate::wire::option::OptionValue;

    #[test]
    fn every_option_with_a_value_has_a_setting() {
        for row in CATALOGUE {
            let setting = ADJUSTABLE.iter().find(|(name, _)| *name == row.name);
            match row.option.map(|option| option.value) {
                Some(OptionValue::Struct) => assert!(setting.is_some(), "{}", row.name),
                Some(OptionValue::Flags) => assert_eq!(setting, Some(&(row.name, 4))),
                _ => assert_eq!(setting, None),
            }
        }
    }
}
