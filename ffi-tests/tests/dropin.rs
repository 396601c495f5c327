//! Checks that a program gets ancil's macros in each way to use the drop-in, with its source
//! unchanged.

use ffi_tests::cc::Compiler;
use ffi_tests::process::{SECONDS, run, try_run};
use ffi_tests::{archive, binutils, c_dir, header, include, scratch};
use std::fs::{copy, create_dir_all, remove_file};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

/// Returns the option for the folder whose sys/socket.h comes before the system's.
fn by_path() -> String {
    format!("-I{}", include().join("ancil/dropin").display())
}

/// Returns whether ancil's stepping rule is inlined in the program, as its debug information says,
/// and it calls neither glibc's nor the library.
fn uses_ancil(exe: &Path) -> bool {
    let name = b"ancil_cmsg_nxthdr";
    let bytes = std::fs::read(exe).unwrap();
    let symbols = binutils("nm", &[], exe);
    bytes.windows(name.len()).any(|part| part == name)
        && !symbols.contains("__cmsg_nxthdr")
        && !symbols.contains(" T ancil_")
}

/// Builds a program that knows nothing of ancil with these arguments, and checks that it works.
/// Returns whether it got ancil's macros.
fn builds_and_runs(dir: &Path, args: &[&str]) -> bool {
    // -g writes the names of inlined functions. Without optimisation, glibc's rule is a call.
    let source = c_dir().join("send_self.c");
    let exe = Compiler::c().program(dir, &[source], &[args, &["-g"]].concat());
    assert_eq!(run(&mut Command::new(&exe)), "passed\n", "{args:?}");
    uses_ancil(&exe)
}

#[test]
fn a_legacy_program_passes_a_descriptor() {
    let dir = scratch!("legacy");
    let path = by_path();
    let by_force = ["-include", "ancil/cmsg.h"];
    assert!(builds_and_runs(&dir, &[&path]));
    assert!(builds_and_runs(&dir, &by_force));
    assert!(builds_and_runs(&dir, &[&by_force[..], &[&path]].concat()));
    // Without the drop-in, nm shows that the macros are the system's.
    assert!(!builds_and_runs(&dir, &[]));
}

/// Copies the header alone, and nothing else, to `<folder>/sys/socket.h`. Returns the option for
/// that folder.
fn copied(folder: &Path) -> String {
    create_dir_all(folder.join("sys")).unwrap();
    copy(include().join("ancil/cmsg.h"), folder.join("sys/socket.h")).unwrap();
    format!("-I{}", folder.display())
}

#[test]
fn the_header_may_be_copied_twice_and_linked() {
    let dir = scratch!("copies");
    let (one, two) = (copied(&dir.join("packaged")), copied(&dir.join("vendored")));
    assert!(builds_and_runs(&dir, &[&one]));
    assert!(builds_and_runs(&dir, &[&one, &two]));
    assert!(builds_and_runs(
        &dir,
        &[&one, &by_path(), "-include", "ancil/cmsg.h", &two]
    ));
    let linked = dir.join("linked/sys");
    create_dir_all(&linked).unwrap();
    let link = linked.join("socket.h");
    _ = remove_file(&link);
    symlink(include().join("ancil/dropin/sys/socket.h"), link).unwrap();
    assert!(builds_and_runs(
        &dir,
        &[&format!("-I{}", dir.join("linked").display())]
    ));
}

/// A package puts the header into the folder of the system's, such as /usr/include. Each way reads
/// that folder's `sys/socket.h`, not that of another C library further down the path.
#[test]
fn the_header_may_be_in_the_systems_folder() {
    let folder = scratch!("one-folder").join("include");
    let dropin = folder.join("ancil/dropin/sys");
    create_dir_all(&dropin).unwrap();
    create_dir_all(folder.join("sys")).unwrap();
    for to in [folder.join("ancil/cmsg.h"), dropin.join("socket.h")] {
        copy(include().join("ancil/cmsg.h"), to).unwrap();
    }
    let system = "#pragma GCC system_header\n#define SYSTEM_WAS_READ\n\
                  #include_next <sys/socket.h>\n";
    std::fs::write(folder.join("sys/socket.h"), system).unwrap();
    let source = folder.join("reads.c");
    let by_path = format!("-I{}", folder.join("ancil/dropin").display());
    for (headers, args) in [
        (&["ancil/cmsg.h"][..], &[][..]),
        (&["ancil/cmsg.h"], &[&by_path]),
        (&["sys/socket.h"], &[&by_path]),
        (&["sys/socket.h", "ancil/cmsg.h", "sys/socket.h"], &[]),
        (
            &["ancil/cmsg.h", "sys/socket.h", "ancil/cmsg.h"],
            &[&by_path],
        ),
    ] {
        let mut text: String = headers
            .iter()
            .map(|header| format!("#include <{header}>\n"))
            .collect();
        text += "#if !defined SYSTEM_WAS_READ || !defined ANCIL_CMSG_H\n\
                 #error \"a header is missing\"\n#endif\n\
                 int main(void) { return sizeof (struct msghdr) == 0; }\n";
        std::fs::write(&source, text).unwrap();
        let mut cc = Compiler::c().command();
        cc.args(["-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
        cc.args(args).arg("-I").arg(&folder).arg(&source);
        run(cc.arg("-o").arg(source.with_extension("exe")));
    }
}

/// A line in a source makes it an error to forget the flag.
#[test]
fn a_forgotten_flag_is_an_error_where_the_source_asks() {
    let dir = scratch!("forgotten");
    let source = dir.join("asks.c");
    let text = "#include <sys/socket.h>\n#ifndef ANCIL_CMSG_H\n#error \"the drop-in is missing\"\n\
                #endif\nint main(void) { return ANCIL_CMSG_H == 0; }\n";
    std::fs::write(&source, text).unwrap();
    let build = |args: &[&str]| Compiler::c().try_program(&dir, &[&source], args, archive());
    assert!(build(&[]).is_err_and(|said| said.contains("the drop-in is missing")));
    run(&mut Command::new(build(&[&by_path()]).unwrap()));
}

/// The version in the header, as a number and in its first line, is the library's.
#[test]
fn the_version_is_the_librarys() {
    let text = std::fs::read_to_string(include().join("ancil/cmsg.h")).unwrap();
    let version = header::version();
    assert!(text.contains(&format!("ancil/cmsg.h, version {version}:")));
    let number = format!("#define ANCIL_CMSG_H {} ", header::version_number());
    assert!(text.contains(&number), "{number}");
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
