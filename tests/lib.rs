//! What the tests share: control messages that safe code cannot make. The tests need them to see
//! what the kernel answers, or to read them back without sending them.

use ancil::{Control, Fd};

/// Borrows descriptors by number, or numbers that are no descriptors. A test that sends open ones
/// must keep them open until they are sent.
pub fn fds(numbers: &[i32]) -> Vec<Fd<'static>> {
    let borrow = |&number| {
        // SAFETY: a descriptor that is not open, or that is closed too early, gives EBADF or names
        // another file. No memory depends on it, and the tests of this package close only their
        // own.
        unsafe { Fd::borrow_raw(number) }
    };
    numbers.iter().map(borrow).collect()
}

/// Takes any bytes as control messages. A test that sends them must know what they name.
pub fn any_control(bytes: &[u8]) -> Control<'_> {
    // SAFETY: the tests send descriptors of their own, numbers that are no descriptors, and no
    // messages that name memory.
    unsafe { Control::from_raw(bytes) }
}

/// Encodes messages that name descriptors or memory, which nobody sends.
pub fn encoded(messages: &[(i32, i32, &[u8])]) -> Vec<u8> {
    let space = messages
        .iter()
        .map(|(_, _, payload)| ancil::cmsg_space(payload.len()))
        .sum();
    let mut bytes = vec![0; space];
    let mut writer = ancil::Writer::new(&mut bytes);
    for &(level, ty, payload) in messages {
        // SAFETY: as in `any_control`.
        unsafe { writer.put_raw_unchecked(level, ty, payload) }.expect("there is space for all");
    }
    bytes
}

/// The code for nix and rustix. That for ancil, libc and socket2 is compiled with ancil.
#[cfg(doctest)]
#[cfg(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    target_arch = "riscv64"
))]
#[doc = include_str!("../docs/coming-from.md")]
pub struct ComingFrom;
