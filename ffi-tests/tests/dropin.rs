//! Checks that a program gets ancil's macros in each way to use the drop-in, with its source
//! unchanged.

use ffi_tests::cc::Compiler;
use ffi_tests::process::{SECONDS, run, try_run};
use ffi_tests::{archive, binutils, c_dir, include, scratch};
use std::path::Path;
use std::process::Command;

/// Returns the option for the folder whose sys/socket.h comes before the system's.
fn by_path() -> String {
    format!("-I{}", include().join("ancil/dropin").display())
}

/// Returns whether the program was linked with ancil's stepping rule and does not call glibc's.
fn uses_ancil(exe: &Path) -> bool {
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
        // Without -g, tcc writes no symbols. Without optimisation, glibc's CMSG_NXTHDR is a call,
        // which nm shows.
        let exe = Compiler::c().program(
            &dir,
            &[c_dir().join("send_self.c")],
            &[args, &["-g"]].concat(),
        );
        assert_eq!(run(&mut Command::new(&exe)), "passed\n", "{way}");
        assert!(uses_ancil(&exe), "{way}");
    }
    // Without the drop-in, nm shows that the macros are the system's.
    let exe = Compiler::c().program(&dir, &[c_dir().join("send_self.c")], &[]);
    assert_eq!(run(&mut Command::new(&exe)), "passed\n");
    assert!(!uses_ancil(&exe));
}

/// The program of tests/dialects.rs fails with the system's macros, so its success shows that they
/// are ancil's.
#[test]
fn the_systems_macros_fail() {
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
