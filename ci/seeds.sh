#!/usr/bin/env bash
# Fills fuzz/seeds, from which the fuzzers start, with what the tests exchange with the running
# kernel: control buffers, socket addresses, and datagrams of netlink. What is there is kept.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -std=gnu11 -O1 -Wall -Wextra -Werror -shared -fPIC -o "$work/record.so" ci/seeds/record.c -ldl
mkdir -p fuzz/seeds/{control,address,netlink}
runner=CARGO_TARGET_$(rustc -vV | sed -n 's/host: //p' | tr a-z- A-Z_)_RUNNER
# What a test that fails has exchanged is a seed as well.
env "$runner=env LD_PRELOAD=$work/record.so ANCIL_SEEDS=$PWD/fuzz/seeds" \
    cargo test --no-fail-fast -p ancil-tests --test kernel --test netlink >"$work/log" 2>&1 ||
    grep -E '^(test .*FAILED|error)' "$work/log"
find fuzz/seeds -type f | cut -d/ -f3 | sort | uniq -c
