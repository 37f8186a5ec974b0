//! Pieces of HTML that a probe sends as the text of a draft, and what their answers show.
//!
//! Pure: what was stored comes in as text. A piece is judged by what a reader would see, through the tree that
//! every comparison uses, or by how it is spelled where that is the question.

use std::borrow::Cow;

use super::belief::Seen;
use crate::html::tree::{Align, Block, Body, Cell, Color, Image, plain, write};
use crate::html::{heading, parse};

/// A text to send, and how to judge what became of it.
pub(super) struct Piece {
    pub name: &'static str,
    pub html: &'static str,
    pub judge: fn(&str) -> Seen,
}

/// The id that a heading is sent with.
const ID: &str = "h_0f1e2d3c4b";

/// Every piece that is sent as it is. Callouts and images have questions of their own.
pub(super) const PIECES: &[Piece] = &[
    Piece { name: "heading-ids", html: "<h1 id=\"h_0f1e2d3c4b\">First</h1><p>Text.</p>", judge: heading_ids },
    Piece { name: "heading-levels", html: "<h2>First</h2><p>Text.</p><h3>Second</h3><p>Text.</p>", judge: levels },
    Piece {
        name: "table-styles",
        html: "<table style=\"border: 1px solid #c6c9c0; border-radius: 6px; border-collapse: separate; border-spacing: 0;\"><tbody><tr><td style=\"background-color: #e3e7fa80; width: 200px; padding: 8px;\"><p>One</p></td><td><p>Two</p></td></tr></tbody></table>",
        judge: table_styles,
    },
    Piece {
        name: "table-heads",
        html: "<table><thead><tr><th>Name</th></tr></thead><tbody><tr><td>Value</td></tr></tbody></table>",
        judge: table_heads,
    },
    Piece {
        name: "table-alignment",
        html: "<table><tbody><tr><td><p class=\"intercom-align-center\">Middle</p></td><td><p>Left</p></td></tr></tbody></table>",
        judge: table_alignment,
    },
    Piece {
        name: "nested-lists",
        html: "<ul><li>Outer<ul><li>Inner</li></ul></li><li>Other</li></ul>",
        judge: nested_lists,
    },
    Piece { name: "list-numbers", html: "<ol start=\"5\"><li>Five</li><li>Six</li></ol>", judge: list_numbers },
    Piece { name: "empty-paragraphs", html: "<p>One.</p><p></p><p>Two.</p>", judge: empty_paragraphs },
    Piece { name: "white-space", html: "<p>One.</p>\n<p>Two.</p>", judge: white_space },
    Piece {
        name: "sections",
        html: "<details><summary><h2>Open me</h2></summary><div class=\"collapsible-section-content\"><p>Inside.</p></div></details>",
        judge: sections,
    },
    Piece {
        name: "videos",
        html: "<iframe src=\"https://www.youtube.com/embed/aaaaaaaaaaa\"></iframe>",
        judge: videos,
    },
    Piece {
        name: "buttons",
        html: "<div class=\"intercom-container\"><a class=\"intercom-h2b-button\" href=\"https://example.com/start\">Start</a></div>",
        judge: buttons,
    },
    Piece {
        name: "code",
        html: "<pre><code>if a &lt; b &amp;&amp; c:\n    run  it\n\n    \"end\"</code></pre>",
        judge: code,
    },
    Piece {
        name: "escapes",
        html: "<p>Fish &amp; chips, 1 &lt; 2 &gt; 0, \"quoted\", it's a caf\u{e9} \u{1f600}.</p>",
        judge: escapes,
    },
    Piece { name: "links", html: "<p><a href=\"https://example.com/a?b=1&amp;c=2#d\">Outside</a></p>", judge: links },
];

/// A text whose callouts have every colour of the editor, as the renderer writes them.
pub(super) fn callouts() -> String {
    let blocks = parse("<p>Text.</p>").blocks;
    let callout = |(color, ..): &(Color, &str, &str)| Block::Callout { color: color.clone(), blocks: blocks.clone() };
    write::html(&Body { blocks: Color::PALETTE.iter().map(callout).collect() })
}

