use super::*;

/// What an import makes of some files: each with its text.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &[(&str, &str)]) -> Import {
    let source = Source::of(files);
    let sites = sites(&source);
    let import = import(&source, &sites[0], &Config::default(), "");
    let made: Vec<(&str, &str)> = import.texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert_eq!(made, expected, "{:#?}", import.refused);
    import
}

#[test]
fn a_table_of_contents_makes_collections_and_links_lead_to_their_files() {
    check(
        &[
            (
                "SUMMARY.md",
                "# Table of contents\n\n* [Home](README.md)\n\n## Getting on\n\n* [Faq](start/faq/README.md)\n  * [Money](start/faq/money.md)\n",
            ),
            (
                "README.md",
                "# Home\n\n{% content-ref url=\"start/faq/money.md\" %}\n[money.md](start/faq/money.md)\n{% endcontent-ref %}\n",
            ),
            (
                "start/faq/README.md",
                "# Faq\n\n{% hint style=\"warning\" %}\nSee [home](../../README.md).\n{% endhint %}\n",
            ),
            (
                "start/faq/money.md",
                "---\ndescription: All of it\n---\n\n# Money\n\nSee [this](./#top) and [gone](gone.md).\n",
            ),
        ],
        &[
            ("getting-on/faq/index.md", "---\ntitle: Faq\n---\n# Faq\n\n> [!WARNING]\n> See [home](../../index.md).\n"),
            (
                "getting-on/faq/money.md",
                "---\ntitle: Money\ndescription: All of it\n---\n# Money\n\nSee [this](index.md#top) and gone.\n",
            ),
            ("index.md", "---\ntitle: Home\n---\n# Home\n\n[money.md](getting-on/faq/money.md)\n"),
        ],
    );
}

#[test]
fn a_navigation_makes_collections() {
    let import = check(
        &[
            (
                "mkdocs.yml",
                "site_name: A\nextra:\n  product: Acme\nnav:\n  - index.md\n  - Guide for all:\n    - Set up: guide/set_up.md\n",
            ),
            ("docs/index.md", "Hello {{ product }}, see [it](guide/set_up.md#b).\n"),
            ("docs/guide/set_up.md", "!!! tip \"T\"\n    A\n\n## B\n\n=== \"One\"\n    C\n"),
        ],
        &[
            ("guide-for-all/set_up.md", "---\ntitle: Set up\n---\n> [!TIP]\n> **T**\n>\n> A\n\n## B\n\n### One\n\nC\n"),
            ("index.md", "---\ntitle: Index\n---\nHello Acme<!-- product -->, see [it](guide-for-all/set_up.md#b).\n"),
        ],
    );
    let items = &import.report.files[&DocPath::new("docs/index.md")].items;
    assert!(items.iter().any(|item| item.construct == "variable" && item.line == 1), "{items:#?}");
}

#[test]
fn translations_are_beside_their_pages() {
    let import = check(
        &[
            ("docusaurus.config.js", "module.exports = {};"),
            ("docs/01-guide/_category_.json", "{\"label\": \"The guide\"}"),
            (
                "docs/01-guide/02-set-up.mdx",
                "---\nsidebar_position: 2\n---\n# Set up\n\n<Tabs>\n  <TabItem label=\"A\">\n    B\n  </TabItem>\n</Tabs>\n",
            ),
            ("i18n/fr/docusaurus-plugin-content-docs/current/01-guide/02-set-up.mdx", "# Installer\n"),
        ],
        &[
            ("guide/_index.md", "---\ntitle: The guide\n---\n"),
            ("guide/set-up.fr.md", "---\ntitle: Installer\n---\n# Installer\n"),
            ("guide/set-up.md", "---\ntitle: Set up\nextra:\n  sidebar_position: 2\n---\n# Set up\n\n## A\n\nB\n"),
        ],
    );
    assert_eq!(import.locales, [Locale::english(), Locale("fr".to_owned())]);
}

#[test]
fn folders_of_hugo_are_collections_with_descriptions() {
    check(
        &[
            ("config.toml", "baseURL = \"https://docs.example.org/\"\n"),
            ("content/en/kafka/_index.md", "---\ntitle: Kafka and more\ndescription: All of it\n---\n"),
            (
                "content/en/kafka/a.md",
                "+++\ntitle = \"A\"\n+++\n{{% alert title=\"T\" color=\"warning\" %}}\nB\n{{% /alert %}}\n\n[c]({{< ref \"b\" >}}) [d](/kafka/b/)\n",
            ),
            ("content/en/kafka/b.md", "---\ntitle: B\naliases: [/old]\n---\nText\n"),
        ],
        &[
            ("kafka/_index.md", "---\ntitle: Kafka and more\ndescription: All of it\n---\n"),
            ("kafka/a.md", "---\ntitle: A\n---\n> [!WARNING]\n> **T**\n>\n> B\n\n[c](b.md) [d](b.md)\n"),
            ("kafka/b.md", "---\ntitle: B\nredirect_from:\n  - \"/old\"\n---\nText\n"),
        ],
    );
}

