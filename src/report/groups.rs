//! A plan in the order in which people read it, and the words for what is in it.
//!
//! What matters most comes first: what is blocked, what goes offline, what goes live, what moves,
//! what is only staged. Every report of a plan has these groups and these words; how they look is
//! the business of each.

use url::Url;

use super::audit::grouped;
use crate::config::is_web;
use crate::plan::{Action, Against, Change, Drift, Field, FieldChange, Kind, LocaleChange, Plan, Publish, Summary};
use crate::text::minute;

/// What happens to a change, as far as customers are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Blocked,
    Deletes,
    GoesOffline,
    GoesLive,
    Moves,
    StagedOnly,
    Drifted,
    Orphans,
}

/// The groups in the order in which they are shown.
const GROUPS: [Group; 8] = [
    Group::Blocked,
    Group::Deletes,
    Group::GoesOffline,
    Group::GoesLive,
    Group::Moves,
    Group::StagedOnly,
    Group::Drifted,
    Group::Orphans,
];

impl Group {
    pub fn title(self) -> &'static str {
        match self {
            Group::Blocked => "Blocked",
            Group::Deletes => "Deleted",
            Group::GoesOffline => "Goes offline",
            Group::GoesLive => "Goes live",
            Group::Moves => "Moves and settings",
            Group::StagedOnly => "Drafts",
            Group::Drifted => "Changed in Intercom",
            Group::Orphans => "No file in this folder",
        }
    }

    pub fn subtitle(self) -> &'static str {
        match self {
            Group::Blocked => "cannot be done yet",
            Group::Deletes => "at publish, for good",
            Group::GoesOffline => "customers lose this at publish",
            Group::GoesLive => "customers see this at publish",
            Group::Moves => "at publish",
            Group::StagedOnly => "customers see nothing of this",
            Group::Drifted => "not touched",
            Group::Orphans => "left as they are",
        }
    }

    /// The group in which a change is shown, as far as one locale goes.
    fn of(change: &Change, part: &LocaleChange) -> Self {
        let publishes = |test: fn(&Publish) -> bool| change.steps(part).any(test);
        match part.action {
            _ if part.blocked.is_some() => Group::Blocked,
            Action::Orphan => Group::Orphans,
            _ if publishes(|step| matches!(step, Publish::Delete)) => Group::Deletes,
            _ if publishes(Publish::removes) => Group::GoesOffline,
            _ if publishes(Publish::goes_live) => Group::GoesLive,
            _ if publishes(|_| true) => Group::Moves,
            _ if change.is_staged(part) => Group::StagedOnly,
            // What waits for its time.
            Action::Publish if part.drift.is_none() => Group::StagedOnly,
            _ => Group::Drifted,
        }
    }
}

/// A change in one group: the locales of it that belong there.
#[derive(Debug, Clone)]
pub(super) struct Entry<'p> {
    pub change: &'p Change,
    pub group: Group,
    pub parts: Vec<&'p LocaleChange>,
}

/// The groups that hold anything, each with its changes.
pub(super) fn groups(plan: &Plan) -> Vec<(Group, Vec<Entry<'_>>)> {
    let entries = |group: Group| {
        let entry = |change| {
            let is_here = |part: &&LocaleChange| !Change::is_idle(change, part) && Group::of(change, part) == group;
            Entry { change, group, parts: change.parts().filter(is_here).collect() }
        };
        plan.changes.iter().map(entry).filter(|entry| !entry.parts.is_empty()).collect::<Vec<_>>()
    };
    GROUPS.into_iter().map(|group| (group, entries(group))).filter(|(_, entries)| !entries.is_empty()).collect()
}

impl<'p> Entry<'p> {
    /// A change in one locale alone.
    pub fn of(change: &'p Change, part: &'p LocaleChange) -> Self {
        Self { change, group: Group::of(change, part), parts: vec![part] }
    }
}

