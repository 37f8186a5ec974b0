//! Articles that together hold every kind of block. `{host}` is where the images of the docs are served.

use crate::harness::Project;

/// A file of the docs, its title and its body.
pub struct Sample {
    pub path: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    pub body: &'static str,
}

impl Sample {
    /// The whole file, under a title of its own.
    pub fn file(&self, title: &str) -> String {
        format!("---\ntitle: {title}\ndescription: {}\nstate: published\n---\n\n{}", self.description, self.body)
    }

    pub fn write(&self, project: &Project) {
        project.write(&format!("docs/{}", self.path), &self.file(self.title));
    }
}

const fn sample(path: &'static str, title: &'static str, description: &'static str, body: &'static str) -> Sample {
    Sample { path, title, description, body }
}

/// What the samples link to.
pub const TARGET: Sample = sample(
    "basics/target.md",
    "Where links go",
    "What other articles point to",
    "Some text.\n\n## Opening hours {#h_0a0a0a0a0a}\n\nFrom nine to five.\n\n## Holidays {#h_1b1b1b1b1b}\n\nNone at all.\n",
);

pub const SAMPLES: [Sample; 12] = [
    sample(
        "basics/prose.md",
        "Words and marks",
        "How text looks",
        "The *quick* brown fox **jumps** over the `lazy` dog, and ***nobody*** minds.\n\n\
         A line that ends here\\\nand goes on below it. See [the handbook](https://shop.example/guide/start?lang=en&page=2#top) first.\n\n\
         A third paragraph, wrapped\nover two lines of the file.\n",
    ),
    sample(
        "basics/headings.md",
        "Headings and anchors",
        "Every level",
        "Before any heading, see [the second part](#h_aaaaaaaaaa) or [the details](#details).\n\n\
         ## First part\n\nText of it.\n\n## Second part {#h_aaaaaaaaaa}\n\nMore text.\n\n### Details\n\nSmall things.\n\n#### Smaller still\n\nThe end.\n",
    ),
    sample(
        "basics/lists.md",
        "Lists of all kinds",
        "Bullets and numbers",
        "You need:\n\n- a cup\n- some tea\n  - green\n  - black\n\n    with milk\n- water\n\nThen:\n\n1. Boil it.\n2. Pour it.\n   1. Slowly.\n   2. Carefully.\n3. Drink it.\n\n- [ ] taste it\n- [x] buy it\n",
    ),
    sample(
        "basics/code.md",
        "Code",
        "Every character counts",
        "Run this:\n\n```sh\nif [ -f \"$HOME/x\" ]; then\n    echo 'a < b && c > d'\n\tprintf '%s\\n' \"{}\"\n\n    exit 1\nfi\n```\n\n```\n~a~ ~Z~ ~0~ ~\"~ ~'~ ~<~ ~>~ ~&~ ~\\~ ~$~ ~%~ ~{~ ~}~ ~[~ ~]~\n~(~ ~)~ ~;~ ~:~ ~|~ ~-~ ~+~ ~/~ ~*~ ~_~ ~=~ ~#~ ~@~ ~!~ ~?~ ~^~ ~,~ ~.~ ~`~ ~é~ ~日~\n```\n\nThen call `open(\"a b\", 1)` twice.\n\n    indented = true\n      more = false\n",
    ),
    sample(
        "basics/callouts.md",
        "Callouts",
        "Five colours",
        "> [!NOTE]\n> Gray words.\n\n> [!TIP]\n> Green words.\n>\n> And more of them.\n\n> [!IMPORTANT]\n> Blue words with a [link](https://shop.example/blue).\n\n> [!WARNING]\n> Yellow words.\n\n> [!CAUTION]\n> Red words.\n",
    ),
    sample(
        "basics/tables.md",
        "Tables",
        "Plain and coloured",
        "| Plan | Price | Seats |\n|:-----|------:|:-----:|\n| Free | 0 | one |\n| Team | **12** | up to `ten` |\n\n\
         <table><tr><td style=\"background-color: #e3e7fa80\"><p>Blue cell</p></td><td><p>No colour</p></td></tr><tr><td><p>Third</p></td><td style=\"background-color: #feedaf80\"><p>Yellow cell</p></td></tr></table>\n",
    ),
    sample(
        "basics/images.md",
        "Pictures",
        "From here and elsewhere",
        "![the front door](https://cdn.example.com/2024/door.png?v=1)\n\nText between.\n\n\
         <img src=\"https://cdn.example.com/2024/window.png\" alt=\"a window\" width=\"320\">\n\n\
         ![the menu](images/menu.png)\n\n[![a key](https://cdn.example.com/2024/key.png)](https://shop.example/keys)\n",
    ),
    sample(
        "basics/media.md",
        "Films and buttons",
        "To watch and to press",
        "Watch this:\n\nhttps://www.youtube.com/watch?v=abcDEF12345\n\nOr that:\n\nhttps://www.loom.com/share/0123456789abcdef0123456789abcdef\n\n\
         [Sign up now](https://shop.example/signup?plan=team \"button\")\n",
    ),
    sample(
        "basics/sections.md",
        "Sections that open",
        "Hidden at first",
        "<details><summary>How much is it?</summary>\n\nTwelve a month.\n\n- paid yearly\n- paid monthly\n\n</details>\n\n<details>\n<summary>And for students?</summary>\n\nHalf of **that**.\n\n</details>\n\nAfter the sections.\n\n1. Open it.\n2. Read it.\n",
    ),
    sample(
        "basics/placed.md",
        "Text in its place",
        "To the middle and apart",
        "<p class=\"intercom-align-center\">In the middle</p>\n\nOn the left.\n\n---\n\nBelow a line.\n\n<p class=\"intercom-align-right\">On the right</p>\n\n<p></p>\n\n<p></p>\n\nAfter an empty paragraph.\n",
    ),
    sample(
        "basics/links.md",
        "Links",
        "Near and far",
        "See [hours](target.md#opening-hours), [the target](target.md), [last year](https://blog.example/articles/2024-review) \
         and [the year before](https://blog.example/articles/2023/review).\n\nWrite to [us](mailto:help@shop.example) or come to the [café](https://shop.example/caf%C3%A9).\n",
    ),
    sample(
        "basics/signs.md",
        "Signs & symbols",
        "Odd characters",
        "Fish & chips < 5 € \u{201c}quoted\u{201d} \u{2014} it\u{2019}s 100 % fine.\n\nA\u{a0}fixed blank, \u{e4}\u{f6}\u{fc}, 日本語, 🎉 and \\*stars\\*.\n\n> A quotation of somebody.\n",
    ),
];
