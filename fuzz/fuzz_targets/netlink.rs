//! Reads any bytes as a datagram of netlink messages.
//!
//! Every slice lies inside the datagram, every walk ends, and what was read can be written and read
//! again. C reads and writes the same.
#![no_main]

use ancil::netlink::{
    Attribute, Attributes, Body, Message, Nlmsghdr, Reader, WriteError, Writer, nlmsg_space,
};
use ancil_fuzz::{assert_printed, c, parts};
use libfuzzer_sys::fuzz_target;
use std::ffi::CStr;

/// Returns where a slice begins in another one, which must contain it.
fn offset(inside: &[u8], whole: &[u8]) -> usize {
    let start = inside.as_ptr() as usize - whole.as_ptr() as usize;
    assert!(start + inside.len() <= whole.len());
    start
}

fn walk(attributes: Attributes<'_>, whole: &[u8], depth: usize) {
    let (mut at, mut failed) = (attributes.offset(), false);
    for step in attributes {
        assert!(!failed, "an error is the last item");
        match step {
            Ok(attribute) => {
                assert!(attribute.offset >= at);
                assert_eq!(offset(attribute.data, whole), attribute.offset + 4);
                at = attribute.offset + 4 + attribute.data.len();
                _ = (
                    attribute.u8(),
                    attribute.be16(),
                    attribute.u32(),
                    attribute.u64(),
                    attribute.get_lenient::<[u64; 2]>(),
                );
                assert!(attribute.data.starts_with(attribute.string()));
                if depth > 0 {
                    walk(attribute.nested(), whole, depth - 1);
                }
            }
            Err(e) => {
                assert!(e.offset >= at && e.offset + 4 <= whole.len());
                failed = true;
            }
        }
    }
}

/// Appends attributes to a message, and nested ones as nests, up to a depth.
fn copy(body: &mut Body<'_>, attributes: Attributes<'_>, depth: usize) -> Result<(), WriteError> {
    for attribute in attributes.map_while(Result::ok) {
        if attribute.is_nested() && depth > 0 {
            body.nest(attribute.nla_type, |nest| {
                copy(nest, attribute.nested(), depth - 1)
            })?;
        } else {
            body.attribute(attribute.nla_type, attribute.data)?;
        }
    }
    Ok(())
}

/// Asserts that the attributes are equal, and nested ones as well, up to a depth.
fn assert_same(a: Attributes<'_>, b: Attributes<'_>, depth: usize) {
    let (mut a, mut b) = (
        a.map_while(Result::ok),
        b.map(|attribute| attribute.expect("what was written")),
    );
    loop {
        match (a.next(), b.next()) {
            (Some(a), Some(b)) => {
                assert_eq!(a.nla_type, b.nla_type);
                if a.is_nested() && depth > 0 {
                    assert_same(a.nested(), b.nested(), depth - 1);
                } else {
                    assert_eq!(a.data, b.data);
                }
            }
            (None, None) => return,
            differ => panic!("{differ:?}"),
        }
    }
}

/// Asserts that a message can be written, and is the same when it is read again.
fn rewrite(message: Message<'_>) {
    const DEPTH: usize = 4;
    // As long as the original, and the padding of the last attribute of each nest, which it may
    // lack.
    let mut buffer = vec![0xaa; nlmsg_space(message.data.len()) + 4 * DEPTH + 4];
    let mut writer = Writer::new(&mut buffer);
    let done = writer.message(message.header, |body| {
        copy(body, message.attributes(0), DEPTH)
    });
    match done {
        Ok(()) => {
            let again = Reader::new(writer.finish())
                .next()
                .expect("a message")
                .expect("what was written");
            assert_same(message.attributes(0), again.attributes(0), DEPTH);
        }
        // A nest of nearly 64 KiB exceeds the maximum with that padding.
        Err(WriteError::TooLong { len }) => assert!(len > 65535 && message.data.len() > 65500),
        Err(e) => panic!("{e}"),
    }
}

/// -EBADMSG.
const BAD: i32 = -74;

/// Asserts that C finds the same messages, and their attributes after the front of 16 bytes.
fn messages_in_c(exact: &[u8]) {
    let (data, len) = parts(exact);
    let mut r = c::NlReader::default();
    let mut m = c::NlMessage::none();
    // SAFETY: `data` and `len` are those of a slice that outlives the walk.
    unsafe {
        for (n, status) in [(-5, -5), (len as isize + 1, -90)] {
            c::ancil_nl_reader_received(&mut r, data, len, n);
            let ended = c::ancil_nl_message_next(&mut r, &mut m);
            assert_eq!((ended, c::ancil_nl_reader_status(&r)), (0, status));
        }
        c::ancil_nl_reader_received(&mut r, data, len, len as isize);
        for step in Reader::new(exact) {
            let status = c::ancil_nl_message_next(&mut r, &mut m);
            let Ok(message) = step else {
                assert_eq!((status, c::ancil_nl_reader_status(&r)), (BAD, BAD));
                break;
            };
            assert_eq!((status, m.header), (1, message.header));
            assert_eq!((m.data, m.len), parts(message.data));
            message_in_c(&m, message);
            answer_in_c(exact, message.header.nlmsg_seq);
        }
        assert_eq!(c::ancil_nl_message_next(&mut r, &mut m), 0);
    }
}

