#!/usr/bin/env bash
# The long run of tests/load.rs: two processes exchange random messages with descriptors as fast as
# they can. The first argument is the number of seconds, 300 without one; the second is the seed.
set -euo pipefail
cd "$(dirname "$0")/.."
export ANCIL_LOAD="${1:-300}"
if [ $# -gt 1 ]; then export ANCIL_LOAD_SEED="$2"; fi
exec cargo test --release -p ancil-tests --test load
