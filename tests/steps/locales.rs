//! Translations: each locale has its own state, and what is done to one is done to no other.

use serde_json::json;

use super::world::{Do, Fault, World};
use helpbook::config::Orphans;
use helpbook::intercom::model::Locale;
use helpbook::plan::{Action, Theirs};

const ID: u64 = 9_100_001;
const PUT: &str = "PUT /articles/9100001";
const STAGE: &str = "PUT /articles/9100001/draft";
const PUBLISH: &str = "POST /articles/9100001/draft/publish";

/// A live article in English and French, and in Spanish, of which the docs know nothing.
async fn published() -> World {
    let mut world = World::multilingual().await;
    world.write("guide/install.md", "---\ntitle: Install\nstate: published\n---\nRun the installer.\n");
    world.write("guide/install.fr.md", "---\ntitle: Installer\nstate: published\n---\nLancez-le.\n");
    world.run(Do::Both).await;
    world.editor(ID, &json!({"locale": "es", "title": "Instalar", "body": "<p>Hola.</p>", "publish": true})).await;
    world
}

#[tokio::test]
async fn a_new_article_is_created_and_published_in_all_its_locales_at_once() {
    let mut world = World::multilingual().await;
    world.write("guide/install.md", "---\ntitle: Install\nstate: published\n---\nRun the installer.\n");
    world
        .write("guide/install.fr.md", "---\ntitle: Installer\ndescription: Vite.\nstate: published\n---\nLancez-le.\n");
    let mark = world.mark();
    assert_eq!(world.run(Do::Stage).await, ["guide created", "guide/install.md created"]);
    assert_eq!(world.writes_since(mark), ["POST /help_center/collections", "POST /articles"]);
    assert_eq!(world.seen_in(ID, "fr").await, "draft Installer <p>Lancez-le.</p>");
    assert!(!world.read("guide/install.fr.md").contains("id:"));
    let mark = world.mark();
    assert_eq!(world.run(Do::Publish).await, ["guide/install.md published"]);
    assert_eq!(world.writes_since(mark), [PUT]);
    assert_eq!(world.seen_in(ID, "en").await, "published Install <p>Run the installer.</p>");
    assert_eq!(world.seen_in(ID, "fr").await, "published Installer <p>Lancez-le.</p>");
    assert_eq!(world.record().articles.len(), 2);
    world.check_settled().await;
    let mark = world.mark();
    assert_eq!(world.run(Do::Both).await, [""; 0]);
    assert_eq!(world.writes_since(mark), [""; 0]);
}

#[tokio::test]
async fn publishing_one_locale_leaves_the_others_untouched_byte_for_byte() {
    let mut world = published().await;
    world.clock.advance(60);
    for (path, old, new, changed) in [
        ("guide/install.fr.md", "Lancez-le.", "Cliquez.", "fr"),
        ("guide/install.md", "Run the installer.", "Click it.", "en"),
    ] {
        let mut others = Vec::new();
        for locale in ["en", "fr", "es"].into_iter().filter(|locale| *locale != changed) {
            others.push((locale, world.whole(ID, locale).await));
        }
        world.edit(path, old, new);
        let mark = world.mark();
        assert_eq!(world.run(Do::Stage).await, ["guide/install.md staged"]);
        assert_eq!(world.writes_since(mark), [STAGE]);
        let mark = world.mark();
        assert_eq!(world.run(Do::Publish).await, ["guide/install.md published"]);
        assert_eq!(world.writes_since(mark), [PUBLISH]);
        for (locale, before) in others {
            assert_eq!(world.whole(ID, locale).await, before);
        }
        world.check_settled().await;
    }
    assert_eq!(world.seen_in(ID, "fr").await, "published Installer <p>Cliquez.</p>");
    assert_eq!(world.seen_in(ID, "en").await, "published Install <p>Click it.</p>");
}

#[tokio::test]
async fn two_locales_are_staged_in_one_request_and_published_in_another() {
    let mut world = published().await;
    world.edit("guide/install.fr.md", "Lancez-le.", "Cliquez.");
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    let mark = world.mark();
    world.run(Do::Both).await;
    assert_eq!(world.writes_since(mark), [STAGE, PUBLISH]);
    assert_eq!(world.seen_in(ID, "fr").await, "published Installer <p>Cliquez.</p>");
    assert_eq!(world.seen_in(ID, "en").await, "published Install <p>Click it.</p>");
    world.check_settled().await;
}

