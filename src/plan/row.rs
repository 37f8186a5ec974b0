//! One article in one locale, with all that decides what happens to it.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::content::Content;
use super::desired::Desired;
use super::document::Part;
use super::field::Field;
use super::inputs::{Inputs, Theirs};
use super::settled::Settled;
use super::side::{self, Side, side};
use super::step::Place;
use super::text::{self, Difference, Which};
use super::wanted::Wanted;
use crate::book;
use crate::html::image;
use crate::intercom::model::{AdminId, Article, ArticleId, CollectionId, Locale, State, Version};
use crate::live::{LiveArticle, parsed};
use crate::record::{self, Address, ArticleRecord, Pair, Settings, stored_body};

/// A text of the docs.
#[derive(Clone, Copy)]
pub(super) struct TextOf<'a> {
    pub locale: &'a Locale,
    pub content: &'a book::Content,
    pub desired: &'a Desired<'a>,
}

/// An article that is in Intercom, in one locale, with all that decides about it.
pub(super) struct Row<'a> {
    pub(super) inputs: Inputs<'a>,
    pub(super) locale: &'a Locale,
    pub(super) file: &'a book::Content,
    pub(super) desired: &'a Desired<'a>,
    /// Where it is to be; nothing in other locales than the default one.
    pub(super) place: Option<Place>,
    pub(super) state: Option<State>,
    /// What it is to be beside its text.
    pub(super) settings: Settings,
    pub(super) record: Option<&'a ArticleRecord>,
    /// The article in this locale.
    pub(super) found: &'a LiveArticle,
    pub(super) adopted: bool,
    /// Whether customers can read it in another locale.
    pub(super) is_live_elsewhere: bool,
    /// The differences of its texts, once somebody asked.
    pub(super) compared: Compared,
}

/// The differences of an article's live text and of its draft, each compared once.
#[derive(Default)]
pub(super) struct Compared {
    live: OnceCell<Option<Difference>>,
    draft: OnceCell<Option<Difference>>,
}

impl<'a> Row<'a> {
    /// A text in Intercom beside its file. `found` is the article in its locale.
    pub(super) fn new(
        inputs: Inputs<'a>,
        text: TextOf<'a>,
        mut settings: Settings,
        article: &'a LiveArticle,
        found: &'a LiveArticle,
    ) -> Self {
        let TextOf { locale, content: file, desired } = text;
        // Nothing points to what nobody can read.
        if found.article.state == State::Draft {
            settings.redirects.clear();
        }
        let default = &inputs.rules.locale;
        Self {
            inputs,
            locale,
            file,
            desired,
            place: None,
            state: file.state.or(inputs.rules.state),
            settings,
            record: desired.record,
            found,
            adopted: false,
            is_live_elsewhere: article.published(default).iter().any(|other| other != locale),
            compared: Compared::default(),
        }
    }

    /// Has the versions fetched where nothing else says who wrote a text.
    pub(super) fn ask_for_versions(&self, article: &LiveArticle, part: &mut Part) {
        let asks = |which| self.compared(which).is_some_and(|found| found.asks_for_versions);
        if self.found.versions().is_none() && (self.asks_who_published() || asks(Which::Live) || asks(Which::Draft)) {
            let is_multilingual = article.article.translated_content.is_some();
            part.undecided.insert((article.article.id, is_multilingual.then(|| self.locale.clone())));
        }
    }

    pub(super) fn settled(&self, id: ArticleId) -> Settled {
        let theirs = self.theirs();
        let known = self.record.filter(|record| record.merged.is_empty()).and_then(|record| match theirs.state {
            State::Published => record.live.as_ref(),
            State::Draft => record.staged.as_ref(),
        });
        let is_up_to_date = known.is_some_and(|pair| {
            pair.has_todays_rules()
                && self.desired.stored() == Some(&pair.body.stored)
                && pair.body.sent.as_ref() == Some(self.desired.digest())
                && pair.blob.as_ref() == Some(self.file.blob())
                && pair.title == record::title(theirs)
                && self.desired.description.as_ref().is_none_or(|_| pair.description == record::description(theirs))
                && self.desired.author.is_none_or(|_| pair.author == theirs.author_id)
        });
        let mut images = BTreeMap::new();
        let pair = (!is_up_to_date).then(|| {
            let own = &self.desired.linked.own;
            let seen = self.desired.seen(theirs).unwrap_or_else(|| {
                let tree = parsed(theirs);
                images = image::origins(&self.desired.summary().images, &tree);
                Pair::of(theirs, tree, own)
            });
            let mut pair = self.desired.wanted(self.state).said(seen, own);
            // What the docs do not say is not taken from Intercom either.
            if let Some(former) = self.record.and_then(|record| record.live_pairs().next()) {
                if self.desired.description.is_none() {
                    pair.description.clone_from(&former.description);
                }
                if self.desired.author.is_none() {
                    pair.author = former.author;
                }
            }
            pair
        });
        Settled {
            id,
            locale: self.locale.clone(),
            path: self.file.path.clone(),
            pair,
            images,
            found: theirs.state,
            has_no_draft: self.found.draft.is_none(),
            address: Address::of(theirs),
            state: self.state,
            collection: self.stands_in(),
            settings: self.settings.clone(),
        }
    }

