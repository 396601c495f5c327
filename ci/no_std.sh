#!/usr/bin/env bash
# Builds the library for targets without Linux, most of them without std: this fails if anything in
# it needs one of the two. The features that need Linux must be refused with one sentence. Uses
# Debian's rustc-web, whose sources of `core` are in rust-web-src.
#
#     ci/no_std.sh [TARGET...]        # default: x86_64-unknown-none aarch64-apple-darwin
set -euo pipefail
cd "$(dirname "$0")/.."
RUSTC=/usr/bin/rustc
[ -x "$RUSTC" ] || {
    echo "no_std.sh: needs the Debian packages rustc-web, rust-web-src, libstd-rust-web-dev" >&2
    exit 1
}
export RUSTC RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=target/no_std
[ $# -gt 0 ] || set -- x86_64-unknown-none aarch64-apple-darwin
for target in "$@"; do
    cargo build -Zbuild-std=core --lib --features capi --target "$target"
    cargo build -Zbuild-std=core --lib --target "$target"
    errors=$(cargo build -Zbuild-std=core --lib --features std --target "$target" 2>&1 |
        grep '^error' | grep -v '^error: build script logged errors$' || true)
    case $errors in
        *$'\n'*) ;;
        "error: ancil@"*"the features \`libc\` and \`std\` need Linux"*)
            echo "no_std: $target builds, and refuses std"
            continue ;;
    esac
    printf 'no_std.sh: %s with std: expected one error, from build.rs, and found:\n%s\n' \
        "$target" "${errors:-none}" >&2
    exit 1
done
