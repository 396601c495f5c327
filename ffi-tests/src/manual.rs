//! Reads the sources of the manual pages in `man/`.

use crate::root;
use std::fs::{read_dir, read_to_string};

/// A manual page.
pub struct Page {
    /// The title, which is the name of the file without the section: `ancil` of `ancil.3`.
    pub name: String,
    /// The section of the manual: `3` for functions, `7` for an overview.
    pub section: String,
    /// The source, in mdoc(7).
    pub text: String,
}

/// A block of C under EXAMPLES.
#[derive(Debug, PartialEq)]
pub struct Example {
    /// The source. It defines a function, and it compiles as it is.
    pub source: String,
    /// What the function prints according to the page.
    pub prints: String,
}

/// Returns all pages, in the order of their names.
pub fn pages() -> Vec<Page> {
    let files = read_dir(root().join("man")).expect("man/");
    let mut pages: Vec<_> = files
        .map(|file| {
            let path = file.expect("a file").path();
            let part = |part: Option<&std::ffi::OsStr>| {
                part.and_then(|part| part.to_str()).expect("a name").into()
            };
            Page {
                name: part(path.file_stem()),
                section: part(path.extension()),
                text: read_to_string(&path).expect("a page"),
            }
        })
        .collect();
    pages.sort_by(|a, b| a.name.cmp(&b.name));
    pages
}

impl Page {
    /// Returns the name of the file.
    pub fn file(&self) -> String {
        format!("{}.{}", self.name, self.section)
    }

    /// Returns the titles of the sections, in their order.
    pub fn sections(&self) -> Vec<&str> {
        let lines = self.text.lines();
        lines.filter_map(|line| line.strip_prefix(".Sh ")).collect()
    }

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

    /// Returns the name of every function and function-like macro under SYNOPSIS, each with its
    /// declaration: that of a function as [`header::prototypes`](crate::header::prototypes) has it,
    /// that of a macro as [`header::macros`](crate::header::macros) has it.
    pub fn declarations(&self) -> Vec<(&str, String)> {
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
                ".Fd" => {
                    let declared = rest.strip_prefix("#define ").unwrap_or_default();
                    if let Some((name, _)) = declared.split_once('(') {
                        all.push((name, declared.into()));
                    }
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

    /// Returns the blocks of C under EXAMPLES. An indented block after one is what it prints. A
    /// block that includes nothing begins with the lines of the preprocessor under SYNOPSIS.
    pub fn examples(&self) -> Vec<Example> {
        let mut examples: Vec<Example> = Vec::new();
        for (indented, text) in literal_blocks(self.section("EXAMPLES")) {
            match examples.last_mut() {
                Some(example) if indented => example.prints += &text,
                _ if text.contains("#include <") => examples.push(Example {
                    source: text,
                    prints: String::new(),
                }),
                _ => examples.push(Example {
                    source: self.directives() + &text,
                    prints: String::new(),
                }),
            }
        }
        examples
    }

    /// Returns the lines of the preprocessor under SYNOPSIS, but those that show a macro's
    /// arguments.
    fn directives(&self) -> String {
        let line = |line: &str| match line.split_once(' ')? {
            (".In", header) => Some(format!("#include <{header}>\n")),
            (".Fd", rest) if !rest.contains('(') => Some(rest.trim_matches('"').to_owned() + "\n"),
            _ => None,
        };
        self.section("SYNOPSIS").filter_map(line).collect()
    }

    /// Returns the blocks of C under DESCRIPTION, which are structs.
    pub fn structs(&self) -> Vec<String> {
        let blocks = literal_blocks(self.section("DESCRIPTION"));
        blocks.into_iter().map(|(_, text)| text).collect()
    }
}

impl Example {
    /// Returns the name of the last function that the source defines.
    pub fn function(&self) -> &str {
        let lines = self.source.lines().zip(self.source.lines().skip(1));
        let defined = lines.filter(|(line, next)| {
            line.starts_with(char::is_alphabetic) && (*next == "{" || next.starts_with("    "))
        });
        let names =
            defined.filter_map(|(line, _)| line.split('(').next()?.rsplit([' ', '*']).next());
        names.last().expect("an example defines a function")
    }
}

/// Returns the text of each literal block, and whether it is indented.
fn literal_blocks<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<(bool, String)> {
    let mut blocks = Vec::new();
    let mut lines = lines.filter(|line| !line.starts_with(".\\\""));
    while let Some(line) = lines.find(|line| line.starts_with(".Bd -literal")) {
        let block = lines.by_ref().take_while(|line| *line != ".Ed");
        let text = block.map(|line| line.replace("\\e", "\\").replace("\\&", "") + "\n");
        blocks.push((line.ends_with(" -offset indent"), text.collect()));
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
                    .Fd \"#define A\"\n.In a.h\n.Fd \"#define A_M(x)\"\n\
                    .Ft const char *\n.Fo a_f\n.Fa \"int *n\"\n.Fa x\n.Fc\n\
                    .Sh DESCRIPTION\n.Nm\n.It Fn a_f n\n\
                    .Bd -literal -offset indent\nstruct s {\n};\n.Ed\n\
                    .Sh EXAMPLES\n.Bd -literal\nint *f(int x)\n{\n    a(\"\\en\");\n}\n.Ed\n\
                    Text.\n.Bd -literal -offset indent\nout\n.Ed\n\
                    .Bd -literal\n#include <b.h>\n\nint g(void)\n{\n}\n.Ed\n";
        let page = Page {
            name: "a".into(),
            section: "3".into(),
            text: text.into(),
        };
        assert_eq!(page.file(), "a.3");
        assert_eq!(
            page.sections(),
            ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES"]
        );
        assert_eq!(page.names(), ["a", "a_f"]);
        assert_eq!(
            page.declarations(),
            [
                ("A_M", "A_M(x)".to_string()),
                ("a_f", "const char *a_f(int *n, x)".to_string())
            ]
        );
        assert_eq!(page.mentioned(), ["a_f"]);
        assert_eq!(page.structs(), ["struct s {\n};\n"]);
        let [first, second] = &page.examples()[..] else {
            panic!("{:?}", page.examples())
        };
        assert_eq!(
            first.source,
            "#define A\n#include <a.h>\nint *f(int x)\n{\n    a(\"\\n\");\n}\n"
        );
        assert_eq!((first.function(), first.prints.as_str()), ("f", "out\n"));
        assert_eq!((second.function(), second.prints.as_str()), ("g", ""));
        assert_eq!(second.source, "#include <b.h>\n\nint g(void)\n{\n}\n");
    }
}
