//! What an article is beside its text: tags, old addresses, dates, who may read it.
//!
//! Each key is typed here and nowhere else. An absent key is left alone in Intercom, an empty list
//! clears. Whether a date is past is not asked: that is no error, and what it means is for whoever
//! knows the time.

use std::collections::BTreeSet;

use jiff::Timestamp;
use url::Url;

use super::front_matter::FrontMatter;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::text::DocPath;
use crate::yaml::{self, Entry, Mapping, Value, Wrong};

/// The longest tag that is taken, in characters. Intercom documents no limit; a longer one is a
/// sentence that slipped into the list.
const LONGEST_TAG: usize = 255;

/// What an article is beside its text, in every locale alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// `None`: left alone; empty: cleared. No two are the same to Intercom, whose tags know no case.
    pub tags: Option<Vec<String>>,
    /// Where it was before. `None`: left alone.
    pub redirect_from: Option<Vec<OldAddress>>,
    /// When it goes live; `None`: left alone.
    pub publish_at: Option<Timestamp>,
    /// When it goes offline, later than it goes live; `None`: left alone.
    pub unpublish_at: Option<Timestamp>,
}

/// Who may read an article, and which of Intercom's AI features may use it, in one locale.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Availability {
    /// Which machines may use it.
    pub ai: Ai,
    /// Names of audiences. `None`: left alone; empty: everybody.
    pub audiences: Option<Vec<String>>,
}

/// Which of Intercom's AI features may use an article; `None` is left alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ai {
    /// `ai_chatbot_availability`
    pub chatbot: Option<bool>,
    /// `ai_copilot_availability`
    pub copilot: Option<bool>,
    /// `ai_sales_agent_availability`
    pub sales_agent: Option<bool>,
}

/// An address that points to an article though it is not its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum OldAddress {
    /// A path below the host of the Help Center, `/en/articles/12-old-refunds`.
    Path(String),
    /// A whole address. Whether it is one of the Help Center's is not known before that is read.
    Whole(String),
}

impl Settings {
    /// Takes the keys of an article out of its front matter.
    pub(super) fn read(keys: &mut Mapping, front: &FrontMatter, path: &DocPath, found: &mut Vec<Diagnostic>) -> Self {
        let settings = Self {
            tags: keys.read("tags", found, tags),
            redirect_from: keys.read("redirect_from", found, old_addresses),
            publish_at: keys.read("publish_at", found, date),
            unpublish_at: keys.read("unpublish_at", found, date),
        };
        if let (Some(publish), Some(unpublish)) = (settings.publish_at, settings.unpublish_at)
            && unpublish <= publish
        {
            found.push(
                Diagnostic::error(
                    "wrong-value",
                    path,
                    front.span_of("unpublish_at"),
                    "`unpublish_at` is not after `publish_at`",
                )
                .help(format!("write a time after {publish}, or remove one of the two")),
            );
        }
        settings
    }
}

impl Availability {
    /// Takes the keys of one locale out of its front matter.
    pub(super) fn read(keys: &mut Mapping, found: &mut Vec<Diagnostic>) -> Self {
        Self {
            ai: keys.read("ai", found, ai).unwrap_or_default(),
            audiences: keys.read("audiences", found, |entry| named(entry, "audience")),
        }
    }
}

/// A list of names that differ in more than case.
fn named(entry: &Entry, what: &str) -> Result<Vec<String>, Wrong> {
    if let Value::String(text) = &entry.value {
        let list = text.split(',').map(str::trim).collect::<Vec<_>>().join(", ");
        return Err(Wrong::kind("a list of texts", format!("write `{}: [{list}]`", entry.key)));
    }
    let mut names: Vec<String> = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for text in yaml::strings(entry)? {
        let name = text.trim();
        if name.is_empty() {
            return Err(Wrong::value(format!("one {what} has no name"), "write a name, or remove it"));
        }
        if name.chars().any(char::is_control) {
            return Err(Wrong::value(format!("the {what} {name:?} holds a control character"), "remove it"));
        }
        if !seen.insert(name.to_lowercase()) {
            return Err(Wrong::value(format!("the {what} `{name}` is there twice"), "keep one of the two"));
        }
        names.push(name.to_owned());
    }
    Ok(names)
}

fn tags(entry: &Entry) -> Result<Vec<String>, Wrong> {
    let tags = named(entry, "tag")?;
    for tag in &tags {
        if tag.contains(',') {
            let parts = tag.split(',').map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
            return Err(Wrong::value(
                format!("the tag `{tag}` holds a comma"),
                format!("write one item for each: `[{parts}]`"),
            ));
        }
        let length = tag.chars().count();
        if length > LONGEST_TAG {
            return Err(Wrong::value(
                format!("a tag is {length} characters long"),
                format!("write at most {LONGEST_TAG}"),
            ));
        }
    }
    Ok(tags)
}

