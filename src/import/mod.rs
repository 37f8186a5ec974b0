//! Docs of other systems as docs of this one: pages, collections, locales and images.
//!
//! [`import`] reads what the other system reads to find its pages (`systems`), rewrites what it would have rendered
//! (`rewrite`), leads links to the files that are written (`link`), and carries out the fixes of `check`
//! (`fixes`). The result is files as values and a report of every construct. The words of each page before and
//! after are compared (`words`); a page whose words differ by more than the report names is not among the files.
//! Nothing of the source is run or changed, nothing is fetched, and nothing is written here.

mod draft;
mod fixes;
mod keys;
mod left;
mod link;
mod lists;
mod place;
mod report;
mod rewrite;
mod source;
mod systems;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

pub use report::{Fate, FileReport, Item, Report, Resolved};
pub use source::{Extent, Source, SourceError};
pub use systems::{Kind, Site};

use crate::book::{Folder, ImageFile, LARGEST_IMAGE, quoted, title_of_folder};
use crate::config::Config;
use crate::intercom::model::Locale;
use crate::text::DocPath;
use crate::threads;
use draft::Draft;
use fixes::{Others, Written};
use keys::{Keys, Role};
use link::Linked;
use place::Places;
use systems::{Crumb, Layout, Page};

/// Every site that a source has; one of plain Markdown where nothing says more.
pub fn sites(source: &Source) -> Vec<Site> {
    systems::sites(source)
}

/// What a source becomes.
#[derive(Debug, Clone, Default)]
pub struct Import {
    /// The texts, by their paths below the folder that they are written into.
    pub texts: BTreeMap<DocPath, String>,
    /// The images: where each is written, and where its bytes are.
    pub images: BTreeMap<DocPath, PathBuf>,
    /// The locales, the default one first.
    pub locales: Vec<Locale>,
    /// Pages that are not written, and why.
    pub refused: BTreeMap<DocPath, String>,
    /// What became of everything.
    pub report: Report,
}

/// How deep collections may be in Intercom (docs/intercom.md 2).
const DEEPEST: usize = 3;

/// Makes docs of a site of a source. `config` is that of the docs: its default locale is that of pages which say none.
/// `into` is the folder of the docs that the files are for, empty for the docs folder itself.
pub fn import(source: &Source, site: &Site, config: &Config, into: &str) -> Import {
    let expanded = systems::expanded(source, site);
    let source = expanded.as_ref().unwrap_or(source);
    let mut layout = systems::layout(source, site);
    for page in &mut layout.pages {
        let above = into.split('/').filter(|name| !name.is_empty());
        let above = above.map(|name| Crumb { name: name.to_owned(), title: None });
        page.crumbs.splice(0..0, above);
    }
    let mut import = with_pages(source, site, &layout, config, into);
    let mut refused = BTreeMap::new();
    for _ in 0..ROUNDS {
        let is_target = |page: &Page| page.locale.is_none() && import.refused.contains_key(&page.source);
        if !layout.pages.iter().any(is_target) {
            break;
        }
        // Links to what is not written keep their words, so everything is made without it.
        layout.pages.retain(|page| !import.refused.contains_key(&page.source));
        refused.append(&mut import.refused);
        let files = std::mem::take(&mut import.report.files);
        import = with_pages(source, site, &layout, config, into);
        import.report.files.extend(files.into_iter().filter(|(path, _)| refused.contains_key(path)));
    }
    import.refused.append(&mut refused);
    import
}

/// How often an import is made again without the pages that it refused.
const ROUNDS: usize = 3;

