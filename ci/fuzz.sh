#!/usr/bin/env bash
# Fuzzes every target of fuzz/ with AddressSanitizer, with the installed compiler: RUSTC_BOOTSTRAP
# lets a stable one take the flags that `cargo fuzz` would give to a nightly one.
#
#     ci/fuzz.sh [SECONDS] [TARGET...]
#
# Each target runs for SECONDS (60), two at a time. It starts from fuzz/seeds, which are messages of
# the running kernel (ci/seeds.sh makes them once), and keeps what it finds in fuzz/corpus. Prints a
# table, and fails if a target finds something; the input is then in fuzz/artifacts. Needs Linux on
# x86-64.
set -euo pipefail
cd "$(dirname "$0")/../fuzz"
seconds=${1:-60}
shift || true
triple=x86_64-unknown-linux-gnu
targets=("$@")
if [ ${#targets[@]} = 0 ]; then
    for file in fuzz_targets/*.rs; do
        targets+=("$(basename "$file" .rs)")
    done
fi

[ -d seeds ] || ../ci/seeds.sh
llvm=(sanitizer-coverage-level=4 sanitizer-coverage-inline-8bit-counters
    sanitizer-coverage-pc-table sanitizer-coverage-trace-compares)
flags="--cfg fuzzing -Zsanitizer=address -Cpasses=sancov-module"
for option in "${llvm[@]}"; do
    flags+=" -Cllvm-args=-$option"
done
RUSTC_BOOTSTRAP=1 RUSTFLAGS=$flags cargo build --release --target $triple "${targets[@]/#/--bin=}"

logs=target/fuzz-logs
mkdir -p $logs artifacts
run() {
    local target=$1 status=0 seeds=() longest=()
    mkdir -p "corpus/$target"
    # It looks for each of 120 keys: more messages would only make it slower.
    [ "$target" != keys ] || longest=(-max_len=512)
    case $target in
        compat | dump | format | keys | reader) seeds=(seeds/control) ;;
        netlink) seeds=(seeds/netlink) ;;
        address) seeds=(seeds/address) ;;
    esac
    "target/$triple/release/$target" -max_total_time="$seconds" -timeout=20 -print_final_stats=1 \
        -artifact_prefix="artifacts/$target-" "${longest[@]}" "corpus/$target" "${seeds[@]}" \
        >"$logs/$target" 2>&1 || status=$?
    echo $status >"$logs/$target.status"
}
for target in "${targets[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge 2 ]; do
        wait -n || true
    done
    run "$target" &
done
wait

bad=0
row='%-10s %12s %10s %8s  %s\n'
printf "$row" target executions coverage corpus found
for target in "${targets[@]}"; do
    log=$logs/$target
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    coverage=$(grep -o ' cov: [0-9]*' "$log" | tail -n 1 | tr -dc 0-9 || true)
    corpus=$(find "corpus/$target" -type f | wc -l)
    found=-
    if [ "$(cat "$log.status")" != 0 ]; then
        found=$(sed -n 's/.*Test unit written to /fuzz\//p' "$log" | tail -n 1)
        found=${found:-"it failed: fuzz/$log"}
        bad=1
    fi
    printf "$row" "$target" "${executions:-?}" "${coverage:-?}" "$corpus" "$found"
done
exit $bad
