#!/usr/bin/env bash
# What ancil adds to a C program that links it statically, in bytes of code, of constants, of variables; beside it the same program with
# the libc's macros. Writes the table of docs/size.md to standard output.
#
#     benches/size/sizes.sh [MACHINE...]        # default: all; needs the cross compilers that ci/machines.sh installs
#     OPT_LEVEL=s benches/size/sizes.sh         # at another level of optimisation than the one that ships
set -euo pipefail
cd "$(dirname "$0")/../.."
here=benches/size
work=target/size
mkdir -p "$work"

# machine, target of rustc, C compiler and its flags
machines='thumb2 thumbv7neon-unknown-linux-gnueabihf arm-linux-gnueabihf-gcc -mthumb
arm armv7-unknown-linux-gnueabihf arm-linux-gnueabihf-gcc -marm
mips mips-unknown-linux-gnu mips-linux-gnu-gcc
riscv64 riscv64gc-unknown-linux-gnu riscv64-linux-gnu-gcc
x86-64 x86_64-unknown-linux-gnu gcc'
uses=(walk send receive typed format everything)
words=("walk a buffer" "send 2 descriptors" "receive 2 descriptors" "IP_PKTINFO and a timestamp" "print a buffer" "everything")

library() { # TARGET: builds it, prints its path
    local std=() toolchain=()
    if ! [ -d "$(rustc --print sysroot)/lib/rustlib/$1" ]; then
        std=(-Zbuild-std=core)
        toolchain=(RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1)
    fi
    env "${toolchain[@]}" CARGO_PROFILE_CAPI_OPT_LEVEL="${OPT_LEVEL:-3}" cargo rustc --quiet --target-dir "$work/build" \
        --profile capi --features capi --crate-type staticlib --target "$1" "${std[@]}" >&2
    echo "$work/build/$1/capi/libancil.a"
}

sections() { # FILE: code, constants, variables
    size -A "$1" | awk '
        $1 ~ /^\.text/ { code += $2 }
        $1 ~ /^\.(rodata|srodata|eh_frame|ARM\.ex|data\.rel\.ro)/ { constants += $2 }
        $1 ~ /^\.(data|bss|sdata|sbss|tdata|tbss)/ && $1 !~ /^\.data\.rel\.ro/ { variables += $2 }
        END { print code + 0, constants + 0, variables + 0 }'
}

# Links what the program keeps of its own code and of ancil, without the libc: in a whole program the alignment of the
# libc's functions moves every figure by up to 63 bytes.
measure() { # MODE USE
    "${compiler[@]}" -Os -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -Iinclude "-D$1" "-DUSE=$2" \
        -nostdlib -r -Wl,--gc-sections,--entry=main "${everything[@]}" "$here/use.c" "$archive" -o "$work/program"
    sections "$work/program"
}

echo "| machine | use | ancil: code | constants | variables | the macros: code | constants | variables |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- |"
while read -r machine target rest; do
    [ $# -eq 0 ] || [[ " $* " == *" $machine "* ]] || continue
    read -ra compiler <<<"$rest"
    archive=$(library "$target")
    everything=()
    read -r code constants variables <<<"$(measure NONE 0)"
    for use in "${!uses[@]}"; do
        everything=()
        if [ "${uses[$use]}" = everything ]; then
            while read -r symbol; do everything+=("-Wl,-u,$symbol"); done \
                < <(nm --defined-only "$archive" 2>/dev/null | awk '$2 == "T" && $3 ~ /^ancil_/ { print $3 }')
        fi
        read -r a b c <<<"$(measure ANCIL $((use + 1)))"
        row="| $machine | ${words[$use]} | $((a - code)) | $((b - constants)) | $((c - variables))"
        if [ "$use" -lt 4 ]; then
            read -r a b c <<<"$(measure MACROS $((use + 1)))"
            row+=" | $((a - code)) | $((b - constants)) | $((c - variables)) |"
        else
            row+=" | | | |"
        fi
        echo "$row"
    done
done <<<"$machines"
