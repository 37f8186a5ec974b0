//! Translations: `refunds.fr.md` is the French content of the article in `refunds.md`.
//!
//! A suffix is a locale only where `locales` of `helpbook.yml` names it, in any case and with `_` for `-`. A
//! translation says what is said in its locale and nothing else: a key of the article that is copied with the
//! same value is tolerated, as translation vendors copy front matter; another value is refused.

use std::sync::Arc;

use super::Book;
use super::article::Article;
use super::collection::{Collection, Folder, INDEX};
use super::front_matter::FrontMatter;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Fix};
use crate::intercom::model::Locale;
use crate::text::{DocPath, Span};
use crate::yaml::{Layout, Style, Value};

/// The keys that a translation has of its own; all others belong to the article.
const KEYS: [&str; 6] = ["title", "description", "state", "author", "ai", "audiences"];

/// The keys that a collection's translation has of its own.
const COLLECTION_KEYS: [&str; 2] = ["title", "description"];

/// A file that is a translation by its name.
#[derive(Debug)]
pub(super) struct Named {
    path: DocPath,
    locale: Locale,
    /// The file in the default locale.
    of: DocPath,
    source: Arc<str>,
    /// What it says, if that is an article's.
    article: Option<Article>,
    /// What is wrong with that.
    diagnostics: Vec<Diagnostic>,
}

impl Named {
    /// Reads the text of an article's translation by itself.
    pub fn read(mut self, source: &Arc<str>) -> Self {
        self.source = Arc::clone(source);
        if self.of.name() != INDEX {
            self.article = Article::parse(&self.path, Arc::clone(source), &mut self.diagnostics);
        }
        self
    }
}

/// Which translation a file is, by its name.
pub(super) fn named(path: &DocPath, config: &Config) -> Option<Named> {
    let (of, suffix) = split(path)?;
    let locale = locale(suffix, config)?;
    Some(Named { path: path.clone(), locale, of, source: Arc::default(), article: None, diagnostics: Vec::new() })
}

/// The locale of translations that a suffix names, whatever its case, with `_` for `-` too.
pub(super) fn locale(suffix: &str, config: &Config) -> Option<Locale> {
    Locale::written(suffix).filter(|locale| *locale != config.default_locale && config.locales.contains(locale))
}

/// The file without its suffix, and that.
pub(super) fn split(path: &DocPath) -> Option<(DocPath, &str)> {
    let (name, _) = path.as_str().rsplit_once('.')?;
    let (stem, suffix) = name.rsplit_once('.')?;
    let is_name = !stem.is_empty() && !stem.ends_with('/') && !suffix.contains('/');
    is_name.then(|| (DocPath::new(format!("{stem}.md")), suffix))
}

/// Adds a translation to its article or collection.
pub(super) fn add(book: &mut Book, named: Named) {
    if named.of.name() == INDEX {
        add_to_collection(book, named);
    } else {
        add_to_article(book, named);
    }
}

fn add_to_article(book: &mut Book, named: Named) {
    let Named { path, locale, of, article, mut diagnostics, .. } = named;
    book.diagnostics.append(&mut diagnostics);
    let Some(parsed) = article else { return };
    let Some(article) = book.articles.get_mut(&of) else {
        // A file that is there and cannot be used has a finding already.
        if !book.sources.contains_key(&of) {
            book.diagnostics.push(orphan(&path, &of, "article"));
        }
        return;
    };
    let content = parsed.content;
    let original = &article.content;
    let default = Keys { front: &original.front, source: &original.source };
    refuse_keys(&path, Keys { front: &content.front, source: &content.source }, default, &KEYS, &mut book.diagnostics);
    if let Some(first) = article.translations.get(&locale) {
        book.diagnostics.push(doubled(&path, &first.path));
        return;
    }
    article.translations.insert(locale, content);
}

