//! The addresses of one Help Center: what fills a hole, and when two links point to the same place.
//!
//! A link to an article of our own counts by the article's id and by the heading it lands on: what
//! words are behind the id, and which id the heading has at the moment, is no difference. The
//! same path on another host is another link.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::canonical;
use crate::html::render::doc_link::DocLink;
use crate::html::render::heading::{Targets, is_anchor};
use crate::html::tree::write;
use crate::html::tree::{Body, for_each_link, for_each_link_mut, for_each_named_link, parse};
use crate::intercom::model::{ArticleId, CollectionId, Locale};
use crate::text::{Digest, DocPath};

/// What is known of the Help Center's addresses. The default knows none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HelpCenterUrls {
    /// The address that is sent, without a `/` at its end.
    site: Option<String>,
    /// Every address it has, without scheme.
    sites: BTreeSet<String>,
    locale: String,
    ids: HashMap<DocPath, ArticleId>,
    paths: HashMap<ArticleId, DocPath>,
    /// The files of translations: of which article, and in which locale.
    translations: HashMap<DocPath, (DocPath, String)>,
    /// The same from the other side.
    files: HashMap<(DocPath, String), DocPath>,
    collections: BTreeMap<String, (CollectionId, Option<String>)>,
    /// The headings that the docs want, by file.
    wanted: HashMap<DocPath, Targets>,
    /// The headings that Intercom has, by article and locale: of what is live, then of its draft.
    stored: HashMap<(ArticleId, String), Vec<Targets>>,
}

