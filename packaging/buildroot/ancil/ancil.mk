################################################################################
#
# ancil
#
################################################################################

# Buildroot reads ancil-headers.mk before this file.
ANCIL_VERSION = $(ANCIL_HEADERS_VERSION)
ANCIL_SITE = $(ANCIL_HEADERS_SITE)
ANCIL_SOURCE = $(ANCIL_HEADERS_SOURCE)
ANCIL_LICENSE = $(ANCIL_HEADERS_LICENSE)
ANCIL_LICENSE_FILES = $(ANCIL_HEADERS_LICENSE_FILES)
ANCIL_INSTALL_STAGING = YES
ANCIL_DEPENDENCIES = ancil-headers

define ANCIL_EXTRACT_CMDS
	$(ANCIL_HEADERS_UNPACK) $(ANCIL_DL_DIR)/$(ANCIL_SOURCE)
endef

# The Makefile calls cargo, for which the package infrastructure has vendored
# the dependencies.
ANCIL_MAKE = \
	$(TARGET_MAKE_ENV) $(TARGET_CONFIGURE_OPTS) $(PKG_CARGO_ENV) \
	$(MAKE) -C $(@D) V=1 CROSS=$(RUSTC_TARGET_NAME) BUILD_STD= \
	CARGOFLAGS="--offline --locked" PREFIX=/usr

define ANCIL_BUILD_CMDS
	$(ANCIL_MAKE)
endef

define ANCIL_INSTALL_STAGING_CMDS
	$(ANCIL_MAKE) install-library DESTDIR="$(STAGING_DIR)"
endef

define ANCIL_INSTALL_TARGET_CMDS
	$(ANCIL_MAKE) install-library DESTDIR="$(TARGET_DIR)"
endef

$(eval $(cargo-package))
