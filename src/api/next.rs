//! Where the next page of a list is: every way that the API has to say it.
//!
//! The address of the next page, of which the host is never followed; a cursor, which goes into the query of a `GET`
//! and into the body of a search; the number of pages; a scroll. Nothing here sends anything.

use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::document::Page;
use crate::intercom::{BadRequest, Query};

/// The most pages that are asked for by their numbers at once, should an answer say nonsense.
const MOST_PAGES: u64 = 20_000;

/// What comes after a page.
#[derive(Debug)]
pub(super) enum Next {
    /// Nothing.
    End,
    /// One page, known only now.
    One(Box<Query>),
    /// All other pages by their numbers, which need not wait for each other.
    Numbered(Vec<Query>),
}

impl Next {
    /// What comes after a page that a query gave. `first` says whether it is the first one.
    ///
    /// # Errors
    /// Fails where the address of the next page is none of this API.
    pub(super) fn after(page: &Page, query: &Query, place: Place) -> Result<Self, BadRequest> {
        let pages = page.value("pages");
        let number = |value: &Value| value.as_u64();
        let total = number(&pages["total_pages"]).or_else(|| number(&page.value("total_pages")));
        let here = number(&pages["page"]).or_else(|| number(&page.value("page")));
        match &pages["next"] {
            Value::String(address) => {
                let path = path_of(address);
                let next = parameter(&path, "page").and_then(|page| page.parse().ok());
                if let (Some(next), Some(total), Place::First) = (next, total, place) {
                    return Self::numbered(query, &path, next, total);
                }
                return Ok(Self::One(Box::new(query.at(&path)?)));
            }
            Value::Object(next) => {
                let cursor = next.get("starting_after").and_then(text);
                if let Some(cursor) = cursor {
                    return Self::with_cursor(query, "starting_after", &cursor);
                }
                if let Some(next) = next.get("page").and_then(number) {
                    return match (total, place) {
                        (Some(total), Place::First) => Self::numbered(query, query.request().path(), next, total),
                        _ => Ok(Self::One(Box::new(query.at(&with_page(query.request().path(), next))?))),
                    };
                }
            }
            _ => {}
        }
        if let Some(cursor) = text(&page.value("scroll_param")).filter(|_| page.records().next().is_some()) {
            return Self::with_cursor(query, "scroll_param", &cursor);
        }
        if let Some(cursor) = text(&page.value("next_cursor")).filter(|_| page.value("has_more") == true) {
            return Self::with_cursor(query, "cursor", &cursor);
        }
        match (here, total, place) {
            (Some(here), Some(total), Place::First) if here < total => {
                Self::numbered(query, query.request().path(), here + 1, total)
            }
            _ => Ok(Self::End),
        }
    }

    fn numbered(query: &Query, path: &str, from: u64, to: u64) -> Result<Self, BadRequest> {
        let pages = (from..=to.min(from.saturating_add(MOST_PAGES))).map(|number| query.at(&with_page(path, number)));
        Ok(Self::Numbered(pages.collect::<Result<_, _>>()?))
    }

    /// The page after a cursor: a search has it in its body, everything else in the query.
    fn with_cursor(query: &Query, name: &str, cursor: &str) -> Result<Self, BadRequest> {
        let body = query.request().body().and_then(|body| serde_json::from_slice::<Value>(body).ok());
        if let (Some(Value::Object(mut body)), "starting_after") = (body, name) {
            let pagination = body.entry("pagination").or_insert_with(|| json!({}));
            if !pagination.is_object() {
                *pagination = json!({});
            }
            pagination["starting_after"] = json!(cursor);
            return Ok(Self::One(Box::new(query.with_body(Value::Object(body).to_string().into_bytes()))));
        }
        let path = with_parameter(query.request().path(), name, cursor);
        Ok(Self::One(Box::new(query.at(&path)?)))
    }
}

/// Where a page is in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    First,
    Later,
}

/// A text that is not empty, or a number as text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The path and the query of an address; what is none is a path already.
fn path_of(address: &str) -> String {
    let Ok(url) = Url::parse(address) else { return format!("/{}", address.trim_start_matches('/')) };
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("/{}{query}", url.path().trim_start_matches('/'))
}

