//! What a change of an article shows to the person who reads the plan: fields and body, old and
//! new, what drifted, and why something is not done.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::change::{Action, Blocked, BodyPair, Drift, LocaleChange, Picture};
use super::desired::Desired;
use super::field::{Field, FieldChange};
use super::inputs::{Inputs, Pages};
use super::locale_plan::LocalePlan;
use super::row::{Moved, Row};
use super::step::Place;
use super::text::{Difference, Which};
use crate::html::{self, Body};
use crate::intercom::model::Article;

impl Row<'_> {
    /// Shows fields, old and new.
    pub(super) fn show(&self, change: &mut LocaleChange, old: &Article, fields: &BTreeSet<Field>) {
        for field in fields {
            match field {
                Field::Title => change.field(*field, old.title.trim(), &self.desired.title),
                Field::Description => {
                    let new = self.desired.description.as_ref().or(self.theirs().description.as_ref());
                    let old = old.description.as_deref().unwrap_or_default().trim();
                    change.field(*field, old, new.cloned().unwrap_or_default());
                }
                Field::Author => {
                    let name = |id| self.inputs.live.name_of(id);
                    change.field(*field, name(old.author_id), name(self.desired.author.or(self.theirs().author_id)));
                }
                Field::Body => {
                    show_body(change, self.inputs, self.desired, Some(&self.desired.recognised(old)));
                }
                // Those are shown where they are compared.
                _ => {}
            }
        }
    }

    pub(super) fn show_move(&self, change: &mut LocaleChange, place: Option<&Place>) {
        let Some(place) = place else { return };
        let live = self.inputs.live;
        let from = live.places(self.theirs()).first().copied();
        let mut old = from.map(|id| live.path_of(id).join(" / ")).unwrap_or_default();
        let mut new = place_name(self.inputs, place);
        // Two collections may have one name.
        if old == new
            && let (Some(from), Place::Id(to)) = (from, place)
        {
            old = format!("{old} ({from})");
            new = format!("{new} ({to})");
        }
        change.field(Field::Collection, old, new);
    }

    /// Names the state beside something that is refused, whosever change it is.
    pub(super) fn show_state(&self, change: &mut LocalePlan) {
        let (found, Some(wanted)) = (self.theirs().state, self.state) else { return };
        let is_named = |field: &FieldChange| field.field == Field::State;
        let drifts = change.shown.drift.as_ref().is_some_and(|drift| drift.fields.contains(&Field::State));
        let waits = self.settings.publish_at.is_some() || self.theirs().scheduled_publish_at.is_some();
        if wanted == found || waits || drifts || change.shown.fields.iter().any(is_named) {
            return;
        }
        if self.is_state_theirs() {
            self.add_drift(change, [Field::State].into(), None);
        } else {
            change.shown.field(Field::State, found.to_string(), wanted.to_string());
        }
    }

    pub(super) fn since(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.theirs().updated_at).ok()
    }

    pub(super) fn add_drift(
        &self,
        change: &mut LocalePlan,
        fields: BTreeSet<Field>,
        publish_blocked_by: Option<String>,
    ) {
        if fields.is_empty() {
            return;
        }
        change.act_if_idle(Action::Drift);
        let by = self.inputs.live.name_of(self.theirs().updated_by_id);
        let mut shown = LocaleChange::new(self.locale, &self.file.path, "");
        self.show(&mut shown, self.theirs(), &fields);
        if fields.contains(&Field::Collection) {
            self.show_move(&mut shown, self.place.as_ref());
        }
        if fields.contains(&Field::State)
            && let Some(wanted) = self.state
        {
            shown.field(Field::State, self.theirs().state.to_string(), wanted.to_string());
        }
        let changes: Vec<FieldChange> = shown.fields.into_iter().map(FieldChange::reversed).collect();
        let body = shown.body.reversed();
        let sides = shown.sides.reversed();
        let mut fields: Vec<Field> = fields.into_iter().collect();
        match &mut change.shown.drift {
            Some(drift) => {
                drift.fields.append(&mut fields);
                drift.changes.extend(changes);
            }
            None => {
                change.shown.drift =
                    Some(Drift { fields, changes, body, sides, by, since: self.since(), publish_blocked_by });
            }
        }
    }

    /// Refuses what was changed on both sides. What was changed in Intercom beside that is named, too:
    /// `--overwrite` would replace it as well.
    pub(super) fn conflict(
        &self,
        mut change: LocalePlan,
        fields: &BTreeSet<Field>,
        difference: &Difference,
        moved: &Moved,
    ) -> LocalePlan {
        let mut theirs = difference.theirs.clone();
        theirs.extend(moved.theirs.then_some(Field::Collection));
        self.add_drift(&mut change, theirs, None);
        let shown: BTreeSet<Field> = fields.union(&difference.ours).copied().collect();
        self.show(&mut change.shown, self.theirs(), &shown);
        let is_shown = fields.contains(&Field::Collection) || moved.ours.is_some();
        self.show_move(&mut change.shown, self.place.as_ref().filter(|_| is_shown));
        self.show_state(&mut change);
        let names = fields.iter().map(|field| field.name()).collect::<Vec<_>>().join(", ");
        let blocked = Blocked {
            by: Some(self.inputs.live.name_of(self.theirs().updated_by_id)),
            since: self.since(),
            ..Blocked::new(
                format!("conflict: {names} changed here and in Intercom"),
                format!(
                    "run `helpbook pull {0}` to merge their change into the file, or `helpbook apply --overwrite {0}` to replace it",
                    self.file.path
                ),
            )
        };
        change.blocked(blocked)
    }

    pub(super) fn teammates_draft(&self, mut change: LocalePlan, draft: &Article, reason: &str) -> LocalePlan {
        let fields = self.difference(Which::Draft).map(|found| found.all()).unwrap_or_default();
        change.shown.fields.clear();
        change.shown.body = html::diff::Diff::default();
        change.shown.sides = BodyPair::default();
        change.shown.notes.clear();
        change.shown.drift = None;
        self.show(&mut change.shown, draft, &fields);
        let since =
            draft.draft_updated_at.or(self.theirs().draft_updated_at).and_then(|at| Timestamp::from_second(at).ok());
        let by = self.drafted_by(draft);
        let moved = self.moved();
        self.show_move(&mut change.shown, moved.ours.as_ref());
        let mut theirs = self.difference(Which::Live).map(|found| found.theirs).unwrap_or_default();
        theirs.extend(moved.theirs.then_some(Field::Collection));
        self.add_drift(&mut change, theirs, None);
        self.show_state(&mut change);
        let hint = format!(
            "publish or discard that draft in Intercom, run `helpbook pull {0}` to take it into the file, or `helpbook apply --overwrite {0}` to replace it",
            self.file.path
        );
        change.blocked(Blocked { by: Some(by), since, ..Blocked::new(reason, hint) })
    }

    pub(super) fn drafted_by(&self, draft: &Article) -> String {
        self.inputs.live.name_of(draft.updated_by_id.or(self.theirs().updated_by_id))
    }
}

