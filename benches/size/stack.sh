#!/usr/bin/env bash
# Determines the deepest stack use of each public C function, in bytes. Writes docs/stack.md to
# standard output. Takes no arguments. Needs llvm-readobj, and the cross compiler that
# ci/machines.sh installs.
set -euo pipefail
shopt -s inherit_errexit # a command that fails in $(...) ends the script
[ $# = 0 ] || { echo "stack.sh takes no arguments" >&2; exit 2; }
cd "$(dirname "$0")/../.."
work=target/stack-sizes
mkdir -p "$work"

table() { # MACHINE OBJDUMP CARGO-ARGUMENT...: prints NAME BYTES, sorted by name
    local machine=$1 objdump=$2 archive object
    shift 2
    archive=$(RUSTC_BOOTSTRAP=1 cargo rustc --quiet --target-dir "$work" --lib \
        --profile capi --features capi --crate-type staticlib --message-format json "$@" \
        -- -Zemit-stack-sizes |
        grep -o '"[^"]*/libancil\.a"' | tr -d '"')
    object=$(ar t "$archive" | grep '^ancil.*\.o$')
    [ "$(wc -l <<<"$object")" = 1 ] ||
        { echo "stack.sh: expected one object in $archive, found: $object" >&2; exit 1; }
    ar p "$archive" "$object" >"$work/$machine.o"
    python3 benches/size/stack.py "$work/$machine.o" "$objdump" |
        awk '$1 == "?" { name = $2; sub(":", "", name); print name, "?"; next }
            { print $2, $1 }' | sort
}

table x86-64 objdump >"$work/x86-64"
export RUSTC=/usr/bin/rustc # the sources of its `core` are installed
table thumb2 arm-linux-gnueabihf-objdump --target thumbv7neon-unknown-linux-gnueabihf \
    -Zbuild-std=core >"$work/thumb2"

cat <<'TEXT'
# Stack

The deepest stack use of each public C function, in bytes, on x86-64 and on ARM with thumb2: its
own frame, the frames of the functions that it calls, return addresses, and the red zone of
x86-64. No function takes more than its bound in `benches/size/stack-bounds.txt`: `cargo test -p
ffi-tests --test stack` checks that on x86-64, `ci/machines.sh armv7` on 32-bit ARM. Other
machines are not checked. The bounds do not hold where an ABI requires a large frame of every
function (160 bytes on s390x).

No function calls itself or calls through a pointer, and no frame has a variable size, so these
numbers are upper bounds; `?` stands for a stack use that cannot be determined. The library is
built as it ships, with opt-level 2. Functions outside the library (`memcpy` and its kin, and
divisions that the machine does not have) count with their return address only. The library calls
no functions of the caller's.

Made by `benches/size/stack.sh > docs/stack.md`, which fails if a function takes more than its
bound. `benches/size/stack.py -v` shows the deepest path of calls.

| function | bound | x86-64 | thumb2 |
| --- | --- | --- | --- |
TEXT
join -a 1 -a 2 -e '?' -o 0,1.2,2.2 "$work/x86-64" "$work/thumb2" | awk '
    NR == FNR { if ($1 != "#") { bounds[++n] = $1; prefixes[n] = $2 }; next }
    {
        bound = 0
        for (i = 1; i <= n; i++)
            if (index($1, prefixes[i]) == 1) bound = bounds[i]
        printf "| `%s` | %s | %s | %s |\n", $1, bound, $2, $3
        rows++
    }
    $2 == "?" || $3 == "?" || $2 > bound + 0 || $3 > bound + 0 {
        print "stack.sh: expected at most " bound " bytes, found: " $0 >"/dev/stderr"
        bad = 1
    }
    END { exit bad || rows == 0 }' benches/size/stack-bounds.txt -
