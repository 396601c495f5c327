#!/bin/sh
# Compares what `cargo cinstall` installs with what `make install` does: the names of files and the
# targets of links, headers, soname, functions, and what pkg-config prints. packaging/README.md
# lists the differences that are intended. Needs cargo-c, which takes long to build: `cargo install
# cargo-c`.
set -eu
cd "$(dirname "$0")/.."
command -v cargo-cinstall >/dev/null || { echo "cinstall.sh: needs cargo-c" >&2; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
make -s install DESTDIR="$dir/make" PREFIX=/usr
cargo cinstall --locked --profile capi --target-dir target/cinstall \
    --destdir="$dir/cargo" --prefix=/usr --libdir=lib

# Prints what is installed below a folder, one fact a line.
describe() { # FOLDER
    (cd "$1" && find . ! -type d -printf '%p %l\n') | grep -v -e /cmake/ -e /man/ | sort
    (cd "$1/include" && find . -name '*.h' -exec sha256sum {} +) | sort
    so=$(echo "$1"/lib/libancil.so.*.*.*)
    readelf -d "$so" | grep -o 'soname: .*'
    nm -D --defined-only "$so" | sed -n 's/.* T \([^@]*\).*/\1/p' | sort
    for what in modversion cflags libs "static --libs"; do
        # shellcheck disable=SC2086 # the last one is two words
        PKG_CONFIG_PATH=$1/lib/pkgconfig pkg-config --define-prefix --$what ancil
    done | sed "s,/lib/pkgconfig/[.][.]/[.][.],,g; s,$1,,g; s, *$,,"
}
describe "$dir/make/usr" > "$dir/by-make"
describe "$dir/cargo/usr" > "$dir/by-cargo"
diff -u "$dir/by-cargo" "$dir/by-make"
echo "cargo cinstall and make install agree in $(wc -l < "$dir/by-make") lines"
