//! Reports of a plan: written beside it, shown from a saved one, and never over anything else.

use crate::harness::{Server, id_of, live_edit, published, two_articles};

#[test]
fn reports_are_written_beside_a_saved_plan_and_shown_from_it_again() {
    let server = Server::start();
    let project = published(&server);
    project.edit("docs/guide/install.md", "Run the installer.", "Run the new installer.");
    let reports = ["--report", "html=plan.html", "--report", "markdown=plan.md"];
    let plan = [&["plan", "--out", "plan.json", "--json"][..], &reports[..]].concat();
    let ran = project.run(&plan).exits(0);
    assert_eq!(ran.stdout, project.read("plan.json"));
    let (page, comment) = (project.read("plan.html"), project.read("plan.md"));
    assert!(page.contains("<p class=\"text\">Run the <ins>new </ins>installer.</p>"), "{page}");
    assert!(page.contains("<p class=\"text\">Run the installer.</p>"), "{page}");
    assert!(comment.starts_with("<!-- helpbook:plan -->\n"), "{comment}");
    assert!(comment.contains("\n- Run the installer.\n+ Run the {+new +}installer.\n"), "{comment}");
    assert_eq!(project.run(&["show", "plan.json", "--format", "html"]).exits(0).stdout, page);
    assert_eq!(project.run(&["show", "plan.json", "--format", "markdown"]).exits(0).stdout, comment);
    // A report is written over the one before it.
    project.edit("docs/guide/install.md", "new", "newest");
    project.run(&plan).exits(0);
    assert!(project.read("plan.html").contains("<ins>newest </ins>"));
}

#[test]
fn nothing_but_a_report_is_replaced_and_nothing_is_asked_before_that_is_known() {
    let server = Server::start();
    let project = published(&server);
    let mark = server.requests().len();
    let refused = |report: &str, why: &str| {
        project.run(&["plan", "--report", report]).exits(64).says(why);
    };
    refused("pdf=plan.pdf", "`markdown=FILE` or `html=FILE`");
    refused("html", "it names no file");
    refused("html=docs/guide/install.md", "is there already, and is no report of helpbook");
    project.run(&["plan", "--report", "html=a", "--report", "markdown=a"]).exits(64).says("is named for two reports");
    assert_eq!(server.requests_since(mark), [""; 0]);
    assert!(project.read("docs/guide/install.md").contains("Run the installer."));
    project.run(&["plan", "--report", "html=nowhere/plan.html"]).exits(1).says("cannot write nowhere/plan.html");
}

#[test]
fn a_teammates_text_does_nothing_in_a_report() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/install.md");
    let body = "<p>Ask @ada, see #12.</p><p onclick=\"evil()\">b</p><script>evil()</script><img src=\"https://evil.example/a.png\" alt=\"a\">";
    server.edit(id, &live_edit(body));
    project.run(&["plan", "--report", "html=a.html", "--report", "markdown=a.md", "--out", "plan.json"]).exits(0);
    let page = project.read("a.html");
    assert!(page.contains("In Intercom") && page.contains("Ask @ada"), "{page}");
    for forbidden in ["evil()", "<script", "<img", "src=", "evil.example"] {
        assert!(!page.contains(forbidden), "{forbidden} in {page}");
    }
    // It is in a fence, where GitHub mentions nobody.
    let comment = project.read("a.md");
    let fence = comment.split("```").nth(1).unwrap();
    assert!(fence.starts_with("diff\n") && fence.contains("@ada"), "{comment}");
    // A saved plan is a file like any other, and is not trusted either.
    project.edit("plan.json", "Ask @ada, see #12.", "<script>evil()</script><a href='javascript:evil()'>x</a>");
    let page = project.run(&["show", "plan.json", "--format", "html"]).exits(0).stdout;
    assert!(!page.contains("<script") && !page.contains("href=\"javascript"), "{page}");
}

#[test]
fn a_new_article_is_shown_whole_with_the_files_that_it_links_to() {
    let server = Server::start();
    let project = two_articles().on(&server);
    project.edit("docs/guide/update.md", "Run it again.", "Run it [again](install.md#steps).");
    project.run(&["plan", "--report", "html=a.html"]).exits(0);
    let page = project.read("a.html");
    assert!(page.contains("all new"), "{page}");
    assert!(page.contains("title=\"guide/install.md#steps\""), "{page}");
    // The addresses are known by then, and the files are shown all the same.
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.edit("docs/guide/update.md", "Run it", "Then run it");
    project.run(&["plan", "--report", "html=a.html"]).exits(0);
    let page = project.read("a.html");
    assert_eq!(page.matches("title=\"guide/install.md#steps\"").count(), 2, "{page}");
}
