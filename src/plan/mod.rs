//! The changes that lead from Live to Book, as pure data.
//!
//! [`plan`] compares; it reads no file, sends nothing, asks no clock and no random source: the same
//! inputs give a byte-equal plan. `apply` executes exactly what it says, step by step, so
//! nothing is worked out again between showing and doing.

mod article;
mod change;
mod collection;
mod collection_locale;
mod content;
mod desired;
mod differences;
mod document;
mod doubles;
mod emptied_collections;
mod explain;
mod explained;
mod field;
mod guard;
mod images;
mod in_locale;
mod inputs;
mod link_graph;
mod links;
mod locale_plan;
mod locales;
mod matching;
mod needed;
mod order;
mod orphan;
mod places;
mod published;
mod remote_changes;
mod row;
mod saved;
mod schedule;
mod seen;
mod settings;
mod settled;
mod show;
mod side;
mod since;
mod state_table;
mod step;
mod text;
mod untouched;
mod wanted;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use change::{Action, Blocked, BodyPair, Change, Drift, Kind, LocaleChange, Picture, Subject};
pub use content::{Content, SentImage, Texts};
pub use document::{Against, Double, FORMAT_VERSION, Plan, Since, Summary};
pub use explained::{Desires, Explained, Reason, Stored, Why};
pub use field::{Field, FieldChange};
pub use guard::{Guard, guard};
pub use inputs::{Docs, Pages, Reasons, RenderedBook, Rules, TakenTitles, Theirs};
pub use link_graph::LinkGraph;
pub use remote_changes::{
    Edit, Precision, Proof, RemoteChanges, TextRef, TextVersion, WantsDraft, proof, remote_changes,
};
pub use seen::{Seen, SeenLocale, folded};
pub use settings::lists;
pub use settled::Settled;
pub use side::{Facts, Side};
pub use since::changes_since;
pub use step::{Naming, NewPlace, Place, Publish, Redirection, SettingsEdit, Stage, TagEdit};
pub use text::{Which, WrittenBy};
pub use wanted::{Wanted, keep_settings};

use inputs::Inputs;
use places::Places;

use crate::book::Book;
use crate::html::RenderedDocs;
use crate::live::{Live, Undecided};
use crate::record::Record;

/// Compares the docs with the Help Center.
pub fn plan(book: &Book, live: &Live, record: &Record, rules: &Rules) -> Plan {
    plan_rendered(RenderedBook { book, docs: &RenderedDocs::of(book, rules.rendering()) }, live, record, rules)
}

/// Compares docs that are rendered already with the Help Center.
pub fn plan_rendered(docs: RenderedBook<'_>, live: &Live, record: &Record, rules: &Rules) -> Plan {
    let RenderedBook { book, docs } = docs;
    let inputs = Inputs { book, docs, live, record, rules };
    let mut plan = Plan::new(live);
    let collections = collection::matched(inputs);
    for (folder, matched) in &collections {
        match collection::change(inputs, folder, matched, &collections) {
            Some(change) => plan.changes.push(change),
            None => plan.summary.unchanged += 1,
        }
    }
    let places: Places<'_> = Places { inputs, collections: &collections };
    let folders = collection::folders(&collections);
    let (mut matched, mut linked) = matching::articles(inputs, &docs.links, &folders);
    let mut articles = article::plan_all(inputs, &places, &matched);
    if let Some(renewing) = linked.renewing(&article::texts_to_write(&articles), |path| rules.means(path.as_str())) {
        linked = Arc::new(renewing);
        matched.values_mut().flat_map(matching::Match::texts_mut).for_each(|desired| desired.resolve_links(&linked));
        articles = article::plan_all(inputs, &places, &matched);
    }
    articles.into_iter().for_each(|part| plan.add(part));
    orphan::plan(inputs, &matched, &mut plan);
    if !rules.paths.is_empty() {
        needed::keep_needed_collections(rules, &mut plan);
    }
    links::finish(inputs, &mut plan, linked);
    emptied_collections::plan(inputs, &mut plan);
    if !live.is_complete {
        plan.notes.push(
            "Intercom's lists stayed incomplete in three walks: nothing is created, adopted or counted as an orphan in this run".to_owned(),
        );
    }
    plan.count();
    plan.name_addresses(live, rules);
    doubles::note(inputs, &matched, &mut plan);
    untouched::note(inputs, &matched, &mut plan);
    plan
}

/// The articles of which only the newest version shows who wrote last. Their versions are to be
/// fetched before the plan is made for good.
pub fn undecided(book: &Book, live: &Live, record: &Record, rules: &Rules) -> BTreeSet<Undecided> {
    plan(book, live, record, rules).undecided
}

#[cfg(test)]
mod tests;
