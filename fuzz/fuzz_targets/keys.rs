//! Looks for each message of the catalogue, and for sets of them, in any bytes.
//!
//! What is found is what a walk finds message by message, and C finds the same.
#![no_main]

use ancil::payload::{
    In6Pktinfo, InPktinfo, SockEeDataRfc4884, Timestamp, Timestamping, Tos, Ucred,
};
use ancil::{
    BadPayload, CATALOGUE, CatalogueEntry, Decoded, Error, IP_PKTINFO, IP_RECVERR, IP_TOS, IP_TTL,
    IPV6_HOPLIMIT, IPV6_PKTINFO, IPV6_RECVERR, IPV6_TCLASS, Key, Message, Payload, Raw, Reader,
    SCM_CREDENTIALS, SCM_PIDFD, SCM_RIGHTS, SCM_SECURITY, SCM_TXTIME, SO_MARK, SO_PRIORITY,
    SO_RXQ_OVFL, SO_TIMESTAMP, SO_TIMESTAMPING, SO_TIMESTAMPNS, UDP_GRO, UDP_SEGMENT, UpTo,
};
use ancil_fuzz::{c, parts};
use libfuzzer_sys::fuzz_target;

#[macro_use]
#[path = "../../tests/catalogue_columns.rs"]
mod catalogue_columns;

/// Returns what `Reader::get` promises: the value of the first message that has the key.
fn first<'a, K: Key>(bytes: &'a [u8], key: K) -> Result<Option<Decoded<'a, K>>, Error> {
    for step in Reader::new(bytes) {
        let raw = step?;
        if (raw.level, raw.ty) == (K::LEVEL, K::TYPE) || key.is(&raw) {
            return Ok(raw.get(key)?);
        }
    }
    Ok(None)
}

/// Asserts that a message is decoded by its key if and only if it is decoded as any message.
fn decoded<K: Key>(bytes: &[u8], key: K, name: &str) {
    // Several families have messages of the same number at level 0.
    let same = |row: &&CatalogueEntry| (row.level, row.ty) == (K::LEVEL, K::TYPE);
    let mut rows = CATALOGUE.iter().filter(same);
    let row = rows.clone().find(|row| row.name == name).or(rows.next());
    let family = row.expect("a row of the catalogue").family;
    for raw in Reader::new(bytes).flatten().filter(|raw| key.is(raw)) {
        let message = Message::parse(family, raw);
        let bad = matches!(message, Message::BadPayload { .. });
        assert_eq!(raw.get(key).is_err(), bad, "{name}: {message:?}");
        assert!(!matches!(message, Message::Unknown(_)), "{name}");
    }
}

/// Looks for every key of the catalogue.
macro_rules! every_key {
    ($($NAME:ident $Variant:ident;)+) => {
        fn every_key(bytes: &[u8]) {
            $(
                match (Reader::new(bytes).get(ancil::$NAME), first(bytes, ancil::$NAME)) {
                    (Ok(None), Ok(None)) => {}
                    // Debug output, because some values are iterators without equality.
                    (found, expected) => assert_eq!(format!("{found:?}"), format!("{expected:?}")),
                }
                decoded(bytes, ancil::$NAME, stringify!($NAME));
            )+
        }
    };
}
catalogue!(keys_of every_key;);

/// Returns where an error is.
fn offset(e: &Error) -> usize {
    match e {
        Error::Malformed(e) => e.offset,
        Error::BadPayload(e) => e.offset,
        e => panic!("not an error of a reader: {e}"),
    }
}

/// Decodes a message by a key that need not be a value.
fn decode<'a, K: Key>(raw: &Raw<'a>) -> Result<Decoded<'a, K>, Error> {
    let Raw {
        level,
        ty,
        offset,
        data,
    } = *raw;
    let len = data.len();
    K::Payload::decode(data).map_err(|cause| {
        BadPayload {
            level,
            ty,
            offset,
            len,
            cause,
        }
        .into()
    })
}

/// Returns the value of one key of a set, and adds an error to those of the others.
fn value<'a, K: Key>(bytes: &'a [u8], errors: &mut Vec<Error>) -> Option<Decoded<'a, K>> {
    let mut whole = Reader::new(bytes).flatten();
    let first = whole.find(|raw| K::matches(raw.level, raw.ty))?;
    decode::<K>(&first).map_err(|e| errors.push(e)).ok()
}

/// Returns the first value that can be decoded.
fn lossy<'a, K: Key>(reader: Reader<'a>) -> Option<Decoded<'a, K>> {
    let mut same = reader.flatten().filter(|raw| K::matches(raw.level, raw.ty));
    same.find_map(|raw| decode::<K>(&raw).ok())
}

/// Compares a set of keys with what is found key by key.
macro_rules! set {
    ($bytes:ident: $($K:ty),+) => {{
        let bytes = $bytes;
        let malformed = Reader::new(bytes).filter_map(Result::err).map(Error::from);
        let mut errors: Vec<_> = malformed.collect();
        let expected = ($(value::<$K>(bytes, &mut errors),)+);
        let earliest = errors.into_iter().min_by_key(offset);
        let expected = earliest.map_or(Ok(expected), Err);
        assert_eq!(Reader::new(bytes).get_all::<($($K,)+)>(), expected);
        for reader in [Reader::new(bytes), Reader::new(bytes).lenient()] {
            let expected = ($(lossy::<$K>(reader.clone()),)+);
            assert_eq!(reader.get_all_lossy::<($($K,)+)>(), expected);
        }
    }};
}

