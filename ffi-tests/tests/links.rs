//! Every link of a page in Markdown that leads to a file of the repository leads to one that is
//! there, and to a heading that the page has.

use ffi_tests::root;
use std::path::{Path, PathBuf};

/// Returns the pages below a folder. `src` has none, but the head of a page of `docs/`.
fn pages(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy();
        let skipped = name.starts_with('.') || ["target", "vendor", "src"].contains(&&*name);
        if path.is_dir() && !skipped {
            pages(&path, into);
        } else if name.ends_with(".md") {
            into.push(path);
        }
    }
}

/// Returns a page without its blocks of code, in which brackets are no links.
fn prose(path: &Path) -> String {
    let page = std::fs::read_to_string(path).unwrap();
    let parts = page.split("\n```").step_by(2);
    parts.collect::<Vec<_>>().join("\n")
}

/// Returns where the links of a page lead.
fn links(prose: &str) -> impl Iterator<Item = &str> {
    let inline = prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let named = prose
        .lines()
        .filter_map(|line| line.strip_prefix('[')?.split_once("]: "));
    inline.chain(named.map(|(_, to)| to))
}

/// Returns the anchor that sites make of a heading: words in small letters, joined by hyphens.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().chars();
    kept.filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| {
            if c == ' ' {
                '-'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect()
}

#[test]
fn every_link_leads_somewhere() {
    let (mut all, mut checked, mut broken) = (Vec::new(), 0, Vec::new());
    pages(root(), &mut all);
    for page in &all {
        let text = prose(page);
        for link in links(&text).filter(|link| !link.contains(':')) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let to = if file.is_empty() {
                page.clone()
            } else {
                page.parent().unwrap().join(file)
            };
            let has_heading = || {
                let headings = prose(&to);
                headings
                    .lines()
                    .any(|line| line.starts_with('#') && anchor(line) == heading)
            };
            if !to.exists() || (!heading.is_empty() && !has_heading()) {
                broken.push(format!("{}: {link}", page.display()));
            }
            checked += 1;
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(checked >= 40, "only {checked} links were found");
}
