//! One article: a plan for each locale, put together into one change.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Action, Blocked, Change, Subject};
use super::content::{Content, Texts};
use super::desired::{Desired, admin};
use super::document::Part;
use super::field::{Field, FieldChange};
use super::inputs::{Inputs, Theirs};
use super::locale_plan::LocalePlan;
use super::locales::{Rows, of_new};
use super::matching::{Match, With, is_ignored};
use super::orphan;
use super::places::Places;
use super::row::{Row, TextOf};
use super::show::{place_name, show_body};
use super::step::{Place, Publish, Stage};
use super::wanted::Wanted;
use super::{schedule, settings};
use crate::book;
use crate::intercom::model::{AdminId, ArticleId, Locale, State};
use crate::live::{InLocale, Live, LiveArticle};
use crate::text::DocPath;
use crate::threads;

/// How many articles are planned in one go.
const SHARE: usize = 8;

/// What has to change about the articles that are meant, in their order.
pub(super) fn plan_all(inputs: Inputs<'_>, places: &Places<'_>, matched: &BTreeMap<DocPath, Match<'_>>) -> Vec<Part> {
    let meant: Vec<_> = matched.iter().filter(|(path, _)| inputs.rules.means(path.as_str())).collect();
    // Of most articles there is nothing to say, so a few share a part.
    let shares: Vec<_> = meant.chunks(SHARE).collect();
    threads::map(&shares, |share| {
        let mut part = Part::default();
        for (path, matched) in *share {
            // Of a copy, so that the texts that are written for a plan are not held until the last one is planned.
            let matched = &(*matched).clone();
            Planner { inputs, places, file: &inputs.book.articles[*path], matched }.plan(&mut part);
        }
        part
    })
}

/// The files, in every locale, whose text is sent by staging.
pub(super) fn texts_to_write(parts: &[Part]) -> BTreeSet<DocPath> {
    parts.iter().flat_map(|part| &part.changes).flat_map(Change::texts_to_write).collect()
}

/// A file with what it was matched with.
#[derive(Clone, Copy)]
struct Planner<'a> {
    inputs: Inputs<'a>,
    places: &'a Places<'a>,
    file: &'a book::Article,
    matched: &'a Match<'a>,
}

/// A text of the docs, or why it cannot be sent.
struct Said<'a> {
    locale: &'a Locale,
    content: &'a book::Content,
    desired: Result<&'a Desired<'a>, Blocked>,
    state: Option<State>,
}

/// What a file says of its article in the default locale.
type Own<'a> = Result<(&'a Desired<'a>, Option<Place>), Blocked>;

