//! What is wrong with what a person wrote: found while it is read, each with its place.
//!
//! What Intercom would refuse is an error; what it would change without warning is a warning that
//! names it, and the nearest thing that it keeps is sent (docs/intercom.md 3.1).

use std::collections::BTreeSet;

use super::context::Context;
use super::doc_link::DocLink;
use super::image;
use super::links::{Resolved, Suggest};
use crate::diagnostic::{Diagnostic, MOST_SUGGESTIONS};
use crate::html::tree::DocsImage;
use crate::html::tree::address::{self, percent_decoded};
use crate::html::tree::nodes::{Element, Place};
use crate::html::tree::read::{Observer, Oddity, Seen};
use crate::html::tree::style;
use crate::text::{DocPath, Span};

/// Checks what is read, and keeps what was found.
pub(super) struct Checks<'a> {
    context: Context<'a>,
    place: Place,
    /// The places around it, from the outside in.
    around: Vec<Place>,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
    /// Links within the article, to be looked up when all headings are known.
    pub fragments: Vec<(String, Span)>,
    /// Anchors within text, by their names. One that names a heading is no fault.
    pub anchors: Vec<(String, Span)>,
    /// The headings, with their levels as written.
    pub headings: Vec<(u8, Span)>,
    /// The files that the images name.
    pub images: BTreeSet<DocPath>,
    /// How many findings said what was probably meant.
    suggested: usize,
    /// Whether it is said already that it nests too deep.
    is_too_deep: bool,
    /// Whether links to headings that are not known yet are taken to be right.
    is_early: bool,
    /// These links.
    pub unread: Vec<DocLink>,
}

impl<'a> Checks<'a> {
    pub(super) fn new(context: Context<'a>) -> Self {
        Self {
            context,
            place: Place { span: Span::new(0, 0), is_raw: false },
            around: Vec::new(),
            diagnostics: Vec::new(),
            fragments: Vec::new(),
            anchors: Vec::new(),
            headings: Vec::new(),
            images: BTreeSet::new(),
            suggested: 0,
            is_too_deep: false,
            is_early: false,
            unread: Vec::new(),
        }
    }

    /// The same where the headings of other texts are not all known. Links to them are noted.
    pub(super) fn early(context: Context<'a>) -> Self {
        Self { is_early: true, ..Self::new(context) }
    }

    /// The same where nobody reads what is found: it never says what was probably meant.
    pub(super) fn without_help(context: Context<'a>) -> Self {
        Self { suggested: MOST_SUGGESTIONS, ..Self::new(context) }
    }

    /// Whether the next finding says what was probably meant.
    pub(super) fn suggest(&self) -> Suggest {
        if self.suggested < MOST_SUGGESTIONS { Suggest::Near } else { Suggest::Nothing }
    }

    /// One more finding could say it.
    pub(super) fn has_suggested(&mut self) {
        self.suggested += 1;
    }

    /// What is lost of a tag that was written as HTML.
    fn tag(&mut self, tag: Element<'_>) {
        let name = tag.name();
        if let Some((handler, _)) = tag.attrs().find(|(name, _)| name.starts_with("on")) {
            let message = format!("`{handler}` runs code and is never sent");
            self.error("unsafe-html", &message, "remove the attribute");
        }
        match name {
            "s" | "strike" | "del" => self.error("strikethrough", STRIKETHROUGH.0, STRIKETHROUGH.1),
            "dl" => self.error(
                "definition-list",
                "Intercom refuses definition lists",
                "write a list whose items begin with the term in bold",
            ),
            "video" | "audio" => self.error(
                "unsupported-html",
                &format!("Intercom has nothing for `<{name}>`"),
                "put the video on YouTube, Vimeo, Wistia, Loom, Vidyard or StreamIO, and its address alone in a paragraph",
            ),
            "th" | "dt" | "dd" => {}
            name if is_kept(name) => {}
            _ => {
                let message = format!("Intercom drops `<{name}>`: only the text in it is sent");
                self.warning("lost-tag", &message, "use what it keeps: **bold**, *italic*, `code`");
            }
        }
        self.style(tag);
    }

    fn style(&mut self, tag: Element<'_>) {
        let known: &[&str] = match tag.name() {
            "td" | "th" => &style::CELL,
            "table" => &style::TABLE,
            "div" => &["background-color", "border-color"],
            _ => &[],
        };
        let declared = tag.attr("style").unwrap_or_default();
        let kept = style::kept(declared, known);
        let lost = style::declarations(declared)
            .map(|(name, _)| name)
            .find(|name| !kept.contains_key(name) && name != "text-align" && !(tag.name() == "img" && name == "height"))
            .or_else(|| {
                ["bgcolor", "color", "face"].into_iter().find(|name| tag.attr(name).is_some()).map(str::to_owned)
            });
        if let Some(lost) = lost {
            let message = format!("Intercom drops the style `{lost}` of `<{}>`", tag.name());
            self.warning(
                "lost-style",
                &message,
                "remove it; cells keep `background-color`, `width`, borders and `padding`",
            );
        }
    }

