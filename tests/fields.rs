//! A teammate's change of any field is named and never lost, whatever else changed on either side.
//!
//! One world holds an article for every pair of fields and every way of changing both, so one `plan` covers them all.

mod articles;
mod collections;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::harness::{Fail, Lock, Project, Server, block, change_of, id_of, is_blocked, named_in};
use helpbook::intercom::model::Locale;
use helpbook::local::{OfflineUrl, Options};

/// A field of an article or collection, with the value it starts with and what each side makes of it.
///
/// `both` is what is live in the end where both sides changed it: theirs in a conflict, both where the changes go
/// together, either where they are alike. `{n}` is the number of the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Field {
    name: &'static str,
    locale: &'static str,
    base: &'static str,
    theirs: &'static str,
    ours: &'static str,
    both: &'static str,
    without_lock: WithoutLock,
}

/// Whose a change is where there is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum WithoutLock {
    /// The versions say so.
    Known,
    /// Nothing says so; it is enough that the plan names it.
    Shown,
}

use WithoutLock::{Known, Shown};

/// Every field of an article. A word of one value is in no other.
const ARTICLE: [Field; 10] = [
    field("title", ["First {n}", "Gracious {n}", "Owned {n}", "Gracious {n}"], Known),
    field("description", ["Short", "Long", "Wide", "Long"], Known),
    field("body", ["Run it.", "Walk it.", "Ride it.", "Walk it."], Known),
    field("author", ["1", "2", "2", "2"], Shown),
    field("state", ["published", "draft", "draft", "draft"], Shown),
    field("collection", ["a", "c", "b", "c"], Shown),
    field("tags", ["one", "one, two", "one, three", "one, three, two"], Shown),
    field("ai", ["true true", "false true", "true false", "false false"], Shown),
    field("audiences", ["Leads", "Leads, Users", "Leads, Visitors", "Leads, Users, Visitors"], Shown),
    field("unpublish_at", ["2099", "2098", "2097", "2098"], Shown),
];

/// When an article that was never live goes live by itself.
const PUBLISH_AT: Field = field("publish_at", ["2099", "2098", "2097", "2098"], Shown);

/// Every field of a collection. Its place is the folder above it.
const COLLECTION: [Field; 5] = [
    field("title", ["First {n}", "Gracious {n}", "Owned {n}", "Gracious {n}"], Shown),
    field("description", ["Short", "Long", "Wide", "Long"], Shown),
    field("collection", ["a", "c", "b", "c"], Shown),
    in_french(field("title", ["Un {n}", "Deux {n}", "Trois {n}", "Deux {n}"], Shown)),
    in_french(field("description", ["Court", "Longue", "Large", "Longue"], Shown)),
];

const fn field(name: &'static str, values: [&'static str; 4], without_lock: WithoutLock) -> Field {
    let [base, theirs, ours, both] = values;
    Field { name, locale: "en", base, theirs, ours, both, without_lock }
}

const fn in_french(field: Field) -> Field {
    Field { locale: "fr", ..field }
}

impl Field {
    fn is_conflict(self) -> bool {
        self.both == self.theirs && self.theirs != self.ours
    }

    fn is_alike(self) -> bool {
        self.theirs == self.ours
    }

    /// What a plan shows of their value and of no other one, where that is a word.
    fn word_of_theirs(self) -> Option<&'static str> {
        let is_shown_otherwise = ["author", "state", "ai"].contains(&self.name) || self.theirs.len() == 1;
        let mut words = self.theirs.split([' ', ',', '.']).filter(|word| !word.is_empty() && !self.base.contains(word));
        words.next().filter(|_| !is_shown_otherwise)
    }

    fn is_state(self) -> bool {
        self.name == "state"
    }

    /// Its name, with the locale if that is not English.
    fn label(self) -> String {
        if self.locale == "en" { self.name.to_owned() } else { format!("{}-{}", self.locale, self.name) }
    }
}

/// Who changed a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    Theirs,
    Ours,
    Both,
}

