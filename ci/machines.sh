#!/usr/bin/env bash
# Every machine: builds the library for each, runs the tests there, and ends with a table, one line per machine.
# Arguments are names of machines (all: see MACHINES) or of the other rows: levels, musl, bare, oldest.
# -n installs nothing.
#
# Programs run under qemu-user, those of i686 as they are. qemu-user translates control messages and addresses itself,
# only some of them, and loses or changes the others: a C program that knows only the system's macros
# (ffi-tests/c/emulator.c) says which, in the same run. Of the tests that talk to the kernel only those are run there
# whose messages that program finds unharmed. The logs are in target/machines/logs.
set -uo pipefail
cd "$(dirname "$0")/.."

# name, rustc's target, prefix of the cross compiler, emulator, Debian's name in libc6-dev-*-cross
MACHINES="
i686    i686-unknown-linux-gnu        i686-linux-gnu-       -            i386
armv7   armv7-unknown-linux-gnueabihf arm-linux-gnueabihf-  qemu-arm     armhf
aarch64 aarch64-unknown-linux-gnu     aarch64-linux-gnu-    qemu-aarch64 arm64
riscv64 riscv64gc-unknown-linux-gnu   riscv64-linux-gnu-    qemu-riscv64 riscv64
powerpc powerpc-unknown-linux-gnu     powerpc-linux-gnu-    qemu-ppc     powerpc
s390x   s390x-unknown-linux-gnu       s390x-linux-gnu-      qemu-s390x   s390x
mips    mips-unknown-linux-gnu        mips-linux-gnu-       qemu-mips    mips
"
BARE="thumbv7em-none-eabi riscv32imac-unknown-none-elf x86_64-unknown-none"

# Why a test in Rust is not run on another machine; under an emulator, if the second argument is not "-".
not_there() {
    case $1-$2 in
        examples-*) echo "cargo builds the examples for this machine" ;;
        *--) ;;
        strace-*) echo "strace sees the emulator's calls" ;;
        verdicts-* | netlink-* | peer_defects-*) echo "qemu-user's own translation of what the kernel is asked" ;;
    esac
}

# The tests of the kernel that an emulator can do: descriptors and credentials over AF_UNIX, partial reads and writes.
UNHARMED="unix:: partial::"

# Tests in C that are of this machine's compilers and tools.
HERE_ONLY="dialects examples install libraries preload sanitizers"

logs=$PWD/target/machines/logs
mkdir -p "$logs"
table=()
failed=0
say() { printf '\n== %s\n' "$*"; }
row() { table+=("$(printf '%-8s | %-34s | %-26s | %-30s | %s' "$@")"); }

install() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    [ -n "${no_install:-}" ] && { echo "machines.sh: not installed: ${missing[*]}" >&2; exit 1; }
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" || exit 1
}

# Sums "test result" lines of a log: passed, failed, ignored.
sums() {
    awk '/^test result:/ { gsub(";", ""); p += $4; f += $6; i += $8 } END { printf "%d %d %d", p, f, i }' "$1"
}

# Builds and runs the tests in Rust. Std's sources are built once per machine, in target/machines.
rust_tests() { # target gcc emulator sysroot log
    local variable=${1^^}
    variable=CARGO_TARGET_${variable//-/_}_LINKER
    local emulator=() build="$5.build" status=0
    [ "$3" = - ] || emulator=("$3" -L "$4")
    env RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=target/machines CARGO_INCREMENTAL=0 \
        CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_DEV_OPT_LEVEL=1 "$variable=$2" \
        cargo test --no-run -p ancil -p ancil-tests --lib --tests \
        --features ancil/std,ancil/libc,ancil/heapless,ancil/capi \
        -Zbuild-std=std,panic_unwind --target "$1" >"$build" 2>&1 || { tail -20 "$build"; return 1; }
    : >"$5"
    local name program reason
    while read -r name program; do
        reason=$(not_there "$name" "$3")
        if [ -n "$reason" ]; then
            echo "SKIPPED $name: $reason" | tee -a "$5"
            continue
        fi
        echo "-- $name" >>"$5"
        local filters=("") filter
        if [ "$3" != - ] && [ "$name" = kernel ]; then
            filters=()
            case " $lost " in
                *" SCM_RIGHTS "* | *" SCM_CREDENTIALS "*) ;;
                *) filters=($UNHARMED) ;;
            esac
            echo "SKIPPED kernel but ${filters[*]}: qemu-user's own translation, which loses $lost" | tee -a "$5"
        fi
        # The working folder of a test is its package's.
        for filter in "${filters[@]}"; do
            # The emulator copies what the vectors point to: of this test, more than any memory.
            (cd tests && exec timeout -k 9 "${LIMIT:-900}" "${emulator[@]}" "../$program" ${filter:+"$filter" \
                --skip more_than_any_call}) </dev/null >>"$5" 2>&1
            status=$?
            [ $status -eq 0 ] || echo "FAILED $name $filter: status $status" | tee -a "$5"
        done
    done < <(sed -nE 's/^ *Executable .*\((.*\/([a-z_0-9]+)-[0-9a-f]+)\)$/\2 \1/p' "$build")
    ! grep -q '^FAILED' "$5"
}

