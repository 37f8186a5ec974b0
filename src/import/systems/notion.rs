//! Notion's export: names with ids of 32 digits behind them, and a folder for the pages below a page.

use super::folder::{self, Rules};
use super::{Layout, crumb};
use crate::import::source::{Source, without_ending};

pub(super) fn layout(source: &Source, folder: &str) -> Layout {
    let mut layout = Layout { roots: vec![folder.to_owned()], ..Layout::default() };
    layout.pages = folder::pages(source, folder, Rules::default(), &mut layout.default_locale);
    let folders: Vec<String> = layout.pages.iter().map(|page| page.source.folder().to_owned()).collect();
    for page in &mut layout.pages {
        let own = without_ending(page.source.as_str());
        page.is_index = folders.iter().any(|folder| folder == own || folder.starts_with(&format!("{own}/")));
        let names = page.crumbs.iter().map(|crumb| without_id(&crumb.name).to_owned());
        let own = page.is_index.then(|| without_id(&page.stem).to_owned());
        page.crumbs = names.chain(own).map(|name| crumb(&name)).collect();
        page.stem = if page.is_index { "index".to_owned() } else { crate::pull::slug(without_id(&page.stem)) };
    }
    layout
}

/// Whether a file has a name of an export.
pub(super) fn is_named(name: &str) -> bool {
    let stem = without_ending(name);
    without_id(stem) != stem
}

/// A name without the id behind it.
fn without_id(name: &str) -> &str {
    match name.rsplit_once(' ') {
        Some((words, id)) if id.len() == 32 && id.chars().all(|c| c.is_ascii_hexdigit()) => words,
        _ => name,
    }
}
