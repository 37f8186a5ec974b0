//! `helpbook.yml`: where the docs are, which workspace they belong to, and the team's choices.
//!
//! [`Config::parse`] turns its text into a value, with every finding at its line and column;
//! [`find`] looks for it upwards. Nothing here knows the network, and no key here names an
//! address of the API: that comes from the environment alone, so a repository cannot send the
//! token somewhere.

mod audit;
mod editor;
mod images;
#[cfg(test)]
pub(crate) mod schema;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};

pub use audit::{AuditChoices, Ignored};
pub use editor::EditorAddress;
pub use images::{AddressTemplate, Hosting, escaped, image_name, is_loopback, is_web};

use crate::diagnostic::{Diagnostic, IDS, did_you_mean};
use crate::intercom::model::{AdminId, Locale, State};
use crate::text::DocPath;
use crate::yaml::{self, Foreign, Mapping, Value, Wrong};

/// The name of the configuration file.
pub const FILE: &str = "helpbook.yml";

/// What `helpbook.yml` says. [`Config::default`] is an empty file.
#[derive(Debug, Clone)]
pub struct Config {
    /// The docs folder, relative to the project's root.
    pub docs: PathBuf,
    /// The one workspace that these docs belong to.
    pub workspace: Option<String>,
    /// The Help Center: its identifier, name or id.
    pub help_center: Option<String>,
    /// Where the workspace is hosted.
    pub region: Region,
    /// Where an article is in Intercom's editor, where the project says it.
    pub editor: Option<EditorAddress>,
    /// The locale of files without a suffix.
    pub default_locale: Locale,
    /// Every locale.
    pub locales: Vec<Locale>,
    /// The author of new articles that name none.
    pub author: Option<Author>,
    /// The state of articles that say none; without it they stay as they are live.
    pub state: Option<State>,
    /// What becomes of live articles whose files are gone.
    pub orphans: Orphans,
    /// Files that are not articles.
    pub exclude: GlobSet,
    /// Files of the project that are articles all the same: a changelog, for example.
    pub include: GlobSet,
    /// Names or ids of live collections that are not ours.
    pub ignored_collections: Vec<String>,
    /// Where the images of the docs folder can be fetched; `None` where nobody hosts them.
    pub images: Option<Hosting>,
    /// Whether there is an empty paragraph between two paragraphs.
    pub spacing: Spacing,
    /// Levels of single findings.
    pub checks: BTreeMap<String, Level>,
    /// What `audit` leaves out, and what it counts as old.
    pub audit: AuditChoices,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            docs: PathBuf::from("."),
            workspace: None,
            help_center: None,
            region: Region::Us,
            editor: None,
            default_locale: Locale::english(),
            locales: vec![Locale::english()],
            author: None,
            state: None,
            orphans: Orphans::Report,
            exclude: GlobSet::empty(),
            include: GlobSet::empty(),
            ignored_collections: Vec::new(),
            images: None,
            spacing: Spacing::Paragraphs,
            checks: BTreeMap::new(),
            audit: AuditChoices::default(),
        }
    }
}

/// Where a workspace is hosted (docs/intercom.md 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// `api.intercom.io`
    Us,
    /// `api.eu.intercom.io`
    Eu,
    /// `api.au.intercom.io`
    Au,
}

impl Region {
    /// Its name in `helpbook.yml`.
    pub fn name(self) -> &'static str {
        match self {
            Region::Us => "us",
            Region::Eu => "eu",
            Region::Au => "au",
        }
    }

    /// The region that Intercom names, in every spelling that it is known to use (docs/intercom.md 4).
    pub fn said(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "us" | "usa" | "united states" => Some(Region::Us),
            "eu" | "europe" => Some(Region::Eu),
            "au" | "australia" => Some(Region::Au),
            _ => None,
        }
    }
}

/// Who an article is by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    /// A teammate's address.
    Email(String),
    /// A teammate's id.
    Id(AdminId),
}

/// What becomes of a live article whose file is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orphans {
    /// It is named and stays live.
    Report,
    /// It goes offline.
    Unpublish,
    /// It is deleted.
    Delete,
}

