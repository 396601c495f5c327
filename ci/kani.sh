#!/usr/bin/env bash
# Runs the proof harnesses of tests/kani with Kani. Without Kani, only compiles what is for Kani
# alone, against an empty crate in its place; `cargo test` runs the harnesses with random values.
set -euo pipefail
cd "$(dirname "$0")/.."
if command -v cargo-kani >/dev/null; then
    exec cargo kani -p ancil-kani
fi
echo "kani.sh: Kani is not installed; nothing is proved, the harnesses are compiled only" >&2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
rustc --edition 2024 --crate-type proc-macro --crate-name kani_macros --out-dir "$tmp" - <<'RUST'
extern crate proc_macro;
use proc_macro::TokenStream;
#[proc_macro_attribute]
pub fn proof(_: TokenStream, function: TokenStream) -> TokenStream {
    "#[allow(dead_code)]".parse::<TokenStream>().unwrap().into_iter().chain(function).collect()
}
#[proc_macro_attribute]
pub fn unwind(iterations: TokenStream, function: TokenStream) -> TokenStream {
    iterations.to_string().parse::<u32>().expect("unwind takes a number");
    function
}
RUST
rustc --edition 2024 --crate-type rlib --crate-name kani --out-dir "$tmp" \
    --extern kani_macros="$(echo "$tmp"/*kani_macros.*)" - <<'RUST'
pub use kani_macros::{proof, unwind};
pub trait Arbitrary {}
impl Arbitrary for bool {}
impl Arbitrary for u8 {}
impl Arbitrary for usize {}
impl<T: Arbitrary, const N: usize> Arbitrary for [T; N] {}
pub fn any<T: Arbitrary>() -> T { unreachable!() }
pub fn assume(_: bool) {}
RUST
cargo rustc --quiet -p ancil-kani --lib -- --cfg kani --extern kani="$tmp/libkani.rlib" -L "$tmp" \
    -D warnings
