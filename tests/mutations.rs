//! What two bodies must differ in to be told apart: each difference once in the docs and once in Intercom.
//!
//! With `HELPBOOK_BODIES=DIR`, [`bodies_of_a_folder`] makes the same changes in every Markdown, HTML and JSON body
//! below that folder, and lists those that are not told apart.

mod pieces;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use self::table::{Edit, Mutation, differences, none};
use crate::harness::{Fail, Project, Server, block, change_of, named_in};
use crate::images::{Host, PNG, There};
use crate::samples::{SAMPLES, TARGET};

/// What cannot be told apart where there is no record, and why.
const WITHOUT_RECORD: [(&str, &[&str]); 3] = [
    (
        "Intercom keeps images at addresses of its own, of which the name alone says where they come from",
        &[
            "the folder of an image",
            "the host of an image",
            "the query of an image",
            "the scheme of an image",
            "the lack of a query of an image",
            "the bytes of an image of the docs",
            "a new upload of the same name",
            "a new upload for a picture of the docs",
            "an image of the same name from elsewhere",
        ],
    ),
    ("Intercom adds both sizes to an image by itself", &["both sizes"]),
    ("one empty paragraph between two others is what the renderer puts there", &["an empty paragraph that goes"]),
];

/// In how many samples a change is tried.
const SAMPLES_EACH: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Docs,
    Intercom,
}

/// A body in which one thing is changed on one side.
struct Case<'m> {
    n: usize,
    sample: String,
    mutation: &'m Mutation,
    side: Side,
    body: String,
}

impl Case<'_> {
    fn path(&self) -> String {
        format!("m/{}.md", self.n)
    }

    fn file(&self) -> String {
        format!("docs/{}", self.path())
    }

    fn name(&self) -> String {
        format!("{} in {:?} ({})", self.mutation.name, self.side, self.sample)
    }

    fn field(&self) -> &'static str {
        match self.edit() {
            Edit::Title => "title",
            Edit::Description => "description",
            _ => "body",
        }
    }

    fn edit(&self) -> &Edit {
        match self.side {
            Side::Docs => &self.mutation.docs,
            Side::Intercom => &self.mutation.live,
        }
    }

    /// The front matter and the body, with an image of its own.
    fn text(&self) -> String {
        let body = self.body.replace("images/menu.png", &format!("images/{}/menu.png", self.n));
        format!("---\ntitle: Case {}\ndescription: About it\nstate: published\n---\n\n{body}", self.n)
    }
}

/// Many articles that are live, each with one change, and what is known of them.
struct World<'m> {
    server: Server,
    host: Host,
    project: Project,
    cases: Vec<Case<'m>>,
    ids: BTreeMap<String, u64>,
}

impl<'m> World<'m> {
    /// Publishes a body for each case. Every file that cannot be published is left out, with its cases.
    fn new(cases: Vec<Case<'m>>) -> Self {
        let (server, host) = (Server::start(), Host::start());
        let base = format!("{}/{{path}}?v={{sha256}}", host.url());
        let config = format!("docs: docs\nimages: {{ base_url: \"{base}\" }}\n");
        let project = Project::new(&[("helpbook.yml", &config)]).on(&server);
        for name in ["target", "sibling"] {
            project.write(&format!("docs/m/{name}.md"), &TARGET.file(&format!("The {name}")));
        }
        let mut world = Self { server, host, project, cases, ids: BTreeMap::new() };
        for case in &world.cases {
            world.project.write(&case.file(), &case.text());
            world.put_image(case, PNG);
        }
        world.leave_out_what_is_wrong();
        world.project.run(&["apply", "--publish", "--yes"]).exits(0);
        world.ids = world.project.article_ids();
        world
    }

