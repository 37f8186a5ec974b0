//! What a probe asks with an article that is never published: nobody but teammates can see it.

use std::time::Instant;

use helpbook_catalogue::Method;
use serde_json::{Value, json};

use super::ask::{Probe, Reply, Stop, id_of};
use super::belief::Seen;
use super::collection::Shelves;
use super::name::{is_ours, name};
use super::piece::{self, AS_RGBA, NO_PLACES, PIECES, showing};
use crate::html::canonical;
use crate::html::parse;
use crate::html::tree::write;
use crate::intercom::model::ArticleId;
use crate::record::{Colors, HeadingIds, ListBodies, ParentIds, without_signatures};

/// A text that is longer than any that a list may cut.
const TEXT: &str = "<p>This text was written by helpbook to see what Intercom makes of it. It is deleted within a minute, and nobody needs to do anything about it.</p>";

/// A text with what most articles have.
const MIXED: &str = "<h1>Part</h1><p>Some <b>bold</b> and <i>italic</i> words, <code>code</code> and <a href=\"https://example.com/a\">a link</a>.</p><ul><li>One</li><li>Two</li></ul><pre><code>a &lt; b</code></pre><table><tbody><tr><td>One</td><td>Two</td></tr></tbody></table>";

/// Fin's settings, all of them off.
pub(super) const FLAGS: [&str; 3] =
    ["ai_chatbot_availability", "ai_copilot_availability", "ai_sales_agent_availability"];

/// The draft that a probe works with.
pub(super) struct Draft {
    pub id: u64,
    /// Its path.
    path: String,
    /// When it was made, by Intercom's clock and by ours.
    created: (i64, Instant),
}