/// An article or collection in which some fields are changed.
#[derive(Debug, Clone)]
struct Case {
    n: usize,
    changed: BTreeMap<Field, By>,
}

impl Case {
    /// What failures call it, for example `body-theirs.title-both`. Its files are numbered, as a plan names them.
    fn name(&self) -> String {
        let parts = self.changed.iter().map(|(field, by)| format!("{}-{by:?}", field.label()).to_lowercase());
        parts.collect::<Vec<_>>().join(".")
    }

    fn by(&self, field: Field) -> Option<By> {
        self.changed.get(&field).copied()
    }

    fn value(&self, text: &str) -> String {
        text.replace("{n}", &self.n.to_string())
    }

    /// What the docs say in the end.
    fn docs(&self, field: Field) -> String {
        let is_ours = matches!(self.by(field), Some(By::Ours | By::Both));
        self.value(if is_ours { field.ours } else { field.base })
    }

    fn docs_at_first(&self, field: Field) -> String {
        self.value(field.base)
    }

    /// Whether a teammate changed such a field.
    fn is_theirs(&self, is_meant: impl Fn(Field) -> bool) -> bool {
        self.changed.iter().any(|(field, by)| *by != By::Ours && is_meant(*field))
    }

    fn has_conflict(&self) -> bool {
        self.changed.iter().any(|(field, by)| *by == By::Both && field.is_conflict())
    }

    /// Whether a teammate took it offline, and the docs do not.
    fn is_taken_down(&self) -> bool {
        self.changed.iter().any(|(field, by)| field.is_state() && *by == By::Theirs)
    }

    /// A schedule of an article that is offline is gone, in Intercom too.
    fn is_checked(&self, field: Field) -> bool {
        let goes_offline = self.changed.keys().any(|field| field.is_state());
        if field.name == "unpublish_at" { self.changed.contains_key(&field) && !goes_offline } else { true }
    }

    /// The fields that a plan may name.
    fn touched(&self) -> BTreeSet<String> {
        let offline = self.changed.keys().any(|field| field.is_state());
        let schedule = offline.then(|| "unpublish_at".to_owned());
        self.changed.keys().map(|field| field.label()).chain(schedule).collect()
    }

    /// The fields that a plan has to name.
    fn named(&self, fields: &[Field]) -> BTreeSet<String> {
        let differs = |field: &&Field| match self.by(**field) {
            Some(By::Both) => !field.is_alike() && self.is_checked(**field),
            Some(By::Theirs | By::Ours) => self.is_checked(**field),
            None => false,
        };
        fields.iter().filter(differs).map(|field| field.label()).collect()
    }
}

/// Every field changed by each side and by both; every pair of them in three ways.
fn cases(fields: &[Field]) -> Vec<Case> {
    let mut all: Vec<Vec<(Field, By)>> = Vec::new();
    for one in fields {
        all.extend([By::Theirs, By::Ours, By::Both].map(|by| vec![(*one, by)]));
        for other in fields.iter().filter(|other| *other != one) {
            let ways = [(By::Theirs, By::Ours), (By::Theirs, By::Both), (By::Ours, By::Both)];
            all.extend(ways.map(|(by, of_other)| vec![(*one, by), (*other, of_other)]));
        }
    }
    numbered(all)
}

/// Every field of one list changed by a teammate beside every field of the other changed in the docs.
fn across(theirs: &[Field], ours: &[Field]) -> Vec<Vec<(Field, By)>> {
    let pair = |one: Field| ours.iter().map(move |other| vec![(one, By::Theirs), (*other, By::Ours)]);
    theirs.iter().flat_map(|one| pair(*one)).collect()
}

fn numbered(all: Vec<Vec<(Field, By)>>) -> Vec<Case> {
    let case = |(n, changed): (usize, Vec<(Field, By)>)| Case { n, changed: changed.into_iter().collect() };
    all.into_iter().enumerate().map(case).collect()
}

/// The values that are live, by the name of the case and the label of the field.
type Values = BTreeMap<(String, String), String>;

