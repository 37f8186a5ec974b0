//! Components and code of MDX: Docusaurus, Mintlify, and whoever else writes `<Tabs>`.

use std::collections::BTreeSet;

use super::part::{REQUIRE, STRING, Tag};
use super::{comment, dedented, indent, remove};
use crate::import::draft::{Draft, Rewrite, captured, group, patterns};
use crate::import::report::Fate;

patterns! {
    IMPORT = r#"^import\s+(?:[\w*{}\s,$]+\s+from\s+)?["'][^"']+["'];?\s*$"#;
    IMPORT_OPEN = r#"^import\s+\{\s*$"#;
    IMAGE_IMPORT = r#"^import\s+(\w+)\s+from\s+["']([^"']+\.(?:png|jpe?g|gif|svg|webp))["'];?"#;
    EXPORT = r"^export\s+(?:const|let|var|default|function|async\s+function|class|\{|\*)";
    COMMENT = r"\{/\*(.*?)\*/\}";
    TAG = r#"<(/?)([A-Z][\w.]*)((?:\s+(?:[^<>"'{}]|"[^"]*"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\})*?)?)(/?)>"#;
    LOWER = r#"<(img|a|div|span|p|iframe|video|figure|br|hr|table|t[drh]|thead|tbody|details|summary|source|code|h[1-6]|ul|ol|li|center)((?:\s+(?:[^<>"'{}]|"[^"]*"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\})*)?)(/?)>"#;
    EXPRESSION_ATTRIBUTE = r#"\s+([\w-]+)=\{((?:[^{}]|\{[^{}]*\})*)\}"#;
    PROGRAM = r"^\{\s*(?:$|[\[(A-Za-z_$!])";
    FRAGMENT = r"^\s*</?>\s*$";
    SPACE = r#"\{["'] ["']\}"#;
}

pub(super) fn rewrite(draft: &mut Draft, is_mdx: bool) {
    if is_mdx {
        code(draft);
        draft.replace(&COMMENT, |found, _| Some(Rewrite::new(Fate::Taken, "comment", comment(group(found, 1)))));
        long_comments(draft);
        draft.replace(&FRAGMENT, |_, _| Some(Rewrite::new(Fate::Taken, "fragment", "")));
        draft.replace(&SPACE, |_, _| Some(Rewrite::new(Fate::Taken, "space", " ")));
    }
    join_tags(draft);
    if is_mdx {
        programs(draft);
    }
    dedent(draft);
    if is_mdx {
        expressions(draft);
    }
    let closed: BTreeSet<String> = closed(draft);
    draft.replace(&TAG, |found, before| {
        let (name, is_alone) = (group(found, 2), !group(found, 4).is_empty());
        let is_known = is_mdx || closed.contains(name) || is_alone && !group(found, 3).trim().is_empty();
        let tag = Tag { name, attributes: group(found, 3), is_end: !group(found, 1).is_empty(), is_alone };
        tag.now(is_known, before)
    });
    super::fence::rewrite(draft, is_mdx);
}

/// The file that an image of a component is imported from, for every name.
pub(in crate::import) fn imported(text: &str) -> Vec<(String, String)> {
    let found = text.lines().filter_map(|line| {
        captured(&IMAGE_IMPORT, line).map(|found| (group(&found, 1).to_owned(), group(&found, 2).to_owned()))
    });
    found.collect()
}

/// Takes imports and exports out: nothing is run in an article.
fn code(draft: &mut Draft) {
    let mut at = 0;
    let mut prose = draft.prose();
    while at < draft.lines.len() {
        let is_alone =
            at == 0 || !draft.lines[at - 1].text.trim_start().starts_with(|c: char| c.is_alphanumeric() || c == '>');
        let line = draft.lines[at].text.as_str();
        let is_start = prose[at] && is_alone;
        if is_start && captured(&IMPORT, line).is_some() {
            remove(draft, at..at + 1, "import", Fate::Taken);
            prose = draft.prose();
            continue;
        }
        if is_start && (captured(&EXPORT, line).is_some() || captured(&IMPORT_OPEN, line).is_some()) {
            let mut depth = 0_i64;
            let mut end = at;
            for (nth, line) in draft.lines.iter().enumerate().skip(at) {
                depth += line
                    .text
                    .chars()
                    .map(|c| i64::from(matches!(c, '{' | '(' | '[')) - i64::from(matches!(c, '}' | ')' | ']')))
                    .sum::<i64>();
                end = nth + 1;
                let goes_on = line.text.trim_end().ends_with(['=', ',', '>']) && depth > 0;
                if depth <= 0 && !goes_on {
                    break;
                }
            }
            remove(draft, at..end, "program", Fate::Left);
            prose = draft.prose();
            continue;
        }
        at += 1;
    }
}

