// SPDX-License-Identifier: MIT OR Apache-2.0
use super::*;
use std::string::String;

fn shown(value: impl Show) -> String {
    let mut text = String::new();
    value.show(&mut text).unwrap();
    text
}

#[test]
fn numbers_print_as_the_standard_library_does() {
    for n in [0, 1, 9, 10, -1, -10, i64::MAX, i64::MIN] {
        assert_eq!(shown(n), std::format!("{n}"));
    }
    assert_eq!(
        (shown(u64::MAX), shown(i32::MIN)),
        (std::format!("{}", u64::MAX), std::format!("{}", i32::MIN))
    );
    let mut text = String::new();
    [0, 0xb8, u64::MAX]
        .into_iter()
        .try_for_each(|n| text.hex(n))
        .unwrap();
    assert_eq!(text, "00xb80xffffffffffffffff");
    assert_eq!(shown([1u8, 2]), "[1, 2]");
    assert_eq!(
        (shown(Octets(&[])), shown(Octets(&[0x94, 4, 0]))),
        ("[]".into(), "[0x94, 0x4, 0]".into())
    );
}

#[test]
fn strings_can_be_read_back_by_c() {
    assert_eq!(shown(&b"label\0"[..]), r#""label\0""#);
    assert_eq!(
        shown(&b"\x001\x008\xff7\xffa"[..]),
        r#""\0001\08\3777\377a""#
    );
    assert_eq!(
        shown(&b"\"\\ ~\t\n\x0b\x0c\r\x7f\x1f"[..]),
        r#""\"\\ ~\t\n\v\f\r\177\37""#
    );
}
