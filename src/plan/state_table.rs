//! The state table: what happens to an article in one locale.
//!
//! Two cases, by what customers see: an article that nobody can see, and one that is live. In each, what
//! differs is first told apart by whose change it is; what is theirs only is left alone and takes the live
//! value, so that the rest can go on.

use std::collections::BTreeSet;

use super::change::{Action, BodyPair};
use super::content::{Content, Texts};
use super::field::Field;
use super::locale_plan::LocalePlan;
use super::row::{Moved, Row};
use super::side::Side;
use super::step::{Publish, SettingsEdit, Stage};
use super::text::{Difference, Origin, Which};
use super::wanted::Wanted;
use crate::html::diff::Diff;
use crate::intercom::model::{Article, State};

/// The draft behind a live text.
struct Pending<'a> {
    found: Option<&'a Article>,
    difference: Option<Difference>,
    owner: Owner,
}

/// Whose a draft is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Ours,
    /// A teammate's, and the docs replace it: `--overwrite`.
    Replaced,
    Teammate,
}

impl Pending<'_> {
    /// Whether it may be written over.
    fn is_ours(&self) -> bool {
        self.owner != Owner::Teammate
    }
}

/// What happens to the text of a live article.
enum TextPlan {
    /// It goes as the plan says.
    Goes(LocalePlan),
    /// Nothing is done: a teammate's draft is in the way.
    Refused(LocalePlan),
    /// A teammate's draft is pending, and the docs change nothing of the text.
    LeftAlone(LocalePlan),
}

