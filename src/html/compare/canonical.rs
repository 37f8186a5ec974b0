//! The form in which two bodies are compared.
//!
//! It ignores what Intercom adds or changes on save and keeps everything that a reader could
//! notice. It is idempotent: the canonical form of a canonical form is itself.
//!
//! | rule | source |
//! |---|---|
//! | tags, classes and targets that the tree does not hold | docs/intercom.md 3.4 |
//! | ids of headings; levels count from the shallowest heading, to the fourth | docs/intercom.md 3.3, 3.4 |
//! | the level of a section's line | its heading is the section's own; docs/intercom.md 3.4 knows only h2 |
//! | `b` and `strong`, `i` and `em`, the order in which marks nest | docs/intercom.md 3.4 |
//! | wrappers of images, tables and list text; `th` and `td` | docs/intercom.md 3.4 |
//! | one empty paragraph between two paragraphs | docs/intercom.md 3.4, the renderer's spacing |
//! | an empty paragraph alone in an item, a cell, a callout or a section | what holds nothing is stored with an empty paragraph; `<p></p>` is a blank line (docs/intercom.md 3.4) |
//! | where an empty paragraph is | nobody sees it |
//! | white space between blocks and at their ends, runs of it in text, at the edges of a mark | docs/intercom.md 3.4; nobody sees it |
//! | the host, folder and signature of an image: its file name stays, of one of the docs folder with its digest | docs/intercom.md 3.5 |
//! | width and height of an image that has both | Intercom adds both with `height: auto` (docs/intercom.md 3.4); a width alone is one that somebody chose (docs/intercom.md 3.7, body 23), and counts |
//! | the address form of a video, `rel=0` | docs/intercom.md 3.7, bodies 01 and 05 |
//! | how a colour is written; a transparent background | `rgba()` in docs/intercom.md 3.4, `#00000000` in docs/intercom.md 3.7, body 20 |
//! | the slug in `/articles/ID-slug` | docs/intercom.md 1.2 |
//! | which of its addresses a link to our own Help Center names; its locale, if it is the default one; the slug in `/collections/ID-slug` | docs/intercom.md 1.2 and 2, `HelpCenterUrls` |
//! | a link within the article, or to another one of our own, counts by the heading it lands on | ids are made again (docs/intercom.md 3.4) |
//! | line feeds at the end of code | HTML: the last one shows nothing, and each reading may take one |
//! | how a character is escaped, the order of attributes | HTML |

use super::spelling::{identity, land, spell};
use crate::html::render::heading::shift_headings;
use crate::html::tree::address::{canonical_video, image_name, spelled};
use crate::html::tree::write;
use crate::html::tree::{Block, Body, Image, for_each_block_mut, for_each_link_mut};

/// The number of these rules. It is in `helpbook.lock`: digests made with other rules are not
/// comparable.
pub const RULES: u32 = 5;

/// The canonical form of a body, as text.
pub fn canonical(body: &Body) -> String {
    write::html(&normal(body))
}

/// A body as [`shown_by`] makes it, as text.
pub(in crate::html) fn shown_html(body: &Body) -> String {
    write::html(&shown_by(body.clone(), &mut |_| None))
}

/// Whether two bodies read the same, with every picture at the same address.
pub(in crate::html) fn are_same(one: Body, other: Body) -> bool {
    let [one, other] = [one, other].map(|body| shown_by(body, &mut |_| None));
    // Trees that differ may still be written alike.
    one == other || write::html(&one) == write::html(&other)
}

/// A body without what Intercom adds or changes.
pub fn normal(body: &Body) -> Body {
    normal_by(body, &mut |_| None)
}

/// A body without what Intercom adds or changes, with links as `address` has them; `None` leaves one as it is.
pub(in crate::html) fn normal_by(body: &Body, address: &mut dyn FnMut(&str) -> Option<String>) -> Body {
    let mut body = shown_by(body.clone(), address);
    for_each_block_mut(&mut body.blocks, &mut |block| {
        if let Block::Image { image, .. } = block {
            // Whoever hosts it may spell the name in another way.
            image.src = spelled(image_name(&image.src)).into_owned();
        }
    });
    body
}

/// A body as [`normal_by`] makes it, but with every picture by its address.
pub(in crate::html) fn shown_by(mut body: Body, address: &mut dyn FnMut(&str) -> Option<String>) -> Body {
    joined(&mut body, address);
    normal_blocks(&mut body.blocks);
    body
}

