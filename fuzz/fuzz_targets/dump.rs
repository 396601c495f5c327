//! Reads any text as the example `dump` does, and draws any buffer.
//!
//! A picture shows every byte once, in lines of 80 columns. What `DisplayControl` prints is read as
//! the bytes that it was printed from, or not at all.
#![no_main]

#[path = "../../examples/dump/bytes.rs"]
mod bytes;
#[path = "../../examples/dump/decoded.rs"]
mod decoded;
#[path = "../../examples/dump/encode.rs"]
mod encode;
#[path = "../../examples/dump/messages.rs"]
mod messages;
#[path = "../../examples/dump/picture.rs"]
mod picture;
#[path = "../../examples/dump/rebuilt.rs"]
mod rebuilt;
#[path = "../../examples/dump/sockets.rs"]
mod sockets;
#[path = "../../examples/dump/strace.rs"]
mod strace;
#[path = "../../examples/dump/svg.rs"]
mod svg;
#[path = "../../examples/dump/terminal.rs"]
mod terminal;
#[path = "../../examples/dump/text.rs"]
mod text;
#[path = "../../examples/dump/values.rs"]
mod values;

use ancil::{Abi, DisplayControl};
use decoded::Layout;
use libfuzzer_sys::fuzz_target;

/// Draws a buffer, and compares the bytes in the picture with it.
fn draw(shown: &[Option<u8>], layout: Layout, kind: u8) {
    let names = sockets::names();
    let name = names.split(' ').nth(kind.into());
    let socket = name.and_then(|name| Some((name, sockets::find(name)?)));
    let socket = socket.as_ref().map(|(name, socket)| (*name, socket));
    let picture = messages::describe(shown, layout, socket);
    let drawn = terminal::draw(&picture);
    assert!(drawn.is_ascii() && drawn.lines().all(|line| line.len() <= 80));
    let cells = drawn.lines().filter(|line| line.starts_with("0x"));
    let cells = cells.filter_map(|line| line.split(" | ").nth(1));
    let cells: Vec<_> = cells.flat_map(str::split_whitespace).collect();
    let cell = |byte: &Option<u8>| byte.map_or("??".into(), |byte| format!("{byte:02x}"));
    assert_eq!(cells, shown.iter().map(cell).collect::<Vec<_>>());
    assert!(svg::draw(&picture).ends_with("</svg>\n"));
}

fuzz_target!(|input: &[u8]| {
    let [text @ .., kind, family] = input else {
        return;
    };
    let family = [0, 2, 31, 36][usize::from(family % 4)];
    // Longer buffers have longer pictures, but no other ones.
    let text = &text[..text.len().min(600)];
    let fault = |fault: text::Fault| assert!(fault.within(text).starts_with("line "));
    if let Ok(bytes) = bytes::read(text).map_err(fault) {
        assert!(bytes.len() <= text.len());
    }
    for abi in [Abi::LINUX_32, Abi::LINUX_64] {
        let layout = Layout { abi, family };
        let shown: Vec<_> = text.iter().copied().map(Some).collect();
        draw(&shown, layout, *kind);
        let _ = strace::is_strace(text);
        if let Ok(shown) = strace::read(text, layout).map_err(fault) {
            draw(&shown[..shown.len().min(600)], layout, *kind);
        }
    }
    let layout = Layout {
        abi: Abi::NATIVE,
        family,
    };
    let printed = DisplayControl::new(text).family(family).to_string();
    let line = format!("{{msg_control={printed}, msg_controllen={}}}", text.len());
    if let Ok(shown) = strace::read(line.as_bytes(), layout) {
        assert_eq!(shown.len(), text.len());
        let mut pairs = shown.iter().zip(text);
        assert!(
            pairs.all(|(shown, byte)| shown.is_none_or(|shown| shown == *byte)),
            "{line}"
        );
    }
});
