//! Tables: rows, cells and what is kept of their looks.

use scraper::ElementRef;
use scraper::node::Element;

use super::super::style::{self, CELL, TABLE};
use super::super::tree::{Block, Cell, Marks};
use super::Reader;
use super::attribute::{align, span};

impl Reader<'_> {
    pub(super) fn table(&mut self, element: ElementRef, tag: &Element, marks: &Marks) {
        self.cut();
        if !self.may_hold() {
            return self.children(element, marks);
        }
        if let Some(checks) = &mut self.checks {
            checks.table(self.lists > 0, self.tables > 0);
        }
        for caption in element.child_elements().filter(|child| child.value().name() == "caption") {
            self.unwrapped(caption, marks);
        }
        self.tables += 1;
        let mut rows = Vec::new();
        self.rows(element, marks, &mut rows);
        self.tables -= 1;
        if rows.is_empty() {
            if let Some(checks) = &mut self.checks {
                checks.empty_table();
            }
            return;
        }
        let style = style::kept(tag.attr("style").unwrap_or_default(), &TABLE);
        self.blocks.push(Block::Table { style, rows });
    }

    fn rows(&mut self, part: ElementRef, marks: &Marks, rows: &mut Vec<Vec<Cell>>) {
        for child in part.child_elements() {
            match child.value().name() {
                "thead" | "tbody" | "tfoot" => self.rows(child, marks, rows),
                "tr" => {
                    let cells: Vec<Cell> = child
                        .child_elements()
                        .filter(|cell| matches!(cell.value().name(), "td" | "th"))
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

    fn cell(&mut self, cell: ElementRef, marks: &Marks) -> Cell {
        let tag = cell.value();
        let outside = self.checks.as_mut().map(|checks| checks.enter(tag));
        // Intercom has no head cells; bold text is what is left of them.
        let is_head = self.checks.is_some() && tag.name() == "th";
        let marks = Marks { bold: marks.bold || is_head, ..marks.clone() };
        let place = align(tag, self.align);
        let (columns, rows) = (span(tag, "colspan"), span(tag, "rowspan"));
        if let Some(checks) = &mut self.checks
            && columns + rows > 0
        {
            checks.merged_cells();
        }
        let blocks = self.inside(cell, &marks, place);
        if let (Some(checks), Some(outside)) = (&mut self.checks, outside) {
            checks.leave(outside);
        }
        Cell { style: style::kept(tag.attr("style").unwrap_or_default(), &CELL), columns, rows, blocks }
    }
}