impl HelpCenterUrls {
    /// The addresses of a Help Center: the one that is sent first. Without any, no hole is ever
    /// filled.
    pub fn new<'a>(addresses: impl IntoIterator<Item = &'a str>, locale: &Locale) -> Self {
        let mut own = Self { locale: locale.to_string(), ..Self::default() };
        for address in addresses.into_iter().filter(|address| is_site(address)) {
            let address = address.trim_end_matches('/');
            own.site.get_or_insert_with(|| address.to_owned());
            own.sites.insert(without_scheme(address));
        }
        own
    }

    /// Whether its address is known.
    pub fn has_address(&self) -> bool {
        self.site.is_some()
    }

    /// A file holds the text of an article in another locale than the default one.
    pub fn add_translation(&mut self, path: &DocPath, article: &DocPath, locale: &Locale) {
        self.translations.insert(path.clone(), (article.clone(), locale.to_string()));
        self.files.insert((article.clone(), locale.to_string()), path.clone());
    }

    /// The file of the article in the default locale: itself, or the one that it translates.
    pub fn article_of<'p>(&'p self, path: &'p DocPath) -> &'p DocPath {
        self.translations.get(path).map_or(path, |(article, _)| article)
    }

    /// The locale of a file.
    pub fn locale_of(&self, path: &DocPath) -> Locale {
        Locale(self.locale_name(path).to_owned())
    }

    fn locale_name(&self, path: &DocPath) -> &str {
        self.translations.get(path).map_or(&self.locale, |(_, locale)| locale)
    }

    /// The file that holds an article's text in a locale.
    fn file(&self, id: ArticleId, locale: &str) -> Option<&DocPath> {
        let article = self.paths.get(&id)?;
        if locale == self.locale {
            return Some(article);
        }
        self.files.get(&(article.clone(), locale.to_owned()))
    }

    /// A file in the default locale is an article in Intercom.
    pub fn add_article(&mut self, path: &DocPath, id: ArticleId) {
        self.ids.insert(path.clone(), id);
        self.paths.insert(id, path.clone());
    }

    /// A folder is a collection in Intercom; with its address, if that is known.
    pub fn add_collection(&mut self, folder: &str, id: CollectionId, address: Option<&str>) {
        let address = address.filter(|address| is_site(address)).map(str::to_owned);
        self.collections.insert(folder.to_owned(), (id, address));
    }

    /// Articles by their files, and collections by their folders with their addresses.
    pub fn add_all<'a>(
        &mut self,
        articles: &BTreeMap<DocPath, ArticleId>,
        collections: impl Iterator<Item = (&'a str, CollectionId, Option<&'a str>)>,
    ) {
        articles.iter().for_each(|(path, id)| self.add_article(path, *id));
        collections.for_each(|(folder, id, address)| self.add_collection(folder, id, address));
    }

    /// The headings of a file, with the ids that are to be sent.
    pub fn add_landings(&mut self, path: &DocPath, landings: Targets) {
        self.wanted.insert(path.clone(), landings);
    }

    /// The headings of an article in the locale of a file, as Intercom stores them.
    pub fn add_stored_landings(&mut self, path: &DocPath, id: ArticleId, landings: Targets) {
        let locale = self.locale_of(path).0;
        self.stored.entry((id, locale)).or_default().push(landings);
    }

    /// How links name a heading that Intercom has.
    fn stored_name(&self, id: ArticleId, locale: &str, anchor: &str) -> Option<&str> {
        // What was added last says how it is named now.
        self.stored.get(&(id, locale.to_owned()))?.iter().rev().find_map(|headings| headings.named(anchor))
    }

    /// Whether a link to a heading of a file lands on one that Intercom has.
    pub fn has_heading(&self, path: &DocPath, heading: &str) -> bool {
        let stored = self.id(path).and_then(|id| self.stored.get(&(id, self.locale_of(path).0)));
        stored.is_some_and(|all| all.iter().any(|headings| headings.anchor(heading).is_some()))
    }

    /// What Intercom made of a body that was sent: links go to the headings as they are there.
    pub fn add_sent(&mut self, path: &DocPath, id: ArticleId, landings: Targets) {
        self.add_landings(path, landings.clone());
        self.add_stored_landings(path, id, landings);
    }

    /// The article of a file in any locale, once it is in Intercom.
    pub fn id(&self, path: &DocPath) -> Option<ArticleId> {
        self.ids.get(self.article_of(path)).copied()
    }

    /// The address that fills a hole, if it is known.
    pub fn address(&self, hole: &DocLink) -> Option<String> {
        let (site, locale) = (self.site.as_ref()?, &self.locale);
        match hole {
            DocLink::Article { path, heading } => {
                let (id, locale) = (self.id(path)?, self.locale_of(path));
                let known = |heading: &String| self.wanted.get(path).and_then(|headings| headings.anchor(heading));
                let anchor = heading.as_ref().map(|heading| format!("#{}", known(heading).unwrap_or(heading)));
                Some(format!("{site}/{locale}/articles/{id}{}", anchor.unwrap_or_default()))
            }
            DocLink::Collection { folder, locale: other } => {
                let (id, address) = self.collections.get(folder)?;
                let address = address.clone().filter(|_| other.is_none());
                let locale = other.as_ref().map_or(locale.as_str(), |locale| &locale.0);
                Some(address.unwrap_or_else(|| format!("{site}/{locale}/collections/{id}")))
            }
        }
    }

    /// The file or folder that a link to this Help Center points to.
    pub fn hole(&self, link: &str) -> Option<DocLink> {
        let own = self.own(link).filter(|own| own.query.is_empty())?;
        let locale = if own.locale.is_empty() { &self.locale } else { own.locale };
        if own.kind == "collections" {
            let id = CollectionId(own.id.parse().ok()?);
            let (folder, _) = self.collections.iter().find(|(_, (known, _))| *known == id)?;
            let locale = (locale != self.locale).then(|| Locale(locale.to_owned()));
            return own.fragment.is_none().then(|| DocLink::Collection { folder: folder.clone(), locale });
        }
        let id = ArticleId(own.id.parse().ok()?);
        let path = self.file(id, locale)?;
        let heading = own.fragment.map(|fragment| self.heading(id, locale, fragment).to_owned());
        let is_there =
            |heading: &String| self.wanted.get(path).is_some_and(|headings| headings.anchor(heading).is_some());
        heading.iter().all(is_there).then(|| DocLink::Article { path: path.clone(), heading })
    }

    /// Writes the links of a stored body as a file writes them that has links to the same places.
    /// `other` does so for those that it has not. One to an article that is gone is the file's link on the
    /// same words: the file's article was made again, or is still to be.
    pub fn link_as(
        &self,
        stored: &mut Body,
        file: &Body,
        is_gone: &dyn Fn(ArticleId) -> bool,
        other: &dyn Fn(DocLink) -> Option<DocLink>,
    ) {
        let mut written: BTreeMap<String, &str> = BTreeMap::new();
        let mut by_words: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for_each_named_link(&file.blocks, &mut |link, words| {
            written.extend(self.normal_link(link).map(|normal| (normal, link)));
            if DocLink::parse(link).is_some() {
                // Of several links on the same words none is meant for sure.
                let several = by_words.get(words).is_some_and(|known| *known != Some(link));
                by_words.insert(words, (!several).then_some(link));
            }
        });
        let mut in_place: Vec<Option<&str>> = Vec::new();
        for_each_named_link(&stored.blocks, &mut |_, words| in_place.push(by_words.get(words).copied().flatten()));
        let mut in_place = in_place.into_iter();
        for_each_link_mut(&mut stored.blocks, &mut |link| {
            let in_place = in_place.next().flatten();
            let same = || self.normal_link(link).and_then(|normal| written.get(&normal).map(|link| (*link).to_owned()));
            let hole = || self.hole(link).and_then(other).map(|hole| hole.to_string());
            let leads_nowhere = |link: &str| {
                let own = self.own(link).filter(|own| own.kind == "articles");
                own.and_then(|own| own.id.parse().ok()).is_some_and(|id| is_gone(ArticleId(id)))
            };
            let written = same().or_else(hole);
            let replaced = || in_place.filter(|_| leads_nowhere(link)).map(str::to_owned);
            if let Some(written) = written.or_else(replaced) {
                *link = written;
            }
        });
    }

    /// The same HTML with links to headings by the ids that they have now, where those that are
    /// there are known.
    pub fn renewed(&self, html: &str) -> String {
        let mut renewed = html.to_owned();
        for_each_link(&parse(html).blocks, &mut |link| {
            let now = || {
                let (head, fragment) = link.split_once('#')?;
                let own = self.own(link).filter(|own| own.kind == "articles")?;
                let id = ArticleId(own.id.parse().ok()?);
                let locale = if own.locale.is_empty() { &self.locale } else { own.locale };
                let heading = self.stored_name(id, locale, fragment)?;
                let now = self.wanted.get(self.file(id, locale)?)?.anchor(heading)?;
                Some(format!("\"{head}#{now}\""))
            };
            if let Some(now) = now() {
                renewed = renewed.replace(&format!("\"{link}\""), &now);
            }
        });
        renewed
    }

    /// The canonical form of a body, as text.
    pub fn canonical(&self, body: &Body) -> String {
        write::html(&self.normal(body))
    }

    /// The digest of the canonical form of a body.
    pub fn digest(&self, body: &Body) -> Digest {
        Digest::of(self.canonical(body))
    }

    /// A body without what Intercom adds or changes.
    pub fn normal(&self, body: &Body) -> Body {
        canonical::normal_by(body, &mut |link| self.normal_link(link))
    }

    /// A body as a person is shown it: without what Intercom adds or changes, each picture by its address.
    pub fn shown(&self, body: &Body) -> Body {
        canonical::shown_by(body.clone(), &mut |link| self.normal_link(link))
    }

    /// The canonical form in which all articles that no file claims are one: before it is known
    /// which file is which article.
    pub fn unclaimed(&self, body: &Body) -> String {
        let mut body = self.normal(body);
        let is_claimed = |id: &str| id.parse().is_ok_and(|id| self.paths.contains_key(&ArticleId(id)));
        for_each_link_mut(&mut body.blocks, &mut |link| {
            let is_open = match DocLink::parse(link) {
                Some(hole) => matches!(hole, DocLink::Article { .. }),
                None => self.own(link).is_some_and(|own| own.kind == "articles" && !is_claimed(own.id)),
            };
            if is_open {
                "helpbook:article/".clone_into(link);
            }
        });
        write::html(&body)
    }

    /// Whether what is stored says what is wanted but for headings that links have lost: within the
    /// article, and to those of `closing`, which link back. Where Intercom makes the ids of
    /// headings again on every save, nothing can be done about these.
    pub fn lost_only(&self, wanted: &Body, stored: &Body, closing: &BTreeSet<ArticleId>) -> bool {
        let (wanted, mut stored) = (self.normal(wanted), self.normal(stored));
        let mut links = Vec::new();
        for_each_link(&wanted.blocks, &mut |link| links.push(link.to_owned()));
        let mut links = links.into_iter();
        for_each_link_mut(&mut stored.blocks, &mut |link| {
            let Some(wanted) = links.next() else { return };
            let target = |link: &str| link.split('#').next().unwrap_or_default().to_owned();
            let may_lose = wanted.starts_with('#')
                || self.own(&wanted).is_some_and(|own| closing.iter().any(|id| id.to_string() == own.id));
            let is_lost = link.split_once('#').is_none_or(|(_, fragment)| is_anchor(fragment));
            if may_lose && is_lost && target(&wanted) == target(link) {
                *link = wanted;
            }
        });
        write::html(&stored) == write::html(&wanted)
    }

    /// The article or collection of this Help Center that a link points to; `None` where it points elsewhere.
    pub fn target<'a>(&self, link: &'a str) -> Option<OwnTarget<'a>> {
        let own = self.own(link)?;
        let id = own.id.parse().ok()?;
        let page = if own.kind == "articles" {
            OwnPage::Article(ArticleId(id))
        } else {
            OwnPage::Collection(CollectionId(id))
        };
        let first = self.site.as_deref().map(without_scheme);
        let after = link.split_once("://").map_or("", |(_, rest)| rest);
        let is_first = first.is_some_and(|first| {
            after.get(..first.len()).is_some_and(|head| is_same_site(head, &first))
                && after[first.len()..].starts_with('/')
        });
        Some(OwnTarget {
            page,
            locale: (!own.locale.is_empty()).then_some(own.locale),
            fragment: own.fragment.filter(|fragment| !fragment.is_empty()),
            address: if is_first { OwnAddress::Current } else { OwnAddress::Other },
        })
    }

    /// A link as it is compared.
    pub fn normal_link(&self, link: &str) -> Option<String> {
        if let Some(hole) = DocLink::parse(link) {
            return self.normal_hole(&hole);
        }
        let HelpCenterUrls { site: Some(site), .. } = self else { return None };
        let own = self.own(link)?;
        let locale = if own.locale.is_empty() { &self.locale } else { own.locale };
        let fragment = match (own.kind, own.id.parse().ok(), own.fragment) {
            ("articles", Some(id), Some(fragment)) => Some(self.heading(ArticleId(id), locale, fragment)),
            (_, _, fragment) => fragment,
        };
        let mark = if fragment.is_some() { "#" } else { "" };
        let parts = [site, "/", locale, "/", own.kind, "/", own.id, own.query, mark, fragment.unwrap_or_default()];
        Some(parts.concat())
    }

    /// A hole as its link is compared.
    pub fn normal_hole(&self, hole: &DocLink) -> Option<String> {
        let (site, locale) = (self.site.as_ref()?, &self.locale);
        match hole {
            DocLink::Article { path, heading } => {
                let (id, locale) = (self.id(path)?, self.locale_name(path));
                let mut normal = format!("{site}/{locale}/articles/{id}");
                if let Some(heading) = heading {
                    normal.push('#');
                    normal.push_str(self.heading(id, locale, heading));
                }
                Some(normal)
            }
            DocLink::Collection { folder, locale: other } => {
                let (id, _) = self.collections.get(folder)?;
                let locale = other.as_ref().map_or(locale.as_str(), |locale| &locale.0);
                Some(format!("{site}/{locale}/collections/{id}"))
            }
        }
    }

    /// The heading that a fragment lands on, as links name it; the fragment itself where it lands
    /// on none.
    fn heading<'f>(&'f self, id: ArticleId, locale: &str, fragment: &'f str) -> &'f str {
        let wanted = self.file(id, locale).and_then(|path| self.wanted.get(path));
        let named = wanted.and_then(|headings| headings.named(fragment));
        named.or_else(|| self.stored_name(id, locale, fragment)).unwrap_or(fragment)
    }

    /// The parts of a link to this Help Center.
    fn own<'a>(&self, link: &'a str) -> Option<OwnLink<'a>> {
        let plain = link
            .split_once("://")
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"));
        let (_, plain) = plain?;
        let rest = self.sites.iter().find_map(|site| {
            let head = plain.get(..site.len()).filter(|head| is_same_site(head, site))?;
            plain[head.len()..].strip_prefix('/')
        })?;
        let (rest, fragment) = rest.split_once('#').map_or((rest, None), |(rest, fragment)| (rest, Some(fragment)));
        let (path, query) = rest.find('?').map_or((rest, ""), |at| rest.split_at(at));
        let mut parts = path.trim_end_matches('/').split('/');
        let (locale, kind, name) = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(kind), Some(name), None, _) => ("", kind, name),
            (Some(locale), Some(kind), Some(name), None) => (locale, kind, name),
            _ => return None,
        };
        let digits = name.bytes().take_while(u8::is_ascii_digit).count();
        let is_named = matches!(kind, "articles" | "collections")
            && digits > 0
            && (name.len() == digits || name[digits..].starts_with('-'));
        is_named.then_some(OwnLink { locale, kind, id: &name[..digits], query, fragment })
    }
}

