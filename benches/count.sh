#!/usr/bin/env bash
# Counts the instructions of each job with callgrind, including the functions that it calls. The
# first pass is left out.
set -euo pipefail
cd "$(dirname "$0")"
command -v valgrind >/dev/null || { echo "count.sh: needs valgrind" >&2; exit 1; }
cargo build --quiet --release --bin count
bin=$(cargo build --release --bin count --message-format json 2>/dev/null |
    grep -o '"executable":"[^"]*"' | cut -d'"' -f4)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for times in 1 2; do
    valgrind --tool=callgrind --callgrind-out-file="$tmp/$times" "$bin" "$times" >/dev/null 2>&1
    callgrind_annotate --inclusive=yes --threshold=100 "$tmp/$times" >"$tmp/$times.txt"
done
count() { # FUNCTION PASSES
    grep -E "ancil_benches::(iov|cmsg)::$1( |\$)" "$tmp/$2.txt" | head -1 |
        sed 's/^ *//; s/[ (].*//; s/,//g'
}
echo "instructions                  ancil        C      std"
row() { # JOB FUNCTION...
    printf '%-24s' "$1"
    shift
    for name in "$@"; do printf '%9d' $(($(count "$name" 2) - $(count "$name" 1))); done
    echo
}
row "encode 8 messages" encode encode_c
row "decode 8 messages" decode decode_c
row "gather 64 x 16" gather gather_c gather_std
row "scatter 64 x 16" scatter scatter_c scatter_std
