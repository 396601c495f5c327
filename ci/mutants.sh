#!/usr/bin/env bash
# Mutation testing: changes the code in one place at a time, and runs the tests, which should fail.
# cargo-mutants calls a changed copy of the code a mutant. It is caught if a test fails or hangs,
# and unviable if it does not compile.
#
#     ci/mutants.sh [FILE...]
#
# Mutates the files of ROOMS, or each FILE. Prints a table. Fails if one that is missed has no
# reason in ci/mutants/survivors.txt or, without FILE, if less than 95 percent of the viable ones
# are caught.
#
# Takes an hour or two.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/tools.sh
tool cargo-mutants

ROOMS=('src/wire/**' 'src/iov/**' 'src/compat/**' src/sys/received.rs src/sys/owned_control.rs
    src/netlink/walk.rs)
GOAL=95
# Calls that no type here has: these mutants never compile.
UNVIABLE='Vec::leak|::from_iter\(|Array::new\((0|1|-1)?\)|Array::from\(|Decoded::|Range::(new|from)'

# Logs stay in target/mutants. The copies of the tree go.
out=$PWD/target/mutants
rm -rf "$out"
mkdir -p "$out/tmp"
trap 'rm -rf "$out/tmp"' EXIT
export TMPDIR=$out/tmp CARGO_PROFILE_DEV_DEBUG=0
unset CARGO_TARGET_DIR # each copy has its own
ulimit -v 12000000     # KiB: a mutant may allocate without end

files=()
for file in "${@:-${ROOMS[@]}}"; do files+=(--file "$file"); done
mutants() { nice -n 5 cargo mutants --package ancil "${files[@]}" --exclude-re "$UNVIABLE" "$@"; }
mutants --list >"$out/all"
touch "$out"/{caught,timeout,unviable}

# Runs the mutants that no stage has caught yet, with some of the tests.
stage() { # NAME SECONDS ARGUMENT...
    local name=$1 timeout=$2 result=0
    shift 2
    printf '\n== %s\n' "$name"
    # 2: some are missed, 3: some timed out.
    mutants --iterate --output "$out" --jobs 2 --timeout "$timeout" --cap-lints=true \
        --colors never "$@" || result=$?
    [[ $result =~ ^[023]$ ]] || exit $result
    local now=$out/mutants.out
    cat "$now/caught.txt" >>"$out/caught"
    cat "$now/timeout.txt" >>"$out/timeout"
    # What compiled before and now does not is code that a later stage's tests refuse to compile.
    if [ -e "$out/missed" ]; then
        cat "$now/unviable.txt" >>"$out/caught"
    else
        cp "$now/unviable.txt" "$out/unviable"
    fi
    cat "$now/timeout.txt" >>"$now/caught.txt" # so that the next stage does not run those again
    cp "$now/missed.txt" "$out/missed"
}
# The cheap tests first: few mutants are left for the others.
stage 'unit tests' 20 --features std,heapless,capi -C=--lib
stage 'models' 120 -C=--package=ancil-tests -C=--test={exhaustive,properties,iov_model,compat} \
    -C=--test={netlink_properties,peer_defects,derives}
stage 'the running kernel' 120 -C=--package=ancil-tests -C=--test={kernel,netlink,async}
stage 'C' 200 -C=--package=ffi-tests -C=--test={api,iov,inline,netlink}

python3 ci/mutants/table.py "$out" "$GOAL" ${1:+part}
