//! Tags and audiences that no article has.

use std::collections::BTreeSet;

use super::super::finding::{Finding, Named};
use super::super::kind::{UNUSED_AUDIENCE, UNUSED_TAG};
use super::super::look::Look;
use super::{Rules, quoted};

pub(super) fn find(look: &Look<'_>, _: &Rules) -> Vec<Finding> {
    let center = look.center;
    let used: BTreeSet<String> =
        center.articles.iter().flat_map(|article| &article.tags).map(|tag| tag.to_lowercase()).collect();
    let tags = center.tags.iter().flatten().filter(|tag| !used.contains(&tag.to_lowercase()));
    let tag = |name: &String| {
        let thing = Named { what: "tag", id: None, name: name.clone() };
        Finding::of(&UNUSED_TAG, thing, format!("no article has the tag {}", quoted(name)))
    };
    let named: BTreeSet<_> = center.articles.iter().flat_map(|article| &article.audiences).collect();
    let audiences = center.audiences.iter().flatten().filter(|(id, _)| !named.contains(id));
    let audience = |(id, name): (&_, &String)| {
        let id: &crate::intercom::model::AudienceId = id;
        let thing = Named { what: "audience", id: Some(id.0), name: name.clone() };
        Finding::of(&UNUSED_AUDIENCE, thing, format!("no article is limited to the audience {}", quoted(name)))
    };
    tags.map(tag).chain(audiences.map(audience)).collect()
}
