//! Titles that say nothing, and titles that several articles have.

use super::super::center::Text;
use super::super::finding::Finding;
use super::super::kind::{EQUAL_TITLE, VAGUE_TITLE};
use super::super::look::Look;
use super::{Rules, quoted};

/// Titles that say nothing of what is in an article, in any of these languages: without case and punctuation.
const VAGUE: [&str; 74] = [
    "allgemein",
    "allgemeines",
    "allmänt",
    "andet",
    "andre",
    "annet",
    "article",
    "articolo",
    "artikel",
    "artikkel",
    "artículo",
    "autre",
    "autres",
    "blank",
    "copy",
    "demo",
    "diverse",
    "divers",
    "diversen",
    "diverses",
    "document",
    "draft",
    "entwurf",
    "ejemplo",
    "example",
    "general",
    "generelt",
    "generell",
    "généralités",
    "général",
    "help",
    "hilfe",
    "hjelp",
    "hjälp",
    "hjælp",
    "ayuda",
    "aide",
    "info",
    "information",
    "informationen",
    "informasjon",
    "informationer",
    "misc",
    "miscellaneous",
    "neuer artikel",
    "new article",
    "new page",
    "no title",
    "nota",
    "note",
    "notes",
    "notiz",
    "notizen",
    "notater",
    "nouvel article",
    "nuevo artículo",
    "ny artikkel",
    "ny artikel",
    "ohne titel",
    "other",
    "otros",
    "overig",
    "page",
    "sans titre",
    "seite",
    "sin título",
    "sonstiges",
    "test",
    "testing",
    "todo",
    "untitled",
    "untitled article",
    "untitled public article",
    "uten tittel",
];

/// What a copy is called that nobody named.
const COPY_OF: [&str; 6] = ["copy of ", "kopie von ", "kopi av ", "kopi af ", "copie de ", "copia de "];

pub(super) fn find(look: &Look<'_>, _: &Rules) -> Vec<Finding> {
    let mut found = look.each(&VAGUE_TITLE, vague);
    for group in look.alike(|text| Some(plain(&text.title)).filter(|title| !title.is_empty())) {
        // One article has one title in a locale, so several texts are several articles.
        let articles = group.iter().map(|(at, text)| look.center.articles[*at].about(text)).collect::<Vec<_>>();
        let title = &group[0].1.title;
        let message = format!("{} articles have the title {}", articles.len(), quoted(title));
        found.push(Finding::about(&EQUAL_TITLE, articles, message).subject(plain(title)));
    }
    found
}

fn vague(text: &Text) -> Option<(String, String)> {
    let title = plain(&text.title);
    let subject = text.title.clone();
    if title.is_empty() {
        return Some((subject, "the article has no title".to_owned()));
    }
    if VAGUE.contains(&title.trim_end_matches(|c: char| c.is_numeric() || c == ' ')) {
        return Some((subject, format!("the title {} does not say what is in the article", quoted(&text.title))));
    }
    if COPY_OF.iter().any(|copy| title.starts_with(copy)) {
        return Some((subject, format!("the title {} is that of a copy", quoted(&text.title))));
    }
    None
}

/// A title without case and punctuation, one space between its words.
fn plain(title: &str) -> String {
    let plain: String = title.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    // A title of signs alone is one all the same.
    if plain.is_empty() { title.trim().to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_differ_in_more_than_case_and_punctuation() {
        assert_eq!(plain("  Refunds: how?  "), "refunds how");
        assert_eq!(plain("???"), "???");
        assert_eq!(plain(" "), "");
        assert!(VAGUE.iter().all(|title| plain(title) == *title));
    }
}
