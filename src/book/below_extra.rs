//! Keys of other tools that mean nothing in a Help Center, moved below `extra` as they are.

use std::collections::BTreeSet;

use super::front_matter::FrontMatter;
use crate::diagnostic::{Fix, Splice};
use crate::intercom::model::Locale;
use crate::text::{DocPath, Span};
use crate::yaml::Style;

/// Keys that order, decorate or date a page elsewhere, and say nothing of what customers read. Those that say something
/// of its state, its time, its place, its language or its readers are not among them: a person decides about these.
const HARMLESS: [&str; 52] = [
    "sidebar_position",
    "sidebar_label",
    "sidebar_class_name",
    "sidebarTitle",
    "linkTitle",
    "link_title",
    "nav_order",
    "nav_title",
    "nav_exclude",
    "weight",
    "order",
    "has_children",
    "has_toc",
    "icon",
    "iconType",
    "tag",
    "mode",
    "layout",
    "template",
    "cover",
    "coverY",
    "toc",
    "toc_min_heading_level",
    "toc_max_heading_level",
    "outline",
    "editLink",
    "custom_edit_url",
    "hide_title",
    "hide_table_of_contents",
    "prev",
    "next",
    "pagination_prev",
    "pagination_next",
    "pagination_label",
    "keywords",
    "image",
    "hide",
    "search",
    "date",
    "lastmod",
    "last_modified_at",
    "updated_at",
    "created_at",
    "lastUpdated",
    "author_id",
    "promoted",
    "label_names",
    "labels",
    "vote_sum",
    "vote_count",
    "position",
    "cssclasses",
];

/// The fix that moves all such keys of a file, and the place of the first of them; `None` where there is none, or where the result
/// would not say the same.
pub(super) fn fix(path: &DocPath, source: &str, front: &FrontMatter, taken: &BTreeSet<String>) -> Option<(Span, Fix)> {
    let keys = front.keys?;
    // A translation, `refunds.fr.md`, has no `extra` of its own.
    let is_translation = path.name().split('.').rev().nth(1).is_some_and(|part| Locale::written(part).is_some());
    if is_translation {
        return None;
    }
    let places = &front.layout.places;
    if front.layout.style != Style::Block {
        return None;
    }
    let line_start = |at: usize| source[..at].rfind('\n').map_or(0, |end| end + 1);
    let block = |at: usize| {
        let end = places.get(at + 1).map_or(keys.end, |next| line_start(next.key.start));
        Span::new(line_start(places[at].key.start), end)
    };
    let is_moved = |name: &str| HARMLESS.contains(&name) && !taken.contains(name);
    let moved: Vec<usize> = (0..places.len()).filter(|at| is_moved(&places[*at].name)).collect();
    let first = *moved.first()?;
    let indented = |span: Span| -> String {
        let lines = source[span.range()].split_inclusive('\n');
        lines.map(|line| if line.trim().is_empty() { line.to_owned() } else { format!("  {line}") }).collect()
    };
    let newline = if source[keys.range()].contains("\r\n") { "\r\n" } else { "\n" };
    let all: String = moved.iter().map(|at| indented(block(*at))).collect();
    let mut splices: Vec<Splice> = moved.iter().skip(1).map(|at| Splice::new(block(*at), "")).collect();
    match places.iter().position(|place| place.name == "extra") {
        // Behind what is there, where that is a mapping of lines.
        Some(extra) => {
            let end = block(extra).end;
            let is_block =
                source[places[extra].key.end..].trim_start_matches([':', ' ', '\t']).starts_with(['\n', '\r']);
            if !is_block {
                return None;
            }
            splices.push(Splice::new(block(first), ""));
            // Where a key that goes is right behind it, its place is taken.
            match splices.iter_mut().find(|splice| splice.span.start == end) {
                Some(next) => next.text = all,
                None => splices.push(Splice::new(end..end, all)),
            }
        }
        None => splices.push(Splice::new(block(first), format!("extra:{newline}{all}"))),
    }
    splices.sort_by_key(|splice| splice.span);
    let names: Vec<&str> = moved.iter().map(|at| places[*at].name.as_str()).collect();
    let fix = Fix::of(
        splices,
        format!("`{}` {} below `extra` now", names.join("`, `"), if names.len() == 1 { "is" } else { "are" }),
    );
    says_the_same(source, keys, &fix, &names).then(|| (places[first].key, fix))
}

/// Whether the keys are below `extra` after the fix, and all others as they were.
fn says_the_same(source: &str, keys: Span, fix: &Fix, names: &[&str]) -> bool {
    let (changed, _) = super::fix::fixed(source, [fix]);
    let Some((after, _)) = FrontMatter::read(&changed) else { return false };
    let mapping = |text: &str| serde_yaml::from_str::<serde_yaml::Mapping>(text).ok();
    let (Some(mut old), Some(mut new)) =
        (mapping(&source[keys.range()]), after.keys.and_then(|keys| mapping(&changed[keys.range()])))
    else {
        return false;
    };
    let (old_extra, new_extra) = (old.shift_remove("extra"), new.shift_remove("extra"));
    let mut wanted = old_extra.and_then(|extra| extra.as_mapping().cloned()).unwrap_or_default();
    for name in names {
        if wanted.contains_key(*name) {
            return false;
        }
        if let Some(value) = old.shift_remove(*name) {
            wanted.insert((*name).into(), value);
        }
    }
    old == new && new_extra.and_then(|extra| extra.as_mapping().cloned()) == Some(wanted)
}
