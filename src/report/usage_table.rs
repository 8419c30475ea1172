//! `usage`: every step definition with the steps that it ran and how long they took, the slowest first.

use std::io::{self, Write};
use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use super::Formatter;
use super::usage::{Usage, Used};
use crate::messages::Envelope;

/// So many steps of a definition are shown.
const SHOWN: usize = 5;

#[derive(Default)]
pub(super) struct UsageTable {
    usage: Usage,
}

impl Formatter for UsageTable {
    fn handle(&mut self, envelope: &Envelope, out: &mut dyn Write) -> io::Result<()> {
        self.usage.update(envelope);
        if !matches!(envelope, Envelope::TestRunFinished(_)) {
            return Ok(());
        }
        let definitions = self.usage.sorted();
        if definitions.is_empty() {
            return write!(out, "No step definitions");
        }
        let head = ["Pattern / Text", "Duration", "Location"].map(|head| vec![head.to_owned()]);
        let rows: Vec<_> = std::iter::once(head).chain(definitions.iter().map(row)).collect();
        write_table(&rows, out)
    }
}

/// The lines of each cell of a definition.
fn row(used: &Used) -> [Vec<String>; 3] {
    let pattern = match used.is_regular() {
        true => format!("/{}/", used.pattern()),
        false => used.pattern().to_owned(),
    };
    let whole = match used.matches.is_empty() {
        true => "UNUSED".to_owned(),
        false => millis(used.mean()),
    };
    let mut cells = [vec![pattern], vec![whole], vec![format!("{}:{}", used.uri(), used.line())]];
    for found in used.matches.iter().take(SHOWN) {
        let place = format!("{}:{}", found.uri, found.line);
        let lines = [format!("  {}", found.text), millis(found.took), place];
        for (cell, line) in cells.iter_mut().zip(lines) {
            cell.push(line);
        }
    }
    let more = used.matches.len().saturating_sub(SHOWN);
    if more > 0 {
        cells[0].push(format!("  {more} more"));
    }
    cells
}

fn millis(span: Option<Duration>) -> String {
    span.map_or_else(|| "-".to_owned(), |span| format!("{:.2}ms", span.as_secs_f64() * 1000.0))
}

/// Writes rows of cells of lines, in a frame.
fn write_table(rows: &[[Vec<String>; 3]], out: &mut dyn Write) -> io::Result<()> {
    let widths = [0, 1, 2].map(|column| {
        let lines = rows.iter().flat_map(|cells| &cells[column]);
        lines.map(|line| line.width()).max().unwrap_or_default()
    });
    let rule = |[left, middle, right]: [&str; 3]| {
        format!("{left}{}{right}", widths.map(|width| "─".repeat(width + 2)).join(middle))
    };
    for (index, cells) in rows.iter().enumerate() {
        let above = if index == 0 { ["┌", "┬", "┐"] } else { ["├", "┼", "┤"] };
        writeln!(out, "{}", rule(above))?;
        let height = cells.iter().map(Vec::len).max().unwrap_or_default();
        for line in 0..height {
            for (cell, width) in cells.iter().zip(widths) {
                let text = cell.get(line).map_or("", String::as_str);
                write!(out, "│ {text}{} ", " ".repeat(width - text.width()))?;
            }
            writeln!(out, "│")?;
        }
    }
    writeln!(out, "{}", rule(["└", "┴", "┘"]))
}