    fn leave_out_what_is_wrong(&mut self) {
        let found = self.project.run(&["check", "--format", "json"]);
        let document: Value = serde_json::from_str(&found.stdout).unwrap();
        let errors = document["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "error");
        let wrong: BTreeSet<&str> = errors.filter_map(|finding| finding["path"].as_str()).collect();
        let is_wrong = |case: &Case<'_>| wrong.contains(case.path().as_str());
        for case in self.cases.iter().filter(|case| is_wrong(case)) {
            self.project.remove(&case.file());
        }
        self.cases.retain(|case| !is_wrong(case));
    }

    fn put_image(&self, case: &Case<'_>, bytes: &[u8]) {
        if case.body.contains("images/menu.png") {
            let path = format!("m/images/{}/menu.png", case.n);
            self.project.write_bytes(&format!("docs/{path}"), bytes);
            self.host.put(&format!("/{path}"), There::Bytes(bytes.to_vec()));
        }
    }

    /// Makes every change; keeps the cases in which there was something to change.
    fn change(&mut self) {
        let mut cases = std::mem::take(&mut self.cases);
        let articles = self.server.articles();
        cases.retain(|case| match case.side {
            Side::Docs => self.change_docs(case),
            Side::Intercom => self.change_live(case, &articles[&self.ids[&case.path()]]),
        });
        self.cases = cases;
    }

    fn change_docs(&self, case: &Case<'_>) -> bool {
        let text = self.project.read(&case.file());
        let new = match case.edit() {
            Edit::Title => Some(text.replacen("title: Case", "title: Other", 1)),
            Edit::Description => Some(text.replacen("description: About it", "description: All of it", 1)),
            Edit::Bytes => {
                let has_image = case.body.contains("images/menu.png");
                self.put_image(case, b"\x89PNG\r\n\x1a\nother bytes");
                return has_image;
            }
            edit => {
                let end = text[4..].find("---\n").unwrap() + 8;
                edit.of_markdown(&text[end..]).map(|body| format!("{}{body}", &text[..end]))
            }
        };
        if let Some(new) = &new {
            self.project.write(&case.file(), new);
        }
        new.is_some()
    }

    fn change_live(&self, case: &Case<'_>, article: &Value) -> bool {
        let change = match case.edit() {
            Edit::Title => Some(json!({ "title": "Other" })),
            Edit::Description => Some(json!({ "description": "All of it" })),
            edit => edit.of_html(article["body"].as_str().unwrap()).map(|body| json!({ "body": body })),
        };
        let Some(mut change) = change else { return false };
        change["publish"] = json!(true);
        let after = self.server.edit(self.ids[&case.path()], &change);
        // What Intercom undoes on save is no change.
        let texts = |article: &Value| {
            let body = unsigned(article["body"].as_str().unwrap());
            (article["title"].clone(), article["description"].clone(), body)
        };
        texts(&after) != texts(article)
    }

    /// What a plan shows of a case is the change: by whom it is, and which field.
    fn is_told(&self, document: &Value, case: &Case<'_>) -> bool {
        let Some(change) = change_of(document, &case.path()) else { return false };
        let action = if case.side == Side::Docs { "update" } else { "drift" };
        change["action"] == action && named_in(change) == BTreeSet::from([case.field().to_owned()])
    }
}

/// A body without the queries of Intercom's image addresses, which are others in every answer.
fn unsigned(body: &str) -> String {
    let mut parts = body.split("?expires=");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.find('"').map_or("", |end| &part[end..]))
}

/// A body before anything is changed in it: as it is written, and as it is live.
struct Body {
    name: String,
    markdown: String,
    html: String,
}

/// Publishes every body once. Those that cannot be published are named and left out.
fn published(bodies: Vec<(String, String)>) -> Vec<Body> {
    let untouched = Mutation::nothing();
    let case = |(n, (sample, body)): (usize, (String, String))| Case {
        n,
        sample,
        mutation: &untouched,
        side: Side::Docs,
        body,
    };
    let names: BTreeSet<String> = bodies.iter().map(|(name, _)| name.clone()).collect();
    let world = World::new(bodies.into_iter().enumerate().map(case).collect());
    let articles = world.server.articles();
    let html = |case: &Case<'_>| articles[&world.ids[&case.path()]]["body"].as_str().unwrap().to_owned();
    let body = |case: &Case<'_>| Body { name: case.sample.clone(), markdown: case.body.clone(), html: html(case) };
    let bodies: Vec<Body> = world.cases.iter().map(body).collect();
    for name in names.iter().filter(|name| !bodies.iter().any(|body| body.name == **name)) {
        println!("left out, as check finds errors in it: {name}");
    }
    bodies
}

