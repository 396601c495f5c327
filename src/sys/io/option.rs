// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`enable`] and [`disable`]: the socket options that switch control messages on and off.

use super::call::{set_socket_option, socket_option};
use crate::error::Errno;
use crate::table::entries::option::SO_ZEROCOPY;
use crate::table::keys::{
    SO_TIMESTAMP_NEW, SO_TIMESTAMP_OLD, SO_TIMESTAMPNS_NEW, SO_TIMESTAMPNS_OLD,
};
use crate::table::level::level_id;
use crate::wire::fd::Fd;
use crate::wire::key::{Adjustable, Key};
use crate::wire::keys::Options;
use crate::wire::option::{OptionValue, SocketOption};
use core::fmt;
use zerocopy::IntoBytes;

/// A socket option that could not be set.
///
/// It prints as the name of the option and the error: `IP_RECVTTL: ..`. A `std::io::Error` that `?`
/// or `into` makes of it has the error number and no longer the name, so print the name before.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::io::{self, OptionError};
///
/// let file = std::fs::File::open("/dev/null")?; // not a socket
/// let Err(OptionError { option, errno }) = io::enable::<ancil::IP_TTL>(&file) else { panic!() };
/// assert_eq!((option.name(), errno), ("IP_RECVTTL", ancil::Errno::ENOTSOCK));
/// # }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OptionError {
    /// The option.
    pub option: SocketOption,
    /// The kernel's answer. ENOPROTOOPT and EOPNOTSUPP: this kernel, or sockets of this kind, do
    /// not have the option. A few protocols answer EINVAL to the options of another.
    ///
    /// An option of level 0 is not set on a socket of another family, where level 0 is another
    /// protocol. That is ENOPROTOOPT as well.
    pub errno: Errno,
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.option.name, self.errno)
    }
}

impl core::error::Error for OptionError {}

#[cfg(feature = "std")]
impl From<OptionError> for std::io::Error {
    fn from(e: OptionError) -> Self {
        e.errno.into()
    }
}

/// Switches the messages of a key, or of a set of keys, on.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{IP_PKTINFO, IP_TTL, io};
///
/// let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
/// io::enable::<(IP_PKTINFO, IP_TTL)>(&socket)?;
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// In a set, a key without an option is skipped. `SCM_RIGHTS` is skipped as well, in a set and by
/// itself: its option is on from the start, and only [`disable`] sets it.
///
/// A set without any option does not compile: the kernel only accepts its messages, or delivers
/// them without an option, so there is nothing to switch on. Nor does a set compile with an option
/// that takes flags or a struct, for which [`enable_with`] is there. `SO_TIMESTAMP` and
/// `SO_TIMESTAMPNS`, in all forms, switch each other off, so a set with two of them does not
/// compile either. `cargo build` reports these errors, but `cargo check` does not:
///
/// ```compile_fail,E0080
/// # let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
/// ancil::io::enable::<(ancil::SO_TIMESTAMP, ancil::SO_TIMESTAMPNS)>(&socket);
/// ```
///
/// Messages begin with what is sent afterwards: datagrams that wait in the socket lack them, and
/// may have invented credentials. A socket that `accept(2)` returns inherits the options of the
/// listening socket, so switch them on there.
///
/// # Errors
/// The first option that the kernel refused. Those of the keys before it stay on. If a kernel or
/// socket may lack some, use [`enable_available`]. A `std::io::Error` made of the [`OptionError`]
/// does not name the option.
#[doc(alias = "setsockopt")]
pub fn enable<'f, K: Options>(socket: impl Into<Fd<'f>>) -> Result<(), OptionError> {
    const { check_switches(K::OPTIONS) }
    switch_on(socket.into(), K::OPTIONS, Err)
}

/// Switches the messages of a key, or of a set of keys, on, as [`enable`] does, and hands each
/// option that this kernel or socket does not have (ENOPROTOOPT, EOPNOTSUPP) to `left_out`. If that
/// returns an error, the others are not tried.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{IP_TTL, SO_RXQ_OVFL, io};
///
/// let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
/// io::enable_available::<(IP_TTL, SO_RXQ_OVFL)>(&socket, |e| {
///     eprintln!("{} is not available", e.option.name());
///     Ok(())
/// })?;
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The error of `left_out`, or the first option that the kernel refused with another error.
#[doc(alias = "setsockopt")]
pub fn enable_available<'f, K: Options>(
    socket: impl Into<Fd<'f>>,
    left_out: impl FnMut(OptionError) -> Result<(), OptionError>,
) -> Result<(), OptionError> {
    const { check_switches(K::OPTIONS) }
    switch_on(socket.into(), K::OPTIONS, left_out)
}

fn switch_on(
    fd: Fd<'_>,
    options: &'static [Option<SocketOption>],
    mut left_out: impl FnMut(OptionError) -> Result<(), OptionError>,
) -> Result<(), OptionError> {
    for option in options.iter().flatten() {
        if option.value == OptionValue::DefaultOn {
            continue; // an older kernel without the option delivers the messages as well
        }
        match switch(fd, option, true) {
            Err(e) if matches!(e.errno, Errno::ENOPROTOOPT | Errno::EOPNOTSUPP) => left_out(e)?,
            result => result?,
        }
    }
    Ok(())
}

