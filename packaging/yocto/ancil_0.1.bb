SUMMARY = "Encodes and decodes Linux control messages (cmsghdr) and I/O vectors"
LICENSE = "MIT | Apache-2.0"
LIC_FILES_CHKSUM = " \
    file://LICENSE-MIT;md5=0301bdfa411ca0dca4ad6affbb75a369 \
    file://LICENSE-APACHE;md5=3b83ef96387f14655fc854ddc3c6bd57 \
"

PV = "0.1.0"
SRC_URI = "crate://crates.io/ancil/${PV}"
# Enter the checksum of the release: SRC_URI[ancil-0.1.0.sha256sum] = "..."
S = "${CARGO_VENDORING_DIRECTORY}/ancil-${PV}"

inherit cargo cargo-update-recipe-crates

# Written by `bitbake -c update_crates ancil`.
require ancil-crates.inc

# The Makefile calls cargo, for which the class has vendored the crates and set the target.
EXTRA_OEMAKE = " \
    CROSS=${RUST_HOST_SYS} BUILD_STD= CARGOFLAGS='--offline' \
    PREFIX=${prefix} LIBDIR=${libdir} INCLUDEDIR=${includedir} MANDIR=${mandir} \
"

do_compile() {
    oe_cargo_fix_env
    export RUSTFLAGS="${RUSTFLAGS}"
    oe_runmake -C ${S}
}

do_install() {
    oe_runmake -C ${S} install DESTDIR=${D}
}

BBCLASSEXTEND = "native nativesdk"
