//! One article: a Markdown file with its front matter.
//!
//! The title is the key, else the heading that the body starts with; either way the title is not
//! a part of the body. Keys of other tools get a help line of their own.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::below_extra;
use super::collection::CollectionRef;
use super::front_matter::FrontMatter;
use super::settings::{Availability, Settings};
use crate::config::{self, Author};
use crate::diagnostic::{Diagnostic, id};
use crate::intercom::model::{ArticleId, Locale, State};
use crate::text::{DocPath, GitBlob, Span};
use crate::yaml::{self, Foreign, Instead, Value, Wrong};

/// An article as its files say it: an id, a place, and its content in each locale.
#[derive(Debug, Clone)]
pub struct Article {
    /// Its file in the default locale.
    pub path: DocPath,
    /// Its id in Intercom, once it was created.
    pub id: Option<ArticleId>,
    /// The collection that it is in.
    pub collection: CollectionRef,
    /// What it is beside its text.
    pub settings: Settings,
    /// Its content in the default locale.
    pub content: Content,
    /// Its content in the other locales that have a file.
    pub translations: BTreeMap<Locale, Content>,
}

/// What an article says in one locale: one file.
#[derive(Debug, Clone)]
pub struct Content {
    /// Its file.
    pub path: DocPath,
    /// The whole text of the file.
    pub source: Arc<str>,
    /// The Git blob of that, once somebody asked.
    pub(crate) blob: OnceLock<GitBlob>,
    /// Where its keys are.
    pub front: FrontMatter,
    /// The Markdown that becomes its body: without the front matter and the heading that is the
    /// title.
    pub body: Span,
    /// Its title.
    pub title: String,
    /// `None`: left alone; empty: cleared.
    pub description: Option<String>,
    /// `None`: the configuration's, else as it is live.
    pub state: Option<State>,
    /// `None`: the live one stays.
    pub author: Option<Author>,
    /// Who may read it.
    pub readers: Availability,
}

/// The keys whose values are the text of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContentKey {
    /// The title.
    Title,
    /// The line under it.
    Description,
    /// The HTML.
    Body,
    /// Who it is by.
    Author,
}

impl ContentKey {
    /// Its name in messages.
    pub fn name(self) -> &'static str {
        match self {
            ContentKey::Title => "title",
            ContentKey::Description => "description",
            ContentKey::Body => "body",
            ContentKey::Author => "author",
        }
    }
}

const KEYS: [&str; 14] = [
    "title",
    "description",
    "collection",
    "state",
    "author",
    "tags",
    "redirect_from",
    "publish_at",
    "unpublish_at",
    "ai",
    "audiences",
    "extra",
    "id",
    "locale",
];

/// The keys of an article's front matter, but for `locale`, which only explains itself.
pub fn article_keys() -> &'static [&'static str] {
    KEYS.split_last().map_or(&[], |(_, keys)| keys)
}

impl Article {
    /// Its texts: that of the default locale, then its translations.
    pub fn contents(&self) -> impl Iterator<Item = &Content> {
        std::iter::once(&self.content).chain(self.translations.values())
    }