/// Each change on each side, in as many bodies as are asked for of those that have something to change.
fn cases<'m>(mutations: &'m [Mutation], bodies: &[Body], each: usize) -> Vec<Case<'m>> {
    let mut cases = Vec::new();
    for mutation in mutations {
        for side in [Side::Docs, Side::Intercom] {
            let may_be = |body: &&Body| match side {
                Side::Docs => mutation.docs.may_be_in(&body.markdown),
                Side::Intercom => mutation.live.may_be_in_html(&body.html),
            };
            for body in bodies.iter().filter(may_be).take(each) {
                let (sample, body) = (body.name.clone(), body.markdown.clone());
                cases.push(Case { n: cases.len(), sample, mutation, side, body });
            }
        }
    }
    cases
}

fn samples() -> Vec<Body> {
    published(SAMPLES.iter().map(|sample| (sample.path.to_owned(), sample.body.to_owned())).collect())
}

/// Every change finds something to change, on every side it is meant for.
fn check_that_all_were_made(mutations: &[Mutation], world: &World<'_>, fail: &mut Fail) {
    for mutation in mutations {
        for (side, edit) in [(Side::Docs, &mutation.docs), (Side::Intercom, &mutation.live)] {
            let is_made = world.cases.iter().any(|case| case.mutation.name == mutation.name && case.side == side);
            fail.unless(is_made || edit.is_none(), || format!("{} in {side:?}: nothing to change", mutation.name));
        }
    }
}

fn list(names: &BTreeSet<String>) -> String {
    names.iter().fold(String::new(), |mut text, name| {
        let _ = write!(text, "\n  {name}");
        text
    })
}

#[test]
fn every_difference_is_told_apart_and_taken_by_pull() {
    let mutations = differences();
    let mut world = World::new(cases(&mutations, &samples(), SAMPLES_EACH));
    world.change();
    let mut fail = Fail::default();
    check_that_all_were_made(&mutations, &world, &mut fail);
    check_plan(&world, &mut fail);
    check_without_record(&world, &mut fail);
    check_pull(&world, &mut fail);
    check_publish(&world, &mut fail);
    println!("{} changes", world.cases.len());
    fail.end();
}

/// The plan in JSON and in text, and the reports.
fn check_plan(world: &World<'_>, fail: &mut Fail) {
    let document = world.project.plan_json();
    let (told, untold): (Vec<_>, Vec<_>) = world.cases.iter().partition(|case| world.is_told(&document, case));
    let names = untold.iter().map(|case| case.name()).collect();
    fail.unless(untold.is_empty(), || format!("{} are not told apart by plan:{}", untold.len(), list(&names)));
    // A comment holds only so much.
    for some in told.chunks(20) {
        check_reports(world, some, fail);
    }
}

/// What a plan of some articles and its reports show of each.
fn check_reports(world: &World<'_>, cases: &[&Case<'_>], fail: &mut Fail) {
    let files: Vec<String> = cases.iter().map(|case| case.file()).collect();
    let reports = ["plan", "--report", "markdown=plan.md", "--report", "html=plan.html"];
    let arguments: Vec<&str> = reports.into_iter().chain(files.iter().map(String::as_str)).collect();
    let plan = world.project.run(&arguments).exits(0).stdout;
    let (comment, page) = (world.project.read("plan.md"), world.project.read("plan.html"));
    for case in cases {
        let path = case.path();
        let parts = [
            ("plan", block(&plan, &path)),
            ("markdown", section(&comment, "<summary><code>", &path).to_owned()),
            ("html", section(&page, "<article ", &path).to_owned()),
        ];
        for (kind, part) in parts {
            let shown = new_side(&part);
            fail.unless(!part.is_empty() && shown.contains(case.mutation.shows), || {
                format!("{}: {kind} does not show `{}`", case.name(), case.mutation.shows)
            });
        }
    }
}

