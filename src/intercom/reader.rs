//! The client that can only read.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::error::{Error, Unreadable};
use super::http::{Http, Records};
use super::model::{
    AdminList, Article, ArticleFigures, ArticleId, Audience, Collection, CollectionId, HelpCenter, HelpCenterId,
    Locale, Me, Next, Page, Redirect, Statistics, Tag, Version,
};
use super::request::{Query, Reply};

/// How many records a page holds, walk by walk. Ties move records between pages, so another walk
/// takes other cuts (docs/intercom.md 0.5); 250 is the most that Intercom gives. Three walks at least where
/// records lack; the others only as long as each finds some of them.
const WALKS: [u32; 16] = [250, 200, 150, 249, 248, 247, 246, 245, 244, 243, 242, 241, 240, 239, 238, 237];

/// How many walks are made before one that finds nothing is the last.
const WALKS_AT_LEAST: usize = 3;

/// The most that a page of redirects holds (docs/intercom.md 2).
const REDIRECTS: u32 = 250;

/// How many Help Centers a page holds; Intercom's own clients page that list (docs/intercom.md 2).
const HELP_CENTERS: u32 = 50;

/// The most that a page of audiences holds (docs/intercom.md 2).
const AUDIENCES: u32 = 50;

/// How many versions a page holds, walk by walk. Intercom gives 25 where nobody asks, and nobody knows the most that
/// it gives; the version lists are newest first, so a page that lacks one has it in the next walk.
const VERSION_WALKS: [u32; 4] = [50, 25, 40, 30];

/// How many pages of one list are read at most; no Help Center has so many articles.
const MOST_PAGES: u64 = 20_000;

/// How many pages are fetched side by side.
const PAGES_SIDE_BY_SIDE: usize = 8;

/// Reads one workspace.
#[derive(Debug, Clone)]
pub struct Reader {
    http: Arc<Http>,
}

/// The records of a list, as far as its pages gave them.
#[derive(Debug, Clone, PartialEq)]
pub struct Swept<T> {
    /// Every record once.
    pub records: Vec<T>,
    /// The records that are not what the API promises.
    pub unreadable: Vec<Unreadable>,
    /// How many the list says there are.
    pub total: u64,
}

impl<T> Swept<T> {
    /// Whether every record was found.
    pub fn is_complete(&self) -> bool {
        (self.records.len() + self.unreadable.len()) as u64 >= self.total
    }
}

/// The records of a list as one walk gave them.
struct Walked<T> {
    records: Vec<T>,
    unreadable: Vec<Unreadable>,
    /// How many the list says there are.
    total: Option<u64>,
}

/// What one small request says about the articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// How many there are.
    pub articles: u64,
    /// The locale of their root; `None` where the answer does not say it.
    pub default_locale: Option<Locale>,
}

impl Reader {
    pub(super) fn new(http: Arc<Http>) -> Self {
        Self { http }
    }

    /// Any request that changes nothing, and its answer whatever its status is.
    ///
    /// # Errors
    /// Fails where no whole answer comes back; a refusal is an answer.
    pub async fn ask(&self, query: &Query) -> Result<Reply, Error> {
        query.request().sent(&self.http).await
    }

    /// `GET /me`: who the token acts for, and in which workspace.
    ///
    /// # Errors
    /// Fails with 401 where the token is refused; a wrong region looks the same.
    pub async fn me(&self) -> Result<Me, Error> {
        self.http.get("/me").await
    }