/// Whether there is an empty paragraph between two paragraphs: Intercom's have no gap (docs/intercom.md 3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    /// It does.
    Paragraphs,
    /// It does not.
    None,
}

/// How much a kind of finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Not reported.
    Off,
    /// Reported.
    Warning,
    /// Stops every command.
    Error,
}

/// Looks for `helpbook.yml` in a folder and in those above it.
pub fn find(from: &Path) -> Option<PathBuf> {
    from.ancestors().map(|folder| folder.join(FILE)).find(|file| file.is_file())
}

const KEYS: [&str; 18] = [
    "docs",
    "workspace",
    "help_center",
    "region",
    "editor_url",
    "default_locale",
    "locales",
    "author",
    "state",
    "orphans",
    "exclude",
    "include",
    "ignore",
    "images",
    "spacing",
    "required_version",
    "checks",
    "audit",
];

impl Config {
    /// Reads the text of a `helpbook.yml`. What is wrong with it goes to `diagnostics`.
    pub fn parse(text: &str, path: &DocPath, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut config = Self::default();
        let (text, at) = text.strip_prefix('\u{feff}').map_or((text, 0), |text| (text, '\u{feff}'.len_utf8()));
        let Some(mut keys) = Mapping::parse(text, at, path, diagnostics) else {
            return config;
        };
        if let Some(docs) = keys.read("docs", diagnostics, docs_folder) {
            config.docs = docs;
        }
        config.workspace = keys.read("workspace", diagnostics, yaml::filled);
        config.help_center = keys.read("help_center", diagnostics, yaml::filled);
        if let Some(region) = keys.read("region", diagnostics, |entry| {
            yaml::word(entry, &[("us", Region::Us), ("eu", Region::Eu), ("au", Region::Au)])
        }) {
            config.region = region;
        }
        config.editor = keys.read("editor_url", diagnostics, editor::address);
        if let Some(default) = keys.read("default_locale", diagnostics, |entry| locale(&yaml::filled(entry)?)) {
            config.default_locale = default.clone();
            config.locales = vec![default];
        }
        let default = config.default_locale.clone();
        if let Some(locales) = keys.read("locales", diagnostics, |entry| locales(entry, &default)) {
            config.locales = locales;
        }
        config.author = keys.read("author", diagnostics, author);
        config.state = keys.read("state", diagnostics, state);
        if let Some(orphans) = keys.read("orphans", diagnostics, |entry| {
            yaml::word(
                entry,
                &[("report", Orphans::Report), ("unpublish", Orphans::Unpublish), ("delete", Orphans::Delete)],
            )
        }) {
            config.orphans = orphans;
        }
        if let Some(exclude) = keys.read("exclude", diagnostics, patterns) {
            config.exclude = exclude;
        }
        if let Some(include) = keys.read("include", diagnostics, patterns) {
            config.include = include;
        }
        if let Some(ignored) = keys.read("ignore", diagnostics, ignored_collections) {
            config.ignored_collections = ignored;
        }
        if let Some(spacing) = keys.read("spacing", diagnostics, |entry| {
            yaml::word(entry, &[("paragraphs", Spacing::Paragraphs), ("none", Spacing::None)])
        }) {
            config.spacing = spacing;
        }
        config.images = keys.read("images", diagnostics, images::hosting);
        let _: Option<()> = keys.read("required_version", diagnostics, required_version);
        if let Some(checks) = keys.read("checks", diagnostics, checks) {
            config.checks = checks;
        }
        if let Some(audit) = keys.read("audit", diagnostics, audit::choices) {
            config.audit = audit;
        }
        keys.refuse_rest(
            "`helpbook.yml`",
            &KEYS,
            |entry| foreign_help(&entry.key).map(Foreign::explained),
            diagnostics,
        );
        config
    }
}

fn foreign_help(key: &str) -> Option<&'static str> {
    match key {
        "token" | "access_token" => Some("a token is never in a file: set INTERCOM_ACCESS_TOKEN in the environment"),
        "base_url" | "url" | "host" | "api" | "api_url" => Some(
            "the address of the API never comes from a file: set `region`, or INTERCOM_BASE_URL in the environment",
        ),
        _ => None,
    }
}

