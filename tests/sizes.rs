//! Time in proportion to size: whatever a file holds, four times as much of it takes about four times as long.
//!
//! What takes the square takes sixteen times. The processor time of the program itself is compared, at sizes that
//! take a moment, and tried again where something else disturbed it.

#![cfg(unix)]

use std::process::Command;

use crate::harness::{Fail, Project, Server, live_edit};

/// A kind of text: its name, how many of it take a moment, and what is written of so many.
type Kind = (&'static str, usize, fn(usize) -> Vec<(String, String)>);

fn body(text: impl Into<String>) -> Vec<(String, String)> {
    vec![("docs/a.md".to_owned(), format!("---\ntitle: A\n---\n\n{}\n", text.into()))]
}

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

/// A PNG of nothing.
const PNG: &str = "\u{89}PNG";

/// What `check` looks at.
const KINDS: [Kind; 39] = [
    ("links that lead nowhere, in one line", 1_500, |n| body("[a](d) ".repeat(n))),
    ("links that lead nowhere, in lines", 1_500, |n| body("[a](d)\n".repeat(n))),
    ("links to a file that is nearly there", 1_500, |n| body("[a](a.mdd)\n".repeat(n))),
    ("equal headings", 3_000, |n| body("# h\n\n".repeat(n))),
    ("headings that are linked", 1_000, |n| body(many(n, |at| format!("# h{at}\n\n[a](#h{at})\n\n")))),
    ("links to headings that are not there", 1_000, |n| body(many(n, |at| format!("# h{at}\n\n[a](#x{at})\n\n")))),
    ("headings with ids", 2_000, |n| body(many(n, |at| format!("# h {{#h_{at:010x}}}\n\n")))),
    ("headings that skip levels", 1_000, |n| body("# a\n\n#### b\n\n".repeat(n))),
    ("footnotes of one name", 1_500, |n| body("a[^1] ".repeat(n) + "\n\n[^1]: b\n")),
    ("definitions with an open title", 2_000, |n| body("[a]: b \"c\n".repeat(n))),
    ("attributes of a tag", 6_000, |n| body(format!("<p {}>a</p>", many(n, |at| format!("a{at}={at} "))))),
    ("ends of tags alone", 1_500, |n| body("a\n\n".to_owned() + &"</div>\n".repeat(n))),
    ("tags that cross", 1_000, |n| body("x ".to_owned() + &"<b><i>a</b></i> ".repeat(n))),
    ("paragraphs of HTML that are not closed", 4_000, |n| body("<p>a\n".repeat(n))),
    ("cells that are not closed", 4_000, |n| body("<table><tr>".to_owned() + &"<td>a".repeat(n))),
    ("tags that nobody knows", 1_500, |n| body("a <foo> ".repeat(n))),
    ("scripts", 1_500, |n| body("<script>a</script>\n".repeat(n))),
    ("marks of a conflict", 1_000, |n| body("<<<<<<< a\nb\n=======\nc\n>>>>>>> d\n".repeat(n))),
    ("images that are not there", 1_500, |n| body("![a](b.png)\n".repeat(n))),
    ("images without a text", 1_500, |n| body("![](https://a.example/b.png)\n\n".repeat(n))),
    ("struck words", 1_500, |n| body("~~a~~ ".repeat(n))),
    ("quotes in quotes", 2_000, |n| body("> > a\n\n".repeat(n))),
    ("lists that start anywhere", 1_000, |n| body("7. a\n\nb\n\n".repeat(n))),
    ("rows of a table", 3_000, |n| body("| a | b |\n|---|---|\n".to_owned() + &"| c | d |\n".repeat(n))),
    ("brackets", 30_000, |n| body("[".repeat(n))),
    ("containers of another system", 1_000, |n| body(":::note\na\n:::\n\n".repeat(n))),
    ("containers that are never closed", 2_000, |n| body(":::note\n".repeat(n))),
    ("admonitions of another system", 1_000, |n| body("!!! note\n    a\n\n".repeat(n))),
    ("tags of a template", 1_500, |n| body("{% a %} {{b}} ".repeat(n))),
    ("wiki links and signs", 1_500, |n| body("[[a|b]] ==c== {.d} ++e++ ".repeat(n))),
    ("stars that close nothing", 2_000, |n| body("**a:**b ".repeat(n))),
    ("alerts with a second mark", 1_000, |n| body("> [!NOTE]\n> a\n> [!TIP]\n> b\n\n".repeat(n))),
    ("cells beyond the head", 1_500, |n| body("| a |\n|---|\n".to_owned() + &"| b | c |\n".repeat(n))),
    ("tags of an article", 2_000, |n| {
        let tags = many(n, |at| format!("t{at}, "));
        vec![("docs/a.md".to_owned(), format!("---\ntitle: A\ntags: [{tags}]\n---\n\nText.\n"))]
    }),
    ("keys that nobody knows", 1_000, |n| {
        vec![("docs/a.md".to_owned(), format!("---\ntitle: A\n{}---\n\nText.\n", many(n, |at| format!("x{at}: 1\n"))))]
    }),
    ("a value that is nested deep", 8_000, |n| {
        let value = "[".repeat(n) + &"]".repeat(n);
        vec![("docs/a.md".to_owned(), format!("---\ntitle: A\nextra: {value}\n---\n\nText.\n"))]
    }),
    ("a drawing with equals signs", 200_000, |n| {
        let drawing = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" a=\"{}\"/>", "=".repeat(n));
        [body("![a](b.svg)".to_owned()), vec![("docs/b.svg".to_owned(), drawing)]].concat()
    }),
    ("files with a link that leads nowhere", 200, |n| {
        let file = |at| (format!("docs/a{at}.md"), format!("---\ntitle: A{at}\n---\n\n[a](b{at}x.md)\n"));
        (0..n).map(file).collect()
    }),
    ("images that no article shows, beside files that cannot be read", 150, |n| {
        let broken = |at| (format!("docs/a{at}.md"), "---\ntitle: [\n---\n\nText.\n".to_owned());
        let image = |at| (format!("docs/i{at}.png"), PNG.to_owned());
        (0..n).map(broken).chain((0..n).map(image)).collect()
    }),
];

