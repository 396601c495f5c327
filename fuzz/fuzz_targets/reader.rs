//! Reads any bytes as a control buffer.
//!
//! Every slice lies inside the buffer, every walk ends, and all that was read can be printed.
#![no_main]

use ancil::{
    Abi, CmsgHdr, Control, Error, Message, Raw, Reader, Writer, cmsg_data, cmsg_firsthdr,
    cmsg_nxthdr, message_name,
};
use ancil_fuzz::{c, parts, printed_len};
use libfuzzer_sys::fuzz_target;
use std::mem::take;

const HEADER: usize = size_of::<CmsgHdr>();

fn walk(bytes: &[u8], mut reader: Reader<'_>) {
    let (mut earliest, mut steps, mut failed) = (0, 0, false);
    for item in reader.by_ref() {
        steps += 1;
        assert!(!failed, "an error is the last item");
        assert!(steps <= bytes.len() / HEADER + 1);
        match item {
            Ok(raw) => {
                assert!(raw.offset >= earliest);
                let start = raw.data.as_ptr() as usize - bytes.as_ptr() as usize;
                assert_eq!(start, raw.offset + HEADER);
                earliest = start + raw.data.len();
                assert!(earliest <= bytes.len());
                let message = Message::from(raw);
                match message {
                    Message::Unknown(kept) => {
                        assert_eq!(kept, raw);
                        assert_eq!(message_name(raw.level, raw.ty), None);
                    }
                    Message::BadPayload { raw: kept, error } => {
                        assert_eq!(kept, raw);
                        assert!(printed_len(format_args!("{error}")) > 0);
                    }
                    _ => assert!(message_name(raw.level, raw.ty).is_some()),
                }
                assert!(printed_len(format_args!("{message}")) > 0);
                assert!(printed_len(format_args!("{message:?} {raw:?}")) > 0);
                rewrite(raw.level, raw.ty, raw.data);
            }
            Err(e) => {
                assert!(e.offset >= earliest && e.offset + HEADER <= bytes.len());
                assert!(printed_len(format_args!("{e} {e:?}")) > 0);
                failed = true;
            }
        }
    }
    assert_eq!(reader.next(), None);
}

/// Asserts that a message can be written, and is the same when it is read again.
fn rewrite(level: i32, ty: i32, data: &[u8]) {
    let mut buffer = vec![0xaa; ancil::cmsg_space(data.len())];
    let mut writer = Writer::new(&mut buffer);
    // SAFETY: nobody sends this message.
    unsafe { writer.put_raw_unchecked(level, ty, data) }.unwrap();
    let mut reader = writer.finish().reader();
    let again = reader.next().unwrap().unwrap();
    assert_eq!((again.level, again.ty, again.data), (level, ty, data));
    assert_eq!(reader.next(), None);
}

/// Asserts that the C functions find the same messages, and that the arithmetic of the macros of
/// `<sys/socket.h>` leads to them.
fn walk_as_in_c(bytes: &[u8]) {
    let (data, len) = parts(bytes);
    let (mut reader, mut found) = (c::Reader::default(), c::Message::NONE);
    // SAFETY: the walk borrows `bytes`, which nobody writes.
    unsafe { c::ancil_reader_init(&mut reader, data, len) };
    let mut at = cmsg_firsthdr(len);
    let mut status = 0;
    for step in Reader::new(bytes) {
        // SAFETY: `reader` was set up above.
        let result = unsafe { c::ancil_reader_next(&mut reader, &mut found) };
        let Ok(raw) = step else {
            (at, status) = (None, -74); // -EBADMSG
            assert_eq!(result, status);
            break;
        };
        assert_eq!((result, found.level, found.ty), (1, raw.level, raw.ty));
        assert_eq!((found.data, found.len), parts(raw.data));
        let offset = at.expect("a header");
        assert_eq!(
            (offset, cmsg_data(offset)),
            (raw.offset, raw.offset + HEADER)
        );
        let cmsg_len = HEADER + raw.data.len();
        at = cmsg_nxthdr(offset, cmsg_len, len);
        // SAFETY: the function takes numbers.
        let next = unsafe { c::ancil_cmsg_next(offset, cmsg_len, len) };
        assert_eq!(at.unwrap_or(usize::MAX), next);
        assert_eq!(at, Abi::NATIVE.next(offset, cmsg_len, len));
        find_as_in_c(bytes, raw);
    }
    assert_eq!(at, None);
    // SAFETY: `reader` was set up above.
    let ended = unsafe {
        (
            c::ancil_reader_next(&mut reader, &mut found),
            c::ancil_reader_status(&reader),
        )
    };
    assert_eq!(ended, (0, status));
}

