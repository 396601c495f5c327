//! libancil-preload.so: a program that is built already, and calls the C library's stepping rule, gets ancil's.

use ffi_tests::cc::Compiler;
use ffi_tests::process::{SECONDS, run, try_run};
use ffi_tests::{archive, binutils, c_dir, scratch, skip};
use std::mem::size_of;
use std::process::Command;

#[test]
fn calls_are_reached() {
    let dir = scratch!("calls");
    let exe = dir.join("preload.exe");
    run(Compiler::c()
        .command()
        .args(["-O0", "-o"])
        .arg(&exe)
        .arg(c_dir().join("preload.c")));
    if !binutils("nm", &["-D"], &exe).contains("U __cmsg_nxthdr") {
        return skip(
            "libancil-preload.so",
            "this C library's CMSG_NXTHDR calls no function",
        );
    }
    let library = archive().with_file_name("libancil-preload.so");
    let exported = binutils("nm", &["-D", "--defined-only"], &library);
    assert!(
        exported.ends_with(" T __cmsg_nxthdr\n") && exported.lines().count() == 1,
        "{exported}"
    );

    let step = |preload: bool, [offset, len, controllen]: [&str; 3]| {
        let mut program = Command::new(&exe);
        program.args([offset, len, controllen]);
        if preload {
            program.env("LD_PRELOAD", &library);
        }
        try_run(&mut program, SECONDS).ok()
    };
    let header = size_of::<usize>() + 8;
    let [most, back] = [usize::MAX, usize::MAX - 20].map(|n| n.to_string());
    let [bare, two, past] = [header, 2 * header, 8 * header].map(|n| n.to_string());
    // The header at this offset, what it says its length is, the length of the control buffer; the next header.
    let cases = [
        (["0", &bare, "4096"], bare.as_str()),
        (["0", &bare, &two], &bare),
        (["0", "0", "4096"], "end"),
        (["0", "3", "4096"], "end"),
        (["0", &most, "4096"], "end"),
        (["0", &back, "4096"], "end"),
        (["0", &two, &two], "end"),
        ([&past, &bare, &two], "end"), // a header that lies behind the end
        (["NULL", "0", "4096"], "0"),  // RFC 3542: the first one
    ];
    let mut mended = 0;
    for (case, next) in cases {
        let ours = step(true, case);
        assert_eq!(ours.as_deref().map(str::trim_end), Some(next), "{case:?}");
        mended += usize::from(step(false, case) != ours);
    }
    // glibc 2.36 leaves the buffer in one case and crashes in the other; older ones loop and step back as well.
    assert!(
        mended > 0,
        "the C library's own rule is ancil's: nothing is shown"
    );
    assert!(
        mended < cases.len(),
        "the library is of no use without LD_PRELOAD"
    );
}
