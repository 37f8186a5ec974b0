//! Docusaurus: the docs folder, `sidebars.js` as far as it is data, `_category_.json`, and the translations of `i18n`.

use serde_json::Value;

use super::folder::{self, Numbers, Rules, SameName};
use super::{Entry, Layout, joined, locale_of, said, script};
use crate::import::draft::{captured, group, patterns};
use crate::import::keys;
use crate::import::source::{Source, is_page, without_ending};
use crate::intercom::model::Locale;
use crate::text::DocPath;

patterns! {
    PATH = r#"(?m)^\s*path:\s*["']([^"']+)["']"#;
    URL = r#"(?m)^\s*url:\s*["'](https?://[^"']+)["']"#;
    DEFAULT = r#"defaultLocale:\s*["']([\w-]+)["']"#;
}

const RULES: Rules = Rules { numbers: Numbers::Order, same_name: SameName::Index };

pub(super) fn layout(source: &Source, folder: &str) -> Layout {
    let config = ["js", "ts", "mjs", "cjs"]
        .iter()
        .find_map(|end| source.text(&joined(folder, &format!("docusaurus.config.{end}"))));
    let config = config.unwrap_or_default();
    let found = |pattern| captured(pattern, config).map(|found| group(&found, 1).to_owned());
    let has_pages = |path: &str| {
        let start = joined(folder, path) + "/";
        source.texts.keys().any(|page| is_page(page) && page.as_str().starts_with(&start))
    };
    let mut folders = docs_folders(config);
    folders.retain(|path| has_pages(path));
    let first = if folders.is_empty() { "docs".to_owned() } else { folders.remove(0) };
    let docs = joined(folder, &first);
    let mut layout = Layout {
        roots: vec![docs.clone(), joined(folder, "static")],
        snippets: vec![docs.clone(), folder.to_owned()],
        default_locale: found(&DEFAULT).and_then(|name| Locale::written(&name)),
        address: found(&URL),
        ..Layout::default()
    };
    layout.pages = folder::pages(source, &docs, RULES, &mut layout.default_locale);
    let mut entries = Vec::new();
    for end in ["js", "ts", "mjs", "cjs", "json"] {
        let Some(text) = source.text(&joined(folder, &format!("sidebars.{end}"))) else { continue };
        if let Some(Value::Object(sidebars)) = script::data(text) {
            let ids = ids(source, &layout, &docs);
            for items in sidebars.values() {
                sidebar(items, &ids, &[], &mut entries);
            }
        }
    }
    layout.arrange(&entries);
    for other in folders {
        others(source, folder, &other, &mut layout);
    }
    translations(source, folder, &mut layout);
    layout
}

/// The folders of docs that a configuration names, the main one first. Blogs and pages of their own have folders, too,
/// and are no docs.
fn docs_folders(config: &str) -> Vec<String> {
    const DOCS: [&str; 2] = ["docs: {", "plugin-content-docs'"];
    const OTHERS: [&str; 4] = ["blog: {", "plugin-content-blog'", "pages: {", "plugin-content-pages'"];
    let config = config.replace('"', "'");
    let last = |before: &str, names: &[&str]| names.iter().filter_map(|name| before.rfind(name)).max();
    let mut folders: Vec<String> = Vec::new();
    for found in PATH.as_ref().into_iter().flat_map(|pattern| pattern.captures_iter(&config)) {
        let before = &config[..found.get(0).map_or(0, |found| found.start())];
        if last(before, &DOCS) > last(before, &OTHERS) || last(before, &OTHERS).is_none() {
            folders.push(group(&found, 1).trim_start_matches("./").trim_matches('/').to_owned());
        }
    }
    // An instance that names no folder has `docs`, and is the main one.
    let instances = config.matches(DOCS[0]).count() + config.matches(DOCS[1]).count();
    if folders.is_empty() || folders.len() < instances && !folders.iter().any(|folder| folder == "docs") {
        folders.insert(0, "docs".to_owned());
    }
    folders
}

/// The pages of another folder of docs, below a collection with its name.
fn others(source: &Source, folder: &str, name: &str, layout: &mut Layout) {
    let root = joined(folder, name);
    let mut pages = folder::pages(source, &root, RULES, &mut layout.default_locale);
    let last = name.rsplit('/').next().unwrap_or(name);
    for page in &mut pages {
        page.key = format!("{last}/{}", page.key);
        page.crumbs.insert(0, super::Crumb { name: last.to_owned(), title: None });
    }
    layout.pages.extend(pages);
    layout.roots.push(root);
}

