//! On x86-64 and 32-bit ARM no public C function takes more than 256 bytes of stack: its own frame, all below it and
//! return addresses, as `benches/size/stack.py` reads them off the library that ships.

use ffi_tests::process::run;
use ffi_tests::{has, header, machine, note, own_objects, root, rust_archive, scratch, skip};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Bytes that a function may take.
const MOST: usize = 256;
/// Of what prints, judges and translates.
const MOST_OF_ALL: usize = 1024;

/// What a function may take.
fn most(name: &str) -> usize {
    let large = ["ancil_format", "ancil_check_", "ancil_compat_"];
    if large.iter().any(|prefix| name.starts_with(prefix)) {
        MOST_OF_ALL
    } else {
        MOST
    }
}

/// The machines whose instructions stack.py knows.
const MACHINES: [&str; 4] = ["x86_64-", "arm", "thumbv7", "thumbv8"];

/// What stack.py says of a package's own object: bytes, or why nobody can tell.
fn depths_of(package: &str, cfgs: &[&str]) -> BTreeMap<String, Result<usize, String>> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stack-target");
    let archive = rust_archive(
        package,
        &target,
        None,
        &[&["-Zemit-stack-sizes"], cfgs].concat(),
    );
    let objects = own_objects(
        &scratch(env!("CARGO_TARGET_TMPDIR"), &format!("stack-{package}")),
        &archive,
    );
    let [object] = &objects[..] else {
        panic!("not one object: {objects:?}")
    };
    let mut python = Command::new("python3");
    python
        .arg(root().join("benches/size/stack.py"))
        .arg(object)
        .arg(machine::tool("objdump"));
    let text = run(&mut python);
    let depth = |line: &str| match line
        .strip_prefix("? ")
        .and_then(|unknown| unknown.split_once(": "))
    {
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
    has("python3", "stack")
        && has("llvm-readobj", "stack")
        && has(&machine::tool("objdump"), "stack")
}

#[test]
fn every_function_takes_little() {
    if !possible() {
        return;
    }
    let depths = depths_of("ancil", &[]);
    let found = depths.keys().cloned().collect();
    assert_eq!(header::declared(), found, "ancil.h and what was read");
    let over: Vec<_> = depths
        .iter()
        .filter(|(name, depth)| !matches!(depth, Ok(bytes) if *bytes <= most(name)))
        .collect();
    assert!(over.is_empty(), "too much, or nobody knows: {over:#?}");
    let deepest = depths
        .iter()
        .max_by_key(|(_, depth)| depth.as_ref().ok())
        .unwrap();
    note(&format!("the deepest of {}: {deepest:?}", depths.len()));
}

/// What is large, or has no bound, is seen; also below the function that is asked about.
#[test]
fn large_frames_and_unknown_ones_are_told() {
    if !possible() {
        return;
    }
    let depths = depths_of("ancil-no-panic", &["--cfg", "ancil_stacks"]);
    let why = |name: &str| depths[name].clone().expect_err(name);
    let known = |name: &str| *depths[name].as_ref().expect(name);
    assert!(known("ancil_small") < 64, "{depths:?}");
    assert!((300..400).contains(&known("ancil_large")), "{depths:?}");
    assert!(
        known("ancil_above_large") > known("ancil_large"),
        "{depths:?}"
    );
    assert!(
        why("ancil_recursive").contains("calls itself"),
        "{depths:?}"
    );
    assert!(
        why("ancil_above_recursive").contains("calls itself"),
        "{depths:?}"
    );
    assert!(
        why("ancil_pointer").contains("through a pointer"),
        "{depths:?}"
    );
    assert!(
        why("ancil_pointer_last").contains("through a pointer"),
        "{depths:?}"
    );
    if machine::target().is_none() && cfg!(target_arch = "x86_64") {
        assert!(
            why("ancil_pushes").contains("its frame is of"),
            "{depths:?}"
        );
    }
    assert!(why("ancil_elsewhere").contains("not here"), "{depths:?}");
}