    /// The collection that it is to be in, if it is there already.
    pub(super) fn stands_in(&self) -> Option<CollectionId> {
        match self.place {
            Some(Place::Id(id)) => self.inputs.live.places(self.theirs()).contains(&id).then_some(id),
            Some(Place::Folder(_)) | None => None,
        }
    }

    pub(super) fn is_default(&self) -> bool {
        *self.locale == self.inputs.rules.locale
    }

    pub(super) fn theirs(&self) -> &Article {
        &self.found.article
    }

    /// Whether it is live, and neither the docs nor Intercom put it anywhere.
    pub(super) fn is_unlisted(&self) -> bool {
        let is_live = self.theirs().state == State::Published && self.state != Some(State::Draft);
        is_live && self.place.is_none() && self.inputs.live.places(self.theirs()).is_empty()
    }

    /// Whether it is in several collections, and not where the docs put it.
    pub(super) fn is_in_several(&self) -> bool {
        let places = self.inputs.live.places(self.theirs());
        let is_there = |wanted: &Place| matches!(wanted, Place::Id(id) if places.contains(id));
        places.len() > 1 && self.place.as_ref().is_some_and(|wanted| !is_there(wanted))
    }

    pub(super) fn overwrites(&self) -> bool {
        self.inputs.rules.theirs == Theirs::Overwritten
    }

    /// What the docs say, with the fields that are left alone.
    pub(super) fn wanted(&self, left: &BTreeSet<Field>) -> Wanted {
        Wanted {
            author: self.author(left),
            collection: self.stands_in(),
            settings: self.settings.clone(),
            ..self.desired.wanted(self.state)
        }
    }

    /// The pair of a draft that is as wanted, but for what is a teammate's: of that stays what is known.
    pub(super) fn staged(&self, draft: &Article, left: &BTreeSet<Field>) -> Pair {
        let wanted = self.wanted(left);
        let mut pair = wanted.pair(draft, &self.desired.linked.own);
        let of_draft = self.compared(Which::Draft).map(Difference::all).unwrap_or_default();
        let teammates = of_draft.into_iter().filter_map(Field::key).collect();
        wanted.leave(&mut pair, self.record.and_then(|record| record.draft_pairs().next()), &teammates);
        pair
    }

    /// The differences of one of the article's texts, with `--overwrite` all of them ours.
    pub(super) fn difference(&self, which: Which) -> Option<Difference> {
        let mut difference = self.compared(which)?.clone();
        if self.overwrites() {
            difference.overwrite();
        }
        Some(difference)
    }

    /// The differences of one of the article's texts, whosever they are.
    fn compared(&self, which: Which) -> Option<&Difference> {
        let compared = match which {
            Which::Live => &self.compared.live,
            Which::Draft => &self.compared.draft,
        };
        compared.get_or_init(|| text::difference(self.inputs, self.desired, self.found, which)).as_ref()
    }

    /// Whose the state of a live article is that the docs want offline.
    pub(super) fn wants_it_offline(&self) -> Side {
        match self.record {
            Some(record) if !self.overwrites() => {
                let found = self.theirs().state;
                side(&State::Draft, Some(&found), &[record.state_beside(found)])
            }
            // Without a record only the versions say who made it live.
            None if !self.overwrites() => {
                let versions = self.found.versions().into_iter();
                let mut versions = versions.flat_map(|versions| [&versions.newest, &versions.live]).flatten();
                // Publishing alone need not leave a version of its own.
                let is_last_ours = self.theirs().updated_by_id == Some(self.inputs.live.me.id);
                if versions.any(Version::is_by_web) || !is_last_ours { Side::Theirs } else { Side::Ours }
            }
            _ => Side::Ours,
        }
    }

    /// Whether a state that is not as the docs want it is a teammate's.
    pub(super) fn is_state_theirs(&self) -> bool {
        match self.theirs().state {
            State::Draft => self.was_taken_offline() && !self.overwrites(),
            State::Published => self.wants_it_offline() == Side::Theirs,
        }
    }

    /// Whether it was live once and somebody took it offline in Intercom. The record says so; an
    /// address alone says it of an article that went live and offline without us.
    pub(super) fn was_taken_offline(&self) -> bool {
        let theirs = self.theirs();
        let by_us = |record: &ArticleRecord| {
            record.taken_offline || record.settings.unpublish_at.is_some_and(|at| at <= self.inputs.live.fetched_at)
        };
        let was_live = |record: &ArticleRecord| record.state_beside(theirs.state) == State::Published;
        match self.record {
            Some(record) => !by_us(record) && (was_live(record) || theirs.url.is_some()),
            None => theirs.url.is_some(),
        }
    }

    /// Whether only the versions say who published an article that the docs want offline.
    fn asks_who_published(&self) -> bool {
        let is_published = self.theirs().state == State::Published;
        is_published && self.state == Some(State::Draft) && self.record.is_none()
    }

