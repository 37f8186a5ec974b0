//! What an article is beside its text, against what it is in Intercom: tags, who may use it, old
//! addresses.
//!
//! Each field is compared like a text: what is in Intercom and is not what we last set is a
//! teammate's, and is left alone. What nobody can see goes with `apply`; the rest waits for
//! `publish`. What Intercom does not say, or does not show this token, blocks the article and no other.

use std::collections::BTreeSet;

use url::Url;

use super::change::{Action, Blocked, BodyPair, Change, Drift};
use super::content::{Content, Texts};
use super::differences::{Differences, Waits};
use super::field::{Field, FieldChange};
use super::inputs::Inputs;
use super::locale_plan::LocalePlan;
use super::row::Row;
use super::schedule;
use super::seen::folded;
use super::side::{self, Side, side};
use super::step::{Publish, Redirection, SettingsEdit, Stage, TagEdit};
use crate::book::{self, OldAddress};
use crate::diagnostic::did_you_mean;
use crate::html::diff::Diff;
use crate::intercom::model::{ArticleId, AudienceId, Locale, RedirectTarget, State, Tag};
use crate::live::{Flags, List, Listed, LiveArticle};
use crate::record::Settings;

/// The lists that the docs need, of those that are not always fetched.
pub fn lists(book: &book::Book) -> BTreeSet<List> {
    let mut lists = BTreeSet::new();
    for article in book.articles.values() {
        let redirects = article.settings.redirect_from.as_ref().is_some_and(|addresses| !addresses.is_empty());
        lists.extend(redirects.then_some(List::Redirects));
        lists.extend(article.contents().any(|content| content.readers.audiences.is_some()).then_some(List::Audiences));
    }
    lists
}

/// What the docs want of an article in a locale beside its text. `file` is there for the default
/// locale, which is that of the article.
pub(super) fn wanted(
    inputs: Inputs<'_>,
    file: Option<&book::Article>,
    content: &book::Content,
) -> Result<Settings, Blocked> {
    let ai = content.readers.ai;
    let audiences = content.readers.audiences.as_ref().map(|names| audiences(inputs, names)).transpose()?;
    let flags = Flags { chatbot: ai.chatbot, copilot: ai.copilot, sales_agent: ai.sales_agent, audiences };
    let Some(file) = file else { return Ok(Settings { flags, ..Settings::default() }) };
    Ok(Settings {
        tags: file.settings.tags.as_ref().map(|tags| tags.iter().map(|tag| folded(tag)).collect()),
        flags,
        redirects: redirections(inputs, file)?.into_iter().map(|old| old.url).collect(),
        ..Settings::default()
    })
}

/// The ids of audiences that are called so.
fn audiences(inputs: Inputs<'_>, names: &[String]) -> Result<BTreeSet<AudienceId>, Blocked> {
    if names.is_empty() {
        return Ok(BTreeSet::new());
    }
    let known = match &inputs.live.audiences {
        Listed::Known(known) => known,
        Listed::Refused(answer) => {
            return Err(Blocked::new(
                format!("Intercom does not show its audiences to this token: {answer}"),
                "give the token the permission to read audiences, in Intercom's Developer Hub, or remove `audiences`",
            ));
        }
        Listed::NotFetched => return Err(Blocked::new("the audiences were not read", "run it again")),
    };
    let id = |name: &String| {
        let exact = known.iter().filter(|audience| audience.name.trim() == name).collect::<Vec<_>>();
        let folded = known.iter().filter(|audience| folded(&audience.name) == folded(name)).collect::<Vec<_>>();
        match if exact.is_empty() { folded } else { exact }.as_slice() {
            [audience] => Ok(audience.id),
            [] => Err(Blocked::new(
                format!("there is no audience `{name}` in Intercom"),
                did_you_mean(name, known.iter().map(|audience| audience.name.as_str()))
                    .unwrap_or_else(|| "make it in Intercom, or remove it from `audiences`".to_owned()),
            )),
            several => Err(Blocked::new(
                format!("{} audiences in Intercom are called `{name}`", several.len()),
                "rename all but one of them in Intercom",
            )),
        }
    };
    names.iter().map(id).collect()
}

