//! Tables as pipes, where every cell is one line of text or one picture and nothing is styled.

use super::Verified;
use super::inline::{self, Place};
use crate::html::tree::{Align, Block, Cell, Piece, Run, Style};

/// The lines of a pipe table, or nothing where pipes cannot say it.
pub(super) fn pipes(style: &Style, rows: &[Vec<Cell>], checked: Verified) -> Option<Vec<String>> {
    let first = rows.first()?;
    let is_plain = |cell: &Cell| cell.style.is_empty() && cell.columns < 2 && cell.rows < 2;
    if !style.is_empty() || rows.iter().any(|row| row.len() != first.len()) || !rows.iter().flatten().all(is_plain) {
        return None;
    }
    let columns: Vec<Align> = (0..first.len()).map(|column| column_align(rows, column)).collect::<Option<_>>()?;
    // A head row comes back in bold; a table whose first row is not has an empty head.
    let has_head = first.iter().all(|cell| text(cell).is_none_or(is_bold) && !is_picture(cell))
        && first.iter().any(|cell| text(cell).is_some());
    let mut lines = Vec::new();
    if !has_head {
        lines.push(format!("|{}", "  |".repeat(first.len())));
    }
    for (index, row) in rows.iter().enumerate() {
        if index == usize::from(has_head) {
            lines.push(under(&columns));
        }
        let kind = if has_head && index == 0 { Row::Head } else { Row::Body };
        let cells: Vec<String> = row.iter().map(|cell| written(cell, kind, checked)).collect::<Option<_>>()?;
        lines.push(format!("| {} |", cells.join(" | ")));
    }
    if rows.len() == usize::from(has_head) {
        lines.push(under(&columns));
    }
    Some(lines)
}

/// Where a row is: text of the head comes back in bold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    Head,
    Body,
}

fn under(columns: &[Align]) -> String {
    let signs = columns.iter().map(|align| match align {
        Align::Center => " :-: |",
        Align::Right => " --: |",
        Align::Left | Align::Justify => " --- |",
    });
    format!("|{}", signs.collect::<String>())
}

/// The alignment of a column, if all its cells have one that pipes can say.
fn column_align(rows: &[Vec<Cell>], column: usize) -> Option<Align> {
    let mut found = None;
    for cell in rows.iter().filter_map(|row| row.get(column)) {
        let align = match cell.blocks.as_slice() {
            [Block::Paragraph { text, .. }] if text.is_empty() => continue,
            [Block::Paragraph { align, .. } | Block::Image { align, .. }] => *align,
            [] => continue,
            _ => return None,
        };
        if align == Align::Justify || found.is_some_and(|found| found != align) {
            return None;
        }
        found = Some(align);
    }
    Some(found.unwrap_or_default())
}

fn text(cell: &Cell) -> Option<&[Run]> {
    match cell.blocks.as_slice() {
        [Block::Paragraph { text, .. }] if !text.is_empty() => Some(text),
        _ => None,
    }
}

fn is_picture(cell: &Cell) -> bool {
    matches!(cell.blocks.as_slice(), [Block::Image { .. }])
}

fn is_bold(text: &[Run]) -> bool {
    text.iter().all(|run| run.marks.bold || run.piece == Piece::Break)
}

fn written(cell: &Cell, row: Row, checked: Verified) -> Option<String> {
    match cell.blocks.as_slice() {
        [] => Some(String::new()),
        [Block::Paragraph { text, .. }] => {
            let mut text = text.clone();
            if row == Row::Head {
                text.iter_mut().for_each(|run| run.marks.bold = false);
            }
            inline::inline(&text, Place::Cell, checked)
        }
        [Block::Image { image, link, .. }] => {
            let image = super::picture(image).replace('|', "\\|");
            Some(match link {
                Some(link) => format!("[{image}]({})", inline::destination(link).replace('|', "\\|")),
                None => image,
            })
        }
        _ => None,
    }
}
