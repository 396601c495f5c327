//! Another library for C written in Rust, with std and panics. tests/libraries.rs links it and
//! libancil into one program.

/// Doubles `n` by way of the allocator and the formatter, so that std is linked.
#[unsafe(no_mangle)]
pub extern "C" fn other_double(n: u32) -> u32 {
    format!("{}", n + n).parse().unwrap()
}