/// The old addresses of an article, each absolute. A path is one of the Help Center, and its locale
/// the one that it names.
pub(super) fn redirections(inputs: Inputs<'_>, file: &book::Article) -> Result<Vec<Redirection>, Blocked> {
    let Some(addresses) = file.settings.redirect_from.as_ref().filter(|list| !list.is_empty()) else {
        return Ok(Vec::new());
    };
    let center = &inputs.live.help_center;
    let home = center.url.as_deref().and_then(|url| Url::parse(url).ok()).ok_or_else(|| {
        Blocked::new(
            "Intercom does not say the address of the Help Center, so no old address points to it",
            "turn the Help Center on in Intercom, or remove `redirect_from`",
        )
    })?;
    let base = home.path().trim_end_matches('/').to_owned();
    let origin = home.origin().ascii_serialization();
    let locale_of = |path: &str| {
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        let known = Locale::KNOWN.iter().find(|known| known.eq_ignore_ascii_case(first));
        known.map_or_else(|| inputs.rules.locale.clone(), |known| Locale((*known).to_owned()))
    };
    let below = |path: &str| path.strip_prefix(&base).filter(|rest| rest.starts_with('/')).map(str::to_owned);
    Ok(addresses
        .iter()
        .map(|address| match address {
            OldAddress::Path(path) => {
                let path = below(path).unwrap_or_else(|| path.clone());
                Redirection { url: format!("{origin}{base}{path}"), locale: locale_of(&path) }
            }
            OldAddress::Whole(url) => {
                let path = Url::parse(url).map(|url| url.path().to_owned()).unwrap_or_default();
                Redirection { url: url.clone(), locale: locale_of(&below(&path).unwrap_or(path)) }
            }
        })
        .collect())
}

/// Whose a difference is, with `--overwrite` always ours. `live` is `None` where Intercom does not say;
/// `known` is what we last set.
fn side_of<T: PartialEq>(row: &Row<'_>, wanted: &T, live: Option<&T>, known: Option<&T>) -> Side {
    let side = side(wanted, live, side::known(known));
    if side > Side::Ours && row.overwrites() { Side::Ours } else { side }
}

/// Adds to the change of an article in a locale what differs beside its text. `file` is there for the
/// default locale, `empty` is a change without anything.
pub(super) fn add(
    row: &Row<'_>,
    file: Option<&book::Article>,
    found: &LiveArticle,
    mut change: Option<LocalePlan>,
    empty: LocalePlan,
) -> Option<LocalePlan> {
    let mut differences = Differences::default();
    flags(row, found, &mut differences);
    if let Some(file) = file {
        schedule::add(row, file, &mut change, &mut differences);
        let goes_live = change.iter().flat_map(|change| &change.publish).any(|step| match step {
            Publish::Live { at, .. } => at.is_none(),
            _ => false,
        });
        let is_live = row.theirs().state == State::Published && row.state != Some(State::Draft);
        let done = tags(row, file, found, &mut differences).and_then(|()| {
            if is_live || goes_live { redirects(row, file, found.article.id, &mut differences) } else { Ok(()) }
        });
        match done {
            Err(blocked) if change.as_ref().is_none_or(|change| change.shown.blocked.is_none()) => {
                return Some(change.unwrap_or(empty).blocked(blocked));
            }
            _ => {}
        }
    }
    if differences.ours.is_empty() && differences.theirs.is_empty() && differences.both.is_empty() {
        return change;
    }
    let mut change = change.unwrap_or(empty);
    if !differences.theirs.is_empty() {
        let theirs = std::mem::take(&mut differences.theirs);
        drifted(row, &mut change, theirs);
    }
    if change.shown.blocked.is_some() || !differences.both.is_empty() {
        // Nothing of it is done, and all of it is named: `--overwrite` would do it.
        return Some(conflict(row, change, differences));
    }
    let left = change.shown.drift.iter().flat_map(|drift| drift.fields.iter().copied()).collect();
    let wanted = change.shown.wanted.get_or_insert_with(|| row.wanted(&left));
    if let (Some(file), Ok(old)) = (file, file.map_or(Ok(Vec::new()), |file| redirections(row.inputs, file)))
        && file.settings.redirect_from.is_some()
        && !differences.redirects.is_empty()
    {
        wanted.settings.redirects = old.into_iter().map(|old| old.url).collect();
    }
    if differences.ours.is_empty() {
        return Some(change);
    }
    change.shown.fields.append(&mut differences.ours);
    let was_idle = change.is_idle();
    let mut change = steps(row, change, differences, &left);
    if was_idle && change.shown.blocked.is_none() && !change.is_idle() {
        change.shown.action = Action::Move;
    }
    Some(change)
}

