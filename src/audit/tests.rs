//! A Help Center with mistakes that were put into it, each kind twice at least and most where they are hard to see:
//! in tables, callouts, sections, lists and other locales. All of them are found, and nothing else is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::*;
use crate::config::Ignored;
use crate::intercom::model::{AdminId, App, Article as Wire, ArticleId, Locale, Me, Tag};
use crate::live::{Listed, Live, LiveArticle};

/// The day on which it is looked at.
const TODAY: i64 = 1_800_000_000;

const DAY: i64 = 86_400;

const SITE: &str = "https://help.example.com";

/// A Help Center to put mistakes into.
struct World {
    articles: Vec<Value>,
    collections: Vec<Value>,
    evidence: Evidence,
    rules: Rules,
}

/// The text of a sound article, different for each.
fn sound(id: u64) -> String {
    // Words without a pattern, so that no two articles are alike.
    let word = |at: u64| {
        let mixed = (id << 20 | at).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        format!("w{} ", (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 44)
    };
    let words = |from: u64| (from..from + 60).map(word).collect::<String>();
    format!(
        "<h1 id=\"h_{id:010x}\">First</h1><p>{}</p><h2 id=\"h_{:010x}\">Second</h2><p>{}</p>\
         <img src=\"https://img.example/{id}.png\" alt=\"The menu\">",
        words(0),
        id + 0x1000,
        words(2000)
    )
}

impl World {
    /// Sound articles in two collections, each in English and German.
    fn new() -> Self {
        let article = |id: u64| {
            json!({
                "id": id, "title": format!("How to do thing {id}"), "state": "published", "body": sound(id),
                "created_at": TODAY - 40 * DAY, "updated_at": TODAY - 20 * DAY, "url": format!("{SITE}/en/articles/{id}"),
                "parent_ids": [1 + id % 2], "ai_chatbot_availability": true, "tags": {"tags": [{"id": 1, "name": "Used"}]},
                "translated_content": {"type": "article_translated_content", "de": {
                    "title": format!("Wie Sache {id} geht"), "state": "published",
                    "body": sound(id + 500).replace(&format!("h_{:010x}", id + 500), &format!("h_{id:010x}")),
                    "updated_at": TODAY - 10 * DAY, "url": format!("{SITE}/de/articles/{id}")
                }}
            })
        };
        let collection = |id: u64| json!({"id": id, "name": format!("Part {id}"), "help_center_id": 7});
        Self {
            articles: (100..160).map(article).collect(),
            collections: vec![collection(1), collection(2)],
            evidence: Evidence::default(),
            rules: Rules::default(),
        }
    }

    fn at(&mut self, id: u64) -> &mut Value {
        self.articles.iter_mut().find(|article| article["id"] == id).unwrap()
    }

    /// Adds to the text of an article, in a locale.
    fn add(&mut self, id: u64, locale: &str, html: &str) {
        let article = self.at(id);
        let content = if locale == "en" { article } else { &mut article["translated_content"][locale] };
        content["body"] = json!(format!("{}{html}", content["body"].as_str().unwrap()));
    }

    fn live(&self) -> Live {
        let article = |value: &Value| {
            let article: Wire = serde_json::from_value(value.clone()).unwrap();
            (article.id, LiveArticle::of(article))
        };
        let collection = |value: &Value| {
            let collection: crate::intercom::model::Collection = serde_json::from_value(value.clone()).unwrap();
            (collection.id, collection)
        };
        let center = json!({
            "id": 7, "identifier": "acme", "display_name": "Acme", "url": SITE, "custom_domain": "help.example.com",
            "locales": ["en", "de"]
        });
        let audience = |id: u64, name: &str| serde_json::from_value(json!({"id": id, "name": name})).unwrap();
        let redirect = json!({
            "id": 1, "from_url": format!("{SITE}/en/articles/77-old"), "target_type": "article", "target_id": 100
        });
        Live {
            fetched_at: jiff::Timestamp::from_second(TODAY).unwrap(),
            me: Me { id: AdminId(1), app: App { id_code: "acme".into(), ..App::default() }, ..Me::default() },
            help_center: serde_json::from_value(center).unwrap(),
            admins: BTreeMap::new(),
            collections: self.collections.iter().map(collection).collect(),
            articles: self.articles.iter().map(article).collect(),
            unreadable: BTreeMap::new(),
            is_complete: true,
            audiences: Listed::Known(vec![audience(3, "Trial"), audience(4, "VIP")]),
            redirects: Listed::Known(vec![serde_json::from_value(redirect).unwrap()]),
            last_put: BTreeMap::new(),
        }
    }

    fn audit(&self) -> Audit {
        let tag = |name: &str| Tag { id: Default::default(), name: name.into() };
        let tags = Listed::Known(vec![tag("used"), tag("Old tag"), tag("older")]);
        audit(&from_live(self.live(), &Locale::english(), &tags), &self.evidence, &self.rules)
    }

    /// What is found, a line each: kind, article, locale; or the thing that it is about.
    fn found(&self) -> BTreeSet<String> {
        let audit = self.audit();
        let line = |finding: &Finding| match &finding.thing {
            Some(thing) => format!("{} {}", finding.kind.id, thing.name),
            None => {
                let texts = finding.articles.iter().map(|about| format!("{} {}", about.article(), about.locale));
                format!("{} {}", finding.kind.id, texts.collect::<Vec<_>>().join(" "))
            }
        };
        audit.findings.iter().map(line).collect()
    }
}

fn lines(text: &str) -> BTreeSet<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// What is there in every Help Center of these tests.
const ALWAYS: &str = "unused-tag Old tag\nunused-tag older\nunused-audience Trial\nunused-audience VIP";

fn cell(html: &str) -> String {
    format!("<table><tr><td>One</td><td>{html}</td></tr></table>")
}

fn callout(html: &str) -> String {
    format!("<div class=\"intercom-interblocks-callout\" style=\"background-color: #e3e7fa80\">{html}</div>")
}

fn section(html: &str) -> String {
    format!("<details><summary>More</summary><div class=\"collapsible-section-content\">{html}</div></details>")
}

fn link(href: &str) -> String {
    format!("<p>See <a href=\"{href}\">the <b>other</b> page</a>.</p>")
}

#[test]
fn a_sound_help_center_has_no_findings() {
    let world = World::new();
    assert_eq!(world.found(), lines(ALWAYS));
    let audit = world.audit();
    let areas = audit.scores.areas.iter().filter(|score| score.area != Area::Order);
    assert!(areas.clone().all(|score| score.score == 100), "{:?}", audit.scores);
    assert_eq!((audit.articles, audit.published, audit.ranked_by), (60, 60, Customers::Links));
}

fn links(world: &mut World) -> &'static str {
    world.add(100, "en", &cell(&link(&format!("{SITE}/en/articles/999-gone"))));
    world.add(101, "de", &callout(&link("https://intercom.help/acme/de/articles/998")));
    world.add(102, "en", &section(&link(&format!("{SITE}/en/collections/55-gone"))));
    world.add(103, "de", &format!("<ul><li>{}</li></ul>", link(&format!("{SITE}/collections/56"))));
    world.add(104, "en", &callout(&link(&format!("{SITE}/en/articles/105#h_00000000ff"))));
    world.add(106, "de", &cell(&link("#h_00000000fe")));
    world.at(150)["state"] = json!("draft");
    world.at(150)["translated_content"]["de"]["state"] = json!("draft");
    world.add(107, "en", &section(&link(&format!("{SITE}/en/articles/150"))));
    world.add(108, "de", &cell(&link(&format!("{SITE}/de/articles/150-x#h_1"))));
    world.add(109, "de", &callout(&link(&format!("{SITE}/en/articles/110"))));
    world.add(111, "en", &cell(&link(&format!("{SITE}/de/articles/110-x"))));
    world.add(112, "en", &section(&link("https://intercom.help/acme/en/articles/113")));
    world.rules.old_domains = vec!["old.example".to_owned()];
    world.add(114, "de", &callout(&link("https://docs.old.example/x")));
    // What is right.
    world.add(115, "en", &link(&format!("{SITE}/en/articles/77-old")));
    world.add(115, "en", &link(&format!("{SITE}/en/articles/116#h_{:010x}", 116)));
    world.add(115, "en", &link("https://other.example/en/articles/999"));
    world.add(115, "en", &link("mailto:ada@example.com"));
    "dead-article-link 100 en
     dead-article-link 101 de
     dead-collection-link 102 en
     dead-collection-link 103 de
     dead-heading-link 104 en
     dead-heading-link 106 de
     link-to-draft 107 en
     link-to-draft 108 de
     other-locale-link 109 de
     other-locale-link 111 en
     old-address-link 112 en
     old-address-link 114 de"
}

