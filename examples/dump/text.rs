// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! A place in the text that is being read, and what all notations have in common.

/// The text is not what it should be at this place.
#[derive(Debug)]
pub struct Fault {
    at: usize,
    what: String,
}

impl Fault {
    pub fn new(at: usize, what: impl Into<String>) -> Self {
        let what = what.into();
        Self { at, what }
    }

    /// Returns what is wrong, after the line and the column.
    pub fn within(&self, text: &[u8]) -> String {
        let before = &text[..self.at.min(text.len())];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let column = 1 + before.iter().rev().take_while(|b| **b != b'\n').count();
        format!("line {line}, column {column}: {}", self.what)
    }
}

/// Reads a text from front to back.
#[derive(Clone)]
pub struct Cursor<'t> {
    text: &'t [u8],
    pub at: usize,
}

impl<'t> Cursor<'t> {
    pub fn new(text: &'t [u8]) -> Self {
        Self { text, at: 0 }
    }

    pub fn rest(&self) -> &'t [u8] {
        &self.text[self.at..]
    }

    pub fn fault(&self, what: impl Into<String>) -> Fault {
        Fault::new(self.at, what)
    }

    /// Returns whether `byte` comes before this place.
    pub fn is_after(&self, byte: u8) -> bool {
        self.text[..self.at].last() == Some(&byte)
    }

    /// Goes past blanks and the comments that strace writes.
    pub fn skip_blanks(&mut self) {
        loop {
            match self.rest() {
                [b' ' | b'\t' | b'\r' | b'\n', ..] => self.at += 1,
                [b'/', b'*', rest @ ..] => {
                    let end = rest.windows(2).position(|pair| pair == b"*/");
                    self.at += end.map_or(2 + rest.len(), |end| end + 4);
                }
                _ => return,
            }
        }
    }

    /// Goes past blanks, then past `token` if it follows. Returns whether it did.
    pub fn eat(&mut self, token: &str) -> bool {
        self.skip_blanks();
        let found = self.rest().starts_with(token.as_bytes());
        self.at += if found { token.len() } else { 0 };
        found
    }

    pub fn expect(&mut self, token: &str) -> Result<(), Fault> {
        if self.eat(token) {
            return Ok(());
        }
        Err(self.fault(format!("expected {token:?}")))
    }

    /// Goes past blanks and past a name or number. Returns it; an empty one if there is none.
    pub fn word(&mut self) -> &'t str {
        self.skip_blanks();
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        let len = self.rest().iter().take_while(is_part).count();
        let word = &self.rest()[..len];
        self.at += len;
        std::str::from_utf8(word).unwrap_or_default()
    }

    /// Goes to the first `token` outside of strings. Returns whether there is one.
    pub fn find(&mut self, token: &str) -> bool {
        while self.at < self.text.len() {
            if self.rest().starts_with(token.as_bytes()) {
                return true;
            }
            let is_string = self.rest()[0] == b'"';
            if !is_string || self.quoted().is_err() {
                self.at += 1;
            }
        }
        false
    }

    /// Reads a string of C or Python in the quotes that follow.
    pub fn quoted(&mut self) -> Result<Vec<u8>, Fault> {
        const ESCAPES: [[u8; 2]; 10] = [
            *b"t\t", *b"n\n", *b"r\r", *b"v\x0b", *b"f\x0c", *b"a\x07", *b"b\x08", *b"\\\\",
            *b"''", *b"\"\"",
        ];
        let mut bytes = Vec::new();
        let (quote, mut at) = match self.rest() {
            [quote @ (b'\'' | b'"'), ..] => (*quote, self.at + 1),
            _ => return Err(self.fault("expected a quote")),
        };
        loop {
            let (byte, len) = match &self.text[at..] {
                [] | [b'\n', ..] => {
                    return Err(Fault::new(at, "a string without a closing quote"));
                }
                [c, ..] if *c == quote => {
                    self.at = at + 1;
                    return Ok(bytes);
                }
                [b'\\', b'x', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                    (hex(&[*a, *b]), 4)
                }
                [b'\\', rest @ ..] => {
                    let is_octal = |c: &&u8| (b'0'..=b'7').contains(*c);
                    let octal = rest.iter().take(3).take_while(is_octal);
                    let (value, len) =
                        octal.fold((0, 1), |(n, len), c| (n * 8 + u32::from(c - b'0'), len + 1));
                    let named = ESCAPES.iter().find(|[name, _]| Some(name) == rest.first());
                    match named {
                        Some([_, byte]) => (Some(*byte), 2),
                        None => (u8::try_from(value).ok().filter(|_| len > 1), len),
                    }
                }
                [c, ..] => (Some(*c), 1),
            };
            bytes.push(byte.ok_or_else(|| Fault::new(at, "unknown escape"))?);
            at += len;
        }
    }
}

/// Returns the value of one or two hex digits.
pub fn hex(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
