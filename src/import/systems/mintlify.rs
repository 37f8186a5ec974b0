//! Mintlify: the navigation of `docs.json` or `mint.json`, its redirects and its values.

use serde_json::Value;

use super::folder::{self, Rules};
use super::{Entry, Layout, flattened, joined, said};
use crate::import::source::Source;
use crate::text::DocPath;

pub(super) fn layout(source: &Source, folder: &str) -> Layout {
    let file = ["docs.json", "mint.json"].iter().find_map(|name| source.text(&joined(folder, name)));
    let config: Value = file.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null);
    let mut layout = Layout {
        roots: vec![folder.to_owned()],
        snippets: vec![folder.to_owned(), joined(folder, "snippets")],
        ..Layout::default()
    };
    if let Some(variables) = config.get("variables") {
        flattened(variables, "", &mut layout.variables);
    }
    layout.pages = folder::pages(source, folder, Rules::default(), &mut layout.default_locale);
    let mut entries = Vec::new();
    if let Some(navigation) = config.get("navigation") {
        pages(navigation, source, folder, &[], &mut entries);
    }
    layout.arrange(&entries);
    for redirect in config.get("redirects").and_then(Value::as_array).into_iter().flatten() {
        let (Some(old), Some(new)) = (said(redirect, "source"), said(redirect, "destination")) else { continue };
        let page = find(source, folder, &new);
        if let Some(page) = layout.pages.iter_mut().find(|other| Some(&other.source) == page.as_ref())
            && !old.contains([':', '*'])
        {
            page.old.push(old);
        }
    }
    layout
}

/// The file of a page as the navigation names it.
fn find(source: &Source, folder: &str, name: &str) -> Option<DocPath> {
    let name = name.trim_start_matches('/');
    let mut all = ["", ".mdx", ".md", "/index.mdx", "/index.md"]
        .iter()
        .map(|end| DocPath::new(joined(folder, &format!("{name}{end}"))));
    all.find(|path| source.texts.contains_key(path))
}

fn pages(value: &Value, source: &Source, folder: &str, above: &[String], into: &mut Vec<Entry>) {
    match value {
        Value::String(name) => {
            into.extend(find(source, folder, name).map(|page| Entry {
                page,
                above: above.to_vec(),
                label: None,
                is_index: false,
            }));
        }
        Value::Array(all) => all.iter().for_each(|value| pages(value, source, folder, above, into)),
        Value::Object(one) => {
            let title = ["group", "tab", "anchor", "dropdown", "product"].iter().find_map(|key| said(value, key));
            let inner: Vec<String> = above.iter().cloned().chain(title).collect();
            if let Some(root) = said(value, "root") {
                into.extend(find(source, folder, &root).map(|page| Entry {
                    page,
                    above: inner.clone(),
                    label: None,
                    is_index: true,
                }));
            }
            for key in [
                "pages",
                "groups",
                "tabs",
                "anchors",
                "dropdowns",
                "products",
                "versions",
                "languages",
                "navigation",
                "global",
                "menu",
            ] {
                if let Some(value) = one.get(key) {
                    pages(value, source, folder, &inner, into);
                }
            }
        }
        _ => {}
    }
}
