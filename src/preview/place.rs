//! The addresses of the pages.

use crate::config::escaped;
use crate::intercom::model::Locale;
use crate::text::DocPath;

/// Which side of an article a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum View {
    /// As the docs say.
    Docs,
    /// As it is on the other side: what customers read, or the older docs.
    Before,
    /// As it is staged in Intercom.
    Staged,
    /// What differs between the docs and the other side.
    Difference,
}

impl View {
    pub const ALL: [Self; 4] = [Self::Docs, Self::Before, Self::Staged, Self::Difference];

    /// The folder of its pages.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Docs => "articles",
            Self::Before => "before",
            Self::Staged => "staged",
            Self::Difference => "changes",
        }
    }
}

/// Where a page is: an address below the top, without a slash before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Home,
    Collection(String),
    Article(View, DocPath),
    Changes,
    LeftOut,
    Search,
}

/// The address of a page, below the top, with its parts escaped.
pub(super) fn address(locale: &Locale, place: &Place) -> String {
    let parts = |path: &str| path.split('/').map(escaped).collect::<Vec<_>>().join("/");
    match place {
        Place::Home => format!("{locale}/index.html"),
        Place::Search => format!("{locale}/search.html"),
        Place::Collection(key) => format!("{locale}/collections/{}.html", parts(key)),
        Place::Changes => format!("{locale}/changes.html"),
        Place::LeftOut => format!("{locale}/left-out.html"),
        Place::Article(view, path) => {
            let path = path.as_str();
            format!("{locale}/{}/{}.html", view.folder(), parts(path.strip_suffix(".md").unwrap_or(path)))
        }
    }
}
