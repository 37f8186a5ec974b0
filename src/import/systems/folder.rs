//! Pages by their folders: what every system has below its own rules, and plain Markdown has alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Crumb, Layout, Page, joined};
use crate::book::{Folder, title_of_folder};
use crate::import::keys;
use crate::import::source::{Extent, Source, is_page, without_ending};
use crate::intercom::model::Locale;
use crate::text::DocPath;

/// How folders are read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rules {
    /// `01-name` is `name`.
    pub numbers: Numbers,
    /// The page of a folder may have the folder's name.
    pub same_name: SameName,
}

/// Whether a number at the beginning of a name is an order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Numbers {
    #[default]
    Kept,
    Order,
}

/// Whether `a/a.md` is the page of the folder `a`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum SameName {
    #[default]
    Page,
    Index,
}

/// Files that a project has for itself, in lower case and without ending.
const OF_PROJECT: [&str; 16] = [
    "changelog",
    "changes",
    "contributing",
    "code_of_conduct",
    "security",
    "license",
    "licence",
    "agents",
    "claude",
    "summary",
    "pull_request_template",
    "issue_template",
    "schema",
    "todo",
    "contentlicenseagreement",
    "gemini",
];

/// Folders that hold parts of pages, or nothing for readers.
const OF_PARTS: [&str; 10] = [
    "snippets",
    "_includes",
    "_snippets",
    "includes",
    "partials",
    "_layouts",
    "overrides",
    "archetypes",
    "layouts",
    "templates",
];

/// Plain Markdown: the folder of a repository that has most of its pages, else all of it.
pub(super) fn plain(source: &Source, folder: &str) -> Layout {
    let root = docs_of(source, folder);
    let mut layout = Layout { roots: vec![root.clone()], snippets: vec![root.clone()], ..Layout::default() };
    layout.pages = pages(source, &root, Rules::default(), &mut layout.default_locale);
    if source.extent == Extent::Repository && layout.pages.iter().any(|page| !is_front_page(&page.source)) {
        layout.of_repository = source.texts.keys().filter(|path| is_front_page(path)).cloned().collect();
        layout.pages.retain(|page| !is_front_page(&page.source));
    }
    layout
}

/// Whether a file is what the host of a repository shows of it first.
fn is_front_page(path: &DocPath) -> bool {
    let name = path.name().to_lowercase();
    path.folder().is_empty() && is_page(path) && name.split('.').next() == Some("readme")
}

/// The folder with the docs of a repository.
pub(super) fn docs_of(source: &Source, folder: &str) -> String {
    let below = |part: &str| {
        let start = joined(folder, part);
        let start = if start.is_empty() { start } else { joined(start.trim_end_matches('/'), "") };
        source.texts.keys().filter(|path| is_page(path) && path.as_str().starts_with(&start)).count()
    };
    let all = below("");
    let known = ["docs", "content", "src", "wiki", "help", "documentation", "pages", "src/content/docs"];
    let best = known.iter().find(|part| below(part) * 2 > all);
    best.map_or_else(|| folder.to_owned(), |part| joined(folder, part))
}

/// Every page below a folder. `default` becomes the locale of pages that name none, where folders say it.
pub(super) fn pages(source: &Source, root: &str, rules: Rules, default: &mut Option<Locale>) -> Vec<Page> {
    let start = if root.is_empty() { String::new() } else { joined(root, "") };
    let all: Vec<(&DocPath, &str)> = source
        .texts
        .keys()
        .filter_map(|path| path.as_str().strip_prefix(&start).map(|below| (path, below)))
        .filter(|(path, below)| is_wanted(path, below))
        .collect();
    let locales = locale_folders(all.iter().map(|(_, below)| *below));
    if let Some(first) = locales.first() {
        let english = Locale::english();
        let there: BTreeSet<Locale> = locales.iter().filter_map(|name| Locale::written(name)).collect();
        let chosen = default.clone().filter(|default| there.contains(default));
        *default = chosen.or_else(|| there.contains(&english).then_some(english)).or_else(|| Locale::written(first));
    }
    let names: BTreeSet<&str> = all.iter().map(|(_, below)| without_ending(below)).collect();
    let mut pages: Vec<Page> = all
        .iter()
        .map(|(path, below)| {
            let (locale, below) = by_folder(below, &locales);
            let (locale, stem) = match locale {
                Some(locale) => (Some(locale), without_ending(below)),
                None => by_suffix(without_ending(below), &names),
            };
            let locale = locale.filter(|locale| Some(locale) != default.as_ref());
            page(path, stem, locale, rules)
        })
        .collect();
    title_folders(source, &mut pages, root);
    pages
}

/// Whether a file is a page for readers.
fn is_wanted(path: &DocPath, below: &str) -> bool {
    let name = without_ending(path.name());
    let base = name.split('.').next().unwrap_or(name).to_lowercase();
    let is_index = path.name().to_lowercase().starts_with("_index.");
    let is_of_project = OF_PROJECT.contains(&base.as_str()) && name.chars().any(char::is_uppercase);
    let folders = below.rsplit_once('/').map_or("", |(folders, _)| folders);
    let is_part = folders
        .split('/')
        .any(|part| part.starts_with('.') || (part.starts_with('_') && part != "_posts") || OF_PARTS.contains(&part));
    is_page(path) && !is_part && !is_of_project && (is_index || !name.starts_with('_')) && !name.starts_with('.')
}

