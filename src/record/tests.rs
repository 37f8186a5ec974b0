//! What a lock file says, written and read again.

use super::*;
use crate::html::RULES;
use crate::text::GitBlob;

fn pair(of: &str) -> Pair {
    Pair {
        title: Digest::of(of),
        description: Digest::of(""),
        body: BodyPair {
            sent: Some(Digest::of(of)),
            stored: Digest::of("stored"),
            shown: Digest::of("shown"),
            images: None,
        },
        author: None,
        blob: Some(GitBlob::of(of)),
        updated_at: 5,
        left: Default::default(),
        rules: RULES,
    }
}

fn record() -> Record {
    let record = ArticleRecord {
        before_pull: None,
        path: DocPath::new("a/b.md"),
        state: State::Published,
        taken_offline: false,
        collection: Some(CollectionId(7)),
        live: Some(pair("sent")),
        staged: None,
        source: None,
        settings: Settings::default(),
        images: BTreeMap::new(),
        merged: Vec::new(),
    };
    let collection = CollectionRecord {
        folder: Folder("a".into()),
        name: Digest::of("A"),
        description: Digest::of(""),
        parent: None,
        translations: BTreeMap::new(),
    };
    Record {
        workspace: Some("w1".into()),
        traits: Traits { heading_ids: Some(HeadingIds::Kept), ..Traits::default() },
        articles: [3, 1, 2].map(|id| ((ArticleId(id), Locale::english()), record.clone())).into(),
        collections: [(CollectionId(7), collection)].into(),
    }
}

#[test]
fn what_is_written_is_read_again_one_sorted_record_a_line() {
    let text = record().to_text();
    assert_eq!(Record::parse(&text).unwrap(), Loaded { record: record(), warnings: vec![] });
    assert_eq!(text.lines().count(), 6);
    let mut lines = Lines::default();
    let mut changed = record();
    assert_eq!(lines.parts(&mut changed).concat(), text);
    assert_eq!(Lines::default().parts(&mut changed).concat(), text, "of records that count as written already");
    // In a debug build each text is compared with the one that is made again.
    changed.articles.remove(&(ArticleId(1), Locale::english()));
    assert_eq!(lines.parts(&mut changed).len(), 3);
    let two = (ArticleId(2), Locale::english());
    changed.articles.get_mut(&two).unwrap().path = DocPath::new("other.md");
    lines.parts(&mut changed);
    changed.articles.values_mut().for_each(|record| record.path = DocPath::new("other.md"));
    assert_eq!(lines.parts(&mut changed).concat(), changed.to_text());
    let one = changed.articles[&two].clone();
    changed.articles.insert((ArticleId(9), Locale::english()), one);
    changed.articles.remove_all(ArticleId(2));
    assert_eq!(lines.parts(&mut changed).concat(), changed.to_text());
    assert!(text.lines().nth(3).unwrap().starts_with(r#"{"article":1,"locale":"en","path":"a/b.md""#));
}

#[test]
fn whatever_changes_between_two_writings_the_lines_are_those_that_are_made_anew() {
    let ids = || proptest::collection::vec(0..400_u64, 0..60);
    proptest::proptest!(proptest::prelude::ProptestConfig::with_cases(24), |(
        rounds in proptest::collection::vec((ids(), ids()), 1..6),
        many in 0..400_u64,
    )| {
        let record = record().articles.values().next().unwrap().clone();
        let key = |id: u64| (ArticleId(id), Locale::english());
        let mut all = Record::default();
        (0..many).for_each(|id| drop(all.articles.insert(key(id * 2), record.clone())));
        let mut lines = Lines::default();
        for (set, removed) in rounds {
            lines.parts(&mut all);
            for id in removed {
                all.articles.remove(&key(id));
            }
            for id in set {
                all.articles.or_insert_with(key(id), || record.clone()).path = DocPath::new(format!("{id}.md"));
            }
            let parts = lines.parts(&mut all);
            proptest::prop_assert_eq!(parts.concat(), all.to_text());
            proptest::prop_assert_eq!(parts.len(), 1 + all.articles.len());
        }
    });
}

#[test]
fn two_lines_of_one_article_are_one_record_with_the_pairs_of_both() {
    let text = record().to_text();
    let other = record().articles.values().next().unwrap().clone();
    let other = ArticleRecord { live: Some(pair("other branch")), state: State::Draft, ..other };
    let line = lines_of(&(ArticleId(2), Locale::english()), &other);
    let merged = format!("{text}{line}{line}");
    let loaded = Record::parse(&merged).unwrap();
    let known = &loaded.record.articles[&(ArticleId(2), Locale::english())];
    assert_eq!(known.pairs().count(), 2, "a line that is there twice is one");
    assert_eq!(loaded.warnings, [""; 0]);
    assert_eq!(known.state_beside(State::Draft), State::Draft, "where they disagree Intercom decides");
    let again = Record::parse(&loaded.record.to_text()).unwrap();
    assert_eq!(again.record, loaded.record, "both lines stay until it is known which one holds");
}

#[test]
fn lines_that_cannot_be_read_count_as_absent_and_are_named_in_one_line() {
    let text = record().to_text();
    let loaded = Record::parse(&format!("{text}<<<<<<< ours\n")).unwrap();
    assert_eq!(loaded.record, record());
    assert_eq!(loaded.warnings, ["helpbook.lock:7: this line cannot be read and counts as absent"]);
    let loaded = Record::parse(&format!("{text}<<<<<<< ours\n=======\n>>>>>>> theirs\n")).unwrap();
    assert_eq!(loaded.warnings, ["helpbook.lock:7: this line and 2 more cannot be read and count as absent"]);

    let loaded = Record::parse(&text.replace(",\"live\":", ",\"live\":1,\"was\":")).unwrap();
    assert_eq!((loaded.record.articles.len(), loaded.warnings.len()), (0, 1));
}

#[test]
fn a_newer_format_and_two_workspaces_are_refused() {
    let text = record().to_text();
    assert!(matches!(Record::parse(&text.replace("\"helpbook\":1", "\"helpbook\":2")), Err(LockError::Newer(2))));
    let two = format!("{text}{}", text.lines().nth(1).unwrap().replace("w1", "w2"));
    assert!(matches!(Record::parse(&two), Err(LockError::TwoWorkspaces(..))));
}

#[test]
fn signatures_are_cut_and_nothing_else() {
    let body = "<img src=\"https://downloads.intercomcdn.com/a.png?expires=1\"><img src=\"https://x.example/b?c\">\
                <a href=\"https://downloads.intercomcdn.com/a.pdf?signature=2\">a</a>?";
    assert_eq!(
        without_signatures(body),
        "<img src=\"https://downloads.intercomcdn.com/a.png\"><img src=\"https://x.example/b?c\">\
         <a href=\"https://downloads.intercomcdn.com/a.pdf\">a</a>?"
    );
}
