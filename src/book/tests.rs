//! Small docs folders on disk, and what becomes of them.

use std::fs;

use super::*;
use crate::config::Config;
use crate::intercom::model::Locale;
use crate::text::position;

/// Writes files, loads them, and gives the book and its findings as `path:line:column id`.
fn load(files: &[(&str, &str)]) -> (Book, Vec<String>) {
    load_with(&Config::default(), files)
}

fn load_with(config: &Config, files: &[(&str, &str)]) -> (Book, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let book = Book::load(folder.path(), config, Ids::FrontMatter, &Ignored::Usual).unwrap();
    let findings = book
        .diagnostics
        .iter()
        .map(|finding| {
            let at = finding.span.map_or(0, |span| span.start);
            let place = position(book.sources.get(&finding.path).map_or("", |text| text), at);
            format!("{}:{}:{} {}", finding.path, place.line, place.column, finding.id)
        })
        .collect();
    (book, findings)
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let (_, findings) = load(&[("a.md", text)]);
    assert_eq!(findings, expected);
}

#[test]
fn every_key_of_an_article_is_read() {
    let (book, findings) = load(&[(
        "billing/refunds.md",
        "---\ntitle: Refund a customer\ndescription: How and when\ncollection: 12\nstate: published\n\
         author: ada@example.com\nextra: { owner: billing }\nid: 9100004\n---\nText.\n",
    )]);
    assert_eq!(findings, [""; 0]);
    let article = &book.articles[&DocPath::new("billing/refunds.md")];
    assert_eq!(article.content.title, "Refund a customer");
    assert_eq!(article.content.description.as_deref(), Some("How and when"));
    assert_eq!(article.collection, CollectionRef::Id(CollectionId(12)));
    assert_eq!(article.id, Some(ArticleId(9_100_004)));
    assert_eq!(article.content.markdown(), "Text.\n");
}

#[test]
fn the_title_is_the_key_else_the_first_heading_and_never_in_the_body() {
    let title_and_body = |text: &str| {
        let (book, _) = load(&[("a.md", text)]);
        let article = book.articles.values().next().unwrap().clone();
        (article.content.title.clone(), article.content.markdown().trim().to_owned())
    };
    let pair = |title: &str, body: &str| (title.to_owned(), body.to_owned());
    assert_eq!(title_and_body("# From `here`\n\nText"), pair("From here", "Text"));
    assert_eq!(title_and_body("<!-- note -->\n\nSetext\n===\nText"), pair("Setext", "Text"));
    assert_eq!(title_and_body("---\ntitle: Key\n---\n# Key\n\nText"), pair("Key", "Text"));
    assert_eq!(title_and_body("---\ntitle: Key\n---\n# Other\n\nText"), pair("Key", "# Other\n\nText"));
}

#[test]
fn broken_front_matter_is_told_at_its_place() {
    check("---\ntitle: a\nText", &["a.md:1:1 unclosed-front-matter"]);
    check("\n---\ntitle: a\n---\n", &["a.md:2:1 late-front-matter"]);
    check("\u{feff}---\ntitle: a\n---\n", &["a.md:1:1 byte-order-mark"]);
    check("---\r\ntitle: a\r\ntitel: b\r\n---\r\nText\r\n", &["a.md:3:1 unknown-key"]);
    check("---\ntitle: a\ntitle: b\n---\n", &["a.md:3:1 doubled-key"]);
    check(
        "---\ntitle: [a]\nstate: live\nid: x\n---\n",
        &["a.md:2:8 wrong-type", "a.md:3:8 wrong-value", "a.md:4:5 wrong-type"],
    );
    check("---\ntitle: a: b\n---\n", &["a.md:2:9 yaml-syntax"]);
    check("---\ntitle: a\npublish_at: 2026-12-01\n---\n", &["a.md:3:13 wrong-value"]);
    check("---\ntitle: a\ntags: [x, X]\nai: often\n---\n", &["a.md:3:7 wrong-value", "a.md:4:5 wrong-type"]);
    check("# a\n\nb\u{0}c\n", &["a.md:3:2 control-character"]);
    check("---\ntitle: \"a\\0b\"\n---\n", &["a.md:2:8 wrong-value"]);
    check("Text only", &["a.md:1:1 missing-title"]);
    check("# a\n\n<<<<<<< ours\nx\n=======\ny\n>>>>>>> theirs\n", &["a.md:3:1 conflict-marker"]);
    check("# a\n\n```\n<<<<<<< ours\nx\n=======\ny\n>>>>>>> theirs\n```\n", &[]);
    check("---\ntitel: a\n---\nText\n", &["a.md:2:1 unknown-key"]);
}