/// What `plan` shows when every `alpha` has become `omega`.
const CHANGED: [Kind; 6] = [
    ("equal headings", 6_000, |n| body("# alpha\n\n".repeat(n))),
    ("colons", 6_000, |n| body(format!("alpha {}", ":".repeat(n)))),
    ("brackets", 6_000, |n| body(format!("alpha {}", "[".repeat(n)))),
    ("definitions with an open title", 2_000, |n| body("alpha\n\n".to_owned() + &"[a]: b \"c\n".repeat(n))),
    ("ampersands", 100_000, |n| body(format!("alpha {}", "&amp;".repeat(n)))),
    ("digits and full stops", 4_000, |n| body(format!("{}{} alpha", "1".repeat(n), " \\. ".repeat(n)))),
];

/// What `pull` takes into a file when a teammate has made every second `alpha` an `omega`.
const PULLED: [Kind; 2] = [
    ("equal headings", 2_000, |n| body("# alpha\n\n".repeat(n))),
    ("a box of many paragraphs", 1_500, |n| {
        body(format!("<div align=\"center\">\n\n{}</div>", "alpha beta\n\n".repeat(n)))
    }),
];

/// What `pull` writes where there is no file yet.
const NEW: [Kind; 1] = [("images", 2_000, |n| body(many(n, |at| format!("![alpha](https://a.example/{at}.png)\n\n"))))];

fn project(kind: Kind, count: usize) -> Project {
    let files = (kind.2)(count);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Project::new(&files)
}

/// A project of so many of a kind, as it is live in a Help Center.
fn published(kind: Kind, count: usize) -> (Server, Project) {
    let server = Server::start();
    let project = project(kind, count).on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    (server, project)
}

/// The processor time of a command, in seconds.
fn time(project: &Project, command: &str, server: Option<&Server>) -> f64 {
    let timed = "TIMEFORMAT='%U %S'; time \"$0\" \"$@\" >/dev/null 2>/dev/null";
    let ran = Command::new("bash")
        .args(["-c", timed, env!("CARGO_BIN_EXE_helpbook")])
        .arg(command)
        .current_dir(project.path())
        .env("LC_ALL", "C")
        .envs(server.into_iter().flat_map(|server| {
            [("INTERCOM_BASE_URL", server.url()), ("INTERCOM_ACCESS_TOKEN", server.token().to_owned())]
        }))
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    said.split_whitespace().map(|seconds| seconds.parse::<f64>().unwrap()).sum()
}

/// The square of four is sixteen.
const MOST: f64 = 9.0;

/// Compares what four times as much of each kind takes with what so much takes.
#[track_caller]
fn check(kinds: &[Kind], time: impl Fn(Kind, usize) -> f64) {
    let mut fail = Fail::default();
    for kind in kinds {
        let ratio = || {
            // The start of the program counts for little.
            time(*kind, 4 * kind.1) / time(*kind, kind.1).max(0.02)
        };
        let mut ratios = vec![ratio()];
        while ratios.len() < 3 && ratios.iter().all(|ratio| *ratio > MOST) {
            ratios.push(ratio());
        }
        fail.unless(ratios.iter().any(|ratio| *ratio <= MOST), || format!("{}: {ratios:.1?}", kind.0));
    }
    fail.end();
}

#[test]
fn four_times_as_much_takes_about_four_times_as_long() {
    check(&KINDS, |kind, count| time(&project(kind, count), "check", None));
}

#[test]
fn a_plan_of_four_times_as_much_takes_about_four_times_as_long() {
    check(&CHANGED, |kind, count| {
        let (server, project) = published(kind, count);
        project.edit("docs/a.md", "alpha", "omega");
        time(&project, "plan", Some(&server))
    });
}

#[test]
fn a_pull_of_four_times_as_much_takes_about_four_times_as_long() {
    check(&PULLED, |kind, count| {
        let (server, project) = published(kind, count);
        let id = project.id("docs/a.md");
        let live = server.get(&format!("/articles/{id}"));
        let mut words = live["body"].as_str().unwrap().split("alpha");
        let mut body = words.next().unwrap().to_owned();
        for (at, rest) in words.enumerate() {
            body.push_str(if at % 2 == 0 { "omega" } else { "alpha" });
            body.push_str(rest);
        }
        server.edit(id, &live_edit(&body));
        time(&project, "pull", Some(&server))
    });
}

#[test]
fn four_times_as_much_that_is_new_takes_about_four_times_as_long() {
    check(&NEW, |kind, count| {
        let (server, _project) = published(kind, count);
        time(&Project::new(&[]), "pull", Some(&server))
    });
}