    /// Whether the docs say nothing of the description, and the record does not know the one in
    /// Intercom.
    pub(super) fn has_unknown_description(&self) -> bool {
        let stored = record::description(self.theirs());
        let is_known = |record: &ArticleRecord| record.pairs().any(|pair| pair.description == stored);
        self.desired.description.is_none() && !self.overwrites() && self.record.is_some_and(|record| !is_known(record))
    }

    /// The fields in which a draft is not what is to go live: those the docs say otherwise, and of
    /// those they leave alone the ones that are live otherwise.
    pub(super) fn stale(
        &self,
        draft: &Article,
        difference: Option<&Difference>,
        left: &BTreeSet<Field>,
    ) -> BTreeSet<Field> {
        let mut stale = difference.map(Difference::all).unwrap_or_default();
        stale.retain(|field| !left.contains(field));
        let live = self.theirs();
        for (field, differs) in [
            (Field::Title, record::title(live) != record::title(draft)),
            (Field::Description, record::description(live) != record::description(draft)),
            (Field::Body, stored_body(live) != stored_body(draft)),
            (Field::Author, live.author_id != draft.author_id),
        ] {
            if differs && self.leaves(field, left) {
                stale.insert(field);
            }
        }
        stale
    }

    /// Whether the docs leave a field as it is live.
    pub(super) fn leaves(&self, field: Field, left: &BTreeSet<Field>) -> bool {
        let unsaid = match field {
            Field::Description => self.desired.description.is_none(),
            Field::Author => self.desired.author.is_none(),
            _ => false,
        };
        unsaid || left.contains(&field)
    }

    /// The fields that are sent; one that is left alone as it is live. A locale other than the
    /// default one is sent whole. The author goes with every text, where it is a current teammate.
    pub(super) fn content(&self, fields: &BTreeSet<Field>, left: &BTreeSet<Field>) -> Content {
        let theirs = self.theirs();
        let is_chosen = |field| fields.contains(&field) || !self.is_default();
        let choose = |field, desired: Option<&String>, live: Option<&String>| {
            let text = if self.leaves(field, left) { live } else { desired };
            is_chosen(field).then(|| text.cloned().unwrap_or_default())
        };
        let is_sent = is_chosen(Field::Body) && !self.leaves(Field::Body, left);
        Content {
            title: choose(Field::Title, Some(&self.desired.title), Some(&theirs.title)),
            description: choose(Field::Description, self.desired.description.as_ref(), theirs.description.as_ref()),
            body: is_chosen(Field::Body).then(|| {
                if is_sent { self.desired.written().html.clone() } else { theirs.body.clone().unwrap_or_default() }
            }),
            author: self.author(left),
            images: if is_sent { self.desired.written().images.clone() } else { Vec::new() },
            ..Content::default()
        }
    }

    /// The author that is sent, if that is a current teammate.
    pub(super) fn author(&self, left: &BTreeSet<Field>) -> Option<AdminId> {
        let theirs = self.theirs().author_id;
        let author = if self.leaves(Field::Author, left) { theirs } else { self.desired.author };
        author.filter(|author| self.inputs.live.admins.contains_key(author))
    }

    /// Whether the article is to be elsewhere, and whose change that is.
    pub(super) fn moved(&self) -> Moved {
        let places = self.inputs.live.places(self.theirs());
        let Some(wanted) = &self.place else { return Moved::default() };
        match place_side(wanted, &places, self.record) {
            Side::Same => Moved::default(),
            Side::Theirs if !self.overwrites() => Moved { theirs: true, ..Moved::default() },
            Side::Both if !self.overwrites() => Moved { both: true, ..Moved::default() },
            _ => Moved { ours: Some(wanted.clone()), ..Moved::default() },
        }
    }

    /// Whether a draft that we staged is no longer there.
    pub(super) fn is_discarded(&self) -> bool {
        let digest = self.desired.digest();
        let says = |pair: &record::Pair| pair.body.sent.as_ref() == Some(digest);
        self.record
            .is_some_and(|record| record.staged.as_ref().is_some_and(says) && !record.live.as_ref().is_some_and(says))
    }
}

/// Whose the difference is of where an article is, which is in `found`.
pub(super) fn place_side(wanted: &Place, found: &[CollectionId], record: Option<&ArticleRecord>) -> Side {
    let is_there = matches!(wanted, Place::Id(id) if found.contains(id));
    if is_there || found.len() > 1 {
        // One that is in several Help Centers is never moved by us.
        return Side::Same;
    }
    let known = record.and_then(|record| record.place_beside(found)).map(Place::Id);
    let found = found.first().copied().map(Place::Id);
    side(&Some(wanted.clone()), Some(&found), side::known(known.is_some().then_some(&known)))
}

/// Where an article is to be, if elsewhere than it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Moved {
    pub(super) ours: Option<Place>,
    pub(super) theirs: bool,
    pub(super) both: bool,
}
