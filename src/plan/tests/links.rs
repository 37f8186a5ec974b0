//! Links to other files: what is filled, what waits, and what cannot be.

use super::world::{World, french};
use crate::book::CollectionRef;
use crate::intercom::model::{ArticleId, State};
use crate::plan::Publish;
use crate::record::HeadingIds;
use crate::text::DocPath;

const SITE: &str = "https://help.example.com";

/// An article with a heading, and one that links to it; both as they are in Intercom.
fn linked() -> World {
    let mut world = World::in_sync();
    world.live.help_center.url = Some(SITE.to_owned());
    world.add(12, "billing/steps.md", "Steps", "## First\n\nText.");
    world.live.articles.get_mut(&ArticleId(12)).unwrap().article.body =
        Some("<h1 id=\"h_0000000001\">First</h1><p>Text.</p>".to_owned());
    write(&mut world, "billing/refunds.md", "[x](steps.md#first)");
    world.article().body = Some(link(12, "#h_0000000001"));
    world.without_lock();
    world
}

fn link(id: u64, fragment: &str) -> String {
    format!("<p class=\"no-margin\"><a href=\"{SITE}/en/articles/{id}-steps{fragment}\">x</a></p>")
}

fn write(world: &mut World, path: &str, body: &str) {
    let file = &mut world.book.articles.get_mut(&DocPath::new(path)).unwrap().content;
    (file.source, file.body) = (body.into(), crate::text::Span::new(0, body.len()));
}

fn new_file(world: &mut World, path: &str, title: &str, body: &str) {
    world.add_file(path, title, body);
    let file = world.book.articles.get_mut(&DocPath::new(path)).unwrap();
    file.collection = CollectionRef::Unsaid;
    file.content.state = Some(State::Draft);
}

#[test]
fn a_link_that_leads_where_the_docs_say_is_no_change() {
    linked().check("");
    let mut world = linked();
    world.live.help_center.custom_domain = Some("docs.example.com".to_owned());
    let body = world.article().body.clone().unwrap();
    world.article().body = Some(body.replace("help.example.com", "docs.example.com"));
    world.check("");
    world.article().body = Some(body.replace("help.example.com", "other.example.com"));
    assert_eq!(world.plan().summary.update, 1);
}

#[test]
fn a_link_to_another_heading_or_article_is_a_change() {
    for other in ["#h_0000000002", ""] {
        let mut world = linked();
        world.record.traits.heading_ids = Some(HeadingIds::Kept);
        world.article().body = Some(link(12, other));
        assert_eq!(world.plan().summary.update, 1, "{other}");
    }
    let mut world = linked();
    world.article().body = Some(link(13, "#h_0000000001"));
    assert_eq!(world.plan().summary.update, 1);
}

#[test]
fn what_is_known_is_filled_and_what_is_created_waits() {
    let mut world = linked();
    world.book.articles.remove(&DocPath::new("billing/steps.md"));
    new_file(&mut world, "billing/new.md", "New", "Text.");
    write(&mut world, "billing/refunds.md", "[x](new.md)");
    new_file(&mut world, "billing/other.md", "Other", "[x](refunds.md) [y](../billing)");
    let body = |path: &str| {
        let plan = serde_json::to_value(world.plan()).unwrap();
        let change = plan["changes"].as_array().unwrap().iter().find(|change| change["path"] == path).unwrap().clone();
        change["stage"]["texts"]["en"]["body"].as_str().unwrap().to_owned()
    };
    assert!(body("billing/refunds.md").contains("href=\"helpbook:article/billing/new.md\""));
    assert!(body("billing/other.md").contains(&format!("href=\"{SITE}/en/articles/11\"")));
    assert!(body("billing/other.md").contains(&format!("href=\"{SITE}/en/collections/7\"")));
}

#[test]
fn what_links_to_something_that_is_not_created_is_blocked_with_all_that_links_to_it() {
    let mut world = linked();
    new_file(&mut world, "billing/a.md", "A", "[x](b.md)");
    new_file(&mut world, "billing/b.md", "B", "[x](steps2.md)");
    new_file(&mut world, "billing/steps2.md", "Steps", "Other text.");
    world.live.articles.get_mut(&ArticleId(12)).unwrap().article.body = Some("<p>Theirs.</p>".to_owned());
    world.book.articles.remove(&DocPath::new("billing/steps.md"));
    write(&mut world, "billing/refunds.md", "Old text.");
    world.article().body = Some("<p>Old text.</p>".to_owned());
    let plan = world.plan();
    let reasons: Vec<&str> = plan
        .changes
        .iter()
        .filter_map(|change| Some(change.parts().find_map(|part| part.blocked.as_ref())?.reason.as_str()))
        .collect();
    assert_eq!(
        reasons,
        [
            "it links to `billing/b.md`, which is not in Intercom and is not created",
            "it links to `billing/steps2.md`, which is not in Intercom and is not created",
            "article 12 has this title and other content, and no file claims it",
        ]
    );
}

#[test]
fn without_the_address_of_the_help_center_nothing_can_be_linked() {
    let mut world = linked();
    world.live.help_center.url = None;
    let plan = world.plan();
    let blocked = plan.changes[0].parts().next().unwrap().blocked.as_ref().unwrap();
    assert_eq!(
        blocked.reason,
        "it links to `billing/steps.md#first`, and Intercom does not say the address of the Help Center"
    );
}

