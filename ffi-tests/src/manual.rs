//! Reads the sources of the manual pages in `man/`.

use crate::root;
use std::fs::{read_dir, read_to_string};

/// A manual page.
pub struct Page {
    /// The title, which is the name of the file without `.3`.
    pub name: String,
    /// The source, in mdoc(7).
    pub text: String,
}

/// Returns all pages, in the order of their names.
pub fn pages() -> Vec<Page> {
    let files = read_dir(root().join("man"))
        .expect("man/")
        .map(|file| file.expect("a file").path());
    let files = files.filter(|path| path.extension().is_some_and(|end| end == "3"));
    let mut pages: Vec<_> = files
        .map(|path| {
            let name = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .expect("a name")
                .into();
            Page {
                name,
                text: read_to_string(&path).expect("a page"),
            }
        })
        .collect();
    pages.sort_by(|a, b| a.name.cmp(&b.name));
    pages
}

impl Page {
    /// Returns the lines of a section.
    fn section(&self, title: &str) -> impl Iterator<Item = &str> {
        let heading = format!(".Sh {title}");
        let lines = self
            .text
            .lines()
            .skip_while(move |line| *line != heading)
            .skip(1);
        lines.take_while(|line| !line.starts_with(".Sh "))
    }

    /// Returns the names under NAME, by which the page is found.
    pub fn names(&self) -> Vec<&str> {
        self.section("NAME")
            .filter_map(|line| line.strip_prefix(".Nm "))
            .map(|name| name.trim_end_matches(" ,"))
            .collect()
    }

    /// Returns the name of every function under SYNOPSIS, and its prototype in the form of
    /// [`header::prototypes`](crate::header::prototypes).
    pub fn prototypes(&self) -> Vec<(&str, String)> {
        let mut all = Vec::new();
        let (mut result, mut name, mut arguments) = ("", "", Vec::new());
        for line in self.section("SYNOPSIS") {
            let (macro_name, rest) = line.split_once(' ').unwrap_or((line, ""));
            let rest = rest.trim_matches('"');
            match macro_name {
                ".Ft" => result = rest,
                ".Fo" => name = rest,
                ".Fa" => arguments.push(rest),
                ".Fc" => {
                    let text = format!("{result} {name}({})", arguments.join(", "));
                    all.push((name, text.replace("* ", "*")));
                    arguments.clear();
                }
                _ => {}
            }
        }
        all
    }

    /// Returns every function or macro that the page mentions with `Fn`.
    pub fn mentioned(&self) -> Vec<&str> {
        let lines = self.text.lines().filter(|line| line.starts_with('.'));
        let words = lines.flat_map(|line| line.split(' ').zip(line.split(' ').skip(1)));
        words
            .filter(|(before, _)| before.trim_start_matches('.') == "Fn")
            .map(|(_, name)| name)
            .collect()
    }

    /// Returns the blocks of C under EXAMPLES.
    pub fn examples(&self) -> Vec<String> {
        literal_blocks(self.section("EXAMPLES"))
    }

    /// Returns the blocks of C under DESCRIPTION, which are structs.
    pub fn structs(&self) -> Vec<String> {
        literal_blocks(self.section("DESCRIPTION"))
    }
}

/// Returns the text of each literal block.
fn literal_blocks<'a>(mut lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut blocks = Vec::new();
    while lines.any(|line| line.starts_with(".Bd -literal")) {
        let block = lines.by_ref().take_while(|line| *line != ".Ed");
        blocks.push(block.map(|line| line.replace("\\e", "\\") + "\n").collect());
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_page_are_found() {
        let text = ".Sh NAME\n.Nm a ,\n.Nm a_f\n.Nd x\n\
                    .Sh SYNOPSIS\n\
                    .Ft const char *\n.Fo a_f\n.Fa \"int *n\"\n.Fa x\n.Fc\n\
                    .Sh DESCRIPTION\n.Nm\n.It Fn a_f n\n\
                    .Bd -literal -offset indent\nstruct s {\n};\n.Ed\n\
                    .Sh EXAMPLES\n.Bd -literal\na(\"\\en\");\n\nb\n.Ed\n\
                    Text.\n.Bd -literal\nc\n.Ed\n";
        let page = Page {
            name: "a".into(),
            text: text.into(),
        };
        assert_eq!(page.names(), ["a", "a_f"]);
        assert_eq!(
            page.prototypes(),
            [("a_f", "const char *a_f(int *n, x)".to_string())]
        );
        assert_eq!(page.mentioned(), ["a_f"]);
        assert_eq!(page.structs(), ["struct s {\n};\n"]);
        assert_eq!(page.examples(), ["a(\"\\n\");\n\nb\n", "c\n"]);
    }
}