    /// Reads the text of an article's file. What is wrong goes to `diagnostics`; `None` comes back
    /// where nothing can be made of it.
    pub fn parse(path: &DocPath, source: Arc<str>, diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        if refuse_conflict_markers(path, &source, diagnostics) == Conflict::InKeys {
            return None;
        }
        let (front, mut keys) = FrontMatter::parse(path, &source, diagnostics)?;
        let has_title = keys.contains("title");
        let title = keys.read("title", diagnostics, yaml::filled);
        let description = keys.read("description", diagnostics, yaml::string);
        let state = keys.read("state", diagnostics, config::state);
        let author = keys.read("author", diagnostics, config::author);
        let id = keys.read("id", diagnostics, yaml::number).map(ArticleId);
        let collection = keys.read("collection", diagnostics, CollectionRef::read);
        keys.take("extra");
        let settings = Settings::read(&mut keys, &front, path, diagnostics);
        let readers = Availability::read(&mut keys, diagnostics);
        let _: Option<()> = keys.read("locale", diagnostics, |_| {
            Err(Wrong::value(
                "`locale` is not a key: the file's name says it",
                "name the file `NAME.fr.md` and list the locale in `helpbook.yml`",
            ))
        });
        let before = diagnostics.len();
        keys.refuse_rest("an article", &KEYS[..KEYS.len() - 1], foreign, diagnostics);
        // What has a fix of its own stays where it is.
        let unknown = &mut diagnostics[before..];
        let fixable = unknown.iter().filter(|finding| finding.fix.is_some());
        let taken = fixable.filter_map(|finding| source.get(finding.span?.range())).map(str::to_owned).collect();
        if let Some((key, fix)) = below_extra::fix(path, &source, &front, &taken)
            && let Some(finding) = unknown.iter_mut().find(|finding| finding.span == Some(key))
        {
            finding.fix = Some(fix);
        }

        let heading = first_heading(&source[front.body..]).map(|heading| heading.shifted(front.body));
        let body_end = source.len();
        let (title, body) = match (title, heading) {
            (Some(title), Some(heading)) if heading.text == title.trim() => (title, heading.end),
            (Some(title), _) => (title, front.body),
            (None, Some(heading)) if !heading.text.is_empty() => (heading.text, heading.end),
            (None, _) => {
                // A misspelt key is named already; the title that it lacks is the same mistake.
                if !has_title && !diagnostics.iter().any(|finding| finding.id == id::UNKNOWN_KEY) {
                    diagnostics.push(
                        Diagnostic::error(
                            "missing-title",
                            path,
                            Span::new(front.body, front.body),
                            "the article has no title",
                        )
                        .help("write `title: …` in its front matter, or start its text with a heading"),
                    );
                }
                return None;
            }
        };
        let content = Content {
            path: path.clone(),
            body: Span::new(body, body_end),
            title: title.trim().to_owned(),
            description: description.map(|text| text.trim().to_owned()),
            state,
            author,
            readers,
            source,
            blob: OnceLock::new(),
            front,
        };
        let collection = collection.unwrap_or_else(|| CollectionRef::of_file(path));
        Some(Self { path: path.clone(), id, collection, settings, content, translations: BTreeMap::new() })
    }
}

impl Content {
    /// Reads a text that the file had before. What is wrong with it is no matter any more.
    pub fn read(path: &DocPath, source: &str) -> Option<Self> {
        Article::parse(path, source.into(), &mut Vec::new()).map(|article| article.content)
    }

    /// The id that Git gives its file.
    pub fn blob(&self) -> &GitBlob {
        self.blob.get_or_init(|| GitBlob::of(&self.source))
    }

    /// The Markdown of the body.
    pub fn markdown(&self) -> &str {
        &self.source[self.body.range()]
    }
}

fn foreign(entry: &yaml::Entry) -> Option<Foreign> {
    foreign_help(&entry.key).map(|help| Foreign { help, instead: counterpart(entry) })
}

/// What says exactly the same as a key of another tool.
fn counterpart(entry: &yaml::Entry) -> Option<Instead> {
    let is_text = matches!(entry.value, Value::String(_));
    match (entry.key.as_str(), &entry.value) {
        ("draft", Value::Bool(true)) | ("published", Value::Bool(false)) => Some(Instead::Line("state", "draft")),
        ("draft", Value::Bool(false)) | ("published", Value::Bool(true)) => Some(Instead::Line("state", "published")),
        ("status", Value::String(state)) if state == "draft" || state == "published" => Some(Instead::Key("state")),
        ("summary" | "subtitle" | "excerpt", _) if is_text => Some(Instead::Key("description")),
        _ => None,
    }
}

fn foreign_help(key: &str) -> Option<&'static str> {
    Some(match key {
        "draft" => "write `state: draft` or `state: published`",
        "published" => "write `state: published` or `state: draft`",
        "status" => "write `state: published` or `state: draft`",
        "weight" | "order" | "position" | "sidebar_position" | "nav_order" => {
            "Intercom's API cannot set this: drag the article in Intercom, and remove the key"
        }
        "slug" => "Intercom makes the address from the title; remove the key",
        "permalink" | "url" => "Intercom makes the address from the title and the id; remove the key",
        "aliases" => "write `redirect_from`, with the old addresses",
        "summary" | "subtitle" | "excerpt" => "write `description`",
        "category" | "section" | "parent" => "write `collection`, or put the file into the collection's folder",
        "date" | "lastmod" | "updated" => "Intercom keeps the dates itself; remove the key, or put it below `extra`",
        "layout" | "type" => "helpbook does not use it; remove the key, or put it below `extra`",
        "intercom_id" | "article_id" => "write `id`",
        _ => return None,
    })
}

