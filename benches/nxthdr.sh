#!/usr/bin/env bash
# Measures one step of CMSG_NXTHDR in a walk over 1, 8 and 16 messages, in instructions (callgrind)
# and nanoseconds (the best of five runs), with the system's macros and with the drop-in. Fails if
# the drop-in takes more instructions than the system's macros with gcc, or 1.05 of them with clang.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v valgrind >/dev/null || { echo "nxthdr.sh: needs valgrind" >&2; exit 1; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
instructions() { # PROGRAM MESSAGES WALKS
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$tmp/$1" "$2" "$3" 2>&1 >/dev/null |
        sed -n 's/.*Collected : //p'
}
row() { # NAME PROGRAM: sets `count` to the instructions of 1000 walks over 16 messages
    printf '%-28s' "$1"
    for n in 1 8 16; do
        count=$(($(instructions "$2" $n 2000) - $(instructions "$2" $n 1000)))
        times=$((60000000 / n))
        time=$(for _ in 1 2 3 4 5; do "$tmp/$2" $n $times; done | sort -n | head -1)
        awk "BEGIN { printf \"%9.1f %6.2f\", $count / 1000 / $n, $time }"
    done
    echo
}
echo "                                1 message       8 messages      16 messages"
echo "per message                   instr.     ns    instr.     ns    instr.     ns"
broken=0
for cc in gcc clang; do
    command -v "$cc" >/dev/null || { echo "$cc is not installed"; continue; }
    for level in -O2 -Os; do
        "$cc" $level benches/c/nxthdr.c -o "$tmp/system"
        "$cc" $level -Iinclude/ancil/dropin benches/c/nxthdr.c -o "$tmp/dropin"
        row "$cc $level, the system's" system
        system=$count
        row "$cc $level, the drop-in" dropin
        percent=100
        [ $cc = gcc ] || percent=105
        [ $((count * 100)) -le $((system * percent)) ] || { echo "that is too much"; broken=1; }
    done
done
exit $broken
