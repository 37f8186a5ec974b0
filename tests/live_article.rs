//! A project in Git whose first article is live, and a teammate who writes into that.

use serde_json::json;

use crate::harness::{Project, Server, id_of, live_edit};

/// A published and committed article.
pub struct LiveArticle {
    pub server: Server,
    pub project: Project,
    pub id: u64,
}

impl LiveArticle {
    /// Publishes a project and commits it.
    pub fn of(server: Server, project: Project, file: &str) -> Self {
        project.run(&["apply", "--publish", "--yes"]).exits(0);
        project.git(&["init", "-q"]);
        project.git(&["config", "core.autocrlf", "false"]);
        let article = Self { id: id_of(&project, file), server, project };
        article.commit();
        article
    }

    /// Publishes a project of some files, of which `file` is one.
    pub fn among(files: &[(&str, &str)], file: &str) -> Self {
        let server = Server::start();
        let project = Project::new(files).on(&server);
        Self::of(server, project, file)
    }

    pub fn commit(&self) {
        self.project.git(&["add", "-A"]);
        self.project.git(&["commit", "-q", "-m", "docs"]);
    }

    /// The live text.
    pub fn body(&self) -> String {
        self.server.get(&format!("/articles/{}", self.id))["body"].as_str().unwrap().to_owned()
    }

    /// The text of the draft behind it.
    pub fn draft(&self) -> String {
        self.server.get(&format!("/articles/{}/draft", self.id))["body"].as_str().unwrap_or_default().to_owned()
    }

    /// A teammate replaces words of the live text.
    #[track_caller]
    pub fn teammate(&self, old: &str, new: &str) {
        let body = self.body();
        assert!(body.contains(old), "`{old}` is not in {body}");
        self.server.edit(self.id, &live_edit(&body.replace(old, new)));
    }

    /// A teammate gives the article a tag.
    pub fn tag(&self, name: &str) {
        let tag = self.server.post("/tags", &json!({ "name": name }));
        self.server.post(&format!("/articles/{}/tags", self.id), &json!({ "id": tag["id"], "admin_id": "2" }));
    }
}
