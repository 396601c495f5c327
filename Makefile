# Builds and installs libancil for C. packaging/README.md describes the variables and the files.
#
#   make             builds libancil.a and libancil.so.*; needs cargo and a C compiler
#   make check       runs all tests, against the running kernel
#   make examples    builds the programs of c-examples/
#   make install DESTDIR= PREFIX= LIBDIR= INCLUDEDIR= MANDIR=
#                    installs; `make uninstall` with the same variables removes what was installed
#   make CROSS=armv7-unknown-linux-gnueabihf CC=arm-linux-gnueabihf-gcc
#                    builds for another machine, by rustc's name of it
PREFIX = /usr/local
LIBDIR = $(PREFIX)/lib
INCLUDEDIR = $(PREFIX)/include
MANDIR = $(PREFIX)/share/man

CARGO ?= cargo
CARGOFLAGS ?= --locked
CFLAGS ?= -O2 -g
CROSS ?= $(CARGO_BUILD_TARGET)
# The folder for the libraries. Its name must not contain spaces.
OUT = .

# The binutils for the compiler's target.
ifeq ($(origin AR),default)
AR = $(shell $(CC) -print-prog-name=ar)
endif
OBJCOPY ?= $(shell $(CC) -print-prog-name=objcopy)

# Only Cargo.toml contains the version. The soname changes when semantic versioning allows an
# incompatible release: 0.1.2 is libancil.so.0.1, 1.2.3 is libancil.so.1.
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
numbers := $(subst ., ,$(VERSION))
major := $(word 1,$(numbers))
SOVERSION := $(if $(filter 0,$(major)),0.$(word 2,$(numbers)),$(major))

libraries = $(OUT)/libancil.a $(OUT)/libancil.so.$(VERSION)
all: $(libraries)

# ---- The Rust code, as one position-independent object.
sources := Cargo.toml Cargo.lock build.rs $(wildcard src/*.rs src/*/*.rs src/*/*/*.rs)
built = target/$(if $(CROSS),$(CROSS)/)capi
ifneq ($(CROSS),)
# If rustc has no `core` for that machine, cargo builds it. This needs the sources of the standard
# library (rust-src), and RUSTC_BOOTSTRAP, since the option is unstable. Set `BUILD_STD=` if rustc
# finds a `core` elsewhere.
core = $(wildcard $(shell $(or $(RUSTC),rustc) --print target-libdir --target $(CROSS))/libcore-*)
BUILD_STD ?= $(if $(core),,-Zbuild-std=core)
target_flags = --target $(CROSS) $(BUILD_STD)
endif

# In the archive that rustc makes, only the members named after the crate are ours. The rest is
# compiler support, which a C compiler has in its libgcc. Only our own symbols stay global, so that
# the object can be linked with another Rust library. On 32-bit Arm the unwinding tables are
# removed, since they alone would need libgcc_s.
$(OUT)/ancil.o: $(sources) $(OUT)/.cross
	$(if $(BUILD_STD),RUSTC_BOOTSTRAP=1) $(CARGO) rustc $(CARGOFLAGS) $(target_flags) \
	    --target-dir target --profile capi --features capi --crate-type staticlib
	rm -rf $@.d && mkdir -p $@.d && cp $(built)/libancil.a $@.d
	cd $@.d && $(AR) x libancil.a
	$(CC) -r -nostdlib -o $@ $@.d/ancil[-.]*.o
	$(OBJCOPY) --wildcard --keep-global-symbol='ancil_*' --strip-symbol='__aeabi_unwind_*' \
	    --remove-section='.ARM.ex*' --remove-section='.rel.ARM.ex*' $@
	rm -r $@.d

# The machine for which the object was built. The file is written only when that changes.
$(OUT)/.cross: FORCE
	@echo '$(CROSS)' | cmp -s - $@ || { mkdir -p $(OUT) && echo '$(CROSS)' > $@; }

# ---- The libraries.
shared = $(CC) $(CFLAGS) $(LDFLAGS) -shared -nostartfiles -Wl,--gc-sections,-z,defs,-z,relro,-z,now

