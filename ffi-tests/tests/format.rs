//! Printing from C: `ancil_format` keeps snprintf's rule at every size, the names are right or NULL.

use ffi_tests::{compile_and_run, scratch};

#[test]
fn every_size_is_kept_and_names_are_right() {
    let dir = scratch!("format");
    for level in ["-O0", "-O2"] {
        assert_eq!(compile_and_run(&dir, "format.c", &[level]), "ok\n");
    }
}
