// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Names`]: a list of names as one string and the offsets of the names in it.
//!
//! A table of pointers would have to be relocated, and so be writable, in a program that can be
//! loaded at any address.
#![forbid(unsafe_code)]

/// The offsets of `N` names in a text, in which each name has a NUL after it for C.
pub(crate) struct Names<const N: usize> {
    starts: [u16; N],
}

impl<const N: usize> Names<N> {
    /// Finds the names in `text`.
    #[expect(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "at compile time only"
    )]
    pub const fn of(text: &str) -> Self {
        let (text, mut starts) = (text.as_bytes(), [0; N]);
        let (mut at, mut name) = (0, 0);
        while at < text.len() {
            starts[name] = at as u16;
            name += 1;
            while text[at] != 0 {
                at += 1;
            }
            at += 1;
        }
        assert!(name == N && at <= u16::MAX as usize);
        Self { starts }
    }

    /// Returns the name at `index` with its NUL. `text` must be the text given to `of`.
    pub fn get(&self, text: &'static str, index: usize) -> Option<&'static str> {
        name(&self.starts, text, index)
    }
}

#[inline(never)]
fn name(starts: &[u16], text: &'static str, index: usize) -> Option<&'static str> {
    let start = usize::from(*starts.get(index)?);
    let end = starts
        .get(index.checked_add(1)?)
        .map_or(text.len(), |end| usize::from(*end));
    text.get(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_found_and_no_other() {
        const TEXT: &str = "one\0\0three\0";
        const NAMES: Names<3> = Names::of(TEXT);
        let found = [0, 1, 2, 3].map(|index| NAMES.get(TEXT, index));
        assert_eq!(found, [Some("one\0"), Some("\0"), Some("three\0"), None]);
    }
}
