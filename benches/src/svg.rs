//! Draws `docs/speed.svg`: what each case of Rust costs, as a part of its goal.

use crate::report::Row;
use std::fmt::Write;

const LINE: usize = 22;
const LEFT: usize = 400;
/// The width of a bar that meets its goal exactly.
const GOAL: f64 = 160.0;
/// Bars that are longer are cut off; the number beside them is not.
const MOST: f64 = 3.0;

pub fn write(path: &str, rows: &[Row<'_>]) {
    let mut out = String::new();
    draw(&mut out, rows).expect("a String takes any text");
    std::fs::write(path, out).unwrap_or_else(|e| panic!("{path}: {e}"));
}

fn draw(out: &mut String, rows: &[Row<'_>]) -> std::fmt::Result {
    let rows = rows.iter().filter(|row| !row.case.is_c());
    let rows: Vec<_> = rows
        .filter_map(|row| Some((row, row.count as f64 / row.limit?)))
        .collect();
    let (width, height) = (LEFT as f64 + GOAL * MOST + 90.0, LINE * (rows.len() + 2));
    writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"
    font-family="sans-serif" font-size="13">
<style>
text {{ fill: #6e7781 }} .met {{ fill: #2da44e }} .missed {{ fill: #d9822b }}
line {{ stroke: #6e7781; stroke-dasharray: 4 3 }}
@media (prefers-color-scheme: dark) {{ text {{ fill: #e6edf3 }} line {{ stroke: #e6edf3 }} }}
</style>
<text x="{LEFT}" y="15">Instructions beside the goal (the dashed line); shorter is better</text>"#
    )?;
    for (i, (row, share)) in rows.iter().enumerate() {
        let y = LINE * (i + 1) + 15;
        let class = if row.missed() { "missed" } else { "met" };
        let bar = GOAL * share.min(MOST);
        writeln!(
            out,
            r#"<text x="{}" y="{y}" text-anchor="end">{}</text>
<rect class="{class}" x="{LEFT}" y="{}" width="{bar:.0}" height="14"/>
<text x="{:.0}" y="{y}">{} ({share:.2})</text>"#,
            LEFT - 8,
            row.name(),
            y - 12,
            LEFT as f64 + bar + 6.0,
            row.count,
        )?;
    }
    let x = LEFT as f64 + GOAL;
    writeln!(
        out,
        r#"<line x1="{x}" y1="{LINE}" x2="{x}" y2="{}"/>"#,
        height - LINE / 2
    )?;
    writeln!(out, "</svg>")
}
