//! What is in each page, and its template.

use askama::Template;

use crate::body::Body;
use crate::words::Words;

/// What is round every page. Every address is written as it is to be seen from the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// The name of the Help Center.
    pub site: String,
    /// The locale of the page.
    pub locale: String,
    /// The title of the page.
    pub title: String,
    /// The folder that holds `assets/`, with a slash at its end unless it is empty.
    pub base: String,
    /// The home page in this locale.
    pub home: String,
    /// The same page in each locale.
    pub languages: Vec<Language>,
    /// The file of the texts that are searched.
    pub index: String,
    /// The page of what was found, for a browser without scripts.
    pub results: String,
    /// What is looked for.
    pub query: String,
    /// Where events come from, for a page that reloads.
    pub events: Option<String>,
    /// What is wrong with the file of the page.
    pub findings: Vec<Finding>,
    /// The line at the bottom.
    pub footer: String,
}

impl Frame {
    /// The page's own words.
    pub fn words(&self) -> Words {
        Words::of(&self.locale)
    }

    /// The direction in which the locale is written.
    pub fn direction(&self) -> &'static str {
        match self.locale.split('-').next() {
            Some("ar" | "fa" | "he" | "ur") => "rtl",
            _ => "ltr",
        }
    }
}

/// A page in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    /// Its locale.
    pub locale: String,
    /// Where it is.
    pub href: String,
}

/// What is wrong with a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Finding {
    /// Whether it stops the commands.
    pub is_error: bool,
    /// Its kind.
    pub id: String,
    /// What is wrong.
    pub message: String,
    /// Where: the file, the line and the column.
    pub place: String,
    /// The line of the file with a mark below, or nothing.
    pub source: String,
    /// What to do, or nothing.
    pub help: String,
}

impl Finding {
    /// The class of its look.
    pub fn kind(&self) -> &'static str {
        if self.is_error { "error" } else { "warning" }
    }
}

/// A word that says of an article or a collection how it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// Its look: `error`, `warning`, `fresh`, or empty.
    pub kind: &'static str,
    /// The word.
    pub text: String,
}

/// A link to an article or a collection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// Its title.
    pub name: String,
    /// The line under it, or nothing.
    pub description: String,
    /// Where it is.
    pub href: String,
    /// How it is.
    pub badges: Vec<Badge>,
}

/// A collection on the home page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// The collection.
    pub link: Link,
    /// How many articles it holds, and those below it.
    pub count: usize,
}

/// One of several sides of an article, of which a page shows one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub href: String,
    /// Whether it is the one that is shown.
    pub is_current: bool,
}

/// What differs between two sides of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// It as HTML, in which nothing of a text is markup: it is shown as it is.
    pub html: String,
    /// Where its style is.
    pub style: String,
}

/// The home page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "home.html")]
pub struct Home {
    /// What is round it.
    pub frame: Frame,
    /// What differs from what it is compared with, if anybody compared.
    pub changes: Option<Link>,
    /// The collections at the top.
    pub collections: Vec<Card>,
    /// Articles in no collection.
    pub articles: Vec<Link>,
}

/// A collection within another one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// The collection.
    pub link: Link,
    /// Its own articles.
    pub articles: Vec<Link>,
}

/// The page of a collection. Its name is the title of the frame.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "collection.html")]
pub struct Collection {
    /// What is round it.
    pub frame: Frame,
    /// The collections above it, from the top.
    pub crumbs: Vec<Link>,
    /// What it is about, or nothing.
    pub description: String,
    /// How many articles it holds, and those below it.
    pub count: usize,
    /// Its own articles.
    pub articles: Vec<Link>,
    /// The collections within it.
    pub sections: Vec<Section>,
}

/// The page of an article. Its title is that of the frame.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "article.html")]
pub struct Article {
    /// What is round it.
    pub frame: Frame,
    /// The collections above it, from the top.
    pub crumbs: Vec<Link>,
    /// The line under the title, or nothing.
    pub description: String,
    /// How it is.
    pub badges: Vec<Badge>,
    /// Its sides, of which this page shows one; none where there is one alone.
    pub views: Vec<Tab>,
    /// The same article at other places, where people edit or read it.
    pub places: Vec<Link>,
    /// Its text.
    pub body: Body,
    /// What differs, in the place of the text.
    pub difference: Option<Difference>,
    /// Articles beside it.
    pub neighbours: Vec<Link>,
}