/// A text that shows one image.
pub(super) fn showing(address: &str) -> String {
    let image = Image { src: address.to_owned(), alt: String::new(), width: None, height: None, file: None };
    write::html(&Body { blocks: vec![Block::Image { image, link: None, align: Align::Left }] })
}

/// What became of the callouts.
pub(super) fn judge_callouts(sent: &str, stored: &str) -> Seen {
    let colors = |html: &str| -> Vec<Color> {
        let blocks = parse(html).blocks.into_iter();
        blocks.filter_map(|block| if let Block::Callout { color, .. } = block { Some(color) } else { None }).collect()
    };
    let (wanted, found) = (colors(sent), colors(stored));
    let styles = |html: &str| -> Vec<String> {
        html.split(" style=\"").skip(1).filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
    };
    if found.is_empty() {
        Seen::Different("callouts become paragraphs".into())
    } else if found != wanted {
        Seen::Different("colours are lost".into())
    } else if styles(sent) == styles(stored) {
        Seen::Confirmed
    } else {
        Seen::Changed {
            found: "colours are kept, and written in another way",
            effect: "none: colours are compared, however they are written",
        }
    }
}

fn heading_ids(stored: &str) -> Seen {
    let ids: Vec<String> = heading::stored_headings(stored).into_iter().map(|heading| heading.id).collect();
    match ids.first() {
        Some(id) if id == ID => Seen::Confirmed,
        Some(_) => Seen::Different("each save gives it a new one".into()),
        None => Seen::Different("headings have no ids".into()),
    }
}

fn levels(stored: &str) -> Seen {
    let level = |block: Block| if let Block::Heading { level, .. } = block { Some(level) } else { None };
    let levels: Vec<u8> = parse(stored).blocks.into_iter().filter_map(level).collect();
    match levels.as_slice() {
        [1, 2] => Seen::Confirmed,
        [2, 3] => Seen::Different("levels stay as they are sent".into()),
        [_, _] => Seen::Different("levels become others".into()),
        _ => Seen::Different("headings become something else".into()),
    }
}

/// The one table of a text.
fn table(stored: &str) -> Option<(bool, Vec<Vec<Cell>>)> {
    let table =
        |block: Block| if let Block::Table { style, rows } = block { Some((!style.is_empty(), rows)) } else { None };
    parse(stored).blocks.into_iter().find_map(table)
}

const NO_TABLE: Seen = Seen::Different(Cow::Borrowed("the table becomes something else"));

fn table_styles(stored: &str) -> Seen {
    let Some((has_style, rows)) = table(stored) else { return NO_TABLE };
    let cells = rows.iter().flatten().any(|cell| cell.style.len() == 3);
    match (has_style, cells) {
        (true, true) => Seen::Confirmed,
        (true, false) => Seen::Different("cells lose their styles".into()),
        (false, true) => Seen::Different("the table loses its borders".into()),
        (false, false) => Seen::Different("styles are lost".into()),
    }
}

fn table_heads(stored: &str) -> Seen {
    match table(stored) {
        None => NO_TABLE,
        Some((_, rows)) if rows.len() != 2 => Seen::Changed { found: "a row is lost", effect: NAMED_ROW },
        Some(_) => Seen::unless(!stored.contains("<th"), "cells of a head are kept"),
    }
}

const NAMED_ROW: &str = "`apply` names the row; write tables without a head";

fn table_alignment(stored: &str) -> Seen {
    let Some((_, rows)) = table(stored) else { return NO_TABLE };
    let is_middle = |block: &Block| matches!(block, Block::Paragraph { align: Align::Center, .. });
    let first = rows.first().and_then(|row| row.first());
    Seen::unless(first.is_some_and(|cell| cell.blocks.iter().any(is_middle)), "alignment is lost")
}