# The C: ffi-tests, whose C is compiled for that machine and run there, new ones too.
c_tests() { # target prefix emulator sysroot log
    local runner=
    [ "$3" = - ] || runner="$3 -L $4"
    # Every level of optimisation for one 32-bit machine; x86-64 has a row of its own.
    local levels=()
    [ "$1" != i686-unknown-linux-gnu ] || levels=(ANCIL_OPT_LEVELS="z s 2 3")
    local tests=() less=() file name
    case " $lost " in *" RTM_NEWLINK "*) less=(--skip the_examples_list) ;; esac
    for file in ffi-tests/tests/*.rs; do
        name=$(basename "$file" .rs)
        case " $HERE_ONLY " in *" $name "*) ;; *) tests+=(--test "$name") ;; esac
    done
    env "${levels[@]}" ANCIL_TARGET="$1" CROSS_COMPILE="$2" ANCIL_RUNNER="$runner" \
        timeout -k 9 3600 cargo test -p ffi-tests --lib "${tests[@]}" --no-fail-fast -- "${less[@]}" >"$5" 2>&1
    local status=$?
    [ ${#less[@]} -eq 0 ] || echo "SKIPPED in C, netlink the_examples_list: the emulator loses RTM_NEWLINK" >>"$5"
    echo "SKIPPED in C, $HERE_ONLY: they are of this machine's compilers and tools" >>"$5"
    return $status
}

machine() { # name target prefix emulator debian
    local log="$logs/$1" sysroot="/usr/${3%-}" rust="failed to build" c kernel="-" skipped ok=1
    say "$1: $2"
    local packages=("gcc-${3%-}" "libc6-dev-$5-cross")
    if [ "$4" = - ]; then packages+=(libc6-i386); else packages+=(qemu-user); fi
    install rustc-web rust-web-src libstd-rust-web-dev "${packages[@]}"

    local lost=
    if [ "$4" != - ]; then
        "${3}gcc" -O1 -o "$log.emulator" ffi-tests/c/emulator.c || exit 1
        lost=$(timeout -k 9 60 "$4" -L "$sysroot" "$log.emulator" 2>/dev/null) || { echo "emulator.c: $lost"; ok=0; }
        echo "lost by $4: ${lost:-nothing}"
    fi

    rm -f "$log.rust" "$log.c"
    rust_tests "$2" "${3}gcc" "$4" "$sysroot" "$log.rust" || ok=0
    if [ -f "$log.rust" ]; then
        rust=$(printf '%d passed, %d failed, %d ignored' $(sums "$log.rust"))
        kernel=$(sed -nE 's/^([0-9]+ messages on the kernel).*/\1/p' "$log.rust" | head -1)
    fi
    c_tests "$2" "$3" "$4" "$sysroot" "$log.c" || ok=0
    c=$(printf '%d passed, %d failed' $(sums "$log.c"))
    skipped=$(sed -nE 's/^SKIPPED //p' "$log.rust" "$log.c" 2>/dev/null | cut -d: -f1,2,3 | cut -c1-70 |
        sort -u | paste -sd';')
    row "$1" "$rust" "$c" "${kernel:--}" "${skipped:-nothing}"
    if [ $ok = 0 ]; then
        failed=1
        grep -hE '^(FAILED|test .*FAILED|error)' "$log.rust" "$log.rust.build" "$log.c" 2>/dev/null | sort -u | head -40
    fi
}