fn outside(world: &mut World) -> &'static str {
    let mut answers = BTreeMap::new();
    let mut answer = |address: &str, answer: Answer, bytes: Option<u64>| {
        answers.insert(address.to_owned(), Seen { answer, bytes });
    };
    answer("https://a.example/gone", Answer::Gone { status: 404 }, None);
    answer("https://b.example/", Answer::NoHost, None);
    answer("https://c.example/old", Answer::Moved { to: "https://c.example/new".into() }, None);
    answer("https://d.example/old", Answer::Moved { to: "https://e.example/old".into() }, None);
    answer("http://f.example/x", Answer::Moved { to: "https://www.f.example/x/".into() }, None);
    answer("https://g.example/x", Answer::Unknown { why: "it asks who you are".into() }, None);
    answer("https://img.example/120.png?sign=1", Answer::Gone { status: 410 }, None);
    answer("https://img.example/gone.png", Answer::NoHost, None);
    answer("https://img.example/122.png", Answer::There, Some(3_000_000));
    answer("https://img.example/huge.gif", Answer::There, Some(2 * 1024 * 1024));
    answer("https://img.example/123.png", Answer::There, Some(2_000_000));
    world.evidence.outside = Some(Outside { answers });
    world.add(116, "de", &cell(&link("https://a.example/gone#part")));
    world.add(
        117,
        "en",
        "<div class=\"intercom-container\"><a class=\"intercom-h2b-button\" href=\"https://b.example/\">Go</a></div>",
    );
    world.add(118, "en", &section(&link("https://c.example/old")));
    world.add(119, "de", &callout(&link("https://d.example/old")));
    world.add(119, "en", &format!("{}{}", link("http://f.example/x"), link("https://g.example/x")));
    world.add(120, "en", &cell("<img src=\"https://img.example/120.png?sign=1\" alt=\"a\">"));
    world.add(121, "de", &section("<img src=\"https://img.example/gone.png\" alt=\"a\">"));
    world.add(124, "de", &callout("<img src=\"https://img.example/huge.gif\" alt=\"a\">"));
    "dead-outside-link 116 de
     dead-outside-link 117 en
     moved-outside-link 118 en
     moved-outside-link 119 de
     gone-image 120 en
     gone-image 121 de
     huge-image 122 en
     huge-image 124 de
     stale-locale 117 de"
}

