//! An article's text in one locale and the rules of its states and drafts (docs/intercom.md 1.3, 1.4 and 1.6).
//!
//! Pure: a text in, a request in, the next text out. Which calls change what customers see is
//! decided here and in `article`, which holds the locales together, and nowhere else. Bodies have
//! passed `body::save` before they get here.
//!
//! Where the facts are silent:
//! - `PUT` with `state: published` while a draft is pending: the draft, with what the request
//!   brings, goes live. Nothing that was staged is lost.
//! - `PUT` with `state: draft` while a draft is pending: the draft's text, with what the request
//!   brings, becomes the text.
//! - A draft can be staged only while the text is live; one that was unpublished gets the same 422
//!   as one that was never published.
//! - Staging leaves the live text's `updated_at` alone; the draft has its own.
//! - Publishing and unpublishing alone make no version: the state of a version says which is live.

use helpbook_model::{AdminId, ArticleId, Locale, State};
use serde::{Deserialize, Serialize};

use super::content::{Content, Edit};
use super::refusal::Refusal;
use super::settings::Settings;
use super::version::{Version, Via};

/// An article in one locale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Text {
    /// What customers read while the state is published, else what teammates are writing.
    pub content: Content,
    pub state: State,
    /// Whether it was ever published. From then on it has an address.
    pub was_published: bool,
    /// What waits behind a published text. A text that is not live has none.
    pub draft: Option<Draft>,
    /// No draft holds them: they are live at once.
    #[serde(default)]
    pub settings: Settings,
    pub created_at: i64,
    pub created_by: AdminId,
    pub updated_at: i64,
    pub updated_by: AdminId,
    /// The version that `content` is.
    pub version: u64,
    /// The newest version, which may be a draft's.
    pub newest_version: u64,
}

/// A staged content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Draft {
    pub content: Content,
    pub updated_at: i64,
    pub updated_by: AdminId,
    pub version: u64,
}

/// Where an edit of a live text without a state goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Landing {
    /// Live at once.
    Live,
    /// Onto the draft: one is pending, or the request schedules its publishing (docs/intercom.md 1.4).
    Draft,
}

/// Who saves, when and how, and the id of the version that this makes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Save<'a> {
    pub article: ArticleId,
    pub locale: &'a Locale,
    pub at: i64,
    pub by: AdminId,
    pub via: Via,
    pub version: u64,
}

impl Save<'_> {
    fn make_version(&self, content: &Content, from: Option<u64>) -> Version {
        Version {
            id: self.version,
            article: self.article,
            locale: self.locale.clone(),
            content: content.clone(),
            created_at: self.at,
            created_by: self.by,
            via: self.via,
            from,
        }
    }
}

impl Text {
    /// A new text and its first version.
    pub(super) fn create(content: Content, state: State, save: &Save<'_>) -> (Self, Version) {
        let version = save.make_version(&content, None);
        let text = Self {
            content,
            state,
            was_published: state == State::Published,
            draft: None,
            settings: Settings::default(),
            created_at: save.at,
            created_by: save.by,
            updated_at: save.at,
            updated_by: save.by,
            version: save.version,
            newest_version: save.version,
        };
        (text, version)
    }

    /// `PUT /articles/{id}`: at once where the text is not live or `landing` says so, else held on
    /// the draft; a state publishes or unpublishes. Returns the version this makes, if any.
    pub(super) fn put(
        &mut self,
        edit: Edit,
        state: Option<State>,
        landing: Landing,
        save: &Save<'_>,
    ) -> Option<Version> {
        let held = self.draft.is_some() || (landing == Landing::Draft && self.state == State::Published);
        if state.is_none() && held {
            return if edit.is_empty() { None } else { Some(self.write_draft(edit, save)) };
        }
        if let Some(draft) = self.draft.take() {
            self.promote(draft, save);
        }
        let version = (!edit.is_empty()).then(|| {
            edit.apply(&mut self.content);
            self.new_version(save)
        });
        self.state = state.unwrap_or(self.state);
        self.was_published |= self.state == State::Published;
        self.touch(save);
        version
    }

