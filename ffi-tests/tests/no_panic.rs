//! Nothing in ancil panics: with a panic handler that calls a function which does not exist, every exported function
//! of the C library still links, and every public function of the crate. And the library's own object asks for nothing
//! but memcpy and its kin, and keeps no state.
//!
//! ANCIL_OPT_LEVELS, such as "z s 2 3", has the proofs done at each of these levels instead of the profile's.

use ffi_tests::cc::Compiler;
use ffi_tests::{archive, binutils, header, note, own_objects, root, rust_archive, scratch};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What the panic handler calls.
const PANIC: &str = "ancil_a_panic_is_reachable";

/// All that the library may ask of others.
const NEEDS: [&str; 4] = ["memcpy", "memmove", "memset", "memcmp"];

/// What libgcc or compiler-rt has for machines that lack an instruction; ARM's names for these begin with __aeabi_.
const OF_THE_COMPILER: [&str; 4] = ["__udivdi3", "__umoddi3", "__udivmoddi4", "__multi3"];

/// What the linker itself defines.
const OF_THE_LINKER: [&str; 3] = ["_gp_disp", "__gnu_local_gp", "_GLOBAL_OFFSET_TABLE_"];

/// Public functions that a linker cannot judge: they are there with `std` only, which panics somewhere. Each hands
/// its arguments to the function of its name with `raw`, or does nothing but change a type.
const STD: [&str; 9] = [
    "heapless_fds",
    "heapless_into_fds",
    "iov_io_slice_as_io_slices",
    "iov_io_slice_as_io_slices_mut",
    "iov_io_slice_from_io_slices",
    "iov_io_slice_from_io_slices_mut",
    "received_fds",
    "received_take_fds",
    "received_take_pidfd",
];

/// Modules whose `pub` ends at the crate: what is in there is called by functions that are here.
const INNER: [&str; 7] = [
    "arch_",
    "capi_",
    "compat_longs_",
    "kernel_destination_",
    "kernel_protocol_",
    "kernel_rule_",
    "names_",
];

/// The levels of optimisation that are asked for.
fn levels() -> Vec<Option<String>> {
    let levels = std::env::var("ANCIL_OPT_LEVELS").unwrap_or_default();
    let levels: Vec<_> = levels
        .split_whitespace()
        .map(|level| Some(level.into()))
        .collect();
    if levels.is_empty() {
        vec![None]
    } else {
        levels
    }
}

/// A C program that refers to each of these functions, linked with an archive.
fn link_all(dir: &Path, functions: &BTreeSet<String>, archive: &Path) -> Result<PathBuf, String> {
    let mut c = String::from("typedef void (*function)(void);\n");
    for name in functions {
        writeln!(c, "void {name}(void);").unwrap();
    }
    c += "extern const function table[];\nconst function table[] = {\n";
    for name in functions {
        writeln!(c, "    {name},").unwrap();
    }
    c += "};\nint main(void) { return table[0] == 0; }\n";
    let source = dir.join("all.c");
    std::fs::write(&source, c).unwrap();
    Compiler::c().try_program(dir, &[source], &[], archive)
}

/// Symbols of these files, by the letters that nm gives them.
fn symbols(objects: &[PathBuf], letters: &str) -> BTreeSet<String> {
    let lines: String = objects.iter().map(|o| binutils("nm", &[], o)).collect();
    let pairs = lines.lines().filter_map(|line| line.rsplit_once(' '));
    let of_kind = pairs.filter(|(before, _)| before.ends_with(|c| letters.contains(c)));
    of_kind.map(|(_, name)| name.into()).collect()
}

/// What ancil.h declares, which is what the archive exports.
fn exported(objects: &[PathBuf]) -> BTreeSet<String> {
    let declared = header::declared();
    let mut exported = symbols(objects, "TWVDBRi");
    exported.retain(|name| !name.starts_with("_R")); // Rust's own, mangled
    assert_eq!(declared, exported, "ancil.h and the archive differ");
    declared
}

#[test]
fn every_function_links() {
    let dir = scratch!("links");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no_panic-target");
    for level in levels() {
        let archive = rust_archive(
            "ancil",
            &target,
            level.as_deref(),
            &["--cfg", "ancil_prove_no_panic"],
        );
        let objects = own_objects(&dir, &archive);
        let functions = exported(&objects);
        link_all(&dir, &functions, &archive)
            .unwrap_or_else(|e| panic!("{level:?}: a panic is reachable:\n{e}"));
        // `abort` would be the other panic handler, with which nothing is proved.
        let needs = symbols(&objects, "U");
        assert!(
            !needs.contains(PANIC) && !needs.contains("abort"),
            "{level:?}: {needs:?}"
        );
    }
}