/// A difference in words as it is in the end.
fn new_side(text: &str) -> String {
    let mut text = text.to_owned();
    for (start, end) in [("[-", "-]"), ("<del>", "</del>")] {
        while let Some((before, rest)) = text.split_once(start) {
            let after = rest.split_once(end).map_or("", |(_, after)| after);
            text = format!("{before}{after}");
        }
    }
    ["{+", "+}", "<ins>", "</ins>"].iter().fold(text, |text, mark| text.replace(mark, ""))
}

/// The section of a report whose head names a path.
fn section<'a>(report: &'a str, start: &str, path: &str) -> &'a str {
    let heads = [format!(">{path}</code>"), format!(" {path}</code>")];
    let is_meant = |section: &&str| heads.iter().any(|head| section.contains(head));
    report.split(start).skip(1).find(is_meant).unwrap_or_default()
}

/// Without the lock all but a few, named ones are told apart.
fn check_without_record(world: &World<'_>, fail: &mut Fail) {
    let lock = world.project.read("helpbook.lock");
    world.project.remove("helpbook.lock");
    let document = world.project.plan_json();
    world.project.write("helpbook.lock", &lock);
    let untold: BTreeSet<String> = world
        .cases
        .iter()
        .filter(|case| !world.is_told(&document, case))
        .map(|case| case.mutation.name.clone())
        .collect();
    let known: BTreeSet<String> =
        WITHOUT_RECORD.iter().flat_map(|(_, names)| names.iter()).map(|name| (*name).to_owned()).collect();
    fail.unless(untold.is_subset(&known), || {
        let names: BTreeSet<String> =
            world.cases.iter().filter(|case| !world.is_told(&document, case)).map(Case::name).collect();
        format!("{} are not told apart without the lock:{}", names.len(), list(&names))
    });
}

/// What was changed in Intercom comes into the files, and nothing is left of it.
fn check_pull(world: &World<'_>, fail: &mut Fail) {
    let theirs: Vec<&Case<'_>> = world.cases.iter().filter(|case| case.side == Side::Intercom).collect();
    let before: Vec<String> = theirs.iter().map(|case| world.project.read(&case.file())).collect();
    let pulled = world.project.run(&["pull"]);
    fail.unless(pulled.exit == 0, || format!("pull: exit {}\n{}", pulled.exit, pulled.stderr));
    let lock = world.project.read("helpbook.lock");
    for with in ["with", "without"] {
        if with == "without" {
            world.project.remove("helpbook.lock");
        }
        let document = world.project.plan_json();
        let is_left = |case: &&&Case<'_>| change_of(&document, &case.path()).is_some();
        let left: BTreeSet<String> = theirs.iter().filter(is_left).map(|case| case.name()).collect();
        fail.unless(left.is_empty(), || format!("{} are left after pull, {with} the lock:{}", left.len(), list(&left)));
    }
    world.project.write("helpbook.lock", &lock);
    for (case, before) in theirs.iter().zip(before) {
        // A file has no word for a paragraph less that the renderer puts there.
        let is_sayable = case.mutation.name != "an empty paragraph that goes";
        let is_taken = !is_sayable || world.project.read(&case.file()) != before;
        fail.unless(is_taken, || format!("{}: pull leaves the file as it is", case.name()));
    }
    check_that_files_say_what_is_live(world, &theirs, fail);
}

/// The files, published in another Help Center, give the bodies that the teammate left.
fn check_that_files_say_what_is_live(world: &World<'_>, cases: &[&Case<'_>], fail: &mut Fail) {
    let other = Server::start();
    let copy = world.project.cloned().on(&other);
    copy.remove("helpbook.lock");
    for (path, text) in copy.docs() {
        let is_id = |line: &&str| !line.starts_with("id: ");
        let text: String = text.split_inclusive('\n').filter(is_id).collect();
        std::fs::write(path, text).unwrap();
    }
    copy.run(&["apply", "--publish", "--yes"]).exits(0);
    let (ids, live, again) = (copy.article_ids(), world.server.articles(), other.articles());
    let texts = |article: &Value, all: &BTreeMap<u64, Value>| {
        // The height follows the width, which is all that a file says.
        let body = without_places(article["body"].as_str().unwrap(), all)
            .replace(" height=\"200\" style=\"height: auto;\"", "");
        format!("{}\n{}\n{body}", article["title"], article["description"])
    };
    for case in cases {
        let (live, again) = (texts(&live[&world.ids[&case.path()]], &live), texts(&again[&ids[&case.path()]], &again));
        fail.unless(live == again, || format!("{} is not taken by pull\n  live: {live}\n  file: {again}", case.name()));
    }
}

