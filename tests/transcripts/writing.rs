//! What a writer sees: findings, images, translations, and the way to a file.

use super::desk::{Desk, INSTALL, REFUNDS};
use super::page::Page;
use super::publishing::with_two_live;

const PATH: &str = "docs/billing/refunds.md";

pub fn articles(page: &mut Page) {
    let text = "---\ntitle: Refund a customer\nstate: published\nweight: 3\n---\nOpen the invoice.\n";
    let desk = Desk::with(&[(PATH, text)]);
    page.shows("Wrong keys", desk.runs("helpbook check").exits(1).lines_to("1 article"));
}

pub fn messages(page: &mut Page) {
    let desk = Desk::with(&[(PATH, "---\ntitle: Refund a customer\nstate: live\n---\nOpen the invoice.\n")]);
    page.shows("", desk.runs("helpbook check").exits(1).lines_to("1 article"));
}

pub fn configuration(page: &mut Page) {
    let config = "docs: docs\nchecks: { mising-alt: off }\n";
    let desk = Desk::with(&[("helpbook.yml", config), (PATH, REFUNDS)]);
    page.shows("Levels of warnings", desk.runs("helpbook check").exits(1).whole());
}

pub fn images(page: &mut Page) {
    let desk = Desk::with(&[(PATH, "# Refund a customer\n\n![The menu](images/menu.svg)\n")]);
    let svg = std::fs::read(super::page::file("example-docs/writing/images/folders-as-collections.svg")).unwrap();
    desk.project.write_bytes("docs/billing/images/menu.svg", &svg);
    let base = format!("{}/docs/none/{{path}}?v={{sha256}}", desk.server.url());
    let config = format!("docs: docs\nstate: published\nimages: {{ base_url: \"{base}\" }}\n");
    desk.project.write("helpbook.yml", &config);
    page.shows("Before anything is written", desk.runs("helpbook apply").exits(3).from("refused"));
}

pub fn translations(page: &mut Page) {
    let config = "docs: docs\nstate: published\nlocales: [en, fr, es]\nchecks: { missing-translation: off }\n";
    let files = [
        ("helpbook.yml", config),
        ("docs/guide/install.md", "# Install\n\nRun the installer.\n"),
        ("docs/guide/install.fr.md", "# Installer\n\nLancez-le.\n"),
    ];
    let desk = Desk::in_locales(&["en", "fr", "es"], &files);
    desk.does("helpbook apply --publish --yes");
    desk.edit("docs/guide/install.md", "Run the installer.", "Click it.");
    desk.does("helpbook apply --publish --yes");
    page.shows("What is missing and what is stale", desk.runs("helpbook status").exits(0).whole());
}

pub fn find_the_file(page: &mut Page) {
    let desk = with_two_live();
    let heading = "The number in the address";
    page.shows(heading, desk.runs("grep -rl 'id: 9100001' docs").exits(0).whole());
    page.shows(heading, desk.runs("helpbook status | grep 9100001").exits(0).whole());
    page.shows("The other way", desk.runs("helpbook open -n docs/billing/refunds.md").exits(0).whole());
}

pub fn change_one_article(page: &mut Page) {
    let desk = Desk::with(&[(PATH, REFUNDS), ("docs/getting-started/install.md", INSTALL)]);
    desk.does("git init -q --initial-branch=main");
    desk.does("helpbook apply --publish --yes");
    desk.commits("The Help Center");
    desk.runs("git switch -c refund-in-5-days").exits(0);
    desk.edit(PATH, "10 days", "5 days");
    page.shows("2. Edit, and look at it", desk.runs("git diff -U0 docs").exits(0).from("-The money"));
    page.shows("3. Check", desk.runs("helpbook check").exits(0).whole());
    page.shows("4. See what would change", desk.runs("helpbook plan").exits(0).whole());
    desk.does("git commit -q -am 'Refunds arrive within 5 days'");
    desk.does("git switch -q main");
    desk.does("git merge -q refund-in-5-days");
    page.shows("6. Stage it", desk.runs("helpbook apply").exits(0).from("staged"));
    page.shows("7. Make it live", desk.answers("helpbook publish", &["yes"]).exits(0).from("This makes"));
    page.shows("7. Make it live", desk.runs("git status --short").exits(0).whole());
}

pub fn for_writers(page: &mut Page) {
    let desk = Desk::with_refunds();
    let made = desk.runs("helpbook new 'Pay by invoice' --in billing").exits(0);
    page.shows("Write a new article", made.whole());
    page.shows_as("md", "Write a new article", desk.file("docs/billing/pay-by-invoice.md"));
}
