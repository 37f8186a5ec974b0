//! Tags in `{% … %}`: GitBook's blocks, and those of Jekyll, Markdoc and MkDocs' macros.

use super::{HEADING, comment, title};
use crate::import::draft::{Draft, Rewrite, captured, group, patterns};
use crate::import::report::Fate;

patterns! {
    TAG = r#"\{%[-+]?\s*(/?)\s*([A-Za-z][\w-]*)((?:[^%]|%[^}])*?)[-+/]?\s*%\}"#;
    FIRST = r#"^\s*["']?([^"'\s]+)["']?"#;
    ATTRIBUTE = r#"([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))"#;
}

/// The value of an attribute; empty where it is not there.
pub(super) fn attribute(attributes: &str, name: &str) -> String {
    let pattern = ATTRIBUTE.as_ref();
    let all = pattern.map(|pattern| pattern.captures_iter(attributes).collect::<Vec<_>>()).unwrap_or_default();
    let found = all.iter().find(|found| group(found, 1) == name);
    found.map_or_else(String::new, |found| (2..=4).map(|number| group(found, number)).collect())
}

pub(super) fn rewrite(draft: &mut Draft) {
    draft.replace(&TAG, |found, before| {
        let is_end = !group(found, 1).is_empty() || group(found, 2).starts_with("end");
        let name = group(found, 2).strip_prefix("end").filter(|name| !name.is_empty()).unwrap_or(group(found, 2));
        Some(tag(name, group(found, 3), is_end, before, group(found, 0)))
    });
}

fn tag(name: &str, attributes: &str, is_end: bool, before: &str, was: &str) -> Rewrite {
    let taken = |construct, now: String| Rewrite::new(Fate::Taken, construct, now);
    let near = |construct, now: String| Rewrite::new(Fate::Approximated, construct, now);
    let nothing = String::new;
    let first = || captured(&FIRST, attributes).map(|found| group(&found, 1).to_owned()).unwrap_or_default();
    let value = |name: &str| attribute(attributes, name);
    match (name, is_end) {
        ("hint" | "callout" | "note" | "warning" | "tip" | "info" | "admonition", false) => {
            let style = [value("style"), value("type")].concat();
            let word = match (style.as_str(), name) {
                ("", "hint" | "callout" | "admonition") => "note",
                ("", name) => name,
                (style, _) => style,
            };
            taken("box", format!("\n:::{word}{}\n", bracketed(&value("title"))))
        }
        ("hint" | "callout" | "note" | "warning" | "tip" | "info" | "admonition", true) => {
            taken("box", "\n:::\n".to_owned())
        }
        ("tab", false) => {
            let words = [value("title"), value("label")].concat();
            let words = if words.is_empty() { first() } else { words };
            near("tabs", format!("\n{HEADING}{}\n", words.trim()))
        }
        ("tabs" | "tab", _) => near("tabs", nothing()),
        ("stepper" | "step" | "steps", _) => near("steps", nothing()),
        ("content-ref", _) => near("card", nothing()),
        ("page-ref", _) => {
            let page = value("page");
            near("card", format!("\n[{}]({})\n", name_of(&page), encoded(&page)))
        }
        ("embed" | "youtube" | "vimeo", false) => embed(name, &value("url"), &first()),
        ("file", false) => {
            let (address, caption) = (value("src"), value("caption"));
            let words = if caption.is_empty() { name_of(&address) } else { caption };
            near("file", format!("\n[{words}]({})\n", encoded(&address)))
        }
        ("code", false) => {
            let title = title(&value("title"));
            let now = if title.is_empty() { nothing() } else { format!("\n`{}`\n", title.replace('`', "'")) };
            near("title of code", now)
        }
        ("embed" | "file" | "code" | "youtube" | "vimeo", true) => near("embed", nothing()),
        ("highlight", false) => taken("code", format!("```{}", first())),
        ("highlight", true) => taken("code", "```".to_owned()),
        ("link" | "post_url" | "ref" | "relref", false) => taken("link", first()),
        ("raw" | "verbatim" | "endraw" | "include-start", _) => taken("raw text", nothing()),
        ("column" | "columns" | "card" | "cards" | "updates" | "update", _) => near("columns", nothing()),
        (
            "set" | "assign" | "capture" | "if" | "else" | "elsif" | "elif" | "for" | "unless" | "macro" | "import"
            | "from" | "partial",
            _,
        ) => Rewrite::new(Fate::Left, "program of a template", hidden(was, before)),
        ("comment", false) => taken("comment", "<!--".to_owned()),
        ("comment", true) => taken("comment", "-->".to_owned()),
        ("include" | "include-markdown" | "include_relative" | "render" | "reusable", _) => {
            Rewrite::new(Fate::Left, "include", hidden(was, before))
        }
        _ => Rewrite::new(Fate::Left, "tag", hidden(was, before)),
    }
}

/// The tag in a comment; within a link or a tag nothing.
fn hidden(was: &str, before: &str) -> String {
    let opens =
        before.rfind(['<', '(']).is_some_and(|at| before[at..].starts_with("](") || !before[at..].contains(['>', ')']));
    if opens && (before.contains("](") || before.contains('<')) { String::new() } else { comment(was) }
}

fn bracketed(words: &str) -> String {
    let words = title(words);
    if words.is_empty() { words } else { format!("[{words}]") }
}

fn embed(name: &str, url: &str, first: &str) -> Rewrite {
    let address = match (name, url.is_empty()) {
        ("youtube", true) => format!("https://www.youtube.com/watch?v={first}"),
        ("vimeo", true) => format!("https://vimeo.com/{first}"),
        (_, true) => first.to_owned(),
        _ => url.to_owned(),
    };
    Rewrite::new(Fate::Taken, "embed", format!("\n\n{}\n\n", shown_address(&address)))
}

/// An address on a line of its own: as it is where Intercom shows what is there, else a link.
pub(super) fn shown_address(address: &str) -> String {
    let address = address.trim();
    if is_video(address) { address.to_owned() } else { format!("[{address}]({})", encoded(address)) }
}

/// Whether Intercom shows what is at an address: the video hosts that a paragraph may name alone.
pub(super) fn is_video(address: &str) -> bool {
    const HOSTS: [&str; 6] = ["youtube.com/", "youtu.be/", "vimeo.com/", "loom.com/", "wistia.com/", "wistia.net/"];
    let Some(rest) = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")) else { return false };
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    HOSTS.iter().any(|host| rest.starts_with(host) || rest.contains(&format!(".{host}")))
}

/// A name that a reader can read, from a path.
fn name_of(path: &str) -> String {
    let path = crate::html::percent_decoded(path.trim_end_matches('/'));
    let path = path.strip_suffix("/README.md").unwrap_or(&path);
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".md").unwrap_or(name).replace(['-', '_'], " ")
}

/// An address without blanks.
pub(super) fn encoded(address: &str) -> String {
    address.trim().replace(' ', "%20").replace('(', "%28").replace(')', "%29")
}
