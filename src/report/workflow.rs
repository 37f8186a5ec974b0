//! Text that a workflow of GitHub or Azure does not take for a command.
//!
//! A runner reads every line that a step prints. One that starts with `::`, after white space too, is
//! a command, and so is what follows `##[` anywhere in a line, on Azure also `##vso[`. What articles and their files say is
//! text from strangers, and a plan shows it. So in a workflow the signs are taken apart, for the eye
//! hardly, for the runner altogether.

use std::borrow::Cow;

/// What the runner would look at is taken apart: `: :error::x`, `# #[error]x`.
///
/// The runner compares as people sort words, which passes over signs that nobody sees; so do we.
pub(super) fn defused(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive(['\n', '\r']) {
        let mut signs = line.char_indices().filter(|(_, c)| !is_unseen(*c));
        let command = signs.find(|(_, c)| !c.is_whitespace()).filter(|(_, c)| *c == ':');
        let command = command.filter(|_| matches!(signs.next(), Some((_, ':')))).map(|(at, _)| at);
        let seen: Vec<(usize, char)> = line.char_indices().filter(|(_, c)| !is_unseen(*c)).collect();
        let old = seen.windows(3).filter(|three| matches!(three, [(_, '#'), (_, '#'), (_, '[' | 'v' | 'V')]));
        let old = old.map(|three| three[0].0);
        let mut done = 0;
        for at in command.into_iter().chain(old) {
            out.push_str(&line[done..=at]);
            out.push(' ');
            done = at + 1;
        }
        out.push_str(&line[done..]);
    }
    out
}

/// A JSON document in which no character steers a terminal: those are written as escapes.
pub(super) fn harmless_json(document: &str) -> Cow<'_, str> {
    let is_steering = |c: char| c != '\n' && is_unseen(c);
    if !document.contains(is_steering) {
        return document.into();
    }
    let mut out = String::with_capacity(document.len());
    for c in document.chars() {
        if is_steering(c) {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out.into()
}

/// A JSON document in which the runner finds no command. It stays the same document: only its strings can hold the signs,
/// and no line of it starts with one.
pub(super) fn defused_json(document: &str) -> String {
    document.replace("##[", "#\\u0023[").replace("##v", "#\\u0023v").replace("##V", "#\\u0023V")
}

/// Signs that take no place: the control characters, and those that only steer others.
fn is_unseen(c: char) -> bool {
    !matches!(c, '\n' | '\r' | '\t') && c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
        || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}')
        || matches!(c, '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(defused(text), expected);
    }

    #[test]
    fn a_line_that_starts_as_a_command_does_not_any_more() {
        check("::error::x\n", ": :error::x\n");
        check("a\n \t\u{2003}::set-env name=a::b\r::c", "a\n \t\u{2003}: :set-env name=a::b\r: :c");
        check("\u{200b}:\u{200d}:stop-commands::x", "\u{200b}: \u{200d}:stop-commands::x");
        check("a ##[error]x ##\u{feff}[b]", "a # #[error]x # #\u{feff}[b]");
        check("::##[error]", ": :# #[error]");
        check("###[x]", "## #[x]");
        check("a ##vso[task.setvariable variable=x]y ##VSO[z]", "a # #vso[task.setvariable variable=x]y # #VSO[z]");
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in ["", "a ::error::x\n", ": : a\n", "## [x](y)\n", "\u{1b}[1mhint\u{1b}[0m: é::b\n", ":warning:\r\n"]
        {
            check(text, text);
        }
    }

    #[test]
    fn a_document_says_the_same() {
        let document = serde_json::json!({ "title": "##[error]x \\##[a]", "a": "::error::x ##vso[b]" });
        let text = serde_json::to_string_pretty(&document).unwrap();
        let defused = defused_json(&text);
        assert!(!defused.contains("##[") && !defused.contains("##v"));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&defused).unwrap(), document);
    }

    #[test]
    fn a_document_steers_no_terminal_and_stays_the_same() {
        let document = serde_json::json!({ "title": "a\u{9b}2J\u{202e}b\u{85}\u{e0041} é 日本" });
        let text = document.to_string();
        let harmless = harmless_json(&text);
        assert!(!harmless.contains(is_unseen), "{harmless}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&harmless).unwrap(), document);
    }

    #[test]
    fn no_text_holds_a_command_afterwards() {
        proptest::proptest!(|(text in "([:#v\\[ \n\r\t\u{200b}a]{1,4}){0,8}")| {
            let text = defused(&text);
            let seen: String = text.chars().filter(|c| !is_unseen(*c)).collect();
            proptest::prop_assert!(!seen.contains("##[") && !seen.contains("##v"));
            proptest::prop_assert!(seen.split(['\n', '\r']).all(|line| !line.trim_start().starts_with("::")));
            proptest::prop_assert_eq!(defused(&text), text);
        });
    }
}
