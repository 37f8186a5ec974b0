//! Documents for programs, and requests by name.

use serde_json::{Value, json};

use super::desk::Desk;
use super::page::Page;
use super::publishing::with_two_live;

const PATH: &str = "docs/billing/refunds.md";

pub fn api(page: &mut Page) {
    let desk = with_two_live();
    let wrong = desk.runs("helpbook api createArticle -f titel=Refunds -F author_id=1").exits(64);
    page.shows("Paths and fields", wrong.whole());
    let asked = desk.answers("helpbook api deleteArticle -f id=9100001", &["no"]);
    page.shows("Requests that change something", asked.whole());
}

pub fn json(page: &mut Page) {
    let typo = Desk::with(&[(PATH, "---\ntitel: Refund a customer\nstate: published\n---\nOpen the invoice.\n")]);
    let text = |value: &Value| serde_json::to_string_pretty(value).unwrap();
    page.shows_as("json", "Findings", text(&typo.json("helpbook check --json")));
    audit(page);
    let desk = with_two_live();
    desk.edit(PATH, "5 days", "3 days");
    let mut status = desk.json("helpbook status --json billing");
    status["articles"].as_array_mut().unwrap().truncate(1);
    page.shows_as("json", "The status of articles", text(&status));
    let log = desk.json("helpbook log --json billing/refunds.md --limit 1");
    page.shows_as("json", "Versions", text(&log));
    let mut applied = desk.json("helpbook apply --json");
    applied["plan"] = json!({ "format_version": applied["plan"]["format_version"], "changes": [] });
    page.shows_as("json", "What apply and publish did", text(&applied));
}

fn audit(page: &mut Page) {
    let desk = Desk::with(&[(PATH, super::desk::REFUNDS)]);
    let link = "[the terms](http://help.localhost/local/en/articles/12)";
    desk.project.write("docs/billing/pay.md", &format!("# Pay\n\nRead {link} first.\n"));
    desk.does("helpbook apply --publish --yes");
    let mut audit = desk.json("helpbook audit --json");
    // One area for all.
    audit["scores"]["areas"].as_array_mut().unwrap().truncate(1);
    page.shows_as("json", "An audit", serde_json::to_string_pretty(&audit).unwrap());
}