/// Where a conflict is that is not resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Conflict {
    /// Nowhere, or in the text.
    Elsewhere,
    /// In the front matter, which cannot be read so.
    InKeys,
}

fn refuse_conflict_markers(path: &DocPath, source: &str, diagnostics: &mut Vec<Diagnostic>) -> Conflict {
    if !source.contains("<<<<<<< ") {
        return Conflict::Elsewhere;
    }
    let body = FrontMatter::read(source).map(|(front, _)| front.body);
    let mut conflict = Conflict::Elsewhere;
    let mut at = 0;
    let mut start = None;
    let mut code = None;
    let mut is_code = |body: usize, at: usize| {
        let code: &Vec<Range<usize>> = code.get_or_insert_with(|| blocks_of_code(&source[body..]));
        let before = code.partition_point(|range| range.start <= at);
        before > 0 && code[before - 1].contains(&at)
    };
    for line in source.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ") {
            start = Some(Span::new(at, at + 7));
        } else if line.starts_with(">>>>>>> ")
            && let Some(span) = start.take()
            && !body.is_some_and(|body| span.start >= body && is_code(body, span.start - body))
        {
            if body.is_none_or(|body| span.start < body) {
                conflict = Conflict::InKeys;
            }
            diagnostics.push(
                Diagnostic::error(id::CONFLICT_MARKER, path, span, "a conflict is not resolved")
                    .label("it starts here")
                    .help("choose between the two texts and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`"),
            );
        }
        at += line.len();
    }
    conflict
}

/// The blocks of code of a text, in which an article about Git shows markers.
fn blocks_of_code(markdown: &str) -> Vec<Range<usize>> {
    let events = Parser::new(markdown).into_offset_iter();
    events.filter_map(|(event, range)| matches!(event, Event::Start(Tag::CodeBlock(_))).then_some(range)).collect()
}

#[derive(Debug, PartialEq)]
pub(super) struct Heading {
    text: String,
    end: usize,
}

impl Heading {
    fn shifted(self, by: usize) -> Self {
        Self { end: self.end + by, ..self }
    }
}

/// The paragraph or heading that a text starts with, where nothing that follows can change what it is:
/// neither the end of a comment nor the address of a link.
fn opening(markdown: &str) -> Option<&str> {
    let start = markdown.len() - markdown.trim_start().len();
    let mut end = start;
    for line in markdown[start..].split_inclusive('\n') {
        end += line.len();
        if line.trim().is_empty() {
            break;
        }
    }
    Some(&markdown[..end]).filter(|opening| !opening.contains(['<', '[', '\r']))
}

/// Whether a text starts with words that are no heading: there is no `#` before them and no line of
/// `=` or `-` below.
fn starts_with_words(markdown: &str) -> bool {
    let is_line = |line: &str| line.contains(['=', '-']) && line.trim_matches([' ', '\t', '>', '=', '-']).is_empty();
    let words = markdown.trim_start();
    let mut lines = words.lines().take_while(|line| !line.trim().is_empty());
    words.starts_with(char::is_alphanumeric) && !lines.any(|line| line.contains('\r') || is_line(line))
}

/// The heading that a text starts with, if it does; comments may come before it.
pub(super) fn first_heading(markdown: &str) -> Option<Heading> {
    if starts_with_words(markdown) {
        return None;
    }
    first_heading_of_all(opening(markdown).unwrap_or(markdown))
}

/// The heading that a text starts with, where all of the text is read to find it.
pub(super) fn first_heading_of_all(markdown: &str) -> Option<Heading> {
    let mut text = None::<String>;
    for (event, range) in Parser::new_ext(markdown, Options::ENABLE_HEADING_ATTRIBUTES).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => text = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let text = text?.split_whitespace().collect::<Vec<_>>().join(" ");
                return Some(Heading { text, end: range.end });
            }
            Event::Text(part) | Event::Code(part) if text.is_some() => text.as_mut()?.push_str(&part),
            Event::SoftBreak | Event::HardBreak if text.is_some() => text.as_mut()?.push(' '),
            // Words on two lines are two words.
            Event::InlineHtml(html) if text.is_some() && html.to_ascii_lowercase().starts_with("<br") => {
                text.as_mut()?.push(' ');
            }
            Event::Html(html) if text.is_none() && html.trim_start().starts_with("<!--") => {}
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) if text.is_none() => {}
            _ if text.is_none() => return None,
            _ => {}
        }
    }
    None
}