#[test]
fn an_article_that_a_run_began_is_adopted_and_another_one_is_not() {
    let begun = |body: &str, url: Option<&str>| {
        let mut world = linked();
        new_file(&mut world, "billing/a.md", "A", "## Way\n\n[x](b.md)");
        new_file(&mut world, "billing/b.md", "B", "[x](a.md)");
        world.add_live(20, "A", "");
        let article = &mut world.live.articles.get_mut(&ArticleId(20)).unwrap().article;
        (article.state, article.url) = (State::Draft, url.map(str::to_owned));
        article.body = Some(body.to_owned());
        world.plan().summary.adopt
    };
    assert_eq!(begun("<h1 id=\"h_00000000aa\">Way</h1>", None), 1);
    assert_eq!(begun("<h1>Way</h1><p>And more.</p>", None), 0, "it holds a text");
    assert_eq!(begun("<h1>Way</h1>", Some("https://h.example/20")), 0, "it was live once");
}

#[test]
fn where_ids_are_made_anew_a_link_that_closes_a_circle_may_have_lost_its_heading() {
    let mut world = linked();
    write(&mut world, "billing/steps.md", "## First\n\n[back](refunds.md#way)");
    write(&mut world, "billing/refunds.md", "[x](steps.md#first)\n\n## Way");
    let way = "<h1 id=\"h_00000000bb\">Way</h1>";
    world.article().body = Some(format!("{}{way}", link(12, "#h_0000000001")));
    let lost = format!("<h1 id=\"h_0000000001\">First</h1><p><a href=\"{SITE}/en/articles/11-refunds\">back</a></p>");
    world.live.articles.get_mut(&ArticleId(12)).unwrap().article.body = Some(lost);
    world.record.traits.heading_ids = Some(HeadingIds::Made);
    world.check("");
    world.record.traits.heading_ids = None;
    world.check("");
    world.record.traits.heading_ids = Some(HeadingIds::Kept);
    assert_eq!(world.plan().summary.update, 1);
    // The link that does not close it is no such link.
    world.record.traits.heading_ids = Some(HeadingIds::Made);
    world.article().body = Some(format!("{}{way}", link(12, "")));
    assert_eq!(world.plan().summary.update, 1);
}

#[test]
fn a_live_article_in_no_collection_is_named() {
    let mut world = World::in_sync();
    world.file().collection = CollectionRef::Unsaid;
    world.article().parent_ids.clear();
    world.known().collection = None;
    world.check("note: `billing/refunds.md` is published in no collection, so only its address points to it: put the file into a folder, or name a `collection`");
}

#[test]
fn what_goes_live_and_links_to_what_nobody_can_read_says_so() {
    let notes = |state: State, wanted: Option<State>| {
        let mut world = linked();
        write(&mut world, "billing/refunds.md", "Changed. [x](steps.md#first)");
        let me = world.live.me.id;
        world.live.articles.get_mut(&ArticleId(12)).unwrap().article.updated_by_id = Some(me);
        world.live.articles.get_mut(&ArticleId(12)).unwrap().article.state = state;
        world.live.articles.get_mut(&ArticleId(12)).unwrap().article.url = None;
        world.book.articles.get_mut(&DocPath::new("billing/steps.md")).unwrap().content.state = wanted;
        let plan = world.plan();
        let change = plan.changes.iter().find(|change| change.subject.path() == "billing/refunds.md").unwrap();
        change
            .parts()
            .next()
            .unwrap()
            .notes
            .iter()
            .any(|note| note == "it links to `billing/steps.md`, which customers cannot read")
    };
    assert!(notes(State::Draft, None));
    assert!(!notes(State::Draft, Some(State::Published)));
    assert!(!notes(State::Published, None));
    assert!(notes(State::Published, Some(State::Draft)));
}

#[test]
fn a_translation_that_links_to_what_is_not_created_is_blocked_alone() {
    let mut world = World::in_two_locales();
    world.live.help_center.url = Some(SITE.to_owned());
    new_file(&mut world, "billing/new.md", "Steps", "New text.");
    world.add_live(12, "Steps", "Theirs.");
    world.write("New text.");
    world.write_french("[x](new.md)");
    let plan = world.plan();
    let change = plan.changes.iter().find(|change| change.subject.path() == "billing/refunds.md").unwrap();
    let translation = &change.locales[&french()];
    assert_eq!(
        translation.blocked.as_ref().unwrap().reason,
        "it links to `billing/new.md`, which is not in Intercom and is not created"
    );
    let own = &change.locales[&crate::intercom::model::Locale::english()];
    assert!(own.blocked.is_none() && change.is_staged(own) && !change.is_staged(translation));
    assert_eq!(change.publish, [Publish::Draft { locales: vec![world.rules.locale.clone()] }]);
    assert_eq!(plan.summary.blocked, 2, "the other one has a title that is taken");
    // The other way round: the French text goes on alone.
    world.write("[x](new.md)");
    world.write_french("Texte.");
    let plan = world.plan();
    let change = plan.changes.iter().find(|change| change.subject.path() == "billing/refunds.md").unwrap();
    let [own, translation] =
        [crate::intercom::model::Locale::english(), french()].map(|locale| &change.locales[&locale]);
    assert!(own.blocked.is_some() && change.is_staged(translation));
    assert_eq!(change.publish, [Publish::Draft { locales: vec![french()] }]);
}

#[test]
fn a_translation_links_to_the_default_locale_where_its_own_has_no_text_and_says_so() {
    let mut world = World::in_two_locales();
    world.live.help_center.url = Some(SITE.to_owned());
    world.add(12, "billing/steps.md", "Steps", "## First\n\nText.");
    world.write_french("[x](steps.md#first)");
    let plan = serde_json::to_value(world.plan()).unwrap();
    let change = &plan["changes"][0];
    let body = change["stage"]["texts"]["fr"]["body"].as_str().unwrap();
    assert!(body.contains(&format!("href=\"{SITE}/en/articles/12#h_")), "{body}");
    assert_eq!(
        change["locales"]["fr"]["notes"][0],
        "its link to `billing/steps.md` points to the text in `en`: there is none in `fr`"
    );
}
