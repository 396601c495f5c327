//! [`enable`] and [`disable`]: the socket options that switch control messages on and off.

use super::call::set_socket_option;
use super::fd::Fd;
use crate::error::Errno;
use crate::table::keys::{
    SO_TIMESTAMP_NEW, SO_TIMESTAMP_OLD, SO_TIMESTAMPNS_NEW, SO_TIMESTAMPNS_OLD,
};
use crate::wire::key::{Adjustable, Key};
use crate::wire::keys::Keys;
use crate::wire::option::{OptionValue, SocketOption};
use core::fmt;
use zerocopy::IntoBytes;

/// A socket option that could not be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OptionError {
    /// The option.
    pub option: SocketOption,
    /// The kernel's answer. ENOPROTOOPT: this kernel, or this kind of socket, does not have it.
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
        Self::new(Self::from(e.errno).kind(), e)
    }
}

/// Switches the messages of a key, or of a set of keys, on.
///
/// ```
/// use ancil::{IP_PKTINFO, IP_TTL, io};
///
/// let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
/// io::enable::<(IP_PKTINFO, IP_TTL)>(&socket)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A key without an option is skipped: `SCM_RIGHTS` arrives without one. `SO_TIMESTAMP` and
/// `SO_TIMESTAMPNS` switch each other off, so a set with both does not compile:
///
/// ```compile_fail,E0080
/// # let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
/// ancil::io::enable::<(ancil::SO_TIMESTAMP, ancil::SO_TIMESTAMPNS)>(&socket);
/// ```
///
/// Nor does one with an option that takes more than 0 and 1: see [`enable_with`].
///
/// # Errors
/// The first option that the kernel refused. Those of the keys before it stay on.
pub fn enable<'f, K: Keys>(socket: impl Into<Fd<'f>>) -> Result<(), OptionError> {
    enable_available::<K>(socket, Err)
}

/// Switches the messages of a key, or of a set of keys, on, as [`enable`] does, and hands each
/// option that is not available (ENOPROTOOPT) to `left_out`. If that returns an error, the others
/// are not tried.
///
/// ```
/// use ancil::{IP_TTL, SO_RXQ_OVFL, io};
///
/// let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
/// io::enable_available::<(IP_TTL, SO_RXQ_OVFL)>(&socket, |e| {
///     eprintln!("{} is not available", e.option.name);
///     Ok(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The error of `left_out`, or the first option that the kernel refused with another error.
pub fn enable_available<'f, K: Keys>(
    socket: impl Into<Fd<'f>>,
    mut left_out: impl FnMut(OptionError) -> Result<(), OptionError>,
) -> Result<(), OptionError> {
    const {
        assert!(any_option(K::OPTIONS), "no option switches these on");
        assert!(only_switches(K::OPTIONS), "use enable_with for this key");
        assert!(
            one_time_of_arrival(K::OPTIONS),
            "SO_TIMESTAMP and SO_TIMESTAMPNS switch each other off"
        );
    }
    let fd = socket.into();
    for option in K::OPTIONS.iter().flatten() {
        match set(fd, option, 1i32.as_bytes()) {
            Err(e) if e.errno == Errno::ENOPROTOOPT => left_out(e)?,
            result => result?,
        }
    }
    Ok(())
}

/// Switches the messages of a key on, whose option takes more than 0 and 1.
///
/// ```
/// use ancil::{SO_TIMESTAMPING, io, payload::TimestampingFlags};
///
/// let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
/// let flags = TimestampingFlags::RX_SOFTWARE | TimestampingFlags::SOFTWARE;
/// io::enable_with(&socket, SO_TIMESTAMPING, flags)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The option and the kernel's answer.
pub fn enable_with<'f, K: Adjustable>(
    socket: impl Into<Fd<'f>>,
    _: K,
    setting: K::Setting,
) -> Result<(), OptionError> {
    let option = const { K::OPTION.expect("an Adjustable key has an option") };
    set(socket.into(), &option, setting.as_bytes())
}

/// Switches the messages of a key, or of a set of keys, off.
///
/// Does not compile for an option that takes a struct.
///
/// # Errors
/// The first option that the kernel refused. Those of the keys before it are off.
pub fn disable<'f, K: Keys>(socket: impl Into<Fd<'f>>) -> Result<(), OptionError> {
    const {
        assert!(any_option(K::OPTIONS), "no option switches these off");
        assert!(only_ints(K::OPTIONS), "the option of this key has no off");
    }
    let fd = socket.into();
    for option in K::OPTIONS.iter().flatten() {
        set(fd, option, 0i32.as_bytes())?;
    }
    Ok(())
}

/// Sets the option, in the form with times of 64 bits if there is one and the kernel has it.
fn set(fd: Fd<'_>, option: &SocketOption, value: &[u8]) -> Result<(), OptionError> {
    let set = |number| set_socket_option(fd, option.level, number, value);
    let result = match option.time64.map(set) {
        None | Some(Err(Errno::ENOPROTOOPT)) => set(option.number),
        Some(result) => result,
    };
    result.map_err(|errno| OptionError {
        option: *option,
        errno,
    })
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
        if !matches!(option.value, OptionValue::Switch) {
            return false;
        }
    });
    true
}

const fn only_ints(options: &[Option<SocketOption>]) -> bool {
    for_each_option!(options, option => {
        if !matches!(option.value, OptionValue::Switch | OptionValue::Flags) {
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
