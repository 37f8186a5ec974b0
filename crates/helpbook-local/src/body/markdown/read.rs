//! Markdown to the HTML that is then saved.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::super::write::{write_attribute, write_text};
use super::directive::{Directive, END, VIDEOS};
use crate::refusal::Refusal;

/// How deep directives may be nested, as deep as HTML may be.
const MAX_DEPTH: usize = 50;

/// Makes HTML of Markdown.
///
/// # Errors
/// A 400 for a directive that is not known, that lacks what it needs, or that is nested too deep.
pub(crate) fn html(markdown: &str) -> Result<String, Refusal> {
    if markdown.is_empty() {
        return Ok(String::new());
    }
    let text = markdown.strip_suffix('\n').unwrap_or(markdown);
    let lines: Vec<&str> = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    let mut out = String::new();
    blocks(&lines, 0, &mut out)?;
    Ok(out)
}

/// Lines of text between directives, and these. Three blank lines between two blocks are an empty paragraph.
fn blocks(lines: &[&str], depth: usize, out: &mut String) -> Result<(), Refusal> {
    if depth > MAX_DEPTH {
        return Err(Refusal::invalid_markdown("directives are nested too deep"));
    }
    let mut text: Vec<&str> = Vec::new();
    let mut fence = None;
    let mut at = 0;
    let mut is_first = true;
    while at < lines.len() {
        let line = lines[at];
        fence = fence_after(line, fence);
        let blank = lines[at..].iter().take_while(|line| line.trim().is_empty()).count();
        if fence.is_none() && blank > 0 {
            let is_last = at + blank == lines.len();
            let paragraphs = match (is_first, is_last) {
                (true, true) => blank.div_ceil(2),
                (true, false) | (false, true) => blank / 2,
                (false, false) => (blank - 1) / 2,
            };
            if paragraphs > 0 {
                commonmark(&std::mem::take(&mut text), out);
            } else {
                text.push("");
            }
            out.push_str(&"<p></p>".repeat(paragraphs));
            at += blank;
        } else if fence.is_none()
            && line.starts_with(END)
            && let Some(directive) = Directive::of(line)
        {
            commonmark(&std::mem::take(&mut text), out);
            let end = at + 1 + length(&lines[at + 1..]);
            write_directive(&directive, &lines[at + 1..end], depth, out)?;
            at = end + 1;
        } else {
            text.push(line);
            at += 1;
        }
        is_first = false;
    }
    commonmark(&text, out);
    Ok(())
}

/// How many lines a directive has before its end.
fn length(lines: &[&str]) -> usize {
    let mut open = 1;
    let mut fence = None;
    for (at, line) in lines.iter().enumerate() {
        fence = fence_after(line, fence);
        if fence.is_some() || !line.starts_with(END) {
            continue;
        }
        match Directive::of(line) {
            Some(_) => open += 1,
            None if line.trim() == END => open -= 1,
            None => {}
        }
        if open == 0 {
            return at;
        }
    }
    lines.len()
}

/// The fence of code that is open after a line.
fn fence_after(line: &str, fence: Option<(u8, usize)>) -> Option<(u8, usize)> {
    let begin = line.trim_start();
    let mark = begin.bytes().next().filter(|b| b"`~".contains(b));
    let run = |mark: u8| begin.bytes().take_while(|b| *b == mark).count();
    match (fence, mark) {
        (None, Some(mark)) if run(mark) >= 3 && !begin[run(mark)..].contains(char::from(mark)) => {
            Some((mark, run(mark)))
        }
        (Some((open, length)), Some(mark))
            if mark == open && run(mark) >= length && begin[run(mark)..].trim().is_empty() =>
        {
            None
        }
        (fence, _) => fence,
    }
}

fn write_directive(directive: &Directive<'_>, inner: &[&str], depth: usize, out: &mut String) -> Result<(), Refusal> {
    let needed = |key: &str| {
        let lacks = || Refusal::invalid_markdown(&format!("`{}` needs `{key}`", directive.name));
        directive.get(key).ok_or_else(lacks)
    };
    if directive.is_void() && inner.iter().any(|line| !line.trim().is_empty()) {
        return Err(Refusal::invalid_markdown(&format!("`{}` holds no text", directive.name)));
    }
    match directive.name {
        "callout" => {
            let colours = [("backgroundColor", "background-color"), ("borderColor", "border-color")];
            let style: Vec<String> =
                colours.iter().filter_map(|(key, name)| Some(format!("{name}: {};", directive.get(key)?))).collect();
            out.push_str("<div class=\"intercom-interblocks-callout\"");
            write_attribute(out, "style", Some(style.join(" ")).as_deref().filter(|style| !style.is_empty()));
            out.push('>');
            blocks(inner, depth + 1, out)?;
            out.push_str("</div>");
        }
        "collapsible" => {
            out.push_str("<details><summary><h2>");
            write_text(out, directive.get("title").unwrap_or_default());
            out.push_str("</h2></summary><div class=\"collapsible-section-content\">");
            blocks(inner, depth + 1, out)?;
            out.push_str("</div></details>");
        }
        "button" => {
            let class = directive.get("align").map(|align| format!(" intercom-align-{align}")).unwrap_or_default();
            out.push_str("<div");
            write_attribute(out, "class", Some(&format!("intercom-container{class}")));
            out.push_str("><a class=\"intercom-h2b-button\"");
            write_attribute(out, "href", directive.get("href"));
            out.push('>');
            write_text(out, needed("label")?);
            out.push_str("</a></div>");
        }
        "video" => {
            let (id, provider) = (needed("id")?, needed("provider")?);
            let begin = VIDEOS.iter().find(|(name, _)| *name == provider).map(|(_, begin)| *begin);
            let begin = begin.ok_or_else(|| Refusal::invalid_markdown("this video's provider is not supported"))?;
            out.push_str("<iframe");
            write_attribute(out, "src", Some(&format!("{begin}{id}")));
            out.push_str("></iframe>");
        }
        "intercom-block" => {
            let html = STANDARD.decode(needed("data")?).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            out.push_str(&html.ok_or_else(|| Refusal::invalid_markdown("`data` is none of Intercom's"))?);
        }
        name => return Err(Refusal::invalid_markdown(&format!("there is no directive `{name}` here"))),
    }
    Ok(())
}

