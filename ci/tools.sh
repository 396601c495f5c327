# A shell function that other scripts use: the cargo commands beyond the toolchain, each in the one
# version that is named here.
declare -A tool_versions=(
    [cargo-cyclonedx]=0.5.9
    [cargo-deny]=0.20.2
    [cargo-mutants]=27.1.0
    [cargo-public-api]=0.52.0
    [cargo-semver-checks]=0.51.0
)

# Puts a command into PATH. Without it, this installs it in target/tools, which takes minutes.
tool() { # NAME
    local root=$PWD/target/tools/$1-${tool_versions[$1]}
    if [ ! -x "$root/bin/$1" ]; then
        echo "installing $1 ${tool_versions[$1]}" >&2
        cargo install --quiet --locked --root "$root" --version "=${tool_versions[$1]}" "$1"
    fi
    PATH=$root/bin:$PATH
}
