#!/usr/bin/env bash
# The long run of tests/verdicts.rs: compares `ancil::verdict` with the running kernel on 200,000
# generated messages, and on as many in a user namespace that owns neither its network nor its
# process ids. The argument is the seed. As root, all sockets are tested.
set -euo pipefail
cd "$(dirname "$0")/.."
export ANCIL_VERDICTS="${ANCIL_VERDICTS:-200000}"
if [ $# -gt 0 ]; then export ANCIL_VERDICTS_SEED="$1"; fi
exec cargo test -p ancil-tests --test verdicts
