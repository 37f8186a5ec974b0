//! From a changed file to what customers see: plans, `apply`, `publish`, states, versions.

use serde_json::json;

use super::desk::{Desk, INSTALL};
use super::page::Page;

const PATH: &str = "docs/billing/refunds.md";

/// One live article whose file changed, and a new one.
fn changed() -> Desk {
    let desk = Desk::with_refunds();
    desk.edit(PATH, "10 days", "5 days");
    desk.project.write("docs/getting-started/install.md", INSTALL);
    desk
}

/// Two live articles.
pub fn with_two_live() -> Desk {
    let desk = changed();
    desk.does("helpbook apply --publish --yes");
    desk.commits("Five days, and the app");
    desk
}

pub fn readme_plan(page: &mut Page) {
    let desk = changed();
    let heading = "Plan, apply, publish";
    page.shows(heading, desk.runs("helpbook plan").exits(0).whole());
    let applied = desk.runs("helpbook apply").exits(0);
    page.shows(heading, applied.from("created getting-started"));
    let published = desk.answers("helpbook publish", &["yes"]).exits(0);
    page.shows(heading, published.from("This makes"));
}

pub fn read_a_plan(page: &mut Page) {
    let desk = changed();
    page.shows("An example", desk.runs("helpbook plan").exits(0).whole());
    desk.does("helpbook apply --publish --yes");
    page.shows("Nothing to do", desk.runs("helpbook plan").exits(0).whole());
    let nothing = Desk::with(&[("docs/README.md", "")]);
    page.shows("Nothing to do", nothing.runs("helpbook plan").exits(0).whole());
    let comment = changed();
    comment.does("helpbook plan -q --report plan.md");
    let report = comment.file("plan.md");
    let from = report.find("<details").unwrap();
    let section = &report[from..report[from..].find("</details>").unwrap() + from + "</details>".len()];
    page.shows_as("html", "A comment for a pull request", section);
    let heading = "A saved plan";
    let desk = with_two_live();
    desk.edit(PATH, "5 days", "two weeks");
    desk.does("helpbook plan --out plan.json");
    page.shows(heading, desk.runs("helpbook show plan.json").exits(0).whole());
    desk.edit(PATH, "two weeks", "two working weeks");
    page.shows(heading, desk.runs("helpbook apply plan.json").exits(3).whole());
}

pub fn apply_and_publish(page: &mut Page) {
    let desk = Desk::with_refunds();
    desk.edit(PATH, "10 days", "5 days");
    page.shows("Apply", desk.runs("helpbook apply").exits(0).from("staged"));
    let publish = "Publish";
    let alone = desk.runs_alone("helpbook publish").exits(64);
    desk.edit(PATH, "5 days", "3 days");
    let behind = desk.answers("helpbook publish", &[]).exits(3);
    desk.edit(PATH, "3 days", "5 days");
    let published = desk.answers("helpbook publish", &["yes"]).exits(0);
    page.shows(publish, published.whole());
    page.shows(publish, alone.whole());
    page.shows(publish, behind.whole());
    desk.edit(PATH, "5 days", "two weeks");
    desk.does("helpbook apply");
    desk.edit(PATH, "two weeks", "5 days");
    page.shows("A change that you take back", desk.runs("helpbook plan").exits(0).whole());
    let desk = Desk::with(&[("helpbook.yml", "docs: docs\n"), (PATH, super::desk::REFUNDS)]);
    let drafts = desk.runs("helpbook apply").exits(0);
    page.shows("Why an article stays a draft", drafts.from("created billing/refunds.md"));
    many(page);
}

fn many(page: &mut Page) {
    let files: Vec<(String, String)> =
        (1..=12).map(|at| (format!("docs/old/{at}.md"), format!("# Old {at}\n\nText {at}.\n"))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let desk = Desk::with(&files);
    desk.does("helpbook apply --publish --yes");
    desk.project.write("helpbook.yml", "docs: docs\nstate: draft\n");
    let refused = desk.answers("helpbook publish", &[]).exits(5);
    page.shows("Many articles at once", refused.from("error"));
}

pub fn state(page: &mut Page) {
    let desk = with_two_live();
    let text = desk.project.read(PATH);
    let heading = "Take an article offline";
    let offline = text.replacen("---\n", "---\nstate: draft\n", 1);
    desk.project.write(PATH, &offline);
    page.shows(heading, desk.runs("helpbook plan").exits(0).whole());
    page.shows(heading, desk.answers("helpbook publish", &["yes"]).exits(0).from("This takes"));
    desk.project.write(PATH, &text);
    desk.does("helpbook apply --publish --yes");
    desk.project.remove(PATH);
    page.shows("When a file is gone", desk.runs("helpbook plan").exits(0).whole());
}

pub fn history(page: &mut Page) {
    let desk = Desk::with_refunds();
    desk.edit(PATH, "10 days", "twelve days");
    desk.commits("Twelve days");
    desk.does("helpbook apply --publish --yes");
    desk.commits("Publish");
    let id = desk.project.id(PATH);
    desk.passes(86_400);
    let body = "<p>Open the invoice and choose <b>Refund</b>.</p><p>The money arrives soon.</p>";
    desk.grace(id, &json!({ "body": body, "publish": true }));
    page.shows("See what happened", desk.runs("helpbook log billing/refunds.md").exits(0).whole());
    let list = desk.server.get(&format!("/articles/{id}/versions"));
    let version = list["data"][1]["id"].as_str().unwrap().to_owned();
    page.shows("See what happened", desk.runs(&format!("helpbook show billing/refunds.md@{version}")).exits(0).whole());
    desk.does("helpbook pull");
    desk.commits("Pull");
    let back = desk.answers(&format!("helpbook rollback billing/refunds.md --to {version}"), &["yes"]).exits(0);
    page.shows("Bring a version back", back.whole());
}
