################################################################################
#
# ancil
#
################################################################################

ANCIL_VERSION = 0.1.0
ANCIL_SITE = https://static.crates.io/crates/ancil
ANCIL_SOURCE = ancil-$(ANCIL_VERSION).crate
ANCIL_LICENSE = MIT or Apache-2.0
ANCIL_LICENSE_FILES = LICENSE-MIT LICENSE-APACHE
ANCIL_INSTALL_STAGING = YES

# A .crate is a .tar.gz, which Buildroot does not recognise by the suffix.
define ANCIL_EXTRACT_CMDS
	$(ZCAT) $(ANCIL_DL_DIR)/$(ANCIL_SOURCE) | $(TAR) --strip-components=1 -C $(@D) $(TAR_OPTIONS) -
endef

# The Makefile calls cargo, for which the package infrastructure has vendored the dependencies.
ANCIL_MAKE = \
	$(TARGET_MAKE_ENV) $(TARGET_CONFIGURE_OPTS) $(PKG_CARGO_ENV) \
	$(MAKE) -C $(@D) CROSS=$(RUSTC_TARGET_NAME) BUILD_STD= CARGOFLAGS="--offline --locked" PREFIX=/usr

define ANCIL_BUILD_CMDS
	$(ANCIL_MAKE)
endef

define ANCIL_INSTALL_STAGING_CMDS
	$(ANCIL_MAKE) install DESTDIR="$(STAGING_DIR)"
endef

define ANCIL_INSTALL_TARGET_CMDS
	$(ANCIL_MAKE) install DESTDIR="$(TARGET_DIR)"
endef

$(eval $(cargo-package))
