//! Text that a page takes in from another file.

use super::{Around, comment};
use crate::import::draft::{Draft, Line, Rewrite, captured, group, patterns};
use crate::import::report::Fate;
use crate::text::DocPath;

patterns! {
    LIQUID = r#"^\s*\{%-?\s*(?:include|include-markdown|include_relative|render)\s+["']?([^"'\s%]+)["']?\s*[^%]*%\}\s*$"#;
    GITBOOK = r#"^\s*\{%\s*reusable\s+["']?([^"'\s%]+)["']?\s*%\}\s*$"#;
    SNIP = r#"^\s*-+8<-+\s+["']([^"']+)["']\s*$"#;
    BANG = r#"^\s*\{!\s*([^!]+?)\s*!\}\s*$"#;
    COMPONENT = r#"^\s*<Snippet\s+file=["']([^"']+)["'][^>]*/>\s*$"#;
    IMPORTED = r#"^\s*<([A-Z]\w*)\s*[^>]*/>\s*$"#;
    IMPORT = r#"^import\s+(\w+)\s+from\s+["']([^"']+\.mdx?)["'];?\s*$"#;
}

/// How deep a file that is taken in may take in others.
const DEEPEST: usize = 5;

/// How many lines a page may have with all that it takes in.
const MOST_LINES: usize = 100_000;

pub(super) fn rewrite(draft: &mut Draft, around: Around<'_>) {
    for _ in 0..DEEPEST {
        if !round(draft, around) {
            break;
        }
    }
}

/// Takes in once what lines name. Says whether anything was.
fn round(draft: &mut Draft, around: Around<'_>) -> bool {
    let imports: Vec<(String, String)> = draft
        .lines
        .iter()
        .filter_map(|line| {
            captured(&IMPORT, &line.text).map(|found| (group(&found, 1).to_owned(), group(&found, 2).to_owned()))
        })
        .collect();
    let prose = draft.prose();
    let mut is_changed = false;
    let mut lines = Vec::with_capacity(draft.lines.len());
    let old = std::mem::take(&mut draft.lines);
    let total = old.len();
    for (line, is_prose) in old.into_iter().zip(prose) {
        let name = is_prose.then(|| named(&line.text, &imports)).flatten();
        let found = name.as_deref().and_then(|name| find(name, around).map(|text| (name.to_owned(), text)));
        match found {
            Some((name, text)) if total + lines.len() < MOST_LINES => {
                is_changed = true;
                let indent = &line.text[..line.text.len() - line.text.trim_start().len()];
                let from = format!("{indent}{}", comment(&format!("from {name}")));
                let taken =
                    text.lines().map(|part| if part.is_empty() { String::new() } else { format!("{indent}{part}") });
                let new = std::iter::once(from).chain(taken).map(|text| Line { text, at: line.at });
                draft.note(line.at, &Rewrite::new(Fate::Taken, "include", text.clone()), &line.text);
                lines.extend(new);
            }
            _ => lines.push(line),
        }
    }
    draft.lines = lines;
    is_changed
}

/// The file that a line names.
fn named(line: &str, imports: &[(String, String)]) -> Option<String> {
    for pattern in [&LIQUID, &GITBOOK, &SNIP, &BANG, &COMPONENT] {
        if let Some(found) = captured(pattern, line) {
            return Some(group(&found, 1).to_owned());
        }
    }
    let found = captured(&IMPORTED, line)?;
    imports.iter().find(|(name, _)| name == group(&found, 1)).map(|(_, file)| file.clone())
}

/// The text of a file without its keys, where it is there.
fn find(name: &str, around: Around<'_>) -> Option<String> {
    let name = name.trim_start_matches("@site/").trim_start_matches('/');
    let beside = around.page.resolve(name);
    let below = around.snippets.iter().filter_map(|folder| DocPath::new(format!("{folder}/x")).resolve(name));
    let all = beside.into_iter().chain(below).chain([DocPath::new(name)]);
    let mut all = all.flat_map(|path| {
        let with_ending = DocPath::new(format!("{path}.md"));
        [path, with_ending]
    });
    let text = all.find_map(|path| around.source.texts.get(&path).filter(|_| path != *around.page))?;
    let is_text = !name.ends_with(".html") || !text.contains("<script");
    is_text.then(|| crate::import::keys::split(text).body.to_owned())
}