#[tokio::test]
async fn a_new_locale_of_a_live_article_is_staged_unseen_and_published_alone() {
    let mut world = World::multilingual().await;
    world.write("install.md", "---\ntitle: Install\nstate: published\n---\nRun the installer.\n");
    world.run(Do::Both).await;
    world.clock.advance(60);
    let english = world.whole(ID, "en").await;
    world.write("install.fr.md", "---\ntitle: Installer\nstate: published\n---\nLancez-le.\n");
    let mark = world.mark();
    assert_eq!(world.run(Do::Stage).await, ["install.md updated"]);
    assert_eq!(world.writes_since(mark), [PUT]);
    assert_eq!(world.seen_in(ID, "fr").await, "draft Installer <p>Lancez-le.</p>");
    assert_eq!(world.whole(ID, "en").await, english);
    let mark = world.mark();
    assert_eq!(world.run(Do::Stage).await, [""; 0]);
    assert_eq!(world.run(Do::Publish).await, ["install.md published"]);
    assert_eq!(world.writes_since(mark), [PUT]);
    assert_eq!(world.seen_in(ID, "fr").await, "published Installer <p>Lancez-le.</p>");
    assert_eq!(world.whole(ID, "en").await, english);
    world.check_settled().await;
}

#[tokio::test]
async fn a_new_locale_and_a_changed_one_go_out_together() {
    let mut world = World::multilingual().await;
    world.write("install.md", "---\ntitle: Install\nstate: published\n---\nRun the installer.\n");
    world.run(Do::Both).await;
    world.edit("install.md", "Run the installer.", "Click it.");
    world.write("install.fr.md", "---\ntitle: Installer\nstate: published\n---\nCliquez.\n");
    let mark = world.mark();
    assert_eq!(world.run(Do::Stage).await, ["install.md staged"]);
    // What nobody can see first: beside a draft it would become a part of it.
    assert_eq!(world.writes_since(mark), [PUT, STAGE]);
    assert_eq!(
        world.seen_in(ID, "en").await,
        "published Install <p>Run the installer.</p>, draft Install <p>Click it.</p>"
    );
    assert_eq!(world.seen_in(ID, "fr").await, "draft Installer <p>Cliquez.</p>");
    let mark = world.mark();
    assert_eq!(world.run(Do::Publish).await, ["install.md published", "install.md published"]);
    assert_eq!(world.writes_since(mark), [PUBLISH, PUT]);
    assert_eq!(world.seen_in(ID, "en").await, "published Install <p>Click it.</p>");
    assert_eq!(world.seen_in(ID, "fr").await, "published Installer <p>Cliquez.</p>");
    world.check_settled().await;
}

#[tokio::test]
async fn a_new_locale_waits_while_a_draft_is_pending_anywhere() {
    let mut world = World::multilingual().await;
    world.write("install.md", "---\ntitle: Install\nstate: published\n---\nRun the installer.\n");
    world.run(Do::Both).await;
    world.edit("install.md", "Run the installer.", "Click it.");
    world.run(Do::Stage).await;
    world.write("install.fr.md", "---\ntitle: Installer\nstate: published\n---\nCliquez.\n");
    let mark = world.mark();
    assert_eq!(world.run(Do::Stage).await, [""; 0]);
    assert_eq!(world.writes_since(mark), [""; 0]);
    let plan = world.plan().await;
    let french = &plan.changes[0].locales[&Locale("fr".to_owned())];
    assert!(french.blocked.as_ref().unwrap().reason.starts_with("it waits: a draft is pending in `en`"));
    // English goes live all the same, and then French can follow.
    assert_eq!(world.run(Do::Publish).await, ["install.md published"]);
    assert_eq!(world.run(Do::Both).await, ["install.md updated", "install.md published"]);
    world.check_settled().await;
}

