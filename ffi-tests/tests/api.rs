//! Calls the C API with hostile, full and missing buffers, and checks what it returns and that it
//! accesses nothing outside of them.

use ancil::datagram::{Arrival, Departure};
use ffi_tests::cc::Compiler;
use ffi_tests::process::run;
use ffi_tests::{c_dir, compile_and_run, root, scratch};
use std::process::Command;

/// Returns the package's version, from its manifest.
fn version() -> String {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let line = manifest
        .lines()
        .find(|line| line.starts_with("version = "))
        .unwrap();
    line.split('"').nth(1).unwrap().into()
}

#[test]
fn buffers_of_every_size_and_content() {
    let dir = scratch!("api");
    // The inline functions, and those of the library.
    for args in [&["-O0"][..], &["-O2"], &["-O2", "-DANCIL_NO_INLINE"]] {
        let exe = Compiler::c().program(&dir, &[c_dir().join("api.c")], args);
        assert_eq!(run(Command::new(exe).arg(version())), "ok\n");
    }
}

/// Compiles and runs programs that compare with the system's structs, numbers and kernel.
#[test]
fn answers_agree_with_the_system() {
    let dir = scratch!("answers");
    for source in ["typed.c", "errqueue.c", "option.c", "exthdr.c"] {
        for level in ["-O0", "-O2"] {
            assert_eq!(compile_and_run(&dir, source, &[level]), "ok\n");
        }
    }
}

#[test]
fn datagrams_agree_with_the_system_and_with_rust() {
    let dir = scratch!("datagram");
    let numbers = [
        ancil::space_of::<Arrival>(),
        Departure::SPACE,
        size_of::<usize>(),
    ];
    let numbers = numbers.map(|number| number.to_string());
    for level in ["-O0", "-O2"] {
        let exe = Compiler::c().program(&dir, &[c_dir().join("datagram.c")], &[level]);
        assert_eq!(run(Command::new(exe).args(&numbers)), "ok\n");
    }
}
