//! Whose change it is after what happens to real projects: crashes, reverts, merges by hand, discarded drafts.
//!
//! Each history ends three times: with the lock as the run before left it, with the lock deleted, and with the lock
//! of another branch merged in. The line above each test says what has to come out.

use serde_json::{Value, json};

use crate::harness::{Lock, Project, Server, change_of, id_of, is_blocked, live_edit, named_in};
use crate::images::{Host, PNG, There};
use crate::live_article::LiveArticle;
use crate::samples::{SAMPLES, TARGET};
use helpbook::local::{HeadingIds, Options};

const FILE: &str = "docs/guide/install.md";

/// An article that was published twice, committed each time.
struct World {
    article: LiveArticle,
    /// The lock after the first of the two: what another branch still has.
    older: String,
}

impl std::ops::Deref for World {
    type Target = LiveArticle;

    fn deref(&self) -> &LiveArticle {
        &self.article
    }
}

impl World {
    fn new() -> Self {
        Self::of(&[(FILE, "# Install\n\nRun an installer.\n\nOpen the menu.\n\nClick it.\n")])
    }

    fn of(files: &[(&str, &str)]) -> Self {
        let article = LiveArticle::among(files, FILE);
        let world = Self { older: article.project.read("helpbook.lock"), article };
        world.project.edit(FILE, "Run an installer.", "Run the installer.");
        world.project.run(&["apply", "--publish", "--yes"]).exits(0);
        world.commit();
        world
    }

    /// A third text was published, and reverted with its lock in Git; another branch has not reverted yet.
    fn reverted() -> Self {
        let mut world = Self::new();
        world.project.edit(FILE, "Run the installer.", "Run it twice.");
        world.project.run(&["apply", "--publish", "--yes"]).exits(0);
        world.commit();
        world.older = world.project.read("helpbook.lock");
        world.project.git(&["revert", "--no-edit", "HEAD"]);
        world
    }

    fn lock(&self, lock: Lock) {
        lock.applied(&self.project, &self.older);
    }

    /// What a plan says of the file: its action, the fields that it names, and whether it is refused.
    fn planned(&self, path: &str) -> Planned {
        let document = self.project.plan_json();
        let Some(change) = change_of(&document, path.trim_start_matches("docs/")) else {
            return Planned { action: "none".to_owned(), fields: String::new(), is_blocked: false };
        };
        let fields = named_in(change).into_iter().collect::<Vec<_>>().join(", ");
        Planned { action: change["action"].as_str().unwrap().to_owned(), fields, is_blocked: is_blocked(change) }
    }

    /// The file is as wanted, nothing is left, and nothing is written twice.
    #[track_caller]
    fn ends_with(&self, texts: &[&str]) {
        let body = self.body();
        for text in texts {
            assert!(body.contains(text), "`{text}` is not live: {body}");
        }
        self.is_settled();
    }

    /// Nothing is left to do with the lock and without; a second run sends no write.
    #[track_caller]
    fn is_settled(&self) {
        let mark = self.server.requests().len();
        self.project.run(&["plan", "--detailed-exitcode"]).exits(0);
        self.project.run(&["apply", "--publish", "--yes"]).exits(0);
        assert_eq!(self.server.writes_since(mark), [""; 0]);
        let lock = self.project.read("helpbook.lock");
        self.project.remove("helpbook.lock");
        self.project.run(&["plan", "--detailed-exitcode"]).exits(0);
        self.project.write("helpbook.lock", &lock);
    }

    /// Nothing of what a teammate wrote is replaced by a run that was not told to.
    #[track_caller]
    fn keeps(&self, text: &str) {
        self.project.run(&["apply", "--publish", "--yes"]);
        let body = self.body();
        assert!(body.contains(text), "`{text}` is not live any more: {body}");
    }
}

#[derive(Debug, PartialEq)]
struct Planned {
    action: String,
    fields: String,
    is_blocked: bool,
}

impl Planned {
    #[track_caller]
    fn is(&self, action: &str, fields: &str) {
        assert_eq!((self.action.as_str(), self.fields.as_str()), (action, fields));
    }
}

