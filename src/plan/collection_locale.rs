//! The name and the description of a collection in one locale.
//!
//! Each field is compared by itself, and what was changed in Intercom only is left alone.

use super::change::{Action, Blocked, Drift, LocaleChange};
use super::field::{Field, FieldChange};
use super::inputs::{Inputs, Theirs};
use super::side::{Side, text_side};
use crate::intercom::model::{Collection, GroupContent, resolved};
use crate::text::{Digest, DocPath};

/// What the docs say; a part that is `None` is left alone.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    pub title: Option<&'a String>,
    pub description: Option<&'a String>,
}

/// What Intercom has, without white space around it.
#[derive(Default)]
pub(super) struct Stored {
    pub name: String,
    pub description: String,
}

impl Stored {
    /// What a collection is called in the default locale.
    pub fn of(live: &Collection) -> Self {
        Self::trimmed(&live.name, live.description.as_deref())
    }

    /// What a collection is called in another locale.
    pub fn in_locale(live: Option<&GroupContent>) -> Self {
        live.map_or_else(Self::default, |live| Self::trimmed(&live.name, live.description.as_deref()))
    }

    fn trimmed(name: &str, description: Option<&str>) -> Self {
        Self { name: name.trim().to_owned(), description: description.unwrap_or_default().trim().to_owned() }
    }
}

/// What the record knows.
#[derive(Clone, Copy, Default)]
pub(super) struct Known<'a> {
    pub name: Option<&'a Digest>,
    pub description: Option<&'a Digest>,
}

/// A field, and whose its difference is.
pub(super) struct Compared {
    pub field: Field,
    pub side: Side,
    pub old: String,
    pub new: String,
}

/// Compares a name and a description.
pub(super) fn texts(said: Said<'_>, stored: &Stored, known: Known<'_>) -> Vec<Compared> {
    let fields = [
        (Field::Title, said.title, &stored.name, known.name),
        (Field::Description, said.description, &stored.description, known.description),
    ];
    let said = fields.into_iter().filter_map(|(field, docs, stored, known)| {
        let side = text_side(&resolved(docs?), stored, known);
        Some(Compared { field, side, old: stored.clone(), new: docs?.clone() })
    });
    said.collect()
}

/// Shows what differs and what drifted, and gives back the fields that are ours to change.
///
/// # Errors
/// Returns why nothing is done: a field changed on both sides.
pub(super) fn show(
    inputs: Inputs<'_>,
    mut compared: Vec<Compared>,
    file: &DocPath,
    updated_at: Option<i64>,
    part: &mut LocaleChange,
) -> Result<Vec<Field>, Blocked> {
    if inputs.rules.theirs == Theirs::Overwritten {
        compared.iter_mut().filter(|field| field.side > Side::Ours).for_each(|field| field.side = Side::Ours);
    }
    let of = |side: Side| compared.iter().filter(move |field| field.side == side);
    let changes: Vec<FieldChange> =
        of(Side::Theirs).map(|field| FieldChange::new(field.field, &field.new, &field.old)).collect();
    if !changes.is_empty() {
        part.action = Action::Drift;
        part.drift = Some(Drift {
            fields: changes.iter().map(|field| field.field).collect(),
            changes,
            by: "somebody".to_owned(),
            since: updated_at.and_then(|at| jiff::Timestamp::from_second(at).ok()),
            ..Drift::default()
        });
    }
    for field in compared.iter().filter(|field| matches!(field.side, Side::Ours | Side::Both)) {
        part.field(field.field, &field.old, &field.new);
    }
    let both = of(Side::Both).map(|field| field.field.name()).collect::<Vec<_>>().join(", ");
    if !both.is_empty() {
        return Err(Blocked::new(
            format!("conflict: {both} changed here and in Intercom"),
            format!("take that into `{file}`, or run `helpbook apply --overwrite` to replace it"),
        ));
    }
    Ok(of(Side::Ours).map(|field| field.field).collect())
}