#[tokio::test]
async fn a_teammates_draft_in_french_blocks_french_only() {
    let mut world = published().await;
    world.editor(ID, &json!({"locale": "fr", "body": "<p>De Grace.</p>"})).await;
    world.edit("guide/install.fr.md", "Lancez-le.", "Cliquez.");
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    let french = world.seen_in(ID, "fr").await;
    let plan = world.plan().await;
    let change = &plan.changes[0];
    assert_eq!((change.action, change.locales.len(), plan.summary.blocked), (Action::Update, 2, 1));
    let blocked = change.locales[&Locale("fr".to_owned())].blocked.clone().unwrap();
    assert_eq!(blocked.reason, "a teammate's draft is pending in Intercom");
    assert_eq!(world.run(Do::Both).await, ["guide/install.md staged", "guide/install.md published"]);
    assert_eq!(world.seen_in(ID, "en").await, "published Install <p>Click it.</p>");
    assert_eq!(world.seen_in(ID, "fr").await, french);
    world.theirs = Theirs::Overwritten;
    assert_eq!(world.run(Do::Both).await, ["guide/install.md staged", "guide/install.md published"]);
    assert_eq!(world.seen_in(ID, "fr").await, "published Installer <p>Cliquez.</p>");
}

#[tokio::test]
async fn a_draft_in_a_locale_that_is_not_ours_is_never_published() {
    let mut world = published().await;
    world.editor(ID, &json!({"locale": "es", "body": "<p>A medias.</p>"})).await;
    let spanish = world.seen_in(ID, "es").await;
    world.edit("guide/install.fr.md", "Lancez-le.", "Cliquez.");
    assert_eq!(world.run(Do::Both).await, ["guide/install.md staged", "guide/install.md published"]);
    assert_eq!(world.seen_in(ID, "es").await, spanish);
    // Taking French offline would carry that draft along.
    world.edit("guide/install.fr.md", "state: published", "state: draft");
    let mark = world.mark();
    assert_eq!(world.run(Do::Both).await, [""; 0]);
    assert_eq!(world.writes_since(mark), [""; 0]);
    assert_eq!(world.seen_in(ID, "es").await, spanish);
}

#[tokio::test]
async fn a_locale_goes_offline_alone_and_comes_back() {
    for (path, locale) in [("guide/install.fr.md", "fr"), ("guide/install.md", "en")] {
        let mut world = published().await;
        let text = |seen: String| seen.split_once(' ').unwrap().1.to_owned();
        let mut before = Vec::new();
        for other in ["en", "fr", "es"].into_iter().filter(|other| *other != locale) {
            before.push((other, world.seen_in(ID, other).await));
        }
        let was = text(world.seen_in(ID, locale).await);
        world.edit(path, "state: published", "state: draft");
        assert_eq!(world.run(Do::Stage).await, [""; 0]);
        assert_eq!(world.run(Do::Publish).await, ["guide/install.md taken offline"]);
        assert_eq!(world.seen_in(ID, locale).await, format!("draft {was}"));
        for (other, seen) in before {
            assert_eq!(world.seen_in(ID, other).await, seen);
        }
        world.check_settled().await;
        world.edit(path, "state: draft", "state: published");
        assert_eq!(world.run(Do::Publish).await, ["guide/install.md published"]);
        assert_eq!(world.seen_in(ID, locale).await, format!("published {was}"));
        world.check_settled().await;
    }
}

#[tokio::test]
async fn a_hidden_locale_of_a_live_article_is_updated_unseen() {
    for (path, old, new) in
        [("guide/install.fr.md", "Lancez-le.", "Cliquez."), ("guide/install.md", "Run the installer.", "Click it.")]
    {
        let mut world = published().await;
        world.edit(path, "state: published", "state: draft");
        world.run(Do::Both).await;
        world.edit(path, old, new);
        let mark = world.mark();
        assert_eq!(world.run(Do::Both).await, ["guide/install.md updated"]);
        assert_eq!(world.writes_since(mark), [PUT]);
        let locale = if path.contains(".fr.") { "fr" } else { "en" };
        assert!(world.seen_in(ID, locale).await.starts_with("draft "));
        assert!(world.seen_in(ID, locale).await.contains(new));
        assert_eq!(world.seen_in(ID, "es").await, "published Instalar <p>Hola.</p>");
        world.check_settled().await;
    }
}

