//! Where Intercom's description of its API is wrong or silent, each place with its reason.
//!
//! A deviation is one complaint of `validate`, by its place in the description and by what is said of it. What does not
//! occur any more is stale, so that the list never excuses more than it has to: see `unlisted` and `stale`.
//! A number in brackets is a section of docs/intercom.md.

use super::validate::Complaint;

/// A complaint that is no fault of helpbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deviation {
    /// The place in the description.
    pub place: &'static str,
    /// The complaint.
    pub what: &'static str,
    /// Where it may be: operations with `request` or a status; empty for all.
    pub within: &'static [&'static str],
    /// Why the description is not followed.
    pub reason: &'static str,
}

const fn deviation(place: &'static str, what: &'static str, reason: &'static str) -> Deviation {
    Deviation { place, what, within: &[], reason }
}

/// What is missing or too much in the short refusals of drafts.
const fn short_refusal(place: &'static str, what: &'static str) -> Deviation {
    let within = &["PUT /articles/{integer}/draft 422", "POST /articles/{integer}/draft/publish 422"];
    let reason = "the 422 of a text without draft, or never published, is short: a message and a status, without type, \
                  code and request id (1.6)";
    Deviation { place, what, within, reason }
}

const PAGES: &str = "page and per_page work on every list, though this one names no parameter (1.5, 2)";
const TOO_BIG: &str = "a page of more than 250 records is refused (1.5), and no 400 is listed";
const OWN_TEXT: &str = "its own text names values that are refused with a 400, and none is listed";
const TWO_BODIES: &str = "body and body_markdown together are a 422 (1.4), and none is listed";

/// Every place.
pub const DEVIATIONS: &[Deviation] = &[
    // What requests have.
    deviation("GET /articles?page", "is not described", PAGES),
    deviation("GET /articles?per_page", "is not described", PAGES),
    deviation("GET /articles/search?page", "is not described", PAGES),
    deviation("GET /articles/search?per_page", "is not described", PAGES),
    deviation("GET /help_center/collections?page", "is not described", PAGES),
    deviation("GET /help_center/collections?per_page", "is not described", PAGES),
    deviation("GET /help_center/help_centers?page", "is not described", PAGES),
    deviation("GET /help_center/help_centers?per_page", "is not described", PAGES),
    // What answers have.
    deviation("app.secure", "is not described", "the example of GET /me has it"),
    deviation(
        "article.audience_ids",
        "is not described",
        "the text of article_content.audience_ids says it: with one language it is at the root",
    ),
    deviation(
        "article_list_item.audience_ids",
        "is not described",
        "the text of article_content.audience_ids says it: with one language it is at the root",
    ),
    deviation(
        "article_content.url",
        "is null",
        "a text that was never published has no address; the root's url may be null, too (1.2)",
    ),
    deviation(
        "article_statistics.conversations",
        "is not described",
        "the schema says conversions, every example conversations (1.2)",
    ),
    deviation(
        "cursor_pages.next",
        "is a string, not of type starting_after_paging",
        "the lists of the Help Center give the address of the next page (1.5)",
    ),
    // What refusals have.
    short_refusal("error.type", "is missing"),
    short_refusal("error.request_id", "is missing"),
    short_refusal("error.errors.code", "is missing"),
    short_refusal("error.errors.status", "is not described"),
    deviation(
        "GET /articles/{integer}/draft 404",
        "has no body",
        "the 404 of a draft that is not there is empty (1.6); the description refers to a general one",
    ),
    deviation(
        "DELETE /tags/{string} 200",
        "has a body",
        "Intercom's own command line reads JSON from every success but a 204, and older references show the tag",
    ),
    // Statuses that are not listed.
    deviation("GET /me 400", "is not described", "an unknown version of the API is a 400 everywhere (1.1)"),
    deviation("GET /me 401", "is not described", "a wrong token is a 401 everywhere (4)"),
    deviation("GET /me 406", "is not described", "what an Accept header excludes is a 406 everywhere (4)"),
    deviation("GET /me 429", "is not described", "the rate limit holds everywhere, and its 429 is listed nowhere (4)"),
    deviation("GET /articles 400", "is not described", TOO_BIG),
    deviation("GET /articles/search 400", "is not described", "a state that there is not is refused, as elsewhere (4)"),
    deviation("GET /help_center/collections 400", "is not described", TOO_BIG),
    deviation("GET /help_center/help_centers 400", "is not described", TOO_BIG),
    deviation("GET /help_center/help_centers/{string}/redirects 400", "is not described", TOO_BIG),
    deviation(
        "POST /articles 404",
        "is not described",
        "the text of audience_ids says it: an unknown audience is a 404",
    ),
    deviation("POST /articles 422", "is not described", TWO_BODIES),
    deviation("PUT /articles/{integer} 422", "is not described", TWO_BODIES),
    deviation("PUT /articles/{integer} 400", "is not described", OWN_TEXT),
    deviation("PUT /articles/{integer}/draft 400", "is not described", "a body that cannot be stored is a 400 (3.1)"),
    deviation(
        "POST /articles/{integer}/tags 400",
        "is not described",
        "id is required, and no status is listed for a request without it; a missing field is a 400 (4)",
    ),
    deviation(
        "DELETE /help_center/collections/{integer} 422",
        "is not described",
        "what becomes of a collection that holds something is not known; here it stays, and helpbook deletes none",
    ),
    deviation(
        "PUT /help_center/collections/{integer} 400",
        "is not described",
        "creating one lists a 400 for a wrong name, changing one lists nothing",
    ),
];

impl Deviation {
    fn covers(&self, complaint: &Complaint) -> bool {
        let is_within = self.within.is_empty() || self.within.contains(&complaint.operation.as_str());
        is_within && self.place == complaint.place && self.what == complaint.what
    }
}

/// The complaints that are not listed.
pub fn unlisted(complaints: &[Complaint]) -> Vec<String> {
    let is_listed = |complaint: &&Complaint| DEVIATIONS.iter().any(|listed| listed.covers(complaint));
    let mut sentences: Vec<String> = complaints.iter().filter(|one| !is_listed(one)).map(ToString::to_string).collect();
    sentences.sort();
    sentences.dedup();
    sentences
}

/// The places that are listed and where nothing was wrong.
pub fn stale(complaints: &[Complaint]) -> Vec<&'static str> {
    let is_stale = |listed: &&Deviation| !complaints.iter().any(|complaint| listed.covers(complaint));
    DEVIATIONS.iter().filter(is_stale).map(|listed| listed.place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(place: &str, what: &str) -> Complaint {
        let (operation, at) = ("GET /me 200".to_owned(), "/app".to_owned());
        Complaint { operation, at, place: place.to_owned(), what: what.to_owned() }
    }

    #[test]
    fn what_is_listed_is_excused_at_its_place_and_for_its_fault_alone() {
        let found = ["is not described", "is null"].map(|what| complaint("app.secure", what));
        assert_eq!(unlisted(&found), ["GET /me 200: /app is null (app.secure)"]);
        assert_eq!(stale(&found).len(), DEVIATIONS.len() - 1);
        let elsewhere = complaint("error.type", "is missing");
        assert_eq!(unlisted(&[elsewhere]), ["GET /me 200: /app is missing (error.type)"]);
    }
}