/// The page of all that differs from what the site is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "changes.html")]
pub struct Changes {
    /// What is round it.
    pub frame: Frame,
    /// With what it is compared.
    pub about: String,
    /// What differs, kind by kind.
    pub sections: Vec<Section>,
}

/// The page of what was found.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "results.html")]
pub struct Results {
    /// What is round it.
    pub frame: Frame,
    /// What was found.
    pub articles: Vec<Link>,
}

/// A page that says one thing.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "message.html")]
pub struct Message {
    /// What is round it.
    pub frame: Frame,
    /// What it says.
    pub text: String,
}

/// Pages whose templates write to a text, which never fails.
macro_rules! written {
    ($($page:ty),+) => {$(
        impl $page {
            /// The page as HTML.
            pub fn html(&self) -> String {
                self.render().unwrap_or_default()
            }
        }
    )+};
}
written!(Home, Collection, Article, Changes, Results, Message);

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "</title><script>x()</script>\"' onload=x() {{ 7 * 7 }}";

    fn frame() -> Frame {
        Frame {
            site: HOSTILE.to_owned(),
            locale: "en".to_owned(),
            title: HOSTILE.to_owned(),
            languages: vec![Language { locale: "en".to_owned(), href: HOSTILE.to_owned() }; 2],
            query: HOSTILE.to_owned(),
            events: Some(HOSTILE.to_owned()),
            findings: vec![Finding {
                is_error: true,
                id: HOSTILE.to_owned(),
                message: HOSTILE.to_owned(),
                place: HOSTILE.to_owned(),
                source: HOSTILE.to_owned(),
                help: HOSTILE.to_owned(),
            }],
            ..Frame::default()
        }
    }

    #[test]
    fn no_text_is_markup_of_a_page() {
        let link = Link {
            name: HOSTILE.to_owned(),
            description: HOSTILE.to_owned(),
            href: HOSTILE.to_owned(),
            badges: vec![Badge { kind: "", text: HOSTILE.to_owned() }],
        };
        let card = Card { link: link.clone(), count: 1 };
        let links = vec![link.clone()];
        let pages = [
            Home { frame: frame(), changes: Some(link.clone()), collections: vec![card], articles: links.clone() }
                .html(),
            Changes {
                frame: frame(),
                about: HOSTILE.to_owned(),
                sections: vec![Section { link: link.clone(), articles: links.clone() }],
            }
            .html(),
            Collection {
                frame: frame(),
                crumbs: links.clone(),
                description: HOSTILE.to_owned(),
                count: 1,
                articles: links.clone(),
                sections: vec![Section { link: link.clone(), articles: links.clone() }],
            }
            .html(),
            Article {
                frame: frame(),
                crumbs: links.clone(),
                description: HOSTILE.to_owned(),
                badges: link.badges.clone(),
                views: vec![Tab { name: HOSTILE.to_owned(), href: HOSTILE.to_owned(), is_current: true }],
                places: links.clone(),
                difference: None,
                body: Body::shown(&format!("<h1 id=\"a\">{HOSTILE}</h1><h1 id='\"'>b</h1>"), |_, _| None),
                neighbours: links.clone(),
            }
            .html(),
            Results { frame: frame(), articles: links }.html(),
            Message { frame: frame(), text: HOSTILE.to_owned() }.html(),
        ];
        for page in pages {
            assert_eq!(page.matches("<script").count(), 1, "{page}");
            assert!(page.contains("&lt;script") || page.contains("&#60;script"), "{page}");
            assert!(!page.contains("\" onload"), "{page}");
        }
    }

    #[test]
    fn a_page_has_the_direction_and_the_words_of_its_locale() {
        let page = |locale: &str| {
            let frame = Frame { locale: locale.to_owned(), ..Frame::default() };
            Home { frame, changes: None, collections: Vec::new(), articles: Vec::new() }.html()
        };
        assert!(page("ar").contains("<html lang=\"ar\" dir=\"rtl\">"));
        assert!(page("pt-BR").contains("<html lang=\"pt-BR\" dir=\"ltr\">"));
        assert!(page("fr").contains("Comment pouvons-nous"));
    }
}
