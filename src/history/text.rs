//! One text of an article, in a form in which two of them are compared in words.

use std::collections::BTreeSet;

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::book::{Article, quoted};
use crate::html::diff::Diff;
use crate::html::{self, Address, Verify, diff};
use crate::intercom::model::{AdminId, State, Version};
use crate::plan::{Field, FieldChange};
use crate::text::DocPath;

/// What an article said at one time, in one locale.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Text {
    /// Its title.
    pub title: String,
    /// The line under it; of a file `None` where it does not say one.
    pub description: Option<String>,
    /// Its body as Markdown.
    pub markdown: String,
    /// Its author in Intercom.
    pub author: Option<AdminId>,
    /// The state that a file asks for.
    pub state: Option<State>,
    /// The body without what Intercom changes on save.
    canonical: Option<String>,
}

/// What one text has that another has not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Difference {
    /// The fields but the body, old and new.
    pub fields: Vec<FieldChange>,
    /// The body in words; empty where it is the same.
    pub body: Diff,
}

/// A difference in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// How many words of the body are new.
    pub added: usize,
    /// How many words of the body are gone.
    pub removed: usize,
    /// The fields that changed.
    pub fields: BTreeSet<Field>,
}

impl Text {
    /// The text of a version that Intercom keeps, with its body. Addresses stay as they are, but for signatures.
    pub fn of_version(version: &Version) -> Self {
        let body = version.body.as_deref().unwrap_or_default();
        let names = |address: Address<'_>| match address {
            Address::Link(_) => None,
            Address::Image(image) => html::image::is_intercoms(image).then(|| html::image::bare(image).to_owned()),
        };
        let parsed = html::parse(body);
        let canonical = html::canonical(&parsed);
        Self {
            title: version.title.as_deref().unwrap_or_default().trim().to_owned(),
            description: Some(version.description.as_deref().unwrap_or_default().trim().to_owned()),
            markdown: html::fresh(parsed, &names, Verify::Later),
            author: version.author_id,
            state: None,
            canonical: Some(canonical),
        }
    }

    /// The text of a file, which may be broken: then all of it is body.
    pub fn of_file(path: &DocPath, text: &str) -> Self {
        match Article::parse(path, text.into(), &mut Vec::new()) {
            None => Self { markdown: text.to_owned(), ..Self::default() },
            Some(article) => Self {
                markdown: article.content.markdown().to_owned(),
                title: article.content.title,
                description: article.content.description,
                author: None,
                state: article.content.state,
                canonical: None,
            },
        }
    }

    /// It as the file of an article.
    pub fn as_file(&self) -> String {
        let mut text = format!("---\ntitle: {}\n", quoted(&self.title));
        if let Some(description) = self.description.as_deref().filter(|text| !text.is_empty()) {
            text += &format!("description: {}\n", quoted(description));
        }
        format!("{text}---\n\n{}", self.markdown)
    }

    /// Whether two texts of Intercom say the same: title, description, and body but for what Intercom changes on save.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.title == other.title && self.description == other.description && self.canonical == other.canonical
    }
}

impl Difference {
    /// It in numbers.
    pub fn summary(&self) -> Summary {
        let mut summary =
            Summary { fields: self.fields.iter().map(|change| change.field).collect(), ..Summary::default() };
        for line in self.body.lines() {
            let diff::Line::Changed(pieces) = line else { continue };
            for piece in pieces {
                match piece {
                    diff::Piece::Same(_) => {}
                    diff::Piece::Old(text) => summary.removed += text.unicode_words().count(),
                    diff::Piece::New(text) => summary.added += text.unicode_words().count(),
                }
            }
        }
        if !self.body.is_empty() {
            summary.fields.insert(Field::Body);
        }
        summary
    }
}

/// What changed from one text to the next; without an old one all of it is new.
pub fn difference(old: Option<&Text>, new: &Text) -> Difference {
    let nothing = Text::default();
    let old = old.unwrap_or(&nothing);
    let mut fields = Vec::new();
    let mut field = |field, old: &str, new: &str| {
        if old != new {
            fields.push(FieldChange::new(field, old, new));
        }
    };
    field(Field::Title, &old.title, &new.title);
    let description = |text: &Text| text.description.clone().unwrap_or_default();
    field(Field::Description, &description(old), &description(new));
    let state = |text: &Text| text.state.map(|state| state.to_string()).unwrap_or_default();
    field(Field::State, &state(old), &state(new));
    let author = |text: &Text| text.author.map(|author| author.to_string()).unwrap_or_default();
    if old.author.is_some() && new.author.is_some() {
        field(Field::Author, &author(old), &author(new));
    }
    let is_same = old.markdown == new.markdown || (old.canonical.is_some() && old.canonical == new.canonical);
    let body = if is_same { Diff::default() } else { diff::words(&old.markdown, &new.markdown) };
    Difference { fields, body }
}
