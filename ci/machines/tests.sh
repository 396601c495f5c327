# Part of machines.sh: the tests of one machine.

# Tests in C of compilers and tools that exist for this machine alone.
HERE_ONLY="compare dialects examples install libraries sanitizers"

# The tests that -f runs. They are in C, so that no std has to be built.
FAST_C="api dropin format inline iov netlink offsets"

# Prints why a test in Rust cannot run on another machine, or not under an emulator.
reason_to_skip() { # NAME EMULATOR
    case $1-$2 in
        examples-*) echo "cargo builds the examples for this machine" ;;
        *--) ;;
        strace-*) echo "strace sees the emulator's calls" ;;
    esac
}

# Builds and runs the tests in Rust, and the examples of the docs. std is built from source, once
# per machine, in target/machines.
rust_tests() { # TARGET GCC EMULATOR SYSROOT LOG
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
        reason=$(reason_to_skip "$name" "$3")
        if [ -n "$reason" ]; then
            echo "SKIPPED $name: $reason" | tee -a "$5"
        else
            tests+=(--test "$name")
        fi
    done
    # Without the crate test, rustdoc makes a program of each example, which takes minutes.
    local cargo_test=(env RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1
        CARGO_INCREMENTAL=0 CARGO_TARGET_DIR=target/machines
        CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_DEV_OPT_LEVEL=1
        "${variable}_LINKER=$2" ${run:+"${variable}_RUNNER=${run[*]}"}
        cargo test -Zbuild-std=std,panic_unwind,test -Zbuild-std-features=panic-unwind --target "$1"
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

# Adds the tests of a program that need a feature which the emulator lacks to the arguments in the
# caller's `skipped`, and reports them in the log.
skip() { # PROGRAM LOG
    local test why
    while read -r test why; do
        case " $lacking " in *" $why "*) ;; *) continue ;; esac
        skipped+=(--skip "$test")
        echo "SKIPPED $1 $test: $why" >>"$2"
    done < <(needs "$1")
}

# Prints the tests of a program that emulator.txt names, each with the feature that it needs.
needs() { # PROGRAM
    awk -v name="$1" '$2 == name { for (i = 3; i <= NF; i++) print $i, $1 }' \
        ci/machines/emulator.txt
}

# Runs the program $program, the test $name, in the folder of its package.
rust_test() { # the arguments of rust_tests
    local skipped=() all test status=0
    echo "-- $name" >>"$5"
    all=$(cd tests && timeout -k 9 60 "${run[@]}" "../$program" --list 2>/dev/null)
    while read -r test _; do
        grep -qx "$test: test" <<<"$all" ||
            echo "FAILED $name has no $test, which emulator.txt names" | tee -a "$5"
    done < <(needs "$name")
    skip "$name" "$5"
    (cd tests && exec timeout -k 9 900 "${run[@]}" "../$program" --exact "${skipped[@]}") \
        </dev/null >>"$5" 2>&1 || status=$?
    [ $status -eq 0 ] || echo "FAILED $name: status $status" | tee -a "$5"
}

# Runs ffi-tests, whose programs in C are compiled for the machine and run there. New ones are
# found.
c_tests() { # TARGET PREFIX EMULATOR SYSROOT LOG
    local runner= tests=() skipped=() file name test status=0
    [ "$3" = - ] || runner="$3 -L $4"
    # One 32-bit machine is tested at every level of optimisation; for x86-64, the row `levels` is.
    local levels=()
    [ "$1" != i686-unknown-linux-gnu ] || [ -n "${fast:-}" ] || levels=(ANCIL_OPT_LEVELS="z s 2 3")
    # The proofs that nothing panics build in a target folder of their own. They start with a copy
    # of what make has built, so that `core` is compiled only once.
    make -s -j2 CROSS="$1" CC="${2}gcc" RUSTC=/usr/bin/rustc OUT="target/capi/machines/$1" all \
        >"$5" 2>&1 || return 1
    mkdir -p target/tmp/no_panic-target/capi
    cp -a "target/$1" target/tmp/no_panic-target
    cp -a target/capi/{build,deps,.fingerprint} target/tmp/no_panic-target/capi
    for file in ffi-tests/tests/*.rs; do
        name=$(basename "$file" .rs)
        case " $HERE_ONLY " in *" $name "*)
            echo "SKIPPED c-$name: tests this machine's tools" >>"$5"
            continue ;;
        esac
        case "${fast:+ $FAST_C }" in
            "" | *" $name "*) ;;
            *) echo "SKIPPED c-$name: not in the fast part" >>"$5"; continue ;;
        esac
        tests+=(--test "$name")
        skip "c-$name" "$5"
        while read -r test _; do
            # A test is a function, or of manual_examples, a program.
            grep -q "^fn $test()" "$file" || [ -f "ffi-tests/c/${name%_*}/$test.c" ] ||
                { echo "FAILED c-$name has no $test, which emulator.txt names" >>"$5"; status=1; }
        done < <(needs "c-$name")
    done
    env "${levels[@]}" ANCIL_TARGET="$1" CROSS_COMPILE="$2" ANCIL_RUNNER="$runner" \
        timeout -k 9 3600 cargo test -p ffi-tests --lib "${tests[@]}" --no-fail-fast \
        -- --exact "${skipped[@]}" >>"$5" 2>&1 || status=1
    return $status
}

for name in $FAST_C; do
    [ -f "ffi-tests/tests/$name.rs" ] ||
        { echo "tests.sh: FAST_C names $name, which ffi-tests does not have" >&2; exit 1; }
done
