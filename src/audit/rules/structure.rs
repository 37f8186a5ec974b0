//! How a text is built: levels of headings, long paragraphs, tables too wide for a phone.

use super::super::center::Text;
use super::super::finding::Finding;
use super::super::kind::{HEADING_JUMP, WALL_OF_TEXT, WIDE_TABLE};
use super::super::look::Look;
use super::{Rules, quoted};

/// How many words without a break are a wall: two thirds of a phone's screen, and more than twice of what style guides
/// advise for a paragraph.
const WALL: usize = 120;

/// How wide a table may be, in pixels. A phone shows 360, of which Intercom's page leaves about 320 to the text.
const PHONE: usize = 340;

pub(super) fn find(look: &Look<'_>, _: &Rules) -> Vec<Finding> {
    let mut found = look.each(&HEADING_JUMP, |text| heading_jump(text).map(|message| (String::new(), message)));
    found.extend(look.each(&WALL_OF_TEXT, wall));
    found.extend(look.each(&WIDE_TABLE, wide_table));
    found
}

/// Jumps down alone: up to any level is how a part ends.
fn heading_jump(text: &Text) -> Option<String> {
    let headings: Vec<_> = text.facts.headings.iter().filter(|heading| !heading.text.is_empty()).collect();
    let mut jumps = headings.windows(2).filter(|pair| pair[1].level > pair[0].level + 1);
    let first = jumps.next()?;
    let more = match jumps.count() {
        0 => String::new(),
        1 => ", and so does another one".to_owned(),
        more => format!(", and so do {more} more"),
    };
    let (above, below) = (first[0].level, first[1].level);
    Some(format!("the heading {} jumps from level {above} to {below}{more}", quoted(&first[1].text)))
}

fn wall(text: &Text) -> Option<(String, String)> {
    let (words, begins) = &text.facts.longest;
    (*words > WALL).then(|| {
        let message = format!("a paragraph has {words} words without a break: {}", quoted(begins));
        (String::new(), message)
    })
}

fn wide_table(text: &Text) -> Option<(String, String)> {
    let widest = text.facts.tables.iter().max_by_key(|table| table.narrowest)?;
    (widest.narrowest > PHONE && widest.columns > 2).then(|| {
        let begins = if widest.begins.is_empty() { String::new() } else { format!(": {}", quoted(&widest.begins)) };
        let message = format!("a table of {} columns does not fit a phone{begins}", widest.columns);
        (String::new(), message)
    })
}
