# A part of machines.sh: the tests of one machine.

# Tests in C that are of this machine's compilers and tools.
HERE_ONLY="dialects examples install libraries sanitizers"

# What -f leaves: C, for which no std is built.
FAST_C="api dropin format iov netlink offsets"

# Why a test in Rust is not run on another machine at all; under an emulator, if the second argument is not "-".
not_there() {
    case $1-$2 in
        examples-*) echo "cargo builds the examples for this machine" ;;
        *--) ;;
        strace-*) echo "strace sees the emulator's calls" ;;
    esac
}

# Builds and runs the tests in Rust, and the examples of the docs. Std's sources are built once per machine, in
# target/machines.
rust_tests() { # target gcc emulator sysroot log
    local variable=${1^^}
    variable=CARGO_TARGET_${variable//-/_}
    local run=() tests=() build="$5.build" name program reason
    [ "$3" = - ] || run=("$3" -L "$4")
    : >"$5"
    if [ -n "${fast:-}" ]; then
        echo "SKIPPED rust: not in the fast part" | tee -a "$5"
        return
    fi
    for name in $(sed -n '/^\[\[test/,$ s/^name = "\(.*\)"/\1/p' tests/Cargo.toml); do
        reason=$(not_there "$name" "$3")
        if [ -n "$reason" ]; then echo "SKIPPED $name: $reason" | tee -a "$5"; else tests+=(--test "$name"); fi
    done
    local cargo_test=(env RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1 CARGO_INCREMENTAL=0
        CARGO_TARGET_DIR=target/machines CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_DEV_OPT_LEVEL=1
        "${variable}_LINKER=$2" ${run:+"${variable}_RUNNER=${run[*]}"}
        cargo test -Zbuild-std=std,panic_unwind -Zbuild-std-features=panic-unwind --target "$1"
        --features ancil/std,ancil/libc,ancil/heapless,ancil/capi -p ancil -p ancil-tests)
    "${cargo_test[@]}" --no-run --lib "${tests[@]}" >"$build" 2>&1 ||
        { echo "FAILED to build" >>"$5"; tail -20 "$build"; return 1; }
    echo "-- docs" >>"$5"
    "${cargo_test[@]}" --doc >>"$5" 2>&1 || echo "FAILED docs" | tee -a "$5"
    while read -r name program; do
        rust_test "$@"
    done < <(sed -nE 's/^ *Executable .*\((.*\/([a-z_0-9]+)-[0-9a-f]+)\)$/\2 \1/p' "$build")
    ! grep -q '^FAILED' "$5" && grep -q '^test result: ok' "$5"
}

# The tests of a program that need what the emulator loses: to `skip` and, told, to the log.
skip() { # program log
    local test why
    while read -r test why; do
        case " $lost " in *" $why "*) ;; *) continue ;; esac
        skipped+=(--skip "$test")
        echo "SKIPPED $1 $test: $why" >>"$2"
    done < <(needs "$1")
}

# The tests of a program that emulator.txt names, and what each needs.
needs() { # program
    awk -v name="$1" '$2 == name { for (i = 3; i <= NF; i++) print $i, $1 }' ci/machines/emulator.txt
}

# One program. The working folder of a test is its package's.
rust_test() { # as above
    local skipped=() all test status=0
    echo "-- $name" >>"$5"
    all=$(cd tests && timeout -k 9 60 "${run[@]}" "../$program" --list 2>/dev/null)
    while read -r test _; do
        grep -qx "$test: test" <<<"$all" || echo "FAILED $name has no $test, which emulator.txt names" | tee -a "$5"
    done < <(needs "$name")
    skip "$name" "$5"
    (cd tests && exec timeout -k 9 900 "${run[@]}" "../$program" --exact "${skipped[@]}") \
        </dev/null >>"$5" 2>&1 || status=$?
    [ $status -eq 0 ] || echo "FAILED $name: status $status" | tee -a "$5"
}

# The C: ffi-tests, whose C is compiled for that machine and run there, new ones too.
c_tests() { # target prefix emulator sysroot log
    local runner= tests=() skipped=() file name test status=0
    [ "$3" = - ] || runner="$3 -L $4"
    # Every level of optimisation for one 32-bit machine; x86-64 has a row of its own.
    local levels=()
    [ "$1" != i686-unknown-linux-gnu ] || [ -n "${fast:-}" ] || levels=(ANCIL_OPT_LEVELS="z s 2 3")
    # `core` is compiled once: what the proofs of no panic build elsewhere begins with what make has built.
    make -s -j2 CROSS="$1" CC="${2}gcc" RUSTC=/usr/bin/rustc OUT="target/capi/machines/$1" all >"$5" 2>&1 || return 1
    mkdir -p target/tmp/no_panic-target/capi
    cp -a "target/$1" target/tmp/no_panic-target
    cp -a target/capi/{build,deps,.fingerprint} target/tmp/no_panic-target/capi
    for file in ffi-tests/tests/*.rs; do
        name=$(basename "$file" .rs)
        case " $HERE_ONLY " in *" $name "*) echo "SKIPPED c-$name: of this machine's tools" >>"$5"; continue ;; esac
        case "${fast:+ $FAST_C }" in
            "" | *" $name "*) ;;
            *) echo "SKIPPED c-$name: not in the fast part" >>"$5"; continue ;;
        esac
        tests+=(--test "$name")
        skip "c-$name" "$5"
        while read -r test _; do
            grep -q "^fn $test()" "$file" ||
                { echo "FAILED c-$name has no $test, which emulator.txt names" >>"$5"; status=1; }
        done < <(needs "c-$name")
    done
    env "${levels[@]}" ANCIL_TARGET="$1" CROSS_COMPILE="$2" ANCIL_RUNNER="$runner" timeout -k 9 3600 \
        cargo test -p ffi-tests --lib "${tests[@]}" --no-fail-fast -- --exact "${skipped[@]}" >>"$5" 2>&1 || status=1
    return $status
}

# What -f names is there.
for name in $FAST_C; do [ -f "ffi-tests/tests/$name.rs" ] || { echo "no test c-$name" >&2; exit 1; }; done
