//! The form in which two bodies are compared.
//!
//! It ignores what Intercom adds or changes on save and keeps everything that a reader could
//! notice. It is idempotent: the canonical form of a canonical form is itself.
//!
//! | rule | source |
//! |---|---|
//! | tags, classes and targets that the tree does not hold | FACTS 3.4 |
//! | ids of headings; levels count from the shallowest heading | FACTS 3.3, 3.4 |
//! | `b` and `strong`, `i` and `em`, the order in which marks nest | FACTS 3.4 |
//! | wrappers of images, tables and list text; `th` and `td` | FACTS 3.4 |
//! | one empty paragraph between two paragraphs | FACTS 3.4, the renderer's spacing |
//! | white space between blocks and at their ends, runs of it in text | FACTS 3.4 |
//! | the host, folder and signature of an image: its file name stays | FACTS 3.5 |
//! | size of an image | FACTS 3.4: Intercom adds it |
//! | the slug in `/articles/ID-slug` | FACTS 1.2 |
//! | how a character is escaped, the order of attributes | HTML |

use super::tree::{Block, Body, Cell, Image, Marks, Piece, Run, for_each_heading, push_run};
use super::write;

/// The number of these rules. It stands in `helpbook.lock`: digests made with other rules are not
/// comparable.
pub const RULES: u32 = 1;

/// The canonical form of a body, as text.
pub fn canonical(body: &Body) -> String {
    write::html(&normal(body))
}

/// The same body without what Intercom adds or changes.
pub fn normal(body: &Body) -> Body {
    let mut shallowest = 6;
    for_each_heading(&body.blocks, &mut |level, _, _| shallowest = shallowest.min(level));
    let mut blocks = body.blocks.clone();
    shift_headings(&mut blocks, shallowest - 1);
    Body { blocks: normal_blocks(blocks) }
}

/// Moves every heading up by some levels, to level 4 at the deepest.
pub(super) fn shift_headings(blocks: &mut [Block], by: u8) {
    for block in blocks {
        match block {
            Block::Heading { level, .. } => *level = level.saturating_sub(by).clamp(1, 4),
            Block::List { items, .. } => items.iter_mut().for_each(|item| shift_headings(item, by)),
            Block::Table { rows } => rows.iter_mut().flatten().for_each(|cell| shift_headings(&mut cell.blocks, by)),
            Block::Callout { blocks, .. } | Block::Other { blocks, .. } => shift_headings(blocks, by),
            Block::Paragraph { .. } | Block::Code { .. } | Block::Rule | Block::Image { .. } => {}
        }
    }
}

fn normal_blocks(blocks: Vec<Block>) -> Vec<Block> {
    let mut normal: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        let block = normal_block(block);
        let spacer_before = matches!(
            normal.as_slice(),
            [.., Block::Paragraph { text: before, .. }, Block::Paragraph { text: spacer, .. }]
                if !before.is_empty() && spacer.is_empty()
        );
        if spacer_before && matches!(&block, Block::Paragraph { text, .. } if !text.is_empty()) {
            normal.pop();
        }
        normal.push(block);
    }
    normal
}

fn normal_block(block: Block) -> Block {
    match block {
        Block::Heading { level, align, text, .. } => Block::Heading { level, id: None, align, text: normal_text(text) },
        Block::Paragraph { align, text } => Block::Paragraph { align, text: normal_text(text) },
        Block::List { kind, items } => Block::List { kind, items: items.into_iter().map(normal_blocks).collect() },
        Block::Code { text } => Block::Code { text: text.trim_end_matches('\n').to_owned() },
        Block::Rule => Block::Rule,
        Block::Table { rows } => Block::Table {
            rows: rows
                .into_iter()
                .map(|row| row.into_iter().map(|cell| Cell { blocks: normal_blocks(cell.blocks), ..cell }).collect())
                .collect(),
        },
        Block::Callout { color, blocks } => Block::Callout { color, blocks: normal_blocks(blocks) },
        Block::Image { image, link, align } => Block::Image {
            image: Image { src: image_name(&image.src), alt: image.alt.trim().to_owned() },
            link: link.map(|link| normal_link(&link)),
            align,
        },
        Block::Other { name, attributes, blocks } => Block::Other { name, attributes, blocks: normal_blocks(blocks) },
    }
}

fn normal_text(text: Vec<Run>) -> Vec<Run> {
    let linked = text.into_iter().map(|run| {
        let link = run.marks.link.as_deref().map(normal_link);
        let piece = match run.piece {
            Piece::Image(image) => Piece::Image(Image { src: image_name(&image.src), alt: image.alt }),
            piece => piece,
        };
        Run { piece, marks: Marks { link, ..run.marks } }
    });
    let text = trimmed(linked.collect());
    let blank = text.iter().all(|run| matches!(&run.piece, Piece::Text(text) if text.chars().all(char::is_whitespace)));
    if blank { Vec::new() } else { text }
}

/// Text with runs of white space as one space, and none at its ends or around a line break. Code
/// keeps its own.
pub(super) fn trimmed(text: Vec<Run>) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for run in text {
        match run.piece {
            Piece::Text(text) if !run.marks.code => {
                let at_start = out.last().is_none_or(|before| match &before.piece {
                    Piece::Text(text) => text.ends_with(' '),
                    Piece::Break => true,
                    Piece::Image(_) => false,
                });
                let text = collapsed(&text);
                let text = if at_start { text.trim_start_matches(' ') } else { &text };
                push_run(&mut out, Run { piece: Piece::Text(text.to_owned()), marks: run.marks });
            }
            Piece::Break => {
                trim_end(&mut out);
                out.push(Run { piece: Piece::Break, marks: Marks::default() });
            }
            piece => push_run(&mut out, Run { piece, marks: run.marks }),
        }
    }
    loop {
        trim_end(&mut out);
        if !matches!(out.last(), Some(Run { piece: Piece::Break, .. })) {
            return out;
        }
        out.pop();
    }
}

