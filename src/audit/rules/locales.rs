//! Locales that an article lacks, and translations that are behind.

use super::super::center::{Article, Shown, Text};
use super::super::evidence::counted;
use super::super::finding::Finding;
use super::super::kind::{MISSING_LOCALE, STALE_LOCALE};
use super::super::look::Look;
use super::Rules;

/// How many days a translation may be older than its original: it takes its time, and a typo is no news.
const BEHIND: u64 = 30;

pub(super) fn find(look: &Look<'_>, _: &Rules) -> Vec<Finding> {
    let published = look.center.articles.iter().filter(|article| article.is_published());
    published.flat_map(|article| missing(look, article).into_iter().chain(stale(look, article))).collect()
}

fn missing(look: &Look<'_>, article: &Article) -> Option<Finding> {
    let is_live = |text: Option<&Text>| text.is_some_and(|text| text.shown == Shown::Live);
    let lacks = look.center.locales.iter().filter(|locale| !is_live(article.text(locale)));
    let (drafts, none): (Vec<_>, Vec<_>) = lacks.partition(|locale| article.text(locale).is_some());
    let named = |locales: &[_]| locales.iter().map(|locale| format!("`{locale}`")).collect::<Vec<_>>().join(", ");
    let message = match (none.is_empty(), drafts.is_empty()) {
        (true, true) => return None,
        (false, true) => format!("the article is not there in {}", named(&none)),
        (true, false) => format!("the article is only a draft in {}", named(&drafts)),
        (false, false) => {
            format!("the article is not there in {}, and only a draft in {}", named(&none), named(&drafts))
        }
    };
    let first = article.live_texts().next()?;
    Some(Finding::about(&MISSING_LOCALE, vec![article.about(first)], message))
}

/// Translations that are older than their original and built in another way: only both together show that something
/// was added to one of them.
fn stale(look: &Look<'_>, article: &Article) -> Vec<Finding> {
    let Some(original) = article.live_texts().next().filter(|text| text.locale == look.center.default_locale) else {
        return Vec::new();
    };
    let behind = |text: &Text| {
        let days = days_between(text.updated_at?, original.updated_at?);
        let parts = different_parts(original, text);
        (days >= BEHIND && !parts.is_empty()).then(|| {
            let message = format!(
                "the text in `{}` is {} older than that in `{}`, and has {}",
                text.locale,
                counted(days, "day"),
                original.locale,
                parts.join(", ")
            );
            Finding::about(&STALE_LOCALE, vec![article.about(text)], message)
        })
    };
    article.live_texts().skip(1).filter_map(behind).collect()
}

fn days_between(earlier: i64, later: i64) -> u64 {
    u64::try_from((later - earlier) / 86_400).unwrap_or(0)
}

/// What a translation has more or fewer of than its original.
fn different_parts(original: &Text, text: &Text) -> Vec<String> {
    let (there, here) = (&original.facts, &text.facts);
    [
        (there.headings.len(), here.headings.len(), "heading", "headings"),
        (there.pictures.len(), here.pictures.len(), "image", "images"),
        (there.tables.len(), here.tables.len(), "table", "tables"),
        (there.blocks.videos, here.blocks.videos, "video", "videos"),
        (there.blocks.code, here.blocks.code, "block of code", "blocks of code"),
        (there.blocks.callouts, here.blocks.callouts, "callout", "callouts"),
    ]
    .into_iter()
    .filter(|(there, here, ..)| there != here)
    .map(|(there, here, one, many)| match here {
        0 => format!("no {many} instead of {there}"),
        1 => format!("1 {one} instead of {there}"),
        here => format!("{here} {many} instead of {there}"),
    })
    .collect()
}
