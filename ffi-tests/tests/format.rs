//! Checks from C that `ancil_format` keeps snprintf's contract at every size, and that names are
//! right or NULL.

use ffi_tests::{compile_and_run, scratch};

#[test]
fn every_size_and_the_names() {
    let dir = scratch!("format");
    for level in ["-O0", "-O2"] {
        assert_eq!(compile_and_run(&dir, "format.c", &[level]), "ok\n");
    }
}
