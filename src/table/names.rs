//! Lists of names, each as one string and an index into it: a table of pointers would have to be relocated, and so be
//! writable, where a program is loaded at any address.
#![forbid(unsafe_code)]

/// Names, with a NUL behind each for C, and where they begin.
pub(crate) struct Names<const N: usize> {
    starts: [u16; N],
}

impl<const N: usize> Names<N> {
    /// Of a text of `N` names.
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

    /// The name at `index` of the text that this was made of, its NUL included.
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
