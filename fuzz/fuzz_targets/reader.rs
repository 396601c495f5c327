//! Reads any bytes as a control buffer.
//!
//! Every slice lies inside the buffer, every walk ends, and all that was read can be printed.
#![no_main]

use ancil::{CmsgHdr, Message, Reader, Writer, message_name};
use libfuzzer_sys::fuzz_target;
use std::fmt::{self, Write};

const HEADER: usize = size_of::<CmsgHdr>();

/// A writer that counts bytes and discards them.
struct Count(usize);

impl Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

/// Returns the length of a text without allocating it.
fn printed_len(args: fmt::Arguments<'_>) -> usize {
    let mut count = Count(0);
    count.write_fmt(args).expect("Count never fails");
    count.0
}

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

fuzz_target!(|bytes: &[u8]| {
    // An allocation of the exact size, so that the sanitizer notices a read past the end. The last
    // walk starts one byte later, so that nothing is aligned.
    let exact: Box<[u8]> = bytes.into();
    walk(&exact, Reader::new(&exact));
    walk(&exact, Reader::new(&exact).lenient());
    if let Some(odd) = exact.get(1..) {
        walk(odd, Reader::new(odd));
    }
});
