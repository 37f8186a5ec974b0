//! The layout of Intercom's own Git sync: a folder for an article, with `meta.yaml` and a file for each locale.

use super::{Crumb, Layout, Page, joined, said};
use crate::import::source::{Source, without_ending};
use crate::intercom::model::Locale;

pub(super) fn layout(source: &Source, folder: &str) -> Layout {
    let config = source.text(&joined(folder, "intercom-sync.yaml")).and_then(super::yaml).unwrap_or_default();
    let managed = said(&config, "managed_folder").map(|managed| managed.trim_matches('/').to_owned());
    let mut root = managed.map_or_else(|| folder.to_owned(), |managed| joined(folder, &managed));
    let is_there = |root: &str| source.texts.keys().any(|path| path.as_str().starts_with(&joined(root, "articles/")));
    if !is_there(&root) && is_there(&joined(folder, "intercom")) {
        root = joined(folder, "intercom");
    }
    let mut layout = Layout { roots: vec![root.clone()], ..Layout::default() };
    let articles = joined(&root, "articles/");
    for path in source.texts.keys().filter(|path| path.as_str().starts_with(&articles) && path.name() == "meta.yaml") {
        let meta = source.text(path.as_str()).and_then(super::yaml).unwrap_or_default();
        let default =
            said(&meta, "default_locale").and_then(|name| Locale::written(&name)).unwrap_or_else(Locale::english);
        layout.default_locale.get_or_insert_with(|| default.clone());
        let below = path.folder().strip_prefix(articles.as_str()).unwrap_or_default();
        let mut names: Vec<&str> = below.split('/').collect();
        let Some(stem) = names.pop().filter(|stem| !stem.is_empty()) else { continue };
        let crumbs: Vec<Crumb> = names.iter().map(|name| Crumb { name: (*name).to_owned(), title: None }).collect();
        for file in source.texts.keys().filter(|file| file.folder() == path.folder() && file.name().ends_with(".md")) {
            let Some(locale) = Locale::written(without_ending(file.name())) else { continue };
            layout.pages.push(Page {
                source: file.clone(),
                locale: Some(locale).filter(|locale| *locale != default),
                key: below.to_owned(),
                crumbs: crumbs.clone(),
                stem: stem.to_owned(),
                label: None,
                is_index: false,
                old: Vec::new(),
            });
        }
    }
    layout
}
