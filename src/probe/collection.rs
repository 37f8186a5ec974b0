//! What a probe asks with collections. They hold no published article, so no customer sees them.

use helpbook_catalogue::Method;
use serde_json::json;

use super::ask::{Probe, Stop};
use super::belief::Seen;
use super::name::name;
use crate::intercom::model::CollectionId;

/// The collections that a probe made.
pub(super) struct Shelves {
    /// The one at the top.
    pub top: CollectionId,
    /// The one below it.
    pub below: CollectionId,
}

impl Probe<'_> {
    /// Makes three levels and tries a fourth. Nothing where Intercom takes no collection.
    pub(super) async fn shelves(&mut self) -> Result<Option<Shelves>, Stop> {
        let Some(top) = self.shelf("collection", None).await? else {
            self.cannot_see(&["collection-levels", "collection-parent"], "no collection could be made");
            return Ok(None);
        };
        let Some(below) = self.shelf("second level", Some(top)).await? else {
            self.cannot_see(&["collection-levels", "collection-parent"], "no collection could be made in another");
            return Ok(None);
        };
        if let Some(third) = self.shelf("third level", Some(below)).await? {
            self.shelf("fourth level", Some(third)).await?;
            let reply = self.put(&format!("/help_center/collections/{third}"), json!({ "parent_id": null })).await?;
            let seen = if reply.is_ok() {
                Seen::unless(reply.json["parent_id"].is_null(), "it stays where it is")
            } else {
                reply.refusal()
            };
            self.saw("collection-parent", seen);
        }
        Ok(Some(Shelves { top, below }))
    }

    async fn shelf(&mut self, what: &str, above: Option<CollectionId>) -> Result<Option<CollectionId>, Stop> {
        let mut body = json!({ "name": name(what) });
        match above {
            Some(above) => body["parent_id"] = json!(above.to_string()),
            None => body["help_center_id"] = json!(self.setting.help_center.0),
        }
        let is_fourth = what == "fourth level";
        let reply = self.post("/help_center/collections", body).await?;
        let id = reply.id().filter(|_| reply.is_ok()).map(CollectionId);
        self.made.collections.extend(id);
        if is_fourth {
            let seen = match id {
                Some(_) => Seen::Different("a fourth level is taken".into()),
                None if reply.is_refused() => Seen::Confirmed,
                None => Seen::hidden(reply.status),
            };
            self.saw("collection-levels", seen);
        }
        Ok(id)
    }

    /// Tries to delete a collection that holds an article of the probe.
    pub(super) async fn delete_full(&mut self, full: CollectionId, article: u64) -> Result<(), Stop> {
        let reply = self.ask(Method::Delete, &format!("/help_center/collections/{full}"), None).await?;
        let seen = if reply.is_taken() {
            let is_there = self.get(&format!("/articles/{article}")).await?.is_ok();
            let found =
                if is_there { "it is deleted, and the article stays" } else { "it is deleted with the article" };
            Seen::Different(found.into())
        } else if reply.is_refused() {
            Seen::Confirmed
        } else {
            Seen::hidden(reply.status)
        };
        self.saw("collection-delete", seen);
        Ok(())
    }
}
