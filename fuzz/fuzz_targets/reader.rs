//! Any bytes as a control buffer: every slice lies inside, every walk ends, everything prints.
#![no_main]

use ancil::{CmsgHdr, Message, Reader, Writer, message_name};
use libfuzzer_sys::fuzz_target;
use std::fmt::{self, Write};

const HEADER: usize = size_of::<CmsgHdr>();

/// Counts what is printed, and keeps nothing.
struct Count(usize);

impl Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

fn printed(args: fmt::Arguments<'_>) -> usize {
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
                    Message::Unknown(kept) => assert_eq!(kept, raw),
                    _ => assert!(message_name(raw.level, raw.ty).is_some()),
                }
                assert!(printed(format_args!("{message}")) > 0);
                assert!(printed(format_args!("{message:?} {raw:?}")) > 0);
                rewritten(raw.level, raw.ty, raw.data);
            }
            Err(e) => {
                assert!(e.offset >= earliest && e.offset + HEADER <= bytes.len());
                assert!(printed(format_args!("{e} {e:?}")) > 0);
                failed = true;
            }
        }
    }
    assert_eq!(reader.next(), None);
}

/// What was read can be written, and reads as the same again.
fn rewritten(level: i32, ty: i32, data: &[u8]) {
    let mut buffer = vec![0xaa; ancil::cmsg_space(data.len())];
    let mut writer = Writer::new(&mut buffer);
    writer.put_raw(level, ty, data).unwrap();
    let mut reader = Reader::new(writer.finish());
    let again = reader.next().unwrap().unwrap();
    assert_eq!((again.level, again.ty, again.data), (level, ty, data));
    assert_eq!(reader.next(), None);
}

fuzz_target!(|bytes: &[u8]| {
    // An allocation of exactly the size, so that the sanitizer sees a read of one byte too many, and
    // one byte later, so that nothing is aligned.
    let exact: Box<[u8]> = bytes.into();
    walk(&exact, Reader::new(&exact));
    walk(&exact, Reader::new(&exact).lenient());
    if let Some(odd) = exact.get(1..) {
        walk(odd, Reader::new(odd));
    }
});
