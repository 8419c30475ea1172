//! Step arguments as text: doc strings and data tables.

use super::style::Painter;
use super::text::width;
use super::theme::{DataTableTheme, DocStringTheme, Theme};
use crate::messages::{PickleDocString, PickleStepArgument, PickleTable, StepBlock};

/// Both where a step has both, in source order.
pub(super) fn argument(argument: &PickleStepArgument, theme: &Theme, painter: Painter) -> String {
    let blocks = argument.blocks().map(|block| match block {
        StepBlock::DataTable(table) => {
            let text = table_text(table, &theme.data_table, painter);
            painter.paint_lines(&text, &theme.data_table.all)
        }
        StepBlock::DocString(doc_string) => {
            let text = doc_string_text(doc_string, &theme.doc_string, painter);
            painter.paint_lines(&text, &theme.doc_string.all)
        }
    });
    blocks.collect::<Vec<_>>().join("\n")
}

fn doc_string_text(doc_string: &PickleDocString, theme: &DocStringTheme, p: Painter) -> String {
    let delimiter = p.paint("\"\"\"", &theme.delimiter);
    let media_type = doc_string.media_type.as_deref().unwrap_or_default();
    let mut text = delimiter.clone();
    if !media_type.is_empty() {
        text += &p.paint(media_type, &theme.media_type);
    }
    text.push('\n');
    for line in doc_string.content.split('\n') {
        text += &p.paint(line, &theme.content);
        text.push('\n');
    }
    text + &delimiter
}

fn table_text(table: &PickleTable, theme: &DataTableTheme, painter: Painter) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for row in &table.rows {
        widths.resize(widths.len().max(row.cells.len()), 0);
        for (widest, cell) in widths.iter_mut().zip(&row.cells) {
            *widest = (*widest).max(width(&cell.value));
        }
    }
    let border = painter.paint("|", &theme.border);
    let rows = table.rows.iter().map(|row| {
        let mut line = border.clone();
        for (column, cell) in widths.iter().zip(&row.cells) {
            let padding = " ".repeat(column - width(&cell.value));
            line += &painter.paint(format!(" {}{padding} ", cell.value), &theme.content);
            line += &border;
        }
        line
    });
    rows.collect::<Vec<_>>().join("\n")
}
