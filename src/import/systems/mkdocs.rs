//! MkDocs: `mkdocs.yml` with its navigation and values, and the pages of its docs folder.

use serde_json::Value;

use super::folder::{self, Rules};
use super::{Entry, Layout, flattened, joined, said, yaml};
use crate::import::source::Source;
use crate::intercom::model::Locale;
use crate::text::DocPath;

pub(super) fn layout(source: &Source, folder: &str) -> Layout {
    let file = ["mkdocs.yml", "mkdocs.yaml"].iter().find_map(|name| source.text(&joined(folder, name)));
    let config = file.and_then(yaml).unwrap_or(Value::Null);
    let docs = match said(&config, "docs_dir") {
        Some(docs) => joined(folder, docs.trim_matches('/').trim_start_matches("./")),
        None => folder::docs_of(source, folder),
    };
    let mut layout = Layout {
        roots: vec![docs.clone()],
        snippets: vec![docs.clone(), joined(&docs, "includes")],
        ..Layout::default()
    };
    layout.default_locale = config.pointer("/theme/language").and_then(Value::as_str).and_then(Locale::written);
    layout.address = said(&config, "site_url");
    if let Some(extra) = config.get("extra") {
        flattened(extra, "", &mut layout.variables);
        flattened(extra, "config.extra", &mut layout.variables);
    }
    layout.pages = folder::pages(source, &docs, Rules::default(), &mut layout.default_locale);
    let mut entries = Vec::new();
    navigation(config.get("nav"), &docs, &[], &mut entries);
    layout.arrange(&entries);
    layout
}

/// The pages of a navigation, in order.
fn navigation(nav: Option<&Value>, docs: &str, above: &[String], into: &mut Vec<Entry>) {
    let Some(Value::Array(all)) = nav else { return };
    let entry = |path: &str, label: Option<String>| {
        let page = DocPath::new(joined(docs, path.trim_start_matches("./")));
        let is_index = matches!(page.name().to_lowercase().as_str(), "index.md" | "readme.md") && !above.is_empty();
        Entry { page, above: above.to_vec(), label, is_index }
    };
    for item in all {
        match item {
            Value::String(path) => into.push(entry(path, None)),
            Value::Object(one) => {
                for (title, value) in one {
                    match value {
                        Value::String(path) => into.push(entry(path, Some(title.clone()))),
                        Value::Array(_) => {
                            navigation(Some(value), docs, &[above, std::slice::from_ref(title)].concat(), into);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}
