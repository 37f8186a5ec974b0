//! What helpbook assumes of a workspace and a probe can find out, as a table.
//!
//! Each belief has the name that `docs/beliefs.md` and the switches of the local Help Center have for it. Nothing
//! here asks anything.

use std::borrow::Cow;

/// What has to be there to ask about a belief.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Drafts that no customer can see.
    Drafts,
    /// An article that is live for some seconds.
    Published,
    /// Something that no probe can do; the sentence says what.
    Never(&'static str),
}

/// Something that helpbook assumes.
#[derive(Debug, PartialEq, Eq)]
pub struct Belief {
    /// Its name, such as `heading-ids`.
    pub name: &'static str,
    /// What is assumed, a sentence without its period.
    pub says: &'static str,
    /// What helpbook does where it is not so.
    pub otherwise: &'static str,
    /// What it takes to ask.
    pub needs: Needs,
}

const fn draft(name: &'static str, says: &'static str, otherwise: &'static str) -> Belief {
    Belief { name, says, otherwise, needs: Needs::Drafts }
}

const fn published(name: &'static str, says: &'static str, otherwise: &'static str) -> Belief {
    Belief { name, says, otherwise, needs: Needs::Published }
}

const fn never(name: &'static str, says: &'static str, why: &'static str) -> Belief {
    Belief { name, says, otherwise: NOTHING, needs: Needs::Never(why) }
}

/// Nothing is done in another way.
pub const NOTHING: &str = "none";

/// The lock keeps what was sent beside what was stored, so that what Intercom made of a text is no difference.
const PAIR: &str = "none: the lock keeps what was sent beside what was stored";

/// Something that customers see is lost.
const NAMED: &str = "`apply` names what is lost; write it in another way";

/// Every belief, in the order in which they are asked and shown.
pub const BELIEFS: &[Belief] = &[
    draft("writes", "what is written is taken at this address", "nothing can be written; set `region` in helpbook.yml"),
    draft("next", "a list says the address of its next page", "none: every form is read"),
    draft("list-age", "a list has what was created a moment ago", "none: what is written is read by itself first"),
    draft("list-bodies", "the texts in a list are whole", "each article is read by itself, one request more for each"),
    draft(
        "parent-ids",
        "an article says in which collection it is, and those above it upwards",
        "none: the order means nothing",
    ),
    draft("draft-url", "what was never published has no address", "none: an address is read where there is one"),
    draft("updated-by", "an answer says who changed a text last", "reports say \"somebody\""),
    draft("updated-at", "the time of the last change moves with each change", "none: times are only shown"),
    draft("created-via", "a version says whether it came by the API", "without a lock, a text counts as a teammate's"),
    draft(
        "heading-ids",
        "a heading keeps the id that is sent with it",
        "texts are written after those to whose headings they link, with the ids of the answers",
    ),
    draft(
        "heading-levels",
        "the shallowest heading becomes the first level",
        "none: levels count from the shallowest heading",
    ),
    draft("styles", "a callout keeps its colours as they are sent", "`apply` names a colour that is lost once"),
    draft("table-styles", "a table keeps its borders, and its cells their colours and widths", PAIR),
    draft("table-heads", "cells of a head become ordinary ones", "none: both are one"),
    draft("table-alignment", "text in a cell keeps its alignment", PAIR),
    draft("nested-lists", "a list in a list is kept", NAMED),
    draft("list-numbers", "a list that starts at another number starts at 1", PAIR),
    draft("empty-paragraphs", "an empty paragraph is kept", PAIR),
    draft("white-space", "white space between two blocks becomes an empty paragraph", "none: none is sent"),
    draft("sections", "a section that opens and closes is kept", NAMED),
    draft("videos", "a video is kept", NAMED),
    draft("buttons", "a button is kept", NAMED),
    draft("code", "code keeps every character", NAMED),
    draft(
        "escapes",
        "special characters come back as they are written in HTML",
        "none: characters are compared, however they are written",
    ),
    draft("links", "a link keeps its address, with its query and its heading", NAMED),
    draft("images", "an image that Intercom hosts keeps its address when it is sent again", PAIR),
    draft(
        "images-again",
        "an image from elsewhere gets a new address each time",
        "none: one that Intercom has is sent by its address there",
    ),
    draft("empty-text", "an empty text empties an article", "`apply` names the text that stays"),
    draft(
        "answers",
        "what a write answers is what a read shows",
        "the versions decide whose a text is, one request more for each",
    ),
    draft("markdown", "a text sent back as the Markdown that it was read as stays the same", "none: HTML is sent"),
    draft("author", "an article whose author is not sent keeps it", "none: the author is always sent"),
    draft(
        "ai-flags",
        "Fin's three settings are as they were sent",
        "the plan shows a setting that does not stay again",
    ),
    draft(
        "fields",
        "title, description and audiences are as they were sent",
        "`apply` names a field that does not stay",
    ),
    draft(
        "translations",
        "an answer has the texts of all locales",
        "what is in other locales is not known, and nothing is written there",
    ),
    draft("names", "a tag comes back as it was named", "none: names are compared with their entities resolved"),
    draft("audiences", "the token may read audiences", "only articles that name audiences wait"),
    draft(
        "new-drafts",
        "what was never published takes no draft behind it",
        "none: such an article is written directly",
    ),
    draft("article-parent", "`parent_id: null` leaves an article in its collection", "none: it is never sent"),
    draft("collection-parent", "`parent_id: null` puts a collection at the top", "the next plan shows the move again"),
    draft("collection-levels", "a fourth level of collections is refused", "none: none is sent"),
    draft(
        "collection-delete",
        "a collection that holds an article is not deleted",
        "none: only empty ones are deleted",
    ),
    published("published-url", "a published article has an address", "links to it wait until it has one"),
    published(
        "drafts",
        "a draft behind a live article changes nothing that customers see",
        "`apply` is not safe here: change live articles with `apply --publish` alone, and report this",
    ),
    published(
        "draft-flag",
        "an answer says at once that a draft waits",
        "before each write the draft of whatever was live is asked for",
    ),
    published("same-content", "a draft that is sent as it is there is taken", "none: what is there is not sent"),
    published(
        "pending-writes",
        "while a draft waits, a change of the article becomes a part of it",
        "none: while a draft waits, nothing else is sent",
    ),
    published("draft-publish", "publishing a draft makes its text live", "`publish` names the article as failed"),
    published("offline-url", "an article that is taken offline keeps its address", "none: the lock says what was live"),
    never(
        "schedules",
        "an article goes live and offline by itself at its time",
        "it would publish an article when nobody looks",
    ),
    never(
        "ties",
        "records that changed in the same second keep their order",
        "it shows in large lists only; every list is counted",
    ),
    never(
        "autosave",
        "the editor keeps nothing between a read and the next write",
        "it takes a teammate in the editor",
    ),
    never(
        "editor",
        "an article is at a known address in Intercom's editor",
        "only a browser can see it: `helpbook open --draft` opens one",
    ),
];

