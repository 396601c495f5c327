//! Each public function that takes bytes is called by a fuzz target, of Rust and of C.

use ffi_tests::{header, machine, note, root, rustdoc, skip};
use std::collections::BTreeSet;

/// Why a function that takes bytes is in no target.
const SENDS: &str = "the kernel gets the bytes as they are";
const RECEIVES: &str = "the kernel fills the bytes; Received::from_call makes the rest of them";

/// The functions that take bytes and are in no target, and why.
const EXCEPTIONS: [(&str, &str); 9] = [
    ("io::RecvBuffers::control", RECEIVES),
    ("io::RecvBuffers::names", RECEIVES),
    ("io::recv", RECEIVES),
    ("io::recv_fds", RECEIVES),
    ("io::recvmsg", RECEIVES),
    ("io::recvmsg_exact", RECEIVES),
    ("io::recvmsg_retry", RECEIVES),
    ("io::recvmsg_uninit", RECEIVES),
    ("io::send_fds", SENDS),
];

/// The pointers to bytes in a prototype, or to structs that lead to bytes.
const POINTERS: [&str; 9] = [
    "void *",
    "char *",
    "const int *",
    "struct iovec *",
    "struct ancil_message *",
    "struct ancil_nl_message *",
    "struct ancil_nl_attr *",
    "struct ancil_nl_reader *",
    "struct ancil_reader *",
];

/// Returns the code of every target, without comments and generic arguments.
fn targets() -> Vec<String> {
    let folder = root().join("fuzz/fuzz_targets");
    let files = std::fs::read_dir(&folder).expect("fuzz/fuzz_targets");
    let code = |file: std::fs::DirEntry| {
        let text = std::fs::read_to_string(file.path()).expect("a file in UTF-8");
        let lines = text
            .lines()
            .map(|line| line.split("//").next().unwrap_or_default());
        without_generics(&lines.collect::<Vec<_>>().join("\n"))
    };
    let all: Vec<_> = files.map(|file| code(file.expect("a file"))).collect();
    assert!(all.len() > 10, "{} targets", all.len());
    all
}

/// Returns code without what is between `::<` and its `>`.
fn without_generics(code: &str) -> String {
    let mut parts = code.split("::<");
    let mut kept = String::from(parts.next().unwrap_or_default());
    let mut depth = 0;
    for part in parts {
        depth += 1;
        for c in part.chars() {
            match c {
                '<' if depth > 0 => depth += 1,
                '>' if depth > 0 => depth -= 1,
                _ if depth == 0 => kept.push(c),
                _ => {}
            }
        }
    }
    kept
}

/// Whether `word` is in code, not as a part of a longer name, with `after` after it.
fn has(code: &str, word: &str, after: &str) -> bool {
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let rest = &code[at + word.len()..];
        !code[..at].ends_with(in_name) && !rest.starts_with(in_name) && rest.starts_with(after)
    })
}

/// Whether a target calls a function. A function of a type is called as `Type::name`, or as
/// `.name(` if it is a method and the target names the type.
fn calls(target: &str, function: &rustdoc::Function) -> bool {
    let (before, name) = function
        .path
        .rsplit_once("::")
        .unwrap_or(("", &function.path));
    let owner = before.rsplit("::").next().unwrap_or_default();
    if !owner.starts_with(char::is_uppercase) {
        return has(target, name, "(");
    }
    let is_method = function.has_self && has(target, owner, "");
    has(target, &format!("{owner}::{name}"), "")
        || is_method && target.contains(&format!(".{name}("))
}

/// Asserts that the functions in no target are the exceptions.
#[track_caller]
fn assert_only_exceptions(missing: &BTreeSet<&str>, exceptions: &[(&str, &str)]) {
    let except: BTreeSet<_> = exceptions.iter().map(|(name, _)| *name).collect();
    let new = missing - &except;
    assert!(
        new.is_empty(),
        "these take bytes, and no target in fuzz/ calls them: {new:#?}"
    );
    let old = &except - missing;
    assert!(
        old.is_empty(),
        "a target calls these, or they take no bytes: {old:#?}"
    );
}

#[test]
fn each_function_of_rust_that_takes_bytes_has_a_target() {
    if machine::target().is_some() {
        return note("the list of public functions is the same for all machines: not compared");
    }
    let functions = match rustdoc::public_functions(env!("CARGO_TARGET_TMPDIR")) {
        Ok(functions) => functions,
        Err(why) => return skip("fuzzed: that each function has a target", &why),
    };
    let targets = targets();
    let with_bytes: Vec<_> = functions
        .iter()
        .filter(|function| function.takes_bytes)
        .collect();
    assert!(
        with_bytes.len() > 60,
        "rustdoc lists only {}",
        with_bytes.len()
    );
    let missing = with_bytes
        .iter()
        .filter(|function| !targets.iter().any(|t| calls(t, function)));
    let missing = missing.map(|function| function.path.as_str()).collect();
    assert_only_exceptions(&missing, &EXCEPTIONS);
}

/// Whether an argument in this prototype leads to bytes.
fn takes_bytes(prototype: &str) -> bool {
    let (_, arguments) = prototype
        .split_once('(')
        .expect("a prototype has arguments");
    POINTERS.iter().any(|pointer| arguments.contains(pointer))
}

#[test]
fn each_function_of_c_that_takes_bytes_has_a_target() {
    let (text, targets, exported) = (header::text("ancil.h"), targets(), header::declared());
    let prototypes = header::prototypes(&text);
    let with_bytes: Vec<_> = (prototypes.iter())
        .filter(|(name, _)| exported.contains(*name))
        .filter(|(_, prototype)| takes_bytes(prototype))
        .map(|(name, _)| *name)
        .collect();
    assert!(
        with_bytes.len() > 60,
        "ancil.h declares only {}",
        with_bytes.len()
    );
    let called = |name: &&str| targets.iter().any(|target| has(target, name, "("));
    assert_only_exceptions(
        &with_bytes
            .into_iter()
            .filter(|name| !called(name))
            .collect(),
        &[],
    );
}

#[test]
fn a_call_is_found_by_name_and_type() {
    let function = |path: &str, has_self| rustdoc::Function {
        path: path.into(),
        has_self,
        takes_bytes: true,
    };
    let target =
        without_generics("Iv::<{ [0; 3].len() }>::new(7); iov::gather_at(x.put::<Vec<u8>>(2))");
    assert_eq!(target, "Iv::new(7); iov::gather_at(x.put(2))");
    assert!(calls(&target, &function("payload::Iv::new", false)));
    assert!(calls(&target, &function("Iv::put", true)));
    assert!(calls(&target, &function("iov::gather_at", false)));
    for other in [
        "Cursor::new",
        "Iv::at",
        "iov::gather",
        "iov::put_at",
        "compat::Iv::put",
    ] {
        assert!(!calls(&target, &function(other, false)), "{other}");
    }
    assert!(!calls(&target, &function("Cursor::put", true)));
}
