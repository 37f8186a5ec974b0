//! What a drawing (SVG) holds that could run.
//!
//! In an article nothing of a drawing runs; whoever opens its address by itself runs all of it, on the
//! host that serves it. So one with anything active is not sent. It is read as XML, as a browser reads it:
//! names without their prefixes, values with their entities resolved.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

/// What a drawing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drawing {
    /// Nothing in it can run.
    Harmless,
    /// Something in it can run: a script, a handler, an address that is code, a part of another language.
    Active,
    /// It is no well-formed XML, and no browser shows it.
    Broken,
}

/// Elements that run code, or hold another language that does.
const ACTIVE: [&str; 13] = [
    "script",
    "handler",
    "listener",
    "foreignobject",
    "iframe",
    "frame",
    "object",
    "embed",
    "applet",
    "meta",
    "base",
    "form",
    "portal",
];

/// Elements that set an attribute as time goes by.
const ANIMATIONS: [&str; 5] = ["animate", "set", "animatetransform", "animatemotion", "animatecolor"];

/// Encodings in which a byte below 128 is its ASCII character, so that nothing is hidden from who reads UTF-8.
const ENCODINGS: [&str; 6] = ["utf-8", "utf8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252"];

/// How long the value of a declared entity may be, in bytes, and how often an attribute may name one. Together they
/// bound what a short text can become.
const LONGEST_ENTITY: usize = 200;
const MOST_ENTITIES: usize = 1_000;

/// The entities that a document declares. A value has no entity in it.
type Entities = HashMap<String, String>;

/// Reads a drawing; `None` where the text is none.
pub(super) fn drawing(text: &str) -> Option<Drawing> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('<') {
        return None;
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_unmatched_ends = false;
    let (mut entities, mut root, mut depth, mut found) = (Entities::new(), false, 0_usize, Drawing::Harmless);
    loop {
        let is_active = match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event @ (Event::Start(_) | Event::Empty(_))) => {
                depth += usize::from(matches!(event, Event::Start(_)));
                let (Event::Start(start) | Event::Empty(start)) = event else { continue };
                if !root && small(start.local_name().as_ref()) != "svg" {
                    return None;
                }
                root = true;
                match is_active(&start, &entities) {
                    Some(active) => active,
                    None => return Some(Drawing::Broken),
                }
            }
            Ok(Event::End(_)) => {
                depth -= 1;
                false
            }
            // A style sheet, which may be of a language that transforms.
            Ok(Event::PI(_)) => true,
            Ok(Event::Decl(decl)) => match decl.encoding() {
                Some(Ok(encoding)) => !ENCODINGS.contains(&small(&encoding).as_str()),
                Some(Err(_)) => return Some(Drawing::Broken),
                None => false,
            },
            Ok(Event::DocType(doctype)) => match declared(&doctype) {
                Some(declared) => {
                    entities = declared;
                    false
                }
                None => true,
            },
            Ok(Event::GeneralRef(reference)) => {
                let name: &str = &reference;
                let is_known =
                    reference.is_char_ref() || resolve_predefined_entity(name).is_some() || entities.contains_key(name);
                if !is_known {
                    return root.then_some(Drawing::Broken);
                }
                false
            }
            Ok(Event::Text(_) | Event::CData(_) | Event::Comment(_)) => false,
            Err(_) => return root.then_some(Drawing::Broken),
        };
        if is_active {
            found = Drawing::Active;
        }
    }
    if !root {
        return None;
    }
    Some(if depth > 0 { Drawing::Broken } else { found })
}

/// A name in small letters.
fn small(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// Whether an element can run; `None` where it is not well-formed.
fn is_active(start: &BytesStart<'_>, entities: &Entities) -> Option<bool> {
    let element = small(start.local_name().as_ref());
    let mut is_active = ACTIVE.contains(&element.as_str());
    let is_animation = ANIMATIONS.contains(&element.as_str());
    // The check for names that are there twice takes the square of their number.
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.ok()?;
        let key = small(attribute.key.local_name().as_ref());
        if !entities.is_empty() && attribute.value.matches('&').nth(MOST_ENTITIES).is_some() {
            return Some(true);
        }
        let value = attribute.normalized_value_with(XmlVersion::Implicit1_0, 1, |name| {
            entities.get(name).map(String::as_str).or_else(|| resolve_predefined_entity(name))
        });
        let value = value.ok()?;
        let value: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        let value = value.to_ascii_lowercase();
        // The shortest are `oncut` and `onend`.
        let is_handler = |name: &str| name.len() > 4 && name.starts_with("on");
        let target = value.rsplit(':').next().unwrap_or_default();
        let sets = is_animation && key == "attributename" && (is_handler(target) || target == "href");
        is_active |= is_handler(&key) || is_code(&value) || sets || key == "srcdoc";
    }
    Some(is_active)
}

/// Whether a value, without white space and in small letters, is code or a document that may hold some. A list
/// of values, as animations have, may hold one further on.
fn is_code(value: &str) -> bool {
    let is_document = |rest: &str| {
        !["image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp", "font/", "application/font"]
            .iter()
            .any(|kind| rest.starts_with(kind))
    };
    value.contains("javascript:") || value.contains("vbscript:") || value.strip_prefix("data:").is_some_and(is_document)
}