/// Switches on the messages of a key whose option takes flags or a struct.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{Errno, SO_TIMESTAMPING, io, payload::TimestampingFlags};
///
/// let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
/// let flags = TimestampingFlags::RX_SOFTWARE | TimestampingFlags::SOFTWARE;
/// match io::enable_with(&socket, SO_TIMESTAMPING, flags) {
///     Err(e) if e.errno == Errno::ENOPROTOOPT => eprintln!("no timestamps here"), // an emulator
///     result => result?,
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The option and the kernel's answer.
#[doc(alias = "setsockopt")]
pub fn enable_with<'f, K: Adjustable>(
    socket: impl Into<Fd<'f>>,
    _: K,
    setting: K::Setting,
) -> Result<(), OptionError> {
    let option = const { K::OPTION.expect("an Adjustable key has an option") };
    set(socket.into(), &option, setting.as_bytes())
}

/// Switches `SO_ZEROCOPY` on. Without it the kernel ignores `MSG_ZEROCOPY`: it copies the bytes and
/// reports nothing on the error queue. See [`sendmsg_zerocopy`](super::sendmsg_zerocopy).
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{Errno, io};
///
/// let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
/// match io::enable_zerocopy(&socket) {
///     Err(e) if e.errno == Errno::ENOPROTOOPT => println!("an old kernel, or an emulator"),
///     result => result?,
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The option and the kernel's answer: EOPNOTSUPP for sockets other than TCP, UDP, RDS and, since
/// Linux 6.7, vsock.
#[doc(alias("SO_ZEROCOPY", "setsockopt"))]
pub fn enable_zerocopy<'f>(socket: impl Into<Fd<'f>>) -> Result<(), OptionError> {
    switch(socket.into(), &SO_ZEROCOPY, true)
}

/// Switches the messages of a key, or of a set of keys, off.
///
/// Keys that share an option are switched off together. So are `SO_TIMESTAMP` and `SO_TIMESTAMPNS`
/// in all forms, and all timestamps that `SO_TIMESTAMPING` switches on. A set without any option
/// does not compile, nor does one with an option that takes a struct. `cargo build` reports these
/// errors, but `cargo check` does not.
///
/// `SCM_RIGHTS` has such an option since Linux 6.16. With `SCM_RIGHTS` off, whoever sends a
/// descriptor to the socket gets EPERM. [`enable`] does not switch `SCM_RIGHTS` on again.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{IP_TTL, io};
///
/// let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
/// io::enable::<IP_TTL>(&socket)?;
/// io::disable::<IP_TTL>(&socket)?;
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The first option that the kernel refused. Those of the keys before it are off.
#[doc(alias = "setsockopt")]
pub fn disable<'f, K: Options>(socket: impl Into<Fd<'f>>) -> Result<(), OptionError> {
    const {
        assert!(
            any_option(K::OPTIONS),
            "nothing to switch off: the kernel accepts or delivers these messages without an option"
        );
        assert!(no_structs(K::OPTIONS), "the option of a key takes a struct");
    }
    let fd = socket.into();
    for option in K::OPTIONS.iter().flatten() {
        switch(fd, option, false)?;
    }
    Ok(())
}

/// Refuses at compile time what [`enable`] cannot switch on.
const fn check_switches(options: &[Option<SocketOption>]) {
    assert!(
        any_option(options),
        "nothing to switch on: the kernel accepts or delivers these messages without an option"
    );
    assert!(
        only_switches(options),
        "an option takes flags or a struct: see enable_with"
    );
    assert!(
        one_time_of_arrival(options),
        "of SO_TIMESTAMP and SO_TIMESTAMPNS, in all forms, only one can be on"
    );
}

/// Switches an option on or off.
fn switch(fd: Fd<'_>, option: &SocketOption, on: bool) -> Result<(), OptionError> {
    let (bytes, len) = option.value.of_switch(on);
    set(fd, option, bytes.get(..len).unwrap_or_default())
}

/// Sets the option, in the form with times of 64 bits if there is one and the kernel has it.
fn set(fd: Fd<'_>, option: &SocketOption, value: &[u8]) -> Result<(), OptionError> {
    let set = |number| set_socket_option(fd, option, number, value);
    let error = |errno| OptionError {
        option: *option,
        errno,
    };
    if !has_level(fd, option) {
        return Err(error(Errno::ENOPROTOOPT));
    }
    let result = match option.time64.map(set) {
        None | Some(Err(Errno::ENOPROTOOPT)) => set(option.number),
        Some(result) => result,
    };
    result.map_err(error)
}

/// Returns whether the level of the option means the option's protocol on this socket. Which
/// protocol level 0 means depends on the family of the socket; every other level means one only.
fn has_level(fd: Fd<'_>, option: &SocketOption) -> bool {
    option.level != 0
        || match socket_option(fd, libc::SO_DOMAIN) {
            Some(domain) => is_level_on(option, domain),
            None => true, // not a socket: setsockopt(2) reports that
        }
}

