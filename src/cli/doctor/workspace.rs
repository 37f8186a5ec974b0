//! What Intercom says: who the token is, which workspace and Help Center, what may be read, and
//! whether the people and locales that the docs name are there.

use std::collections::BTreeSet;

use super::super::failure::{Failure, finding};
use super::super::project::Purpose;
use super::super::region;
use super::super::workspace::Workspace;
use super::Docs;
use crate::config::{self, Author};
use crate::diagnostic::did_you_mean;
use crate::intercom::model::{Admin, HelpCenter, Me};
use crate::intercom::{API_VERSION, Error, Reader};
use crate::live::{self, List, choose};
use crate::plan;
use crate::probe;
use crate::record;
use crate::report::health::{Finding, Verdict};

/// Asks Intercom, by reading alone.
pub(super) async fn look(workspace: &Workspace, docs: Option<&Docs>, findings: &mut Vec<Finding>) {
    let connection = &workspace.connection;
    let wanted = docs.map_or(config::Region::Us, |docs| docs.project.config.region);
    let home = match region::of_token(wanted, connection.clone()).await {
        Ok(home) => home,
        Err(error) => {
            let subject = if error.is_auth() { "token" } else { "connection" };
            findings.retain(|finding| finding.subject != subject);
            findings.push(finding(subject, &Failure::of_request(&error, &connection.host())));
            return;
        }
    };
    let host = home.connection.host();
    findings.push(Finding::new("connection", Verdict::Good, format!("{host} speaks version {API_VERSION}")));
    let found = home.region.name();
    if let Some(message) = region::elsewhere(&home.me, connection, wanted) {
        let finding = Finding::new("region", Verdict::Bad, message.text());
        findings.push(message.hints().iter().cloned().fold(finding, Finding::hint));
    } else if host != connection.host() {
        let message = format!("the workspace is in `{found}`, not in `{}`", wanted.name());
        let hint = format!("write `region: {found}` into helpbook.yml");
        findings.push(Finding::new("region", Verdict::Bad, message).hint(hint));
    } else if let Some(home) = region::said(&home.me) {
        findings.push(Finding::new("region", Verdict::Good, format!("`{}`", home.name())));
    }
    identity(&home.me, docs, findings);
    let reader = home.connection.reader();
    let center = help_center(&reader, docs, findings).await;
    permissions(&reader, center.as_ref(), docs, findings).await;
    if let Some(docs) = docs {
        authors(&reader, docs, findings).await;
        odd_articles(workspace, &reader, docs, findings).await;
    }
}

/// Articles that a probe left, and those that look like a second copy of one of ours. What cannot be read for that was named above.
async fn odd_articles(workspace: &Workspace, reader: &Reader, docs: &Docs, findings: &mut Vec<Finding>) {
    let Some(book) = docs.book.as_ref().filter(|book| !book.has_errors()) else { return };
    let wanted = workspace.wanted(&docs.project, Purpose::Show, book, &docs.record);
    let Ok(live) = live::fetch(reader, &wanted).await else { return };
    let left = live.articles.values().filter(|found| probe::is_ours(&found.article.title)).count();
    if left > 0 {
        let found = match left {
            1 => "a probe left an article behind".to_owned(),
            left => format!("a probe left {left} articles behind"),
        };
        let hint = "run `helpbook doctor --probe`, which first deletes what is left";
        findings.push(Finding::new("probe", Verdict::Odd, found).hint(hint));
    }
    let plan = plan::plan(book, &live, &docs.record, &docs.project.rules());
    for double in plan.doubles {
        findings.push(Finding::new("doubles", Verdict::Odd, double.sentence()));
    }
}