fn sets(bytes: &[u8]) {
    set!(bytes: IP_TTL);
    set!(bytes: UpTo<SCM_RIGHTS, 4>, SCM_CREDENTIALS);
    set!(bytes: SO_TIMESTAMPNS, UDP_GRO, IP_PKTINFO, IP_TOS);
    set!(bytes: SO_TIMESTAMP, SO_TIMESTAMPING, IPV6_PKTINFO, SCM_PIDFD, UpTo<SCM_SECURITY, 9>);
    set!(bytes: IP_TOS, IP_TTL, IPV6_TCLASS, IPV6_HOPLIMIT, SO_RXQ_OVFL, SO_MARK, SO_PRIORITY,
        UDP_SEGMENT, SCM_TXTIME, IP_PKTINFO, IPV6_PKTINFO, SO_TIMESTAMPNS);
}

/// Asserts that the getters of C say what the keys say.
fn in_c(raw: Raw<'_>) {
    let alone = Raw::new(raw.level, raw.ty, raw.data);
    assert_eq!((alone.data, alone.offset), (raw.data, 0));
    let (data, len) = parts(raw.data);
    let m = c::Message {
        level: raw.level,
        ty: raw.ty,
        data,
        len,
    };
    // SAFETY: the message is that of a slice, and the functions write to the other arguments.
    unsafe {
        let mut int = 7;
        let expected = match raw.data {
            _ if (raw.level, raw.ty) != (IP_TOS::LEVEL, IP_TOS::TYPE) => (0, 7),
            data => Tos::decode(data).map_or((-74, 7), |value| (1, value)),
        };
        let status = c::ancil_get_int(&m, IP_TOS::LEVEL, IP_TOS::TYPE, &mut int);
        assert_eq!((status, int), expected);

        let none = Ucred {
            pid: 7,
            uid: 7,
            gid: 7,
        };
        let mut from = none;
        let found = raw.get(SCM_CREDENTIALS);
        assert_eq!(c::ancil_get_credentials(&m, &mut from), status_of(&found));
        assert_eq!(from, found.ok().flatten().unwrap_or(none));

        let (mut v4, mut v6) = (InPktinfo::default(), In6Pktinfo::default());
        let (found, found6) = (raw.get(IP_PKTINFO), raw.get(IPV6_PKTINFO));
        let status = c::ancil_get_pktinfo(&m, &mut v4);
        assert_eq!(status, status_of(&found));
        assert_eq!(v4, found.ok().flatten().unwrap_or_default());
        let status = c::ancil_get_pktinfo6(&m, &mut v6);
        assert_eq!(status, status_of(&found6));
        assert_eq!(v6, found6.ok().flatten().unwrap_or_default());

        let mut times = [c::Time::default(); 3];
        let status = c::ancil_get_timestamping(&m, &mut times);
        if let Ok(Some(Timestamping::Times(found))) = raw.get(SO_TIMESTAMPING) {
            let all = [found.software, found.transformed, found.hardware];
            let nanoseconds = |time: Option<Timestamp>| time.unwrap_or_default().nanoseconds;
            assert_eq!(
                (status, times.map(|time| time.nanoseconds)),
                (1, all.map(nanoseconds))
            );
        } else {
            assert!(status != 1 && times == [c::Time::default(); 3]);
        }

        let (mut seconds, mut nanoseconds) = (0, 0);
        let status = c::ancil_get_timestamp(&m, &mut seconds, &mut nanoseconds);
        let found = raw.get(SO_TIMESTAMPNS).and_then(|time| match time {
            None => raw.get(SO_TIMESTAMP),
            some => Ok(some),
        });
        if raw.get(SO_TIMESTAMPING) == Ok(None) {
            assert_eq!(status, status_of(&found));
            let time = found.ok().flatten().unwrap_or_default();
            assert_eq!((seconds, nanoseconds), (time.seconds, time.nanoseconds));
        }
        assert!(nanoseconds < 1_000_000_000);

        let mut report = c::Report::NONE;
        let (v4, v6) = (raw.get(IP_RECVERR), raw.get(IPV6_RECVERR));
        let status = c::ancil_get_error(&m, &mut report);
        if let Some(found) = v4.ok().flatten().or(v6.ok().flatten()) {
            assert_eq!((status, report.error as u32), (1, found.error.ee_errno));
            let offender = (report.offender as usize).wrapping_sub(raw.data.as_ptr() as usize);
            assert!(report.offender_len == 0 || offender + report.offender_len <= raw.data.len());
            let mut extension = SockEeDataRfc4884::default();
            let status = c::ancil_get_extension(&report, &mut extension);
            assert_eq!((status == 1).then_some(extension), found.error.rfc4884());
        }
    }
}

/// Returns what C returns for this result.
fn status_of<T, E>(found: &Result<Option<T>, E>) -> i32 {
    match found {
        Err(_) => -74, // -EBADMSG
        Ok(found) => found.is_some().into(),
    }
}

fuzz_target!(|bytes: &[u8]| {
    // An allocation of the exact size, so that the sanitizer notices a read past the end.
    // More messages than fit in so many bytes take long, and tell nothing new.
    let exact: Box<[u8]> = bytes[..bytes.len().min(400)].into();
    every_key(&exact);
    sets(&exact);
    for raw in Reader::new(&exact).flatten() {
        in_c(raw);
    }
});
