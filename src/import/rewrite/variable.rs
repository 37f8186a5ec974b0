//! Values that a page shows by their names.

use super::{Around, comment};
use crate::import::draft::{Draft, Rewrite, group, patterns};
use crate::import::report::Fate;
use crate::import::systems::Kind;

patterns! {
    CURLY = r"\{\{-?\s*([A-Za-z_][\w.]*)\s*(?:\|[^{}]*)?-?\}\}";
    LINK = r"\[([^\[\]\n]*)\]\(\s*\{\{[^{}]*\}\}[^()\s]*\)";
    EXPRESSION = r"\{\{-?\s*[^{}<%][^{}]*\}\}";
    PARAM = r#"\{\{[<%]\s*param\s+"?([\w.]+)"?\s*[>%]\}\}"#;
    GITBOOK = r"<code class=.expression.>\s*(?:space|page)\.vars\.(\w+)\s*</code>";
}

pub(super) fn rewrite(draft: &mut Draft, around: Around<'_>) {
    let value = |name: &str| {
        let known = around.variables.get(name);
        known.or_else(|| name.rsplit_once('.').and_then(|(_, last)| around.variables.get(last)))
    };
    let known = |name: &str, before: &str| {
        let value = value(name)?;
        // A comment within an address would end it.
        let hidden = if is_address(before) { String::new() } else { comment(name) };
        Some(Rewrite::new(Fate::Taken, "variable", format!("{value}{hidden}")))
    };
    draft.replace(&PARAM, |found, before| known(group(found, 1), before));
    draft.replace(&GITBOOK, |found, before| known(group(found, 1), before));
    if !around.kind.has_values() {
        return;
    }
    draft.replace(&CURLY, |found, before| known(group(found, 1), before));
    if around.kind == Kind::Mkdocs || around.kind == Kind::Jekyll {
        // Its value is known to a program that is not run.
        draft.replace_around(&LINK, |found, before| {
            let is_image = before.ends_with('!');
            (!is_image).then(|| Rewrite::new(Fate::Left, "link", group(found, 1)))
        });
        draft.replace(&EXPRESSION, |found, before| {
            if is_address(before) {
                return None;
            }
            let written = group(found, 0);
            let now = format!("`{}`", written.replace('`', "'"));
            Some(Rewrite::new(Fate::Left, "value of a program", now))
        });
    }
}

/// Whether what is before a place is the beginning of an address.
fn is_address(before: &str) -> bool {
    let last = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let in_link = last.rfind("](").is_some_and(|at| !last[at..].contains(')'));
    let in_tag = last.rfind("=\"").is_some_and(|at| !last[at + 2..].contains('"'));
    in_link || in_tag || last.contains("://")
}