fn nested_lists(stored: &str) -> Seen {
    let is_nested = |item: &Vec<Block>| item.iter().any(|block| matches!(block, Block::List { .. }));
    let has_nested = |block: &Block| matches!(block, Block::List { items, .. } if items.iter().any(is_nested));
    Seen::unless(parse(stored).blocks.iter().any(has_nested), "the inner list becomes something else")
}

fn list_numbers(stored: &str) -> Seen {
    Seen::unless(!stored.contains("start="), "the first number is kept")
}

fn empty_paragraphs(stored: &str) -> Seen {
    match parse(stored).blocks.len() {
        3 => Seen::Confirmed,
        2 => Seen::Different("it is dropped".into()),
        _ => Seen::Different("it becomes something else".into()),
    }
}

fn white_space(stored: &str) -> Seen {
    match parse(stored).blocks.len() {
        3 => Seen::Confirmed,
        2 => Seen::Different("it becomes nothing".into()),
        _ => Seen::Different("it becomes something else".into()),
    }
}

fn sections(stored: &str) -> Seen {
    let is_section = |block: &Block| matches!(block, Block::Details { summary, blocks, .. } if plain(summary) == "Open me" && !blocks.is_empty());
    Seen::unless(parse(stored).blocks.iter().any(is_section), "it becomes paragraphs")
}

fn videos(stored: &str) -> Seen {
    let is_video = |block: &Block| matches!(block, Block::Video { src } if src.contains("aaaaaaaaaaa"));
    Seen::unless(parse(stored).blocks.iter().any(is_video), "it becomes something else")
}

fn buttons(stored: &str) -> Seen {
    let is_button = |block: &Block| matches!(block, Block::Button { label, .. } if label == "Start");
    Seen::unless(parse(stored).blocks.iter().any(is_button), "it becomes something else")
}

fn code(stored: &str) -> Seen {
    let text = |body: Body| {
        body.blocks.into_iter().find_map(|block| if let Block::Code { text } = block { Some(text) } else { None })
    };
    match text(parse(stored)).as_deref() {
        Some("if a < b && c:\n    run  it\n\n    \"end\"") => Seen::Confirmed,
        Some(_) => Seen::Different("characters are lost".into()),
        None => Seen::Different("it becomes something else".into()),
    }
}

fn escapes(stored: &str) -> Seen {
    let text = |html: &str| -> Vec<String> {
        let text = |block: Block| if let Block::Paragraph { text, .. } = block { Some(plain(&text)) } else { None };
        parse(html).blocks.into_iter().filter_map(text).collect()
    };
    let Some(sent) = PIECES.iter().find(|piece| piece.name == "escapes").map(|piece| piece.html) else {
        return Seen::Confirmed;
    };
    let inner = sent.trim_start_matches("<p>").trim_end_matches("</p>");
    if text(sent) != text(stored) {
        Seen::Changed { found: "characters are lost", effect: "`apply` names the text that is lost" }
    } else {
        Seen::unless(stored.contains(inner), "they are written in another way")
    }
}

fn links(stored: &str) -> Seen {
    Seen::unless(stored.contains("href=\"https://example.com/a?b=1&amp;c=2#d\""), "the address becomes another one")
}

/// Where the first image of a text is, without its signature.
pub(super) fn image(html: &str) -> Option<String> {
    let mut found = None;
    crate::html::tree::for_each_image(&parse(html).blocks, &mut |image| {
        found.get_or_insert_with(|| without_query(&image.src));
    });
    found
}

/// An address without its query.
pub(super) fn without_query(address: &str) -> String {
    address.split(['?', '#']).next().unwrap_or(address).to_owned()
}

/// The effect of colours that are kept only where they are written as `rgba()`.
pub(super) const AS_RGBA: Seen = Seen::Changed {
    found: "colours are kept only where they are written as `rgba()`",
    effect: "colours of callouts are sent as `rgba()` from now on",
};

