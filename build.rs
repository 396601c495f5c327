// SPDX-License-Identifier: MIT OR Apache-2.0
//! Refuses the features that make system calls for a system that is not Linux. Checks that
//! the headers in include/ are what header/ makes of the sources, or writes them, if the feature
//! `header` is on.

/// Ends the build with one sentence if the target does not have the calls of `ancil::io`. The
/// compiler would report each of them, and for some targets that there is no std.
fn refuse_calls_of_linux() {
    let system = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    if cfg!(feature = "libc") && !["linux", "android"].contains(&&*system) {
        println!(
            "cargo::error=the features `libc` and `std` need Linux or Android: they make its \
             system calls. Without them, ancil reads and writes messages on any system."
        );
    }
}

#[cfg(not(feature = "header"))]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    refuse_calls_of_linux();
}

#[cfg(feature = "header")]
#[macro_use]
#[path = "src/table/catalogue.rs"]
mod catalogue;

#[cfg(feature = "header")]
#[macro_use]
#[path = "src/table/levels.rs"]
mod levels;

#[cfg(feature = "header")]
#[macro_use]
#[path = "src/payload/numbers.rs"]
mod numbers;

#[cfg(feature = "header")]
#[path = "header/mod.rs"]
mod header;

#[cfg(feature = "header")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    refuse_calls_of_linux();
    println!("cargo::rerun-if-env-changed=ANCIL_UPDATE_HEADER");
    for path in ["build.rs", "cbindgen.toml", "header", "include", "src"] {
        println!("cargo::rerun-if-changed={path}");
    }
    header::check_or_write(std::env::var_os("ANCIL_UPDATE_HEADER").is_some())
}
