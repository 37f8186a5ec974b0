//! The names of new files and folders: readable, in any script, and the same from pull to pull.
//!
//! A name is the title in lower case with `-` between its words. The article with the lowest id
//! keeps it; another one with the same title gets its id at the end. What the record knows keeps the name
//! that it has there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::book::{Book, Folder};
use crate::intercom::model::{Article, ArticleId, CollectionId, Locale};
use crate::live::Live;
use crate::record::Record;
use crate::text::DocPath;

/// How long a name may be, in characters.
const LONGEST: usize = 60;

/// Names that Windows keeps for itself, and the one file that is never an article.
const RESERVED: [&str; 24] = [
    "readme", "index", "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Gives out names that nobody has.
#[derive(Debug)]
pub(super) struct Names<'a> {
    root: PathBuf,
    live: &'a Live,
    record: &'a Record,
    locale: &'a Locale,
    folders: BTreeMap<CollectionId, Folder>,
    /// What is taken, in lower case, as some disks do not tell upper case from it.
    taken: BTreeSet<String>,
}

impl<'a> Names<'a> {
    /// Starts with what is there: the folders of collections, and every file.
    pub fn new(
        book: &Book,
        live: &'a Live,
        record: &'a Record,
        locale: &'a Locale,
        folders: &BTreeMap<CollectionId, Folder>,
    ) -> Self {
        let files = book.sources.keys().map(|path| path.as_str().to_lowercase());
        let there = book.collections.keys().map(|folder| folder.0.to_lowercase());
        let root = book.root.clone();
        Self { root, live, record, locale, folders: folders.clone(), taken: files.chain(there).collect() }
    }

    /// The file of an article that has none.
    pub fn article(&mut self, article: &Article) -> DocPath {
        if let Some(record) = self.record.articles.get(&(article.id, self.locale.clone()))
            && self.is_free(record.path.as_str())
        {
            self.taken.insert(record.path.as_str().to_lowercase());
            return record.path.clone();
        }
        let place = self.live.places(article).into_iter().find(|id| self.live.collections.contains_key(id));
        let folder = place.map(|id| self.folder(id));
        let below = folder.map_or_else(String::new, |folder| format!("{folder}/"));
        let ArticleId(id) = article.id;
        DocPath::new(self.free(&below, &slug(&article.title), "article", id, ".md"))
    }

    /// The folder of a collection, and of those above it.
    pub fn folder(&mut self, id: CollectionId) -> Folder {
        if let Some(folder) = self.folders.get(&id) {
            return folder.clone();
        }
        let collection = &self.live.collections[&id];
        let above = collection.parent_id.filter(|above| *above != id && self.live.collections.contains_key(above));
        let known = self.record.collections.get(&id).map(|record| record.folder.clone());
        let folder = match (known, above) {
            (Some(folder), _) if self.is_free(&folder.0) => {
                self.taken.insert(folder.0.to_lowercase());
                folder
            }
            (_, above) => {
                let below = above.map_or_else(String::new, |above| format!("{}/", self.folder(above)));
                Folder(self.free(&below, &slug(&collection.name), "collection", id.0, ""))
            }
        };
        self.folders.insert(id, folder.clone());
        folder
    }

    fn free(&mut self, below: &str, slug: &str, kind: &str, id: u64, end: &str) -> String {
        let plain = format!("{below}{slug}{end}");
        let name = match slug {
            "" => format!("{below}{kind}-{id}{end}"),
            slug if RESERVED.contains(&slug) || !self.is_free(&plain) => format!("{below}{slug}-{id}{end}"),
            _ => plain,
        };
        self.taken.insert(name.to_lowercase());
        name
    }

    fn is_free(&self, path: &str) -> bool {
        !self.taken.contains(&path.to_lowercase())
            && (self.folders_may_be_there(path) || !self.root.join(path).exists())
    }

    /// A folder that is there may become a collection's; a file takes no other's place.
    fn folders_may_be_there(&self, path: &str) -> bool {
        !path.ends_with(".md") && self.root.join(path).is_dir()
    }
}

/// The file of a translation, beside the one of the default locale.
pub(super) fn translated(path: &DocPath, locale: &Locale) -> DocPath {
    let path = path.as_str();
    DocPath::new(format!("{}.{locale}.md", path.strip_suffix(".md").unwrap_or(path)))
}

/// A title as a name: its words in lower case, with `-` between them.
pub fn slug(title: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut is_inside = false;
    for c in title.chars().filter(|c| !matches!(c, '\'' | '\u{2019}' | '\u{ad}')) {
        if !is_word(c) {
            is_inside = false;
            continue;
        }
        if !is_inside {
            words.push(String::new());
            is_inside = true;
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    let mut name = String::new();
    for word in words {
        let length = name.chars().count() + 1 + word.chars().count();
        if name.is_empty() {
            name.extend(word.chars().take(LONGEST));
        } else if length <= LONGEST {
            name.push('-');
            name.push_str(&word);
        } else {
            break;
        }
    }
    name
}

/// Letters, digits, and the marks without which words of some scripts fall apart.
fn is_word(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}')
        || matches!(c, '\u{900}'..='\u{963}' | '\u{981}'..='\u{df4}' | '\u{e31}'..='\u{fbc}' | '\u{102b}'..='\u{103e}')
        || matches!(c, '\u{17b4}'..='\u{17d3}' | '\u{3099}' | '\u{309a}')
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_name_is_the_words_of_the_title_in_any_script() {
        assert_eq!(slug("Refund a customer"), "refund-a-customer");
        assert_eq!(slug("  What's new? (2026)  "), "whats-new-2026");
        assert_eq!(slug("Über Größe & Äpfel"), "über-größe-äpfel");
        assert_eq!(slug("返金する方法"), "返金する方法");
        assert_eq!(slug("किसी ग्राहक को"), "किसी-ग्राहक-को");
        assert_eq!(slug("../../etc/passwd"), "etc-passwd");
        assert_eq!(slug("_hidden .file"), "hidden-file");
        assert_eq!(slug("🎉🎉"), "");
        assert_eq!(slug(&"word ".repeat(40)).chars().count(), 59);
    }
}
