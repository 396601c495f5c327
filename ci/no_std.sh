#!/usr/bin/env bash
# Builds the library for targets without std and without an operating system, which fails if
# anything in it needs one of the two. Uses Debian's rustc-web, whose sources of `core` are in
# rust-web-src.
#
#     ci/no_std.sh [TARGET...]        # default: x86_64-unknown-none
set -euo pipefail
cd "$(dirname "$0")/.."
RUSTC=/usr/bin/rustc
[ -x "$RUSTC" ] || {
    echo "no_std.sh: needs the Debian packages rustc-web, rust-web-src, libstd-rust-web-dev" >&2
    exit 1
}
export RUSTC RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=target/no_std
[ $# -gt 0 ] || set -- x86_64-unknown-none
for target in "$@"; do
    cargo build -Zbuild-std=core --lib --features capi --target "$target"
    cargo build -Zbuild-std=core --lib --target "$target"
    echo "no_std: $target builds"
done
