//! Pages of a list: which records, in which order, and how the next page is named (docs/intercom.md 0.5, 1.5).

use std::cmp::Reverse;

use serde_json::{Value, json};
use url::form_urlencoded;

use crate::behaviour::{NextForm, Ties};
use crate::image::hex;
use crate::refusal::Refusal;

/// The most records a page may hold.
const MAX_PER_PAGE: u64 = 250;

/// The page a request asks for, from its query.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PageRequest {
    pub page: u64,
    pub per_page: u64,
    /// The rest of the query, for the address of the next page.
    others: Vec<(String, String)>,
}

impl PageRequest {
    /// Reads `page` and `per_page`. `starting_after` is the cursor of `NextForm::Object`.
    ///
    /// # Errors
    /// A 400 for what is no number, and for a page that is too large.
    pub(super) fn parse(query: &str, default_per_page: u64) -> Result<Self, Refusal> {
        let asked = Self::read(query, default_per_page)?;
        if asked.per_page > MAX_PER_PAGE {
            return Err(Refusal::parameter_invalid("Per Page is too big"));
        }
        Ok(asked)
    }

    /// The same for a list that gives no more than this, whatever is asked.
    ///
    /// # Errors
    /// A 400 for what is no number.
    pub(super) fn at_most(query: &str, per_page: u64) -> Result<Self, Refusal> {
        let asked = Self::read(query, per_page)?;
        Ok(Self { per_page: asked.per_page.min(per_page), ..asked })
    }

    fn read(query: &str, default_per_page: u64) -> Result<Self, Refusal> {
        let mut asked = Self { page: 1, per_page: default_per_page, others: Vec::new() };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "page" | "starting_after" => asked.page = whole(&name, &value)?,
                "per_page" => asked.per_page = whole(&name, &value)?,
                _ => asked.others.push((name.into_owned(), value.into_owned())),
            }
        }
        Ok(asked)
    }

    /// The records of this page.
    pub(super) fn cut<'a, T>(&self, records: &'a [T]) -> &'a [T] {
        let clamp = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).min(records.len());
        let start = clamp((self.page - 1).saturating_mul(self.per_page));
        let end = clamp(self.page.saturating_mul(self.per_page));
        &records[start..end]
    }

    /// The `pages` object. `address` is that of the list, without a query.
    pub(super) fn pages(&self, total: usize, address: &str, form: NextForm) -> Value {
        let total_pages = (total as u64).div_ceil(self.per_page).max(1);
        let next = if self.page < total_pages { self.next(address, form) } else { Value::Null };
        json!({
            "type": "pages",
            "page": self.page,
            "per_page": self.per_page,
            "total_pages": total_pages,
            "next": next,
        })
    }

    fn next(&self, address: &str, form: NextForm) -> Value {
        let page = self.page + 1;
        match form {
            NextForm::Null => Value::Null,
            NextForm::Object => json!({
                "page": page,
                "per_page": self.per_page,
                "starting_after": page.to_string(),
            }),
            NextForm::Url => {
                let query = form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(&self.others)
                    .append_pair("page", &page.to_string())
                    .append_pair("per_page", &self.per_page.to_string())
                    .finish();
                json!(format!("{address}?{query}"))
            }
        }
    }

    /// Sorts records by the time of their last update, the latest first. `key` gives that time and
    /// the id.
    pub(super) fn sort<T>(&self, records: &mut [T], ties: Ties, key: impl Fn(&T) -> (i64, u64)) {
        if ties == Ties::Stable {
            records.sort_unstable_by_key(|record| Reverse(key(record)));
            return;
        }
        records.sort_by_cached_key(|record| {
            let (updated_at, id) = key(record);
            let parts = [id, self.page, self.per_page].map(u64::to_be_bytes);
            let shuffled = hex(&[&parts[0], &parts[1], &parts[2]], 16);
            (Reverse(updated_at), shuffled, Reverse(id))
        });
    }
}

fn whole(name: &str, value: &str) -> Result<u64, Refusal> {
    value
        .parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| Refusal::parameter_invalid(format!("{name} must be a positive number")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> PageRequest {
        PageRequest::parse(query, 25).unwrap()
    }

    fn walk(ties: Ties, per_page: u64) -> Vec<u64> {
        let mut seen = Vec::new();
        for page in 1..=10_u64.div_ceil(per_page) {
            let asked = asked(&format!("page={page}&per_page={per_page}"));
            let mut ids: Vec<u64> = (1..=10).collect();
            asked.sort(&mut ids, ties, |id| (7, *id));
            seen.extend(asked.cut(&ids));
        }
        seen
    }

    #[test]
    fn a_page_is_bounded() {
        assert_eq!(asked("").per_page, 25);
        assert_eq!(asked("per_page=250").per_page, 250);
        let error = PageRequest::parse("per_page=251", 25).unwrap_err();
        assert_eq!(error, Refusal::parameter_invalid("Per Page is too big"));
        assert!(PageRequest::parse("page=0", 25).is_err());
        assert!(PageRequest::parse("page=x", 25).is_err());
        assert_eq!(asked("page=9").cut(&[1, 2, 3]), &[] as &[i32]);
    }

    #[test]
    fn next_has_three_forms() {
        let first = asked("per_page=2&state=draft");
        let next = |form| first.pages(3, "http://x/articles", form)["next"].clone();
        assert_eq!(next(NextForm::Url), json!("http://x/articles?state=draft&page=2&per_page=2"));
        assert_eq!(next(NextForm::Object), json!({"page": 2, "per_page": 2, "starting_after": "2"}));
        assert_eq!(next(NextForm::Null), Value::Null);
        let last = asked("per_page=2&page=2");
        assert_eq!(last.pages(3, "http://x", NextForm::Url)["next"], Value::Null);
    }

    #[test]
    fn the_latest_update_stands_first() {
        let mut records = [(1, 10), (3, 11), (2, 12)];
        asked("").sort(&mut records, Ties::Unstable, |record| *record);
        assert_eq!(records, [(3, 11), (2, 12), (1, 10)]);
    }

    #[test]
    fn unstable_ties_lose_records_in_a_walk_and_stable_ones_do_not() {
        assert_eq!(walk(Ties::Stable, 3), (1..=10).rev().collect::<Vec<_>>());
        let mut seen = walk(Ties::Unstable, 3);
        assert_eq!(seen, walk(Ties::Unstable, 3));
        assert_eq!(seen.len(), 10);
        seen.sort_unstable();
        seen.dedup();
        assert!(seen.len() < 10, "{seen:?}");
    }
}
