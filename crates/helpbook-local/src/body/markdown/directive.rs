//! Directives: their names, and the attributes of their first line.

use std::fmt::Write as _;

/// The line that ends one.
pub(super) const END: &str = ":::";

/// The hosts of videos: the name that Intercom has for each, and where the number of a video goes.
pub(super) const VIDEOS: [(&str, &str); 4] = [
    ("youtube", "https://www.youtube.com/embed/"),
    ("vimeo", "https://player.vimeo.com/video/"),
    ("loom", "https://www.loom.com/embed/"),
    ("wistia", "https://fast.wistia.net/embed/iframe/"),
];

/// The first line of a directive.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Directive<'l> {
    pub name: &'l str,
    pub attributes: Vec<(&'l str, String)>,
}

impl<'l> Directive<'l> {
    /// Reads a line; `None` where it begins no directive.
    pub(super) fn of(line: &'l str) -> Option<Self> {
        let rest = line.trim().strip_prefix(END)?;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
        let (name, mut rest) = rest.split_at(end);
        if name.is_empty() {
            return None;
        }
        let mut attributes = Vec::new();
        while let Some((key, after)) = rest.trim_start().split_once("=\"") {
            let (value, after) = after.split_once('"')?;
            attributes.push((key, value.replace("&quot;", "\"").replace("&amp;", "&")));
            rest = after;
        }
        Some(Self { name, attributes })
    }

    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(other, _)| *other == key).map(|(_, value)| value.as_str())
    }

    /// Whether it is one line with its end, and holds no text.
    pub(super) fn is_void(&self) -> bool {
        !["callout", "collapsible"].contains(&self.name)
    }
}

/// Writes the first line of a directive, without those attributes that have no value.
pub(super) fn open(name: &str, attributes: &[(&str, Option<&str>)]) -> String {
    let mut line = format!("{END}{name}");
    for (key, value) in attributes {
        if let Some(value) = value {
            let value = value.replace('&', "&amp;").replace('"', "&quot;").replace(['\n', '\r'], " ");
            // Writing to a string cannot fail.
            let _ = write!(line, " {key}=\"{value}\"");
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let line = open("button", &[("href", Some("https://a.example/?a=1&b=\"2\"")), ("align", None)]);
        assert_eq!(line, ":::button href=\"https://a.example/?a=1&amp;b=&quot;2&quot;\"");
        let read = Directive::of(&line).unwrap();
        assert_eq!((read.name, read.get("href")), ("button", Some("https://a.example/?a=1&b=\"2\"")));
        assert_eq!(Directive::of(":::"), None);
        assert_eq!(Directive::of("text :::callout"), None);
        assert_eq!(Directive::of("  :::callout").unwrap().attributes, []);
    }
}
