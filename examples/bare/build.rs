// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Links the program without the C library and without its start files.

fn main() {
    for argument in ["-nostdlib", "-nostartfiles", "-static", "-no-pie"] {
        println!("cargo::rustc-link-arg-bins={argument}");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
