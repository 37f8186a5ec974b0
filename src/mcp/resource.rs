//! The resources: the files of the docs, the plan, and the pages of the guide that a writer needs.
//!
//! An address is read in one way only. What is below `docs` is percent-encoded part by part, so that any name of a
//! file can be in one. Nothing here reads a file of the project.

use url::form_urlencoded;

use crate::html::percent_decoded;

/// A page of the guide, as it is in this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Its name in an address.
    pub name: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// Its Markdown.
    pub text: &'static str,
}

/// The pages.
pub static PAGES: [Page; 7] = [
    Page {
        name: "articles",
        about: "how an article is written: front matter, Markdown, files and folders",
        text: include_str!("../../example-docs/writing/articles.md"),
    },
    Page {
        name: "text-and-structure",
        about: "headings, lists, tables, callouts, links, videos",
        text: include_str!("../../example-docs/writing/text-and-structure.md"),
    },
    Page {
        name: "images",
        about: "images in the docs and where Intercom gets them",
        text: include_str!("../../example-docs/writing/images.md"),
    },
    Page {
        name: "settings",
        about: "tags, readers, dates and old addresses",
        text: include_str!("../../example-docs/writing/settings.md"),
    },
    Page {
        name: "translations",
        about: "the same article in several languages",
        text: include_str!("../../example-docs/writing/translations.md"),
    },
    Page {
        name: "messages",
        about: "every finding, its cause and what to do",
        text: include_str!("../../example-docs/reference/messages.md"),
    },
    Page {
        name: "agents",
        about: "what an agent can do here, and what it never can",
        text: include_str!("../../example-docs/automation/agents.md"),
    },
];

/// The address of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Uri {
    /// A file of the docs, by its path in the docs folder.
    Doc(String),
    /// What apply and publish would change.
    Plan,
    /// A page of the guide.
    Guide(&'static Page),
}

impl Uri {
    /// Reads an address; `None` where it is none of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("helpbook://")?;
        if rest == "plan" {
            return Some(Self::Plan);
        }
        if let Some(name) = rest.strip_prefix("guide/") {
            return PAGES.iter().find(|page| page.name == name).map(Self::Guide);
        }
        let parts = rest.strip_prefix("docs/")?.split('/').map(decoded).collect::<Option<Vec<_>>>()?;
        // An encoded slash is a part of a name that no file has.
        parts.iter().all(|part| !part.contains('/')).then(|| Self::Doc(parts.join("/")))
    }

    /// It as it is written.
    pub fn text(&self) -> String {
        match self {
            Self::Plan => "helpbook://plan".to_owned(),
            Self::Guide(page) => format!("helpbook://guide/{}", page.name),
            Self::Doc(path) => {
                let encoded = |part: &str| form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>();
                let parts: Vec<String> = path.split('/').map(|part| encoded(part).replace('+', "%20")).collect();
                format!("helpbook://docs/{}", parts.join("/"))
            }
        }
    }
}

/// A part of an address without its percent signs; `None` where it is no UTF-8.
fn decoded(part: &str) -> Option<String> {
    Some(percent_decoded(part)).filter(|decoded| !decoded.contains(char::REPLACEMENT_CHARACTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        for path in ["billing/refunds.md", "a b/100% + ü.md", "x/%2e%2e.md"] {
            let uri = Uri::Doc(path.to_owned());
            assert_eq!(Uri::parse(&uri.text()), Some(uri.clone()), "{}", uri.text());
        }
        assert_eq!(Uri::parse("helpbook://plan"), Some(Uri::Plan));
        assert!(matches!(Uri::parse("helpbook://guide/articles"), Some(Uri::Guide(_))));
        assert_eq!(Uri::parse("helpbook://docs/a%2fb.md"), None);
        assert_eq!(Uri::parse("file:///etc/passwd"), None);
        assert_eq!(Uri::parse("helpbook://guide/../docs"), None);
    }
}