    /// `GET /admins`: the current teammates.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn admins(&self) -> Result<AdminList, Error> {
        self.http.get("/admins").await
    }

    /// `GET /help_center/help_centers`: the workspace's Help Centers.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn help_centers(&self) -> Result<Vec<HelpCenter>, Error> {
        self.all("/help_center/help_centers", HELP_CENTERS, |center: &HelpCenter| center.id.0).await
    }

    /// `GET /tags`: every tag of the workspace. The list has no pages.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn tags(&self) -> Result<Vec<Tag>, Error> {
        Ok(self.http.page("/tags").await?.page.data)
    }

    /// `GET /help_center/help_centers/{id}/redirects`: every redirect of a Help Center.
    ///
    /// # Errors
    /// Fails with 404 where there is no such Help Center, with 403 without the scope for redirects
    /// (docs/intercom.md 2), and where a page cannot be read.
    pub async fn redirects(&self, center: HelpCenterId) -> Result<Vec<Redirect>, Error> {
        let path = format!("/help_center/help_centers/{center}/redirects");
        self.all(&path, REDIRECTS, |redirect: &Redirect| redirect.id.0).await
    }

    /// `GET /audiences`: every audience of the workspace.
    ///
    /// # Errors
    /// Fails where a page cannot be read.
    pub async fn audiences(&self) -> Result<Vec<Audience>, Error> {
        self.all("/audiences", AUDIENCES, |audience: &Audience| audience.id.0).await
    }

    /// `GET /articles`: every article, as far as the pages give them ([`Swept::is_complete`]). `slim` removes from
    /// each article what the caller does not keep, page by page.
    ///
    /// # Errors
    /// Fails where a page cannot be read.
    pub async fn articles(&self, slim: impl Fn(&mut Article)) -> Result<Swept<Article>, Error> {
        self.sweep("/articles", |article: &Article| article.id.0, slim).await
    }

    /// `GET /help_center/collections`: every collection, as far as the pages give them ([`Swept::is_complete`]).
    ///
    /// # Errors
    /// Fails where a page cannot be read.
    pub async fn collections(&self) -> Result<Swept<Collection>, Error> {
        self.sweep("/help_center/collections", |collection: &Collection| collection.id.0, |_| ()).await
    }

    /// `GET /articles/{id}` with the live text; `None` where it was deleted.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn article(&self, id: ArticleId) -> Result<Option<Article>, Error> {
        self.http.find(&format!("/articles/{id}")).await
    }

    /// `GET /articles/{id}`, of which only how the article is used is read; `None` where nobody knows.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn statistics(&self, id: ArticleId) -> Result<Option<Statistics>, Error> {
        let answer: Option<ArticleFigures> = self.http.find(&format!("/articles/{id}")).await?;
        Ok(answer.and_then(|answer| answer.statistics))
    }

    /// `GET /articles/{id}/draft`: the article with its draft's text; `None` where none is pending.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn draft(&self, id: ArticleId) -> Result<Option<Article>, Error> {
        self.http.find(&format!("/articles/{id}/draft")).await
    }

    /// `GET /help_center/collections/{id}`; `None` where it was deleted.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn collection(&self, id: CollectionId) -> Result<Option<Collection>, Error> {
        self.http.find(&format!("/help_center/collections/{id}")).await
    }

    /// The newest entries of `GET /articles/{id}/versions`, without their bodies; with a locale, of that
    /// one.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn versions(&self, id: ArticleId, locale: Option<&Locale>) -> Result<Vec<Version>, Error> {
        let locale = locale.map(|locale| format!("&locale={locale}")).unwrap_or_default();
        let path = format!("/articles/{id}/versions?page=1&per_page=25{locale}");
        let page: Option<Page<Version>> = self.http.find(&path).await?;
        Ok(page.map(|page| page.data).unwrap_or_default())
    }

    /// `GET /articles/{id}/versions`: every version, newest first, without their bodies; with a locale, of that one.
    /// `None` where the article was deleted.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached, and with 400 for a locale that the Help Center lacks
    /// (docs/intercom.md 1.6).
    pub async fn all_versions(&self, id: ArticleId, locale: Option<&Locale>) -> Result<Option<Vec<Version>>, Error> {
        let locale = locale.map(|locale| format!("?locale={locale}")).unwrap_or_default();
        let path = format!("/articles/{id}/versions{locale}");
        let number = |version: &Version| version.id.parse().unwrap_or_default();
        match self.sweep_by(&VERSION_WALKS, &path, number, |_| ()).await {
            Ok(mut swept) => {
                swept.records.sort_by_key(|version| Reverse((version.created_at, number(version))));
                Ok(Some(swept.records))
            }
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `GET /articles/{id}/versions/{id}`: one version with its body; `None` where it is not there.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn version(
        &self,
        id: ArticleId,
        version: &str,
        locale: Option<&Locale>,
    ) -> Result<Option<Version>, Error> {
        let locale = locale.map(|locale| format!("?locale={locale}")).unwrap_or_default();
        self.http.find(&format!("/articles/{id}/versions/{version}{locale}")).await
    }

    /// `GET /articles` with one record: how many articles there are, and the locale of their root.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn glance(&self) -> Result<Glance, Error> {
        let page: Page<Article> = self.http.page("/articles?page=1&per_page=1").await?.page;
        let articles = page.total_count.unwrap_or(page.data.len() as u64);
        let default_locale = page.data.into_iter().next().and_then(|article| article.default_locale);
        Ok(Glance { articles, default_locale })
    }

    /// `GET /articles`: the 50 articles that changed last, newest first.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn newest_articles(&self) -> Result<Vec<Article>, Error> {
        Ok(self.http.page("/articles?page=1&per_page=50").await?.page.data)
    }

    /// `GET /help_center/collections`: the 50 collections that changed last, newest first.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn newest_collections(&self) -> Result<Vec<Collection>, Error> {
        Ok(self.http.page("/help_center/collections?page=1&per_page=50").await?.page.data)
    }

    /// Walks a list until as many records are found as it says it has, or until walks find nothing more ([`WALKS`]).
    async fn sweep<T: DeserializeOwned + Send + 'static>(
        &self,
        path: &str,
        id: impl Fn(&T) -> u64,
        slim: impl Fn(&mut T),
    ) -> Result<Swept<T>, Error> {
        self.sweep_by(&WALKS, path, id, slim).await
    }

    /// Walks a list with pages of these sizes, walk by walk.
    async fn sweep_by<T: DeserializeOwned + Send + 'static>(
        &self,
        walks: &[u32],
        path: &str,
        id: impl Fn(&T) -> u64,
        slim: impl Fn(&mut T),
    ) -> Result<Swept<T>, Error> {
        let mut found: BTreeMap<u64, T> = BTreeMap::new();
        let mut unreadable: BTreeMap<Option<u64>, Unreadable> = BTreeMap::new();
        let mut total = 0;
        for (walk, per_page) in walks.iter().copied().enumerate() {
            let walked = self.walk(path, per_page, &id, &slim).await?;
            total = walked.total.unwrap_or((walked.records.len() + walked.unreadable.len()) as u64);
            let before = found.len() + unreadable.len();
            for record in walked.records {
                found.entry(id(&record)).or_insert(record);
            }
            for record in walked.unreadable {
                unreadable.entry(record.id).or_insert(record);
            }
            let now = found.len() + unreadable.len();
            let is_fruitless = now == before && walk + 1 >= WALKS_AT_LEAST;
            if now as u64 >= total || is_fruitless {
                break;
            }
        }
        unreadable.retain(|id, _| id.is_none_or(|id| !found.contains_key(&id)));
        Ok(Swept { records: found.into_values().collect(), unreadable: unreadable.into_values().collect(), total })
    }

    /// Every record of a list that needs one walk; what cannot be read is left out.
    async fn all<T: DeserializeOwned + Send + 'static>(
        &self,
        path: &str,
        per_page: u32,
        id: impl Fn(&T) -> u64,
    ) -> Result<Vec<T>, Error> {
        let mut records = self.walk(path, per_page, &id, &|_| ()).await?.records;
        records.sort_by_key(&id);
        records.dedup_by_key(|record| id(record));
        Ok(records)
    }

    /// Every page of a list once. Where a page is too large to be read, all are asked for in halves.
    async fn walk<T: DeserializeOwned + Send + 'static>(
        &self,
        path: &str,
        mut per_page: u32,
        id: &dyn Fn(&T) -> u64,
        slim: &dyn Fn(&mut T),
    ) -> Result<Walked<T>, Error> {
        loop {
            match self.walk_by(path, per_page, id, slim).await {
                Err(Error::TooLarge { .. }) if per_page > 1 => per_page /= 2,
                walked => return walked,
            }
        }
    }

    /// Every page once: side by side where the first one says how many there are, else one after another.
    /// What a list says of its own end is not trusted: a page without anything new is the last.
    async fn walk_by<T: DeserializeOwned + Send + 'static>(
        &self,
        path: &str,
        per_page: u32,
        id: &dyn Fn(&T) -> u64,
        slim: &dyn Fn(&mut T),
    ) -> Result<Walked<T>, Error> {
        let activity = self.http.activity();
        let page = |cursor: String| async move {
            let before = if path.contains('?') { '&' } else { '?' };
            let path = format!("{path}{before}per_page={per_page}&{cursor}");
            let mut records = self.http.page::<T>(&path).await?;
            records.page.data.iter_mut().for_each(slim);
            activity.has_read();
            Ok::<_, Error>(records)
        };
        activity.expects(1);
        let Records { page: first, mut unreadable } = page("page=1".to_owned()).await?;
        let total = first.total_count;
        let pages = first.pages.as_ref();
        let count = pages.and_then(|pages| pages.total_pages).or(first.total_pages);
        let mut next = pages.and_then(|pages| pages.next.as_ref()).and_then(cursor);
        let mut seen: HashSet<u64> = first.data.iter().map(id).collect();
        let mut records = first.data;
        let mut take = |page: Records<T>| {
            let before = seen.len();
            seen.extend(page.page.data.iter().map(id).chain(page.unreadable.iter().filter_map(|record| record.id)));
            records.extend(page.page.data);
            unreadable.extend(page.unreadable);
            seen.len() > before
        };
        if let Some(count) = count {
            let count = count.min(MOST_PAGES);
            activity.expects(count.saturating_sub(1));
            let mut rest =
                stream::iter(2..=count).map(|number| page(format!("page={number}"))).buffered(PAGES_SIDE_BY_SIDE);
            while let Some(page) = rest.try_next().await? {
                if !take(page) {
                    break;
                }
            }
        } else {
            let mut known = HashSet::new();
            while let Some(at) = next.filter(|at| (known.len() as u64) < MOST_PAGES && known.insert(at.clone())) {
                activity.expects(1);
                let answer = page(at).await?;
                next = answer.page.pages.as_ref().and_then(|pages| pages.next.as_ref()).and_then(cursor);
                if !take(answer) {
                    break;
                }
            }
        }
        Ok(Walked { records, unreadable, total })
    }
}

