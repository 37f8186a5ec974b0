//! What a write replaced: a text that somebody saved between the last read and the write.
//!
//! The API has no condition on a write (docs/intercom.md 0.7), so that moment cannot be closed. The versions of the
//! article show it afterwards, and they keep the text.

use std::time::{Duration, Instant};

use super::compared::{Compared, Lost, Sent};
use super::step::Target;
use super::{Run, compared};
use crate::intercom::model::{Article, Locale, State, Version};
use crate::live::LiveArticle;

/// Times in Intercom are whole seconds, and a version may carry the second before.
const ROUNDED: Duration = Duration::from_secs(2);

/// The last look at an article, and when it began.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub before: &'a LiveArticle,
    pub at: Instant,
}

impl Run<'_> {
    /// Says what of somebody else's a write replaced: a text of the versions that came after the look, or a text
    /// that went live. It is one request for each text that was sent.
    pub(super) async fn replaced(
        &self,
        target: Target<'_>,
        sent: &[Sent<'_>],
        look: Look<'_>,
        answer: &LiveArticle,
    ) -> Compared {
        let mut found = Ok(None);
        for sent in sent {
            let part = sent.part;
            let (Some(before), Some(now)) = (self.view(look.before, part), self.view(answer, part)) else { continue };
            let one = if is_taken_offline(&before.article, &now.article) {
                Err(Lost::TakenOffline)
            } else {
                self.replaced_text(target, part.locale.clone(), look, (&before, &now)).await
            };
            found = compared::both(found, self.in_its_locale(part, one));
        }
        found
    }

    async fn replaced_text(
        &self,
        target: Target<'_>,
        locale: Locale,
        look: Look<'_>,
        (before, now): (&LiveArticle, &LiveArticle),
    ) -> Compared {
        let reader = self.writer.reader();
        let locale = look.before.article.translated_content.is_some().then_some(locale);
        // What cannot be asked for is not known: the write went through all the same.
        let Ok(versions) = reader.versions(target.id, locale.as_ref()).await else { return Ok(None) };
        let Some(other) = before_ours(&versions, look.at.elapsed()) else { return Ok(None) };
        let Ok(Some(other)) = reader.version(target.id, &other.id, locale.as_ref()).await else { return Ok(None) };
        let text = as_article(&other, &before.article);
        let seen = before.draft.as_ref().unwrap_or(&before.article);
        if self.is_same_text(seen, &text) || self.is_same_text(&now.article, &text) {
            return Ok(None);
        }
        let by = match (other.created_by_id, reader.admins().await) {
            (Some(id), Ok(list)) => {
                list.admins.into_iter().find(|admin| admin.id == id).and_then(|admin| admin.name.or(admin.email))
            }
            _ => None,
        };
        Err(Lost::Replaced { by: by.unwrap_or_else(|| "somebody".to_owned()), version: other.id })
    }
}

/// The version right before the newest one that came by the API, if it is no older than the last look. Where
/// nothing says how a version came, the newest one is ours.
fn before_ours(versions: &[Version], since_the_look: Duration) -> Option<&Version> {
    let ours = versions.iter().position(|version| !version.is_by_web())?;
    let other = versions.get(ours + 1)?;
    let window = i64::try_from((since_the_look + ROUNDED).as_secs()).unwrap_or(i64::MAX);
    (other.created_at >= versions[ours].created_at.saturating_sub(window)).then_some(other)
}

/// The text of a version in the place of an article's.
fn as_article(version: &Version, article: &Article) -> Article {
    let mut text = article.clone();
    text.content.title = version.title.clone().unwrap_or_default();
    text.content.description.clone_from(&version.description);
    text.content.body.clone_from(&version.body);
    text
}

/// Whether a text got its address between the look and a write that keeps it hidden: it was live for a moment.
fn is_taken_offline(before: &Article, now: &Article) -> bool {
    before.url.is_none() && now.url.is_some() && now.state == State::Draft
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(id: &str, via: &str, created_at: i64) -> Version {
        serde_json::from_value(serde_json::json!({ "id": id, "created_via": via, "created_at": created_at })).unwrap()
    }

    #[test]
    fn only_the_version_right_before_ours_counts_and_only_if_it_is_new() {
        let look = Duration::from_secs(3);
        let check = |versions: &[Version], want: Option<&str>| {
            assert_eq!(before_ours(versions, look).map(|version| version.id.as_str()), want);
        };
        check(&[], None);
        check(&[version("9", "api", 100)], None);
        check(&[version("9", "api", 100), version("8", "web", 99)], Some("8"));
        check(&[version("9", "api", 100), version("8", "web", 94)], None);
        check(&[version("10", "web", 100), version("9", "api", 100), version("8", "web", 99)], Some("8"));
        check(&[version("9", "api", 100), version("8", "api", 98), version("7", "web", 98)], Some("8"));
    }
}
