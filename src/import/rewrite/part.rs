//! What a component of MDX is in an article, by its name: boxes, tabs, cards, sections, images, videos.
//!
//! A component that nobody knows keeps what is within it. Its own words, a title or a label, stay where it has any,
//! and it is named as left.

use super::tag::{encoded, is_video, shown_address};
use super::{HEADING, comment, title};
use crate::import::draft::{Pattern, Rewrite, captured, group, patterns};
use crate::import::report::Fate;

patterns! {
    ATTRIBUTE = r#"([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|\{((?:[^{}]|\{[^{}]*\})*)\}))?"#;
}

/// A value in braces that is a text.
pub(super) static STRING: Pattern =
    std::sync::LazyLock::new(|| regex::Regex::new(r#"^\s*[`"']([^`"'{}]*)[`"']\s*$"#).ok());

/// A value in braces that is a file.
pub(super) static REQUIRE: Pattern =
    std::sync::LazyLock::new(|| regex::Regex::new(r#"require\(\s*["']([^"']+)["']\s*\)"#).ok());

/// A tag of a component.
pub(super) struct Tag<'t> {
    pub name: &'t str,
    pub attributes: &'t str,
    pub is_end: bool,
    pub is_alone: bool,
}

impl Tag<'_> {
    /// The value of the first of some attributes that is there.
    fn value(&self, names: &[&str]) -> String {
        let pattern = ATTRIBUTE.as_ref();
        let all = pattern.map(|pattern| pattern.captures_iter(self.attributes).collect::<Vec<_>>()).unwrap_or_default();
        for name in names {
            if let Some(found) = all.iter().find(|found| group(found, 1) == *name) {
                let text: String = [group(found, 2), group(found, 3)].concat();
                let code = group(found, 4);
                let inner = captured(&STRING, code)
                    .or_else(|| captured(&REQUIRE, code))
                    .map(|found| group(&found, 1).to_owned());
                return if text.is_empty() { inner.unwrap_or_default() } else { text };
            }
        }
        String::new()
    }

    fn has(&self, name: &str) -> bool {
        self.attributes.split_whitespace().any(|word| word == name || word.starts_with(&format!("{name}=")))
    }

    /// What it is here; `None` where it is text.
    pub fn now(&self, is_known: bool, before: &str) -> Option<Rewrite> {
        let taken = |construct, now: String| Some(Rewrite::new(Fate::Taken, construct, now));
        let near = |construct, now: String| Some(Rewrite::new(Fate::Approximated, construct, now));
        if let Some(word) = self.box_word().filter(|_| !self.is_alone) {
            if self.is_end {
                return taken("box", "\n:::\n".to_owned());
            }
            let title = title(&self.value(&["title"]));
            let title = if title.is_empty() { title } else { format!("[{title}]") };
            return taken("box", format!("\n:::{word}{title}\n"));
        }
        match (self.name, self.is_end) {
            ("TabItem" | "Tab" | "Step" | "Update" | "Tabs.Tab" | "CodeBlockTab", false) => {
                let words = self.value(&["label", "title", "value", "name"]);
                near("tabs", if words.is_empty() { String::new() } else { format!("\n{HEADING}{}\n", words.trim()) })
            }
            (
                "Tabs" | "TabItem" | "Tab" | "Steps" | "Step" | "Update" | "CodeGroup" | "CardGroup" | "Columns"
                | "Column" | "Cards" | "NavGrid" | "AccordionGroup" | "Frame" | "Panel" | "RequestExample"
                | "ResponseExample" | "Tree" | "View" | "CodeTabs",
                _,
            ) => near("tabs, columns and frames", self.value(&["caption"])),
            ("Accordion" | "Expandable" | "Details" | "Collapsible" | "Collapse" | "Dropdown", false)
                if !self.is_alone =>
            {
                let words = self.value(&["title", "summary", "label"]);
                let words = if words.is_empty() { "Details".to_owned() } else { words };
                taken("section", format!("\n<details>\n<summary>{}</summary>\n\n", words.replace('<', "&lt;")))
            }
            ("Accordion" | "Expandable" | "Details" | "Collapsible" | "Collapse" | "Dropdown", true) => {
                taken("section", "\n\n</details>\n".to_owned())
            }
            ("Card" | "NavCard" | "LinkCard" | "Tile" | "ButtonLink", false) => near("card", self.card()),
            ("Card" | "NavCard" | "LinkCard" | "Tile" | "ButtonLink", true) => near("card", "\n\n".to_owned()),
            ("Link" | "Anchor", false) => Some(self.link()),
            ("Link" | "Anchor", true) => taken("link", "</a>".to_owned()),
            ("ParamField" | "ResponseField" | "Property", false) => near("parameter", self.parameter()),
            ("Image" | "Img" | "ThemedImage" | "Zoom", false) if self.has("src") => taken(
                "image",
                format!("![{}]({})", title(&self.value(&["alt", "caption"])), encoded(&self.value(&["src"]))),
            ),
            ("YouTube" | "Youtube" | "LiteYouTube" | "Vimeo" | "Video" | "Loom" | "Embed" | "ReactPlayer", false) => {
                Some(self.video())
            }
            ("Icon" | "Badge" | "FontAwesomeIcon", false) if self.is_alone => near("icon", String::new()),
            ("Tooltip" | "Badge" | "Highlight" | "Icon" | "Latex" | "Visibility" | "BrowserOnly", _) => {
                near("tooltip", String::new())
            }
            _ if !is_known => None,
            _ if self.is_alone => {
                let words = self.value(&["title", "label", "text", "caption"]);
                let shown = if words.is_empty() {
                    comment(&format!("{} {}", self.name, self.attributes.trim()))
                } else {
                    words
                };
                let is_within = before.trim_end().ends_with('(');
                Some(Rewrite::new(Fate::Left, "component", if is_within { String::new() } else { shown }))
            }
            _ => {
                let words = self.value(&["title", "label"]);
                let shown = if words.is_empty() { String::new() } else { format!("\n**{}**\n\n", words.trim()) };
                Some(Rewrite::new(Fate::Left, "component", shown))
            }
        }
    }

    /// The word of the box that it is, if it is one.
    fn box_word(&self) -> Option<&'static str> {
        Some(match self.name {
            "Note" | "Info" | "NoteBlock" | "InfoBox" => "note",
            "Tip" | "Check" | "Success" => "tip",
            "Warning" | "Caution" | "Attention" => "warning",
            "Danger" | "Error" => "danger",
            "Important" => "important",
            "Callout" | "Admonition" | "Aside" | "Alert" | "Message" | "Banner" if !self.is_alone => {
                match self.value(&["type", "intent", "kind", "variant", "theme"]).as_str() {
                    "tip" | "success" | "check" => "tip",
                    "warning" | "caution" | "warn" => "warning",
                    "danger" | "error" => "danger",
                    "important" => "important",
                    _ => "note",
                }
            }
            _ => return None,
        })
    }

    /// A link; one that is alone is a place that others lead to, and one whose address a program makes has words alone.
    fn link(&self) -> Rewrite {
        let (address, id) = (self.value(&["to", "href"]), self.value(&["id", "name"]));
        match (self.is_alone, id.is_empty()) {
            (true, true) => Rewrite::new(Fate::Left, "link", ""),
            (true, false) => Rewrite::new(Fate::Taken, "anchor", format!("<a id=\"{id}\"></a>")),
            (false, _) => {
                let fate = if address.is_empty() { Fate::Left } else { Fate::Taken };
                Rewrite::new(fate, "link", format!("<a href=\"{address}\">"))
            }
        }
    }

    fn card(&self) -> String {
        let (words, address) = (self.value(&["title", "label", "name"]), self.value(&["href", "to", "link", "url"]));
        let more = self.value(&["description"]);
        let head = match (words.is_empty(), address.is_empty()) {
            (true, true) => String::new(),
            (true, false) => shown_address(&address),
            (false, true) => format!("**{words}**"),
            (false, false) => format!("**[{}]({})**", title(&words), encoded(&address)),
        };
        let more = if more.is_empty() { more } else { format!("\n{more}\n") };
        format!("\n\n{head}\n{more}\n")
    }

    fn parameter(&self) -> String {
        let name = self.value(&["path", "query", "body", "header", "name"]);
        let kind = self.value(&["type"]);
        let required = if self.has("required") { "required" } else { "" };
        let said: Vec<&str> = [kind.as_str(), required].into_iter().filter(|said| !said.is_empty()).collect();
        let said = if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) };
        format!("\n\n`{}`{said}\n\n", name.replace('`', "'"))
    }

    fn video(&self) -> Rewrite {
        let id = self.value(&["id", "videoId", "videoid"]);
        let address = self.value(&["src", "url", "href"]);
        let address = match (address.is_empty(), self.name) {
            (false, _) => address,
            (true, "Vimeo") if !id.is_empty() => format!("https://vimeo.com/{id}"),
            (true, "Loom") if !id.is_empty() => format!("https://www.loom.com/share/{id}"),
            (true, _) if !id.is_empty() => format!("https://www.youtube.com/watch?v={id}"),
            _ => {
                return Rewrite::new(
                    Fate::Left,
                    "embed",
                    comment(&format!("{} {}", self.name, self.attributes.trim())),
                );
            }
        };
        let fate = if is_video(&address) { Fate::Taken } else { Fate::Approximated };
        Rewrite::new(fate, "embed", format!("\n\n{}\n\n", shown_address(&address)))
    }
}
