//! The findings of `check` over the pages as they are now, and their fixes.
//!
//! What `check --fix` would do is done here, with the same findings: boxes become alerts, blanks in addresses go,
//! wiki links become links. What is still foreign then is shown as code or hidden in a comment, so that no customer
//! sees it as text, and is named as left.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::draft::{Draft, Rewrite};
use super::report::Fate;
use crate::book::{Book, Ids, ImageFile};
use crate::config::{AddressTemplate, Config};
use crate::diagnostic::{Diagnostic, Severity};
use crate::html::{LinkTargets, Rendering, render_all};
use crate::text::{DocPath, Span};

/// A page that is nearly done.
pub(super) struct Written {
    /// Its front matter, with its fences.
    pub front: String,
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
    for round in 0..ROUNDS + 2 {
        let findings = findings(pages, others);
        let mut is_changed = false;
        for (path, found) in findings {
            let Some(page) = pages.get_mut(&path) else { continue };
            let start = page.front.len();
            let splices = match round {
                ..ROUNDS => fixes(&found, start, page),
                _ => hidden(&found, start, page),
            };
            if !splices.is_empty() {
                is_changed = true;
                page.draft.splice(&splices);
            }
        }
        if !is_changed && round >= ROUNDS {
            break;
        }
    }
}

/// What the docs have beside the pages.
pub(super) struct Others<'a> {
    pub texts: &'a BTreeMap<DocPath, String>,
    pub images: &'a BTreeMap<DocPath, ImageFile>,
    pub config: &'a Config,
}

/// The findings of every page, in order.
pub(super) fn findings(pages: &BTreeMap<DocPath, Written>, others: &Others<'_>) -> BTreeMap<DocPath, Vec<Diagnostic>> {
    let mut texts: BTreeMap<DocPath, Arc<str>> =
        pages.iter().map(|(path, page)| (path.clone(), page.text().into())).collect();
    texts.extend(others.texts.iter().map(|(path, text)| (path.clone(), text.as_str().into())));
    let book = Book::default().with(texts, others.images.clone(), others.config, Ids::Ignored);
    // Whoever hosts the images: here the question is whether they are there.
    let host = AddressTemplate::below("https://images.example.com");
    let rendering = Rendering { images: Some(&host), state: None, spacing: others.config.spacing };
    let links = LinkTargets::of(&book, None);
    let mut all: BTreeMap<DocPath, Vec<Diagnostic>> = BTreeMap::new();
    let rendered =
        render_all(&book, rendering, &links, |content, rendered| (content.path.clone(), rendered.diagnostics));
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
        let is_free = splices.iter().all(|(range, now)| {
            let touches =
                |(other, _): &Edit| other.start < range.end && range.start < other.end || other.start == range.start;
            text.get(range.clone()).is_some_and(|was| was != now) && !taken.iter().any(touches)
        });
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
        "unsupported-html" => "HTML",
        _ => "spelling",
    }
}

/// Findings that no customer may see, with what is left in their places.
fn hidden(found: &[Diagnostic], start: usize, page: &mut Written) -> Vec<Edit> {
    let text = page.draft.text();
    let mut splices: Vec<Edit> = Vec::new();
    for finding in found {
        let Some(range) = finding.span.and_then(|span| within(span, start)) else { continue };
        let Some(was) = text.get(range.clone()).filter(|was| !was.trim().is_empty()) else { continue };
        let Some(now) = left(finding, was, &text, &range) else { continue };
        if now == was
            || splices
                .iter()
                .any(|(other, _)| other.start < range.end && range.start < other.end || other.start == range.start)
        {
            continue;
        }
        let line = line_of(&page.draft, range.start);
        page.draft.note(line, &Rewrite::new(Fate::Left, construct(finding.id), now.clone()), was);
        splices.push((range, now));
    }
    splices.sort_by_key(|(range, _)| range.start);
    splices
}

/// What is in the place of something that has no counterpart.
fn left(finding: &Diagnostic, was: &str, text: &str, range: &Range<usize>) -> Option<String> {
    let code = || (!was.contains(['`', '\n'])).then(|| format!("`{}`", was.trim()));
    let line_start = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
    let line_end = text[range.end..].find('\n').map_or(text.len(), |end| range.end + end);
    let is_alone = text[line_start..range.start].trim_matches([' ', '\t', '>']).is_empty()
        && text[range.end..line_end].trim().is_empty();
    match finding.id {
        "foreign-block" if was.starts_with(":::") && is_alone => {
            // A box whose place has none: its title stays.
            let title = was.split_once('[').map_or("", |(_, title)| title.trim_end_matches(']'));
            let word = was.trim_start_matches(':').split(['[', '{', ' ']).next().unwrap_or_default();
            let shown = if title.is_empty() { word } else { title };
            Some(if shown.trim().is_empty() {
                String::new()
            } else {
                format!("**{}**\n", crate::text::capitalized(shown.trim()))
            })
        }
        "foreign-block" | "shown-comment" if is_alone && !was.contains("-->") => Some(super::rewrite_comment(was)),
        "foreign-block" | "shown-comment" | "template-tag" | "attribute-list" | "foreign-mark" | "wiki-link"
        | "footnote" | "component" | "broken-alert" => code(),
        "missing-article" | "relative-link" | "broken-link" | "link-scheme" if finding.severity == Severity::Error => {
            unlinked(was)
        }
        "missing-image" | "image-address" | "not-an-image" | "image-script" | "data-image" => {
            Some(super::rewrite_comment(was))
        }
        "iframe-host" => {
            let address =
                was.split("src=").nth(1)?.trim_start_matches(['"', '\'']).split(['"', '\'', ' ', '>']).next()?;
            let address = if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
            Some(if address.starts_with("http") {
                format!("<a href=\"{address}\">{address}</a>")
            } else {
                super::rewrite_comment(was)
            })
        }
        "unsupported-html" if was.starts_with('<') && was.ends_with('>') && !was.contains('\n') => Some(String::new()),
        _ => None,
    }
}

/// The words of a link of Markdown.
fn unlinked(was: &str) -> Option<String> {
    let inner = was.strip_prefix('[')?;
    let (words, _) = inner.rsplit_once("](")?;
    Some(words.to_owned())
}