/// Takes out what a program would write: lines of their own in braces, as a list that is made of data.
fn programs(draft: &mut Draft) {
    let mut at = 0;
    let mut prose = draft.prose();
    while at < draft.lines.len() {
        let text = draft.lines[at].text.trim();
        let is_start = prose[at] && captured(&PROGRAM, text).is_some();
        match is_start.then(|| program(draft, at)).flatten() {
            Some(end) => {
                remove(draft, at..end, "program", Fate::Left);
                prose = draft.prose();
            }
            None => at += 1,
        }
    }
}

/// Where the program ends that begins with a line, if nothing is behind it on its last one.
fn program(draft: &Draft, at: usize) -> Option<usize> {
    let mut depth = 0_i64;
    for (nth, line) in draft.lines.iter().enumerate().skip(at).take(LONGEST_BLOCK) {
        for (place, c) in line.text.char_indices() {
            depth += i64::from(c == '{') - i64::from(c == '}');
            if c == '}' && depth == 0 {
                return line.text[place + 1..].trim().is_empty().then_some(nth + 1);
            }
        }
    }
    None
}

/// Comments of several lines.
fn long_comments(draft: &mut Draft) {
    let prose = draft.prose();
    let mut open = None;
    let mut found = Vec::new();
    for (nth, line) in draft.lines.iter().enumerate() {
        if open.is_none() && prose[nth] && line.text.trim_start().starts_with("{/*") && !line.text.contains("*/}") {
            open = Some(nth);
        } else if let Some(start) = open.filter(|_| line.text.contains("*/}")) {
            found.push(start..nth + 1);
            open = None;
        }
    }
    for range in found.into_iter().rev() {
        remove(draft, range, "comment", Fate::Taken);
    }
}

/// How many lines a component may have that is looked at as a whole.
const LONGEST_BLOCK: usize = 5_000;

/// How many lines a tag may have.
const LONGEST_TAG: usize = 40;

/// Tags that go on over lines, on one line each.
fn join_tags(draft: &mut Draft) {
    let prose = draft.prose();
    let mut lines = Vec::with_capacity(draft.lines.len());
    let mut all = std::mem::take(&mut draft.lines).into_iter().zip(prose).peekable();
    while let Some((mut line, is_prose)) = all.next() {
        let mut number = 0;
        while is_prose && is_open(&line.text) && number < LONGEST_TAG {
            let Some((next, _)) = all.next_if(|(next, is_prose)| *is_prose && !next.text.trim().is_empty()) else {
                break;
            };
            line.text.push(' ');
            line.text.push_str(next.text.trim());
            number += 1;
        }
        lines.push(line);
    }
    draft.lines = lines;
}

