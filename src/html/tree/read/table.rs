//! Tables: rows, cells and what is kept of their looks.

use super::attribute::{align, span};
use super::{Observer, Oddity, Reader};
use crate::html::tree::nodes::Element;
use crate::html::tree::style::{self, CELL, TABLE};
use crate::html::tree::{Block, Cell, Marks};

impl<O: Observer> Reader<O> {
    pub(super) fn table(&mut self, tag: Element<'_>, marks: &Marks) {
        self.cut();
        if !self.may_hold() {
            return self.children(tag, marks);
        }
        if self.lists > 0 {
            self.observer.found(Oddity::TableInList);
        }
        if self.tables > 0 {
            self.observer.found(Oddity::NestedTable);
        }
        for caption in tag.elements().filter(|child| child.name() == "caption") {
            self.unwrapped(caption, marks);
        }
        self.tables += 1;
        let mut rows = Vec::new();
        self.rows(tag, marks, &mut rows);
        self.tables -= 1;
        if rows.is_empty() {
            self.observer.found(Oddity::EmptyTable);
            return;
        }
        let style = style::kept(tag.attr("style").unwrap_or_default(), &TABLE);
        self.blocks.push(Block::Table { style, rows });
    }

    fn rows(&mut self, part: Element<'_>, marks: &Marks, rows: &mut Vec<Vec<Cell>>) {
        for child in part.elements() {
            match child.name() {
                "thead" | "tbody" | "tfoot" => self.rows(child, marks, rows),
                "tr" => {
                    let cells: Vec<Cell> = child
                        .elements()
                        .filter(|cell| matches!(cell.name(), "td" | "th"))
                        .map(|cell| self.cell(cell, marks))
                        .collect();
                    if !cells.is_empty() {
                        rows.push(cells);
                    }
                }
                _ => {}
            }
        }
    }

    fn cell(&mut self, tag: Element<'_>, marks: &Marks) -> Cell {
        self.observer.enter(tag);
        // Intercom has no head cells; bold text is what is left of them.
        let is_head = O::IS_WRITTEN && tag.name() == "th";
        let marks = Marks { bold: marks.bold || is_head, ..marks.clone() };
        let place = align(tag, self.align);
        let (columns, rows) = (span(tag, "colspan"), span(tag, "rowspan"));
        if columns + rows > 0 {
            self.observer.found(Oddity::MergedCells);
        }
        let blocks = self.inside(tag, &marks, place);
        self.observer.leave();
        Cell { style: style::kept(tag.attr("style").unwrap_or_default(), &CELL), columns, rows, blocks }
    }
}
