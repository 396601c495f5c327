#!/usr/bin/env bash
# Writes docs/speed.md and docs/speed.svg: the instructions that ancil and what a user would pick
# instead take for the same jobs. Fails if a goal is missed.
#
#     benches/run.sh          # counts instructions
#     benches/run.sh -t       # measures times, too, which needs a quiet machine
#
# Needs valgrind, gcc, clang, musl-dev and libmnl-dev.
set -euo pipefail
cd "$(dirname "$0")"
. ./count.sh

cargo build --quiet --release
CARGO_PROFILE_RELEASE_LTO=fat cargo build --quiet --release --target-dir target/lto
bench=target/release/ancil-benches
count $bench "$tmp/counts"
count target/lto/release/ancil-benches "$tmp/lto"
files=("$tmp/counts" "$tmp/lto")
if [ "${1:-}" = -t ]; then
    $bench time >"$tmp/times"
    files+=("$tmp/times")
fi
result=0
$bench report "${files[@]}" >"$tmp/page" || result=$?
[ -s "$tmp/page" ] || exit 1
{
    cat "$tmp/page"
    echo
    echo "Machine: $(uname -m), $(rustc --version), $(gcc --version | head -1)," \
        "$(clang --version | head -1), $(ldd --version | head -1)."
} >../docs/speed.md
cat ../docs/speed.md
exit $result
