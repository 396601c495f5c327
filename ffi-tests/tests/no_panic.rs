//! Nothing in ancil panics. With a panic handler that calls a function which does not exist, every
//! exported function of the C library links, and so does every public function of the crate. The
//! library's own object needs only `memcpy` and its kin, and has no writable data.
//!
//! ANCIL_OPT_LEVELS, such as "z s 2 3", repeats the proofs at each of these levels of optimisation
//! instead of the profile's own.

use ffi_tests::cc::Compiler;
use ffi_tests::process::run;
use ffi_tests::rustdoc;
use ffi_tests::{
    archive, binutils, header, machine, note, own_objects, rust_archive, scratch, skip,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The function that the panic handler calls.
const PANIC: &str = "ancil_a_panic_is_reachable";

/// The functions that the library may need from others.
const NEEDS: [&str; 4] = ["memcpy", "memmove", "memset", "memcmp"];

/// Functions of libgcc or compiler-rt for machines that lack an instruction. ARM's names for such
/// functions begin with `__aeabi_`.
const OF_THE_COMPILER: [&str; 4] = ["__udivdi3", "__umoddi3", "__udivmoddi4", "__multi3"];

/// Symbols that the linker itself defines.
const OF_THE_LINKER: [&str; 3] = ["_gp_disp", "__gnu_local_gp", "_GLOBAL_OFFSET_TABLE_"];

/// Why a function of the feature `std` is not proved.
const STD: &str = "std, whose panics link; it converts a type, or calls a function that is proved";

/// The public functions that tests/no_panic does not prove, and why.
const EXCEPTIONS: [(&str, &str); 15] = [
    (
        "ControlBuf::with",
        "made for constants, where its panic is a compile error",
    ),
    ("Fd::from_borrowed", STD),
    ("Fd::from_owned", STD),
    ("FdVec::into_fds", STD),
    ("FdVec::push", STD),
    ("Received::fds", STD),
    ("Received::take_fds", STD),
    ("Received::take_pidfd", STD),
    ("Received::take_slots", STD),
    ("io::ReceivedFds::is_truncated", STD),
    ("io::recv_fds", STD),
    ("iov::as_io_slices", STD),
    ("iov::as_io_slices_mut", STD),
    ("iov::from_io_slices", STD),
    ("iov::from_io_slices_mut", STD),
];

/// Prints the names of the functions that tests/no_panic proves, one a line.
const PRINT_NAMES: &str = r#"
#include <stdio.h>
void ancil_functions(void (*each)(const char *, size_t, const void *));
static void print(const char *name, size_t length, const void *address) {
    (void)address;
    printf("%.*s\n", (int)length, name);
}
int main(void) {
    ancil_functions(print);
    return 0;
}
"#;

/// The levels of optimisation to build at; `None` is the profile's own.
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

/// The folder in which the archives of both proofs are built.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("no_panic-target")
}

/// Compiles a C program and links it with an archive. On failure, the functions in the archive that
/// panic are named, too.
fn link(dir: &Path, c: &str, archive: &Path) -> Result<PathBuf, String> {
    let source = dir.join("all.c");
    std::fs::write(&source, c).unwrap();
    let linked = Compiler::c().try_program(dir, &[source], &[], archive);
    linked.map_err(|e| {
        let panicking = panicking(&own_objects(dir, archive));
        format!("{e}\nfunctions that call core::panicking: {panicking:#?}")
    })
}

/// The functions in these files that refer to a function of `core::panicking`.
fn panicking(objects: &[PathBuf]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for object in objects {
        let code = binutils(
            "objdump",
            &["--disassemble", "--reloc", "--demangle"],
            object,
        );
        let mut function = "";
        for line in code.lines() {
            if line.ends_with(">:") {
                function = line.split_once('<').map_or(line, |(_, name)| name);
            } else if line.contains(": R_") && line.contains("panicking") {
                found.insert(function.trim_end_matches(">:").into());
            }
        }
    }
    found
}

/// Links a C program that refers to each of these functions with an archive.
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
    link(dir, &c, archive)
}

/// The symbols of these files that nm marks with one of `letters`.
fn symbols(objects: &[PathBuf], letters: &str) -> BTreeSet<String> {
    let lines: String = objects.iter().map(|o| binutils("nm", &[], o)).collect();
    let pairs = lines.lines().filter_map(|line| line.rsplit_once(' '));
    let of_kind = pairs.filter(|(before, _)| before.ends_with(|c| letters.contains(c)));
    of_kind.map(|(_, name)| name.into()).collect()
}

