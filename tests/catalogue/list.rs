//! Reads the list of everything that Linux knows, as far as these tests need it.

use toml::{Table, Value};

pub const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/catalogue.toml");

/// One `[[message]]`.
pub struct Message {
    pub id: String,
    /// The level's name in our table.
    pub level: String,
    /// The level's number on this machine.
    pub level_value: i64,
    /// The type's number on sparc.
    pub sparc: i64,
    /// The type's number on this machine.
    pub here: i64,
    pub send: bool,
    pub recv: bool,
    /// The payload's size in bytes on this machine. `None` if it varies.
    pub size: Option<usize>,
    /// The payload's sizes in bytes for 32-bit and for 64-bit programs. `None` if they vary.
    pub sizes: Option<[usize; 2]>,
    pub option: String,
    /// Whether the newest kernel no longer has the message.
    pub historic: bool,
    /// The last version of the kernel known to lack the message, and the first known to have it.
    pub since: (String, String),
}

/// One `[[struct]]`, as it is laid out on this machine.
pub struct Struct {
    pub name: String,
    pub size: usize,
    pub fields: Vec<Field>,
}

pub struct Field {
    pub name: String,
    pub offset: usize,
    pub size: usize,
    /// Whether the field is in network byte order. `None` if the field is itself a struct.
    pub network: Option<bool>,
}

/// One `[[const]]`.
pub struct Const {
    pub name: String,
    pub value: i64,
    pub group: String,
}

pub struct List {
    pub messages: Vec<Message>,
    pub structs: Vec<Struct>,
    pub consts: Vec<Const>,
}

impl List {
    pub fn read() -> Self {
        let text = std::fs::read_to_string(PATH).unwrap_or_else(|e| panic!("{PATH}: {e}"));
        let table: Table = text.parse().unwrap_or_else(|e| panic!("{PATH}: {e}"));
        let all = |key: &str| {
            table[key]
                .as_array()
                .expect("an array")
                .iter()
                .map(entry)
                .collect::<Vec<_>>()
        };
        Self {
            messages: all("message").into_iter().map(message).collect(),
            structs: all("struct").into_iter().map(structure).collect(),
            consts: all("const").into_iter().map(constant).collect(),
        }
    }
}

fn entry(value: &Value) -> &Table {
    value.as_table().expect("a table")
}

fn text(entry: &Table, key: &str) -> String {
    entry
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("{key} is not a string in {entry:?}"))
        .into()
}

fn number(entry: &Table, key: &str) -> i64 {
    entry
        .get(key)
        .and_then(Value::as_integer)
        .unwrap_or_else(|| panic!("{key} is not an integer in {entry:?}"))
}

/// Returns `key64` or `key32`, whichever holds for this machine. On 32-bit machines that align
/// `u64` to 8 bytes (i386 does not), `key32_align8` takes precedence. `None` if the number is
/// negative, which means that it varies.
fn native(entry: &Table, key: &str) -> Option<usize> {
    let key = match (size_of::<usize>(), align_of::<u64>()) {
        (8, _) => format!("{key}64"),
        (_, 8) if entry.contains_key(&format!("{key}32_align8")) => format!("{key}32_align8"),
        _ => format!("{key}32"),
    };
    usize::try_from(number(entry, &key)).ok()
}

fn message(entry: &Table) -> Message {
    let flag = |key: &str| entry[key].as_bool().expect("true or false");
    let on = |arch: &str, key: &str| {
        let exception = entry.get("arch_exceptions").and_then(|all| all.get(arch));
        exception
            .and_then(|e| e.get(key)?.as_integer())
            .unwrap_or_else(|| number(entry, key))
    };
    let arch = match () {
        () if cfg!(any(target_arch = "sparc", target_arch = "sparc64")) => "sparc",
        () if cfg!(any(target_arch = "mips", target_arch = "mips64")) => "mips",
        () => "generic",
    };
    assert_eq!(
        on("mips", "type_value"),
        number(entry, "type_value"),
        "mips has its own number for the type: {entry:?}"
    );
    let level = text(entry, "level");
    let bytes = |key: &str| usize::try_from(number(entry, key)).ok();
    Message {
        id: text(entry, "id"),
        level: if level == "IPPROTO_SCTP" {
            "SOL_SCTP".into()
        } else {
            level
        },
        level_value: on(arch, "level_value"),
        sparc: on("sparc", "type_value"),
        here: on(arch, "type_value"),
        send: flag("send"),
        recv: flag("recv"),
        size: native(entry, "size"),
        sizes: bytes("size32")
            .zip(bytes("size64"))
            .map(|(narrow, wide)| [narrow, wide]),
        option: text(entry, "enable_option"),
        historic: entry.contains_key("historic"),
        since: (
            text(entry, "since_absent_in"),
            text(entry, "since_present_in"),
        ),
    }
}

fn structure(entry: &Table) -> Struct {
    let field = |value: &Value| {
        let entry = self::entry(value);
        let endian = text(entry, "endian");
        Field {
            name: text(entry, "name"),
            offset: native(entry, "offset").expect("an offset"),
            size: native(entry, "size").expect("a size"),
            network: (endian != "mixed").then_some(endian == "network"),
        }
    };
    let fields = entry["fields"]
        .as_array()
        .expect("fields")
        .iter()
        .map(field)
        .collect();
    Struct {
        name: text(entry, "name"),
        size: native(entry, "size").expect("a size"),
        fields,
    }
}

fn constant(entry: &Table) -> Const {
    Const {
        name: text(entry, "name"),
        value: number(entry, "value"),
        group: text(entry, "group"),
    }
}
