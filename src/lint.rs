//! What is wrong between files, or with an article as a whole.
//!
//! What one file says wrong by itself is named where it is read: in `book`, and while `html` renders
//! it. Here is what shows only when all are known: a title that is there twice, an image that no
//! article shows, a translation that is missing or built differently. Articles that people wrote over
//! years are full of it, so all of it is a warning. Nothing here reads a file.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use icu_normalizer::ComposingNormalizerBorrowed;
use regex::Regex;

use crate::book::{Article, Book, CollectionRef, Content, Folder, is_hidden, quoted, title_of_folder};
use crate::config::Level;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::html::Rendered;
use crate::html::tree::{Block, Run};
use crate::intercom::model::Locale;
use crate::text::{DocPath, Span};
use crate::threads;

/// What is known of a text once it was rendered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// What it is built of.
    shape: Shape,
    /// The files that its images name.
    images: BTreeSet<DocPath>,
    /// Whether something in it could not be rendered.
    is_broken: bool,
    /// Whether nothing is left of it.
    is_empty: bool,
}

impl Text {
    /// What matters of a rendered text.
    pub fn of(rendered: &Rendered) -> Self {
        let mut shape = Shape::default();
        shape.count(&rendered.body.blocks);
        Self {
            shape,
            images: rendered.images.clone(),
            is_broken: rendered.diagnostics.iter().any(|finding| finding.severity == Severity::Error),
            is_empty: rendered.body.blocks.is_empty(),
        }
    }
}

/// How many of each part a text has that its translation has, too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Shape {
    headings: usize,
    pictures: usize,
    links: usize,
    code: usize,
    alerts: usize,
}

impl Shape {
    fn count(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Heading { text, .. } => {
                    self.headings += 1;
                    self.links += links(text);
                }
                Block::Paragraph { text, .. } | Block::Details { summary: text, .. } => self.links += links(text),
                Block::Image { link, .. } => {
                    self.pictures += 1;
                    self.links += usize::from(link.is_some());
                }
                Block::Button { .. } => self.links += 1,
                Block::Code { .. } => self.code += 1,
                Block::Callout { .. } => self.alerts += 1,
                Block::List { .. } | Block::Rule | Block::Table { .. } | Block::Video { .. } | Block::Other { .. } => {}
            }
            block.inner().for_each(|inner| self.count(inner));
        }
    }

    /// The parts whose numbers differ, in words.
    fn differences(self, original: Self) -> Vec<String> {
        let number = |count: usize, one: &str, many: &str| match count {
            0 => format!("no {one}"),
            1 => format!("1 {one}"),
            count => format!("{count} {many}"),
        };
        [
            (self.headings, original.headings, "heading", "headings"),
            (self.pictures, original.pictures, "picture", "pictures"),
            (self.links, original.links, "link", "links"),
            (self.code, original.code, "block of code", "blocks of code"),
            (self.alerts, original.alerts, "alert", "alerts"),
        ]
        .into_iter()
        .filter(|(here, there, _, _)| here != there)
        .map(|(here, there, one, many)| format!("{} instead of {there}", number(here, one, many)))
        .collect()
    }
}

/// How many links are in some runs; the marks within one link do not make two of it.
fn links(runs: &[Run]) -> usize {
    let mut last = None;
    runs.iter()
        .filter(|run| {
            let link = run.marks.link.as_deref();
            std::mem::replace(&mut last, link) != link && link.is_some()
        })
        .count()
}

/// The findings of this room. They are about the docs as a whole: where a command is about
/// something else they are left out, unless the project makes errors of them.
const IDS: [&str; 8] = [
    "cut-value",
    "different-translation",
    "empty-body",
    "equal-title",
    "missing-translation",
    "odd-title",
    "ordered-name",
    "unused-image",
];

/// Whether the project makes errors of findings of this room, so that no command may go on without
/// them.
pub fn is_binding(checks: &BTreeMap<String, Level>) -> bool {
    IDS.iter().any(|id| checks.get(*id) == Some(&Level::Error))
}

/// Whether a finding is worth a line in a command that was not asked for findings.
pub fn is_pressing(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error || !IDS.contains(&finding.id)
}

