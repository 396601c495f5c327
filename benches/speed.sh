#!/usr/bin/env bash
# Prints docs/speed.md: what the headers for C cost, in instructions of user space (callgrind),
# beside the system's macros for the same job. Fails if it is more than the goals below.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v valgrind >/dev/null || { echo "speed.sh: needs valgrind" >&2; exit 1; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
instructions() { # PROGRAM JOB TIMES
    "$tmp/$1" "$2" 10 || { echo "speed.sh: $1 $2 does not do its job" >&2; exit 1; }
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$tmp/$1" "$2" "$3" 2>&1 |
        sed -n 's/.*Collected : //p'
}
broken=0
count() { # PROGRAM JOB PERCENT: prints a cell, and sets `broken` if it is more than the system's
    local count=$((($(instructions "$1" "$2" 2000) - $(instructions "$1" "$2" 1000)) / 1000))
    if [ "$1" = system ]; then
        system=$count
        printf ' %d |' "$count"
    else
        awk "BEGIN { printf \" %d (%.2f) |\", $count, $count / $system }"
        [ $((count * 100)) -le $((system * $3)) ] || broken=1
    fi
}
cat <<'EOF'
# What the C headers cost

Instructions in user space for one job, with the ratio to the system's macros. `benches/speed.sh`
prints this page. It fails if a ratio is over its goal. For the drop-in, that is 1.00 with gcc and
1.05 with clang, and 1.05 for writing. For `ancil/inline.h`, it is 1.05 for the walk, 1.10 for the
QUIC packet, and for three messages 1.80 with gcc and 1.00 with clang.

The macros check no length of a message; `ancil/inline.h` checks each. To write three messages, the
program with the macros zeroes the buffer first, since `CMSG_NXTHDR` needs that before glibc 2.37
and padding must not leak memory. Compilers do not know the lengths that are written.

EOF
echo "Machine: $(uname -m), $(gcc --version | head -1), $(clang --version | head -1)," \
    "$(ldd --version | head -1)."
for job in "walk over 8 messages:100:105:105:105" "write 3 messages:105:105:180:100" \
    "decode 4 messages of a QUIC packet:100:105:110:110"; do
    IFS=: read -r name dropin_gcc dropin_clang inline_gcc inline_clang <<<"$job"
    letter=${name:0:1}
    [ "$letter" = d ] && letter=q
    [ "$name" = "write 3 messages" ] && letter=p
    printf '\n| %s | macros | drop-in | inline.h |\n| --- | --- | --- | --- |\n' "$name"
    for cc in gcc clang; do
        for level in -O2 -Os; do
            "$cc" $level benches/c/messages.c -o "$tmp/system"
            "$cc" $level -Iinclude/ancil/dropin benches/c/messages.c -o "$tmp/dropin"
            "$cc" $level -DINLINE -Iinclude benches/c/messages.c -o "$tmp/inline"
            printf '| %s %s |' "$cc" $level
            count system $letter
            if [ $cc = gcc ]; then
                count dropin $letter "$dropin_gcc"
                count inline $letter "$inline_gcc"
            else
                count dropin $letter "$dropin_clang"
                count inline $letter "$inline_clang"
            fi
            echo
        done
    done
done
[ $broken = 0 ] || { echo "speed.sh: a ratio is over its goal" >&2; exit 1; }