    /// A link to a file or folder of the docs.
    fn relative(&mut self, address: &str) -> Option<String> {
        let Context { links, path, .. } = self.context;
        let unread = if self.is_early { links.unread(path, address) } else { None };
        self.unread.extend(unread.clone());
        let resolved = unread.map_or_else(|| links.resolve(path, address, self.suggest()), Resolved::File);
        if matches!(resolved, Resolved::NoHeading { .. } | Resolved::Refused { .. }) {
            self.has_suggested();
        }
        let hole = match resolved {
            Resolved::Here(fragment) => {
                self.fragments.push((fragment.clone(), self.place.span));
                return Some(fragment);
            }
            Resolved::File(hole) => hole,
            Resolved::NoHeading { hole, message, help } => {
                self.warning("unknown-heading", &message, &help);
                self.about(match &hole {
                    DocLink::Article { path, .. } => Some(path.clone()),
                    DocLink::Collection { .. } => None,
                });
                hole
            }
            Resolved::Refused { id, message, help } => {
                self.error(id, &message, &help);
                let path = address.split_once('#').map_or(address, |(path, _)| path);
                self.about(self.context.path.resolve(&percent_decoded(path)));
                return Some(address.to_owned());
            }
        };
        if let Some(target) = self.context.links.draft(self.context.path, &hole) {
            let message = format!("`{target}` is a draft, which customers cannot read, and this article is published");
            self.warning("link-to-draft", &message, "publish it too, or remove the link");
            self.about(Some(target.clone()));
        }
        Some(hole.to_string())
    }

    /// Names what a template would have replaced in an address. Whether that is nothing but a template's; a whole
    /// address is sent as it is, as one that is live may hold braces.
    fn is_template(&mut self, address: &str) -> bool {
        let written = percent_decoded(address);
        if !["{{", "{%", "${", "<%"].iter().any(|tag| written.contains(tag)) {
            return false;
        }
        let message = "the address holds a tag of a template: customers would be sent there as it is";
        let help = "write the address itself";
        let is_whole = address::has_scheme(address);
        if is_whole {
            self.warning("template-tag", message, help);
        } else {
            self.error("template-tag", message, help);
        }
        !is_whole
    }

    fn list(&mut self, tag: Element<'_>) {
        let is_raw = tag.place().is_some_and(|place| place.is_raw);
        if is_raw && (tag.attr("start").is_some_and(|start| start.trim() != "1") || tag.attr("reversed").is_some()) {
            self.warning("list-start", LIST_START.0, LIST_START.1);
        }
    }

    /// The last finding is about another file, too.
    fn about(&mut self, other: Option<DocPath>) {
        if let Some(found) = self.diagnostics.last_mut() {
            found.others.extend(other);
        }
    }

    fn error(&mut self, id: &'static str, message: &str, help: &str) {
        let finding = Diagnostic::error(id, self.context.path, self.place.span, message).help(help);
        self.diagnostics.push(finding);
    }

    fn warning(&mut self, id: &'static str, message: &str, help: &str) {
        let finding = Diagnostic::warning(id, self.context.path, self.place.span, message).help(help);
        self.diagnostics.push(finding);
    }
}