fn trim_end(out: &mut Vec<Run>) {
    while let Some(Run { piece: Piece::Text(text), marks }) = out.last_mut() {
        if marks.code {
            break;
        }
        text.truncate(text.trim_end_matches(' ').len());
        if !text.is_empty() {
            break;
        }
        out.pop();
    }
}

fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// The last part of an image's address, without the signature.
fn image_name(src: &str) -> String {
    let path = src.split(['?', '#']).next().unwrap_or(src);
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

/// An address whose article is named by its id alone.
fn normal_link(link: &str) -> String {
    let link = link.trim();
    let Some((before, after)) = link.split_once("/articles/") else { return link.to_owned() };
    let digits = after.chars().take_while(char::is_ascii_digit).count();
    let rest = &after[digits..];
    if digits == 0 || !(rest.is_empty() || rest.starts_with(['-', '?', '#', '/'])) {
        return link.to_owned();
    }
    let tail = rest.find(['?', '#']).map_or("", |at| &rest[at..]);
    format!("{before}/articles/{}{tail}", &after[..digits])
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[track_caller]
    fn same(one: &str, other: &str) {
        assert_eq!(canonical(&parse(one)), canonical(&parse(other)));
    }

    #[track_caller]
    fn differ(one: &str, other: &str) {
        assert_ne!(canonical(&parse(one)), canonical(&parse(other)));
    }

    #[test]
    fn what_intercom_changes_on_save_is_no_difference() {
        same("<h2>A</h2><h3>B</h3>", "<h1 id=\"h_1234567890\">A</h1><h2 id=\"h_1234567891\">B</h2>");
        same("<p>a <strong>b</strong></p>", "<p class=\"no-margin\">a <b>b</b></p>");
        same("<p><b><i>x</i></b></p>", "<p><em><strong>x</strong></em></p>");
        same("<p>a</p>\n<p>b</p>", "<p>a</p><p class=\"no-margin\"></p><p>b</p>");
        same("<ul><li>a</li></ul>", "<ul><li><p class=\"no-margin\">a</p></li></ul>");
        same(
            "<table><thead><tr><th>a</th></tr></thead></table>",
            "<div class=\"intercom-interblocks-table-container\"><table role=\"presentation\"><tbody><tr><td><p>a</p></td></tr></tbody></table></div>",
        );
        same(
            "<p><img src=\"https://x.example/a/menu.png\"></p>",
            "<div class=\"intercom-container\"><img src=\"https://downloads.intercomcdn.com/i/o/1/2/menu.png?expires=1&amp;signature=2\" width=\"10\" style=\"height: auto;\"></div>",
        );
        same(
            "<p><a href=\"https://h.example/en/articles/12-old\">x</a></p>",
            "<p><a target=\"_blank\" class=\"intercom-content-link\" href=\"https://h.example/en/articles/12-new-title\">x</a></p>",
        );
        same("<p>&quot;a&quot; &#39;b&#39;</p>", "<p>\"a\" 'b'</p>");
        same("<pre><code>a\n\n</code></pre>", "<pre><code>a</code></pre>");
    }

    #[test]
    fn what_a_reader_could_notice_is_a_difference() {
        differ("<p>a</p>", "<p>b</p>");
        differ("<p>a</p>", "<p><b>a</b></p>");
        differ("<h1>A</h1><h2>B</h2>", "<h1>A</h1><h1>B</h1>");
        differ("<p>a b</p>", "<p>ab</p>");
        differ("<p class=\"intercom-align-center\">a</p>", "<p>a</p>");
        differ("<ul><li>a</li></ul>", "<ol><li>a</li></ol>");
        differ("<p><a href=\"https://a.example\">x</a></p>", "<p><a href=\"https://b.example\">x</a></p>");
        differ("<p><img src=\"https://x/a.png\"></p>", "<p><img src=\"https://x/b.png\"></p>");
        differ("<p>a</p><p></p><p></p><p>b</p>", "<p>a</p><p>b</p>");
        differ("<pre><code>a  b</code></pre>", "<pre><code>a b</code></pre>");
        differ(
            "<div class=\"intercom-interblocks-callout\" style=\"background-color: #e3e7fa80\"><p>a</p></div>",
            "<div class=\"intercom-interblocks-callout\" style=\"background-color: #fed9db80\"><p>a</p></div>",
        );
    }

    #[test]
    fn it_is_idempotent_and_never_panics() {
        let tags = "(<(p|b|i|h[1-6]|ul|ol|li|table|tr|td|div|a href=x|pre|code|br|img src=y|details|script)>|</(p|b|i|ul|li|td|tr|table|div|a|pre)>|[a-z &;\n]{0,4}){0,24}";
        proptest::proptest!(|(html in tags)| {
            let once = canonical(&parse(&html));
            let twice = canonical(&parse(&once));
            proptest::prop_assert_eq!(&once, &twice);
            proptest::prop_assert!(!once.contains("<script"));
        });
    }
}
