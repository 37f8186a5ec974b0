//! Links between articles: into circles, to headings and folders, in both modes of heading ids.

use std::collections::BTreeMap;

use helpbook::intercom::model::Locale;
use helpbook::local::{HeadingIds, Options};
use serde_json::Value;

use crate::harness::{Project, Server, id_of, live_edit, never_offline};

const FILES: [&str; 5] =
    ["docs/guide/a.md", "docs/guide/b.md", "docs/guide/end.md", "docs/more/c.md", "docs/more/deep/d.md"];

/// New articles whose links go round in circles, with and without headings.
fn circles() -> Project {
    Project::new(&[
        (
            "docs/guide/a.md",
            "# A\n\nGo to [its steps](b.md#steps), [below](#last), [all](./) or [more](../more).\n\n## First\n\nText.\n\n## Last\n\nText.\n",
        ),
        ("docs/guide/b.md", "# B\n\nFrom [A](a.md#first), then [C](../more/c.md).\n\n## Steps\n\nText.\n"),
        ("docs/guide/end.md", "# End\n\nAn end.\n\n## The end & more\n\nText.\n"),
        ("docs/more/c.md", "# C\n\nBack to [B](../guide/b.md) and on to the [end](../guide/end.md#the-end--more).\n"),
        ("docs/more/deep/d.md", "# D\n\n[C](../c.md), [end](<../../guide/end.md#the-end--more>) and [itself](d.md).\n"),
    ])
}

fn server(heading_ids: HeadingIds) -> Server {
    Server::with(Options::behaving(|does| does.heading_ids = heading_ids))
}

/// The addresses in a body.
fn addresses(body: &str) -> Vec<String> {
    body.match_indices("href=\"")
        .map(|(at, start)| body[at + start.len()..].split('"').next().unwrap().to_owned())
        .collect()
}

fn body(server: &Server, id: u64) -> String {
    server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().to_owned()
}

/// Every link of every article that points nowhere, as `path address`.
fn dangling(server: &Server, project: &Project) -> Vec<String> {
    let site = server.get("/help_center/help_centers")["data"][0]["url"].as_str().unwrap().to_owned();
    let mut found = Vec::new();
    for file in FILES {
        let own = body(server, id_of(project, file));
        for address in addresses(&own) {
            let (place, fragment) = address.split_once('#').unwrap_or((&address, ""));
            let target = match place.strip_prefix(&site).map(|path| path.trim_start_matches("/en/")) {
                None if place.is_empty() => own.clone(),
                Some(path) if path.starts_with("articles/") => {
                    server.get(&format!("/{path}"))["body"].as_str().unwrap_or_default().to_owned()
                }
                Some(path) if path.starts_with("collections/") => {
                    let id = path["collections/".len()..].split('-').next().unwrap();
                    assert!(!server.get(&format!("/help_center/collections/{id}"))["id"].is_null(), "{address}");
                    continue;
                }
                _ => panic!("{file}: {address}"),
            };
            if target.is_empty() || (!fragment.is_empty() && !target.contains(&format!("id=\"{fragment}\""))) {
                found.push(format!("{file} {address}"));
            }
        }
    }
    found
}

/// How often the text of each article was written: requests but those that only publish.
fn writes(server: &Server, mark: usize) -> BTreeMap<String, Vec<String>> {
    let mut writes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in server.writes_since(mark) {
        if let Some(article) = line.split(' ').find_map(|word| word.strip_prefix("article=")) {
            let method = line.split(' ').next().unwrap().to_owned();
            writes.entry(article.to_owned()).or_default().push(method);
        }
    }
    writes
}

fn in_sync(project: &Project) {
    project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes");
    let clone = project.cloned();
    clone.remove("helpbook.lock");
    clone.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes");
}

#[test]
fn circles_between_new_articles_are_written_once_and_lead_somewhere() {
    let server = server(HeadingIds::Kept);
    let project = circles().on(&server);
    project.run(&["check"]).exits(0).says("no problems");
    let mark = server.requests().len();
    project.run(&["apply"]).exits(0);
    for (article, methods) in writes(&server, mark) {
        assert!(methods == ["POST"] || methods == ["POST", "PUT"], "{article}: {methods:?}");
    }
    let twice = writes(&server, mark).values().filter(|methods| methods.len() == 2).count();
    assert_eq!(twice, 2, "b is in both circles, and d links to itself; the others are whole from the start");
    let mark = server.requests().len();
    project.run(&["apply"]).exits(0);
    assert_eq!(server.writes_since(mark), [""; 0], "a second apply sends no write");
    project.cloned().run(&["publish", "--yes"]).exits(0);
    assert_eq!(dangling(&server, &project), [""; 0]);
    in_sync(&project);
}