fn old_addresses(entry: &Entry) -> Result<Vec<OldAddress>, Wrong> {
    if let Value::String(text) = &entry.value {
        return Err(Wrong::kind("a list of addresses", format!("write `{}: [{text}]`", entry.key)));
    }
    let mut addresses = Vec::new();
    for text in yaml::strings(entry)? {
        let address = old_address(text.trim()).ok_or_else(|| {
            Wrong::value(
                format!("`{text}` is not an address of a Help Center"),
                "write the path (`/en/articles/12-old-refunds`) or the whole address (https://…), without `#`",
            )
        })?;
        if addresses.contains(&address) {
            return Err(Wrong::value(format!("the address `{text}` is there twice"), "keep one of the two"));
        }
        addresses.push(address);
    }
    Ok(addresses)
}

fn old_address(text: &str) -> Option<OldAddress> {
    // What follows `#` never reaches a server, so nothing can be redirected by it.
    if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\' || c == '#') {
        return None;
    }
    if text.starts_with('/') {
        let is_path = text.len() > 1 && !text.split('/').skip(1).any(|part| matches!(part, "." | ".."));
        return (is_path && !text.starts_with("//")).then(|| OldAddress::Path(text.to_owned()));
    }
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let is_whole = text.contains("://") && url.username().is_empty() && url.path().len() > 1;
    is_whole.then(|| OldAddress::Whole(text.to_owned()))
}

/// A moment, with its time zone: Intercom takes and gives moments, not days (docs/intercom.md 1.3).
fn date(entry: &Entry) -> Result<Timestamp, Wrong> {
    let form = format!("write `{}: 2026-12-01T09:00:00Z`", entry.key);
    let text = match &entry.value {
        Value::String(text) => text.trim(),
        Value::Number(_) | Value::Bool(_) | Value::Null => entry.scalar.trim(),
        _ => return Err(Wrong::kind("a date and time", form)),
    };
    if let Ok(moment) = text.parse::<Timestamp>() {
        // Intercom keeps whole seconds.
        return Ok(Timestamp::from_second(moment.as_second()).unwrap_or(moment));
    }
    let wrong = |message: &str, help| Err(Wrong::value(format!("`{}` {message}", entry.key), help));
    if let Ok(time) = text.parse::<jiff::civil::DateTime>() {
        let at = format!("write `{}: {}Z` for UTC, or an offset such as `+02:00` at its end", entry.key, shown(time));
        let is_day = text.len() <= "2026-12-01".len();
        return wrong(if is_day { "has no time of day" } else { "has no time zone" }, at);
    }
    wrong("is no date and time", form)
}

fn shown(time: jiff::civil::DateTime) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