#[tokio::test]
async fn drift_and_conflict_are_told_locale_by_locale() {
    let mut world = published().await;
    world.editor(ID, &json!({"locale": "fr", "title": "De Grace", "publish": true})).await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    assert_eq!(world.run(Do::Both).await, ["guide/install.md staged", "guide/install.md published"]);
    let french = Locale("fr".to_owned());
    let drift = |plan: &helpbook::plan::Plan| plan.changes[0].locales[&french].drift.clone();
    assert_eq!(drift(&world.plan().await).unwrap().fields, [helpbook::plan::Field::Title]);
    world.edit("guide/install.fr.md", "Lancez-le.", "Cliquez.");
    assert_eq!(world.run(Do::Both).await, ["guide/install.md staged", "guide/install.md published"]);
    assert_eq!(world.seen_in(ID, "fr").await, "published De Grace <p>Cliquez.</p>");
    world.edit("guide/install.fr.md", "title: Installer", "title: Le nôtre");
    let blocked = world.plan().await.changes[0].locales[&french].blocked.clone().unwrap();
    assert_eq!(blocked.reason, "conflict: title changed here and in Intercom");
    world.theirs = Theirs::Overwritten;
    assert_eq!(world.run(Do::Both).await, ["guide/install.md staged", "guide/install.md published"]);
    world.theirs = Theirs::Kept;
    assert_eq!(world.seen_in(ID, "fr").await, "published Le nôtre <p>Cliquez.</p>");
    world.check_settled().await;
}

#[tokio::test]
async fn a_locale_whose_file_is_gone_goes_by_the_policy_and_alone() {
    let mut world = published().await;
    world.remove("guide/install.fr.md");
    let plan = world.plan().await;
    assert_eq!((plan.changes[0].action, plan.summary.orphans), (Action::Orphan, 1));
    assert_eq!(world.run(Do::Both).await, [""; 0]);
    world.orphans(Orphans::Delete);
    assert_eq!(world.run(Do::Both).await, ["guide/install.md taken offline"]);
    assert_eq!(world.seen_in(ID, "fr").await, "draft Installer <p>Lancez-le.</p>");
    assert_eq!(world.seen_in(ID, "en").await, "published Install <p>Run the installer.</p>");
    assert_eq!(world.seen_in(ID, "es").await, "published Instalar <p>Hola.</p>");
}

#[tokio::test]
async fn an_orphan_goes_offline_in_its_locales_and_in_no_other() {
    let mut world = published().await;
    world.remove("guide/install.md");
    world.remove("guide/install.fr.md");
    world.orphans(Orphans::Delete);
    let blocked = world.plan().await.changes[0].parts().next().unwrap().blocked.clone().unwrap();
    assert!(blocked.reason.contains("it is live in `es`"), "{}", blocked.reason);
    world.orphans(Orphans::Unpublish);
    assert_eq!(world.run(Do::Both).await, ["guide/install.md taken offline"]);
    assert!(world.seen_in(ID, "en").await.starts_with("draft "));
    assert!(world.seen_in(ID, "fr").await.starts_with("draft "));
    assert_eq!(world.seen_in(ID, "es").await, "published Instalar <p>Hola.</p>");
}

#[tokio::test]
async fn a_help_center_that_says_nothing_of_locales_gets_none() {
    let mut world = World::new().await;
    world.config.locales.push(Locale("fr".to_owned()));
    world.write("install.md", "---\ntitle: Install\nstate: published\n---\nRun the installer.\n");
    world.run(Do::Both).await;
    world.write("install.fr.md", "---\ntitle: Installer\n---\nLancez-le.\n");
    let mark = world.mark();
    assert_eq!(world.run(Do::Both).await, [""; 0]);
    assert_eq!(world.writes_since(mark), [""; 0]);
    let blocked = world.plan().await.changes[0].locales[&Locale("fr".to_owned())].blocked.clone().unwrap();
    assert!(blocked.reason.starts_with("Intercom does not say what it holds in `fr`"), "{}", blocked.reason);
}

#[tokio::test]
async fn only_the_locales_that_are_meant_are_touched() {
    let mut world = published().await;
    world.edit("guide/install.fr.md", "Lancez-le.", "Cliquez.");
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    world.write("guide/new.md", "---\ntitle: New\n---\nText.\n");
    world.write("guide/new.fr.md", "---\ntitle: Nouveau\n---\nTexte.\n");
    world.only = Some(vec![Locale("fr".to_owned())]);
    assert_eq!(world.run(Do::Both).await, ["guide/install.md staged", "guide/install.md published"]);
    assert_eq!(world.seen_in(ID, "en").await, "published Install <p>Run the installer.</p>");
    assert_eq!(world.seen_in(ID, "fr").await, "published Installer <p>Cliquez.</p>");
    assert_eq!(world.count().await, 1);
    world.only = Some(vec![Locale::english()]);
    world.run(Do::Both).await;
    assert_eq!(world.seen_in(ID, "en").await, "published Install <p>Click it.</p>");
    assert_eq!(world.count().await, 2);
    world.only = None;
    assert_eq!(world.run(Do::Both).await, ["guide/new.md updated"]);
    world.check_settled().await;
}