/// Asserts that C finds the first message of this level and type.
fn find_as_in_c(bytes: &[u8], like: Raw<'_>) {
    let mut same = Reader::new(bytes)
        .flatten()
        .filter(|raw| (raw.level, raw.ty) == (like.level, like.ty));
    let first = same.next().expect("the message itself");
    let ((data, len), mut found) = (parts(bytes), c::Message::NONE);
    // SAFETY: `data` and `len` are those of a slice.
    assert_eq!(
        unsafe { c::ancil_find(data, len, like.level, like.ty, &mut found) },
        1
    );
    assert_eq!((found.data, found.len), parts(first.data));
}

/// Asserts that bytes become a `Control` if they are messages that name neither descriptors nor
/// memory.
fn parse(bytes: &[u8]) {
    // Of RDS, only RDS_CMSG_RDMA_DEST and RDS_CMSG_ZCOPY_COOKIE hold no address.
    let names = |raw: &Raw<'_>| {
        (raw.level, raw.ty) == (1, 1) || raw.level == 276 && ![2, 12].contains(&raw.ty)
    };
    let mut steps = Reader::new(bytes);
    let problem = steps.find(|step| step.as_ref().map_or(true, names));
    match Control::parse(bytes) {
        Ok(control) => assert_eq!((problem, control.as_bytes()), (None, bytes)),
        Err(Error::Malformed(e)) => assert_eq!(problem, Some(Err(e))),
        Err(Error::Unborrowed(e)) => {
            let raw = problem
                .expect("a message")
                .expect("a message that names something");
            assert_eq!((e.level, e.ty, e.offset), (raw.level, raw.ty, raw.offset));
        }
        Err(e) => panic!("{e}"),
    }
}

/// Walks over the buffer as a program of each word size lays it out.
fn foreign(bytes: &[u8]) {
    let native = Reader::new(bytes).with_abi(Abi::NATIVE);
    assert!(native.eq(Reader::new(bytes)));
    for abi in [Abi::LINUX_32, Abi::LINUX_64] {
        let mut at = 0;
        let mut failed = false;
        for step in Reader::new(bytes).with_abi(abi) {
            assert!(!take(&mut failed), "an error is the last item");
            let offset = step.map_or_else(|e| e.offset, |raw| raw.offset);
            assert_eq!(offset, at);
            let Ok(raw) = step else {
                failed = true;
                continue;
            };
            assert_eq!(
                raw.data.as_ptr(),
                bytes[offset + abi.header_size()..].as_ptr()
            );
            at = offset + abi.cmsg_space(raw.data.len());
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    // An allocation of the exact size, so that the sanitizer notices a read past the end. The last
    // walk starts one byte later, so that nothing is aligned.
    let exact: Box<[u8]> = bytes.into();
    walk(&exact, Reader::new(&exact));
    walk(&exact, Reader::new(&exact).lenient());
    walk_as_in_c(&exact);
    parse(&exact);
    foreign(&exact);
    if let Some(odd) = exact.get(1..) {
        walk(odd, Reader::new(odd));
        walk_as_in_c(odd);
    }
});
