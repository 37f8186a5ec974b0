//! The differences, each as what it does to the docs and to a live body.

use super::pieces::{
    Piece, attribute, destination, first, html, inner, markdown, swapped, with_attribute, with_destination,
};

/// One difference.
pub struct Mutation {
    pub name: String,
    pub docs: Edit,
    pub live: Edit,
    /// What the plan and the reports have to show.
    pub shows: &'static str,
    /// Whether it is looked for in every body, not only in the samples.
    pub is_general: bool,
}

/// How a side is changed.
pub enum Edit {
    /// It cannot be made there.
    None,
    Title,
    Description,
    /// The bytes of an image of the docs.
    Bytes,
    /// Words that are there once.
    Words(String, String),
    /// What a function makes of the body.
    By(fn(&str) -> Option<String>),
    /// The first piece that a function has something else for.
    Piece(fn(&Piece<'_>) -> Option<String>),
}

impl Edit {
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    pub fn of_markdown(&self, body: &str) -> Option<String> {
        self.made(body, markdown)
    }

    pub fn of_html(&self, body: &str) -> Option<String> {
        self.made(body, html)
    }

    /// Whether there is something to change in Markdown.
    pub fn may_be_in(&self, body: &str) -> bool {
        self.is_elsewhere(body) || self.of_markdown(body).is_some()
    }

    /// Whether there is something to change in a live body.
    pub fn may_be_in_html(&self, body: &str) -> bool {
        self.is_elsewhere(body) || self.of_html(body).is_some()
    }

    fn is_elsewhere(&self, body: &str) -> bool {
        match self {
            Self::Title | Self::Description => true,
            Self::Bytes => body.contains("images/menu.png"),
            _ => false,
        }
    }

    fn made<'t>(&self, body: &'t str, pieces: fn(&'t str) -> Vec<Piece<'t>>) -> Option<String> {
        let new = match self {
            Self::Words(old, new) => Some(body.replacen(old, new, 1)),
            Self::By(edit) => edit(body),
            Self::Piece(edit) => first(body, &pieces(body), edit),
            Self::None | Self::Title | Self::Description | Self::Bytes => None,
        };
        new.filter(|new| new != body)
    }
}

fn words(old: &str, new: &str) -> Edit {
    Edit::Words(old.to_owned(), new.to_owned())
}

/// A difference that is looked for in every body.
fn general(name: &str, docs: Edit, live: Edit) -> Mutation {
    Mutation { name: name.to_owned(), docs, live, shows: "", is_general: true }
}

/// One that only the samples have.
fn special(name: &str, docs: Edit, live: Edit) -> Mutation {
    Mutation { is_general: false, ..general(name, docs, live) }
}

impl Mutation {
    /// The one that changes nothing.
    pub fn nothing() -> Self {
        special("nothing", Nowhere, Nowhere)
    }

    fn shows(self, shows: &'static str) -> Self {
        Self { shows, ..self }
    }
}

use Edit::{By, None as Nowhere, Piece as At};

/// Every difference that a reader can tell.
pub fn differences() -> Vec<Mutation> {
    [texts(), marks(), links(), images(), callouts(), tables(), headings(), blocks(), lists(), code(), media()]
        .into_iter()
        .flatten()
        .collect()
}

fn texts() -> Vec<Mutation> {
    vec![
        general("title", Edit::Title, Edit::Title).shows("Other"),
        general("description", Edit::Description, Edit::Description).shows("All of it"),
        general(
            "a word",
            At(|p| prose_word(p, |_| "mutated".to_owned())),
            At(|p| prose_word(p, |_| "mutated".to_owned())),
        )
        .shows("mutated"),
        general("a capital letter", At(|p| prose_word(p, other_case)), At(|p| prose_word(p, other_case))),
        general(
            "a word more",
            At(|p| prose_word(p, |word| format!("{word} besides"))),
            At(|p| prose_word(p, |word| format!("{word} besides"))),
        )
        .shows("besides"),
        general("a full stop", At(exclaimed), At(exclaimed)),
        special("a fixed blank", words("\u{a0}", " "), words("&nbsp;", " ")),
        special("a quotation mark", words("\u{201d}", "\""), words("\u{201d}", "\"")),
        special("an emoji", words("🎉", "🎈"), words("🎉", "🎈")).shows("🎈"),
        special(
            "a line break that goes",
            At(|p| p.is("br").then(|| " ".to_owned())),
            At(|p| p.is("br").then(|| " ".to_owned())),
        ),
        general("a line break", At(|p| broken(p, "\\\n")), At(|p| broken(p, "<br>"))),
    ]
}

fn prose_word(piece: &Piece<'_>, new: fn(&str) -> String) -> Option<String> {
    if piece.is_prose() { long_word(piece.source, new) } else { None }
}

/// The text with something else for its first word of four letters.
fn long_word(text: &str, new: fn(&str) -> String) -> Option<String> {
    // Neither a part of an entity nor of an escape.
    let is_edge = |c: Option<char>| c.is_none_or(|c| [' ', ',', '.', ';', '\n'].contains(&c));
    let word = text.split(|c: char| !c.is_ascii_alphabetic()).find(|word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        let (before, after) = (text[..start].chars().next_back(), text[start + word.len()..].chars().next());
        word.len() > 3 && is_edge(before) && is_edge(after)
    })?;
    let start = word.as_ptr() as usize - text.as_ptr() as usize;
    Some(format!("{}{}{}", &text[..start], new(word), &text[start + word.len()..]))
}

fn other_case(word: &str) -> String {
    let (head, tail) = word.split_at(1);
    if head.to_lowercase() == head { head.to_uppercase() + tail } else { head.to_lowercase() + tail }
}

fn exclaimed(piece: &Piece<'_>) -> Option<String> {
    let text = piece.source.strip_suffix('.').filter(|_| piece.is_prose())?;
    Some(format!("{text}!"))
}

fn broken(piece: &Piece<'_>, at: &str) -> Option<String> {
    let is_plain = piece.is_prose() && piece.inside == ["p"];
    let (before, after) =
        piece.source.split_once(' ').filter(|(before, after)| is_plain && !before.is_empty() && !after.is_empty())?;
    Some(format!("{before}{at}{after}"))
}

fn marks() -> Vec<Mutation> {
    vec![
        general(
            "bold",
            At(|p| unmarked(p, |word| format!("**{word}**"))),
            At(|p| unmarked(p, |word| format!("<b>{word}</b>"))),
        ),
        general(
            "italic",
            At(|p| unmarked(p, |word| format!("*{word}*"))),
            At(|p| unmarked(p, |word| format!("<i>{word}</i>"))),
        ),
        general(
            "code",
            At(|p| unmarked(p, |word| format!("`{word}`"))),
            At(|p| unmarked(p, |word| format!("<code>{word}</code>"))),
        ),
        general("bold that goes", At(|p| bare(p, "b", 2)), At(|p| bare_element(p, "b"))),
        general("italic that goes", At(|p| bare(p, "i", 1)), At(|p| bare_element(p, "i"))),
        general(
            "code that goes",
            At(|p| bare(p, "code", 1)),
            At(|p| bare_element(p, "code").filter(|_| !p.is_in(&["pre"]))),
        ),
        special("bold made italic", words("**jumps**", "*jumps*"), words("<b>jumps</b>", "<i>jumps</i>")),
        special(
            "a mark moved",
            words("*quick* brown", "quick *brown*"),
            words("<i>quick</i> brown", "quick <i>brown</i>"),
        ),
        special("a word of code", words("`lazy`", "`crazy`"), words(">lazy<", ">crazy<")).shows("crazy"),
    ]
}

/// A word that gets a mark, where there is none.
fn unmarked(piece: &Piece<'_>, new: fn(&str) -> String) -> Option<String> {
    if piece.is_in(&["b", "i", "td"]) { None } else { prose_word(piece, new) }
}

/// What is between the signs of a mark.
fn bare(piece: &Piece<'_>, name: &str, signs: usize) -> Option<String> {
    let source = piece.source.get(signs..piece.source.len().checked_sub(signs)?)?;
    let is_plain = source.chars().all(|c| c.is_alphanumeric() || " .,:;!?".contains(c));
    (piece.is(name) && is_plain && !piece.source.contains("``")).then(|| source.to_owned())
}

fn bare_element(piece: &Piece<'_>, name: &str) -> Option<String> {
    piece.is(name).then(|| inner(piece.source).to_owned())
}

fn links() -> Vec<Mutation> {
    let mut links = vec![
        general(
            "the scheme of a link",
            At(|p| link(p, |url| swap(url, "https:", "http:"))),
            At(|p| href(p, |url| swap(url, "https:", "http:"))),
        ),
        general("the host of a link", At(|p| link(p, other_host)), At(|p| href(p, other_host))).shows("other.example"),
        general("the path of a link", At(|p| link(p, other_path)), At(|p| href(p, other_path))),
        special("the query of a link", words("page=2", "page=3"), words("page=2", "page=3")).shows("page=3"),
        special("a query that goes", words("?lang=en&page=2", ""), words("?lang=en&amp;page=2", "")),
        special("the fragment of a link", words("#top)", "#bottom)"), words("#top\"", "#bottom\"")).shows("bottom"),
        special("a foreign article's slug", words("2024-review", "2024-outlook"), words("2024-review", "2024-outlook"))
            .shows("outlook"),
        special("a foreign article's path", words("2023/review", "2023/outlook"), words("2023/review", "2023/outlook"))
            .shows("outlook"),
        special("an address of mail", words("help@shop", "sales@shop"), words("help@shop", "sales@shop"))
            .shows("sales"),
        general(
            "a link that goes",
            At(plain_link),
            At(|p| bare_element(p, "a").filter(|_| attribute(p.source, "class") != Some("intercom-h2b-button"))),
        ),
        general("the text of a link", At(link_word), At(link_word)).shows("mutated"),
        special("another article", words("(target.md)", "(sibling.md)"), By(other_article)),
        special("another heading", words("#opening-hours", "#holidays"), By(other_heading)),
        special(
            "no heading",
            words("target.md#opening-hours", "target.md"),
            By(|body| words("#h_0a0a0a0a0a\"", "\"").of_html(body)),
        ),
        special(
            "another heading of its own",
            words("[the second part](#h_aaaaaaaaaa)", "[the second part](#details)"),
            By(own_heading),
        ),
    ];
    for (name, end) in [("/", "/start/?"), ("of a path in capitals", "/Start?")] {
        links.push(special(&format!("a link's end {name}"), words("/start?", end), words("/start?", end)));
    }
    links
}

fn swap(text: &str, old: &str, new: &str) -> Option<String> {
    text.starts_with(old).then(|| text.replacen(old, new, 1))
}

fn is_foreign(url: &str) -> bool {
    url.starts_with("https://") && !url.contains("help.localhost")
}

fn other_host(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://").filter(|_| is_foreign(url))?;
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    Some(format!("https://other.example{path}"))
}

/// Something more at the end of the path.
fn other_path(url: &str) -> Option<String> {
    let at = url.find(['?', '#', '&']).unwrap_or(url.len());
    let path = url[..at].trim_end_matches('/');
    (is_foreign(url) && path.matches('/').count() > 2).then(|| format!("{path}-x{}", &url[at..]))
}

fn link(piece: &Piece<'_>, new: fn(&str) -> Option<String>) -> Option<String> {
    if piece.is("a") && !is_button(piece) { with_destination(piece, new) } else { None }
}

fn href(piece: &Piece<'_>, new: fn(&str) -> Option<String>) -> Option<String> {
    if piece.is("a") && !is_button(piece) { with_attribute(piece.source, "href", new) } else { None }
}

fn is_button(piece: &Piece<'_>) -> bool {
    piece.source.contains("\"button\"") || piece.source.contains("intercom-h2b-button")
}

fn plain_link(piece: &Piece<'_>) -> Option<String> {
    let text = piece.source.strip_prefix('[')?.split_once("](")?.0;
    let is_plain = !text.contains(['[', '!', '<'])
        && destination(piece).is_some_and(|url| url.contains(':') || url.ends_with(".md"));
    (piece.is("a") && !is_button(piece) && is_plain).then(|| text.to_owned())
}

fn link_word(piece: &Piece<'_>) -> Option<String> {
    let is_text = piece.is("text") && piece.is_in(&["a"]) && piece.is_in(&["p"]);
    if is_text { long_word(piece.source, |_| "mutated".to_owned()) } else { None }
}

/// The id of the article that is linked to without a heading, one less.
fn other_article(body: &str) -> Option<String> {
    first(body, &html(body), |piece| {
        let new = |url: &str| {
            let (head, rest) = url.split_once("/articles/")?;
            let is_meant = url.contains("help.localhost") && !url.contains('#');
            let end = rest.find('-').filter(|_| is_meant).unwrap_or(rest.len());
            let id = rest[..end].parse::<u64>().ok().filter(|_| is_meant)?;
            Some(format!("{head}/articles/{}{}", id - 1, &rest[end..]))
        };
        if piece.is("a") { with_attribute(piece.source, "href", new) } else { None }
    })
}

/// No heading of the target has this id.
fn other_heading(body: &str) -> Option<String> {
    words("#h_0a0a0a0a0a\"", "#h_1b1b1b1b1b\"").of_html(body)
}

/// The id of the heading `Details`.
fn own_heading(body: &str) -> Option<String> {
    let pieces = html(body);
    let heading = pieces.iter().find(|piece| piece.name.starts_with('h') && inner(piece.source) == "Details")?;
    let id = attribute(heading.source, "id")?;
    words("href=\"#h_aaaaaaaaaa\"", &format!("href=\"#{id}\"")).of_html(body)
}

fn images() -> Vec<Mutation> {
    let mut images = vec![
        general("the alt of an image", At(|p| picture(p, other_alt)), At(|p| picture(p, other_alt_of_tag)))
            .shows("mutated"),
        general("an alt that goes", At(|p| picture(p, no_alt)), At(|p| picture(p, no_alt_of_tag))),
        special(
            "the width of an image",
            words("width=\"320\"", "width=\"400\""),
            words("width=\"320\"", "width=\"400\""),
        ),
        special("a width", Nowhere, words(" alt=\"the front door\"", " alt=\"the front door\" width=\"300\"")),
        special(
            "both sizes",
            Nowhere,
            words(" alt=\"the front door\"", " alt=\"the front door\" width=\"300\" height=\"200\""),
        ),
        special("the bytes of an image of the docs", Edit::Bytes, Nowhere),
        special("where an image's link goes", words("/keys)", "/locks)"), words("/keys\"", "/locks\"")).shows("locks"),
        special(
            "a link of an image that goes",
            words(
                "[![a key](https://cdn.example.com/2024/key.png)](https://shop.example/keys)",
                "![a key](https://cdn.example.com/2024/key.png)",
            ),
            By(unlinked_image),
        ),
        general(
            "an image that goes",
            Nowhere,
            At(|p| {
                (p.is("div") && p.source.starts_with("<div class=\"intercom-container") && p.source.contains("<img"))
                    .then(String::new)
            }),
        ),
        special(
            "images in another order",
            Nowhere,
            By(|body| swap_two(body, |p| p.is("div") && p.source.contains("<img"))),
        ),
        special("a new upload of the same name", Nowhere, By(|body| upload(body, "/door.png"))),
        special("a new upload for a picture of the docs", Nowhere, By(|body| upload(body, "/menu.png"))),
        special(
            "an image of the same name from elsewhere",
            Nowhere,
            By(|body| image_from(body, "/door.png", "https://else.example/door.png")),
        ),
    ];
    let door = "https://cdn.example.com/2024/door.png?v=1";
    for (name, other) in [
        ("folder", "https://cdn.example.com/2025/door.png?v=1"),
        ("host", "https://img.example.com/2024/door.png?v=1"),
        ("query", "https://cdn.example.com/2024/door.png?v=2"),
        ("name", "https://cdn.example.com/2024/gate.png?v=1"),
        ("scheme", "http://cdn.example.com/2024/door.png?v=1"),
        ("lack of a query", "https://cdn.example.com/2024/door.png"),
    ] {
        images.push(special(&format!("the {name} of an image"), words(door, other), Nowhere));
    }
    images
}

fn picture(piece: &Piece<'_>, new: fn(&str) -> Option<String>) -> Option<String> {
    if piece.is("img") { new(piece.source) } else { None }
}

fn other_alt(source: &str) -> Option<String> {
    let end = source.find("](").filter(|end| *end > 2)?;
    Some(format!("![mutated{}", &source[end..]))
}

fn other_alt_of_tag(source: &str) -> Option<String> {
    with_attribute(source, "alt", |alt| (!alt.is_empty()).then(|| "mutated".to_owned()))
}

fn no_alt(source: &str) -> Option<String> {
    let end = source.find("](").filter(|end| *end > 2)?;
    Some(format!("![{}", &source[end..]))
}

fn no_alt_of_tag(source: &str) -> Option<String> {
    with_attribute(source, "alt", |_| Some(String::new()))
}

fn unlinked_image(body: &str) -> Option<String> {
    first(body, &html(body), |piece| {
        (piece.is("a") && piece.source.contains("<img")).then(|| inner(piece.source).to_owned())
    })
}

/// Another picture at another address of Intercom's, with the name of the one that was there.
fn upload(body: &str, name: &str) -> Option<String> {
    let address = format!("https://downloads.intercomcdn.com/i/o/local/77/0123456789abcdef01234567{name}");
    image_from(body, name, &address)
}

fn image_from(body: &str, name: &str, address: &str) -> Option<String> {
    first(body, &html(body), |piece| {
        let is_meant = piece.is("img") && attribute(piece.source, "src").is_some_and(|src| src.contains(name));
        if is_meant { with_attribute(piece.source, "src", |_| Some(address.to_owned())) } else { None }
    })
}

/// The first two pieces of a kind change places.
fn swap_two(body: &str, is_meant: fn(&Piece<'_>) -> bool) -> Option<String> {
    let pieces = html(body);
    let mut meant = pieces.iter().filter(|piece| is_meant(piece));
    let one = meant.next()?;
    let other = meant.find(|other| other.source != one.source && !one.source.contains(other.source))?;
    Some(swapped(body, one, other))
}

fn callouts() -> Vec<Mutation> {
    vec![
        general(
            "the colour of a callout",
            At(other_callout),
            At(|p| {
                let gray = ("#e8e8e880; border-color: #73737633", "#d7efdc80; border-color: #1bb15733");
                let yellow = ("#feedaf80; border-color: #fbc91633", "#fed9db80; border-color: #fd3a5733");
                style(p, "div", gray).or_else(|| style(p, "div", yellow))
            }),
        ),
        special(
            "the whole colour of a callout",
            words("[!CAUTION]", "[!WARNING]"),
            By(|body| words("#fed9db80; border-color: #fd3a5733", "#feedaf80; border-color: #fbc91633").of_html(body)),
        ),
        special(
            "a callout that goes",
            words("> [!NOTE]\n> Gray words.", "Gray words."),
            By(|body| {
                first(body, &html(body), |p| {
                    (p.source.starts_with("<div class=\"intercom-interblocks-callout"))
                        .then(|| inner(p.source).to_owned())
                })
            }),
        ),
        special("the words of a callout", words("Green words", "Greener words"), words("Green words", "Greener words"))
            .shows("Greener"),
    ]
}

fn tables() -> Vec<Mutation> {
    vec![
        special("the words of a cell", words("| Free |", "| Gratis |"), words(">Free<", ">Gratis<")).shows("Gratis"),
        special(
            "the colour of a cell",
            words("<td style=\"background-color: #e3e7fa80", "<td style=\"background-color: #d7efdc80"),
            words("<td style=\"background-color: #e3e7fa80", "<td style=\"background-color: #d7efdc80"),
        ),
        special(
            "a colour of a cell that goes",
            words(" style=\"background-color: #feedaf80\"", ""),
            words(" style=\"background-color: #feedaf80;\"", ""),
        ),
        special(
            "a colour of a cell",
            words("<td><p>No colour", "<td style=\"background-color: #feedaf80\"><p>No colour"),
            By(|body| {
                first(body, &html(body), |p| {
                    (p.is("td") && p.source.contains("No colour"))
                        .then(|| p.source.replacen("<td>", "<td style=\"background-color: #feedaf80\">", 1))
                })
            }),
        ),
        special(
            "the colour of a cell beside one of its words",
            words("#e3e7fa80\"><p>Blue cell", "#d7efdc80\"><p>Green cell"),
            By(|body| {
                let body = words("Blue cell", "Green cell").of_html(body)?;
                words("#e3e7fa80", "#d7efdc80").of_html(&body)
            }),
        )
        .shows("Green"),
        special(
            "the alignment of a column",
            words("------:", ":------"),
            words("intercom-align-right", "intercom-align-center"),
        ),
        special(
            "a row more",
            words("| Free | 0 | one |\n", "| Free | 0 | one |\n| Free | 0 | one |\n"),
            By(|body| row(body, |source| format!("{source}{source}"))),
        ),
        special("a row that goes", words("| Free | 0 | one |\n", ""), By(|body| row(body, |_| String::new()))),
        special(
            "rows in another order",
            words(
                "| Free | 0 | one |\n| Team | **12** | up to `ten` |\n",
                "| Team | **12** | up to `ten` |\n| Free | 0 | one |\n",
            ),
            By(|body| swap_two(body, |p| p.is("tr") && !p.source.contains("Plan"))),
        ),
        special("a head that is not bold", Nowhere, words("<b>Plan</b>", "Plan")),
        general("a word of a cell", At(cell_word), At(cell_word)).shows("mutated"),
    ]
}

fn cell_word(piece: &Piece<'_>) -> Option<String> {
    let is_plain = piece.is("text") && piece.is_in(&["td"]) && !piece.is_in(&["a", "pre", "code"]);
    if is_plain { long_word(piece.source, |_| "mutated".to_owned()) } else { None }
}

fn other_callout(piece: &Piece<'_>) -> Option<String> {
    let kinds = [("[!NOTE]", "[!TIP]"), ("[!WARNING]", "[!CAUTION]")];
    let (old, new) = kinds.into_iter().find(|(old, _)| piece.is("callout") && piece.source.contains(old))?;
    Some(piece.source.replacen(old, new, 1))
}

fn style(piece: &Piece<'_>, name: &str, (old, new): (&str, &str)) -> Option<String> {
    if piece.is(name) { with_attribute(piece.source, "style", |style| Some(style.replacen(old, new, 1))) } else { None }
}

/// Another row for that of the free plan.
fn row(body: &str, new: fn(&str) -> String) -> Option<String> {
    first(body, &html(body), |piece| (piece.is("tr") && piece.source.contains("Free")).then(|| new(piece.source)))
}

fn headings() -> Vec<Mutation> {
    vec![
        general("the level of a heading", At(|p| lower(p, "h3", "### ", "#### ")), At(|p| lower(p, "h2", "h2", "h3"))),
        general("a word of a heading", At(heading_word), At(heading_word)).shows("mutated"),
        special(
            "a heading made a paragraph",
            words("#### Smaller still", "Smaller still"),
            By(|body| {
                first(body, &html(body), |p| {
                    (p.name.starts_with('h') && p.source.contains("Smaller"))
                        .then(|| "<p class=\"no-margin\">Smaller still</p>".to_owned())
                })
            }),
        ),
        special(
            "a paragraph made a heading",
            words("Small things.", "### Small things."),
            words("<p class=\"no-margin\">Small things.</p>", "<h2>Small things.</h2>"),
        ),
        special(
            "the id of a heading that somebody wrote",
            words("{#h_aaaaaaaaaa}", "{#h_bbbbbbbbbb}"),
            words("id=\"h_aaaaaaaaaa\"", "id=\"h_bbbbbbbbbb\""),
        ),
    ]
}

fn blocks() -> Vec<Mutation> {
    vec![
        special(
            "the alignment of a paragraph",
            words("intercom-align-center", "intercom-align-right"),
            words("intercom-align-center", "intercom-align-right"),
        ),
        special(
            "an alignment that goes",
            words("<p class=\"intercom-align-center\">In the middle</p>", "In the middle"),
            words("intercom-align-center ", ""),
        ),
        general(
            "an alignment",
            Nowhere,
            At(|p| {
                (p.is_top("p") && p.source.starts_with("<p class=\"no-margin\">") && !inner(p.source).is_empty())
                    .then(|| p.source.replacen("\"no-margin", "\"intercom-align-center no-margin", 1))
            }),
        ),
        general(
            "blocks in another order",
            By(swapped_paragraphs),
            By(|body| swap_two(body, |p| p.is_top("p") && !inner(p.source).is_empty())),
        ),
        general(
            "a paragraph more",
            At(|p| paragraph(p, |source| format!("{source}\n\nAnd more.\n"))),
            At(|p| live_paragraph(p, |source| format!("{source}<p class=\"no-margin\">And more.</p>"))),
        )
        .shows("And more"),
        special(
            "a paragraph that goes",
            words("After the sections.\n", ""),
            words("<p class=\"no-margin\">After the sections.</p>", ""),
        ),
        special(
            "a paragraph cut in two",
            words("dog, and", "dog,\n\nand"),
            words("dog, and", "dog,</p><p class=\"no-margin\">and"),
        ),
        general(
            "an empty paragraph",
            At(|p| paragraph(p, |source| format!("{source}\n\n<p></p>\n\n<p></p>\n\n"))),
            At(|p| live_paragraph(p, |source| format!("{source}<p class=\"no-margin\"></p>"))),
        ),
        general(
            "an empty paragraph that goes",
            By(|body| words("<p></p>\n\n", "").of_markdown(body)),
            By(|body| words("<p class=\"no-margin\"></p>", "").of_html(body)),
        ),
        general(
            "a line across",
            At(|p| paragraph(p, |source| format!("{source}\n\n---\n\n"))),
            At(|p| live_paragraph(p, |source| format!("{source}<hr>"))),
        ),
        general(
            "a line across that goes",
            At(|p| p.is_top("hr").then(String::new)),
            At(|p| p.is_top("hr").then(String::new)),
        ),
    ]
}

fn lower(piece: &Piece<'_>, name: &str, old: &str, new: &str) -> Option<String> {
    (piece.is(name) && piece.inside.is_empty()).then(|| piece.source.replace(old, new))
}

fn heading_word(piece: &Piece<'_>) -> Option<String> {
    let is_text =
        piece.is("text") && piece.inside.last().is_some_and(|name| ["h1", "h2", "h3", "h4"].contains(&name.as_str()));
    if is_text && !piece.is_in(&["summary"]) { long_word(piece.source, |_| "mutated".to_owned()) } else { None }
}

fn paragraph(piece: &Piece<'_>, new: fn(&str) -> String) -> Option<String> {
    let is_plain = piece.is_top("p") && piece.source.starts_with(|c: char| c.is_ascii_alphabetic());
    is_plain.then(|| new(piece.source.trim_end()))
}

fn live_paragraph(piece: &Piece<'_>, new: fn(&str) -> String) -> Option<String> {
    (piece.is_top("p") && !inner(piece.source).is_empty()).then(|| new(piece.source))
}

fn swapped_paragraphs(body: &str) -> Option<String> {
    let pieces = markdown(body);
    let is_plain =
        |piece: &&Piece<'_>| piece.is_top("p") && piece.source.starts_with(|c: char| c.is_ascii_alphabetic());
    let mut plain = pieces.iter().filter(is_plain);
    let one = plain.next()?;
    let other = plain.find(|other| other.source != one.source)?;
    Some(swapped(body, one, other))
}

fn lists() -> Vec<Mutation> {
    let mut lists = vec![
        general("a list of numbers", At(|p| list(p, "- ", "1. ")), At(|p| tag(p, "ul", "ol"))),
        general("a list of bullets", At(|p| list(p, "1. ", "- ")), At(|p| tag(p, "ol", "ul"))),
        special("items in another order", words("- a cup\n- some tea", "- some tea\n- a cup"), Nowhere),
        general(
            "items that change places",
            Nowhere,
            By(|body| swap_two(body, |p| p.is("li") && !p.source[1..].contains("<li"))),
        ),
        general(
            "an item more",
            At(|p| {
                (p.is("ul") && p.inside.is_empty() && p.source.starts_with("- "))
                    .then(|| format!("- one more\n{}", p.source))
            }),
            At(|p| {
                (p.is("ul") && p.inside.is_empty())
                    .then(|| p.source.replacen("<ul>", "<ul><li><p class=\"no-margin\">one more</p></li>", 1))
            }),
        )
        .shows("one more"),
        special(
            "an item further out",
            words("  - green\n  - black\n\n    with milk\n", "- green\n- black\n\n  with milk\n"),
            By(further_out),
        ),
        special(
            "a paragraph of an item",
            words("    with milk\n", ""),
            words("<p class=\"no-margin\">with milk</p>", ""),
        ),
        special(
            "an item made two",
            words("- a cup\n", "- a\n- cup\n"),
            words("a cup</p>", "a</p></li><li><p class=\"no-margin\">cup</p>"),
        ),
    ];
    for (name, old, new) in [("ticked", "[ ] taste", "[x] taste"), ("not ticked", "[x] buy", "[ ] buy")] {
        lists.push(special(&format!("a task that is {name}"), words(old, new), Nowhere));
    }
    lists
}

/// A list that holds no other one, with other signs.
fn list(piece: &Piece<'_>, old: &str, new: &str) -> Option<String> {
    let is_simple =
        piece.inside.is_empty() && piece.source.lines().all(|line| !line.starts_with(' ') && !line.contains("[ ]"));
    if !(piece.is("ul") || piece.is("ol")) || !is_simple || !piece.source.starts_with(old) {
        return None;
    }
    let line = |line: &str| match line.split_once(' ') {
        Some((sign, rest)) if sign == "-" || sign.ends_with('.') => format!("{new}{rest}\n"),
        _ => format!("{line}\n"),
    };
    Some(piece.source.lines().map(line).collect())
}

fn tag(piece: &Piece<'_>, old: &str, new: &str) -> Option<String> {
    let is_simple = piece.is(old) && !piece.source[1..].contains(&format!("<{old}>"));
    is_simple
        .then(|| piece.source.replacen(&format!("<{old}>"), &format!("<{new}>"), 1))
        .map(|source| format!("{}</{new}>", source.trim_end_matches(&format!("</{old}>"))))
}

fn further_out(body: &str) -> Option<String> {
    let start = body.find("</p><ul><li>")?;
    let end = start + body[start..].find("</li></ul></li>")?;
    let inner = &body[start + "</p><ul>".len()..end];
    Some(format!("{}</p></li>{inner}</li>{}", &body[..start], &body[end + "</li></ul></li>".len()..]))
}

fn code() -> Vec<Mutation> {
    let mut code = vec![
        special("leading blanks of code", words("\n    echo", "\n  echo"), words("\n    echo", "\n  echo")),
        special("a tab in code", words("\n\tprintf", "\n    printf"), words("\n\tprintf", "\n    printf")),
        special("a tab that goes", words("\n\tprintf", "\nprintf"), words("\n\tprintf", "\nprintf")),
        special("a blank line in code", words("\n\n    exit", "\n    exit"), words("\n\n    exit", "\n    exit")),
        special(
            "one more blank line in code",
            words("\n\n    exit", "\n\n\n    exit"),
            words("\n\n    exit", "\n\n\n    exit"),
        ),
        special("two blanks in code", words("exit 1", "exit  1"), words("exit 1", "exit  1")),
        special(
            "blanks before the first line of code",
            words("```sh\nif", "```sh\n  if"),
            words("<code>if", "<code>  if"),
        ),
        special(
            "a blank line before the first one of code",
            words("```sh\nif", "```sh\n\nif"),
            words("<code>if", "<code>\nif"),
        ),
        special("a letter of code", words("exit 1", "exot 1"), words("exit 1", "exot 1")).shows("exot"),
        special("a capital letter of code", words("exit 1", "Exit 1"), words("exit 1", "Exit 1")).shows("Exit"),
        special(
            "a sign of code in a line",
            words("`open(\"a b\", 1)`", "`open('a b', 1)`"),
            words("open(\"a b\", 1)", "open('a b', 1)"),
        ),
        special("indented code", words("      more", "     more"), words("  more = false", " more = false")),
        special(
            "code cut in two",
            words("fi\n```", "```\n\n```sh\nfi\n```"),
            words("\nfi</code></pre>", "</code></pre><pre><code>fi</code></pre>"),
        ),
        general("a line of code", At(|p| code_line(p, "\n```")), At(|p| code_line(p, "</code></pre>")))
            .shows("mutated"),
    ];
    for sign in CODE_SIGNS.chars() {
        let live = match sign {
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '&' => "&amp;".to_owned(),
            sign => sign.to_string(),
        };
        code.push(special(
            &format!("`{sign}` of code"),
            words(&format!("~{sign}~"), "~~"),
            words(&format!("~{live}~"), "~~"),
        ));
    }
    code
}

/// The signs that the sample of code has, each between two tildes.
pub const CODE_SIGNS: &str = "aZ0\"'<>&\\$%{}[]();:|-+/*_=#@!?^,.`é日";

fn code_line(piece: &Piece<'_>, end: &str) -> Option<String> {
    let source = piece.source.trim_end();
    let code = source.strip_suffix(end).filter(|_| piece.is("pre"))?;
    Some(format!("{code} mutated{}", &piece.source[code.len()..]))
}

fn media() -> Vec<Mutation> {
    vec![
        special("the address of a film", words("abcDEF12345", "abcDEF12346"), words("abcDEF12345", "abcDEF12346"))
            .shows("abcDEF12346"),
        special(
            "a capital letter of a film's address",
            words("abcDEF12345", "abcDEf12345"),
            words("abcDEF12345", "abcDEf12345"),
        )
        .shows("abcDEf12345"),
        special(
            "the host of a film",
            words("https://www.loom.com/share/0123456789abcdef0123456789abcdef", "https://vimeo.com/123456789"),
            By(|body| {
                first(body, &html(body), |p| {
                    if p.is("iframe") {
                        with_attribute(p.source, "src", |src| {
                            src.contains("loom").then(|| "https://player.vimeo.com/video/123456789".to_owned())
                        })
                    } else {
                        None
                    }
                })
            }),
        )
        .shows("123456789"),
        general(
            "a film's address",
            Nowhere,
            At(|p| if p.is("iframe") { with_attribute(p.source, "src", |src| Some(format!("{src}x"))) } else { None }),
        ),
        special("where a button goes", words("plan=team", "plan=solo"), words("plan=team", "plan=solo")).shows("solo"),
        special(
            "the text of a button",
            words("[Sign up now]", "[Join us now]"),
            words(">Sign up now<", ">Join us now<"),
        )
        .shows("Join us"),
        special(
            "a button made a link",
            words(" \"button\")", ")"),
            words("class=\"intercom-h2b-button\"", "class=\"intercom-content-link\""),
        ),
        special(
            "the head of a section",
            words("How much is it?", "How dear is it?"),
            words("How much is it?", "How dear is it?"),
        )
        .shows("dear"),
        special(
            "the text of a section",
            words("Twelve a month", "Twenty a month"),
            words("Twelve a month", "Twenty a month"),
        )
        .shows("Twenty"),
        special("sections in another order", Nowhere, By(|body| swap_two(body, |p| p.is("details")))),
        special(
            "a section that goes",
            Nowhere,
            By(|body| {
                first(body, &html(body), |p| {
                    p.is("details").then(|| {
                        format!(
                            "<p class=\"no-margin\">How much is it?</p>{}",
                            inner(p.source).split_once("</summary>").map_or("", |(_, rest)| inner(rest))
                        )
                    })
                })
            }),
        ),
    ]
}

/// What is only written in another way.
pub fn none() -> Vec<Mutation> {
    let only_docs = |name: &str, old: &str, new: &str| special(name, words(old, new), Nowhere);
    let only_live = |name: &str, old: &str, new: &str| special(name, Nowhere, words(old, new));
    vec![
        only_docs("the sign of italic", "*quick*", "_quick_"),
        only_docs("the sign of bold", "**jumps**", "__jumps__"),
        only_docs(
            "the sign of a bullet",
            "- a cup\n- some tea\n  - green\n  - black\n\n    with milk\n- water",
            "* a cup\n* some tea\n  + green\n  + black\n\n    with milk\n* water",
        ),
        only_docs("the style of a line break", "here\\\nand", "here  \nand"),
        only_docs("where lines are wrapped", "wrapped\nover two", "wrapped over\ntwo"),
        only_docs("a heading underlined", "## First part\n", "First part\n----------\n"),
        only_docs("an entity", "Fish & chips", "Fish &amp; chips"),
        only_docs("a sign as a number", "日本語", "&#26085;本語"),
        only_docs("blanks at the end of a line of code", "then\n", "then   \n"),
        only_docs("the language of code", "```sh", "```bash"),
        special("a fence of tildes", At(|p| p.is("pre").then(|| p.source.replace("```", "~~~"))), Nowhere),
        only_docs(
            "a link by reference",
            "[the handbook](https://shop.example/guide/start?lang=en&page=2#top) first.",
            "[the handbook][h] first.\n\n[h]: https://shop.example/guide/start?lang=en&page=2#top",
        ),
        only_docs("a comment", "Text of it.", "Text of it.\n\n<!-- a comment -->"),
        only_docs(
            "the order of attributes",
            "src=\"https://cdn.example.com/2024/window.png\" alt=\"a window\" width=\"320\"",
            "width='320' alt=\"a window\" src=\"https://cdn.example.com/2024/window.png\"",
        ),
        only_docs("the colour of a cell in capitals", "#e3e7fa80", "#E3E7FA80"),
        only_docs("the padding of a table", "| Free | 0 | one |", "|Free|0|one|"),
        only_docs("a percent sign", "caf%C3%A9", "café"),
        only_docs("a percent sign in small letters", "caf%C3%A9", "caf%c3%a9"),
        only_live("a tag", "<b>jumps</b>", "<strong>jumps</strong>"),
        only_live("another tag", "<i>quick</i>", "<em>quick</em>"),
        only_live("a class that shows nothing", "<p class=\"no-margin\">The ", "<p>The "),
        only_live("a target", " target=\"_blank\"", ""),
        only_live("a rel", " target=\"_blank\"", " target=\"_blank\" rel=\"nofollow noopener noreferrer\""),
        only_live("an entity", "&nbsp;", "&#160;"),
        only_live("a sign as a number", "日本語", "&#26085;本語"),
        only_live("the order of attributes", "alt=\"the front door\"", "title=\"\" alt=\"the front door\""),
        only_live("the spelling of a colour", "#e3e7fa80", "#E3E7FA80"),
        only_live(
            "a colour in other words",
            "background-color: #feedaf80",
            "background-color:rgba(254, 237, 175, 0.502)",
        ),
        special(
            "a heading id that nobody wrote",
            Nowhere,
            By(|body| {
                first(body, &html(body), |p| {
                    let new = |id: &str| (id != "h_aaaaaaaaaa").then(|| "h_0123456789".to_owned());
                    if p.name.starts_with('h') && p.source.contains("Smaller") {
                        with_attribute(p.source, "id", new)
                    } else {
                        None
                    }
                })
            }),
        ),
        special(
            "the slug of an own link",
            Nowhere,
            By(|body| {
                first(body, &html(body), |p| {
                    let new = |url: &str| {
                        (url.contains("help.localhost") && !url.contains('#')).then(|| format!("{url}-renamed"))
                    };
                    if p.is("a") { with_attribute(p.source, "href", new) } else { None }
                })
            }),
        ),
        special("a signature", Nowhere, By(|body| Some(body.replace("signature=", "signature=0")))),
        only_live("blanks at the end of a line of code", "then\n", "then   \n"),
    ]
}