impl Row<'_> {
    pub(super) fn change(&self, change: LocalePlan) -> Option<LocalePlan> {
        let mut change = match self.theirs().state {
            State::Draft => self.hidden(change),
            State::Published => self.published(change),
        }?;
        let left = change.shown.drift.iter().flat_map(|drift| drift.fields.iter().copied()).collect();
        let is_staged = change.stage.is_none() && change.publish.contains(&self.publish_draft());
        change.shown.wanted = Some(Wanted {
            staged: self.found.draft.as_ref().filter(|_| is_staged).map(|draft| Box::new(self.staged(draft, &left))),
            ..self.wanted(&left)
        });
        if change.stage.is_some() && self.desired.linked.renews(&self.file.path) {
            change.shown.notes.push("its links follow headings whose ids change with this plan".to_owned());
            if change.shown.body.has_only_same_lines() {
                change.shown.body = Diff::default();
                change.shown.sides = BodyPair::default();
            }
        }
        if self.adopted && change.shown.blocked.is_none() {
            if change.stage.is_none() {
                change.stage = Some(Stage::Adopt);
            }
            change.shown.action = Action::Adopt;
        }
        Some(change)
    }

    /// An article that no customer can see: never published, or taken offline.
    fn hidden(&self, mut change: LocalePlan) -> Option<LocalePlan> {
        let theirs = self.theirs();
        let difference = self.difference(Which::Live)?;
        let moved = self.moved();
        if let Some(both) = both(&difference, &moved) {
            return Some(self.conflict(change, &both, &difference, &moved));
        }
        change.shown.notes.extend(difference.notes.iter().cloned());
        let mut drifted = difference.theirs.clone();
        if !difference.ours.is_empty() || moved.ours.is_some() {
            self.show(&mut change.shown, theirs, &difference.ours);
            self.show_move(&mut change.shown, moved.ours.as_ref());
            change.shown.action = if difference.ours.is_empty() { Action::Move } else { Action::Update };
            // Where it is is seen by those who read it in another locale.
            let (at_once, at_publish) =
                if self.is_live_elsewhere { (None, moved.ours.clone()) } else { (moved.ours.clone(), None) };
            if !difference.ours.is_empty() || at_once.is_some() {
                let content = self.content(&difference.ours, &difference.theirs);
                change.stage = Some(Stage::Update { texts: change.texts(content), place: at_once });
            }
            change.publish.extend(at_publish.map(|place| Publish::Settings(SettingsEdit::to_place(place))));
        }
        drifted.extend(moved.theirs.then_some(Field::Collection));
        let mut refuses = None;
        if self.state == Some(State::Published) {
            // A description that a teammate wrote would go live with the rest, and nobody asked for it.
            let slipped_in = self.has_unknown_description();
            drifted.extend(slipped_in.then_some(Field::Description));
            if self.was_taken_offline() && !self.overwrites() {
                drifted.insert(Field::State);
                refuses = Some("it was taken offline in Intercom".to_owned());
            } else if difference.theirs.is_empty() && !slipped_in {
                if self.was_taken_offline() {
                    change.shown.notes.push(
                        "it was taken offline in Intercom; only `--overwrite` with `--publish` makes it live again"
                            .to_owned(),
                    );
                }
                change.shown.field(Field::State, "draft", "published");
                change.publish.push(self.go_live(&difference.theirs));
                if change.stage.is_none() {
                    change.shown.action = Action::Publish;
                }
            } else {
                refuses = Some("its text was changed in Intercom, and publishing would make that text live".to_owned());
            }
        }
        self.add_drift(&mut change, drifted, refuses);
        self.adopted_or_changed(change)
    }

    /// A live article: text goes behind it as a draft, everything else waits for publish.
    fn published(&self, mut change: LocalePlan) -> Option<LocalePlan> {
        let difference = self.difference(Which::Live)?;
        let draft = self.pending();
        if self.state == Some(State::Draft) && self.wants_it_offline() == Side::Ours {
            return Some(self.offline(change, &difference, &draft));
        }
        let moved = self.moved();
        if let Some(both) = both(&difference, &moved) {
            return Some(self.conflict(change, &both, &difference, &moved));
        }
        change.shown.notes.extend(difference.notes.iter().cloned());
        let mut drifted = difference.theirs.clone();
        let mut refuses = None;
        if self.state == Some(State::Draft) {
            drifted.insert(Field::State);
            refuses = Some("it was published in Intercom".to_owned());
        }
        match self.text_and_draft(change, &difference, &draft) {
            TextPlan::Goes(planned) => change = planned,
            TextPlan::Refused(planned) => return Some(planned),
            TextPlan::LeftAlone(planned) if moved.ours.is_none() && drifted.is_empty() => {
                return self.adopted_or_changed(planned);
            }
            TextPlan::LeftAlone(planned) => {
                change = planned;
                change.shown.notes.push("a teammate's draft is pending in Intercom; it is left alone".to_owned());
            }
        }
        if let Some(place) = moved.ours {
            if draft.is_ours() || draft.found.is_none() {
                self.show_move(&mut change.shown, Some(&place));
                if change.publish.is_empty() {
                    change.shown.action = Action::Move;
                }
                change.publish.push(Publish::Settings(SettingsEdit::to_place(place)));
            } else if let Some(draft) = draft.found {
                return Some(self.teammates_draft(
                    change,
                    draft,
                    "it is to move, and a teammate's draft is pending in Intercom",
                ));
            }
        }
        drifted.extend(moved.theirs.then_some(Field::Collection));
        self.add_drift(&mut change, drifted, refuses);
        self.adopted_or_changed(change)
    }

    /// The draft behind the live text, and whose it is.
    fn pending(&self) -> Pending<'_> {
        let difference = self.difference(Which::Draft);
        let is_known = difference.as_ref().is_none_or(|difference| difference.origin == Origin::Ours);
        let owner = match (is_known, self.overwrites()) {
            (true, _) => Owner::Ours,
            (false, true) => Owner::Replaced,
            (false, false) => Owner::Teammate,
        };
        Pending { found: self.found.draft.as_ref(), difference, owner }
    }

    /// What happens to the text of a live article, beside the draft that may be pending.
    fn text_and_draft(&self, mut change: LocalePlan, difference: &Difference, pending: &Pending<'_>) -> TextPlan {
        let (theirs, changes) = (self.theirs(), !difference.ours.is_empty());
        let Some(draft) = pending.found else {
            if changes {
                if self.is_discarded() {
                    let note = "the draft that was staged is gone in Intercom; it is staged again";
                    change.shown.notes.push(note.to_owned());
                }
                self.show(&mut change.shown, theirs, &difference.ours);
                change.shown.action = Action::Update;
                change.stage = Some(self.stage_draft(&difference.ours, &difference.theirs));
                change.publish.push(self.publish_draft());
            }
            return TextPlan::Goes(change);
        };
        let stale = self.stale(draft, pending.difference.as_ref(), &difference.theirs);
        match (stale.is_empty(), changes) {
            (true, true) => {
                self.show(&mut change.shown, theirs, &difference.ours);
                change.shown.action = Action::Publish;
                change.publish.push(self.publish_draft());
            }
            // The draft says what is live: a change that was reverted after it was staged.
            (true, false) if pending.is_ours() => {
                change.shown.action = Action::Publish;
                change.shown.notes.push("its staged draft says what is live: publishing clears it".to_owned());
                change.publish.push(self.publish_draft());
            }
            (true, false) => {}
            (false, _) if pending.is_ours() => {
                let (old, fields) = if changes { (theirs, &difference.ours) } else { (draft, &stale) };
                self.show(&mut change.shown, old, fields);
                change.shown.action = Action::Update;
                change.shown.notes.extend(pending.difference.iter().flat_map(|found| found.notes.iter().cloned()));
                let note = match (pending.owner, changes) {
                    (Owner::Ours, true) => "it replaces the draft that is staged".to_owned(),
                    (Owner::Ours, false) => "it takes back the draft that is staged".to_owned(),
                    _ => format!("it replaces a draft by {}", self.drafted_by(draft)),
                };
                change.shown.notes.push(note);
                change.stage = Some(self.stage_draft(&stale, &difference.theirs));
                change.publish.push(self.publish_draft());
            }
            (false, true) => {
                let reason = "a teammate's draft is pending in Intercom";
                return TextPlan::Refused(self.teammates_draft(change, draft, reason));
            }
            (false, false) => return TextPlan::LeftAlone(change),
        }
        TextPlan::Goes(change)
    }

    /// The docs want a live article offline.
    fn offline(&self, mut change: LocalePlan, difference: &Difference, pending: &Pending<'_>) -> LocalePlan {
        if !pending.is_ours()
            && let Some(draft) = pending.found
        {
            return self.teammates_draft(
                change,
                draft,
                "it is to go offline, and a teammate's draft is pending in Intercom",
            );
        }
        let moved = self.moved();
        if let Some(both) = both(difference, &moved) {
            return self.conflict(change, &both, difference, &moved);
        }
        let mut fields = difference.ours.clone();
        if let Some(draft) = &self.found.draft {
            fields.append(&mut self.stale(draft, pending.difference.as_ref(), &difference.theirs));
        }
        if let Some(place) = &moved.ours {
            self.show_move(&mut change.shown, Some(place));
            change.publish.push(Publish::Settings(SettingsEdit::to_place(place.clone())));
        }
        self.show(&mut change.shown, self.theirs(), &fields);
        change.shown.action = Action::Unpublish;
        change.shown.field(Field::State, "published", "draft");
        let content = if fields.is_empty() { Content::default() } else { self.content(&fields, &difference.theirs) };
        change.publish.push(Publish::Offline { texts: change.texts(content) });
        let mut drifted = difference.theirs.clone();
        drifted.extend(moved.theirs.then_some(Field::Collection));
        self.add_drift(&mut change, drifted, None);
        change
    }

    fn publish_draft(&self) -> Publish {
        Publish::Draft { locales: vec![self.locale.clone()] }
    }

    fn stage_draft(&self, fields: &BTreeSet<Field>, left: &BTreeSet<Field>) -> Stage {
        Stage::Draft {
            texts: [(self.locale.clone(), Box::new(self.content(fields, left)))].into(),
            hidden: Texts::new(),
        }
    }

    fn go_live(&self, left: &BTreeSet<Field>) -> Publish {
        let texts = [(self.locale.clone(), Box::new(self.content(&BTreeSet::new(), left)))].into();
        if self.is_default() { Publish::Live { texts, at: None } } else { Publish::Locales { texts } }
    }

    fn adopted_or_changed(&self, change: LocalePlan) -> Option<LocalePlan> {
        let empty = change.stage.is_none()
            && change.publish.is_empty()
            && change.shown.drift.is_none()
            && change.shown.notes.is_empty();
        (self.adopted || !empty).then_some(change)
    }
}

/// The fields that were changed here and in Intercom, if there are any.
fn both(difference: &Difference, moved: &Moved) -> Option<BTreeSet<Field>> {
    let mut fields = difference.both.clone();
    fields.extend(moved.both.then_some(Field::Collection));
    (!fields.is_empty()).then_some(fields)
}