/// Makes docs of the pages of a layout.
fn with_pages(source: &Source, site: &Site, layout: &Layout, config: &Config, into: &str) -> Import {
    let mut import = Import::default();
    let default = layout.default_locale.clone().unwrap_or_else(|| config.default_locale.clone());
    import.report.unknown_locales.clone_from(&layout.unknown_locales);
    import.report.of_repository.clone_from(&layout.of_repository);
    let outs = outs(layout);
    let mut places = Places::of(source, layout, &outs, into);
    import.locales = std::iter::once(default.clone())
        .chain(layout.pages.iter().filter_map(|page| page.locale.clone()).collect::<BTreeSet<_>>())
        .collect();
    let rewritten = threads::map(&layout.pages, |page| Rewritten::of(source, site, layout, page));
    let mut pages: BTreeMap<DocPath, Written> = BTreeMap::new();
    let mut from: BTreeMap<DocPath, (DocPath, String)> = BTreeMap::new();
    let mut described: BTreeMap<(Vec<String>, Option<Locale>), String> = BTreeMap::new();
    let originals: BTreeMap<&str, &Page> =
        layout.pages.iter().filter(|page| page.locale.is_none()).map(|page| (page.key.as_str(), page)).collect();
    for (page, rewritten) in layout.pages.iter().zip(rewritten) {
        let Rewritten { mut draft, keys, before, is_empty, imported } = rewritten;
        if is_empty && page.is_index {
            if let (Some(description), false) = (keys.description.clone(), page.crumbs.is_empty()) {
                described.insert((names(&page.crumbs), page.locale.clone()), description);
            }
            import
                .report
                .files
                .insert(page.source.clone(), FileReport { into: None, items: draft.items, unequal: Vec::new() });
            continue;
        }
        let original = originals.get(page.key.as_str());
        let Some((original, out)) = original.and_then(|original| Some((original, outs.get(&original.source)?))) else {
            import.refused.insert(
                page.source.clone(),
                "it is a translation, and there is no page of it in the default locale".to_owned(),
            );
            continue;
        };
        let out = match &page.locale {
            Some(locale) => DocPath::new(format!("{}.{locale}.md", source::without_ending(out.as_str()))),
            None => out.clone(),
        };
        let linked =
            Linked { layout, froms: vec![page.source.clone(), original.source.clone()], out: out.clone(), imported };
        link::rewrite(&mut draft, &linked, &mut places, &mut import.report);
        from.insert(out.clone(), (page.source.clone(), before));
        let title = Keys { title: keys.title.clone(), ..Keys::default() }.written();
        pages.insert(out, Written { front: keys.written(), title, draft });
    }
    collections(layout, &pages, &described, &mut import);
    for (path, out) in &places.images {
        if let Some(file) = source.others.get(path) {
            import.images.insert(out.clone(), file.clone());
        }
    }
    let config = Config { locales: import.locales.clone(), default_locale: default, ..config.clone() };
    let images: Vec<(&DocPath, &PathBuf)> = import.images.iter().collect();
    let images = threads::map(&images, |(path, file)| ((*path).clone(), image(file))).into_iter().collect();
    fixes::fix(&mut pages, &Others { texts: &import.texts, images: &images, config: &config });
    finish(pages, &from, &mut import);
    import
}

/// An image of the source. One that cannot be read is no image.
fn image(file: &std::path::Path) -> ImageFile {
    let about = std::fs::symlink_metadata(file).ok().filter(|about| about.is_file() && about.len() <= LARGEST_IMAGE);
    let bytes = about.and_then(|_| std::fs::read(file).ok()).unwrap_or_default();
    ImageFile::of(&bytes)
}

/// The pages as files, but for those whose words differ.
fn finish(pages: BTreeMap<DocPath, Written>, from: &BTreeMap<DocPath, (DocPath, String)>, import: &mut Import) {
    let pages: Vec<(DocPath, Written)> = pages.into_iter().collect();
    let unequal = threads::map(&pages, |(out, page)| {
        let (_, before) = from.get(out)?;
        Some(words::unequal(before, &page.draft.text(), &page.draft.items))
    });
    for ((out, page), unequal) in pages.into_iter().zip(unequal) {
        let (Some((path, _)), Some(unequal)) = (from.get(&out), unequal) else { continue };
        let mut items = page.draft.items.clone();
        items.sort_by_key(|item| item.line);
        if unequal.is_empty() {
            import.texts.insert(out.clone(), page.text());
        } else {
            import.refused.insert(
                path.clone(),
                format!(
                    "its words would not be the same: {}",
                    unequal.iter().take(8).cloned().collect::<Vec<_>>().join(" ")
                ),
            );
        }
        import
            .report
            .files
            .insert(path.clone(), FileReport { into: unequal.is_empty().then(|| out.clone()), items, unequal });
    }
}