/// A body without what differs between two Help Centers: ids of articles, where images are, ids of headings, an alt
/// that says nothing, and the one empty paragraph that the renderer puts between two others.
fn without_places(body: &str, articles: &BTreeMap<u64, Value>) -> String {
    let body = unsigned(body).replace("</p><p class=\"no-margin\"></p><p", "</p><p").replace(" alt=\"\"", "");
    let body = replaced(&body, "https://downloads.intercomcdn.com/", |address| {
        address.rsplit('/').next().unwrap_or_default().to_owned()
    });
    let body = replaced(&body, "http://help.localhost/local/en/articles/", |address| {
        let end = address.find(|c: char| !c.is_ascii_digit()).unwrap_or(address.len());
        let article = address[..end].parse().ok().and_then(|id: u64| articles.get(&id));
        let title = article.map_or("nothing", |article| article["title"].as_str().unwrap_or_default());
        format!("{title}{}", address[end..].find('#').map_or("", |at| &address[end + at..]))
    });
    replaced(&replaced(&body, " id=\"", |_| String::new()), " href=\"#", |_| String::new())
}

/// The text with something else for what is between each `start` and the next quotation mark.
fn replaced(text: &str, start: &str, new: impl Fn(&str) -> String) -> String {
    let mut pieces = text.split(start);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        let (old, rest) = piece.split_once('"').unwrap_or((piece, ""));
        format!("{text}{start}{}\"{rest}", new(old))
    })
}

/// What was changed in the docs goes live, and nothing is left of it.
fn check_publish(world: &World<'_>, fail: &mut Fail) {
    let published = world.project.run(&["apply", "--publish", "--yes"]);
    fail.unless(published.exit == 0, || format!("apply: exit {}\n{}", published.exit, published.stderr));
    for with in ["with", "without"] {
        if with == "without" {
            world.project.remove("helpbook.lock");
        }
        let document = world.project.plan_json();
        let left: BTreeSet<String> =
            world.cases.iter().filter(|case| change_of(&document, &case.path()).is_some()).map(Case::name).collect();
        fail.unless(left.is_empty(), || {
            format!("{} are left after publish, {with} the lock:{}", left.len(), list(&left))
        });
    }
}

/// Intercom begins every list at 1, so there is no difference to show: `check` says so.
#[test]
fn the_number_that_a_list_starts_with_is_a_finding() {
    let project = Project::new(&[("docs/a.md", "# A\n\n5. Boil it.\n6. Pour it.\n")]);
    project.run(&["check"]).exits(0).says("warning[list-start]");
}

#[test]
fn what_is_spelled_otherwise_is_no_difference() {
    let mutations = none();
    let mut world = World::new(cases(&mutations, &samples(), SAMPLES_EACH));
    world.change_all_spellings();
    let mut fail = Fail::default();
    for with in ["with", "without"] {
        if with == "without" {
            world.project.remove("helpbook.lock");
        }
        let document = world.project.plan_json();
        for case in &world.cases {
            let change = change_of(&document, &case.path());
            fail.unless(change.is_none(), || {
                format!(
                    "{}: a difference {with} the lock: {}",
                    case.name(),
                    change.unwrap_or(&Value::Null)["locales"]["en"]["body"]
                )
            });
        }
    }
    fail.end();
}

