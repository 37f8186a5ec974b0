//! What is written for another system, as patterns of the text that customers would see.
//!
//! A pattern is looked for where one of its signs is. It has no part that needs to look back, so what may not be
//! before or behind it is said beside it. The systems' own documentation is the source of each form.

use super::fix::Means;
use crate::diagnostic::{Id, Severity};

/// One kind of foreign text.
pub(super) struct Rule {
    pub id: Id,
    pub severity: Severity,
    /// Where it is looked for.
    pub place: Place,
    /// Signs of which every match has one.
    pub signs: &'static [&'static str],
    /// The pattern; its first group, if it has one, is what is shown.
    pub pattern: &'static str,
    /// Whose it is.
    pub whose: &'static str,
    /// What to write.
    pub help: &'static str,
}

impl Rule {
    /// How its places are fixed.
    pub fn means(&self) -> Means {
        match self.whose {
            BLANKS => Means::Encode,
            OTHER_SPACE => Means::Space,
            UNSEEN => Means::Unseen,
            WIKI => Means::WikiLink,
            _ => Means::None,
        }
    }
}

const BLANKS: &str = "a link to an address with blanks";
const OTHER_SPACE: &str = "a mark with another space behind it, so that it is none";
const UNSEEN: &str = "a mark with an unseen sign before it, so that it is none";
pub(super) const WIKI: &str = "a wiki link";

/// Where a pattern is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// At the beginning of a line of text.
    Line,
    /// Anywhere in a piece of text.
    Text,
    /// Anywhere, but only where something else of its kind is surely foreign in the same file.
    Company,
}

use Place::{Company, Line, Text};
use Severity::{Error, Warning};

/// The words of alerts in all systems.
macro_rules! alerts {
    () => {
        "note|info|information|tip|hint|important|warning|warn|caution|attention|danger|error|success|check|done|question|help|faq|failure|fail|missing|bug|example|quote|cite|abstract|summary|tldr|todo|seealso|admonition|key|secondary"
    };
}

macro_rules! rules {
    ($($id:literal $severity:ident $place:ident [$($sign:literal),+] $pattern:expr, $whose:expr, $help:expr;)+) => {
        &[$(Rule { id: $id, severity: $severity, place: $place, signs: &[$($sign),+], pattern: $pattern, whose: $whose, help: $help }),+]
    };
}

pub(super) const ALERT: &str =
    "write `> [!NOTE]` (or TIP, IMPORTANT, WARNING, CAUTION) and `> ` before each line of it";
const NO_INCLUDE: &str = "write the text here; nothing is taken in from other files";
const NO_CODE: &str = "remove it: nothing is run in an article";
const NO_VALUE: &str = "write the value itself; for text that is meant so put it in backticks";
const NO_PART: &str =
    "write its text in Markdown: headings for tabs and steps, `<details>` for what opens, a table or a list for cards";
const NO_LOOK: &str = "remove it: an article has no classes and no styles; an image takes `<img src=… width=…>`";
pub(super) const NO_LINK: &str = "write a link: `[words](file.md#heading)`";
const NO_MARK: &str = "write **bold** or *italic*, or the words alone; what is meant so goes in backticks";
const NO_MATH: &str = "write it in words or signs, or show a picture of it";
const NO_TOC: &str = "remove it: Intercom shows the headings beside the article";
const IN_TEXT: &str = "put the note into the text";