/// The folders at the top that are locales, where all of them are but those without pages.
fn locale_folders<'p>(paths: impl Iterator<Item = &'p str>) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut total = 0;
    for path in paths {
        total += 1;
        if let Some((first, _)) = path.split_once('/') {
            *counts.entry(first).or_insert(0) += 1;
        }
    }
    let locales: Vec<String> =
        counts.keys().filter(|name| Locale::written(name).is_some()).map(|name| (*name).to_owned()).collect();
    let covered: usize = locales.iter().filter_map(|name| counts.get(name.as_str())).sum();
    if covered * 10 >= total * 9 { locales } else { Vec::new() }
}

fn by_folder<'p>(below: &'p str, locales: &[String]) -> (Option<Locale>, &'p str) {
    match below.split_once('/') {
        Some((first, rest)) if locales.iter().any(|name| name == first) => (Locale::written(first), rest),
        _ => (None, below),
    }
}

/// The locale that the end of a name says, where the same page is there without it.
fn by_suffix<'p>(stem: &'p str, names: &BTreeSet<&str>) -> (Option<Locale>, &'p str) {
    match stem.rsplit_once('.') {
        Some((base, suffix)) if names.contains(base) => match Locale::written(suffix) {
            Some(locale) => (Some(locale), base),
            None => (None, stem),
        },
        _ => (None, stem),
    }
}

/// A page of a folder, by its path without ending.
pub(super) fn page(path: &DocPath, stem: &str, locale: Option<Locale>, rules: Rules) -> Page {
    let unnumbered = |name: &str| match rules.numbers {
        Numbers::Kept => name.to_owned(),
        Numbers::Order => without_number(name).to_owned(),
    };
    let mut parts: Vec<String> = stem.split('/').map(unnumbered).collect();
    let name = parts.pop().unwrap_or_default();
    let is_named = matches!(name.to_lowercase().as_str(), "index" | "_index" | "readme");
    let is_same = rules.same_name == SameName::Index && parts.last() == Some(&name);
    let crumbs: Vec<Crumb> = parts.into_iter().map(|part| Crumb { name: part, title: None }).collect();
    let is_index = is_named || is_same;
    let stem_of = if is_index { "index".to_owned() } else { name };
    Page {
        source: path.clone(),
        locale,
        key: stem.to_owned(),
        crumbs,
        stem: stem_of,
        label: None,
        is_index,
        old: Vec::new(),
    }
}

/// A name without the number that orders it: `01-name`, `1. name`.
pub(in crate::import) fn without_number(name: &str) -> &str {
    let digits = name.chars().take_while(char::is_ascii_digit).count();
    let rest = &name[digits..];
    let behind = rest.trim_start_matches(['-', '_', '.', ' ']);
    // `2024-01-05` is a date, and `7.0.0` a version.
    let is_order = digits > 0
        && digits <= 3
        && behind.len() < rest.len()
        && !behind.is_empty()
        && !behind.starts_with(|c: char| c.is_ascii_digit());
    if is_order { behind } else { name }
}

/// Gives folders the titles of their pages.
fn title_folders(source: &Source, pages: &mut [Page], root: &str) {
    let mut titles: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for page in pages.iter().filter(|page| page.is_index && page.locale.is_none() && !page.crumbs.is_empty()) {
        let Some(text) = source.texts.get(&page.source) else { continue };
        let split = keys::split(text);
        let title = keys::text(&split.keys, "title").or_else(|| keys::text(&split.keys, "linkTitle"));
        let path = page.crumbs.iter().map(|crumb| crumb.name.clone()).collect();
        if let Some(title) = title {
            titles.insert(path, title);
        }
    }
    for (path, text) in source.texts.iter().filter(|(path, _)| path.as_str().starts_with(root)) {
        if !path.name().starts_with("_category_.") {
            continue;
        }
        let value = if path.name().ends_with(".json") { serde_json::from_str(text).ok() } else { super::yaml(text) };
        let label = value.as_ref().and_then(|value| super::said(value, "label"));
        let below = path.folder().strip_prefix(root).unwrap_or_default().trim_matches('/');
        if let Some(label) = label.filter(|_| !below.is_empty()) {
            titles.insert(below.split('/').map(|part| without_number(part).to_owned()).collect(), label);
        }
    }
    metas(source, pages, &mut titles, root);
    for page in pages {
        for depth in 1..=page.crumbs.len() {
            let path: Vec<String> = page.crumbs[..depth].iter().map(|crumb| crumb.name.clone()).collect();
            if let Some(title) = titles.get(&path) {
                page.crumbs[depth - 1].title =
                    Some(title.clone()).filter(|title| *title != title_of_folder(&Folder(path[depth - 1].clone())));
            }
        }
    }
}

/// The titles that Nextra's `_meta` files give pages and folders, as far as they are data.
fn metas(source: &Source, pages: &mut [Page], titles: &mut BTreeMap<Vec<String>, String>, root: &str) {
    for (path, text) in source.texts.iter().filter(|(path, _)| path.as_str().starts_with(root)) {
        if !path.name().starts_with("_meta.") {
            continue;
        }
        let Some(Value::Object(entries)) = super::script::data(text) else { continue };
        let below = path.folder().strip_prefix(root).unwrap_or_default().trim_matches('/');
        let folder: Vec<String> = below.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        for (name, value) in &entries {
            let Some(title) = value.as_str().map(str::to_owned).or_else(|| super::said(value, "title")) else {
                continue;
            };
            let inner = [folder.as_slice(), std::slice::from_ref(name)].concat();
            let own = DocPath::new(super::joined(path.folder(), name));
            for page in pages.iter_mut().filter(|page| without_ending(page.source.as_str()) == own.as_str()) {
                page.label = Some(title.clone());
            }
            let inside = format!("{own}/");
            if pages.iter().any(|page| page.source.as_str().starts_with(&inside)) {
                titles.entry(inner).or_insert(title);
            }
        }
    }
}
