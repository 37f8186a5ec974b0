//! The first steps: install, connect, a project of one's own, and articles that are there already.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::json;

use super::desk::{Desk, INSTALL, REFUNDS};
use super::page::Page;

const CONFIG: &str = "docs: docs\n";

/// A new folder.
fn empty() -> Desk {
    let desk = Desk::with(&[]);
    desk.project.remove("helpbook.yml");
    desk
}

/// A Help Center with three articles in two collections, two of which link to each other, and a folder that has none.
pub fn with_three_live() -> Desk {
    let writer = Desk::with(&[
        ("docs/billing/invoices.md", "# Invoices\n\nAll invoices are listed under **Billing**.\n"),
        (
            "docs/billing/refund-a-customer.md",
            "# Refund a customer\n\nOpen the invoice and choose **Refund**.\n\nThe money arrives within 5 days.\n\n\
             Write to us if it does not, see [the app](../getting-started/install-the-app.md).\n",
        ),
        ("docs/getting-started/install-the-app.md", INSTALL),
    ]);
    writer.does("helpbook apply --publish --yes");
    let desk = writer.beside(&[("helpbook.yml", CONFIG)]);
    desk.does("git init -q --initial-branch=main");
    desk
}

pub fn readme_pull(page: &mut Page) {
    let desk = with_three_live();
    let heading = "You have a Help Center already";
    page.shows(heading, format!("{}\n\n{}", desk.runs("helpbook pull").exits(0).whole(), plan_is_empty(&desk)));
}

fn plan_is_empty(desk: &Desk) -> String {
    desk.runs("helpbook plan").exits(0).whole()
}

pub fn install(page: &mut Page) {
    first_project(page, ["The first run", "A project of your own"], REFUNDS);
}

pub fn install_in_french(page: &mut Page) {
    let text = "# Rembourser un client\n\nOuvrez la facture et choisissez **Rembourser**.\n";
    first_project(page, ["Premier lancement", "Votre propre projet"], text);
}

fn first_project(page: &mut Page, [first, own]: [&str; 2], text: &str) {
    let guide = Desk::with(&[]);
    guide.project.write("example-docs/helpbook.yml", "");
    crate::harness::copy(&super::page::file("example-docs"), &guide.project.path().join("example-docs"));
    let command = "helpbook -C example-docs apply --local --publish --yes";
    guide.does(command);
    page.shows(first, guide.runs(command).exits(0).whole());
    let desk = Desk::with(&[("helpbook.yml", ""), ("billing/refunds.md", text)]);
    page.shows(own, desk.runs("helpbook --local plan").exits(0).whole());
}

pub fn connect(page: &mut Page) {
    connected(page, ["The token", "Pin the workspace"]);
}

pub fn connect_in_french(page: &mut Page) {
    connected(page, ["Le jeton", "Fixer l'espace de travail"]);
}

fn connected(page: &mut Page, [token, pin]: [&str; 2]) {
    let desk = Desk::with(&[("docs/billing/refunds.md", REFUNDS), ("helpbook.yml", "docs: docs\nworkspace: other\n")]);
    page.shows(token, desk.runs("env -u INTERCOM_ACCESS_TOKEN helpbook plan").exits(4).of("helpbook plan"));
    page.shows(pin, desk.runs("helpbook plan").exits(4).whole());
}

pub fn start_a_project(page: &mut Page) {
    let desk = empty();
    let without = desk.runs_alone("env -u INTERCOM_ACCESS_TOKEN helpbook init").exits(4);
    page.shows("Before you start", without.of("helpbook init"));
    let heading = "In an empty folder, without an account";
    page.shows(heading, desk.runs("helpbook --local init").exits(0).whole());
    page.shows(heading, desk.runs("helpbook --local plan").exits(0).whole());
    large(page);
}