/// What became of a belief.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It is so.
    Confirmed,
    /// It is not so.
    Different,
    /// Nobody knows.
    NotTried,
}

impl Outcome {
    /// Its name in the machine document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Different => "different",
            Self::NotTried => "not_tried",
        }
    }
}

/// A belief and what became of it. It holds nothing of the workspace: no name, no text, no id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What was asked.
    pub belief: &'static Belief,
    /// What became of it.
    pub outcome: Outcome,
    /// What was seen, or why nobody knows; empty where it is as assumed.
    pub found: Cow<'static, str>,
    /// What helpbook does because of it.
    pub effect: &'static str,
}

/// What was seen of one belief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// As it is assumed.
    Confirmed,
    /// Otherwise: what was seen, in words of ours.
    Different(Cow<'static, str>),
    /// Otherwise, with another effect than the table's.
    Changed { found: &'static str, effect: &'static str },
    /// It could not be seen, and why.
    Unknown(Cow<'static, str>),
}

impl Seen {
    /// Confirmed where it is so; else different, as `found` says.
    pub(super) fn unless(is_so: bool, found: &'static str) -> Self {
        if is_so { Self::Confirmed } else { Self::Different(found.into()) }
    }

    /// Different, for a request that was refused.
    pub(super) fn refused(status: u16) -> Self {
        Self::Different(format!("Intercom refuses it ({status})").into())
    }

    /// Not known, for what the answer to a request would have shown.
    pub(super) fn hidden(status: u16) -> Self {
        if (200..300).contains(&status) {
            return Self::Unknown("the answer could not be read".into());
        }
        Self::Unknown(format!("Intercom answered {status}").into())
    }

    /// The answer to a belief.
    pub(super) fn of(self, belief: &'static Belief) -> Answer {
        let (outcome, found, effect) = match self {
            Self::Confirmed => (Outcome::Confirmed, "".into(), NOTHING),
            Self::Different(found) => (Outcome::Different, found, belief.otherwise),
            Self::Changed { found, effect } => (Outcome::Different, found.into(), effect),
            Self::Unknown(why) => (Outcome::NotTried, why, NOTHING),
        };
        Answer { belief, outcome, found, effect }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_belief_has_a_name_of_its_own_and_a_row_in_the_table() {
        let table = include_str!("../../docs/beliefs.md");
        let names: BTreeSet<&str> = BELIEFS.iter().map(|belief| belief.name).collect();
        assert_eq!(names.len(), BELIEFS.len());
        let missing: Vec<&&str> = names.iter().filter(|name| !table.contains(&format!("`{name}`"))).collect();
        assert_eq!(missing, [&""; 0]);
    }
}