/// What is done with a list of cases: articles or collections.
struct Subjects {
    fields: Vec<Field>,
    cases: Vec<Case>,
    build: fn(&Subjects, Lock) -> (Server, Project),
    live: fn(&Subjects, &Server, &Project) -> Values,
    path: fn(&Case) -> String,
    /// What the docs never say.
    unsaid: &'static [&'static str],
}

/// Plans, applies and overwrites; fails with everything that is not as it has to be.
fn check(subjects: &Subjects, lock: Lock) {
    let (server, project) = (subjects.build)(subjects, lock);
    let mut fail = Fail::default();
    let ran = project.run(&["plan"]).exits(0);
    if lock == Lock::Lost {
        let says = ran.stdout.contains("helpbook.lock") || ran.stderr.contains("helpbook.lock");
        fail.unless(says, || "plan does not say what is not known without helpbook.lock".to_owned());
    }
    let plan = ran.stdout;
    let document = project.plan_json();
    for case in &subjects.cases {
        check_named(subjects, case, &plan, &document, &mut fail);
        let is_known = |field: &Field| lock != Lock::Lost || field.without_lock == Known;
        let in_conflict = case
            .changed
            .iter()
            .any(|(field, by)| *by == By::Both && field.is_conflict() && is_known(field) && case.is_checked(*field));
        let is_refused = change_of(&document, &(subjects.path)(case)).is_some_and(is_blocked);
        fail.unless(is_refused || !in_conflict, || format!("{}: the conflict is not refused", case.name()));
    }
    let publish = ["apply", "--publish", "--yes", "--allow-removals", "1000"];
    let ran = project.run(&publish);
    // Of collections nothing is known without the lock, so nothing is refused.
    let wanted =
        if lock == Lock::Kept || subjects.fields.iter().any(|field| field.without_lock == Known) { 3 } else { 0 };
    fail.unless(ran.exit == wanted, || format!("apply: exit {}, not {wanted}\n{}", ran.exit, ran.stderr));
    let (live, after) = ((subjects.live)(subjects, &server, &project), project.plan_json());
    for case in &subjects.cases {
        check_kept(subjects, case, lock, &live, &after, &mut fail);
    }
    let ran = project.run(&[&publish[..], &["--overwrite"]].concat());
    fail.unless(ran.exit == 0, || format!("apply --overwrite: exit {}, not 0\n{}", ran.exit, ran.stderr));
    let (live, after) = ((subjects.live)(subjects, &server, &project), project.plan_json());
    for case in &subjects.cases {
        for field in subjects.fields.iter().filter(|field| case.is_checked(**field)) {
            let (found, docs) = (&live[&(case.name(), field.label())], case.docs(*field));
            fail.unless(*found == docs, || {
                format!("{}: {} is `{found}` after --overwrite, not `{docs}`", case.name(), field.label())
            });
        }
        let left = named(&after, &(subjects.path)(case));
        fail.unless(left.is_empty(), || format!("{}: --overwrite left {left:?}", case.name()));
    }
    fail.end();
}

/// A plan names what changed, in text and in JSON, and nothing else.
fn check_named(subjects: &Subjects, case: &Case, plan: &str, document: &Value, fail: &mut Fail) {
    let path = (subjects.path)(case);
    let (wanted, found) = (case.named(&subjects.fields), named(document, &path));
    fail.unless(wanted.is_subset(&found), || {
        format!("{}: plan --json names {found:?}, without {:?}", case.name(), &wanted - &found)
    });
    let touched = case.touched();
    let untouched: Vec<&String> = found.difference(&touched).collect();
    fail.unless(untouched.is_empty(), || {
        format!("{}: plan --json names {untouched:?}, which nobody touched", case.name())
    });
    let text = block(plan, &path);
    let says = |label: &String| {
        let name = label.trim_start_matches("fr-");
        let other = match name {
            "state" => "offline",
            "body" => "text",
            name => name,
        };
        let other = if path.ends_with(".md") || name != "title" { other } else { "name" };
        let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        words.contains(name) || words.contains(other)
    };
    let silent: Vec<&String> = wanted.iter().filter(|label| !says(label)).collect();
    fail.unless(silent.is_empty(), || format!("{}: plan does not name {silent:?}", case.name()));
    let hidden: Vec<String> = case
        .changed
        .iter()
        .filter(|(field, by)| **by != By::Ours && !field.is_alike() && case.is_checked(**field))
        .filter(|(field, _)| field.word_of_theirs().is_some_and(|word| !text.contains(word)))
        .map(|(field, _)| field.label())
        .collect();
    fail.unless(hidden.is_empty(), || format!("{}: plan does not show what is in Intercom: {hidden:?}", case.name()));
}

