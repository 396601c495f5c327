//! Buffers at any address, in C that traps on an access which its type does not allow.

use ffi_tests::process::{SECONDS, try_run};
use ffi_tests::{cc::Compiler, compile_and_run, machine, scratch};
use std::process::Command;

/// Needs no runtime, so it links for every machine.
const TRAP: [&str; 3] = [
    "-O1",
    "-fsanitize=alignment",
    "-fsanitize-undefined-trap-on-error",
];

#[test]
fn no_buffer_has_to_be_aligned() {
    assert_eq!(
        compile_and_run(&scratch!("offsets"), "offsets.c", &TRAP),
        "ok\n"
    );
}

/// The trap works: C that loads an int from an odd address does not come to its end. Nor does it without the trap on
/// mips, which faults: there the library's own loads are proved by `no_buffer_has_to_be_aligned`.
#[test]
fn the_trap_works() {
    let dir = scratch!("trap");
    let source = dir.join("odd.c");
    let program = "#include <string.h>\nint main(int n, char **v) { char *p; static int two[2]; (void)v;\n\
                   p = (char *)two + n; return *(volatile int *)(void *)p; }\n";
    std::fs::write(&source, program).unwrap();
    let dies = |flags| {
        try_run(
            &mut Command::new(Compiler::c().program(&dir, &[&source], flags)),
            SECONDS,
        )
        .is_err()
    };
    assert!(dies(&TRAP[..]));
    assert_eq!(
        dies(&["-O1"]),
        machine::target().is_some_and(|target| target.starts_with("mips-"))
    );
}
