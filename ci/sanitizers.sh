#!/usr/bin/env bash
# Runs the tests of Rust under AddressSanitizer and under valgrind, which also reports bytes that
# are sent without having been initialised. Takes five minutes. Arguments choose: asan, valgrind.
#
# ffi-tests/tests/sanitizers.rs runs the C tests under the sanitizers of their compilers.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(rustc -vV | sed -n 's/^host: //p')
models="--test exhaustive --test iov_model --test properties --test netlink_properties \
    --test exthdr --test zerocopy_sends --test timestamps"

asan() {
    # Only a nightly compiler takes the flag, or one that takes itself for one.
    export RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address CARGO_TARGET_DIR=target/asan
    export ASAN_OPTIONS=detect_leaks=1
    cargo test --quiet --all-features --lib --target "$target"
    cargo test --quiet -p ancil-tests $models --test netlink --target "$target"
    # The sanitizer takes the length of a longer address, which the kernel reports, for written.
    cargo test --quiet -p ancil-tests --test kernel --target "$target" -- \
        --skip udp4::truncated_address
}

valgrind() {
    export CARGO_TARGET_DIR=target/valgrind
    local runner=CARGO_TARGET_${target//-/_}_RUNNER
    export "${runner^^}=valgrind --quiet --error-exitcode=9 --suppressions=$PWD/ci/valgrind.supp"
    cargo test --quiet --all-features --lib --target "$target"
    cargo test --quiet -p ancil-tests --test kernel --test netlink --target "$target"
}

for run in ${*:-asan valgrind}; do
    case $run in
        asan | valgrind) (set -e; "$run") ;;
        *) echo "sanitizers.sh: unknown: $run" >&2; exit 2 ;;
    esac
    echo "$run: no error"
done