fn texts(world: &mut World) -> &'static str {
    world.add(125, "en", &cell("<img src=\"https://img.example/a.png\">"));
    world.add(126, "de", &section("<img src=\"https://img.example/a.png\" alt=\" \">"));
    let icon = "<img src=\"https://img.example/icon.png?s=1\" alt=\"Icon\">";
    world.add(127, "en", &format!("{}{}{icon}{icon}", cell(icon), section(icon)));
    world.add(128, "de", &callout(icon).repeat(5));
    world.add(129, "en", &callout("<h4>Deep</h4>"));
    world.add(130, "de", "<h1>Part</h1><h3>Too deep</h3>");
    let wall = |seed: u64| format!("<p>{}</p>", (0..130).map(|at| format!("v{} ", seed + at)).collect::<String>());
    world.add(131, "en", &cell(&wall(0)));
    world.add(132, "de", &section(&format!("<ul><li>{}</li></ul>", wall(500))));
    let wide = |word: &str| {
        let row: String = (0..6).map(|at| format!("<td>{word}{at}</td>")).collect();
        format!("<table><tr>{row}</tr><tr>{row}</tr></table>")
    };
    world.add(133, "en", &section(&wide("Configuration")));
    world.add(134, "de", &callout(&wide("Einstellungen")));
    world.at(135)["title"] = json!("General");
    world.at(136)["translated_content"]["de"]["title"] = json!("Kopie von Rechnungen");
    world.at(137)["title"] = json!(" ");
    world.at(138)["title"] = json!("Get a refund");
    world.at(139)["title"] = json!("get a refund?");
    world.at(140)["translated_content"]["de"]["title"] = json!("Geld zurück");
    world.at(141)["translated_content"]["de"]["title"] = json!("Geld zurück!");
    "missing-alt 125 en
     missing-alt 126 de
     repeated-image 127 en
     repeated-image 128 de
     heading-jump 129 en
     heading-jump 130 de
     wall-of-text 131 en
     wall-of-text 132 de
     wide-table 133 en
     wide-table 134 de
     vague-title 135 en
     vague-title 136 de
     vague-title 137 en
     equal-title 138 en 139 en
     equal-title 140 de 141 de"
}

