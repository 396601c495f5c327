################################################################################
#
# ancil-headers
#
################################################################################

ANCIL_HEADERS_VERSION = 0.1.0
ANCIL_HEADERS_SITE = https://static.crates.io/crates/ancil
ANCIL_HEADERS_SOURCE = ancil-$(ANCIL_HEADERS_VERSION).crate
ANCIL_HEADERS_LICENSE = MIT or Apache-2.0
ANCIL_HEADERS_LICENSE_FILES = LICENSE-MIT LICENSE-APACHE
ANCIL_HEADERS_INSTALL_STAGING = YES
ANCIL_HEADERS_INSTALL_TARGET = NO

# A .crate is a .tar.gz, which Buildroot does not recognise by the suffix.
ANCIL_HEADERS_UNPACK = $(TAR) -xz --strip-components=1 -C $(@D) -f

define ANCIL_HEADERS_EXTRACT_CMDS
	$(ANCIL_HEADERS_UNPACK) $(ANCIL_HEADERS_DL_DIR)/$(ANCIL_HEADERS_SOURCE)
endef

define ANCIL_HEADERS_INSTALL_STAGING_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) -C $(@D) install-headers PREFIX=/usr \
		DESTDIR="$(STAGING_DIR)"
endef

$(eval $(generic-package))
