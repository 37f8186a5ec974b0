//! What Intercom may do in one of several ways (docs/beliefs.md): whichever it is, nothing is lost, doubled or taken
//! offline, and what a teammate did stays.

use std::collections::BTreeMap;

use helpbook::intercom::model::Locale;
use helpbook::local::{Behaviour, Options};
use serde_json::json;

use crate::harness::{Fail, Project, Server, change_of, id_of, live_edit};

/// What makes only noise, and which: `plan` never ends empty, or a run does not go through.
const NOISE: [(&str, &str); 7] = [
    ("translations", "partial"),
    ("translations", "null"),
    ("translations", "missing"),
    ("parent-ids", "empty"),
    ("list-bodies", "short"),
    ("writes", "elsewhere"),
    ("drafts", "missing"),
];

/// A Help Center that behaves so, and a project in two languages.
struct World {
    server: Server,
    project: Project,
    /// What each text of a teammate is, by the article.
    theirs: BTreeMap<u64, &'static str>,
    fail: Fail,
    name: String,
}

fn world(behaviour: &[(&str, &str)]) -> World {
    let mut options = Options::behaving(|does| {
        for (name, value) in behaviour {
            does.set(name, value).unwrap();
        }
    });
    options.locales = ["en", "fr"].map(|locale| Locale(locale.to_owned())).to_vec();
    let server = Server::with(options);
    let project = Project::new(&[
        ("helpbook.yml", "docs: docs\nstate: published\nlocales: [en, fr]\n"),
        (
            "docs/guide/text.md",
            "---\ntitle: Text\ntags: [\"Q&A\"]\n---\n## Part\n\nOld text of ours.\n\n> [!NOTE]\n> A note.\n",
        ),
        ("docs/guide/text.fr.md", "---\ntitle: Texte\n---\nVieux texte.\n"),
        ("docs/guide/edited.md", "---\ntitle: Edited\n---\nOld edited.\n\nSee [the part](text.md#part).\n"),
        ("docs/guide/drafted.md", "---\ntitle: Drafted\n---\nOld drafted.\n"),
        ("docs/guide/offline.md", "---\ntitle: Offline\n---\nOld offline.\n"),
        ("docs/guide/hidden.md", "---\ntitle: Hidden\nstate: draft\n---\nOld hidden.\n"),
    ])
    .on(&server);
    let name = behaviour.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ");
    World { server, project, theirs: BTreeMap::new(), fail: Fail::default(), name }
}

impl World {
    fn is_noise(&self) -> bool {
        NOISE.iter().any(|(name, value)| self.name.contains(&format!("{name}={value}")))
    }

    /// Runs a command that may be refused; what it must never do shows in the Help Center.
    fn run(&mut self, arguments: &[&str]) {
        let ran = self.project.run(arguments);
        let name = &self.name;
        self.fail.unless(matches!(ran.exit, 0 | 1 | 3 | 4 | 5), || format!("{name}: {arguments:?} exits {}", ran.exit));
        let is_success = ran.stderr.contains("steps done\n") && ran.exit == 1;
        self.fail.unless(!is_success, || format!("{name}: {arguments:?} says it is done and exits 1\n{}", ran.stderr));
    }

    fn id(&self, file: &str) -> Option<u64> {
        let text = self.project.read(file);
        text.contains("\nid: ").then(|| id_of(&self.project, file))
    }

    /// What everybody can see, and what waits behind it, also where no client sees that.
    fn all(&self, id: u64) -> String {
        let hides = self.name.contains("drafts=missing");
        let drafts =
            |value: &str| drop(hides.then(|| self.server.post("/_local/behaviour", &json!({ "drafts": value }))));
        drafts("given");
        let live = self.server.get(&format!("/articles/{id}"));
        let draft = self.server.get(&format!("/articles/{id}/draft"));
        drafts("missing");
        format!("{live} {draft}")
    }

    fn check(&mut self, when: &str) {
        let name = self.name.clone();
        let mut live: Vec<String> = Vec::new();
        for line in self.server.requests() {
            let Some(article) = line.split(' ').find(|word| word.starts_with("article=")).map(str::to_owned) else {
                continue;
            };
            let is_live = line.contains("state=published");
            let is_ours = !line.contains("/_local/");
            self.fail.unless(is_live || !is_ours || !live.contains(&article), || {
                format!("{name}: {when}: offline at {line}")
            });
            live.retain(|other| *other != article);
            live.extend(is_live.then_some(article));
        }
        let titles: Vec<String> = self
            .server
            .articles()
            .values()
            .map(|article| article["title"].as_str().unwrap_or_default().to_owned())
            .collect();
        let mut once = titles.clone();
        once.sort();
        once.dedup();
        self.fail.unless(once.len() == titles.len(), || format!("{name}: {when}: doubles {titles:?}"));
        for (id, words) in &self.theirs {
            let all = self.all(*id);
            self.fail.unless(all.contains(words), || format!("{name}: {when}: {words:?} is gone: {all}"));
        }
    }
}

