//! Drafts that nobody finished, and articles that nobody looked at for long although many read them.

use super::super::center::{Article, Shown};
use super::super::evidence::counted;
use super::super::finding::Finding;
use super::super::kind::{FORGOTTEN_DRAFT, OLD_AND_READ};
use super::super::look::{Customers, Look};
use super::Rules;

/// From how many days on a draft is forgotten.
const FORGOTTEN: u64 = 90;

/// From how many days on an article is old: a product changes much in a year.
const OLD: u64 = 365;

/// How many views at least make an article often read, whatever the others have.
const VIEWS: u64 = 50;

/// How many articles at least link to an often read article where there are no figures.
const LINKS: u64 = 5;

pub(super) fn find(look: &Look<'_>, _: &Rules) -> Vec<Finding> {
    let mut found: Vec<Finding> = look.center.articles.iter().filter_map(|article| draft(look, article)).collect();
    found.extend(old(look));
    found
}

fn draft(look: &Look<'_>, article: &Article) -> Option<Finding> {
    let age = |at: i64| Some(look.center.days_since(at)).filter(|days| *days >= FORGOTTEN);
    if !article.is_published() {
        let text = article.texts.first()?;
        let newest = article.texts.iter().filter_map(|text| text.updated_at).max()?;
        let message = format!("a draft that nobody changed for {}", counted(age(newest)?, "day"));
        return Some(Finding::about(&FORGOTTEN_DRAFT, vec![article.about(text)], message));
    }
    // Translations that wait are named as missing locales.
    let pending = article.texts.iter().filter(|text| text.shown == Shown::Live);
    let (text, at) = pending.filter_map(|text| Some((text, text.draft_at?))).min_by_key(|(_, at)| *at)?;
    let message = format!("changes wait unpublished for {}", counted(age(at)?, "day"));
    Some(Finding::about(&FORGOTTEN_DRAFT, vec![article.about(text)], message))
}

fn old(look: &Look<'_>) -> Vec<Finding> {
    let articles = &look.center.articles;
    let mut reaches: Vec<u64> =
        (0..articles.len()).filter(|at| articles[*at].is_published()).map(|at| look.reach(at)).collect();
    reaches.sort_unstable();
    // Often read is the upper quarter, where that is anything at all.
    let quarter = reaches.get(reaches.len() * 3 / 4).copied().unwrap_or(u64::MAX);
    let least = match look.customers {
        Customers::Views => VIEWS,
        Customers::Links => LINKS + 1,
    };
    let often = |at: usize| look.reach(at) >= quarter.max(least);
    let finding = |(at, article): (usize, &Article)| {
        let text = article.live_texts().next().filter(|_| often(at))?;
        let days = Some(look.center.days_since(text.updated_at?)).filter(|days| *days >= OLD)?;
        let read = match look.customers {
            Customers::Views => {
                format!("{} read it", counted(look.reach(at), "customer"))
            }
            Customers::Links => format!("{} link to it", counted(look.linked_from[at] as u64, "article")),
        };
        let message = format!("not changed for {}, and {read}", counted(days, "day"));
        Some(Finding::about(&OLD_AND_READ, vec![article.about(text)], message))
    };
    articles.iter().enumerate().filter_map(finding).collect()
}
