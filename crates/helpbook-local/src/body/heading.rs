//! Headings on save: their relative level (docs/intercom.md 3.3) and their ids (docs/intercom.md 3.4 and 9).

use super::block::{Block, Heading};
use crate::behaviour::HeadingIds;

/// The deepest level that is stored.
const DEEPEST: u8 = 4;

/// Moves all headings up so that the top one is an h1, if none is; deeper ones than h4 become h4.
///
/// Headings in tables, callouts and sections count; the line of a collapsible section does not, it
/// is that section's own.
pub(super) fn promote(blocks: &mut [Block]) {
    let mut top: Option<u8> = None;
    each(blocks, &mut |heading| {
        top = Some(top.map_or(heading.level, |top| top.min(heading.level)));
    });
    let shift = top.map_or(0, |top| top - 1);
    each(blocks, &mut |heading| {
        heading.level = (heading.level - shift).min(DEEPEST);
    });
}

/// Gives every heading an id of Intercom's form: the one that was sent, if those are kept and it
/// has that form, else a new one.
pub(super) fn give_ids(blocks: &mut [Block], ids: HeadingIds, new: &mut dyn FnMut() -> String) {
    each(blocks, &mut |heading| {
        let kept = match ids {
            HeadingIds::Kept => heading.id.take().filter(|id| is_intercoms(id)),
            HeadingIds::Regenerated => None,
        };
        heading.id = Some(kept.unwrap_or_else(&mut *new));
    });
}

fn is_intercoms(id: &str) -> bool {
    id.strip_prefix("h_")
        .is_some_and(|hex| hex.len() == 10 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
}

fn each(blocks: &mut [Block], act: &mut dyn FnMut(&mut Heading)) {
    for block in blocks {
        match block {
            Block::Heading(heading) => act(heading),
            Block::List { items, .. } => items.iter_mut().for_each(|item| each(item, act)),
            Block::Table(table) => {
                table.rows.iter_mut().flatten().for_each(|cell| each(&mut cell.blocks, act));
            }
            Block::Callout { blocks, .. } | Block::Collapsible { blocks, .. } => each(blocks, act),
            Block::Paragraph(_)
            | Block::Code(_)
            | Block::Image(_)
            | Block::Button { .. }
            | Block::Video(_)
            | Block::Rule => {}
        }
    }
}
