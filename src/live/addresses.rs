//! Where people find an article: live, and in Intercom's editor.

use url::Url;

use super::{InLocale, LiveArticle};
use crate::config::{EditorAddress, is_web};
use crate::intercom::model::{ArticleId, Locale, State};

/// The addresses of a workspace's articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// Where the editor is.
    pub editor: EditorAddress,
    /// The workspace.
    pub workspace: String,
    /// The origin that takes the place of the Help Center's own: on this machine it is no host that anybody knows.
    pub origin: Option<String>,
}

impl Addresses {
    /// The address of an article in Intercom's editor.
    pub fn editor(&self, id: ArticleId) -> String {
        self.editor.fill(&self.workspace, id.0)
    }

    /// The address at which customers read an article in a locale; `None` where they cannot.
    pub fn live(&self, article: &LiveArticle, locale: &Locale, default: &Locale) -> Option<String> {
        match article.in_locale(locale, default) {
            InLocale::There(found) if found.article.state == State::Published => {
                self.shown(found.article.url.as_deref()?)
            }
            _ => None,
        }
    }

    /// An address that Intercom gave, as a person may follow it: `None` for what no browser should open.
    pub fn shown(&self, url: &str) -> Option<String> {
        let url = Url::parse(url).ok()?;
        let path = url.path();
        is_web(&url).then(|| self.origin.as_ref().map_or_else(|| url.to_string(), |origin| format!("{origin}{path}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Region;

    #[track_caller]
    fn check(origin: Option<&str>, url: &str, shown: Option<&str>) {
        let origin = origin.map(str::to_owned);
        let addresses = Addresses { editor: EditorAddress::of(Region::Us), workspace: "w".to_owned(), origin };
        assert_eq!(addresses.shown(url).as_deref(), shown);
    }

    #[test]
    fn an_address_is_one_that_a_browser_may_open() {
        check(None, "https://help.example.com/en/articles/1-a", Some("https://help.example.com/en/articles/1-a"));
        check(None, "https://help.example.com/en/a b\"<x>`", Some("https://help.example.com/en/a%20b%22%3Cx%3E%60"));
        check(None, "javascript:alert(1)", None);
        check(None, "https://user:word@help.example.com/", None);
        check(None, "no address", None);
        check(Some("http://127.0.0.1:9"), "http://help.localhost/local/en", Some("http://127.0.0.1:9/local/en"));
    }
}