#[tokio::test]
async fn an_article_is_adopted_by_its_default_locale_and_its_translations_with_it() {
    let mut world = published().await;
    world.forget_id("guide/install.md");
    world.forget_lock();
    world.edit("guide/install.fr.md", "Lancez-le.", "Cliquez.");
    assert_eq!(world.run(Do::Both).await, ["guide/install.md staged", "guide/install.md published"]);
    assert_eq!(world.count().await, 1);
    assert!(world.read("guide/install.md").contains("id: 9100001"));
    assert_eq!(world.record().articles.len(), 2);
    world.check_settled().await;
}

#[tokio::test]
async fn a_teammate_who_writes_french_between_plan_and_apply_is_not_overwritten() {
    let mut world = published().await;
    world.edit("guide/install.fr.md", "Lancez-le.", "Cliquez.");
    let plan = world.plan().await;
    world.editor(ID, &json!({"locale": "fr", "body": "<p>De Grace.</p>"})).await;
    let (before, mark) = (world.seen_in(ID, "fr").await, world.mark());
    let told = world.carry_out(plan, Do::Both).await;
    assert!(told[0].contains("refused: article 9100001 changed in Intercom"), "{told:?}");
    assert_eq!((world.seen_in(ID, "fr").await, world.writes_since(mark)), (before, vec![]));
}

#[tokio::test]
async fn a_lost_answer_to_publishing_french_is_looked_up() {
    let mut world = published().await;
    world.edit("guide/install.fr.md", "Lancez-le.", "Cliquez.");
    world.run(Do::Stage).await;
    world.fail("/draft/publish", Fault::LoseAnswer);
    assert_eq!(world.run(Do::Publish).await, ["guide/install.md published"]);
    world.check_settled().await;
}

#[tokio::test]
async fn words_that_are_lost_in_french_are_told_and_nothing_is_published() {
    let mut world = World::multilingual().await;
    world.write("a.md", "---\ntitle: A\nstate: published\n---\nText.\n");
    world.write("a.fr.md", "---\ntitle: A\nstate: published\n---\nGardé.\n\nEt perdu.\n");
    world.fail("POST /articles", Fault::LoseWords("Et perdu."));
    let told = world.run(Do::Both).await;
    assert_eq!(told, ["a.md failed: in `fr`: Intercom lost a part of the body: Et perdu."]);
    assert!(world.seen_in(ID, "en").await.starts_with("draft A"));
    assert_eq!(world.run(Do::Both).await, ["a.md updated", "a.md published"]);
    assert!(world.seen_in(ID, "fr").await.contains("Et perdu."));
}

#[tokio::test]
async fn a_saved_plan_stages_each_locale_as_it_was_shown_and_runs_again_to_nothing() {
    let mut world = published().await;
    world.edit("guide/install.fr.md", "Lancez-le.", "Cliquez.");
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    let saved = world.plan().await;
    world.carry_out(saved.clone(), Do::Stage).await;
    let mut again = saved.clone();
    again.bind(&world.plan().await);
    let mark = world.mark();
    world.carry_out(again.clone(), Do::Stage).await;
    assert_eq!(world.writes_since(mark), [""; 0]);
    world.carry_out(again, Do::Both).await;
    assert_eq!(world.seen_in(ID, "fr").await, "published Installer <p>Cliquez.</p>");
    world.edit("guide/install.fr.md", "Cliquez.", "Encore.");
    let mut other = saved;
    other.bind(&world.plan().await);
    assert_eq!(other.changes[0].action, Action::Blocked);
}