/// The steps that do it.
fn steps(row: &Row<'_>, mut change: LocalePlan, differences: Differences, left: &BTreeSet<Field>) -> LocalePlan {
    let Differences { flags, tags, redirects, publish_at, unpublish_at, waits, .. } = differences;
    let is_scheduled = !publish_at.is_unchanged() || !unpublish_at.is_unchanged();
    let is_live = row.theirs().state == State::Published;
    let publishes_draft = change.publish.iter().any(|step| matches!(step, Publish::Draft { .. }));
    // They would become a part of the draft that waits.
    if waits == Waits::ForItsTime {
        return change;
    }
    if let Some(draft) = row.found.draft.as_ref().filter(|_| is_live && !publishes_draft)
        && (is_scheduled || !flags.is_empty() || !tags.is_empty())
    {
        let reason = "its settings are to change, and a teammate's draft is pending in Intercom";
        let fields = std::mem::take(&mut change.shown.fields);
        let mut blocked = row.teammates_draft(change, draft, reason);
        blocked.shown.fields.splice(..0, fields);
        return blocked;
    }
    if !flags.is_empty() && is_live {
        edit(&mut change, |edit| drop(edit.flags.insert(row.locale.clone(), flags)));
    } else if !flags.is_empty() {
        match &mut change.stage {
            Some(Stage::Update { texts, .. }) => texts.values_mut().for_each(|content| content.flags = flags.clone()),
            stage => {
                let content = Box::new(Content { flags, ..row.content(&BTreeSet::new(), left) });
                *stage = Some(Stage::Update { texts: [(row.locale.clone(), content)].into(), place: None });
            }
        }
    }
    if is_scheduled {
        edit(&mut change, |edit| (edit.publish_at, edit.unpublish_at) = (publish_at, unpublish_at));
    }
    if !tags.is_empty() && (is_live || row.is_live_elsewhere) {
        change.publish.push(Publish::Tags(tags));
    } else if !tags.is_empty() {
        change.tags = tags;
        change.stage.get_or_insert_with(|| Stage::Update { texts: Texts::new(), place: None });
    }
    if !redirects.is_empty() {
        change.publish.push(Publish::Redirects { help_center: row.inputs.live.help_center.id, from: redirects });
    }
    change.publish.sort_by_key(Publish::rank);
    change
}

/// Changes the step that changes settings, which is made where there is none.
fn edit(change: &mut LocalePlan, with: impl FnOnce(&mut SettingsEdit)) {
    let at = change.publish.iter().position(|step| matches!(step, Publish::Settings(_)));
    let mut edit = match at.map(|at| change.publish.remove(at)) {
        Some(Publish::Settings(edit)) => edit,
        _ => SettingsEdit::default(),
    };
    with(&mut edit);
    change.publish.push(Publish::Settings(edit));
}

fn flags(row: &Row<'_>, found: &LiveArticle, differences: &mut Differences) {
    let wanted = &row.settings.flags;
    let live = found.flags(row.locale, &row.inputs.rules.locale);
    let known = row.record.map(|record| record.settings.flags.clone()).unwrap_or_default();
    let mut switches: Vec<(Side, String, String)> = Vec::new();
    for (name, wanted, live, known, set) in [
        ("chatbot", wanted.chatbot, live.chatbot, known.chatbot, &mut differences.flags.chatbot),
        ("copilot", wanted.copilot, live.copilot, known.copilot, &mut differences.flags.copilot),
        ("sales_agent", wanted.sales_agent, live.sales_agent, known.sales_agent, &mut differences.flags.sales_agent),
    ] {
        let Some(wanted) = wanted else { continue };
        let side = side_of(row, &wanted, live.as_ref(), known.as_ref());
        if side == Side::Ours {
            *set = Some(wanted);
        }
        let old = live.map_or_else(String::new, |live| format!("{name} {live}"));
        switches.push((side, old, format!("{name} {wanted}")));
    }
    for side in [Side::Ours, Side::Theirs, Side::Both] {
        let join = |of: fn(&(Side, String, String)) -> &String| {
            let texts = switches.iter().filter(|switch| switch.0 == side).map(of).filter(|text| !text.is_empty());
            texts.cloned().collect::<Vec<_>>().join(", ")
        };
        let (old, new) = (join(|switch| &switch.1), join(|switch| &switch.2));
        if !new.is_empty() {
            differences.add(side, FieldChange::new(Field::Ai, old, new));
        }
    }
    if let Some(wanted) = &wanted.audiences {
        let audiences = AudienceSets { wanted, live: live.audiences.as_ref(), known: known.audiences.as_ref() };
        audiences_of(row, audiences, differences);
    }
}

