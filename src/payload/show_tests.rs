use super::*;
use std::string::String;

fn shown(value: impl Show) -> String {
    let mut text = String::new();
    value.show(&mut Out::new(&mut text)).unwrap();
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
    let mut out = Out::new(&mut text);
    [0, 0xb8, u64::MAX]
        .into_iter()
        .try_for_each(|n| out.hex(n))
        .unwrap();
    assert_eq!(text, "00xb80xffffffffffffffff");
    assert_eq!(shown([1u8, 2]), "[1, 2]");
    assert_eq!(
        (shown(Octets(&[])), shown(Octets(&[0x94, 4, 0]))),
        ("[]".into(), "[0x94, 0x4, 0]".into())
    );
}

/// By itself and, which is the same, by reference.
fn shown_as<T: Show>(value: T, form: Form) -> String {
    let (mut text, mut by_reference) = (String::new(), String::new());
    value.show_as(form, &mut Out::new(&mut text)).unwrap();
    <&T as Show>::show_as(&&value, form, &mut Out::new(&mut by_reference)).unwrap();
    assert_eq!(text, by_reference);
    text
}

#[test]
fn forms() {
    let at = crate::Timestamp {
        seconds: 7,
        nanoseconds: 5_000,
    };
    assert_eq!(
        (shown_as(-2i32, Form::Usual), shown_as(9u8, Form::Usual)),
        ("[-2]".into(), "[9]".into())
    );
    assert_eq!(shown_as(0xb8i32, Form::Bits), "[0xb8]");
    assert_eq!(shown_as(-1i32, Form::Unsigned), "[4294967295]");
    assert_eq!(shown_as(&[0x94u8, 4][..], Form::Octets), "[0x94, 0x4]");
    assert_eq!(shown_as(at, Form::Microseconds), "{tv_sec=7, tv_usec=5}");
    assert_eq!(shown_as(at, Form::Usual), "{tv_sec=7, tv_nsec=5000}");
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