/// The three ends of a history. What fails says which it was.
fn each_lock(history: impl Fn(Lock)) {
    let failed: Vec<String> = Lock::ALL
        .into_iter()
        .filter_map(|lock| {
            let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| history(lock)));
            let message = |error: &dyn std::any::Any| {
                let text = error.downcast_ref::<String>().map(String::as_str);
                text.or_else(|| error.downcast_ref::<&str>().copied()).unwrap_or_default().to_owned()
            };
            ran.err().map(|error| format!("{lock:?}: {}", message(&*error)))
        })
        .collect();
    assert!(failed.is_empty(), "{} of 3 ends are wrong\n{}", failed.len(), failed.join("\n\n"));
}

// A run whose record we lack: ours in all three, named where there is a record, and the newer docs go live.
#[test]
fn a_crash_after_a_write_then_other_docs() {
    for crashed in [&["apply"][..], &["apply", "--publish", "--yes"]] {
        each_lock(|lock| {
            let world = World::new();
            let before = world.project.read("helpbook.lock");
            world.project.edit(FILE, "Run the installer.", "Run it twice.");
            world.project.run(crashed).exits(0);
            world.project.write("helpbook.lock", &before);
            world.project.edit(FILE, "Run it twice.", "Run it three times.");
            world.lock(lock);
            world.planned(FILE).is("update", "body");
            if lock != Lock::Lost {
                world.project.run(&["plan"]).says("no record here knows");
            }
            world.project.run(&["apply", "--publish", "--yes"]).exits(0);
            world.ends_with(&["Run it three times."]);
        });
    }
}

// The text that was taken is known from then on: our own change is an update. Lost: a conflict, and theirs stays.
#[test]
fn a_file_merged_by_hand_then_pull() {
    each_lock(|lock| {
        let world = World::new();
        world.teammate("Click it.", "Press it.");
        world.project.edit(FILE, "Run the installer.", "Start the installer.");
        assert!(world.planned(FILE).is_blocked);
        world.project.edit(FILE, "Click it.", "Press it.");
        let by_hand = world.project.read(FILE);
        world.project.run(&["pull"]).exits(0);
        assert_eq!(world.project.read(FILE), by_hand);
        world.lock(lock);
        if lock == Lock::Lost {
            assert!(world.planned(FILE).is_blocked);
            world.keeps("Run the installer.");
            world.project.run(&["apply", "--overwrite", "--publish", "--yes"]).exits(0);
        } else {
            world.planned(FILE).is("update", "body");
            world.project.run(&["pull"]).exits(0).says("Nothing to pull.");
            assert_eq!(world.project.read(FILE), by_hand);
            world.project.run(&["apply", "--publish", "--yes"]).exits(0);
        }
        world.ends_with(&["Start the installer.", "Press it."]);
    });
}

// The same with the markers that pull wrote: what was decided is an update; lost, a conflict, and theirs stays.
#[test]
fn markers_that_were_decided_by_hand() {
    each_lock(|lock| {
        let world = World::new();
        world.teammate("Click it.", "Press it.");
        world.project.edit(FILE, "Click it.", "Tap it.");
        world.project.run(&["pull"]).exits(3);
        let text = world.project.read(FILE);
        let (head, tail) = (text.find("<<<<<<<").unwrap(), text.find(">>>>>>>").unwrap());
        let after = text[tail..].split_once('\n').unwrap().1;
        world.project.write(FILE, &format!("{}Tap or press it.\n{after}", &text[..head]));
        world.lock(lock);
        if lock == Lock::Lost {
            assert!(world.planned(FILE).is_blocked);
            world.keeps("Press it.");
            world.project.run(&["apply", "--overwrite", "--publish", "--yes"]).exits(0);
        } else {
            world.planned(FILE).is("update", "body");
            world.project.run(&["pull"]).exits(0).says("Nothing to pull.");
            world.project.run(&["apply", "--publish", "--yes"]).exits(0);
        }
        world.ends_with(&["Tap or press it."]);
    });
}

