# A part of machines.sh: the rows that are no other machine.

levels() {
    say "no panic at every level of optimisation"
    local log=$logs/levels
    ANCIL_OPT_LEVELS="z s 2 3" cargo test -p ffi-tests --test no_panic >"$log" 2>&1 || fails "$log"
    row levels - "$(sums "$log")" - "$(skipped "$log")"
}

# What in ffi-tests is not of the C library: no_panic has a row of its own, dialects and sanitizers name their compilers
# themselves, musl-gcc among them. And install and libraries link with C++ and Rust libraries, which here need glibc.
NOT_MUSL="dialects install libraries no_panic sanitizers"

musl() {
    say "musl: C by musl-gcc"
    install musl-tools linux-libc-dev
    local log=$logs/musl headers=$PWD/target/machines/musl folder name tests=()
    # The kernel's headers without glibc's, which musl-gcc does not look for.
    mkdir -p "$headers"
    : >"$log"
    for folder in linux asm-generic "$(gcc -print-multiarch)/asm"; do
        ln -sfn "/usr/include/$folder" "$headers/$(basename "$folder")"
    done
    for name in ffi-tests/tests/*.rs; do
        name=$(basename "$name" .rs)
        case " $NOT_MUSL " in
            *" $name "*) echo "SKIPPED c-$name: not of the C library, or of glibc" >>"$log" ;;
            *) tests+=(--test "$name") ;;
        esac
    done
    # Of other types than the kernel's, musl's msg_controllen and cmsg_len lose bits of what is right for them.
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

# The rust-version that Cargo.toml declares, with that compiler. heapless 0.9 wants 1.87: that feature is left out.
oldest() {
    local version dir lib exact features status=builds log=$logs/oldest
    version=$(sed -nE 's/^rust-version = "(.*)"/\1/p' Cargo.toml)
    dir=$PWD/target/machines/rustc-$version
    say "rustc $version"
    : >"$log"
    if [ ! -e "$dir/whole" ]; then
        mkdir -p "$dir/deb"
        [ -n "${no_install:-}" ] || apt-get update -qq
        exact=$(apt-cache madison rustc-web | awk -v v="$version." 'index($3, v) == 1 { print $3; exit }')
        [ -n "$exact" ] || { fails "$log"; row "$version" "not run" - - "Debian has no rustc-web $version"; return; }
        (cd "$dir/deb" && apt-get download "rustc-web=$exact" "libstd-rust-web-dev=$exact" \
            "libstd-rust-web-$version=$exact" libllvm19 &&
            for deb in *.deb; do dpkg -x "$deb" .. || exit; done && touch ../whole) >>"$log" 2>&1 ||
            { fails "$log"; row "$version" FAILED - - "see $log"; return; }
    fi
    lib=$dir/usr/lib/x86_64-linux-gnu
    export LD_LIBRARY_PATH=$lib:$dir/usr/lib
    "$dir/usr/bin/rustc" --version | tee -a "$log" | grep -F "rustc $version." || { status=FAILED; fails "$log"; }
    for features in "" "std,libc" "capi"; do
        RUSTC=$dir/usr/bin/rustc CARGO_TARGET_DIR=target/machines/oldest \
            cargo build --lib --features "$features" >>"$log" 2>&1 || { status=FAILED; fails "$log"; }
    done
    unset LD_LIBRARY_PATH
    row "$version" "$status" - - "feature heapless: needs 1.87, says its own package"
}

# Bytes of code and of stack, on the machines of docs/size.md and docs/stack.md.
budgets() {
    say "size and stack"
    install rustc-web rust-web-src libstd-rust-web-dev {gcc-arm-linux-gnueabihf,libc6-dev-armhf-cross} \
        {gcc-mips-linux-gnu,libc6-dev-mips-cross} {gcc-riscv64-linux-gnu,libc6-dev-riscv64-cross}
    local status=holds
    { benches/size/sizes.sh && benches/size/stack.sh; } >"$logs/budgets" 2>&1 ||
        { status=FAILED; fails "$logs/budgets"; }
    row budgets - "$status" - "nothing: see $logs/budgets"
}
