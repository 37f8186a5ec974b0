//! The findings of `check` over the pages as they are now, and their fixes.
//!
//! What `check --fix` would do is done here, with the same findings: boxes become alerts, blanks in addresses go,
//! wiki links become links. What is still foreign then is shown as code or hidden in a comment, so that no customer
//! sees it as text, and is named as left.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::draft::{Draft, Line, Rewrite};
use super::left;
use super::report::Fate;
use super::source::without_ending;
use crate::book::{Book, Ids, ImageFile};
use crate::config::{AddressTemplate, Config};
use crate::diagnostic::Diagnostic;
use crate::html::{LinkTargets, Rendering, render_all};
use crate::text::{DocPath, Span};

/// A page that is nearly done.
pub(super) struct Written {
    /// Its front matter, with its fences.
    pub front: String,
    /// Its title as front matter: all that a finding of the text below may need of it.
    pub title: String,
    pub draft: Draft,
}

impl Written {
    pub fn text(&self) -> String {
        format!("{}{}", self.front, self.draft.text())
    }
}

/// How often fixes are carried out: one may bring another to light.
const ROUNDS: usize = 4;

/// Carries out fixes in every page, and hides what is left.
pub(super) fn fix(pages: &mut BTreeMap<DocPath, Written>, others: &Others<'_>) {
    let mut links = LinkTargets::default();
    let mut known: BTreeMap<DocPath, Vec<Diagnostic>> = BTreeMap::new();
    let mut changed: BTreeSet<DocPath> = pages.keys().cloned().collect();
    for round in 0..ROUNDS + 2 {
        // What a page says does not hang on another one's text, so only those that changed are looked at again.
        let book = book(pages, &changed, others);
        if round == 0 {
            links = LinkTargets::of(&book, None);
        }
        let mut found = findings(book, &links, others);
        for path in std::mem::take(&mut changed) {
            let new = found.remove(&path).unwrap_or_default();
            known.insert(path, new);
        }
        for (path, found) in known.iter().filter(|(_, found)| !found.is_empty()) {
            let Some(page) = pages.get_mut(path) else { continue };
            let start = page.title.len();
            let splices = match round {
                ..ROUNDS => fixes(found, start, page),
                _ => hidden(found, start, page),
            };
            if !splices.is_empty() {
                changed.insert(path.clone());
                page.draft.splice(&splices);
            }
        }
        if changed.is_empty() && round >= ROUNDS {
            break;
        }
    }
    pages.values_mut().for_each(strays);
}

/// Takes out the end of a box whose beginning is gone.
fn strays(page: &mut Written) {
    let prose = page.draft.prose();
    let is_stray = |line: &Line| line.text.trim_matches([' ', '\t', '>']) == ":::";
    let mut lines = Vec::with_capacity(page.draft.lines.len());
    for (line, is_prose) in std::mem::take(&mut page.draft.lines).into_iter().zip(prose) {
        if is_prose && is_stray(&line) {
            page.draft.note(line.at, &Rewrite::new(Fate::Left, "box", String::new()), ":::");
        } else {
            lines.push(line);
        }
    }
    page.draft.lines = lines;
}

/// What the docs have beside the pages.
pub(super) struct Others<'a> {
    pub texts: &'a BTreeMap<DocPath, String>,
    pub images: &'a BTreeMap<DocPath, ImageFile>,
    pub config: &'a Config,
}

/// Some pages as docs, with those that they translate.
fn book(pages: &BTreeMap<DocPath, Written>, wanted: &BTreeSet<DocPath>, others: &Others<'_>) -> Book {
    let original = |path: &DocPath| DocPath::new(format!("{}.md", without_ending(without_ending(path.as_str()))));
    let originals = wanted.iter().map(original).filter(|path| pages.contains_key(path));
    let all: BTreeSet<DocPath> = wanted.iter().cloned().chain(originals).collect();
    let text = |path: &DocPath| pages.get(path).map(|page| format!("{}{}", page.title, page.draft.text()).into());
    let mut texts: BTreeMap<DocPath, Arc<str>> =
        all.iter().filter_map(|path| Some((path.clone(), text(path)?))).collect();
    texts.extend(others.texts.iter().map(|(path, text)| (path.clone(), text.as_str().into())));
    Book::default().with(texts, others.images.clone(), others.config, Ids::Ignored)
}

