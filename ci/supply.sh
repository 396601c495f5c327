#!/usr/bin/env bash
# Checks the crates on which ancil, its tests, its fuzzers and its benchmarks depend (deny.toml):
# their licences, where they come from, and what is known against them. The database of advisories
# is a repository of its own; where it cannot be reached, this says so and goes on.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/tools.sh
tool cargo-deny

for manifest in Cargo.toml fuzz/Cargo.toml benches/Cargo.toml; do
    echo "== $manifest"
    cargo metadata --locked --format-version 1 --manifest-path $manifest >/dev/null
    cargo deny --config deny.toml --manifest-path $manifest check \
        --allow license-not-encountered licenses bans sources
done

echo "== advisories"
if cargo deny --config deny.toml fetch db 2>/dev/null; then
    for manifest in Cargo.toml fuzz/Cargo.toml benches/Cargo.toml; do
        cargo deny --config deny.toml --manifest-path $manifest check --disable-fetch advisories
    done
else
    echo "NOT RUN: the database of advisories cannot be reached"
fi