/// What is live after `apply --publish --yes`: theirs where nobody overruled it, ours where nothing is in the way.
fn check_kept(subjects: &Subjects, case: &Case, lock: Lock, live: &Values, after: &Value, fail: &mut Fail) {
    let left = named(after, &(subjects.path)(case));
    let is_text = |field: Field| field.without_lock == Known;
    let is_versioned = |field: Field| is_text(field) || field.name == "author";
    let is_free = match lock {
        Lock::Lost => !case.is_theirs(is_versioned) && !case.is_taken_down(),
        Lock::Kept | Lock::Merged => !case.has_conflict() && !case.is_taken_down(),
    };
    for field in subjects.fields.iter().filter(|field| case.is_checked(**field)) {
        let found = &live[&(case.name(), field.label())];
        let [base, theirs, ours, both] =
            [field.base, field.theirs, field.ours, field.both].map(|value| case.value(value));
        let is_known = lock != Lock::Lost || is_text(*field);
        // Not sent yet is no loss as long as the next plan says so.
        let waits = left.contains(&field.label());
        let is_right = match case.by(*field) {
            None => *found == base,
            Some(By::Theirs) if is_known => *found == theirs,
            Some(By::Theirs) => *found == theirs || *found == base,
            Some(By::Ours) => *found == ours || (!is_free && *found == base && waits),
            Some(By::Both) if is_known && is_free => *found == both,
            Some(By::Both) if is_known => *found == both || (*found == theirs && waits),
            Some(By::Both) => [both, theirs, ours].contains(found),
        };
        fail.unless(is_right, || format!("{}: {} is `{found}` after apply", case.name(), field.label()));
    }
}

/// The fields that a plan names of what has this path, those of other locales with the locale.
fn named(document: &Value, path: &str) -> BTreeSet<String> {
    let Some(change) = change_of(document, path) else { return BTreeSet::new() };
    let french = named_in(&change["locales"]["fr"]).into_iter().map(|name| format!("fr-{name}"));
    named_in(&change["locales"]["en"]).into_iter().chain(french).collect()
}

fn bilingual() -> Server {
    let locales = ["en", "fr"].map(|locale| Locale(locale.to_owned())).to_vec();
    Server::with(Options { locales, ..Options::default() })
}

fn of_articles(fields: Vec<Field>, cases: Vec<Case>) -> Subjects {
    Subjects { fields, cases, build: articles::build, live: articles::live, path: articles::path, unsaid: &[] }
}

fn in_english() -> Subjects {
    of_articles(ARTICLE.to_vec(), cases(&ARTICLE))
}

/// Every pair of an article that waits to go live.
fn scheduled() -> Subjects {
    let is_of_a_draft = |field: &Field| !["state", "unpublish_at"].contains(&field.name);
    let fields: Vec<Field> = ARTICLE.into_iter().filter(is_of_a_draft).chain([PUBLISH_AT]).collect();
    of_articles(fields.clone(), cases(&fields))
}

/// Every pair in French, and each field of one locale beside each of the other.
fn in_both_locales() -> Subjects {
    let of_a_locale = |field: &&Field| !["collection", "tags", "unpublish_at"].contains(&field.name);
    let english: Vec<Field> = ARTICLE.iter().filter(of_a_locale).copied().collect();
    let french: Vec<Field> = english.iter().map(|field| in_french(*field)).collect();
    let within = cases(&french).into_iter().map(|case| case.changed.into_iter().collect());
    let all = within.chain(across(&english, &french)).chain(across(&french, &english)).collect();
    of_articles([english, french].concat(), numbered(all))
}