/// Text without directives. There is no white space between blocks, which would become blank lines.
fn commonmark(lines: &[&str], out: &mut String) {
    let text = lines.join("\n");
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    // The alternative text of the image that is open.
    let mut image: Option<(String, String)> = None;
    for event in Parser::new_ext(&text, options) {
        if let Some((_, alt)) = &mut image {
            match event {
                Event::Text(text) | Event::Code(text) => alt.push_str(&text),
                Event::SoftBreak | Event::HardBreak => alt.push(' '),
                Event::End(TagEnd::Image) => {
                    let (src, alt) = image.take().unwrap_or_default();
                    out.push_str("<img");
                    write_attribute(out, "src", Some(&src));
                    write_attribute(out, "alt", Some(&alt).filter(|alt| !alt.is_empty()).map(String::as_str));
                    out.push('>');
                }
                _ => {}
            }
            continue;
        }
        match event {
            Event::Start(Tag::Image { dest_url, .. }) => image = Some((dest_url.into_string(), String::new())),
            Event::Start(tag) => start(tag, out),
            Event::End(tag) => end(tag, out),
            Event::Text(text) => write_text(out, &text),
            Event::Code(text) => {
                out.push_str("<code>");
                write_text(out, &text);
                out.push_str("</code>");
            }
            Event::InlineHtml(html) => out.push_str(&html),
            Event::Html(line) => {
                // A line of a block of HTML: its end is none of the text.
                let is_in_text = !out.is_empty() && !out.ends_with('>') && !line.starts_with('<');
                out.push_str(if is_in_text { " " } else { "" });
                out.push_str(line.trim_end_matches('\n'));
            }
            Event::SoftBreak => out.push(' '),
            Event::HardBreak => out.push_str("<br>"),
            Event::Rule => out.push_str("<hr>"),
            _ => {}
        }
    }
}

fn start(tag: Tag<'_>, out: &mut String) {
    match tag {
        Tag::Paragraph => out.push_str("<p>"),
        Tag::Heading { level, id, .. } => {
            out.push_str(&format!("<{level}"));
            write_attribute(out, "id", id.as_deref());
            out.push('>');
        }
        Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => out.push_str("<pre><code>"),
        Tag::List(None) => out.push_str("<ul>"),
        Tag::List(Some(_)) => out.push_str("<ol>"),
        Tag::Item => out.push_str("<li>"),
        Tag::Emphasis => out.push_str("<i>"),
        Tag::Strong => out.push_str("<b>"),
        Tag::Link { dest_url, .. } => {
            out.push_str("<a");
            write_attribute(out, "href", Some(&dest_url));
            out.push('>');
        }
        Tag::Table(_) => out.push_str("<table>"),
        Tag::TableHead | Tag::TableRow => out.push_str("<tr>"),
        Tag::TableCell => out.push_str("<td>"),
        // A quote becomes its paragraphs.
        _ => {}
    }
}

fn end(tag: TagEnd, out: &mut String) {
    match tag {
        TagEnd::Paragraph => out.push_str("</p>"),
        TagEnd::Heading(level) => out.push_str(&format!("</{level}>")),
        TagEnd::CodeBlock => {
            if out.ends_with('\n') {
                out.pop();
            }
            out.push_str("</code></pre>");
        }
        TagEnd::List(false) => out.push_str("</ul>"),
        TagEnd::List(true) => out.push_str("</ol>"),
        TagEnd::Item => out.push_str("</li>"),
        TagEnd::Emphasis => out.push_str("</i>"),
        TagEnd::Strong => out.push_str("</b>"),
        TagEnd::Link => out.push_str("</a>"),
        TagEnd::Table => out.push_str("</table>"),
        TagEnd::TableHead | TagEnd::TableRow => out.push_str("</tr>"),
        TagEnd::TableCell => out.push_str("</td>"),
        _ => {}
    }
}
