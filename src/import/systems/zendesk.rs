//! Zendesk: articles as the API of its Help Center gives them, JSON with HTML in it.
//!
//! `articles`, `sections`, `categories` and `translations` are read wherever they are: one document with all pages of
//! a list, or one for each article. Each text becomes a page of its own, `articles/ID.LOCALE.md`, which is on no disk: its
//! keys as front matter and its HTML below. Nothing is fetched; an image stays where its address says.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Crumb, Layout, Page, crumb, joined, locale_of, said};
use crate::book::quoted;
use crate::html;
use crate::import::draft::{group, patterns};
use crate::import::source::Source;
use crate::intercom::model::Locale;
use crate::text::DocPath;

patterns! {
    ARTICLE = r#"(href\s*=\s*["'])(?:https?://[^/"'\s]+)?/hc/(?:[A-Za-z-]+/)?articles/(\d+)[^"'#]*(#[^"']*)?(["'])"#;
}

/// What an export says, by ids.
#[derive(Default)]
struct Export {
    /// Each article in each of its languages, as Zendesk writes them.
    articles: BTreeMap<String, BTreeMap<String, Value>>,
    sections: BTreeMap<String, Value>,
    categories: BTreeMap<String, Value>,
}

/// Whether a document of JSON is one of an export.
pub(super) fn is_export(text: &str) -> bool {
    let has = |key: &str| text.contains(&format!("\"{key}\""));
    has("body") && has("title") && has("locale") && (has("section_id") || has("source_id"))
}

impl Export {
    fn of(source: &Source, folder: &str) -> Self {
        let mut export = Self::default();
        let start = if folder.is_empty() { String::new() } else { joined(folder, "") };
        for (path, text) in &source.texts {
            let may_be = path.as_str().starts_with(&start) && path.name().ends_with(".json");
            let names =
                ["\"articles\"", "\"article\"", "\"sections\"", "\"categories\"", "\"translations\"", "\"body\""];
            if may_be
                && names.iter().any(|name| text.contains(name))
                && let Ok(value) = serde_json::from_str::<Value>(text)
            {
                export.take(&value);
            }
        }
        export
    }

    fn take(&mut self, value: &Value) {
        let of = |list: &str, one: &str| -> Vec<Value> {
            let all = value.get(list).and_then(Value::as_array).into_iter().flatten();
            all.chain(value.get(one)).filter(|value| value.is_object()).cloned().collect()
        };
        let bare = value.as_array().into_iter().flatten().filter(|value| value.get("body").is_some()).cloned();
        for article in of("articles", "article").into_iter().chain(bare) {
            let Some(id) = id(&article, "id") else { continue };
            for translation in article.get("translations").and_then(Value::as_array).into_iter().flatten() {
                self.translation(&id, translation);
            }
            let locale = said(&article, "locale").unwrap_or_else(|| "en-us".to_owned());
            self.articles.entry(id).or_default().insert(locale.to_lowercase(), article);
        }
        for translation in of("translations", "translation") {
            let is_article = said(&translation, "source_type").is_none_or(|kind| kind == "Article");
            if let Some(id) = id(&translation, "source_id").filter(|_| is_article) {
                self.translation(&id, &translation);
            }
        }
        for (all, into) in
            [(of("sections", "section"), &mut self.sections), (of("categories", "category"), &mut self.categories)]
        {
            into.extend(all.into_iter().filter_map(|one| Some((id(&one, "id")?, one))));
        }
    }

    /// A translation; what an article says of itself in that language wins.
    fn translation(&mut self, article: &str, translation: &Value) {
        let Some(locale) = said(translation, "locale") else { return };
        let texts = self.articles.entry(article.to_owned()).or_default();
        texts.entry(locale.to_lowercase()).or_insert_with(|| translation.clone());
    }

    /// The language that most articles are written in first.
    fn main_locale(&self) -> Option<Locale> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for text in self.articles.values().flat_map(BTreeMap::values) {
            if let Some(locale) = said(text, "source_locale").or_else(|| said(text, "locale")) {
                *counts.entry(locale.to_lowercase()).or_insert(0) += 1;
            }
        }
        let most = counts.into_iter().max_by_key(|(_, number)| *number);
        most.and_then(|(name, _)| locale_of(&name))
    }

    /// The collections of a section, from the outside in.
    fn crumbs(&self, section: Option<String>) -> Vec<Crumb> {
        let mut crumbs = Vec::new();
        let mut seen = BTreeSet::new();
        let mut next = section;
        let mut category = None;
        while let Some(id_of) = next.take().filter(|id| seen.insert(id.clone())) {
            let section = self.sections.get(&id_of);
            let name = section.and_then(|section| said(section, "name")).unwrap_or_else(|| format!("Section {id_of}"));
            crumbs.insert(0, crumb(&name));
            category = section.and_then(|section| id(section, "category_id"));
            next = section.and_then(|section| id(section, "parent_section_id"));
        }
        if let Some(name) = category.and_then(|id| self.categories.get(&id)).and_then(|category| said(category, "name"))
        {
            crumbs.insert(0, crumb(&name));
        }
        crumbs
    }
}

fn id(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) => Some(text.clone()),
        _ => None,
    }
}

/// The place of a text of an article.
fn place(id: &str, locale: &str) -> DocPath {
    DocPath::new(format!("articles/{id}.{locale}.md"))
}

