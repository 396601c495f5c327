#!/bin/bash
# Builds and tests libancil as packaging/README.md says, from a new `cargo package` with vendored
# crates: without a network (if this user may switch it off), without the crates that cargo keeps
# for its user, and in a folder that is no git repository.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/source.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
archives "$dir/archives"
unpack "$dir/archives" "$dir/source"
cd "$dir/source"
export CARGO_HOME="$dir/cargo"
unset CARGO_TARGET_DIR CARGO_BUILD_TARGET
without_network make check CARGOFLAGS="--locked --offline --config packaging/vendor.toml"
