//! The text of a file as it is desired in Intercom.
//!
//! The Markdown is rendered with the heading ids that the article has there, and the author is
//! looked up among the teammates. What cannot be resolved blocks the article, and no other. Rendering
//! waits until somebody needs more than the summary: most texts are live as they are.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, LazyLock, OnceLock};

use super::change::Blocked;
use super::content::SentImage;
use super::images;
use super::inputs::Inputs;
use super::link_graph::LinkGraph;
use super::wanted::Wanted;
use crate::book;
use crate::config::Author;
use crate::html::image::{self, ImageOrigin, Unknown};
use crate::html::{self, Body, Context, DocLink, Exact, Heading, LinkTargets, Targets, TextSummary, exact};
use crate::intercom::model::{AdminId, Article, Locale, State};
use crate::live::{LiveArticle, parsed};
use crate::record::{ArticleRecord, Pair, Settings, stored_body};
use crate::text::{Digest, DocPath};

/// The text of an article as its file desires it.
#[derive(Debug, Clone)]
pub(super) struct Desired<'a> {
    inputs: Inputs<'a>,
    links: &'a LinkTargets,
    content: &'a book::Content,
    /// The article that it is for, in this locale.
    found: Option<View<'a>>,
    summary: Cow<'a, TextSummary>,
    /// What becomes of images of which nothing is known.
    unknown: Unknown,
    /// What the record knows of it.
    pub record: Option<&'a ArticleRecord>,
    /// Its file.
    pub path: DocPath,
    pub title: String,
    /// `None`: left alone.
    pub description: Option<String>,
    /// `None`: the live author stays.
    pub author: Option<AdminId>,
    /// Where the links of the docs point.
    pub linked: Arc<LinkGraph>,
    digest: OnceLock<Digest>,
    written: OnceLock<Box<Written>>,
    stored: OnceLock<Option<Digest>>,
    /// The digests of a body in Intercom that is equal to it: as it is stored, and of its exact form.
    compared: OnceLock<(Digest, Digest)>,
}

/// Where the links of a text point that nobody resolved yet. There is one for all, as it is large.
static UNRESOLVED: LazyLock<Arc<LinkGraph>> = LazyLock::new(Arc::default);

/// An article as it is seen in a locale. There is one for every text, so the few that need a copy have
/// it in a box.
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

impl<'a> Desired<'a> {
    /// The text of a file, with the heading ids that the article has in Intercom.
    ///
    /// # Errors
    /// Returns why the article is blocked: its author is no teammate.
    pub fn of(
        inputs: Inputs<'a>,
        links: &'a LinkTargets,
        locale: &Locale,
        content: &'a book::Content,
        found: Option<Cow<'a, LiveArticle>>,
    ) -> Result<Self, Blocked> {
        let live_author = found.as_ref().and_then(|found| found.article.author_id);
        let author = match &content.author {
            Some(author) => Some(admin(inputs, author, live_author)?),
            None => None,
        };
        let known = inputs.docs.texts.get(&content.path).map(Cow::Borrowed);
        let summary = known.unwrap_or_else(|| {
            Cow::Owned(TextSummary::of(html::render(content.markdown(), context(inputs, links, content))))
        });
        let id = found.as_ref().map(|found| found.article.id);
        let record = id.and_then(|id| inputs.record.articles.get(&(id, locale.clone())));
        let record = record.map(|record| record.beside(content.blob()));
        Ok(Self {
            inputs,
            links,
            content,
            unknown: if record.is_some() { Unknown::Left } else { Unknown::ByName },
            record,
            found: found.map(View::of),
            summary,
            path: content.path.clone(),
            title: content.title.clone(),
            description: content.description.clone(),
            author,
            linked: Arc::clone(&UNRESOLVED),
            digest: OnceLock::new(),
            written: OnceLock::new(),
            stored: OnceLock::new(),
            compared: OnceLock::new(),
        })
    }

    /// Takes where the links of the docs point.
    pub fn resolve_links(&mut self, linked: &Arc<LinkGraph>) {
        self.linked = Arc::clone(linked);
        self.digest = OnceLock::new();
        self.compared = OnceLock::new();
    }

    /// Its headings, with the ids that are sent.
    pub fn headings(&self) -> Targets {
        if self.has_its_ids() {
            return self.summary.headings.clone();
        }
        match self.found.as_deref() {
            Some(found) => self.summary.headings_beside(&live_headings(found)),
            None => self.summary.headings.clone(),
        }
    }

    /// Whether Intercom has the text of just this file, and its headings have the ids that they have in a
    /// new article. Then no heading has to be found there by its words.
    fn has_its_ids(&self) -> bool {
        let Some(found) = self.found.as_deref().filter(|found| found.draft.is_none()) else { return false };
        let is_this = |pair: &Pair| {
            let is_whole = pair.has_todays_rules() && pair.left.is_empty();
            is_whole && self.is_file_of(pair) && self.stored() == Some(&pair.body.stored)
        };
        let mut pairs = self.record.into_iter().flat_map(ArticleRecord::pairs);
        let body = found.article.body.as_deref().unwrap_or_default();
        let ids = self.summary.headings.iter().map(|heading| heading.id.as_str());
        pairs.any(is_this) && ids.eq(html::heading::stored_ids(body))
    }

