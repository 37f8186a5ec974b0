//! What an article is beside its text: rows of the table, and whose change a difference is.

use std::collections::BTreeSet;

use super::world::{BILLING, FILE, World, french};
use crate::book::{Ai, OldAddress};
use crate::intercom::model::{Audience, AudienceId, CollectionId, Locale, Redirect, Tag, TagId, TagList};
use crate::live::{Flags, Listed};

const SOON: &str = "2027-02-01T00:00:00Z";
const PAST: &str = "2020-02-01T00:00:00Z";

impl World {
    fn wants_tags(&mut self, tags: &[&str]) {
        self.file().settings.tags = Some(tags.iter().map(|tag| (*tag).to_owned()).collect());
    }

    fn has_tags(&mut self, tags: &[&str]) {
        let tag = |(at, name): (usize, &&str)| Tag { id: TagId(at as u64), name: (*name).to_owned() };
        self.article().tags = Some(TagList { tags: tags.iter().enumerate().map(tag).collect() });
    }

    fn knows_tags(&mut self, tags: &[&str]) {
        self.known().settings.tags = Some(tags.iter().map(|tag| (*tag).to_owned()).collect());
    }

    fn wants_chatbot(&mut self, chatbot: bool) {
        self.file().content.readers.ai = Ai { chatbot: Some(chatbot), ..Ai::default() };
    }

    fn wants_audience(&mut self, name: &str) {
        let audience = |id, name: &str| Audience { id: AudienceId(id), name: name.to_owned() };
        self.live.audiences = Listed::Known(vec![audience(1, "VIP customers"), audience(2, "Trial")]);
        self.file().content.readers.audiences = Some(vec![name.to_owned()]);
    }

    fn wants_redirect(&mut self, path: &str) {
        self.live.help_center.url = Some("https://h.example/acme".to_owned());
        self.live.redirects = Listed::Known(Vec::new());
        self.file().settings.redirect_from = Some(vec![OldAddress::Path(path.to_owned())]);
    }

    fn has_redirect(&mut self, url: &str, target: u64) {
        let redirect: Redirect = serde_json::from_value(serde_json::json!({
            "type": "help_center_redirect", "id": "1", "from_url": url, "target_type": "article", "target_id": target.to_string(),
        }))
        .unwrap();
        self.live.redirects = Listed::Known(vec![redirect]);
    }
}

#[test]
fn tags_of_a_live_article_wait_for_publish_and_go_at_once_where_nobody_sees_it() {
    let mut world = World::in_sync();
    world.wants_tags(&["Billing", "new"]);
    world.knows_tags(&["billing", "old"]);
    world.has_tags(&["billing", "old"]);
    world.check(&format!("{FILE}: Move | tags: billing, old -> billing, new | publish: tag +new -old"));
    let mut world = World::never_published();
    world.wants_tags(&["Billing", "new"]);
    world.has_tags(&["billing"]);
    world.check(&format!("{FILE}: Move | tags: billing -> billing, new | stage: update  | stage: tag +new"));
    // Known or not, what is there as wanted is no change.
    world.has_tags(&["NEW", "billing"]);
    world.check("");
}

#[test]
fn a_tag_that_a_teammate_gave_or_took_is_drift_tag_by_tag() {
    let mut world = World::in_sync();
    world.wants_tags(&["a", "b"]);
    world.knows_tags(&["a", "b"]);
    world.has_tags(&["b", "x"]);
    world.check(&format!("{FILE}: Drift | drift: tags by somebody"));
    world.wants_tags(&["a", "c"]);
    world.check(&format!("{FILE}: Move | tags: b, x -> c, x | drift: tags by somebody | publish: tag +c -b"));
    world.overwrite();
    world.check(&format!("{FILE}: Move | tags: b, x -> a, c | publish: tag +a +c -b -x"));
    world.article().tags = None;
    world.check(&format!(
        "{FILE}: Blocked | blocked: Intercom does not say which tags the article has, so none is given or taken"
    ));
}

#[test]
fn flags_the_place_and_nothing_else_go_in_one_request() {
    let mut world = World::in_sync();
    world.wants_chatbot(false);
    world.article().fin.ai_chatbot_availability = Some(true);
    world.check(&format!("{FILE}: Move | ai: chatbot true -> chatbot false | publish: set en(chatbot=false)"));
    world.add_collection(8, "other", None);
    world.file().collection = crate::book::CollectionRef::Id(CollectionId(8));
    world.check(&format!(
        "{FILE}: Move | collection: Billing -> Other | ai: chatbot true -> chatbot false | publish: move in 8 en(chatbot=false) | note: the collection `Billing` (7) holds nothing any more: it stays, and customers do not see it; delete it in Intercom if it is not needed"
    ));
    assert_ne!(BILLING, CollectionId(8));
}

