//! Says of a text why it is in sync or not.
//!
//! Nothing is decided here. Whose a difference is comes from the row of the plan that was made of the
//! same text, so what is explained is what is done.

use super::document::Part;
use super::explained::{Desires, Explained, Reason, Stored, Why};
use super::field::Field;
use super::inputs::Reasons;
use super::row::Row;
use super::show::place_name;
use super::side::{Facts, Side};
use super::step::Place;
use super::text::Which;
use crate::html::image;
use crate::intercom::model::{Article, ArticleId, State};
use crate::record::{ArticleRecord, Pair};
use crate::text::Digest;

impl Row<'_> {
    /// Adds to what was found why the text is in sync or not, where that is asked for.
    pub(super) fn explain(&self, id: ArticleId, part: &mut Part) {
        if self.inputs.rules.reasons == Reasons::Given {
            part.explained.push(self.explained(id));
        }
    }

    fn explained(&self, id: ArticleId) -> Explained {
        let desired = self.desired;
        let mut reasons = self.text_reasons(Which::Live);
        reasons.append(&mut self.text_reasons(Which::Draft));
        reasons.extend(self.state_reason());
        reasons.extend(self.place_reason());
        Explained {
            id,
            locale: self.locale.clone(),
            lines: self.record.into_iter().flat_map(ArticleRecord::lines).cloned().collect(),
            live: Some(self.stored(self.theirs())),
            draft: self.found.draft.as_ref().map(|draft| self.stored(draft)),
            docs: Some(Desires {
                title: Digest::of(&desired.title),
                description: desired.description.as_ref().map(Digest::of),
                sent: desired.digest().clone(),
                author: desired.author,
                images: image::bytes(&desired.summary().images),
                blob: self.file.blob().clone(),
            }),
            reasons,
        }
    }

    fn stored(&self, article: &Article) -> Stored {
        Stored {
            pair: Pair::seen(article, &self.desired.linked.own),
            by: self.inputs.live.name_of(article.updated_by_id.or(self.theirs().updated_by_id)),
        }
    }

    fn text_reasons(&self, of: Which) -> Vec<Reason> {
        let Some(difference) = self.difference(of) else { return Vec::new() };
        let article = match of {
            Which::Live => self.theirs(),
            Which::Draft => self.found.draft.as_ref().unwrap_or(self.theirs()),
        };
        let is_named = |field: &Field| match field {
            Field::Description => self.desired.description.is_some(),
            Field::Author => self.desired.author.is_some(),
            _ => true,
        };
        let follows_links = |facts: &Facts| {
            let renews = self.desired.linked.renews(&self.file.path);
            facts.docs_stayed && (renews || !self.desired.lands(article))
        };
        let reason = |field: Field| {
            let side = difference.side(field);
            let why = match difference.facts.get(&field) {
                Some(facts) if field == Field::Body && side == Side::Ours && follows_links(facts) => Why::Links,
                Some(facts) => Why::Record { facts: *facts, writer: difference.writer.clone() },
                None => Why::Texts,
            };
            Reason { field, of, side, why }
        };
        Field::TEXT.into_iter().filter(is_named).map(reason).collect()
    }

    fn state_reason(&self) -> Option<Reason> {
        let (docs, found) = (self.state?, self.theirs().state);
        let side = match docs {
            _ if docs == found => Side::Same,
            State::Draft => self.wants_it_offline(),
            State::Published if self.was_taken_offline() && !self.overwrites() => Side::Theirs,
            State::Published => Side::Ours,
        };
        let recorded = self.record.map(|record| record.state_beside(found));
        Some(Reason { field: Field::State, of: Which::Live, side, why: Why::State { docs, found, recorded } })
    }

    fn place_reason(&self) -> Option<Reason> {
        let wanted: &Place = self.place.as_ref()?;
        let moved = self.moved();
        let side = match moved.ours {
            _ if moved.both => Side::Both,
            _ if moved.theirs => Side::Theirs,
            Some(_) => Side::Ours,
            None => Side::Same,
        };
        let why = Why::Place(place_name(self.inputs, wanted));
        Some(Reason { field: Field::Collection, of: Which::Live, side, why })
    }
}