impl Entry<'_> {
    /// What happens to the article in the locales of this group, in a word: others may be in another
    /// group.
    pub fn action(&self) -> Action {
        match self.group {
            _ if self.change.locales.len() <= 1 => self.change.action,
            Group::Blocked => Action::Blocked,
            Group::GoesOffline if self.change.action != Action::Delete => Action::Unpublish,
            Group::Drifted => Action::Drift,
            Group::Orphans => Action::Orphan,
            _ => self.change.action,
        }
    }

    /// One character that says the action.
    pub fn sign(&self) -> &'static str {
        match self.action() {
            Action::Create => "+",
            Action::Adopt => "=",
            Action::Update => "~",
            Action::Publish => "^",
            Action::Move => ">",
            Action::Unpublish | Action::Delete => "-",
            Action::Blocked => "!",
            Action::Drift | Action::Orphan => "?",
        }
    }

    /// What happens, in a few words.
    pub fn verb(&self) -> &'static str {
        match self.action() {
            Action::Create => "new",
            Action::Adopt => "adopted",
            Action::Update => "changed",
            Action::Publish => "staged",
            Action::Unpublish => "unpublished",
            Action::Move if moves(self.change) => "moved",
            Action::Move => "settings",
            Action::Delete => "deleted",
            Action::Blocked => "blocked",
            Action::Drift => "changed in Intercom",
            Action::Orphan => "no file",
        }
    }

    /// `article 9100001`, or what it is where it has no id yet.
    pub fn what(&self) -> String {
        let what = match self.change.subject.kind() {
            Kind::Article => "article",
            Kind::Collection => "collection",
        };
        self.change.id.map_or_else(|| what.to_owned(), |id| format!("{what} {id}"))
    }

    /// Where people find it: the address of each locale that is live, and that in Intercom's editor.
    pub fn addresses(&self) -> Vec<(&'static str, &str)> {
        let live = self.parts.iter().filter_map(|part| Some(("live", part.url.as_deref()?)));
        let editor = self.change.editor_url.iter().map(|url| ("editor", url.as_str()));
        live.chain(editor).filter(|(_, url)| is_address(url)).collect()
    }

    /// How customers use it now, in words; nothing where nobody asked.
    pub fn figures(&self) -> Option<String> {
        let figures = self.change.figures.as_ref()?;
        let count = |count: u64, one: &str, more: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{} {more}", grouped(count))),
        };
        let fin = count(figures.fin_involvements, "answer of Fin", "answers of Fin").map(|fin| {
            let resolved = grouped(figures.fin_resolutions);
            if figures.fin_resolutions == 0 { fin } else { format!("{fin}, {resolved} of them enough") }
        });
        let reactions = count(figures.reactions, "reaction", "reactions").map(|reactions| {
            let sad = figures.sad_percentage.round();
            if sad > 0.0 { format!("{reactions}, {sad} % of them sad") } else { reactions }
        });
        let all = [
            count(figures.views, "view", "views"),
            reactions,
            count(figures.conversations, "conversation", "conversations"),
            fin,
        ];
        let said: Vec<String> = all.into_iter().flatten().collect();
        Some(if said.is_empty() { "no views".to_owned() } else { said.join("; ") })
    }

    /// The name of a field of it.
    pub fn label(&self, field: Field) -> &'static str {
        match (field, self.change.subject.kind()) {
            (Field::Title, Kind::Collection) => "name",
            (field, _) => field.name(),
        }
    }

    /// Whether a locale of it is an article that Intercom has not yet: all of its text is new.
    pub fn is_new(&self, part: &LocaleChange) -> bool {
        part.action == Action::Create && self.change.subject.kind() == Kind::Article
    }

    /// Whether a field has a value for the first time.
    pub fn is_first(&self, part: &LocaleChange, field: &FieldChange) -> bool {
        field.old.is_empty() && part.action == Action::Create
    }

    /// What was changed in Intercom only, by whom and when.
    pub fn left_alone(drift: &Drift) -> String {
        let fields = drift.fields.iter().map(|field| field.name()).collect::<Vec<_>>().join(", ");
        let since = drift.since.map_or_else(String::new, |since| format!(", {}", minute(since)));
        format!("{fields} changed by {}{since} (not touched)", drift.by)
    }

    /// Who changed it in Intercom and when, if that is why it is blocked.
    pub fn blocked_by(part: &LocaleChange) -> Option<String> {
        let blocked = part.blocked.as_ref()?;
        let (by, since) = (blocked.by.as_ref()?, blocked.since?);
        Some(format!("in Intercom: {by}, {}", minute(since)))
    }

    /// What can be done about a part that drifted.
    pub fn what_to_do(&self, part: &LocaleChange, drift: &Drift) -> String {
        let path = &part.path;
        match &drift.publish_blocked_by {
            Some(_) => format!(
                "run `helpbook pull {path}` to take it into the file, or `helpbook apply --overwrite --publish {path}` to do what the docs say"
            ),
            None if self.change.subject.kind() == Kind::Collection => {
                "run `helpbook pull` to take it into the collection's `_index.md`".to_owned()
            }
            None => format!(
                "run `helpbook pull {path}` to take it into the file, or `helpbook apply --overwrite {path}` to replace it"
            ),
        }
    }
}

