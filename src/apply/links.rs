//! Links on their way out: a hole is filled when its body is sent, and a body with a hole that
//! cannot be filled is never sent.
//!
//! An answer shows what Intercom does with heading ids: where it makes them again, later links
//! go to the ids as they are there, and one that points to an article which is written later still
//! loses its heading. No article is written twice for that.

use super::compared::{Sent, both, sent};
use super::{Outcome, Run};
use crate::html::DocLink;
use crate::html::fill;
use crate::html::heading::Targets;
use crate::html::write::with_rgba_callouts;
use crate::intercom::model::ArticleId;
use crate::plan::{Change, Content, LocaleChange, Texts};
use crate::record::{Colors, HeadingIds};
use crate::text::DocPath;

/// The texts of an article as they are sent.
pub(super) struct Filled {
    pub texts: Texts,
    /// What was lost on the way, a sentence.
    pub note: Option<String>,
}

/// A body whose holes this run filled.
pub(super) struct FilledBody {
    /// As the plan has it.
    of: String,
    html: String,
}

impl Run<'_> {
    /// The texts of one request with every hole filled.
    ///
    /// # Errors
    /// Returns why nothing can be sent: something that a text links to was not created.
    pub(super) fn fill(&self, change: &Change, texts: &Texts) -> Result<Filled, Outcome> {
        let mut filled = Filled { texts: Texts::new(), note: None };
        for Sent { part, content } in sent(change, texts) {
            let (content, note) = self.fill_one(part, content)?;
            filled.texts.insert(part.locale.clone(), Box::new(content));
            filled.note = both(Ok(filled.note.take()), self.in_its_locale(part, Ok(note))).unwrap_or_default();
        }
        Ok(filled)
    }

    /// A text with every hole filled.
    pub(super) fn fill_one(
        &self,
        part: &LocaleChange,
        content: &Content,
    ) -> Result<(Content, Option<String>), Outcome> {
        let Some(body) = &content.body else { return Ok((content.clone(), None)) };
        let path = part.path.clone();
        // What was staged is what is published.
        if let Some(filled) = self.state.borrow().filled.get(&path).filter(|filled| filled.of == *body) {
            return Ok((Content { body: Some(filled.html.clone()), ..content.clone() }, None));
        }
        let mut lost: Vec<String> = Vec::new();
        let filled = fill(body, &mut |hole| {
            let state = self.state.borrow();
            let own = &state.own;
            match hole {
                DocLink::Article { path, heading: Some(_) } if self.loses_headings(path) => {
                    lost.push(format!("`{}`", hole.shown()));
                    own.address(&DocLink::Article { path: path.clone(), heading: None })
                }
                hole => own.address(hole),
            }
        });
        let filled = filled.map_err(|hole| not_there(&hole))?;
        let filled = match self.record.borrow().traits.colors {
            Some(Colors::Rgba) => with_rgba_callouts(&filled),
            Some(Colors::Hex) | None => filled,
        };
        if filled != *body {
            let filled = FilledBody { of: body.clone(), html: filled.clone() };
            self.state.borrow_mut().filled.insert(path, filled);
        }
        let note = (!lost.is_empty()).then(|| {
            format!(
                "the link to {} points to the top of that article: Intercom makes the ids of headings again, and that article links back",
                lost.join(", ")
            )
        });
        Ok((Content { body: Some(filled), ..content.clone() }, note))
    }

    /// Whether a new article can be sent as it is to stay: all that it links to is there.
    pub(super) fn is_whole(&self, content: &Content) -> bool {
        let state = self.state.borrow();
        let own = &state.own;
        let waits = |hole: &DocLink| match hole {
            DocLink::Article { path, heading: Some(_) } => {
                self.state.borrow().heading_ids != Some(HeadingIds::Kept) && self.is_to_come(path)
            }
            _ => false,
        };
        let address = |hole: &DocLink| own.address(hole).filter(|_| !waits(hole));
        content.body.as_ref().is_none_or(|body| fill(body, &mut |hole| address(hole)).is_ok())
    }

    /// The first link of a new article to something that this run tried to create and could not.
    pub(super) fn lacks(&self, content: &Content) -> Option<DocLink> {
        let state = self.state.borrow();
        let own = &state.own;
        let is_open = |hole: &DocLink| matches!(hole, DocLink::Article { path, .. } if self.is_to_come(path));
        let address = |hole: &DocLink| own.address(hole).or_else(|| is_open(hole).then(String::new));
        content.body.as_ref().and_then(|body| fill(body, &mut |hole| address(hole)).err())
    }

    fn loses_headings(&self, path: &DocPath) -> bool {
        self.state.borrow().heading_ids == Some(HeadingIds::Made) && self.is_to_come(path)
    }

    /// Whether this run still writes the text of a file.
    fn is_to_come(&self, path: &DocPath) -> bool {
        self.state.borrow().to_come.contains(path)
    }

    /// Sees from what Intercom stored which ids the headings of an article have now.
    pub(super) fn observe_heading_ids(&self, part: &LocaleChange, id: ArticleId, sent: &str, stored: &str) {
        let path = part.path.clone();
        let landings = Targets::of_stored(stored);
        let stayed = |id: &str| landings.iter().any(|heading| heading.id == id);
        let sent = if sent == stored { landings.clone() } else { Targets::of_stored(sent) };
        let with_id = sent.iter().filter(|heading| !heading.id.is_empty());
        let mut sent = with_id.map(|heading| stayed(&heading.id)).peekable();
        if sent.peek().is_some() {
            // One id that stayed is no accident; one alone that did not may be.
            let found = if sent.any(|stayed| stayed) { HeadingIds::Kept } else { HeadingIds::Made };
            self.state.borrow_mut().heading_ids = Some(found);
            self.record.borrow_mut().traits.heading_ids = Some(found);
        }
        let mut state = self.state.borrow_mut();
        let own = &mut state.own;
        let article = own.article_of(&path).clone();
        own.add_article(&article, id);
        own.add_sent(&path, id, landings);
    }
}

/// A text is not sent, as something that it links to is not there.
pub(super) fn not_there(hole: &DocLink) -> Outcome {
    Outcome::failed(
        format!("it links to `{}`, which was not created; its text was not sent", hole.shown()),
        "see the message about that one, and run it again",
    )
}