#[test]
fn front_matter_in_every_style_of_yaml_is_read_and_takes_an_id() {
    for text in [
        "---\n{title: a}\n---\nText\n",
        "---\n{\n\"title\": \"a\",\n\"description\": \"b\"\n}\n---\nText\n",
        "---\n  title: a\n---\nText\n",
        "---\ntitle: a\n...\n---\nText\n",
        "---\ndescription: \"one\ntitle: two\"\ntitle: a\n---\nText\n",
        "---\ntitle: a\nextra: {\ntitle: x\n}\n---\nText\n",
        "--- \t\r\n\"title\": a\r\n# note\r\n---\r\nText\r\n",
    ] {
        let index = text.replace("Text", "").replace("extra", "description").replace("{\ntitle: x\n}", "x");
        let (book, findings) = load(&[("a.md", text), ("b/_index.md", &index)]);
        assert_eq!(findings, [""; 0], "{text}");
        assert_eq!(book.articles[&DocPath::new("a.md")].content.title, "a", "{text}");
    }
}

#[test]
fn keys_that_take_no_id_are_refused_before_anything_is_created() {
    check("---\nnull\n---\n# a\n", &["a.md:2:1 id-place"]);
    let (_, findings) = load(&[("a/_index.md", "---\n~\n---\n")]);
    assert_eq!(findings, ["a/_index.md:2:1 id-place"]);
}

#[test]
fn front_matter_that_ends_with_dots_is_told_how_it_ends() {
    check("---\ntitle: a\n...\nText\n", &["a.md:1:1 unclosed-front-matter"]);
    check("---\ntitle: a\n...\n\n# Text\n\n---\n\nMore\n", &["a.md:1:1 unclosed-front-matter"]);
    let (book, _) = load(&[("a.md", "---\ntitle: a\n...\nText\n")]);
    let fix = book.diagnostics[0].fix.as_ref().unwrap();
    let splice = &fix.splices[0];
    assert_eq!((splice.span, splice.text.as_str()), (crate::text::Span::new(13, 16), "---"));
}

#[test]
fn keys_of_other_tools_get_help_of_their_own() {
    let (book, _) = load(&[("a.md", "---\ntitle: a\ndraft: true\nweight: 3\ntitel: b\n---\n")]);
    let help: Vec<_> = book.diagnostics.iter().map(|finding| finding.help.as_deref().unwrap()).collect();
    assert_eq!(
        help,
        [
            "write `state: draft` or `state: published`",
            "did you mean `title`?",
            "Intercom's API cannot set this: drag the article in Intercom, and remove the key",
        ]
    );
}

#[test]
fn all_files_are_told_in_one_run_and_the_rest_still_loads() {
    let (book, findings) = load(&[("a.md", "---\nx"), ("b.md", "---\ny"), ("c/d.md", "# Good\n")]);
    assert_eq!(findings.len(), 2);
    assert_eq!(book.articles.len(), 1);
}