/// The functions that the archive exports, which are those that ancil.h declares.
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
    for level in levels() {
        let cfg = ["--cfg", "ancil_prove_no_panic"];
        let archive = rust_archive("ancil", &target(), level.as_deref(), &cfg);
        let objects = own_objects(&dir, &archive);
        let functions = exported(&objects);
        link_all(&dir, &functions, &archive)
            .unwrap_or_else(|e| panic!("{level:?}: a panic is reachable:\n{e}"));
        // With the usual panic handler, which calls `abort`, nothing would be proved.
        let needs = symbols(&objects, "U");
        assert!(
            !needs.contains(PANIC) && !needs.contains("abort"),
            "{level:?}: {needs:?}"
        );
    }
}

#[test]
fn every_public_function_links() {
    let dir = scratch!("public");
    let mut program = PathBuf::new();
    for level in levels() {
        let archive = rust_archive("ancil-no-panic", &target(), level.as_deref(), &[]);
        program = link(&dir, PRINT_NAMES, &archive)
            .unwrap_or_else(|e| panic!("{level:?}: a panic is reachable:\n{e}"));
    }
    if machine::target().is_some() {
        note("the list of public functions is the same for all machines: not compared");
    } else {
        compare(&run(&mut Command::new(program)));
    }

    // The proof can fail: with one more entry, which panics, the program does not link.
    let archive = rust_archive(
        "ancil-no-panic",
        &target(),
        None,
        &["--cfg", "ancil_panics"],
    );
    let refused = link(&dir, PRINT_NAMES, &archive).expect_err("a panic links: nothing is proved");
    assert!(
        refused.contains(PANIC) && refused.contains("ancil_no_panic::panics"),
        "{refused}"
    );
}

/// Compares the entries of tests/no_panic, one a line, with the public functions of ancil.
fn compare(entries: &str) {
    let mut proved = BTreeMap::<String, usize>::new();
    for entry in entries.lines().filter(|line| !line.is_empty()) {
        *proved.entry(item_path(entry)).or_default() += 1;
    }
    let functions = match rustdoc::public_functions(env!("CARGO_TARGET_TMPDIR")) {
        Ok(functions) => functions,
        Err(why) => return skip("no_panic: that no public function is missing", &why),
    };
    let mut public = BTreeMap::<String, usize>::new();
    for function in functions {
        *public.entry(function.path).or_default() += 1;
    }
    assert!(public.len() > 200, "rustdoc lists only {public:#?}");
    let except = BTreeMap::from(EXCEPTIONS);

    let mut wrong = String::new();
    for (path, &functions) in &public {
        let entries = proved.get(path).copied().unwrap_or_default();
        match except.get(path.as_str()) {
            Some(_) if entries == 0 => {}
            Some(why) => writeln!(wrong, "{path} is proved, and is an exception: {why}").unwrap(),
            None if entries >= functions => {}
            None => writeln!(
                wrong,
                "{path}: {functions} public functions, {entries} entries in tests/no_panic"
            )
            .unwrap(),
        }
    }
    let named = proved
        .keys()
        .map(|path| (path.as_str(), "an entry in tests/no_panic"));
    for (path, what) in named.chain(except.into_keys().map(|path| (path, "an exception"))) {
        if !public.contains_key(path) {
            writeln!(
                wrong,
                "{path}: {what}, and not the path of a public function"
            )
            .unwrap();
        }
    }
    assert!(
        wrong.is_empty(),
        "the proof of no panic is not of ancil's functions:\n{wrong}"
    );
}

/// The item path in an entry: `Key::space_for` of `Key::<[i32], NotSent>::space_for`.
fn item_path(entry: &str) -> String {
    let mut depth = 0;
    let mut path = String::new();
    for c in entry.chars() {
        match c {
            '<' => depth += 1,
            '>' => depth -= 1,
            ' ' => {}
            _ if depth == 0 => path.push(c),
            _ => {}
        }
    }
    path.replace("::::", "::").trim_end_matches("::").into()
}

#[test]
fn the_object_needs_little_and_keeps_nothing() {
    let dir = scratch!("object");
    let objects = own_objects(&dir, archive());
    let functions = exported(&objects);
    link_all(&dir, &functions, archive()).unwrap_or_else(|e| panic!("{e}"));

    // 32-bit machines divide 64-bit numbers with functions of the compiler's own library.
    let mut needs = symbols(&objects, "U");
    needs.retain(|name| !NEEDS.contains(&name.as_str()) && !OF_THE_LINKER.contains(&name.as_str()));
    let known =
        |name: &String| name.starts_with("__aeabi_") || OF_THE_COMPILER.contains(&name.as_str());
    assert!(
        needs.iter().all(known),
        "not libc's mem* and not the compiler's own: {needs:?}"
    );
    if !needs.is_empty() {
        note(&format!(
            "the library needs these functions of the compiler's own library: {needs:?}"
        ));
    }

    // [Nr] Name Type Address Off Size ES Flg: no section is writable, not even for the relocations
    // of the dynamic linker. The exception is .got2, which position-independent code of 32-bit
    // PowerPC has in every object as its part of the GOT.
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
    assert!(sections > 10, "readelf lists only {sections} sections");
}
