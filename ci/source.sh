# Shell functions that offline.sh and debian.sh share.

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)

# Writes the source of a release to a new folder: ancil.tar.gz, which is the crate, and
# vendor.tar.gz, the crates on which it depends.
archives() { # FOLDER
    mkdir "$1"
    cargo package --quiet --no-verify --allow-dirty --target-dir "$1/target"
    mv "$1/target/package/ancil-$version.crate" "$1/ancil.tar.gz"
    tar -C "$1" -xzf "$1/ancil.tar.gz"
    (cd "$1/ancil-$version" && cargo vendor --quiet --locked vendor > /dev/null)
    tar -C "$1/ancil-$version" -czf "$1/vendor.tar.gz" vendor
    rm -r "$1/target" "$1/ancil-$version"
}

# Unpacks both archives in a new folder.
unpack() { # ARCHIVES FOLDER
    mkdir -p "$2"
    tar -C "$2" --strip-components=1 -xzf "$1/ancil.tar.gz"
    tar -C "$2" -xzf "$1/vendor.tar.gz"
}

# Runs a command without a network, if this user may make a namespace without one.
without_network() { # COMMAND...
    if unshare --net true 2>/dev/null; then
        unshare --net "$@"
    elif unshare --net --map-root-user true 2>/dev/null; then
        unshare --net --map-root-user "$@"
    else
        "$@"
    fi
}
