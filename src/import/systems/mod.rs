//! The systems that a source may be written for. Each file reads what its system reads to find pages: navigation,
//! folders, locales and values. None of them looks into the text of a page.

mod docusaurus;
mod folder;
mod gitbook;
mod hugo;
mod intercom_sync;
mod jekyll;
mod mintlify;
mod mkdocs;
mod notion;
mod script;
mod zendesk;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub(super) use folder::without_number;
pub(super) use zendesk::{markdown, words};

use super::source::Source;
use crate::intercom::model::Locale;
use crate::text::DocPath;

/// The system that a source is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Docusaurus, with MDX
    Docusaurus,
    /// MkDocs and Material for MkDocs
    Mkdocs,
    /// GitBook, by its `SUMMARY.md`
    Gitbook,
    /// Mintlify, by its `docs.json` or `mint.json`
    Mintlify,
    /// Hugo
    Hugo,
    /// Jekyll
    Jekyll,
    /// Notion's export as Markdown
    Notion,
    /// Articles of Zendesk as JSON of its API
    Zendesk,
    /// The layout of Intercom's own Git sync
    Intercom,
    /// Markdown in folders, whoever wrote it
    Plain,
}

impl Kind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Docusaurus => "Docusaurus",
            Kind::Mkdocs => "MkDocs",
            Kind::Gitbook => "GitBook",
            Kind::Mintlify => "Mintlify",
            Kind::Hugo => "Hugo",
            Kind::Jekyll => "Jekyll",
            Kind::Notion => "Notion",
            Kind::Zendesk => "Zendesk",
            Kind::Intercom => "Intercom's Git sync",
            Kind::Plain => "Markdown",
        }
    }

    /// Its word after `--from`.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Docusaurus => "docusaurus",
            Kind::Mkdocs => "mkdocs",
            Kind::Gitbook => "gitbook",
            Kind::Mintlify => "mintlify",
            Kind::Hugo => "hugo",
            Kind::Jekyll => "jekyll",
            Kind::Notion => "notion",
            Kind::Zendesk => "zendesk",
            Kind::Intercom => "intercom",
            Kind::Plain => "plain",
        }
    }

    /// Whether every page of it is MDX.
    pub(super) fn is_mdx(self) -> bool {
        matches!(self, Kind::Docusaurus | Kind::Mintlify)
    }

    /// Whether `{{ name }}` is the value of something.
    pub(super) fn has_values(self) -> bool {
        matches!(self, Kind::Mkdocs | Kind::Jekyll | Kind::Mintlify)
    }
}

/// A site that a source has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// What it is written for.
    pub kind: Kind,
    /// Its folder below the source; empty for the source itself.
    pub folder: String,
}

/// A collection on the way to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Crumb {
    /// The name of the folder.
    pub name: String,
    /// Its title, where a name does not say it.
    pub title: Option<String>,
}

/// A page of a site.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Page {
    pub source: DocPath,
    /// Nothing for the default locale.
    pub locale: Option<Locale>,
    /// The same for all locales of a page.
    pub key: String,
    pub crumbs: Vec<Crumb>,
    /// The name of its file without ending.
    pub stem: String,
    /// Its title in the navigation.
    pub label: Option<String>,
    /// It is the page of a folder.
    pub is_index: bool,
    /// Addresses that it had.
    pub old: Vec<String>,
}

/// The pages of a site and what they are read with.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    pub pages: Vec<Page>,
    /// Folders whose files are at the root of the site.
    pub roots: Vec<String>,
    /// Where the site is on the web.
    pub address: Option<String>,
    pub variables: BTreeMap<String, String>,
    pub snippets: Vec<String>,
    pub default_locale: Option<Locale>,
    /// Pages in languages that Intercom does not have, by their names there.
    pub unknown_locales: BTreeMap<String, usize>,
    /// Pages that say something about the repository, and nothing to customers.
    pub of_repository: Vec<DocPath>,
}

/// A page in a navigation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub page: DocPath,
    /// The titles above it.
    pub above: Vec<String>,
    pub label: Option<String>,
    /// It is the page of the last title above it.
    pub is_index: bool,
}

