//! Finding operations: by path, by word, and by a name that was typed wrong.

use crate::Catalogue;
use crate::operation::{Method, Operation};

/// How many names are offered for one that is wrong.
const OFFERED: usize = 3;

impl Catalogue {
    /// The operations at a path, of any method: `/articles/7` and `/articles/{id}` alike. Where a path has a word of
    /// its own, as `/articles/search` has, the operations of that word are meant.
    pub fn at(&self, path: &str) -> Vec<&Operation> {
        let matching: Vec<(usize, &Operation)> =
            self.operations.iter().filter_map(|one| Some((one.matches(path)?, one))).collect();
        let fewest = matching.iter().map(|(parameters, _)| *parameters).min();
        let exact = matching.into_iter().filter(|(parameters, _)| Some(*parameters) == fewest);
        exact.map(|(_, operation)| operation).collect()
    }

    /// The operation of a method at a path.
    pub fn find(&self, method: Method, path: &str) -> Option<&Operation> {
        let matching = self.operations.iter().filter(|one| one.method == method);
        let matching = matching.filter_map(|one| Some((one.matches(path)?, one)));
        matching.min_by_key(|(parameters, _)| *parameters).map(|(_, operation)| operation)
    }

    /// The operations in which a word is: in a name, the path, the method or the summary. Capital letters do not
    /// count; an empty word is in all of them.
    pub fn with_word(&self, word: &str) -> Vec<&Operation> {
        let word = word.to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&word);
        let is_meant = |one: &&Operation| {
            has(&one.name)
                || has(&one.path)
                || has(&one.summary)
                || has(one.method.name())
                || one.aliases.iter().any(|name| has(name))
        };
        self.operations.iter().filter(is_meant).collect()
    }

    /// The names that are nearest to one that nobody has, the nearest first; at most three.
    pub fn similar(&self, name: &str) -> Vec<&str> {
        let name = name.to_lowercase();
        let names = self.operations.iter().flat_map(|one| [&one.name].into_iter().chain(&one.aliases));
        let near = |known: &String| strsim::jaro_winkler(&known.to_lowercase(), &name);
        let mut near: Vec<(f64, &str)> = names.map(|known| (near(known), known.as_str())).collect();
        near.retain(|(nearness, _)| *nearness > 0.85);
        near.sort_by(|(one, a), (other, b)| other.total_cmp(one).then_with(|| a.cmp(b)));
        near.into_iter().map(|(_, name)| name).take(OFFERED).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &str) {
        let found = Catalogue::get().at(path);
        assert_eq!(found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn a_path_has_its_operations() {
        check("/articles", "listArticles createArticle");
        check("/articles/7", "retrieveArticle updateArticle deleteArticle");
        check("/articles/{id}", "retrieveArticle updateArticle deleteArticle");
        check("/articles/search", "searchArticles");
        check("/articles/7/versions/9", "retrieveArticleVersion");
        check("/nowhere", "");
        check("/articles/", "");
    }

    #[test]
    fn a_method_and_a_path_have_one() {
        let find = |method, path| Catalogue::get().find(method, path).map(|one| one.name.as_str());
        assert_eq!(find(Method::Delete, "/articles/search"), Some("deleteArticle"));
        assert_eq!(find(Method::Get, "/articles/search"), Some("searchArticles"));
        assert_eq!(find(Method::Patch, "/articles"), None);
    }

    #[test]
    fn a_wrong_name_has_near_ones() {
        let similar = |name| Catalogue::get().similar(name).join(" ");
        assert_eq!(similar("listArtcles"), "listArticles list_articles listArticleVersions");
        assert_eq!(similar("xyzzy"), "");
    }
}