#[tokio::test]
async fn a_translation_is_stale_once_the_default_text_went_on_without_it() {
    let mut world = published().await;
    assert_eq!(world.stale(), [""; 0]);
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    assert_eq!(world.stale(), ["guide/install.fr.md"]);
    world.run(Do::Stage).await;
    assert_eq!(world.stale(), ["guide/install.fr.md"]);
    world.run(Do::Publish).await;
    assert_eq!(world.stale(), ["guide/install.fr.md"]);
    world.edit("guide/install.fr.md", "Lancez-le.", "Cliquez.");
    assert_eq!(world.stale(), [""; 0]);
    world.run(Do::Stage).await;
    assert_eq!(world.stale(), [""; 0]);
    world.run(Do::Publish).await;
    assert_eq!(world.stale(), [""; 0]);
}

#[tokio::test]
async fn a_collection_is_named_in_its_locales_when_it_is_created_and_renamed_at_publish() {
    let mut world = World::multilingual().await;
    world.write("guide/_index.md", "---\ntitle: Guide\n---\n");
    world.write("guide/_index.fr.md", "---\ntitle: Le guide\ndescription: Tout.\n---\n");
    world.write("guide/install.md", "---\ntitle: Install\nstate: published\n---\nRun the installer.\n");
    assert_eq!(world.run(Do::Stage).await, ["guide created", "guide/install.md created"]);
    let id = world.collection("Guide").await.as_str().unwrap().to_owned();
    let path = format!("/help_center/collections/{id}");
    let french = |value: serde_json::Value| value["translated_content"]["fr"].clone();
    assert_eq!(french(world.get(&path).await)["name"], "Le guide");
    assert_eq!(french(world.get(&path).await)["description"], "Tout.");
    world.run(Do::Publish).await;
    world.check_settled().await;
    world.edit("guide/_index.fr.md", "title: Le guide", "title: Le manuel");
    assert_eq!(world.run(Do::Stage).await, [""; 0]);
    let mark = world.mark();
    assert_eq!(world.run(Do::Publish).await, ["guide changed"]);
    assert_eq!(world.writes_since(mark), [format!("PUT {path}")]);
    assert_eq!(french(world.get(&path).await)["name"], "Le manuel");
    assert_eq!(french(world.get(&path).await)["description"], "Tout.");
    assert_eq!(world.get(&path).await["name"], "Guide");
    world.check_settled().await;
    // What a teammate wrote is left alone, and what changed on both sides is refused.
    world.put(&path, &json!({"translated_content": {"fr": {"name": "De Grace", "description": "Tout."}}})).await;
    let locale = Locale("fr".to_owned());
    let plan = world.plan().await;
    assert_eq!(plan.changes[0].action, Action::Drift);
    assert!(plan.changes[0].locales.keys().eq([&locale]));
    world.edit("guide/_index.fr.md", "description: Tout.", "description: Rien.");
    assert_eq!(world.run(Do::Both).await, ["guide changed"]);
    assert_eq!(french(world.get(&path).await)["name"], "De Grace");
    assert_eq!(french(world.get(&path).await)["description"], "Rien.");
    world.edit("guide/_index.fr.md", "title: Le manuel", "title: Encore");
    let blocked = world.plan().await.changes[0].locales[&locale].blocked.clone().unwrap();
    assert_eq!(blocked.reason, "conflict: title changed here and in Intercom");
    world.theirs = Theirs::Overwritten;
    assert_eq!(world.run(Do::Both).await, ["guide changed"]);
    assert_eq!(french(world.get(&path).await)["name"], "Encore");
}

#[tokio::test]
async fn a_book_in_three_locales_and_three_levels_is_written_once_an_article_and_then_settled() {
    let mut world = World::multilingual().await;
    world.config.locales.push(Locale("es".to_owned()));
    let folders = ["a", "a/b", "a/b/c"];
    for folder in folders {
        for (suffix, text) in [("", "Text"), (".fr", "Texte"), (".es", "Texto")] {
            world.write(&format!("{folder}/_index{suffix}.md"), &format!("---\ntitle: {text} {}\n---\n", folder.len()));
            for article in ["one", "two"] {
                world.write(
                    &format!("{folder}/{article}{suffix}.md"),
                    &format!("---\ntitle: {text} {article} {folder}\nstate: published\n---\n{text} of {article}.\n\n## {text}\n"),
                );
            }
        }
    }
    let mark = world.mark();
    world.run(Do::Stage).await;
    let writes = world.writes_since(mark);
    let count = |request: &str| writes.iter().filter(|line| *line == request).count();
    assert_eq!((count("POST /articles"), count("POST /help_center/collections"), writes.len()), (6, 3, 9));
    let mark = world.mark();
    world.run(Do::Publish).await;
    assert_eq!(world.writes_since(mark).len(), 6);
    world.check_settled().await;
    assert_eq!(world.record().articles.len(), 18);
    // One word in each locale of each article: a request each.
    for folder in folders {
        for (suffix, text) in [("", "Text"), (".fr", "Texte"), (".es", "Texto")] {
            for article in ["one", "two"] {
                world.edit(&format!("{folder}/{article}{suffix}.md"), &format!("{text} of"), &format!("New {text} of"));
            }
        }
    }
    let mark = world.mark();
    world.run(Do::Stage).await;
    assert_eq!(world.writes_since(mark).len(), 6);
    world.run(Do::Publish).await;
    assert_eq!(world.writes_since(mark).len(), 12);
    world.check_settled().await;
}

