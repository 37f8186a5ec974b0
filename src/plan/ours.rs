//! The text of a file as the docs want it in Intercom.
//!
//! The Markdown is rendered with the heading ids that the article has there, and the author is
//! looked up among the teammates. What cannot be told blocks the article, and no other.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::links::Linked;
use super::model::{Blocked, SentImage};
use super::{Inputs, images};
use crate::base::Texts;
use crate::book;
use crate::config::Author;
use crate::html::{self, Body, Context, Heading, Images, Links};
use crate::intercom::model::{AdminId, Article, Locale};
use crate::live::LiveArticle;
use crate::text::{Digest, DocPath};

/// The text of an article as the docs want it.
#[derive(Debug, Clone)]
pub(super) struct Ours {
    /// Its file.
    pub path: DocPath,
    pub title: String,
    /// `None`: left alone.
    pub description: Option<String>,
    pub body: Body,
    pub canonical: String,
    pub html: String,
    /// The images that Intercom has to fetch.
    pub images: Vec<SentImage>,
    /// The texts there of which Base knows what was sent for them.
    known: Vec<images::Known>,
    /// The addresses of images in Intercom that are known to be others than those of the docs.
    pub others: BTreeSet<String>,
    /// `None`: the live author stays.
    pub author: Option<AdminId>,
    /// What its links lead to.
    pub linked: Arc<Linked>,
}

impl PartialEq for Ours {
    fn eq(&self, other: &Self) -> bool {
        self.title == other.title && self.html == other.html
    }
}

impl Ours {
    /// The text of a file, with the heading ids that the article has in Intercom.
    pub fn of(
        inputs: Inputs<'_>,
        links: &Links,
        locale: &Locale,
        content: &book::Content,
        found: Option<&LiveArticle>,
    ) -> Result<Self, Blocked> {
        let Inputs { book, rules, .. } = inputs;
        let headings = found.map(live_headings).unwrap_or_default();
        let mut rendered = html::render(
            content.markdown(),
            Context {
                path: &content.path,
                offset: content.body.start,
                images: Images { files: &book.images, host: rules.images.as_ref() },
                links,
                spacing: rules.spacing,
                headings: &headings,
            },
        );
        let images = images::send(&mut rendered, book, found);
        let live_author = found.and_then(|found| found.article.author_id);
        let author = match &content.author {
            Some(author) => Some(admin(inputs, author, live_author)?),
            None => None,
        };
        let mut ours = Self {
            path: content.path.clone(),
            title: content.title.clone(),
            description: content.description.clone(),
            known: images::known(inputs, locale, found),
            others: BTreeSet::new(),
            canonical: String::new(),
            images,
            body: rendered.body,
            html: rendered.html,
            author,
            linked: Arc::default(),
        };
        ours.land(&Arc::default());
        Ok(ours)
    }

    /// Takes what its links lead to.
    pub fn land(&mut self, linked: &Arc<Linked>) {
        self.linked = Arc::clone(linked);
        self.canonical = linked.own.canonical(&self.body);
        self.others = images::others(&self.known, &self.canonical);
    }

    /// The digest of its body as the docs say it.
    pub fn digest(&self) -> Digest {
        Digest::of(html::canonical(&self.body))
    }

    /// The digests of what would be sent. A description that is left alone is the one that is
    /// there.
    pub fn texts(&self, theirs: Option<&Article>) -> Texts {
        let there = || theirs.and_then(|article| article.description.clone()).unwrap_or_default().trim().to_owned();
        Texts {
            title: Digest::of(&self.title),
            description: Digest::of(self.description.clone().unwrap_or_else(there)),
            body: Digest::of(&self.canonical),
        }
    }
}

/// The headings of the live text, then those that only the draft has.
fn live_headings(found: &LiveArticle) -> Vec<Heading> {
    let of = |article: &Article| html::heading::headings(&html::parse(article.body.as_deref().unwrap_or_default()));
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