// The newer text is ours in all three, so the older one is an update and goes live.
#[test]
fn git_revert_of_docs_and_lock_together() {
    each_lock(|lock| {
        let world = World::reverted();
        assert!(world.project.read(FILE).contains("Run the installer."));
        assert_ne!(world.project.read("helpbook.lock"), world.older);
        world.lock(lock);
        world.planned(FILE).is("update", "body");
        world.project.run(&["apply", "--publish", "--yes"]).exits(0);
        world.ends_with(&["Run the installer."]);
    });
}

// A conflict, as the docs and what Intercom has grew from two texts; where the lock knows the newer one, or is gone,
// the docs changed, too. Nothing of either side is replaced unasked.
#[test]
fn git_revert_of_docs_and_lock_beside_a_word_of_a_teammate() {
    each_lock(|lock| {
        let world = World::reverted();
        world.teammate("Click it.", "Click it twice.");
        // Here both runs are of one second.
        let reverted = world.project.read("helpbook.lock");
        world.project.write("helpbook.lock", &reverted.replace("\"updated_at\":1", "\"updated_at\":0"));
        world.lock(lock);
        world.planned(FILE).is("blocked", "body");
        world.keeps("Click it twice.");
        world.project.run(&["pull"]);
        assert!(world.project.read(FILE).contains("Run the installer."), "{}", world.project.read(FILE));
    });
}

// Staged again, with a note where the record knows that it was staged; then it can be published.
#[test]
fn a_staged_draft_that_a_teammate_discarded() {
    each_lock(|lock| {
        let mut world = World::new();
        world.older = world.project.read("helpbook.lock");
        world.project.edit(FILE, "Run the installer.", "Run it twice.");
        world.project.run(&["apply"]).exits(0);
        world.server.edit(world.id, &json!({ "discard": true }));
        assert_eq!(world.draft(), "");
        world.lock(lock);
        world.planned(FILE).is("update", "body");
        if lock != Lock::Lost {
            let document = world.project.plan_json();
            let notes = &change_of(&document, "guide/install.md").unwrap()["locales"]["en"]["notes"];
            assert!(notes.as_array().is_some_and(|notes| !notes.is_empty()), "no note that the draft is gone");
        }
        world.project.run(&["apply"]).exits(0);
        assert!(world.draft().contains("Run it twice."));
        assert!(world.body().contains("Run the installer."));
        world.project.run(&["publish", "--yes"]).exits(0);
        world.ends_with(&["Run it twice."]);
    });
}

// The article that links follows in all three, in the run that makes the target.
#[test]
fn a_link_target_made_again_with_another_id() {
    each_lock(|lock| {
        let world = World::of(&[
            (FILE, "# Install\n\nRun an installer.\n\nThen [update](update.md).\n"),
            ("docs/guide/update.md", "# Update\n\nRun it again.\n"),
        ]);
        let old = id_of(&world.project, "docs/guide/update.md");
        world.server.delete(&format!("/articles/{old}"));
        world.project.edit("docs/guide/update.md", &format!("id: {old}\n"), "");
        world.lock(lock);
        world.planned(FILE).is("update", "body");
        world.project.run(&["apply", "--publish", "--yes"]).exits(0);
        let new = id_of(&world.project, "docs/guide/update.md");
        assert_ne!(new, old);
        assert!(!world.body().contains(&old.to_string()), "{}", world.body());
        world.ends_with(&[&format!("articles/{new}")]);
        assert_eq!(world.server.ids().len(), 2);
    });
}

