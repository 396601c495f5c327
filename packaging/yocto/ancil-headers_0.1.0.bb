SUMMARY = "Control messages of Linux sockets, in headers without a library"
DESCRIPTION = "\
    ancil/cmsg.h replaces the CMSG_* macros of the system by ones that check bounds. \
    ancil/inline.h and ancil/fds.h read and write control messages. Programs that use them need \
    no library, and this recipe needs no Rust. \
"
SECTION = "devel"

require ancil.inc

# A .crate is a .tar.gz, which bitbake does not recognise by the suffix.
SRC_URI = "https://static.crates.io/crates/ancil/ancil-${PV}.crate;downloadfilename=ancil-${PV}.tar.gz"
# Not known before the release. bitbake prints the checksum of the file that it fetched.
SRC_URI[sha256sum] = "0000000000000000000000000000000000000000000000000000000000000000"

S = "${UNPACKDIR}/ancil-${PV}"

inherit allarch

EXTRA_OEMAKE = "V=1 PREFIX=${prefix} INCLUDEDIR=${includedir}"

do_configure[noexec] = "1"
do_compile[noexec] = "1"

do_install() {
    oe_runmake install-headers DESTDIR=${D}
}

# All files are in ancil-headers-dev. The package without -dev is empty, so it does not exist.
DEV_PKG_DEPENDENCY = ""

BBCLASSEXTEND = "native nativesdk"
