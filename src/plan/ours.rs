//! The text of a file as the docs want it in Intercom.
//!
//! The Markdown is rendered with the heading ids that the article has there, and the author is
//! looked up among the teammates. What cannot be told blocks the article, and no other. Rendering
//! waits until somebody needs more than the digests: of most texts Base knows that they are live.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::links::Linked;
use super::model::{Blocked, SentImage};
use super::{Inputs, images};
use crate::base::{ArticleRecord, Pair, Texts, stored_body};
use crate::book::{self, ContentKey};
use crate::config::Author;
use crate::html::{self, Body, Context, Gist, Heading, HelpCenterUrls, LinkTargets, Rendered, Stored, Targets};
use crate::intercom::model::{AdminId, Article, Locale};
use crate::live::LiveArticle;
use crate::text::{Digest, DocPath};

/// The text of an article as the docs want it. It is rendered when somebody needs it as it is sent;
/// whether it is what Intercom has is mostly told without.
#[derive(Debug, Clone)]
pub(super) struct Ours<'a> {
    inputs: Inputs<'a>,
    links: &'a LinkTargets,
    locale: &'a Locale,
    content: &'a book::Content,
    /// The article that it is for, in this locale.
    found: Option<View<'a>>,
    gist: Cow<'a, Gist>,
    /// Its file.
    pub path: DocPath,
    pub title: String,
    /// `None`: left alone.
    pub description: Option<String>,
    /// `None`: the live author stays.
    pub author: Option<AdminId>,
    /// What its links lead to.
    pub linked: Arc<Linked>,
    canonical: OnceLock<Digest>,
    written: OnceLock<Box<Written>>,
    /// Whether its body is the live one; told once, as it is asked for often.
    is_live: OnceLock<bool>,
    /// The live body as it is compared first.
    live: OnceLock<Box<Stored>>,
    stands_as_sent: OnceLock<bool>,
}

/// An article as it is seen in a locale. There is one for every text, so what few of them have stands
/// apart.
#[derive(Debug, Clone)]
enum View<'a> {
    /// In the default locale, as it is.
    Whole(&'a LiveArticle),
    Part(Box<LiveArticle>),
}

impl<'a> View<'a> {
    fn of(found: Cow<'a, LiveArticle>) -> Self {
        match found {
            Cow::Borrowed(found) => View::Whole(found),
            Cow::Owned(found) => View::Part(Box::new(found)),
        }
    }
}

impl Deref for View<'_> {
    type Target = LiveArticle;

    fn deref(&self) -> &LiveArticle {
        match self {
            View::Whole(found) => found,
            View::Part(found) => found,
        }
    }
}

/// A text as it is sent.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub body: Body,
    pub html: String,
    /// The images that Intercom has to fetch.
    pub images: Vec<SentImage>,
}

impl<'a> Ours<'a> {
    /// The text of a file, with the heading ids that the article has in Intercom.
    pub fn of(
        inputs: Inputs<'a>,
        links: &'a LinkTargets,
        locale: &'a Locale,
        content: &'a book::Content,
        found: Option<Cow<'a, LiveArticle>>,
    ) -> Result<Self, Blocked> {
        let live_author = found.as_ref().and_then(|found| found.article.author_id);
        let author = match &content.author {
            Some(author) => Some(admin(inputs, author, live_author)?),
            None => None,
        };
        let known = inputs.gists.texts.get(&content.path).map(Cow::Borrowed);
        let gist = known.unwrap_or_else(|| Cow::Owned(Gist::of(rendered(inputs, links, content, &[]).body)));
        Ok(Self {
            inputs,
            links,
            locale,
            content,
            found: found.map(View::of),
            canonical: OnceLock::new(),
            gist,
            path: content.path.clone(),
            title: content.title.clone(),
            description: content.description.clone(),
            author,
            linked: Arc::default(),
            written: OnceLock::new(),
            is_live: OnceLock::new(),
            live: OnceLock::new(),
            stands_as_sent: OnceLock::new(),
        })
    }

    /// Takes what its links lead to.
    pub fn land(&mut self, linked: &Arc<Linked>) {
        self.linked = Arc::clone(linked);
        self.canonical = OnceLock::new();
        self.is_live = OnceLock::new();
    }

    /// Whether its words stand in Intercom, with the ids of headings that they are sent with: tag by tag,
    /// or because its file is as it was sent, and what was stored then is as it was. Then no body has to
    /// be read to know its headings.
    pub fn stands_as_sent(&self) -> bool {
        *self.stands_as_sent.get_or_init(|| {
            let Some(found) = self.found.as_deref().filter(|found| found.draft.is_none()) else { return false };
            let body = found.article.body.as_deref().unwrap_or_default();
            if self.gist.has_words_of(&self.stored(&found.article)) {
                return true;
            }
            let record = self.inputs.base.articles.get(&(found.article.id, self.locale.clone()));
            let Some(record) = record.filter(|record| record.staged.is_none()) else { return false };
            let Some(pair) = record.live.as_ref().filter(|pair| !pair.left.contains(&ContentKey::Body)) else {
                return false;
            };
            record.blob == self.content.blob()
                && self.gist.has_ids_of(body)
                && pair.stored.body == stored_body(&found.article)
        })
    }

