//! Requests about several locales.
//!
//! Only here the default locale is another than the others: its text goes to the root of a request, theirs into
//! `translated_content`. Any other is sent whole, with its title, description, body and author, so that nothing
//! of it depends on what Intercom does with parts.

use std::collections::{BTreeMap, BTreeSet};

use crate::html::HelpCenterUrls;
use crate::intercom::model::{
    AdminId, ArticleContent, CollectionId, CreateArticle, FinAvailability, Locale, State, UpdateArticle,
    WriteCollection, WriteContent, WriteGroup,
};
use crate::live::{Flags, LiveArticle};
use crate::plan::{Content, Naming, Texts};

/// What becomes of the texts that a request sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Become {
    /// They are where nobody can see them.
    Hidden,
    /// They go behind the live text, or nothing but their settings changes.
    AsTheyAre,
    /// They go live.
    Live,
}

/// The request that changes some texts.
pub(super) fn update(texts: &Texts, default: &Locale, before: &LiveArticle, to: Become) -> UpdateArticle {
    let (root, state) = match to {
        Become::Hidden => (None, Some(State::Draft)),
        Become::AsTheyAre => (None, None),
        Become::Live => (Some(State::Published), Some(State::Published)),
    };
    let mut update = request(texts, default, before, state);
    update.content.state = root.filter(|_| texts.contains_key(default));
    audiences_to_their_locale(&mut update, default, before);
    update
}

/// The request that takes some texts offline. Every locale is named with its state, so that no other goes
/// offline; an author is named where it is a current teammate.
pub(super) fn offline(
    texts: &Texts,
    default: &Locale,
    before: &LiveArticle,
    admins: &BTreeSet<AdminId>,
) -> UpdateArticle {
    let mut update = request(texts, default, before, Some(State::Draft));
    let mut all = as_it_is(before, default, admins);
    for (locale, mut content) in std::mem::take(&mut update.translated_content) {
        let author = all.get(&locale).and_then(|content| content.author_id);
        content.author_id = content.author_id.or(author);
        all.insert(locale, content);
    }
    update.translated_content = all;
    update.content.state = Some(if texts.contains_key(default) { State::Draft } else { before.article.state });
    update
}

/// The request that makes an article, as a draft in every locale.
pub(super) fn create(texts: &Texts, default: &Locale, author: AdminId, parent: Option<CollectionId>) -> CreateArticle {
    let nothing = Content::default();
    let root = texts.get(default).map_or(&nothing, Box::as_ref);
    let (title, body) = (root.title.clone().unwrap_or_default(), root.body.clone().unwrap_or_default());
    let mut wanted = CreateArticle {
        parent_id: parent,
        parent_type: parent.map(|_| "collection".to_owned()),
        translated_content: whole(texts, default, None, Some(State::Draft)),
        ..CreateArticle::draft(title, body, author)
    };
    wanted.content.description.clone_from(&root.description);
    set_flags(&mut wanted, default, &root.flags);
    wanted
}

/// The request that names a collection. Intercom keeps a bare name in the workspace's default locale, which need not
/// be the Help Center's (docs/intercom.md 2), so the Help Center's own is named as well, where it is known: `own` is
/// the name that the collection has there, for a description that changes alone.
pub(super) fn names(
    names: &BTreeMap<Locale, Naming>,
    default: &Locale,
    own: Option<&str>,
    says_its_locales: bool,
) -> WriteCollection {
    let group = |naming: &Naming| WriteGroup { name: naming.name.clone(), description: naming.description.clone() };
    let root = names.get(default).cloned().unwrap_or_default();
    let mut translated_content: BTreeMap<Locale, WriteGroup> =
        names.iter().map(|(locale, naming)| (locale.clone(), group(naming))).collect();
    if !says_its_locales {
        translated_content.remove(default);
    } else if let Some(group) = translated_content.get_mut(default) {
        group.name = group.name.take().or_else(|| own.map(str::to_owned));
    }
    WriteCollection { name: root.name, description: root.description, translated_content, ..WriteCollection::default() }
}

/// Links to headings by the ids that they have now, in what is sent once more.
pub(super) fn renew(update: &mut UpdateArticle, own: &HelpCenterUrls) {
    for body in update.translated_content.values_mut().filter_map(|content| content.body.as_mut()) {
        *body = own.renewed(body);
    }
}

/// The request that sends some texts and nothing else.
fn request(texts: &Texts, default: &Locale, before: &LiveArticle, state: Option<State>) -> UpdateArticle {
    let content = texts.get(default).map(|content| WriteContent {
        title: content.title.clone(),
        description: content.description.clone(),
        body: content.body.clone(),
        author_id: content.author,
        state: None,
        fin: (&content.flags).into(),
    });
    UpdateArticle {
        content: content.unwrap_or_default(),
        translated_content: whole(texts, default, Some(before), state),
        ..UpdateArticle::default()
    }
}

