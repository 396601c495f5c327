//! Compares levels, types of messages, options, flags and other numbers.

use crate::{Found, trial};
use ancil::payload::TimestampingFlags;
use ancil::{CATALOGUE, Errno, MsgFlags, level};
use libtest_mimic::Trial;

#[macro_use]
#[path = "../../src/table/levels.rs"]
mod levels;

#[macro_use]
#[path = "../../src/addr/families.rs"]
mod families;

/// Stands in for a constant that a peer does not have.
#[derive(Clone, Copy)]
#[repr(i64)]
enum Absent {
    Here = i64::MIN,
}

/// Looks up what every peer has under each name.
///
/// The stand-ins are items of a module. A glob imports the peer's names into a function of that
/// module. The function's own scope is searched first, so that the peer's constant is found if
/// there is one, and the stand-in otherwise.
macro_rules! look_up {
    (@peer $label:literal $peer:path: $($NAME:ident)+) => {{
        #[allow(dead_code, non_upper_case_globals, unused_imports)]
        mod scope {
            use super::Absent;
            $( const $NAME: Absent = Absent::Here; )+
            #[allow(clippy::unnecessary_cast, deprecated)]
            pub fn values() -> &'static [i64] {
                use $peer::*;
                &[$( $NAME as i64 ),+]
            }
        }
        ($label, scope::values())
    }};
    ($($NAME:ident)+) => {{
        const NAMES: &[&str] = &[$( stringify!($NAME) ),+];
        let peers = [
            look_up!(@peer "libc" libc: $($NAME)+),
            look_up!(@peer "linux_raw_sys::general" linux_raw_sys::general: $($NAME)+),
            look_up!(@peer "linux_raw_sys::net" linux_raw_sys::net: $($NAME)+),
            look_up!(@peer "linux_raw_sys::netlink" linux_raw_sys::netlink: $($NAME)+),
            look_up!(@peer "linux_raw_sys::if_packet" linux_raw_sys::if_packet: $($NAME)+),
            look_up!(@peer "linux_raw_sys::vm_sockets" linux_raw_sys::vm_sockets: $($NAME)+),
        ];
        let there = |i: usize| {
            let each = peers.iter().map(move |(peer, values)| (*peer, values[i]));
            each.filter(|(_, value)| *value != Absent::Here as i64)
        };
        let all = NAMES.iter().enumerate();
        all.map(|(i, name)| (*name, there(i).collect())).collect::<Vec<(_, Found<i64>)>>()
    }};
}

/// One of our numbers, and what the peers have under its name.
struct Number {
    kind: &'static str,
    name: String,
    ours: i64,
    theirs: Found<i64>,
}

/// Compares our numbers under the names that the peers have instead of the kernel's: those of
/// options and protocols with the same number.
macro_rules! other_names {
    ($( $ours:ident: $theirs:ident; )+) => {
        const OTHER_NAMES: &[&str] = &[$( stringify!($ours) ),+];

        fn other_names() -> Vec<(&'static str, Found<i64>)> {
            let found = look_up!($($theirs)+).into_iter().map(|(_, found)| found);
            OTHER_NAMES.iter().copied().zip(found).collect()
        }
    };
}

// With 32 bits, the C library's time_t decides whether SO_TIMESTAMP is the old or the new option.
#[cfg(target_pointer_width = "64")]
other_names! {
    SO_TIMESTAMP_OLD: SO_TIMESTAMP;
    SO_TIMESTAMPNS_OLD: SO_TIMESTAMPNS;
    SO_TIMESTAMPING_OLD: SO_TIMESTAMPING;
    SCM_TXTIME: SO_TXTIME;
    SCM_WIFI_STATUS: SO_WIFI_STATUS;
    SCM_INQ: SO_INQ;
    IP_SCM_SECURITY: SCM_SECURITY;
    TCP_CM_INQ: TCP_INQ;
    SOL_IP: IPPROTO_IP;
    SOL_IPV6: IPPROTO_IPV6;
    SOL_TCP: IPPROTO_TCP;
    SOL_UDP: IPPROTO_UDP;
    SOL_SCTP: IPPROTO_SCTP;
}

