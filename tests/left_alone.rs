//! What a teammate wrote and a run left alone is still theirs in the next run, whatever was written beside it.

use serde_json::json;

use crate::harness::{Project, Server, id_of, live_edit};
use crate::images::{Host, PNG, There};
use crate::live_article::LiveArticle;

const FILE: &str = "docs/guide/one.md";

fn live(text: &str) -> LiveArticle {
    LiveArticle::among(&[(FILE, text)], FILE)
}

fn line_by_grace(world: &LiveArticle) {
    world.server.edit(world.id, &live_edit(&format!("{}<p class=\"no-margin\">By Grace.</p>", world.body())));
}

/// Our own change of the text is refused, and what she wrote is still live.
#[track_caller]
fn keeps_it(world: &LiveArticle) {
    world.project.run(&["plan"]).exits(0).says("text changed by");
    world.project.edit(FILE, "First.", "Second.");
    world.project.run(&["apply", "--publish", "--yes"]).exits(3).says("conflict: text");
    assert!(world.body().contains("By Grace."), "{}", world.body());
}

const TEXT: &str = "# One\n\nFirst.\n\nLast.\n";

#[test]
fn beside_a_title_that_is_staged_and_published_later() {
    let world = live(TEXT);
    line_by_grace(&world);
    world.project.edit(FILE, "# One", "# Uno");
    world.project.run(&["apply"]).exits(0);
    world.project.run(&["apply", "--publish", "--yes"]).exits(0);
    keeps_it(&world);
}

#[test]
fn behind_a_draft_that_says_the_same() {
    let world = live(TEXT);
    line_by_grace(&world);
    world.server.edit(world.id, &json!({ "body": world.body() }));
    world.project.run(&["apply"]).exits(0);
    world.project.run(&["apply"]).exits(0);
    keeps_it(&world);
}

#[test]
fn in_a_text_that_a_lost_run_sent_with_it() {
    for is_lock_there in [true, false] {
        let world = live(TEXT);
        let before = world.project.read("helpbook.lock");
        line_by_grace(&world);
        world.project.edit(FILE, "# One", "# Uno");
        world.project.run(&["apply", "--publish", "--yes"]).exits(0);
        if is_lock_there {
            world.project.write("helpbook.lock", &before);
            keeps_it(&world);
        } else {
            world.project.remove("helpbook.lock");
            world.project.run(&["apply", "--publish", "--yes"]).exits(3).says("conflict: text");
            assert!(world.body().contains("By Grace."));
        }
    }
}

#[test]
fn what_goes_live_after_a_pull_is_not_written_twice() {
    let world = live(TEXT);
    world.project.edit(FILE, "# One", "# Uno");
    line_by_grace(&world);
    world.project.run(&["apply"]).exits(0);
    world.project.run(&["pull"]).exits(0);
    world.project.run(&["apply", "--publish", "--yes"]).exits(0);
    let mark = world.server.requests().len();
    world.project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert_eq!(world.server.writes_since(mark), [""; 0]);
}