    /// `PUT /articles/{id}/draft`: onto the draft, which begins as the live text.
    ///
    /// # Errors
    /// A 422 where the text is not live.
    pub(super) fn stage(&mut self, edit: Edit, save: &Save<'_>) -> Result<Version, Refusal> {
        if self.state != State::Published {
            return Err(Refusal::never_published());
        }
        Ok(self.write_draft(edit, save))
    }

    /// `POST /articles/{id}/draft/publish`: the draft becomes the live text.
    ///
    /// # Errors
    /// A 422 where there is no draft.
    pub(super) fn publish_draft(&mut self, save: &Save<'_>) -> Result<(), Refusal> {
        let draft = self.draft.take().ok_or_else(Refusal::no_draft_to_publish)?;
        self.promote(draft, save);
        self.touch(save);
        Ok(())
    }

    /// What the editor does on save: a draft where the text is live, else at once.
    pub(super) fn edit(&mut self, edit: Edit, save: &Save<'_>) -> Option<Version> {
        match self.state {
            State::Published if edit.is_empty() => None,
            State::Published => Some(self.write_draft(edit, save)),
            State::Draft => self.put(edit, None, Landing::Live, save),
        }
    }

    /// Notes that a setting of the article was changed, which no draft holds.
    pub(super) fn touch(&mut self, save: &Save<'_>) {
        self.updated_at = save.at;
        self.updated_by = save.by;
    }

    fn write_draft(&mut self, edit: Edit, save: &Save<'_>) -> Version {
        let from = self.newest_version;
        let mut content = match self.draft.take() {
            Some(draft) => draft.content,
            None => self.content.clone(),
        };
        edit.apply(&mut content);
        let version = save.make_version(&content, Some(from));
        self.newest_version = save.version;
        self.draft = Some(Draft { content, updated_at: save.at, updated_by: save.by, version: save.version });
        version
    }

    fn promote(&mut self, draft: Draft, save: &Save<'_>) {
        self.content = draft.content;
        self.version = draft.version;
        self.touch(save);
    }

    fn new_version(&mut self, save: &Save<'_>) -> Version {
        let version = save.make_version(&self.content, Some(self.newest_version));
        self.version = save.version;
        self.newest_version = save.version;
        version
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: AdminId = AdminId(1);
    const GRACE: AdminId = AdminId(2);

    fn save(locale: &Locale, at: i64) -> Save<'_> {
        Save { article: ArticleId(1), locale, at, by: GRACE, via: Via::Api, version: at.unsigned_abs() }
    }

    fn title(title: &str) -> Edit {
        Edit { title: Some(title.to_owned()), ..Edit::default() }
    }

    fn text(state: State) -> Text {
        let content = Content { title: "old".to_owned(), description: String::new(), body: String::new(), author: ADA };
        let en = Locale::english();
        let first = Save { by: ADA, ..save(&en, 1) };
        Text::create(content, state, &first).0
    }

    /// What can be seen of a text: state, live title, staged title, time of the live text.
    fn seen(text: &Text) -> (State, &str, Option<&str>, i64) {
        let staged = text.draft.as_ref().map(|draft| draft.content.title.as_str());
        (text.state, &text.content.title, staged, text.updated_at)
    }

    #[track_caller]
    fn check_put(mut text: Text, edit: Edit, state: Option<State>, want: (State, &str, Option<&str>, i64)) {
        text.put(edit, state, Landing::Live, &save(&Locale::english(), 9));
        assert_eq!(seen(&text), want);
    }

    fn staged() -> Text {
        let mut text = text(State::Published);
        text.stage(title("staged"), &save(&Locale::english(), 5)).unwrap();
        text
    }

    #[test]
    fn a_plain_put_keeps_the_state_and_writes_the_text() {
        check_put(text(State::Draft), title("new"), None, (State::Draft, "new", None, 9));
        check_put(text(State::Published), title("new"), None, (State::Published, "new", None, 9));
    }

