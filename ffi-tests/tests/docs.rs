//! What a reader may expect of the crate's documentation: an example of every public function,
//! method, type, trait and macro, and a search that finds socket options and common words.
//!
//! An example runs. It stands in the item's own documentation, or in that of the type, the trait or
//! the module that the item's path leads through, and names the item in code that readers see. A
//! comment does not count, nor does a `use`, unless the item is a trait: its methods are called.

use ancil::CATALOGUE;
use ffi_tests::rustdoc::{self, Item};
use ffi_tests::skip;
use std::collections::BTreeSet;

/// The types whose methods bitflags makes.
const BITFLAGS: [&str; 4] = [
    "MsgFlags",
    "payload::TimestampingFlags",
    "verdict::Capabilities",
    "verdict::State",
];

/// Returns the code of the examples in this documentation that run and that readers see.
fn examples(docs: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut runs = None;
    for line in docs.lines().map(str::trim) {
        match (line.strip_prefix("```"), runs) {
            (Some(kind), None) => runs = Some(matches!(kind, "" | "rust" | "should_panic")),
            (Some(_), Some(_)) => runs = None,
            (None, Some(true)) if line != "#" && !line.starts_with("# ") => {
                lines.push(without_comment(line));
            }
            _ => {}
        }
    }
    lines
}

/// Returns the code of a line, in front of a comment. A `//` in a string is none, as in an address.
fn without_comment(line: &str) -> &str {
    match line.starts_with("//") {
        true => "",
        false => line.split_once(" //").map_or(line, |(code, _)| code),
    }
}

/// Removes the `use` declarations.
fn without_imports<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let mut is_import = false;
    let mut code = lines.to_vec();
    code.retain(|line| {
        is_import |= line.starts_with("use ");
        let is_code = !is_import;
        is_import &= !line.ends_with(';');
        is_code
    });
    code
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
    if !item.is_trait {
        lines = without_imports(&lines);
    }
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

/// Returns the public items; or `None`, if rustdoc writes what this test cannot read.
fn items(what: &str) -> Option<Vec<Item>> {
    let items = rustdoc::public_items(env!("CARGO_TARGET_TMPDIR"));
    items
        .map_err(|why| skip(&format!("docs: {what}"), &why))
        .ok()
}

#[test]
fn every_public_item_has_an_example() {
    let Some(items) = items("that every item has an example") else {
        return;
    };
    let ours: Vec<_> = items
        .iter()
        .filter(|item| !is_of_bitflags(item, &items))
        .collect();
    assert!(ours.len() > 400, "rustdoc lists only {} items", ours.len());
    let missing: Vec<_> = ours
        .iter()
        .filter(|item| !is_shown(item))
        .map(|item| &*item.path)
        .collect();
    assert!(
        missing.is_empty(),
        "{} items without an example that names them:\n{}",
        missing.len(),
        missing.join("\n")
    );
}

/// Words that somebody may type who does not know our names.
const WORDS: [&str; 31] = [
    "CMSG_NXTHDR",
    "CMSG_SPACE",
    "EMFILE",
    "SCM_TIMESTAMP",
    "SO_PEERCRED",
    "SystemTime",
    "buffer size",
    "cmsghdr",
    "credentials",
    "custom message",
    "define",
    "drops",
    "dscp",
    "dump",
    "ecn",
    "error queue",
    "fd passing",
    "file descriptor",
    "gro",
    "gso",
    "hexdump",
    "hop limit",
    "io_uring",
    "iovec",
    "lost descriptors",
    "msghdr",
    "readv",
    "recvmsg",
    "setsockopt",
    "strace",
    "ttl",
];

/// Splits a name into its words: `SCM_CREDENTIALS` and `error queue` have two each.
fn words(name: &str) -> Vec<&str> {
    name.split(|c: char| !c.is_alphanumeric()).collect()
}

/// Whether the words stand in the name, each whole and in this order.
fn has_words(name: &str, wanted: &str) -> bool {
    let wanted = words(wanted);
    words(name).windows(wanted.len()).any(|some| some == wanted)
}

#[test]
fn the_search_finds_every_option_and_common_words() {
    let Some(items) = items("that the search finds every option") else {
        return;
    };
    let mut names = BTreeSet::new();
    for item in &items {
        let own = item.path.rsplit("::").next().unwrap_or(&item.path);
        let aliases = item.aliases.iter().map(String::as_str);
        names.extend(aliases.chain([own]).map(str::to_lowercase));
    }
    let options = CATALOGUE.iter().filter_map(|row| row.option);
    let mut lost: BTreeSet<_> = options.map(|option| option.name()).collect();
    assert!(lost.len() > 50, "the catalogue has only {lost:?}");
    lost.retain(|name| !names.contains(&name.to_lowercase()));
    let is_in_a_name = |word: &str| {
        let word = word.to_lowercase();
        names.iter().any(|name| has_words(name, &word))
    };
    lost.extend(WORDS.iter().filter(|word| !is_in_a_name(word)));
    assert!(lost.is_empty(), "neither names nor aliases: {lost:?}");
}