/// Whether the last tag of a line is a component or has attributes, and does not end on it.
fn is_open(line: &str) -> bool {
    let Some(start) = line.rfind('<') else { return false };
    let tag = &line[start..];
    let name = tag[1..].trim_start_matches('/');
    let is_tag = name.starts_with(|c: char| c.is_ascii_uppercase())
        || ["img", "iframe", "video", "div", "a ", "source"].iter().any(|known| name.starts_with(known));
    let is_word = tag[1..].chars().take_while(|c| c.is_alphanumeric() || *c == '.').count() > 0;
    let mut quote = None;
    let mut depth = 0_i32;
    for c in tag.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`') => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') => depth -= 1,
            (None, '>') if depth <= 0 => return false,
            _ => {}
        }
    }
    // `a < b` and `<user name>` that is never closed are text; a tag has its name alone or attributes behind it.
    let rest = name.trim_start_matches(|c: char| c.is_alphanumeric() || c == '.').trim();
    is_tag && is_word && (rest.is_empty() || rest.contains('='))
}

/// The names of components that the page closes somewhere.
fn closed(draft: &Draft) -> BTreeSet<String> {
    let prose = draft.prose();
    let pattern = TAG.as_ref();
    let lines = draft.lines.iter().zip(prose).filter(|(_, is_prose)| *is_prose).map(|(line, _)| line);
    lines
        .flat_map(|line| {
            pattern.map(|pattern| pattern.captures_iter(&line.text).collect::<Vec<_>>()).unwrap_or_default()
        })
        .filter(|found| !group(found, 1).is_empty())
        .map(|found| group(&found, 2).to_owned())
        .collect()
}

/// What is within a component begins where its tag does: MDX has no code by indent.
fn dedent(draft: &mut Draft) {
    let prose = draft.prose();
    let mut at = 0;
    while at < draft.lines.len() {
        if let Some(end) = prose[at].then(|| block(draft, at)).flatten() {
            let own = indent(&draft.lines[at].text);
            let is_code = |nth: usize| !prose[nth] && nth > at && !prose[nth - 1];
            let least = (at + 1..end)
                .filter(|nth| !draft.lines[*nth].text.trim().is_empty() && !is_code(*nth))
                .map(|nth| indent(&draft.lines[nth].text))
                .min();
            if let Some(by) = least.map(|least| least.saturating_sub(own)).filter(|by| *by > 0) {
                for nth in at + 1..end {
                    draft.lines[nth].text = dedented(&draft.lines[nth].text, by).to_owned();
                }
            }
        }
        at += 1;
    }
}

/// The line that closes the component that a line opens.
fn block(draft: &Draft, at: usize) -> Option<usize> {
    let text = draft.lines[at].text.trim();
    let found = captured(&TAG, text)?;
    let name = group(&found, 2);
    let is_first = text.starts_with('<') && text.starts_with(group(&found, 0));
    if !is_first || !group(&found, 1).is_empty() || !group(&found, 4).is_empty() {
        return None;
    }
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut depth = 0_i64;
    for (nth, line) in draft.lines.iter().enumerate().skip(at).take(LONGEST_BLOCK) {
        let text = &line.text;
        let opens = text
            .match_indices(&open)
            .filter(|(at, _)| !text[at + open.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '.'))
            .count();
        let alone = captured(&TAG, text)
            .filter(|found| group(found, 2) == name && !group(found, 4).is_empty())
            .map_or(0, |_| 1);
        depth += i64::try_from(opens).unwrap_or(0) - alone - i64::try_from(text.matches(&close).count()).unwrap_or(0);
        if depth <= 0 {
            return (nth > at).then_some(nth);
        }
    }
    None
}

/// Values in braces of HTML tags: an image that is required, else nothing.
fn expressions(draft: &mut Draft) {
    draft.replace(&LOWER, |found, _| {
        let attributes = group(found, 2);
        if !attributes.contains('{') && !attributes.contains("className") {
            return None;
        }
        let pattern = EXPRESSION_ATTRIBUTE.as_ref()?;
        let now = pattern.replace_all(attributes, |found: &regex::Captures<'_>| {
            let value = group(found, 2);
            let inner =
                captured(&REQUIRE, value).or_else(|| captured(&STRING, value)).map(|found| group(&found, 1).to_owned());
            let number = value.trim().parse::<u32>().ok().map(|number| number.to_string());
            let name = Some(value.trim())
                .filter(|_| group(found, 1) == "src" && value.chars().all(|c| c.is_alphanumeric() || c == '_'));
            match inner.or(number).or(name.map(str::to_owned)) {
                Some(inner) => format!(" {}=\"{inner}\"", group(found, 1)),
                None => String::new(),
            }
        });
        let now = now.replace("className=", "class=");
        Some(Rewrite::new(Fate::Taken, "attributes of MDX", format!("<{}{now}{}>", group(found, 1), group(found, 3))))
    });
}