/// The audiences of a text.
#[derive(Clone, Copy)]
struct AudienceSets<'a> {
    wanted: &'a BTreeSet<AudienceId>,
    live: Option<&'a BTreeSet<AudienceId>>,
    known: Option<&'a BTreeSet<AudienceId>>,
}

/// Each audience is a field of its own, as each tag is: what a teammate added stays beside what the docs
/// add. Where one of the three is not known, they are compared as a whole.
fn audiences_of(row: &Row<'_>, audiences: AudienceSets<'_>, differences: &mut Differences) {
    let AudienceSets { wanted, live, known } = audiences;
    let names = |ids: &BTreeSet<AudienceId>| {
        ids.iter().map(|id| row.inputs.live.audience_name(*id)).collect::<Vec<_>>().join(", ")
    };
    let old = live.map(names).unwrap_or_default();
    let (Some(live), Some(known)) = (live, known.filter(|_| !row.overwrites())) else {
        let side = side_of(row, wanted, live, known);
        differences.add(side, FieldChange::new(Field::Audiences, old, names(wanted)));
        if side == Side::Ours {
            differences.flags.audiences = Some(wanted.clone());
        }
        return;
    };
    let is_ours = |id: &&AudienceId| known.contains(*id) != wanted.contains(*id);
    let mut ours = live.clone();
    live.symmetric_difference(wanted).filter(is_ours).for_each(|id| {
        if !ours.remove(id) {
            ours.insert(*id);
        }
    });
    let mut theirs = live.clone();
    live.symmetric_difference(wanted).filter(|id| !is_ours(id)).for_each(|id| {
        if !theirs.remove(id) {
            theirs.insert(*id);
        }
    });
    if theirs != *live {
        differences.add(Side::Theirs, FieldChange::new(Field::Audiences, old.clone(), names(&theirs)));
    }
    if ours != *live {
        differences.add(Side::Ours, FieldChange::new(Field::Audiences, old, names(&ours)));
        differences.flags.audiences = Some(ours);
    }
}

fn tags(
    row: &Row<'_>,
    file: &book::Article,
    found: &LiveArticle,
    differences: &mut Differences,
) -> Result<(), Blocked> {
    let (Some(names), Some(wanted)) = (&file.settings.tags, &row.settings.tags) else { return Ok(()) };
    let Some(live) = &found.article.tags else {
        return Err(Blocked::new(
            "Intercom does not say which tags the article has, so none is given or taken",
            "remove `tags`, and set them in Intercom",
        ));
    };
    // Tag by tag, so that a run that died between two of them is no conflict. One that we never set is a
    // teammate's.
    let known = row.record.and_then(|record| record.settings.tags.as_ref()).filter(|_| !row.overwrites());
    let there: BTreeSet<String> = live.tags.iter().map(|tag| folded(&tag.name)).collect();
    let missing = names.iter().filter(|name| !there.contains(&folded(name))).cloned();
    let extra = live.tags.iter().filter(|tag| !wanted.contains(&folded(&tag.name))).cloned();
    let is_known = |name: &str| known.is_some_and(|known| known.contains(&folded(name)));
    let (removed, attach): (Vec<String>, Vec<String>) = missing.partition(|name| is_known(name));
    let (detach, added): (Vec<Tag>, Vec<Tag>) = extra.partition(|tag| row.overwrites() || is_known(&tag.name));
    let shown = |more: &[String], less: &[Tag]| {
        let sorted = |names: &mut dyn Iterator<Item = &str>| {
            let mut names: Vec<&str> = names.collect();
            names.sort_by_key(|name| folded(name));
            names.join(", ")
        };
        let stay = live.tags.iter().filter(|tag| !less.contains(tag)).map(|tag| tag.name.as_str());
        let new = sorted(&mut stay.chain(more.iter().map(String::as_str)));
        let old = sorted(&mut live.tags.iter().map(|tag| tag.name.as_str()));
        FieldChange::new(Field::Tags, old, new)
    };
    if !removed.is_empty() || !added.is_empty() {
        differences.add(Side::Theirs, shown(&removed, &added));
    }
    if !attach.is_empty() || !detach.is_empty() {
        differences.add(Side::Ours, shown(&attach, &detach));
    }
    differences.tags = TagEdit { attach, detach };
    Ok(())
}

