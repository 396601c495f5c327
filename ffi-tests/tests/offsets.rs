//! Checks that buffers may have any address, with C that traps on an access that its type does not
//! allow.

use ffi_tests::process::{SECONDS, try_run};
use ffi_tests::{cc::Compiler, compile_and_run, machine, scratch};
use std::process::Command;

/// Flags for a sanitizer that traps, which needs no runtime library and so links for every machine.
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

/// C that loads an int from an odd address traps. On mips it faults without the trap as well, so
/// there `no_buffer_has_to_be_aligned` also checks the library's own loads.
#[test]
fn a_misaligned_load_traps() {
    let dir = scratch!("trap");
    let source = dir.join("odd.c");
    let program = "#include <string.h>\n\
                   int main(int n, char **v) { char *p; static int two[2]; (void)v;\n\
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