fn message_in_c(m: &c::NlMessage, message: Message<'_>) {
    let (mut front, mut again) = ([7u8; 16], [7u8; 16]);
    let mut table = [c::NlAttr::NONE; 20];
    let (mut attrs, mut report) = (c::NlReader::default(), c::NlReport::default());
    // SAFETY: the arrays have these lengths, and the message is a slice.
    unsafe {
        let split = c::ancil_nl_message_split(m, front.as_mut_ptr().cast(), 16, &mut attrs);
        let to = again.as_mut_ptr().cast();
        let parsed = c::ancil_nl_message_parse(m, to, 16, table.as_mut_ptr(), table.len());
        let Some(expected) = message.data.first_chunk() else {
            assert_eq!((split, parsed, front, again), (BAD, BAD, [7; 16], [7; 16]));
            return;
        };
        assert_eq!((split, front), (0, *expected));
        let attributes = message.attributes(16);
        let whole = { attributes }.all(|step| step.is_ok());
        assert_eq!(parsed, if whole { 0 } else { BAD });
        assert_eq!(again, if whole { *expected } else { [7; 16] });
        check_table(&table, attributes, whole);
        attributes_in_c(&mut attrs, attributes);

        let status = c::ancil_nl_message_report(m, &mut report);
        match message.report() {
            Err(_) => assert_eq!(status, BAD),
            Ok(None) => assert_eq!(status, 0),
            Ok(Some(expected)) => {
                let error = expected.result.map_or_else(|e| e.0.wrapping_neg(), |()| 0);
                assert_eq!((status, report.error), (1, error));
                attributes_in_c(&mut report.attrs, expected.attributes);
            }
        }
    }
}

/// Asserts that a table has the first attribute of each type, or is unchanged.
fn check_table(table: &[c::NlAttr], attributes: Attributes<'_>, whole: bool) {
    for (ty, found) in table.iter().enumerate() {
        let mut same = attributes
            .flatten()
            .filter(|attribute| usize::from(attribute.ty()) == ty);
        match same.next().filter(|_| whole) {
            Some(attribute) => assert_eq!((found.data, found.len), parts(attribute.data)),
            None => assert!(found.data.is_null() && found.len == 0),
        }
    }
}

/// Asserts that C finds the same attributes from here on, and reads them as Rust does.
fn attributes_in_c(r: &mut c::NlReader, attributes: Attributes<'_>) {
    let mut a = c::NlAttr::NONE;
    let mut table = [c::NlAttr::NONE; 20];
    // SAFETY: the walk is over the bytes of `attributes`, and the table has its length.
    unsafe {
        let parsed = c::ancil_nl_attr_parse(r, table.as_mut_ptr(), table.len());
        check_table(&table, attributes, parsed == 0);
        for step in attributes {
            let ty = step.map_or(7, |attribute| attribute.ty());
            let status = c::ancil_nl_attr_find(r, ty, &mut a);
            assert_eq!(status, step.map_or(BAD, |_| 1));
            let status = c::ancil_nl_attr_next(r, &mut a);
            let Ok(attribute) = step else {
                assert_eq!(status, BAD);
                continue;
            };
            assert_eq!((status, a.ty, a.ty | a.flags), (1, ty, attribute.nla_type));
            assert_eq!((a.data, a.len), parts(attribute.data));
            attribute_in_c(&a, attribute);
        }
        assert_eq!(c::ancil_nl_attr_next(r, &mut a), 0);
    }
}

fn attribute_in_c(a: &c::NlAttr, attribute: Attribute<'_>) {
    let (mut got, mut copied) = ([7u8; 8], [7u8; 8]);
    let len = attribute.data.len();
    // SAFETY: the arrays have these lengths, and the attribute is a slice.
    unsafe {
        let status = c::ancil_nl_attr_get(a, got.as_mut_ptr().cast(), 8);
        let expected = attribute.u64().map(u64::to_ne_bytes);
        assert_eq!(
            (status, got),
            expected.map_or((BAD, [7; 8]), |bytes| (0, bytes))
        );
        assert_eq!(c::ancil_nl_attr_copy(a, copied.as_mut_ptr().cast(), 8), len);
        assert_eq!(Some(copied), Some(attribute.get_lenient::<[u8; 8]>()));
        let text = c::ancil_nl_attr_string(a);
        if attribute.data.contains(&0) {
            assert_eq!(CStr::from_ptr(text).to_bytes(), attribute.string());
        } else {
            assert!(text.is_null());
        }
    }
    assert_printed(attribute.string(), |out, size| {
        // SAFETY: `out` has room for `size` bytes, and the attribute is a slice.
        unsafe { c::ancil_nl_attr_copy_string(a, out, size) }
    });
}