/// Where a link within the Help Center points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnTarget<'a> {
    /// What it points to, whether that is there or not.
    pub page: OwnPage,
    /// The locale that it names.
    pub locale: Option<&'a str>,
    /// The place in the page, without `#`.
    pub fragment: Option<&'a str>,
    /// Which of the Help Center's addresses it has.
    pub address: OwnAddress,
}

/// A page of the Help Center.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnPage {
    /// That of an article.
    Article(ArticleId),
    /// That of a collection.
    Collection(CollectionId),
}

/// Which of its addresses a link to the Help Center has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnAddress {
    /// The one that customers see.
    Current,
    /// Another one, such as that of `intercom.help` where it has a domain of its own.
    Other,
}

struct OwnLink<'a> {
    locale: &'a str,
    kind: &'a str,
    id: &'a str,
    query: &'a str,
    fragment: Option<&'a str>,
}

/// Whether an address is one that a browser opens as a page.
fn is_site(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

/// Whether an address without a scheme is one of [`without_scheme`], in whatever letters its host is written.
fn is_same_site(plain: &str, site: &str) -> bool {
    let (host, path) = site.split_at(site.find('/').unwrap_or(site.len()));
    plain.strip_suffix(path).is_some_and(|plain| plain.eq_ignore_ascii_case(host))
}

/// An address without its scheme, its host in lower case.
fn without_scheme(address: &str) -> String {
    let plain = address.split_once("://").map_or(address, |(_, rest)| rest);
    match plain.split_once('/') {
        Some((host, path)) => format!("{}/{path}", host.to_ascii_lowercase()),
        None => plain.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::tree::parse;

    fn own() -> HelpCenterUrls {
        let mut own =
            HelpCenterUrls::new(["https://help.example.com", "https://intercom.help/acme"], &Locale::english());
        own.add_article(&DocPath::new("a.md"), ArticleId(12));
        own.add_landings(&DocPath::new("a.md"), Targets::of_stored("<h1 id=\"h_0000000001\">Steps</h1>"));
        own.add_stored_landings(
            &DocPath::new("a.md"),
            ArticleId(12),
            Targets::of_stored("<h1 id=\"h_00000000ff\">Steps</h1><h1 id=\"h_00000000fe\">Old</h1>"),
        );
        own.add_collection("billing", CollectionId(7), None);
        own
    }

    fn link(href: &str) -> Body {
        parse(&format!("<p><a href=\"{href}\">x</a></p>"))
    }

    #[track_caller]
    fn check(one: &str, other: &str, is_same: bool) {
        let own = own();
        assert_eq!(own.canonical(&link(one)) == own.canonical(&link(other)), is_same, "{one} {other}");
    }

    #[test]
    fn a_hole_is_filled_with_the_live_address() {
        let own = own();
        let address = |hole: &str| own.address(&DocLink::parse(hole).unwrap());
        assert_eq!(
            address("helpbook:article/a.md#steps").as_deref(),
            Some("https://help.example.com/en/articles/12#h_0000000001")
        );
        assert_eq!(
            address("helpbook:collection/billing").as_deref(),
            Some("https://help.example.com/en/collections/7")
        );
        assert_eq!(address("helpbook:article/b.md"), None);
        assert_eq!(
            HelpCenterUrls::new([], &Locale::english())
                .address(&DocLink::parse("helpbook:collection/billing").unwrap()),
            None
        );
    }

    #[test]
    fn links_to_our_own_articles_count_by_id_and_heading() {
        check("https://help.example.com/en/articles/12-a", "http://HELP.example.com/en/articles/12-b", true);
        check("https://help.example.com/en/articles/12", "https://intercom.help/acme/articles/12", true);
        check("https://help.example.com/en/articles/12", "https://help.example.com/fr/articles/12", false);
        check("https://help.example.com/en/articles/12", "https://other.example/en/articles/12", false);
        check("https://help.example.com/en/articles/12", "https://help.example.com.evil.example/en/articles/12", false);
        check("https://intercom.help/acme/articles/12", "https://intercom.help/acme2/articles/12", false);
        check("https://help.example.com/en/articles/12", "https://help.example.com/en/articles/13", false);
        check("https://help.example.com/en/collections/7-a", "https://help.example.com/en/collections/7", true);
        let to = |anchor: &str| format!("https://help.example.com/en/articles/12#{anchor}");
        check(&to("h_0000000001"), &to("h_00000000ff"), true);
        check(&to("h_0000000001"), &to("h_00000000fe"), false);
        check(&to("h_0000000001"), &to("h_00000000aa"), false);
        check(&to("h_0000000001"), "https://help.example.com/en/articles/12", false);
    }

    #[test]
    fn the_page_that_a_link_points_to_is_known_by_any_address() {
        let own = own();
        let target = |link| own.target(link).map(|found| (found.page, found.locale, found.fragment, found.address));
        assert_eq!(
            target("https://help.example.com/fr/articles/99-x?a=b#h_1"),
            Some((OwnPage::Article(ArticleId(99)), Some("fr"), Some("h_1"), OwnAddress::Current))
        );
        assert_eq!(
            target("https://intercom.help/acme/collections/7#"),
            Some((OwnPage::Collection(CollectionId(7)), None, None, OwnAddress::Other))
        );
        for other in ["https://help.example.com.evil.example/en/articles/1", "https://help.example.com/en", "#h_1"] {
            assert_eq!(target(other), None, "{other}");
        }
    }

    #[test]
    fn a_link_follows_a_heading_whose_id_was_made_anew() {
        let link =
            |anchor: &str| format!("<p><a href=\"https://help.example.com/en/articles/12-a#{anchor}\">x</a></p>");
        assert_eq!(own().renewed(&link("h_00000000ff")), link("h_0000000001"));
        for other in ["h_00000000aa", "h_00000000fe"] {
            assert_eq!(own().renewed(&link(other)), link(other), "it is not known where that one is now");
        }
    }

    #[test]
    fn addresses_and_headings_are_told_apart_by_locale() {
        let french = Locale("fr".to_owned());
        let mut own = own();
        own.add_translation(&DocPath::new("a.fr.md"), &DocPath::new("a.md"), &french);
        own.add_landings(&DocPath::new("a.fr.md"), Targets::of_stored("<h1 id=\"h_00000000f1\">Étapes</h1>"));
        own.add_stored_landings(
            &DocPath::new("a.fr.md"),
            ArticleId(12),
            Targets::of_stored("<h1 id=\"h_00000000f2\">Étapes</h1>"),
        );
        let site = "https://help.example.com/fr";
        for (hole, address) in [
            ("helpbook:article/a.fr.md#étapes", "articles/12#h_00000000f1"),
            ("helpbook:collection/billing?fr", "collections/7"),
        ] {
            let address = format!("{site}/{address}");
            assert_eq!(own.address(&DocLink::parse(hole).unwrap()).as_deref(), Some(address.as_str()));
            assert_eq!(own.hole(&address).unwrap(), DocLink::parse(hole).unwrap());
        }
        let canonical = |anchor: &str| own.canonical(&link(&format!("{site}/articles/12-a#{anchor}")));
        assert_eq!(canonical("h_00000000f1"), canonical("h_00000000f2"));
        assert_ne!(canonical("h_00000000f1"), canonical("h_0000000001"), "that is an English heading");
        assert_eq!(own.hole("https://help.example.com/es/articles/12"), None);
    }

    #[test]
    fn a_lost_fragment_is_forgiven_where_it_cannot_be_kept() {
        let own = own();
        let (here, there): (BTreeSet<_>, BTreeSet<_>) = ([].into(), [ArticleId(12)].into());
        let wanted = link("https://help.example.com/en/articles/12#h_0000000001");
        let without = link("https://help.example.com/en/articles/12-a");
        let dangling = link("https://help.example.com/en/articles/12#h_00000000aa");
        let other = link("https://help.example.com/en/articles/12#h_00000000fe");
        assert!(own.lost_only(&wanted, &without, &there));
        assert!(own.lost_only(&wanted, &dangling, &there));
        assert!(!own.lost_only(&wanted, &other, &there), "it lands on another heading");
        assert!(!own.lost_only(&wanted, &without, &here), "nothing closes a circle");
        assert!(!own.lost_only(&wanted, &link("https://help.example.com/en/articles/13"), &there));
        let steps = |link: &str| parse(&format!("<h1 id=\"h_00000000aa\">Steps</h1><p><a href=\"{link}\">x</a></p>"));
        assert!(own.lost_only(&steps("#h_00000000aa"), &steps("#h_00000000bb"), &here));
    }
}
