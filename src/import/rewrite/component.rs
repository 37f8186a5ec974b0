//! Components and code of MDX: Docusaurus, Mintlify, and whoever else writes `<Tabs>`.

use std::collections::BTreeSet;

use super::tag::{encoded, is_video, shown_address};
use super::{HEADING, comment, dedented, indent, remove, title};
use crate::import::draft::{Draft, Rewrite, captured, group, patterns};
use crate::import::report::Fate;

patterns! {
    IMPORT = r#"^import\s+(?:[\w*{}\s,$]+\s+from\s+)?["'][^"']+["'];?\s*$"#;
    IMPORT_OPEN = r#"^import\s+\{\s*$"#;
    IMAGE_IMPORT = r#"^import\s+(\w+)\s+from\s+["']([^"']+\.(?:png|jpe?g|gif|svg|webp))["'];?"#;
    EXPORT = r"^export\s+(?:const|let|var|default|function|async\s+function|class|\{|\*)";
    COMMENT = r"\{/\*(.*?)\*/\}";
    TAG = r#"<(/?)([A-Z][\w.]*)((?:\s+(?:[^<>"'{}]|"[^"]*"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\})*)?)(/?)>"#;
    LOWER = r#"<(img|a|div|span|p|iframe|video|figure|br|hr|table|t[drh]|thead|tbody|details|summary|source|code|h[1-6]|ul|ol|li|center)((?:\s+(?:[^<>"'{}]|"[^"]*"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\})*)?)(/?)>"#;
    EXPRESSION_ATTRIBUTE = r#"\s+([\w-]+)=\{((?:[^{}]|\{[^{}]*\})*)\}"#;
    ATTRIBUTE = r#"([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|\{((?:[^{}]|\{[^{}]*\})*)\}))?"#;
    STRING = r#"^\s*[`"']([^`"'{}]*)[`"']\s*$"#;
    REQUIRE = r#"require\(\s*["']([^"']+)["']\s*\)"#;
    FRAGMENT = r"^\s*</?>\s*$";
    INFO = r"^(\s*(?:>\s*)*(?:[-*]\s+|\d+[.)]\s+)?(?:`{3,}|~{3,}))([\w+#.-]*)([ \t]+\S.*)$";
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
    info(draft, is_mdx);
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

/// A tag of a component.
struct Tag<'t> {
    name: &'t str,
    attributes: &'t str,
    is_end: bool,
    is_alone: bool,
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
    fn now(&self, is_known: bool, before: &str) -> Option<Rewrite> {
        let taken = |construct, now: String| Some(Rewrite::new(Fate::Taken, construct, now));
        let near = |construct, now: String| Some(Rewrite::new(Fate::Approximated, construct, now));
        if let Some(word) = self.box_word() {
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
            ("Accordion" | "Expandable" | "Details" | "Collapsible" | "Collapse" | "Dropdown", false) => {
                let words = self.value(&["title", "summary", "label"]);
                let words = if words.is_empty() { "Details".to_owned() } else { words };
                taken("section", format!("\n<details>\n<summary>{}</summary>\n\n", words.replace('<', "&lt;")))
            }
            ("Accordion" | "Expandable" | "Details" | "Collapsible" | "Collapse" | "Dropdown", true) => {
                taken("section", "\n\n</details>\n".to_owned())
            }
            ("Card" | "NavCard" | "LinkCard" | "Tile" | "ButtonLink", false) => near("card", self.card()),
            ("Card" | "NavCard" | "LinkCard" | "Tile" | "ButtonLink", true) => near("card", "\n\n".to_owned()),
            ("Link" | "Anchor", false) if !self.is_alone => {
                taken("link", format!("<a href=\"{}\">", self.value(&["to", "href"])))
            }
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
                let shown =
                    if words.is_empty() { comment(&format!("{} {}", self.name, self.attributes)) } else { words };
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
            _ => return Rewrite::new(Fate::Left, "embed", comment(&format!("{} {}", self.name, self.attributes))),
        };
        let fate = if is_video(&address) { Fate::Taken } else { Fate::Approximated };
        Rewrite::new(fate, "embed", format!("\n\n{}\n\n", shown_address(&address)))
    }
}

/// What is said of a block of code beside its language: its title as a line of code, the rest is for a highlighter.
fn info(draft: &mut Draft, is_mdx: bool) {
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
        if inner.starts_with("```") || inner.starts_with("~~~") {
            let sign = if inner.starts_with('`') { '`' } else { '~' };
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
                    lines.push(crate::import::draft::Line {
                        text: format!("{indent}`{}`", title.replace('`', "'")),
                        at: line.at,
                    });
                    lines.push(crate::import::draft::Line { text: String::new(), at: line.at });
                }
                line.text = now;
                draft.items.push(crate::import::report::Item {
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