/// Whether a text is an address that a browser may open, spelled as a browser spells it: a saved plan is a file like
/// any other.
fn is_address(url: &str) -> bool {
    Url::parse(url).is_ok_and(|parsed| is_web(&parsed) && parsed.as_str() == url)
}

fn moves(change: &Change) -> bool {
    let is_place = |field: &FieldChange| matches!(field.field, Field::Collection | Field::Title | Field::Description);
    change.subject.kind() == Kind::Collection || change.locales.values().any(|part| part.fields.iter().any(is_place))
}

/// When a plan was made, and against what: a sentence in which backticks set code.
pub fn made(plan: &Plan) -> String {
    let at = minute(plan.made_at);
    let place = format!("for the workspace `{}`, Help Center `{}`", plan.workspace, plan.help_center);
    match &plan.since {
        Some(since) if since.against == Against::Docs => format!("made {at} against the docs of `{}`", since.reference),
        Some(since) => format!("made {at} {place}, since `{}`", since.reference),
        None => format!("made {at} {place}"),
    }
}

/// What a plan without any change is called.
pub(super) fn nothing_to_do(plan: &Plan) -> String {
    match &plan.since {
        Some(since) if plan.changes.is_empty() => format!("No changes since `{}`.", since.reference),
        Some(since) => format!("No other changes since `{}`.", since.reference),
        None if plan.summary.orphans > 0 => "No other changes.".to_owned(),
        None => "No changes. Your Help Center matches the docs.".to_owned(),
    }
}

/// A plan in one or two lines: how many changes of which kind.
pub(super) fn summary(plan: &Plan) -> String {
    let Summary { create, adopt, update, publish, unpublish, delete, blocked, drift, orphans, unchanged, no_file } =
        plan.summary;
    let orphaned = match orphans {
        0 => String::new(),
        1 => "1 article stays in Intercom though its file is gone; `orphans` in helpbook.yml can take it offline, `helpbook pull ID` brings the file back.\n".to_owned(),
        count => format!(
            "{count} articles stay in Intercom though their files are gone; `orphans` in helpbook.yml can take them offline, `helpbook pull ID` brings a file back.\n"
        ),
    };
    let unknown = match no_file {
        0 => String::new(),
        1 => "\n1 article in Intercom has no file here; `helpbook pull` brings it in.".to_owned(),
        count => format!("\n{count} articles in Intercom have no file here; `helpbook pull` brings them in."),
    };
    if plan.is_empty() {
        return format!("{orphaned}{}{unknown}", nothing_to_do(plan));
    }
    let counts = [
        (create, "to create"),
        (adopt, "to adopt"),
        (update, "to update"),
        (publish, "to publish"),
        (unpublish, "to unpublish"),
        (delete, "to delete"),
        (blocked, "blocked"),
        (drift, "changed in Intercom"),
        (unchanged, "unchanged"),
    ];
    let shown = counts.iter().filter(|(count, _)| *count > 0);
    let list = shown.map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(", ");
    format!("{orphaned}Plan: {list}.{unknown}")
}