fn add_to_collection(book: &mut Book, named: Named) {
    let Named { path, locale, of, source, .. } = named;
    let source = &*source;
    let Some(parsed) = Collection::parse(&path, source, &mut book.diagnostics) else { return };
    let Some(collection) = book.collections.get_mut(&Folder::of(&path)) else {
        book.diagnostics.push(orphan(&path, &of, "collection"));
        return;
    };
    let of_default = book.sources.get(&of).cloned().unwrap_or_default();
    if let (Some((front, _)), Some((default, _))) = (FrontMatter::read(source), FrontMatter::read(&of_default)) {
        let default = Keys { front: &default, source: &of_default };
        refuse_keys(&path, Keys { front: &front, source }, default, &COLLECTION_KEYS, &mut book.diagnostics);
    }
    let content = super::CollectionContent { path, title: parsed.title, description: parsed.description };
    if let Some(first) = collection.translations.get(&locale) {
        book.diagnostics.push(doubled(&content.path, &first.path));
        return;
    }
    collection.translations.insert(locale, content);
}

/// The keys of a file, in its text.
#[derive(Debug, Clone, Copy)]
struct Keys<'a> {
    front: &'a FrontMatter,
    source: &'a str,
}

impl Keys<'_> {
    fn values(self) -> Option<serde_yaml::Mapping> {
        let keys = &self.source[self.front.keys?.range()];
        serde_yaml::from_str::<Value>(keys).ok().and_then(|value| value.as_mapping().cloned())
    }
}

/// Names the keys that a translation does not have: a copy of the default's value is tolerated.
fn refuse_keys(path: &DocPath, keys: Keys<'_>, default: Keys<'_>, own: &[&str], diagnostics: &mut Vec<Diagnostic>) {
    let Keys { front, source } = keys;
    let places = &front.layout.places;
    if !places.is_empty() && places.iter().all(|place| own.contains(&place.name.as_str())) {
        return;
    }
    let others = default.values();
    for (key, value) in keys.values().iter().flatten() {
        let Some(key) = key.as_str().filter(|key| !own.contains(key)) else { continue };
        let span = front.span_of(key);
        let same = others.as_ref().and_then(|others| others.get(key)) == Some(value);
        let finding = if same {
            Diagnostic::warning(
                "translation-key",
                path,
                span,
                format!("`{key}` belongs to the article, not to its translation"),
            )
            .label("the same as in the default locale")
            .fix(without_key(source, &front.layout, key))
        } else {
            Diagnostic::error("translation-key", path, span, format!("`{key}` of a translation is not the article's"))
                .label("the default locale says something else")
        };
        diagnostics.push(finding.help("remove it here: it is in the file of the default locale"));
    }
}

/// Takes a key with its value out of the front matter. With anything else on its lines, a comment
/// for example, there is no such change.
fn without_key(source: &str, layout: &Layout, key: &str) -> Option<Fix> {
    let place = layout.place(key).filter(|_| layout.style == Style::Block)?;
    let value = place.value.unwrap_or(place.key);
    let start = source[..place.key.start].rfind('\n').map_or(0, |at| at + 1);
    let end = source[value.end..].find('\n').map(|at| value.end + at + 1)?;
    let is_alone = source[start..place.key.start].trim().is_empty()
        && source[value.end..end].trim_matches([':', ' ', '\t', '\r', '\n']).is_empty();
    let done = format!("`{key}` is gone: it is in the file of the default locale");
    is_alone.then(|| Fix::new(Span::new(start, end), "", done))
}

fn doubled(path: &DocPath, first: &DocPath) -> Diagnostic {
    Diagnostic::error("doubled-translation", path, None, format!("`{path}` and `{first}` are the same translation"))
        .about(first)
        .help("remove one of them: a locale has one file")
}

fn orphan(path: &DocPath, of: &DocPath, what: &str) -> Diagnostic {
    Diagnostic::error("orphan-translation", path, None, format!("there is no `{of}` of which this is a translation"))
        .about(of)
        .help(format!("write the {what} in the default locale as `{of}`, or remove this file"))
}
