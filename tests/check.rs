//! `helpbook check`: every finding at its place, what is fixed, what counts since a commit, and what
//! a workflow is told.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::harness::{Project, Server, live_edit};
use helpbook::diagnostic::IDS;
use helpbook::intercom::model::Locale;
use helpbook::local::Options;

/// A folder with one of each mistake; each file is named for the finding that it shows.
const MISTAKES: &[(&str, &str)] = &[
    ("_index.md", "---\ntitle: Top\n---\n"),
    ("x/_index.md", "---\ntitle: X\n---\n\nText of a collection.\n"),
    ("x/y/z/deep/collection-depth.md", "# Collection depth\n\nText\n"),
    ("x/attribute-list.md", "# Attribute list\n\n[a](https://x.example){.b}\n"),
    ("x/broken-alert.md", "# Broken alert\n\n> [!NOTE] a\n"),
    ("x/broken-emphasis.md", "# Broken emphasis\n\n**a:**b\n"),
    ("x/broken-link.md", "# Broken link\n\n[a] (https://x.example/b)\n"),
    ("x/broken-table.md", "# Broken table\n\n| a | b |\n|---|---|---|\n| c | d |\n"),
    ("x/component.md", "# Component\n\nText <Note>a</Note>\n"),
    ("x/cut-value.md", "---\ntitle: Error #1\n---\nText\n"),
    ("x/foreign-block.md", "# Foreign block\n\n:::note\na\n:::\n"),
    ("x/foreign-mark.md", "# Foreign mark\n\nText ==a== b\n"),
    ("x/lost-cell.md", "# Lost cell\n\n| a |\n|---|\n| b | c |\n"),
    ("x/lost-front-matter.md", "title: Lost\nstate: draft\n---\nText\n"),
    ("x/odd-space.md", "# Odd space\n\n##Heading\n"),
    ("x/odd-title.md", "---\ntitle: A &amp; b\n---\nText\n"),
    ("x/01-one/a.md", "# Ordered name\n\nText\n"),
    ("x/02-two/a.md", "# Ordered name\n\nText\n"),
    ("x/shown-comment.md", "# Shown comment\n\nText %%ab%% c\n"),
    ("x/shown-source.md", "# Shown source\n\n```mermaid\na\n```\n"),
    ("x/template-tag.md", "# Template tag\n\n{% include a.md %}\n"),
    ("x/wiki-link.md", "# Wiki link\n\nText [[a|b]]\n"),
    ("x/button.md", "# Button\n\nText and [go](https://x.example \"button\")\n"),
    ("x/byte-order-mark.md", "\u{feff}# Byte order mark\n\nText\n"),
    ("x/conflict-marker.md", "# Conflict\n\n<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n"),
    ("x/control-character.md", "# Control\n\nßa\u{1}b\n"),
    ("x/data-image.md", "# Data image\n\n![a](data:image/png;base64,AAAA)\n"),
    ("x/deep-heading.md", "# Deep heading\n\n## 1\n\n### 2\n\n#### 3\n\n##### 4\n\n###### 5\n\nText\n"),
    ("x/definition-list.md", "# Definition list\n\n<dl><dt>a</dt><dd>b</dd></dl>\n"),
    ("x/doubled-id-1.md", "---\nid: 7\n---\n# Doubled id, first\n\nText\n"),
    ("x/doubled-id-2.md", "---\nid: 7\n---\n# Doubled id, second\n\nText\n"),
    ("x/doubled-key.md", "---\ntitle: a\nstate: draft\ntitle: b\n---\nText\n"),
    ("x/empty-body.md", "---\ntitle: Empty body\n---\n"),
    ("x/empty-link.md", "# Empty link\n\nText [there]()\n"),
    ("x/empty-list.md", "# Empty list\n\nText\n\n-\n-\n"),
    ("x/empty-table.md", "# Empty table\n\nText\n\n<table></table>\n"),
    ("x/equal-title-1.md", "# Equal title\n\nText\n"),
    ("x/equal-title-2.md", "# Equal title\n\nText\n"),
    ("x/footnote.md", "# Footnote\n\nText[^1]\n\n[^1]: note\n"),
    ("x/heading-attribute.md", "# Heading attribute\n\n## One {.one}\n\nText\n"),
    ("x/heading-image.md", "# Heading image\n\n## One ![a](https://x.example/a.png)\n\nText\n"),
    ("x/id-place.md", "---\nnull\n---\n# Id place\n\nText\n"),
    ("x/iframe-host.md", "# Iframe host\n\n<iframe src=\"https://x.example/v\"></iframe>\n"),
    ("x/image-address.md", "# Image address\n\n![a](../../../etc/a.png)\n"),
    ("x/image-script.md", "# Image script\n\n![a](images/script.svg)\n"),
    ("x/late-front-matter.md", "\n---\ntitle: Late\n---\nText\n"),
    ("x/large-image.md", "# Large image\n\n![a](images/large.png)\n"),
    ("x/link-scheme.md", "# Link scheme\n\nText [a](javascript:alert(1))\n"),
    ("x/link-to-draft.md", "---\nstate: published\n---\n# Link to draft\n\nText [a](wrong-draft.md)\n"),
    ("x/wrong-draft.md", "---\nstate: draft\n---\n# A draft\n\nText\n"),
    ("x/list-content.md", "# List content\n\n<ul>loose<li>a</li></ul>\n"),
    ("x/list-start.md", "# List start\n\nText\n\n3. three\n"),
    ("x/lost-style.md", "# Lost style\n\n<p style=\"color: red\">Text</p>\n"),
    ("x/lost-tag.md", "# Lost tag\n\nText <u>a</u>\n"),
    ("x/lost-title.md", "# Lost title\n\nText [a](https://x.example \"title\")\n"),
    ("x/merged-cells.md", "# Merged cells\n\n<table><tr><td colspan=\"2\">a</td></tr></table>\n"),
    ("x/missing-alt.md", "# Missing alt\n\n![](https://x.example/a.png)\n"),
    ("x/missing-article.md", "# Missing article\n\nText [a *b*](none.md#one) more\n"),
    ("x/missing-image.md", "# Missing image\n\n![a](images/none-of-these.png)\n"),
    ("x/missing-summary.md", "# Missing summary\n\n<details>\n\nText\n\n</details>\n"),
    ("x/missing-title.md", "Only text.\n"),
    ("x/nested-quote.md", "# Nested quote\n\n> [!NOTE]\n> a\n>\n> > [!TIP]\n> > b\n"),
    ("x/nested-table.md", "# Nested table\n\n<table><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table>\n"),
    ("x/not-an-image.md", "# Not an image\n\n![a](images/text.png)\n"),
    ("x/relative-link.md", "# Relative link\n\nText [a](/pricing)\n"),
    ("x/skipped-heading.md", "# Skipped heading\n\n## 1\n\n#### 3\n\nText\n"),
    ("x/stray-tag.md", "# Stray tag\n\nText </b> more\n"),
    ("x/strikethrough.md", "# Strikethrough\n\nText ~~a~~\n"),
    ("x/table-in-list.md", "# Table in list\n\n- a\n\n  | b |\n  |---|\n  | c |\n"),
    ("x/unclosed-comment.md", "# Unclosed comment\n\nText\n\n<!-- never\n"),
    ("x/unclosed-front-matter.md", "---\ntitle: a\n\nText\n"),
    ("x/unclosed-tag.md", "# Unclosed tag\n\nText <b>more\n"),
    ("x/unknown-block.md", "# Unknown block\n\n<div class=\"intercom-interblocks-odd\">a</div>\n"),
    ("x/unknown-heading.md", "# Unknown heading\n\n## One\n\nText [a](#two)\n"),
    ("x/unknown-key.md", "---\r\ntitle: Unknown key\r\nweight: 3\r\n---\r\nText\r\n"),
    ("x/unknown-tag.md", "# Unknown tag\n\nText <NAME> more\n"),
    ("unlisted.md", "---\nstate: published\n---\n# Unlisted\n\nText\n"),
    ("x/unlisted-locale.de.md", "# Unlisted locale\n\nText\n"),
    ("x/unsafe-html.md", "# Unsafe HTML\n\n<p onclick=\"a()\">Text</p>\n"),
    ("x/unsupported-html.md", "# Unsupported HTML\n\nText <video src=\"a.mp4\"></video>\n"),
    ("x/wrong-type.md", "---\ntitle: [a]\n---\nText\n"),
    ("x/wrong-value.md", "---\ntitle: Wrong value\nstate: live\n---\nText\n"),
    ("x/yaml-syntax.md", "---\ntitle: a: b\n---\nText\n"),
    ("x/images/script.svg", "<svg><script>a()</script></svg>"),
    ("x/images/text.png", "text"),
    ("x/images/unused.svg", "<svg></svg>"),
];