// The base is the text that theirs grew from, so both edits are in the file. Lost: theirs is, and stays live.
#[test]
fn a_staged_change_then_an_edit_of_the_live_text_without_it_then_pull() {
    each_lock(|lock| {
        let world = World::new();
        world.project.edit(FILE, "Run the installer.", "Start the installer.");
        world.commit();
        world.project.run(&["apply"]).exits(0);
        world.commit();
        world.server.edit(world.id, &json!({ "discard": true }));
        world.teammate("Click it.", "Press it.");
        world.lock(lock);
        let pulled = world.project.run(&["pull"]);
        let text = world.project.read(FILE);
        assert!(text.contains("Press it."), "{text}");
        if lock == Lock::Lost {
            assert!([0, 3].contains(&pulled.exit), "{pulled:?}");
            world.keeps("Press it.");
            return;
        }
        pulled.exits(0);
        assert!(text.contains("Start the installer.") && !text.contains("<<<<"), "{text}");
        world.planned(FILE).is("update", "body");
        world.project.run(&["apply", "--publish", "--yes"]).exits(0);
        world.ends_with(&["Start the installer.", "Press it."]);
    });
}

// Their change, taken by pull. Lost: it may go unseen, and is not overwritten.
#[test]
fn a_picture_resized_in_intercom() {
    each_lock(|lock| {
        let image = "![the menu](https://cdn.example.com/menu.png)";
        let world = World::of(&[(FILE, &format!("# Install\n\nRun an installer.\n\n{image}\n"))]);
        let body = world.body().replace("alt=\"the menu\"", "alt=\"the menu\" width=\"320\" height=\"200\"");
        world.server.edit(world.id, &live_edit(&body));
        assert!(world.body().contains("width=\"320\""));
        world.lock(lock);
        if lock == Lock::Lost {
            let mark = world.server.requests().len();
            world.project.run(&["apply", "--publish", "--yes"]).exits(0);
            assert_eq!(world.server.writes_since(mark), [""; 0]);
            return;
        }
        world.planned(FILE).is("drift", "body");
        world.project.run(&["pull"]).exits(0).says("1 equal, 0 differ");
        assert!(world.project.read(FILE).contains("320"));
        world.ends_with(&["width=\"320\""]);
    });
}

// An update that goes live. Lost: the same, or unseen; nothing is undone.
#[test]
fn a_written_heading_id_made_another() {
    each_lock(|lock| {
        let text = "# Install\n\nRun an installer.\n\n## Steps {#h_aaaaaaaaaa}\n\nSee [above](#h_aaaaaaaaaa).\n";
        let world = World::of(&[(FILE, text)]);
        assert!(world.body().contains("id=\"h_aaaaaaaaaa\""), "{}", world.body());
        world.project.edit(FILE, "h_aaaaaaaaaa", "h_bbbbbbbbbb");
        world.lock(lock);
        let planned = world.planned(FILE);
        if lock == Lock::Lost {
            assert!(["update", "none"].contains(&planned.action.as_str()), "{planned:?}");
            world.project.run(&["apply", "--publish", "--yes"]).exits(0);
            return;
        }
        planned.is("update", "body");
        world.project.run(&["apply", "--publish", "--yes"]).exits(0);
        world.ends_with(&["id=\"h_bbbbbbbbbb\"", "href=\"#h_bbbbbbbbbb\""]);
    });
}

// Every text is an update, but one that drifted is only drift. Lost: at most that; theirs stays.
#[test]
fn spacing_changed() {
    each_lock(|lock| {
        let world = World::of(&[
            (FILE, "# Install\n\nRun an installer.\n\nClick it.\n"),
            ("docs/guide/update.md", "# Update\n\nRun it again.\n\nWait.\n"),
        ]);
        let other = id_of(&world.project, "docs/guide/update.md");
        let live = || world.server.get(&format!("/articles/{other}"))["body"].as_str().unwrap().to_owned();
        world.server.edit(other, &live_edit(&live().replace("Wait.", "Wait a bit.")));
        assert!(world.body().contains("></p>"), "{}", world.body());
        world.project.edit("helpbook.yml", "docs: docs", "docs: docs\nspacing: none");
        world.lock(lock);
        world.planned("docs/guide/update.md").is("drift", "body");
        let planned = world.planned(FILE);
        world.project.run(&["apply", "--publish", "--yes"]).exits(0);
        assert!(live().contains("Wait a bit."));
        if lock == Lock::Lost {
            assert!(["update", "none"].contains(&planned.action.as_str()), "{planned:?}");
            return;
        }
        planned.is("update", "body");
        assert!(!world.body().contains("></p>"), "{}", world.body());
        world.planned(FILE).is("none", "");
    });
}

