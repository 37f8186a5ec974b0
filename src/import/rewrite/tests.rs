use super::*;

#[track_caller]
fn check_as(kind: Kind, before: &str, after: &str) {
    let source =
        Source::of(&[("docs/a.md", before), ("docs/_part.md", "---\nx: 1\n---\nPart\n"), ("docs/_p.mdx", "Part\n")]);
    let variables = BTreeMap::from([("product".to_owned(), "Acme".to_owned())]);
    let page = DocPath::new("docs/a.md");
    let around = Around { source: &source, kind, page: &page, variables: &variables, snippets: &["docs".to_owned()] };
    let mut draft = Draft::new(before, 1);
    rewrite(&mut draft, around);
    assert_eq!(draft.text().trim_end(), after.trim_end(), "{:#?}", draft.items);
    let unequal = crate::import::words::unequal(before, &draft.text(), &draft.items);
    assert_eq!(unequal, Vec::<String>::new(), "{:#?}", draft.items);
}

#[track_caller]
fn check(before: &str, after: &str) {
    check_as(Kind::Plain, before, after);
}

#[test]
fn tabs_are_headings() {
    check(
        "## A\n\n=== \"One\"\n\n    Text\n\n    - b\n\n=== \"Two\"\n    More\n\nEnd",
        "## A\n\n### One\n\nText\n\n- b\n\n### Two\n\nMore\n\nEnd",
    );
    check("{% tabs %}\n{% tab title=\"One\" %}\nText\n{% endtab %}\n{% endtabs %}", "## One\n\nText");
    check_as(
        Kind::Docusaurus,
        "<Tabs>\n  <TabItem value=\"a\" label=\"One\">\n\n    Text\n\n  </TabItem>\n</Tabs>",
        "## One\n\nText",
    );
    check("{{< tabpane >}}\n{{< tab header=\"One\" >}}\nText\n{{< /tab >}}\n{{< /tabpane >}}", "## One\n\nText");
}

#[test]
fn boxes_are_what_check_can_fix() {
    check("!!! prerequisite\n    Text\n\n    More\n\nEnd", ":::note[Prerequisite]\nText\n\nMore\n:::\n\nEnd");
    check("!!! note \"A b\"\n\n    Text", ":::note[A b]\nText\n:::");
    check("??? tip\n    Text", ":::details[Tip]\nText\n:::");
    check("- !!! note\n      Text", "-\n  :::note\n  Text\n  :::");
    check("{% hint style=\"info\" %}\nText\n{% endhint %}", ":::info\nText\n:::");
    check("{{% alert title=\"A\" color=\"warning\" %}}\nText\n{{% /alert %}}", ":::warning[A]\nText\n:::");
    check_as(Kind::Mintlify, "<Note>Text</Note>", ":::note\nText\n:::");
    check("/// note | A\nText\n///", ":::note[A]\nText\n:::");
    check(":::\u{ff}\u{fe}\nText\n:::", ":::note[\u{ff}\u{fe}]\nText\n:::");
    check("| a |\n|---|\n| b |\n!!! tip\n    Text", "| a |\n|---|\n| b |\n\n:::tip\nText\n:::");
    check("Wow!!! Really", "Wow!!! Really");
}

#[test]
fn what_is_taken_in_is_in_the_text() {
    check("A\n\n--8<-- \"_part.md\"", "A\n\n<!-- from _part.md -->\nPart");
    check_as(Kind::Docusaurus, "import P from './_p.mdx';\n\nA\n\n<P />", "A\n\n<!-- from ./_p.mdx -->\nPart");
    check("{% include \"none.md\" %}", "<!-- {% include \"none.md\" %} -->");
    check_as(Kind::Mkdocs, "With {{ product }} and {{ other() }}", "With Acme<!-- product --> and `{{ other() }}`");
    check_as(Kind::Mkdocs, "[a](https://x.example/{{ product }}/b)", "[a](https://x.example/Acme/b)");
    check_as(Kind::Mkdocs, "[a `b`]({{ c.d }}/e) f", "a `b` f");
    check("Keep {{ product }}", "Keep {{ product }}");
}

#[test]
fn cards_files_and_embeds_are_links() {
    check("{% content-ref url=\"b.md\" %}\n[B](b.md)\n{% endcontent-ref %}", "[B](b.md)");
    check("{% embed url=\"https://youtu.be/x\" %}", "https://youtu.be/x");
    check(
        "{% embed url=\"https://x.example/a b\" %}\nC\n{% endembed %}",
        "[https://x.example/a b](https://x.example/a%20b)\n\nC",
    );
    check("{% file src=\"a.zip\" caption=\"The file\" %}", "[The file](a.zip)");
    check_as(Kind::Mintlify, "<Card title=\"A\" href=\"/b\">\n  Text\n</Card>", "**[A](/b)**\n\nText");
    check_as(
        Kind::Mintlify,
        "<Accordion title=\"A\">\n    Text\n</Accordion>",
        "<details>\n<summary>A</summary>\n\nText\n\n</details>",
    );
}

