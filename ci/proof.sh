#!/usr/bin/env bash
# Proves the C headers that need no library with Frama-C's WP and RTE plug-ins, for 64 and 32 bits:
# no overflow, no access outside the buffers, each step goes forward, and the result is what the
# contracts say. It proves the shipped text: the files in ci/proof include the headers, declare the
# contracts, and say what is assumed and what is not specified. It needs Debian's frama-c-base,
# why3, z3 and cvc4, and takes a few minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in frama-c why3 z3 cvc4; do
    command -v $tool >/dev/null || { echo "proof.sh: needs $tool" >&2; exit 1; }
done
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export WHY3CONFIG="$tmp/why3.conf"
why3 config detect >/dev/null 2>&1

# The functions that a header defines. Those that the contracts assume are not proved: loads and
# stores at any address (tested by ffi-tests/c/inline.c), and the call of the caller's `close`.
functions() { # HEADER
    sed -nE 's/^(ANCIL_NODISCARD )?ANCIL_(CMSG_)?INLINE .*[ *](ancil_[a-z0-9_]+)\(.*/\3/p;
             s/^(ancil_[a-z0-9_]+)\(.*/\1/p' "include/ancil/$1" |
        grep -vxE 'ancil_((load|store)_(int|size)|copy|close)_|ancil_cmsg_data' | sort -u
}
prove() { # MACHINE FILE FUNCTIONS FLAG...
    local machine=$1 file=$2 functions=$3 log="$tmp/log"
    shift 3
    # Typed+Cast: pointers of two types to one place are one pointer. That is right for bytes, as
    # void* and unsigned char* count them, so only such casts may occur: see below.
    frama-c -machdep "$machine" -cpp-extra-args="-Iinclude -Ici/proof" -wp -wp-rte \
        -wp-model Typed+Cast -wp-prover z3,cvc4 -wp-timeout 20 -wp-fct "$functions" "$@" \
        "ci/proof/$file" >"$log" 2>&1 || { cat "$log"; exit 1; }
    awk -v what="$machine $file" '/Proved goals:/ { proved = $4; all = $6 }
        END { printf "%-22s %d of %d goals\n", what, proved, all; exit !(all && proved == all) }' \
        "$log" || { grep -A2 '\[Failed\]' "$log"; exit 1; }
    # Besides: the start of an int array becomes a void*, whose bytes the contract is about; and a
    # void* becomes the struct cmsghdr* that CMSG_FIRSTHDR returns, which nothing reads.
    grep -q '(source: .*) (target: .*)' "$log" || [ "$file" = cmsg.c ] ||
        { echo "proof.sh: Frama-C no longer says which casts there are" >&2; exit 1; }
    grep -o '(source: .*) (target: .*)' "$log" | sort -u | grep -vE \
        '\(source: (sint8|uint8|sint32)\*\) \(target: (sint8|uint8)\*\)|\(target: cmsghdr\*\)' &&
        { echo "proof.sh: a cast that was not thought of" >&2; exit 1; }
    # Without a contract, only the absence of overflow would be proved.
    for function in ${functions//,/ }; do
        grep -q "Goal typed_cast_${function%_}_ensures" "$log" ||
            { echo "proof.sh: no result was proved of $function" >&2; exit 1; }
    done
}
inline=$( (functions inline.h; functions fds.h) | paste -sd,)
cmsg=$(functions cmsg.h | paste -sd,)
for machine in gcc_x86_64 gcc_x86_32; do
    prove $machine inline.c "$inline" -warn-unsigned-overflow
    prove $machine cmsg.c "${cmsg/,ancil_cmsg_nxthdr/}" -warn-unsigned-overflow
    # The sum of an address and a length is a number to WP that it cannot bound. If it wrapped, the
    # rule above would still return what it promises.
    prove $machine cmsg.c ancil_cmsg_nxthdr
done
