//! What a request is for: an operation by its name, or a method and a path.

use helpbook_catalogue::{Catalogue, Method, Operation};

use crate::text::one_line;

/// What a request is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The method, where the words name one or the operation has one.
    pub(super) method: Option<Method>,
    /// With a slash at its start and perhaps with names in braces; without its query.
    pub(super) path: String,
    /// The query that was typed with the path.
    pub(super) query: String,
    /// The operation, where it was named.
    pub(super) operation: Option<&'static Operation>,
}

/// The words name nothing that can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// There is no operation of this name; the nearest ones.
    #[error("there is no operation `{name}`")]
    Unknown {
        /// What was typed.
        name: String,
        /// The nearest names.
        near: Vec<String>,
    },
    /// The first of two words is no method.
    #[error("`{0}` is not a method; write GET, POST, PUT, PATCH or DELETE")]
    Method(String),
    /// The method is not that of the operation.
    #[error("`{name}` is sent with {known}, not with {asked}")]
    OtherMethod {
        /// The operation.
        name: String,
        /// Its method.
        known: Method,
        /// What was typed.
        asked: Method,
    },
}

impl Target {
    /// The path, without its query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The method, where one is known.
    pub fn method(&self) -> Option<Method> {
        self.method
    }

    /// Reads a method, where there is one, and a path or the name of an operation. A word without a slash is a name
    /// unless the catalogue has it as a path; with a method before it, it may be any path.
    ///
    /// # Errors
    /// Fails with a name that no operation has, and with a method that is none or not the operation's.
    pub fn parse(method: Option<&str>, word: &str) -> Result<Self, TargetError> {
        let method = match method {
            Some(name) => Some(Method::of_name(name).ok_or_else(|| TargetError::Method(one_line(name)))?),
            None => None,
        };
        let catalogue = Catalogue::get();
        let (bare, query) = word.split_once('?').unwrap_or((word, ""));
        if let Some(operation) = catalogue.named(bare) {
            if let Some(asked) = method.filter(|asked| *asked != operation.method) {
                return Err(TargetError::OtherMethod { name: operation.name.clone(), known: operation.method, asked });
            }
            return Ok(Self {
                method: Some(operation.method),
                path: operation.path.clone(),
                query: query.to_owned(),
                operation: Some(operation),
            });
        }
        let path = if bare.starts_with('/') { bare.to_owned() } else { format!("/{bare}") };
        if !bare.contains('/') && method.is_none() && catalogue.at(&path).is_empty() {
            let near = catalogue.similar(bare).into_iter().map(str::to_owned).collect();
            return Err(TargetError::Unknown { name: one_line(bare), near });
        }
        Ok(Self { method, path, query: query.to_owned(), operation: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &[&str], expected: &str) {
        let (method, word) = match words {
            [method, word] => (Some(*method), *word),
            words => (None, words[0]),
        };
        let found = match Target::parse(method, word) {
            Ok(target) => {
                let method = target.method.map_or("?", Method::name);
                let operation = target.operation.map_or("", |one| one.name.as_str());
                format!("{method} {}?{} {operation}", target.path, target.query)
            }
            Err(TargetError::Unknown { name, near }) => format!("unknown {name}: {}", near.join(", ")),
            Err(error) => error.to_string(),
        };
        assert_eq!(found.trim_end(), expected);
    }

    #[test]
    fn a_word_is_an_operation_or_a_path() {
        check(&["listArticles"], "GET /articles? listArticles");
        check(&["retrieve_article"], "GET /articles/{article_id}? retrieveArticle");
        check(&["articles?page=2"], "? /articles?page=2");
        check(&["articles/{id}/versions"], "? /articles/{id}/versions?");
        check(&["/anything"], "? /anything?");
        check(&["delete", "articles/7"], "DELETE /articles/7?");
        check(&["GET", "anything"], "GET /anything?");
        check(&["listArtcles"], "unknown listArtcles: listArticles, list_articles, listArticleVersions");
        check(&["POST", "listArticles"], "`listArticles` is sent with GET, not with POST");
        check(&["FETCH", "articles"], "`FETCH` is not a method; write GET, POST, PUT, PATCH or DELETE");
    }
}