/// A Help Center with 600 articles.
fn large(page: &mut Page) {
    let desk = empty();
    let topics = ["Billing", "Security", "Reports", "Teams"];
    let collections = topics.map(|name| desk.server.post("/help_center/collections", &json!({ "name": name })));
    for number in 0..600 {
        let parent = &collections[number % 4]["id"];
        let title = format!("Share an invoice ({})", number + 1);
        let article = json!({ "title": title, "author_id": 1, "body": "<p>Open it, and choose <b>Share</b>.</p>",
            "state": "published", "parent_id": parent, "parent_type": "collection" });
        desk.server.post("/articles", &article);
    }
    let heading = "A Help Center with 600 articles";
    desk.does("git init -q --initial-branch=main");
    page.shows(heading, desk.answers("helpbook init", &["y"]).exits(0).whole());
    page.shows_as("yaml", heading, desk.file("helpbook.yml"));
    let pulled = desk.runs("helpbook pull").exits(0);
    page.shows(heading, pulled.from("new        teams/share-an-invoice-96.md"));
    page.shows(heading, plan_is_empty(&desk));
    page.shows("Is everything right?", desk.runs("helpbook doctor").exits(0).whole());
}

pub fn local_help_center(page: &mut Page) {
    let desk = Desk::with(&[("docs/billing/refunds.md", REFUNDS), ("docs/getting-started/install.md", INSTALL)]);
    desk.does("helpbook --local apply --publish --yes");
    page.shows("Option --local", desk.runs("helpbook --local status").exits(0).whole());
    desk.does("helpbook --local plan");
    page.shows("The request log", desk.runs("grep articles .helpbook/local/requests.log | tail -n 1").whole());
    page.shows("Play a teammate", format!("$ helpbook serve\n{}", served(&desk)));
}

pub fn probe(page: &mut Page) {
    let desk = Desk::with_refunds();
    desk.server.post("/_local/behaviour", &json!({ "styles": "rgba" }));
    let ran = desk.answers("helpbook doctor --probe", &["yes"]).exits(0);
    // Of some beliefs all lines.
    let mut is_shown = false;
    let shown = ran.text().lines().fold(String::new(), |shown, line| {
        if !line.starts_with(' ') {
            is_shown =
                ["  heading-ids ", "  styles ", "  drafts ", " confirmed, "].iter().any(|name| line.contains(name));
        }
        if is_shown { shown + "\n" + line } else { shown }
    });
    page.shows("What is said", format!("$ helpbook doctor --probe\n…{shown}"));
}

/// What `serve` prints once it runs.
fn served(desk: &Desk) -> String {
    let mut server = Command::new(env!("CARGO_BIN_EXE_helpbook"))
        .args(["serve", "--memory", "--port", "0"])
        .env_clear()
        .current_dir(desk.project.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let export = BufReader::new(server.stdout.take().unwrap()).lines().take(2).map(Result::unwrap);
    let export: Vec<String> = export.collect();
    let hints = BufReader::new(server.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut said = Vec::new();
    for line in hints {
        let is_last = line.contains("customers see");
        said.push(line);
        if is_last {
            break;
        }
    }
    server.kill().unwrap();
    server.wait().unwrap();
    let port = export[0].rsplit(':').next().unwrap().to_owned();
    let token = export[1].rsplit('=').next().unwrap().to_owned();
    let text = [export, said].concat().join("\n");
    text.replace(&format!(":{port}"), ":4100").replace(&token, super::desk::TOKEN)
}

pub fn import(page: &mut Page) {
    let desk = Desk::with(&[
        ("old-docs/SUMMARY.md", "# Contents\n\n* [Home](README.md)\n\n## Money\n\n* [Refunds](money/refunds.md)\n"),
        ("old-docs/README.md", "# Home\n\nSee [refunds](money/refunds.md) first.\n"),
        (
            "old-docs/money/refunds.md",
            "# Refunds\n\n{% hint style=\"warning\" %}\nThe money arrives within 5 days.\n{% endhint %}\n\n\
             {% tabs %}\n{% tab title=\"Card\" %}\nIt goes back to the card.\n{% endtab %}\n{% tab title=\"Bank\" %}\n\
             It goes to the account.\n{% endtab %}\n{% endtabs %}\n\n{% include \"none.md\" %}\n",
        ),
    ]);
    page.shows("The report", desk.runs("helpbook import old-docs").exits(0).whole());
}
