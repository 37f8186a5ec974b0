//! Hugo's shortcodes, `{{< … >}}` and `{{% … %}}`.

use super::tag::{attribute, encoded, shown_address};
use super::{HEADING, comment, title};
use crate::import::draft::{Draft, Rewrite, captured, group, patterns};
use crate::import::report::Fate;

patterns! {
    SHOWN = r"\{\{([<%])/\*\s*(.*?)\s*\*/([>%])\}\}";
    SHORTCODE = r#"\{\{\s*[<%]\s*(/?)\s*([A-Za-z][\w/-]*)((?:[^>%}]|%[^}]|>[^}]|\}[^}])*?)/?\s*[>%]\s*\}\}"#;
    FIRST = r#"^\s*["`]?([^"`=\s]+(?: [^"=]+)?)["`]?(?:\s|$)"#;
    WORDS = r#"^\s*"([^"]*)""#;
}

pub(super) fn rewrite(draft: &mut Draft) {
    draft.replace(&SHORTCODE, |found, _| {
        let is_end = !group(found, 1).is_empty();
        Some(shortcode(group(found, 2), group(found, 3), is_end, group(found, 0)))
    });
    draft.replace(&SHOWN, |found, _| {
        let now = format!("`{{{{{} {} {}}}}}`", group(found, 1), group(found, 2), group(found, 3));
        Some(Rewrite::new(Fate::Taken, "shortcode that is shown", now))
    });
}

fn shortcode(name: &str, attributes: &str, is_end: bool, was: &str) -> Rewrite {
    let taken = |construct, now: String| Rewrite::new(Fate::Taken, construct, now);
    let near = |construct, now: String| Rewrite::new(Fate::Approximated, construct, now);
    let value = |name: &str| attribute(attributes, name);
    let first = || {
        let found = captured(&WORDS, attributes).or_else(|| captured(&FIRST, attributes));
        found.map(|found| group(&found, 1).trim().to_owned()).unwrap_or_default()
    };
    match (name, is_end) {
        ("ref" | "relref", false) => taken("link", encoded(&first())),
        (
            "alert" | "callout" | "admonition" | "note" | "warning" | "tip" | "info" | "hint" | "notice" | "important"
            | "caution" | "danger" | "pageinfo",
            false,
        ) => {
            let given = [value("color"), value("type"), value("style")].concat();
            let given = if given.is_empty() && !attributes.contains('=') { first() } else { given };
            let word = box_of(if given.is_empty() { name } else { &given }, name);
            let title = title(&value("title"));
            let title = if title.is_empty() { title } else { format!("[{title}]") };
            taken("box", format!("\n:::{word}{title}\n"))
        }
        (
            "alert" | "callout" | "admonition" | "note" | "warning" | "tip" | "info" | "hint" | "notice" | "important"
            | "caution" | "danger" | "pageinfo",
            true,
        ) => taken("box", "\n:::\n".to_owned()),
        ("tab" | "step", false) => {
            let words = [value("header"), value("name"), value("title")].concat();
            let words = if words.is_empty() { first() } else { words };
            near("tabs", format!("\n{HEADING}{words}\n"))
        }
        ("details" | "expand" | "collapse" | "accordion", false) => {
            let words = [value("summary"), value("title")].concat();
            let words = if words.is_empty() { first() } else { words };
            let words = if words.is_empty() { "Details".to_owned() } else { words };
            taken("section", format!("\n<details>\n<summary>{}</summary>\n\n", words.replace('<', "&lt;")))
        }
        ("details" | "expand" | "collapse" | "accordion", true) => taken("section", "\n\n</details>\n".to_owned()),
        ("tabpane" | "tabs" | "tab" | "step" | "steps" | "columns" | "column" | "cardpane" | "cards" | "blocks", _) => {
            near("tabs", String::new())
        }
        ("highlight", false) => taken("code", format!("```{}", first())),
        ("highlight", true) => taken("code", "```".to_owned()),
        ("youtube", false) => taken(
            "embed",
            format!(
                "\n\nhttps://www.youtube.com/watch?v={}\n\n",
                [value("id"), if attributes.contains('=') { String::new() } else { first() }].concat()
            ),
        ),
        ("vimeo", false) => taken("embed", format!("\n\nhttps://vimeo.com/{}\n\n", first())),
        ("figure" | "img" | "image" | "imgproc", false) => {
            let (address, words) =
                (value("src"), [value("alt"), value("caption")].into_iter().find(|words| !words.is_empty()));
            let address = if address.is_empty() { first() } else { address };
            taken("image", format!("![{}]({})", title(&words.unwrap_or_default()), encoded(&address)))
        }
        ("button" | "card" | "link" | "blocks/link" | "blocks/link-down", false) => {
            let address = [value("href"), value("link"), value("url")].concat();
            let words = [value("title"), value("header"), value("text")].concat();
            match (address.is_empty(), words.is_empty()) {
                (true, _) => near("card", words),
                (false, true) => near("card", format!("\n{}\n", shown_address(&address))),
                (false, false) => near("card", format!("\n[{words}]({})\n", encoded(&address))),
            }
        }
        ("button" | "card" | "link", true) => near("card", String::new()),
        ("mermaid", false) => near("drawing", "```mermaid".to_owned()),
        ("mermaid", true) => near("drawing", "```".to_owned()),
        ("br", _) => taken("line break", "<br>".to_owned()),
        (_, true) => Rewrite::new(Fate::Left, "shortcode", String::new()),
        _ => Rewrite::new(Fate::Left, "shortcode", comment(was)),
    }
}

/// The box that a colour or a word is.
fn box_of(given: &str, name: &str) -> &'static str {
    match given.to_lowercase().as_str() {
        "warning" | "warn" | "caution" => "warning",
        "danger" | "error" | "red" => "danger",
        "success" | "tip" | "green" => "tip",
        "important" => "important",
        _ if name == "warning" || name == "caution" => "warning",
        _ if name == "danger" => "danger",
        _ if name == "tip" => "tip",
        _ => "note",
    }
}
