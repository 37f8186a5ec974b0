//! Writing one file of the docs for an agent: an article, or what describes a collection.
//!
//! It goes through `book::edit`, so no link is followed and a file is replaced in one step. What is there is replaced
//! only by who has read it: with the version that `read` gave, or with words that are in it once. Nothing is sent.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use super::super::check;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::articles::{LARGEST, article_path, text_of};
use super::call::Call;
use crate::book::edit;
use crate::text::{Digest, one_line};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    path: String,
    text: Option<String>,
    version: Option<String>,
    old: Option<String>,
    new: Option<String>,
}

/// Writes the file, and answers with its findings and the plan.
pub(super) async fn write(call: &Call<'_>, arguments: Value) -> Result<Exit, Failure> {
    let arguments: Arguments = call.arguments(arguments)?;
    let path = article_path(call, &arguments.path)?;
    let project = call.project()?;
    let root = project.root.join(&project.config.docs);
    let shown = one_line(path.as_str());
    let is_there = std::fs::symlink_metadata(root.join(path.as_str())).is_ok();
    let before = if is_there { Some(text_of(&project, &path)?) } else { None };
    let after = after(&arguments, before.as_deref(), &shown)?;
    if after.len() as u64 > LARGEST {
        return Err(nothing(format!("the text is larger than {} MB", LARGEST / 1024 / 1024)));
    }
    if !project.ignored_by_git(std::iter::once(&path)).is_empty() {
        return Err(nothing(format!("Git ignores `{shown}`, so that it is no article")));
    }
    let file = PathBuf::from(path.as_str());
    if before.as_deref() == Some(after.as_str()) {
        call.terminal.print(&format!("{shown} says that already\n"));
    } else {
        let held = project.exclusive()?;
        let written = match &before {
            Some(before) => edit::change(&root, &path, before, &after),
            None => edit::create(&root, &path, &after),
        };
        drop(held);
        written.map_err(|error| nothing(crate::text::harmless(&error.to_string())))?;
        call.terminal.print(&format!("wrote {shown}, version {}\n", Digest::of(&after).short()));
    }
    let checked = check::run(&check::Args::for_agent(vec![file.clone()]), &call.global, &call.terminal);
    if let Err(failure) = checked {
        call.terminal.error(&failure.message);
    }
    call.then_plan(vec![file]).await;
    Ok(Exit::Done)
}

/// The text of the file as it is to be.
fn after(arguments: &Arguments, before: Option<&str>, shown: &str) -> Result<String, Failure> {
    match (arguments, before) {
        (Arguments { text: Some(text), version: None, old: None, new: None, .. }, None) => Ok(text.clone()),
        (Arguments { text: Some(_), version: None, old: None, new: None, .. }, Some(_)) => {
            Err(nothing(format!("`{shown}` is there already"))
                .hint("read it, and give its `version`, or `old` and `new`"))
        }
        (Arguments { text: Some(text), version: Some(version), old: None, new: None, .. }, before) => {
            let is_that = before.is_some_and(|before| Digest::of(before).short() == version);
            if is_that {
                Ok(text.clone())
            } else {
                Err(nothing(format!("`{shown}` is not what was read")).hint("read it again"))
            }
        }
        (Arguments { text: None, old: Some(old), new: Some(new), .. }, Some(before)) => {
            let count = if old.is_empty() { 0 } else { before.matches(old.as_str()).count() };
            match count {
                1 => Ok(before.replacen(old.as_str(), new, 1)),
                0 => {
                    Err(nothing(format!("`old` is not in `{shown}`"))
                        .hint("read it again, and copy the words as they are"))
                }
                count => Err(nothing(format!("`old` is in `{shown}` {count} times")).hint("add the words around it")),
            }
        }
        (Arguments { text: None, old: Some(_), new: Some(_), .. }, None) => {
            Err(nothing(format!("there is no file `{shown}` in the docs")))
        }
        _ => Err(nothing(
            "`write` takes `text` and for a file that is there its `version`, or `old` and `new`".to_owned(),
        )),
    }
}

fn nothing(reason: String) -> Failure {
    Failure::new(Exit::Usage, reason).detail("nothing was written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arguments: &str, before: Option<&str>, expected: &str) {
        let arguments: Arguments = serde_json::from_str(arguments).unwrap();
        let found = after(&arguments, before, "a.md").unwrap_or_else(|failure| failure.message.text().to_owned());
        assert_eq!(found, expected);
    }

    #[test]
    fn a_file_is_replaced_only_by_who_has_read_it() {
        check(r#"{"path": "a.md", "text": "new"}"#, None, "new");
        check(r#"{"path": "a.md", "text": "new"}"#, Some("old"), "`a.md` is there already");
        check(r#"{"path": "a.md", "text": "new", "version": "x"}"#, Some("old"), "`a.md` is not what was read");
        let version = Digest::of("old").short().to_owned();
        check(&format!(r#"{{"path": "a.md", "text": "new", "version": "{version}"}}"#), Some("old"), "new");
        check(r#"{"path": "a.md", "old": "b", "new": "x"}"#, Some("a b c"), "a x c");
        check(r#"{"path": "a.md", "old": "b", "new": "x"}"#, Some("b b"), "`old` is in `a.md` 2 times");
        check(r#"{"path": "a.md", "old": "", "new": "x"}"#, Some("a"), "`old` is not in `a.md`");
        check(r#"{"path": "a.md", "old": "b", "new": "x"}"#, None, "there is no file `a.md` in the docs");
        let both = "`write` takes `text` and for a file that is there its `version`, or `old` and `new`";
        check(r#"{"path": "a.md", "text": "x", "old": "b", "new": "x"}"#, Some("b"), both);
        check(r#"{"path": "a.md"}"#, Some("b"), both);
    }
}