#[test]
fn the_navigation_of_mintlify_makes_collections() {
    check(
        &[
            (
                "docs.json",
                "{\"navigation\": {\"tabs\": [{\"tab\": \"Guides\", \"groups\": [{\"group\": \"Start\", \"pages\": [\"a\"]}]}]}, \"redirects\": [{\"source\": \"/old\", \"destination\": \"/a\"}]}",
            ),
            ("a.mdx", "---\ntitle: A\n---\nimport X from '/x.jsx';\n\n<Note>\n  Mind **this**.\n</Note>\n"),
        ],
        &[("guides/start/a.md", "---\ntitle: A\nredirect_from:\n  - \"/old\"\n---\n> [!NOTE]\n> Mind **this**.\n")],
    );
}

#[test]
fn an_export_of_notion_loses_its_ids() {
    let id = "0123456789abcdef0123456789abcdef";
    let (page, below) = (format!("Team {id}.md"), format!("Team {id}/Money back {id}.md"));
    check(
        &[
            (&page, &format!("# Team\n\n[Money back](Team%20{id}/Money%20back%20{id}.md)\n")),
            (&below, "# Money back\n\nText\n"),
        ],
        &[
            ("team/index.md", "---\ntitle: Team\n---\n# Team\n\n[Money back](money-back.md)\n"),
            ("team/money-back.md", "---\ntitle: Money back\n---\n# Money back\n\nText\n"),
        ],
    );
}

#[test]
fn a_file_for_each_locale_is_an_article_of_intercoms_sync() {
    check(
        &[
            ("intercom/intercom-sync.yaml", "version: 1\n"),
            ("intercom/articles/billing/refunds/meta.yaml", "id: art_7\ndefault_locale: en\n"),
            (
                "intercom/articles/billing/refunds/en.md",
                "---\ntitle: Refunds\nsummary: How\npublished: true\n---\nText\n",
            ),
            ("intercom/articles/billing/refunds/fr.md", "---\ntitle: Remboursements\n---\nTexte\n"),
        ],
        &[
            ("billing/refunds.fr.md", "---\ntitle: Remboursements\n---\nTexte\n"),
            ("billing/refunds.md", "---\ntitle: Refunds\ndescription: How\n---\nText\n"),
        ],
    );
}

