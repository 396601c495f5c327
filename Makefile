# libancil for C. `make` builds libancil.a; `make examples` the programs in c-examples/.
CARGO ?= cargo

all: libancil.a

# Cargo knows what is stale.
libancil.a: FORCE
	$(CARGO) rustc --target-dir target --profile capi --features capi --crate-type staticlib
	cp target/capi/libancil.a $@

examples: libancil.a
	$(MAKE) -C c-examples

clean:
	rm -f libancil.a
	$(MAKE) -C c-examples clean
	$(CARGO) clean --target-dir target --profile capi

FORCE:
.PHONY: all examples clean FORCE