#[test]
fn only_articles_are_articles() {
    let (book, findings) = load(&[
        ("README.md", "x"),
        ("README.fr.md", "x"),
        (".hidden/a.md", "x"),
        ("_templates/a.md", "x"),
        ("_note.md", "x"),
        ("notes.txt", "x"),
        ("b/_index.md", "---\ntitle: Bees\n---\n"),
        ("b/refunds.v2.md", "# Two\n"),
        ("_index.v2.md", "x"),
    ]);
    assert_eq!(findings, [""; 0]);
    assert_eq!(book.articles.keys().map(DocPath::as_str).collect::<Vec<_>>(), ["b/refunds.v2.md"]);
    assert_eq!(book.collections[&Folder("b".into())].title.as_deref(), Some("Bees"));
}

#[test]
fn folders_with_articles_are_collections_three_levels_deep() {
    let (book, findings) = load(&[("a/b/c/x.md", "# X\n"), ("a/b/c/d/y.md", "# Y\n"), ("images/readme.txt", "")]);
    assert_eq!(findings, ["a/b/c/d/y.md:1:1 collection-depth"]);
    let folders: Vec<_> = book.collections.keys().map(|folder| folder.0.as_str()).collect();
    assert_eq!(folders, ["a", "a/b", "a/b/c", "a/b/c/d"]);
    assert_eq!(title_of_folder(&Folder("x/getting-started".into())), "Getting started");
}

#[test]
fn two_files_with_one_id_are_both_named() {
    let (book, findings) = load(&[("a.md", "---\nid: 7\n---\n# A\n"), ("b.md", "---\nid: 7\n---\n# B\n")]);
    assert_eq!(findings, ["b.md:2:5 doubled-id"]);
    assert_eq!(book.diagnostics[0].message, "`b.md` and `a.md` have the same id 7");
}

#[test]
fn a_new_article_that_would_be_found_by_its_address_alone_is_named() {
    let files = [
        ("a.md", "---\nstate: published\n---\n# A\n"),
        ("b.md", "---\nstate: published\nid: 7\n---\n# B\n"),
        ("c.md", "# C\n"),
        ("d.md", "---\nstate: published\ncollection: 3\n---\n# D\n"),
        ("e/e.md", "---\nstate: published\n---\n# E\n"),
    ];
    assert_eq!(load(&files).1, ["a.md:1:1 unlisted"]);
}

/// With French beside English.
fn load_french(files: &[(&str, &str)]) -> (Book, Vec<String>) {
    let locales = vec![Locale::english(), Locale("fr".to_owned())];
    load_with(&Config { locales, ..Config::default() }, files)
}

#[test]
fn a_translation_is_the_content_of_its_article_in_its_locale() {
    let (book, findings) = load_french(&[
        ("b/_index.md", "---\ntitle: Bees\n---\n"),
        ("b/_index.fr.md", "---\ntitle: Abeilles\ndescription: Tout\n---\n"),
        ("b/a.md", "---\nid: 7\n---\n# Honey\n\nText.\n"),
        ("b/a.fr.md", "---\nstate: draft\nauthor: ada@example.com\n---\n# Miel\n\nTexte.\n"),
        ("c/_index.fr.md", "---\ntitle: Cire\n---\n"),
        ("c/a.md", "# Wax\n"),
    ]);
    assert_eq!(findings, [""; 0]);
    let french = Locale("fr".to_owned());
    assert_eq!(book.articles.len(), 2);
    let content = &book.articles[&DocPath::new("b/a.md")].translations[&french];
    assert_eq!((content.title.as_str(), content.markdown().trim()), ("Miel", "Texte."));
    assert_eq!((content.path.as_str(), content.state), ("b/a.fr.md", Some(crate::intercom::model::State::Draft)));
    let bees = &book.collections[&Folder("b".into())].translations[&french];
    assert_eq!((bees.title.as_deref(), bees.description.as_deref()), (Some("Abeilles"), Some("Tout")));
    assert_eq!(book.collections[&Folder("c".into())].translations[&french].title.as_deref(), Some("Cire"));
}

