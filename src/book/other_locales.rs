//! Files and folders that look like a locale and are no translation.
//!
//! Nothing but the suffix of a locale that is listed makes a translation. What looks like another one would be
//! sent as articles of the default locale: an error where its files mirror others, as a translation does, and a
//! warning where they are there alone, as `it/` may be the IT department's folder.

use std::collections::BTreeMap;

use super::collection::Folder;
use super::{Book, translation};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::intercom::model::Locale;
use crate::text::DocPath;

/// What marks the files of a locale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum By<'b> {
    /// What their names end in.
    Suffix(&'b str),
    /// The folder that holds them.
    Folder(&'b str),
}

/// Files that look like those of one locale.
#[derive(Debug, Default)]
struct Group<'b> {
    files: Vec<&'b DocPath>,
    /// One that mirrors a file, and that file.
    mirror: Option<(&'b DocPath, DocPath)>,
    mirrors: usize,
}

/// Names what looks like a locale, once for each suffix and folder.
pub(super) fn name(book: &mut Book, config: &Config) {
    let mut groups: BTreeMap<By<'_>, Group<'_>> = BTreeMap::new();
    for path in book.sources.keys() {
        let Some((by, of)) = looks(path, config) else { continue };
        let group = groups.entry(by).or_default();
        group.files.push(path);
        if let Some(of) = of.into_iter().find(|of| of != path && book.sources.contains_key(of)) {
            group.mirrors += 1;
            group.mirror.get_or_insert((path, of));
        }
    }
    let found: Vec<Diagnostic> = groups
        .into_iter()
        .filter(|(by, group)| group.is_mirror() || !is_named(book, *by))
        .map(|(by, group)| finding(by, &group, config))
        .collect();
    book.diagnostics.extend(found);
}

impl Group<'_> {
    /// Whether they are what others are in another locale: a name or two may be the same by chance.
    fn is_mirror(&self) -> bool {
        self.mirrors > 0 && self.mirrors * 2 >= self.files.len()
    }
}

/// What a file looks like by its name, and the files of which it may be a translation.
fn looks<'b>(path: &'b DocPath, config: &Config) -> Option<(By<'b>, Vec<DocPath>)> {
    if let Some((of, suffix)) = translation::split(path).filter(|(_, suffix)| is_like(suffix)) {
        return translation::locale(suffix, config).is_none().then(|| (By::Suffix(suffix), vec![of]));
    }
    let mut start = 0;
    for name in path.folder().split('/') {
        let end = start + name.len();
        if is_like(name) {
            let (before, after) = (&path.as_str()[..start], &path.as_str()[end + 1..]);
            let default = &config.default_locale.0;
            let beside = format!("{before}{default}/{after}");
            let of = vec![DocPath::new(format!("{before}{after}")), DocPath::new(beside)];
            return Some((By::Folder(&path.as_str()[..end]), of));
        }
        start = end + 1;
    }
    None
}

/// Whether a name is a locale of a Help Center, or one of its language: `fr`, `PT_br`, `fr-CA`, `es-419`.
fn is_like(name: &str) -> bool {
    let (language, region) = name.split_once(['-', '_']).map_or((name, None), |(one, other)| (one, Some(other)));
    let is_region = |region: &str| {
        let is = |len: usize, of: fn(&u8) -> bool| region.len() == len && region.bytes().all(|byte| of(&byte));
        is(2, u8::is_ascii_alphabetic)
            || is(3, u8::is_ascii_digit)
            || ["hans", "hant", "latn", "cyrl"].contains(&region.to_ascii_lowercase().as_str())
    };
    Locale::written(name).is_some()
        || (Locale::written(language).is_some() && region.is_some_and(is_region))
        || (language.eq_ignore_ascii_case("zh") && region.is_none_or(is_region))
}

/// Whether a folder has a title, so that somebody made it a collection.
fn is_named(book: &Book, by: By<'_>) -> bool {
    let By::Folder(folder) = by else { return false };
    book.collections.get(&Folder(folder.to_owned())).is_some_and(|collection| collection.title.is_some())
}

