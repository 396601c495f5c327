#!/bin/bash
# Builds the Debian packages of packaging/debian from a new `cargo package`, as the machines of
# Debian do: without a network (if this user may switch it off), with Debian's own programs, and
# from vendored crates. Then it
#   - compares them bit by bit with those of a build in another folder;
#   - runs lintian, for which errors and warnings are failures;
#   - builds the package of headers with a cargo and a compiler that always fail;
#   - links and runs a program with the packaged libraries.
# The packages stay in target/debian. Needs dpkg-dev, debhelper, lintian, and cargo with rustc 1.85
# or later: Debian 12 has them as cargo-web and rustc-web.
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in dpkg-buildpackage dh lintian; do
    command -v $tool >/dev/null ||
        { echo "debian.sh: needs $tool: apt-get install dpkg-dev debhelper lintian" >&2; exit 1; }
done
. ci/source.sh
root=$PWD out=$PWD/target/debian
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

echo "== the source: a crate, and its vendored dependencies"
archives "$dir/archives"
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$dir/nobody"
unset CARGO_HOME RUSTUP_HOME RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET

# Runs dpkg-buildpackage, whose output is shown only if it fails.
dpkg_build() { # FOLDER ARGUMENTS...
    local folder=$1
    shift
    (cd "$folder" && without_network dpkg-buildpackage -us -uc "$@") > "$folder.log" 2>&1 ||
        { cat "$folder.log" >&2; exit 1; }
}

# Unpacks the source and builds all packages.
build() { # FOLDER NAME
    echo "== dpkg-buildpackage in $1/$2"
    unpack "$dir/archives" "$1/$2"
    cp "$dir/archives/ancil.tar.gz" "$1/ancil_$version.orig.tar.gz"
    cp "$dir/archives/vendor.tar.gz" "$1/ancil_$version.orig-vendor.tar.gz"
    cp -r "$1/$2/packaging/debian" "$1/$2/debian"
    dpkg_build "$1/$2"
}
build "$dir/one" "ancil-$version"
build "$dir/two" another-name
for package in "$dir"/one/*.deb; do
    cmp "$package" "$dir/two/${package##*/}"
done
rm -rf "$out" && mkdir -p "$out"
cp "$dir"/one/ancil_* "$dir"/one/*.deb "$dir"/one/*.log "$out"

echo "== lintian"
lintian --fail-on error,warning --allow-root "$out"/*.changes

echo "== the package of headers, without cargo and a compiler"
CARGO=false RUSTC=false CC=false dpkg_build "$dir/two/another-name" -A

echo "== a program with the packaged libraries"
for package in "$dir"/one/*.deb; do
    case $package in *-dbgsym_*) ;; *) dpkg-deb -x "$package" "$dir/installed" ;; esac
done
lib=$(echo "$dir"/installed/usr/lib/*/)
for kind in .so .a; do
    cc -I"$dir/installed/usr/include" -o "$dir/program" "$root/packaging/installed.c" \
        "${lib}libancil$kind"
    [ "$(LD_LIBRARY_PATH=$lib "$dir/program")" = "$version" ]
done
echo "== done: the packages are in $out"