fn parameter(path: &str, name: &str) -> Option<String> {
    let (_, query) = path.split_once('?')?;
    let found = form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name);
    found.map(|(_, value)| value.into_owned())
}

fn with_page(path: &str, number: u64) -> String {
    with_parameter(path, "page", &number.to_string())
}

/// A path with another value of a parameter of its query.
pub(super) fn with_parameter(path: &str, name: &str, value: &str) -> String {
    let (bare, query) = path.split_once('?').unwrap_or((path, ""));
    let others = form_urlencoded::parse(query.as_bytes()).filter(|(known, _)| known != name);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(others).append_pair(name, value);
    format!("{bare}?{}", query.finish())
}

#[cfg(test)]
mod tests {
    use helpbook_catalogue::Method;

    use super::*;
    use crate::intercom::Request;

    #[track_caller]
    fn check(method: Method, asked: &str, page: &str, expected: &str) {
        let mut request = Request::new(method, asked).unwrap();
        if method == Method::Post {
            request = request.with_body(br#"{"query":1,"pagination":{"per_page":5}}"#.to_vec());
        }
        let query = request.into_query().unwrap();
        let next = Next::after(&Page::read(page.as_bytes()).unwrap(), &query, Place::First).unwrap();
        let shown = |query: &Query| {
            let body = query.request().body().map(|body| format!(" {}", String::from_utf8_lossy(body)));
            format!("{}{}", query.request().path(), body.unwrap_or_default())
        };
        let found = match next {
            Next::End => "end".to_owned(),
            Next::One(query) => shown(&query),
            Next::Numbered(queries) => queries.iter().map(shown).collect::<Vec<_>>().join(" "),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn every_way_to_say_what_comes_next_is_understood() {
        let get = |asked, page, expected| check(Method::Get, asked, page, expected);
        get(
            "/articles?state=draft",
            r#"{"data":[],"pages":{"next":"https://evil.example/articles?state=draft&page=2","total_pages":3}}"#,
            "/articles?state=draft&page=2 /articles?state=draft&page=3",
        );
        get("/a", r#"{"data":[],"pages":{"next":"http://evil.example//b?x=1"}}"#, "/b?x=1");
        get("/a", r#"{"data":[],"pages":{"next":"/a?page=2"}}"#, "/a?page=2");
        get("/c?x=1", r#"{"data":[],"pages":{"next":{"page":2,"starting_after":"W z"}}}"#, "/c?x=1&starting_after=W+z");
        get("/c", r#"{"data":[],"pages":{"next":{"page":2},"total_pages":3}}"#, "/c?page=2 /c?page=3");
        get("/c", r#"{"data":[],"pages":{"page":1,"next":null,"total_pages":2}}"#, "/c?page=2");
        get("/c", r#"{"data":[],"page":1,"total_pages":2}"#, "/c?page=2");
        get("/s", r#"{"data":[1],"scroll_param":"x"}"#, "/s?scroll_param=x");
        get("/s", r#"{"data":[],"scroll_param":"x"}"#, "end");
        get("/m", r#"{"data":[1],"has_more":true,"next_cursor":"y"}"#, "/m?cursor=y");
        get("/m", r#"{"data":[1],"has_more":false,"next_cursor":"y"}"#, "end");
        get("/c", r#"{"data":[],"pages":{"page":2,"next":null,"total_pages":2}}"#, "end");
        get("/c", r#"{"data":[]}"#, "end");
    }

    #[test]
    fn a_search_has_its_cursor_in_the_body() {
        check(
            Method::Post,
            "/contacts/search",
            r#"{"data":[],"pages":{"next":{"page":2,"starting_after":"W"}}}"#,
            r#"/contacts/search {"pagination":{"per_page":5,"starting_after":"W"},"query":1}"#,
        );
    }

    #[test]
    fn an_address_that_leads_away_is_an_error() {
        let query = Request::new(Method::Post, "/contacts/search").unwrap().into_query().unwrap();
        let page = Page::read(br#"{"data":[],"pages":{"next":"https://api.intercom.io/messages"}}"#).unwrap();
        assert!(Next::after(&page, &query, Place::First).is_err());
    }
}
