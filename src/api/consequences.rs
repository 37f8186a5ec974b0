//! What a write does, in words: what somebody gets to see at once, what cannot be taken back, what of it the project
//! manages, and which command does that properly.

use std::collections::BTreeMap;

use helpbook_catalogue::Method;
use serde_json::Value;

use super::draft::Draft;
use crate::book::Book;
use crate::intercom::model::{ArticleId, CollectionId};
use crate::record::Record;
use crate::text::{DocPath, one_line};

/// The articles and collections that a project manages, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectIds {
    articles: BTreeMap<ArticleId, DocPath>,
    collections: BTreeMap<CollectionId, String>,
}

/// What a request is about, where a project manages it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Managed {
    /// What it is, and that the project manages it.
    pub what: String,
    /// The command that does it properly, with what comes before it.
    pub instead: String,
}

impl ProjectIds {
    /// What the files and the record of a project name.
    pub fn of(book: &Book, record: &Record) -> Self {
        let recorded = record.articles.iter().map(|((id, _), line)| (*id, line.path.clone()));
        let in_files = book.articles.values().filter_map(|article| Some((article.id?, article.path.clone())));
        let folders = record.collections.iter().map(|(id, line)| (*id, line.folder.to_string()));
        let in_folders = book.collections.iter().filter_map(|(folder, one)| Some((one.id?, folder.to_string())));
        Self { articles: recorded.chain(in_files).collect(), collections: folders.chain(in_folders).collect() }
    }

    /// What of a write the project manages.
    pub fn managed(&self, draft: &Draft) -> Option<Managed> {
        let (path, method) = (draft.request.path(), draft.request.method());
        let bare = path.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = bare.trim_matches('/').split('/').collect();
        match parts.as_slice() {
            ["articles", id, rest @ ..] => {
                let id = id.parse().ok().map(ArticleId)?;
                let file = one_line(self.articles.get(&id)?.as_str());
                let instead = match (method, rest) {
                    (Method::Delete, []) => {
                        "delete that file, with `orphans: delete` in helpbook.yml, and run `helpbook publish`"
                            .to_owned()
                    }
                    (_, ["draft", "publish"]) => format!("run `helpbook publish {file}`"),
                    _ => format!("change that file and run `helpbook apply {file}`"),
                };
                Some(Managed { what: format!("article {id} is `{file}` of this project"), instead })
            }
            ["help_center", "collections", id] => {
                let id = id.parse().ok().map(CollectionId)?;
                let folder = one_line(self.collections.get(&id)?);
                let instead = match method {
                    Method::Delete => {
                        "delete that folder; a collection that is empty then is named by `helpbook plan`".to_owned()
                    }
                    _ => format!("change `{folder}/_index.md` and run `helpbook apply`"),
                };
                Some(Managed { what: format!("collection {id} is the folder `{folder}` of this project"), instead })
            }
            _ => None,
        }
    }
}

/// What a write does: a sentence for each thing that somebody should know, without capital letter and final period.
pub fn consequences(draft: &Draft) -> Vec<String> {
    let mut all = Vec::new();
    if draft.request.method() == Method::Delete {
        all.push("what a DELETE takes away, no request brings back".to_owned());
    }
    let Some(operation) = draft.operation else {
        all.push("this request is not in the catalogue, and what it does is not known here".to_owned());
        return all;
    };
    if let Some(note) = &operation.note {
        let body: Value = draft.request.body().and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default();
        if note.condition.as_ref().is_none_or(|(name, value)| body[name.as_str()] == value.as_str()) {
            all.push(note.text.clone());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::draft::Checks;
    use super::super::field::{Field, Fields};
    use super::super::target::Target;
    use super::*;

    fn draft(method: &str, path: &str, fields: &[&str]) -> Draft {
        let fields: Vec<Field> = fields.iter().map(|field| Field::text(field).unwrap()).collect();
        Draft::new(&Target::parse(Some(method), path).unwrap(), Fields::from(fields), None, Checks::None).unwrap()
    }

    #[track_caller]
    fn check(method: &str, path: &str, fields: &[&str], expected: &[&str]) {
        assert_eq!(consequences(&draft(method, path, fields)), expected);
    }

    #[test]
    fn what_customers_get_at_once_is_said() {
        check("POST", "articles", &["state=published"], &["customers see the article at once"]);
        check("POST", "articles", &["state=draft"], &[]);
        check("POST", "messages", &[], &["the customer gets the message at once"]);
        check("POST", "contacts/1/notes", &[], &["teammates see the note at once"]);
        check("POST", "news/news_items", &["state=live"], &["customers get the news at once"]);
        check("DELETE", "tags/1", &[], &["what a DELETE takes away, no request brings back"]);
        check("POST", "x/y", &[], &["this request is not in the catalogue, and what it does is not known here"]);
    }

    #[test]
    fn what_the_project_manages_names_the_command_that_does_it() {
        let ids = ProjectIds {
            articles: [(ArticleId(7), DocPath::new("billing/refunds.md"))].into(),
            collections: [(CollectionId(8), "billing".to_owned())].into(),
        };
        let instead = |method, path| ids.managed(&draft(method, path, &[])).map(|one| one.instead);
        assert_eq!(
            instead("PUT", "articles/7").as_deref(),
            Some("change that file and run `helpbook apply billing/refunds.md`")
        );
        assert_eq!(
            instead("POST", "articles/7/draft/publish").as_deref(),
            Some("run `helpbook publish billing/refunds.md`")
        );
        assert_eq!(
            instead("PUT", "help_center/collections/8").as_deref(),
            Some("change `billing/_index.md` and run `helpbook apply`")
        );
        assert_eq!(instead("PUT", "articles/9"), None);
        assert_eq!(instead("POST", "articles"), None);
    }
}
