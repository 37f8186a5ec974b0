//! The key `editor_url`: where an article is in Intercom's own editor.
//!
//! No document says that address, so it is a template that a project can correct. It is shown and opened in a
//! browser; nothing is ever sent there, and no token goes with it.

use url::Url;

use super::images::is_loopback;
use super::{Region, escaped};
use crate::yaml::{Entry, Wrong, filled};

const EXAMPLE: &str =
    "write for example `editor_url: \"https://app.intercom.com/a/apps/{workspace}/articles/articles/{id}/show\"`";

/// The address of an article in an editor, with holes for the workspace and the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditorAddress(String);

impl EditorAddress {
    /// Intercom's own, as it is believed to be (docs/beliefs.md).
    pub fn of(region: Region) -> Self {
        let host = match region {
            Region::Us => "app.intercom.com",
            Region::Eu => "app.eu.intercom.com",
            Region::Au => "app.au.intercom.com",
        };
        Self::at(&format!("https://{host}"))
    }

    /// The same path on another origin: that of the local Help Center.
    pub fn at(origin: &str) -> Self {
        Self(format!("{}/a/apps/{{workspace}}/articles/articles/{{id}}/show", origin.trim_end_matches('/')))
    }

    /// The address of an article.
    pub fn fill(&self, workspace: &str, id: u64) -> String {
        self.0.replace("{workspace}", &escaped(workspace)).replace("{id}", &id.to_string())
    }

    fn parse(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        let filled = text.replace("{workspace}", "w").replace("{id}", "1");
        let wrong = || Wrong::value(format!("`{text}` is not the address of an editor"), EXAMPLE);
        let url = Url::parse(&filled).ok().filter(Url::has_host).ok_or_else(wrong)?;
        let is_open = url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url);
        let is_plain = url.username().is_empty()
            && url.password().is_none()
            && !filled.contains(|c: char| "{}\\".contains(c) || c.is_control() || c.is_whitespace());
        // The host is the same for all articles, whatever they are.
        let host = text.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(rest));
        if !is_open || !is_plain || host.contains('{') {
            return Err(wrong());
        }
        if !text.contains("{id}") {
            return Err(Wrong::value("the address of an editor has to hold `{id}`", EXAMPLE));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Reads `editor_url`.
///
/// # Errors
/// Fails where it is no https address, or where it does not say which article.
pub(super) fn address(entry: &Entry) -> Result<EditorAddress, Wrong> {
    EditorAddress::parse(&filled(entry)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_filled_with_the_workspace_and_the_article() {
        let address = EditorAddress::of(Region::Eu).fill("a/b", 7);
        assert_eq!(address, "https://app.eu.intercom.com/a/apps/a%2Fb/articles/articles/7/show");
        let own = EditorAddress::parse("https://app.intercom.com/x?article={id}").map(|own| own.fill("w", 7));
        assert_eq!(own.ok().as_deref(), Some("https://app.intercom.com/x?article=7"));
    }

    #[test]
    fn what_is_no_address_of_one_article_is_refused() {
        for text in [
            "https://app.intercom.com/a",
            "http://app.intercom.com/{id}",
            "javascript:alert({id})",
            "https://{id}.example.com/",
            "https://user@app.intercom.com/{id}",
            "https://app.intercom.com/{article}/{id}",
            "https://app.intercom.com/ {id}",
            "{id}",
        ] {
            assert!(EditorAddress::parse(text).is_err(), "{text}");
        }
    }
}
