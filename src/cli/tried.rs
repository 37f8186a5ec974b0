//! What files become of what Intercom has, tried before anything is written.
//!
//! `pull` and `rollback` edit files by the same comparison. What they make of them is rendered here, beside what is
//! there: a text that no other command would accept is left out, and it is said why. Nothing here writes.

use std::collections::{BTreeMap, BTreeSet};

use super::project::{Docs, Project, Target};
use super::workspace::Inputs;
use crate::diagnostic::{Diagnostic, Severity, id};
use crate::git::Git;
use crate::intercom::model::ArticleId;
use crate::live::Live;
use crate::plan::{self, Plan, Precision, Proof, RemoteChanges, Rules, TextRef};
use crate::pull::{self, Asked, Change, Drafts, FileIds, Pull};
use crate::record::Record;
use crate::report::{Message, Terminal, findings};
use crate::text::DocPath;

/// What was changed in Intercom, as the plan of the same inputs says.
pub(super) fn taken(inputs: &Inputs, plan: &Plan, asked: &Asked) -> RemoteChanges {
    let Inputs { book, docs, live, record, rules, .. } = inputs;
    let asks = |id: ArticleId, path: &DocPath| {
        asked.drafts == Drafts::All
            || asked.ids.contains(&id)
            || (!rules.paths.is_empty() && rules.means(path.as_str()))
    };
    plan::remote_changes(plan::RenderedBook { book, docs }, live, record, rules, plan, &asks)
}

/// Everything that a pull is made of.
pub(super) fn compared<'a>(
    project: &'a Project,
    inputs: &'a Inputs,
    taken: &'a RemoteChanges,
    git: &'a Git,
) -> pull::Inputs<'a> {
    let Inputs { book, live, record, rules, .. } = inputs;
    let ids = match project.target {
        Target::Intercom => FileIds::Written,
        Target::Local => FileIds::LeftOut,
    };
    pull::Inputs { book, live, record, rules, config: &project.config, taken, git, ids }
}

/// What comes of a pull, known before anything of it is written.
#[derive(Debug, Default)]
pub(super) struct Tried {
    /// The docs as it leaves them.
    pub docs: Docs,
    /// Which of its files say just what is live.
    pub proof: Proof,
    /// How many files it leaves out, as no other command would accept them.
    pub refused: usize,
}

/// Reads and renders what a pull brings, beside what is there. Where a text does not say what is live it
/// is written once more, with care; one that no other command would accept is left out, and it is said
/// why.
pub(super) fn try_out(project: &Project, compared: pull::Inputs<'_>, pull: &mut Pull, terminal: &Terminal) -> Tried {
    let progress = terminal.progress("rendering what comes");
    let mut refused = 0;
    loop {
        let docs = project.docs(project.files_with(compared.book, pull));
        let (docs, proof) = prove(
            project,
            (compared.record, compared.live, compared.rules),
            docs,
            pull.changes.iter().chain(&pull.taken_already),
        );
        let changes = pull.changes.iter().filter(|change| change.conflicts() == 0);
        let changes: BTreeMap<&DocPath, &Change> = changes.map(|change| (&change.path, change)).collect();
        let is_error = |finding: &&Diagnostic| {
            let is_about = |path| changes.contains_key(path);
            let is_for_all = finding.id == id::LOCAL_IMAGE && finding.others.iter().any(is_about);
            finding.severity == Severity::Error && (is_about(&finding.path) || is_for_all)
        };
        let errors: Vec<Diagnostic> = docs.book.diagnostics.iter().filter(is_error).cloned().collect();
        let wrong: BTreeSet<&DocPath> = errors.iter().map(|finding| &finding.path).collect();
        let doubtful = wrong.iter().copied().chain(proof.differ.keys());
        let hasty: BTreeSet<DocPath> =
            doubtful.filter(|path| changes.get(path).is_some_and(|change| change.may_be_wrong())).cloned().collect();
        if !hasty.is_empty() {
            pull::look_at(compared, pull, &hasty);
            continue;
        }
        if errors.is_empty() {
            return Tried { docs, proof, refused };
        }
        progress.above(|| {
            let (sources, surface) = (&docs.book.sources, terminal.message_surface());
            terminal.print_error(&findings::text(&errors, sources, &project.shown, surface));
            for path in &wrong {
                let message = format!("article {} cannot be brought into `{path}` as it is", changes[path].id);
                let ignored = errors.iter().any(|finding| finding.path == **path && finding.id == "file-name");
                let where_to = if ignored { "change what Git ignores" } else { "change it in Intercom" };
                terminal.error(&Message::new(message).hint(format!("{where_to}, and run it again")));
            }
        });
        refused += wrong.len();
        pull.changes.retain(|change| !wrong.contains(&change.path));
    }
}

/// Those files that say all that is live have to give just that when they are rendered.
pub(super) fn prove<'a>(
    project: &Project,
    (record, live, rules): (&Record, &Live, &Rules),
    mut docs: Docs,
    changes: impl IntoIterator<Item = &'a Change>,
) -> (Docs, Proof) {
    if project.target == Target::Local {
        record.fill_known_ids(&mut docs.book, &rules.locale);
    }
    let files = changes.into_iter().filter(|change| change.is_whole());
    let files: BTreeMap<_, _> = files.map(|change| (change.path.clone(), said(change))).collect();
    let docs_of = plan::RenderedBook { book: &docs.book, docs: &docs.rendered };
    let proof = plan::proof(docs_of, live, record, rules, &files);
    (docs, proof)
}

fn said(change: &Change) -> TextRef {
    TextRef { id: change.id, locale: change.locale.clone(), from: change.from, precision: Precision::Canonical }
}
