//! A body that Intercom stored, as a tree.
//!
//! Any HTML can come back, so nothing is refused: wrappers are looked through, unknown blocks are
//! kept by their tag, unknown inline tags give their text. What could run (a script, a handler, a
//! `javascript:` address) is left behind here, so it can reach neither a report nor a file.

use super::Body;
use super::read;

/// The tree of some HTML.
pub fn parse(html: &str) -> Body {
    read::stored(&read::nodes(html))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::canonical;
    use crate::html::tree::{Align, Block, Color};

    #[test]
    fn intercoms_blocks_are_typed() {
        let body = parse(
            "<div class=\"intercom-container intercom-align-center\"><a class=\"intercom-h2b-button\" target=\"_blank\" href=\"https://a.example\">Go on</a></div>\
             <div class=\"intercom-h2b-video\"><iframe src=\"https://www.youtube.com/embed/x\"></iframe></div>\
             <details><summary><h2>One</h2></summary><div class=\"collapsible-section-content\"><p>a</p></div></details>\
             <div class=\"intercom-interblocks-callout\" style=\"background-color: rgba(215, 239, 220, 0.5)\"><p>b</p></div>",
        );
        let [Block::Button { href, label, align }, Block::Video { src }, Block::Details { blocks, .. }, callout] =
            body.blocks.as_slice()
        else {
            panic!("{body:#?}")
        };
        assert_eq!((href.as_deref(), label.as_str(), *align), (Some("https://a.example"), "Go on", Align::Center));
        assert_eq!(src, "https://www.youtube.com/embed/x");
        assert_eq!(blocks.len(), 1);
        assert!(matches!(callout, Block::Callout { color: Color::Green, .. }));
    }

    #[test]
    fn nothing_that_could_run_comes_in() {
        for html in [
            "<script>x()</script>",
            "<p onclick=\"x()\">a</p>",
            "<a href=\"&#106;ava\nscript:x\">a</a>",
            "<a class=\"intercom-h2b-button\" href=\"JaVaScRiPt:x\">a</a>",
            "<img src=\"javascript:x\" onerror=x>",
            "<iframe src=\"javascript:x\" srcdoc=\"<script>\"></iframe>",
            "<svg><a xlink:href=\"javascript:x\"><text>a</text></a><script>x()</script></svg>",
            "<math><mtext><script>x()</script></mtext></math>",
            "<td style=\"background-color: url(javascript:x)\">a",
            "<div class=\"intercom-x\" href=\"javascript:x\">a</div>",
        ] {
            let canon = canonical(&parse(html)).to_ascii_lowercase();
            assert!(!canon.contains("script") && !canon.contains("onerror") && !canon.contains("onclick"), "{canon}");
        }
    }

    #[test]
    fn deep_nesting_is_no_overflow() {
        for tag in ["b", "div", "ul><li", "span", "details", "table><tr><td", "blockquote", "a", "h1", "svg"] {
            let _ = canonical(&parse(&format!("<{tag}>").repeat(3_000)));
        }
    }
}