/// The findings of every page of some docs, in order.
fn findings(book: Book, links: &LinkTargets, others: &Others<'_>) -> BTreeMap<DocPath, Vec<Diagnostic>> {
    // Whoever hosts the images: here the question is whether they are there.
    let host = AddressTemplate::below("https://images.example.com");
    let rendering = Rendering { images: Some(&host), state: None, spacing: others.config.spacing };
    let mut all: BTreeMap<DocPath, Vec<Diagnostic>> = BTreeMap::new();
    let rendered =
        render_all(&book, rendering, links, |content, rendered| (content.path.clone(), rendered.diagnostics));
    for (path, found) in rendered {
        all.entry(path).or_default().extend(found);
    }
    for finding in book.diagnostics {
        all.entry(finding.path.clone()).or_default().push(finding);
    }
    all
}

/// A range of a body and the text that takes its place.
type Edit = (Range<usize>, String);

fn within(span: Span, start: usize) -> Option<Range<usize>> {
    (span.start >= start).then(|| span.start - start..span.end - start)
}

/// The fixes of some findings as changes of the body, of which none touches another.
fn fixes(found: &[Diagnostic], start: usize, page: &mut Written) -> Vec<Edit> {
    let text = page.draft.text();
    let mut all: Vec<(&Diagnostic, Vec<Edit>)> = Vec::new();
    for finding in found {
        let Some(fix) = &finding.fix else { continue };
        let splices: Option<Vec<_>> =
            fix.splices.iter().map(|splice| Some((within(splice.span, start)?, splice.text.clone()))).collect();
        if let Some(splices) = splices.filter(|splices| !splices.is_empty()) {
            all.push((finding, splices));
        }
    }
    all.sort_by_key(|(_, splices)| splices[0].0.start);
    let mut taken: Vec<Edit> = Vec::new();
    let mut notes = Vec::new();
    for (finding, splices) in all {
        let is_free = splices
            .iter()
            .all(|(range, now)| text.get(range.clone()).is_some_and(|was| was != now) && is_apart(range, &taken));
        if is_free {
            for (range, now) in &splices {
                // Marks before the lines of a block are no words.
                notes.push((range.start, construct(finding.id), text[range.clone()].to_owned(), now.clone()));
            }
            taken.extend(splices);
        }
    }
    for (at, construct, was, now) in notes {
        if !(was.is_empty() && now.trim_matches(['>', ' ', '\n']).is_empty()) {
            let line = line_of(&page.draft, at);
            page.draft.note(line, &Rewrite::new(Fate::Taken, construct, now), &was);
        }
    }
    taken.sort_by_key(|(range, _)| (range.start, range.end));
    taken
}

/// The source's line of a place.
fn line_of(draft: &Draft, at: usize) -> usize {
    let mut start = 0;
    for line in &draft.lines {
        start += line.text.len() + 1;
        if at < start {
            return line.at;
        }
    }
    draft.lines.last().map_or(1, |line| line.at)
}

/// What a finding is about, in the words of a report.
fn construct(id: &str) -> &'static str {
    match id {
        "foreign-block" | "broken-alert" => "box",
        "wiki-link" => "link",
        "missing-article" | "relative-link" => "link",
        "broken-emphasis" => "emphasis",
        "footnote" => "footnote",
        "template-tag" => "tag",
        "attribute-list" => "attribute list",
        "foreign-mark" => "mark",
        "component" | "unknown-tag" => "component",
        "iframe-host" => "embed",
        "unsupported-html" | "unsafe-html" => "HTML",
        "table-in-list" => "table in a list",
        "list-content" => "list",
        "lost-cell" | "broken-table" => "table",
        "broken-link" => "link",
        "heading-image" => "heading",
        "strikethrough" => "strikethrough",
        _ => "spelling",
    }
}

/// Whether a range touches none of some changes.
fn is_apart(range: &Range<usize>, edits: &[Edit]) -> bool {
    !edits.iter().any(|(other, _)| other.start < range.end && range.start < other.end || other.start == range.start)
}

/// Findings that no customer may see, with what is left in their places.
fn hidden(found: &[Diagnostic], start: usize, page: &mut Written) -> Vec<Edit> {
    let text = page.draft.text();
    let mut splices: Vec<Edit> = Vec::new();
    for finding in found {
        let Some(range) = finding.span.and_then(|span| within(span, start)) else { continue };
        if !is_apart(&range, &splices) {
            continue;
        }
        let Some(left) = left::of(finding, &text, range) else { continue };
        let was = &text[left.range.clone()];
        if left.now == was || !is_apart(&left.range, &splices) {
            continue;
        }
        let line = line_of(&page.draft, left.range.start);
        let shown = format!("{}{}", left.now, left.shows);
        page.draft.note(line, &Rewrite::new(left.fate, construct(finding.id), shown), was);
        splices.push((left.range, left.now));
    }
    splices.sort_by_key(|(range, _)| range.start);
    splices
}
