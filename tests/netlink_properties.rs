//! Properties of the netlink reader and writer, for arbitrary bytes and arbitrary trees of
//! attributes.

use ancil::netlink::{
    Attributes, Body, Message, NLA_F_NESTED, NLM_F_MULTI, NLMSG_DONE, NLMSG_ERROR, Nlmsghdr,
    Reader, WriteError, Writer,
};
use ancil::netlink::{nla_space, nlmsg_space};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use std::ops::Range;

/// An attribute to write: its type, without flags, and its content.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Leaf(u16, Vec<u8>),
    Nest(u16, Vec<Tree>),
}

/// A message to write: type, sequence number, a payload of a multiple of four bytes, and
/// attributes.
type Sent = (u16, u32, Vec<[u8; 4]>, Vec<Tree>);

fn tree() -> impl Strategy<Value = Tree> {
    let ty = || 1u16..100;
    let leaf = (ty(), vec(any::<u8>(), 0..20)).prop_map(|(ty, data)| Tree::Leaf(ty, data));
    leaf.prop_recursive(4, 30, 5, move |inner| {
        (ty(), vec(inner, 0..5)).prop_map(|(ty, all)| Tree::Nest(ty, all))
    })
}

fn sent() -> impl Strategy<Value = Sent> {
    (
        any::<u16>(),
        any::<u32>(),
        vec(any::<[u8; 4]>(), 0..4),
        vec(tree(), 0..5),
    )
}

/// Returns how many bytes an attribute takes, computed with `nla_space` alone.
fn space(tree: &Tree) -> usize {
    match tree {
        Tree::Leaf(_, data) => nla_space(data.len()),
        Tree::Nest(_, all) => nla_space(all.iter().map(space).sum()),
    }
}

fn write(body: &mut Body<'_>, tree: &Tree) -> Result<(), WriteError> {
    match tree {
        Tree::Leaf(ty, data) => body.attribute(*ty, &data[..]),
        Tree::Nest(ty, all) => body.nest(*ty, |nest| {
            all.iter().try_for_each(|tree| write(nest, tree))
        }),
    }
}

fn read(attributes: Attributes<'_>) -> Vec<Tree> {
    let one = |attribute: ancil::netlink::Attribute<'_>| match attribute.is_nested() {
        true => Tree::Nest(attribute.ty(), read(attribute.nested())),
        false => Tree::Leaf(attribute.ty(), attribute.data.to_vec()),
    };
    attributes
        .map(|attribute| one(attribute.unwrap()))
        .collect()
}

/// Checks that the slice `inside` lies in `whole`, and returns where.
fn range(inside: &[u8], whole: &[u8]) -> Range<usize> {
    let start = inside.as_ptr() as usize - whole.as_ptr() as usize;
    assert!(start <= whole.len() && inside.len() <= whole.len() - start);
    start..start + inside.len()
}

/// Walks over attributes of arbitrary bytes, and into each of them as if it were a nest.
fn check_attributes(attributes: Attributes<'_>, whole: &[u8], depth: usize) {
    let (mut steps, mut at, mut failed) = (0, attributes.offset(), false);
    let most = attributes.rest().len() / 4;
    for step in attributes {
        steps += 1;
        assert!(steps <= most && !failed);
        match step {
            Ok(attribute) => {
                let place = range(attribute.data, whole);
                assert!(attribute.offset >= at && place.start == attribute.offset + 4);
                at = place.end;
                _ = (
                    attribute.u8(),
                    attribute.u16(),
                    attribute.be32(),
                    attribute.u64(),
                    attribute.number(),
                );
                let string = attribute.string();
                let after = attribute.data.strip_prefix(string).unwrap();
                assert!(!string.contains(&0) && matches!(after, [] | [0, ..]));
                let padded: Vec<_> = attribute
                    .data
                    .iter()
                    .chain(&[0; 8])
                    .take(8)
                    .copied()
                    .collect();
                assert_eq!(attribute.get_lenient::<[u8; 8]>(), padded[..]);
                assert_eq!(attribute.u32().is_ok(), attribute.data.len() == 4);
                assert_eq!(
                    attributes.get(attribute.ty()).unwrap().unwrap().ty(),
                    attribute.ty()
                );
                if depth > 0 {
                    check_attributes(attribute.nested(), whole, depth - 1);
                }
            }
            Err(e) => {
                assert!(e.offset >= at && e.offset + 4 <= whole.len() && !e.to_string().is_empty());
                failed = true;
            }
        }
    }
}

fn check_message(message: &Message<'_>, whole: &[u8]) {
    assert_eq!(range(message.data, whole).start, message.offset + 16);
    for skip in [0, 1, 4, 16, usize::MAX] {
        check_attributes(message.attributes(skip), whole, 3);
    }
    match message.report() {
        Ok(Some(report)) => {
            range(report.payload, whole);
            check_attributes(report.attributes, whole, 1);
            _ = (report.text(), report.bad_attribute_offset());
        }
        Ok(None) => match message.header.nlmsg_type {
            NLMSG_DONE => assert_eq!(message.header.nlmsg_flags & NLM_F_MULTI, 0),
            ty => assert_ne!(ty, NLMSG_ERROR),
        },
        Err(e) => assert!(e.offset == message.offset && !e.to_string().is_empty()),
    }
}

