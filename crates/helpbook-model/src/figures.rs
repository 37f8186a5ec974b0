//! How an article is used, which one answer alone says.

use serde::Deserialize;

/// The answer of `GET /articles/{id}` as far as it says how the article is used; lists say nothing of it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct ArticleFigures {
    /// How it is used; null where nobody knows.
    pub statistics: Option<Statistics>,
}

/// How an article is used (schema `article_statistics`). `None` is not said.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Statistics {
    /// How often it was opened.
    pub views: Option<u64>,
    /// How many conversations started from it. The schema says `conversions`, its examples `conversations`.
    #[serde(alias = "conversations")]
    pub conversions: Option<u64>,
    /// How many customers said whether it helped.
    pub reactions: Option<u64>,
    /// Of these, the percentage that were sad.
    pub sad_reaction_percentage: Option<f64>,
    /// In how many conversations Fin used it, in any locale.
    pub fin_involvements: Option<u64>,
    /// How many of these Fin resolved.
    pub fin_resolutions: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_by_either_name_and_may_be_missing() {
        let read = |json: &str| serde_json::from_str::<ArticleFigures>(json).unwrap().statistics;
        let some = r#"{"id":"1","statistics":{"type":"article_statistics","views":7,"conversations":2,"sad_reaction_percentage":12.5}}"#;
        let expected = Statistics {
            views: Some(7),
            conversions: Some(2),
            sad_reaction_percentage: Some(12.5),
            ..Statistics::default()
        };
        assert_eq!(read(some), Some(expected));
        assert_eq!(read(r#"{"id":"1","statistics":null}"#), None);
        assert_eq!(read(r#"{"id":"1"}"#), None);
    }
}
