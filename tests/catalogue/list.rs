//! The list of everything that Linux knows, as far as these tests need it.

use toml::{Table, Value};

/// The file.
pub const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/catalogue.toml");

/// One `[[message]]`.
pub struct Message {
    pub id: String,
    /// As our table names it.
    pub level: String,
    /// On this machine.
    pub level_value: i64,
    /// On sparc.
    pub sparc: i64,
    /// On this machine.
    pub here: i64,
    pub send: bool,
    pub recv: bool,
    /// Bytes of payload on this machine; none if they vary.
    pub size: Option<usize>,
    /// Bytes of payload for programs of 32 and of 64 bits; none if they vary.
    pub sizes: Option<[usize; 2]>,
    pub option: String,
    /// Whether the newest kernel no longer has it.
    pub historic: bool,
    /// The last kernel known not to have it, and the first known to have it.
    pub since: (String, String),
}

/// One `[[struct]]`, on this machine.
pub struct Struct {
    pub name: String,
    pub size: usize,
    pub fields: Vec<Field>,
}

pub struct Field {
    pub name: String,
    pub offset: usize,
    pub size: usize,
    /// In network byte order; not known of a field that is a struct of its own.
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
            structs: all("struct").into_iter().map(a_struct).collect(),
            consts: all("const").into_iter().map(constant).collect(),
        }
    }
}

fn entry(value: &Value) -> &Table {
    value.as_table().expect("a table")
}

fn text(entry: &Table, key: &str) -> String {
    entry[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key}: no string in {entry:?}"))
        .into()
}

fn number(entry: &Table, key: &str) -> i64 {
    entry[key]
        .as_integer()
        .unwrap_or_else(|| panic!("{key}: no number in {entry:?}"))
}

/// `key64` or `key32`, as this machine has it; i386 differs from other 32-bit machines.
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
        "mips has a type of its own: {entry:?}"
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

fn a_struct(entry: &Table) -> Struct {
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
