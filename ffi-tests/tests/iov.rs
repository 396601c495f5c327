//! Compares the I/O vector functions with a model in C.

use ffi_tests::cc::Compiler;
use ffi_tests::process::run;
use ffi_tests::{c_dir, scratch, skip};
use std::process::Command;

#[test]
fn equal_the_model() {
    let exe = Compiler::c().program(&scratch!("model"), &[c_dir().join("iov.c")], &["-O1"]);
    assert_eq!(run(&mut Command::new(exe)), "iov: 20000 cases\n");
}

/// With musl, the vectors are musl's own struct iovec.
#[test]
fn equal_the_model_on_musl() {
    let compiler = match Compiler::musl() {
        Ok(compiler) => compiler,
        Err(reason) => return skip("iov on musl", reason),
    };
    let exe = compiler.program(
        &scratch!("musl"),
        &[c_dir().join("iov.c")],
        &["-O2", "-static"],
    );
    assert_eq!(run(&mut Command::new(exe)), "iov: 20000 cases\n");
}
