#!/usr/bin/env bash
# Measures what ancil adds to a C program that links it statically, and what the libc's macros add,
# in bytes of code, constants and variables; and what calls in Rust add, with rust.sh. Writes
# docs/size.md to standard output.
#
#     benches/size/sizes.sh [MACHINE...]        # default: all
#     OPT_LEVEL=s benches/size/sizes.sh         # another level of optimisation than the shipped one
#
# Needs the cross compilers that ci/machines.sh installs.
set -euo pipefail
shopt -s inherit_errexit # a command that fails in $(...) ends the script
cd "$(dirname "$0")/../.."
here=benches/size
level=${OPT_LEVEL:-2}
work=target/size/$level
mkdir -p "$work"

# Machine, rustc's target, C compiler and its flags.
machines='thumb2 thumbv7neon-unknown-linux-gnueabihf arm-linux-gnueabihf-gcc -mthumb
arm armv7-unknown-linux-gnueabihf arm-linux-gnueabihf-gcc -marm
mips mips-unknown-linux-gnu mips-linux-gnu-gcc
riscv64 riscv64gc-unknown-linux-gnu riscv64-linux-gnu-gcc
x86-64 x86_64-unknown-linux-gnu gcc'
words=("walk a buffer" "send 2 descriptors" "receive 2 descriptors" "IP_PKTINFO and a timestamp"
    "print a buffer" "everything")
with_macros=4 # the first four can be written with the macros
everything=6

asked=$*
names=$(cut -d' ' -f1 <<<"$machines" | paste -sd' ')
for machine in $asked; do
    [[ " $names " == *" $machine "* ]] ||
        { echo "sizes.sh: no machine $machine; there are: $names" >&2; exit 2; }
done
wanted() { [[ -z $asked || " $asked " == *" $1 "* ]]; } # MACHINE

library() { # TARGET COMPILER: builds the library, prints its path
    local cross=()
    [ "$1" = x86_64-unknown-linux-gnu ] || cross=("CROSS=$1" "CC=$2" RUSTC=/usr/bin/rustc)
    env CARGO_PROFILE_CAPI_OPT_LEVEL="$level" "${cross[@]}" \
        make -s OUT="$work/$1" "${cross[@]}" "$work/$1/libancil.a" >&2
    echo "$work/$1/libancil.a"
}

sections() { # FILE: prints the bytes of code, constants and variables
    size -A "$1" | awk '
        $1 ~ /^\.text/ { code += $2 }
        $1 ~ /^\.(rodata|srodata)/ { constants += $2 }
        $1 ~ /^\.(data|bss|sdata|sbss|tdata|tbss)/ { variables += $2 }
        END { print code + 0, constants + 0, variables + 0 }'
}

# Prints the sections of the program for a use, after unused sections were removed. It is linked
# without the libc, because the alignment of the libc's functions changes figures by up to 63 bytes.
measure() { # USE FLAG...
    local use=$1 roots=()
    shift
    rm -f "$work/program"
    if [ "$use" = $everything ]; then
        mapfile -t roots < <(nm --defined-only "$archive" | awk '$2 == "T" { print "-Wl,-u," $3 }')
    fi
    "${compiler[@]}" -Os -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables \
        -nostdlib "$@" -Iinclude "-DUSE=$use" -r -Wl,--gc-sections,--entry=main "${roots[@]}" \
        "$here/use.c" "$archive" -o "$work/program"
    sections "$work/program"
}

# Machine, use, drop-in or ancil's functions, maximum bytes beyond those of the libc's macros.
budgets='thumb2 1 dropin 60
thumb2 1 ancil 160
thumb2 2 ancil 600
thumb2 3 ancil 600
x86-64 6 ancil 81920'
declare -A size # of MACHINE USE WITH, in bytes
with_variables=()

cat <<TEXT
# Size

What control messages add to a C program, in bytes of code + bytes of constants. No program gains
a variable. Each use in \`benches/size/use.c\` is written with the \`CMSG_*\` macros, and
compiled with the libc's and with ancil's drop-in; and it is written with ancil's own functions.
The last two uses cannot be written with the macros. A figure counts the program's own code for
the use, and the part of the library that remains after linking: all of it for the use
"everything".

The library is built with opt-level $level (it ships with 2), the programs with \`-Os\`. arm and
thumb2 are ARMv7 with \`-marm\` and \`-mthumb\`. Unwind tables are not counted, because nothing
needs them at run time.

Made by \`benches/size/sizes.sh > docs/size.md\`, which fails if a budget is exceeded. The use of
stack is in [stack.md](stack.md).

TEXT
echo "| machine | use | the macros | the drop-in | ancil's functions |"
echo "| --- | --- | --- | --- | --- |"
while read -r machine target rest; do
    wanted "$machine" || continue
    read -ra compiler <<<"$rest"
    archive=$(library "$target" "${compiler[0]}")
    found=$(measure 0 -DNONE)
    read -r code constants variables <<<"$found"
    added() { # WITH FLAG...: prints code + constants, and variables if there are any
        local found a b c with=$1
        shift
        found=$(measure "$use" "$@")
        read -r a b c <<<"$found"
        size[$machine $use $with]=$((a - code + b - constants))
        printf ' | %d + %d' $((a - code)) $((b - constants))
        if [ "$c" != "$variables" ]; then
            with_variables+=("$machine: ${words[use - 1]}")
            printf ' + %d of variables' $((c - variables))
        fi
    }
    for use in 1 2 3 4 5 6; do
        printf '| %s | %s' "$machine" "${words[use - 1]}"
        if [ $use -le $with_macros ]; then
            added macros -DMACROS
            added dropin -DMACROS -Iinclude/ancil/dropin
        else
            printf ' | |'
        fi
        added ancil -DANCIL
        echo ' |'
    done
done <<<"$machines"

printf '\n%s\n\n' "The budgets, in bytes of code and constants beyond those of the macros:"
echo "| machine | use | with | budget | bytes |"
echo "| --- | --- | --- | --- | --- |"
broken=0
while read -r machine use with most; do
    wanted "$machine" || continue
    more=${size[$machine $use $with]}
    [ "$use" -gt $with_macros ] || more=$((more - ${size[$machine $use macros]}))
    echo "| $machine | ${words[use - 1]} | $with | $most | $more |"
    [ $more -le "$most" ] || {
        echo "sizes.sh: $machine: ${words[use - 1]}: $more bytes exceed the budget of $most" >&2
        broken=1
    }
done <<<"$budgets"
[ ${#with_variables[@]} -eq 0 ] || {
    printf 'sizes.sh: there are variables on %s\n' "${with_variables[@]}" >&2
    broken=1
}

. $here/rust.sh
exit $broken
