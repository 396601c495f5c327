//! Nothing in libancil panics: with a panic handler that calls a function which does not exist, every exported
//! function still links. And the library's own object asks for nothing but memcpy and its kin, and keeps no state.

use ffi_tests::cc::Compiler;
use ffi_tests::process::{MINUTES, run, run_for};
use ffi_tests::{archive, binutils, c_dir, header, rust_archive, scratch};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the panic handler calls.
const PANIC: &str = "ancil_a_panic_is_reachable";

/// All that the library may ask of others.
const NEEDS: [&str; 4] = ["memcpy", "memmove", "memset", "memcmp"];

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

/// The members of the archive that are not compiler support, written out.
fn own_objects(dir: &Path, archive: &Path) -> Vec<PathBuf> {
    let members = binutils("ar", &["t"], archive);
    let own = members.lines().filter(|m| m.starts_with("ancil") && m.ends_with(".o"));
    let written = own.map(|member| {
        let out = Command::new("ar").arg("p").arg(archive).arg(member).output().unwrap();
        std::fs::write(dir.join(member), out.stdout).unwrap();
        dir.join(member)
    });
    written.collect()
}

/// Symbols of these objects, by the letters that nm gives them.
fn symbols(objects: &[PathBuf], letters: &str) -> BTreeSet<String> {
    let lines: String = objects.iter().map(|o| binutils("nm", &[], o)).collect();
    let pairs = lines.lines().filter_map(|line| line.rsplit_once(' '));
    let of_kind = pairs.filter(|(before, _)| before.ends_with(|c| letters.contains(c)));
    of_kind.map(|(_, name)| name.into()).collect()
}

/// What ancil.h declares, which is what the archive exports.
fn exported(objects: &[PathBuf]) -> BTreeSet<String> {
    let text = header::text("ancil.h");
    let declared: BTreeSet<String> = header::functions(&text).into_iter().map(String::from).collect();
    assert!(declared.len() >= 12, "{declared:?}");
    let mut exported = symbols(objects, "TWVDBRi");
    exported.retain(|name| !name.starts_with("_R")); // Rust's own, mangled
    assert_eq!(declared, exported, "ancil.h and the archive differ");
    declared
}

#[test]
fn every_function_links() {
    let dir = scratch!("links");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no_panic-target");
    let archive = rust_archive(&target, &["--cfg", "ancil_prove_no_panic"]);
    let objects = own_objects(&dir, &archive);
    let functions = exported(&objects);
    link_all(&dir, &functions, &archive).unwrap_or_else(|e| panic!("a panic is reachable:\n{e}"));
    assert!(!symbols(&objects, "U").contains(PANIC));
}

/// The method has teeth: a library with one panic in it does not link, and without it does.
#[test]
fn a_panic_does_not_link() {
    let dir = scratch!("control");
    let functions = BTreeSet::from(["ancil_panics".to_string()]);
    let build = |cfg: &[&str]| {
        let archive = dir.join("libpanics.a");
        let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()));
        rustc.args(["--edition=2024", "--crate-type=staticlib", "-Cpanic=abort", "-Copt-level=3", "-Clto=fat"]);
        run_for(rustc.args(cfg).arg("-o").arg(&archive).arg(c_dir().join("panics.rs")), MINUTES);
        link_all(&dir, &functions, &archive)
    };
    let refused = build(&[]).expect_err("a panic links: nothing is proved");
    assert!(refused.contains(PANIC), "{refused}");
    let exe = build(&["--cfg=fixed"]).unwrap_or_else(|e| panic!("{e}"));
    run(&mut Command::new(exe));
}

#[test]
fn the_object_needs_little_and_keeps_nothing() {
    let dir = scratch!("object");
    let objects = own_objects(&dir, archive());
    let functions = exported(&objects);
    link_all(&dir, &functions, archive()).unwrap_or_else(|e| panic!("{e}"));

    let needs = symbols(&objects, "U");
    assert!(needs.iter().all(|name| NEEDS.contains(&name.as_str())), "{needs:?}");

    // [Nr] Name Type Address Off Size ES Flg: what is written to at run time. Not .data.rel.ro, which the dynamic
    // linker fills in and then locks.
    let mut sections = 0;
    for line in objects.iter().map(|o| binutils("readelf", &["-SW"], o)).collect::<String>().lines() {
        let Some((_, rest)) = line.split_once("] ") else { continue };
        let fields: Vec<_> = rest.split_whitespace().collect();
        let [name, _type, _address, _offset, size, _entry, flags, ..] = fields[..] else { continue };
        sections += 1;
        let writable = flags.contains('W') && usize::from_str_radix(size, 16).is_ok_and(|n| n > 0);
        assert!(!writable || name.starts_with(".data.rel.ro"), "a writable section: {line}");
    }
    assert!(sections > 10, "readelf was not understood");
}
