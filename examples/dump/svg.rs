// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! The picture as SVG, for light and dark backgrounds.

use super::picture::{Field, Kind, Part, Picture, Row, WIDTH, wrap};

/// Pixels. A character of 13 pixels is about 7.8 wide in every monospaced font.
const TOTAL: usize = 880;
const MARGIN: usize = 20;
const LINE: usize = 22;
const CELLS: usize = 92;
const CELL: usize = 26;
const LABELS: usize = CELLS + WIDTH * CELL + 14;
/// Characters that fit beside the bytes, and in the whole width.
const LABEL: usize = (TOTAL - MARGIN - LABELS) * 10 / 79;
const WHOLE: usize = (TOTAL - 2 * MARGIN) * 10 / 79;

const STYLE: &str = "
  text { font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #1f2328 }
  .page { fill: #ffffff }
  .title { font-weight: bold }
  .quiet { fill: #59636e }
  .bad { fill: #b3261e; font-weight: bold }
  .good { fill: #1a6e34 }
  .header { fill: #d8e8fb; stroke: #3b78bd }
  .payload { fill: #d3f0da; stroke: #2f8a4b }
  .padding { fill: #eceef1; stroke: #8c959f; stroke-dasharray: 3 2 }
  .fault { fill: #ffd8d3; stroke: #c4362c }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .page { fill: #0d1117 }
    .quiet { fill: #9aa4af }
    .bad { fill: #ff8b80 }
    .good { fill: #6fd58a }
    .header { fill: #153a63; stroke: #6ba6e8 }
    .payload { fill: #14432a; stroke: #4fb873 }
    .padding { fill: #20262d; stroke: #7d8590 }
    .fault { fill: #5c1f1b; stroke: #f27a6f }
  }
";

/// Lines from top to bottom.
struct Page {
    elements: String,
    y: usize,
}

impl Page {
    /// Writes text at `x` in the current line.
    fn text(&mut self, x: usize, class: &str, text: &str) {
        let (y, text) = (self.y, escape(text));
        self.elements += &format!("<text x=\"{x}\" y=\"{y}\" class=\"{class}\">{text}</text>\n");
    }

    /// Writes text over the whole width, in lines of its own.
    fn lines(&mut self, class: &str, text: &str) {
        for line in wrap(text, WHOLE).iter().filter(|line| !line.is_empty()) {
            self.y += LINE;
            self.text(MARGIN, class, line);
        }
    }

    fn part(&mut self, part: &Part) {
        self.y += LINE / 2;
        self.lines("title", &part.title);
        self.lines("quiet", part.about);
        self.y += LINE / 3;
        part.fields.iter().for_each(|field| self.field(field));
        self.y += LINE / 3;
        part.faults
            .iter()
            .for_each(|fault| self.lines("bad", fault));
    }

    fn field(&mut self, field: &Field) {
        let (cell, label) = match field.kind {
            Kind::Header => ("header", ""),
            Kind::Payload => ("payload", ""),
            Kind::Padding => ("padding", "quiet"),
            Kind::Fault => ("fault", "bad"),
        };
        for row in field.rows(LABEL) {
            self.y += LINE;
            self.bytes(&row, cell);
            if !row.text.is_empty() {
                self.text(LABELS, label, &row.text);
            }
        }
    }

    /// Draws the bytes of a row, each in its column.
    fn bytes(&mut self, row: &Row<'_>, class: &str) {
        if row.bytes.is_empty() {
            return;
        }
        self.text(MARGIN, "quiet", &format!("0x{:04x}", row.offset));
        let (x, y) = (CELLS + row.offset % WIDTH * CELL, self.y - 15);
        let (width, height) = (row.bytes.len() * CELL, LINE - 2);
        self.elements += &format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" class=\"{class}\"/>\n"
        );
        for (i, byte) in row.bytes.iter().enumerate() {
            let hex = byte.map_or("??".into(), |byte| format!("{byte:02x}"));
            self.text(x + i * CELL + 5, "", &hex);
        }
    }
}

/// Returns the picture as an SVG document.
pub fn draw(picture: &Picture) -> String {
    let mut page = Page {
        elements: String::new(),
        y: MARGIN / 2,
    };
    page.lines("title", &picture.heading);
    picture.parts.iter().for_each(|part| page.part(part));
    if let Some((text, is_refused)) = &picture.verdict {
        page.y += LINE / 2;
        page.lines(if *is_refused { "bad" } else { "good" }, text);
    }
    let (height, heading) = (page.y + MARGIN, escape(&picture.heading));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{TOTAL}\" height=\"{height}\" \
         viewBox=\"0 0 {TOTAL} {height}\" role=\"img\" xml:space=\"preserve\">\n\
         <title>{heading}</title>\n\
         <style>{STYLE}</style>\n<rect class=\"page\" width=\"{TOTAL}\" height=\"{height}\"/>\n\
         {}</svg>\n",
        page.elements.replace(" class=\"\"", "")
    )
}

/// Writes the characters that XML gives a meaning as entities.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
