//! What a teammate can do at any moment of a run: it stays, or the run names it.
//!
//! Each act comes right before one request of a run, and two more runs follow. What a run found stays for good; what
//! came between its last read and its write is named. All of it: `HELPBOOK_ACTS=all cargo test --test main acts --
//! --nocapture`, or a number of draws. A draw has the assumed behaviours of Intercom, or one other value of one.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use helpbook::local::{Behaviour, Faults};
use serde_json::{Value, json};

use crate::door::{Act, Door};
use crate::harness::{Fail, Project, Server, id_of};
use crate::undisturbed::{Before, again};

/// How many draws there are where nobody asks for more.
const DRAWS: usize = 200;

/// How many runs are under way at once; most of their time is waiting.
const SIDE_BY_SIDE: usize = 4;

/// What a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Command {
    Both,
    Publish,
    Saved,
}

impl Command {
    const ALL: [Self; 3] = [Self::Both, Self::Publish, Self::Saved];

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Both => &["apply", "--publish", "--yes"],
            Self::Publish => &["publish", "--yes"],
            Self::Saved => &["apply", "plan.json", "--publish", "--yes"],
        }
    }
}

/// The articles and what else a teammate's hands are on.
struct Hands<'s> {
    server: &'s Server,
    edited: u64,
    hidden: u64,
    staged: u64,
    guide: u64,
    elsewhere: u64,
    tags: [String; 2],
    locale: &'static str,
}