#[test]
fn what_is_too_deep_moves_up_and_names_are_safe() {
    let source = Source::of(&[("a/b/c/d/e.md", "# E\n"), ("a/My page.fr.md", "# F\n"), ("a/my-page.fr.md", "# G\n")]);
    let site = &sites(&source)[0];
    let made = |into: &str| {
        import(&source, site, &Config::default(), into)
            .texts
            .into_keys()
            .map(|path| path.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(made(""), ["a/My-page-fr.md", "a/b/c/d-e.md", "a/my-page-fr-2.md"]);
    assert_eq!(made("x/y"), ["x/y/a/My-page-fr.md", "x/y/a/b-c-d-e.md", "x/y/a/my-page-fr-2.md"]);
}

#[test]
fn several_sites_are_told_apart() {
    let source =
        Source::of(&[("a/mkdocs.yml", ""), ("b/SUMMARY.md", ""), ("b/x.md", ""), ("c/examples/mkdocs.yml", "")]);
    let found: Vec<(Kind, String)> = sites(&source).into_iter().map(|site| (site.kind, site.folder)).collect();
    assert_eq!(found, [(Kind::Mkdocs, "a".to_owned()), (Kind::Gitbook, "b".to_owned())]);
}

#[test]
fn no_text_makes_it_panic() {
    proptest::proptest!(|(text in "(\\{%|%\\}|<A|</A>|<|>|\\{|\\}|\\[|\\]|\\(|\\)|:::|!!! x|=== \"|`|```\n|\n|    |a|\u{e4}|\\^|\"|---\n|#|\\||&){0,40}")| {
        let source = Source::of(&[("docusaurus.config.js", ""), ("docs/a.md", &text)]);
        let import = import(&source, &sites(&source)[0], &Config::default(), "");
        proptest::prop_assert!(import.report.files.len() <= 1);
    });
}

#[test]
fn articles_of_zendesk_are_json_with_html() {
    let articles = r##"{"articles": [
        {"id": 11, "title": "Refunds", "locale": "en-us", "source_locale": "en-us", "section_id": 5, "draft": false,
         "label_names": ["money"], "author_id": 3, "html_url": "https://acme.zendesk.com/hc/en-us/articles/11-Refunds",
         "body": "<h2>How</h2><p>See <a href=\"/hc/en-us/articles/12-Fees#h\">fees</a> &amp; <b>rules</b>.</p><ul><li>1. One</li></ul>"},
        {"id": 12, "title": "Fees", "locale": "en-us", "source_locale": "en-us", "section_id": 6, "draft": true,
         "body": "<p>None.</p>",
         "translations": [{"locale": "fr", "title": "Frais", "body": "<p>Aucun.</p>", "draft": false}]}]}"##;
    let sections = r#"{"sections": [{"id": 5, "name": "Money back", "category_id": 1}, {"id": 6, "name": "Rates", "category_id": 1, "parent_section_id": 5}]}"#;
    check(
        &[
            ("articles.json", articles),
            ("sections.json", sections),
            ("categories.json", r#"{"categories": [{"id": 1, "name": "Billing"}]}"#),
        ],
        &[
            ("billing/money-back/rates/fees.fr.md", "---\ntitle: Frais\n---\nAucun.\n"),
            (
                "billing/money-back/rates/fees.md",
                "---\ntitle: Fees\nstate: draft\nextra:\n  zendesk_id: 12\n---\nNone.\n",
            ),
            (
                "billing/money-back/refunds.md",
                "---\ntitle: Refunds\nredirect_from:\n  - \"/hc/en-us/articles/11-Refunds\"\nextra:\n  zendesk_id: 11\n  author_id: '3'\n  label_names:\n  - money\n---\n## How\n\nSee [fees](rates/fees.md#h) & **rules**.\n\n- 1\\. One\n",
            ),
        ],
    );
}

#[test]
fn titles_of_nextra_and_boxes_of_notion_are_read() {
    check(
        &[
            ("docs/_meta.js", "export default {\n  index: 'Home',\n  guide: { title: 'All guides' },\n}\n"),
            ("docs/index.mdx", "A\n"),
            ("docs/guide/_meta.json", "{\"set-up\": \"Set it up\"}"),
            ("docs/guide/set-up.mdx", "<aside>\nB\n\n</aside>\n"),
        ],
        &[
            ("guide/_index.md", "---\ntitle: All guides\n---\n"),
            ("guide/set-up.md", "---\ntitle: Set it up\n---\n> [!NOTE]\n> B\n"),
            ("index.md", "---\ntitle: Home\n---\nA\n"),
        ],
    );
}

#[test]
fn what_intercom_refuses_is_taken_as_something_else() {
    check(
        &[
            (
                "a.md",
                "# A\n\n1. x\n\n   | b | c |\n   |---|---|\n   | d | e |\n\n2. y\n\n<dl>\n  <dt>t</dt>\n  <dd>\n    u\n  </dd>\n</dl>\n\n[v] (b.md) \u{1d}<warning>w</warning>\n",
            ),
            ("b.md", "# B\n\n```a b c```\n\n[//]: # (unseen)\n*[AB]: one\ntwo\n"),
        ],
        &[
            (
                "a.md",
                "---\ntitle: A\n---\n# A\n\n1. x\n\n   - **b** · **c**\n   - d · e\n\n2. y\n\n<b>t</b>\n\nu\n\n[v](b.md) \n\n> [!WARNING]\n> w\n",
            ),
            ("b.md", "---\ntitle: B\n---\n# B\n\n```a b c```\n\n<!-- unseen -->\n<!-- AB: one two -->\n"),
        ],
    );
}

#[test]
fn what_editors_leave_behind_goes() {
    check(
        &[("a.md", "# A\n\n**x **y, **b **: and ****c\n\n****\n\n![e](f.png){fig.align=\"right\"}\n")],
        &[("a.md", "---\ntitle: A\n---\n# A\n\n**x** y, **b**: and c\n\n****\n\ne<!-- not in the source: f.png -->\n")],
    );
}

#[test]
fn links_to_a_page_that_is_not_written_keep_their_words() {
    let import = check(
        &[("a.md", "# A\n\n[b](b.fr.md)\n"), ("c.md", "# C\n")],
        &[("a.md", "---\ntitle: A\n---\n# A\n\nb\n"), ("c.md", "---\ntitle: C\n---\n# C\n")],
    );
    assert_eq!(import.report.links.missing, 1);
}
