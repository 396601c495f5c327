//! The drop-in: three ways in, the source unchanged, and the macros are ancil's.

use ffi_tests::cc::Compiler;
use ffi_tests::process::{SECONDS, run, try_run};
use ffi_tests::{archive, binutils, c_dir, include, scratch};
use std::path::Path;
use std::process::Command;

/// The folder whose sys/socket.h comes before the system's.
fn by_path() -> String {
    format!("-I{}", include().join("ancil/dropin").display())
}

/// Whether the program was linked with ancil's stepping rule, and does not call glibc's.
fn is_ancils(exe: &Path) -> bool {
    let symbols = binutils("nm", &[], exe);
    symbols.contains(" T ancil_cmsg_next") && !symbols.contains("__cmsg_nxthdr")
}

#[test]
fn a_legacy_program_passes_a_descriptor() {
    let dir = scratch!("legacy");
    let path = by_path();
    let ways: [(&str, &[&str]); 3] = [
        ("the include path", &[&path]),
        ("-include", &["-include", "ancil/cmsg.h"]),
        ("both", &["-include", "ancil/cmsg.h", &path]),
    ];
    for (way, args) in ways {
        // -g: without it tcc writes no symbols. -O0: there glibc's CMSG_NXTHDR is a call, which nm would show.
        let exe = Compiler::c().program(
            &dir,
            &[c_dir().join("send_self.c")],
            &[args, &["-g"]].concat(),
        );
        assert_eq!(run(&mut Command::new(&exe)), "passed\n", "{way}");
        assert!(is_ancils(&exe), "{way}");
    }
    // The proof by nm has teeth: without any of these ways the macros are the system's.
    let exe = Compiler::c().program(&dir, &[c_dir().join("send_self.c")], &[]);
    assert_eq!(run(&mut Command::new(&exe)), "passed\n");
    assert!(!is_ancils(&exe));
}

/// The program of tests/dialects.rs tells ancil's macros from the system's.
#[test]
fn the_systems_macros_do_not_pass() {
    let dir = scratch!("system");
    let system = Compiler::c().try_program(
        &dir,
        &[c_dir().join("dialect.c")],
        &["-DBY_PATH", "-O0", "-w"],
        archive(),
    );
    let end = try_run(&mut Command::new(system.unwrap()), SECONDS);
    assert!(end.is_err(), "{end:?}");
}