/// Looks at all files together. `texts` holds every text that was rendered, by its file.
pub fn lint(book: &Book, texts: &HashMap<DocPath, Text>, locales: &[Locale], default: &Locale) -> Vec<Diagnostic> {
    let of_articles = || {
        let mut found = Vec::new();
        for article in book.articles.values() {
            found.extend(article.contents().filter(|content| is_empty(content, texts)).map(empty_body));
            found.extend(missing_translation(article, locales, default));
            let translations = article.translations.values();
            found.extend(translations.filter_map(|content| different(&article.content, content, texts)));
        }
        found
    };
    let (mut found, titles) = threads::both(of_articles, || equal_titles(book, default));
    found.extend(titles);
    found.extend(book.contents().filter_map(odd_title));
    found.extend(book.contents().filter_map(cut_value));
    ordered_names(book, &mut found);
    names_of_one_file(book, &mut found);
    unused_images(book, texts, &mut found);
    found
}

fn is_empty(content: &Content, texts: &HashMap<DocPath, Text>) -> bool {
    texts.get(&content.path).is_some_and(|text| text.is_empty && !text.is_broken)
}

fn empty_body(content: &Content) -> Diagnostic {
    Diagnostic::warning("empty-body", &content.path, title_span(content), "the article has a title and no text")
        .help("write one, or keep the file out of the docs until it has one")
}

fn missing_translation(article: &Article, locales: &[Locale], default: &Locale) -> Option<Diagnostic> {
    let missing: Vec<String> = locales
        .iter()
        .filter(|locale| *locale != default && !article.translations.contains_key(locale))
        .map(|locale| format!("`{locale}`"))
        .collect();
    let locale = missing.first()?.trim_matches('`');
    let stem = article.path.name().trim_end_matches(".md");
    let message = format!("the article has no translation into {}", missing.join(", "));
    Some(
        Diagnostic::warning("missing-translation", &article.path, title_span(&article.content), message)
            .help(format!("write `{stem}.{locale}.md` beside it")),
    )
}

fn different(original: &Content, translation: &Content, texts: &HashMap<DocPath, Text>) -> Option<Diagnostic> {
    let (one, other) = (texts.get(&original.path)?, texts.get(&translation.path)?);
    // Where one of them is broken or empty, that is the finding.
    if [one, other].iter().any(|text| text.is_broken || text.is_empty) {
        return None;
    }
    let differences = other.shape.differences(one.shape);
    if differences.is_empty() {
        return None;
    }
    let message = format!("the translation is built differently: {}", differences.join(", "));
    let finding = Diagnostic::warning("different-translation", &translation.path, title_span(translation), message)
        .help(format!("compare it with `{}`: one of the two may be out of date", original.path.name()))
        .about(&original.path);
    Some(finding)
}

/// What is shown as it is in a title: marks, tags of templates, entities, names of emojis.
const IN_TITLES: [(&str, &str); 5] = [
    (r"\{\{|\{%", "a tag of a template"),
    (r"\*\*|__\w", "marks of bold text"),
    (r"&(?:[a-z]{2,8}|#\d{2,6});", "an entity"),
    (r"(?:^|\s):[a-z][a-z0-9_]+:(?:\s|$)", "the name of an emoji"),
    (r"(?i)<br\s*/?>", "a tag"),
];

static IN_TITLE: LazyLock<Vec<(Option<Regex>, &str)>> =
    LazyLock::new(|| IN_TITLES.map(|(pattern, what)| (Regex::new(pattern).ok(), what)).into());

/// A title that shows what nobody meant: no Markdown is read in it.
fn odd_title(content: &Content) -> Option<Diagnostic> {
    let is_plain = !content.title.contains(['{', '*', '_', '&', ':', '<']);
    if is_plain {
        return None;
    }
    let is_in = |pattern: &Option<Regex>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(&content.title));
    let (_, what) = IN_TITLE.iter().find(|(pattern, _)| is_in(pattern))?;
    let message = format!("the title holds {what}: customers would see it as it is");
    let finding = Diagnostic::warning("odd-title", &content.path, title_span(content), message);
    Some(finding.help("write the words alone: nothing in a title is Markdown"))
}

/// A title or description that YAML cuts at ` #`.
fn cut_value(content: &Content) -> Option<Diagnostic> {
    ["title", "description"].into_iter().find_map(|key| {
        let value = content.front.layout.place(key)?.value?;
        let line = content.source.get(value.start..)?.lines().next()?;
        let written = content.source.get(value.range())?;
        // A number right behind the sign is a part of the sentence, and no comment.
        let comment = line.strip_prefix(written)?.trim_start().strip_prefix('#')?;
        if !comment.starts_with(|c: char| c.is_ascii_digit()) || written.starts_with(['"', '\'']) {
            return None;
        }
        let whole = Span::new(value.start, value.start + line.trim_end().len());
        let message = format!("`{key}` ends before ` #`: what is behind it is a comment");
        let finding = Diagnostic::warning("cut-value", &content.path, whole, message)
            .help("put the value in quotes if the sign belongs to it")
            .fix(Fix::new(whole, quoted(line.trim_end()), format!("`{key}` is whole now")));
        Some(finding)
    })
}