/// The canonical form of each block of a body, as it counts there; nothing for an empty paragraph
/// between two paragraphs, which does not.
pub(in crate::html) fn keys(body: &Body) -> Vec<Option<Box<str>>> {
    let mut body = body.clone();
    joined(&mut body, &mut |_| None);
    let blocks = body.blocks;
    let is_text = |block: Option<&Block>| matches!(block, Some(Block::Paragraph { text, .. }) if !text.is_empty());
    let is_blank = |block: &Block| matches!(block, Block::Paragraph { text, .. } if text.is_empty());
    let key = |at: usize| {
        let is_spacer =
            is_blank(&blocks[at]) && is_text(at.checked_sub(1).map(|at| &blocks[at])) && is_text(blocks.get(at + 1));
        (!is_spacer).then(|| {
            let mut alone = blocks[at].clone();
            normal_block(&mut alone);
            write::html(&Body { blocks: vec![alone] }).into_boxed_str()
        })
    };
    (0..blocks.len()).map(key).collect()
}

/// What counts for a body as a whole: where its links point, and the levels of its headings.
fn joined(body: &mut Body, address: &mut dyn FnMut(&str) -> Option<String>) {
    land(body);
    for_each_link_mut(&mut body.blocks, &mut |link| {
        if let Some(normal) = address(link) {
            *link = normal;
        }
    });
    shift_headings(&mut body.blocks);
}

fn normal_blocks(blocks: &mut Vec<Block>) {
    let is_blank = |block: &Block| matches!(block, Block::Paragraph { text, .. } if text.is_empty());
    let is_text = |block: &Block| matches!(block, Block::Paragraph { text, .. } if !text.is_empty());
    blocks.iter_mut().for_each(normal_block);
    if !blocks.iter().any(is_blank) {
        return;
    }
    let mut normal: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in std::mem::take(blocks) {
        if let [.., before, spacer] = normal.as_slice()
            && is_text(before)
            && is_blank(spacer)
            && is_text(&block)
        {
            normal.pop();
        }
        normal.push(block);
    }
    *blocks = normal;
}

/// A block as it counts by itself, apart from the body that it is in.
pub(in crate::html) fn normal_block(block: &mut Block) {
    for inner in block.inner_mut() {
        normal_blocks(inner);
        if matches!(inner.as_slice(), [Block::Paragraph { text, .. }] if text.is_empty()) {
            inner.clear();
        }
    }
    spell(block);
    match block {
        Block::Heading { id, .. } => *id = None,
        Block::Details { level, .. } => *level = 2,
        Block::Image { image, .. } => normal_image(image),
        Block::Video { src } => *src = canonical_video(src),
        _ => {}
    }
}

fn normal_image(image: &mut Image) {
    image.src = identity(image);
    image.file = None;
    if image.height.is_some() {
        image.width = None;
    }
    image.height = None;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::tree::parse;

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
            "<div class=\"intercom-container\"><img src=\"https://downloads.intercomcdn.com/i/o/1/2/menu.png?expires=1&amp;signature=2\" width=\"10\" height=\"5\" style=\"height: auto;\"></div>",
        );
        same(
            "<p><a href=\"https://h.example/en/articles/12\">x</a></p>",
            "<p><a target=\"_blank\" class=\"intercom-content-link\" href=\"https://h.example/en/articles/12\">x</a></p>",
        );
        same("<p>&quot;a&quot; &#39;b&#39;</p>", "<p>\"a\" 'b'</p>");
        same("<pre><code>a\n\n</code></pre>", "<pre><code>a</code></pre>");
        same("<ul><li></li><li>a</li></ul>", "<ul><li><p></p></li><li>a</li></ul>");
        same("<p><b>a </b>b</p>", "<p><b>a</b> b</p>");
        same(
            "<h1 id=\"h_0000000001\">A</h1><p><a href=\"#h_0000000001\">x</a></p>",
            "<h1>A</h1><p><a href=\"#a\">x</a></p>",
        );
        same(
            "<iframe src=\"https://youtu.be/x\"></iframe>",
            "<iframe src=\"https://www.youtube.com/embed/x?rel=0\"></iframe>",
        );
        same(
            "<div class=\"intercom-interblocks-callout\" style=\"background-color: rgba(215, 239, 220, 0.5)\"><p>a</p></div>",
            "<div class=\"intercom-interblocks-callout\" style=\"background-color: #d7efdc80; border-color: #1bb15733;\"><p>a</p></div>",
        );
        same("<img src=x.png>", "<img src=x.png width=10 height=5>");
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
        differ("<img src=x.png width=10>", "<img src=x.png width=20>");
        differ("<details><summary>a</summary>b</details>", "<details><summary>a</summary>c</details>");
        differ(
            "<a class=intercom-h2b-button href=\"https://a.example\">x</a>",
            "<a class=intercom-h2b-button href=\"https://b.example\">x</a>",
        );
        differ("<table><tr><td colspan=2>a</td></tr></table>", "<table><tr><td>a</td></tr></table>");
        differ(
            "<table><tr><td style=\"background-color: #e8e8e8\">a</td></tr></table>",
            "<table><tr><td>a</td></tr></table>",
        );
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
