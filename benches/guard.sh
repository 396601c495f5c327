#!/usr/bin/env bash
# Counts the instructions of core cases beside C or libc in the same run, and fails if one takes
# over 3 percent more than guard.txt says.
#
#     benches/guard.sh            # needs what run.sh needs
#     benches/guard.sh --update   # writes guard.txt anew
set -euo pipefail
cd "$(dirname "$0")"
. ./count.sh
# Without these, the libc takes the same memcpy and memcmp on every x86-64 machine.
export GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX2,-AVX,-ERMS,-FSRM

cargo build --quiet --release
count target/release/ancil-benches "$tmp/counts"
target/release/ancil-benches guard "$tmp/counts" "$@"