impl World<'_> {
    /// Like `change`; what Intercom stores as before is a change that has to be seen through, too.
    fn change_all_spellings(&mut self) {
        let mut cases = std::mem::take(&mut self.cases);
        let articles = self.server.articles();
        cases.retain(|case| match case.side {
            Side::Docs => self.change_docs(case),
            Side::Intercom => {
                let body = articles[&self.ids[&case.path()]]["body"].as_str().unwrap();
                let Some(new) = case.edit().of_html(body) else { return false };
                self.server.edit(self.ids[&case.path()], &json!({ "body": new, "publish": true }));
                true
            }
        });
        self.cases = cases;
    }
}

/// By hand: `HELPBOOK_BODIES=DIR cargo test --test main bodies_of_a_folder -- --nocapture`.
#[test]
fn bodies_of_a_folder() {
    let Ok(folder) = std::env::var("HELPBOOK_BODIES") else { return };
    let mutations: Vec<Mutation> = differences().into_iter().filter(|mutation| mutation.is_general).collect();
    let (mut made, mut untold, mut unlike) = (0, BTreeSet::new(), BTreeSet::new());
    let bodies = published(bodies(Path::new(&folder)));
    println!("{} bodies", bodies.len());
    for some in bodies.chunks(8) {
        let mut world = World::new(cases(&mutations, some, usize::MAX));
        world.change();
        made += world.cases.len();
        let document = world.project.plan_json();
        untold.extend(world.cases.iter().filter(|case| !world.is_told(&document, case)).map(Case::name));
        world.project.remove("helpbook.lock");
        let document = world.project.plan_json();
        unlike.extend(world.cases.iter().filter(|case| !world.is_told(&document, case)).map(Case::name));
    }
    println!("{made} changes; {} not told apart with the lock:{}", untold.len(), list(&untold));
    println!("{} not told apart without the lock:{}", unlike.len(), list(&unlike));
    assert!(untold.is_empty(), "{} changes are not told apart", untold.len());
}

/// Every body below a folder, with its file: Markdown as it is, HTML as what `pull` makes of it.
fn bodies(folder: &Path) -> Vec<(String, String)> {
    let (mut bodies, mut live) = (Vec::new(), Vec::new());
    for file in files(folder) {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let name = file.strip_prefix(folder).unwrap().display().to_string();
        match file.extension().and_then(|ending| ending.to_str()) {
            Some("md") => bodies.push((name, without_title(&text))),
            Some("html") => live.push((name, text)),
            Some("json") => {
                let value = serde_json::from_str(&text).unwrap_or_default();
                gather(&value, &mut |body| live.push((name.clone(), body.to_owned())));
            }
            _ => {}
        }
    }
    if !live.is_empty() {
        bodies.extend(pulled(live));
    }
    bodies
}

/// A body without its front matter and the heading that would be the title.
fn without_title(text: &str) -> String {
    let body = match text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")) {
        Some((_, body)) => body,
        None => text,
    };
    let body = body.trim_start();
    if body.starts_with("# ") {
        body.split_once('\n').map_or("", |(_, rest)| rest).trim_start().to_owned()
    } else {
        body.to_owned()
    }
}

fn gather(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            if let Some(body) = fields.get("body").and_then(Value::as_str) {
                found(body);
            }
            fields.values().for_each(|value| gather(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, found)),
        _ => {}
    }
}

/// HTML that is live, as Markdown.
fn pulled(live: Vec<(String, String)>) -> Vec<(String, String)> {
    let server = Server::start();
    let mut names = BTreeMap::new();
    for (n, (name, body)) in live.into_iter().enumerate() {
        let title = format!("body {n}");
        let made =
            server.post("/articles", &json!({ "title": title, "author_id": 1, "body": body, "state": "published" }));
        if made["id"].is_string() {
            names.insert(format!("body-{n}.md"), name);
        } else {
            println!("left out, as Intercom refuses it: {name}");
        }
    }
    let project = Project::new(&[]).on(&server);
    project.run(&["pull"]);
    let name = |path: &str| names.get(path.rsplit('/').next().unwrap()).cloned();
    project.docs().iter().filter_map(|(path, text)| Some((name(path)?, without_title(text)))).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}
