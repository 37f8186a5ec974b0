//! What is said of a block of code beside its language: its title becomes a line of code, the rest is for a highlighter.

use crate::import::draft::{Draft, Line, Rewrite, captured, group, patterns};
use crate::import::report::{Fate, Item};

patterns! {
    INFO = r"^(\s*(?:>\s*)*(?:[-*]\s+|\d+[.)]\s+)?(?:`{3,}|~{3,}))([\w+#.-]*)([ \t]+\S.*)$";
    ATTRIBUTE = r#"([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|\{((?:[^{}]|\{[^{}]*\})*)\}))?"#;
}

/// What is said of a block of code beside its language: its title as a line of code, the rest is for a highlighter.
pub(super) fn rewrite(draft: &mut Draft, is_mdx: bool) {
    let mut fence: Option<String> = None;
    let mut lines = Vec::with_capacity(draft.lines.len());
    for mut line in std::mem::take(&mut draft.lines) {
        let inner = line.text.trim_start_matches([' ', '\t', '>']).to_owned();
        if let Some(open) = &fence {
            if inner.starts_with(open.as_str()) && inner.trim_matches(['`', '~', ' ']).is_empty() {
                fence = None;
            }
            lines.push(line);
            continue;
        }
        let sign = if inner.starts_with('`') { '`' } else { '~' };
        // ```` ```a b``` ```` in one line is code within text.
        let is_code = sign == '`' && inner.trim_start_matches('`').contains('`');
        if (inner.starts_with("```") || inner.starts_with("~~~")) && !is_code {
            fence = Some(inner.chars().take_while(|c| *c == sign).collect());
            if let Some(found) =
                captured(&INFO, &line.text).filter(|_| is_mdx || line.text.contains('=') || line.text.contains('{'))
            {
                let now = format!("{}{}", group(&found, 1), group(&found, 2));
                let rest = group(&found, 3).trim();
                let title = title_of_code(rest, is_mdx);
                let rewrite = Rewrite::new(Fate::Approximated, "title of code", title.clone());
                let was = line.text.clone();
                let indent = line.text[..line.text.len() - line.text.trim_start().len()].to_owned();
                if !title.is_empty() && was.trim_start().starts_with(['`', '~']) {
                    lines.push(Line { text: format!("{indent}`{}`", title.replace('`', "'")), at: line.at });
                    lines.push(Line { text: String::new(), at: line.at });
                }
                line.text = now;
                draft.items.push(Item {
                    line: line.at,
                    construct: rewrite.construct,
                    fate: rewrite.fate,
                    was,
                    now: rewrite.now,
                });
            }
        }
        lines.push(line);
    }
    draft.lines = lines;
}

/// The title that the info of a block of code has: `title="x"`, or with Mintlify the words before any sign.
fn title_of_code(rest: &str, is_mdx: bool) -> String {
    let pattern = ATTRIBUTE.as_ref();
    let all = pattern.map(|pattern| pattern.captures_iter(rest).collect::<Vec<_>>()).unwrap_or_default();
    if let Some(found) = all.iter().find(|found| matches!(group(found, 1), "title" | "filename" | "label")) {
        return [group(found, 2), group(found, 3)].concat();
    }
    let words = rest.split(['{', '=']).next().unwrap_or_default();
    let words = if rest.contains('=') { words.rsplit_once(' ').map_or("", |(words, _)| words) } else { words };
    let is_switch = matches!(
        words.trim(),
        "lines" | "wrap" | "expandable" | "live" | "showLineNumbers" | "copy" | "linenums" | "icon"
    );
    if is_mdx && !is_switch { words.trim().to_owned() } else { String::new() }
}