/// The functions that `public/` calls, by its symbols.
fn called(objects: &[PathBuf]) -> BTreeSet<String> {
    symbols(objects, "T")
        .into_iter()
        .filter(|name| name.starts_with("public_"))
        .collect()
}

#[test]
fn every_public_function_links() {
    let dir = scratch!("public");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no_panic-target");
    for level in levels() {
        let archive = rust_archive("ancil-no-panic", &target, level.as_deref(), &[]);
        let objects = own_objects(&dir, &archive);
        let functions = called(&objects);
        assert!(functions.len() > 100, "{functions:?}");
        link_all(&dir, &functions, &archive)
            .unwrap_or_else(|e| panic!("{level:?}: a panic is reachable:\n{e}"));
    }
    // The proof has teeth: with one panic in it, it does not link.
    let archive = rust_archive("ancil-no-panic", &target, None, &["--cfg", "ancil_panics"]);
    let mut functions = called(&own_objects(&dir, &archive));
    let refused =
        link_all(&dir, &functions, &archive).expect_err("a panic links: nothing is proved");
    assert!(
        refused.contains(PANIC) && functions.contains("public_panics"),
        "{refused}"
    );

    // None is forgotten: each `pub fn` of the sources has a function here, named after its file and itself.
    functions.extend(STD.map(|name| format!("public_{name}")));
    let missing: Vec<_> = public(&root().join("src"), "")
        .into_iter()
        .filter(|f| !functions.contains(f))
        .collect();
    assert!(missing.is_empty(), "not in ffi-tests/public: {missing:#?}");
}

/// Each `pub fn` below this folder, as `public/` names it.
fn public(dir: &Path, prefix: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let noun = format!(
            "{prefix}{}",
            path.file_stem()
                .and_then(|s| s.to_str())
                .unwrap_or_default()
        );
        if path.is_dir() {
            all.extend(public(&path, &format!("{noun}_")));
        } else if !INNER
            .iter()
            .any(|inner| format!("{noun}_").starts_with(inner))
        {
            let text = std::fs::read_to_string(&path).unwrap();
            for line in text.lines() {
                let line = line
                    .trim_start()
                    .replace("const ", "")
                    .replace("unsafe ", "");
                let Some(name) = line.strip_prefix("pub fn ") else {
                    continue;
                };
                let name = name
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .next()
                    .unwrap();
                all.insert(format!("public_{noun}_{name}"));
            }
        }
    }
    all
}

#[test]
fn the_object_needs_little_and_keeps_nothing() {
    let dir = scratch!("object");
    let objects = own_objects(&dir, archive());
    let functions = exported(&objects);
    link_all(&dir, &functions, archive()).unwrap_or_else(|e| panic!("{e}"));

    // 32-bit machines divide 64 bits with functions of every compiler's own library.
    let mut needs = symbols(&objects, "U");
    needs.retain(|name| !NEEDS.contains(&name.as_str()) && !OF_THE_LINKER.contains(&name.as_str()));
    let known =
        |name: &String| name.starts_with("__aeabi_") || OF_THE_COMPILER.contains(&name.as_str());
    assert!(needs.iter().all(known), "{needs:?}");
    if !needs.is_empty() {
        note(&format!(
            "the library needs, of the compiler's own: {needs:?}"
        ));
    }

    // [Nr] Name Type Address Off Size ES Flg: nothing is written to, not even by the dynamic linker at the start. But
    // position-independent code of 32-bit PowerPC has its own part of the GOT in every object: .got2.
    let mut sections = 0;
    for line in objects
        .iter()
        .map(|o| binutils("readelf", &["-SW"], o))
        .collect::<String>()
        .lines()
    {
        let Some((_, rest)) = line.split_once("] ") else {
            continue;
        };
        let fields: Vec<_> = rest.split_whitespace().collect();
        let [name, _type, _address, _offset, size, _entry, flags, ..] = fields[..] else {
            continue;
        };
        sections += 1;
        let writable = flags.contains('W') && usize::from_str_radix(size, 16).is_ok_and(|n| n > 0);
        assert!(!writable || name == ".got2", "a writable section: {line}");
    }
    assert!(sections > 10, "readelf was not understood");
}