/// The redirects that are missing. One that a teammate deleted stays so; one that the docs no longer
/// name stays, too: who follows it is not known here.
fn redirects(row: &Row<'_>, file: &book::Article, id: ArticleId, differences: &mut Differences) -> Result<(), Blocked> {
    let old = redirections(row.inputs, file)?;
    let missing = missing_redirects(row.inputs, &old, Some(id))?;
    let known = row.record.map(|record| &record.settings.redirects);
    let is_gone = |missing: &Redirection| !row.overwrites() && known.is_some_and(|known| known.contains(&missing.url));
    let (theirs, ours): (Vec<_>, Vec<_>) = missing.iter().cloned().partition(is_gone);
    let there: Vec<&str> = old.iter().filter(|old| !missing.contains(old)).map(|old| old.url.as_str()).collect();
    let with = |more: &[Redirection]| {
        let all = there.iter().copied().chain(more.iter().map(|more| more.url.as_str()));
        FieldChange::new(Field::RedirectFrom, there.join(", "), all.collect::<Vec<_>>().join(", "))
    };
    if !theirs.is_empty() {
        differences.add(Side::Theirs, with(&theirs));
    }
    if !ours.is_empty() {
        differences.add(Side::Ours, with(&ours));
    }
    differences.redirects = ours;
    Ok(())
}

/// The addresses that point nowhere yet. One that points to something else is refused.
fn missing_redirects(
    inputs: Inputs<'_>,
    old: &[Redirection],
    id: Option<ArticleId>,
) -> Result<Vec<Redirection>, Blocked> {
    match &inputs.live.redirects {
        _ if old.is_empty() => return Ok(Vec::new()),
        Listed::Known(_) => {}
        Listed::Refused(answer) => {
            return Err(Blocked::new(
                format!("Intercom does not show its redirects to this token: {answer}"),
                "give the token the permission `read_write_help_center_redirects_scope`, or remove `redirect_from`",
            ));
        }
        Listed::NotFetched => return Err(Blocked::new("the redirects were not read", "run it again")),
    }
    let mut missing = Vec::new();
    for address in old {
        match inputs.live.redirect_from(&address.url) {
            None => missing.push(address.clone()),
            Some(there)
                if there.target_type == RedirectTarget::Article && Some(there.target_id.0) == id.map(|id| id.0) => {}
            Some(there) => {
                let kind = match there.target_type {
                    RedirectTarget::Article => "article",
                    RedirectTarget::Collection => "collection",
                };
                return Err(Blocked::new(
                    format!("{} points to {kind} {} already", address.url, there.target_id),
                    "delete that redirect in Intercom, or remove the address from `redirect_from`",
                ));
            }
        }
    }
    Ok(missing)
}

/// What a new article, or a new locale of one, gets beside its text. `file` is there for the default
/// locale of an article.
pub(super) fn add_to_new(
    inputs: Inputs<'_>,
    file: Option<&book::Article>,
    content: &book::Content,
    change: &mut LocalePlan,
) -> Result<(), Blocked> {
    let settings = wanted(inputs, file, content)?;
    let ai = [
        ("chatbot", settings.flags.chatbot),
        ("copilot", settings.flags.copilot),
        ("sales_agent", settings.flags.sales_agent),
    ];
    let ai = ai.into_iter().filter_map(|(name, flag)| Some(format!("{name} {}", flag?))).collect::<Vec<_>>().join(", ");
    let mut show = |field, text: String| {
        if !text.is_empty() {
            change.shown.field(field, "", text);
        }
    };
    let tags = file.and_then(|file| file.settings.tags.clone()).unwrap_or_default();
    show(Field::Tags, tags.join(", "));
    show(Field::Ai, ai);
    let audiences = settings.flags.audiences.iter().flatten();
    show(Field::Audiences, audiences.map(|id| inputs.live.audience_name(*id)).collect::<Vec<_>>().join(", "));
    for (_, content) in change.stage.iter_mut().flat_map(Stage::texts_mut) {
        content.flags = settings.flags.clone();
    }
    change.tags = TagEdit { attach: tags, detach: Vec::new() };
    if let Some(file) = file {
        schedule::add_to_new(inputs, file, change);
    }
    let goes_live = change.publish.iter().any(|step| matches!(step, Publish::Live { at: None, .. }));
    let mut settings = settings;
    match file.filter(|_| goes_live) {
        Some(file) => {
            let from = missing_redirects(inputs, &redirections(inputs, file)?, None)?;
            if !from.is_empty() {
                let urls = from.iter().map(|old| old.url.as_str()).collect::<Vec<_>>().join(", ");
                change.shown.field(Field::RedirectFrom, "", urls);
                change.publish.push(Publish::Redirects { help_center: inputs.live.help_center.id, from });
            }
        }
        None => settings.redirects.clear(),
    }
    if let Some(wanted) = &mut change.shown.wanted {
        wanted.settings = settings;
    }
    Ok(())
}