/// A whole life of some articles: created, published, edited on both sides, and brought back.
fn live_through(behaviour: &[(&str, &str)]) -> Fail {
    let mut world = world(behaviour);
    for _ in 0..3 {
        world.run(&["apply", "--publish", "--yes"]);
    }
    world.check("after it was published");
    if behaviour.contains(&("writes", "elsewhere")) {
        let writes = world.server.articles().len();
        world.fail.unless(writes == 0, || "something was written elsewhere".to_owned());
        return world.fail;
    }
    let ids: Vec<u64> = ["text", "edited", "drafted", "offline", "hidden"]
        .iter()
        .filter_map(|name| world.id(&format!("docs/guide/{name}.md")))
        .collect();
    let name = world.name.clone();
    world.fail.unless(ids.len() == 5, || format!("{name}: only {ids:?} were created"));
    let [text, edited, drafted, offline, _] = ids[..] else { return world.fail };
    if !world.is_noise() {
        let plan = world.project.run(&["plan", "--detailed-exitcode"]);
        world.fail.unless(plan.exit == 0, || format!("{name}: the plan is never empty\n{}", plan.stdout));
        let mark = world.server.requests().len();
        world.run(&["apply", "--publish", "--yes"]);
        let writes = world.server.writes_since(mark);
        world.fail.unless(writes.is_empty(), || format!("{name}: a second run writes {writes:?}"));
    }
    if !behaviour.contains(&("parent-ids", "empty")) {
        let before = world.project.docs();
        world.run(&["pull"]);
        let is_same = before == world.project.docs();
        world.fail.unless(is_same, || format!("{name}: pull changes files that say what is live"));
    }
    // The team works in Intercom, and then in the docs.
    world.server.edit(edited, &live_edit("<p>Theirs went live.</p>"));
    world.server.edit(drafted, &json!({ "body": "<p>Theirs waits.</p>" }));
    world.server.edit(offline, &json!({ "state": "draft" }));
    world.theirs = BTreeMap::from([(edited, "Theirs went live."), (drafted, "Theirs waits.")]);
    for file in ["text", "edited", "drafted", "offline", "hidden"] {
        world.project.edit(&format!("docs/guide/{file}.md"), "Old", "New");
    }
    world.project.edit("docs/guide/text.fr.md", "Vieux", "Nouveau");
    for _ in 0..2 {
        world.run(&["apply"]);
        world.check("after apply");
        world.run(&["publish", "--yes"]);
        world.run(&["apply", "--publish", "--yes"]);
        world.check("after it was published again");
    }
    let state = world.server.get(&format!("/articles/{offline}"))["state"].clone();
    world.fail.unless(state == "draft", || format!("{name}: what a teammate took offline is live again"));
    if !world.is_noise() {
        let live = world.server.get(&format!("/articles/{text}"))["body"].to_string();
        world.fail.unless(live.contains("New text of ours"), || format!("{name}: our edit is not live: {live}"));
        let plan = world.project.plan_json();
        for file in ["guide/edited.md", "guide/drafted.md", "guide/offline.md"] {
            let is_named = change_of(&plan, file).is_some();
            world.fail.unless(is_named, || format!("{name}: {file} is not named"));
        }
    }
    // What they did comes into the docs, and nothing of ours is lost on the way.
    world.run(&["pull", "--drafts"]);
    world.check("after pull");
    for (file, words) in [("text", "New text of ours"), ("text", "> A note."), ("hidden", "New hidden")] {
        let text = world.project.read(&format!("docs/guide/{file}.md"));
        world.fail.unless(text.contains(words), || format!("{name}: {file}.md lost our words:\n{text}"));
    }
    world.fail
}

#[test]
fn whatever_intercom_does_nothing_is_lost_doubled_or_taken_offline() {
    let each = Behaviour::ALL.iter().flat_map(|(name, values)| values.iter().map(move |value| (*name, *value)));
    let mut all = Fail::default();
    for behaviour in each {
        all.take(live_through(&[behaviour]));
    }
    all.end();
}

#[test]
fn whatever_it_does_of_several_things_at_once() {
    let mut all = Fail::default();
    for seed in 0..12_u64 {
        // A draw of each behaviour; a third of them is not as it is assumed.
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut draw = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 33).unwrap() % below
        };
        let drawn: Vec<(&str, &str)> = Behaviour::ALL
            .iter()
            .filter(|(name, _)| *name != "writes")
            .map(|(name, values)| (*name, if draw(3) == 0 { values[draw(values.len())] } else { values[0] }))
            .collect();
        all.take(live_through(&drawn));
    }
    all.end();
}

#[test]
fn the_table_of_beliefs_has_every_behaviour_with_its_values() {
    let table = include_str!("../docs/beliefs.md");
    for (name, values) in Behaviour::ALL {
        let row = format!("| `{name}` | {} |", values.join(", "));
        assert!(table.contains(&row), "docs/beliefs.md has no row that begins with {row}");
    }
}
