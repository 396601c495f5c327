#!/usr/bin/env bash
# Measures what the call into the library costs in CMSG_NXTHDR: one step of a walk over 1, 3 and 16
# messages, in instructions (callgrind) and nanoseconds (the best of five runs), with the system's
# macros, with the drop-in, and with the drop-in if the linker optimises C and Rust together. The
# last one needs the clang and lld of rustc's LLVM version.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v valgrind >/dev/null || { echo "nxthdr.sh: needs valgrind" >&2; exit 1; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
llvm=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
dropin=-Iinclude/ancil/dropin
library() { # TARGET-FOLDER [RUSTC-ARGUMENT...]
    cargo rustc --quiet --target-dir "$1" --profile capi --features capi --crate-type staticlib \
        -- "${@:2}"
}
instructions() { # PROGRAM MESSAGES WALKS
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$tmp/$1" "$2" "$3" 2>&1 >/dev/null |
        sed -n 's/.*Collected : //p'
}
row() { # NAME PROGRAM
    printf '%-34s' "$1"
    for n in 1 3 16; do
        count=$(($(instructions "$2" $n 2000) - $(instructions "$2" $n 1000)))
        times=$((60000000 / n))
        time=$(for _ in 1 2 3 4 5; do "$tmp/$2" $n $times; done | sort -n | head -1)
        awk "BEGIN { printf \"%9.1f %6.2f\", $count / 1000 / $n, $time }"
    done
    echo
}
echo "                                      1 message       3 messages      16 messages"
echo "per message                         instr.     ns    instr.     ns    instr.     ns"
library target
for cc in gcc "clang-$llvm"; do
    command -v "$cc" >/dev/null || { echo "$cc is not installed"; continue; }
    "$cc" -O2 benches/c/nxthdr.c -o "$tmp/system"
    row "$cc, the system's macros" system
    "$cc" -O2 $dropin benches/c/nxthdr.c target/capi/libancil.a -o "$tmp/dropin"
    row "$cc, the drop-in" dropin
done
if command -v "clang-$llvm" >/dev/null && command -v "ld.lld-$llvm" >/dev/null; then
    CARGO_PROFILE_CAPI_LTO=off library target/lto -Clinker-plugin-lto
    # lld warns that clang and rustc write the target's name differently.
    "clang-$llvm" -O2 -flto=thin "-fuse-ld=lld-$llvm" -Wl,--no-warnings $dropin \
        benches/c/nxthdr.c target/lto/capi/libancil.a -o "$tmp/lto"
    row "clang-$llvm, the drop-in, LTO" lto
    calls() { objdump -d "$tmp/$1" | grep -c 'call.*<ancil_cmsg_next>' || true; }
    echo "calls of ancil_cmsg_next in the program: $(calls dropin), with LTO $(calls lto)"
else
    echo "LTO: needs clang-$llvm and lld-$llvm"
fi
