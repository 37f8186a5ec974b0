//! The pages of a Help Center, as customers see them: values in, HTML out.
//!
//! Two Help Centers are shown with it: the docs before anything is sent (`helpbook preview`), and the local Help
//! Center (`helpbook serve`). Both give what is in a page and where its links lead; here is what it looks like.
//! Every text is escaped by the templates, and the HTML of an article is cleaned by [`Body::shown`] whoever wrote
//! it, so that a page never runs what a text says. Nothing here reads a file or knows the network.

mod body;
mod page;
mod search;
mod words;

pub use body::{Body, Heading, Kind};
pub use page::{
    Article, Badge, Card, Changes, Collection, Difference, Finding, Frame, Home, Language, Link, Message, Results,
    Section, Tab,
};
pub use search::{Text, matching, texts};
pub use words::Words;

/// The files that every page names below `assets/`: their name, media type and text.
pub const ASSETS: [(&str, &str, &str); 3] = [
    ("site.css", "text/css; charset=utf-8", include_str!("../assets/site.css")),
    ("site.js", "text/javascript; charset=utf-8", include_str!("../assets/site.js")),
    ("icon.svg", "image/svg+xml", include_str!("../assets/icon.svg")),
];

/// What a browser may load for a page: its own files and the images of its articles. Styles are in the texts
/// themselves, as Intercom keeps colours of cells and callouts there.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                          img-src 'self' https: http: data:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
                          frame-ancestors 'none'";