/// Generates bytes that look like messages, with small lengths and many of netlink's own types.
fn messages() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        (0u32..60).boxed(),
        any::<u32>().boxed(),
        (0u32..4).prop_map(|n| n << 16 | 20).boxed()
    ];
    let piece = prop_oneof![
        3 => (16u32..60, 0u16..6, 0u16..0x400).prop_map(|(nlmsg_len, ty, flags)| {
            let header = Nlmsghdr { nlmsg_len, ..Nlmsghdr::new(ty, flags, 1) };
            ancil::zerocopy::IntoBytes::as_bytes(&header).to_vec()
        }),
        5 => word.prop_map(|word| word.to_ne_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..4),
    ];
    vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

fn config() -> Config {
    Config {
        cases: if cfg!(miri) { 4 } else { 512 },
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes_are_read_inside_the_buffer_and_to_an_end(bytes in messages(), odd in 0usize..4) {
        let whole = &bytes[odd.min(bytes.len())..];
        let (mut at, mut steps, mut failed) = (0, 0, false);
        let mut reader = Reader::new(whole);
        for step in reader.by_ref() {
            steps += 1;
            prop_assert!(steps <= whole.len() / 16 && !failed);
            match step {
                Ok(message) => {
                    prop_assert!(message.offset >= at);
                    at = range(message.data, whole).end;
                    check_message(&message, whole);
                }
                Err(e) => {
                    prop_assert!(e.offset >= at && e.offset + 16 <= whole.len());
                    prop_assert!(!e.to_string().is_empty());
                    failed = true;
                }
            }
        }
        prop_assert_eq!((reader.next(), reader.next()), (None, None));
        check_attributes(Attributes::new(whole), whole, 3);
    }

    #[test]
    fn what_is_written_is_read(all in vec(sent(), 0..5), spare in 0usize..9) {
        let needed = |(_, _, payload, trees): &Sent| {
            nlmsg_space(4 * payload.len() + trees.iter().map(space).sum::<usize>())
        };
        let size = all.iter().map(needed).sum::<usize>();
        let mut buffer = vec![0xaa; size + spare];
        let mut writer = Writer::new(&mut buffer);
        for (ty, seq, payload, trees) in &all {
            writer.message(Nlmsghdr::new(*ty, 1, *seq), |body| {
                body.put(&payload[..])?;
                trees.iter().try_for_each(|tree| write(body, tree))
            }).unwrap();
        }
        prop_assert_eq!(writer.finish().len(), size);
        prop_assert!(buffer[size..].iter().all(|&byte| byte == 0xaa));
        let mut messages = Reader::new(&buffer[..size]);
        for (ty, seq, payload, trees) in all {
            let message = messages.next().unwrap().unwrap();
            prop_assert_eq!((message.header.nlmsg_type, message.header.nlmsg_seq), (ty, seq));
            prop_assert_eq!(&message.data[..4 * payload.len()], payload.concat());
            prop_assert_eq!(read(message.attributes(4 * payload.len())), trees);
        }
        prop_assert_eq!(messages.next(), None);
    }

    /// When space runs out, only what did not fit is missing. The rest is as if the writer had not
    /// tried it.
    #[test]
    fn what_does_not_fit_leaves_no_trace(all in vec(sent(), 1..5), size in 0usize..300) {
        let (mut buffer, mut model) = (vec![0xaa; size], vec![0; size]);
        let mut kept = Vec::new();
        let mut writer = Writer::new(&mut buffer);
        for (ty, seq, payload, trees) in &all {
            let mut fitted = Vec::new();
            let done = writer.message(Nlmsghdr::new(*ty, 1, *seq), |body| {
                body.put(&payload[..])?;
                for tree in trees {
                    let (left, needed) = (body.left(), space(tree));
                    match write(body, tree) {
                        Ok(()) => fitted.push(tree.clone()),
                        Err(WriteError::NoSpace(_)) => {
                            assert!(needed > left && body.left() == left);
                        }
                        Err(e) => panic!("{e}"),
                    }
                }
                Ok(())
            });
            if done.is_ok() {
                kept.push((*ty, *seq, payload.clone(), fitted));
            }
        }
        let written = writer.finish();
        let mut writer = Writer::new(&mut model);
        for (ty, seq, payload, trees) in &kept {
            writer.message(Nlmsghdr::new(*ty, 1, *seq), |body| {
                body.put(&payload[..])?;
                trees.iter().try_for_each(|tree| write(body, tree))
            }).unwrap();
        }
        prop_assert_eq!(written, writer.finish());
    }
}

/// The writer sets the flag, and the reader does not count it as part of the type.
#[test]
fn a_nest_has_the_flag_nested() {
    let mut buffer = [0; 64];
    let mut writer = Writer::new(&mut buffer);
    writer
        .message(Nlmsghdr::new(16, 1, 1), |message| {
            message.nest(5, |_| Ok(()))
        })
        .unwrap();
    let nest = Reader::new(writer.finish())
        .next()
        .unwrap()
        .unwrap()
        .attributes(0)
        .next()
        .unwrap()
        .unwrap();
    assert_eq!(
        (nest.nla_type, nest.ty(), nest.data.len()),
        (NLA_F_NESTED | 5, 5, 0)
    );
}
