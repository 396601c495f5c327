#!/bin/bash
# Checks packaging/yocto with oelint-adv (`pip install oelint-adv`), and runs the steps of
# packaging/buildroot with GNU make, from a new `cargo package` with vendored crates. What Buildroot
# defines is replaced by the shortest text that makes the steps run on this machine. Neither
# Buildroot nor bitbake is run.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v oelint-adv >/dev/null ||
    { echo "recipes.sh: needs oelint-adv: pip install oelint-adv" >&2; exit 1; }
. ci/source.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

echo "== oelint-adv"
# Left out: whether the home page answers, which needs a network, and hints, of which there is one:
# the recipes name no bug tracker.
oelint-adv --quiet --hide info --suppress oelint.vars.homepageping -- packaging/yocto/*.bb

echo "== the steps for Buildroot"
archives "$dir/archives"
mkdir -p "$dir/download" "$dir/build/ancil" "$dir/build/ancil-headers"
# Buildroot packs the vendored crates and the configuration of cargo into the archive.
unpack "$dir/archives" "$dir/download/ancil-$version"
mkdir "$dir/download/ancil-$version/.cargo"
cp packaging/vendor.toml "$dir/download/ancil-$version/.cargo/config.toml"
tar -C "$dir/download" -czf "$dir/download/ancil-$version.crate" "ancil-$version"
cat > "$dir/Makefile" << 'END'
TAR = tar
RUSTC_TARGET_NAME := $(shell rustc -vV | sed -n 's/^host: //p')
PKG_CARGO_ENV = CARGO_HOME=$(DIR)/cargo CARGO_BUILD_TARGET=$(RUSTC_TARGET_NAME)
STAGING_DIR = $(DIR)/staging
TARGET_DIR = $(DIR)/target
ANCIL_DL_DIR = $(DIR)/download
ANCIL_HEADERS_DL_DIR = $(DIR)/download
include packaging/buildroot/ancil-headers/ancil-headers.mk
include packaging/buildroot/ancil/ancil.mk
all: $(DIR)/build/ancil/done
$(DIR)/build/ancil-headers/done:
	$(ANCIL_HEADERS_EXTRACT_CMDS)
	$(ANCIL_HEADERS_INSTALL_STAGING_CMDS)
	touch $@
$(DIR)/build/ancil/done: $(ANCIL_DEPENDENCIES:%=$(DIR)/build/%/done)
	$(ANCIL_EXTRACT_CMDS)
	$(ANCIL_BUILD_CMDS)
	$(ANCIL_INSTALL_STAGING_CMDS)
	$(ANCIL_INSTALL_TARGET_CMDS)
	touch $@
END
without_network make -f "$dir/Makefile" DIR="$dir" > "$dir/log" 2>&1 ||
    { cat "$dir/log" >&2; exit 1; }
cc -I"$dir/staging/usr/include" -o "$dir/program" packaging/installed.c \
    "$dir/staging/usr/lib/libancil.so"
[ "$(LD_LIBRARY_PATH=$dir/target/usr/lib "$dir/program")" = "$version" ]
echo "== done"
