# Sourced by run.sh and guard.sh, in the directory of this file. Provides $tmp and `count`.

for tool in valgrind gcc clang musl-gcc; do
    command -v $tool >/dev/null || { echo "$0: needs $tool" >&2; exit 1; }
done
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Writes callgrind's counts of each case to FILE, after all contestants returned the same.
count() { # PROGRAM FILE
    "$1" check
    valgrind --tool=callgrind --combine-dumps=yes --callgrind-out-file="$2" "$1" count \
        >"$tmp/log" 2>&1 || { cat "$tmp/log" >&2; exit 1; }
}
