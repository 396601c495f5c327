//! On x86-64 and 32-bit ARM no public C function takes more stack than its bound in
//! `benches/size/stack-bounds.txt`: its own frame, everything below it and return addresses, as
//! `benches/size/stack.py` reads them off the library that ships.

use ffi_tests::process::run;
use ffi_tests::{has, header, machine, note, own_objects, root, rust_archive, scratch, skip};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// The bounds, in bytes, by the prefix of a function's name.
const BOUNDS: &str = include_str!("../../benches/size/stack-bounds.txt");

/// Returns the bytes that a function may take: the last bound whose prefix its name has.
fn bound(name: &str) -> usize {
    BOUNDS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once(' ').expect("BYTES PREFIX"))
        .filter(|(_, prefix)| name.starts_with(prefix))
        .map(|(bytes, _)| bytes.parse().expect("a number of bytes"))
        .next_back()
        .unwrap_or(0)
}

/// The machines whose instructions stack.py knows.
const MACHINES: [&str; 4] = ["x86_64-", "arm", "thumbv7", "thumbv8"];

/// Returns what stack.py says about a package's own object: the bytes that each function takes, or
/// why that cannot be determined.
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
        panic!("expected one object, found {objects:?}")
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

/// Returns whether stack.py has the tools that it needs and knows the machine.
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
fn no_function_exceeds_its_bound() {
    if !possible() {
        return;
    }
    let depths = depths_of("ancil", &[]);
    let found = depths.keys().cloned().collect();
    assert_eq!(
        header::declared(),
        found,
        "functions in ancil.h and functions that were measured"
    );
    let over: Vec<_> = depths
        .iter()
        .filter(|(name, depth)| !matches!(depth, Ok(bytes) if *bytes <= bound(name)))
        .collect();
    assert!(
        over.is_empty(),
        "more than the bound, or unknown: {over:#?}"
    );
    let deepest = depths
        .iter()
        .max_by_key(|(_, depth)| depth.as_ref().ok())
        .unwrap();
    note(&format!("the deepest of {}: {deepest:?}", depths.len()));
}

/// stack.py finds large frames and unbounded ones, also in the functions that a function calls.
#[test]
fn large_and_unbounded_frames_are_found() {
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