/// Reads `published` or `draft`.
///
/// # Errors
/// Fails where it is neither.
pub fn state(entry: &yaml::Entry) -> Result<State, Wrong> {
    yaml::word(entry, &[("published", State::Published), ("draft", State::Draft)])
}

/// Reads a teammate: an address or an id.
///
/// # Errors
/// Fails where it is neither.
pub fn author(entry: &yaml::Entry) -> Result<Author, Wrong> {
    if let Some(id) = entry.value.as_u64() {
        return Ok(Author::Id(AdminId(id)));
    }
    match yaml::string(entry)? {
        text if text.contains('@') && !text.contains(char::is_whitespace) => Ok(Author::Email(text)),
        text => {
            Err(Wrong::value(format!("`{text}` names no teammate"), "write the teammate's e-mail address or admin id"))
        }
    }
}

fn docs_folder(entry: &yaml::Entry) -> Result<PathBuf, Wrong> {
    let text = yaml::filled(entry)?;
    let path = DocPath::new(FILE).resolve(text.trim_end_matches('/')).ok_or_else(|| {
        Wrong::value(
            "the docs folder must be in the project",
            "write a path below the folder of `helpbook.yml`, for example `docs`",
        )
    })?;
    Ok(PathBuf::from(if path.as_str().is_empty() { "." } else { path.as_str() }))
}

fn locale(text: &str) -> Result<Locale, Wrong> {
    if Locale::KNOWN.contains(&text) {
        return Ok(Locale(text.to_owned()));
    }
    let near = did_you_mean(text, Locale::KNOWN);
    Err(Wrong::value(
        format!("`{text}` is not a locale of a Help Center"),
        near.unwrap_or_else(|| "write one of Intercom's locales, for example `en` or `pt-BR`".to_owned()),
    ))
}

fn locales(entry: &yaml::Entry, default: &Locale) -> Result<Vec<Locale>, Wrong> {
    let mut list: Vec<Locale> = Vec::new();
    for text in yaml::strings(entry)? {
        let locale = locale(&text)?;
        if !list.contains(&locale) {
            list.push(locale);
        }
    }
    if !list.contains(default) {
        return Err(Wrong::value(
            format!("`locales` lacks the default locale `{default}`"),
            format!("add `{default}`, or set `default_locale`"),
        ));
    }
    Ok(list)
}

fn patterns(entry: &yaml::Entry) -> Result<GlobSet, Wrong> {
    let mut set = GlobSetBuilder::new();
    for pattern in yaml::strings(entry)? {
        let glob = Glob::new(&pattern).map_err(|error| {
            Wrong::value(
                format!("`{pattern}` is not a pattern: {}", error.kind()),
                "write a path with `*` and `**`, for example `templates/**`",
            )
        })?;
        set.add(glob);
    }
    set.build().map_err(|error| Wrong::value(format!("the patterns cannot be used: {error}"), "simplify them"))
}

fn ignored_collections(entry: &yaml::Entry) -> Result<Vec<String>, Wrong> {
    let wrong = || Wrong::kind("`collections` with a list of names", "write `ignore: { collections: [Legal] }`");
    let mapping = entry.value.as_mapping().ok_or_else(wrong)?;
    if mapping.keys().any(|key| key.as_str() != Some("collections")) {
        return Err(wrong());
    }
    let Some(list) = mapping.get("collections") else {
        return Ok(Vec::new());
    };
    let names = list.as_sequence().ok_or_else(wrong)?;
    names
        .iter()
        .map(|name| match name {
            Value::String(name) => Ok(name.clone()),
            Value::Number(id) => Ok(id.to_string()),
            _ => Err(wrong()),
        })
        .collect()
}

fn required_version(entry: &yaml::Entry) -> Result<(), Wrong> {
    let text = yaml::filled(entry)?;
    let wanted = semver::VersionReq::parse(&text)
        .map_err(|_| Wrong::value(format!("`{text}` is not a version requirement"), "write for example `\">=0.1\"`"))?;
    let this = env!("CARGO_PKG_VERSION");
    match semver::Version::parse(this) {
        Ok(version) if !wanted.matches(&version) => Err(Wrong::value(
            format!("this is helpbook {this}, and the project asks for {text}"),
            "install a version that fits, or change `required_version`",
        )),
        _ => Ok(()),
    }
}