    /// A body in Intercom as it is compared first.
    pub fn stored(&self, theirs: &Article) -> Cow<'_, Stored> {
        let read = || self.gist.stored(theirs.body.as_deref().unwrap_or_default());
        if self.is_live_text(theirs) {
            return Cow::Borrowed(self.live.get_or_init(|| Box::new(read())));
        }
        Cow::Owned(read())
    }

    /// Whether an article is the one that it is for, as it is live.
    fn is_live_text(&self, theirs: &Article) -> bool {
        matches!(&self.found, Some(View::Whole(found)) if std::ptr::eq(&raw const found.article, theirs))
    }

    /// Its headings, with the ids that are sent.
    pub fn landings(&self) -> Targets {
        let live = || self.found.as_deref().map(live_headings).unwrap_or_default();
        if self.stands_as_sent() || self.gist.keeps_ids_beside(&live()) {
            return self.gist.landings().clone();
        }
        Targets::of(&self.written().body)
    }

    /// The digest of its canonical form, as far as it is known what its links lead to.
    pub fn canonical(&self) -> &Digest {
        self.canonical.get_or_init(|| {
            let told = self.gist.canonical(&self.linked.own);
            told.unwrap_or_else(|| self.linked.own.digest(&self.written().body))
        })
    }

    /// What is kept of it.
    pub fn gist(&self) -> &Gist {
        &self.gist
    }

    /// The text as it is sent.
    pub fn written(&self) -> &Written {
        self.written.get_or_init(|| {
            let headings = self.found.as_deref().map(live_headings).unwrap_or_default();
            let mut rendered = rendered(self.inputs, self.links, self.content, &headings);
            let images = images::send(&mut rendered, self.inputs.book, self.found.as_deref());
            Box::new(Written { html: rendered.html(), body: rendered.body, images })
        })
    }

    /// The addresses of images in Intercom that are known to be others than those of the docs.
    pub fn others(&self) -> BTreeSet<String> {
        if self.gist.images.is_empty() {
            return BTreeSet::new();
        }
        images::others(&images::known(self.inputs, self.locale, self.found.as_deref()), self.canonical())
    }

    /// Whether the body of an article is this one, by the record of it or in canonical form.
    pub fn is_body_of(&self, theirs: &Article, record: Option<&ArticleRecord>) -> bool {
        let is_equal = || record.is_some_and(|record| self.is_proved(theirs, record)) || self.is_canonically(theirs);
        let has_record = record.is_some();
        match self.is_live_text(theirs) {
            // Without a record it is asked for only where there is none, so the answer is the same.
            true if has_record == self.has_record() => *self.is_live.get_or_init(is_equal),
            _ => is_equal(),
        }
    }

    /// Whether Base knows the body of an article as what Intercom made of this one.
    pub fn is_proved(&self, theirs: &Article, record: &ArticleRecord) -> bool {
        let is_of_ours = |pair: &&Pair| !pair.left.contains(&ContentKey::Body) && pair.sent.body == *self.canonical();
        let mut pairs = record.pairs().filter(is_of_ours).peekable();
        pairs.peek().is_some() && {
            let stored = stored_body(theirs);
            pairs.any(|pair| pair.stored.body == stored)
        }
    }

    /// The same, and whoever asks about its body next need not digest it again.
    pub fn is_proved_live(&self, theirs: &Article, record: &ArticleRecord) -> bool {
        let is_proved = self.is_proved(theirs, record);
        if is_proved && self.is_live_text(theirs) {
            let _ = self.is_live.set(true);
        }
        is_proved
    }

    fn has_record(&self) -> bool {
        let id = self.found.as_ref().map(|found| found.article.id);
        id.is_some_and(|id| self.inputs.base.articles.contains_key(&(id, self.locale.clone())))
    }

    /// The digest of its body as the docs say it.
    pub fn digest(&self) -> Digest {
        let told = self.gist.canonical(&HelpCenterUrls::default());
        told.unwrap_or_else(|| html::HelpCenterUrls::default().digest(&self.written().body))
    }

    /// The digests of what would be sent. A description that is left alone is the one that is
    /// there.
    pub fn texts(&self, theirs: Option<&Article>) -> Texts {
        let there = || theirs.and_then(|article| article.description.clone()).unwrap_or_default().trim().to_owned();
        Texts {
            title: Digest::of(&self.title),
            description: Digest::of(self.description.clone().unwrap_or_else(there)),
            body: self.canonical().clone(),
        }
    }
}

fn rendered(inputs: Inputs<'_>, links: &LinkTargets, content: &book::Content, headings: &[Heading]) -> Rendered {
    let Inputs { book, rules, .. } = inputs;
    html::render(content.markdown(), Context { headings, ..rules.rendering().context(book, content, links) })
}

/// The headings of the live text, then those that only the draft has.
pub(super) fn live_headings(found: &LiveArticle) -> Vec<Heading> {
    let of = |article: &Article| html::heading::stored_headings(article.body.as_deref().unwrap_or_default());
    let mut headings = of(&found.article);
    for heading in found.draft.as_ref().map(of).unwrap_or_default() {
        if !headings.iter().any(|other| other.text == heading.text) {
            headings.push(heading);
        }
    }
    headings
}

/// A teammate by address or id. One who is not in the list but is the live author is right.
pub(super) fn admin(inputs: Inputs<'_>, author: &Author, live: Option<AdminId>) -> Result<AdminId, Blocked> {
    let admins = &inputs.live.admins;
    match author {
        Author::Id(id) if admins.contains_key(id) || live == Some(*id) => Ok(*id),
        Author::Id(id) => {
            Err(Blocked::new(format!("no teammate has the id {id}"), "name a current teammate as `author`"))
        }
        Author::Email(email) => inputs.live.admin_by_email(email).map(|admin| admin.id).ok_or_else(|| {
            let known = admins.values().filter_map(|admin| admin.email.as_deref());
            let near = crate::diagnostic::did_you_mean(email, known);
            Blocked::new(
                format!("no teammate has the address {email}"),
                near.unwrap_or_else(|| "name a current teammate as `author`".to_owned()),
            )
        }),
    }
}