    #[test]
    fn a_plain_put_behind_a_pending_draft_is_held_on_the_draft() {
        check_put(staged(), title("new"), None, (State::Published, "old", Some("new"), 1));
        let only_description = Edit { description: Some("d".to_owned()), ..Edit::default() };
        check_put(staged(), only_description, None, (State::Published, "old", Some("staged"), 1));
    }

    #[test]
    fn an_edit_that_is_held_lands_on_a_new_draft_of_a_live_text() {
        let en = Locale::english();
        let mut live = text(State::Published);
        live.put(title("new"), None, Landing::Draft, &save(&en, 9));
        assert_eq!(seen(&live), (State::Published, "old", Some("new"), 1));
        let mut hidden = text(State::Draft);
        hidden.put(title("new"), None, Landing::Draft, &save(&en, 9));
        assert_eq!(seen(&hidden), (State::Draft, "new", None, 9));
    }

    #[test]
    fn only_state_draft_unpublishes_and_takes_the_draft_along() {
        let draft = Some(State::Draft);
        check_put(text(State::Published), Edit::default(), draft, (State::Draft, "old", None, 9));
        check_put(staged(), Edit::default(), draft, (State::Draft, "staged", None, 9));
        check_put(staged(), title("new"), draft, (State::Draft, "new", None, 9));
    }

    #[test]
    fn state_published_publishes_what_was_staged_too() {
        let published = Some(State::Published);
        check_put(text(State::Draft), Edit::default(), published, (State::Published, "old", None, 9));
        check_put(staged(), Edit::default(), published, (State::Published, "staged", None, 9));
        check_put(staged(), title("new"), published, (State::Published, "new", None, 9));
    }

    #[test]
    fn staging_leaves_the_live_text_alone() {
        assert_eq!(seen(&staged()), (State::Published, "old", Some("staged"), 1));
    }

    #[test]
    fn staging_needs_a_live_text() {
        let en = Locale::english();
        let mut text = text(State::Draft);
        assert_eq!(text.stage(title("x"), &save(&en, 9)), Err(Refusal::never_published()));
        text.put(Edit::default(), Some(State::Published), Landing::Live, &save(&en, 10));
        text.put(Edit::default(), Some(State::Draft), Landing::Live, &save(&en, 11));
        assert_eq!(text.stage(title("x"), &save(&en, 12)), Err(Refusal::never_published()));
        assert!(text.was_published);
    }

    #[test]
    fn publishing_a_draft_needs_one_and_makes_no_version() {
        let en = Locale::english();
        assert_eq!(text(State::Published).publish_draft(&save(&en, 9)), Err(Refusal::no_draft_to_publish()));
        let mut text = staged();
        text.publish_draft(&save(&en, 9)).unwrap();
        assert_eq!(seen(&text), (State::Published, "staged", None, 9));
        assert_eq!((text.version, text.newest_version), (5, 5));
    }

    #[test]
    fn the_editor_stages_on_a_live_text_and_writes_any_other() {
        let en = Locale::english();
        let mut live = text(State::Published);
        assert!(live.edit(title("new"), &save(&en, 9)).is_some());
        assert_eq!(seen(&live), (State::Published, "old", Some("new"), 1));
        let mut unpublished = text(State::Draft);
        assert!(unpublished.edit(title("new"), &save(&en, 9)).is_some());
        assert_eq!(seen(&unpublished), (State::Draft, "new", None, 9));
    }

    #[test]
    fn versions_chain_from_one_to_the_next() {
        let en = Locale::english();
        let mut text = text(State::Published);
        let staged = text.stage(title("a"), &save(&en, 5)).unwrap();
        let held = text.put(title("b"), None, Landing::Live, &save(&en, 6)).unwrap();
        assert_eq!((staged.from, held.from), (Some(1), Some(5)));
        assert_eq!((text.version, text.newest_version), (1, 6));
        assert_eq!(text.put(Edit::default(), Some(State::Published), Landing::Live, &save(&en, 7)), None);
        assert_eq!(text.version, 6);
    }
}