/// Mistakes of two locales.
const TRANSLATED: &[(&str, &str)] = &[
    ("x/different.md", "# Different\n\n## One\n\nText [a](https://x.example)\n"),
    ("x/different.fr.md", "---\ntitle: Autre\n---\nTexte\n"),
    ("x/doubled.md", "# Doubled\n\nText\n"),
    ("x/doubled.fr.md", "# Double\n\nTexte\n"),
    ("x/doubled.FR.md", "# Double\n\nTexte\n"),
    ("x/keys.md", "---\nid: 7\n---\n# Keys\n\nText\n"),
    ("x/keys.fr.md", "---\ntitle: Mots\nid: 7\n---\nTexte\n"),
    ("x/local-image.md", "# Local image\n\nText ![a](a.svg)\n"),
    ("x/a.svg", "<svg></svg>"),
    ("x/missing.md", "# Missing\n\nText\n"),
    ("x/orphan.fr.md", "# Orphelin\n\nTexte\n"),
];

fn project(config: &str, files: &[(&str, &str)]) -> Project {
    let project = Project::new(&[("helpbook.yml", config)]);
    for (path, text) in files {
        project.write(&format!("docs/{path}"), text);
    }
    project
}

fn json(project: &Project, arguments: &[&str]) -> Value {
    let ran = project.run(&[&["check", "--format", "json"], arguments].concat());
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", ran.stdout, ran.stderr))
}

/// The findings as `path:line:column severity id`.
fn list(document: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let [path, line, column, severity, id] =
                ["path", "line", "column", "severity", "id"].map(|key| word(&finding[key]));
            format!("{path}:{line}:{column} {severity} {id}")
        })
        .collect()
}