fn identity(me: &Me, docs: Option<&Docs>, findings: &mut Vec<Finding>) {
    let id = &me.app.id_code;
    let who = me.name.as_deref().or(me.email.as_deref()).unwrap_or("a teammate without a name");
    let name = me.app.name.as_ref().map(|name| format!(" \"{name}\"")).unwrap_or_default();
    let is_local = docs.is_some_and(|docs| docs.project.target == super::Target::Local);
    let of_config = docs.and_then(|docs| docs.project.config.workspace.as_ref()).filter(|_| !is_local);
    let of_lock = docs.and_then(|docs| docs.record.workspace.as_ref()).filter(|pin| !pin.is_empty());
    let other = [(of_config, config::FILE), (of_lock, record::FILE)];
    let other = other.into_iter().find_map(|(pin, file)| pin.filter(|pin| *pin != id).map(|pin| (pin, file)));
    findings.push(match other {
        Some((pin, file)) => {
            Finding::new("workspace", Verdict::Bad, format!("the token is for `{id}`, and {file} names `{pin}`"))
                .hint(format!("use a token of the workspace `{pin}`"))
        }
        None if of_config.is_none() && docs.is_some() && !is_local => {
            Finding::new("workspace", Verdict::Odd, format!("`{id}`{name}, as {who}; helpbook.yml does not pin it"))
                .hint(format!("write `workspace: {id}` into helpbook.yml, so that no other token is ever used here"))
        }
        None => Finding::new("workspace", Verdict::Good, format!("`{id}`{name}, as {who}")),
    });
}

async fn help_center(reader: &Reader, docs: Option<&Docs>, findings: &mut Vec<Finding>) -> Option<HelpCenter> {
    let wanted = docs.and_then(|docs| docs.project.config.help_center.as_deref());
    let is_local = docs.is_some_and(|docs| docs.project.target == super::Target::Local);
    let centers = match reader.help_centers().await {
        Ok(centers) => centers,
        Err(error) => {
            findings.push(refused("help center", "Help Centers", &error, Verdict::Bad));
            return None;
        }
    };
    let center = match choose(centers, wanted.filter(|_| !is_local)) {
        Ok(center) => center,
        Err(error) => {
            findings.push(finding("help center", &Failure::of_live(&error, "")));
            return None;
        }
    };
    let name = center.identifier.clone().unwrap_or_else(|| center.id.to_string());
    let found: Vec<&str> = center.locales.iter().flatten().map(|locale| locale.0.as_str()).collect();
    let config = docs.map(|docs| &docs.project.config);
    let meant = config.into_iter().flat_map(|config| config.locales.iter().chain([&config.default_locale]));
    let missing: BTreeSet<&str> =
        meant.map(|locale| locale.0.as_str()).filter(|locale| !found.is_empty() && !found.contains(locale)).collect();
    let locales = if found.is_empty() { String::new() } else { format!(", in {}", found.join(", ")) };
    findings.push(if missing.is_empty() {
        Finding::new("help center", Verdict::Good, format!("`{name}`{locales}"))
    } else {
        let missing = missing.into_iter().collect::<Vec<_>>().join(", ");
        Finding::new("help center", Verdict::Bad, format!("`{name}` has no locale {missing}{locales}"))
            .hint("add it in Intercom, or correct `default_locale` and `locales` in helpbook.yml")
    });
    Some(center)
}

/// What the token may read. What it may write shows only when something is written.
async fn permissions(reader: &Reader, center: Option<&HelpCenter>, docs: Option<&Docs>, findings: &mut Vec<Finding>) {
    let book = docs.and_then(|docs| docs.book.as_ref());
    let needed = book.map(plan::lists).unwrap_or_default();
    let uses_tags = book.is_some_and(|book| book.articles.values().any(|article| article.settings.tags.is_some()));
    let weight = |is_used: bool| if is_used { Verdict::Bad } else { Verdict::Odd };
    let articles = reader.newest_articles().await;
    let first = articles.as_ref().ok().and_then(|articles| articles.first()).map(|article| article.id);
    let mut asked: Vec<(&str, Result<(), Error>, Verdict)> = vec![("articles", articles.map(drop), Verdict::Bad)];
    if let Some(id) = first {
        asked.push(("drafts", reader.draft(id).await.map(drop), Verdict::Bad));
        asked.push(("versions", reader.versions(id, None).await.map(drop), Verdict::Bad));
    }
    asked.push(("collections", reader.newest_collections().await.map(drop), Verdict::Bad));
    asked.push(("teammates", reader.admins().await.map(drop), Verdict::Bad));
    asked.push(("tags", reader.tags().await.map(drop), weight(uses_tags)));
    asked.push(("audiences", reader.audiences().await.map(drop), weight(needed.contains(&List::Audiences))));
    if let Some(center) = center {
        asked.push((
            "redirects",
            reader.redirects(center.id).await.map(drop),
            weight(needed.contains(&List::Redirects)),
        ));
    }
    let may: Vec<&str> = asked.iter().filter(|(_, answer, _)| answer.is_ok()).map(|(what, ..)| *what).collect();
    if !may.is_empty() {
        findings.push(Finding::new("permissions", Verdict::Good, format!("may read {}", may.join(", "))));
    }
    for (what, answer, verdict) in asked {
        if let Err(error) = answer {
            findings.push(refused("permissions", what, &error, verdict));
        }
    }
    findings.push(Finding::new("permissions", Verdict::Open, "write permission is tested by the first `apply`"));
}

