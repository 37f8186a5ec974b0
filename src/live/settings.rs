//! The settings of an article beside its text, as Intercom holds them, and the lists that are fetched
//! only where something needs them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Live, LiveArticle};
use crate::intercom::model::{Article, Audience, AudienceId, FinAvailability, Locale, Redirect};
use crate::intercom::{Error, Reader};

/// Which parts of Fin may use a text, and for whom; `None` where nobody says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flags {
    /// Whether Fin's chatbot may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chatbot: Option<bool>,
    /// Whether Fin's copilot may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copilot: Option<bool>,
    /// Whether Fin's sales agent may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sales_agent: Option<bool>,
    /// The audiences; empty for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audiences: Option<BTreeSet<AudienceId>>,
}

impl Flags {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Overwrites each field that `other` has.
    pub fn take(&mut self, other: &Self) {
        self.chatbot = other.chatbot.or(self.chatbot);
        self.copilot = other.copilot.or(self.copilot);
        self.sales_agent = other.sales_agent.or(self.sales_agent);
        if let Some(audiences) = &other.audiences {
            self.audiences = Some(audiences.clone());
        }
    }
}

impl From<&FinAvailability> for Flags {
    fn from(fin: &FinAvailability) -> Self {
        Self {
            chatbot: fin.ai_chatbot_availability,
            copilot: fin.ai_copilot_availability,
            sales_agent: fin.ai_sales_agent_availability,
            audiences: fin.audience_ids.as_ref().map(|ids| ids.iter().copied().collect()),
        }
    }
}

impl From<&Flags> for FinAvailability {
    fn from(flags: &Flags) -> Self {
        Self {
            ai_chatbot_availability: flags.chatbot,
            ai_copilot_availability: flags.copilot,
            ai_sales_agent_availability: flags.sales_agent,
            audience_ids: flags.audiences.as_ref().map(|ids| ids.iter().copied().collect()),
        }
    }
}

/// A list that is fetched only where something needs it.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Listed<T> {
    /// Nothing needs it, so nobody asked.
    #[default]
    NotFetched,
    /// The token may not read it; Intercom's answer.
    Refused(String),
    /// Every record.
    Known(Vec<T>),
}

/// A list that may be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// [`Live::audiences`]
    Audiences,
    /// [`Live::redirects`]
    Redirects,
}

/// Fetches the lists that are needed. A list that the token may not read is [`Listed::Refused`].
///
/// # Errors
/// Fails where a request fails for another reason.
pub(super) async fn fetch_lists(reader: &Reader, live: &mut Live, needed: &BTreeSet<List>) -> Result<(), Error> {
    if needed.contains(&List::Audiences) {
        live.audiences = listed(reader.audiences().await)?;
    }
    if needed.contains(&List::Redirects) {
        live.redirects = listed(reader.redirects(live.help_center.id).await)?;
    }
    Ok(())
}

fn listed<T>(answer: Result<Vec<T>, Error>) -> Result<Listed<T>, Error> {
    match answer {
        Ok(records) => Ok(Listed::Known(records)),
        // Who the token is was answered before, so a 401 is a scope that it lacks (docs/intercom.md 2).
        Err(error) if matches!(error.status(), Some(401 | 403 | 404)) => Ok(Listed::Refused(error.to_string())),
        Err(error) => Err(error),
    }
}

impl LiveArticle {
    /// Which parts of Fin may use its text in a locale. On a multilingual Help Center the audiences of
    /// the default locale, too, are in `translated_content` (schema `article_content`).
    pub fn flags(&self, locale: &Locale, default: &Locale) -> Flags {
        let article = &self.article;
        let content = article.translated_content.as_ref().and_then(|locales| locales.get(locale));
        let mut flags = content.map(|content| Flags::from(&content.fin)).unwrap_or_default();
        if locale == default {
            flags.take(&Flags::from(&article.content.fin));
        }
        flags
    }

    /// Whether it has a text in another locale than the default one.
    pub fn is_translated(&self, default: &Locale) -> bool {
        let mut others = self.article.translated_content.iter().flat_map(|locales| &locales.0);
        others.any(|(locale, content)| locale != default && content.is_some())
    }
}

/// Copies the audiences of the default locale to the root, where its other flags are.
pub(super) fn keep_audiences(article: &mut Article, default: &Locale) {
    let content = article.translated_content.as_ref().and_then(|locales| locales.get(default));
    let audiences = content.and_then(|content| content.fin.audience_ids.clone());
    let fin = &mut article.content.fin;
    fin.audience_ids = fin.audience_ids.take().or(audiences);
}

impl Live {
    /// The name of an audience; its id where the name is not known.
    pub fn audience_name(&self, id: AudienceId) -> String {
        let known = match &self.audiences {
            Listed::Known(audiences) => audiences.iter().find(|audience: &&Audience| audience.id == id),
            Listed::NotFetched | Listed::Refused(_) => None,
        };
        known.map_or_else(|| id.to_string(), |audience| audience.name.clone())
    }

    /// The redirect of an address; `None` where there is none or redirects were not fetched.
    pub fn redirect_from(&self, address: &str) -> Option<&Redirect> {
        let Listed::Known(redirects) = &self.redirects else { return None };
        redirects.iter().find(|redirect| is_same_address(&redirect.from_url, address))
    }
}

/// Whether two addresses are equal but for a slash at the end.
pub fn is_same_address(one: &str, other: &str) -> bool {
    one.trim_end_matches('/') == other.trim_end_matches('/')
}
