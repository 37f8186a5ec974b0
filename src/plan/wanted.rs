//! What the docs say of an article, as the record keeps it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::field::Field;
use crate::book::ContentKey;
use crate::html::image::{self, DocImage};
use crate::html::{Exact, HelpCenterUrls};
use crate::intercom::model::{AdminId, Article, CollectionId, State};
use crate::live::Flags;
use crate::record::{Pair, Settings};
use crate::text::{Digest, GitBlob};

/// What the docs say of an article in a locale, for the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The digest of its title.
    pub title: Digest,
    /// The digest of its description, where the file says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Digest>,
    /// The exact form of its body.
    pub exact: Exact,
    /// The images in its body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<DocImage>,
    /// The Git blob of its file.
    pub blob: GitBlob,
    /// The state it is to have, where the docs say one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Who is sent as its author, if that is a current teammate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<AdminId>,
    /// The collection that it is to be in, if it is in it already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<CollectionId>,
    /// The pair of the pending draft, if that is as wanted already.
    #[serde(skip)]
    pub staged: Option<Box<Pair>>,
    /// What it is to be beside its text.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
}

impl Wanted {
    /// The pair of a text in Intercom that is as the docs say. `own` are the addresses by now.
    pub fn pair(&self, stored: &Article, own: &HelpCenterUrls) -> Pair {
        self.said(Pair::seen(stored, own), own)
    }

    /// A pair of which the docs are known to say it.
    pub fn said(&self, mut pair: Pair, own: &HelpCenterUrls) -> Pair {
        pair.body.sent = Some(self.exact.digest(own));
        pair.body.images = image::bytes(&self.images);
        pair.blob = Some(self.blob.clone());
        pair
    }

    /// Gives a pair what a former one has of the fields that are left alone, or that the docs do not
    /// say. Without a former one a field that is left alone is as the docs say it, and what Intercom has of
    /// it is not known.
    pub fn leave(&self, pair: &mut Pair, former: Option<&Pair>, left: &BTreeSet<ContentKey>) {
        if left.contains(&ContentKey::Title) {
            pair.title = former.map_or(&self.title, |former| &former.title).clone();
        }
        if left.contains(&ContentKey::Description) || self.description.is_none() {
            let known = former.map(|former| &former.description).or(self.description.as_ref());
            pair.description = known.unwrap_or(&pair.description).clone();
        }
        if left.contains(&ContentKey::Author) {
            pair.author = former.map_or(self.author, |former| former.author);
        }
        if left.contains(&ContentKey::Body) {
            match former {
                Some(former) => (pair.body, pair.rules) = (former.body.clone(), former.rules),
                None => pair.body.forget_stored(),
            }
        }
        pair.left.clone_from(left);
    }
}

/// Keeps what Intercom has as the docs want it, of the fields that are settled.
pub fn keep_settings(known: &mut Settings, wanted: &Settings, is_settled: &dyn Fn(Field) -> bool) {
    let Flags { chatbot, copilot, sales_agent, audiences } = wanted.flags.clone();
    if is_settled(Field::Tags) && wanted.tags.is_some() {
        known.tags.clone_from(&wanted.tags);
    }
    if is_settled(Field::Ai) {
        known.flags.take(&Flags { chatbot, copilot, sales_agent, audiences: None });
    }
    if is_settled(Field::Audiences) {
        known.flags.take(&Flags { audiences, ..Flags::default() });
    }
    known.publish_at = wanted.publish_at.or(known.publish_at);
    known.unpublish_at = wanted.unpublish_at.or(known.unpublish_at);
    if is_settled(Field::RedirectFrom) && !wanted.redirects.is_empty() {
        known.redirects.clone_from(&wanted.redirects);
    }
}