$(OUT)/libancil.a: $(OUT)/ancil.o
	rm -f $@
	$(AR) rcsD $@ $<

$(OUT)/libancil.so.$(VERSION): $(OUT)/ancil.o packaging/libancil.map
	$(shared) -Wl,-soname,libancil.so.$(SOVERSION),--version-script=packaging/libancil.map -o $@ $<

# ---- Installation. `ancil.pc` and CMake's files contain paths relative to themselves, so that the
# tree can be moved.
lib = $(DESTDIR)$(LIBDIR)
include = $(DESTDIR)$(INCLUDEDIR)
man3 = $(DESTDIR)$(MANDIR)/man3
pages := $(wildcard man/*.3)
# NAME of a page lists the page and its functions. Each of those names gets a link to the page.
names = $(shell sed -n 's/^\.Nm \(ancil[a-z0-9_]*\).*/\1/p' $(1))
relative = $(patsubst $(PREFIX)/%,$${prefix}/%,$(1))
up := $(shell echo '$(patsubst $(PREFIX)/%,%,$(LIBDIR))' | sed 's,[^/][^/]*,..,g')
from = $(if $(filter $(PREFIX)/%,$(LIBDIR)),$(1)/../$(up),$(PREFIX))
fill = sed -e 's,@VERSION@,$(VERSION),g' -e 's,@SOVERSION@,$(SOVERSION),g' -e 's,@prefix@,$(1),g' \
    -e 's,@libdir@,$(call relative,$(LIBDIR)),g' \
    -e 's,@includedir@,$(call relative,$(INCLUDEDIR)),g'

install: all
	install -d "$(lib)/pkgconfig" "$(lib)/cmake/ancil" "$(include)/ancil/dropin/sys"
	install -m 644 $(OUT)/libancil.a "$(lib)"
	install -m 755 $(OUT)/libancil.so.$(VERSION) "$(lib)"
	ln -sf libancil.so.$(VERSION) "$(lib)/libancil.so.$(SOVERSION)"
	ln -sf libancil.so.$(VERSION) "$(lib)/libancil.so"
	install -m 644 include/ancil.h "$(include)"
	install -m 644 include/ancil/*.h "$(include)/ancil"
	install -m 644 include/ancil/dropin/sys/socket.h "$(include)/ancil/dropin/sys"
	$(call fill,$(call from,$${pcfiledir})) packaging/ancil.pc.in > "$(lib)/pkgconfig/ancil.pc"
	for file in ancilConfig.cmake ancilConfigVersion.cmake; do \
	    $(call fill,$(call from,$${CMAKE_CURRENT_LIST_DIR}/..)) packaging/$$file.in \
	        > "$(lib)/cmake/ancil/$$file" || exit; done
	install -d "$(man3)"
	install -m 644 $(pages) "$(man3)"
	$(foreach page,$(pages), \
	    for name in $(filter-out $(basename $(notdir $(page))),$(call names,$(page))); do \
	    ln -sf $(notdir $(page)) "$(man3)/$$name.3" || exit; done;)

uninstall:
	rm -f "$(lib)/libancil.a" "$(lib)/libancil.so"
	rm -f "$(lib)/libancil.so.$(SOVERSION)" "$(lib)/libancil.so.$(VERSION)"
	rm -f "$(lib)/pkgconfig/ancil.pc" "$(include)/ancil.h"
	rm -rf "$(lib)/cmake/ancil" "$(include)/ancil"
	for name in $(call names,$(pages)); do rm -f "$(man3)/$$name.3"; done

# ---- For developers.
check:
	$(CARGO) test --workspace --all-features

check-abi:
	ci/abi.sh

soname:
	@echo libancil.so.$(SOVERSION)

examples: $(OUT)/libancil.a
	$(MAKE) -C c-examples ANCIL_CFLAGS=-I../include ANCIL_LIBS=../$(OUT)/libancil.a

clean:
	rm -f $(libraries) $(OUT)/libancil.so.* $(OUT)/ancil.o $(OUT)/.cross
	$(MAKE) -C c-examples clean
	$(CARGO) clean --target-dir target --profile capi

FORCE:
.PHONY: all install uninstall check check-abi soname examples clean FORCE