    /// The digest of its exact form, as far as it is known where its links point.
    pub fn digest(&self) -> &Digest {
        self.digest.get_or_init(|| self.summary.exact.digest(&self.linked.own))
    }

    /// The digest of the body that its article has in Intercom; `None` for a new one.
    pub fn stored(&self) -> Option<&Digest> {
        let stored = || self.found.as_deref().map(|found| stored_body(&found.article));
        self.stored.get_or_init(stored).as_ref()
    }

    /// Whether the links to headings in a body that Intercom stored still land there: where Intercom
    /// makes the ids of headings again, they may not.
    pub fn lands(&self, stored: &Article) -> bool {
        let holes: Vec<DocLink> = self.summary.holes().filter(DocLink::names_heading).collect();
        holes.is_empty() || self.linked.lands(&self.path, &holes, &parsed(stored))
    }

    /// What is kept of it.
    pub fn summary(&self) -> &TextSummary {
        &self.summary
    }

    /// Whether its file and the images in it have the same bytes as those that a pair was made of.
    pub fn is_file_of(&self, pair: &Pair) -> bool {
        pair.blob.as_ref() == Some(self.content.blob()) && pair.body.images == image::bytes(&self.summary.images)
    }

    /// The text as it is sent.
    pub fn written(&self) -> &Written {
        self.written.get_or_init(|| {
            let headings = self.found.as_deref().map(live_headings).unwrap_or_default();
            let context = context(self.inputs, self.links, self.content);
            let mut body = html::render::body(self.content.markdown(), Context { headings: &headings, ..context });
            let images = images::send(&mut body, self.inputs.book, self.found.as_deref(), &self.origins());
            Box::new(Written { html: html::write::html(&body), body, images })
        })
    }

    /// What the file says, for the record; the collection and the settings are left out.
    pub fn wanted(&self, state: Option<State>) -> Wanted {
        Wanted {
            title: Digest::of(&self.title),
            description: self.description.as_ref().map(Digest::of),
            exact: self.summary.exact.clone(),
            images: self.summary.images.clone(),
            blob: self.content.blob().clone(),
            state,
            author: self.author,
            collection: None,
            staged: None,
            settings: Settings::default(),
        }
    }

    fn origins(&self) -> BTreeMap<String, ImageOrigin> {
        self.record.map(ArticleRecord::image_origins).unwrap_or_default()
    }

    /// A body in Intercom with its images as the docs have them. Without a record an image is known by
    /// its name and place.
    pub fn recognised(&self, theirs: &Article) -> Body {
        let mut body = parsed(theirs);
        image::recognise(&mut body, &self.summary.images, &self.origins(), self.unknown);
        body
    }

    /// Whether a body in Intercom says the same in exact form.
    pub fn is_exactly(&self, theirs: &Article) -> bool {
        let theirs = Exact::of(self.recognised(theirs), &self.summary.written_ids);
        theirs.digest(&self.linked.own) == *self.digest()
    }

    /// Whether a body in Intercom says the same in canonical form, with every image proved.
    pub fn reads_as(&self, theirs: &Article) -> bool {
        let body = self.recognised(theirs);
        if !image::are_those(&self.summary.images, &body) {
            return false;
        }
        // What is equal in the exact form is so in the canonical one, and nothing has to be rendered for it.
        let (ids, own) = (&self.summary.written_ids, &self.linked.own);
        let is_equal = if self.summary.images.is_empty() {
            // Without images it is as it was read, and need not be read again.
            let shown = exact::stored_as(body, self.digest(), ids, own);
            shown.map(|shown| self.compared.set((stored_body(theirs), shown))).is_some()
        } else {
            Exact::of(body, ids).digest(own) == *self.digest()
        };
        is_equal || self.reads_alike(&self.recognised(theirs))
    }

    /// The pair of a body in Intercom that the docs are not known to say, where it is equal to theirs and has
    /// no images.
    pub fn seen(&self, theirs: &Article) -> Option<Pair> {
        let (stored, shown) = self.compared.get()?;
        (*stored == stored_body(theirs)).then(|| Pair::about(theirs, stored.clone(), shown.clone()))
    }

    fn reads_alike(&self, theirs: &Body) -> bool {
        let ours = &self.written().body;
        self.linked.own.digest(theirs) == self.linked.own.digest(ours)
            || self.linked.may_lose() && self.linked.lost_only(&self.path, ours, theirs)
    }
}

fn context<'a>(inputs: Inputs<'a>, links: &'a LinkTargets, content: &'a book::Content) -> Context<'a> {
    inputs.rules.rendering().context(inputs.book, content, links)
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
///
/// # Errors
/// Returns why the article is blocked: nobody has this address or id.
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