#[test]
fn a_draft_is_pulled_with_what_it_has_of_the_live_text() {
    let world = live(TEXT);
    line_by_grace(&world);
    world.server.edit(world.id, &json!({ "title": "Hers" }));
    world.project.run(&["pull", "--drafts"]).exits(0).says("title, text");
    assert!(world.project.read(FILE).contains("By Grace."));
    world.server.edit(world.id, &json!({ "publish": true }));
    world.project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn an_article_that_a_teammate_published_stays_live_without_a_lock() {
    let world = live("---\nstate: draft\n---\n# One\n\nFirst.\n");
    world.server.edit(world.id, &live_edit(&world.body()));
    world.project.remove("helpbook.lock");
    world.project.run(&["apply", "--publish", "--yes"]);
    assert_eq!(world.server.get(&format!("/articles/{}", world.id))["state"], "published");
}

/// A text with an image of the docs folder.
fn with_image(host: &Host) -> LiveArticle {
    let server = Server::start();
    let project = Project::new(&[(FILE, "# One\n\nFirst.\n\n![Menu](menu.png)\n\nLast.\n")]).on(&server);
    project.write(
        "helpbook.yml",
        &format!("docs: docs\nstate: published\nimages: {{ base_url: \"{}/{{sha256}}/{{name}}\" }}\n", host.url()),
    );
    put(&project, host, PNG);
    LiveArticle::of(server, project, FILE)
}

fn put(project: &Project, host: &Host, bytes: &[u8]) {
    project.write_bytes("docs/guide/menu.png", bytes);
    let digest = helpbook::text::Sha256::of(bytes);
    host.put(&format!("/{}/menu.{}.png", digest.as_str(), digest.short()), There::Bytes(bytes.to_vec()));
}

#[test]
fn an_image_that_was_saved_changed_and_uploaded_again_is_a_teammates() {
    let host = Host::start();
    let world = with_image(&host);
    let body = world.body();
    let name = format!("menu.{}.png", helpbook::text::Sha256::of(PNG).short());
    host.put(&format!("/hers/{name}"), There::Bytes(b"\x89PNG\r\n\x1a\nhers".to_vec()));
    let start = body.find("src=\"").unwrap() + 5;
    let end = start + body[start..].find('"').unwrap();
    world.server.edit(world.id, &live_edit(&body.replace(&body[start..end], &format!("{}/hers/{name}", host.url()))));
    world.project.run(&["plan"]).exits(0).says("text changed by");
    world.project.run(&["pull"]).exits(0).says("changed");
    assert!(world.project.read(FILE).contains("intercomcdn.com"), "{}", world.project.read(FILE));
    world.project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn a_word_is_pulled_into_a_file_whose_image_changed_and_the_image_is_sent() {
    let host = Host::start();
    let world = with_image(&host);
    world.teammate("Last.", "By Grace.");
    put(&world.project, &host, b"\x89PNG\r\n\x1a\nanother");
    world.project.run(&["pull"]).exits(0);
    assert_eq!(world.project.read(FILE).lines().last(), Some("By Grace."));
    assert!(world.project.read(FILE).contains("![Menu](menu.png)"));
    world.project.run(&["plan", "--detailed-exitcode"]).exits(2);
    world.project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert!(world.body().contains(helpbook::text::Sha256::of(b"\x89PNG\r\n\x1a\nanother").short()));
}

#[test]
fn a_word_is_pulled_into_a_file_that_shows_another_address_and_the_image_is_sent() {
    let (host, server) = (Host::start(), Server::start());
    host.put("/v1/menu.png", There::Bytes(PNG.to_vec()));
    host.put("/v2/menu.png", There::Bytes(b"\x89PNG\r\n\x1a\nanother".to_vec()));
    let text = format!("# One\n\nFirst.\n\n![Menu]({}/v1/menu.png)\n\nLast.\n", host.url());
    let project = Project::new(&[(FILE, &text)]).on(&server);
    let world = LiveArticle::of(server, project, FILE);
    let first = world.body();
    world.server.edit(world.id, &live_edit(&first.replace("Last.", "By Grace.")));
    world.project.edit(FILE, "/v1/", "/v2/");
    world.project.run(&["pull"]).exits(0);
    let pulled = world.project.read(FILE);
    assert!(pulled.contains("/v2/menu.png") && pulled.contains("By Grace."), "{pulled}");
    world.project.run(&["apply", "--publish", "--yes"]).exits(0).says("published guide/one.md");
    let src = |body: &str| body.split("src=\"").nth(1).unwrap().split('?').next().unwrap().to_owned();
    assert_ne!(src(&world.body()), src(&first));
}

#[test]
fn a_description_that_the_docs_do_not_say_and_a_pull_does_not_take() {
    let world = live(TEXT);
    let body = world.body().replace("Last.", "By Grace.");
    world.server.edit(world.id, &json!({ "body": body, "description": "Hers", "publish": true }));
    world.project.run(&["pull"]).exits(0);
    world.project.edit(FILE, "---\nid:", "---\ndescription: ours\nid:");
    world.project.run(&["apply", "--publish", "--yes"]).exits(3).says("conflict: description");
}

#[test]
fn keys_that_both_sides_add_are_never_written_twice() {
    let world = live("---\ntitle: One\nstate: published\n---\n\nFirst.\n");
    world.project.edit(FILE, "title: One", "description: ours\ntitle: One");
    world.commit();
    world.server.edit(world.id, &json!({ "description": "Hers", "publish": true }));
    world.project.run(&["pull"]).exits(3);
    let text = world.project.read(FILE);
    assert!(text.contains("<<<<<<<") && text.contains("ours") && text.contains("Hers"), "{text}");
}

#[test]
fn tags_that_both_sides_change_are_not_taken_over_the_docs() {
    let world = live("---\ntitle: One\nstate: published\ntags: [x]\n---\n\nFirst.\n");
    world.tag("hers");
    world.project.edit(FILE, "[x]", "[x, new]");
    world.project.run(&["pull"]).exits(3);
    let text = world.project.read(FILE);
    assert!(text.contains("new") && text.contains("hers"), "{text}");
}

#[test]
fn an_orphan_whose_live_text_was_changed_is_neither_deleted_nor_taken_offline() {
    for policy in ["delete", "unpublish"] {
        let world = live(TEXT);
        world.project.write("helpbook.yml", &format!("docs: docs\nstate: published\norphans: {policy}\n"));
        line_by_grace(&world);
        world.project.remove(FILE);
        world.project.write("docs/guide/two.md", "# Two\n\nText.\n");
        let ran = world.project.run(&["apply", "--publish", "--yes"]).exits(3);
        ran.says("its live text was changed in Intercom");
        assert_eq!(world.server.get(&format!("/articles/{}", world.id))["state"], "published");
    }
}

#[test]
fn of_two_lines_of_a_merge_the_newer_one_stays() {
    let world = live(TEXT);
    let (older, old_body) = (world.project.read("helpbook.lock"), world.body());
    world.project.edit(FILE, "Last.", "Newer.");
    world.project.run(&["apply", "--publish", "--yes"]).exits(0);
    let line = |lock: &str| lock.lines().find(|line| line.contains("\"article\"")).unwrap().to_owned();
    let newer = world.project.read("helpbook.lock");
    let both = format!("{}\n{}", line(&older), line(&newer));
    world.project.write("helpbook.lock", &newer.replace(&line(&newer), &both));
    world.project.edit(FILE, "---\nid:", "---\ntags: [x]\nid:");
    world.project.run(&["apply", "--publish", "--yes"]).exits(0);
    world.server.edit(world.id, &live_edit(&old_body));
    world.project.run(&["plan"]).exits(0).says("text changed by");
}

#[test]
fn a_tag_of_hers_that_a_first_tag_of_the_docs_stands_beside() {
    let world = live("---\ntitle: One\nstate: published\n---\n\nFirst.\n");
    world.tag("hers");
    world.project.edit(FILE, "title: One", "title: One\ntags: [x]");
    world.project.run(&["apply", "--publish", "--yes"]).exits(0).says("tags changed by");
    let tags = world.server.get(&format!("/articles/{}", world.id))["tags"].to_string();
    assert!(tags.contains("\"hers\"") && tags.contains("\"x\""), "{tags}");
}

/// What the docs changed in a way that reads the same in canonical form is still sent after a pull.
#[test]
fn a_word_is_pulled_beside_a_change_of_the_docs_in_exact_form_alone() {
    for (text, old, new) in [
        ("# One\n\n## Two {#h_0000000001}\n\nLast.\n", "h_0000000001", "h_0000000002"),
        ("# One\n\n## Two\n\nLast.\n", "## Two", "## Two {#h_0000000002}"),
        ("# One\n\nFirst.\n\nLast.\n", "state: published", "state: published\nspacing: none"),
    ] {
        let world = live(text);
        let file = if old.starts_with("state") { "helpbook.yml" } else { FILE };
        world.project.edit(file, old, new);
        world.teammate("Last.", "By Grace.");
        world.project.run(&["pull"]).exits(0).says("your other changes are kept");
        assert!(world.project.read(FILE).contains("By Grace."));
        world.project.run(&["plan", "--detailed-exitcode"]).exits(2);
        world.project.run(&["apply", "--publish", "--yes"]).exits(0).says("published guide/one.md");
        assert!(world.body().contains("By Grace."));
        world.project.run(&["plan", "--detailed-exitcode"]).exits(0);
    }
}

#[test]
fn a_word_is_pulled_beside_a_link_to_an_article_that_was_made_again() {
    let two = ("docs/guide/two.md", "# Two\n\nText.\n");
    let world = LiveArticle::among(&[(FILE, "# One\n\nSee [two](two.md).\n\nLast.\n"), two], FILE);
    let old = id_of(&world.project, two.0);
    world.teammate("Last.", "By Grace.");
    world.server.delete(&format!("/articles/{old}"));
    world.project.edit(two.0, &format!("id: {old}\n"), "");
    world.project.run(&["apply", "--publish", "--yes"]).exits(0);
    world.project.run(&["pull"]).exits(0);
    let text = world.project.read(FILE);
    assert!(text.contains("[two](two.md)") && text.contains("By Grace."), "{text}");
    world.project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert!(!world.body().contains(&old.to_string()), "{}", world.body());
}

#[test]
fn an_empty_paragraph_that_goes_is_said_where_no_file_can_say_it() {
    let world = live("# One\n\nFirst.\n\nLast.\n");
    world.teammate("<p class=\"no-margin\"></p>", "");
    world.project.run(&["plan"]).exits(0).says("text: the words are the same; empty lines");
    let ran = world.project.run(&["pull"]).exits(0);
    ran.says("`guide/one.md`: of its text only empty lines or the ids of headings were changed");
    world.project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

/// A pull that is undone in the files alone left the lock saying that her text is known.
#[test]
fn a_pull_whose_file_was_restored_is_undone() {
    let world = live(TEXT);
    world.teammate("Last.", "By Grace.");
    world.project.run(&["pull"]).exits(0);
    world.project.git(&["checkout", "-q", "docs"]);
    world.project.run(&["plan"]).exits(0).says("text changed by Grace");
    world.project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert!(world.body().contains("By Grace."), "{}", world.body());
    world.project.edit(FILE, "First.", "Second.");
    world.project.run(&["plan"]).exits(0).says("replaces what Grace wrote and the last pull took");
    world.project.edit(FILE, "Second.", "First.");
    world.project.run(&["pull"]).exits(0).says("changed");
    assert!(world.project.read(FILE).contains("By Grace."));
}

#[test]
fn a_restored_file_brings_the_conflict_back_and_one_that_was_chosen_names_her() {
    let world = live(TEXT);
    world.teammate("Last.", "By Grace.");
    world.project.edit(FILE, "Last.", "Ours.");
    let ours = world.project.read(FILE);
    world.project.run(&["pull"]).exits(3);
    world.project.git(&["checkout", "-q", "docs"]);
    world.project.run(&["plan"]).exits(0).says("text changed by Grace");
    world.project.write(FILE, &ours);
    world.project.run(&["plan"]).exits(0).says("replaces what Grace wrote and the last pull took");
    world.project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert!(world.body().contains("Ours."), "{}", world.body());
    world.project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn a_draft_that_was_pulled_is_a_teammates_again_where_the_file_is_restored() {
    let world = live(TEXT);
    world.server.edit(world.id, &json!({ "body": world.body().replace("Last.", "By Grace.") }));
    world.project.run(&["pull", "--drafts"]).exits(0);
    world.project.git(&["checkout", "-q", "docs"]);
    world.project.run(&["plan"]).exits(0).says("a draft by Grace is pending in Intercom");
    world.project.run(&["apply"]).exits(0);
    assert!(world.draft().contains("By Grace."), "{}", world.draft());
    world.project.edit(FILE, "First.", "Second.");
    world.project.run(&["plan"]).exits(0).says("replaces what Grace wrote and the last pull took");
}

/// The title of a run that a revert takes back beside her word in the text, and the draft of another branch.
#[test]
fn what_her_text_grew_from_is_told_field_by_field_and_is_no_draft_of_a_branch() {
    let world = live(TEXT);
    let older = world.project.read("helpbook.lock");
    world.project.edit(FILE, "# One", "# Wrong");
    world.project.run(&["apply", "--publish", "--yes"]).exits(0);
    world.project.edit(FILE, "# Wrong", "# One");
    world.project.write("helpbook.lock", &older.replace("\"updated_at\":1", "\"updated_at\":0"));
    world.teammate("Last.", "By Grace.");
    world.project.run(&["apply", "--publish", "--yes"]).exits(3).says("conflict: title");
    assert!(world.body().contains("By Grace."));

    let world = live(TEXT);
    let (lock, text) = (world.project.read("helpbook.lock"), world.project.read(FILE));
    world.project.edit(FILE, "# One", "# Branch");
    world.project.run(&["apply"]).exits(0);
    world.project.write(FILE, &text);
    world.project.write("helpbook.lock", &lock.replace("\"updated_at\":1", "\"updated_at\":0"));
    world.teammate("Last.", "By Grace.");
    world.project.run(&["plan"]).exits(0).says("text changed by Grace");
}

#[test]
fn links_that_she_swapped_stay_swapped_where_one_leads_to_an_article_that_is_gone() {
    let files = [
        (FILE, "# One\n\nSee [two](two.md) and [three](three.md).\n\nLast.\n"),
        ("docs/guide/two.md", "# Two\n\nText.\n"),
        ("docs/guide/three.md", "# Three\n\nText.\n"),
    ];
    let world = LiveArticle::among(&files, FILE);
    let (body, two) = (world.body(), id_of(&world.project, "docs/guide/two.md"));
    let links: Vec<&str> = body.split("<a ").skip(1).map(|link| link.split("</a>").next().unwrap()).collect();
    let swapped = body.replace(links[0], "0").replace(links[1], links[0]).replace("<a 0", &format!("<a {}", links[1]));
    world.server.edit(world.id, &live_edit(&swapped));
    world.server.delete(&format!("/articles/{two}"));
    world.project.edit("docs/guide/two.md", &format!("id: {two}\n"), "");
    world.project.run(&["pull"]);
    let text = world.project.read(FILE);
    assert!(text.contains("See [three](three.md) and [two](two.md)."), "{text}");
}
