//! Links on their way out: a hole is filled when its body is sent, and a body with a hole that
//! cannot be filled is never sent.
//!
//! What an answer says of headings is learnt here: where Intercom makes their ids anew, later links
//! go to the ids as they are there, and one that leads to an article which is written later still
//! loses its heading. No article is written twice for that.

use super::{Outcome, Run};
use crate::base::{HeadingIds, Texts};
use crate::html::heading::headings;
use crate::html::links::fill;
use crate::html::{self, Hole};
use crate::intercom::model::Article;
use crate::plan::{Change, Content, Subject};
use crate::text::{Digest, DocPath};

/// A text as it is sent.
pub(super) struct Filled {
    pub content: Content,
    /// What was lost on the way, a sentence.
    pub note: Option<String>,
}

impl Run<'_> {
    /// A text with every hole filled. Its digest is that of what is sent from here on.
    pub(super) fn fill(&self, change: &Change, content: &Content) -> Result<Filled, Outcome> {
        let (Some(body), Subject::Article { path }) = (&content.body, &change.subject) else {
            return Ok(Filled { content: content.clone(), note: None });
        };
        let mut lost: Vec<String> = Vec::new();
        let filled = fill(body, &mut |hole| {
            let own = self.own.borrow();
            match hole {
                Hole::Article { path, heading: Some(_) } if self.loses_headings(path) => {
                    lost.push(format!("`{}`", hole.shown()));
                    own.address(&Hole::Article { path: path.clone(), heading: None })
                }
                hole => own.address(hole),
            }
        });
        let filled = filled.map_err(|hole| not_there(&hole))?;
        if filled != *body {
            let digest = Digest::of(self.own.borrow().canonical(&html::parse(&filled)));
            self.filled.borrow_mut().insert(path.clone(), digest);
        }
        let note = (!lost.is_empty()).then(|| {
            format!(
                "the link to {} leads to the top of that article: Intercom makes the ids of headings anew, and that article links back",
                lost.join(", ")
            )
        });
        Ok(Filled { content: Content { body: Some(filled), ..content.clone() }, note })
    }

    /// Whether a new article can be sent as it is to stay: all that it links to is there.
    pub(super) fn is_whole(&self, content: &Content) -> bool {
        let own = self.own.borrow();
        let waits = |hole: &Hole| match hole {
            Hole::Article { path, heading: Some(_) } => {
                self.heading_ids.get() != Some(HeadingIds::Kept) && self.is_to_come(path)
            }
            _ => false,
        };
        let address = |hole: &Hole| own.address(hole).filter(|_| !waits(hole));
        content.body.as_ref().is_none_or(|body| fill(body, &mut |hole| address(hole)).is_ok())
    }

    /// The first link of a new article to something that this run tried to create and could not.
    pub(super) fn lacks(&self, content: &Content) -> Option<Hole> {
        let own = self.own.borrow();
        let is_open = |hole: &Hole| matches!(hole, Hole::Article { path, .. } if self.is_to_come(path));
        let address = |hole: &Hole| own.address(hole).or_else(|| is_open(hole).then(String::new));
        content.body.as_ref().and_then(|body| fill(body, &mut |hole| address(hole)).err())
    }

    fn loses_headings(&self, path: &DocPath) -> bool {
        self.heading_ids.get() == Some(HeadingIds::Made) && self.is_to_come(path)
    }

    /// Whether this run still writes the text of a file.
    fn is_to_come(&self, path: &DocPath) -> bool {
        self.to_come.borrow().contains(path)
    }

    /// Learns from an answer which ids the headings of an article have now.
    pub(super) fn learn(&self, change: &Change, sent: &str, answer: &Article) {
        let Subject::Article { path } = &change.subject else { return };
        let stored = html::parse(answer.body.as_deref().unwrap_or_default());
        let ids: Vec<String> = headings(&stored).into_iter().map(|heading| heading.id).collect();
        let mut sent = headings(&html::parse(sent)).into_iter().map(|heading| ids.contains(&heading.id)).peekable();
        if sent.peek().is_some() {
            // One id that stayed is no accident; one alone that did not may be.
            let found = if sent.any(|stayed| stayed) { HeadingIds::Kept } else { HeadingIds::Made };
            self.heading_ids.set(Some(found));
            self.base.borrow_mut().heading_ids = Some(found);
        }
        let mut own = self.own.borrow_mut();
        own.add_article(path, answer.id);
        own.add_sent(path, answer.id, &stored);
    }

    /// The digests of what the docs want, the body as it was sent.
    pub(super) fn texts(&self, change: &Change) -> Option<Texts> {
        let wanted = change.wanted.as_ref()?.texts.clone();
        let filled = match &change.subject {
            Subject::Article { path } => self.filled.borrow().get(path).cloned(),
            Subject::Collection { .. } => None,
        };
        Some(Texts { body: filled.unwrap_or_else(|| wanted.body.clone()), ..wanted })
    }
}

/// A text is not sent, as something that it links to is not there.
pub(super) fn not_there(hole: &Hole) -> Outcome {
    Outcome::failed(
        format!("it links to `{}`, which was not created; its text was not sent", hole.shown()),
        "see the message about that one, and run it again",
    )
}

/// What a step says besides: what was lost on the way, and what Intercom made of it.
pub(super) fn noted(note: Option<String>, compared: Result<Option<String>, String>) -> Result<Option<String>, String> {
    compared.map(|other| match (note, other) {
        (Some(note), Some(other)) => Some(format!("{note}; {other}")),
        (note, other) => note.or(other),
    })
}