/// Shows a body beside the one in Intercom, if any does: in words and as a page.
pub(super) fn show_body(change: &mut LocaleChange, inputs: Inputs<'_>, desired: &Desired<'_>, theirs: Option<&Body>) {
    let nothing = Body::default();
    let theirs = theirs.unwrap_or(&nothing);
    let body = &desired.written().body;
    let (old, new) = desired.linked.markdown(theirs, body);
    change.body = html::diff::words(&old, &new);
    if inputs.rules.pages == Pages::LeftOut {
        return;
    }
    let side = |body| html::block_diff::side(body, &desired.linked.own);
    change.sides = BodyPair { old: side(theirs), new: side(body), pictures: BTreeMap::new() };
    html::tree::for_each_image(&body.blocks, &mut |image| {
        let Some(file) = &image.file else { return };
        if let Some(known) = inputs.book.images.get(&file.path) {
            let picture = Picture { path: file.path.clone(), bytes: known.bytes };
            change.sides.pictures.insert(file.name.clone(), picture);
        }
    });
}

/// A collection by its names from the top down.
pub(super) fn place_name(inputs: Inputs<'_>, place: &Place) -> String {
    match place {
        Place::Id(id) => inputs.live.path_of(*id).join(" / "),
        Place::Folder(folder) => format!("{folder} (new)"),
    }
}
