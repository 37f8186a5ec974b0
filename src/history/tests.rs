use std::collections::BTreeSet;

use super::*;
use crate::plan::Field;
use crate::record::{ArticleRecord, BodyPair, Pair};
use crate::text::{Digest, GitBlob};

fn version(id: u32, via: &str, title: &str, words: &str) -> Version {
    Version {
        id: id.to_string(),
        created_via: Some(via.to_owned()),
        created_by_id: Some(AdminId(1)),
        created_at: i64::from(id) * 60,
        title: Some(title.to_owned()),
        body: Some(format!("<p class=\"no-margin\">{words}</p>")),
        state: Some(State::Draft),
        ..Version::default()
    }
}

fn pair(version: &Version, file: &str) -> Pair {
    let body = version.body.as_deref().unwrap();
    Pair {
        title: Digest::of(version.title.as_deref().unwrap()),
        description: Digest::of(""),
        body: BodyPair {
            sent: Some(Digest::of("sent")),
            stored: Digest::of(body),
            shown: Digest::of("shown"),
            images: None,
        },
        author: None,
        blob: Some(GitBlob::of(file)),
        updated_at: version.created_at + 5,
        left: BTreeSet::new(),
        rules: 0,
    }
}

fn revision(commit: &str, at: i64, blob: &str, before: Option<&str>) -> Revision {
    let id = |text: &str| GitBlob::of(text).ids().next().unwrap().to_owned();
    Revision {
        commit: commit.to_owned(),
        at: Timestamp::from_second(at).unwrap(),
        author: "Ada".to_owned(),
        email: "ada@example.com".to_owned(),
        subject: format!("Commit {commit}"),
        files: vec![FileChange { path: "a.md".to_owned(), from: None, blob: Some(id(blob)), before: before.map(id) }],
    }
}

/// A line for each entry, as few words as tell it.
fn told(entries: &[Entry]) -> String {
    let line = |entry: &Entry| {
        let Summary { added, removed, fields } = &entry.summary;
        let fields: Vec<&str> = fields.iter().map(|field| field.name()).collect();
        let state = entry.state.map(|state| format!("{state:?} ")).unwrap_or_default();
        let from = entry.commit.as_ref().map(|commit| format!(" of {commit}")).unwrap_or_default();
        let restores = entry.restores.as_ref().map(|other| format!(" restores {other}")).unwrap_or_default();
        format!("{} {state}{:?}{from} +{added} -{removed} {}{restores}\n", entry.id, entry.via, fields.join(","))
    };
    entries.iter().map(line).collect()
}

#[test]
fn versions_and_commits_are_one_list_with_what_is_known_of_each() {
    let mut versions = vec![
        version(5, "web", "Refunds", "Ten days, or so."),
        version(4, "api", "Refunds", "Ten days."),
        version(3, "web", "Refund", "Eleven days."),
        version(2, "api", "Refunds", "Ten days."),
        version(1, "api", "Refunds", "Nine days."),
    ];
    versions[1].state = Some(State::Published);
    let mut known = Known::default();
    let mut record = ArticleRecord::new(DocPath::new("a.md"), State::Published);
    record.live = Some(pair(&versions[1], "ten"));
    known.add(&record, None);
    record.live = Some(pair(&versions[2], "eleven"));
    known.add(&record, Some("c2"));
    let revisions = [revision("b2", 119, "ten", Some("nine")), revision("b1", 59, "nine", None)];
    let texts = [("ten", "# Refunds\n\nTen days.\n"), ("nine", "# Refunds\n\nNine days.\n")];
    let texts: BTreeMap<String, String> = texts
        .iter()
        .flat_map(|(name, text)| {
            GitBlob::of(name).ids().map(|id| (id.to_owned(), (*text).to_owned())).collect::<Vec<_>>()
        })
        .collect();
    let (locale, path) = (Locale::english(), DocPath::new("a.md"));
    let of_intercom = of_intercom(Versions {
        id: ArticleId(7),
        locale: &locale,
        path: Some(&path),
        versions: &versions,
        shown: 5,
        draft: Draft::Pending,
        known: &known,
        own: &HelpCenterUrls::default(),
        revisions: &revisions,
        name_of: &|_| "Ada".to_owned(),
    });
    let commits =
        Commits { id: Some(ArticleId(7)), locale: &locale, path: &path, revisions: &revisions, texts: &texts };
    let all = joined(of_intercom.into_iter().chain(of_git(commits)));
    assert_eq!(
        told(&all),
        "5 Staged Editor +2 -0 text\n\
         4 Live Helpbook of b2 +1 -1 title,text restores 2\n\
         3 WasLive Editor +1 -1 title,text\n\
         2 WasLive Helpbook of b2 +1 -1 text\n\
         b2 Git of b2 +1 -1 text\n\
         1 Api +2 -0 title,text\n\
         b1 Git of b1 +2 -0 title,text\n"
    );
}

#[test]
fn a_difference_counts_words_and_names_fields() {
    let text = |title: &str, words: &str| Text::of_version(&version(1, "web", title, words));
    let found = difference(Some(&text("Old", "one two three")), &text("New", "one 2 three four"));
    let fields = [Field::Title, Field::Body].into();
    assert_eq!(found.summary(), Summary { added: 2, removed: 1, fields });
    assert_eq!(difference(Some(&text("A", "b")), &text("A", "b")), Difference::default());
    // What Intercom changes on save is no change.
    let mut other = version(1, "web", "A", "b");
    other.body = Some("<p>b</p>".to_owned());
    assert_eq!(difference(Some(&text("A", "b")), &Text::of_version(&other)), Difference::default());
    let broken = Text::of_file(&DocPath::new("a.md"), "---\ntitle: [\n---\nA\n");
    assert!(!difference(None, &broken).body.reads_same());
}
