SUMMARY = "Control messages of Linux sockets and I/O vectors, as a C library"
DESCRIPTION = "\
    libancil encodes and decodes control messages (cmsghdr) and I/O vectors in the caller's \
    buffers. It checks bounds, allocates nothing and keeps no state. \
"
SECTION = "libs"
# The headers that need no library are in a recipe of their own.
DEPENDS = "ancil-headers"

require ancil.inc
# The crates of Cargo.lock.
require ${BPN}-crates.inc

SRC_URI += "crate://crates.io/ancil/${PV}"
# Not known before the release. bitbake prints the checksum of the file that it fetched.
SRC_URI[ancil-0.1.0.sha256sum] = "0000000000000000000000000000000000000000000000000000000000000000"

S = "${CARGO_VENDORING_DIRECTORY}/ancil-${PV}"

inherit cargo cargo-update-recipe-crates

# The Makefile calls cargo, for which the class has vendored the crates and set the target.
EXTRA_OEMAKE = "\
    V=1 CROSS=${RUST_HOST_SYS} BUILD_STD= CARGOFLAGS='--offline' \
    PREFIX=${prefix} LIBDIR=${libdir} INCLUDEDIR=${includedir} MANDIR=${mandir} DOCDIR=${docdir}/ancil \
"

do_compile() {
    oe_cargo_fix_env
    export RUSTFLAGS="${RUSTFLAGS}"
    oe_runmake -C ${S}
}

do_install() {
    oe_runmake -C ${S} install-library DESTDIR=${D}
}

RDEPENDS:${PN}-dev += "ancil-headers-dev"

BBCLASSEXTEND = "native nativesdk"