fn ai(entry: &Entry) -> Result<Ai, Wrong> {
    const KEYS: [&str; 3] = ["chatbot", "copilot", "sales_agent"];
    let form = "write `ai: { chatbot: true, copilot: true, sales_agent: false }`, or only some of the three";
    let mapping = entry.value.as_mapping().ok_or_else(|| Wrong::kind("keys with true or false", form))?;
    let mut ai = Ai::default();
    for (key, value) in mapping {
        let key = key.as_str().unwrap_or_default();
        let place = match key {
            "chatbot" => &mut ai.chatbot,
            "copilot" => &mut ai.copilot,
            "sales_agent" => &mut ai.sales_agent,
            _ => {
                let help = did_you_mean(key, KEYS).unwrap_or_else(|| form.to_owned());
                return Err(Wrong::value(format!("`ai` has no key `{key}`"), help));
            }
        };
        let Value::Bool(allowed) = value else {
            return Err(Wrong::value(
                format!("`{key}` is neither true nor false"),
                format!("write `{key}: true` or `{key}: false`"),
            ));
        };
        *place = Some(*allowed);
    }
    Ok(ai)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::id;

    fn read(keys: &str) -> (Settings, Availability, Vec<String>) {
        let (path, source) = (DocPath::new("a.md"), format!("---\n{keys}---\n"));
        let mut found = Vec::new();
        let (front, mut mapping) = FrontMatter::parse(&path, &source, &mut found).unwrap();
        let settings = Settings::read(&mut mapping, &front, &path, &mut found);
        let readers = Availability::read(&mut mapping, &mut found);
        let said = found
            .iter()
            .map(|finding| {
                let message =
                    if finding.id == id::WRONG_TYPE { finding.label.clone().unwrap() } else { finding.message.clone() };
                format!("{message} / {}", finding.help.clone().unwrap())
            })
            .collect();
        (settings, readers, said)
    }

    #[track_caller]
    fn check(keys: &str, expected: &str) {
        assert_eq!(read(&format!("{keys}\n")).2, [expected]);
    }

    #[test]
    fn every_key_is_typed() {
        let (settings, readers, found) = read(
            "tags: [billing, Refunds]\nredirect_from:\n  - /en/articles/12-old\n  - https://help.example.com/old?x=1\n\
             publish_at: 2026-12-01T09:00:00Z\nunpublish_at: 2027-12-01 09:00:00+02:00\n\
             ai: { chatbot: true, sales_agent: false }\naudiences: [VIP customers]\n",
        );
        assert_eq!(found, [""; 0]);
        assert_eq!(settings.tags, Some(vec!["billing".to_owned(), "Refunds".to_owned()]));
        assert_eq!(
            settings.redirect_from,
            Some(vec![
                OldAddress::Path("/en/articles/12-old".to_owned()),
                OldAddress::Whole("https://help.example.com/old?x=1".to_owned()),
            ])
        );
        assert_eq!(settings.publish_at, Some("2026-12-01T09:00:00Z".parse().unwrap()));
        assert_eq!(settings.unpublish_at, Some("2027-12-01T07:00:00Z".parse().unwrap()));
        assert_eq!(readers.ai, Ai { chatbot: Some(true), copilot: None, sales_agent: Some(false) });
        assert_eq!(readers.audiences, Some(vec!["VIP customers".to_owned()]));
    }

    #[test]
    fn an_absent_key_is_left_alone_and_an_empty_list_clears() {
        let (settings, readers, found) = read("tags: []\naudiences: []\nredirect_from: []\n");
        assert_eq!(found, [""; 0]);
        assert_eq!((settings.tags, settings.publish_at), (Some(vec![]), None));
        assert_eq!((readers.audiences, readers.ai), (Some(vec![]), Ai::default()));
        assert_eq!(read("").0, Settings::default());
    }

    #[test]
    fn a_past_date_is_no_error() {
        assert_eq!(read("publish_at: 2001-01-01T00:00:00Z\n").2, [""; 0]);
        assert_eq!(read("unpublish_at: 2001-01-01T00:00:00Z\n").2, [""; 0]);
    }

    #[test]
    fn a_wrong_date_shows_the_right_form() {
        check("publish_at: tomorrow", "`publish_at` is no date and time / write `publish_at: 2026-12-01T09:00:00Z`");
        check("publish_at: 2026-13-01", "`publish_at` is no date and time / write `publish_at: 2026-12-01T09:00:00Z`");
        check(
            "publish_at: 2026-12-24",
            "`publish_at` has no time of day / write `publish_at: 2026-12-24T00:00:00Z` for UTC, or an offset such as `+02:00` at its end",
        );
        check(
            "unpublish_at: 2026-12-24 09:30",
            "`unpublish_at` has no time zone / write `unpublish_at: 2026-12-24T09:30:00Z` for UTC, or an offset such as `+02:00` at its end",
        );
        check("publish_at: [1]", "expected a date and time / write `publish_at: 2026-12-01T09:00:00Z`");
        check("publish_at:", "`publish_at` is no date and time / write `publish_at: 2026-12-01T09:00:00Z`");
        check(
            "publish_at: 2026-12-02T00:00:00Z\nunpublish_at: 2026-12-01T00:00:00Z",
            "`unpublish_at` is not after `publish_at` / write a time after 2026-12-02T00:00:00Z, or remove one of the two",
        );
    }

    #[test]
    fn a_tag_is_one_short_word_that_stands_once() {
        check("tags: [\"a, b\"]", "the tag `a, b` holds a comma / write one item for each: `[a, b]`");
        check("tags: a, b", "expected a list of texts / write `tags: [a, b]`");
        check("tags: [Billing, billing]", "the tag `billing` is there twice / keep one of the two");
        check("tags: [\" \"]", "one tag has no name / write a name, or remove it");
        check("tags: [1]", "expected a list of texts / write `tags: [one, two]`");
        check(&format!("tags: [{}]", "x".repeat(256)), "a tag is 256 characters long / write at most 255");
    }

    #[test]
    fn an_old_address_is_a_path_or_a_whole_address() {
        let help =
            "write the path (`/en/articles/12-old-refunds`) or the whole address (https://…), without `#`".to_owned();
        for address in [
            "en/articles/1",
            "//evil.example/x",
            "/",
            "/a/../b",
            "/a b",
            "/a#b",
            "ftp://x.example/a",
            "javascript:x",
            "https://x.example",
            "https:x",
        ] {
            check(
                &format!("redirect_from: [\"{address}\"]"),
                &format!("`{address}` is not an address of a Help Center / {help}"),
            );
        }
        check("redirect_from: [/a, /a]", "the address `/a` is there twice / keep one of the two");
        check("redirect_from: /a", "expected a list of addresses / write `redirect_from: [/a]`");
    }

    #[test]
    fn ai_has_three_switches() {
        let form = "write `ai: { chatbot: true, copilot: true, sales_agent: false }`, or only some of the three";
        check("ai: true", &format!("expected keys with true or false / {form}"));
        check("ai: { chatbott: true }", "`ai` has no key `chatbott` / did you mean `chatbot`?");
        check("ai: { fin: true }", &format!("`ai` has no key `fin` / {form}"));
        check(
            "ai: { copilot: often }",
            "`copilot` is neither true nor false / write `copilot: true` or `copilot: false`",
        );
    }

    #[test]
    fn audiences_are_names() {
        check("audiences: everyone", "expected a list of texts / write `audiences: [everyone]`");
        check("audiences: [VIP, vip]", "the audience `vip` is there twice / keep one of the two");
    }
}
