//! What a lock file says, written and read again.

use super::*;

fn texts(of: &str) -> Texts {
    Texts { title: Digest::of(of), description: Digest::of(""), body: Digest::of(of) }
}

fn base() -> Base {
    let record = ArticleRecord {
        path: DocPath::new("a/b.md"),
        blob: "b10b".into(),
        form: Some(Digest::of("form")),
        state: State::Published,
        taken_offline: false,
        collection: Some(CollectionId(7)),
        author: None,
        live: Some(Pair::new(texts("sent"), texts("stored"))),
        staged: None,
        source: None,
        settings: Settings::default(),
    };
    let collection = CollectionRecord {
        folder: Folder("a".into()),
        name: Digest::of("A"),
        description: Digest::of(""),
        parent: None,
        translations: BTreeMap::new(),
    };
    Base {
        workspace: Some("w1".into()),
        heading_ids: Some(HeadingIds::Kept),
        articles: [3, 1, 2].map(|id| ((ArticleId(id), Locale::english()), record.clone())).into(),
        collections: [(CollectionId(7), collection)].into(),
    }
}

#[test]
fn what_is_written_is_read_again_one_sorted_record_a_line() {
    let text = base().to_text();
    assert_eq!(Base::parse(&text), Loaded { base: base(), warnings: vec![] });
    assert_eq!(text.lines().count(), 6);
    let mut lines = Lines::default();
    let mut changed = base();
    assert_eq!(lines.parts(&mut changed).concat(), text);
    assert_eq!(Lines::default().parts(&mut changed).concat(), text, "of records that count as written already");
    // In a debug build each text is compared with the one that is made anew.
    changed.articles.remove(&(ArticleId(1), Locale::english()));
    assert_eq!(lines.parts(&mut changed).len(), 3);
    let two = (ArticleId(2), Locale::english());
    changed.articles.get_mut(&two).unwrap().blob.push('0');
    lines.parts(&mut changed);
    changed.articles.values_mut().for_each(|record| record.blob.push('0'));
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
        let record = base().articles.values().next().unwrap().clone();
        let key = |id: u64| (ArticleId(id), Locale::english());
        let mut base = Base::default();
        (0..many).for_each(|id| drop(base.articles.insert(key(id * 2), record.clone())));
        let mut lines = Lines::default();
        for (set, removed) in rounds {
            lines.parts(&mut base);
            for id in removed {
                base.articles.remove(&key(id));
            }
            for id in set {
                base.articles.or_insert_with(key(id), || record.clone()).blob.push('0');
            }
            let parts = lines.parts(&mut base);
            proptest::prop_assert_eq!(parts.concat(), base.to_text());
            proptest::prop_assert_eq!(parts.len(), 1 + base.articles.len());
        }
    });
}

#[test]
fn a_line_lost_doubled_or_broken_by_a_merge_counts_as_absent() {
    let text = base().to_text();
    let other = text.lines().nth(4).unwrap().replace("b10b", "0000");
    let merged = format!("{text}{other}\n<<<<<<< ours\n");
    let loaded = Base::parse(&merged);
    assert_eq!(loaded.base.articles.len(), 2);
    assert_eq!(
        loaded.warnings,
        [
            "helpbook.lock:8: this line cannot be read and is left out",
            "helpbook.lock: article 2 has two records; neither counts"
        ]
    );
}

#[test]
fn digests_of_other_rules_do_not_count_and_stored_ones_do() {
    let text = base().to_text().replace(&format!("\"rules\":{RULES}"), "\"rules\":0");
    let loaded = Base::parse(&text);
    let record = loaded.base.articles.values().next().unwrap();
    let pair = record.live.as_ref().unwrap();
    assert_ne!(pair.sent.body, texts("sent").body);
    assert_eq!(pair.stored, texts("stored"));
    assert_eq!(loaded.warnings.len(), 1);
}

#[test]
fn what_is_known_of_a_text_is_of_its_blob_and_of_one_way_to_render() {
    let text = base().to_text();
    assert_eq!(Base::parse(&text).base.known().0, [("b10b".to_owned(), Digest::of("form"))].into());
    for (from, to) in [("\"rendering\":", "\"rendering\":9"), (",\"rendering\":1", ""), ("\"rules\":", "\"rules\":9")] {
        let other = text.replace(from, to);
        assert_ne!(other, text);
        assert_eq!(Base::parse(&other).base.known().0.len(), 0, "{to}");
    }
    let mut base = base();
    let record = base.articles.get_mut(&(ArticleId(2), Locale::english())).unwrap();
    record.came_from("b10b");
    assert!(record.form.is_some());
    record.came_from("0000");
    assert_eq!(record.form, None);
    let proof = |blob: &str| [(DocPath::new("a/b.md"), (blob.to_owned(), Digest::of("new")))].into();
    base.learn(&proof("1111"));
    assert_eq!(base.known().0.len(), 1, "that is no file that was sent");
    base.learn(&proof("0000"));
    assert_eq!(base.known().0["0000"], Digest::of("new"));
    assert_eq!(base.known().0["b10b"], Digest::of("form"));
}

#[test]
fn signatures_are_cut_and_nothing_else() {
    let body = "<img src=\"https://downloads.intercomcdn.com/a.png?expires=1\"><img src=\"https://x.example/b?c\">?";
    assert_eq!(
        without_signatures(body),
        "<img src=\"https://downloads.intercomcdn.com/a.png\"><img src=\"https://x.example/b?c\">?"
    );
}
