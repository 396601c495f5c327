//! Each public function, method, type, trait and macro has an example that runs.
//!
//! The example stands in the item's own documentation, or in that of the type, the trait or the
//! module that the item's path leads through. It names the item in a line that the reader sees.

use ffi_tests::rustdoc::{self, Item};
use ffi_tests::skip;
use std::collections::BTreeMap;

/// Items without an example, and why.
const EXCEPTIONS: [(&str, &str); 0] = [];

/// The types whose methods bitflags makes.
const BITFLAGS: [&str; 4] = [
    "MsgFlags",
    "payload::TimestampingFlags",
    "verdict::Capabilities",
    "verdict::State",
];

/// Returns the lines of the examples in this documentation that run and that readers see.
fn examples(docs: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut runs = None;
    for line in docs.lines().map(str::trim) {
        match (line.strip_prefix("```"), runs) {
            (Some(kind), None) => runs = Some(matches!(kind, "" | "rust" | "should_panic")),
            (Some(_), Some(_)) => runs = None,
            (None, Some(true)) if line != "#" && !line.starts_with("# ") => lines.push(line),
            _ => {}
        }
    }
    lines
}

/// Whether this line names an item: as a word, and a method after a dot, `::` or `fn`.
fn names(line: &str, name: &str, is_method: bool) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + name.len()..]);
        let is_word = !before.ends_with(is_part) && !after.starts_with(is_part);
        let is_called = [".", "::", "fn "].iter().any(|mark| before.ends_with(mark));
        is_word && (is_called || !is_method)
    })
}

/// Whether an example names the item.
fn is_shown(item: &Item) -> bool {
    let name = item.path.rsplit("::").next().unwrap_or(&item.path);
    let mut lines = examples(&item.docs);
    lines.extend(examples(&item.docs_of_owner));
    lines.iter().any(|line| names(line, name, item.is_method))
}

/// Whether bitflags has made the method, and its documentation: all types of that crate have it.
fn is_of_bitflags(item: &Item, items: &[Item]) -> bool {
    let Some((owner, method)) = item.path.rsplit_once("::") else {
        return false;
    };
    let has_it = |ty: &str| {
        items
            .iter()
            .any(|item| item.path == format!("{ty}::{method}"))
    };
    BITFLAGS.contains(&owner) && BITFLAGS.iter().all(|ty| has_it(ty))
}

#[test]
fn every_public_item_has_an_example() {
    let items = match rustdoc::public_items(env!("CARGO_TARGET_TMPDIR")) {
        Ok(items) => items,
        Err(why) => return skip("examples_of_docs: that every item has an example", &why),
    };
    let ours: Vec<_> = items
        .iter()
        .filter(|item| !is_of_bitflags(item, &items))
        .collect();
    assert!(ours.len() > 400, "rustdoc lists only {} items", ours.len());

    let except = BTreeMap::from(EXCEPTIONS);
    let is_wrong = |item: &&&Item| is_shown(item) == except.contains_key(item.path.as_str());
    let mut wrong: Vec<_> = ours
        .iter()
        .filter(is_wrong)
        .map(|item| item.path.as_str())
        .collect();
    wrong.sort_unstable();
    assert!(
        wrong.is_empty(),
        "{} items without an example, or with one and an exception:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    let unknown: Vec<_> = except
        .keys()
        .filter(|path| ours.iter().all(|item| item.path != **path))
        .collect();
    assert!(
        unknown.is_empty(),
        "exceptions that are no public items: {unknown:?}"
    );
}
