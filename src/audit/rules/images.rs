//! Images without words for those who cannot see them, images that take long to load, and the same one many times.

use std::collections::BTreeMap;

use super::super::center::Text;
use super::super::evidence::counted;
use super::super::facts::Picture;
use super::super::finding::Finding;
use super::super::kind::{HUGE_IMAGE, MISSING_ALT, REPEATED_IMAGE};
use super::super::look::Look;
use super::Rules;
use crate::html::image::bare;

/// From how many bytes on an image is huge: four seconds of a good mobile connection, and more than any screenshot
/// needs.
const HUGE: u64 = 2 * 1024 * 1024;

/// From how many times on the same image in a text is worth a look. Twice is a reminder of a step above.
const MANY: u64 = 4;

pub(super) fn find(look: &Look<'_>, _: &Rules) -> Vec<Finding> {
    let mut found = look.each(&MISSING_ALT, |text| missing_alt(text).map(|message| (String::new(), message)));
    found.extend(huge(look));
    found.extend(look.each(&REPEATED_IMAGE, repeated));
    found
}

fn missing_alt(text: &Text) -> Option<String> {
    let all = text.facts.pictures.len();
    let without = text.facts.pictures.iter().filter(|picture| picture.alt.trim().is_empty()).count();
    match (without, all) {
        (0, _) => None,
        (1, 1) => Some("the image has no alternative text".to_owned()),
        (without, all) if without == all => Some(format!("none of the {all} images has an alternative text")),
        (1, all) => Some(format!("1 of {all} images has no alternative text")),
        (without, all) => Some(format!("{without} of {all} images have no alternative text")),
    }
}

fn huge(look: &Look<'_>) -> Vec<Finding> {
    let bytes = |picture: &Picture| {
        let on_disk = picture.file.as_ref().and_then(|file| look.center.image_bytes.get(file).copied());
        let outside = look.evidence.outside.as_ref();
        on_disk.or_else(|| outside?.of(&picture.src)?.bytes)
    };
    let mut found: Vec<Finding> = Vec::new();
    for (_, article, text) in look.center.live_texts() {
        for picture in &text.facts.pictures {
            let Some(bytes) = bytes(picture).filter(|bytes| *bytes >= HUGE) else { continue };
            let name = picture.file.as_ref().map_or_else(|| bare(&picture.src).to_owned(), ToString::to_string);
            let tenths = bytes * 10 / 1024 / 1024;
            let message = format!("an image has {}.{} MB: {name}", tenths / 10, tenths % 10);
            let finding = Finding::about(&HUGE_IMAGE, vec![article.about(text)], message).subject(name);
            if !found.contains(&finding) {
                found.push(finding);
            }
        }
    }
    found
}

fn repeated(text: &Text) -> Option<(String, String)> {
    let mut times: BTreeMap<&str, u64> = BTreeMap::new();
    for picture in &text.facts.pictures {
        *times.entry(bare(&picture.src)).or_default() += 1;
    }
    let (address, count) = times.into_iter().max_by_key(|(_, count)| *count).filter(|(_, count)| *count >= MANY)?;
    Some((address.to_owned(), format!("shows the same image {}: {address}", counted(count, "time"))))
}