/// A thing that a teammate does, and whether it still shows.
struct Deed {
    name: &'static str,
    /// Of which file.
    file: &'static str,
    does: fn(&Hands<'_>) -> Vec<Act>,
    is_there: fn(&Hands<'_>) -> bool,
}

const EDITED: &str = "guide/edited.md";
const HIDDEN: &str = "guide/hidden.md";
const STAGED: &str = "guide/staged.md";
const GUIDE: &str = "guide/_index.md";

impl Hands<'_> {
    fn editor(&self, id: u64, mut change: Value) -> Vec<Act> {
        if self.locale != "en" {
            change["locale"] = json!(self.locale);
        }
        vec![("POST", format!("/_local/articles/{id}/editor"), change)]
    }

    /// What is live and what waits, in the locale that the teammate works in.
    fn all(&self, id: u64) -> String {
        let sides = ["", "/draft"].map(|side| self.server.get(&format!("/articles/{id}{side}")));
        sides
            .map(|side| {
                if self.locale == "en" { side } else { side["translated_content"][self.locale].clone() }.to_string()
            })
            .concat()
    }

    fn article(&self, id: u64) -> Value {
        self.server.get(&format!("/articles/{id}"))
    }

    fn state(&self, id: u64) -> Value {
        let article = self.article(id);
        if self.locale == "en" {
            article["state"].clone()
        } else {
            article["translated_content"][self.locale]["state"].clone()
        }
    }

    fn tag_names(&self, id: u64) -> BTreeSet<String> {
        let article = self.article(id);
        let tags = article["tags"]["tags"].as_array().into_iter().flatten();
        tags.map(|tag| tag["name"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

macro_rules! deed {
    ($name:literal, $file:expr, $does:expr, $is_there:expr) => {
        Deed { name: $name, file: $file, does: $does, is_there: $is_there }
    };
}

const DEEDS: [Deed; 21] = [
    deed!("body live", EDITED, |h| h.editor(h.edited, json!({"body": "<p>Theirs.</p>", "publish": true})), |h| h
        .all(h.edited)
        .contains("Theirs.")),
    deed!("title live", EDITED, |h| h.editor(h.edited, json!({"title": "Theirs", "publish": true})), |h| h
        .all(h.edited)
        .contains("Theirs")),
    deed!("description live", EDITED, |h| h.editor(h.edited, json!({"description": "Theirs", "publish": true})), |h| h
        .all(h.edited)
        .contains("Theirs")),
    deed!("body draft", EDITED, |h| h.editor(h.edited, json!({"body": "<p>Theirs.</p>"})), |h| h
        .all(h.edited)
        .contains("Theirs.")),
    deed!("title draft", EDITED, |h| h.editor(h.edited, json!({"title": "Theirs"})), |h| h
        .all(h.edited)
        .contains("Theirs")),
    deed!("description draft", EDITED, |h| h.editor(h.edited, json!({"description": "Theirs"})), |h| h
        .all(h.edited)
        .contains("Theirs")),
    deed!("draft over ours", STAGED, |h| h.editor(h.staged, json!({"body": "<p>Theirs.</p>"})), |h| h
        .all(h.staged)
        .contains("Theirs.")),
    deed!("offline", EDITED, |h| h.editor(h.edited, json!({"state": "draft"})), |h| h.state(h.edited) == "draft"),
    deed!("offline with our draft", STAGED, |h| h.editor(h.staged, json!({"state": "draft"})), |h| h.state(h.staged)
        == "draft"),
    deed!("publish", HIDDEN, |h| h.editor(h.hidden, json!({"publish": true})), |h| h.state(h.hidden) == "published"),
    deed!("edit hidden", HIDDEN, |h| h.editor(h.hidden, json!({"body": "<p>Theirs.</p>"})), |h| h
        .all(h.hidden)
        .contains("Theirs.")),
    deed!(
        "move",
        EDITED,
        |h| vec![(
            "PUT",
            format!("/articles/{}", h.edited),
            json!({"parent_id": h.elsewhere, "parent_type": "collection"})
        )],
        |h| h.article(h.edited)["parent_ids"][0] == h.elsewhere
    ),
    deed!("delete", EDITED, |h| vec![("DELETE", format!("/articles/{}", h.edited), Value::Null)], |h| !h
        .server
        .ids()
        .contains(&h.edited)
        && h.server.articles().values().all(|one| one["title"] != "Edited")),
    deed!(
        "delete and make anew",
        EDITED,
        |h| vec![
            ("DELETE", format!("/articles/{}", h.edited), Value::Null),
            (
                "POST",
                "/articles".to_owned(),
                json!({"title": "Edited", "author_id": 1, "body": "<p>Theirs.</p>", "state": "published"})
            ),
        ],
        |h| {
            let named: Vec<Value> = h.server.articles().into_values().filter(|one| one["title"] == "Edited").collect();
            named.len() == 1 && named[0]["body"].to_string().contains("Theirs.")
        }
    ),
    deed!(
        "schedule",
        EDITED,
        |h| vec![("PUT", format!("/articles/{}", h.edited), json!({"scheduled_unpublish_at": "2090-01-01T00:00:00Z"}))],
        |h| h.article(h.edited)["scheduled_unpublish_at"].is_number()
    ),
    deed!("tag", EDITED, |h| vec![("POST", format!("/articles/{}/tags", h.edited), json!({"id": h.tags[1]}))], |h| h
        .tag_names(h.edited)
        .contains("theirs")),
    deed!(
        "no tag",
        EDITED,
        |h| vec![("DELETE", format!("/articles/{}/tags/{}", h.edited, h.tags[0]), json!({}))],
        |h| !h.tag_names(h.edited).contains("ours")
    ),
    deed!(
        "flag",
        EDITED,
        |h| vec![("PUT", format!("/articles/{}", h.edited), json!({"ai_sales_agent_availability": false}))],
        |h| h.article(h.edited)["ai_sales_agent_availability"] == false
    ),
    deed!("author", EDITED, |h| h.editor(h.edited, json!({"author_id": 2, "publish": true})), |h| h
        .all(h.edited)
        .contains("\"author_id\":2")),
    deed!(
        "rename the collection",
        GUIDE,
        |h| vec![("PUT", format!("/help_center/collections/{}", h.guide), json!({"name": "Theirs"}))],
        |h| h.server.get(&format!("/help_center/collections/{}", h.guide))["name"] == "Theirs"
    ),
    deed!("discard our draft", STAGED, |h| h.editor(h.staged, json!({"discard": true})), |h| h.state(h.staged)
        == "published"),
];

/// The files of a project in these locales: each article in each.
fn files(locales: &[&str]) -> Vec<(String, String)> {
    let mut files = vec![
        ("helpbook.yml".to_owned(), format!("docs: docs\nstate: published\nlocales: [{}]\n", locales.join(", "))),
        ("docs/elsewhere/other.md".to_owned(), "---\ntitle: Other\n---\nIt is elsewhere.\n".to_owned()),
    ];
    for (name, title, keys) in [
        ("edited", "Edited", "tags: [ours]\nai: { chatbot: true }\n"),
        ("hidden", "Hidden", "state: draft\n"),
        ("staged", "Staged", ""),
        ("offline", "Offline", ""),
        ("same", "Same", ""),
    ] {
        for locale in locales {
            let (suffix, keys) = match (*locale, name) {
                ("en", _) => (String::new(), keys),
                (_, "hidden") => (format!(".{locale}"), "state: draft\n"),
                _ => (format!(".{locale}"), ""),
            };
            let text = format!("---\ntitle: {title}\ndescription: Of {locale}\n{keys}---\nOld text of {name}.\n");
            files.push((format!("docs/guide/{name}{suffix}.md"), text));
        }
    }
    files
}

/// Everything is live as it was, one change is staged, and the docs changed again in many ways.
fn before(locales: &[&str], command: Command) -> Before {
    Before::of(locales, |server| {
        let files = files(locales);
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let project = Project::new(&files).on(server);
        project.run(&["apply", "--publish", "--yes"]).exits(0);
        server.post("/tags", &json!({"name": "theirs"}));
        project.edit("docs/guide/staged.md", "Old", "New");
        project.run(&["apply"]).exits(0);
        for locale in locales {
            let suffix = if *locale == "en" { String::new() } else { format!(".{locale}") };
            for name in ["edited", "hidden"] {
                project.edit(&format!("docs/guide/{name}{suffix}.md"), "Old", "New");
            }
        }
        project.edit("docs/guide/edited.md", "tags: [ours]", "tags: [ours, more]");
        project.edit("docs/guide/offline.md", "\nid", "\nstate: draft\nid");
        project.write("docs/guide/new.md", "# New\n\nSee [it](edited.md).\n");
        match command {
            Command::Both => {}
            Command::Publish => drop(project.run(&["apply"]).exits(0)),
            Command::Saved => drop(project.run(&["plan", "--out", "plan.json"]).exits(0)),
        }
        project
    })
}

/// One moment of one run.
#[derive(Clone, Copy)]
struct Point {
    before: usize,
    deed: usize,
    at: usize,
    locale: &'static str,
    behaviour: Option<(&'static str, &'static str)>,
}

/// A project, how it is run, and how many requests that takes.
struct Case {
    before: Before,
    command: Command,
    locales: &'static [&'static str],
    requests: usize,
}

fn case(locales: &'static [&'static str], command: Command) -> Case {
    let before = before(locales, command);
    let (project, server, _store) = again(&before, Faults::default());
    let (project, door) = through(project, &server);
    project.run(command.arguments()).exits(0);
    Case { command, locales, requests: door.passed(), before }
}

fn through(project: Project, server: &Server) -> (Project, Door) {
    let (address, door) = server.door();
    (project.env("INTERCOM_BASE_URL", &address), door)
}

/// Every moment of every run under the assumed behaviours.
fn points(cases: &[Case]) -> Vec<Point> {
    let mut points = Vec::new();
    for (before, case) in cases.iter().enumerate() {
        for deed in 0..DEEDS.len() {
            for at in 1..=case.requests {
                // Each is done in one of the locales, in turns.
                let locale = case.locales[(deed + at) % case.locales.len()];
                points.push(Point { before, deed, at, locale, behaviour: None });
            }
        }
    }
    points
}

/// Runs at one point; what is wrong, and whether the act was named because it came too late to be kept.
fn check(case: &Case, point: Point) -> (Fail, bool) {
    let mut fail = Fail::default();
    let (project, server, _store) = again(&case.before, Faults::default());
    let (project, door) = through(project, &server);
    let behave = || {
        if let Some((name, value)) = point.behaviour {
            server.post("/_local/behaviour", &json!({ name: value }));
        }
    };
    behave();
    let id = |name: &str| id_of(&project, &format!("docs/{name}"));
    let tags = server.get("/tags");
    let tag = |name: &str| {
        let mut all = tags["data"].as_array().unwrap().iter();
        all.find(|tag| tag["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let hands = Hands {
        server: &server,
        edited: id(EDITED),
        hidden: id(HIDDEN),
        staged: id(STAGED),
        guide: id(GUIDE),
        elsewhere: id("elsewhere/_index.md"),
        tags: [tag("ours"), tag("theirs")],
        locale: point.locale,
    };
    let deed = &DEEDS[point.deed];
    let what = format!(
        "{} in {} before request {} of {:?} with {:?} {:?}",
        deed.name, point.locale, point.at, case.command, case.locales, point.behaviour
    );
    door.before(point.at, (deed.does)(&hands));
    let first = project.run(case.command.arguments());
    if !door.is_done() {
        return (fail, false);
    }
    let output = format!("{}{}", first.stdout, first.stderr);
    fail.unless(matches!(first.exit, 0 | 1 | 3), || format!("{what}: exit {}\n{output}", first.exit));
    let stem = deed.file.trim_end_matches(".md");
    // What is there is looked at as it is, and not as the behaviour shows it.
    let is_there = || {
        server.delete("/_local/behaviour");
        let is_there = (deed.is_there)(&hands);
        behave();
        is_there
    };
    let was_there = is_there();
    let is_named = output.lines().any(|line| line.contains(stem) || line.contains(&hands.edited.to_string()));
    fail.unless(was_there || (is_named && first.exit != 0), || format!("{what}: gone, and nobody says so\n{output}"));
    for n in 2..=3 {
        let ran = project.run(&["apply", "--publish", "--yes"]);
        let is_kept = !was_there || is_there();
        fail.unless(is_kept, || {
            format!("{what}: undone by run {n}\n{output}\n--- run {n}, exit {}\n{}{}", ran.exit, ran.stdout, ran.stderr)
        });
    }
    server.delete("/_local/behaviour");
    let titles: Vec<Value> = server.articles().into_values().map(|article| article["title"].clone()).collect();
    let once: BTreeSet<String> = titles.iter().map(ToString::to_string).collect();
    fail.unless(once.len() == titles.len(), || format!("{what}: doubles {titles:?}"));
    (fail, !was_there)
}

/// `number` points, the same in every run: every second one under another behaviour.
fn drawn(points: &[Point], number: usize) -> Vec<Point> {
    let others: Vec<(&str, &str)> = Behaviour::ALL
        .iter()
        .filter(|(name, _)| *name != "writes")
        .flat_map(|(name, values)| values[1..].iter().map(move |value| (*name, *value)))
        .collect();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut draw = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut drawn: Vec<Point> = (0..number).map(|_| points[draw(points.len())]).collect();
    for point in drawn.iter_mut().skip(1).step_by(2) {
        point.behaviour = Some(others[draw(others.len())]);
    }
    drawn
}

#[test]
fn what_a_teammate_does_in_the_middle_of_a_run_stays_or_is_named() {
    const ONE: &[&str] = &["en"];
    const THREE: &[&str] = &["en", "fr", "de"];
    let cases: Vec<Case> =
        [ONE, THREE].iter().flat_map(|locales| Command::ALL.map(|command| case(locales, command))).collect();
    let all = points(&cases);
    let chosen = match std::env::var("HELPBOOK_ACTS").ok().as_deref() {
        Some("all") => all,
        Some(number) => drawn(&all, number.parse().unwrap()),
        None => drawn(&all, DRAWS),
    };
    let (next, late) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let wrong = Mutex::new(Fail::default());
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                while let Some(point) = chosen.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let (fail, was_late) = check(&cases[point.before], *point);
                    late.fetch_add(usize::from(was_late), Ordering::SeqCst);
                    wrong.lock().unwrap().take(fail);
                }
            });
        }
    });
    println!(
        "{} acts, {} of them named because they came between the last read and the write",
        chosen.len(),
        late.into_inner()
    );
    wrong.into_inner().unwrap().end();
}
