# SPDX-License-Identifier: MIT OR Apache-2.0
# Builds and installs libancil for C. packaging/README.md describes the variables and the files.
# `make help` prints the lines that begin with three spaces.
#
#   make                  builds libancil.a and libancil.so.*; needs cargo and a C compiler
#   make check            runs the quick tests: the Rust code, the C API, the installed files
#   make check-all        runs all tests, against the running kernel: in a clone, 5 to 20 minutes
#   make check-abi        in a clone: compares ancil.h with packaging/libancil.abi; needs abidiff
#   make examples         builds the programs of c-examples/
#   make install          builds and installs everything
#   make install-headers  installs the headers that need no library; needs no cargo and no compiler
#   make install-library  installs what install-headers does not
#   make uninstall        removes what was installed, but no folder of others; same variables
#   make soname           prints the soname
#   make clean            removes what make built
#
#   DESTDIR= PREFIX= LIBDIR= INCLUDEDIR= MANDIR= DOCDIR=
#                         say where to install
#   V=1                   prints each command; without it, each step prints one line
#   CROSS=armv7-unknown-linux-gnueabihf CC=arm-linux-gnueabihf-gcc
#                         builds for another machine, by rustc's name of it
PREFIX = /usr/local
LIBDIR = $(PREFIX)/lib
INCLUDEDIR = $(PREFIX)/include
MANDIR = $(PREFIX)/share/man
DOCDIR = $(PREFIX)/share/doc/ancil

CARGO ?= cargo
CARGOFLAGS ?= --locked
CFLAGS ?= -O2 -g
CROSS ?= $(CARGO_BUILD_TARGET)
# The folder for the libraries. Its name must not contain spaces.
OUT = .

# Prints what a step does. `make -s` prints nothing.
Q = $(if $(V),,@)
quiet = $(findstring s,$(filter-out --%,$(firstword $(MAKEFLAGS))))
say = @$(if $(quiet),:,echo "$(1)")

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
	$(call say,Built: $(libraries))

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
	$(call say,Compiling the Rust code$(if $(CROSS), for $(CROSS)) to $@)
	$(Q)$(if $(BUILD_STD),RUSTC_BOOTSTRAP=1) $(CARGO) rustc $(CARGOFLAGS) $(target_flags) \
	    --target-dir target --profile capi --features capi --crate-type staticlib
	$(Q)rm -rf $@.d && mkdir -p $@.d && cp $(built)/libancil.a $@.d
	$(Q)cd $@.d && $(AR) x libancil.a
	$(Q)$(CC) -r -nostdlib -o $@ $@.d/ancil[-.]*.o
	$(Q)$(OBJCOPY) --wildcard --keep-global-symbol='ancil_*' --strip-symbol='__aeabi_unwind_*' \
	    --remove-section='.ARM.ex*' --remove-section='.rel.ARM.ex*' $@
	$(Q)rm -r $@.d

# The machine for which the object was built. The file is written only when that changes.
$(OUT)/.cross: FORCE
	@echo '$(CROSS)' | cmp -s - $@ || { mkdir -p $(OUT) && echo '$(CROSS)' > $@; }

# ---- The libraries.
shared = $(CC) $(CFLAGS) $(LDFLAGS) -shared -nostartfiles \
    -Wl,--gc-sections,-z,defs,-z,relro,-z,now,-z,noexecstack

$(OUT)/libancil.a: $(OUT)/ancil.o
	$(call say,Writing the archive $@)
	$(Q)rm -f $@
	$(Q)$(AR) rcsD $@ $<

$(OUT)/libancil.so.$(VERSION): $(OUT)/ancil.o packaging/libancil.map
	$(call say,Linking $@ with the soname libancil.so.$(SOVERSION))
	$(Q)$(shared) -Wl,-soname,libancil.so.$(SOVERSION),--version-script=packaging/libancil.map -o $@ $<

