//! Whose a change is: the one rule for every field of articles and collections.
//!
//! Three values meet: what the docs say, what Intercom has, and what the record knows. What Intercom
//! has and the record knows is ours.

use crate::text::Digest;

/// Whose a difference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// There is none.
    Same,
    /// The docs changed.
    Ours,
    /// It was changed in Intercom.
    Theirs,
    /// Both changed, and not to the same.
    Both,
}

/// What is known of a field before it is decided whose its difference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Whether Intercom has what the docs say.
    pub is_as_docs: bool,
    /// Whether Intercom has something that the record knows.
    pub is_known: bool,
    /// Whether the docs say what they said when Intercom's value was known last.
    pub docs_stayed: bool,
}

impl Facts {
    /// Whose the difference is.
    pub fn side(self) -> Side {
        match self {
            Facts { is_as_docs: true, .. } => Side::Same,
            Facts { is_known: true, .. } => Side::Ours,
            Facts { docs_stayed: true, .. } => Side::Theirs,
            _ => Side::Both,
        }
    }
}

/// Whose the difference of a plain value is. `live` is `None` where Intercom does not say, `known` holds
/// what the record knows: nothing where we never set it, and then a difference is ours.
pub(super) fn side<T: PartialEq>(docs: &T, live: Option<&T>, known: &[T]) -> Side {
    let Some(live) = live else { return if known.contains(docs) { Side::Same } else { Side::Ours } };
    Facts {
        is_as_docs: docs == live,
        is_known: known.is_empty() || known.contains(live),
        docs_stayed: known.contains(docs),
    }
    .side()
}

/// What the record knows, as [`side`] takes it.
pub(super) fn known<T>(known: Option<&T>) -> &[T] {
    known.map_or(&[], std::slice::from_ref)
}

/// Whose the difference of a name or description is; the record has its digest.
pub(super) fn text_side(docs: &str, live: &str, known: Option<&Digest>) -> Side {
    if docs == live { Side::Same } else { side(&Digest::of(docs), Some(&Digest::of(live)), self::known(known)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(docs: u8, live: Option<u8>, known: &[u8], expected: Side) {
        assert_eq!(side(&docs, live.as_ref(), known), expected, "{docs} {live:?} {known:?}");
    }

    #[test]
    fn three_values_say_whose_a_change_is() {
        check(1, Some(1), &[], Side::Same);
        check(1, Some(1), &[2], Side::Same);
        check(2, Some(1), &[1], Side::Ours);
        check(1, Some(2), &[1], Side::Theirs);
        check(2, Some(3), &[1], Side::Both);
    }

    #[test]
    fn what_was_never_set_is_ours_to_set() {
        check(1, Some(2), &[], Side::Ours);
        check(1, None, &[], Side::Ours);
        check(1, None, &[1], Side::Same);
        check(2, None, &[1], Side::Ours);
    }

    #[test]
    fn after_a_merge_of_two_branches_either_value_is_known() {
        check(1, Some(2), &[1, 2], Side::Ours);
        check(1, Some(3), &[1, 2], Side::Theirs);
    }
}
