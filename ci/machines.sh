#!/usr/bin/env bash
# Builds the library for every machine, runs the tests there, and prints a table with one line per
# machine, followed by ALL GREEN if nothing failed. Logs are in target/machines/logs.
#
#     ci/machines.sh [-n] [-f] [NAME...]
#
# A NAME is a machine of MACHINES or another row: levels, musl, bare, oldest, budgets. The default
# is all of them. -n installs no packages, and stops if one is missing. -f runs only the fast part,
# which is FAST_C in machines/tests.sh.
#
# Programs for i686 run natively, those for other machines under qemu-user. That translates some
# control messages, addresses and netlink messages, and loses or changes the others. A C program
# that uses only the system's macros (ci/machines/emulator) finds out which, in the same run, and
# machines/emulator.txt names the tests that need them; these are skipped. A feature that this
# kernel itself lacks is not the emulator's fault: the tests that need it are run.
set -uo pipefail
cd "$(dirname "$0")/.."

# Name, rustc's target, prefix of the cross compiler, emulator or -, and the name in Debian's
# libc6-dev-*-cross.
MACHINES="
i686    i686-unknown-linux-gnu        i686-linux-gnu-       -            i386
armv7   armv7-unknown-linux-gnueabihf arm-linux-gnueabihf-  qemu-arm     armhf
aarch64 aarch64-unknown-linux-gnu     aarch64-linux-gnu-    qemu-aarch64 arm64
riscv64 riscv64gc-unknown-linux-gnu   riscv64-linux-gnu-    qemu-riscv64 riscv64
powerpc powerpc-unknown-linux-gnu     powerpc-linux-gnu-    qemu-ppc     powerpc
s390x   s390x-unknown-linux-gnu       s390x-linux-gnu-      qemu-s390x   s390x
mips    mips-unknown-linux-gnu        mips-linux-gnu-       qemu-mips    mips
"
OTHERS="levels musl bare oldest budgets"

