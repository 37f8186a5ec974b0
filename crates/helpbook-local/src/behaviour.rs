//! What Intercom does in one of several ways, and nobody knows for sure in which.
//!
//! `docs/beliefs.md` has one row for each: what helpbook assumes, where, and what happens when it is false.
//! The first value of each is what helpbook assumes; every pipeline has to go on under the others, too.

use std::fmt;

use serde_json::{Map, Value, json};

macro_rules! behaviours {
    ($($(#[doc = $about:literal])+ $field:ident $kind:ident $name:literal {
        $($(#[doc = $says:literal])+ $value:ident $text:literal),+ $(,)?
    })+) => {
        $($(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $kind {
            $($(#[doc = $says])+ $value,)+
        }

        #[allow(clippy::derivable_impls, reason = "which value is the first is not known to the derive")]
        impl Default for $kind {
            fn default() -> Self {
                Self::VALUES[0].0
            }
        }

        impl $kind {
            const VALUES: &[(Self, &str)] = &[$((Self::$value, $text)),+];
        })+

        /// How a local Help Center behaves where Intercom's own way is not known.
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct Behaviour {
            $($(#[doc = $about])+ pub $field: $kind,)+
        }

        impl Behaviour {
            /// Every name with its values, the default one first.
            pub const ALL: &[(&str, &[&str])] = &[$(($name, &[$($text),+])),+];

            /// Sets one behaviour.
            ///
            /// # Errors
            /// Fails where there is no such behaviour, or no such value of it.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), BadBehaviour> {
                match name {
                    $($name => self.$field = choose($kind::VALUES, name, value)?,)+
                    _ => return Err(BadBehaviour::name(name)),
                }
                Ok(())
            }

            /// Every behaviour with its value.
            pub(crate) fn shown(&self) -> Value {
                let mut shown = Map::new();
                $(shown.insert($name.to_owned(), json!(text($kind::VALUES, self.$field)));)+
                shown.into()
            }
        }
    };
}

behaviours! {
    /// What becomes of heading ids on save (docs/intercom.md 9).
    heading_ids HeadingIds "heading-ids" {
        /// An id of Intercom's form that was sent is kept; other headings get a new one.
        Kept "kept",
        /// Every save gives every heading a new one.
        Regenerated "regenerated",
    }
    /// What becomes of the `url` of a text that is taken offline (docs/intercom.md 1.2).
    offline_url OfflineUrl "offline-url" {
        /// It stays.
        Kept "kept",
        /// It is null, as before the text was ever published.
        Null "null",
    }
    /// The `url` of a text that was never published.
    draft_url DraftUrl "draft-url" {
        /// It is null.
        Null "null",
        /// It is there already.
        Given "given",
    }
    /// The form of `pages.next` (docs/intercom.md 1.5).
    next NextForm "next" {
        /// The whole address of the next page; null on the last one. What the live API does.
        Url "url",
        /// The object of the specs; null on the last page.
        Object "object",
        /// Always null: only `total_pages` says how many there are.
        Null "null",
    }
    /// The order of records that were updated in the same second (docs/intercom.md 0.5).
    ties Ties "ties" {
        /// The newest id first, on every page.
        Stable "stable",
        /// Another order for each page and page size, but the same for the same request: a page walk sees some
        /// records twice and others never.
        Unstable "unstable",
    }
    /// What `has_unpublished_changes` says of a pending draft.
    draft_flag DraftFlag "draft-flag" {
        /// It is true.
        Given "given",
        /// It is false for some seconds after the draft was written.
        Late "late",
        /// It is in no answer.
        Missing "missing",
    }
    /// Whether versions say how they came to be.
    created_via CreatedVia "created-via" {
        /// `web` or `api`.
        Given "given",
        /// Nothing.
        Missing "missing",
    }
    /// Whether answers say who changed a text last.
    updated_by UpdatedBy "updated-by" {
        /// `updated_by_id`.
        Given "given",
        /// Nothing.
        Missing "missing",
    }
    /// What answers say of the locales of an article.
    translations Translations "translations" {
        /// All of them, where there are several.
        Given "given",
        /// `translated_content` is null.
        Null "null",
        /// It is not there.
        Missing "missing",
        /// It has no bodies.
        Partial "partial",
    }
    /// The bodies in lists of articles.
    list_bodies ListBodies "list-bodies" {
        /// They are whole.
        Given "given",
        /// There are none.
        Missing "missing",
        /// They are cut.
        Short "short",
    }
    /// How old lists are.
    list_age ListAge "list-age" {
        /// They are as of now.
        Now "now",
        /// They are some seconds late.
        Late "late",
    }
    /// When `updated_at` moves.
    updated_at UpdatedAt "updated-at" {
        /// With each write.
        Moves "moves",
        /// Never.
        Still "still",
        /// By itself, from read to read.
        Wanders "wanders",
    }
    /// What `parent_ids` holds.
    parent_ids ParentIds "parent-ids" {
        /// The collection, then those above it.
        Upwards "upwards",
        /// Those above it, then the collection.
        Downwards "downwards",
        /// Nothing.
        Empty "empty",
    }
    /// How names of tags and audiences come in answers.
    names Names "names" {
        /// As they were sent.
        Plain "plain",
        /// With entities.
        Escaped "escaped",
    }
    /// What becomes of the style of a callout on save.
    styles Styles "styles" {
        /// It is kept.
        Kept "kept",
        /// It goes.
        Dropped "dropped",
        /// It is spelled in another way.
        Rewritten "rewritten",
        /// It goes, unless its colours are written as `rgb()` or `rgba()`.
        Rgba "rgba",
    }
    /// What becomes of the styles of a table and its cells on save.
    table_styles TableStyles "table-styles" {
        /// They are kept.
        Kept "kept",
        /// They go.
        Dropped "dropped",
    }
    /// What becomes of an empty paragraph between two others on save.
    empty_paragraphs EmptyParagraphs "empty-paragraphs" {
        /// It is kept.
        Kept "kept",
        /// It goes.
        Dropped "dropped",
    }
    /// What becomes of white space between two blocks on save.
    white_space WhiteSpace "white-space" {
        /// An empty paragraph.
        Paragraph "paragraph",
        /// Nothing.
        Nothing "nothing",
    }
    /// How quotes in text are written in answers.
    escapes Escapes "escapes" {
        /// As they are.
        Few "few",
        /// As entities.
        Many "many",
    }
    /// Whether there are drafts behind live articles.
    drafts Drafts "drafts" {
        /// There are.
        Given "given",
        /// Their paths are a 404.
        Missing "missing",
    }
    /// What becomes of an image that Intercom hosts when its text is saved again.
    images Images "images" {
        /// It keeps its address.
        Kept "kept",
        /// It gets a new one.
        Renewed "renewed",
    }
    /// What the editor does while a teammate has an article open.
    autosave Autosave "autosave" {
        /// Nothing by itself.
        None "none",
        /// It keeps a draft of what is live, between a read of the article and the next write.
        Between "between",
    }
    /// What becomes of a draft that is sent as it is there already.
    same_content SameContent "same-content" {
        /// It is taken.
        Accepted "accepted",
        /// It is a 422.
        Refused "refused",
    }
    /// Whether the token may read audiences.
    audiences Audiences "audiences" {
        /// It may.
        Readable "readable",
        /// It gets a 401.
        Unauthorized "unauthorized",
    }
    /// Where the editor is.
    editor Editor "editor" {
        /// At the address that helpbook takes for it.
        Assumed "assumed",
        /// Elsewhere: that address leads nowhere.
        Elsewhere "elsewhere",
    }
    /// Whether what is written is taken here.
    writes Writes "writes" {
        /// It is.
        Here "here",
        /// It is a 404, as where another region is asked.
        Elsewhere "elsewhere",
    }
}

fn choose<T: Copy>(values: &[(T, &'static str)], name: &str, value: &str) -> Result<T, BadBehaviour> {
    let found = values.iter().find(|(_, text)| *text == value).map(|(found, _)| *found);
    found.ok_or_else(|| BadBehaviour::value(name, value, values.iter().map(|(_, text)| *text)))
}

fn text<T: Copy + PartialEq>(values: &[(T, &'static str)], value: T) -> &'static str {
    values.iter().find(|(found, _)| *found == value).map_or("", |(_, text)| text)
}

/// There is no such behaviour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadBehaviour(String);

impl BadBehaviour {
    fn name(name: &str) -> Self {
        let names: Vec<&str> = Behaviour::ALL.iter().map(|(name, _)| *name).collect();
        Self(format!("there is no behaviour `{name}`; there is {}", names.join(", ")))
    }

    fn value<'v>(name: &str, value: &str, values: impl Iterator<Item = &'v str>) -> Self {
        Self(format!("`{name}` is no `{value}`; it is {}", values.collect::<Vec<_>>().join(" or ")))
    }
}

impl fmt::Display for BadBehaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadBehaviour {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_behaviour_has_its_values_and_no_others() {
        for (name, values) in Behaviour::ALL {
            let mut behaviour = Behaviour::default();
            assert_eq!(behaviour.shown()[name], values[0]);
            for value in *values {
                behaviour.set(name, value).unwrap();
                assert_eq!(behaviour.shown()[name], *value);
            }
            assert!(behaviour.set(name, "nonsense").unwrap_err().to_string().contains(values[0]));
        }
        assert!(Behaviour::default().set("nonsense", "kept").unwrap_err().to_string().contains("heading-ids"));
    }
}
