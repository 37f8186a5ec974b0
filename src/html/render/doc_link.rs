//! A link to a file or folder of the docs, while its address is not known.
//!
//! The address of an article is not known before it is in Intercom. Until then a [`DocLink`] takes its
//! place: it names the file and the heading, and is no address that anybody could follow. It is filled
//! when the body is sent.

use std::fmt;

use crate::html::tree::address::{percent_decoded, percent_encoded};
use crate::intercom::model::Locale;
use crate::text::DocPath;

const ARTICLE: &str = "helpbook:article/";
const COLLECTION: &str = "helpbook:collection/";

/// A link to a file or folder of the docs, before its address is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum DocLink {
    /// An article.
    Article {
        /// Its file.
        path: DocPath,
        /// The heading, as links name it; without `#`.
        heading: Option<String>,
    },
    /// A collection.
    Collection {
        /// Its folder.
        folder: String,
        /// The locale of the text that links to it, where it is not the default one.
        locale: Option<Locale>,
    },
}

impl DocLink {
    /// The link that is written in the place of an address, if one is.
    pub fn parse(address: &str) -> Option<Self> {
        if let Some(folder) = address.strip_prefix(COLLECTION) {
            let (folder, locale) =
                folder.split_once('?').map_or((folder, None), |(folder, locale)| (folder, Some(locale.to_owned())));
            return Some(DocLink::Collection { folder: percent_decoded(folder), locale: locale.map(Locale) });
        }
        let rest = address.strip_prefix(ARTICLE)?;
        let (path, heading) =
            rest.split_once('#').map_or((rest, None), |(path, heading)| (path, Some(percent_decoded(heading))));
        Some(DocLink::Article { path: DocPath::new(percent_decoded(path)), heading })
    }

    /// Whether it names a heading.
    pub fn names_heading(&self) -> bool {
        matches!(self, DocLink::Article { heading: Some(_), .. })
    }

    /// As a person would write it in a file.
    pub fn seen_from(&self, file: &DocPath) -> String {
        let (path, heading) = match self {
            DocLink::Article { path, heading } => (path.clone(), heading.as_ref()),
            DocLink::Collection { folder, .. } => (DocPath::new(folder.clone()), None),
        };
        let fragment = heading.map_or(String::new(), |heading| format!("#{}", percent_encoded(heading)));
        format!("{}{fragment}", percent_encoded(&path.seen_from(file)))
    }

    /// As a person would write it, seen from the docs folder.
    pub fn shown(&self) -> String {
        match self {
            DocLink::Article { path, heading: Some(heading) } => format!("{path}#{heading}"),
            DocLink::Article { path, heading: None } => path.to_string(),
            DocLink::Collection { folder, .. } => folder.clone(),
        }
    }
}

impl fmt::Display for DocLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DocLink::Article { path, heading } => {
                write!(f, "{ARTICLE}{}", percent_encoded(path.as_str()))?;
                heading.as_ref().map_or(Ok(()), |heading| write!(f, "#{}", percent_encoded(heading)))
            }
            DocLink::Collection { folder, locale } => {
                write!(f, "{COLLECTION}{}", percent_encoded(folder))?;
                locale.as_ref().map_or(Ok(()), |locale| write!(f, "?{locale}"))
            }
        }
    }
}

/// HTML with an address in the place of every link to the docs.
///
/// # Errors
/// The first link that has no address.
pub fn fill(html: &str, address: &mut dyn FnMut(&DocLink) -> Option<String>) -> Result<String, DocLink> {
    const HREF: &str = " href=\"";
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    // A `<` that is no tag is escaped, so only links are found.
    while let Some(at) = rest.find("<a ") {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end);
        let tag = &rest[at..end];
        let href = tag.find(HREF).map(|start| at + start + HREF.len());
        let value = href.and_then(|start| Some((start, start + rest[start..end].find('"')?)));
        match value.and_then(|(start, close)| Some((start, close, DocLink::parse(&rest[start..close])?))) {
            Some((start, close, hole)) => {
                let filled = address(&hole).ok_or(hole)?;
                out.push_str(&rest[..start]);
                out.push_str(&filled.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;"));
                out.push_str(&rest[close..end]);
            }
            None => out.push_str(&rest[..end]),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_is_read_as_it_was_written_and_filled_in_links_alone() {
        for hole in [
            DocLink::Article { path: DocPath::new("a&\"b/ü c#?.md"), heading: Some("über-1".into()) },
            DocLink::Article { path: DocPath::new("a.md"), heading: None },
            DocLink::Collection { folder: "a b/c".into(), locale: None },
            DocLink::Collection { folder: "a?b".into(), locale: Some(Locale("fr".into())) },
        ] {
            assert_eq!(DocLink::parse(&hole.to_string()), Some(hole.clone()));
            let text = "href=\"helpbook:article/a.md\" &lt;a href=\"helpbook:article/a.md\"&gt;";
            let html = format!("<p>{text} <a class=\"x\" href=\"{hole}\" target=\"_blank\">x</a></p>");
            let filled = fill(&html, &mut |found| {
                assert_eq!(*found, hole);
                Some("https://x.example/?a&b".to_owned())
            });
            let expected =
                format!("<p>{text} <a class=\"x\" href=\"https://x.example/?a&amp;b\" target=\"_blank\">x</a></p>");
            assert_eq!(filled.unwrap(), expected);
            assert_eq!(fill(&html, &mut |_| None), Err(hole));
        }
        assert_eq!(DocLink::parse("https://x.example"), None);
    }
}