logs=$PWD/target/machines/logs
mkdir -p "$logs"
table=()
failed=0
say() { printf '\n== %s\n' "$*"; }
# Adds a row to the table, with its result and the time since the row before it.
row() { # MACHINE RUST-TESTS C-TESTS KERNEL-ROUND-TRIPS SKIPPED
    local time=$((SECONDS - started)) result=ok
    [ $row_failed = 0 ] || result=FAILED
    table+=("$(printf '%-11s | %-6s | %-34s | %-20s | %-48s | %3d:%02d | %s' \
        "$1" $result "${@:2:3}" $((time / 60)) $((time % 60)) "$5")")
    started=$SECONDS row_failed=0
}
# Marks the row as failed, and prints the end of its log, or the lines of it that match.
fails() { # LOG [PATTERN]
    failed=1 row_failed=1
    if [ $# -gt 1 ]; then grep -hE "$2" "$1" | sort -u | head -40; else tail -30 "$1"; fi
}

install() { # PACKAGE...
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    [ -n "${no_install:-}" ] &&
        { echo "machines.sh: not installed: ${missing[*]}" >&2; exit 1; }
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "${missing[@]}" || exit 1
}

# Sums the "test result" lines of a log, or of one program in it: passed, failed, ignored.
sums() { # LOG [PROGRAM]
    awk -v only="${2:-}" '/^-- / { name = $2 }
        /^test result:/ && (only == "" || only == name) { gsub(";", ""); p += $4; f += $6; i += $8 }
        END { printf "%d passed, %d failed", p, f; if (i) printf ", %d ignored", i }' "$1"
}

# Prints what was skipped according to logs. Tests that need a feature which the emulator lacks are
# only counted.
skipped() { # LOG...
    sed -nE 's/^SKIPPED (.*)/\1/p' "$@" | sort -u | awk -F': ' -v lacking=" ${lacking:-} " '
        index(lacking, " " $2 " ") { named++; next }
        { rest = rest ", " $1 }
        END {
            if (named)
                printf "%d tests that need one of %d features above",
                    named, split(lacking, all, " ")
            print named ? rest : rest ? substr(rest, 3) : "nothing"
        }'
}

. ci/machines/tests.sh
. ci/machines/others.sh

machine() { # NAME TARGET PREFIX EMULATOR DEBIAN-NAME
    local log="$logs/$1" sysroot="/usr/${3%-}" rust kernel lacking_here lacking=
    say "$1: $2"
    local packages=("gcc-${3%-}" "libc6-dev-$5-cross")
    if [ "$4" = - ]; then packages+=(libc6-i386 lib32gcc-s1); else packages+=(qemu-user); fi
    install rustc-web rust-web-src libstd-rust-web-dev "${packages[@]}"

    if [ "$4" != - ]; then
        gcc -O1 -o "$logs/emulator" ci/machines/emulator/*.c || exit 1
        "${3}gcc" -O1 -o "$log.emulator" ci/machines/emulator/*.c || exit 1
        lacking_here=$(timeout -k 9 60 "$logs/emulator" 2>"$log.control") ||
            { echo "here: $lacking_here"; fails "$log.control"; }
        # The emulator allocates what a program maps or names as a length, so its memory is limited.
        lacking=$(ulimit -v 16000000
            timeout -k 9 60 "$4" -L "$sysroot" "$log.emulator" 2>"$log.control") ||
            { echo "emulator: $lacking"; fails "$log.control"; }
        lacking=$(comm -23 <(tr ' ' '\n' <<<"$lacking" | sort) \
            <(tr ' ' '\n' <<<"$lacking_here" | sort) | paste -sd' ')
        echo "features that $4 lacks: ${lacking:-none}${lacking_here:+; this kernel: $lacking_here}"
    fi

    # C and Rust at the same time, because neither build keeps all processors busy.
    rm -f "$log.rust" "$log.rust.build" "$log.c"
    c_tests "$2" "$3" "$4" "$sysroot" "$log.c" &
    local c_job=$!
    rust_tests "$2" "${3}gcc" "$4" "$sysroot" "$log.rust" ||
        fails "$log.rust" '^(FAILED|test .*FAILED)'
    wait "$c_job" || fails "$log.c" '^(FAILED|test .*FAILED|error)|panicked'
    if [ -n "${fast:-}" ]; then
        rust=- kernel=-
    else
        rust=$(sums "$log.rust")
        kernel=$(sed -nE 's/^([0-9]+ messages) were tested on the kernel.*/\1/p' "$log.rust" |
            tail -1)
        kernel="$(sums "$log.rust" kernel), $kernel"
    fi
    [ $row_failed = 1 ] || [ -n "${keep:-}" ] ||
        rm -rf target/{machines,tmp/no_panic-target}/"$2"
    row "$1" "$rust" "$(sums "$log.c")" "$kernel" "$(skipped "$log.rust" "$log.c")"
}

names=()
for argument in "$@"; do
    case $argument in -n) no_install=1 ;; -f) fast=1 ;; *) names+=("$argument") ;; esac
done
all=$(awk 'NF { print $1 }' <<<"$MACHINES" | paste -sd" ")
[ ${#names[@]} -gt 0 ] || names=($all $OTHERS)
for name in "${names[@]}"; do
    case " $all $OTHERS " in *" $name "*) continue ;; esac
    echo "machines.sh: no machine $name; there are:" $all "$OTHERS" >&2
    exit 2
done
install gcc make python3 iproute2 llvm mandoc
SECONDS=0 started=0 row_failed=0
for name in "${names[@]}"; do
    case " $OTHERS " in *" $name "*) "$name"; continue ;; esac
    # shellcheck disable=SC2046
    machine $(awk -v name="$name" '$1 == name' <<<"$MACHINES")
done

say "the machines"
printf '%-11s | %-6s | %-34s | %-20s | %-48s | %6s | %s\n' \
    machine all "Rust tests" "C tests" "kernel round trips" m:s skipped
printf '%s\n' "${table[@]}"
if [ $failed = 0 ]; then
    echo "ALL GREEN${fast:+, the fast part}"
else
    echo "NOT GREEN: see above, and $logs"
fi
exit $failed