fn of_collections() -> Subjects {
    let path = |case: &Case| collections::folder(case, &Case::docs);
    let fields = COLLECTION.to_vec();
    Subjects { cases: cases(&fields), fields, build: collections::build, live: collections::live, path, unsaid: &[] }
}

#[test]
fn every_pair_of_fields_of_an_article() {
    check(&in_english(), Lock::Kept);
}

#[test]
fn every_pair_of_fields_of_an_article_without_the_lock() {
    check(&in_english(), Lock::Lost);
}

#[test]
fn every_pair_of_fields_of_an_article_that_waits_to_go_live() {
    check(&scheduled(), Lock::Kept);
}

#[test]
fn every_pair_of_fields_of_an_article_that_waits_to_go_live_without_the_lock() {
    check(&scheduled(), Lock::Lost);
}

#[test]
fn every_pair_of_fields_of_a_translation() {
    check(&in_both_locales(), Lock::Kept);
}

#[test]
fn every_pair_of_fields_of_a_translation_without_the_lock() {
    check(&in_both_locales(), Lock::Lost);
}

#[test]
fn every_pair_of_fields_of_a_collection() {
    check(&of_collections(), Lock::Kept);
}

#[test]
fn every_pair_of_fields_of_a_collection_without_the_lock() {
    check(&of_collections(), Lock::Lost);
}

/// Left alone by every run: what an absent key would say is not compared, recorded or replaced.
#[test]
fn what_the_docs_do_not_say_is_theirs_even_beside_a_conflict_that_is_overwritten() {
    let unsaid = &["description", "author", "tags", "ai", "audiences", "unpublish_at"];
    let body = ARTICLE[2];
    let theirs = ARTICLE.into_iter().filter(|field| unsaid.contains(&field.name));
    let cases = numbered(theirs.map(|field| vec![(field, By::Theirs), (body, By::Both)]).collect());
    for lock in [Lock::Kept, Lock::Lost] {
        let subjects = Subjects { unsaid, ..of_articles(ARTICLE.to_vec(), cases.clone()) };
        let (server, project) = articles::build(&subjects, lock);
        let mut fail = Fail::default();
        let document = project.plan_json();
        project.run(&["apply", "--publish", "--yes"]).exits(3);
        project.run(&["apply", "--publish", "--yes", "--overwrite"]).exits(0);
        let (live, after) = (articles::live(&subjects, &server, &project), project.plan_json());
        for case in &subjects.cases {
            let path = articles::path(case);
            let found = named(&document, &path);
            fail.unless(found == BTreeSet::from(["body".to_owned()]), || format!("{}: names {found:?}", case.name()));
            for (field, wanted) in
                case.changed.keys().map(|field| (field, if *field == body { body.ours } else { field.theirs }))
            {
                // A set or a switch that nobody wrote has only what a teammate gave it.
                let wanted = match field.name {
                    "tags" => "two",
                    _ => wanted,
                };
                let found = &live[&(case.name(), field.label())];
                fail.unless(found == wanted, || {
                    format!("{}: {} is `{found}`, not `{wanted}`", case.name(), field.name)
                });
            }
            let left = named(&after, &path);
            fail.unless(left.is_empty(), || format!("{}: left {left:?}", case.name()));
        }
        fail.end();
    }
}

