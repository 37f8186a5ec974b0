//! What teammates change in Intercom: drift, conflicts, drafts, `pull`, adoption, the lock.

use serde_json::{Value, json};

use super::desk::{Desk, REFUNDS};
use super::page::Page;
use super::publishing::with_two_live;
use super::starting::with_three_live;

const REFUND: &str = "docs/billing/refunds.md";
const APP: &str = "docs/getting-started/install.md";
const PULLED: &str = "docs/billing/refund-a-customer.md";

/// The text of the article on refunds as Grace saves it.
fn refunds(days: &str) -> Value {
    let body = format!(
        "<p class=\"no-margin\">Open the invoice and choose <b>Refund</b>.</p><p class=\"no-margin\"></p>\
         <p class=\"no-margin\">The money arrives within {days}.</p>"
    );
    json!({ "body": body, "publish": true })
}

pub fn edits_in_intercom(page: &mut Page) {
    let desk = with_two_live();
    desk.passes(86_400);
    desk.grace(desk.project.id(REFUND), &refunds("3 days"));
    page.shows("Drift: changed in Intercom only", desk.runs("helpbook plan").exits(0).whole());
    let record = desk.runs("helpbook status -v billing/refunds.md").exits(0).whole();
    desk.edit(REFUND, "5 days", "two weeks");
    page.shows("Conflict: changed on both sides", desk.runs("helpbook plan").exits(0).whole());
    desk.does("helpbook apply --overwrite --publish --yes");
    pending(page);
    offline(page);
    page.shows("How helpbook knows", record);
}

/// A draft of Grace that is not published.
fn pending(page: &mut Page) {
    let desk = with_two_live();
    let body = "<p class=\"no-margin\">Open the store on your phone and look for <b>Acme</b>.</p>\
        <p class=\"no-margin\"></p><p class=\"no-margin\">Then sign in with your team account.</p>";
    desk.grace(desk.project.id(APP), &json!({ "body": body }));
    let heading = "A pending draft";
    page.shows(heading, desk.runs("helpbook plan").exits(0).whole());
    page.shows(heading, desk.runs("helpbook status --drafts").exits(0).whole());
    desk.edit(APP, "look for", "search for");
    page.shows(heading, desk.runs("helpbook plan").exits(0).whole());
}

fn offline(page: &mut Page) {
    let desk = with_two_live();
    desk.grace(desk.project.id(APP), &json!({ "state": "draft" }));
    page.shows("Taken offline in Intercom", desk.runs("helpbook plan").exits(0).whole());
}

pub fn pull(page: &mut Page) {
    let desk = with_three_live();
    let heading = "Into an empty folder";
    page.shows(heading, desk.runs("helpbook pull").exits(0).whole());
    page.shows_as("md", heading, desk.file(PULLED));
    desk.commits("Bring in the Help Center");
    let heading = "Into a folder with files";
    let id = desk.project.id(PULLED);
    let body = desk.server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().to_owned();
    let days = |days: &str| json!({ "body": body.replace("5 days", days), "publish": true });
    desk.grace(id, &days("3 days"));
    page.shows(heading, desk.runs("helpbook pull").exits(0).whole());
    page.shows(heading, desk.runs("git diff -U0 docs/billing").exits(0).from("-The money"));
    page.shows(heading, desk.runs("helpbook pull").exits(0).whole());
    desk.commits("Pull");
    let heading = "Changes on both sides";
    desk.edit(PULLED, "Open the invoice", "Open **Billing**, then the invoice");
    desk.grace(id, &days("2 days"));
    page.shows(heading, desk.runs("helpbook pull").exits(0).whole());
    page.shows(heading, desk.runs("helpbook plan").exits(0).whole());
    desk.does("helpbook apply --publish --yes");
    desk.commits("Publish");
    let heading = "Conflicts";
    desk.edit(PULLED, "within 2 days", "within two working days");
    let live = desk.server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().to_owned();
    desk.grace(id, &json!({ "body": live.replace("2 days", "3 weeks"), "publish": true }));
    page.shows(heading, desk.runs("helpbook pull").exits(3).whole());
    page.shows_as("text", heading, desk.runs("sed -n '/^<<</,/^>>>/p' docs/billing/refund-a-customer.md").text());
    drafts(page);
    gone(page);
}

fn drafts(page: &mut Page) {
    let desk = with_three_live();
    desk.does("helpbook pull");
    desk.commits("Bring in the Help Center");
    let id = desk.project.id("docs/getting-started/install-the-app.md");
    let body = "<p class=\"no-margin\">Open the store on your phone and look for <b>Acme</b>.</p>\
        <p class=\"no-margin\"></p><p class=\"no-margin\">Then sign in with your team account.</p>";
    desk.grace(id, &json!({ "body": body }));
    page.shows("Drafts", desk.runs("helpbook pull").exits(0).whole());
    page.shows("Drafts", desk.runs("helpbook pull docs/getting-started/install-the-app.md").exits(0).whole());
}

fn gone(page: &mut Page) {
    let desk = with_three_live();
    desk.does("helpbook pull");
    desk.project.remove("docs/billing/invoices.md");
    page.shows("Deleted files and articles", desk.runs("helpbook pull").exits(0).whole());
}

pub fn take_over(page: &mut Page) {
    let invoices = "# Invoices\n\nOld text of invoices.\n";
    let live = Desk::with(&[("docs/billing/invoices.md", invoices), (REFUND, REFUNDS)]);
    live.does("helpbook apply --publish --yes");
    let desk = live.beside(&[(REFUND, REFUNDS)]);
    let heading = "Same title and same text";
    page.shows(heading, desk.runs("helpbook plan").exits(0).whole());
    page.shows(heading, desk.runs("helpbook apply").exits(0).from("adopted billing ("));
    let heading = "Same title and other text";
    let path = "docs/billing/invoices.md";
    desk.project.write(path, "# Invoices\n\nAll invoices are listed under **Billing**.\n");
    page.shows(heading, desk.runs("helpbook plan").exits(0).whole());
    let id = live.project.id(path);
    desk.project.write(path, &format!("---\nid: {id}\n---\n{}", desk.project.read(path)));
    page.shows(heading, desk.runs("helpbook plan").exits(0).whole());
}

pub fn what_is_committed(page: &mut Page) {
    let desk = Desk::with_refunds();
    page.shows("helpbook.lock", desk.runs("head -n 3 helpbook.lock").exits(0).whole());
    desk.project.remove("helpbook.lock");
    page.shows("Without the lock file", desk.runs("helpbook plan").exits(0).whole());
}

pub fn in_intercom(page: &mut Page) {
    let desk = with_two_live();
    desk.edit(REFUND, "5 days", "3 days");
    desk.does("helpbook apply");
    desk.grace(desk.project.id(APP), &json!({ "body": "<p>Open the store on your phone.</p>" }));
    page.shows("Which drafts there are", desk.runs("helpbook status --drafts").exits(0).whole());
    page.shows("Find the article", desk.runs("helpbook open --draft -n docs/billing/refunds.md").exits(0).whole());
}