#[test]
fn flags_go_after_the_text_and_wait_for_a_teammates_draft() {
    let mut world = World::in_sync();
    world.wants_chatbot(false);
    world.article().fin.ai_chatbot_availability = Some(true);
    world.write("New text.");
    world.check(&format!(
        "{FILE}: Update | ai: chatbot true -> chatbot false | body | stage: draft body=<p>New text.</p> author=1 | publish: draft | publish: set en(chatbot=false)"
    ));
    let mut world = World::in_sync();
    world.wants_chatbot(false);
    world.article().fin.ai_chatbot_availability = Some(true);
    world.draft("Theirs.");
    world.check(&format!(
        "{FILE}: Blocked | ai: chatbot true -> chatbot false | body | blocked: its settings are to change, and a teammate's draft is pending in Intercom (Grace)"
    ));
}

#[test]
fn whose_a_flag_is_is_told_by_what_was_last_set() {
    let mut world = World::in_sync();
    world.wants_chatbot(true);
    world.article().fin.ai_chatbot_availability = Some(false);
    world.known().settings.flags.chatbot = Some(true);
    world.check(&format!("{FILE}: Drift | drift: ai by Grace"));
    world.overwrite();
    world.check(&format!("{FILE}: Move | ai: chatbot false -> chatbot true | publish: set en(chatbot=true)"));
    // What Intercom does not say is as it was set.
    let mut world = World::in_sync();
    world.wants_chatbot(true);
    world.known().settings.flags.chatbot = Some(true);
    world.check("");
}

#[test]
fn an_audience_is_known_by_its_name_and_is_a_field_of_its_own() {
    let mut world = World::in_sync();
    world.article().fin.audience_ids = Some(vec![AudienceId(2)]);
    world.wants_audience("vip customers");
    world.check(&format!("{FILE}: Move | audiences: Trial -> VIP customers | publish: set en(audiences=[1])"));
    // What a teammate added stays beside what the docs add.
    world.known().settings.flags = Flags { audiences: Some(BTreeSet::new()), ..Flags::default() };
    world.check(&format!(
        "{FILE}: Move | audiences: Trial -> VIP customers, Trial | drift: audiences by Grace | publish: set en(audiences=[1, 2])"
    ));
    world.overwrite();
    world.check(&format!("{FILE}: Move | audiences: Trial -> VIP customers | publish: set en(audiences=[1])"));
    world.rules.theirs = crate::plan::Theirs::Kept;
    world.wants_audience("VIP");
    world.check(&format!("{FILE}: Blocked | blocked: there is no audience `VIP` in Intercom"));
    world.live.audiences = Listed::Refused("403".to_owned());
    world.check(&format!("{FILE}: Blocked | blocked: Intercom does not show its audiences to this token: 403"));
}

#[test]
fn flags_of_a_locale_are_its_own() {
    let mut world = World::in_two_locales();
    world.french_file().readers.ai.copilot = Some(false);
    world.french().fin.ai_copilot_availability = Some(true);
    world.check(&format!(
        "{FILE}: Move | fr: Move | ai: copilot true -> copilot false | publish: set fr(copilot=false)"
    ));
    world.hide_french();
    world.check(&format!(
        "{FILE}: Move | fr: Move | ai: copilot true -> copilot false | stage: update  fr(title=Remboursements description= body=<p>Vieux texte.</p> author=1 copilot=false)"
    ));
    let mut world = World::in_two_locales();
    world.french_file().readers.ai.copilot = Some(false);
    world.french().fin.ai_copilot_availability = Some(true);
    world.draft("Theirs.");
    let plan = world.plan();
    assert_eq!(plan.changes[0].publish, []);
    assert!(plan.changes[0].locales[&french()].blocked.is_some(), "{plan:?}");
}

#[test]
fn an_old_address_is_made_absolute_with_its_locale() {
    for (path, url, locale) in [
        ("/en/articles/1", "https://h.example/acme/en/articles/1", "en"),
        ("/acme/fr/articles/1", "https://h.example/acme/fr/articles/1", "fr"),
        ("/pt-br/x", "https://h.example/acme/pt-br/x", "pt-BR"),
        ("/old", "https://h.example/acme/old", "en"),
    ] {
        let mut world = World::in_sync();
        world.wants_redirect(path);
        world.check(&format!("{FILE}: Move | redirect_from:  -> {url} | publish: redirect {url} ({locale})"));
    }
}

