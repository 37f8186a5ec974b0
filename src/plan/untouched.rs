//! What a plan does nothing about, and a person may wonder why: texts that stay drafts, and articles that
//! have no file here or cannot be read.

use std::collections::{BTreeMap, BTreeSet};

use super::change::Change;
use super::document::Plan;
use super::inputs::Inputs;
use super::matching::{Match, With, is_foreign};
use crate::book;
use crate::intercom::model::{ArticleId, Locale, State};
use crate::live::InLocale;
use crate::text::DocPath;

/// Names the texts that stay drafts, and counts the articles that have no file.
pub(super) fn note(inputs: Inputs<'_>, matched: &BTreeMap<DocPath, Match<'_>>, plan: &mut Plan) {
    let Inputs { live, record, rules, .. } = inputs;
    let id_of = |path: &DocPath| match &matched.get(path)?.with {
        With::Id(id) | With::Adopted(id) => Some(*id),
        With::Gone(_) | With::Unreadable(_) | With::New | With::TitleTaken(_) => None,
    };
    for (path, article) in inputs.book.articles.iter().filter(|(path, _)| rules.means(path.as_str())) {
        let texts = article.translations.iter().chain([(&rules.locale, &article.content)]);
        let texts = texts.filter(|(locale, content)| {
            rules.means_locale(locale) && stays_draft(inputs, id_of(path), article, (locale, content))
        });
        plan.stay_drafts.extend(texts.map(|(_, content)| content.path.clone()));
    }
    let named: BTreeSet<ArticleId> = plan.changes.iter().filter_map(Change::article_id).collect();
    plan.notes.extend(live.unreadable_notes().filter(|(id, _)| !named.contains(id)).map(|(_, note)| note));
    if rules.paths.is_empty() && rules.means_locale(&rules.locale) {
        let claimed: BTreeSet<ArticleId> = matched.keys().filter_map(id_of).collect();
        // A copy is named by itself, and `pull` does not bring it in.
        let copies: BTreeSet<ArticleId> = plan.doubles.iter().map(|double| double.copy).collect();
        let is_known =
            |id: &ArticleId| claimed.contains(id) || copies.contains(id) || record.articles.of(*id).next().is_some();
        let without = live.articles.iter().filter(|(id, found)| !is_known(id) && !is_foreign(inputs, &found.article));
        plan.summary.no_file = without.count();
    }
}

/// Whether a text is a draft, or will be one, as nothing says that it is to go live.
fn stays_draft(
    inputs: Inputs<'_>,
    id: Option<ArticleId>,
    article: &book::Article,
    (locale, content): (&Locale, &book::Content),
) -> bool {
    let Inputs { live, rules, .. } = inputs;
    let is_default = *locale == rules.locale;
    let has_date = is_default && article.settings.publish_at.is_some();
    if content.state.or(rules.state).is_some() || has_date {
        return false;
    }
    let found = id.and_then(|id| live.articles.get(&id)).map(|found| found.in_locale(locale, &rules.locale));
    match found {
        Some(InLocale::There(found)) => found.article.state == State::Draft,
        Some(InLocale::Unknown) => false,
        Some(InLocale::Missing) | None => true,
    }
}
