//! Reads any bytes as a datagram of netlink messages.
//!
//! Every slice lies inside the datagram, every walk ends, and what was read can be written and read
//! again.
#![no_main]

use ancil::netlink::{Attributes, Body, Message, Reader, WriteError, Writer, nlmsg_space};
use libfuzzer_sys::fuzz_target;

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
            }
            Err(e) => {
                assert!(e.offset >= at && e.offset + 16 <= exact.len());
                failed = true;
            }
        }
    }
    walk(Attributes::new(&exact), &exact, 4);
});
