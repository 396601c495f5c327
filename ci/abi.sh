#!/bin/sh
# Compares the ABI of include/ancil.h with packaging/libancil.abi: functions, symbol versions,
# soname, and the layout of every struct of the header, on x86-64. With --update, writes that file
# anew. With --since TAG, compares with that file as the release TAG had it, and fails if something
# was removed or changed and the soname is the same. Needs abidw and abidiff (abigail-tools), a C
# compiler and make.
#
# The ABI is not read from libancil.so, whose debugging information is Rust's and changes with every
# rustc. It is read from a library that is made of the C header alone, with an empty body for each
# prototype. ffi-tests compare the real library with the header.
set -eu
cd "$(dirname "$0")/.."
abi=packaging/libancil.abi
for tool in abidw abidiff; do
    command -v $tool >/dev/null ||
        { echo "abi.sh: needs $tool, of the package abigail-tools" >&2; exit 1; }
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

printf '#define ANCIL_NO_INLINE\n#include <sys/uio.h>\n#include <ancil.h>\n' > "$dir/ancil.c"
${CC:-cc} -E -P -Iinclude "$dir/ancil.c" | sed 's/__attribute__((__[a-z_]*__)) *//g' \
    | tr -s '\n ' ' ' | tr ';}' '\n\n' \
    | sed -n 's/^ *\([a-z_][a-z0-9_ *]*ancil_[a-z0-9_]*(.*)\) *$/\1 { __builtin_trap(); }/p' \
    > "$dir/bodies"
cat "$dir/bodies" >> "$dir/ancil.c"
soname=$(make -s soname)
# The dump contains the path of the source as given to the compiler, so it is a relative one.
root=$PWD
(cd "$dir" && ${CC:-cc} -std=c99 -g -O0 -fno-eliminate-unused-debug-types -I"$root/include" \
    -fPIC -shared -nostdlib \
    -Wl,-soname,"$soname",--version-script="$root/packaging/libancil.map" -o libancil.so ancil.c)
abidw --load-all-types --drop-private-types --headers-dir include \
    --no-corpus-path --no-comp-dir-path --no-show-locs --no-elf-needed --type-id-style hash \
    --out-file "$dir/new.abi" "$dir/libancil.so"

if [ "${1-}" = --update ]; then
    cp "$dir/new.abi" $abi
elif [ "${1-}" = --since ]; then
    git show "$2:$abi" > "$dir/old.abi"
    if ! grep -q "soname='$soname'" "$dir/old.abi"; then
        echo "the soname is another one since $2: $soname"
    else
        abidiff --non-reachable-types --no-added-syms "$dir/old.abi" "$dir/new.abi" ||
            { echo "abi.sh: the ABI breaks programs since $2" >&2; exit 1; }
        echo "the ABI has only grown since $2"
    fi
elif abidiff --non-reachable-types $abi "$dir/new.abi"; then
    echo "the ABI matches $abi: $(wc -l < "$dir/bodies") functions"
else
    echo "abi.sh: the ABI differs from $abi. If that is intended, run ci/abi.sh --update" >&2
    exit 1
fi
