//! What a probe asks with an article that is live for some seconds: in no collection, and off for Fin.
//!
//! It is published only once Intercom says that Fin may not use it, and that it is in no collection: so it is in no
//! list of the Help Center. Whoever has its address could open it.

use serde_json::{Value, json};

use super::article::{flags_off, is_off_for_fin};
use super::ask::{Probe, Reply, Stop};
use super::belief::{BELIEFS, Needs, Seen};
use super::name::name;
use crate::html::{canonical, parse};
use crate::intercom::model::ArticleId;

const LIVE: &str = "<p>This text is live for some seconds, to see what Intercom does with drafts.</p>";
const STAGED: &str = "<p>This text is a draft behind a live one, and nobody should see it.</p>";

/// Whether an article says this text.
fn says(reply: &Reply, text: &str) -> bool {
    reply.is_ok() && canonical(&parse(reply.body())) == canonical(&parse(text))
}

impl Probe<'_> {
    /// Publishes an article, asks what only a live one shows, and takes it offline.
    pub(super) async fn published(&mut self) -> Result<(), Stop> {
        let Some(id) = self.hidden_article().await? else { return Ok(()) };
        let path = format!("/articles/{id}");
        let mut body = flags_off();
        body["state"] = json!("published");
        let live = self.put(&path, body).await?;
        if !live.is_ok() || live.text("state") != "published" {
            self.unpublished("the article could not be published");
            return Ok(());
        }
        self.saw("published-url", Seen::unless(live.json["url"].is_string(), "it has none"));
        self.stage(&path).await?;
        self.versions(id).await?;
        let offline = self.put(&path, json!({ "state": "draft" })).await?;
        let seen = match offline.text("state") {
            _ if !offline.is_ok() => Seen::hidden(offline.status),
            "draft" => Seen::unless(offline.json["url"].is_string(), "it loses it"),
            _ => Seen::Unknown("the article stayed live".into()),
        };
        self.saw("offline-url", seen);
        Ok(())
    }

    /// Makes a draft that is in no collection and off for Fin, as Intercom says.
    async fn hidden_article(&mut self) -> Result<Option<u64>, Stop> {
        let body = json!({ "title": name("live for some seconds"), "body": LIVE, "author_id": self.setting.author.0, "state": "draft" });
        let made = self.post("/articles", body).await?;
        let Some(id) = made.id().filter(|_| made.is_ok()) else {
            self.unpublished("no second article could be made");
            return Ok(None);
        };
        self.made.articles.push(ArticleId(id));
        let off = self.put(&format!("/articles/{id}"), flags_off()).await?;
        let is_nowhere = off.json["parent_ids"].as_array().is_none_or(Vec::is_empty);
        if !off.is_ok() || !is_off_for_fin(&off) {
            self.unpublished("Intercom does not say that Fin may not use the article, so it was not published");
            return Ok(None);
        }
        if !is_nowhere || off.text("state") != "draft" {
            self.unpublished("the article is in a collection, so it was not published");
            return Ok(None);
        }
        Ok(Some(id))
    }

    async fn stage(&mut self, path: &str) -> Result<(), Stop> {
        let draft_path = format!("{path}/draft");
        let staged = self.put(&draft_path, json!({ "body": STAGED })).await?;
        if !staged.is_ok() {
            self.saw("drafts", staged.refusal());
            self.unpublished("there is no draft behind a live article");
            return Ok(());
        }
        let live = self.get(path).await?;
        let seen = match says(&live, STAGED) {
            true => Seen::Different("the draft is live at once".into()),
            false if says(&live, LIVE) => Seen::Confirmed,
            false if live.is_ok() => Seen::Different("the live text becomes another one".into()),
            false => Seen::hidden(live.status),
        };
        self.saw("drafts", seen);
        let seen = match &live.json["has_unpublished_changes"] {
            Value::Bool(true) => Seen::Confirmed,
            Value::Bool(false) => Seen::Different("it says so later".into()),
            _ => Seen::Different("it does not say so".into()),
        };
        self.saw("draft-flag", seen);
        let again = self.put(&draft_path, json!({ "body": STAGED })).await?;
        self.saw("same-content", if again.is_ok() { Seen::Confirmed } else { again.refusal() });
        self.pending(path, &draft_path).await?;
        let locales: Vec<&str> = self.setting.locales.iter().take(1).map(|locale| locale.0.as_str()).collect();
        let published = self.post(&format!("{draft_path}/publish"), json!({ "locales": locales })).await?;
        let seen = if published.is_ok() {
            let live = self.get(path).await?;
            Seen::unless(says(&live, STAGED), "the live text stays")
        } else {
            published.refusal()
        };
        self.saw("draft-publish", seen);
        Ok(())
    }

    /// A change of the article while a draft waits.
    async fn pending(&mut self, path: &str, draft_path: &str) -> Result<(), Stop> {
        let changed = name("changed while a draft waits");
        let reply = self.put(path, json!({ "title": changed })).await?;
        if !reply.is_ok() {
            self.saw("pending-writes", reply.refusal());
            return Ok(());
        }
        let (live, draft) = (self.get(path).await?, self.get(draft_path).await?);
        let seen = match (live.text("title") == changed, draft.text("title") == changed) {
            (false, true) => Seen::Confirmed,
            (true, _) => Seen::Different("it is live at once".into()),
            (false, false) => Seen::Different("it is lost".into()),
        };
        self.saw("pending-writes", seen);
        Ok(())
    }

    /// Nobody knows what only a live article would have shown.
    fn unpublished(&mut self, why: &'static str) {
        for belief in BELIEFS.iter().filter(|belief| belief.needs == Needs::Published) {
            self.saw(belief.name, Seen::Unknown(why.into()));
        }
    }
}
