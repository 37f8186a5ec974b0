//! Jekyll: pages and posts, the values of `_config.yml`, and pages that name their parent.

use std::collections::BTreeMap;

use super::folder::{self, Rules};
use super::{Layout, crumb, flattened, joined, said};
use crate::import::keys;
use crate::import::source::Source;
use crate::text::DocPath;

pub(super) fn layout(source: &Source, folder: &str) -> Layout {
    let config = source.text(&joined(folder, "_config.yml")).and_then(super::yaml).unwrap_or_default();
    let docs = folder::docs_of(source, folder);
    let mut layout = Layout {
        roots: vec![docs.clone()],
        snippets: vec![joined(folder, "_includes"), docs.clone()],
        address: said(&config, "url").filter(|url| url.starts_with("http")),
        ..Layout::default()
    };
    flattened(&config, "site", &mut layout.variables);
    layout.pages = folder::pages(source, &docs, Rules::default(), &mut layout.default_locale);
    // Collections of pages are in folders with `_` before their names.
    for (name, _) in config.get("collections").and_then(serde_json::Value::as_object).into_iter().flatten() {
        let below = joined(folder, &format!("_{name}"));
        layout.pages.extend(folder::pages(source, &below, Rules::default(), &mut layout.default_locale));
    }
    by_parent(source, &mut layout);
    layout
}

/// Pages whose keys name the title of their parent are in its collection.
fn by_parent(source: &Source, layout: &mut Layout) {
    let said =
        |path: &DocPath, key: &str| source.texts.get(path).and_then(|text| keys::text(&keys::split(text).keys, key));
    let parents: BTreeMap<DocPath, Vec<String>> = layout
        .pages
        .iter()
        .filter_map(|page| {
            let parent = said(&page.source, "parent")?;
            let above = said(&page.source, "grand_parent");
            Some((page.source.clone(), above.into_iter().chain([parent]).collect()))
        })
        .collect();
    let titles: Vec<&String> = parents.values().flatten().collect();
    for page in &mut layout.pages {
        let own = said(&page.source, "title").filter(|title| titles.contains(&title));
        let above = parents.get(&page.source).cloned().unwrap_or_default();
        if above.is_empty() && own.is_none() {
            continue;
        }
        page.is_index = own.is_some();
        page.crumbs = above.iter().chain(own.as_ref()).map(|title| crumb(title)).collect();
    }
}