#[test]
fn rows_without_a_head_are_a_table() {
    check("A\n| b | c |\n| d | `e` | f |\n\nG", "A\n\n|  |  |  |\n|---|---|---|\n| b | c |\n| d | `e` | f |\n\nG");
    let table = "| a | b |\n|---|---|\n| c | d |";
    check(table, table);
    let printed = "+---+---+\n| a | b |\n+---+---+";
    check(printed, printed);
    check("| a |\n\n    | b | c |\n\n|x| + |y|", "| a |\n\n    | b | c |\n\n|x| + |y|");
}

#[test]
fn a_component_that_is_alone_opens_nothing() {
    check_as(Kind::Docusaurus, "<Link id=\"a\"/>\n\nB\n\n<Link to=\"/c\" />", "<a id=\"a\"></a>\n\nB");
    check_as(Kind::Docusaurus, "<Link to=\"/c/\">d</Link>", "<a href=\"/c/\">d</a>");
    check_as(Kind::Mintlify, "<Note title=\"A\" />\n\nB", "A\n\nB");
    check_as(Kind::Mintlify, "a <Icon icon=\"b\" /> c", "a  c");
    check("<Widget id=\"a\" />", "<!-- Widget id=\"a\" -->");
}

#[test]
fn marks_are_marks_of_markdown() {
    check("[a](b.md){.link-external} and **c**{: .d }", "[a](b.md) and **c**");
    check("Press ++ctrl+alt+del++ or ==now==", "Press `Ctrl+Alt+Del` or **now**");
    check(
        "A[^1] b[^x].\n\n[^1]: One\n[^x]: Two\n    more",
        "A \\[1\\] b \\[2\\].\n\n***\n\n\\[1\\] One\n\n\\[2\\] Two\nmore",
    );
    check("Term\n: Text", "**Term**\\\nText");
    check("# A {#b}", "# A {#b}");
    check("**a b****c****d** e **** f", "**a b c d** e  f");
    check("****\n\na\\****b", "****\n\na\\****b");
    check("**a **_b_ c", "**a** _b_ c");
    check("**A `b` c. **d __e: __ f", "**A `b` c.** d __e:__ f");
    check("a ** b c** and **d**", "a **b c** and **d**");
    check("a**.** **b**.**c** d", "a. **b**.**c** d");
    check("a b](https://x.example/c)e d\n\n[e\nf](g.md)", "a be d\n\n[e\nf](g.md)");
    check("- [a](b.md)\n- c](d.md)", "- [a](b.md)\n- c");
    check("[a](b.md) c](d.md) `e](f.md)`", "[a](b.md) c `e](f.md)`");
    check("[a \\] `]`](b.md)", "[a \\] `]`](b.md)");
    check_as(Kind::Gitbook, "a \\*\\*\\*\\* b", "a b");
    check("a \\*\\*\\*\\* b", "a \\*\\*\\*\\* b");
    check("__a_b is for the __c_d hook", "__a_b is for the __c_d hook");
    check("2 ** 3 and 4 ** 5", "2 ** 3 and 4 ** 5");
    check("```\n[^1] ==a== {% b %}\n```", "```\n[^1] ==a== {% b %}\n```");
}

#[test]
fn code_of_mdx_is_not_run() {
    check_as(
        Kind::Docusaurus,
        "import A from '@theme/A';\n\nexport const x = {\n  y: 1,\n};\n\nText {/* why */}\n\n<img src={require('./a.png').default} width={300} />",
        "Text <!-- why -->\n\n<img src=\"./a.png\" width=\"300\" />",
    );
    check_as(Kind::Docusaurus, "A\n\n{b.map((c) => (\n  <li>{c}</li>\n))}\n\nD {e}\n\n{F}", "A\n\nD {e}");
    check_as(Kind::Docusaurus, "{a} b\n\n{{ c }}", "{a} b\n\n{{ c }}");
    check("export the file and\nimport it", "export the file and\nimport it");
    check_as(Kind::Mintlify, "```bash Terminal theme={null}\nls\n```", "`Terminal`\n\n```bash\nls\n```");
    check("<PID> and <VERSION 1>", "<PID> and <VERSION 1>");
}