fn copies(world: &mut World) -> &'static str {
    let number = "<p>You have 30 days to send a thing back to us.</p>";
    let name = "<p>Open the page of Acme and choose the blue button.</p>";
    for (one, other, locale) in [(142, 143, "en"), (144, 145, "de")] {
        let sentences = format!("{number}{name}");
        world.add(one, locale, &cell(&sentences));
        let article = world.at(one).clone();
        let body =
            if locale == "en" { article["body"].clone() } else { article["translated_content"]["de"]["body"].clone() };
        let body = body.as_str().unwrap().replace("30 days", "14 days").replace("Acme", "Bolt");
        let changed = world.at(other);
        if locale == "en" {
            changed["body"] = json!(body);
        } else {
            changed["translated_content"]["de"]["body"] = json!(body);
        }
    }
    let second = |world: &mut World, one: u64, other: u64| {
        world.add(one, "en", &section(name));
        let body = world.at(one)["body"].as_str().unwrap().replace("Acme", "Carol");
        world.at(other)["body"] = json!(body);
    };
    second(world, 146, 147);
    "near-duplicate 142 en 143 en
     near-duplicate 144 de 145 de
     near-duplicate 146 en 147 en
     different-number 142 en 143 en
     different-number 144 de 145 de
     different-name 142 en 143 en
     different-name 146 en 147 en"
}

fn order(world: &mut World) -> &'static str {
    world.at(148)["translated_content"]["de"] = Value::Null;
    world.at(149)["translated_content"]["de"]["state"] = json!("draft");
    for (id, extra) in [(151, "<h2>New</h2>"), (152, "<img src=\"https://img.example/n.png\" alt=\"New\">")] {
        world.add(id, "en", extra);
        world.at(id)["translated_content"]["de"]["updated_at"] = json!(TODAY - 90 * DAY);
    }
    for id in [153, 154] {
        world.at(id)["parent_ids"] = json!([]);
    }
    world.at(155)["parent_ids"] = json!([]);
    world.at(155)["ai_chatbot_availability"] = json!(false);
    world.at(156)["state"] = json!("draft");
    world.at(156)["translated_content"]["de"]["state"] = json!("draft");
    world.at(156)["updated_at"] = json!(TODAY - 400 * DAY);
    world.at(156)["translated_content"]["de"]["updated_at"] = json!(TODAY - 100 * DAY);
    world.collections.extend([
        json!({"id": 3, "name": "Empty", "help_center_id": 7}),
        json!({"id": 4, "name": "Second", "parent_id": 1}),
        json!({"id": 5, "name": "Third", "parent_id": 4}),
        json!({"id": 6, "name": "Fourth", "parent_id": 5}),
        json!({"id": 8, "name": "Fifth", "parent_id": 6}),
        json!({"id": 9, "name": "Alone", "parent_id": 2}),
        json!({"id": 10, "name": "Only a draft", "help_center_id": 7}),
    ]);
    world.at(157)["parent_ids"] = json!([8, 6, 5, 4, 1]);
    world.at(158)["parent_ids"] = json!([9, 2]);
    world.at(156)["parent_ids"] = json!([10]);
    "missing-locale 148 en
     missing-locale 149 en
     stale-locale 151 de
     stale-locale 152 de
     no-collection 153 en
     no-collection 154 en
     forgotten-draft 156 en
     empty-collection Empty
     empty-collection Only a draft
     deep-collection Fourth
     deep-collection Fifth
     single-article-collection Fifth
     single-article-collection Alone"
}

