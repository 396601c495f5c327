//! The public functions of ancil, from the JSON that rustdoc writes.

use ffi_tests::process::{MINUTES, run_for};
use ffi_tests::root;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// The version of rustdoc's JSON that this file reads: that of Rust 1.95.
const FORMAT: u64 = 57;

/// Every public function, method, and function of a public trait that has a body: the item path
/// below `ancil`, and the number of functions with that path, which is more than one for methods
/// that `Key<P, Bytes>` and `Key<P, [T]>` each have. An item with several paths is counted at the
/// shortest.
///
/// rustdoc leaves out the methods of a type that other crates cannot name. The lint
/// `unnameable_types` makes sure that there is no such type.
///
/// # Errors
/// A rustdoc that writes another format than this file reads, in words. That is no fault of ancil,
/// and must not fail the tests of somebody with a newer compiler.
pub fn public_functions() -> Result<BTreeMap<String, usize>, String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rustdoc-target");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).env("RUSTC_BOOTSTRAP", "1");
    cargo.env_remove("CARGO_BUILD_TARGET"); // else the file lies in another folder
    cargo.args(["rustdoc", "--quiet", "--package", "ancil", "--lib"]);
    cargo.args(["--features", "std,heapless", "--target-dir"]);
    cargo.arg(&target);
    cargo.args(["--", "-Zunstable-options", "--output-format", "json"]);
    cargo.args(["--document-hidden-items", "--cap-lints", "allow"]);
    run_for(&mut cargo, MINUTES);

    let file = target.join("doc/ancil.json");
    let json = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let json: Value = serde_json::from_str(&json).expect("rustdoc writes JSON");
    let format = &json["format_version"];
    if *format != FORMAT {
        return Err(format!(
            "rustdoc writes its JSON in format {format}, and {} reads format {FORMAT}: \
             see the history of the crate rustdoc-types for what has changed",
            file!()
        ));
    }
    let mut walk = Walk {
        index: json["index"].as_object().expect("`index` is an object"),
        paths: BTreeMap::new(),
    };
    walk.children(&json["root"], "");
    let mut functions = BTreeMap::new();
    for path in walk.paths.into_values() {
        *functions.entry(path).or_default() += 1;
    }
    Ok(functions)
}

/// A walk over all that can be named from outside the crate.
struct Walk<'a> {
    index: &'a Map<String, Value>,
    /// The shortest path of each function, by the function's id.
    paths: BTreeMap<u64, String>,
}

impl<'a> Walk<'a> {
    /// The item with this id, unless another crate defines it.
    fn find(&self, id: &Value) -> Option<&'a Value> {
        self.index.get(&id.to_string())
    }

    /// The kind of an item, and what only this kind has.
    fn inner(item: &'a Value) -> (&'a str, &'a Value) {
        let inner = item["inner"].as_object().expect("`inner` is an object");
        let (kind, inner) = inner.iter().next().expect("an item has a kind");
        (kind, inner)
    }

    /// Everything in a module, below `prefix`.
    fn children(&mut self, module: &Value, prefix: &str) {
        let module = self.find(module).expect("a module of ancil");
        let ("module", inner) = Self::inner(module) else {
            panic!("not a module: {}", module["name"]);
        };
        for id in list(&inner["items"]) {
            self.item(id, prefix, None);
        }
    }

    /// One item, by the name that a `use` gives to the item or by the item's own.
    fn item(&mut self, id: &Value, prefix: &str, name: Option<&str>) {
        let Some(item) = self.find(id) else { return };
        let path = format!(
            "{prefix}{}",
            name.or(item["name"].as_str()).unwrap_or_default()
        );
        let below = format!("{path}::");
        let (kind, inner) = Self::inner(item);
        match kind {
            "module" => self.children(id, &below),
            "use" if inner["is_glob"] == true => self.children(&inner["id"], prefix),
            "use" => self.item(&inner["id"], prefix, inner["name"].as_str()),
            "function" => self.function(id, path),
            "struct" | "enum" | "union" => {
                for id in list(&inner["impls"]) {
                    self.methods(id, &below);
                }
            }
            "trait" => {
                for id in list(&inner["items"]) {
                    self.method(id, &below);
                }
            }
            "constant" | "static" | "type_alias" | "macro" => {}
            _ => panic!("{path} is of a kind that this test does not know: {kind}"),
        }
    }

    /// The functions of an `impl` block without a trait.
    fn methods(&mut self, id: &Value, prefix: &str) {
        let item = self.find(id).expect("an impl of a type of ancil");
        let ("impl", inner) = Self::inner(item) else {
            panic!("not an impl, at {prefix}: {item}");
        };
        if inner["trait"].is_null() {
            for id in list(&inner["items"]) {
                self.method(id, prefix);
            }
        }
    }

    /// An item of an `impl` block or a trait, if it is a function with a body.
    fn method(&mut self, id: &Value, prefix: &str) {
        let item = self.find(id).expect("an item of a type of ancil");
        let ("function", inner) = Self::inner(item) else {
            return;
        };
        let name = item["name"].as_str().expect("a function has a name");
        if inner["has_body"].as_bool().expect("`has_body` is a bool") {
            self.function(id, format!("{prefix}{name}"));
        }
    }

    fn function(&mut self, id: &Value, path: String) {
        let id = id.as_u64().expect("an id is a number");
        let shortest = self.paths.entry(id).or_insert_with(|| path.clone());
        if path.len() < shortest.len() {
            *shortest = path;
        }
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value
        .as_array()
        .unwrap_or_else(|| panic!("not a list: {value}"))
}