/// A page with what other systems write in it rewritten, but for its links.
struct Rewritten {
    draft: Draft,
    keys: Keys,
    /// The text as it was, without keys.
    before: String,
    /// There is no text.
    is_empty: bool,
    imported: Vec<(String, String)>,
}

impl Rewritten {
    fn of(source: &Source, site: &Site, layout: &Layout, page: &Page) -> Self {
        let text = source.texts.get(&page.source).map(String::as_str).unwrap_or_default();
        let split = keys::split(text);
        let is_html = site.kind == Kind::Zendesk;
        let (body, before) = if is_html {
            (systems::markdown(split.body), systems::words(split.body))
        } else {
            (split.body.to_owned(), split.body.to_owned())
        };
        let mut draft = Draft::new(&body, split.line);
        if let Some(unread) = split.unread {
            // Keys that nobody can read are kept where no customer sees them.
            let hidden = rewrite_comment(unread);
            draft.note(1, &draft::Rewrite::new(Fate::Left, "unreadable keys", hidden.clone()), unread);
            draft.lines.insert(0, draft::Line { text: hidden, at: 1 });
        }
        let mut variables = layout.variables.clone();
        for (key, value) in &split.keys {
            if let (Some(key), Some(value)) = (key.as_str(), value.as_str()) {
                variables.insert(format!("page.{key}"), value.to_owned());
                variables.insert(format!("page.meta.{key}"), value.to_owned());
            }
        }
        let around = rewrite::Around {
            source,
            kind: site.kind,
            page: &page.source,
            variables: &variables,
            snippets: &layout.snippets,
        };
        if !is_html {
            rewrite::rewrite(&mut draft, around);
        }
        let is_empty = draft
            .lines
            .iter()
            .zip(draft.prose())
            .all(|(line, is_prose)| line.text.trim().is_empty() || (!is_prose && line.text.starts_with("<!--")));
        let title = title(page, &split, &mut draft);
        let role = if page.locale.is_some() { Role::Translation } else { Role::Article };
        let mut items = Vec::new();
        let mut keys = Keys::of(&split, title, role, &mut items);
        if role == Role::Article {
            keys.redirect_from.extend(page.old.iter().cloned());
            keys.redirect_from.sort();
            keys.redirect_from.dedup();
        }
        draft.items.extend(items);
        Self { draft, keys, before, is_empty, imported: rewrite::imported(split.body) }
    }
}

/// The title of a page: what its keys say, else its first heading, which is one with it then, else the navigation, else
/// the name of its file.
fn title(page: &Page, split: &keys::Split<'_>, draft: &mut Draft) -> String {
    if let Some(title) = keys::text(&split.keys, "title") {
        return title;
    }
    let first =
        draft.lines.iter().position(|line| !line.text.trim().is_empty() && !line.text.trim_start().starts_with("<!--"));
    if let Some(heading) = first.and_then(|first| heading(&draft.lines[first].text)) {
        return heading;
    }
    let named = keys::text(&split.keys, "linkTitle").or_else(|| keys::text(&split.keys, "sidebar_label"));
    if let Some(title) = named.or_else(|| page.label.clone()) {
        return title;
    }
    let name = if page.is_index {
        page.crumbs.last().map_or("index", |crumb| crumb.name.as_str())
    } else {
        page.stem.as_str()
    };
    page.crumbs
        .last()
        .filter(|_| page.is_index)
        .and_then(|crumb| crumb.title.clone())
        .unwrap_or_else(|| title_of_folder(&Folder(name.to_owned())))
}