fn checks(entry: &yaml::Entry) -> Result<BTreeMap<String, Level>, Wrong> {
    let wrong =
        || Wrong::kind("findings with their levels", "write `checks: { missing-alt: off }` with off, warning or error");
    let mapping = entry.value.as_mapping().ok_or_else(wrong)?;
    let mut levels = BTreeMap::new();
    for (id, level) in mapping {
        let id = id.as_str().ok_or_else(wrong)?;
        if !IDS.contains(&id) {
            let near = did_you_mean(id, IDS.iter().copied());
            let help = near.unwrap_or_else(|| "write the name that a finding shows in brackets".to_owned());
            return Err(Wrong::value(format!("there is no finding `{id}`"), help));
        }
        let level = match level {
            Value::String(level) if level == "off" => Level::Off,
            Value::Bool(false) => Level::Off,
            Value::String(level) if level == "warning" => Level::Warning,
            Value::String(level) if level == "error" => Level::Error,
            _ => return Err(wrong()),
        };
        levels.insert(id.to_owned(), level);
    }
    Ok(levels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) -> Config {
        let mut diagnostics = Vec::new();
        let config = Config::parse(text, &DocPath::new(FILE), &mut diagnostics);
        let found: Vec<_> = diagnostics.iter().map(|d| (d.id, d.message.as_str())).collect();
        assert_eq!(found, expected);
        config
    }

    #[test]
    fn every_key_is_read() {
        let config = check(
            "docs: docs/\nworkspace: a1b2c3d4\nhelp_center: acme\nregion: eu\ndefault_locale: de\nlocales: [de, fr, de]\n\
             author: ada@example.com\nstate: published\norphans: unpublish\nexclude: [\"templates/**\"]\ninclude: [CHANGELOG.md]\n\
             ignore: { collections: [Legal, 7] }\nspacing: none\nrequired_version: \">=0.1\"\nchecks: { missing-alt: off }\n",
            &[],
        );
        assert_eq!(config.docs, Path::new("docs"));
        assert_eq!(config.region, Region::Eu);
        assert_eq!(config.default_locale, Locale("de".into()));
        assert_eq!(config.locales, [Locale("de".into()), Locale("fr".into())]);
        assert_eq!(config.author, Some(Author::Email("ada@example.com".into())));
        assert_eq!(config.state, Some(State::Published));
        assert_eq!(config.orphans, Orphans::Unpublish);
        assert!(config.exclude.is_match("templates/a/b.md"));
        assert!(config.include.is_match("CHANGELOG.md"));
        assert_eq!(config.ignored_collections, ["Legal", "7"]);
        assert_eq!(config.spacing, Spacing::None);
        assert_eq!(config.checks["missing-alt"], Level::Off);
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        check(
            "region: mars\nlocale: en\ndocs: ../..\nstate: 3\nbase_url: https://evil.example\nrequired_version: \">=9\"\n",
            &[
                ("wrong-value", "the docs folder must be in the project"),
                ("wrong-value", "`region` cannot be `mars`"),
                ("wrong-type", "`state` has the wrong type"),
                (
                    "wrong-value",
                    concat!("this is helpbook ", env!("CARGO_PKG_VERSION"), ", and the project asks for >=9"),
                ),
                ("unknown-key", "unknown key `base_url`"),
                ("unknown-key", "unknown key `locale`"),
            ],
        );
    }

    #[test]
    fn after_a_byte_order_mark_places_are_right() {
        let mut diagnostics = Vec::new();
        Config::parse("\u{feff}region: mars\n", &DocPath::new(FILE), &mut diagnostics);
        assert_eq!(diagnostics[0].span, Some(crate::text::Span::new(11, 15)));
    }

    #[test]
    fn what_cannot_be_done_yet_says_so() {
        check(
            "locales: [fr]\nchecks: { mising-alt: off }\n",
            &[
                ("wrong-value", "`locales` lacks the default locale `en`"),
                ("wrong-value", "there is no finding `mising-alt`"),
            ],
        );
    }
}