#[test]
fn one_run_does_it_all() {
    let project = circles();
    project.run(&["--local", "apply", "--publish", "--yes"]).exits(0);
    project.run(&["--local", "plan", "--detailed-exitcode"]).exits(0).says("No changes");
}

#[test]
fn where_ids_are_made_anew_only_links_that_close_a_circle_lose_their_heading() {
    let server = server(HeadingIds::Regenerated);
    let project = circles().on(&server);
    let mark = server.requests().len();
    project.run(&["apply"]).exits(0).says("points to the top of that article");
    for (article, methods) in writes(&server, mark) {
        assert!(methods == ["POST"] || methods == ["POST", "PUT"], "{article}: {methods:?}");
    }
    project.run(&["publish", "--yes"]).exits(0);
    // A link within an article cannot be kept where its ids are made again with every save.
    let lost = dangling(&server, &project);
    assert!(lost.iter().all(|link| link.contains(" #h_")), "{lost:#?}");
    let of = |path: &str| addresses(&body(&server, id_of(&project, path))).join(" ");
    assert!(of("docs/more/c.md").contains('#'), "the link to the end keeps its heading");
    let kept = [of("docs/guide/a.md"), of("docs/guide/b.md")]
        .iter()
        .filter(|links| {
            links.contains("/articles/")
                && links.split(' ').any(|link| link.contains("/articles/") && link.contains('#'))
        })
        .count();
    assert_eq!(kept, 1, "one of the two that link to each other's headings");
    in_sync(&project);
    let mark = server.requests().len();
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert_eq!(server.writes_since(mark), [""; 0]);
}

#[test]
fn a_heading_that_is_renamed_is_one_change_and_its_links_another() {
    let server = server(HeadingIds::Kept);
    let project = circles().on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    // Its id is in the file: links to it lead there whatever it says.
    let end = id_of(&project, "docs/guide/end.md");
    let text = body(&server, end);
    let id = text.split("id=\"").nth(1).unwrap().split('"').next().unwrap();
    project.edit("docs/guide/end.md", "## The end & more", &format!("## The very end {{#{id}}}"));
    for file in ["docs/more/c.md", "docs/more/deep/d.md"] {
        project.edit(file, "#the-end--more", "#the-very-end");
    }
    project.run(&["plan"]).exits(0).says("guide/end.md").says("Plan: 1 to update");
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    // Without it, the heading is another one, and what links to it changes with it.
    project.edit("docs/guide/end.md", &format!("## The very end {{#{id}}}"), "## Finis");
    project.run(&["check"]).exits(0).says("unknown-heading").says("more/c.md");
    for file in ["docs/more/c.md", "docs/more/deep/d.md"] {
        project.edit(file, "#the-very-end", "#finis");
    }
    project.run(&["plan"]).exits(0).says("Plan: 3 to update");
    let mark = server.requests().len();
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert_eq!(server.writes_since(mark).iter().filter(|line| line.starts_with("PUT")).count(), 3);
    assert_eq!(dangling(&server, &project), [""; 0]);
    in_sync(&project);
    never_offline(&server.requests());
}

#[test]
fn a_file_that_is_renamed_is_no_change_of_what_links_to_it() {
    let server = server(HeadingIds::Kept);
    let project = circles().on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let text = project.read("docs/guide/end.md");
    project.remove("docs/guide/end.md");
    project.write("docs/guide/finis.md", &text);
    project.run(&["plan"]).exits(1).says("missing-article").says("there is no article or folder `guide/end.md`");
    for file in ["docs/more/c.md", "docs/more/deep/d.md"] {
        project.edit(file, "guide/end.md", "guide/finis.md");
    }
    in_sync(&project);
    // Into another folder: it moves, and nothing else happens.
    project.remove("docs/guide/finis.md");
    project.write("docs/more/finis.md", &text);
    for file in ["docs/more/c.md", "docs/more/deep/d.md"] {
        project.edit(file, "guide/finis.md", "more/finis.md");
    }
    project.run(&["plan"]).exits(0).says("more/finis.md").says("Plan: 1 to update");
    let mark = server.requests().len();
    project.run(&["apply", "--publish", "--yes"]).exits(0).says("moved");
    assert_eq!(server.writes_since(mark).len(), 1);
    in_sync(&project);
}

