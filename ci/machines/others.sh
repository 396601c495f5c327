# Part of machines.sh: the rows that are not one of its MACHINES.

levels() {
    say "nothing panics, at every level of optimisation"
    local log=$logs/levels
    ANCIL_OPT_LEVELS="z s 2 3" cargo test -p ffi-tests --test no_panic >"$log" 2>&1 || fails "$log"
    row levels - "$(sums "$log")" - "$(skipped "$log")"
}

# The tests of ffi-tests that are not run with musl. no_panic has a row of its own. dialects and
# sanitizers choose their compilers themselves, musl-gcc among them. install and libraries link with
# C++ and Rust libraries, which need glibc on this machine.
NOT_MUSL="dialects install libraries no_panic sanitizers"

musl() {
    say "musl: C compiled by musl-gcc"
    install musl-tools linux-libc-dev
    local log=$logs/musl headers=$PWD/target/machines/musl folder name tests=()
    # musl-gcc does not search /usr/include, so link the kernel's headers, without glibc's.
    mkdir -p "$headers"
    : >"$log"
    for folder in linux asm-generic "$(gcc -print-multiarch)/asm"; do
        ln -sfn "/usr/include/$folder" "$headers/$(basename "$folder")"
    done
    for name in ffi-tests/tests/*.rs; do
        name=$(basename "$name" .rs)
        case " $NOT_MUSL " in
            *" $name "*) echo "SKIPPED c-$name: independent of the libc, or needs glibc" >>"$log" ;;
            *) tests+=(--test "$name") ;;
        esac
    done
    # musl declares msg_controllen and cmsg_len narrower than the kernel does, so that assigning a
    # size_t to them is a warning.
    CC="musl-gcc -idirafter $headers -Wno-error=conversion -Wno-error=sign-conversion" \
        cargo test -p ffi-tests --lib "${tests[@]}" --no-fail-fast >>"$log" 2>&1 ||
        fails "$log" '^(FAILED|test .*FAILED|error)|panicked'
    row musl - "$(sums "$log")" - "$(skipped "$log")"
}

BARE="thumbv7em-none-eabi riscv32imac-unknown-none-elf x86_64-unknown-none"

bare() {
    say "no operating system"
    install rustc-web rust-web-src libstd-rust-web-dev
    local target status
    for target in $BARE; do
        status=builds
        ci/no_std.sh "$target" >"$logs/$target" 2>&1 || { status=FAILED; fails "$logs/$target"; }
        row "${target%%-*}" "$status" - - "no system to run tests on: $target"
    done
}

# Builds with the compiler that is the rust-version of Cargo.toml. The feature heapless is left out,
# because heapless 0.9 needs Rust 1.87.
oldest() {
    local version dir lib exact features status=builds log=$logs/oldest
    version=$(sed -nE 's/^rust-version = "(.*)"/\1/p' Cargo.toml)
    dir=$PWD/target/machines/rustc-$version
    say "rustc $version"
    : >"$log"
    if [ ! -e "$dir/whole" ]; then
        mkdir -p "$dir/deb"
        [ -n "${no_install:-}" ] || apt-get update -qq
        exact=$(apt-cache madison rustc-web |
            awk -v v="$version." 'index($3, v) == 1 { print $3; exit }')
        [ -n "$exact" ] || {
            fails "$log"
            row "$version" "not run" - - "Debian has no rustc-web $version"
            return
        }
        (cd "$dir/deb" && apt-get download "rustc-web=$exact" "libstd-rust-web-dev=$exact" \
            "libstd-rust-web-$version=$exact" libllvm19 &&
            for deb in *.deb; do dpkg -x "$deb" .. || exit; done && touch ../whole) >>"$log" 2>&1 ||
            { fails "$log"; row "$version" FAILED - - "see $log"; return; }
    fi
    lib=$dir/usr/lib/x86_64-linux-gnu
    export LD_LIBRARY_PATH=$lib:$dir/usr/lib
    "$dir/usr/bin/rustc" --version | tee -a "$log" | grep -F "rustc $version." ||
        { status=FAILED; fails "$log"; }
    for features in "" "std" "capi"; do
        RUSTC=$dir/usr/bin/rustc CARGO_TARGET_DIR=target/machines/oldest \
            cargo build --lib --features "$features" >>"$log" 2>&1 ||
            { status=FAILED; fails "$log"; }
    done
    unset LD_LIBRARY_PATH
    row "$version" "$status" - - "feature heapless: its crate needs Rust 1.87"
}

# Checks the bytes of code and of stack on the machines of docs/size.md and docs/stack.md.
budgets() {
    say "size and stack"
    install rustc-web rust-web-src libstd-rust-web-dev \
        gcc-arm-linux-gnueabihf libc6-dev-armhf-cross \
        gcc-mips-linux-gnu libc6-dev-mips-cross \
        gcc-riscv64-linux-gnu libc6-dev-riscv64-cross
    local status=holds
    { benches/size/sizes.sh && benches/size/stack.sh; } >"$logs/budgets" 2>&1 ||
        { status=FAILED; fails "$logs/budgets"; }
    row budgets - "$status" - "nothing: see $logs/budgets"
}
