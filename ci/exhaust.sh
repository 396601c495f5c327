#!/usr/bin/env bash
# Runs the tests of every small buffer and every cut with optimisation, and with longer buffers than
# `cargo test` tries. Prints how many cases were compared. Takes two minutes, mostly to compile.
#
#     ci/exhaust.sh      # buffers of up to 76 bytes
#     ci/exhaust.sh 64
set -euo pipefail
cd "$(dirname "$0")/.."
export ANCIL_EXHAUST=${1:-76}
cargo test --release --quiet -p ancil-tests --test exhaustive --test iov_model -- --nocapture
cargo test --release --quiet --lib at_8_bits -- --nocapture
