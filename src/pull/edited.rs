//! A file with what a teammate changed in Intercom: field by field, and merged where the docs changed it, too.
//!
//! Nothing else in the file changes. What both sides changed is merged by Git's own rules from the text that both grew
//! from; without one the two sides are marked as a conflict.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::images::DocsImages;
use super::{Change, Inputs, Keeps, What, change, file, images, settings, unsigned};
use crate::book::{self, Book, Content, KeyEdit, with_key};
use crate::diagnostic::Severity;
use crate::git::{Merged, Sides, marked};
use crate::html::image::Unknown;
use crate::html::{self, Address, Context, DocLink, Extent, Images};
use crate::intercom::model::{Article, ArticleId, CollectionId};
use crate::live::{InLocale, LiveArticle};
use crate::plan::{Edit, Field, Precision, RemoteChanges, TextRef};
use crate::record::ArticleRecord;
use crate::text::{GitBlob, one_line};

/// The file of an edit, and what Intercom has in its locale.
fn sides<'a>(inputs: Inputs<'a>, edit: &Edit) -> Option<(&'a Content, Cow<'a, LiveArticle>)> {
    let file = inputs.book.contents().find(|content| content.path == edit.path)?;
    match inputs.live.articles.get(&edit.id)?.in_locale(&edit.locale, &inputs.rules.locale) {
        InLocale::There(view) => Some((file, view)),
        InLocale::Missing | InLocale::Unknown => None,
    }
}

/// What of a file changes; the field for which there is no place in it.
pub(super) fn edited(inputs: Inputs<'_>, edit: &Edit) -> Result<Option<Change>, Field> {
    let Some((file, view)) = sides(inputs, edit) else { return Ok(None) };
    let before = file.source.to_string();
    let all: BTreeSet<Field> = edit.theirs.union(&edit.both).copied().collect();
    let how = Cell::new(Extent::Parts);
    let take = |text: &str, fields: &BTreeSet<Field>| with_fields(inputs, edit, &view, text, fields, &how);
    let labels = Sides {
        ours: format!("docs ({})", edit.path),
        theirs: format!("Intercom ({})", harmless_label(&inputs.live.name_of(edit.from.of(&view).updated_by_id))),
    };
    let merged = if edit.both.is_empty() {
        Merged { text: take(&before, &edit.theirs)?, conflicts: 0 }
    } else {
        let base = edit.base.iter().flat_map(GitBlob::ids).find_map(|id| inputs.git.blob(id));
        let sent = base.map(|sent| with_line_ends_of(&before, sent));
        let three_ways = sent.and_then(|sent| {
            let theirs = take(&sent, &all).ok()?;
            // Keys that both sides add at different lines merge into a file that nobody can read.
            let is_readable = |merged: &Merged| {
                let mut found = Vec::new();
                let article = book::Article::parse(&edit.path, merged.text.as_str().into(), &mut found);
                article.is_some() && found.iter().all(|finding| finding.severity != Severity::Error)
            };
            inputs
                .git
                .merge(&sent, &before, &theirs, &labels)
                .filter(|merged| merged.conflicts > 0 || is_readable(merged))
        });
        match three_ways {
            Some(merged) => merged,
            None => {
                let safe = take(&before, &edit.theirs)?;
                marked(&safe, &take(&safe, &edit.both)?, &labels)
            }
        }
    };
    let precision = if edit.has_own_body { Precision::Exact } else { Precision::Canonical };
    let is_all = says(inputs, edit, &merged.text, precision);
    let keeps = if is_all { Keeps::Nothing } else { Keeps::OwnChanges };
    let what =
        What::Edited { fields: all, before, after: merged.text, conflicts: merged.conflicts, keeps, how: how.get() };
    let body = html::parse(edit.from.of(&view).body.as_deref().unwrap_or_default());
    let change = change(inputs, &view, &edit.locale, edit.path.clone(), edit.from, what);
    Ok(Some(Change { images: images::hosted_in(&body), ..change }))
}

/// A name as the label of a conflict marker: one line that is no marker itself.
fn harmless_label(name: &str) -> String {
    one_line(name).chars().filter(|c| !"<>=|".contains(*c)).collect::<String>().trim().to_owned()
}

/// A text with the line ends of another one: Git may keep a file with others than the working tree.
fn with_line_ends_of(other: &str, text: String) -> String {
    match (other.contains("\r\n"), text.contains("\r\n")) {
        (true, false) => text.replace('\n', "\r\n"),
        (false, true) => text.replace("\r\n", "\n"),
        _ => text,
    }
}

/// Whether a text says all that the article says.
pub(super) fn says(inputs: Inputs<'_>, edit: &Edit, text: &str, precision: Precision) -> bool {
    let Some(file) = book::Article::parse(&edit.path, text.into(), &mut Vec::new()) else { return false };
    let mut book = Book { images: inputs.book.images.clone(), ..Book::default() };
    book.articles.insert(edit.path.clone(), file);
    let said = TextRef { id: edit.id, locale: edit.locale.clone(), from: edit.from, precision };
    let files = BTreeMap::from([(edit.path.clone(), said)]);
    inputs.taken.proof(&book, inputs.live, inputs.record, inputs.rules, &files).differ.is_empty()
}

