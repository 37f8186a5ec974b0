//! A pair: what we sent and what Intercom stored for it.
//!
//! A text in Intercom is the pair whose digests it has. So a pair says of a text that is there
//! that it is one of ours, and of which docs. Where Intercom's text is no pair, somebody else wrote
//! it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::book::ContentKey;
use crate::html::{self, Body, HelpCenterUrls, RULES, exact};
use crate::intercom::model::{AdminId, Article};
use crate::text::{Digest, GitBlob};

/// What is known of a text in Intercom, field by field.
///
/// The digest of a title or description is of the trimmed text. A field that was left alone keeps
/// what was known of it before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The title.
    pub title: Digest,
    /// The description; that of an empty text where there is none.
    pub description: Digest,
    /// The body.
    pub body: BodyPair,
    /// The author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<AdminId>,
    /// The Git blob of the file that says this text, and no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<GitBlob>,
    /// When Intercom says that it was written; Unix seconds.
    pub updated_at: i64,
    /// The fields that Intercom has otherwise, as a teammate's change of them was left alone.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub left: BTreeSet<ContentKey>,
    /// The number of the rules by which `sent` and `shown` were made.
    pub rules: u32,
}

/// What is known of a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyPair {
    /// The exact form of what the docs say. Missing where the text was seen and not sent: pulled
    /// into a file that says something else, replaced on purpose, sent with its headings alone, or
    /// answered with something lost. Then the docs count as changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Digest>,
    /// The body as Intercom stored it, without signatures.
    pub stored: Digest,
    /// Its exact form.
    pub shown: Digest,
    /// The bytes of the docs folder's images in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images: Option<Digest>,
}

impl BodyPair {
    /// Forgets what Intercom has, where that is somebody else's: no text is this pair any more.
    pub fn forget_stored(&mut self) {
        let nothing = Digest::of("\0 not stored");
        (self.stored, self.shown) = (nothing.clone(), nothing);
    }
}

impl Pair {
    /// A text of Intercom that the docs are not known to say.
    pub fn seen(article: &Article, urls: &HelpCenterUrls) -> Self {
        Self::of(article, html::parse(article.body.as_deref().unwrap_or_default()), urls)
    }

    /// The same where one of some pairs may be of that very text, so that its body need not be read again. They
    /// were made with addresses that say the same.
    pub fn seen_again<'p>(article: &Article, known: impl IntoIterator<Item = &'p Self>, urls: &HelpCenterUrls) -> Self {
        let stored = stored_body(article);
        match known.into_iter().find(|known| known.body.stored == stored && known.has_todays_rules()) {
            Some(known) => Self::about(article, stored, known.body.shown.clone()),
            None => Self::seen(article, urls),
        }
    }

    /// The same of an article whose body was read already.
    pub fn of(article: &Article, body: Body, urls: &HelpCenterUrls) -> Self {
        Self::about(article, stored_body(article), exact::stored(body, urls))
    }

    /// The same where both digests of its body are known: of what Intercom stored, and of its exact form.
    pub fn about(article: &Article, stored: Digest, shown: Digest) -> Self {
        Self {
            title: title(article),
            description: description(article),
            body: BodyPair { sent: None, stored, shown, images: None },
            author: article.author_id,
            blob: None,
            updated_at: article.updated_at,
            left: BTreeSet::new(),
            rules: RULES,
        }
    }

    /// Whether `sent` and `shown` can be compared with digests of today.
    pub fn has_todays_rules(&self) -> bool {
        self.rules == RULES
    }
}

/// The digest of an article's title.
pub fn title(article: &Article) -> Digest {
    Digest::of(article.title.trim())
}

/// The digest of an article's description.
pub fn description(article: &Article) -> Digest {
    Digest::of(article.description.as_deref().unwrap_or_default().trim())
}

/// The digest of the body of an article as Intercom stores it, without the signatures of its images.
pub fn stored_body(article: &Article) -> Digest {
    let mut digest = Sha256::new();
    each_unsigned(article.body.as_deref().unwrap_or_default(), &mut |part| digest.update(part));
    Digest::finished(digest)
}

/// A body without the signatures of its images and files, which differ on every read (docs/intercom.md 3.5).
pub fn without_signatures(body: &str) -> String {
    let mut unsigned = String::with_capacity(body.len());
    each_unsigned(body, &mut |part| unsigned.push_str(part));
    unsigned
}

/// Hands out a body part by part, without the queries of addresses on Intercom's own hosts, in
/// whatever attribute they are.
fn each_unsigned<'b>(body: &'b str, take: &mut dyn FnMut(&'b str)) {
    let is_hosted = |text: &str| text.contains("intercomcdn.") || text.contains("intercom-attachments-");
    if !is_hosted(body) {
        return take(body);
    }
    let mut rest = body;
    while let Some(at) = rest.find("=\"") {
        let (before, after) = rest.split_at(at + 2);
        take(before);
        let end = after.find('"').unwrap_or(after.len());
        let value = &after[..end];
        take(if is_hosted(value) { value.split('?').next().unwrap_or(value) } else { value });
        rest = &after[end..];
    }
    take(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intercom::model::{ArticleContent, Locale};

    #[test]
    fn a_text_that_is_known_is_not_read_again() {
        let urls = HelpCenterUrls::new([], &Locale::english());
        let article = |title: &str, body: &str| {
            let content = ArticleContent { title: title.into(), body: Some(body.into()), ..ArticleContent::default() };
            Article { content, ..Article::default() }
        };
        let first = Pair::seen(&article("A", "<p>a</p>"), &urls);
        let marked = Digest::of("as it was known");
        let known = Pair { body: BodyPair { shown: marked.clone(), ..first.body.clone() }, ..first.clone() };
        let shown = |known: &Pair, now: &Article| Pair::seen_again(now, [known], &urls).body.shown;
        let again = Pair::seen_again(&article("B", "<p>a</p>"), [&known], &urls);
        assert_eq!((&again.body.shown, &again.title), (&marked, &Digest::of("B")));
        // Another text, or one that was read by other rules.
        assert_ne!(shown(&known, &article("A", "<p>b</p>")), marked);
        assert_eq!(shown(&Pair { rules: RULES + 1, ..known }, &article("A", "<p>a</p>")), first.body.shown);
    }
}