/// Every rule. The order is that in which they speak for one place.
pub(super) const RULES: &[Rule] = rules! {
    // Blocks between lines of signs, and lines that stand for something.
    "foreign-block" Error Line ["::"] r"^::[a-z][\w-]*(?:\[[^\]]*\]|\{[^}]*\})", "a directive of Docusaurus, Starlight or MDC", NO_PART;
    "foreign-block" Error Line ["::"] concat!("(?i)^::(?:", alerts!(), r")(?:\(.*\))?$"), "a block of MDC", ALERT;
    "foreign-block" Error Line ["///"] concat!(r"(?i)^/{3,}\s*(?:", alerts!(), r"|details|tabs?|caption|figure-caption|html|define)\b"), "a block of MkDocs", ALERT;
    "foreign-block" Error Line ["==="] r#"^===[+!]* ?["'].*["']\s*$"#, "a tab of MkDocs", NO_PART;
    "foreign-block" Error Line ["@tab"] r"^@tab\b", "a tab of VuePress", NO_PART;
    "foreign-block" Error Line ["!> ", "?> "] r"^[!?]> \S", "a callout of Docsify", ALERT;
    "foreign-block" Error Line ["-> ", "~> ", "=> "] r"^[-~=]> \x01*(?:Note|Tip|Warning|Important|Caution|Hint)\b", "a callout of HashiCorp's docs", ALERT;
    "foreign-block" Error Line ["[t", "[T", "[_", "{:", "{t", "{T", "{{", "__t", "__T"] r"(?i)^(?:\[toc\]|\[{0,2}\[_?to(?:c|sp)_?\]{1,3}|@\[toc\]|\{:toc\}|\{toc(?:[:}].*)|\{\{\s*>?\s*toc\s*\}\}|\$\{toc\}|__toc__)$", "a table of contents", NO_TOC;
    "foreign-block" Error Line ["8<"] r"^-+8<-+", "a snippet of MkDocs", NO_INCLUDE;
    "foreign-block" Error Line ["{!"] r"^\{![^!]+!", "an include of MkDocs", NO_INCLUDE;
    "foreign-block" Error Line ["<<<"] r"^<<< [@./]", "an include of VitePress", NO_INCLUDE;
    "foreign-block" Error Line ["include"] r"^(?:!!!|@|!)include(?:\(|\s+\S+\.\w+)|^include::\S+\[", "an include", NO_INCLUDE;
    "foreign-block" Error Line ["[code"] r"^@\[code", "an include of VuePress", NO_INCLUDE;
    "foreign-block" Error Line ["%["] r"^%\[\{?", "an embed of Zenn or Hashnode", "write the address alone in a paragraph";
    "foreign-block" Error Line [".. "] r"^\.\. [\w-]+::|^\.\. _[^:]+:", "reStructuredText", ALERT;
    "foreign-block" Error Line ["+-", "=  "] r"^\+-{2,}\+|^={3,}(?: +={3,})+$", "a table of reStructuredText", "write a table with `|` between the cells and `|---|` below its head";
    "foreign-block" Error Line ["image:", "xref:", "video:"] r"^(?:image|xref|video)::?\S*\[", "AsciiDoc", "write it in Markdown: `![what it shows](file.png)`, `[words](file.md)`";
    "foreign-block" Error Line ["h1. ", "h2. ", "h3. ", "h4. ", "h5. ", "h6. ", "bq. "] r"^(?:h[1-6]|bq)\. \S", "Confluence's wiki text", "write `## ` before a heading, `> ` before a quote";
    "foreign-block" Error Line ["||"] r"^\|\|.+\|\|\s*$", "a table of Confluence", "write a table with `|` between the cells and `|---|` below its head";
    "foreign-block" Error Line ["!"] r"(?i)^!\S+\.(?:png|jpe?g|gif|svg)(?:\|[^!]*)?!$", "an image of Confluence", "write `![what it shows](file.png)`";
    "foreign-block" Error Text ["{info", "{note", "{tip", "{warning", "{panel", "{code", "{noformat", "{quote", "{expand", "{excerpt", "{section", "{column", "{color"] r"\{(?:color|info|note|tip|warning|panel|code|noformat|quote|expand|excerpt|section|column):[^ }\n][^}\n]*\}", "a macro of Confluence", ALERT;
    "foreign-block" Error Line ["{info", "{note", "{tip", "{warning", "{panel", "{code", "{noformat", "{quote", "{expand", "{excerpt", "{section", "{column"] r"^\{(?:info|note|tip|warning|panel|code|noformat|quote|expand|excerpt|section|column)\}", "a macro of Confluence", ALERT;
    "foreign-block" Error Text ["{status", "{jira", "{anchor", "{include", "{excerpt-", "{children", "{pagetree"] r"\{(?:status|jira|anchor|include|excerpt-include|children|pagetree):[^}\n]*\}", "a macro of Confluence", NO_PART;
    "foreign-block" Error Line ["[block", "[/block"] r"^\[/block\]|^\[block:[a-z-]+\]", "a block of ReadMe", NO_PART;
    "foreign-block" Error Line ["import "] r#"^import\s+(?:[\w*{][^'"]*\s+from\s+)?['"][@./\w][^'" ]*['"];?$"#, "MDX", NO_CODE;
    "foreign-block" Error Line ["export "] r"^export\s+(?:const|let|var|default\s+(?:function|class|\(|\{)|function|class|\{)", "MDX", NO_CODE;
    "foreign-block" Error Text ["{/*"] r"\{/\*", "a comment of MDX", "write `<!-- … -->`";
    "foreign-block" Error Text ["{props.", "{frontMatter."] r"\{(?:props|frontMatter)\.\w", "MDX", NO_VALUE;
    "foreign-block" Warning Line ["@["] r"^@\[[a-z]+\]\(", "an embed", "write the address alone in a paragraph";
    "foreign-block" Error Line ["== "] r"^={2,} \S.* ={2,}$", "a heading of MediaWiki", "write `## ` before it";
    "foreign-block" Error Line ["[NOTE]", "[TIP]", "[WARNING]", "[CAUTION]", "[IMPORTANT]"] r"^\[(?:NOTE|TIP|WARNING|CAUTION|IMPORTANT)\]$", "AsciiDoc", ALERT;

    "broken-alert" Error Line ["[!"] r"(?i)^\[!(?:note|info|tip|warning|caution|danger|important|success|question|failure|bug|example|quote|include|video|div)\b[^\]\n]*\]?", "an alert without its quote", ALERT;
    "component" Error Text ["={"] r"<[A-Za-z][\w.-]*\s[^<>\n]*=\{", "a component of MDX", NO_PART;
    "component" Error Line ["<>", "</>"] r"^</?>$", "a fragment of MDX", "remove it";

    "foreign-block" Error Line ["+++"] r"^\+{3}(?: \{.*)?$|^\+{4}$", "a break of MyST or AsciiDoc", NO_LOOK;
    "foreign-block" Error Line ["@[", "@\u{1}"] r"^@\x01(?:code|youtube|vimeo|toc)\b", "an embed or include of VuePress", NO_INCLUDE;
    "foreign-block" Error Text [".map("] r"\{\w[\w.]*\.map\(", "MDX", NO_CODE;
    "definition-list" Error Text ["\n:", "\u{1}:"] r"\S[ \t]*\n\x01*(:[ \t]+\S)", "a definition list", "write a list whose items begin with the term in bold";
    "definition-list" Error Line [":   "] r"^: {3}\S", "a definition list", "write a list whose items begin with the term in bold";
    "broken-table" Error Line ["--"] r"^\|?\s*:?-{2,}:?\s*\|[\s|:-]*$|^\|(?:\s*:?-{2,}:?\s*\|)+$", "a line of a table that is none", "put an empty line before the table, and as many `---` below the head as it has cells";
    "broken-table" Warning Line ["\u{2013}", "\u{2014}"] "^\\|(?:[\u{2013}\u{2014}-]+\\|)*-*[\u{2013}\u{2014}][\u{2013}\u{2014}-]*\\|(?:[\u{2013}\u{2014}-]+\\|)*$", "a line of a table with long dashes", "write `---` for each cell";
    "broken-table" Error Text ["|---", "| ---", "|:--"] r"\|\s*\|(?:\s*:?-{3,}:?\s*\|)+", "a table in one line", "write each row on a line of its own";

    // Tags of templates.
    "template-tag" Error Text ["{%"] r#"\{%[-+~]?\s*/?#?[\w"'.]+[^{}\n]*[-+~/]?%\}|\{%[-+~]?\s*(?:include|hint|embed|tabs?|code|if|for|set|assign|highlight|link|file|raw|comment)\b"#, "a tag of GitBook, Jekyll, Zola or Markdoc", NO_PART;
    "template-tag" Error Text ["{#"] r"\{#\s[^}\n]*#\}", "a comment of a template", "write `<!-- … -->`";
    "template-tag" Error Text ["{{<", "{{%"] r"\{\{[<%](?:[^\n]*?[>%]\}\})?", "a shortcode of Hugo", NO_PART;
    "template-tag" Error Text ["{{#", "{{>", "{{/", "{{!"] r"\{\{[#>!/]\s*\w[^}\n]*\}?\}?", "a tag of a template", NO_PART;
    "template-tag" Error Text ["{{"] r#"\{\{-?\s*(?:(?:site|page|config|book|include|layout|post|dc|\$\w+|\.\w+)[.\w]*\s*(?:\}\}|\||\.)|"[^"]*"\s*\||\w+\(|embed\b|[\w./-]+\.md\s*\}\}|[\w.]+\s*\|)"#, "a value of a template", NO_VALUE;
    "template-tag" Warning Line ["{{"] r"^\{\{\s*[\w.-]+\s*\}\}$", "a value of a template", NO_VALUE;
    "template-tag" Warning Company ["{{"] r"\{\{[^{}<%\n]*\}\}", "a value of a template", NO_VALUE;
    "template-tag" Error Text ["<<glossary:"] r"<<glossary:", "a term of ReadMe", NO_VALUE;
    "template-tag" Warning Text ["%%", "@@"] r"%%[A-Z_]{3,}%%|@@[A-Z_]{3,}@@", "a placeholder", NO_VALUE;
    "template-tag" Warning Text ["<%="] r"<%=", "a value of a template", NO_VALUE;
    "template-tag" Error Text ["}\u{2}", ":\u{2}"] r"(?:^|[^\w:])((?:\{[a-z][\w:-]*\}|(?::[a-z][\w+-]*){1,2}:)\x02+)", "a role of MyST or Sphinx", NO_LINK;
    "template-tag" Warning Text ["[", "{"] r"(?:^|[^\w:])(:[a-z][a-z-]*(?:\[[^\]\n]+\]|\{\w+=[^}\n]*\}))", "a text directive", NO_VALUE;

    // Lists of attributes.
    "attribute-list" Error Text ["{:"] r"\{:\s*(?:[.#]?[\w-]+|:)[^}\n]*\}|\{::|\{:/", "an attribute list of kramdown or MkDocs", NO_LOOK;
    "attribute-list" Error Text ["{"] r"[\x01\x02](\{\s*(?:[.#][\w:-]+|=\w+|[\w-]+=)[^}\n]*\})", "an attribute list", NO_LOOK;
    "attribute-list" Warning Text ["{.", "{ ."] r"(?:^|\s)(\{\s?\.[A-Za-z][\w-]*[^}\n]*\})\s*$", "an attribute list", NO_LOOK;
    "attribute-list" Error Text ["]{"] r"\[[^\[\]\n]*\]\{\s*(?:[.#][\w:-]+|[\w-]+=)[^}\n]*\}", "a span of Pandoc", NO_LOOK;
    "attribute-list" Error Text ["{docsify-ignore"] r"\{docsify-ignore", "an attribute of Docsify", NO_LOOK;
    "attribute-list" Error Text ["]("] r"!\[[^\]\n]*\]\(\S+ =\d*%?x\d*\)", "the size of an image", NO_LOOK;

    // Links of wikis.
    "wiki-link" Error Text ["![["] r"!\[\[[^\[\]\n]+\]\]", "an embed of Obsidian", NO_LINK;
    "wiki-link" Error Text ["[["] r"\[\[[^\[\]\n |#][^\[\]\n]*(?:[|#\x01][^\[\]\n]*)\]\]|\[\[[^\[\]\n|#]+\.md\]\]", WIKI, NO_LINK;
    "wiki-link" Error Text ["|http"] r"\[[^\[\]|\n]+\|\x01*https?://[^\[\]\n]*\]", "a link of Confluence", NO_LINK;
    "wiki-link" Error Text ["\":"] r#""[^"\n]+":\x01*https?://"#, "a link of Textile", NO_LINK;

    // Marks of text.
    "foreign-mark" Warning Text ["=="] r"(?:^|[^=\w!<>:])(==[^=\s](?:[^=\n]*[^=\s])?==)(?:[^=\w]|$)", "a highlight", NO_MARK;
    "foreign-mark" Error Text ["++"] r#"(?:^|[^+\w])(\+\+(?:"[^"]+"|[a-z0-9-]+(?:\+[a-z0-9-]+)+)\+\+)"#, "keys of MkDocs", "write `Ctrl+C` in backticks";
    "foreign-mark" Warning Text ["++"] r"(?:^|[^+\w])(\+\+[^+\s](?:[^+\n]*[^+\s])?\+\+)(?:[^+\w]|$)", "inserted text", NO_MARK;
    "foreign-mark" Warning Text ["^^"] r"\^\^[^\s^][^\^\n]*\^\^", "inserted text", NO_MARK;
    "foreign-mark" Warning Text ["^"] r"\w(\^[\w-]{1,12}\^)", "superscript", "write the sign itself, as in m\u{b2}";
    "foreign-mark" Warning Text ["'''"] r"(?:^|[^'\w])('''[^'\n]+''')", "bold of MediaWiki", NO_MARK;
    "foreign-mark" Warning Text ["!!"] r"(?:^|[^!\w])(!!\w[^!\n]*\w!!)(?:[^!]|$)", "hidden text", NO_MARK;
    "foreign-mark" Warning Text ["~"] r"\w(~\w{1,6}~)(?:\W|\w|$)", "subscript", "write the sign itself, as in H\u{2082}O";
    "foreign-mark" Error Text ["{++", "{--", "{~~", "{==", "{>>"] r"\{(?:\+\+|--|~~|==|>>)", "a change mark of CriticMarkup", "accept or remove the change";
    "foreign-mark" Warning Text ["||"] r"(?:^|[^|\w])(\|\|[^\s|][^|\n]*\|\|)", "hidden text", NO_MARK;
    "foreign-mark" Error Text ["\\textbf{", "\\emph{", "\\newpage", "\\pagebreak"] r"\\(?:textbf\{|emph\{|newpage\b|pagebreak\b)", "LaTeX", NO_MARK;
    "foreign-mark" Error Text [":material-", ":octicons-", ":fontawesome-", ":simple-"] r":(?:material|octicons|fontawesome|simple)-[\w-]+:", "an icon of MkDocs", "write what it shows in words";
    "foreign-mark" Warning Text [":tada:", ":warning:", ":white_check_mark:", ":smile:", ":+1:", ":-1:", ":rocket:", ":bulb:", ":star:", ":heart:", ":information_source:", ":exclamation:", ":question:", ":fire:", ":bug:", ":memo:", ":point_right:", ":point_left:", ":arrow_right:", ":arrow_left:", ":heavy_check_mark:", ":no_entry:", ":lock:", ":key2:", ":eyes:", ":wave:", ":pencil:", ":moneybag:", ":zap:", ":sparkles:", ":fa-"] r"(?:^|[^\w:])(:(?:tada|warning|white_check_mark|smile|\+1|-1|rocket|bulb|star|heart|information_source|exclamation|question|fire|bug|memo|point_right|point_left|arrow_right|arrow_left|heavy_check_mark|no_entry|lock|key2|eyes|wave|pencil|moneybag|zap|sparkles|fa-[\w-]+):)(?:\W|$)", "the name of an emoji", "write the emoji itself";
    "foreign-mark" Error Text ["[/"] r"\[(?:b|i|u|url|img|code|quote|center|color|caption|embed|size|tabs)(?:=[^\]\n]*|\s[^\]\n]*=[^\]\n]*)?\][^\n]*\[/(?:b|i|u|url|img|code|quote|center|color|caption|embed|size|tabs)\]", "BBCode or a shortcode of WordPress", NO_MARK;
    "foreign-mark" Error Text ["=\""] r#"\[(?:gallery|caption|button|video|audio|playlist) \w+=""#, "a shortcode of WordPress", NO_PART;
    "foreign-mark" Error Text ["{color"] r"\{color(?::[^} \n]*)?\}", "a colour of Confluence", NO_MARK;

    // Comments that are none here.
    "shown-comment" Error Text ["%%"] r"(?:^|[^%\w'])(%%[^%\s][^%\n]*[^%\s]%%)", "a comment of Obsidian", "write `<!-- … -->`";
    "shown-comment" Error Line ["%%"] r"^%%$", "a comment of Obsidian", "write `<!-- … -->`";
    "shown-comment" Warning Line ["// TODO"] r"^// TODO", "a comment", "write `<!-- … -->`";

    // Notes at the foot, terms and quotations.
    "footnote" Error Text ["[^"] r"\[\^(?:\d+|[A-Za-z]\w[\w.-]*)\]", "a footnote without its note", IN_TEXT;
    "footnote" Error Text ["^["] r"(?:[\w.,;:!?\x01])(\^\[[^\]\n]+\])", "a footnote of Pandoc", IN_TEXT;
    "footnote" Error Line ["*["] r"^\*\[[^\]]+\]: ", "an abbreviation of MkDocs or kramdown", "explain the term in the text";
    "footnote" Error Text ["[@", "[-@"] r"\[-?@[\w:-]+\d[^\]\n]*\]", "a citation of Pandoc", IN_TEXT;

    // Mathematics.
    "foreign-mark" Error Text ["$$"] r"\$\$[^$\n]+\$\$", "mathematics", NO_MATH;
    "foreign-mark" Error Line ["$$"] r"^\$\$", "mathematics", NO_MATH;
    "foreign-mark" Error Line ["\\begin{"] r"^\\begin\{", "LaTeX", NO_MATH;
    "foreign-mark" Warning Text ["$"] r"(?:^|[^\w\\$|])(\$(?:[A-Za-z({\\][^$|\n]*)?(?:\\[a-zA-Z]{2,}|[\w}][\^_](?:\{|\w))[^$|\n]*\$)(?:\W|$)", "mathematics", NO_MATH;

    // Anchors.
    "attribute-list" Error Line [")="] r"^\([\w-]+\)=$", "a label of MyST", "remove it: every heading has an anchor, `#` and its words";
    "attribute-list" Warning Line ["^"] r"^\^[\w-]+$", "a block id of Obsidian", "remove it: link to a heading";
    "attribute-list" Warning Text [" ^"] r"\S( \^[a-z0-9-]{4,})$", "a block id of Obsidian", "remove it: link to a heading";
    "attribute-list" Error Text [":id="] r"\s:id=\S+", "an id of Docsify", "remove it: every heading has an anchor, `#` and its words";

    "attribute-list" Warning Text ["[#", "[!toc"] r"\s(\[(?:#[\w-]+|!toc)\])$", "an id of Fumadocs", "remove it: every heading has an anchor, `#` and its words";

    // Links that became none.
    "broken-link" Error Text ["] ("] r"\] \((?:https?://|[\w./-]+\.(?:md|png|html))[^)\n]*\)", "a link with a blank in its middle", "write `[words](address)` without the blank";
    "broken-link" Error Text ["]("] r#"\]\([^()<>\s"'{\x01]+(?: [^()<>"'\n=\x01]+)+\)"#, BLANKS, "write `%20` for each blank";
    "broken-link" Warning Text ["]["] r"(?:^|[\s(])(\[[^\[\]\n]*[a-z]{3}[^\[\]\n]*\]\[[a-z][a-z0-9_-]*\])", "a link by a reference that is nowhere", "write `[reference]: address` on a line of its own, or `[words](address)`";
    "broken-link" Error Text [")["] r"\([^()\n]+\)\[(?:\x01*https?://|[\w./-]+\.md)[^\]\n]*\]", "a link with its parts swapped", "write `[words](address)`";
    "broken-link" Error Text ["\u{ff08}"] "\\]\u{ff08}(?:\\x01*https?://|[\\w./-]+)[^\u{ff09}\n]*\u{ff09}", "a link with full-width brackets", "write `[words](address)`";
    "broken-link" Error Text ["](http"] r"\]\(https?://[^\s)]+$", "a link without its end", "write `)` at the end of the address";
    "broken-link" Warning Text ["](\"http"] r#"\]\("https?://[^"\n]*"\)"#, "a link with its address in quotes", "write `[words](address)`";
    "broken-link" Warning Text ["\u{3011}(", "](http\u{ff1a}", "](https\u{ff1a}"] "\u{3011}\\((?:http)|\\]\\(https?\u{ff1a}[^)\\n]*\\)", "a link with full-width signs", "write `[words](https://\u{2026})`";
    "wiki-link" Error Text ["[http"] r"\[\x01*https?://[^\s\]]+ [^\]\n]+\]", "a link of MediaWiki", NO_LINK;

    // Signs for lists and headings that are none.
    "odd-space" Warning Line ["\u{a0}", "\u{2003}", "\u{3000}"] "^(?:[-*+]|\\d{1,3}[.)]|#{1,6})[\u{a0}\u{2003}\u{3000}]", OTHER_SPACE, "write an ordinary space";
    "odd-space" Warning Line ["\u{2022}", "\u{ff0d}"] "^[\u{2022}\u{ff0d}][ \u{a0}]", "a bullet that is no list", "write `- ` before each line";
    "odd-space" Warning Line ["\u{ff03}"] "^\u{ff03}", "a full-width sign, and no heading", "write `# `";
    "odd-space" Warning Line ["\u{200b}"] "^\u{200b}(?:[-*+#>|]|\\d{1,3}[.)])", UNSEEN, "remove the sign";
    "odd-space" Warning Text ["\\"] r"[^\\\s\x01\x02](\\)\s*$", "a backslash at the end of a paragraph", "remove it";
    "odd-space" Warning Line ["##"] r"^#{2,6}[^#\s\d\x01\x02]", "a heading without a space", "write a space behind the signs";
};
