#!/usr/bin/env bash
# Checks the crates on which ancil, its tests, its fuzzers and its benchmarks depend (deny.toml):
# their licences, where they come from, and what is known against them. The database of advisories
# is a repository of its own: WITHOUT_ADVISORIES=1 does without it where it cannot be reached.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/tools.sh
tool cargo-deny

manifests="Cargo.toml fuzz/Cargo.toml benches/Cargo.toml examples/bare/Cargo.toml"
for manifest in $manifests; do
    echo "== $manifest"
    cargo metadata --locked --format-version 1 --manifest-path $manifest >/dev/null
    cargo deny --config deny.toml --manifest-path $manifest check \
        --allow license-not-encountered licenses bans sources
done

echo "== advisories"
if cargo deny --config deny.toml fetch db; then
    for manifest in $manifests; do
        cargo deny --config deny.toml --manifest-path $manifest check --disable-fetch advisories
    done
elif [ -n "${WITHOUT_ADVISORIES:-}" ]; then
    echo "NOT RUN: see above; WITHOUT_ADVISORIES is set"
else
    echo "supply.sh: the advisories cannot be fetched; WITHOUT_ADVISORIES=1 does without" >&2
    exit 1
fi