#[test]
fn a_translation_of_nothing_is_an_error_and_one_of_a_broken_file_is_not_told_twice() {
    let (book, findings) = load_french(&[("a.fr.md", "# A\n"), ("b/_index.fr.md", "---\ntitle: B\n---\n")]);
    assert_eq!(findings, ["a.fr.md:1:1 orphan-translation", "b/_index.fr.md:1:1 orphan-translation"]);
    assert!(book.articles.is_empty());
    let (_, findings) = load_french(&[("a.fr.md", "# A\n"), ("a.md", "---\nx")]);
    assert_eq!(findings, ["a.md:1:1 unclosed-front-matter"]);
}

#[test]
fn keys_of_the_article_are_tolerated_in_a_translation_where_they_are_copied() {
    let (book, findings) = load_french(&[
        ("a.md", "---\nid: 7\ncollection: b\nextra: { a: [1] }\n---\n# A\n"),
        ("a.fr.md", "---\nid: 7\ncollection: c\nextra: {a: [1]}\ntitle: B\n---\nTexte\n"),
        ("b/_index.md", "---\nid: 3\n---\n"),
        ("b/_index.fr.md", "---\nid: 4\ntitle: B\n---\n"),
    ]);
    let warning = crate::diagnostic::Severity::Warning;
    let warnings: Vec<_> = book.diagnostics.iter().map(|finding| finding.severity == warning).collect();
    assert_eq!(
        (findings.iter().map(String::as_str).collect::<Vec<_>>(), warnings),
        (
            vec![
                "a.fr.md:2:5 translation-key",
                "a.fr.md:3:13 translation-key",
                "a.fr.md:4:8 translation-key",
                "b/_index.fr.md:2:5 translation-key"
            ],
            vec![true, false, true, false]
        )
    );
}

#[test]
fn a_suffix_is_a_locale_only_where_it_is_listed() {
    let (book, findings) =
        load_french(&[("a.de.md", "# A\n"), ("a.en.md", "# A\n"), ("b/_index.de.md", "---\ntitle: B\n---\n")]);
    assert_eq!(findings, ["a.de.md:1:1 unlisted-locale", "a.en.md:1:1 unlisted-locale"]);
    assert_eq!(book.articles.keys().map(DocPath::as_str).collect::<Vec<_>>(), ["a.de.md", "a.en.md"]);
    assert!(book.articles.values().all(|article| article.translations.is_empty()));
}

#[test]
fn images_are_read_in_hidden_folders_and_nothing_in_those_that_tools_make() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        (".assets/a.png", "GIF89a"),
        (".assets/a.md", "# A\n"),
        ("_images/b.png", "GIF89a"),
        (".git/c.png", "GIF89a"),
        (".helpbook/d.png", "GIF89a"),
        ("node_modules/e/e.md", "# E\n"),
        ("made/CACHEDIR.TAG", ""),
        ("made/f.md", "# F\n"),
        ("target/g.md", "# G\n"),
    ] {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let load = |ignored| Book::load(folder.path(), &Config::default(), Ids::FrontMatter, &ignored).unwrap();
    let book = load(Ignored::Usual);
    assert_eq!(book.images.keys().map(DocPath::as_str).collect::<Vec<_>>(), [".assets/a.png", "_images/b.png"]);
    assert_eq!(book.articles.keys().map(DocPath::as_str).collect::<Vec<_>>(), ["target/g.md"]);
    assert!(book.others.contains(&DocPath::new(".assets/a.md")));
    let ignored = ["_images/", "made/f.md", "node_modules/", "target/g.md"].map(str::to_owned);
    let book = load(Ignored::ByGit(ignored.into()));
    assert_eq!(book.images.keys().map(DocPath::as_str).collect::<Vec<_>>(), [".assets/a.png"]);
    assert!(book.articles.is_empty() && book.others.contains(&DocPath::new("target/g.md")));
}

