//! Links to other sites, and images, by what their addresses answered.

use super::super::evidence::{Answer, without_fragment};
use super::super::finding::Finding;
use super::super::kind::{DEAD_OUTSIDE_LINK, GONE_IMAGE, Kind, MOVED_OUTSIDE_LINK};
use super::super::look::{Look, Target};
use super::Rules;
use super::links::on;
use crate::html::image::bare;

pub(super) fn find(look: &Look<'_>, _: &Rules) -> Vec<Finding> {
    let Some(outside) = &look.evidence.outside else { return Vec::new() };
    let mut found: Vec<Finding> = Vec::new();
    for (_, article, text) in look.center.live_texts() {
        let mut add = |kind: &'static Kind, subject: &str, message: String| {
            let finding = Finding::about(kind, vec![article.about(text)], message).subject(subject);
            if !found.contains(&finding) {
                found.push(finding);
            }
        };
        for link in &text.facts.links {
            let Target::Outside(address) = look.target(&link.href) else { continue };
            let address = without_fragment(address);
            let Some(seen) = outside.of(address) else { continue };
            let on = on(link);
            match &seen.answer {
                Answer::Gone { status } => add(
                    &DEAD_OUTSIDE_LINK,
                    address,
                    format!("the link on {on} points to a page that is gone ({status}): {address}"),
                ),
                Answer::NoHost => add(
                    &DEAD_OUTSIDE_LINK,
                    address,
                    format!("the link on {on} points to a host that is not there: {address}"),
                ),
                Answer::Moved { to } if is_another_page(address, to) => add(
                    &MOVED_OUTSIDE_LINK,
                    address,
                    format!("the link on {on} points to a page that moved: {address} is now {to}"),
                ),
                Answer::There | Answer::Moved { .. } | Answer::Unknown { .. } => {}
            }
        }
        for picture in &text.facts.pictures {
            let why = match outside.of(&picture.src).map(|seen| &seen.answer) {
                Some(Answer::Gone { status }) => format!("answers {status}"),
                Some(Answer::NoHost) => "is on a host that is not there".to_owned(),
                _ => continue,
            };
            let address = bare(&picture.src);
            add(&GONE_IMAGE, address, format!("an image is gone: {address} {why}"));
        }
    }
    found
}

/// Whether a page moved to another address, and not only to https, with or without `www` or a slash at its end.
fn is_another_page(from: &str, to: &str) -> bool {
    let plain = |address: &str| {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        let rest = rest.strip_prefix("www.").unwrap_or(rest);
        rest.trim_end_matches('/').to_lowercase()
    };
    plain(from) != plain(without_fragment(to))
}

#[cfg(test)]
mod tests {
    use super::is_another_page;

    #[test]
    fn a_move_to_the_same_page_is_none() {
        assert!(!is_another_page("http://a.example/x", "https://www.a.example/x/"));
        assert!(is_another_page("https://a.example/x", "https://a.example/y"));
    }
}
