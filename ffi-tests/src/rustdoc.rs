//! The public items of ancil, from the JSON that rustdoc writes.

use crate::process::{MINUTES, run_for};
use crate::root;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;
use std::process::Command;

/// The version of rustdoc's JSON that this file reads: that of Rust 1.95.
const FORMAT: u64 = 57;

/// A public item that a program names or calls: no module, field, variant or constant.
pub struct Item {
    /// The item path below `ancil`, the shortest if there are several.
    pub path: String,
    /// Other names, by which the search finds it.
    pub aliases: Vec<String>,
    /// Its documentation.
    pub docs: String,
    /// The documentation of the type, the trait or the module that its path leads through.
    pub docs_of_owner: String,
    /// Whether it is a function of a type or a trait.
    pub is_method: bool,
    /// Whether it is a trait.
    pub is_trait: bool,
    /// The function, if it is one with a body.
    function: Option<Function>,
}

/// A public function, method, or function of a public trait that has a body.
#[derive(Clone)]
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
/// # Errors
/// As [`public_items`].
pub fn public_functions(folder: &str) -> Result<Vec<Function>, String> {
    let items = public_items(folder)?.into_iter();
    Ok(items.filter_map(|item| item.function).collect())
}

/// Returns every public item. rustdoc writes what it knows below `folder`.
///
/// rustdoc leaves out the methods of a type that other crates cannot name. The lint
/// `unnameable_types` makes sure that there is no such type.
///
/// # Errors
/// A rustdoc that writes another format than this file reads, in words. That is no fault of ancil,
/// and must not fail the tests of somebody with a newer compiler.
pub fn public_items(folder: &str) -> Result<Vec<Item>, String> {
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
        items: BTreeMap::new(),
    };
    walk.children(&json["root"], "");
    Ok(walk.items.into_values().collect())
}

/// A walk over all that can be named from outside the crate.
struct Walk<'a> {
    index: &'a Map<String, Value>,
    /// The items by their ids.
    items: BTreeMap<u64, Item>,
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
            self.item(id, prefix, None, module);
        }
    }

    /// One item of a module, by the name that a `use` gives to the item or by the item's own.
    fn item(&mut self, id: &Value, prefix: &str, name: Option<&str>, module: &'a Value) {
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
            "use" => self.item(&inner["id"], prefix, inner["name"].as_str(), module),
            "function" | "type_alias" | "macro" => self.add(id, path, module),
            "struct" | "enum" | "union" => {
                self.add(id, path, module);
                for id in list(&inner["impls"]) {
                    self.methods(id, &below, item);
                }
            }
            "trait" => {
                self.add(id, path, module);
                for id in list(&inner["items"]) {
                    self.method(id, &below, item);
                }
            }
            "constant" | "static" => {}
            _ => panic!("{path} is of a kind that this test does not know: {kind}"),
        }
    }

    /// The functions of an `impl` block without a trait.
    fn methods(&mut self, id: &Value, prefix: &str, ty: &'a Value) {
        let item = self.find(id).expect("an impl of a type of ancil");
        let ("impl", inner) = Self::inner(item) else {
            panic!("not an impl, at {prefix}: {item}");
        };
        if inner["trait"].is_null() {
            for id in list(&inner["items"]) {
                self.method(id, prefix, ty);
            }
        }
    }

    /// An item of an `impl` block or a trait, if it is a function.
    fn method(&mut self, id: &Value, prefix: &str, owner: &'a Value) {
        let item = self.find(id).expect("an item of a type of ancil");
        if let ("function", _) = Self::inner(item) {
            let name = item["name"].as_str().expect("a function has a name");
            self.add(id, format!("{prefix}{name}"), owner);
        }
    }

    fn add(&mut self, id: &Value, path: String, owner: &'a Value) {
        let item = self.find(id).expect("an item of ancil");
        let (kind, inner) = Self::inner(item);
        let function = kind == "function" && inner["has_body"] == true;
        let docs = |item: &Value| item["docs"].as_str().unwrap_or_default().to_owned();
        let new = Item {
            aliases: aliases(item),
            docs: docs(item),
            docs_of_owner: docs(owner),
            is_method: kind == "function" && Self::inner(owner).0 != "module",
            is_trait: kind == "trait",
            function: function.then(|| Function::new(path.clone(), inner)),
            path,
        };
        let id = id.as_u64().expect("an id is a number");
        match self.items.entry(id) {
            Entry::Vacant(entry) => _ = entry.insert(new),
            Entry::Occupied(mut entry) if new.path.len() < entry.get().path.len() => {
                _ = entry.insert(new);
            }
            Entry::Occupied(_) => {}
        }
    }
}

impl Function {
    fn new(path: String, inner: &Value) -> Self {
        let arguments = list(&inner["sig"]["inputs"]);
        let is_self = |argument: &&Value| argument[0] == "self";
        Self {
            path,
            has_self: arguments.iter().any(|argument| is_self(&argument)),
            takes_bytes: (arguments.iter().filter(|argument| !is_self(argument)))
                .any(|argument| has_bytes(&argument[1])),
        }
    }
}

/// Returns the names in the attributes `#[doc(alias = "..")]` of an item.
fn aliases(item: &Value) -> Vec<String> {
    let attributes = list(&item["attrs"]).iter();
    let alias = |attribute: &str| {
        let name = attribute.strip_prefix("#[doc(alias = \"")?;
        Some(name.strip_suffix("\")]")?.to_owned())
    };
    attributes
        .filter_map(|attribute| alias(attribute["other"].as_str()?))
        .collect()
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