/// Every site of a source.
pub(super) fn sites(source: &Source) -> Vec<Site> {
    let mut found = BTreeSet::new();
    let all = source.texts.keys().chain(source.others.keys());
    for path in all.filter(|path| path.folder().split('/').count() <= 5) {
        let folder = path.folder().to_owned();
        let kind = match path.name() {
            name if name.starts_with("docusaurus.config.") => Kind::Docusaurus,
            "mkdocs.yml" | "mkdocs.yaml" => Kind::Mkdocs,
            "docs.json" if source.text(path.as_str()).is_some_and(|text| text.contains("\"navigation\"")) => {
                Kind::Mintlify
            }
            "mint.json" => Kind::Mintlify,
            ".gitbook.yaml" => Kind::Gitbook,
            "SUMMARY.md" if !found.contains(&Site { kind: Kind::Gitbook, folder: String::new() }) => Kind::Gitbook,
            "hugo.toml" | "hugo.yaml" | "hugo.yml" | "hugo.json" => Kind::Hugo,
            "config.toml" | "config.yaml"
                if source.texts.keys().any(|page| page.as_str().starts_with(&joined(&folder, "content/"))) =>
            {
                Kind::Hugo
            }
            "_config.yml" => Kind::Jekyll,
            "intercom-sync.yaml" => Kind::Intercom,
            _ => continue,
        };
        // A theme's or plugin's own example is no site of somebody's.
        if folder.split('/').any(|part| {
            matches!(part, "themes" | "exampleSite" | "node_modules" | "test" | "tests" | "fixtures" | "examples")
        }) {
            continue;
        }
        let folder = if kind == Kind::Hugo {
            folder.strip_suffix("config/_default").map_or(folder.clone(), |top| top.trim_end_matches('/').to_owned())
        } else {
            folder
        };
        found.insert(Site { kind, folder });
    }
    // The table of contents in the folder that `.gitbook.yaml` names is no site of its own.
    let outer: Vec<Site> = found.iter().cloned().collect();
    found.retain(|site| {
        !(site.kind == Kind::Gitbook
            && outer.iter().any(|other| {
                other.kind == Kind::Gitbook
                    && other.folder != site.folder
                    && joined(&site.folder, "").starts_with(&joined(&other.folder, ""))
            }))
    });
    if found.is_empty() {
        found.insert(Site { kind: by_signs(source), folder: String::new() });
    }
    found.into_iter().collect()
}

/// What a source without a configuration is written for.
fn by_signs(source: &Source) -> Kind {
    let has = |is: &dyn Fn(&str) -> bool| source.texts.keys().any(|path| is(path.as_str()));
    let pages = source.texts.keys().filter(|path| super::source::is_page(path)).count();
    let notion = source.texts.keys().filter(|path| notion::is_named(path.name())).count();
    let boxes = source.texts.values().filter(|text| text.lines().any(|line| line.starts_with("!!! "))).count();
    let exports =
        source.texts.iter().filter(|(path, text)| path.name().ends_with(".json") && zendesk::is_export(text)).count();
    if exports > pages {
        Kind::Zendesk
    } else if notion * 2 > pages {
        Kind::Notion
    } else if has(&|path| path.contains("docusaurus-plugin-content-docs/") || path.ends_with("/_category_.json")) {
        Kind::Docusaurus
    } else if has(&|path| path.ends_with("/meta.yaml") && path.contains("articles/")) {
        Kind::Intercom
    } else if has(&|path| path.starts_with("content/") && path.ends_with("/_index.md")) {
        Kind::Hugo
    } else if boxes * 20 > pages {
        Kind::Mkdocs
    } else {
        Kind::Plain
    }
}

/// The source with what is a page of a site though it is no file.
pub(super) fn expanded(source: &Source, site: &Site) -> Option<Source> {
    (site.kind == Kind::Zendesk).then(|| zendesk::expanded(source, &site.folder))
}

/// The pages of a site.
pub(super) fn layout(source: &Source, site: &Site) -> Layout {
    let mut layout = match site.kind {
        Kind::Docusaurus => docusaurus::layout(source, &site.folder),
        Kind::Mkdocs => mkdocs::layout(source, &site.folder),
        Kind::Gitbook => gitbook::layout(source, &site.folder),
        Kind::Mintlify => mintlify::layout(source, &site.folder),
        Kind::Hugo => hugo::layout(source, &site.folder),
        Kind::Jekyll => jekyll::layout(source, &site.folder),
        Kind::Notion => notion::layout(source, &site.folder),
        Kind::Zendesk => zendesk::layout(source, &site.folder),
        Kind::Intercom => intercom_sync::layout(source, &site.folder),
        Kind::Plain => folder::plain(source, &site.folder),
    };
    layout.roots.push(site.folder.clone());
    layout.snippets.push(site.folder.clone());
    layout
}