#[test]
fn an_old_address_that_leads_here_is_done_and_elsewhere_is_refused() {
    let url = "https://h.example/acme/old";
    let mut world = World::in_sync();
    world.wants_redirect("/old");
    world.has_redirect(&format!("{url}/"), 11);
    world.check("");
    world.has_redirect(url, 12);
    world.check(&format!("{FILE}: Blocked | blocked: {url} points to article 12 already"));
    // One that we made and somebody deleted.
    world.live.redirects = Listed::Known(vec![]);
    world.known().settings.redirects.insert(url.to_owned());
    world.check(&format!("{FILE}: Drift | drift: redirect_from by somebody"));
    // Nothing points to what nobody can read.
    let mut world = World::never_published();
    world.wants_redirect("/old");
    world.check("");
    let mut world = World::in_sync();
    world.wants_redirect("/old");
    world.file().content.state = Some(crate::intercom::model::State::Draft);
    world.check(&format!("{FILE}: Unpublish | state: published -> draft | publish: offline"));
}

#[test]
fn an_article_that_nobody_sees_is_scheduled_and_in_sync_until_then() {
    let mut world = World::never_published();
    world.file().content.state = None;
    world.file().settings.publish_at = Some(SOON.parse().unwrap());
    world.check(&format!("{FILE}: Publish | publish_at:  -> {SOON} | publish: live at {SOON}"));
    world.article().scheduled_publish_at = Some(SOON.parse::<jiff::Timestamp>().unwrap().as_second());
    world.check("");
    world.file().settings.publish_at = Some("2027-03-01T00:00:00Z".parse().unwrap());
    world.known().settings.publish_at = Some(SOON.parse().unwrap());
    world.check(&format!(
        "{FILE}: Publish | publish_at: {SOON} -> 2027-03-01T00:00:00Z | publish: live at 2027-03-01T00:00:00Z"
    ));
    world.known().settings.publish_at = Some(PAST.parse().unwrap());
    let plan = world.plan();
    assert!(
        plan.changes[0].parts().next().unwrap().blocked.as_ref().unwrap().reason.starts_with("conflict: publish_at"),
        "{plan:?}"
    );
    // A time that has come says nothing.
    world.file().settings.publish_at = Some(PAST.parse().unwrap());
    world.article().scheduled_publish_at = None;
    world.check("");
    // A draft that is wanted as such stays one.
    let mut world = World::never_published();
    world.file().settings.publish_at = Some(SOON.parse().unwrap());
    world.check("");
}

#[test]
fn a_change_of_a_live_article_waits_and_its_end_is_scheduled() {
    let mut world = World::in_sync();
    world.write("New text.");
    world.file().settings.publish_at = Some(SOON.parse().unwrap());
    world.wants_chatbot(false);
    world.check(&format!(
        "{FILE}: Update | ai:  -> chatbot false | body | note: it waits until {SOON} | stage: draft body=<p>New text.</p> author=1"
    ));
    let mut world = World::in_sync();
    world.file().settings.unpublish_at = Some(SOON.parse().unwrap());
    world.check(&format!("{FILE}: Move | unpublish_at:  -> {SOON} | publish: set unpublish={SOON}"));
    world.file().settings.unpublish_at = Some(PAST.parse().unwrap());
    world.check(&format!("{FILE}: Unpublish | state: published -> draft | publish: offline"));
    world.article().state = crate::intercom::model::State::Draft;
    world.check("");
}

#[test]
fn a_record_without_settings_is_written_as_before() {
    let world = World::in_sync();
    assert!(!world.record.to_text().contains("settings"));
    let plan = world.plan();
    assert!(!serde_json::to_string(&plan).unwrap().contains("settings"));
}

#[test]
fn a_saved_plan_allows_just_the_settings_that_it_shows() {
    let mut world = World::in_sync();
    world.wants_tags(&["a"]);
    world.has_tags(&[]);
    let approved = world.plan();
    let bound = |world: &World| {
        let mut plan = approved.clone();
        plan.bind(&world.plan());
        super::world::short(&plan)
    };
    assert!(bound(&world).contains("publish: tag +a"));
    let mut other = world.clone();
    other.wants_tags(&["b"]);
    assert!(bound(&other).contains("blocked: tags changed after"), "{}", bound(&other));
    let mut other = world.clone();
    other.has_tags(&["x"]);
    assert!(bound(&other).contains("blocked: tags changed after"), "{}", bound(&other));
    world.has_tags(&["a"]);
    assert_eq!(bound(&world), "");
    // A time that was taken from the docs is no leave to go live at once.
    let mut world = World::never_published();
    world.file().content.state = Some(crate::intercom::model::State::Published);
    world.file().settings.publish_at = Some(SOON.parse().unwrap());
    let approved = world.plan();
    world.file().settings.publish_at = None;
    let mut plan = approved.clone();
    plan.bind(&world.plan());
    assert_eq!(plan.changes[0].publish, []);
    assert_eq!(world.rules.locale, Locale::english());
}
