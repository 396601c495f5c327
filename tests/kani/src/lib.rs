//! Proof harnesses for Kani: `cargo kani -p ancil-kani` checks each of them for every value of what
//! `any` returns, within the bounds that it names.
//!
//! `cargo test` runs the same functions with random values, so that they compile and hold where
//! Kani is not installed. That is a test, and no proof.
#![cfg(any(kani, test))]

/// Declares the harness of each function, with the number of iterations up to which Kani unrolls
/// its loops: one more than the most that it needs.
macro_rules! proofs {
    ($($function:ident: $iterations:literal,)+) => {
        mod proofs {
            $(
                #[cfg_attr(kani, kani::proof, kani::unwind($iterations))]
                #[cfg_attr(not(kani), test)]
                fn $function() {
                    crate::for_any(super::$function);
                }
            )+
        }
    };
}

mod compat;
mod iov;
#[cfg(not(kani))]
mod random;
mod wire;

#[cfg(kani)]
use kani::any;
#[cfg(not(kani))]
use random::any;

fn for_any(harness: fn()) {
    #[cfg(kani)]
    harness();
    #[cfg(not(kani))]
    for _ in 0..random::CASES {
        harness();
    }
}

/// Any bytes as a control buffer.
fn control<const N: usize>() -> [u8; N] {
    #[cfg(kani)]
    return any();
    #[cfg(not(kani))]
    random::control()
}

/// Any number up to `most`.
fn up_to(most: usize) -> usize {
    let n: usize = any();
    #[cfg(kani)]
    kani::assume(n <= most); // a division takes a solver long
    #[cfg(not(kani))]
    let n = n % (most + 1);
    n
}

/// The first bytes of `all`, any number of them.
fn front(all: &[u8]) -> &[u8] {
    &all[..up_to(all.len())]
}