/// The part of `pages.next` that names the next page. Its host is never followed.
fn cursor(next: &Next) -> Option<String> {
    match next {
        Next::Url(url) => {
            let query = url.split_once('?')?.1;
            form_urlencoded::parse(query.as_bytes())
                .find(|(name, _)| matches!(name.as_ref(), "page" | "starting_after"))
                .map(|(name, value)| {
                    form_urlencoded::Serializer::new(String::new()).append_pair(&name, &value).finish()
                })
        }
        Next::Cursor { starting_after: Some(after), .. } => {
            Some(form_urlencoded::Serializer::new(String::new()).append_pair("starting_after", after).finish())
        }
        Next::Cursor { page: Some(page), .. } => Some(format!("page={page}")),
        Next::Cursor { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_in_every_form_and_its_host_is_not_followed() {
        let at = |next| cursor(&next);
        assert_eq!(at(Next::Url("https://evil.example/articles?per_page=5&page=2".into())).as_deref(), Some("page=2"));
        assert_eq!(at(Next::Cursor { page: Some(3), starting_after: None }).as_deref(), Some("page=3"));
        assert_eq!(
            at(Next::Cursor { page: Some(3), starting_after: Some("a b".into()) }).as_deref(),
            Some("starting_after=a+b")
        );
        assert_eq!(at(Next::Url("https://x.example/articles".into())), None);
    }
}