#[tokio::test]
async fn a_request_holds_the_locales_it_is_about_whole_and_no_other() {
    let mut world = World::multilingual().await;
    world.write("install.md", "---\ntitle: Install\nstate: published\n---\nRun the installer.\n");
    world.run(Do::Both).await;
    world.write("install.fr.md", "---\ntitle: Installer\nstate: published\n---\nLancez-le.\n");
    world.run(Do::Stage).await;
    let french = |state: Option<&str>, body: &str| {
        let mut content = json!({"title": "Installer", "body": format!("<p>{body}</p>"), "author_id": 1});
        if let Some(state) = state {
            content["state"] = json!(state);
        }
        content
    };
    let sent = |world: &World| {
        let (line, mut body) = world.last_body();
        if let Some(french) = body.pointer_mut("/translated_content/fr").and_then(|french| french.as_object_mut()) {
            let text = french["body"].as_str().unwrap().replace(" class=\"no-margin\"", "");
            french.insert("body".to_owned(), json!(text));
            french.remove("description");
        }
        (line, body)
    };
    let only = |content: serde_json::Value| json!({"translated_content": {"fr": content}});
    assert_eq!(sent(&world), (PUT.to_owned(), only(french(Some("draft"), "Lancez-le."))));
    world.run(Do::Publish).await;
    assert_eq!(sent(&world), (PUT.to_owned(), only(french(Some("published"), "Lancez-le."))));
    world.edit("install.fr.md", "Lancez-le.", "Cliquez.");
    world.run(Do::Stage).await;
    assert_eq!(sent(&world), (STAGE.to_owned(), only(french(None, "Cliquez."))));
    world.run(Do::Publish).await;
    assert_eq!(sent(&world), (PUBLISH.to_owned(), json!({"locales": ["fr"]})));
    // Going offline names every locale with its state.
    world.editor(ID, &json!({"locale": "es", "title": "Instalar", "body": "<p>Hola.</p>", "publish": true})).await;
    world.edit("install.fr.md", "state: published", "state: draft");
    world.run(Do::Publish).await;
    let (line, body) = sent(&world);
    assert_eq!((line.as_str(), &body["state"]), (PUT, &json!("published")));
    assert_eq!(body["translated_content"]["fr"], french(Some("draft"), "Cliquez."));
    assert_eq!(body["translated_content"]["es"]["state"], "published");
    assert!(body.get("title").is_none() && body.get("body").is_none(), "{body}");
}

/// The title that a teammate gave a live translation was undone by a draft of ours that was older.
#[tokio::test]
async fn an_older_draft_of_a_translation_is_not_staged_already() {
    for (field, theirs) in [("author_id", json!(2)), ("title", json!("Theirs")), ("description", json!("Theirs"))] {
        let mut world = published().await;
        world.send("POST", "/_local/behaviour", &json!({ "draft-flag": "late" })).await;
        world.edit("guide/install.md", "Run the installer.", "New words.");
        world.edit("guide/install.fr.md", "Lancez-le.", "Nouveau.");
        world.fail(STAGE, Fault::Edit(ID, json!({ "locale": "fr", field: theirs, "publish": true })));
        world.run(Do::Stage).await;
        assert_eq!(world.whole(ID, "fr").await[field], theirs);
        world.run(Do::Both).await;
        assert_eq!(world.whole(ID, "fr").await[field], theirs, "{field}");
    }
}
