#!/usr/bin/env bash
# Runs under Miri what needs no system call: the unit tests, the models, the properties, and the
# harnesses for Kani. `cfg!(miri)` makes those smaller. Needs a nightly toolchain with the component
# miri. The second target has the other byte order, the third the other word size.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo +nightly miri --version
for target in x86_64-unknown-linux-gnu s390x-unknown-linux-gnu i686-unknown-linux-gnu; do
    miri() { cargo +nightly miri test --target "$target" "$@"; }
    miri --lib --features std,heapless,capi
    miri -p ancil-kani
    miri -p ancil-tests --test exhaustive --test iov_model --test properties \
        --test netlink_properties
done