/// Published by us and taken offline by a teammate: the record says so, whatever becomes of the address.
#[test]
fn what_a_teammate_took_offline_stays_offline_whatever_its_address_is() {
    let mut fail = Fail::default();
    for offline_url in [OfflineUrl::Kept, OfflineUrl::Null] {
        let locales = ["en", "fr"].map(|locale| Locale(locale.to_owned())).to_vec();
        let server = Server::with(Options { locales, ..Options::behaving(|does| does.offline_url = offline_url) });
        let project = Project::new(&[
            ("helpbook.yml", "docs: docs\nstate: published\nlocales: [en, fr]\n"),
            ("docs/whole.md", "# Whole\n\nRun it.\n"),
            ("docs/edited.md", "# Edited\n\nRun it.\n"),
            ("docs/french.md", "# French\n\nRun it.\n"),
            ("docs/french.fr.md", "# Anglais\n\nLancez-le.\n"),
            ("docs/ours.md", "---\nstate: published\n---\n# Ours\n\nRun it.\n"),
        ])
        .on(&server);
        project.run(&["apply", "--publish", "--yes"]).exits(0);
        project.edit("docs/ours.md", "state: published", "state: draft");
        project.run(&["apply", "--publish", "--yes"]).exits(0);
        let state = |name: &str, locale: &str| {
            let article = server.get(&format!("/articles/{}", id_of(&project, &format!("docs/{name}.md"))));
            articles::text_of(&article["translated_content"][locale]["state"])
        };
        for (name, locale) in [("whole", "en"), ("edited", "en"), ("french", "fr")] {
            let id = id_of(&project, &format!("docs/{name}.md"));
            server.edit(id, &json!({ "locale": locale, "state": "draft" }));
        }
        project.edit("docs/edited.md", "Run it.", "Ride it.");
        // What we took offline ourselves comes back unasked.
        project.edit("docs/ours.md", "state: draft", "state: published");
        let (document, plan) = (project.plan_json(), project.run(&["plan"]).exits(0).stdout);
        for (name, field) in [("whole", "state"), ("edited", "state"), ("french", "fr-state")] {
            let path = format!("{name}.md");
            let found = named(&document, &path);
            fail.unless(found.contains(field), || format!("{offline_url:?}: {name}: names {found:?}"));
            let drifts = change_of(&document, &path).is_some_and(|change| {
                let locale = if name == "french" { "fr" } else { "en" };
                named_in(&change["locales"][locale]["drift"]).contains("state")
            });
            fail.unless(drifts, || format!("{offline_url:?}: {name}: not shown as drift"));
            let text = block(&plan, &path);
            fail.unless(text.contains("offline"), || format!("{offline_url:?}: {name}: plan says {text}"));
        }
        let ran = project.run(&["apply", "--publish", "--yes"]);
        fail.unless(ran.exit == 3, || format!("{offline_url:?}: exit {}", ran.exit));
        for (name, locale, wanted) in [
            ("whole", "en", "draft"),
            ("edited", "en", "draft"),
            ("french", "fr", "draft"),
            ("french", "en", "published"),
            ("ours", "en", "published"),
        ] {
            let found = state(name, locale);
            fail.unless(found == wanted, || format!("{offline_url:?}: {name} in {locale} is {found}, not {wanted}"));
        }
        project.run(&["apply", "--publish", "--yes", "--overwrite"]).exits(0);
        for (name, locale) in [("whole", "en"), ("edited", "en"), ("french", "fr")] {
            let found = state(name, locale);
            fail.unless(found == "published", || format!("{offline_url:?}: {name} is {found} after --overwrite"));
        }
    }
    fail.end();
}

/// Without the record an address is all that is known; nothing comes back without being named.
#[test]
fn what_is_offline_without_a_record_is_named_whatever_its_address_is() {
    for offline_url in [OfflineUrl::Kept, OfflineUrl::Null] {
        let server = Server::with(Options::behaving(|does| does.offline_url = offline_url));
        let project = Project::new(&[("docs/whole.md", "# Whole\n\nRun it.\n")]).on(&server);
        project.run(&["apply", "--publish", "--yes"]).exits(0);
        server.edit(id_of(&project, "docs/whole.md"), &json!({ "state": "draft" }));
        project.remove("helpbook.lock");
        let found = named(&project.plan_json(), "whole.md");
        assert!(found.contains("state"), "{offline_url:?}: {found:?}");
    }
}
