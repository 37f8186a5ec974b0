//! Links within the Help Center: to what is gone, to what customers cannot read, to another language, by an old
//! address.

use super::super::center::{Article, Shown, Text};
use super::super::facts::Link;
use super::super::finding::Finding;
use super::super::kind::{
    DEAD_ARTICLE_LINK, DEAD_COLLECTION_LINK, DEAD_HEADING_LINK, Kind, LINK_TO_DRAFT, OLD_ADDRESS_LINK,
    OTHER_LOCALE_LINK,
};
use super::super::look::{Look, OwnLink, Target};
use super::{Rules, quoted};
use crate::html::{OwnAddress, heading};
use crate::intercom::model::Locale;

pub(super) fn find(look: &Look<'_>, rules: &Rules) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (_, article, text) in look.center.live_texts() {
        let first = found.len();
        for link in &text.facts.links {
            for (kind, what) in judge(look, rules, text, link) {
                // The same mistake many times in a text is one to fix.
                let is_known = found[first..].iter().any(|known| known.kind == kind && known.subject == link.href);
                if !is_known {
                    let message = format!("the link on {} {what}", on(link));
                    found.push(Finding::about(kind, vec![article.about(text)], message).subject(link.href.clone()));
                }
            }
        }
    }
    found
}

/// The words that a link is on, to find it by.
pub(super) fn on(link: &Link) -> String {
    if link.words.trim().is_empty() { "an image".to_owned() } else { quoted(&link.words) }
}

/// What is wrong with a link of a text.
fn judge(look: &Look<'_>, rules: &Rules, text: &Text, link: &Link) -> Vec<(&'static Kind, String)> {
    match look.target(&link.href) {
        Target::NoArticle(_, id) => {
            vec![(&DEAD_ARTICLE_LINK, format!("points to the article {id}, which is not there: {}", link.href))]
        }
        Target::NoCollection(id) => {
            vec![(&DEAD_COLLECTION_LINK, format!("points to the collection {id}, which is not there: {}", link.href))]
        }
        Target::Article(own, at) => to_article(look, text, link, own, &look.center.articles[at]),
        Target::Collection(own) => old_address(look, link, own).into_iter().collect(),
        Target::Here(fragment) => {
            let is_there = has_heading([text], fragment);
            let gone = (heading::is_anchor(fragment) && !is_there)
                .then(|| (&DEAD_HEADING_LINK, format!("points to `#{fragment}`, and no heading here has that id")));
            gone.into_iter().collect()
        }
        Target::Outside(address) => old_domain(rules, address).into_iter().collect(),
        Target::Other => Vec::new(),
    }
}

fn to_article(
    look: &Look<'_>,
    text: &Text,
    link: &Link,
    own: OwnLink<'_>,
    article: &Article,
) -> Vec<(&'static Kind, String)> {
    let title = article.texts.first().map_or("", |text| text.title.as_str());
    if !article.is_published() {
        return vec![(
            &LINK_TO_DRAFT,
            format!("points to {}, which is a draft that customers cannot open: {}", quoted(title), link.href),
        )];
    }
    let mut found: Vec<(&'static Kind, String)> = Vec::new();
    let is_in_own_language = article.text(&text.locale).is_some_and(|there| there.shown == Shown::Live);
    if let Some(locale) = own.locale
        && locale != text.locale.0
        && is_known(look, locale)
        && is_in_own_language
    {
        found.push((
            &OTHER_LOCALE_LINK,
            format!("points to `{locale}`, though {} is there in `{}`: {}", quoted(title), text.locale, link.href),
        ));
    }
    if let Some(fragment) = own.fragment.filter(|fragment| heading::is_anchor(fragment))
        && !has_heading(article.live_texts(), fragment)
    {
        found.push((
            &DEAD_HEADING_LINK,
            format!("points to a heading of {} that is not there: {}", quoted(title), link.href),
        ));
    }
    found.extend(old_address(look, link, own));
    found
}

/// Whether a locale that a link names is one of the Help Center.
fn is_known(look: &Look<'_>, locale: &str) -> bool {
    look.center.locales.contains(&Locale(locale.to_owned()))
}

/// Whether a heading of some texts has an id. Where none has any, nobody knows.
fn has_heading<'t>(texts: impl IntoIterator<Item = &'t Text>, id: &str) -> bool {
    let mut ids = texts.into_iter().flat_map(|text| &text.facts.headings).map(|heading| heading.id.as_deref());
    ids.any(|known| known.is_none() || known == Some(id))
}

fn old_address(look: &Look<'_>, link: &Link, own: OwnLink<'_>) -> Option<(&'static Kind, String)> {
    (own.address == OwnAddress::Other && look.center.own.has_address())
        .then(|| (&OLD_ADDRESS_LINK, format!("has an address that the Help Center had before: {}", link.href)))
}

fn old_domain(rules: &Rules, address: &str) -> Option<(&'static Kind, String)> {
    let url = url::Url::parse(address).ok()?;
    let host = url.host_str()?;
    let is_below =
        |old: &String| host == old || host.strip_suffix(old.as_str()).is_some_and(|rest| rest.ends_with('.'));
    rules.old_domains.iter().any(is_below).then(|| (&OLD_ADDRESS_LINK, format!("has an old address: {address}")))
}