#[test]
fn ids_that_were_lost_are_found_again_in_circles() {
    let server = server(HeadingIds::Kept);
    let project = circles().on(&server);
    let without_ids = project.cloned();
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let mark = server.requests().len();
    let lost = without_ids.on(&server);
    lost.run(&["apply", "--publish", "--yes"]).exits(0).says("adopted");
    assert_eq!(server.writes_since(mark), [""; 0]);
    for file in FILES {
        assert_eq!(id_of(&lost, file), id_of(&project, file), "{file}");
    }
    in_sync(&lost);
}

#[test]
fn a_link_to_an_article_that_is_not_created_blocks_what_links_to_it() {
    let server = server(HeadingIds::Kept);
    let project = circles().on(&server);
    project
        .run(&["apply", "docs/guide/b.md"])
        .exits(3)
        .says("it links to `guide/a.md#first`, which is not in Intercom and is not created");
    assert_eq!(server.ids(), [0; 0]);
    project.run(&["apply", "docs/guide", "docs/more"]).exits(0);
    assert_eq!(server.ids().len(), FILES.len());
}

#[test]
fn a_saved_plan_fills_the_ids_that_it_creates_and_can_be_run_again() {
    let server = server(HeadingIds::Kept);
    let project = circles().on(&server);
    project.run(&["plan", "--out", "plan.json"]).exits(0);
    assert!(project.read("plan.json").contains("helpbook:article/guide/a.md"));
    project.run(&["apply", "plan.json"]).exits(0);
    let mark = server.requests().len();
    project.run(&["apply", "plan.json"]).exits(0);
    assert_eq!(server.writes_since(mark), [""; 0]);
    project.run(&["publish", "plan.json", "--yes"]).exits(0);
    assert_eq!(dangling(&server, &project), [""; 0]);
}

#[test]
fn a_teammates_link_to_another_article_is_theirs() {
    let server = server(HeadingIds::Kept);
    let project = circles().on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let (c, end) = (id_of(&project, "docs/more/c.md"), id_of(&project, "docs/guide/end.md"));
    let text = body(&server, c);
    let other = text.replace(&format!("/articles/{end}"), "/articles/1");
    assert_ne!(text, other);
    server.edit(c, &live_edit(&other));
    project.run(&["plan"]).exits(0).says("changed in Intercom");
    // The editor's way to write the same address is no change.
    let slug = text.replace(&format!("/articles/{end}"), &format!("/articles/{end}-the-end"));
    server.edit(c, &live_edit(&slug));
    in_sync(&project);
}

#[test]
fn what_cannot_be_linked_stops_before_any_write() {
    let server = server(HeadingIds::Kept);
    let project = Project::new(&[
        ("docs/README.md", "# Read me\n"),
        ("docs/a.md", "# A\n\n[x](README.md) [x](../../etc/passwd) [x](bb.md) [x](b.md#stepps) [x](b.md)\n"),
        ("docs/b.md", "---\nstate: draft\n---\n# B\n\n## Steps\n\nText.\n"),
    ])
    .on(&server);
    let ran = project.run(&["apply"]).exits(1);
    for text in [
        "error[relative-link]: `README.md` is neither an article nor a collection",
        "docs/a.md:3:1",
        "error[relative-link]: `../../etc/passwd` leaves the docs folder",
        "error[missing-article]: there is no article or folder `bb.md`",
        "did you mean `b.md`?",
        "warning[unknown-heading]: no heading of `b.md` is `#stepps`",
        "did you mean `#steps`?",
        "warning[link-to-draft]: `b.md` is a draft",
    ] {
        assert!(ran.stderr.contains(text), "{text}\n{}", ran.stderr);
    }
    assert_eq!(server.writes_since(0), [""; 0]);
    assert!(!project.exists("helpbook.lock"));
}

