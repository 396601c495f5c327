#!/usr/bin/env bash
# Fills fuzz/seeds, from which the fuzzers start, with what the tests exchange with the running
# kernel: control buffers, socket addresses, and datagrams of netlink. What is there is kept.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -std=gnu11 -O1 -Wall -Wextra -Werror -shared -fPIC -o "$work/record.so" ci/seeds/record.c -ldl
for test in kernel netlink; do
    cargo test -q -p ancil-tests --test $test --no-run
    program=$(cargo test -p ancil-tests --test $test --no-run 2>&1 |
        sed -n 's/.*Executable .*(\(.*\))$/\1/p')
    mkdir -p fuzz/seeds/{control,address,netlink}
    # Some tests fail with it, such as those that look at the files that a new program has open.
    (cd tests && ANCIL_SEEDS=$PWD/../fuzz/seeds LD_PRELOAD=$work/record.so "$PWD/../$program" -q) \
        >"$work/log" 2>&1 || tail -n 5 "$work/log"
done
find fuzz/seeds -type f | cut -d/ -f3 | sort | uniq -c