# ---- Installation. `ancil.pc` and CMake's files contain paths relative to themselves, so that the
# tree can be moved.
lib = $(DESTDIR)$(LIBDIR)
include = $(DESTDIR)$(INCLUDEDIR)
man3 = $(DESTDIR)$(MANDIR)/man3
man7 = $(DESTDIR)$(MANDIR)/man7
pages := $(wildcard man/*.3)
overviews := $(wildcard man/*.7)
# The guide for C, its table and its picture.
doc = $(DESTDIR)$(DOCDIR)
guide = c.md which-option.md control-buffer.svg
# NAME of a page lists the page, its functions and macros. Each of those names gets a link to the
# page.
names = $(shell sed -n 's/^\.Nm \([A-Za-z0-9_]*\).*/\1/p' $(1))
relative = $(patsubst $(PREFIX)/%,$${prefix}/%,$(1))
up := $(shell echo '$(patsubst $(PREFIX)/%,%,$(LIBDIR))' | sed 's,[^/][^/]*,..,g')
from = $(if $(filter $(PREFIX)/%,$(LIBDIR)),$(1)/../$(up),$(PREFIX))
fill = sed -e 's,@VERSION@,$(VERSION),g' -e 's,@SOVERSION@,$(SOVERSION),g' -e 's,@prefix@,$(1),g' \
    -e 's,@libdir@,$(call relative,$(LIBDIR)),g' \
    -e 's,@includedir@,$(call relative,$(INCLUDEDIR)),g'

headers := $(patsubst include/%,%,$(wildcard $(addprefix include/,*.h ancil/*.h ancil/*/*/*.h)))
# The headers that need no library. install-library installs the others.
standalone = ancil/cmsg.h ancil/dropin/sys/socket.h ancil/inline.h ancil/fds.h
copy_headers = $(foreach header,$(1), \
    install -D -m 644 include/$(header) "$(include)/$(header)" &&) :

install: install-headers install-library

install-headers:
	$(call say,Installing the headers that need no library in $(include))
	$(Q)$(call copy_headers,$(standalone))

install-library: all
	$(call say,Installing the library in $(lib) and its headers in $(include))
	$(Q)install -d "$(lib)/pkgconfig" "$(lib)/cmake/ancil"
	$(Q)install -m 644 $(OUT)/libancil.a "$(lib)"
	$(Q)install -m 755 $(OUT)/libancil.so.$(VERSION) "$(lib)"
	$(Q)ln -sf libancil.so.$(VERSION) "$(lib)/libancil.so.$(SOVERSION)"
	$(Q)ln -sf libancil.so.$(VERSION) "$(lib)/libancil.so"
	$(Q)$(call copy_headers,$(filter-out $(standalone),$(headers)))
	$(call say,Installing the files for pkg-config and CMake in $(lib))
	$(Q)umask 022 && $(call fill,$(call from,$${pcfiledir})) packaging/ancil.pc.in \
	    > "$(lib)/pkgconfig/ancil.pc"
	$(Q)umask 022 && for file in ancilConfig.cmake ancilConfigVersion.cmake; do \
	    $(call fill,$(call from,$${CMAKE_CURRENT_LIST_DIR}/..)) packaging/$$file.in \
	        > "$(lib)/cmake/ancil/$$file" || exit; done
	$(call say,Installing the manual in $(man3) and $(man7))
	$(Q)install -d "$(man3)" "$(man7)"
	$(Q)install -m 644 $(pages) "$(man3)"
	$(Q)install -m 644 $(overviews) "$(man7)"
	$(call say,Installing the guide in $(doc))
	$(Q)install -d "$(doc)"
	$(Q)install -m 644 $(addprefix docs/,$(guide)) "$(doc)"
	$(Q)$(foreach page,$(pages), \
	    for name in $(filter-out $(basename $(notdir $(page))),$(call names,$(page))); do \
	    ln -sf $(notdir $(page)) "$(man3)/$$name.3" || exit; done;)

uninstall:
	$(call say,Removing ancil from $(lib) and $(include) and $(man3))
	$(Q)rm -f "$(lib)/libancil.a" "$(lib)/libancil.so"
	$(Q)rm -f "$(lib)/libancil.so.$(SOVERSION)" "$(lib)/libancil.so.$(VERSION)"
	$(Q)rm -f "$(lib)/pkgconfig/ancil.pc" "$(include)/ancil.h"
	$(Q)rm -rf "$(lib)/cmake/ancil" "$(include)/ancil"
	$(Q)for name in $(call names,$(pages)); do rm -f "$(man3)/$$name.3"; done
	$(Q)for page in $(notdir $(overviews)); do rm -f "$(man7)/$$page"; done
	$(Q)for page in $(guide); do rm -f "$(doc)/$$page"; done
	$(Q)rmdir "$(doc)" 2>/dev/null || :

# ---- Tests.
# The tests of ffi-tests that show whether the built library works. Left out are the slow ones:
# each standard of each compiler, sanitizers, no panics, stack, the examples of the manual, and the
# broker. A crate has no ffi-tests.
quick = $(addprefix --test ,api compare dropin examples example_processes exports format headers \
    inline install interop iov libraries macros manual netlink offsets readme structs)
trial = $(abspath $(OUT))/trial

check: all
	$(call say,Testing the Rust code)
	$(Q)$(CARGO) test $(CARGOFLAGS) --lib --features std,heapless,capi
	$(call say,Installing in $(trial) and running a C program with both libraries)
	$(Q)rm -rf "$(trial)"
	$(Q)$(MAKE) -s install DESTDIR= PREFIX="$(trial)" LIBDIR="$(trial)/lib" \
	    INCLUDEDIR="$(trial)/include" MANDIR="$(trial)/share/man" DOCDIR="$(trial)/share/doc"
	$(Q)for library in libancil.so libancil.a; do \
	    $(CC) $(CFLAGS) $(LDFLAGS) -I"$(trial)/include" -o "$(trial)/program" \
	        packaging/installed.c "$(trial)/lib/$$library" && \
	    said=$$(LD_LIBRARY_PATH="$(trial)/lib" "$(trial)/program") && echo "$$library: $$said" && \
	    test "$$said" = $(VERSION) || exit; done
	$(Q)rm -r "$(trial)"
ifneq ($(wildcard ffi-tests),)
	$(call say,Testing the C API)
	$(Q)$(CARGO) test $(CARGOFLAGS) -p ffi-tests $(quick)
endif

check-all:
	$(call say,Running all tests)
	$(Q)$(CARGO) test $(CARGOFLAGS) --workspace --all-features

check-abi:
	$(Q)test -e ci/abi.sh || { echo "check-abi needs a clone" >&2; exit 1; }
	$(Q)ci/abi.sh

# ---- The rest.
help:
	@sed -n 's/^#   //p' Makefile

soname:
	@echo libancil.so.$(SOVERSION)

examples: $(OUT)/libancil.a
	$(call say,Building the programs of c-examples)
	$(Q)$(MAKE) -C c-examples ANCIL_CFLAGS=-I../include ANCIL_LIBS=../$(OUT)/libancil.a

clean:
	$(call say,Removing what make built)
	$(Q)rm -rf $(libraries) $(OUT)/libancil.so.* $(OUT)/ancil.o $(OUT)/.cross "$(trial)"
	$(Q)$(MAKE) -s -C c-examples clean ANCIL_CFLAGS= ANCIL_LIBS=
	$(Q)$(CARGO) clean --target-dir target --profile capi

FORCE:
.PHONY: all install install-headers install-library uninstall check check-all check-abi help \
    soname examples clean FORCE