/// The words of a line that is a heading of the first level.
fn heading(line: &str) -> Option<String> {
    let events = pulldown_cmark::Parser::new_ext(
        line.strip_prefix("# ").map(|_| line)?,
        pulldown_cmark::Options::ENABLE_HEADING_ATTRIBUTES,
    );
    let mut text = String::new();
    for event in events {
        if let pulldown_cmark::Event::Text(part) | pulldown_cmark::Event::Code(part) = event {
            text.push_str(&part);
        }
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn names(crumbs: &[Crumb]) -> Vec<String> {
    crumbs.iter().take(DEEPEST).map(|crumb| safe(&crumb.name)).collect()
}

/// The file of every page of the default locale, by its place in the source.
fn outs(layout: &Layout) -> BTreeMap<DocPath, DocPath> {
    let mut outs = BTreeMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for page in layout.pages.iter().filter(|page| page.locale.is_none()) {
        let mut stem: Vec<String> = page.crumbs.iter().skip(DEEPEST).map(|crumb| safe(&crumb.name)).collect();
        stem.push(safe(&page.stem));
        let folder = names(&page.crumbs).join("/");
        let base = if folder.is_empty() { stem.join("-") } else { format!("{folder}/{}", stem.join("-")) };
        let mut name = base.clone();
        let mut number = 1;
        while !taken.insert(name.to_lowercase()) {
            number += 1;
            name = format!("{base}-{number}");
        }
        outs.insert(page.source.clone(), DocPath::new(format!("{name}.md")));
    }
    outs
}

/// A name that is one of an article or a collection: no dot or `_` at its beginning, no locale at its end, no sign that a
/// disk or a link refuses.
fn safe(name: &str) -> String {
    let is_fine = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name = place::composed(name);
    let mut name: String =
        name.trim().trim_start_matches(['.', '_']).chars().map(|c| if is_fine(c) { c } else { '-' }).collect();
    while name.contains("--") {
        name = name.replace("--", "-");
    }
    let name = name.trim_matches(['-', '.']).to_owned();
    let name = match name.rsplit_once('.') {
        Some((base, end)) if Locale::written(end).is_some() => format!("{base}-{end}"),
        _ => name,
    };
    let is_of_project = matches!(
        name.to_uppercase().as_str(),
        "README" | "CHANGELOG" | "CHANGES" | "CONTRIBUTING" | "SECURITY" | "LICENSE" | "SUMMARY" | "AGENTS" | "CLAUDE"
    );
    match name.as_str() {
        "" => "page".to_owned(),
        _ if is_of_project => format!("{}-page", name.to_lowercase()),
        _ => name,
    }
}

/// The files of collections whose titles their folders do not say, or that have a description.
fn collections(
    layout: &Layout,
    pages: &BTreeMap<DocPath, Written>,
    described: &BTreeMap<(Vec<String>, Option<Locale>), String>,
    import: &mut Import,
) {
    let mut titles: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for page in layout.pages.iter().filter(|page| page.locale.is_none()) {
        let names = names(&page.crumbs);
        for depth in 1..=names.len() {
            let said = page.crumbs[depth - 1].title.clone();
            let known = titles.entry(names[..depth].to_vec()).or_default();
            if let Some(said) = said.filter(|_| known.is_empty()) {
                *known = said;
            }
        }
    }
    for (path, title) in titles {
        let folder = path.join("/");
        let start = DocPath::new(format!("{folder}/"));
        let first = pages.range(start.clone()..).next();
        if !first.is_some_and(|(page, _)| page.as_str().starts_with(start.as_str())) {
            continue;
        }
        let description = described.get(&(path.clone(), None));
        let by_name = title_of_folder(&Folder(folder.clone()));
        let title = if title.is_empty() { by_name.clone() } else { title };
        if title == by_name && description.is_none() {
            continue;
        }
        let description = description.map(|text| format!("description: {}\n", quoted(text))).unwrap_or_default();
        import.texts.insert(
            DocPath::new(format!("{folder}/_index.md")),
            format!("---\ntitle: {}\n{description}---\n", quoted(&title)),
        );
    }
}

/// A text that customers do not see.
fn rewrite_comment(text: &str) -> String {
    format!("<!-- {} -->", text.trim().replace("--", "- -"))
}

/// An address without blanks and brackets.
fn encoded(address: &str) -> String {
    address.trim().replace(' ', "%20").replace('(', "%28").replace(')', "%29")
}

#[cfg(test)]
mod tests;