impl<'a> Planner<'a> {
    /// Adds what has to change about the article to the part.
    fn plan(self, part: &mut Part) {
        let own: Own<'a> = match (&self.matched.desired, self.places.of(&self.file.collection)) {
            (Ok(desired), Ok(place)) => Ok((desired, place)),
            (Err(reason), _) => Err(reason.clone()),
            (_, Err(reason)) => Err(reason),
        };
        let path = &self.file.path;
        match (&self.matched.with, own) {
            (With::Id(id), own) => self.existing(*id, own, part),
            (With::Gone(id), Ok(_)) => part.changes.push(self.blocked(Blocked::new(
                format!("article {id} was deleted in Intercom"),
                format!("remove `id` from `{path}` to create it again, or delete the file"),
            ))),
            // Without its default locale an article is neither created nor adopted.
            _ if !self.is_default_meant() => {}
            (_, Err(reason)) => part.changes.push(self.blocked(reason)),
            (With::Unreadable(id), Ok(_)) => part.changes.push(self.blocked(unreadable(self.inputs.live, *id))),
            (With::TitleTaken(ids), Ok(_)) => part.changes.push(self.blocked(Blocked::new(
                format!("article {} has this title and other content, and no file claims it", ids[0]),
                format!(
                    "write `id: {}` into `{path}` if it is the same article, or run with `--create` to make another one",
                    ids[0]
                ),
            ))),
            (With::New, Ok((desired, place))) => part.changes.push(self.new_article(desired, place)),
            (With::Adopted(id), own) => self.existing(*id, own, part),
        }
    }

    fn is_default_meant(self) -> bool {
        self.inputs.rules.means_locale(&self.inputs.rules.locale)
    }

    /// A change of the article without any locale.
    fn change(self) -> Change {
        let id = match self.matched.with {
            With::Id(id) | With::Gone(id) | With::Unreadable(id) | With::Adopted(id) => Some(id.0),
            With::New | With::TitleTaken(_) => None,
        };
        Change::new(Subject::Article { path: self.file.path.clone() }, id, &self.file.content.title)
    }

    /// An empty plan of the default locale.
    fn own(self) -> LocalePlan {
        LocalePlan::new(&self.inputs.rules.locale, &self.file.path, &self.file.content.title)
    }

    /// The change of an article of which nothing is done.
    fn blocked(self, blocked: Blocked) -> Change {
        self.change().with(self.own().shown).blocked(blocked)
    }

    /// The translations that are meant, as the docs say them.
    fn translations(self) -> impl Iterator<Item = Said<'a>> {
        let meant = self.file.translations.iter().filter(move |(locale, _)| self.inputs.rules.means_locale(locale));
        meant.filter_map(move |(locale, content)| {
            let desired = self.matched.translations.get(locale)?.as_ref().map_err(Clone::clone);
            Some(Said { locale, content, desired, state: schedule::state(self.inputs, self.file, content) })
        })
    }

    /// An article that is in Intercom: a row per locale, put together.
    fn existing(self, id: ArticleId, own: Own<'a>, part: &mut Part) {
        let Inputs { live, rules, .. } = self.inputs;
        let found = &live.articles[&id];
        // The text at the root would be taken for another language.
        if let Some(default) = found.article.default_locale.as_ref().filter(|default| **default != rules.locale) {
            return part.changes.push(self.blocked(Blocked::new(
                format!("its default locale in Intercom is `{default}`, and not `{}`", rules.locale),
                format!("write `default_locale: {default}` into `helpbook.yml`"),
            )));
        }
        if is_ignored(self.inputs, &found.article) {
            return part.changes.push(self.blocked(Blocked::new(
                "it is in a collection that `ignore` in helpbook.yml leaves to others",
                "remove the file, move the article in Intercom, or change `ignore`",
            )));
        }
        if found.article.body.is_none() {
            // What is not said is unknown, and no empty text.
            return part.changes.push(self.blocked(Blocked::new(
                "Intercom does not say its text, so nothing is compared or written",
                "run it again; where that does not help, write a text in Intercom, or remove `id` and the article there",
            )));
        }
        let InLocale::There(view) = found.in_locale(&rules.locale, &rules.locale) else { return };
        let mut rows = Rows::of(self.inputs, found);
        if self.is_default_meant() {
            let settings =
                own.and_then(|own| Ok((own, settings::wanted(self.inputs, Some(self.file), &self.file.content)?)));
            match settings {
                Err(reason) => rows.add(self.own().blocked(reason)),
                Ok(((desired, place), mut settings)) => {
                    (settings.publish_at, settings.unpublish_at) =
                        schedule::in_force(self.inputs, self.file, &found.article);
                    let text = TextOf { locale: &rules.locale, content: &self.file.content, desired };
                    let row = Row {
                        place,
                        state: schedule::state(self.inputs, self.file, &self.file.content),
                        adopted: matches!(self.matched.with, With::Adopted(_)),
                        ..Row::new(self.inputs, text, settings, found, &view)
                    };
                    self.note_places(&row, part);
                    rows.wanted = Some(row.wanted(&[].into()));
                    let changed = row.change(self.own());
                    let changed = settings::add(&row, Some(self.file), found, changed, self.own());
                    self.settle_or_add(&row, found, changed, &mut rows, part);
                }
            }
        }
        for said in self.translations() {
            self.translation(said, found, &mut rows, part);
        }
        let mut waiting = schedule::hold_others(self.inputs, self.file, Some(found), &mut rows.by_locale);
        rows.settled.append(&mut waiting);
        orphan::locales(self.inputs, id, self.file).into_iter().for_each(|row| rows.add(row));
        part.settled.append(&mut rows.settled);
        if rows.by_locale.is_empty() {
            part.unchanged += 1;
        } else {
            part.changes.push(rows.join(self.change()));
        }
    }

    /// Notes where an article is that its file cannot move.
    fn note_places(self, row: &Row<'_>, part: &mut Part) {
        let path = &self.file.path;
        if row.is_unlisted() {
            part.notes.push(format!(
                "`{path}` is published in no collection, so only its address points to it: put the file into a folder, or name a `collection`"
            ));
        }
        if row.is_in_several() {
            part.notes.push(format!(
                "`{path}` is in several collections in Intercom, as in several Help Centers: it is not moved; move it there"
            ));
        }
    }

    /// Keeps what came of a row: a change, or that the text is as the docs say.
    fn settle_or_add(
        self,
        row: &Row<'_>,
        found: &LiveArticle,
        changed: Option<LocalePlan>,
        rows: &mut Rows<'_>,
        part: &mut Part,
    ) {
        row.ask_for_versions(found, part);
        row.explain(found.article.id, part);
        if let Some(changed) = changed {
            return rows.add(changed);
        }
        rows.settled.push(row.settled(found.article.id));
        if let Some(draft) = &row.found.draft {
            let (path, by) = (&row.file.path, row.drafted_by(draft));
            part.notes.push(format!("`{path}`: a draft by {by} is pending in Intercom; it is left alone"));
        }
    }

    /// What has to change about an article in another locale than the default one.
    fn translation(self, said: Said<'a>, found: &'a LiveArticle, rows: &mut Rows<'_>, part: &mut Part) {
        let Inputs { record, rules, live, .. } = self.inputs;
        let Said { locale, content, .. } = said;
        let empty = LocalePlan::new(locale, &content.path, &content.title);
        let view = match found.in_locale(locale, &rules.locale) {
            InLocale::There(view) => view,
            InLocale::Unknown => {
                return rows.add(empty.blocked(Blocked::new(
                    format!("Intercom does not say what it holds in `{locale}`, so nothing is written there"),
                    format!("make the Help Center multilingual, with `{locale}`, or remove it from `locales`"),
                )));
            }
            InLocale::Missing => {
                let was_there = record.articles.contains_key(&(found.article.id, locale.clone()));
                if was_there && rules.theirs == Theirs::Kept {
                    return rows.add(empty.blocked(Blocked::new(
                        format!("its text in `{locale}` was removed in Intercom"),
                        format!("remove `{}`, or run `helpbook apply --overwrite {0}` to add it again", content.path),
                    )));
                }
                let author = found.article.author_id.filter(|author| live.admins.contains_key(author));
                return rows.add(self.new_translation(&said, author));
            }
        };
        let state = said.state;
        let wanted = said.desired.and_then(|desired| Ok((desired, settings::wanted(self.inputs, None, content)?)));
        let (desired, settings) = match wanted {
            Ok(wanted) => wanted,
            Err(reason) => return rows.add(empty.blocked(reason)),
        };
        let row = Row { state, ..Row::new(self.inputs, TextOf { locale, content, desired }, settings, found, &view) };
        let changed = settings::add(&row, None, found, row.change(empty.clone()), empty);
        self.settle_or_add(&row, found, changed, rows, part);
    }

    /// The text of a locale that Intercom has not yet.
    fn new_translation(self, said: &Said<'_>, author: Option<AdminId>) -> LocalePlan {
        let mut row = LocalePlan::new(said.locale, &said.content.path, &said.content.title);
        let desired = match &said.desired {
            Ok(desired) => *desired,
            Err(reason) => return row.blocked(reason.clone()),
        };
        let state = said.state.unwrap_or(State::Draft);
        let author = desired.author.or(author);
        show_new(self.inputs, &mut row, desired, state);
        row.shown.wanted = Some(Wanted { author, ..desired.wanted(Some(state)) });
        let texts = row.texts(Content { author, ..whole(desired) });
        if state == State::Published {
            row.publish.push(Publish::Locales { texts: texts.clone() });
        }
        row.stage = Some(Stage::Update { texts, place: None });
        match settings::add_to_new(self.inputs, None, said.content, &mut row) {
            Ok(()) => row,
            Err(reason) => row.blocked(reason),
        }
    }

    /// An article that Intercom has not yet, in every locale that has a file.
    fn new_article(self, desired: &Desired<'_>, place: Option<Place>) -> Change {
        let live = self.inputs.live;
        if !live.is_complete {
            return self.blocked(Blocked::new(
                "Intercom's list of articles stayed incomplete, so it may be there already",
                "run it again",
            ));
        }
        let author = match (desired.author, &self.inputs.rules.author) {
            (Some(author), _) => author,
            (None, Some(author)) => match admin(self.inputs, author, None) {
                Ok(author) => author,
                Err(blocked) => return self.blocked(blocked),
            },
            (None, None) => live.me.id,
        };
        let state = schedule::state(self.inputs, self.file, &self.file.content).unwrap_or(State::Draft);
        let mut row = self.own();
        show_new(self.inputs, &mut row, desired, state);
        if let Some(place) = &place {
            let shown = FieldChange::new(Field::Collection, "", place_name(self.inputs, place));
            row.shown.fields.insert(1, shown);
        }
        row.shown.wanted = Some(Wanted { author: Some(author), ..desired.wanted(Some(state)) });
        let texts = row.texts(Content { author: Some(author), ..whole(desired) });
        row.stage = Some(Stage::Create { texts, author, place });
        if state == State::Published {
            let texts: Texts = row.texts(Content { author: Some(author), ..Content::default() });
            row.publish.push(Publish::Live { texts, at: None });
        }
        if let Err(reason) = settings::add_to_new(self.inputs, Some(self.file), &self.file.content, &mut row) {
            return self.change().with(row.shown).blocked(reason);
        }
        let mut rows: BTreeMap<Locale, LocalePlan> = BTreeMap::new();
        rows.insert(row.shown.locale.clone(), row);
        for said in self.translations() {
            rows.insert(said.locale.clone(), self.new_translation(&said, Some(author)));
        }
        schedule::hold_others(self.inputs, self.file, None, &mut rows);
        of_new(self.inputs, rows).join(self.change())
    }
}

fn show_new(inputs: Inputs<'_>, row: &mut LocalePlan, desired: &Desired<'_>, state: State) {
    let shown = &mut row.shown;
    shown.action = Action::Create;
    shown.field(Field::State, "", state.to_string());
    if let Some(description) = desired.description.as_ref().filter(|text| !text.is_empty()) {
        shown.field(Field::Description, "", description);
    }
    show_body(shown, inputs, desired, None);
}

/// Everything that a file says, as it is sent.
fn whole(desired: &Desired<'_>) -> Content {
    Content {
        title: Some(desired.title.clone()),
        description: desired.description.clone().filter(|text| !text.is_empty()),
        body: Some(desired.written().html.clone()),
        author: desired.author,
        images: desired.written().images.clone(),
        ..Content::default()
    }
}

/// Why nothing is done about an article of which something cannot be read.
fn unreadable(live: &Live, id: ArticleId) -> Blocked {
    let reason = live.unreadable.get(&id).map(|record| record.reason.as_str()).unwrap_or_default();
    Blocked::new(
        format!("what Intercom says of article {id} cannot be read, so it is left alone: {reason}"),
        "install the newest helpbook; where that does not help, report it",
    )
}