/// Folders whose names begin with a number for their order, which becomes a part of the collection's name.
fn ordered_names(book: &Book, found: &mut Vec<Diagnostic>) {
    let ordered = |folder: &Folder| {
        let name = folder.0.rsplit('/').next().unwrap_or(&folder.0);
        let digits = name.bytes().take_while(u8::is_ascii_digit).count();
        let rest = name[digits..].trim_start_matches(['-', '_', '.', ' ']);
        (1..=3).contains(&digits) && rest.len() < name.len() - digits && rest.starts_with(char::is_alphabetic)
    };
    let above = |folder: &Folder| folder.0.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
    let mut siblings: BTreeMap<String, usize> = BTreeMap::new();
    for folder in book.collections.keys().filter(|folder| ordered(folder)) {
        *siblings.entry(above(folder)).or_default() += 1;
    }
    for (folder, collection) in &book.collections {
        let is_named = collection.title.is_some() || collection.id.is_some();
        if is_named || !ordered(folder) || siblings.get(&above(folder)).is_none_or(|count| *count < 2) {
            continue;
        }
        let message =
            format!("the number of the folder would be in the collection's name: `{}`", title_of_folder(folder));
        let finding = Diagnostic::warning("ordered-name", &folder.index(), None, message);
        found.push(finding.help("write an `_index.md` with `title: …` into it; collections are ordered in Intercom"));
    }
}

/// Files whose names differ by case or by the form of their letters alone: on many disks they are one file.
fn names_of_one_file(book: &Book, found: &mut Vec<Diagnostic>) {
    let normal = ComposingNormalizerBorrowed::new_nfc();
    let mut first: HashMap<String, &DocPath> = HashMap::new();
    for path in book.sources.keys().chain(book.images.keys()) {
        match first.entry(normal.normalize(&path.as_str().to_lowercase()).into_owned()) {
            Entry::Vacant(free) => drop(free.insert(path)),
            Entry::Occupied(taken) if *taken.get() != path => found.push(
                Diagnostic::warning("file-name", path, None, "on many disks this is one file with another one")
                    .label(format!("`{}` differs in nothing that such a disk sees", taken.get()))
                    .help(format!("rename this one or `{}`", taken.get()))
                    .about(taken.get()),
            ),
            Entry::Occupied(_) => {}
        }
    }
}

/// A title that is twice in a collection: readers cannot tell the two apart.
fn equal_titles(book: &Book, default: &Locale) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut first: HashMap<(&Locale, Cow<'_, str>, String), &Content> = HashMap::new();
    for article in book.articles.values() {
        let place = match &article.collection {
            // Where the article is, Intercom alone knows.
            CollectionRef::Unsaid => continue,
            CollectionRef::Folder(Folder(path)) | CollectionRef::Path(path) => Cow::Borrowed(path.as_str()),
            CollectionRef::Id(id) => Cow::Owned(format!("#{id}")),
        };
        let contents = [(default, &article.content)].into_iter().chain(&article.translations);
        for (locale, content) in contents {
            match first.entry((locale, place.clone(), content.title.to_lowercase())) {
                Entry::Vacant(free) => {
                    free.insert(content);
                }
                Entry::Occupied(taken) => {
                    let other = &taken.get().path;
                    let message = format!("the title `{}` is twice in its collection", content.title);
                    found.push(
                        Diagnostic::warning("equal-title", &content.path, title_span(content), message)
                            .label(format!("`{other}` has it, too"))
                            .help("say in the title what sets the article apart")
                            .about(other),
                    );
                }
            }
        }
    }
    found
}

/// Where the title is: as a key, or as the heading at the start.
pub fn title_span(content: &Content) -> Span {
    content.front.span_of("title").unwrap_or_else(|| {
        let (start, end) = (content.front.body, content.body.start.max(content.front.body));
        let before = &content.source[start..end];
        let at = before.find(content.title.as_str()).or_else(|| before.find(|c: char| !c.is_whitespace()));
        let at = start + at.unwrap_or(0);
        Span::new(at, (at + content.title.len()).min(end.max(at)))
    })
}

