//! docs/which-option.md is the catalogue's table of options, for readers of C. To write it anew:
//!
//!     ANCIL_UPDATE_DOCS=1 cargo test -p ffi-tests --test which_option

use ancil::{CATALOGUE, CatalogueEntry, Direction, OptionValue};
use ffi_tests::root;
use std::fmt::Write;

const HEAD: &str = "\
# Which option do I set to receive what?

The kernel delivers most messages only if an option of the socket asks for them. In C,
`ancil_option` finds the option of a message, and the value that switches it on; it returns 0 for
what is on by default. Where the value is yours to choose, the table says so. Messages that the
kernel only accepts are not here. `SO_TIMESTAMP_OLD`, `SO_TIMESTAMPNS_OLD` and
`SO_TIMESTAMPING_OLD` are what `<sys/socket.h>` calls `SCM_TIMESTAMP`, `SCM_TIMESTAMPNS` and
`SCM_TIMESTAMPING`.

| message | `setsockopt` | what arrives |
| --- | --- | --- |
";

/// Returns what switches a message on: an option or, without one, words.
fn switch(row: &CatalogueEntry) -> String {
    let Some(option) = row.option else {
        return row.switched_on_by.to_owned();
    };
    // Several levels have the number 0.
    let rows = [row].into_iter().chain(CATALOGUE);
    let level = rows.into_iter().find(|row| row.level == option.level());
    let level = level.map_or_else(|| option.level().to_string(), |row| row.level_name.into());
    let value = match option.value() {
        OptionValue::Flags | OptionValue::Struct => ", a value of your choice",
        OptionValue::DefaultOn => ", on by default",
        _ => "",
    };
    format!("`{level}`, `{}`{value}", option.name())
}

#[test]
fn the_page_is_the_table() {
    let mut page = String::from(HEAD);
    for row in CATALOGUE
        .iter()
        .filter(|row| row.direction != Direction::Send)
    {
        let (name, summary) = (row.name, row.summary.trim());
        writeln!(page, "| `{name}` | {} | {summary} |", switch(row)).unwrap();
    }
    let file = root().join("docs/which-option.md");
    if std::env::var_os("ANCIL_UPDATE_DOCS").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == page,
        "docs/which-option.md is out of date: see the top of this test"
    );
}
