//! The files of the docs as they were read, and their texts as pages show them.

use std::sync::Arc;

use helpbook_site::{Body, Kind};

use super::place::{Place, View, address};
use super::tree::content;
use crate::book::{Book, Content};
use crate::config::{AddressTemplate, Config};
use crate::html::{Context, DocLink, Images, LinkTargets, Rendered, fill, render};
use crate::intercom::model::Locale;
use crate::text::DocPath;

/// Where images of the docs are while a text is rendered; nobody asks there.
const IMAGES: &str = "https://docs.invalid/";

/// Docs, read once. Another one of it is cheap.
#[derive(Debug, Default, Clone)]
pub struct Files {
    /// The configuration.
    pub config: Arc<Config>,
    /// The files.
    pub book: Arc<Book>,
    /// What links lead to.
    links: Arc<LinkTargets>,
}

impl Files {
    /// Files with what their links lead to.
    pub fn new(config: Config, book: Book) -> Self {
        let links = LinkTargets::of(&book, config.state);
        Self { config: Arc::new(config), book: Arc::new(book), links: Arc::new(links) }
    }

    /// What an article says in a locale.
    pub(super) fn content(&self, path: &DocPath, locale: &Locale) -> Option<&Content> {
        content(self.book.articles.get(path)?, locale, &self.config.default_locale)
    }

    pub(super) fn rendered(&self, text: &Content) -> Rendered {
        let host = AddressTemplate::below(IMAGES);
        let context = Context {
            path: &text.path,
            offset: text.body.start,
            images: Images { files: &self.book.images, host: Some(&host) },
            links: &self.links,
            spacing: self.config.spacing,
            headings: &[],
        };
        render(text.markdown(), context)
    }

    /// A rendered text as a page shows it.
    pub(super) fn body(&self, rendered: &Rendered, locale: &Locale, base: &str) -> Body {
        let mut lead = |hole: &DocLink| {
            let place = match hole {
                DocLink::Article { path, heading } => {
                    let Some((locale, of)) = self.text_at(path) else {
                        return Some(format!("{base}{}", address(locale, &Place::LeftOut)));
                    };
                    let anchor = heading.as_deref().and_then(|heading| self.links.anchor_in(path, heading));
                    let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
                    format!("{}{anchor}", address(locale, &Place::Article(View::Docs, of.clone())))
                }
                DocLink::Collection { folder, .. } => address(locale, &Place::Collection(folder.clone())),
            };
            Some(format!("{base}{place}"))
        };
        let html = rendered.html();
        let html = fill(&html, &mut lead).unwrap_or(html);
        Body::shown(&html, |kind, address| {
            let image = address.strip_prefix(IMAGES).filter(|_| kind == Kind::Image)?;
            Some(format!("{base}files/{image}"))
        })
    }

    /// The locale of a file, and the article that it belongs to.
    fn text_at<'s>(&'s self, path: &'s DocPath) -> Option<(&'s Locale, &'s DocPath)> {
        if self.book.articles.contains_key(path) {
            return Some((&self.config.default_locale, path));
        }
        self.book.articles.values().find_map(|article| {
            let (locale, _) = article.translations.iter().find(|(_, content)| content.path == *path)?;
            Some((locale, &article.path))
        })
    }
}
