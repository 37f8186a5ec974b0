//! Tags and audiences that no article has.

use std::collections::BTreeSet;

use super::super::finding::{Finding, Named};
use super::super::kind::{UNUSED_AUDIENCE, UNUSED_TAG};
use super::super::look::Look;
use super::{Rules, quoted};

pub(super) fn find(look: &Look<'_>, _: &Rules) -> Vec<Finding> {
    let center = look.center;
    let articles = || center.articles.iter();
    let mut found = Vec::new();
    let used: BTreeSet<String> = articles().flat_map(|article| &article.tags).map(|tag| tag.to_lowercase()).collect();
    for name in center.tags.iter().flatten().filter(|tag| !used.contains(&tag.to_lowercase())) {
        let thing = Named { what: "tag", id: None, name: name.clone() };
        found.push(Finding::of(&UNUSED_TAG, thing, format!("no article has the tag {}", quoted(name))));
    }
    let named: BTreeSet<_> = articles().flat_map(|article| &article.audiences).collect();
    for (id, name) in center.audiences.iter().flatten().filter(|(id, _)| !named.contains(id)) {
        let thing = Named { what: "audience", id: Some(id.0), name: name.clone() };
        let message = format!("no article is limited to the audience {}", quoted(name));
        found.push(Finding::of(&UNUSED_AUDIENCE, thing, message));
    }
    found
}