#[test]
fn what_is_wrong_with_the_docs_is_told_whatever_intercom_answers() {
    let server = server(HeadingIds::Kept);
    let project =
        Project::new(&[("docs/a.md", "# A\n\n[x](b.md)\n")]).on(&server).env("INTERCOM_ACCESS_TOKEN", "wrong");
    for command in [&["plan"][..], &["apply"], &["publish", "--yes"], &["pull"], &["status"]] {
        let ran =
            project.run(command).exits(1).says("there is no article or folder `b.md`").says("nothing was changed");
        assert_eq!(ran.stderr.matches("error:").count(), 1, "{}", ran.stderr);
    }
}

#[test]
fn a_text_that_is_as_it_was_sent_is_still_checked_where_what_it_links_to_changed() {
    let server = server(HeadingIds::Kept);
    let project = Project::new(&[
        ("docs/a.md", "---\nstate: published\n---\n# A\n\nSee [x](b.md#steps) and [y](b.md).\n"),
        ("docs/b.md", "---\nstate: published\n---\n# B\n\n## Steps\n\nText.\n"),
    ])
    .on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    in_sync(&project);
    let b = project.read("docs/b.md");
    project.write("docs/b.md", &b.replace("Steps", "Way"));
    let plan = project.run(&["plan"]).exits(0).says("Plan: 1 to update");
    assert!(plan.stderr.contains("no heading of `b.md` is `#steps`"), "{}", plan.stderr);
    project.write("docs/b.md", &b.replace("Text", "Words"));
    let plan = project.run(&["plan"]).exits(0).says("Plan: 1 to update");
    assert!(!plan.stderr.contains("warning"), "{}", plan.stderr);
    project.write("docs/b.md", &b);
    project.remove("docs/b.md");
    project.write("docs/c.md", &b);
    let plan = project.run(&["plan"]).exits(1);
    assert!(plan.stderr.contains("there is no article or folder `b.md`"), "{}", plan.stderr);
}

#[test]
fn no_placeholder_ever_reaches_intercom() {
    for heading_ids in [HeadingIds::Kept, HeadingIds::Regenerated] {
        let server = server(heading_ids);
        let project = circles().on(&server);
        project.run(&["apply", "--publish", "--yes"]).exits(0);
        for id in server.ids() {
            let versions: Value = server.get(&format!("/articles/{id}/versions"));
            assert!(!versions.to_string().contains("helpbook:"), "{versions}");
        }
    }
}

#[test]
fn a_folder_that_is_renamed_is_no_change_of_what_links_to_it() {
    let server = server(HeadingIds::Kept);
    let project = circles().on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    std::fs::rename(project.path().join("docs/more"), project.path().join("docs/further")).unwrap();
    project
        .run(&["check"])
        .exits(1)
        .says("there is no article or folder `more`")
        .says("it moved: write `../further/c.md`");
    project.edit("docs/guide/a.md", "(../more)", "(../further)");
    project.edit("docs/guide/b.md", "../more/c.md", "../further/c.md");
    in_sync(&project);
}

