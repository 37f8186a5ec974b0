//! One text in Intercom against its file: whose each difference is, field by field.
//!
//! The record decides. A text that is one of its pairs is ours; where it is none, somebody else wrote
//! it, unless the article's versions say that one of our runs did or that Intercom wrote it again by
//! itself. Only without a record does the canonical form decide. The live text and the draft are each
//! compared alone.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::desired::Desired;
use super::field::Field;
use super::inputs::Inputs;
use super::side::{Facts, Side};
use crate::html::exact;
use crate::intercom::model::{Article, Version};
use crate::live::parsed;
use crate::live::{LiveArticle, Versions};
use crate::record::{self, ArticleRecord, Pair, stored_body, without_signatures};
use crate::text::{Digest, GitBlob, minute};

/// Which text of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Which {
    /// The live one, or the only one of an article that nobody can see.
    Live,
    /// The draft that waits behind the live one.
    Draft,
}

/// The fields in which a text differs from its file, by whose change it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// The docs changed.
    pub ours: BTreeSet<Field>,
    /// It was changed in Intercom only.
    pub theirs: BTreeSet<Field>,
    /// Both changed.
    pub both: BTreeSet<Field>,
    /// Whether all of the text is ours, whatever the docs say now.
    pub origin: Origin,
    /// Whether the versions would say more.
    pub asks_for_versions: bool,
    /// What else should be known, each a sentence.
    pub notes: Vec<String>,
    /// Whether the body of the docs is not what was sent, be it by the file or by how it is rendered.
    pub has_own_body: bool,
    /// The file as it was when it said what this text grew from, where the record knows it.
    pub base: Option<GitBlob>,
    /// What was known of each field that the docs name; empty without a record.
    pub facts: BTreeMap<Field, Facts>,
    /// Who wrote what the record does not know.
    pub writer: Option<WrittenBy>,
}

/// Who wrote a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Origin {
    /// One of our runs, or Intercom from what one of our runs wrote.
    #[default]
    Ours,
    /// Somebody else.
    Theirs,
}

impl Difference {
    /// Takes every difference as ours: `--overwrite`.
    pub fn overwrite(&mut self) {
        let mut all = std::mem::take(&mut self.theirs);
        all.append(&mut self.both);
        self.ours.append(&mut all);
    }

    /// Every field that differs.
    pub fn all(&self) -> BTreeSet<Field> {
        self.ours.iter().chain(&self.theirs).chain(&self.both).copied().collect()
    }

    /// Whose the difference of a field is.
    pub fn side(&self, field: Field) -> Side {
        let sides = [(&self.ours, Side::Ours), (&self.theirs, Side::Theirs), (&self.both, Side::Both)];
        sides.into_iter().find(|(fields, _)| fields.contains(&field)).map_or(Side::Same, |(_, side)| side)
    }

    fn decide(&mut self, field: Field, facts: Facts) {
        self.facts.insert(field, facts);
        self.add(field, facts.side());
    }

    fn add(&mut self, field: Field, side: Side) {
        let fields = match side {
            Side::Same => return,
            Side::Ours => &mut self.ours,
            Side::Theirs => &mut self.theirs,
            Side::Both => &mut self.both,
        };
        fields.insert(field);
    }
}

/// The fields in which what Intercom has does not read as the docs say, by the texts alone.
pub(super) fn unequal(desired: &Desired<'_>, there: &Article) -> BTreeSet<Field> {
    let mut fields = BTreeSet::new();
    if desired.title != there.title.trim() {
        fields.insert(Field::Title);
    }
    let description = there.description.as_deref().unwrap_or_default().trim();
    if desired.description.as_deref().is_some_and(|wanted| wanted != description) {
        fields.insert(Field::Description);
    }
    if !desired.reads_as(there) {
        fields.insert(Field::Body);
    }
    if desired.author.is_some_and(|author| there.author_id != Some(author)) {
        fields.insert(Field::Author);
    }
    fields
}

/// Compares one text of an article with its file. `None` where the article has no such text.
pub(super) fn difference(
    inputs: Inputs<'_>,
    desired: &Desired<'_>,
    view: &LiveArticle,
    which: Which,
) -> Option<Difference> {
    let there = match which {
        Which::Live => &view.article,
        Which::Draft => view.draft.as_ref()?,
    };
    let versions = view.versions();
    let version = versions.and_then(|versions| version_of(versions, view, which));
    let live = (which == Which::Draft).then_some(&view.article);
    let text = Text { inputs, desired, there, live, versions, version, shown: OnceCell::new() };
    Some(match desired.record {
        Some(record) => text.by_record(record, which),
        None => text.without_record(),
    })
}

