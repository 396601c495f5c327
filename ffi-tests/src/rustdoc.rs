//! The public functions of ancil, from the JSON that rustdoc writes.

use crate::process::{MINUTES, run_for};
use crate::root;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// The version of rustdoc's JSON that this file reads: that of Rust 1.95.
const FORMAT: u64 = 57;

/// A public function, method, or function of a public trait that has a body.
pub struct Function {
    /// The item path below `ancil`, the shortest if there are several. Functions in several `impl`
    /// blocks of a type may have the same.
    pub path: String,
    /// Whether it is a method.
    pub has_self: bool,
    /// Whether an argument, other than `self`, has bytes in its type: `[u8]`, `[u8; N]`, those of
    /// `MaybeUninit<u8>`, or a struct that leads to the bytes of somebody else.
    pub takes_bytes: bool,
}

/// Returns every public function. rustdoc writes what it knows below `folder`.
///
/// rustdoc leaves out the methods of a type that other crates cannot name. The lint
/// `unnameable_types` makes sure that there is no such type.
///
/// # Errors
/// A rustdoc that writes another format than this file reads, in words. That is no fault of ancil,
/// and must not fail the tests of somebody with a newer compiler.
pub fn public_functions(folder: &str) -> Result<Vec<Function>, String> {
    let target = Path::new(folder).join("rustdoc-target");
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
        functions: BTreeMap::new(),
    };
    walk.children(&json["root"], "");
    Ok(walk.functions.into_values().collect())
}

/// A walk over all that can be named from outside the crate.
struct Walk<'a> {
    index: &'a Map<String, Value>,
    /// The functions by their ids.
    functions: BTreeMap<u64, Function>,
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
        let item = self.find(id).expect("a function of ancil");
        let ("function", inner) = Self::inner(item) else {
            panic!("not a function: {path}");
        };
        let arguments = list(&inner["sig"]["inputs"]);
        let is_self = |argument: &&Value| argument[0] == "self";
        let new = || Function {
            path: path.clone(),
            has_self: arguments.iter().any(|argument| is_self(&argument)),
            takes_bytes: (arguments.iter().filter(|argument| !is_self(argument)))
                .any(|argument| has_bytes(&argument[1])),
        };
        let id = id.as_u64().expect("an id is a number");
        let known = self.functions.entry(id).or_insert_with(new);
        if path.len() < known.path.len() {
            known.path = path;
        }
    }
}

/// The structs that lead to bytes which the kernel or somebody else has written.
const HOLDERS: [&str; 4] = ["MsgHdrMut", "MsgHdrUninit", "Outgoing", "Raw"];

/// Whether a type has bytes in it.
fn has_bytes(ty: &Value) -> bool {
    let is_byte = |element: &Value| {
        let argument = &element["resolved_path"]["args"]["angle_bracketed"]["args"][0]["type"];
        element["primitive"] == "u8" || argument["primitive"] == "u8"
    };
    let leads_to_bytes = |path: &str| HOLDERS.contains(&path.rsplit("::").next().unwrap_or(path));
    match ty {
        Value::Object(parts) => {
            ty["resolved_path"]["path"]
                .as_str()
                .is_some_and(leads_to_bytes)
                || is_byte(&ty["slice"])
                || is_byte(&ty["array"]["type"])
                || parts.values().any(has_bytes)
        }
        Value::Array(parts) => parts.iter().any(has_bytes),
        _ => false,
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value
        .as_array()
        .unwrap_or_else(|| panic!("not a list: {value}"))
}