#[test]
fn every_mistake_that_was_put_in_is_found_and_nothing_else() {
    let mut world = World::new();
    let mut expected = String::new();
    for plant in [links, outside, texts, copies, order] {
        expected.push_str(plant(&mut world));
        expected.push('\n');
    }
    // What comes with another mistake: the old address of a link that is dead, and the draft behind a link to one.
    let more = "missing-locale 150 en";
    let mut expected = lines(&format!("{expected}{ALWAYS}"));
    expected.remove(more);
    expected.remove("stale-locale 117 de");
    let found = world.found();
    let missing: Vec<_> = expected.difference(&found).collect();
    let other: Vec<_> = found.difference(&expected).collect();
    assert!(missing.is_empty() && other.is_empty(), "not found: {missing:#?}\nnot meant: {other:#?}");
    assert!(expected.len() > 50, "{}", expected.len());
    let kinds: BTreeSet<&str> = expected.iter().filter_map(|line| line.split(' ').next()).collect();
    let rest: Vec<_> = KINDS.iter().map(|kind| kind.id).filter(|id| !kinds.contains(id)).collect();
    assert_eq!(rest, ["old-and-read"], "which needs readers");
}

#[test]
fn drafts_behind_a_live_text_and_old_articles_that_many_read_are_found() {
    let mut world = World::new();
    let figures = |views| Figures { views, ..Figures::default() };
    world.evidence.figures =
        Some((100..160).map(|id| (ArticleId(id), figures(if id < 110 { 900 } else { 3 }))).collect());
    for id in [100, 101, 120] {
        world.at(id)["updated_at"] = json!(TODAY - 500 * DAY);
    }
    let found = world.found();
    let old: Vec<_> = found.iter().filter(|line| line.starts_with("old-and-read")).collect();
    assert_eq!(old, ["old-and-read 100 en", "old-and-read 101 en"], "nobody reads the third");
    world.evidence.figures = None;
    for id in 102..108 {
        world.add(id, "en", &link(&format!("{SITE}/en/articles/100")));
    }
    assert!(world.found().contains("old-and-read 100 en") && !world.found().contains("old-and-read 101 en"));
    let mut live = World::new().live();
    for id in [100, 101] {
        let found = live.articles.get_mut(&ArticleId(id)).unwrap();
        let mut draft = found.article.clone();
        draft.content.has_unpublished_changes = Some(true);
        draft.content.updated_at = TODAY - 91 * DAY;
        draft.content.body = Some("<p>Other</p>".into());
        found.draft = Some(draft);
    }
    let center = from_live(live, &Locale::english(), &Listed::NotFetched);
    let audit = audit(&center, &Evidence::default(), &Rules::default());
    let drafts = audit.findings.iter().filter(|finding| finding.kind.id == "forgotten-draft");
    assert_eq!(drafts.map(|finding| finding.articles[0].article()).collect::<Vec<_>>(), ["100", "101"]);
}

#[test]
fn the_worst_for_most_customers_comes_first() {
    let mut world = World::new();
    for id in [100, 101, 102] {
        world.add(id, "en", &link(&format!("{SITE}/en/articles/999")));
    }
    let figures = |id: u64, views| (ArticleId(id), Figures { views, fin_involvements: 1, ..Figures::default() });
    world.evidence.figures = Some([figures(100, 5), figures(101, 50), figures(102, 7)].into());
    let audit = world.audit();
    let first: Vec<_> =
        audit.findings.iter().take(3).map(|finding| (finding.articles[0].article(), finding.customers)).collect();
    assert_eq!(first, [("101".to_owned(), 51), ("102".to_owned(), 8), ("100".to_owned(), 6)]);
    assert_eq!(audit.ranked_by, Customers::Views);
    assert!(audit.unchecked.contains(&"Intercom has no figures of 57 articles".to_owned()), "{:?}", audit.unchecked);
}