/// A book in three languages and three levels, whose articles link to each other in circles, to
/// headings and to folders, and show one image. French lacks one of the four articles, Spanish two.
fn three_languages(server: &Server, project: &Project) {
    let images = format!("images: {{ base_url: \"{}/docs/{{path}}?v={{sha256}}\" }}", server.url());
    let write = |path: &str, text: &str| project.write(&format!("docs/guide/{path}"), text);
    project.write("helpbook.yml", &format!("docs: docs\nstate: published\nlocales: [en, fr, es]\n{images}\n"));
    for (folder, names) in [
        ("", ["Guide", "Guide (fr)", "Guía"]),
        ("setup/", ["Setup", "Réglages", "Ajustes"]),
        ("setup/deep/", ["Deep", "Au fond", "Fondo"]),
    ] {
        for (suffix, name) in ["", ".fr", ".es"].iter().zip(names) {
            write(&format!("{folder}_index{suffix}.md"), &format!("---\ntitle: {name}\n---\n"));
        }
    }
    let menu = "![menu](images/menu.png)";
    write(
        "install.md",
        &format!(
            "# Install\n\nNext: [ports](setup/network.md#ports), [below](#steps), [en français](install.fr.md#étapes).\n\n{menu}\n\n## Steps\n\nGo.\n"
        ),
    );
    write(
        "install.fr.md",
        &format!(
            "# Installer\n\nSuite : [ports](setup/network.md#les-ports), [plus bas](#étapes), [tout](setup/).\n\n{menu}\n\n## Étapes\n\nAllez.\n"
        ),
    );
    write(
        "install.es.md",
        &format!(
            "# Instalar\n\nSigue: [puertos](setup/network.md#ports), [abajo](#pasos), [todo](setup/_index.es.md).\n\n{menu}\n\n## Pasos\n\nVamos.\n"
        ),
    );
    let menu = "![menu](../images/menu.png)";
    write(
        "setup/network.md",
        &format!(
            "# Network\n\n[Back](../install.md#steps), [on](deep/tuning.md#more), [only](../only.md).\n\n## Ports\n\n{menu}\n"
        ),
    );
    write(
        "setup/network.fr.md",
        &format!(
            "# Réseau\n\n[Retour](../install.fr.md#étapes), [suite](deep/tuning.fr.md#plus), [seul](../only.md#here).\n\n## Les ports\n\n{menu}\n"
        ),
    );
    write(
        "setup/deep/tuning.md",
        "# Tuning\n\n[Ports](../network.md#ports), [start](../../install.md).\n\n## More\n\nM.\n",
    );
    write(
        "setup/deep/tuning.fr.md",
        "# Affiner\n\n[Ports](../network.md#les-ports), [début](../../install.md#étapes).\n\n## Plus\n\nP.\n",
    );
    write(
        "setup/deep/tuning.es.md",
        "# Afinar\n\n[Puertos](../network.md), [inicio](../../install.md#pasos).\n\n## Más\n\nM.\n",
    );
    write("only.md", "# Only\n\n[Tuning](setup/deep/tuning.md#more).\n\n## Here\n\nText.\n");
    std::fs::create_dir_all(project.path().join("docs/guide/images")).unwrap();
    std::fs::write(project.path().join("docs/guide/images/menu.png"), b"\x89PNG\r\n\x1a\nmenu").unwrap();
}

/// A Help Center in three languages with that book.
fn in_three_languages(heading_ids: HeadingIds) -> (Server, Project) {
    let project = Project::new(&[("docs/guide/only.md", "# Only\n")]);
    let server = Server::with(Options {
        locales: ["en", "fr", "es"].map(|locale| Locale(locale.to_owned())).to_vec(),
        docs: Some(project.path().join("docs")),
        ..Options::behaving(|does| does.heading_ids = heading_ids)
    });
    three_languages(&server, &project);
    let project = project.on(&server);
    (server, project)
}

/// The text of an article in a locale, if it is live there.
fn text_in(article: &Value, locale: &str) -> Option<String> {
    let content = if locale == "en" { article } else { &article["translated_content"][locale] };
    (content["state"] == "published").then(|| content["body"].as_str().unwrap().to_owned())
}

/// How often texts of one locale link to articles in another one, and the links that land on no
/// heading. Every link points to something live.
fn landings(server: &Server) -> (BTreeMap<(String, String), usize>, Vec<String>) {
    let mut lost = Vec::new();
    let site = server.get("/help_center/help_centers")["data"][0]["url"].as_str().unwrap().to_owned();
    let mut landed: BTreeMap<(String, String), usize> = BTreeMap::new();
    for id in server.ids() {
        let article = server.get(&format!("/articles/{id}"));
        for locale in ["en", "fr", "es"] {
            let Some(own) = text_in(&article, locale) else { continue };
            assert!(!own.contains("helpbook:"), "{own}");
            for address in addresses(&own) {
                let (place, fragment) = address.split_once('#').unwrap_or((&address, ""));
                let place = place.strip_prefix(&site).unwrap_or(place);
                let target = match place.split('/').collect::<Vec<_>>().as_slice() {
                    [""] => own.clone(),
                    ["", there, "articles", id] => {
                        *landed.entry((locale.to_owned(), (*there).to_owned())).or_default() += 1;
                        let text = text_in(&server.get(&format!("/articles/{id}")), there);
                        text.unwrap_or_else(|| panic!("{locale}: {address} is not live in {there}"))
                    }
                    ["", there, "collections", id] => {
                        assert_eq!(*there, locale);
                        assert!(!server.get(&format!("/help_center/collections/{id}"))["id"].is_null());
                        continue;
                    }
                    _ => panic!("{locale}: {address}"),
                };
                if !fragment.is_empty() && !target.contains(&format!("id=\"{fragment}\"")) {
                    lost.push(format!("{locale} {} {address}", article["title"].as_str().unwrap()));
                }
            }
        }
    }
    (landed, lost)
}

