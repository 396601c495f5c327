//! Timestamps in both word sizes, old and new, decode to the same value, at every extreme.

use ancil::payload::{Timestamp, Timestamping, Timestamps};
use ancil::{BadPayload, Key, Lengths, PayloadError, Raw, SO_TIMESTAMPING};
use ancil::{SO_TIMESTAMP_NEW, SO_TIMESTAMP_OLD, SO_TIMESTAMPING_NEW, SO_TIMESTAMPING_OLD};
use ancil::{SO_TIMESTAMPNS_NEW, SO_TIMESTAMPNS_OLD};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

const SECONDS: [i64; 9] = [
    i64::MIN,
    i32::MIN as i64 - 1,
    i32::MIN as i64,
    -1,
    0,
    1,
    i32::MAX as i64,
    1 << 31,
    i64::MAX,
];
const FRACTIONS: [i64; 15] = [
    i64::MIN,
    i32::MIN as i64,
    -1,
    0,
    1,
    999_999,
    1_000_000,
    4_294_968, // times 1000 does not fit into 32 bits
    999_999_999,
    1_000_000_000,
    i32::MAX as i64,
    u32::MAX as i64,
    1 << 32, // would be 0 if cut to 32 bits
    (1 << 32) + 5,
    i64::MAX,
];

/// Returns the layout of two 64-bit words.
fn wide(seconds: i64, fraction: i64) -> Vec<u8> {
    [seconds.to_ne_bytes(), fraction.to_ne_bytes()].concat()
}

/// Returns the layout of two 32-bit words, or `None` if the value does not fit.
fn narrow(seconds: i64, fraction: i64) -> Option<Vec<u8>> {
    let (seconds, fraction) = (i32::try_from(seconds).ok()?, i32::try_from(fraction).ok()?);
    Some([seconds.to_ne_bytes(), fraction.to_ne_bytes()].concat())
}

/// Returns the expected value, computed with 128 bits. `unit` is the number of nanoseconds in one
/// unit of the fraction.
fn expected(seconds: i64, fraction: i64, unit: i128) -> Option<Timestamp> {
    let nanoseconds = fraction as i128 * unit;
    (0..1_000_000_000)
        .contains(&nanoseconds)
        .then_some(Timestamp {
            seconds,
            nanoseconds: nanoseconds as u32,
        })
}

fn get<K: Key>(key: K, data: &[u8]) -> Result<Option<Timestamp>, BadPayload>
where
    K::Payload: for<'a> ancil::Payload<Decoded<'a> = Timestamp>,
{
    // The payload is moved by one byte, because it need not be aligned.
    let shifted = [&[0xff], data].concat();
    Raw::new(K::LEVEL, K::TYPE, &shifted[1..]).get(key)
}

fn check_instant(seconds: i64, fraction: i64) {
    let layouts = [Some(wide(seconds, fraction)), narrow(seconds, fraction)];
    for data in layouts.iter().flatten() {
        let micro = [get(SO_TIMESTAMP_OLD, data), get(SO_TIMESTAMP_NEW, data)];
        let nano = [get(SO_TIMESTAMPNS_OLD, data), get(SO_TIMESTAMPNS_NEW, data)];
        let micro = micro.map(|got| (got, expected(seconds, fraction, 1000)));
        let nano = nano.map(|got| (got, expected(seconds, fraction, 1)));
        for (got, expected) in micro.into_iter().chain(nano) {
            match expected {
                Some(time) => assert_eq!(got, Ok(Some(time))),
                None => assert_eq!(
                    got.map_err(|e| (e.cause, e.len)),
                    Err((PayloadError::Value, data.len()))
                ),
            }
        }
    }
}

/// Checks that a slot of zeros decodes to `None`, and that the whole payload is an error if any of
/// the three slots is out of range.
fn check_three(slots: [(i64, i64); 3]) {
    let layouts: [Option<Vec<Vec<u8>>>; 2] = [
        slots.iter().map(|&(s, f)| Some(wide(s, f))).collect(),
        slots.iter().map(|&(s, f)| narrow(s, f)).collect(),
    ];
    let times: Option<Vec<_>> = slots.iter().map(|&(s, f)| expected(s, f, 1)).collect();
    let times = times.map(|all| {
        let [software, transformed, hardware] =
            [0, 1, 2].map(|i| Some(all[i]).filter(|&time| time != Timestamp::default()));
        Timestamping::Times(Timestamps {
            software,
            transformed,
            hardware,
        })
    });
    for data in layouts.into_iter().flatten().map(|parts| parts.concat()) {
        for ty in [SO_TIMESTAMPING_OLD::TYPE, SO_TIMESTAMPING_NEW::TYPE] {
            let got = Raw::new(SO_TIMESTAMPING::LEVEL, ty, &data).get(SO_TIMESTAMPING);
            assert_eq!(
                got.map_err(|e| e.cause),
                times.map(Some).ok_or(PayloadError::Value)
            );
        }
    }
}

#[test]
fn extremes_of_both_word_sizes() {
    for seconds in SECONDS {
        for fraction in FRACTIONS {
            check_instant(seconds, fraction);
            for place in 0..3 {
                let mut slots = [(0, 0); 3];
                slots[place] = (seconds, fraction);
                check_three(slots);
            }
        }
    }
}

#[test]
fn no_other_length_is_a_timestamp() {
    for len in (0..64).filter(|len| ![8, 16].contains(len)) {
        let cause = PayloadError::Length(Lengths::OneOf(8, 16));
        assert_eq!(
            get(SO_TIMESTAMP_OLD, &[0; 64][..len]).map_err(|e| e.cause),
            Err(cause)
        );
        assert_eq!(
            get(SO_TIMESTAMPNS_NEW, &[0; 64][..len]).map_err(|e| e.cause),
            Err(cause)
        );
    }
    for len in (0..64).filter(|len| ![4, 24, 48].contains(len)) {
        let raw = Raw::new(
            SO_TIMESTAMPING_NEW::LEVEL,
            SO_TIMESTAMPING_NEW::TYPE,
            &[0; 64][..len],
        );
        assert!(raw.get(SO_TIMESTAMPING_NEW).is_err(), "{len}");
    }
}

fn config() -> Config {
    Config {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..Config::default()
    }
}

/// Generates numbers of 64 bits, half of which also fit into 32.
fn number() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), any::<i32>().prop_map(i64::from)]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_instant(
        seconds in number(),
        fraction in prop_oneof![
            any::<i64>(),
            any::<i32>().prop_map(i64::from),
            0..1_000_000_000i64,
        ],
    ) {
        check_instant(seconds, fraction);
    }

    #[test]
    fn any_three_instants(slots in prop::array::uniform3((any::<i32>(), -1..1_000_000_001i64))) {
        check_three(slots.map(|(seconds, fraction)| (seconds.into(), fraction)));
    }
}
