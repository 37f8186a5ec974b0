//! A body as Markdown, for a person to read in a diff.
//!
//! One line per paragraph, so that a diff by lines is a diff by paragraphs. It is written to be
//! read, not to be rendered again: special characters are not escaped.

use std::fmt::Write as _;

use super::tree::{Block, Body, Cell, Color, Image, ListKind, Marks, Piece, Run};
use super::write;

/// The Markdown of a body; each block ends with a line feed, blocks are apart by an empty line.
pub fn markdown(body: &Body) -> String {
    let mut lines = Vec::new();
    blocks(&body.blocks, &mut lines);
    let mut text = lines.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn blocks(list: &[Block], lines: &mut Vec<String>) {
    for (index, block) in list.iter().enumerate() {
        if index > 0 {
            lines.push(String::new());
        }
        self::block(block, lines);
    }
}

fn block(block: &Block, lines: &mut Vec<String>) {
    match block {
        Block::Heading { level, text, .. } => {
            lines.push(format!("{} {}", "#".repeat(usize::from(*level)), inline(text)));
        }
        Block::Paragraph { text, .. } if text.is_empty() => lines.push("<p></p>".to_owned()),
        Block::Paragraph { text, align } => match align.class() {
            Some(class) => lines.push(format!("<p class=\"{class}\">{}</p>", inline(text))),
            None => lines.push(inline(text)),
        },
        Block::List { kind, items } => {
            for (index, item) in items.iter().enumerate() {
                let bullet = match kind {
                    ListKind::Bullets => "- ".to_owned(),
                    ListKind::Numbers => format!("{}. ", index + 1),
                };
                let mut inner = Vec::new();
                for block in item {
                    if !inner.is_empty() && !matches!(block, Block::List { .. }) {
                        inner.push(String::new());
                    }
                    self::block(block, &mut inner);
                }
                if inner.is_empty() {
                    inner.push(String::new());
                }
                let indent = " ".repeat(bullet.len());
                for (number, line) in inner.into_iter().enumerate() {
                    let lead = if number == 0 {
                        bullet.as_str()
                    } else if line.is_empty() {
                        ""
                    } else {
                        indent.as_str()
                    };
                    lines.push(format!("{lead}{line}"));
                }
            }
        }
        Block::Code { text } => {
            let longest = text.lines().filter(|line| line.starts_with("```")).map(str::len).max().unwrap_or(2);
            let fence = "`".repeat(longest.max(2) + 1);
            lines.push(fence.clone());
            lines.extend(text.split('\n').map(str::to_owned));
            lines.push(fence);
        }
        Block::Rule => lines.push("---".to_owned()),
        Block::Table { rows } => table(rows, lines),
        Block::Callout { color, blocks: inner } => {
            let kind = match color {
                Color::Gray => "[!NOTE]",
                Color::Green => "[!TIP]",
                Color::Blue => "[!IMPORTANT]",
                Color::Yellow => "[!WARNING]",
                Color::Red => "[!CAUTION]",
                Color::Custom(color) => {
                    lines.push(format!("> callout {color}"));
                    return quoted(inner, lines);
                }
            };
            lines.push(format!("> {kind}"));
            quoted(inner, lines);
        }
        Block::Image { image, link, .. } => {
            let image = picture(image);
            lines.push(match link {
                Some(link) => format!("[{image}]({link})"),
                None => image,
            });
        }
        Block::Other { .. } => lines.push(write::html(&Body { blocks: vec![block.clone()] })),
    }
}

fn quoted(inner: &[Block], lines: &mut Vec<String>) {
    let mut quote = Vec::new();
    blocks(inner, &mut quote);
    lines.extend(quote.into_iter().map(|line| if line.is_empty() { ">".to_owned() } else { format!("> {line}") }));
}

fn table(rows: &[Vec<Cell>], lines: &mut Vec<String>) {
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<_> = row.iter().map(|cell| self::cell(cell, index == 0)).collect();
        lines.push(format!("| {} |", cells.join(" | ")));
        if index == 0 {
            lines.push(format!("|{}", " --- |".repeat(row.len())));
        }
    }
}

fn cell(cell: &Cell, head: bool) -> String {
    let mut lines = Vec::new();
    for block in &cell.blocks {
        match block {
            Block::Paragraph { text, .. } => {
                let bold = text.iter().all(|run| run.marks.bold);
                let text: Vec<Run> = text
                    .iter()
                    .map(|run| Run {
                        piece: run.piece.clone(),
                        marks: Marks { bold: run.marks.bold && !(head && bold), ..run.marks.clone() },
                    })
                    .collect();
                lines.push(inline(&text));
            }
            block => self::block(block, &mut lines),
        }
    }
    lines.join("<br>").replace('|', "\\|")
}

fn picture(image: &Image) -> String {
    format!("![{}]({})", image.alt, image.src)
}

fn inline(runs: &[Run]) -> String {
    let mut out = String::new();
    let none = Marks::default();
    let mut before = &none;
    for run in runs {
        marks(&mut out, before, &run.marks);
        before = &run.marks;
        match &run.piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Break => out.push_str("<br>"),
            Piece::Image(image) => out.push_str(&picture(image)),
        }
    }
    marks(&mut out, before, &none);
    out
}

fn marks(out: &mut String, from: &Marks, to: &Marks) {
    let same_link = from.link == to.link;
    let same_bold = same_link && from.bold == to.bold;
    let same_italic = same_bold && from.italic == to.italic;
    let same_code = same_italic && from.code == to.code;
    if from.code && !same_code {
        out.push('`');
    }
    if from.italic && !same_italic {
        out.push('*');
    }
    if from.bold && !same_bold {
        out.push_str("**");
    }
    if let (Some(link), false) = (&from.link, same_link) {
        let _ = write!(out, "]({link})");
    }
    if to.link.is_some() && !same_link {
        out.push('[');
    }
    if to.bold && !same_bold {
        out.push_str("**");
    }
    if to.italic && !same_italic {
        out.push('*');
    }
    if to.code && !same_code {
        out.push('`');
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn every_block_reads_as_markdown() {
        let html = "<h1>A</h1><p>x <b>b</b> <i>i</i> <code>c</code> <a href=\"https://a.example\">l</a></p>\
            <ul><li>one<ul><li>two</li></ul></li></ul><ol><li>n</li></ol><pre><code>a\n  b</code></pre><hr>\
            <table><tr><td><b>h</b></td><td>k</td></tr><tr><td>1|2</td><td>3</td></tr></table>\
            <div class=\"intercom-interblocks-callout\" style=\"background-color: #feedaf80\"><p>w</p></div>\
            <img src=\"https://a.example/p.png\" alt=\"pic\"><details><summary>s</summary><p>d</p></details>";
        insta::assert_snapshot!(markdown(&parse(html)), @r#"
        # A

        x **b** *i* `c` [l](https://a.example)

        - one
          - two

        1. n

        ```
        a
          b
        ```

        ---

        | h | k |
        | --- | --- |
        | 1\|2 | 3 |

        > [!WARNING]
        > w

        ![pic](https://a.example/p.png)

        <details><summary><p class="no-margin">s</p></summary><p class="no-margin">d</p></details>
        "#);
    }
}