#[cfg(not(target_pointer_width = "64"))]
other_names! {
    IP_SCM_SECURITY: SCM_SECURITY;
    TCP_CM_INQ: TCP_INQ;
    SOL_SCTP: IPPROTO_SCTP;
}

macro_rules! define_rows {
    ($($NAME:ident $Variant:ident;)+) => {
        fn rows() -> Vec<Number> {
            let ours: Vec<_> = CATALOGUE.iter().map(|row| row.ty.into()).collect();
            numbers("rows", look_up!($($NAME)+), &ours)
        }
    };
}

catalogue!(keys_of define_rows;);

macro_rules! define_options {
    ($($NAME:ident)+) => {
        /// Several messages can share one option, so each name is looked up by itself. Duplicates
        /// are then removed.
        fn options() -> Vec<Number> {
            let found = [$( look_up!($NAME) ),+].into_iter().flatten().collect();
            let ours = CATALOGUE.iter().filter_map(|row| Some(row.option?.number().into()));
            let mut all = numbers("options", found, &ours.collect::<Vec<_>>());
            all.sort_by(|a, b| a.name.cmp(&b.name));
            all.dedup_by(|a, b| (&a.name, a.ours) == (&b.name, b.ours));
            all
        }
    };
}

catalogue!(options_of define_options;);

