//! What a local Help Center is started with.

use std::path::PathBuf;
use std::time::Duration;

use helpbook_model::Locale;

use super::Clock;
use super::behaviour::Behaviour;
use super::faults::Faults;

/// How a local Help Center is started. The default is one in memory, on any free port.
///
/// It has no `Debug`, as it may hold the token.
#[derive(Clone, Default)]
pub struct Options {
    /// Where it keeps its records.
    pub store: Storage,
    /// The docs folder: its images, and nothing else of it, are served at `/docs/<path>`.
    pub docs: Option<PathBuf>,
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The access token. Without one, it is made once and kept in the store.
    pub token: Option<String>,
    /// What it does where Intercom's own way is not known.
    pub behaviour: Behaviour,
    /// Where the time comes from.
    pub clock: Clock,
    /// Requests per window of ten seconds; without one, 10,000. Intercom allows 1,667 (docs/intercom.md 4).
    pub rate_limit: Option<u32>,
    /// The locales, the default one first; none is English alone. With several, answers have
    /// `translated_content` and `default_locale` (docs/intercom.md 1.2).
    pub locales: Vec<Locale>,
    /// The region that `/me` names, as Intercom spells it; `US` without one.
    pub region: Option<String>,
    /// What goes wrong, and how often.
    pub faults: Faults,
    /// How long every answer takes at least. It holds up no other request.
    pub latency: Duration,
}

impl Options {
    /// The default, with something that is done in another way.
    pub fn behaving(change: impl FnOnce(&mut Behaviour)) -> Self {
        let mut options = Self::default();
        change(&mut options.behaviour);
        options
    }

    /// The default locale.
    pub(super) fn default_locale(&self) -> Locale {
        self.locales.first().cloned().unwrap_or_else(Locale::english)
    }

    /// Every locale once, the default one first.
    pub(super) fn all_locales(&self) -> Vec<Locale> {
        let mut all = vec![self.default_locale()];
        for locale in &self.locales {
            if !all.contains(locale) {
                all.push(locale.clone());
            }
        }
        all
    }
}

/// Where a local Help Center keeps its records.
#[derive(Debug, Clone, Default)]
pub enum Storage {
    /// In memory, gone with the server.
    #[default]
    Memory,
    /// In this folder: `help-center.redb`, written through before each answer, and `requests.log`.
    Folder(PathBuf),
}
