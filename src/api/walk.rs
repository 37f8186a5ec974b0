//! A list read page by page: side by side where pages have numbers, one after another where each names the next.
//!
//! Records that are on two pages are given once where pages have numbers: Intercom's lists move records between
//! pages while they are read (docs/intercom.md 0.5). How many lack by the list's own count is said, never guessed.
//! Nothing is kept of a page once it was handed on.

use std::collections::HashSet;

use futures_util::stream::{self, StreamExt as _};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::Page;
use super::next::{Next, Place};
use crate::intercom::{BadRequest, Error, Query, Reader, Reply};

/// How many pages are fetched side by side.
const SIDE_BY_SIDE: usize = 8;

/// A list that is read.
#[derive(Debug)]
pub struct Walk<'a> {
    reader: &'a Reader,
    query: Query,
    /// The ids that were given; only for pages with numbers.
    ids: HashSet<String>,
    walked: Walked,
}

/// What was read of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walked {
    /// How many pages.
    pub pages: u64,
    /// How many records, each once.
    pub records: u64,
    /// How many there are, as the first page says.
    pub total: Option<u64>,
}

impl Walked {
    /// How many records the list says it has and did not give.
    pub fn missing(&self) -> u64 {
        self.total.map_or(0, |total| total.saturating_sub(self.records))
    }
}

/// A list that was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum WalkError<E> {
    /// A page could not be read.
    #[error(transparent)]
    Request(#[from] Error),
    /// The address of the next page is none of this API.
    #[error("the next page cannot be asked for: {0}")]
    Address(#[from] BadRequest),
    /// The same page again and again.
    #[error("the list goes in a circle: `{0}` is its own next page")]
    Circle(String),
    /// A page is no page.
    #[error("the answer to GET {0} is no page of a list")]
    NoPage(String),
    /// Whoever takes the pages cannot go on.
    #[error("{0}")]
    Taker(E),
}

impl<'a> Walk<'a> {
    /// A list by the query of its first page.
    pub fn new(reader: &'a Reader, query: Query) -> Self {
        Self { reader, query, ids: HashSet::new(), walked: Walked::default() }
    }

    /// Reads every page after the first, whose answer is given, and hands each on in order, the first one too.
    ///
    /// # Errors
    /// Fails at the first page that cannot be read; those before it were handed on.
    pub async fn pages<E>(
        mut self,
        first: Page,
        mut take: impl FnMut(Page) -> Result<(), E>,
    ) -> Result<Walked, WalkError<E>> {
        self.walked.total = first.value("total_count").as_u64();
        let mut next = Next::after(&first, &self.query, Place::First)?;
        let doubles = if matches!(next, Next::Numbered(_)) { Doubles::LeftOut } else { Doubles::Kept };
        self.hand_on(first, doubles, &mut take)?;
        let mut seen = HashSet::new();
        loop {
            next = match next {
                Next::End => return Ok(self.walked),
                Next::One(query) => {
                    let key = format!("{} {:?}", query.request().path(), query.request().body());
                    if !seen.insert(key) {
                        return Err(WalkError::Circle(query.request().path().to_owned()));
                    }
                    let page = fetched(self.reader, &query).await?;
                    let next = Next::after(&page, &query, Place::Later)?;
                    self.hand_on(page, doubles, &mut take)?;
                    next
                }
                Next::Numbered(queries) => {
                    let reader = self.reader;
                    let mut pages = stream::iter(queries)
                        .map(|query| async move { (fetched(reader, &query).await, query) })
                        .buffered(SIDE_BY_SIDE);
                    let mut last = Next::End;
                    while let Some((page, query)) = pages.next().await {
                        let page = page?;
                        // Whatever the first page said, behind an empty one is nothing.
                        if page.records().next().is_none() {
                            return Ok(self.walked);
                        }
                        // A list that grew meanwhile says so on the last page that was known.
                        last = Next::after(&page, &query, Place::Later)?;
                        self.hand_on(page, doubles, &mut take)?;
                    }
                    last
                }
            };
        }
    }

    fn hand_on<E>(
        &mut self,
        mut page: Page,
        doubles: Doubles,
        take: &mut impl FnMut(Page) -> Result<(), E>,
    ) -> Result<(), WalkError<E>> {
        if doubles == Doubles::LeftOut {
            page.retain(|record| id_of(record).is_none_or(|id| self.ids.insert(id)));
        }
        self.walked.pages += 1;
        self.walked.records += page.records().count() as u64;
        take(page).map_err(WalkError::Taker)
    }
}

/// What becomes of a record whose id was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doubles {
    LeftOut,
    Kept,
}

/// The page that a query gives.
async fn fetched(reader: &Reader, query: &Query) -> Result<Page, Failed> {
    let reply: Reply = reader.ask(query).await?;
    reply.accepted()?;
    let page = Page::read(&reply.body).filter(Page::is_list);
    page.ok_or_else(|| Failed::NoPage(query.request().path().to_owned()))
}

/// A page that was not read.
#[derive(Debug)]
enum Failed {
    Request(Error),
    NoPage(String),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Request(error)
    }
}

impl<E> From<Failed> for WalkError<E> {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Request(error) => Self::Request(error),
            Failed::NoPage(path) => Self::NoPage(path),
        }
    }
}

/// The id of a record, as it is written.
fn id_of(record: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Record<'a> {
        #[serde(borrow)]
        id: Option<&'a RawValue>,
    }
    let record: Record<'_> = serde_json::from_str(record).ok()?;
    Some(record.id?.get().to_owned())
}