macro_rules! levels_of {
    ($( $(#[$doc:meta])+ $NAME:ident = $number:literal $(on $family:ident)?; )+) => {
        fn levels() -> Vec<Number> {
            let ours = [i64::from(level::SOL_SOCKET), $( i64::from(level::$NAME) ),+];
            numbers("levels", look_up!(SOL_SOCKET $($NAME)+), &ours)
        }
    };
}

levels!(levels_of);

macro_rules! plain {
    ($kind:ident $found:ident, $ours:expr, $($NAME:ident)+) => {
        fn $kind() -> Vec<Number> {
            let $found = look_up!($($NAME)+);
            let ours = $ours;
            numbers(stringify!($kind), $found, &ours)
        }
    };
}

plain! {
    flags found, found.iter().map(|(name, _)| bits(name)).collect::<Vec<_>>(),
    MSG_OOB MSG_PEEK MSG_DONTROUTE MSG_TRYHARD MSG_CTRUNC MSG_PROBE MSG_TRUNC MSG_DONTWAIT MSG_EOR
    MSG_WAITALL MSG_FIN MSG_EOF MSG_SYN MSG_CONFIRM MSG_RST MSG_ERRQUEUE MSG_NOSIGNAL MSG_MORE
    MSG_NOTIFICATION MSG_WAITFORONE MSG_BATCH MSG_SOCK_DEVMEM MSG_ZEROCOPY MSG_FASTOPEN
    MSG_CMSG_CLOEXEC
}

plain! {
    timestamping found, {
        assert_eq!(found.len(), <TimestampingFlags as bitflags::Flags>::FLAGS.len());
        let ours = |(name, _): &(&str, _)| {
            let own_name = name.strip_prefix("SOF_TIMESTAMPING_");
            let flag = own_name.and_then(TimestampingFlags::from_name);
            flag.map_or(i64::MIN, |flag| flag.bits().into())
        };
        found.iter().map(ours).collect::<Vec<_>>()
    },
    SOF_TIMESTAMPING_TX_HARDWARE SOF_TIMESTAMPING_TX_SOFTWARE SOF_TIMESTAMPING_RX_HARDWARE
    SOF_TIMESTAMPING_RX_SOFTWARE SOF_TIMESTAMPING_SOFTWARE SOF_TIMESTAMPING_SYS_HARDWARE
    SOF_TIMESTAMPING_RAW_HARDWARE SOF_TIMESTAMPING_OPT_ID SOF_TIMESTAMPING_TX_SCHED
    SOF_TIMESTAMPING_TX_ACK SOF_TIMESTAMPING_OPT_CMSG SOF_TIMESTAMPING_OPT_TSONLY
    SOF_TIMESTAMPING_OPT_STATS SOF_TIMESTAMPING_OPT_PKTINFO SOF_TIMESTAMPING_OPT_TX_SWHW
    SOF_TIMESTAMPING_BIND_PHC SOF_TIMESTAMPING_OPT_ID_TCP SOF_TIMESTAMPING_OPT_RX_FILTER
    SOF_TIMESTAMPING_TX_COMPLETION
}

macro_rules! define_families {
    ($( $doc:literal $NAME:ident = $number:literal; )+) => {
        fn families() -> Vec<Number> {
            let ours = [$( i64::from(ancil::addr::$NAME) ),+];
            numbers("families", look_up!($($NAME)+), &ours)
        }
    };
}

families!(define_families);

plain! {
    errors found, found.iter().map(|(name, _)| error(name)).collect::<Vec<_>>(),
    EPERM ENOENT ESRCH EINTR EIO ENXIO EBADF EAGAIN ENOMEM EACCES EFAULT EBUSY EEXIST ENODEV EINVAL
    ENFILE EMFILE ENOSPC EPIPE ERANGE ENOSYS ENOMSG ENODATA EPROTO EBADMSG EOVERFLOW ENOTSOCK
    EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT EOPNOTSUPP EAFNOSUPPORT EADDRINUSE
    EADDRNOTAVAIL ENETDOWN ENETUNREACH ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ETOOMANYREFS
    ETIMEDOUT ECONNREFUSED EHOSTUNREACH EINPROGRESS
}

plain! {
    limits found, [ancil::limits::UIO_MAXIOV as i64],
    UIO_MAXIOV
}

macro_rules! netlink {
    ($($NAME:ident)+) => {
        fn netlink() -> Vec<Number> {
            let ours = [$( i64::from(ancil::netlink::$NAME) ),+];
            numbers("netlink", look_up!($($NAME)+), &ours)
        }
    };
}

// NLA_TYPE_MASK is left out: the kernel's is an int, in which the bits above a type are set, too.
netlink! {
    NETLINK_ROUTE NETLINK_SOCK_DIAG NETLINK_XFRM NETLINK_AUDIT NETLINK_CONNECTOR NETLINK_NETFILTER
    NETLINK_KOBJECT_UEVENT NETLINK_GENERIC NETLINK_ADD_MEMBERSHIP NETLINK_DROP_MEMBERSHIP
    NETLINK_CAP_ACK NETLINK_EXT_ACK NETLINK_GET_STRICT_CHK NLMSG_NOOP NLMSG_ERROR NLMSG_DONE
    NLMSG_OVERRUN NLMSG_MIN_TYPE NLM_F_REQUEST NLM_F_MULTI NLM_F_ACK NLM_F_ECHO NLM_F_DUMP_INTR
    NLM_F_DUMP_FILTERED NLM_F_ROOT NLM_F_MATCH NLM_F_ATOMIC NLM_F_DUMP NLM_F_REPLACE NLM_F_EXCL
    NLM_F_CREATE NLM_F_APPEND NLM_F_NONREC NLM_F_BULK NLM_F_CAPPED NLM_F_ACK_TLVS NLMSGERR_ATTR_MSG
    NLMSGERR_ATTR_OFFS NLMSGERR_ATTR_COOKIE NLMSGERR_ATTR_POLICY NLMSGERR_ATTR_MISS_TYPE
    NLMSGERR_ATTR_MISS_NEST NLA_F_NESTED NLA_F_NET_BYTEORDER
}

fn numbers(
    kind: &'static str,
    found: Vec<(&'static str, Found<i64>)>,
    ours: &[i64],
) -> Vec<Number> {
    assert_eq!(found.len(), ours.len(), "{kind}");
    let number = |((name, theirs), ours): ((&str, _), &i64)| Number {
        kind,
        name: name.into(),
        ours: *ours,
        theirs,
    };
    let mut all: Vec<_> = found.into_iter().zip(ours).map(number).collect();
    for (name, theirs) in other_names() {
        if let Some(number) = all.iter_mut().find(|number| number.name == name) {
            number.theirs.extend(theirs);
        }
    }
    all
}

fn all() -> Vec<Number> {
    [
        rows(),
        options(),
        levels(),
        flags(),
        timestamping(),
        families(),
        errors(),
        limits(),
        netlink(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns the bits of our flag of this name, or `i64::MIN` if there is none.
fn bits(name: &str) -> i64 {
    MsgFlags::from_name(name).map_or(i64::MIN, |flag| flag.bits().into())
}

/// Returns the number of our error of this name, or `i64::MIN` if there is none.
fn error(name: &str) -> i64 {
    let named = |number: &i32| Errno(*number).name() == Some(name);
    (1..4096).find(named).map_or(i64::MIN, i64::from)
}

/// Checks that the names of errors written out above are all that we have.
fn every_error_is_looked_up() -> Result<(), libtest_mimic::Failed> {
    let (looked_up, named) = (
        errors(),
        (1..4096)
            .filter(|number| Errno(*number).name().is_some())
            .count(),
    );
    let unknown: Vec<_> = looked_up
        .iter()
        .filter(|n| n.ours == i64::MIN)
        .map(|n| &n.name)
        .collect();
    if looked_up.len() == named && unknown.is_empty() {
        Ok(())
    } else {
        let count = looked_up.len();
        Err(
            format!("{named} errors have a name, {count} are looked up; unknown: {unknown:?}")
                .into(),
        )
    }
}

/// Checks that the names of flags written out above are all that we have.
fn every_flag_is_looked_up() -> Result<(), libtest_mimic::Failed> {
    let looked_up = flags();
    let named = <MsgFlags as bitflags::Flags>::FLAGS;
    let missing: Vec<_> = named
        .iter()
        .map(|f| f.name())
        .filter(|f| !looked_up.iter().any(|n| n.name == *f))
        .collect();
    let unknown: Vec<_> = looked_up
        .iter()
        .filter(|n| n.ours == i64::MIN)
        .map(|n| &n.name)
        .collect();
    if missing.is_empty() && unknown.is_empty() {
        Ok(())
    } else {
        Err(format!("missing: {missing:?}, unknown: {unknown:?}").into())
    }
}

/// Checks that a name is found in each peer that has it, and only there.
fn looking_up_finds_what_is_there() -> Result<(), libtest_mimic::Failed> {
    let found = look_up!(SCM_RIGHTS SCM_NOBODY_HAS_THIS NETLINK_PKTINFO PACKET_AUXDATA);
    assert_eq!(found[0].1, [("libc", 1), ("linux_raw_sys::net", 1)]);
    assert_eq!(found[1].1, []);
    assert!(found[2].1.contains(&("linux_raw_sys::netlink", 3)));
    assert!(found[3].1.contains(&("linux_raw_sys::if_packet", 8)));
    Ok(())
}

pub fn trials() -> Vec<Trial> {
    let one = |Number {
                   kind,
                   name,
                   ours,
                   theirs,
               }: Number| {
        trial(format!("{kind}::{name}"), theirs, move |theirs| {
            (ours != *theirs).then(|| format!("{theirs}, here {ours}"))
        })
    };
    let mut trials: Vec<_> = all().into_iter().map(one).collect();
    trials.push(Trial::test(
        "errors::every_error_is_looked_up",
        every_error_is_looked_up,
    ));
    trials.push(Trial::test(
        "flags::every_flag_is_looked_up",
        every_flag_is_looked_up,
    ));
    trials.push(Trial::test(
        "looking_up_finds_what_is_there",
        looking_up_finds_what_is_there,
    ));
    trials
}

/// Names the numbers that no peer has.
pub fn unchecked() -> String {
    let all = all();
    let names: Vec<_> = all
        .iter()
        .filter(|n| n.theirs.is_empty())
        .map(|n| &*n.name)
        .collect();
    format!(
        "{} of {} numbers: {}",
        names.len(),
        all.len(),
        names.join(" ")
    )
}