/// The entities that a doctype declares; `None` where one leads elsewhere, or holds what is not plain text.
fn declared(doctype: &str) -> Option<Entities> {
    let mut entities = Entities::new();
    let mut rest = doctype;
    while let Some((_, after)) = rest.split_once("<!ENTITY") {
        let after = after.trim_start();
        let (name, after) = after.split_once(char::is_whitespace)?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = after[1..].split_once(quote)?;
        if name == "%" || value.len() > LONGEST_ENTITY || value.contains(['&', '<', '%']) {
            return None;
        }
        entities.insert(name.to_owned(), value.to_owned());
        rest = after;
    }
    Some(entities)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(inside: &str, expected: Drawing) {
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:x=\"urn:x\">{inside}</svg>");
        assert_eq!(drawing(&text), Some(expected), "{inside}");
    }

    #[test]
    fn whatever_can_run_is_found_by_what_a_browser_makes_of_it() {
        for inside in [
            "<script>x()</script>",
            "<SCRIPT href='x'/>",
            "<x:script>x()</x:script>",
            "<g onload=\"x()\"/>",
            "<g\nonload = 'x()'/>",
            "<g x:onload='x()'/>",
            "<g id=\">\" onclick=\"x()\"/>",
            "<a href=\"java\nscript:x\"><g/></a>",
            "<a href=\"&#106;avascript:x\"><g/></a>",
            "<a href=\"j&#x61;va&#9;script&#58;x\"><g/></a>",
            "<foreignObject><p>x</p></foreignObject>",
            "<?xml-stylesheet href=\"x.xsl\"?>",
            "<set attributeName=\"onclick\" to=\"x()\"/>",
            "<animate attributeName=\"xlink:href\" values=\"a;b\"/>",
            "<use href=\"data:image/svg+xml;base64,AAAA\"/>",
            "<x:iframe src=\"https://a.example\"/>",
        ] {
            check(inside, Drawing::Active);
        }
    }

    #[test]
    fn a_drawing_of_any_editor_is_harmless() {
        for inside in [
            "<g id=\"on=1\" class='description'/><text>onload = once &amp; &#169;</text><style>/* script */</style>",
            "<a href=\"https://a.example/?x=javascript\"><path d=\"M0 0\"/></a>",
            "<animate attributeName=\"opacity\" values=\"0;1\" dur=\"1s\"/>",
            "<image href=\"data:image/png;base64,iVBORw0KGgo=\"/>",
            "<metadata><x:RDF/></metadata><![CDATA[<script>]]><!-- <script> -->",
            "<font-face/><x:namedview one=\"1\"/>",
        ] {
            check(inside, Drawing::Harmless);
        }
        let exported = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- x --><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x.dtd\" [<!ENTITY ns_svg \"http://www.w3.org/2000/svg\">]>\n<svg xmlns=\"&ns_svg;\"/>\n";
        assert_eq!(drawing(exported), Some(Drawing::Harmless));
    }

    #[test]
    fn entities_and_encodings_hide_nothing() {
        let with = |doctype: &str, inside: &str| drawing(&format!("{doctype}<svg>{inside}</svg>"));
        let split = "<!DOCTYPE svg [<!ENTITY a \"java\"><!ENTITY b 'script:x'>]>";
        assert_eq!(with(split, "<a href=\"&a;&b;\"/>"), Some(Drawing::Active));
        let nested = "<!DOCTYPE svg [<!ENTITY a \"&#60;script/>\">]>";
        assert_ne!(with(nested, "&a;"), Some(Drawing::Harmless));
        assert_eq!(with(nested, ""), Some(Drawing::Active));
        assert_eq!(with("<!DOCTYPE svg [<!ENTITY a SYSTEM \"b.svg\">]>", ""), Some(Drawing::Active));
        assert_eq!(with("<?xml version=\"1.0\" encoding=\"utf-7\"?>", ""), Some(Drawing::Active));
    }

    #[test]
    fn what_entities_become_is_bounded() {
        let with = |value: &str, named: usize| {
            drawing(&format!("<!DOCTYPE svg [<!ENTITY a \"{value}\">]><svg a=\"{}\"/>", "&a;".repeat(named)))
        };
        assert_eq!(with(&"x".repeat(LONGEST_ENTITY), MOST_ENTITIES), Some(Drawing::Harmless));
        assert_ne!(with(&"x".repeat(LONGEST_ENTITY + 1), 1), Some(Drawing::Harmless));
        assert_eq!(with("x", MOST_ENTITIES + 1), Some(Drawing::Active));
    }

    #[test]
    fn what_is_no_drawing_or_a_broken_one_is_told_apart() {
        for text in ["", "GIF", "<html><svg/></html>", "<p>", "<!-- only -->"] {
            assert_eq!(drawing(text), None, "{text}");
        }
        for text in ["<svg>", "<svg><g></svg>", "<svg a=1/>", "<svg>&none;</svg>", "<svg a=\"&none;\"/>"] {
            assert_eq!(drawing(text), Some(Drawing::Broken), "{text}");
        }
    }
}