/// The locale of Intercom that the name of a folder means: `pt-PT` is `pt` there.
fn locale_of(name: &str) -> Option<Locale> {
    Locale::written(name).or_else(|| match name.to_lowercase().as_str() {
        "zh-hans" | "zh" => Locale::written("zh-CN"),
        "zh-hant" => Locale::written("zh-TW"),
        other => Locale::written(other.split('-').next().unwrap_or_default())
            .filter(|locale| locale.0 != "pt" || other == "pt-pt"),
    })
}

/// A path below a folder, which may be empty.
pub(super) fn joined(folder: &str, rest: &str) -> String {
    match (folder.is_empty(), rest.is_empty()) {
        (true, _) => rest.to_owned(),
        (false, true) => format!("{folder}/"),
        (false, false) => format!("{folder}/{rest}"),
    }
}

impl Layout {
    /// Puts pages where a navigation has them. Those that it does not name stay in their folders.
    fn arrange(&mut self, entries: &[Entry]) {
        let mut places: BTreeMap<&str, &Entry> = BTreeMap::new();
        for entry in entries {
            places.entry(entry.page.as_str()).or_insert(entry);
        }
        let mut moved: BTreeMap<String, (Vec<Crumb>, Option<String>, bool)> = BTreeMap::new();
        for page in &self.pages {
            let Some(entry) = places.get(page.source.as_str()) else { continue };
            let crumbs = entry.above.iter().map(|title| crumb(title)).collect();
            moved.insert(page.key.clone(), (crumbs, entry.label.clone(), entry.is_index));
        }
        for page in &mut self.pages {
            let Some((crumbs, label, is_index)) = moved.get(&page.key) else { continue };
            page.crumbs.clone_from(crumbs);
            page.is_index = *is_index;
            if page.locale.is_none() {
                page.label.clone_from(label);
            }
        }
    }
}

/// The collection of a title.
fn crumb(title: &str) -> Crumb {
    let name = crate::pull::slug(title);
    let name = if name.is_empty() { "section".to_owned() } else { name };
    Crumb { name, title: Some(title.to_owned()) }
}

/// A text of a document.
fn said(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// A YAML document as a value, whatever tags it has.
fn yaml(text: &str) -> Option<Value> {
    fn plain(value: serde_yaml::Value) -> Value {
        match value {
            serde_yaml::Value::Null => Value::Null,
            serde_yaml::Value::Bool(value) => Value::Bool(value),
            serde_yaml::Value::Number(number) => {
                number.as_i64().map_or_else(|| Value::String(number.to_string()), Value::from)
            }
            serde_yaml::Value::String(text) => Value::String(text),
            serde_yaml::Value::Sequence(all) => Value::Array(all.into_iter().map(plain).collect()),
            serde_yaml::Value::Mapping(all) => Value::Object(
                all.into_iter()
                    .map(|(key, value)| {
                        let key = key.as_str().map_or_else(
                            || serde_yaml::to_string(&key).unwrap_or_default().trim().to_owned(),
                            str::to_owned,
                        );
                        (key, plain(value))
                    })
                    .collect(),
            ),
            serde_yaml::Value::Tagged(tagged) => plain(tagged.value),
        }
    }
    serde_yaml::from_str::<serde_yaml::Value>(text).ok().map(plain)
}

/// The texts of a document by their names, with those of the folders before them: `extra.product`.
fn flattened(value: &Value, before: &str, into: &mut BTreeMap<String, String>) {
    let Value::Object(all) = value else { return };
    for (key, value) in all {
        let name = if before.is_empty() { key.clone() } else { format!("{before}.{key}") };
        match value {
            Value::String(text) => drop(into.insert(name, text.clone())),
            Value::Number(number) => drop(into.insert(name, number.to_string())),
            Value::Object(_) => flattened(value, &name, into),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