/// Adds what was changed in Intercom only.
fn drifted(row: &Row<'_>, change: &mut LocalePlan, theirs: Vec<FieldChange>) {
    if change.stage.is_none() && change.publish.is_empty() {
        change.shown.action = Action::Drift;
    }
    let fields = theirs.iter().map(|change| change.field).collect::<Vec<_>>();
    let drift = change.shown.drift.get_or_insert_with(|| Drift {
        fields: Vec::new(),
        changes: Vec::new(),
        body: Diff::default(),
        sides: BodyPair::default(),
        by: changed_by(row, &fields),
        since: row.since().filter(|_| has_author(&fields)),
        publish_blocked_by: None,
    });
    drift.fields.extend(fields);
    drift.changes.extend(theirs.into_iter().map(FieldChange::reversed));
}

/// Refuses what was changed on both sides, beside what is refused of the text already.
fn conflict(row: &Row<'_>, mut change: LocalePlan, differences: Differences) -> LocalePlan {
    let fields = differences.both.iter().map(|change| change.field).collect::<Vec<_>>();
    change.shown.fields.extend(differences.both.into_iter().chain(differences.ours));
    if change.shown.blocked.is_some() {
        return change;
    }
    row.show_state(&mut change);
    let names = fields.iter().map(|field| field.name()).collect::<Vec<_>>().join(", ");
    change.shown.notes.clear();
    change.blocked(Blocked {
        by: Some(changed_by(row, &fields)),
        since: row.since().filter(|_| has_author(&fields)),
        ..Blocked::new(
            format!("conflict: {names} changed here and in Intercom"),
            format!(
                "write what is right into the file, or run `helpbook apply --overwrite --publish {}` to replace theirs",
                row.file.path
            ),
        )
    })
}

/// Whether Intercom keeps who changed it: neither tags nor redirects touch the article.
fn has_author(fields: &[Field]) -> bool {
    fields.iter().any(|field| !matches!(field, Field::Tags | Field::RedirectFrom))
}

fn changed_by(row: &Row<'_>, fields: &[Field]) -> String {
    let by = row.theirs().updated_by_id.filter(|_| has_author(fields));
    row.inputs.live.name_of(by)
}

/// Whether a change touches anything of an article beside its text and place.
pub(super) fn touched_by(change: &Change) -> bool {
    let is_setting = |field: &FieldChange| Field::SETTINGS.contains(&field.field);
    change.locales.values().any(|part| part.fields.iter().any(is_setting))
}

/// A setting that is not as it was when a plan was approved. One that the plan changes and that
/// is so by now is done.
pub(super) fn moved(approved: &Change, found: &Change) -> Option<Field> {
    let fields = |change: &'_ Change| -> Vec<(Locale, FieldChange)> {
        let parts = change.locales.values();
        parts.flat_map(|part| part.fields.iter().map(|field| (part.locale.clone(), field.clone()))).collect()
    };
    let (before, now) = (fields(approved), fields(found));
    now.iter()
        .filter(|(_, change)| Field::SETTINGS.contains(&change.field))
        .find(|change| !before.contains(change))
        .map(|(_, change)| change.field)
}

/// Whether a step is about nothing but what an article is beside its text and place.
pub(super) fn sets(step: &Publish) -> bool {
    matches!(step, Publish::Settings(_) | Publish::Tags(_) | Publish::Redirects { .. })
}