/// Returns whether the level of the option means the option's protocol on sockets of this domain.
fn is_level_on(option: &SocketOption, domain: i32) -> bool {
    let level = u16::try_from(domain).map(|family| level_id(family, option.level));
    matches!(level, Ok(Some(level)) if level.family() == option.family)
}

macro_rules! for_each_option {
    ($options:ident, $option:ident => $body:block) => {
        let mut rest: &[Option<SocketOption>] = $options;
        while let [first, after @ ..] = rest {
            rest = after;
            if let Some($option) = first $body
        }
    };
}

const fn any_option(options: &[Option<SocketOption>]) -> bool {
    for_each_option!(options, _option => { return true; });
    false
}

const fn only_switches(options: &[Option<SocketOption>]) -> bool {
    for_each_option!(options, option => {
        if matches!(option.value, OptionValue::Flags | OptionValue::Struct) {
            return false;
        }
    });
    true
}

const fn no_structs(options: &[Option<SocketOption>]) -> bool {
    for_each_option!(options, option => {
        if matches!(option.value, OptionValue::Struct) {
            return false;
        }
    });
    true
}

/// Returns whether at most one of the four options for the time of arrival is among these. Each
/// switches the others off: kernel `sock_set_timestamp`.
const fn one_time_of_arrival(options: &[Option<SocketOption>]) -> bool {
    const TIMES: &[Option<SocketOption>] = &[
        SO_TIMESTAMP_OLD::OPTION,
        SO_TIMESTAMP_NEW::OPTION,
        SO_TIMESTAMPNS_OLD::OPTION,
        SO_TIMESTAMPNS_NEW::OPTION,
    ];
    let mut found = None;
    for_each_option!(options, option => {
        for_each_option!(TIMES, time => {
            if option.level == time.level && option.number == time.number {
                match found {
                    Some(number) if number != time.number => return false,
                    _ => found = Some(time.number),
                }
            }
        });
    });
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::keys::*;

    #[test]
    fn sets_that_cannot_be_switched() {
        type Rights = crate::UpTo<SCM_RIGHTS, 1>;
        assert!(any_option(<(SCTP_SNDINFO, IP_TTL)>::OPTIONS));
        assert!(!any_option(<(SCTP_SNDINFO,)>::OPTIONS));

        assert!(only_switches(
            <(IP_TTL, SO_TIMESTAMPNS, Rights, SCTP_SNDRCV)>::OPTIONS
        ));
        assert!(!only_switches(<(IP_TTL, SO_TIMESTAMPING)>::OPTIONS));
        assert!(!only_switches(<(SCM_TXTIME, IP_TTL)>::OPTIONS));

        assert!(no_structs(<(IP_TTL, SO_TIMESTAMPING)>::OPTIONS));
        assert!(!no_structs(<(IP_TTL, SCM_TXTIME)>::OPTIONS));
    }

    #[test]
    fn level_0_is_of_one_family() {
        let options = [
            (HCI_CMSG_DIR::OPTION, libc::AF_BLUETOOTH),
            (WPAN_WANTLQI::OPTION, libc::AF_IEEE802154),
            (MISDN_TIME_STAMP::OPTION, libc::AF_ISDN),
            (IP_TTL::OPTION, libc::AF_INET),
        ];
        for (option, own) in options {
            for (_, domain) in options {
                assert_eq!(is_level_on(&option.unwrap(), domain), own == domain);
            }
        }
        // IP's options are for sockets of IPv6 as well.
        assert!(is_level_on(&IP_TTL::OPTION.unwrap(), libc::AF_INET6));
    }

    #[test]
    fn only_one_time_of_arrival() {
        assert!(one_time_of_arrival(<(IP_TTL, SO_TIMESTAMPNS)>::OPTIONS));
        // Both keys have one option, which then is set twice.
        assert!(one_time_of_arrival(
            <(SO_TIMESTAMP, SO_TIMESTAMP_OLD)>::OPTIONS
        ));
        assert!(!one_time_of_arrival(
            <(SO_TIMESTAMP_OLD, SO_TIMESTAMP_NEW)>::OPTIONS
        ));
        assert!(!one_time_of_arrival(
            <(SO_TIMESTAMPNS_NEW, IP_TTL, SO_TIMESTAMP)>::OPTIONS
        ));
        assert!(!one_time_of_arrival(
            <(SO_TIMESTAMPNS_OLD, SO_TIMESTAMPNS_NEW)>::OPTIONS
        ));
    }

    #[test]
    fn times_of_64_bits_come_first_on_32_bits() {
        let narrow = size_of::<usize>() == 4;
        for (either, new) in [
            (SO_TIMESTAMP::OPTION, SO_TIMESTAMP_NEW::OPTION),
            (SO_TIMESTAMPNS::OPTION, SO_TIMESTAMPNS_NEW::OPTION),
            (SO_TIMESTAMPING::OPTION, SO_TIMESTAMPING_NEW::OPTION),
        ] {
            let new = new.unwrap().number;
            assert_eq!(either.unwrap().time64, narrow.then_some(new));
        }
    }
}
