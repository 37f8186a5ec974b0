//! Articles that have no file: each gets one, with links to what has a file, or gets one beside it.

use std::borrow::Cow;
use std::sync::Arc;

use super::collection::Index;
use super::file::Kind;
use super::images::hosted_in;
use super::{Asked, Change, Drafts, Inputs, What, change, file, settings, unsigned};
use crate::html::{self, Address, Body, HelpCenterUrls, Targets, Verify};
use crate::intercom::model::{AdminId, ArticleId, Locale, State};
use crate::live::{InLocale, LiveArticle};
use crate::plan::TextVersion;
use crate::text::DocPath;
use crate::threads;

/// An article that has no file in a locale in which Intercom has a text.
pub(super) struct New<'a> {
    view: Cow<'a, LiveArticle>,
    locale: &'a Locale,
    path: DocPath,
    from: TextVersion,
    /// The author of its default locale.
    author: Option<AdminId>,
}

impl<'a> New<'a> {
    /// The text that is taken; nothing where Intercom has none with a title.
    pub fn of(
        inputs: Inputs<'a>,
        found: &'a LiveArticle,
        locale: &'a Locale,
        path: DocPath,
        asked: &Asked,
    ) -> Option<Self> {
        let InLocale::There(view) = found.in_locale(locale, &inputs.rules.locale) else { return None };
        let is_asked = asked.drafts == Drafts::All || asked.ids.contains(&found.article.id);
        let from = if view.draft.is_some() && is_asked { TextVersion::Draft } else { TextVersion::Live };
        let article = from.of(&view);
        if article.title.trim().is_empty() {
            return None;
        }
        Some(Self { locale, path, from, author: found.article.author_id, view })
    }

    fn body(&self) -> &str {
        self.from.of(&self.view).body.as_deref().unwrap_or_default()
    }

    /// The one that a change writes.
    fn of_change(inputs: Inputs<'a>, change: &'a Change) -> Option<Self> {
        let found = inputs.live.articles.get(&change.id)?;
        let InLocale::There(view) = found.in_locale(&change.locale, &inputs.rules.locale) else { return None };
        let (path, author) = (change.path.clone(), found.article.author_id);
        Some(Self { locale: &change.locale, path, from: change.from, author, view })
    }

    /// Its file, whose text is looked at later. `own` knows where links of the Help Center lead.
    pub fn change(self, inputs: Inputs<'_>, own: &HelpCenterUrls) -> Change {
        let body = html::parse(self.body());
        let images = hosted_in(&body);
        let what = What::New { text: self.text(inputs, own, (body, Verify::Later)), look: Verify::Later };
        Change { images, ..change(inputs, &self.view, self.locale, self.path, self.from, what) }
    }

    fn text(&self, inputs: Inputs<'_>, own: &HelpCenterUrls, body: (Body, Verify)) -> Arc<str> {
        let Self { view, locale, path, from, author } = self;
        let mut article = from.of(view).clone();
        article.content.state = view.article.state;
        let is_default = **locale == inputs.rules.locale;
        let kind = if is_default { Kind::Article(inputs.ids) } else { Kind::Translation(*author) };
        let names = |address: Address<'_>| match address {
            Address::Link(link) => own.hole(link).map(|hole| hole.seen_from(path)),
            Address::Image(image) => unsigned(image),
        };
        let default = &inputs.rules.locale;
        let whole = &inputs.live.articles[&article.id];
        let settings = settings::lines(inputs.live, whole, locale, default);
        // With a date it goes live by itself; until then Intercom calls it a draft.
        let state = if is_default && article.scheduled_publish_at.is_some() { State::Published } else { article.state };
        article.content.state = state;
        file::article(&article, body, &settings, (inputs.live, inputs.config), kind, &names).into()
    }
}

/// The text of a new file once more, looked at on the spot. `own` is that of the pull.
pub(super) fn looked_at(inputs: Inputs<'_>, change: &Change, own: &HelpCenterUrls) -> Option<Arc<str>> {
    let new = New::of_change(inputs, change)?;
    Some(new.text(inputs, own, (html::parse(new.body()), Verify::AtOnce)))
}

/// The Help Center's addresses, with those of the files that are written now.
pub(super) fn own(inputs: Inputs<'_>, without: &[New<'_>], indexes: &[Index]) -> HelpCenterUrls {
    let mut own = inputs.taken.linked.own.clone();
    for new in without {
        let id = new.view.article.id;
        if *new.locale == inputs.rules.locale {
            own.add_article(&new.path, id);
        } else if let Some(article) = article_of(inputs, without, id) {
            own.add_translation(&new.path, &article, new.locale);
        }
    }
    for index in indexes {
        let address = inputs.live.collections.get(&index.id).and_then(|collection| collection.url.as_deref());
        own.add_collection(&index.folder.0, index.id, address);
    }
    let landings = threads::map(without, |new| Targets::of_stored(new.body()));
    for (new, landings) in without.iter().zip(landings) {
        own.add_landings(&new.path, landings.clone());
        own.add_stored_landings(&new.path, new.view.article.id, landings);
    }
    own
}

/// The file of an article in the default locale, also one that is written now.
fn article_of(inputs: Inputs<'_>, without: &[New<'_>], id: ArticleId) -> Option<DocPath> {
    let new = || without.iter().find(|new| new.view.article.id == id && *new.locale == inputs.rules.locale);
    inputs.taken.files.get(&id).cloned().or_else(|| new().map(|new| new.path.clone()))
}
