#!/usr/bin/env bash
# The long run of tests/verdicts.rs: what `ancil::kernel` says about 200,000 generated messages, against the running
# kernel. An argument is the seed. Root sees most; others see what they may.
set -euo pipefail
cd "$(dirname "$0")/.."
export ANCIL_VERDICTS="${ANCIL_VERDICTS:-200000}"
if [ $# -gt 0 ]; then export ANCIL_VERDICTS_SEED="$1"; fi
exec cargo test -p ancil-tests --test verdicts
