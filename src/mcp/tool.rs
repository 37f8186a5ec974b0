//! The tools, with what a model is told of each.
//!
//! Every word here is paid for in each conversation, so a description says what the tool does, what comes back and
//! what it never does. What publishes, deletes or changes anything that a customer sees is not among them.

use std::sync::Arc;

use rmcp::model::{JsonObject, Tool as Definition, ToolAnnotations};
use serde_json::{Value, json};

/// What an agent can call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// Lists or searches articles.
    List,
    /// Reads one article.
    Read,
    /// Writes one file.
    Write,
    /// Validates the docs.
    Check,
    /// Shows what would change.
    Plan,
    /// Sends drafts.
    Stage,
    /// Brings changes from Intercom into the files.
    Pull,
    /// Shows the state of articles.
    Status,
    /// Shows versions.
    Log,
    /// Reads from the API.
    Api,
    /// Explains a finding.
    Explain,
}

/// What a tool does to what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Nothing.
    Reads,
    /// It writes into files of the docs.
    WritesFiles,
    /// It writes drafts into Intercom.
    WritesDrafts,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::List,
        Self::Read,
        Self::Write,
        Self::Check,
        Self::Plan,
        Self::Stage,
        Self::Pull,
        Self::Status,
        Self::Log,
        Self::Api,
        Self::Explain,
    ];

    /// The tool of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name)
    }

    /// Its name in the protocol.
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Read => "read",
            Self::Write => "write",
            Self::Check => "check",
            Self::Plan => "plan",
            Self::Stage => "stage",
            Self::Pull => "pull",
            Self::Status => "status",
            Self::Log => "log",
            Self::Api => "api",
            Self::Explain => "explain",
        }
    }

    fn effect(self) -> Effect {
        match self {
            Self::Write | Self::Pull => Effect::WritesFiles,
            Self::Stage => Effect::WritesDrafts,
            _ => Effect::Reads,
        }
    }

    /// Whether it writes nothing, neither a file nor a draft.
    pub fn only_reads(self) -> bool {
        self.effect() == Effect::Reads
    }

    /// Whether it may be called again with the same arguments without doing more.
    fn is_idempotent(self) -> bool {
        matches!(self, Self::Stage | Self::Pull)
    }

    /// Whether it asks Intercom.
    fn asks_intercom(self) -> bool {
        !matches!(self, Self::Check | Self::Explain)
    }

    fn description(self) -> &'static str {
        match self {
            Self::List => {
                "List or search articles: one JSON object a line. `docs`: the files. `intercom`: what is there, \
                 with or without a file."
            }
            Self::Read => {
                "Read one article: a file with its findings and version, or an article of Intercom by id as Markdown."
            }
            Self::Write => {
                "Write one article file: its whole `text`, or `old` replaced by `new` once. A file that is there needs \
                 the `version` that `read` gave, or `old`. Answers with findings and the plan. Sends nothing."
            }
            Self::Check => "Find what is wrong with the docs, without network: one fix a line.",
            Self::Plan => "Show what apply and publish would change in Intercom. Writes nothing.",
            Self::Stage => {
                "Send changed files to Intercom as drafts, which customers do not see, then show what is left to \
                 publish. Conflicts and a teammate's changes are refused, not overwritten. A person publishes."
            }
            Self::Pull => "Bring what a teammate changed in Intercom into the files. Sends nothing.",
            Self::Status => "One line per article: in sync, changed, staged, changed in Intercom, conflict.",
            Self::Log => "Versions of an article, Intercom's and Git's; without `article` of the whole Help Center.",
            Self::Api => {
                "Read from Intercom's API by operation or path: articles and help_center only, unless more was \
                 allowed at the start. `find` lists operations."
            }
            Self::Explain => "What a finding means and what to do.",
        }
    }

    fn schema(self) -> Value {
        let text = || json!({"type": "string"});
        let flag = || json!({"type": "boolean"});
        let number = |most: u32| json!({"type": "integer", "minimum": 0, "maximum": most});
        let paths =
            || json!({"type": "array", "items": {"type": "string"}, "description": "files and folders; none: all"});
        match self {
            Self::List => json!({
                "source": {"enum": ["docs", "intercom"], "default": "docs"},
                "query": {"type": "string", "description": "in titles, descriptions and texts"},
                "folder": text(),
                "offset": number(u32::MAX),
                "limit": {"type": "integer", "minimum": 1, "maximum": 500, "default": 50},
            }),
            Self::Read => json!({
                "path": text(),
                "id": {"type": "integer", "description": "in place of path"},
                "draft": {"type": "boolean", "description": "with id: its pending draft"},
                "locale": {"type": "string", "description": "with id"},
            }),
            Self::Write => json!({
                "path": text(), "text": text(), "version": text(), "old": text(), "new": text(),
            }),
            Self::Check | Self::Plan | Self::Stage | Self::Status => json!({"paths": paths()}),
            Self::Pull => json!({
                "wanted": {"type": "array", "items": {"type": "string"}, "description": "files, folders or ids; none: all"},
                "drafts": {"type": "boolean", "description": "pending drafts, too"},
                "dry_run": flag(),
            }),
            Self::Log => json!({
                "article": {"type": "string", "description": "file, folder or id"},
                "since": {"type": "string", "description": "date or commit"},
                "words": {"type": "boolean", "description": "what each changed"},
                "limit": number(500),
            }),
            Self::Api => json!({
                "request": {"type": "string", "description": "listArticles, articles/{id}/versions"},
                "fields": {"type": "object", "description": "parameters"},
                "all_pages": flag(),
                "find": {"type": "string", "description": "a word"},
            }),
            Self::Explain => json!({"id": text()}),
        }
    }

    fn required(self) -> &'static [&'static str] {
        match self {
            Self::Write => &["path"],
            Self::Explain => &["id"],
            _ => &[],
        }
    }

    /// It as the protocol has it.
    pub fn definition(self) -> Definition {
        let mut schema = JsonObject::new();
        schema.insert("type".to_owned(), json!("object"));
        schema.insert("properties".to_owned(), self.schema());
        if !self.required().is_empty() {
            schema.insert("required".to_owned(), json!(self.required()));
        }
        schema.insert("additionalProperties".to_owned(), json!(false));
        let about = match self.effect() {
            Effect::Reads => ToolAnnotations::new().read_only(true),
            effect => ToolAnnotations::new()
                .read_only(false)
                // A file of the docs is replaced; Git has what it said. A draft is beside what is live.
                .destructive(effect == Effect::WritesFiles)
                .idempotent(self.is_idempotent()),
        };
        Definition::new(self.name(), self.description(), Arc::new(schema))
            .with_annotations(about.open_world(self.asks_intercom()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definitions() -> Vec<Definition> {
        Tool::ALL.into_iter().map(Tool::definition).collect()
    }

    #[test]
    fn no_tool_publishes_or_deletes() {
        let names: Vec<&str> = Tool::ALL.into_iter().map(Tool::name).collect();
        assert_eq!(names.join(" "), "list read write check plan stage pull status log api explain");
        assert!(Tool::ALL.len() <= 12);
        for name in ["publish", "apply", "delete", "rollback", "unpublish", "open", "serve"] {
            assert_eq!(Tool::of_name(name), None);
        }
        for definition in definitions() {
            let text = serde_json::to_string(&definition.input_schema).unwrap();
            assert!(!["publish", "overwrite", "yes", "delete"].iter().any(|word| text.contains(word)), "{text}");
        }
    }

    /// 3,000 tokens are promised. No tokenizer in use makes more than one token of three bytes of such text.
    #[test]
    fn the_definitions_are_short() {
        let text = serde_json::to_string(&definitions()).unwrap();
        assert!(text.len() <= 3 * 3_000, "{} bytes", text.len());
    }

    #[test]
    fn what_reads_says_so() {
        let is_read_only =
            |definition: &Definition| definition.annotations.as_ref().unwrap().read_only_hint == Some(true);
        let writing: Vec<String> =
            definitions().iter().filter(|one| !is_read_only(one)).map(|one| one.name.to_string()).collect();
        assert_eq!(writing, ["write", "stage", "pull"]);
    }
}
