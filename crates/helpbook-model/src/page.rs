//! Pages of lists, and lists of errors.

use serde::Deserialize;
use serde::de::Deserializer;

/// A page of a list: `{"type": "list", "data": […], "total_count": N, "pages": {…}}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Page<T> {
    /// The records of this page.
    pub data: Vec<T>,
    /// How many records there are on all pages.
    pub total_count: Option<u64>,
    /// Where this page is in the list.
    pub pages: Option<Pages>,
    /// How many pages there are, where the list says so beside `pages` (schema `audience_list`).
    #[serde(default, deserialize_with = "loose_number")]
    pub total_pages: Option<u64>,
}

/// Where a page is in its list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Pages {
    /// How many pages there are.
    #[serde(default, deserialize_with = "loose_number")]
    pub total_pages: Option<u64>,
    /// The next page; null or missing on the last one.
    pub next: Option<Next>,
}

/// `pages.next`: the specs type an object, the live endpoints answer with a whole address
/// (docs/intercom.md 1.5).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Next {
    /// The address of the next page.
    Url(String),
    /// A cursor, or the number of the next page.
    Cursor {
        /// The number of the next page.
        page: Option<u64>,
        /// An opaque cursor.
        starting_after: Option<String>,
    },
}

/// The error envelope, and the short one of some 422 (docs/intercom.md 1.6).
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct ErrorList {
    /// Intercom's name for this request.
    pub request_id: Option<String>,
    /// What was wrong.
    #[serde(default)]
    pub errors: Vec<ErrorItem>,
}

/// One error of an [`ErrorList`].
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct ErrorItem {
    /// A stable name, missing in the short form.
    pub code: Option<String>,
    /// A sentence.
    pub message: Option<String>,
}

fn loose_number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(from)?;
    Ok(value.and_then(|value| match value {
        serde_json::Value::Number(number) => number.as_u64(),
        serde_json::Value::String(text) => text.parse().ok(),
        _ => None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_is_an_address_an_object_or_null() {
        let next = |json: &str| serde_json::from_str::<Pages>(json).unwrap().next;
        assert_eq!(next(r#"{"next":"http://x/articles?page=2"}"#), Some(Next::Url("http://x/articles?page=2".into())));
        assert_eq!(
            next(r#"{"page":"1","next":{"page":2}}"#),
            Some(Next::Cursor { page: Some(2), starting_after: None })
        );
        assert_eq!(next(r#"{"next":null}"#), None);
        assert_eq!(next("{}"), None);
    }
}
