#!/usr/bin/env bash
# Makes the files of a release in target/release-VERSION, from a clean checkout, and checks what the
# list "To release" of CONTRIBUTING.md asks for. It publishes nothing.
#
#     ci/release.sh [-a]     # -a: also for changes that are not committed, to try it
#
# Needs a network for the crates, and a quarter of an hour the first time, when it installs the
# tools of ci/tools.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
unset CARGO_TARGET_DIR CARGO_BUILD_TARGET
. ci/tools.sh
. ci/source.sh
step() { printf '\n== %s\n' "$*"; }
fail() { printf 'release.sh: %s\n' "$*" >&2; exit 1; }
dirty=()
if [ "${1:-}" = -a ]; then
    dirty=(--allow-dirty)
elif [ -n "$(git status --porcelain)" ]; then
    fail "there are changes that are not committed"
fi
step "the version is $version everywhere"
grep -q "^## \[$version\] - 20[0-9-]*$" CHANGELOG.md || fail "CHANGELOG.md has no date for it"
grep -q "^ancil ($version-" packaging/debian/changelog || fail "packaging/debian/changelog"
grep -q "^ANCIL_HEADERS_VERSION = $version$" packaging/buildroot/*/*.mk &&
    ! grep -L "ancil-$version.crate" packaging/buildroot/*/*.hash | grep . ||
    fail "packaging/buildroot"
grep -q "ancil-$version.sha256sum" "packaging/yocto/ancil_$version.bb" || fail "packaging/yocto"
for recipe in ancil ancil-headers; do
    [ -e "packaging/yocto/${recipe}_$version.bb" ] || fail "packaging/yocto has no $recipe"
done
cargo build --quiet --features header # fails if include/ is not up to date

tool cargo-cyclonedx
tool cargo-public-api
tool cargo-semver-checks

step "crates: licences, sources, advisories"
ci/supply.sh

step "the crate, built and tested from its archive alone"
out=target/release-$version
rm -rf "$out"
mkdir -p "$out"
cargo package --quiet "${dirty[@]}"
cp "target/package/ancil-$version.crate" "$out"
source=$(mktemp -d) # outside of this workspace
trap 'rm -rf "$source"' EXIT
tar -C "$source" --strip-components=1 -xzf "$out/ancil-$version.crate"
CARGO_TARGET_DIR=$PWD/target/package-tests cargo test --quiet --locked \
    --manifest-path "$source/Cargo.toml" --features std,heapless,capi
ci/offline.sh

step "the bills of materials: of the crate, and of libancil"
sbom() { # NAME FEATURES
    (cd "$source" && cargo cyclonedx --quiet --format json --spec-version 1.5 --no-build-deps \
        --features "$2" --override-filename "$1")
    # A reader gets no path of this machine, and the library its own name.
    sed -e 's,path+file://[^#"]*,https://crates.io/crates/ancil,; s,?download_url=file://\.,,' \
        -e "s,\"name\": \"ancil\",\"name\": \"$1\",; s,#ancil@,#$1@," "$source/$1.json" \
        >"$out/$1-$version.cdx.json"
    rm "$source/$1.json"
}
sbom ancil std,heapless
sbom libancil capi

step "the public API, and what it breaks"
RUSTC_BOOTSTRAP=1 cargo public-api -sss --features std,heapless >"$out/public-api.txt"
wc -l "$out/public-api.txt"
if before=$(git describe --tags --abbrev=0 --match 'v[0-9]*' HEAD 2>/dev/null); then
    cargo semver-checks --baseline-rev "$before" --only-explicit-features --features std,heapless
    ci/abi.sh --since "$before"
else
    echo "NOT RUN: no release before this one has a tag"
fi

step "what the registry would get"
cargo publish --dry-run --quiet "${dirty[@]}"

(cd "$out" && sha256sum -- * >SHA256SUMS && cat SHA256SUMS)