#[test]
fn what_a_team_ignores_is_left_out_and_counted() {
    let mut world = World::new();
    links(&mut world);
    texts(&mut world);
    let all = world.audit().findings.len();
    let some = |names: &[&str]| Ignored::For(names.iter().map(|name| (*name).to_owned()).collect());
    world.rules.ignore = Ignore(BTreeMap::from([
        ("dead-article-link".to_owned(), Ignored::Everywhere),
        ("dead-heading-link".to_owned(), some(&["104"])),
        ("equal-title".to_owned(), some(&["139"])),
        ("unused-tag".to_owned(), some(&["older"])),
        ("unused-audience".to_owned(), some(&["3"])),
    ]));
    let audit = world.audit();
    assert_eq!((audit.ignored, audit.findings.len()), (6, all - 6));
    let found = world.found();
    assert!(found.contains("dead-heading-link 106 de") && !found.contains("dead-heading-link 104 en"));
    assert!(found.contains("unused-tag Old tag") && found.contains("unused-audience VIP"));
}

#[test]
fn what_is_not_known_for_sure_is_no_finding() {
    let mut world = World::new();
    world.add(100, "en", &link(&format!("{SITE}/en/articles/999")));
    let mut live = world.live();
    live.is_complete = false;
    let center = from_live(live, &Locale::english(), &Listed::Refused("401".into()));
    let audit = audit(&center, &Evidence::default(), &Rules::default());
    assert!(audit.findings.iter().all(|finding| finding.kind.id == "unused-audience"), "{:?}", audit.findings);
    assert_eq!(audit.unchecked.len(), 2, "{:?}", audit.unchecked);
}

#[test]
fn an_article_may_have_a_default_locale_of_its_own() {
    let mut world = World::new();
    let article = world.at(100);
    let german = article["translated_content"]["de"].clone();
    let english = json!({
        "title": article["title"], "state": "published", "body": article["body"], "url": article["url"],
        "updated_at": article["updated_at"]
    });
    article["translated_content"]["en"] = english;
    for key in ["title", "body", "url", "updated_at"] {
        article[key] = german[key].clone();
    }
    article["default_locale"] = json!("de");
    assert_eq!(world.found(), lines(ALWAYS));
    world.add(100, "en", &cell("<img src=\"https://img.example/a.png\">"));
    assert!(world.found().contains("missing-alt 100 de"), "the root is German");
}

#[test]
fn two_audits_are_compared_by_what_they_are_about() {
    let mut world = World::new();
    world.add(100, "en", &link(&format!("{SITE}/en/articles/999")));
    world.add(101, "en", &cell("<img src=\"https://img.example/a.png\">"));
    let before = world.audit();
    let finding = |finding: &Finding| json!({"id": finding.kind.id, "key": finding.key()});
    let document = json!({
        "format_version": 1, "help_center": "Acme", "made_at": before.made_at, "scores": before.scores,
        "findings": before.findings.iter().map(finding).collect::<Vec<_>>()
    });
    let earlier = Earlier::parse(&document.to_string()).unwrap();
    let mut world = World::new();
    world.add(101, "en", &cell("<img src=\"https://img.example/b.png\">"));
    world.add(102, "en", &link(&format!("{SITE}/en/articles/999")));
    let against = Against::of(&world.audit(), &earlier);
    assert_eq!(against.gone, BTreeMap::from([("dead-article-link".to_owned(), 1)]));
    assert_eq!((against.new.len(), against.other_rules.len()), (1, 0));
    assert!(matches!(Earlier::parse("{\"format_version\": 99}"), Err(BadAudit::Newer(99))));
    assert!(matches!(Earlier::parse("[]"), Err(BadAudit::Json(_))));
    let other = EarlierScore { area: "links".into(), score: 3, rules: 99 };
    let mut changed = earlier;
    changed.scores.areas[0] = other;
    assert_eq!(Against::of(&world.audit(), &changed).other_rules, [Area::Links]);
}
