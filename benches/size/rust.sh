# Part of sizes.sh: what calls in Rust cost. Each call in use.rs is linked alone, and with another
# of its kind.

rust_machines='x86-64 thumb2 mips'
calls='get `Reader::get`
get_all `Reader::get_all` of four keys
message `match` on a `Message`, with three variants
print print a buffer
put put three messages
receive take the descriptors of a `Received`'

# Machine, call, bytes of the first call at opt-level s when its budget was made. The budget is a
# tenth more.
rust_budgets='thumb2 get_all 624
thumb2 put 142
thumb2 receive 794
mips get_all 1308
mips put 316
mips receive 1764'

rust_archive() { # TARGET LEVEL: builds use.rs, prints the path of the archive
    local environment=() options=()
    if [ "$1" != x86_64-unknown-linux-gnu ]; then
        environment=(RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1)
        options=(-Zbuild-std=core)
    fi
    env "${environment[@]}" CARGO_PROFILE_RELEASE_OPT_LEVEL="$2" CARGO_PROFILE_RELEASE_PANIC=abort \
        cargo build --quiet --locked --release --manifest-path $here/Cargo.toml \
        --target "$1" --target-dir "$work/rust-$2" "${options[@]}" >&2
    echo "$work/rust-$2/$1/release/libancil_size.a"
}

linked() { # ARCHIVE FUNCTION...: prints the bytes of the functions and of all that they refer to
    local found code constants variables archive=$1
    shift
    "${compiler[@]}" -nostdlib -r "-Wl,--gc-sections,--entry=$1" "${@/#/-Wl,-u,}" "$archive" \
        -o "$work/program"
    found=$(sections "$work/program")
    read -r code constants variables <<<"$found"
    echo $((code + constants + variables)) # a constant with pointers stands in .data.rel.ro
}

cat <<'TEXT'

## Rust

What a call adds to a program in Rust, in bytes of code and constants. "First" is all that the
first call in a program brings: the function around the call, and what it uses of ancil and of
`core`. "Next" is what the second call adds, which is of the same kind with other keys. The calls
are in `benches/size/use.rs`, built as a dependent crate is: with opt-level s or 3, without LTO.

| machine | call | s: first | s: next | 3: first | 3: next |
| --- | --- | --- | --- | --- | --- |
TEXT
declare -A first # of MACHINE CALL, at opt-level s
while read -r machine target rest; do
    wanted "$machine" && [[ " $rust_machines " == *" $machine "* ]] || continue
    read -ra compiler <<<"$rest"
    small=$(rust_archive "$target" s)
    fast=$(rust_archive "$target" 3)
    while read -r call words; do
        printf '| %s | %s' "$machine" "$words"
        for archive in "$small" "$fast"; do
            one=$(linked "$archive" "first_$call")
            two=$(linked "$archive" "first_$call" "next_$call")
            printf ' | %d | %d' "$one" $((two - one))
            [ "$archive" != "$small" ] || first[$machine $call]=$one
        done
        echo ' |'
    done <<<"$calls"
done <<<"$machines"

printf '\n%s\n\n' "The budgets of first calls at opt-level s, in bytes:"
echo "| machine | call | budget | bytes |"
echo "| --- | --- | --- | --- |"
while read -r machine call bytes; do
    wanted "$machine" || continue
    most=$((bytes + bytes / 10))
    words=$(sed -n "s/^$call //p" <<<"$calls")
    now=${first[$machine $call]}
    echo "| $machine | $words | $most | $now |"
    [ "$now" -le $most ] || {
        echo "sizes.sh: $machine: $words: $now bytes exceed the budget of $most" >&2
        broken=1
    }
done <<<"$rust_budgets"