#[test]
fn a_book_in_three_languages_and_three_levels_is_published_in_one_run_and_every_link_lands_in_its_language() {
    let (server, project) = in_three_languages(HeadingIds::Kept);
    let check = project.run(&["check"]).exits(0).stdout;
    assert!(!check.contains("unknown-heading") && !check.contains("missing-article"), "{check}");
    project.run(&["plan"]).exits(0).says("its link to `guide/setup/network.md` points to the text in `en`");
    let mark = server.requests().len();
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    for (article, methods) in writes(&server, mark) {
        let is_once = methods == ["POST", "PUT"] || methods == ["POST", "PUT", "PUT"];
        assert!(is_once, "{article}: created, linked once at most, published: {methods:?}");
    }
    let (landed, lost) = landings(&server);
    assert_eq!(lost, [""; 0]);
    let landed: Vec<_> = landed.iter().map(|((from, to), count)| format!("{from} {to} {count}")).collect();
    assert_eq!(landed, ["en en 7", "en fr 1", "es en 2", "es es 1", "fr en 1", "fr fr 5"]);
    in_sync(&project);
    let mark = server.requests().len();
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert_eq!(server.writes_since(mark), [""; 0], "a second run writes nothing");
    // French links name French headings.
    project.edit("docs/guide/install.fr.md", "## Étapes", "## Pas à pas");
    project.edit("docs/guide/install.fr.md", "#étapes", "#pas-à-pas");
    project.run(&["plan"]).exits(0).says("no heading of `guide/install.fr.md` is `#étapes`");
}

/// A translation is sent whole to go live, and its headings get other ids once more.
#[test]
fn where_ids_are_made_anew_links_follow_headings_in_every_language() {
    let (server, project) = in_three_languages(HeadingIds::Regenerated);
    project.run(&["apply", "--publish", "--yes"]).exits(0).says("in `fr`: the link to");
    let (_, lost) = landings(&server);
    assert_eq!(lost.len(), 3, "{lost:#?}");
    // A link within an article cannot be kept where its ids are made again with every save.
    assert!(lost.iter().all(|link| link.contains(" #h_")), "{lost:#?}");
    in_sync(&project);
}

#[test]
fn a_pulled_text_keeps_its_links_and_new_ones_become_paths() {
    let server = server(HeadingIds::Kept);
    let project = circles().on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let (id, end) = (id_of(&project, "docs/guide/b.md"), id_of(&project, "docs/guide/end.md"));
    let site = server.get("/help_center/help_centers")["data"][0]["url"].as_str().unwrap().to_owned();
    let before = project.read("docs/guide/b.md");
    let live = body(&server, id)
        .replace("From ", "Coming from ")
        .replace("Text.", &format!("See <a href=\"{site}/en/articles/{end}-end\">the end</a>."));
    server.edit(id, &live_edit(&live));
    project.run(&["pull"]).exits(0);
    let after = before.replace("From ", "Coming from ").replace("Text.", "See [the end](end.md).");
    assert_eq!(project.read("docs/guide/b.md"), after);
    in_sync(&project);
}

#[test]
fn a_translation_links_to_a_heading_of_another_translation_in_both_modes_and_without_a_lock() {
    for heading_ids in [HeadingIds::Kept, HeadingIds::Regenerated] {
        let locales = ["en", "fr"].map(|locale| Locale(locale.to_owned())).to_vec();
        let server = Server::with(Options { locales, ..Options::behaving(|does| does.heading_ids = heading_ids) });
        let project = Project::new(&[
            ("helpbook.yml", "docs: docs\nstate: published\nlocales: [en, fr]\n"),
            ("docs/a/a.md", "# A\n\nSee [b](b.md).\n"),
            ("docs/a/a.fr.md", "# Un\n\nVoir [le jeton](b.fr.md#le-jeton).\n"),
            ("docs/a/b.md", "# B\n\n## The token\n\nText.\n"),
            ("docs/a/b.fr.md", "# Deux\n\n## Le jeton\n\nTexte.\n"),
        ])
        .on(&server);
        project.run(&["apply", "--publish", "--yes"]).exits(0);
        project.run(&["plan", "--detailed-exitcode"]).exits(0);
        project.remove("helpbook.lock");
        project.run(&["plan", "--detailed-exitcode"]).exits(0);
    }
}