/// The locales but the default one, each whole; what is not said is sent as it is in `before`.
fn whole(
    texts: &Texts,
    default: &Locale,
    before: Option<&LiveArticle>,
    state: Option<State>,
) -> BTreeMap<Locale, WriteContent> {
    let locales = before.and_then(|before| before.article.translated_content.as_ref());
    let others = texts.iter().filter(|(locale, _)| *locale != default);
    others
        .map(|(locale, content)| {
            let there = locales.and_then(|locales| locales.get(locale));
            let said = |ours: &Option<String>, theirs: fn(&ArticleContent) -> Option<String>| {
                ours.clone().or_else(|| there.and_then(theirs))
            };
            let whole = WriteContent {
                title: said(&content.title, |there| Some(there.title.clone())),
                description: said(&content.description, |there| there.description.clone()),
                body: said(&content.body, |there| there.body.clone()),
                author_id: content.author,
                state,
                fin: (&content.flags).into(),
            };
            (locale.clone(), whole)
        })
        .collect()
}

/// Every locale of an article but the default one as it is, to be named beside another that goes offline.
fn as_it_is(before: &LiveArticle, default: &Locale, admins: &BTreeSet<AdminId>) -> BTreeMap<Locale, WriteContent> {
    let locales = before.article.translated_content.iter().flat_map(|locales| &locales.0);
    locales
        .filter_map(|(locale, content)| {
            let content = content.as_ref()?;
            let author = content.author_id.filter(|author| admins.contains(author));
            let as_it_is = [(locale.clone(), Box::new(Content { author, ..Content::default() }))].into();
            whole(&as_it_is, default, Some(before), Some(content.state)).pop_first()
        })
        .collect()
}

/// At the top of a request audiences are those of every locale (docs/intercom.md 1.4). Where an article has
/// several, those of the default locale are beside the others, with its whole text.
fn audiences_to_their_locale(update: &mut UpdateArticle, default: &Locale, before: &LiveArticle) {
    if !before.is_translated(default) && update.translated_content.is_empty() {
        return;
    }
    let Some(audiences) = update.content.fin.audience_ids.take() else { return };
    let (sent, article) = (&update.content, &before.article);
    let content = WriteContent {
        title: sent.title.clone().or_else(|| Some(article.title.clone())),
        description: sent.description.clone().or_else(|| article.description.clone()),
        body: sent.body.clone().or_else(|| article.body.clone()),
        author_id: sent.author_id,
        state: None,
        fin: FinAvailability { audience_ids: Some(audiences), ..FinAvailability::default() },
    };
    update.translated_content.insert(default.clone(), content);
}

/// Sets who may use a new article.
fn set_flags(article: &mut CreateArticle, default: &Locale, flags: &Flags) {
    article.content.fin = flags.into();
    if article.translated_content.is_empty() || flags.audiences.is_none() {
        return;
    }
    let audience_ids = article.content.fin.audience_ids.take();
    let content = WriteContent {
        body: Some(article.content.body.clone().unwrap_or_default()),
        state: None,
        fin: FinAvailability { audience_ids, ..FinAvailability::default() },
        ..article.content.clone()
    };
    article.translated_content.insert(default.clone(), content);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found() -> LiveArticle {
        let content = |title: &str, state: &str, author: u64| json!({"title": title, "description": "D", "body": "<p>B</p>", "state": state, "author_id": author});
        let article = json!({
            "id": "1", "title": "Help", "state": "published",
            "translated_content": {
                "en": content("Help", "published", 1), "fr": content("Aide", "published", 1),
                "es": content("Ayuda", "draft", 9), "de": null,
            },
        });
        LiveArticle::of(serde_json::from_value(article).unwrap())
    }

    #[test]
    fn every_other_locale_is_named_whole_with_its_own_state_and_a_current_author() {
        let named = as_it_is(&found(), &Locale::english(), &[AdminId(1)].into());
        assert_eq!(
            serde_json::to_value(&named).unwrap(),
            json!({
                "es": {"title": "Ayuda", "description": "D", "body": "<p>B</p>", "state": "draft"},
                "fr": {"title": "Aide", "description": "D", "body": "<p>B</p>", "state": "published", "author_id": 1},
            })
        );
    }

    #[test]
    fn a_locale_is_sent_whole_with_what_stands_there_where_nothing_is_said() {
        let content = Content { title: Some("Neu".to_owned()), author: Some(AdminId(2)), ..Content::default() };
        let french = Locale("fr".to_owned());
        let sent = whole(&[(french.clone(), Box::new(content))].into(), &Locale::english(), Some(&found()), None);
        assert_eq!(
            serde_json::to_value(&sent[&french]).unwrap(),
            json!({"title": "Neu", "description": "D", "body": "<p>B</p>", "author_id": 2})
        );
    }
}