/// Asserts that a walk over an answer yields messages of this number only, and ends.
fn answer_in_c(exact: &[u8], seq: u32) {
    let ((data, len), mut m) = (parts(exact), c::NlMessage::none());
    let mut r = c::NlReader::default();
    let mut expected = Reader::new(exact)
        .flatten()
        .filter(|m| m.header.nlmsg_seq == seq);
    // SAFETY: `data` and `len` are those of a slice that outlives the walk.
    unsafe {
        c::ancil_nl_reader_init(&mut r, data, len);
        while c::ancil_nl_answer_next(&mut r, seq, &mut m) == 1 {
            let expected = expected.next().expect("a message of this number");
            assert_eq!((m.data, m.len), parts(expected.data));
        }
        let next = expected.next().map(|m| (m.interrupted(), m.report()));
        assert!(
            !matches!(next, Some((false, Ok(None)))),
            "the walk ended too early"
        );
    }
}

/// Appends attributes in C, and nested ones as nests, up to a depth. Returns the last status.
fn copy_in_c(w: &mut c::NlWriter, attributes: Attributes<'_>, depth: usize) {
    for attribute in attributes.map_while(Result::ok) {
        let (data, len) = parts(attribute.data);
        // SAFETY: `data` and `len` are those of a slice.
        unsafe {
            if attribute.is_nested() && depth > 0 {
                c::ancil_nl_writer_nest_begin(w, attribute.nla_type);
                copy_in_c(w, attribute.nested(), depth - 1);
                c::ancil_nl_writer_nest_end(w);
            } else {
                c::ancil_nl_writer_attr(w, attribute.nla_type, data, len);
            }
        }
    }
}

/// Asserts that C writes the bytes that Rust writes, or has no room for them either.
fn write_in_c(message: Message<'_>, size: usize) {
    let Nlmsghdr {
        nlmsg_type,
        nlmsg_flags,
        nlmsg_seq,
        ..
    } = message.header;
    let mut expected = vec![0xaa; size].into_boxed_slice();
    let mut writer = Writer::new(&mut expected);
    let result = writer.message(Nlmsghdr::new(nlmsg_type, nlmsg_flags, nlmsg_seq), |body| {
        body.put(b"front")?;
        copy(body, message.attributes(0), 2)
    });
    let mut buf = vec![0xaa; size].into_boxed_slice();
    let mut w = c::NlWriter::default();
    // SAFETY: `buf` has `size` bytes, and the front has 5.
    let (status, len) = unsafe {
        c::ancil_nl_writer_init(&mut w, buf.as_mut_ptr().cast(), size);
        c::ancil_nl_writer_begin(&mut w, nlmsg_type, nlmsg_flags, nlmsg_seq);
        c::ancil_nl_writer_put(&mut w, b"front".as_ptr().cast(), 5);
        copy_in_c(&mut w, message.attributes(0), 2);
        (
            c::ancil_nl_writer_end(&mut w),
            c::ancil_nl_writer_finish(&w),
        )
    };
    let expected_status = match result {
        Ok(()) => 0,
        Err(WriteError::NoSpace(_)) => -105,
        Err(_) => -90,
    };
    assert_eq!(status, expected_status);
    assert_eq!(&buf[..len], writer.finish());
}

fuzz_target!(|bytes: &[u8]| {
    // An allocation of the exact size, so that the sanitizer notices a read past the end.
    let exact: Box<[u8]> = bytes.into();
    let (mut at, mut failed) = (0, false);
    for step in Reader::new(&exact) {
        assert!(!failed, "an error is the last item");
        match step {
            Ok(message) => {
                assert!(message.offset >= at);
                assert_eq!(offset(message.data, &exact), message.offset + 16);
                at = message.offset + 16 + message.data.len();
                walk(message.attributes(16), &exact, 4);
                if let Ok(Some(report)) = message.report() {
                    offset(report.payload, &exact);
                    walk(report.attributes, &exact, 1);
                    _ = (report.text(), report.bad_attribute_offset());
                }
                rewrite(message);
                for size in [0, 20, 40, nlmsg_space(message.data.len()) + 40] {
                    write_in_c(message, size);
                }
            }
            Err(e) => {
                assert!(e.offset >= at && e.offset + 16 <= exact.len());
                failed = true;
            }
        }
    }
    walk(Attributes::new(&exact), &exact, 4);
    messages_in_c(&exact);
});