impl Observer for Checks<'_> {
    const IS_WRITTEN: bool = true;

    fn enter(&mut self, tag: Element<'_>) {
        self.around.push(self.place);
        if let Some(place) = tag.place() {
            self.place = place;
            if place.is_raw {
                self.tag(tag);
            }
        }
    }

    fn leave(&mut self) {
        if let Some(around) = self.around.pop() {
            self.place = around;
        }
    }

    /// Only a paragraph that somebody wrote as such stays without any text.
    fn framed(&mut self, tag: Element<'_>) -> bool {
        let level = match tag.name().as_bytes() {
            [b'h', level] => Some(level - b'0'),
            _ => None,
        };
        if let Some(level) = level {
            self.headings.push((level, self.place.span));
        }
        level.is_some() || tag.place().is_some_and(|place| place.is_raw)
    }

    fn callout(&mut self) -> bool {
        self.place.is_raw
    }

    fn link(&mut self, tag: Element<'_>, href: Option<String>) -> Option<String> {
        if tag.attr("title").is_some_and(|title| !title.trim().is_empty()) {
            self.warning("lost-title", "Intercom drops the title of a link", "put it into the text");
        }
        if href.is_none()
            && let Some(name) = tag.attr("id").or_else(|| tag.attr("name"))
        {
            self.anchors.push((name.to_owned(), self.place.span));
            return None;
        }
        let address = href.unwrap_or_default();
        if address.is_empty() {
            self.warning("empty-link", "the link points nowhere, and is sent as plain text", "write its address");
            return None;
        }
        if self.is_template(&address) {
            return None;
        }
        if !address::is_safe(&address) {
            self.error(
                "link-scheme",
                "this kind of address is never sent",
                "link to https://, http://, mailto: or tel:",
            );
            return None;
        }
        if address.starts_with('#') {
            self.fragments.push((address.clone(), self.place.span));
        } else if !address::has_scheme(&address) {
            return self.relative(&address);
        }
        Some(address)
    }

    fn image(&mut self, image: Seen<'_>) -> (String, Option<DocsImage>) {
        let Seen { src, alt, is_in_heading } = image;
        if is_in_heading {
            let span = self.headings.last().map_or(self.place.span, |(_, span)| *span);
            let message = "a heading cannot hold an image in Intercom";
            self.diagnostics.push(
                Diagnostic::error("heading-image", self.context.path, span, message)
                    .help("put the image below the heading"),
            );
        }
        if alt.is_empty() {
            self.warning(
                "missing-alt",
                "the image has no alternative text",
                "write what it shows: `![what it shows](…)`",
            );
        }
        if self.is_template(src) {
            return (String::new(), None);
        }
        let named = self.context.path.resolve(&percent_decoded(src));
        self.images.extend(named.clone());
        match image::address(src, self.context, self.suggest()) {
            Ok(found) => found,
            Err(finding) => {
                if finding.id == "missing-image" {
                    self.has_suggested();
                }
                self.error(finding.id, &finding.message, &finding.help);
                self.about(named);
                (if address::is_safe(src) { src.to_owned() } else { String::new() }, None)
            }
        }
    }

    fn found(&mut self, oddity: Oddity<'_>) {
        match oddity {
            Oddity::BlankLink => {
                self.warning("empty-link", "the link has no text, and is not sent", "write the words that lead there");
            }
            Oddity::List(tag) => self.list(tag),
            Oddity::LooseInList => self.error(
                "list-content",
                "Intercom refuses a list that holds anything but items",
                "put it into an item: `<li>…</li>`",
            ),
            Oddity::EmptyList => self.error(
                "empty-list",
                "Intercom refuses a list without any text",
                "write a text in its items, or remove it",
            ),
            Oddity::SilentList => self.warning(
                "empty-list",
                "it is not known whether Intercom takes a list of spaces and lines across alone",
                "write a text in its items, or put the line below the list",
            ),
            Oddity::TableInList => {
                self.error("table-in-list", "Intercom refuses a table in a list", "put the table below the list");
            }
            Oddity::NestedTable => self.error(
                "nested-table",
                "Intercom refuses a table in a table",
                "write two tables, or a list in the cell",
            ),
            Oddity::EmptyTable => {
                self.error("empty-table", "Intercom refuses a table without cells", "write a row, or remove it");
            }
            Oddity::MergedCells => self.warning(
                "merged-cells",
                "it is not known whether Intercom keeps merged cells",
                "repeat the text in each cell, or look at the article after it was pushed",
            ),
            Oddity::NestedCallout => self.warning(
                "nested-quote",
                "it is not known whether Intercom keeps a callout within a callout",
                "put one below the other",
            ),
            Oddity::EmptySummary => self.warning(
                "missing-summary",
                "the collapsible section has no line to click on",
                "begin it with `<summary>…</summary>`",
            ),
            Oddity::UnknownVideo(src) => self.error(
                "iframe-host",
                &format!("Intercom refuses to embed `{src}`"),
                "it embeds YouTube, Vimeo, Wistia, Loom, Vidyard and StreamIO; for anything else write a link",
            ),
            Oddity::UnknownBlock(tag) => self.warning(
                "unknown-block",
                &format!("helpbook does not know the block `{}`", tag.attr("class").unwrap_or_default()),
                "it is sent as it is; see in Intercom whether it stays",
            ),
            Oddity::TooDeep => {
                if !std::mem::replace(&mut self.is_too_deep, true) {
                    self.error("too-deep", TOO_DEEP.0, TOO_DEEP.1);
                }
            }
        }
    }
}

/// Findings that Markdown and HTML share: what is wrong, and what to do.
pub(super) const STRIKETHROUGH: (&str, &str) =
    ("Intercom drops strikethrough", "remove the text, or say in words that it no longer holds");
pub(super) const LIST_START: (&str, &str) = (
    "Intercom numbers every list from 1",
    "start it at 1, or indent what is between the two lists so that they are one",
);
pub(super) const HEADING_ATTRIBUTE: (&str, &str) = (
    "Intercom keeps no classes and no attributes of a heading",
    "leave them out; an anchor, as in `{#old-name}`, may stay: links lead to it",
);
pub(super) const TOO_DEEP: (&str, &str) = ("lists, quotes or tags nest too deep here", "write it flatter");

fn is_kept(name: &str) -> bool {
    matches!(
        name,
        "b" | "strong"
            | "i"
            | "em"
            | "code"
            | "tt"
            | "kbd"
            | "samp"
            | "a"
            | "img"
            | "br"
            | "hr"
            | "p"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "pre"
            | "ul"
            | "ol"
            | "li"
            | "table"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "td"
            | "caption"
            | "colgroup"
            | "col"
            | "div"
            | "span"
            | "center"
            | "details"
            | "summary"
            | "iframe"
            | "blockquote"
            | "picture"
            | "source"
            | "wbr"
    )
}