impl Probe<'_> {
    /// Makes a draft and asks everything that a draft can show.
    pub(super) async fn draft(&mut self, shelves: Option<&Shelves>) -> Result<Draft, Stop> {
        let draft = self.create(shelves).await?;
        self.lists(&draft).await?;
        for piece in PIECES {
            let reply = self.put(&draft.path, json!({ "body": piece.html })).await?;
            let seen = if reply.is_ok() { (piece.judge)(reply.body()) } else { reply.refusal() };
            if piece.name == "heading-ids" && reply.is_ok() {
                self.learn_heading_ids(&seen, &reply);
            }
            self.saw(piece.name, seen);
        }
        self.callouts(&draft).await?;
        self.images(&draft).await?;
        self.text(&draft).await?;
        self.settings(&draft).await?;
        self.rest(&draft, shelves).await?;
        Ok(draft)
    }

    async fn create(&mut self, shelves: Option<&Shelves>) -> Result<Draft, Stop> {
        let mut body =
            json!({ "title": name("text"), "body": TEXT, "author_id": self.setting.author.0, "state": "draft" });
        if let Some(shelves) = shelves {
            body["parent_id"] = json!(shelves.below.0);
            body["parent_type"] = json!("collection");
        }
        let at = Instant::now();
        let reply = self.post("/articles", body).await?;
        let Some(id) = reply.id().filter(|_| reply.is_ok()) else {
            self.saw("writes", if reply.status == 404 { Seen::refused(404) } else { Seen::hidden(reply.status) });
            let unnamed = crate::intercom::Error::Garbled {
                method: Method::Post.name(),
                path: "/articles".to_owned(),
                reason: "it has no id".to_owned(),
            };
            return Err(Stop::Failed(reply.refused.unwrap_or(unnamed)));
        };
        self.made.articles.push(ArticleId(id));
        self.saw("writes", Seen::Confirmed);
        self.saw("draft-url", Seen::unless(reply.json["url"].is_null(), "it has one already"));
        self.saw("updated-by", Seen::unless(id_like(&reply.json["updated_by_id"]), "it does not"));
        self.places(&reply, shelves);
        let created = (reply.json["updated_at"].as_i64().unwrap_or_default(), at);
        Ok(Draft { id, path: format!("/articles/{id}"), created })
    }

    fn places(&mut self, reply: &Reply, shelves: Option<&Shelves>) {
        let Some(shelves) = shelves else { return self.cannot_see(&["parent-ids"], "no collection could be made") };
        let ids: Vec<u64> =
            reply.json["parent_ids"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
        self.traits.parent_ids = Some(if ids.is_empty() { ParentIds::Empty } else { ParentIds::Given });
        let (below, top) = (shelves.below.0, shelves.top.0);
        let seen = match ids.as_slice() {
            [] => NO_PLACES,
            [first, second] if *first == below && *second == top => Seen::Confirmed,
            [first, second] if *first == top && *second == below => Seen::Different("those above come first".into()),
            ids if ids.contains(&below) => Seen::Different("not all of those above are named".into()),
            _ => Seen::Different("others are named".into()),
        };
        self.saw("parent-ids", seen);
    }

    fn learn_heading_ids(&mut self, seen: &Seen, reply: &Reply) {
        let has_some = !crate::html::heading::stored_headings(reply.body()).is_empty();
        self.traits.heading_ids = match seen {
            Seen::Confirmed => Some(HeadingIds::Kept),
            _ if has_some => Some(HeadingIds::Made),
            _ => None,
        };
    }

    /// What lists show of the draft, and an image that Intercom hosts for another article.
    async fn lists(&mut self, draft: &Draft) -> Result<(), Stop> {
        let reply = self.get("/articles?page=1&per_page=1").await?;
        let next = &reply.json["pages"]["next"];
        let seen = match next {
            _ if !reply.is_ok() => Seen::hidden(reply.status),
            Value::String(_) => Seen::Confirmed,
            Value::Object(_) => Seen::Different("it says a number".into()),
            _ if reply.json["total_count"].as_u64().unwrap_or_default() < 2 => {
                Seen::Unknown("there is no other article, so there is one page".into())
            }
            _ => Seen::Different("it says nothing".into()),
        };
        self.saw("next", seen);
        let reply = self.get("/articles?page=1&per_page=50").await?;
        if !reply.is_ok() {
            self.saw("list-age", Seen::hidden(reply.status));
            return Ok(());
        }
        let records: Vec<&Value> = reply.json["data"].as_array().into_iter().flatten().collect();
        let found = records.iter().find(|record| id_of(record) == Some(draft.id)).copied();
        self.saw("list-age", Seen::unless(found.is_some(), "it comes later"));
        match found.map(|found| found["body"].as_str()) {
            None => self.cannot_see(&["list-bodies"], "the list did not have the article yet"),
            Some(None) => self.saw("list-bodies", Seen::Different("there are none".into())),
            Some(Some(body)) => {
                let is_whole = canonical(&parse(body)) == canonical(&parse(TEXT));
                self.traits.list_bodies = Some(if is_whole { ListBodies::Whole } else { ListBodies::Cut });
                self.saw("list-bodies", Seen::unless(is_whole, "they are cut"));
            }
        }
        let others = records.iter().filter(|record| !record["title"].as_str().is_some_and(is_ours));
        let is_hosted = |address: &String| crate::html::image::is_intercoms(address);
        let image = others.filter_map(|record| piece::image(record["body"].as_str()?)).find(is_hosted);
        self.hosted = image;
        Ok(())
    }

    /// Whether the colours of callouts stay, and if not, whether they do in another spelling.
    async fn callouts(&mut self, draft: &Draft) -> Result<(), Stop> {
        let sent = piece::callouts();
        let reply = self.put(&draft.path, json!({ "body": sent })).await?;
        if !reply.is_ok() {
            self.saw("styles", reply.refusal());
            return Ok(());
        }
        let mut seen = piece::judge_callouts(&sent, reply.body());
        let mut colors = Some(Colors::Hex);
        if matches!(seen, Seen::Different(_)) {
            let sent = write::with_rgba_callouts(&sent);
            let reply = self.put(&draft.path, json!({ "body": sent })).await?;
            if reply.is_ok() && !matches!(piece::judge_callouts(&sent, reply.body()), Seen::Different(_)) {
                (seen, colors) = (AS_RGBA, Some(Colors::Rgba));
            }
        }
        self.traits.colors = colors;
        self.saw("styles", seen);
        Ok(())
    }

    /// What becomes of images. Only those are sent that the workspace shows already.
    async fn images(&mut self, draft: &Draft) -> Result<(), Stop> {
        let hosted = match self.setting.outside_image.clone() {
            Some(outside) => self.image_again(draft, &outside).await?,
            None => {
                self.cannot_see(&["images-again"], "the lock knows no image that came from elsewhere");
                None
            }
        };
        let Some(hosted) = self.hosted.clone().or(hosted) else {
            self.cannot_see(&["images"], "none of the newest articles shows an image");
            return Ok(());
        };
        let reply = self.put(&draft.path, json!({ "body": showing(&hosted) })).await?;
        let seen = match piece::image(reply.body()) {
            _ if !reply.is_ok() => Seen::hidden(reply.status),
            Some(stored) => Seen::unless(stored == hosted, "it gets another one"),
            None => Seen::Different("the image is lost".into()),
        };
        self.saw("images", seen);
        Ok(())
    }

    /// Sends an image from elsewhere twice. Gives its address in Intercom.
    async fn image_again(&mut self, draft: &Draft, outside: &str) -> Result<Option<String>, Stop> {
        let body = json!({ "body": showing(outside) });
        let first = self.put(&draft.path, body.clone()).await?;
        let again = self.put(&draft.path, body).await?;
        let stored = piece::image(first.body()).filter(|_| first.is_ok());
        let seen = match (&stored, piece::image(again.body())) {
            (Some(first), Some(again)) => Seen::unless(*first != again, "it keeps its address"),
            _ => Seen::Unknown("Intercom could not fetch the image".into()),
        };
        self.saw("images-again", seen);
        Ok(stored)
    }

    /// What becomes of a whole text, and what a read shows of it.
    async fn text(&mut self, draft: &Draft) -> Result<(), Stop> {
        let empty = self.put(&draft.path, json!({ "body": "" })).await?;
        let seen =
            if empty.is_ok() { Seen::unless(empty.body().is_empty(), "the text stays") } else { empty.refusal() };
        self.saw("empty-text", seen);
        let html = self.put(&draft.path, json!({ "body": MIXED })).await?;
        if !html.is_ok() {
            self.cannot_see(&["answers", "markdown", "author"], "Intercom did not take the text");
            return Ok(());
        }
        let author = id_of(&json!({ "id": html.json["author_id"] }));
        self.saw("author", Seen::unless(author == Some(self.setting.author.0), "it becomes another one"));
        let read = self.get(&draft.path).await?;
        if read.is_ok() {
            let is_same = without_signatures(read.body()) == without_signatures(html.body());
            self.saw("answers", Seen::unless(is_same, "a read shows another text"));
        }
        self.times(draft, &read).await?;
        let Some(markdown) = html.json["body_markdown"].as_str() else {
            self.cannot_see(&["markdown"], "the answer has no Markdown");
            return Ok(());
        };
        let again = self.put(&draft.path, json!({ "body_markdown": markdown })).await?;
        let seen = if again.is_ok() {
            let is_same = canonical(&parse(again.body())) == canonical(&parse(html.body()));
            Seen::unless(is_same, "it becomes another text")
        } else {
            again.refusal()
        };
        self.saw("markdown", seen);
        Ok(())
    }

    /// When the time of the last change moves.
    async fn times(&mut self, draft: &Draft, read: &Reply) -> Result<(), Stop> {
        let again = self.get(&draft.path).await?;
        let time = |reply: &Reply| reply.json["updated_at"].as_i64();
        let (created, at) = draft.created;
        let seen = match (time(read), time(&again)) {
            (Some(first), Some(second)) if first != second => Seen::Different("it moves from read to read".into()),
            (Some(now), Some(_)) if now > created => Seen::Confirmed,
            (Some(_), Some(_)) if at.elapsed().as_secs() >= 2 => Seen::Different("it does not move".into()),
            (Some(_), Some(_)) => Seen::Unknown("everything happened within two seconds".into()),
            _ => Seen::Different("there is none".into()),
        };
        self.saw("updated-at", seen);
        Ok(())
    }

    /// What is beside the text: Fin's settings, other locales, tags, audiences.
    async fn settings(&mut self, draft: &Draft) -> Result<(), Stop> {
        let reply = self.put(&draft.path, flags_off()).await?;
        let seen =
            if reply.is_ok() { Seen::unless(is_off_for_fin(&reply), "others come back") } else { reply.refusal() };
        self.saw("ai-flags", seen);
        let (title, description) = (name("another title"), "What it is about");
        let sent = json!({ "title": title, "description": description, "audience_ids": [] });
        let reply = self.put(&draft.path, sent).await?;
        let seen = if reply.is_ok() {
            let is_same = reply.text("title") == title && reply.text("description") == description;
            Seen::unless(is_same, "others come back")
        } else {
            reply.refusal()
        };
        self.saw("fields", seen);
        match self.setting.locales.get(1).cloned() {
            Some(other) => {
                let text = json!({ "title": name("translation"), "body": TEXT, "author_id": self.setting.author.0, "state": "draft" });
                let reply = self.put(&draft.path, json!({ "translated_content": { &other.0: text } })).await?;
                let locales = reply.json.get("translated_content");
                let seen = match locales {
                    _ if !reply.is_ok() => reply.refusal(),
                    None => Seen::Different("they are left out".into()),
                    Some(Value::Null) => Seen::Different("there are none".into()),
                    Some(locales) => Seen::unless(locales[&other.0]["body"].is_string(), "the texts are left out"),
                };
                self.saw("translations", seen);
            }
            None => self.cannot_see(&["translations"], "the Help Center has one language"),
        }
        self.tag(draft).await?;
        let reply = self.get("/audiences?page=1&per_page=1").await?;
        let seen = match reply.status {
            401 | 403 => Seen::Different("it may not".into()),
            404 => Seen::Different("there is no such list".into()),
            _ if reply.is_ok() => Seen::Confirmed,
            status => Seen::hidden(status),
        };
        self.saw("audiences", seen);
        Ok(())
    }

    async fn tag(&mut self, draft: &Draft) -> Result<(), Stop> {
        let wanted = name("this & that");
        let reply = self.post("/tags", json!({ "name": wanted })).await?;
        let Some(id) = reply.id().filter(|_| reply.is_ok()) else {
            self.saw("names", Seen::hidden(reply.status));
            return Ok(());
        };
        self.made.tags.push(crate::intercom::model::TagId(id));
        let attached = self.post(&format!("{}/tags", draft.path), json!({ "id": id.to_string() })).await?;
        let read = self.get(&draft.path).await?;
        let of_article = read.json["tags"]["tags"][0]["name"].as_str().filter(|_| attached.is_ok());
        let found = of_article.unwrap_or(reply.text("name"));
        self.saw("names", Seen::unless(found == wanted, "it comes back with entities"));
        Ok(())
    }

    /// What is refused, and what changes nothing.
    async fn rest(&mut self, draft: &Draft, shelves: Option<&Shelves>) -> Result<(), Stop> {
        let reply = self.put(&format!("{}/draft", draft.path), json!({ "body": TEXT })).await?;
        let seen = match reply.status {
            _ if reply.is_ok() => Seen::Different("it is taken".into()),
            _ if reply.is_refused() => Seen::Confirmed,
            status => Seen::hidden(status),
        };
        self.saw("new-drafts", seen);
        let reply = self.put(&draft.path, json!({ "parent_id": null })).await?;
        let ids = reply.json["parent_ids"].as_array().map_or(0, Vec::len);
        let seen = match (shelves, self.traits.parent_ids) {
            (Some(_), Some(ParentIds::Given)) if reply.is_ok() => Seen::unless(ids > 0, "it leaves the collection"),
            (Some(_), Some(ParentIds::Given)) => reply.refusal(),
            _ => Seen::Unknown("it is not said where an article is".into()),
        };
        self.saw("article-parent", seen);
        self.versions(draft.id).await?;
        match shelves {
            Some(shelves) => self.delete_full(shelves.below, draft.id).await,
            None => {
                self.cannot_see(&["collection-delete"], "no collection could be made");
                Ok(())
            }
        }
    }

    /// Whether the newest version of an article says where it came from.
    pub(super) async fn versions(&mut self, id: u64) -> Result<(), Stop> {
        let reply = self.get(&format!("/articles/{id}/versions?page=1&per_page=5")).await?;
        let seen = match reply.json["data"].as_array().and_then(|versions| versions.first()) {
            _ if !reply.is_ok() => Seen::hidden(reply.status),
            None => Seen::Unknown("the article has no versions".into()),
            Some(version) => match version["created_via"].as_str() {
                Some("api") => Seen::Confirmed,
                Some(_) => Seen::Different("it says something else".into()),
                None => Seen::Different("it does not".into()),
            },
        };
        self.saw("created-via", seen);
        Ok(())
    }
}

fn id_like(value: &Value) -> bool {
    value.is_u64() || value.is_string()
}

/// The request that switches all of Fin off for an article.
pub(super) fn flags_off() -> Value {
    FLAGS.iter().map(|flag| ((*flag).to_owned(), json!(false))).collect()
}

/// Whether an answer says that no part of Fin may use the article.
pub(super) fn is_off_for_fin(reply: &Reply) -> bool {
    FLAGS.iter().all(|flag| reply.json[*flag] == json!(false))
}
