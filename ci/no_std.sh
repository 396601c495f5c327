#!/usr/bin/env bash
# Builds the library for machines that have no std and no operating system: if anything in it needed one,
# this would not compile. Uses Debian's rustc-web, whose sources of `core` are in rust-web-src.
set -euo pipefail
cd "$(dirname "$0")/.."
RUSTC=/usr/bin/rustc
[ -x "$RUSTC" ] ||
    { echo "no_std.sh: needs the Debian packages rustc-web, rust-web-src, libstd-rust-web-dev" >&2; exit 1; }
export RUSTC RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=target/no_std
[ $# -gt 0 ] || set -- x86_64-unknown-none
for target in "$@"; do
    cargo build -Zbuild-std=core --lib --features capi --target "$target"
    cargo build -Zbuild-std=core --lib --target "$target"
    echo "no_std: $target builds"
done