fn refused(subject: &'static str, what: &str, error: &Error, verdict: Verdict) -> Finding {
    let finding = Finding::new(subject, verdict, format!("cannot read {what}: {error}"));
    match (error.status(), what) {
        (Some(403 | 401), "redirects") => finding
            .hint("give the token the permission `read_write_help_center_redirects_scope` in Intercom's Developer Hub"),
        (Some(403 | 401), _) => finding.hint("give the token the permission to read them, in Intercom's Developer Hub"),
        (Some(404), "audiences" | "redirects") => finding.hint("only `audiences` and `redirect_from` need them"),
        _ => finding.hint("run it again; if it stays, ask Intercom's support with the request's name"),
    }
}

/// Whether the authors that the docs name are teammates.
async fn authors(reader: &Reader, docs: &Docs, findings: &mut Vec<Finding>) {
    let Ok(admins) = reader.admins().await else { return };
    let contents = docs.book.iter().flat_map(crate::book::Book::contents);
    let contents = contents.filter_map(|content| Some((content.author.as_ref()?, content.path.as_str())));
    let of_config = docs.project.config.author.iter().map(|author| (author, config::FILE));
    let mut seen: Vec<&Author> = Vec::new();
    let mut unknown = Vec::new();
    for (author, file) in of_config.chain(contents) {
        if !seen.contains(&author) {
            seen.push(author);
            if !admins.admins.iter().any(|admin| is(admin, author)) {
                unknown.push((author, file));
            }
        }
    }
    if unknown.is_empty() {
        let found = match seen.len() {
            0 => return,
            1 => "the docs name one, a teammate".to_owned(),
            count => format!("the docs name {count}, all of them teammates"),
        };
        findings.push(Finding::new("authors", Verdict::Good, found));
        return;
    }
    let addresses = || admins.admins.iter().filter_map(|admin| admin.email.as_deref());
    for (author, file) in unknown {
        let (name, near) = match author {
            Author::Email(email) => (email.clone(), did_you_mean(email, addresses())),
            Author::Id(id) => (id.to_string(), None),
        };
        let hint = near.unwrap_or_else(|| "name a current teammate as `author`".to_owned());
        findings
            .push(Finding::new("authors", Verdict::Bad, format!("no teammate is `{name}`, as {file} says")).hint(hint));
    }
}

fn is(admin: &Admin, author: &Author) -> bool {
    match author {
        Author::Id(id) => admin.id == *id,
        Author::Email(email) => admin.email.as_deref().is_some_and(|other| other.eq_ignore_ascii_case(email)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intercom::Refusal;
    use crate::report::SessionOptions;

    #[track_caller]
    fn check(status: u16, what: &str, expected: &str) {
        let path = format!("/{what}");
        let refusal =
            Refusal { method: "GET", path, status, request_id: Some("r1".to_owned()), code: None, message: None };
        let found = refused("permissions", what, &Error::Refused(Box::new(refusal)), Verdict::Bad);
        let hints: Vec<String> = found.hints.iter().map(|hint| SessionOptions::default().shown(hint)).collect();
        assert_eq!(format!("{}; {}", found.found, hints.join("; ")), expected);
    }

    #[test]
    fn what_the_token_may_not_read_names_the_permission() {
        check(
            403,
            "articles",
            "cannot read articles: 403 from GET /articles (request r1); give the token the permission to read them, in Intercom's Developer Hub",
        );
        check(
            403,
            "redirects",
            "cannot read redirects: 403 from GET /redirects (request r1); give the token the permission `read_write_help_center_redirects_scope` in Intercom's Developer Hub",
        );
        check(
            404,
            "audiences",
            "cannot read audiences: 404 from GET /audiences (request r1); only `audiences` and `redirect_from` need them",
        );
    }
}