/// The text of a file with some fields as they are in Intercom.
fn with_fields(
    inputs: Inputs<'_>,
    edit: &Edit,
    view: &LiveArticle,
    text: &str,
    fields: &BTreeSet<Field>,
    how: &Cell<Extent>,
) -> Result<String, Field> {
    let article = edit.from.of(view);
    let mut text = text.to_owned();
    for field in fields {
        let key = match field {
            Field::Body => {
                let spliced;
                (text, spliced) = with_body(inputs, edit, article, &text).ok_or(*field)?;
                how.set(spliced);
                continue;
            }
            Field::Title => KeyEdit::Title(article.title.trim().to_owned()),
            Field::Description => {
                KeyEdit::Description(article.description.as_deref().unwrap_or_default().trim().to_owned())
            }
            Field::State => KeyEdit::State(view.article.state),
            Field::Author => match article.author_id.and_then(|id| file::author(inputs.live, id, None)) {
                Some(author) => KeyEdit::Author(author),
                None => return Err(*field),
            },
            Field::Collection => {
                let id = inputs.live.places(&view.article).first().copied().ok_or(*field)?;
                KeyEdit::Collection(collection_name(inputs, id))
            }
            Field::Tags
            | Field::RedirectFrom
            | Field::PublishAt
            | Field::UnpublishAt
            | Field::Ai
            | Field::Audiences => {
                let (live, default) = (inputs.live, &inputs.rules.locale);
                let value = settings::value(live, edit.id, &edit.locale, default, *field).ok_or(*field)?;
                KeyEdit::Other(field.id(), value)
            }
        };
        text = with_key(&edit.path, &text, &key).ok_or(*field)?;
    }
    Ok(text)
}

/// How a file names a collection: by its folder, else by its id.
fn collection_name(inputs: Inputs<'_>, id: CollectionId) -> String {
    let folder = inputs.book.collections.iter().find(|(_, collection)| collection.id == Some(id));
    let known = || inputs.record.collections.get(&id).map(|record| &record.folder);
    folder.map(|(folder, _)| folder).or_else(known).map_or_else(|| id.to_string(), |folder| folder.0.clone())
}

/// The text of a file with the live body.
fn with_body(inputs: Inputs<'_>, edit: &Edit, article: &Article, text: &str) -> Option<(String, Extent)> {
    let file = book::Article::parse(&edit.path, text.into(), &mut Vec::new())?;
    let RemoteChanges { links, linked, .. } = inputs.taken;
    let mut live = html::parse(article.body.as_deref().unwrap_or_default());
    let context = Context {
        path: &edit.path,
        offset: 0,
        images: Images { files: &inputs.book.images, host: inputs.rules.images.as_ref() },
        links,
        spacing: inputs.rules.spacing,
        headings: &[],
    };
    let rendered = html::render::body(file.content.markdown(), context);
    let record = inputs.record.articles.get(&(edit.id, edit.locale.clone()));
    let origins = record.map(ArticleRecord::image_origins).unwrap_or_default();
    let unknown = if record.is_some() { Unknown::Left } else { Unknown::ByName };
    html::image::recognise(&mut live, &html::image::images(&rendered), &origins, unknown);
    let names = html::image::Names::of(&origins);
    let shown: HashSet<String> = html::image::names(&rendered).into_iter().collect();
    let docs_images: OnceCell<DocsImages<'_>> = OnceCell::new();
    let of_docs = |address: &str| {
        let name = address.split('?').next().unwrap_or(address).rsplit('/').next()?;
        if html::image::is_intercoms(address) && !names.prove(html::image::bare(address)) {
            return None;
        }
        let images = docs_images.get_or_init(|| DocsImages::of(inputs.book));
        let path = images.named(name).or_else(|| {
            // The image that Intercom has; the docs have other bytes of it by now.
            images.of_same_file(name, &shown).filter(|_| !html::image::is_intercoms(address))
        });
        path.map(|path| path.seen_from(&edit.path))
    };
    let is_writable = |hole: DocLink| links.written(&edit.path, &hole).is_some().then_some(hole);
    let is_gone = |id: ArticleId| !inputs.live.articles.contains_key(&id);
    linked.own.link_as(&mut live, &rendered, &is_gone, &is_writable);
    let written = |address: Address<'_>| match address {
        Address::Link(link) => DocLink::parse(link).and_then(|hole| links.written(&edit.path, &hole)),
        Address::Image(image) => of_docs(image).or_else(|| unsigned(image)),
    };
    let body = html::splice(file.content.markdown(), &live, context, &written);
    let range = file.content.body.range();
    Some((format!("{}{}{}", &text[..range.start], body.text, &text[range.end..]), body.how))
}

#[cfg(test)]
mod tests {
    use super::harmless_label;

    #[test]
    fn a_name_writes_no_line_and_no_marker_into_a_file() {
        assert_eq!(harmless_label("Grace O'Hara"), "Grace O'Hara");
        let label = harmless_label("Eve)\nINJECTED\n=======\n>>>>>>> x\n\u{1b}[2J");
        assert!(!label.contains(['\n', '\u{1b}', '=', '>', '<', '|']) && label.starts_with("Eve)"), "{label}");
    }
}