levels() {
    say "no panic at every level of optimisation"
    local log=$logs/levels status=ok
    ANCIL_OPT_LEVELS="z s 2 3" cargo test -p ffi-tests --test no_panic >"$log" 2>&1 ||
        { status=FAILED; failed=1; tail -20 "$log"; }
    row x86-64 - "$(printf '%d passed, %d failed' $(sums "$log"))" - "no panic at z s 2 3: $status"
}

musl() {
    say "musl: C by musl-gcc"
    install musl-tools
    local log=$logs/musl status=ok
    CC=musl-gcc cargo test -p ffi-tests --tests --no-fail-fast -- --skip structs >"$log" 2>&1 ||
        { status=FAILED; failed=1; }
    row musl "-" "$(printf '%d passed, %d failed' $(sums "$log"))" "-" "$status"
}

bare() {
    say "no operating system"
    install rustc-web rust-web-src libstd-rust-web-dev
    local target
    for target in $BARE; do
        if ci/no_std.sh "$target" >"$logs/$target" 2>&1; then row "${target%%-*}" builds - - "$target"
        else row "${target%%-*}" "FAILED" - - "$target"; failed=1; tail -20 "$logs/$target"; fi
    done
}

# The rust-version that Cargo.toml declares, with that compiler. heapless 0.9 wants 1.87: that feature is left out.
oldest() {
    local version
    version=$(sed -nE 's/^rust-version = "(.*)"/\1/p' Cargo.toml)
    say "rustc $version"
    local dir=$PWD/target/machines/rustc-$version status=builds
    if [ ! -x "$dir/usr/bin/rustc" ]; then
        mkdir -p "$dir/deb"
        local exact
        exact=$(apt-cache madison rustc-web | awk -v v="$version." '$3 ~ "^"v { print $3; exit }')
        [ -n "$exact" ] || { row "$version" "skipped: Debian has no rustc-web $version" - - -; return; }
        (cd "$dir/deb" && apt-get download "rustc-web=$exact" "libstd-rust-web-dev=$exact" \
            "libstd-rust-web-$version=$exact" libllvm19 &&
            for deb in *.deb; do dpkg -x "$deb" ..; done) >"$logs/oldest" 2>&1 ||
            { row "$version" FAILED - - "see $logs/oldest"; failed=1; return; }
    fi
    local lib=$dir/usr/lib/x86_64-linux-gnu
    for features in "" "std,libc" "capi"; do
        LD_LIBRARY_PATH=$lib:$dir/usr/lib RUSTC=$dir/usr/bin/rustc CARGO_TARGET_DIR=target/machines/oldest \
            cargo build --lib --features "$features" >>"$logs/oldest" 2>&1 || status=FAILED
    done
    [ $status = builds ] || { failed=1; tail -30 "$logs/oldest"; }
    row "$version" "$status" - - "feature heapless: needs 1.87, says its own package"
}

names=()
for argument in "$@"; do
    if [ "$argument" = -n ]; then no_install=1; else names+=("$argument"); fi
done
all=$(awk 'NF { print $1 }' <<<"$MACHINES")
[ ${#names[@]} -gt 0 ] || names=($all levels musl bare oldest)
for name in "${names[@]}"; do
    case $name in
        levels | musl | bare | oldest) "$name" ;;
        *)
            line=$(awk -v name="$name" '$1 == name' <<<"$MACHINES")
            [ -n "$line" ] ||
                { echo "machines.sh: no machine $name; there are:" $all levels musl bare oldest >&2; exit 2; }
            # shellcheck disable=SC2086
            machine $line
            ;;
    esac
done

say "the machines"
printf '%-8s | %-34s | %-26s | %-30s | %s\n' machine "Rust tests" "C tests" "kernel" "skipped"
printf '%s\n' "${table[@]}"
exit $failed