/// The ids of pages, as sidebars name them: their paths, without numbers, or what their keys say.
fn ids(source: &Source, layout: &Layout, docs: &str) -> std::collections::BTreeMap<String, DocPath> {
    let mut ids = std::collections::BTreeMap::new();
    for page in layout.pages.iter().filter(|page| page.locale.is_none()) {
        let below = page.source.as_str().strip_prefix(docs).unwrap_or_default().trim_start_matches('/');
        let below = without_ending(below);
        let plain: Vec<&str> = below.split('/').map(folder::without_number).collect();
        ids.insert(plain.join("/"), page.source.clone());
        ids.insert(below.to_owned(), page.source.clone());
        let own = source.texts.get(&page.source).and_then(|text| keys::text(&keys::split(text).keys, "id"));
        if let Some(own) = own {
            let folder = plain[..plain.len() - 1].join("/");
            ids.insert(if folder.is_empty() { own } else { format!("{folder}/{own}") }, page.source.clone());
        }
    }
    ids
}

fn sidebar(items: &Value, ids: &std::collections::BTreeMap<String, DocPath>, above: &[String], into: &mut Vec<Entry>) {
    let page = |id: &str, label: Option<String>, above: &[String], is_index| {
        ids.get(id).map(|page| Entry { page: page.clone(), above: above.to_vec(), label, is_index })
    };
    match items {
        Value::Array(all) => all.iter().for_each(|item| sidebar(item, ids, above, into)),
        Value::String(id) => into.extend(page(id, None, above, false)),
        Value::Object(one) if one.contains_key("items") || one.contains_key("type") => match said(items, "type")
            .as_deref()
        {
            Some("doc") | Some("ref") => into.extend(said(items, "id").and_then(|id| page(&id, None, above, false))),
            Some("autogenerated") => {
                let dir = said(items, "dirName").unwrap_or_default();
                let dir = dir.trim_matches(['.', '/']);
                // The pages of a folder stay in their folders below the sidebar's own titles; at its top in the folder itself.
                if !above.is_empty() {
                    let start = if dir.is_empty() { String::new() } else { format!("{dir}/") };
                    for (id, page) in ids.iter().filter(|(id, _)| id.starts_with(&start)) {
                        let rest = &id[start.len()..];
                        let mut titles = above.to_vec();
                        titles.extend(
                            rest.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev().map(str::to_owned),
                        );
                        into.push(Entry { page: page.clone(), above: titles, label: None, is_index: false });
                    }
                }
            }
            _ => {
                let label = said(items, "label").unwrap_or_default();
                let inner = if label.is_empty() { above.to_vec() } else { [above, &[label]].concat() };
                if let Some(id) = one.get("link").and_then(|link| said(link, "id")) {
                    into.extend(page(&id, None, &inner, true));
                }
                if let Some(items) = one.get("items") {
                    sidebar(items, ids, &inner, into);
                }
            }
        },
        Value::Object(one) => {
            for (title, items) in one {
                sidebar(items, ids, &[above, std::slice::from_ref(title)].concat(), into);
            }
        }
        _ => {}
    }
}

/// The pages of `i18n/LOCALE/docusaurus-plugin-content-docs/current`.
fn translations(source: &Source, folder: &str, layout: &mut Layout) {
    let start = joined(folder, "i18n/");
    let mut found = Vec::new();
    let mut unknown = std::collections::BTreeMap::new();
    let originals: std::collections::BTreeMap<&str, &super::Page> =
        layout.pages.iter().filter(|page| page.locale.is_none()).map(|page| (page.key.as_str(), page)).collect();
    for path in source.texts.keys().filter(|path| is_page(path)) {
        let Some(rest) = path.as_str().strip_prefix(&start) else { continue };
        let mut parts = rest.splitn(4, '/');
        let (Some(name), Some(plugin), Some("current"), Some(below)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let Some(instance) = plugin.strip_prefix("docusaurus-plugin-content-docs") else { continue };
        let Some(locale) = locale_of(name) else {
            *unknown.entry(name.to_owned()).or_insert(0) += 1;
            continue;
        };
        if Some(&locale) == layout.default_locale.as_ref() {
            continue;
        }
        let key = match instance.trim_start_matches('-') {
            "" => without_ending(below).to_owned(),
            instance => format!("{instance}/{}", without_ending(below)),
        };
        let Some(original) = originals.get(key.as_str()) else { continue };
        found.push(super::Page {
            source: path.clone(),
            locale: Some(locale),
            label: None,
            old: Vec::new(),
            ..(*original).clone()
        });
    }
    layout.pages.extend(found);
    layout.unknown_locales = unknown;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_docs_are_told_from_blogs() {
        let preset = "presets: [['classic', { docs: {\n  path: 'guide',\n}, blog: {\n  path: 'news',\n} }]]";
        assert_eq!(docs_folders(preset), ["guide"]);
        let plugins = "plugins: [['@docusaurus/plugin-content-docs', {}], ['@docusaurus/plugin-content-blog', {\n  path: 'blog',\n}]]";
        assert_eq!(docs_folders(plugins), ["docs"]);
        let second = "presets: [['classic', { docs: {} }]], plugins: [['@docusaurus/plugin-content-docs', {\n id: 'team',\n path: 'team',\n}]]";
        assert_eq!(docs_folders(second), ["docs", "team"]);
    }
}
