//! The kinds of findings: their names, their areas and how much they weigh.
//!
//! A name is stable: configurations, scripts and older audits name it. The guide's page `reference/audit.md` has a
//! row for each, which a test holds complete. An area's rules have a version, which is raised when a rule of it
//! judges differently, so that scores of two audits are compared only where they mean the same.

use serde::Serialize;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A customer does not get what is promised.
    Error,
    /// A customer gets it with difficulty, or may get it wrong.
    Warning,
    /// Worth a look.
    Note,
}

impl Severity {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A part of what makes a Help Center good. Each has a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Area {
    /// Links that go where they say.
    Links,
    /// Images that everybody can see.
    Images,
    /// Titles, headings, paragraphs and tables.
    Structure,
    /// Texts that say the same.
    Copies,
    /// Other locales.
    Locales,
    /// Collections, drafts, tags, audiences.
    Order,
    /// What nobody looked at for long.
    Age,
}

impl Area {
    /// Every area, in the order in which they are shown.
    pub const ALL: [Self; 7] =
        [Self::Links, Self::Images, Self::Structure, Self::Copies, Self::Locales, Self::Order, Self::Age];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Area::Links => "links",
            Area::Images => "images",
            Area::Structure => "structure",
            Area::Copies => "copies",
            Area::Locales => "locales",
            Area::Order => "order",
            Area::Age => "age",
        }
    }

    /// The version of its rules. Whoever changes what a rule of the area judges raises it.
    pub fn rules(self) -> u32 {
        match self {
            Area::Links | Area::Images | Area::Structure | Area::Copies | Area::Locales | Area::Order | Area::Age => 1,
        }
    }
}

/// A kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its stable name.
    pub id: &'static str,
    /// The area that it belongs to.
    pub area: Area,
    /// How much it weighs.
    pub severity: Severity,
    /// What to do, in a few words.
    pub help: &'static str,
}

macro_rules! kinds {
    ($($name:ident $id:literal $area:ident $severity:ident $help:literal)+) => {
        $(
            #[doc = concat!("`", $id, "`")]
            pub(super) static $name: Kind =
                Kind { id: $id, area: Area::$area, severity: Severity::$severity, help: $help };
        )+

        /// Every kind of finding, by area.
        pub static KINDS: &[&Kind] = &[$(&$name),+];
    };
}

kinds! {
    DEAD_ARTICLE_LINK "dead-article-link" Links Error "link to the article that took its place, or remove the link"
    DEAD_COLLECTION_LINK "dead-collection-link" Links Error "link to a collection that is there, or remove the link"
    LINK_TO_DRAFT "link-to-draft" Links Error "publish the article, or remove the link"
    DEAD_HEADING_LINK "dead-heading-link" Links Warning "link to a heading that is there, or to the article as a whole"
    OTHER_LOCALE_LINK "other-locale-link" Links Warning "link to the article in the language of the text"
    OLD_ADDRESS_LINK "old-address-link" Links Warning "write the address that customers see today"
    DEAD_OUTSIDE_LINK "dead-outside-link" Links Error "find where the page is now, or remove the link"
    MOVED_OUTSIDE_LINK "moved-outside-link" Links Note "write the new address, if it is the page that was meant"
    GONE_IMAGE "gone-image" Images Error "put the image in again, or remove it"
    HUGE_IMAGE "huge-image" Images Warning "save it smaller: as wide as it is shown, as JPEG or with fewer colours"
    MISSING_ALT "missing-alt" Images Warning "describe what the image shows, for who cannot see it and for search"
    REPEATED_IMAGE "repeated-image" Images Note "keep the place that needs it"
    HEADING_JUMP "heading-jump" Structure Warning "make it one level deeper than the heading above it, not more"
    WALL_OF_TEXT "wall-of-text" Structure Warning "break it into paragraphs, steps or a list"
    WIDE_TABLE "wide-table" Structure Warning "use fewer columns, or a list with a heading for each row"
    VAGUE_TITLE "vague-title" Structure Warning "say in the title which question the article answers"
    EQUAL_TITLE "equal-title" Structure Warning "give each a title that says what only it answers, or make one of them"
    NEAR_DUPLICATE "near-duplicate" Copies Warning "keep one of them and link to it"
    DIFFERENT_NUMBER "different-number" Copies Warning "find out which of them is right, and say it in one place"
    DIFFERENT_NAME "different-name" Copies Note "check that each is meant, and was not forgotten when a copy was changed"
    MISSING_LOCALE "missing-locale" Locales Note "translate and publish it"
    STALE_LOCALE "stale-locale" Locales Warning "bring the translation up to what the original says now"
    NO_COLLECTION "no-collection" Order Warning "put it into a collection, or take it from Fin"
    FORGOTTEN_DRAFT "forgotten-draft" Order Note "finish and publish it, or delete it"
    EMPTY_COLLECTION "empty-collection" Order Warning "delete it, or give it articles"
    SINGLE_ARTICLE_COLLECTION "single-article-collection" Order Note "move the article up, and delete the collection"
    DEEP_COLLECTION "deep-collection" Order Warning "move it up: customers find three levels at most"
    UNUSED_TAG "unused-tag" Order Note "delete it, unless conversations or people have it"
    UNUSED_AUDIENCE "unused-audience" Order Note "delete it, unless other content of Fin uses it"
    OLD_AND_READ "old-and-read" Age Warning "read it, correct it, and save it even if nothing is wrong"
}

/// The kind with a name.
pub fn kind(id: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_listed_by_area_each_once() {
        assert!(KINDS.is_sorted_by_key(|kind| kind.area));
        let ids: std::collections::BTreeSet<&str> = KINDS.iter().map(|kind| kind.id).collect();
        assert_eq!(ids.len(), KINDS.len());
        assert_eq!(kind("wide-table").map(|kind| kind.area), Some(Area::Structure));
        assert_eq!(kind("wide"), None);
    }
}