/// The version that a text is.
fn version_of<'v>(versions: &'v Versions, view: &LiveArticle, which: Which) -> Option<&'v Version> {
    match which {
        Which::Draft => versions.newest.as_ref(),
        Which::Live if view.draft.is_some() => versions.live.as_ref(),
        Which::Live => versions.newest.as_ref(),
    }
}

/// A text in Intercom with all that says who wrote it.
struct Text<'a> {
    inputs: Inputs<'a>,
    desired: &'a Desired<'a>,
    there: &'a Article,
    /// Of a draft the text that it waits behind.
    live: Option<&'a Article>,
    versions: Option<&'a Versions>,
    version: Option<&'a Version>,
    shown: OnceCell<Digest>,
}

impl Text<'_> {
    fn by_record(&self, record: &ArticleRecord, which: Which) -> Difference {
        let grown_from: Vec<&Pair> = match which {
            Which::Live => record.live_pairs().collect(),
            Which::Draft => record.draft_pairs().collect(),
        };
        let stored = match (which, self.desired.stored()) {
            (Which::Live, Some(stored)) => stored.clone(),
            _ => stored_body(self.there),
        };
        let by_bytes: Vec<&Pair> = record.pairs().filter(|pair| pair.body.stored == stored).collect();
        // Mostly it is there to the letter, and nothing has to be parsed.
        let mut same_body = if by_bytes.is_empty() {
            let is_shown = |pair: &&Pair| pair.has_todays_rules() && pair.body.shown == *self.shown();
            record.pairs().filter(is_shown).collect()
        } else {
            by_bytes
        };
        let title = record::title(self.there);
        let description = record::description(self.there);
        let mut is_known = Known {
            title: record.pairs().any(|pair| pair.title == title),
            description: record.pairs().any(|pair| pair.description == description),
            body: !same_body.is_empty(),
            author: self.desired.author.is_none() || record.pairs().any(|pair| pair.author == self.there.author_id),
        };
        if let Some(live) = self.live {
            // What a draft has of the live text nobody changed in the draft.
            is_known.title |= record::title(live) == title;
            is_known.description |= record::description(live) == description;
            is_known.body |= stored_body(live) == stored;
            is_known.author |= live.author_id == self.there.author_id;
        }
        let mut difference = Difference::default();
        if !is_known.is_all() {
            let writer = self.writer(record, &grown_from, &same_body);
            match &writer {
                WrittenBy::Intercom => {
                    is_known = Known::ALL;
                    if same_body.is_empty() {
                        same_body.clone_from(&grown_from);
                    }
                }
                WrittenBy::LostRun(at) => {
                    // A text that was left alone is in what is sent beside it.
                    is_known.title |= !self.is_teammates(Field::Title);
                    is_known.description |= !self.is_teammates(Field::Description);
                    is_known.body |= !self.is_teammates(Field::Body);
                    is_known.author = true;
                    difference.origin = if is_known.is_all() { Origin::Ours } else { Origin::Theirs };
                    difference.notes.push(format!(
                        "replaces a text that was sent through the API at {at} and that no record here knows"
                    ));
                }
                WrittenBy::Somebody => difference.origin = Origin::Theirs,
                WrittenBy::Unasked => {
                    difference.origin = Origin::Theirs;
                    difference.asks_for_versions = true;
                }
            }
            difference.writer = Some(writer);
        }
        let from = match difference.writer {
            Some(WrittenBy::Somebody) => self.replaced(record, grown_from),
            _ => GrownFrom { pairs: grown_from, over: None },
        };
        let mut blobs = from.pairs.iter().filter_map(|pair| pair.blob.as_ref());
        difference.base = blobs.next().filter(|_| from.over.is_none()).cloned();
        self.compare(&mut difference, &from, &same_body, is_known);
        // A file may have been restored after the pull, and edited since.
        let is_a_teammates = self.there.updated_by_id != Some(self.inputs.live.me.id);
        if record.before_pull.is_some() && is_a_teammates && difference.side(Field::Body) == Side::Ours {
            let name = self.inputs.live.name_of(self.there.updated_by_id);
            difference.notes.push(format!("replaces what {name} wrote and the last pull took"));
        }
        if difference.ours.is_empty() {
            difference.notes.clear();
        }
        difference
    }

    fn compare(&self, difference: &mut Difference, from: &GrownFrom<'_>, same_body: &[&Pair], is_known: Known) {
        let Self { desired, there, .. } = self;
        let stayed = |field: Field, is: &dyn Fn(&Pair) -> bool| {
            // A text of ours that no pair is of is what it grew from, and nothing before.
            from.over.map_or_else(|| from.pairs.iter().any(|pair| is(pair)), |over| self.says(over, field))
        };
        let title = Digest::of(&desired.title);
        difference.decide(
            Field::Title,
            Facts {
                is_as_docs: desired.title == there.title.trim(),
                is_known: is_known.title,
                docs_stayed: stayed(Field::Title, &|pair| pair.title == title),
            },
        );
        if let Some(wanted) = &desired.description {
            let digest = Digest::of(wanted);
            difference.decide(
                Field::Description,
                Facts {
                    is_as_docs: wanted == there.description.as_deref().unwrap_or_default().trim(),
                    is_known: is_known.description,
                    docs_stayed: stayed(Field::Description, &|pair| pair.description == digest),
                },
            );
        }
        if desired.author.is_some() {
            difference.decide(
                Field::Author,
                Facts {
                    is_as_docs: desired.author == there.author_id,
                    is_known: is_known.author,
                    docs_stayed: stayed(Field::Author, &|pair| pair.author == desired.author),
                },
            );
        }
        let says = |pair: &Pair| {
            if pair.has_todays_rules() {
                pair.body.sent.as_ref() == Some(desired.digest())
            } else {
                desired.is_file_of(pair)
            }
        };
        let docs_stayed = stayed(Field::Body, &|pair| says(pair) || desired.is_file_of(pair));
        difference.has_own_body = !stayed(Field::Body, &says);
        let renews = desired.linked.renews(&desired.path);
        let is_sent = same_body.iter().any(|pair| says(pair)) && desired.lands(there);
        // What was sent by other rules says nothing of what the docs say.
        let is_decided = same_body.iter().any(|pair| pair.has_todays_rules());
        let is_as_docs = is_sent
            || !is_decided && !docs_stayed && desired.reads_as(there)
            || (from.over.is_some() || is_known.body && !docs_stayed) && desired.is_exactly(there);
        difference
            .decide(Field::Body, Facts { is_as_docs: is_as_docs && !renews, is_known: is_known.body, docs_stayed });
    }

    /// The exact form of the body.
    fn shown(&self) -> &Digest {
        self.shown.get_or_init(|| exact::stored(parsed(self.there), &self.desired.linked.own))
    }

    /// Who wrote a text that is none of the pairs it could have grown from.
    fn writer(&self, record: &ArticleRecord, grown_from: &[&Pair], same_body: &[&Pair]) -> WrittenBy {
        if self.versions.is_none() {
            return WrittenBy::Unasked;
        }
        let Some(version) = self.version.filter(|version| version.is_by_api()) else {
            return WrittenBy::Somebody;
        };
        // A text that is known in part, or was left alone in part, was written by a run that is known,
        // too; only a later one is lost.
        let mut of_known_runs = record.pairs().filter(|pair| !same_body.is_empty() || !pair.left.is_empty());
        let is_lost = of_known_runs.all(|pair| pair.updated_at < version.created_at);
        let is_it = is_lost
            && version.created_by_id == Some(self.inputs.live.me.id)
            && version.title.as_deref().is_none_or(|title| title.trim() == self.there.title.trim())
            && version.body.as_deref().is_some_and(|body| {
                without_signatures(body) == without_signatures(self.there.body.as_deref().unwrap_or_default())
            });
        let at = jiff::Timestamp::from_second(version.created_at).ok();
        if let Some(at) = at.filter(|_| is_it) {
            return WrittenBy::LostRun(minute(at));
        }
        let written = |pair: &Pair| pair.left.is_empty() && pair.updated_at == self.there.updated_at;
        let is_later = |pair: &Pair| self.inputs.live.fetched_at.as_second() > pair.updated_at;
        if grown_from.iter().any(|pair| written(pair) && is_later(pair) && version.created_at <= pair.updated_at) {
            return WrittenBy::Intercom;
        }
        WrittenBy::Somebody
    }

    /// What a teammate's text grew from: the newest text by the API before it. Of two branches that may be
    /// the one or the other's, and it may be of a run whose record is not here. A draft that is
    /// pending is nothing that a live text grew from.
    fn replaced<'r>(&'r self, record: &'r ArticleRecord, mut pairs: Vec<&'r Pair>) -> GrownFrom<'r> {
        let is_base = |version: &&Version| {
            let came_before = self.version.is_none_or(|theirs| version.created_at <= theirs.created_at);
            let is = |other: Option<&Version>| other.is_some_and(|other| other.id == version.id);
            let is_pending = is(self.versions.and_then(|versions| versions.newest.as_ref())) && !is(self.version);
            came_before && !is_pending
        };
        let by_api = self.versions.into_iter().flat_map(|versions| [&versions.by_api, &versions.before_web]);
        let Some(version) = by_api.flatten().find(is_base) else { return GrownFrom { pairs, over: None } };
        let text = |text: Option<&str>| Digest::of(text.unwrap_or_default().trim());
        let stored = Digest::of(without_signatures(version.body.as_deref().unwrap_or_default()));
        let (title, description) = (text(version.title.as_deref()), text(version.description.as_deref()));
        let is_it = |pair: &Pair| pair.body.stored == stored && pair.title == title && pair.description == description;
        if pairs.iter().any(|pair| is_it(pair)) {
            pairs.retain(|pair| is_it(pair));
        } else if let Some(newest) = pairs.iter().map(|pair| pair.updated_at).max() {
            pairs.retain(|pair| pair.updated_at == newest);
        }
        let is_known = |pair: &Pair| pair.updated_at >= version.created_at || is_it(pair);
        let is_lost = version.created_by_id == Some(self.inputs.live.me.id) && !record.pairs().any(is_known);
        GrownFrom { pairs, over: is_lost.then_some(version) }
    }

    /// Whether a field is as a teammate wrote it last, and as no run did before that.
    fn is_teammates(&self, field: Field) -> bool {
        let Some(versions) = self.versions else { return false };
        let is_that_of = |version: &Version| {
            let (there, same) = (self.there, |one: Option<&str>, other: Option<&str>| {
                one.unwrap_or_default().trim() == other.unwrap_or_default().trim()
            });
            match field {
                Field::Title => same(version.title.as_deref(), Some(&there.title)),
                Field::Description => same(version.description.as_deref(), there.description.as_deref()),
                Field::Body => {
                    let unsigned = |body: Option<&String>| without_signatures(body.map_or("", String::as_str));
                    unsigned(version.body.as_ref()) == unsigned(there.body.as_ref())
                }
                _ => false,
            }
        };
        versions.by_web.as_ref().is_some_and(is_that_of) && !versions.before_web.as_ref().is_some_and(is_that_of)
    }

    /// Where nothing is recorded of an article the texts decide, and the versions who wrote them.
    fn without_record(&self) -> Difference {
        let mut difference = Difference::default();
        let fields = unequal(self.desired, self.there);
        if fields.is_empty() {
            return difference;
        }
        let Some(versions) = self.versions else {
            difference.asks_for_versions = true;
            difference.ours = fields;
            return difference;
        };
        if self.version.is_some_and(Version::is_by_web) {
            difference.origin = Origin::Theirs;
            for field in fields {
                let side = match &versions.by_api {
                    Some(sent) if self.says(sent, field) => Side::Theirs,
                    _ => Side::Both,
                };
                difference.add(field, side);
            }
            return difference;
        }
        let is_another = fields.contains(&Field::Title) && fields.contains(&Field::Body);
        if is_another && !self.inputs.record.articles.is_empty() {
            difference.origin = Origin::Theirs;
            difference.both = fields;
            return difference;
        }
        let who = if self.version.is_some() {
            "it was last changed through the API"
        } else {
            "nothing says who changed it last"
        };
        for field in fields {
            difference.add(field, if self.is_teammates(field) { Side::Both } else { Side::Ours });
        }
        if !difference.both.is_empty() {
            difference.origin = Origin::Theirs;
        }
        if !difference.ours.is_empty() {
            let note = format!("helpbook.lock does not know this article; {who}, so the docs count as newer");
            difference.notes.push(note);
        }
        difference
    }

    /// Whether the docs say in a field what a version says.
    fn says(&self, version: &Version, field: Field) -> bool {
        let desired = self.desired;
        let text = |text: Option<&String>| text.map(|text| text.trim().to_owned()).unwrap_or_default();
        match field {
            Field::Title => text(version.title.as_ref()) == desired.title,
            Field::Description => desired.description.as_ref() == Some(&text(version.description.as_ref())),
            Field::Body => {
                let mut said = self.there.clone();
                said.content.body.clone_from(&version.body);
                desired.reads_as(&said)
            }
            // A version does not say its author.
            Field::Author => true,
            _ => false,
        }
    }
}

/// What a text in Intercom grew from.
struct GrownFrom<'a> {
    pairs: Vec<&'a Pair>,
    /// A text of ours that came after them and that no pair is of.
    over: Option<&'a Version>,
}

/// Who wrote a text that is no pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrittenBy {
    /// Intercom itself, from what we sent.
    Intercom,
    /// A run of this token's whose record is not here, at this time.
    LostRun(String),
    /// Somebody else.
    Somebody,
    /// Nobody fetched the versions yet.
    Unasked,
}

/// The fields of a text that the record knows.
#[derive(Clone, Copy)]
struct Known {
    title: bool,
    description: bool,
    body: bool,
    author: bool,
}

impl Known {
    const ALL: Self = Self { title: true, description: true, body: true, author: true };

    fn is_all(self) -> bool {
        self.title && self.description && self.body && self.author
    }
}
