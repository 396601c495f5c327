#!/usr/bin/env bash
# The deepest stack use of each public C function, in bytes. Writes the table of docs/stack.md to standard output.
#
#     benches/size/stack.sh        # needs llvm-readobj, and the cross compiler that ci/machines.sh installs
set -euo pipefail
shopt -s inherit_errexit # what fails in $(...) ends it
[ $# = 0 ] || { echo "stack.sh takes no arguments" >&2; exit 2; }
cd "$(dirname "$0")/../.."
work=target/stack-sizes
mkdir -p "$work"

table() { # MACHINE OBJDUMP CARGO-ARGUMENT...: BYTES NAME, sorted by name
    local machine=$1 objdump=$2 archive object
    shift 2
    archive=$(RUSTC_BOOTSTRAP=1 cargo rustc --quiet --target-dir "$work" --lib --profile capi --features capi \
        --crate-type staticlib --message-format json "$@" -- -Zemit-stack-sizes |
        grep -o '"[^"]*/libancil\.a"' | tr -d '"')
    object=$(ar t "$archive" | grep '^ancil.*\.o$')
    [ "$(wc -l <<<"$object")" = 1 ] || { echo "stack.sh: several objects in $archive: $object" >&2; exit 1; }
    ar p "$archive" "$object" >"$work/$machine.o"
    python3 benches/size/stack.py "$work/$machine.o" "$objdump" |
        awk '$1 == "?" { name = $2; sub(":", "", name); print name, "?"; next } { print $2, $1 }' | sort
}

table x86-64 objdump >"$work/x86-64"
export RUSTC=/usr/bin/rustc # it has the sources of `core`
table thumb2 arm-linux-gnueabihf-objdump --target thumbv7neon-unknown-linux-gnueabihf -Zbuild-std=core >"$work/thumb2"

cat <<'TEXT'
# Stack

The deepest stack use of each public C function, in bytes, on x86-64 and on ARM with thumb2: its own frame, all below
it, return addresses, the red zone of x86-64. At most 256: `cargo test -p ffi-tests --test stack` checks it on x86-64,
`ci/machines.sh armv7` on 32-bit ARM. Other machines are not checked; where an ABI asks for a large frame of every
function (s390x: 160 bytes) it does not hold.

No function calls itself or through a pointer, and no frame is of variable size, so these are bounds: a `?` would say
that there is none to be read. The library is as it ships, opt-level 2. Of what is not in it, memcpy and its kin and a
division that the machine has not, the return address counts alone. No callback of the caller's is called.

Made by `benches/size/stack.sh > docs/stack.md`, which fails over 256. The way to the deepest:
`benches/size/stack.py -v`, see there.

| function | x86-64 | thumb2 |
| --- | --- | --- |
TEXT
join -a 1 -a 2 -e '?' -o 0,1.2,2.2 "$work/x86-64" "$work/thumb2" | awk '
    { printf "| `%s` | %s | %s |\n", $1, $2, $3 }
    $2 == "?" || $3 == "?" || $2 > 256 || $3 > 256 {
        print "stack.sh: more than 256 bytes, or unknown: " $0 >"/dev/stderr"
        bad = 1
    }
    END { exit bad || NR == 0 }'