fn finding(by: By<'_>, group: &Group<'_>, config: &Config) -> Diagnostic {
    let severity = if group.is_mirror() { Severity::Error } else { Severity::Warning };
    let (path, of) = match &group.mirror {
        Some((path, of)) if group.is_mirror() => (*path, Some(of)),
        _ => (group.files[0], None),
    };
    let others = match group.files.len() - 1 {
        0 => String::new(),
        1 => ", and so does another file".to_owned(),
        count => format!(", and so do {count} other files"),
    };
    let locale_of = |name: &str| Locale::written(name).map_or_else(|| name.to_owned(), |locale| locale.0);
    let (message, help) = match by {
        By::Suffix(suffix) if Locale::written(suffix).as_ref() == Some(&config.default_locale) => (
            format!("`{suffix}` is the default locale, whose files have no suffix{others}"),
            "take the suffix out of the name; as it is, it is not taken for a translation".to_owned(),
        ),
        By::Suffix(suffix) => (
            format!("the name ends in the locale `{suffix}`, which `locales` does not list{others}"),
            if let Some(locale) = Locale::written(suffix) {
                format!(
                    "add `{locale}` to `locales` in `helpbook.yml`, or rename the file; as it is, it is not taken for a translation"
                )
            } else {
                "rename the file: a Help Center has no such locale".to_owned()
            },
        ),
        By::Folder(folder) => {
            let name = folder.rsplit('/').next().unwrap_or(folder);
            let locale = locale_of(name);
            let files = match group.files.len() {
                1 => "1 file".to_owned(),
                count => format!("{count} files"),
            };
            let default = &config.default_locale;
            let stem = path.name().trim_end_matches(".md");
            let message =
                format!("the folder `{folder}` looks like a locale; its {files} would be articles in `{default}`");
            let help = match of {
                _ if locale == default.0 => {
                    "move its files up: those of the default locale are in no folder of their own".to_owned()
                }
                Some(of) => format!(
                    "name this one `{}`, and list `{locale}` under `locales`; if it is a collection, rename the folder",
                    DocPath::new(format!("{}.{locale}.md", of.as_str().trim_end_matches(".md")))
                ),
                None => format!(
                    "name translations as `{stem}.{locale}.md`, beside their originals; if it is a collection, give it an `_index.md` with a `title`"
                ),
            };
            (message, help)
        }
    };
    let finding = match severity {
        Severity::Error => Diagnostic::error("unlisted-locale", path, None, message),
        Severity::Warning => Diagnostic::warning("unlisted-locale", path, None, message),
    };
    let finding = finding.help(help);
    match of {
        Some(of) => finding.label(format!("its original looks to be `{of}`")).about(of),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::book::{Ids, Ignored};

    /// What is said of articles at these paths, with `en`, `fr` and `pt-BR` listed.
    fn found(paths: &[&str]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for path in paths {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            let text = if path.ends_with("_index.md") { "---\ntitle: T\n---\n" } else { "# A\n\nText\n" };
            fs::write(file, text).unwrap();
        }
        let locales = ["en", "fr", "pt-BR"].map(|locale| Locale(locale.to_owned())).into();
        let config = Config { locales, ..Config::default() };
        let book = Book::load(folder.path(), &config, Ids::FrontMatter, &Ignored::Usual).unwrap();
        book.diagnostics
            .iter()
            .map(|finding| format!("{:?} {} {}", finding.severity, finding.path, finding.message).to_lowercase())
            .collect()
    }

    #[test]
    fn a_suffix_is_the_locale_however_it_is_written() {
        assert_eq!(found(&["a.md", "a.FR.md", "a.pt_br.md", "b.md", "b.pt-br.md"]), [""; 0]);
        let twice = found(&["a.md", "a.pt-BR.md", "a.pt_br.md"]);
        assert_eq!(twice, ["error a.pt_br.md `a.pt_br.md` and `a.pt-br.md` are the same translation"]);
    }

    #[test]
    fn what_mirrors_other_files_is_an_error() {
        for (paths, expected) in [
            (&["a.md", "a.de.md"][..], "error a.de.md the name ends in the locale `de`, which `locales` does not list"),
            (
                &["a.md", "a.fr-CA.md"],
                "error a.fr-ca.md the name ends in the locale `fr-ca`, which `locales` does not list",
            ),
            (
                &["a.md", "a.zh-Hans.md"],
                "error a.zh-hans.md the name ends in the locale `zh-hans`, which `locales` does not list",
            ),
            (&["a.md", "a.en.md"], "error a.en.md `en` is the default locale, whose files have no suffix"),
            (
                &["b/a.md", "b/de/a.md"],
                "error b/de/a.md the folder `b/de` looks like a locale; its 1 file would be articles in `en`",
            ),
            (
                &["b/a.md", "de/b/a.md", "de/c.md"],
                "error de/b/a.md the folder `de` looks like a locale; its 2 files would be articles in `en`",
            ),
            (
                &["b/a.md", "pt_br/b/a.md"],
                "error pt_br/b/a.md the folder `pt_br` looks like a locale; its 1 file would be articles in `en`",
            ),
        ] {
            assert_eq!(found(paths), [expected], "{paths:?}");
        }
        let both = found(&["en/a.md", "fr/a.md", "fr/_index.md"]);
        assert_eq!(
            both,
            [
                "warning en/a.md the folder `en` looks like a locale; its 1 file would be articles in `en`",
                "error fr/a.md the folder `fr` looks like a locale; its 2 files would be articles in `en`",
            ]
        );
    }

    #[test]
    fn what_is_there_alone_is_a_warning_and_a_collection_with_a_title_nothing() {
        let expected = "warning it/a.md the folder `it` looks like a locale; its 3 files would be articles in `en`";
        assert_eq!(found(&["a.md", "it/a.md", "it/b.md", "it/c.md"]), [expected]);
        assert_eq!(found(&["it/a.md", "it/b.md", "it/_index.md"]), [""; 0]);
        let expected =
            "warning a.de.md the name ends in the locale `de`, which `locales` does not list, and so does another file";
        assert_eq!(found(&["a.de.md", "b.de.md"]), [expected]);
        assert_eq!(found(&["team/a.md", "v2/a.md", "a.v2.md", "en-route/a.md", "a.js.md"]), [""; 0]);
    }
}
