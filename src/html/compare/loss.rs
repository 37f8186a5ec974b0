//! What Intercom lost of a body on its way in.
//!
//! After each write the answer is compared with what was sent. Text or blocks that are gone are an
//! error that shows them; only other markup is worth a note.

use super::canonical::{canonical, normal};
use super::diff::{self, Line, Piece};
use super::markdown::markdown;
use crate::html::tree::parse;
use crate::html::tree::{Block, Body, plain};

/// How a stored body differs from the one that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// Not at all.
    None,
    /// Every word and block is there; some of the markup is not.
    Markup,
    /// Words or blocks are gone: their lines.
    Text(Vec<String>),
}

/// Compares the HTML that was sent with the one that was stored.
pub fn loss(sent: &str, stored: &str) -> Loss {
    if sent == stored { Loss::None } else { loss_of(&parse(sent), &parse(stored)) }
}

fn loss_of(sent: &Body, stored: &Body) -> Loss {
    if canonical(sent) == canonical(stored) {
        return Loss::None;
    }
    let (sent, stored) = (normal(sent), normal(stored));
    let mut left = Vec::new();
    pieces(&stored.blocks, &mut left);
    let mut wanted = Vec::new();
    pieces(&sent.blocks, &mut wanted);
    let is_there = wanted
        .into_iter()
        .all(|piece| left.iter().position(|other| *other == piece).map(|at| left.swap_remove(at)).is_some());
    if is_there {
        return Loss::Markup;
    }
    let lost = diff::words(&markdown(&sent), &markdown(&stored));
    let lost = lost.lines().into_iter().filter_map(|line| match line {
        Line::Same(_) => None,
        Line::Changed(pieces) => {
            let has_old = pieces.iter().any(|piece| matches!(piece, Piece::Old(text) if !text.trim().is_empty()));
            let text: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Same(text) | Piece::Old(text) => *text,
                    Piece::New(_) => "",
                })
                .collect();
            has_old.then_some(text)
        }
    });
    Loss::Text(lost.collect())
}

/// Every word, and every block that is more than its words.
fn pieces(blocks: &[Block], out: &mut Vec<String>) {
    let words = |text: &str, out: &mut Vec<String>| out.extend(text.split_whitespace().map(str::to_owned));
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph { text, .. } | Block::Details { summary: text, .. } => {
                words(&plain(text), out);
            }
            Block::Code { text } => words(text, out),
            Block::Rule => out.push("<hr>".to_owned()),
            Block::Table { .. } => out.push("<table>".to_owned()),
            // Under which name Intercom keeps an image is its own choice.
            Block::Image { .. } => out.push("<img>".to_owned()),
            Block::Button { label, .. } => words(label, out),
            Block::Video { src } => out.push(format!("<iframe {src}>")),
            Block::Other { name, .. } => out.push(format!("<{name}>")),
            Block::List { .. } | Block::Callout { .. } => {}
        }
        block.inner().for_each(|inner| pieces(inner, out));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sent: &str, stored: &str, expected: &Loss) {
        assert_eq!(loss(sent, stored), *expected);
        assert_eq!(loss_of(&parse(sent), &parse(stored)), *expected);
    }

    #[test]
    fn words_and_blocks_that_are_gone_are_told_from_markup() {
        check("<p>a</p>", "<p class=\"no-margin\">a</p>", &Loss::None);
        check("<div class=\"intercom-interblocks-callout\"><p>a b</p></div>", "<p>a b</p>", &Loss::Markup);
        check(
            "<img src=\"https://x.example/a%20b.png\">",
            "<img src=\"https://downloads.intercomcdn.com/i/o/1/a_b.png\">",
            &Loss::Markup,
        );
        check("<img src=\"https://x.example/a.png\"><p>a</p>", "<p>a</p>", &Loss::Text(vec!["![](a.png)".into()]));
        check("<p>a</p><p>gone here</p>", "<p>a</p>", &Loss::Text(vec!["gone here".into()]));
        check("<p>a</p><hr>", "<p>a</p>", &Loss::Text(vec!["---".into()]));
        check("<p>a a</p>", "<p>a</p>", &Loss::Text(vec!["a a".into()]));
    }
}