// In sync in all three; what a teammate writes afterwards is drift and no conflict.
#[test]
fn both_sides_make_one_edit() {
    each_lock(|lock| {
        let world = World::new();
        world.teammate("Click it.", "Press it.");
        world.project.edit(FILE, "Click it.", "Press it.");
        world.lock(lock);
        world.planned(FILE).is("none", "");
        let mark = world.server.requests().len();
        world.project.run(&["apply", "--publish", "--yes"]).exits(0).says("No changes.");
        assert_eq!(world.server.writes_since(mark), [""; 0]);
        world.teammate("Press it.", "Push it.");
        world.planned(FILE).is("drift", "body");
        world.project.run(&["pull"]).exits(0);
        world.ends_with(&["Push it."]);
    });
}

// A text that we published once is theirs once a teammate brings it back, with the record and without.
#[test]
fn a_way_back_made_in_intercom() {
    for lock in [Lock::Kept, Lock::Lost] {
        let world = World::new();
        world.teammate("Run the installer.", "Run an installer.");
        world.lock(lock);
        world.planned(FILE).is("drift", "body");
        world.keeps("Run an installer.");
        world.project.run(&["pull"]).exits(0);
        world.ends_with(&["Run an installer."]);
    }
}

// The article that links has drift and nothing else, in all three; the renamed one alone is an update.
#[test]
fn an_article_renamed_in_git_while_those_that_link_to_it_have_drift() {
    each_lock(|lock| {
        let world = World::of(&[
            (FILE, "# Install\n\nRun an installer.\n\nThen [update](update.md) it.\n\nClick it.\n"),
            ("docs/guide/update.md", "# Update\n\nRun it again.\n"),
        ]);
        world.teammate("Click it.", "Press it.");
        world.project.git(&["mv", "docs/guide/update.md", "docs/guide/renew.md"]);
        world.project.edit("docs/guide/renew.md", "# Update", "# Renew");
        world.project.edit(FILE, "(update.md)", "(renew.md)");
        world.commit();
        world.lock(lock);
        world.planned(FILE).is("drift", "body");
        world.planned("docs/guide/renew.md").is("update", "title");
        world.project.run(&["apply", "--publish", "--yes"]).exits(0);
        assert!(world.body().contains("Press it."));
        world.planned(FILE).is("drift", "body");
        world.commit();
        world.project.run(&["pull"]).exits(0);
        assert_eq!(world.project.changed_lines("docs"), ["-Click it.", "+Press it."]);
        world.ends_with(&["Press it."]);
    });
}

