//! Hugo: the pages of `content`, in folders or suffixes of locales, with `_index.md` for folders.

use super::folder::{self, Rules};
use super::{Layout, flattened, joined, said};
use crate::import::keys;
use crate::import::source::{Source, is_page};
use crate::intercom::model::Locale;
use crate::text::DocPath;

pub(super) fn layout(source: &Source, folder: &str) -> Layout {
    let files = ["hugo.yaml", "hugo.yml", "config.yaml", "config/_default/hugo.yaml", "config/_default/config.yaml"];
    let config = files.iter().find_map(|name| source.text(&joined(folder, name))).and_then(super::yaml);
    let toml = ["hugo.toml", "config.toml", "config/_default/hugo.toml", "config/_default/config.toml"]
        .iter()
        .find_map(|name| source.text(&joined(folder, name)));
    let in_toml = |key: &str| toml.and_then(|text| keys::text(&keys::split(&format!("+++\n{text}\n+++\n")).keys, key));
    let value = |key: &str| config.as_ref().and_then(|config| said(config, key)).or_else(|| in_toml(key));
    let has_content =
        source.texts.keys().any(|path| is_page(path) && path.as_str().starts_with(&joined(folder, "content/")));
    let content = if has_content { joined(folder, "content") } else { folder::docs_of(source, folder) };
    let mut layout = Layout {
        snippets: vec![content.clone()],
        address: value("baseURL")
            .or_else(|| value("baseurl"))
            .filter(|address| address.starts_with("http") && !address.contains("example.")),
        default_locale: value("defaultContentLanguage").and_then(|name| Locale::written(&name)),
        ..Layout::default()
    };
    if let Some(params) = config.as_ref().and_then(|config| config.get("params")) {
        flattened(params, "", &mut layout.variables);
    }
    layout.pages = folder::pages(source, &content, Rules::default(), &mut layout.default_locale);
    // A single folder of a locale is the root of the site's addresses.
    let default = layout.default_locale.as_ref().map(|locale| locale.0.to_lowercase());
    layout.roots = default.into_iter().map(|locale| joined(&content, &locale)).collect();
    layout.roots.extend([content, joined(folder, "static"), joined(folder, "assets")]);
    let is_there = |root: &String| {
        source.texts.keys().chain(source.others.keys()).any(|path: &DocPath| path.as_str().starts_with(root.as_str()))
    };
    layout.roots.retain(is_there);
    layout
}
