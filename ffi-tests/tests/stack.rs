//! On x86-64 and 32-bit ARM no public C function takes more than 256 bytes of stack: its own frame, all below it and
//! return addresses, as `benches/size/stack.py` reads them off the library that ships.

use ffi_tests::process::{SECONDS, run, try_run};
use ffi_tests::{has, header, machine, note, own_objects, root, rust_archive, scratch, skip};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Bytes that a function may take.
const MOST: usize = 256;

/// The machines whose instructions stack.py knows.
const MACHINES: [&str; 4] = ["x86_64-", "arm", "thumbv7", "thumbv8"];

/// What stack.py says of an object: bytes, or why nobody can tell.
fn depths(object: &Path) -> BTreeMap<String, Result<usize, String>> {
    let mut python = Command::new("python3");
    python.arg(root().join("benches/size/stack.py")).arg(object).arg(machine::tool("objdump"));
    let text = run(&mut python);
    let depth = |line: &str| match line.strip_prefix("? ").and_then(|unknown| unknown.split_once(": ")) {
        Some((name, why)) => (name.into(), Err(why.into())),
        None => {
            let (bytes, name) = line.split_once(' ').expect("BYTES NAME");
            (name.into(), Ok(bytes.parse().unwrap()))
        }
    };
    text.lines().map(depth).collect()
}

/// Whether everything is there that stack.py needs, and the machine is one that it knows.
fn possible() -> bool {
    let machine = machine::target().unwrap_or_else(|| format!("{}-", std::env::consts::ARCH));
    if !MACHINES.iter().any(|known| machine.starts_with(known)) {
        skip("stack", &format!("stack.py does not read {machine}"));
        return false;
    }
    has("python3", "stack") && has("llvm-readobj", "stack") && has(&machine::tool("objdump"), "stack")
}

#[test]
fn every_function_takes_little() {
    if !possible() {
        return;
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stack-target");
    let archive = rust_archive("ancil", &target, None, &["-Zemit-stack-sizes"]);
    let objects = own_objects(&scratch!("object"), &archive);
    let [object] = &objects[..] else { panic!("not one object: {objects:?}") };
    let depths = depths(object);
    let text = header::text("ancil.h");
    let declared: BTreeSet<_> = header::functions(&text).into_iter().collect();
    let found: BTreeSet<_> = depths.keys().map(String::as_str).collect();
    assert!(declared.len() >= 12);
    assert_eq!(declared, found, "ancil.h and what was read");
    let over: Vec<_> = depths.iter().filter(|(_, depth)| !matches!(depth, Ok(bytes) if *bytes <= MOST)).collect();
    assert!(over.is_empty(), "more than {MOST} bytes, or nobody knows: {over:#?}");
    let deepest = depths.iter().max_by_key(|(_, depth)| depth.as_ref().ok()).unwrap();
    note(&format!("the deepest of {}: {deepest:?}", depths.len()));
}

/// What is large, or has no bound, is seen; also below the function that is asked about.
#[test]
fn large_frames_and_unknown_ones_are_told() {
    if !possible() {
        return;
    }
    if machine::target().is_some() {
        return skip("teeth of stack", "compiled for this machine only");
    }
    let dir = scratch!("teeth");
    let object = dir.join("teeth.o");
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()));
    rustc.env("RUSTC_BOOTSTRAP", "1").args(["--edition", "2024", "--crate-type", "lib", "--emit", "obj", "-O"]);
    rustc.args(["-Cpanic=abort", "-Zemit-stack-sizes", "-o"]).arg(&object);
    rustc.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("c/stack.rs"));
    try_run(&mut rustc, SECONDS).unwrap_or_else(|e| panic!("{e}"));
    let depths = depths(&object);
    let why = |name: &str| depths[name].clone().expect_err(name);
    assert!(depths["ancil_small"].as_ref().is_ok_and(|bytes| *bytes < 64), "{depths:?}");
    assert!(depths["ancil_large"].as_ref().is_ok_and(|bytes| *bytes > 300 && *bytes < 400), "{depths:?}");
    assert!(depths["ancil_above_large"] > depths["ancil_large"], "{depths:?}");
    assert!(why("ancil_recursive").contains("calls itself"), "{depths:?}");
    assert!(why("ancil_above_recursive").contains("calls itself"), "{depths:?}");
    assert!(why("ancil_pointer").contains("through a pointer"), "{depths:?}");
    assert!(why("ancil_pointer_last").contains("through a pointer"), "{depths:?}");
    assert!(why("ancil_elsewhere").contains("not here"), "{depths:?}");
}