/// The effect of Intercom leaving out where articles are.
pub(super) const NO_PLACES: Seen =
    Seen::Changed { found: "it is not said where an article is", effect: "an article is where it was last put" };

#[cfg(test)]
mod tests {
    use super::*;

    /// What a piece shows where it is stored as it is usual, and where it is stored in another way.
    #[track_caller]
    fn check(name: &str, usual: &str, other: &str, found: &'static str) {
        let piece = PIECES.iter().find(|piece| piece.name == name).unwrap();
        assert_eq!((piece.judge)(usual), Seen::Confirmed, "{name}");
        assert_eq!((piece.judge)(other), Seen::Different(found.into()), "{name}");
    }

    #[test]
    fn each_piece_shows_what_became_of_it() {
        check(
            "heading-ids",
            "<h1 id=\"h_0f1e2d3c4b\">First</h1>",
            "<h1 id=\"h_0000000001\">First</h1>",
            "each save gives it a new one",
        );
        check(
            "heading-levels",
            "<h1>First</h1><h2>Second</h2>",
            "<h2>a</h2><h3>b</h3>",
            "levels stay as they are sent",
        );
        let table = |inner: &str| format!("<table><tbody><tr>{inner}</tr></tbody></table>");
        check(
            "table-styles",
            "<table style=\"border: 1px\"><tr><td style=\"background-color: #123; width: 1px; padding: 8px\">a</td></tr></table>",
            "<table style=\"border: 1px\"><tr><td>a</td></tr></table>",
            "cells lose their styles",
        );
        check("table-styles", PIECES[2].html, &table("<td>a</td>"), "styles are lost");
        let two = "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>";
        check("table-heads", two, PIECES[3].html, "cells of a head are kept");
        check("table-alignment", PIECES[4].html, &table("<td>Middle</td>"), "alignment is lost");
        let flat = "<ul><li>Outer</li><li>Inner</li></ul>";
        check("nested-lists", PIECES[5].html, flat, "the inner list becomes something else");
        check("list-numbers", "<ol><li>Five</li></ol>", PIECES[6].html, "the first number is kept");
        check("empty-paragraphs", PIECES[7].html, "<p>One.</p><p>Two.</p>", "it is dropped");
        check("white-space", PIECES[7].html, "<p>One.</p><p>Two.</p>", "it becomes nothing");
        check("sections", PIECES[9].html, "<p>Open me</p><p>Inside.</p>", "it becomes paragraphs");
        check("videos", PIECES[10].html, "<p>https://www.youtube.com</p>", "it becomes something else");
        check("buttons", PIECES[11].html, "<p>Start</p>", "it becomes something else");
        check("code", PIECES[12].html, "<pre><code>if a</code></pre>", "characters are lost");
        let many = PIECES[13].html.replace("\"", "&quot;");
        check("escapes", PIECES[13].html, &many, "they are written in another way");
        check(
            "links",
            PIECES[14].html,
            "<p><a href=\"https://example.com/a\">x</a></p>",
            "the address becomes another one",
        );
    }

    #[test]
    fn colours_are_judged_by_how_they_look_and_how_they_are_written() {
        let sent = callouts();
        assert_eq!(judge_callouts(&sent, &sent), Seen::Confirmed);
        let rgba = write::with_rgba_callouts(&sent);
        assert!(matches!(judge_callouts(&sent, &rgba), Seen::Changed { .. }));
        let gray = sent.replace("#d7efdc80", "#e8e8e880");
        assert_eq!(judge_callouts(&sent, &gray), Seen::Different("colours are lost".into()));
        assert_eq!(judge_callouts(&sent, "<p>Text.</p>"), Seen::Different("callouts become paragraphs".into()));
    }

    #[test]
    fn an_image_is_known_without_its_signature() {
        let html = "<div class=\"intercom-container\"><img src=\"https://x.example/a.png?expires=1\"></div>";
        assert_eq!(image(html).as_deref(), Some("https://x.example/a.png"));
        assert_eq!(image("<p>a</p>"), None);
    }
}