/// The source with a page for each text of its articles.
pub(super) fn expanded(source: &Source, folder: &str) -> Source {
    let export = Export::of(source, folder);
    let mut expanded = source.clone();
    expanded.texts.retain(|path, _| path.name().ends_with(".json"));
    for (id_of, texts) in &export.articles {
        let first = original(texts, export.main_locale().as_ref());
        for (locale, text) in texts {
            let body = said(text, "body").unwrap_or_default();
            let body = inner_links(&body, &export);
            let keys = front(id_of, text, Some(locale) == first);
            expanded.texts.insert(place(id_of, locale), format!("---\n{keys}---\n{body}\n"));
        }
    }
    expanded
}

/// The language of the text that the others translate.
fn original<'e>(texts: &'e BTreeMap<String, Value>, default: Option<&Locale>) -> Option<&'e String> {
    texts.keys().find(|name| locale_of(name).as_ref() == default)
}

/// The keys of a text, as front matter.
fn front(id: &str, text: &Value, is_original: bool) -> String {
    let mut keys =
        format!("title: {}\n", quoted(&said(text, "title").or_else(|| said(text, "name")).unwrap_or_default()));
    if text.get("draft") == Some(&Value::Bool(true)) {
        keys.push_str("draft: true\n");
    }
    if is_original {
        keys.push_str(&format!("zendesk_id: {id}\n"));
        for key in ["author_id", "created_at", "updated_at"] {
            let value =
                super::said(text, key).or_else(|| text.get(key).and_then(Value::as_u64).map(|id| id.to_string()));
            if let Some(value) = value {
                keys.push_str(&format!("{key}: {}\n", quoted(&value)));
            }
        }
        let labels = text.get("label_names").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let labels: Vec<String> = labels.map(quoted).collect();
        if !labels.is_empty() {
            keys.push_str("label_names:\n");
            labels.iter().for_each(|label| keys.push_str(&format!("  - {label}\n")));
        }
    }
    keys
}

/// HTML whose links to articles of the export name their places.
fn inner_links(body: &str, export: &Export) -> String {
    let default = export.main_locale();
    let Some(pattern) = ARTICLE.as_ref() else { return body.to_owned() };
    let now = pattern.replace_all(body, |found: &regex::Captures<'_>| {
        let id = group(found, 2);
        match export.articles.get(id).and_then(|texts| original(texts, default.as_ref())) {
            Some(locale) => {
                format!("{}{}{}{}", group(found, 1), place(id, locale).name(), group(found, 3), group(found, 4))
            }
            None => group(found, 0).to_owned(),
        }
    });
    now.into_owned()
}

/// The Markdown of the HTML of an article.
pub(in crate::import) fn markdown(body: &str) -> String {
    html::markdown::for_file(&html::parse(body))
}

/// The words of the HTML of an article, as a block of code: they are no Markdown.
pub(in crate::import) fn words(body: &str) -> String {
    let tree = scraper::Html::parse_fragment(body);
    let mut text = String::new();
    for node in tree.root_element().descendants() {
        let is_shown = |name: &str| !matches!(name, "script" | "style" | "template");
        match node.value() {
            scraper::Node::Text(part) => {
                let parent =
                    node.parent().and_then(|parent| parent.value().as_element().map(|tag| tag.name().to_owned()));
                if parent.is_none_or(|name| is_shown(&name)) {
                    text.push_str(part);
                }
            }
            scraper::Node::Element(tag)
                if !matches!(
                    tag.name(),
                    "b" | "strong" | "i" | "em" | "span" | "a" | "code" | "u" | "font" | "sup" | "sub"
                ) =>
            {
                text.push('\n');
            }
            _ => {}
        }
    }
    format!("~~~~~~~~\n{}\n~~~~~~~~\n", text.replace("~~~~~~~~", "~"))
}

pub(super) fn layout(source: &Source, folder: &str) -> Layout {
    let export = Export::of(source, folder);
    let default = export.main_locale();
    let mut layout =
        Layout { roots: vec!["articles".to_owned()], default_locale: default.clone(), ..Layout::default() };
    for (id_of, texts) in &export.articles {
        let first = original(texts, default.as_ref());
        let shown = first.and_then(|first| texts.get(first)).or_else(|| texts.values().next());
        let Some(shown) = shown else { continue };
        let title = said(shown, "title").or_else(|| said(shown, "name")).unwrap_or_default();
        let stem = Some(crate::pull::slug(&title)).filter(|stem| !stem.is_empty()).unwrap_or_else(|| id_of.clone());
        let section = texts.values().find_map(|text| id(text, "section_id"));
        let crumbs = export.crumbs(section);
        let mut taken = BTreeSet::new();
        // The text that others translate comes first: of two languages that are one in Intercom, it is the one.
        let names = first.into_iter().chain(texts.keys().filter(|name| Some(*name) != first));
        for name in names {
            let Some(locale) = locale_of(name).filter(|locale| taken.insert(locale.clone())) else {
                *layout.unknown_locales.entry(name.clone()).or_insert(0) += 1;
                continue;
            };
            let old = texts.get(name).and_then(|text| said(text, "html_url")).and_then(|address| path_of(&address));
            layout.pages.push(Page {
                source: place(id_of, name),
                locale: Some(locale).filter(|locale| Some(locale) != default.as_ref()),
                key: id_of.clone(),
                crumbs: crumbs.clone(),
                stem: stem.clone(),
                label: None,
                is_index: false,
                old: old.into_iter().filter(|_| Some(name) == first).collect(),
            });
        }
    }
    layout
}

/// The path of an address.
fn path_of(address: &str) -> Option<String> {
    let rest = address.split_once("://")?.1;
    let path = &rest[rest.find('/')?..];
    Some(path.split(['?', '#']).next().unwrap_or_default().to_owned())
}