// A conflict, refused: what no word shows survives a word that changes in the docs.
#[test]
fn what_a_teammate_replaced_survives_a_word_of_the_docs() {
    let text = "# Install\n\nRun an installer.\n\n![the door](https://cdn.example.com/1/door.png)\n\n\
        See [last year](https://blog.example/articles/2024-review).\n\n> [!NOTE]\n> Mind it.\n";
    type Replace = fn(&str) -> String;
    let replaced: [(&str, Replace); 4] = [
        ("/77/door.png", |body| {
            let start = body.find("<img src=\"").unwrap() + "<img src=\"".len();
            let end = start + body[start..].find('"').unwrap();
            let upload = "https://downloads.intercomcdn.com/i/o/local/77/door.png";
            format!("{}{upload}{}", &body[..start], &body[end..])
        }),
        ("2024-outlook", |body| body.replace("2024-review", "2024-outlook")),
        ("width=\"320\"", |body| body.replace("alt=\"the door\"", "alt=\"the door\" width=\"320\" height=\"200\"")),
        ("#d7efdc80", |body| body.replace("#e8e8e880", "#d7efdc80")),
    ];
    let mut wrong = Vec::new();
    for (kept, replace) in replaced {
        let world = World::of(&[(FILE, text)]);
        world.server.edit(world.id, &live_edit(&replace(&world.body())));
        assert!(world.body().contains(kept), "{}", world.body());
        // A run that finds nothing to do does not take it for ours.
        world.project.run(&["apply", "--publish", "--yes"]).exits(0);
        world.project.edit(FILE, "Run the installer.", "Start the installer.");
        let planned = world.planned(FILE);
        let exit = world.project.run(&["apply", "--publish", "--yes"]).exit;
        if !planned.is_blocked || exit != 3 || !world.body().contains(kept) {
            wrong.push(format!("{kept}: {planned:?}, exit {exit}, live {}", world.body()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every sample, with what they link to and the picture they show, live.
fn samples(heading_ids: HeadingIds) -> (Server, Host, Project) {
    let (server, host) = (Server::with(Options::behaving(|does| does.heading_ids = heading_ids)), Host::start());
    let config =
        format!("docs: docs\nstate: published\nimages: {{ base_url: \"{}/{{path}}?v={{sha256}}\" }}\n", host.url());
    let project = Project::new(&[("helpbook.yml", &config)]).on(&server);
    for sample in SAMPLES.iter().chain([&TARGET]) {
        sample.write(&project);
    }
    project.write_bytes("docs/basics/images/menu.png", PNG);
    host.put("/basics/images/menu.png", There::Bytes(PNG.to_vec()));
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    (server, host, project)
}

fn nothing_is_left(server: &Server, project: &Project) {
    project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
    let mark = server.requests().len();
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert_eq!(server.writes_since(mark), [""; 0]);
}

// Nothing is left right after publish, with the lock and without, and a second run sends no write.
#[test]
fn a_plan_right_after_publish_is_empty() {
    for heading_ids in [HeadingIds::Kept, HeadingIds::Regenerated] {
        let (server, _host, project) = samples(heading_ids);
        nothing_is_left(&server, &project);
        project.remove("helpbook.lock");
        nothing_is_left(&server, &project);
    }
}

// Nothing is left right after pull, into an empty folder and over the files, with the lock and without.
#[test]
fn a_plan_right_after_pull_is_empty() {
    for heading_ids in [HeadingIds::Kept, HeadingIds::Regenerated] {
        let (server, _host, project) = samples(heading_ids);
        let fresh = Project::new(&[("helpbook.yml", &project.read("helpbook.yml"))]).on(&server);
        for project in [&fresh, &project] {
            project.run(&["pull"]).exits(0);
            nothing_is_left(&server, project);
            project.run(&["pull"]).exits(0).says("Nothing to pull.");
            project.remove("helpbook.lock");
            nothing_is_left(&server, project);
            project.run(&["pull"]).exits(0).says("Nothing to pull.");
        }
    }
}

/// Files of many styles. Each has the word `installer` once, alone on its line or wrapped.
const STYLES: [(&str, &str); 15] = [
    ("atx", "# Title\n\nOpen the menu.\n\nRun the installer now.\n\nClick it.\n"),
    ("setext", "Title\n=====\n\nFirst\n-----\n\nRun the installer now.\n"),
    ("front-matter", "---\ntitle:   'Title'   # a comment\ntags: [ 'a',   b ]\n---\n\n\n\nRun the installer now.\n"),
    ("wrapped", "# Title\n\nThis text is wrapped by hand\nwith the installer in it\nand goes on for a while.\n"),
    ("stars", "# Title\n\n* one\n* the installer\n* three\n\n\n+ other\n"),
    ("numbers", "# Title\n\n1) one\n1) the installer\n1) three\n"),
    ("nested", "# Title\n\n-   one\n\n    -   the __installer__ *here*\n    -   two\n\n-   three\n"),
    ("marks", "# Title\n\n__bold__ and _italic_ and *also* and **too**.\n\nThe installer_name and `code`.\n"),
    (
        "references",
        "# Title\n\nSee [the installer][one] and [two].\n\n[one]: https://example.com/one  'x'\n[two]: https://example.com/two\n",
    ),
    ("table", "# Title\n\n|a|b|\n|-|:-:|\n|x|the installer|\n|  long   |   y |\n"),
    (
        "html",
        "# Title\n\n<p class=\"intercom-align-center\">Before</p>\n\n<ul>\n  <li>one</li>\n  <li>the installer</li>\n</ul>\n",
    ),
    ("fences", "# Title\n\n~~~~ sh\nrun\n  installer --now\n~~~~\n\n    indented\n"),
    ("callout", "# Title\n\n> [!WARNING]\n> Mind\n> the installer\n> here.\n\n> quoted\n"),
    ("no-end", "# Title\n\nClick it.\n\nRun the installer now."),
    (
        "spaces",
        "# Title #\n\nA line with two blanks  \nand the installer.\n\n\n\n***\n\nEntities: &amp; &copy; &#8212;\n",
    ),
];

/// Publishes every style in a repository, lets a teammate change one word of each, and pulls.
fn a_word_in_each_style(styles: &[(&str, &str)], ends: Ends) {
    let server = Server::start();
    let project = Project::new(&[]).on(&server);
    project.git(&["init", "-q"]);
    project.git(&["config", "core.autocrlf", ends.autocrlf()]);
    for (name, text) in styles {
        project.write(&format!("docs/{name}.md"), &ends.written(&text.replace("Title", &format!("Title {name}"))));
    }
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.git(&["add", "-A"]);
    project.git(&["commit", "-q", "-m", "docs"]);
    for (name, _) in styles {
        let id = id_of(&project, &format!("docs/{name}.md"));
        let body = server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().to_owned();
        assert_eq!(body.matches("installer").count(), 1, "{name}: {body}");
        server.edit(id, &live_edit(&body.replace("installer", "program")));
    }
    project.run(&["pull"]).exits(0).says(&format!("{} equal, 0 differ", styles.len()));
    let mut wrong = Vec::new();
    for (name, text) in styles {
        let line = text.lines().find(|line| line.contains("installer")).unwrap();
        let wanted = [format!("-{line}"), format!("+{}", line.replace("installer", "program"))];
        let lines = project.changed_lines(&format!("docs/{name}.md"));
        if lines != wanted {
            wrong.push(format!("{name}: {lines:?}"));
        }
        let now = project.read(&format!("docs/{name}.md"));
        if ends != Ends::Lf && now.replace("\r\n", "").contains('\n') {
            wrong.push(format!("{name}: other line ends than before"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

/// The line ends of the working tree and of Git.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ends {
    Lf,
    /// CRLF in the working tree, LF in Git.
    Autocrlf,
    /// CRLF in both.
    Crlf,
}

impl Ends {
    fn autocrlf(self) -> &'static str {
        if self == Self::Autocrlf { "true" } else { "false" }
    }

    fn written(self, text: &str) -> String {
        if self == Self::Lf { text.to_owned() } else { text.replace('\n', "\r\n") }
    }
}

// One line of each file differs, as its author wrote it, and the file says what is live.
#[test]
fn a_word_of_a_teammate_is_one_line_in_git_whatever_the_style() {
    a_word_in_each_style(&STYLES, Ends::Lf);
}

#[test]
fn a_word_of_a_teammate_is_one_line_in_git_where_the_working_tree_has_crlf() {
    a_word_in_each_style(&STYLES, Ends::Crlf);
}

#[test]
fn a_word_of_a_teammate_is_one_line_in_git_with_autocrlf() {
    a_word_in_each_style(&STYLES, Ends::Autocrlf);
}

#[test]
fn a_word_of_a_teammate_is_one_line_in_git_below_front_matter_on_one_line() {
    let flow = ("flow", "---\n{title: Title, state: published}\n---\nRun the installer now.\n");
    a_word_in_each_style(&[flow], Ends::Lf);
}

/// A repository with an article that both sides changed: the docs the first paragraph, a teammate as told.
fn both_changed(ends: Ends, theirs: (&str, &str)) -> (Server, Project) {
    let server = Server::start();
    let text = ends.written("# Install\n\nRun the installer.\n\nOpen the menu.\n\nClick it.\n");
    let project = Project::new(&[(FILE, &text)]).on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.git(&["init", "-q"]);
    project.git(&["config", "core.autocrlf", ends.autocrlf()]);
    project.git(&["add", "-A"]);
    project.git(&["commit", "-q", "-m", "docs"]);
    let id = id_of(&project, FILE);
    let body = server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().to_owned();
    server.edit(id, &live_edit(&body.replace(theirs.0, theirs.1)));
    project.edit(FILE, "Run the installer.", "Start the installer.");
    (server, project)
}

// Edits in different paragraphs merge three ways with the blob that Git has, and line ends stay as they are.
#[test]
fn edits_apart_merge_whatever_the_line_ends() {
    let mut wrong = Vec::new();
    for ends in [Ends::Lf, Ends::Crlf, Ends::Autocrlf] {
        let (_server, project) = both_changed(ends, ("Click it.", "Press it."));
        let before = project.read(FILE);
        let exit = project.run(&["pull"]).exit;
        let text = project.read(FILE);
        if exit != 0 || text != before.replace("Click it.", "Press it.") {
            wrong.push(format!("{ends:?}: exit {exit}, {text:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// Edits of one paragraph are one conflict with the newest text of each side, and the markers have the file's ends.
#[test]
fn a_conflict_has_the_line_ends_of_its_file() {
    let mut wrong = Vec::new();
    for ends in [Ends::Lf, Ends::Crlf, Ends::Autocrlf] {
        let (_server, project) = both_changed(ends, ("Run the installer.", "Use the installer."));
        let exit = project.run(&["pull"]).exit;
        let text = project.read(FILE);
        let is_whole = ["Start the installer.", "Use the installer.", "Open the menu.", "Click it."]
            .iter()
            .all(|text_of| text.matches(text_of).count() == 1);
        let is_one = text.matches("<<<<<<<").count() == 1 && !text.contains("Run the installer.");
        let has_ends = ends == Ends::Lf || !text.replace("\r\n", "").contains('\n');
        if exit != 3 || !is_whole || !is_one || !has_ends {
            wrong.push(format!("{ends:?}: exit {exit}, {text:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// Two workspaces in one lock are an error, and nothing is written.
#[test]
fn a_lock_merged_with_that_of_another_workspace_is_refused() {
    let world = World::new();
    let lock = world.project.read("helpbook.lock");
    let other = lock.replace("\"workspace\":\"local\"", "\"workspace\":\"other\"");
    assert_ne!(lock, other);
    Lock::Merged.applied(&world.project, &other);
    world.project.edit(FILE, "Run the installer.", "Run it twice.");
    let mark = world.server.requests().len();
    let ran = world.project.run(&["apply", "--publish", "--yes"]);
    assert!([1, 4].contains(&ran.exit), "{ran:?}");
    assert_eq!(world.server.writes_since(mark), [""; 0]);
}

/// What Git itself makes of two locks is what the tests above merge.
#[test]
fn the_locks_of_two_branches_merge_as_git_merges_them() {
    let world = World::new();
    let project = &world.project;
    project.write(".gitattributes", "helpbook.lock merge=union\n");
    world.commit();
    project.git(&["checkout", "-q", "-b", "other"]);
    project.edit(FILE, "Run the installer.", "Run it twice.");
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let theirs = project.read("helpbook.lock");
    world.commit();
    project.git(&["checkout", "-q", "-"]);
    project.edit(FILE, "Click it.", "Press it.");
    project.write("helpbook.lock", &world.older);
    world.commit();
    project.git(&["merge", "-q", "--no-edit", "other"]);
    let by_git = project.read("helpbook.lock");
    project.write("helpbook.lock", &world.older);
    Lock::Merged.applied(project, &theirs);
    assert_eq!(project.read("helpbook.lock"), by_git);
    let document: Value = project.plan_json();
    let change = change_of(&document, "guide/install.md").unwrap();
    assert_eq!((change["action"].as_str(), is_blocked(change)), (Some("update"), false));
}
