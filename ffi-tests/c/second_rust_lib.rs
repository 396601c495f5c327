//! Another library for C that was made with Rust, with std and panics, from tests/libraries.rs: it must get along with
//! ours in one program.

/// Twice as much, by way of the allocator and the formatter.
#[unsafe(no_mangle)]
pub extern "C" fn other_double(n: u32) -> u32 {
    format!("{}", n + n).parse().unwrap()
}