fn unused_images(book: &Book, texts: &HashMap<DocPath, Text>, found: &mut Vec<Diagnostic>) {
    if book.images.is_empty() {
        return;
    }
    let used: BTreeSet<&DocPath> = texts.values().flat_map(|text| &text.images).collect();
    // What a file shows that could not be read as an article is not known.
    let unread = book.sources.iter().filter(|(path, _)| !texts.contains_key(*path)).map(|(_, source)| &**source);
    let is_unused = |path: &&DocPath| !used.contains(path) && !is_hidden(path);
    let unused: Vec<&DocPath> = book.images.keys().filter(is_unused).collect();
    // All names are looked for at once. Where that cannot be, none is said to be missing.
    let Ok(names) = AhoCorasick::new(unused.iter().map(|path| path.name())) else { return };
    let mut named = vec![false; unused.len()];
    for source in unread {
        names.find_overlapping_iter(source).for_each(|name| named[name.pattern().as_usize()] = true);
    }
    for (path, is_named) in unused.into_iter().zip(named) {
        if !is_named {
            found.push(
                Diagnostic::warning("unused-image", path, None, "no article shows this image")
                    .help("remove the file, or list it under `exclude`"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::book::{Ids, Ignored};
    use crate::config::{Config, Spacing};
    use crate::html::{Context, Images, LinkTargets, render};
    use crate::text::position;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

    /// Writes files, French beside English, and gives the findings as `path:line:column id: message`.
    fn load(files: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            let bytes = if path.ends_with(".png") { PNG } else { text.as_bytes() };
            fs::write(file, bytes).unwrap();
        }
        let locales = vec![Locale::english(), Locale("fr".to_owned())];
        let config = Config { locales: locales.clone(), ..Config::default() };
        let book = Book::load(folder.path(), &config, Ids::FrontMatter, &Ignored::Usual).unwrap();
        let mut texts = HashMap::new();
        for content in book.contents() {
            let context = Context {
                path: &content.path,
                offset: content.body.start,
                images: Images { files: &book.images, host: None },
                links: &LinkTargets::of(&book, None),
                spacing: Spacing::None,
                headings: &[],
            };
            texts.insert(content.path.clone(), Text::of(&render(content.markdown(), context)));
        }
        lint(&book, &texts, &locales, &Locale::english())
            .iter()
            .map(|finding| {
                let at = finding.span.map_or(0, |span| span.start);
                let place = position(book.sources.get(&finding.path).map_or("", |text| text), at);
                format!("{}:{}:{} {}: {}", finding.path, place.line, place.column, finding.id, finding.message)
            })
            .collect()
    }

    #[test]
    fn a_text_without_anything_in_it_is_empty() {
        assert_eq!(
            load(&[("a.md", "# A\n\n<!-- later -->\n"), ("a.fr.md", "---\ntitle: A\n---\n")]),
            [
                "a.md:1:3 empty-body: the article has a title and no text",
                "a.fr.md:2:8 empty-body: the article has a title and no text",
            ]
        );
        assert_eq!(load(&[("a.md", "# A\n\n---\n"), ("a.fr.md", "# A\n\n<script>x</script>\n")]), [""; 0]);
    }

    #[test]
    fn a_translation_that_is_missing_is_named_at_the_title() {
        assert_eq!(
            load(&[("a.md", "---\nid: 7\ntitle: A\n---\nText\n"), ("b.md", "\n# Be *bold*\n\nText\n")]),
            [
                "a.md:3:8 missing-translation: the article has no translation into `fr`",
                "b.md:2:1 missing-translation: the article has no translation into `fr`",
            ]
        );
    }

    #[test]
    fn a_translation_is_built_as_its_original() {
        let original = "# A\n\n## One\n\n[a *b* c](https://x.example) and [d](https://x.example)\n\n```\ncode\n```\n\n\
                        > [!NOTE]\n> ![x](https://x.example/a.png)\n";
        assert_eq!(load(&[("a.md", original), ("a.fr.md", original)]), [""; 0]);
        assert_eq!(
            load(&[("a.md", original), ("a.fr.md", "# B\n\n## Un\n\n## Deux\n\n[a](https://x.example)\n")]),
            ["a.fr.md:1:3 different-translation: the translation is built differently: 2 headings instead of 1, \
                 no picture instead of 1, 1 link instead of 2, no block of code instead of 1, no alert instead of 1"]
        );
    }

    #[test]
    fn a_title_stands_once_in_a_collection_and_a_locale() {
        let files = [
            ("b/a.md", "# Same\n\nText\n"),
            ("b/a.fr.md", "# Pareil\n\nTexte\n"),
            ("b/c.md", "---\ntitle: same\n---\nText\n"),
            ("b/c.fr.md", "# Pareil\n\nTexte\n"),
            ("c/a.md", "# Same\n\nText\n"),
            ("c/a.fr.md", "# Same\n\nTexte\n"),
            ("a.md", "# Same\n\nText\n"),
            ("a.fr.md", "# Same\n\nText\n"),
            ("d.md", "# Same\n\nText\n"),
            ("d.fr.md", "# Same\n\nText\n"),
        ];
        assert_eq!(
            load(&files),
            [
                "b/c.md:2:8 equal-title: the title `same` is twice in its collection",
                "b/c.fr.md:1:3 equal-title: the title `Pareil` is twice in its collection",
            ]
        );
    }

    #[test]
    fn a_title_is_words_alone() {
        let titled =
            |title: &str| load(&[("a.md", &format!("---\ntitle: {title}\n---\nText\n")), ("a.fr.md", "# A\n\nText\n")]);
        for (title, what) in [
            ("\"**Refunds** and more\"", "marks of bold text"),
            ("\"{{ site.name }} refunds\"", "a tag of a template"),
            ("Refunds &amp; money", "an entity"),
            ("\"Refunds :moneybag:\"", "the name of an emoji"),
        ] {
            let message = format!("a.md:2:8 odd-title: the title holds {what}: customers would see it as it is");
            assert_eq!(titled(title), [message], "{title}");
        }
        for title in ["\"Fix: an error\"", "Q&A", "a_b and c_d", "2 * 3", "At 10:30:15", "\"{name} in a path\""] {
            assert_eq!(titled(title), [""; 0], "{title}");
        }
    }

    #[test]
    fn a_value_that_yaml_cuts_at_a_number_sign_is_named() {
        let french = ("a.fr.md", "# A\n\nText\n");
        let found = load(&[("a.md", "---\ntitle: Fix error #42 in the app\n---\nText\n"), french]);
        assert_eq!(found, ["a.md:2:8 cut-value: `title` ends before ` #`: what is behind it is a comment"]);
        for honest in ["Fix it # why", "\"Fix #42\"", "Fix#42"] {
            assert_eq!(load(&[("a.md", &format!("---\ntitle: {honest}\n---\nText\n")), french]), [""; 0]);
        }
    }

    #[test]
    fn numbers_for_order_and_names_of_one_file_are_named() {
        let text = "# A\n\nText\n";
        let found = load(&[
            ("01-start/a.md", text),
            ("01-start/a.fr.md", text),
            ("02-more/a.md", text),
            ("02-more/a.fr.md", text),
            ("30-day-trial/b/a.md", text),
            ("30-day-trial/b/a.fr.md", text),
        ]);
        assert_eq!(
            found,
            [
                "01-start/_index.md:1:1 ordered-name: the number of the folder would be in the collection's name: `01 start`",
                "02-more/_index.md:1:1 ordered-name: the number of the folder would be in the collection's name: `02 more`",
                "30-day-trial/_index.md:1:1 ordered-name: the number of the folder would be in the collection's name: `30 day trial`",
            ]
        );
        assert_eq!(load(&[("30-day-trial/a.md", text), ("30-day-trial/a.fr.md", text)]), [""; 0]);
        let twice = load(&[
            ("b/A.md", text),
            ("b/A.fr.md", text),
            ("c/\u{e9}.md", "# B\n\nText\n"),
            ("c/\u{e9}.fr.md", text),
            ("c/e\u{301}.md", "# C\n\nText\n"),
            ("c/e\u{301}.fr.md", "# D\n\nText\n"),
        ]);
        assert_eq!(twice.iter().filter(|line| line.contains("file-name")).count(), 2, "{twice:?}");
    }

    #[test]
    fn an_image_is_used_where_an_article_shows_it_or_may() {
        let files = [
            ("a.md", "# A\n\n![x](images/us%20ed.png) <img src=\"images/raw.png\" alt=x>\n"),
            ("a.fr.md", "# A\n\n![x](images/fr.png) ![x](https://x.example/a.png)\n"),
            ("broken.md", "---\n![x](images/perhaps.png)"),
            ("images/us ed.png", ""),
            ("images/raw.png", ""),
            ("images/fr.png", ""),
            ("images/perhaps.png", ""),
            ("images/unused.png", ""),
        ];
        assert_eq!(load(&files), ["images/unused.png:1:1 unused-image: no article shows this image"]);
    }
}
