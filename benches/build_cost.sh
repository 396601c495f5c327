#!/usr/bin/env bash
# Measures what it costs to build a crate that depends on ancil, and ones that depend on what a user
# would pick instead. Writes docs/build-cost.md to standard output. Takes no arguments.
#
# Needs the crates of benches/Cargo.lock: `cargo fetch` downloads them.
set -euo pipefail
shopt -s inherit_errexit # a command that fails in $(...) ends the script
[ $# = 0 ] || { echo "build_cost.sh takes no arguments" >&2; exit 2; }
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset CARGO_TARGET_DIR CARGO_BUILD_TARGET
# ancil is built as it comes from the registry: nothing for the next build, no lints.
export CARGO_INCREMENTAL=0 RUSTFLAGS="--cap-lints allow" RUSTC_WRAPPER=$work/rustc
export times=$work/times

cat >"$work/rustc" <<'WRAPPER'
#!/usr/bin/env bash
# Adds "PACKAGE SECONDS SECONDS" to a file: what this call of rustc took as user and as system.
[ -n "${CARGO_PKG_NAME:-}" ] || exec "$@"
TIMEFORMAT="$CARGO_PKG_NAME %U %S"
{ time "$@" 2>&3; } 3>&2 2>>"$times"
WRAPPER
chmod +x "$work/rustc"

# Name, dependency.
peers="ancil { path = \"$PWD/..\" }
rustix { version = \"1\", features = [\"net\"] }
nix { version = \"0.31\", features = [\"socket\", \"uio\"] }
libc \"0.2\""
runs='1 2 3'

build() { # CRATE RUN [COMMAND]: builds a crate that depends on this one
    local command=${3:-build}
    export times=$work/times-$1-$2
    [ "$command" = build ] || times=$work/times-$1-$command-$2
    rm -rf "$work/target"
    TIMEFORMAT='all %U %S'
    { time cargo "$command" --quiet --offline --manifest-path "$work/$1/Cargo.toml" \
        --target-dir "$work/target" 2>&3; } 3>&2 2>>"$times"
}

least() { # CRATE PACKAGE...: prints the CPU seconds of these packages in the run that took least
    local crate=$1 run
    shift
    for run in $runs; do
        awk -v packages="$*" '
            index(" " packages " ", " " $1 " ") { seconds += $2 + $3; found = 1 }
            END { if (!found) exit 1; printf "%.1f\n", seconds }' "$work/times-$crate-$run"
    done | sort -n | head -1
}

while read -r crate dependency; do
    mkdir -p "$work/$crate/src"
    echo 'fn main() {}' >"$work/$crate/src/main.rs"
    cp Cargo.lock "$work/$crate" # for the versions
    cat >"$work/$crate/Cargo.toml" <<MANIFEST
[package]
name = "dependent"
edition = "2024"
[dependencies]
$crate = $dependency
MANIFEST
done <<<"$peers"
# One crate after the other, so that a busy minute does not fall on one of them alone.
for run in $runs; do
    while read -r crate dependency; do
        build "$crate" "$run"
    done <<<"$peers"
    build ancil "$run" check
done

cat <<'TEXT'
# Cost to build

The CPU seconds, as user and as system, of a clean debug build of an empty program that depends on
one crate: the least of three runs. Other work on the machine makes them some tenths larger.

| the crate | CPU seconds |
| --- | ---: |
TEXT
while read -r crate dependency; do
    echo "| $crate = $(sed "s,\"[^\"]*/\.\.\",\"...\"," <<<"$dependency") | $(least "$crate" all) |"
done <<<"$peers"
cat <<TEXT

ancil's build consists of these parts.

| the part | CPU seconds |
| --- | ---: |
| ancil | $(least ancil ancil) |
| of that what \`cargo check\` does, too | $(least ancil-check ancil) |
| zerocopy | $(least ancil zerocopy) |
| zerocopy-derive | $(least ancil zerocopy-derive) |
| syn, quote, proc-macro2 and unicode-ident, for it | $(least ancil syn quote proc-macro2 \
    unicode-ident) |
| bitflags | $(least ancil bitflags) |

The goal for ancil itself is 1.5 seconds. If it is missed: ancil has some 300 types with the common
traits, and \`cargo check\` alone, which makes no machine code, takes most of that time. For the
types that derive zerocopy's traits, the derive writes a third of all lines. Fewer derives would not
do: each of these types is read from bytes or written as bytes.

Made by \`benches/build_cost.sh > docs/build-cost.md\` with $(rustc --version).
TEXT
