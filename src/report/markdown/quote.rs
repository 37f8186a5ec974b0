//! A stranger's text in a comment on GitHub: shown, and without any effect.
//!
//! GitHub looks for mentions, references and addresses in the text that is shown, after Markdown was
//! turned into HTML, but not in code. So a backslash or an entity is not enough: a character that
//! nobody sees is between the sign and the word behind it. Where the text stays code, in a span
//! or a fence, it is left as it is, and the fence is longer than any inside.

use crate::text::harmless;

/// A character without a width, at which no word goes on.
const APART: char = '\u{200b}';

/// A sentence: what is between backticks is code, the rest is text.
pub(in crate::report) fn sentence(text: &str) -> String {
    let text = one_line(text);
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return prose(&text);
    }
    let part = |(at, part): (usize, &&str)| match at % 2 {
        1 if !part.trim().is_empty() => code(part),
        1 => prose(&format!("`{part}`")),
        _ => prose(part),
    };
    parts.iter().enumerate().map(part).collect()
}

/// A text in which no sign of Markdown, no mention, no reference and no address takes effect.
pub(in crate::report) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in apart(&one_line(text)).chars() {
        if c.is_ascii_punctuation() && !",;?/%'".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A text as a span of code. One of white space alone shows nothing, and gets no span.
pub(in crate::report) fn code(text: &str) -> String {
    let text = one_line(text);
    if text.trim().is_empty() {
        return "(none)".to_owned();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    // A space at both ends is taken off again, and keeps backticks from the fence.
    let is_edge = |c: char| c == '`' || c == ' ';
    let gap = if text.starts_with(is_edge) || text.ends_with(is_edge) { " " } else { "" };
    format!("{fence}{gap}{text}{gap}{fence}")
}

/// A text within HTML.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in apart(&one_line(text)).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// Lines as a block of code, which `kind` colours.
pub(super) fn fenced(kind: &str, lines: &[String]) -> String {
    let fence = "`".repeat(lines.iter().map(|line| longest_run(line)).max().unwrap_or(0).max(2) + 1);
    format!("{fence}{kind}\n{}\n{fence}\n", lines.join("\n"))
}

/// A text in one line, without the characters that steer something.
pub(super) fn one_line(text: &str) -> String {
    harmless(text).chars().map(|c| if is_line_end(c) || c == '\t' { ' ' } else { c }).collect()
}

/// Line ends of any kind, and those that Unicode adds.
fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// How many backticks follow each other at most.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// The text with a gap at every place where GitHub would make a link of it: `@name`, `#1`, `GH-1`, an
/// address, an address of mail, the number of a commit, `:emoji:`.
fn apart(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut digits = 0;
    for c in text.chars() {
        digits = if c.is_ascii_hexdigit() { digits + 1 } else { 0 };
        // Seven hex digits may be a commit.
        if digits == 7 {
            out.push(APART);
            digits = 1;
        }
        let tail: String = out.chars().rev().take(3).map(|c| c.to_ascii_lowercase()).collect();
        if c == '.' && tail == "www" {
            out.push(APART);
        }
        out.push(c);
        if matches!(c, '@' | '#' | ':') || (c == '-' && tail.starts_with("hg")) {
            out.push(APART);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_github_links_is_left_in_one_piece() {
        let text =
            prose("@ada #12 acme/docs#3 GH-4 https://x.example www.x.example a@b.example 0123456789abcdef :tada:");
        let shown: String = text.chars().filter(|c| *c != '\\').collect();
        for live in ["@a", "#1", "#3", "GH-4", "gh-4", "://", "www.", "@b", "0123456", ":tada"] {
            assert!(!shown.contains(live), "{live}: {shown}");
        }
        assert_eq!(
            shown.replace(APART, ""),
            "@ada #12 acme/docs#3 GH-4 https://x.example www.x.example a@b.example 0123456789abcdef :tada:"
        );
    }

    #[test]
    fn code_keeps_its_back_ticks_and_stays_code() {
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code("@ada"), "`@ada`");
        assert_eq!(code("a\nb\u{1b}"), "`a b\u{fffd}`");
        assert_eq!(code(" "), "(none)");
        assert_eq!(fenced("diff", &["- ````".to_owned()]), "`````diff\n- ````\n`````\n");
    }

    #[test]
    fn commands_in_a_sentence_stay_code() {
        assert_eq!(sentence("run `helpbook pull a.md` now"), "run `helpbook pull a.md` now");
        assert_eq!(sentence("an odd ` here"), "an odd \\` here");
    }
}