#[test]
fn one_of_each_mistake_is_told_at_its_place() {
    let one = project("docs: docs\nimages: { base_url: \"https://cdn.example.com\" }\n", MISTAKES);
    std::fs::write(one.path().join("docs/x/unreadable.md"), b"# Not UTF-8 \xff\n").unwrap();
    one.write("docs/x/images/large.png", "");
    let mut large = b"\x89PNG\r\n\x1a\n".to_vec();
    large.resize(10 * 1024 * 1024 + 1, 0);
    std::fs::write(one.path().join("docs/x/images/large.png"), large).unwrap();
    one.write("docs/x/too-deep.md", &format!("# Too deep\n\n{}a\n", "- ".repeat(40)));
    let other = project("docs: docs\nlocales: [en, fr]\n", TRANSLATED);
    let found = [list(&json(&one, &[])), list(&json(&other, &[]))].concat();
    let ids: BTreeSet<&str> = found.iter().filter_map(|line| line.rsplit(' ').next()).collect();
    // These have tests of their own: no text is known that `front-matter` is about, `stale-translation`
    // needs a lock, and `symlink` what not every system has.
    let elsewhere = ["front-matter", "stale-translation", "symlink"];
    let missing: Vec<&str> = IDS.iter().copied().filter(|id| !ids.contains(id) && !elsewhere.contains(id)).collect();
    assert_eq!(missing, [""; 0]);
    insta::assert_snapshot!(found.join("\n"), @r"
    _index.md:null:null error root-index
    unlisted.md:null:null warning unlisted
    x/01-one/_index.md:null:null warning ordered-name
    x/02-two/_index.md:null:null warning ordered-name
    x/_index.md:5:1 error collection-text
    x/attribute-list.md:3:23 error attribute-list
    x/broken-alert.md:3:3 error broken-alert
    x/broken-emphasis.md:3:1 warning broken-emphasis
    x/broken-link.md:3:3 error broken-link
    x/broken-table.md:3:9 error broken-table
    x/button.md:3:10 error button
    x/byte-order-mark.md:1:1 warning byte-order-mark
    x/component.md:3:6 error component
    x/component.md:3:13 error component
    x/conflict-marker.md:3:1 error conflict-marker
    x/control-character.md:3:3 error control-character
    x/cut-value.md:2:8 warning cut-value
    x/data-image.md:3:1 error data-image
    x/deep-heading.md:11:1 warning deep-heading
    x/definition-list.md:3:1 error definition-list
    x/doubled-id-2.md:2:5 error doubled-id
    x/doubled-key.md:4:1 error doubled-key
    x/empty-body.md:2:8 warning empty-body
    x/empty-link.md:3:6 warning empty-link
    x/empty-list.md:5:1 error empty-list
    x/empty-table.md:5:1 error empty-table
    x/equal-title-2.md:1:3 warning equal-title
    x/footnote.md:3:5 error footnote
    x/footnote.md:5:1 error footnote
    x/foreign-block.md:3:1 error foreign-block
    x/foreign-mark.md:3:6 warning foreign-mark
    x/heading-attribute.md:3:1 warning heading-attribute
    x/heading-image.md:3:1 error heading-image
    x/id-place.md:2:1 error id-place
    x/iframe-host.md:3:1 error iframe-host
    x/image-address.md:3:1 error image-address
    x/image-script.md:3:1 error image-script
    x/images/unused.svg:null:null warning unused-image
    x/large-image.md:3:1 error large-image
    x/late-front-matter.md:2:1 error late-front-matter
    x/link-scheme.md:3:6 error link-scheme
    x/link-to-draft.md:6:6 warning link-to-draft
    x/list-content.md:3:1 error list-content
    x/list-start.md:5:1 warning list-start
    x/lost-cell.md:5:6 error lost-cell
    x/lost-front-matter.md:1:1 error lost-front-matter
    x/lost-style.md:3:1 warning lost-style
    x/lost-tag.md:3:6 warning lost-tag
    x/lost-title.md:3:6 warning lost-title
    x/merged-cells.md:3:12 warning merged-cells
    x/missing-alt.md:3:1 warning missing-alt
    x/missing-article.md:3:6 error missing-article
    x/missing-image.md:3:1 error missing-image
    x/missing-summary.md:3:1 warning missing-summary
    x/missing-title.md:1:1 error missing-title
    x/nested-quote.md:6:3 warning nested-quote
    x/nested-table.md:3:17 error nested-table
    x/not-an-image.md:3:1 error not-an-image
    x/odd-space.md:3:1 warning odd-space
    x/odd-title.md:2:8 warning odd-title
    x/relative-link.md:3:6 error relative-link
    x/shown-comment.md:3:6 error shown-comment
    x/shown-source.md:3:1 warning shown-source
    x/skipped-heading.md:5:1 warning skipped-heading
    x/stray-tag.md:3:6 warning stray-tag
    x/strikethrough.md:3:6 error strikethrough
    x/table-in-list.md:5:3 error table-in-list
    x/template-tag.md:3:1 error template-tag
    x/too-deep.md:3:49 error too-deep
    x/unclosed-comment.md:5:1 error unclosed-comment
    x/unclosed-front-matter.md:1:1 error unclosed-front-matter
    x/unclosed-tag.md:3:6 warning unclosed-tag
    x/unknown-block.md:3:1 warning unknown-block
    x/unknown-heading.md:5:6 warning unknown-heading
    x/unknown-key.md:3:1 error unknown-key
    x/unknown-tag.md:3:6 warning unknown-tag
    x/unlisted-locale.de.md:null:null warning unlisted-locale
    x/unreadable.md:null:null error unreadable
    x/unsafe-html.md:3:1 error unsafe-html
    x/unsupported-html.md:3:6 error unsupported-html
    x/wiki-link.md:3:6 error wiki-link
    x/wrong-type.md:2:8 error wrong-type
    x/wrong-value.md:3:8 error wrong-value
    x/y/z/deep/collection-depth.md:null:null error collection-depth
    x/yaml-syntax.md:2:9 error yaml-syntax
    x/different.fr.md:2:8 warning different-translation
    x/doubled.fr.md:null:null error doubled-translation
    x/doubled.fr.md:null:null warning file-name
    x/keys.fr.md:3:5 warning translation-key
    x/local-image.md:1:3 warning missing-translation
    x/local-image.md:3:6 error local-image
    x/missing.md:1:3 warning missing-translation
    x/orphan.fr.md:null:null error orphan-translation
    ");
}

#[test]
fn what_is_safe_is_fixed_and_every_other_byte_stays() {
    let config = "docs: docs\nlocales: [en, fr]\nchecks: { missing-translation: off }\n";
    let mistakes: &[(&str, &str, &str)] = &[
        (
            "a.md",
            "---\r\ntitel: A  # why\r\nid: 7\r\n---\r\nText  ",
            "---\r\ntitle: A  # why\r\nid: 7\r\n---\r\nText  ",
        ),
        ("e.fr.md", "---\ntitle: A\nid: 8\n---\nText\n", "---\ntitle: A\n---\nText\n"),
        (
            "b.md",
            "---\ndraft: true\nSUMMARY: x\nweight: 3\n---\n# B\n\nText",
            "---\nstate: draft\nSUMMARY: x\nextra:\n  weight: 3\n---\n# B\n\nText",
        ),
        (
            "c.md",
            "\u{feff}\n\n---\ntitle: C\nstate: Draft\n---\nText\n\n",
            "---\ntitle: C\nstate: Draft\n---\nText\n\n",
        ),
        ("e.md", "---\nid: 8\n---\n# E\n\nText\n", "---\nid: 8\n---\n# E\n\nText\n"),
        ("d.md", "# D\n\nText\n\n3. three\n", "# D\n\nText\n\n3. three\n"),
    ];
    let project = project(config, &mistakes.iter().map(|(path, before, _)| (*path, *before)).collect::<Vec<_>>());
    project.run(&["check"]).exits(1).says("hint: run `helpbook check --fix` to fix 6 of them");
    let ran = project.run(&["check", "--fix"]).exits(1);
    for (path, _, after) in mistakes {
        assert_eq!(project.read(&format!("docs/{path}")), *after, "{path}");
    }
    insta::assert_snapshot!(ran.stderr.trim_end(), @r"
    fixed docs/a.md:2: `titel` is `title` now
    fixed docs/b.md:2: `draft: true` is `state: draft` now
    fixed docs/b.md:4: `weight` is below `extra` now
    fixed docs/c.md:1: the byte order mark is gone
    fixed docs/c.md:1: the front matter starts at the first line now
    fixed docs/e.fr.md:3: `id` is gone: it is in the file of the default locale
    5 articles checked: 6 fixed, 2 errors, 1 warning

    hint: run `helpbook check --fix` again: 1 of what is left can be fixed now
    ");
    // The next run sees what the front matter says now that it is one.
    project.run(&["check", "--fix"]).exits(1).says("fixed docs/c.md:3: `state: Draft` is `state: draft` now");
    let before = project.docs();
    project.run(&["check", "--fix"]).exits(1);
    assert_eq!(project.docs(), before);
    let ran = json(&project, &["--fix"]);
    assert_eq!(ran["fixed"], serde_json::json!([]));
}

#[test]
fn whatever_style_its_front_matter_has_a_file_that_got_an_id_is_read_again() {
    let server = Server::start();
    let styles = [
        ("braces", "---\n{title: Braces}\n---\nText\n", "{title: Braces, id: "),
        ("lines", "---\n{\n  \"title\": \"Lines\"\n}\n---\nText\n", "  \"title\": \"Lines\", \"id\": "),
        ("indent", "---\n  title: Indent\n---\nText\n", "  title: Indent\n  id: "),
        ("dots", "---\ntitle: Dots\n...\n---\nText\n", "title: Dots\nid: "),
        ("blank", "\u{feff}--- \r\ntitle: Blank\r\n---\r\nText\r\n", "title: Blank\r\nid: "),
    ];
    let project = project("docs: docs\nstate: published\n", &[]).on(&server);
    project.write("docs/guide/_index.md", "---\n{title: Guide}\n---\n");
    for (name, text, _) in styles {
        project.write(&format!("docs/guide/{name}.md"), text);
    }
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert_eq!(server.ids().len(), styles.len());
    assert!(project.read("docs/guide/_index.md").starts_with("---\n{title: Guide, id: "));
    for (name, _, changed) in styles {
        let text = project.read(&format!("docs/guide/{name}.md"));
        assert!(text.contains(changed), "{text}");
    }
    project.run(&["check"]).exits(0);
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn options_are_named_in_hints_and_never_in_somebodys_text() {
    let server = Server::start();
    let text = "---\ntitle: Run\n---\nRun `helpbook plan` once.\n";
    let project = project("docs: docs\nstate: published\n", &[("guide/run.md", text)]).on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    server.edit(server.ids()[0], &live_edit("<p>Run <code>helpbook plan</code> twice.</p>"));
    let pull = project.run(&["--config", "helpbook.yml", "pull", "-n"]).exits(0);
    assert!(pull.stdout.contains("Run `helpbook plan` twice."), "{}", pull.stdout);
    project.edit("docs/guide/run.md", "once", "once [more](none.md)");
    let plan = project.run(&["--config", "helpbook.yml", "plan"]).exits(1);
    assert!(plan.stderr.contains("| Run `helpbook plan` once"), "{}", plan.stderr);
    assert!(plan.stderr.contains("`helpbook --config helpbook.yml check` shows it without network"), "{}", plan.stderr);
    let missing = project.run(&["--config", "none `helpbook x`.yml", "check"]).exits(1);
    assert!(missing.stderr.contains("none `helpbook x`.yml: "), "{}", missing.stderr);
}

fn git(project: &Project, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(project.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn since_a_commit_only_what_changed_can_fail() {
    let project = project(
        "docs: docs\nimages: { base_url: \"https://cdn.example.com\" }\n",
        &[
            ("x/old.md", "---\ntitle: Old\ntitel: a\nslug: b\n---\nText\n"),
            ("x/mine.md", "# Mine\n\nText\n"),
            ("x/shows.md", "# Shows\n\n![a](images/a.svg)\n"),
            ("x/images/a.svg", "<svg></svg>"),
            ("x/twin.md", "---\nid: 7\n---\n# Twin\n\nText\n"),
        ],
    );
    project.run(&["check", "--since", "HEAD"]).exits(1).says("is in no Git repository").says("nothing was checked");
    for arguments in [&["init", "-q"][..], &["add", "-A"], &["commit", "-qm", "One"]] {
        git(&project, arguments);
    }
    project.run(&["check"]).exits(1);
    let ran = project.run(&["check", "--since", "HEAD"]).exits(0);
    assert!(ran.stdout.contains("warning[unknown-key]"), "{}", ran.stdout);
    project.run(&["check", "--since", "HEAD", "--strict"]).exits(0).says("2 of them outside what changed");
    // Nothing outside is fixed.
    project.run(&["check", "--since", "HEAD", "--fix"]).exits(0);
    project.run(&["check", "--since", "nowhere"]).exits(64).says("Git knows no commit `nowhere`");
    project.run(&["check", "--since=--help"]).exits(64).says("Git knows no commit `--help`");
    project.run(&["check", "--since", "HEAD"]).exits(0);

    // A file that Git does not know, and one in the way of a file that did not change.
    project.write("docs/x/a new ß.md", "---\nid: 7\n---\n# New\n\nText ~~a~~\n");
    let found = json(&project, &["--since", "HEAD"]);
    assert_eq!(
        list(&found)[..2],
        ["x/a new ß.md:6:6 error strikethrough", "x/twin.md:2:5 error doubled-id"],
        "what is inside is first"
    );
    project.remove("docs/x/a new ß.md");
    // An article did not change, and the image that it shows is gone.
    project.remove("docs/x/images/a.svg");
    project.run(&["check", "--since", "HEAD"]).exits(1).says("error[missing-image]");
    git(&project, &["checkout", "-q", "docs/x/images/a.svg"]);
    // Committed, staged or not: all of it counts from where the branch left.
    project.write("docs/x/mine.md", "# Mine\n\nText ~~a~~\n");
    project.run(&["check", "--since", "HEAD"]).exits(1);
    git(&project, &["commit", "-qam", "Two"]);
    project.run(&["check", "--since", "HEAD"]).exits(0);
    project.run(&["check", "--since", "HEAD~1"]).exits(1).says("error[strikethrough]");
}

#[test]
fn a_workflow_gets_annotations_with_paths_of_the_repository() {
    let files = [("x/a.md", "---\ntitle: A\nweight: 3\n---\n~~::set-output name=x::y~~\n")];
    let project = project("docs: docs\n", &files);
    std::fs::create_dir_all(project.path().join("guide")).unwrap();
    for name in ["helpbook.yml", "docs"] {
        std::fs::rename(project.path().join(name), project.path().join("guide").join(name)).unwrap();
    }
    git(&project, &["init", "-q"]);
    let ran = project.run(&["-C", "guide", "check", "--format", "github"]).exits(1);
    insta::assert_snapshot!(ran.stdout.trim_end(), @r"
    ::error file=guide/docs/x/a.md,line=3,endLine=3,col=1,endColumn=7,title=unknown-key::unknown key `weight`%0Ahelp: Intercom's API cannot set this: drag the article in Intercom, and remove the key
    ::error file=guide/docs/x/a.md,line=5,endLine=5,col=1,endColumn=27,title=strikethrough::Intercom drops strikethrough%0Ahelp: remove the text, or say in words that it no longer holds
    ");
    let ran = project.run(&["-C", "guide/docs", "check", "--format", "github"]).exits(1);
    assert!(ran.stdout.starts_with("::error file=guide/docs/x/a.md,line=3"), "{}", ran.stdout);
    // What is wrong with the configuration is an annotation, too, and stops.
    project.write("guide/helpbook.yml", "docs: docs\nregion: mars\n");
    let ran = project.run(&["-C", "guide", "check", "--format", "github"]).exits(1);
    assert!(ran.stdout.starts_with("::error file=guide/helpbook.yml,line=2,endLine=2,col=9"), "{}", ran.stdout);
    assert_eq!(ran.stdout.lines().count(), 1);
    project.write("guide/helpbook.yml", "docs: \"a\\n::set-output name=x::y ##[error]z\"\n");
    let ran = project.run(&["-C", "guide", "check", "--format", "github"]).exits(1);
    assert!(ran.stdout.is_empty() && !ran.stderr.contains("::") && !ran.stderr.contains("##["), "{}", ran.stderr);
    project.write("guide/helpbook.yml", "docs: docs\nregion: mars\n");
    let ran = project.run(&["-C", "guide", "check", "--format", "json"]).exits(1);
    assert_eq!(serde_json::from_str::<Value>(&ran.stdout).unwrap()["findings"][0]["path"], "helpbook.yml");
}

#[test]
fn a_finding_is_explained_without_any_project() {
    let project = Project::new(&[]);
    project.remove("helpbook.yml");
    project
        .run(&["check", "--explain", "skipped-heading"])
        .exits(0)
        .says("skipped-heading: a warning, under \"Text\"")
        .says("what to do: write the level between");
    project.run(&["check", "--explain", "mising-alt"]).exits(64).says("did you mean `missing-alt`?");
    project.run(&["check", "--explain", "zebra"]).exits(64).says("there is no finding `zebra`");
    project.run(&["check", "--explain", "missing-alt", "--fix"]).exits(64);
}

#[test]
fn levels_of_the_configuration_count_for_what_shows_between_files() {
    let files = [("x/a.md", "# Same\n\nText\n"), ("x/b.md", "# Same\n\nText\n")];
    let project = project("docs: docs\n", &files);
    project.run(&["check"]).exits(0).says("warning[equal-title]");
    project.run(&["check", "--strict"]).exits(1);
    project.write("helpbook.yml", "docs: docs\nchecks: { equal-title: error }\n");
    project.run(&["check"]).exits(1).says("error[equal-title]");
    project.run(&["plan", "--local"]).exits(1).says("error[equal-title]");
    project.write("helpbook.yml", "docs: docs\nchecks: { equal-title: off }\n");
    project.run(&["check", "--strict"]).exits(0).says("no problems");
    // A plan is about something else.
    project.write("helpbook.yml", "docs: docs\n");
    let ran = project.run(&["plan", "--local"]).exits(0);
    assert!(!ran.stderr.contains("equal-title"), "{}", ran.stderr);
}

/// The findings about links and translations, each with what to do.
fn told(project: &Project, id: &str) -> Vec<String> {
    let document = json(project, &[]);
    let found = document["findings"].as_array().unwrap().iter().filter(|finding| finding["id"] == id);
    found
        .map(|finding| {
            let [path, help] = ["path", "help"].map(|key| finding[key].as_str().unwrap_or_default());
            format!("{path}:{}:{} {help}", finding["line"], finding["column"])
        })
        .collect()
}

#[test]
fn a_translation_is_stale_in_check_where_it_is_in_status() {
    let server =
        Server::with(Options { locales: vec![Locale::english(), Locale("fr".to_owned())], ..Options::default() });
    let project = project(
        "docs: docs\nstate: published\nlocales: [en, fr]\nimages: { base_url: \"https://cdn.example.com/{path}\" }\n",
        &[
            ("x/a.md", "# A\n\nSee [b](b.md#one).\n\n## Two\n\nOne\n"),
            ("x/a.fr.md", "---\ntitle: Ah\n---\nVoir [b](b.md).\n\n## Deux\n\nUn\n"),
            ("x/b.md", "# B\n\n## One\n\nText\n"),
            ("x/b.fr.md", "# Bé\n\n## One\n\nTexte\n"),
        ],
    )
    .on(&server);
    for arguments in [&["init", "-q"][..], &["add", "-A"], &["commit", "-qm", "One"]] {
        git(&project, arguments);
    }
    #[track_caller]
    fn both(project: &Project, expected: &[&str]) {
        let lines = told(project, "stale-translation");
        let paths: Vec<&str> = lines.iter().filter_map(|line| line.split(':').next()).collect();
        assert_eq!(paths, expected);
        let status: Value = serde_json::from_str(&project.run(&["status", "--json"]).exits(0).stdout).unwrap();
        let stale = status["articles"].as_array().unwrap().iter().filter(|row| row["status"] == "stale");
        assert_eq!(stale.filter_map(|row| row["path"].as_str()).collect::<Vec<_>>(), expected);
    }
    // Without a lock nobody knows.
    both(&project, &[]);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    both(&project, &[]);
    git(&project, &["add", "-A"]);
    git(&project, &["commit", "-qm", "Two"]);
    // Neither a key nor a space is another text, with links in it or without.
    project.edit("docs/x/a.md", "---\nid", "---\ntags: [x]\nid");
    project.edit("docs/x/a.md", "Two\n\nOne", "Two\n\n\n\nOne");
    project.edit("docs/x/b.md", "Text\n", "Text  \n");
    both(&project, &[]);
    // Not published yet, staged, published: the translation says what the text said before.
    project.edit("docs/x/a.md", "\nOne\n", "\nTwo\n");
    both(&project, &["x/a.fr.md"]);
    assert_eq!(
        told(&project, "stale-translation"),
        ["x/a.fr.md:2:8 say here what it says now; `git log -p` of the two files shows what changed"]
    );
    project.run(&["apply"]).exits(0);
    both(&project, &["x/a.fr.md"]);
    project.run(&["publish", "--yes"]).exits(0);
    both(&project, &["x/a.fr.md"]);
    // Back to what it said then.
    project.edit("docs/x/a.md", "\nTwo\n", "\nOne\n");
    project.edit("docs/x/b.md", "# B\n", "# Be\n");
    // Its level can be set, and what changed is not outside.
    project.write(
        "helpbook.yml",
        &project.read("helpbook.yml").replace("state:", "checks: { stale-translation: error }\nstate:"),
    );
    project.run(&["check"]).exits(1).says("error[stale-translation]");
    project.write("helpbook.yml", &project.read("helpbook.yml").replace("error", "off"));
    assert_eq!(told(&project, "stale-translation"), [""; 0]);
    project.write("helpbook.yml", &project.read("helpbook.yml").replace("off", "warning"));
    project.edit("docs/x/a.fr.md", "\nUn\n", "\nDeux\n");
    assert_eq!(told(&project, "stale-translation").len(), 1);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    both(&project, &["x/b.fr.md"]);
    // Without the file nothing is known, and nothing is told.
    project.remove("helpbook.lock");
    both(&project, &[]);
}

#[test]
fn a_link_to_what_moved_is_led_to_its_new_place() {
    let server =
        Server::with(Options { locales: vec![Locale::english(), Locale("fr".to_owned())], ..Options::default() });
    let project = project(
        "docs: docs\nstate: published\nlocales: [en, fr]\n",
        &[
            ("x/target.md", "# Target\n\n## One\n\nText\n"),
            ("x/target.fr.md", "# Cible\n\n## One\n\nTexte\n"),
            ("x/sub/_index.md", "---\ntitle: Sub\n---\n"),
            ("x/sub/c.md", "# C\n\nText\n"),
        ],
    )
    .on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.write(
        "docs/y/links.md",
        "\u{feff}# Links\r\n\r\nA [*one* `x]`](../x/target.md#one \"title\"), [two](<../x/target.md>), [three][T] and [T].\r\n\r\n\
         ![target](https://x.example/target.md) <a href='../x/target.md'>four</a> [sub](../x/sub/), [sub](../x/sub/_index.md), \
         [c](../x/sub/c.md), [gone](../x/none.md).\r\n\r\n[T]: ../x/target.md#one 'title'\r\n",
    );
    project.write("docs/y/links.fr.md", "# Liens\n\n[un](../x/target.md#one) [deux](../x/target.fr.md)\n");
    let before = project.read("docs/y/links.md");
    std::fs::create_dir_all(project.path().join("docs/z z")).unwrap();
    for (from, to) in [("x/target.md", "z z/new.md"), ("x/target.fr.md", "z z/new.fr.md"), ("x/sub", "z z/other")] {
        std::fs::rename(project.path().join("docs").join(from), project.path().join("docs").join(to)).unwrap();
    }
    insta::assert_snapshot!(told(&project, "missing-article").join("\n"), @r"
    y/links.fr.md:3:1 it moved: write `../z%20z/new.md`
    y/links.fr.md:3:26 it moved: write `../z%20z/new.fr.md`
    y/links.md:3:3 it moved: write `../z%20z/new.md`
    y/links.md:3:45 it moved: write `../z%20z/new.md`
    y/links.md:3:70 it moved: write `../z%20z/new.md`
    y/links.md:3:85 it moved: write `../z%20z/new.md`
    y/links.md:5:40 it moved: write `../z%20z/new.md`
    y/links.md:5:74 it moved: write `../z%20z/other`
    y/links.md:5:92 it moved: write `../z%20z/other`
    y/links.md:5:119 it moved: write `../z%20z/other/c.md`
    y/links.md:5:139 add the file, correct the path, or write a full address (https://…)
    ");
    project
        .run(&["check", "--fix"])
        .exits(1)
        .says("fixed docs/y/links.md:3: the link to `../x/target.md` points to `../z%20z/new.md` now");
    let after = before
        .replace("[sub](../x/sub/)", "[sub](../z%20z/other)")
        .replace("../x/sub/_index.md", "../z%20z/other")
        .replace("../x/sub/c.md", "../z%20z/other/c.md")
        .replace("../x/target.md", "../z%20z/new.md");
    assert_eq!(project.read("docs/y/links.md"), after.trim_start_matches('\u{feff}'));
    assert_eq!(project.read("docs/y/links.fr.md"), "# Liens\n\n[un](../z%20z/new.md#one) [deux](../z%20z/new.fr.md)\n");
    assert_eq!(told(&project, "missing-article").len(), 1);
    // Without the lock nobody knows where it went.
    project.write("docs/y/links.md", &before);
    project.remove("helpbook.lock");
    assert!(told(&project, "missing-article").iter().all(|line| !line.contains("it moved")));
}

/// Git as its users have it, in a project that is not at the top of its repository.
#[test]
fn what_is_moved_deleted_or_set_otherwise_counts_where_it_does_harm() {
    let files = [
        ("x/target.md", "# Target\n\n## One\n\nText\n"),
        ("x/links.md", "# Links\n\n[a](target.md) [b](target.md#one)\n"),
        ("x/same-1.md", "# Same\n\nText\n"),
        ("x/same-2.md", "# Same\n\nText\n"),
        ("x/old.md", "# Old\n\n~~a~~\n"),
    ];
    let repository = project("docs: docs\n", &files);
    std::fs::create_dir_all(repository.path().join("guide")).unwrap();
    for name in ["helpbook.yml", "docs"] {
        std::fs::rename(repository.path().join(name), repository.path().join("guide").join(name)).unwrap();
    }
    for arguments in [&["init", "-q"][..], &["add", "-A"], &["commit", "-qm", "One"]] {
        git(&repository, arguments);
    }
    let since = |reference: &str| {
        let ran = repository.run(&["-C", "guide", "check", "--since", reference, "--format", "json"]);
        let document: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
        (ran.exit, list(&document).into_iter().filter(|line| !line.contains("warning")).collect::<Vec<_>>())
    };
    assert_eq!(since("HEAD"), (0, vec![]));
    // A heading goes: the link to it is a warning anyway. A file goes, by itself or under a new name.
    git(&repository, &["mv", "guide/docs/x/target.md", "guide/docs/x/else.md"]);
    assert_eq!(
        since("HEAD"),
        (
            1,
            vec!["x/links.md:3:1 error missing-article".to_owned(), "x/links.md:3:16 error missing-article".to_owned()]
        )
    );
    git(&repository, &["commit", "-qm", "Two"]);
    assert_eq!(since("HEAD").0, 0);
    assert_eq!(since("HEAD~1").0, 1);
    git(&repository, &["rm", "-qf", "guide/docs/x/links.md"]);
    assert_eq!(since("HEAD~1"), (0, vec![]));
    git(&repository, &["commit", "-qm", "Three"]);
    // The configuration changes what is found in files that did not change.
    repository.write("guide/helpbook.yml", "docs: docs\nchecks: { equal-title: error }\n");
    assert_eq!(since("HEAD"), (1, vec!["x/same-2.md:1:3 error equal-title".to_owned()]));
    repository.write("guide/helpbook.yml", "# Why\ndocs: docs\n");
    assert_eq!(since("HEAD"), (0, vec![]));
    repository.write("guide/helpbook.yml", "docs: docs\n");
    // A tree of another branch, a clone that knows one commit only, and a hook, which Git says where
    // its index is as seen from the top.
    git(&repository, &["worktree", "add", "-q", "tree", "-b", "other"]);
    repository.write("tree/guide/docs/x/mine.md", "# Mine\n\n~~a~~\n");
    let ran = repository.run(&["-C", "tree/guide", "check", "--since", "HEAD", "--format", "json"]).exits(1);
    assert!(ran.stdout.contains("x/mine.md"), "{}", ran.stdout);
    let from = format!("file://{}", repository.path().display());
    git(&repository, &["clone", "-q", "--depth", "1", &from, "shallow"]);
    repository.run(&["-C", "shallow/guide", "check", "--since", "HEAD~1"]).exits(64).says("fetch-depth: 0");
    repository.run(&["-C", "shallow/guide", "check", "--since", "HEAD"]).exits(0);
    let hook = "#!/bin/sh\nexport GIT_INDEX_FILE=.git/index GIT_DIR=.git\n\"$HELPBOOK\" -C guide check --since HEAD\n";
    repository.write("hook.sh", hook);
    let ran = Command::new("sh")
        .arg("hook.sh")
        .current_dir(repository.path())
        .env("HELPBOOK", env!("CARGO_BIN_EXE_helpbook"))
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn a_fix_leaves_every_other_byte_of_odd_files() {
    let tests = [
        ("\u{feff}---\r\ntitel: A\r\n---\r\n\r\nText  \r\n\tß", "---\r\ntitle: A\r\n---\r\n\r\nText  \r\n\tß"),
        ("---\r\ntitel: \"A\" # a\n---\n\n\r\nText", "---\r\ntitle: \"A\" # a\n---\n\n\r\nText"),
        ("---\ntitel: A\n---", "---\ntitle: A\n---"),
    ];
    for (before, after) in tests {
        let project = project("docs: docs\n", &[("x/a.md", before)]);
        project.run(&["check", "--fix"]).exits(0);
        assert_eq!(project.read("docs/x/a.md"), after);
    }
}

/// Found by hand: some of these took minutes, and a pipe for ever.
#[test]
fn odd_files_are_told_at_once() {
    let deep = |sign: &str, times: usize| format!("# Deep\n\n{}a\n", sign.repeat(times));
    let project = project(
        "docs: docs\n",
        &[
            ("divs.md", &deep("<div>", 20_000)),
            ("marks.md", &deep("<b><i>", 10_000)),
            ("ends.md", &deep("<div></b>", 5_000)),
            ("quotes.md", &deep(">", 20_000)),
            ("lists.md", &deep("- ", 20_000)),
            ("brackets.md", &deep("[", 20_000)),
            ("keys.md", &format!("---\ntitle: a\nextra: {}{}\n---\nText\n", "[".repeat(20_000), "]".repeat(20_000))),
            ("cells.md", &format!("# Cells\n\n<table>\n{}</table>\n", "<tr><td>a<td>b\n".repeat(600))),
        ],
    );
    #[cfg(unix)]
    {
        let made = Command::new("mkfifo").arg(project.path().join("docs/pipe.md")).status().unwrap();
        assert!(made.success());
        std::os::unix::fs::symlink(".", project.path().join("docs/loop")).unwrap();
        std::os::unix::fs::symlink("nowhere", project.path().join("docs/dangling.md")).unwrap();
    }
    let found = list(&json(&project, &[]));
    let errors: BTreeSet<&str> = found.iter().map(String::as_str).filter(|line| line.contains(" error ")).collect();
    insta::assert_snapshot!(errors.into_iter().collect::<Vec<_>>().join("\n"), @r"
    divs.md:3:2501 error too-deep
    ends.md:3:4501 error too-deep
    keys.md:3:135 error yaml-syntax
    lists.md:3:49 error too-deep
    marks.md:3:1501 error too-deep
    pipe.md:null:null error unreadable
    quotes.md:3:25 error too-deep
    ");
}

#[test]
fn a_wall_of_findings_is_a_few_of_each_kind_with_the_errors_last() {
    let text = "# A\n\n".to_owned() + &":::note\na\n:::\n\n".repeat(14) + "![](https://x.example/a.png)\n";
    let project = project("docs: docs\n", &[("a/b.md", &text)]);
    let ran = project.run(&["check"]).exits(1).says("14 times `foreign-block`").says("14 errors, 1 warning");
    assert_eq!(ran.stdout.matches("error[foreign-block]").count(), 10);
    let (warning, error) = (ran.stdout.find("warning[missing-alt]"), ran.stdout.find("error[foreign-block]"));
    assert!(warning < error, "{}", ran.stdout);
    assert_eq!(project.run(&["check", "-v"]).exits(1).stdout.matches("error[foreign-block]").count(), 14);
    assert!(!project.run(&["check", "-q"]).exits(1).stdout.contains("warning["));
    let only = project.run(&["check", "--only", "missing-alt"]).exits(0).says("1 warning");
    assert!(!only.stdout.contains("foreign-block"), "{}", only.stdout);
    project.run(&["check", "--only", "missing-atl"]).exits(64).says("did you mean `missing-alt`?");
    // The kinds that are meant are those that are fixed.
    project.run(&["check", "--fix", "--only", "missing-alt"]).exits(0);
    assert!(project.read("docs/a/b.md").contains(":::note"));
    project.run(&["check", "--fix"]).exits(0).says("14 fixed, 1 warning");
    assert!(project.read("docs/a/b.md").contains("> [!NOTE]\n> a\n"));
}

#[test]
fn a_projects_own_files_are_articles_only_where_they_are_named() {
    let files = [
        ("CHANGELOG.md", "# Changes\n\nText\n"),
        ("a/SUMMARY.md", "# S\n"),
        ("a/b.md", "# B\n\nText\n"),
        ("a/c.mdx", "# C\n"),
        ("README.md", "# R\n"),
    ];
    let left_out = project("docs: docs\n", &files);
    let named = "left out: CHANGELOG.md, a/SUMMARY.md, a/c.mdx;";
    left_out.run(&["check"]).exits(0).says(named).says("1 article checked");
    let included = project("docs: docs\ninclude: [CHANGELOG.md]\nexclude: [\"**/*.mdx\"]\n", &files);
    included.run(&["check"]).exits(0).says("left out: a/SUMMARY.md;").says("2 articles checked");
}

#[test]
fn what_git_ignores_is_no_article_and_is_named_with_what_else_is_left_out() {
    let project = project(
        "docs: docs\n",
        &[
            ("a/a.md", "# A\n\nSee [b](../README.md) and [c](c.tmp.md).\n"),
            ("a/c.tmp.md", "# C\n\nText\n"),
            ("node_modules/p/d.md", "# D\n\nText\n"),
            ("build/e.md", "# E\n\nText\n"),
            ("README.md", "# Project\n"),
            ("x/README.md", "# Nobody links here\n"),
        ],
    );
    project.write(".gitignore", "*.tmp.md\nnode_modules\nbuild/\n");
    let ran = project.run(&["check"]).exits(1);
    assert!(ran.stderr.contains("3 articles checked"), "{}", ran.stderr);
    project.git(&["init", "--quiet"]);
    let ran = project.run(&["check"]).exits(1);
    assert!(ran.stderr.contains("left out: README.md, a/c.tmp.md; "), "{}", ran.stderr);
    assert!(ran.stderr.contains("1 article checked: 2 errors"), "{}", ran.stderr);
    assert!(ran.stdout.contains("name it under `include` in helpbook.yml"), "{}", ran.stdout);
    // What Git keeps is no less an article for a pattern.
    project.git(&["add", "--force", "docs/build/e.md"]);
    let ran = project.run(&["check"]).exits(1);
    assert!(ran.stderr.contains("2 articles checked"), "{}", ran.stderr);
}

#[test]
fn what_is_missing_for_all_images_is_said_once() {
    let text = "# A\n\n![a](a.svg)\n\n![b](a.svg)\n";
    let project = project("docs: docs\n", &[("x/a.md", text), ("x/b.md", text), ("x/a.svg", "<svg></svg>")]);
    let ran = project.run(&["check"]).exits(1);
    assert_eq!(ran.stdout.matches("error[local-image]").count(), 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("and so it is with all 4 images in 2 files"), "{}", ran.stdout);
    assert!(ran.stderr.contains("2 articles checked: 1 error"), "{}", ran.stderr);
    project.run(&["check", "docs/x/b.md"]).exits(1).says("error[local-image]");
}

#[test]
fn with_paths_only_what_is_in_them_is_checked() {
    let files = [("a/a.md", "# A\n\nText\n"), ("b/b.md", "# B\n\n~~no~~\n"), ("b/_index.md", "---\ntitel: B\n---\n")];
    let project = project("docs: docs\n", &files);
    project.run(&["check"]).exits(1);
    assert_eq!(project.run(&["check", "docs/a"]).exits(0).stdout, "");
    assert!(!project.run(&["check", "b/b.md"]).exits(1).says("strikethrough").stdout.contains("unknown-key"));
    project.run(&["check", "docs/b/_index.md"]).exits(1).says("unknown-key");
    project.run(&["check", "docs/c"]).exits(64).says("there is no file or folder `docs/c`");
}

#[test]
fn what_would_be_fixed_is_shown_and_not_written() {
    let text = "---\ntitle: A\ndraft: true\n---\nText\n";
    let project = project("docs: docs\n", &[("a/a.md", text)]);
    let ran = project.run(&["check", "--fix", "-n"]).exits(0);
    assert!(ran.stdout.contains("-draft: true\n    +state: draft\n"), "{}", ran.stdout);
    assert!(ran.stderr.contains("would fix docs/a/a.md:3: "), "{}", ran.stderr);
    assert!(ran.stderr.contains("1 finding would be fixed in 1 file"), "{}", ran.stderr);
    assert_eq!(project.read("docs/a/a.md"), text);
    project.run(&["check", "-n"]).exits(64);
    project.run(&["check", "--fix"]).exits(0);
    project.run(&["check", "--fix", "-n"]).exits(0).says("nothing can be fixed safely");
}

/// A project without a host for images, with an article that shows one.
fn project_of_images(server: &Server, shows: &str) -> Project {
    let files = [("a/a.md", "# A\n\nText\n"), ("a/c.md", shows), ("a/c.svg", "<svg></svg>")];
    project("docs: docs\nstate: published\n", &files).on(server)
}

/// Found by hand: the image that a finding is about counted as a file that is asked for.
#[test]
fn with_paths_a_fault_in_the_text_of_another_article_stops_nothing() {
    let project =
        project("docs: docs\nstate: published\n", &[("a/a.md", "# A\n\nText\n"), ("a/b.md", "# B\n\n~~no~~\n")]);
    project.run(&["--local", "apply"]).exits(1).says("strikethrough");
    project.run(&["--local", "apply", "docs/a/b.md"]).exits(1).says("error[strikethrough]");
    project.run(&["--local", "apply", "docs/a/a.md", "--publish", "--yes"]).exits(0);
    let plan = project.run(&["--local", "plan", "docs/a/a.md"]).exits(0).says("warning[strikethrough]");
    assert!(plan.stdout.contains("No changes."), "{}", plan.stdout);
    // What nobody hosts stops only what shows it, although it is said once for all.
    let (server, other) = (Server::start(), "# C\n\n![it](c.svg)\n");
    let hosted = project_of_images(&server, other);
    hosted.run(&["plan", "docs/a/a.md"]).exits(0).says("warning[local-image]");
    hosted.run(&["plan", "docs/a/c.md"]).exits(1).says("error[local-image]");
    hosted.write("docs/a/d.md", other);
    hosted.run(&["plan", "docs/a/a.md"]).exits(0);
    hosted.run(&["plan", "docs/a/d.md"]).exits(1).says("error[local-image]");
    // Keys say which article is whose, and so do translations of what is asked for.
    project.write("docs/a/b.md", "---\nid: none\n---\n# B\n\nText\n");
    project.run(&["--local", "apply", "docs/a/a.md"]).exits(1).says("error[wrong-");
    project.write("docs/a/b.md", "# B\n\nText\n");
    project.write("helpbook.yml", "docs: docs\nstate: published\nlocales: [en, fr]\n");
    project.write("docs/a/a.fr.md", "# A\n\n~~non~~\n");
    project.run(&["--local", "plan", "docs/a/a.md"]).exits(1).says("error[strikethrough]");
    project.run(&["--local", "plan", "docs/a/b.md"]).exits(0);
}

#[test]
fn links_of_other_systems_are_led_where_they_mean() {
    let project = project(
        "docs: docs\n",
        &[
            (
                "a/a.md",
                "# A\n\n[a](/a/b) [b](/docs/a/b.md#steps) [c](b) [d](b.html) [e](../c/) [f](/c/index) [g](my file.md)\n\n\
                    [[b]] [[b|that one]] [[b#Steps|its steps]] [[c/d]] [[JDBC]] [[nobody|x]]\n\n-\u{a0}one\n",
            ),
            ("a/b.md", "# B\n\n## Steps\n\nText\n"),
            ("a/my file.md", "# My file\n\nText\n"),
            ("c/d.md", "# D\n\nText\n"),
        ],
    );
    project.run(&["check", "--fix"]).exits(1);
    assert_eq!(
        project.read("docs/a/a.md"),
        "# A\n\n[a](b.md) [b](b.md#steps) [c](b.md) [d](b.md) [e](../c/) [f](../c) [g](my%20file.md)\n\n\
         [b](b.md) [that one](b.md) [its steps](b.md#steps) [d](../c/d.md) [[JDBC]] [[nobody|x]]\n\n- one\n"
    );
    let ran = project.run(&["check", "--fix"]).exits(1);
    assert!(ran.stderr.contains("4 articles checked: 1 error"), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn an_address_that_a_template_would_have_filled_is_named() {
    let text = "# A\n\n[a]({{site.url}}/b) [b](https://x.example/{{id}}) ![c](%7B%7Bimage%7D%7D)\n";
    let project = project("docs: docs\n", &[("a/a.md", text)]);
    assert_eq!(
        list(&json(&project, &["--only", "template-tag,missing-article,missing-image"])),
        ["a/a.md:3:1 error template-tag", "a/a.md:3:21 warning template-tag", "a/a.md:3:51 error template-tag",]
    );
}