/// Found in a real folder: an article called `license.md` was left out.
#[test]
fn a_projects_own_files_have_names_in_capitals() {
    let text = "# A\n\nText\n";
    let own =
        ["LICENSE.md", "b/SECURITY.md", "b/SUMMARY.fr.md", "readme.md", "b/Readme.fr.md"].map(|path| (path, text));
    let articles = ["license.md", "b/security.md", "b/Changes.md", "c/summary.md"].map(|path| (path, text));
    let (book, _) = load_french(&[own.as_slice(), &articles].concat());
    let found: Vec<&str> = book.articles.keys().map(DocPath::as_str).collect();
    assert_eq!(found, ["b/Changes.md", "b/security.md", "c/summary.md", "license.md"]);
}

#[cfg(unix)]
#[test]
fn a_link_on_disk_is_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.md"), "# Secret\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.md"), folder.path().join("a.md")).unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("b")).unwrap();
    let book = Book::load(folder.path(), &Config::default(), Ids::FrontMatter, &Ignored::Usual).unwrap();
    assert!(book.articles.is_empty());
    assert_eq!(book.diagnostics[0].id, "symlink");
}

#[test]
fn arbitrary_files_never_panic() {
    proptest::proptest!(proptest::prelude::ProptestConfig::with_cases(64), |(text in "(---\r?\n)?\\PC*(\n---\n)?\\PC*")| {
        let mut diagnostics = Vec::new();
        let _ = Article::parse(&DocPath::new("a.md"), text.into(), &mut diagnostics);
    });
}

#[test]
fn the_first_heading_is_found_without_reading_on() {
    let piece = "# a\n|a\n|a #\n|1. a\n|a\\[b\\]\r|===\n|---\n|\n|    b\n|> c\n|- d\n|\\[e\\]: f\n|# \\[e\\]\n|<!-- g -->\n|```\n|\\| h \\|\n| #";
    let markdown = proptest::string::string_regex(&format!("({piece}){{0,6}}")).unwrap();
    proptest::proptest!(|(markdown in markdown)| {
        let whole = super::article::first_heading_of_all(&markdown);
        proptest::prop_assert_eq!(super::article::first_heading(&markdown), whole, "{:?}", markdown);
    });
}

#[test]
fn docs_with_files_that_are_not_written_yet_are_as_they_are_read_afterwards() {
    let config =
        Config::parse("locales: [en, fr]\nexclude: [\"drafts/**\"]\n", &DocPath::new("helpbook.yml"), &mut Vec::new());
    let files = [
        ("a.md", "---\nid: 1\n---\n# A\n\n[b](new/b.md)\n"),
        ("gone.md", "---\ncollection: new\n---\n# Gone\n"),
        ("other.txt", "text"),
    ];
    let new = [
        ("a.md", "---\nid: 1\ncollection: new/deep\n---\n# A, changed\n"),
        ("a.fr.md", "# A en fran\u{e7}ais\n"),
        ("new/_index.md", "---\ntitle: New\nid: 7\n---\n"),
        ("new/b.md", "---\nid: 1\n---\n# B\n"),
        ("new/deep/c.md", "# C\n"),
        ("drafts/d.md", "# D\n"),
        ("README.md", "# Read me\n"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &[u8]| {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    let load = || Book::load(folder.path(), &config, Ids::FrontMatter, &Ignored::Usual).unwrap();
    files.iter().for_each(|(path, text)| write(path, text.as_bytes()));
    let before = load();
    let texts = new.iter().map(|(path, text)| (DocPath::new(*path), Arc::from(*text))).collect();
    let image = b"GIF89a..";
    let images = BTreeMap::from([(DocPath::new("new/p.gif"), ImageFile::of(image))]);
    let with = before.with(texts, images, &config, Ids::FrontMatter);
    new.iter().for_each(|(path, text)| write(path, text.as_bytes()));
    write("new/p.gif", image);
    let after = load();
    assert_eq!(format!("{with:#?}"), format!("{after:#?}"));
    assert_eq!(with.articles.len(), 4);
    assert!(with.images.contains_key(&DocPath::new("new/p.gif")));
}
