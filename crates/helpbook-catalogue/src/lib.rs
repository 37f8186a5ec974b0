//! Every operation of Intercom's API in its version 2.16, as values: names, paths, parameters, types.
//!
//! They are in `catalogue.json`, which `from/make` makes of Intercom's own description and of the words beside that
//! script. It is read when somebody first asks for it, so a command that needs none of it pays nothing.
//! `check` holds a value to a type, `example` makes one of a type. Nothing here sends anything, and nothing says
//! whether the description is right: where it is not, whoever asks goes on without it.

mod check;
mod example;
mod kind;
mod operation;
mod read;
mod search;

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

pub use check::{Problem, Wrong, nearest};
pub use kind::{Field, Kind, Presence};
pub use operation::{Answer, Body, Method, Note, Operation, Parameter, Scope};

/// What `from/make` made.
const TEXT: &str = include_str!("../catalogue.json");

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| read::catalogue(TEXT));

/// Every operation, and the types that they name.
#[derive(Debug, Default)]
pub struct Catalogue {
    version: String,
    operations: Vec<Operation>,
    types: BTreeMap<String, Kind>,
    /// The place of an operation by each of its names in lower case.
    names: HashMap<String, usize>,
}

impl Catalogue {
    /// The catalogue, read once.
    pub fn get() -> &'static Self {
        &CATALOGUE
    }

    /// The version of the API that it describes, such as `2.16`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Every operation in the order of the description, and then those that other connectors offer and the
    /// description lacks.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation that has this name, its own or another one; capital letters do not count.
    pub fn named(&self, name: &str) -> Option<&Operation> {
        self.operations.get(*self.names.get(&name.to_lowercase())?)
    }

    /// What a name of a type means; every other type is itself.
    pub fn resolve<'a>(&'a self, kind: &'a Kind) -> &'a Kind {
        let mut kind = kind;
        // No chain of names is longer; one that went in a circle would end here.
        for _ in 0..16 {
            match kind {
                Kind::Named(name) => match self.types.get(name) {
                    Some(found) => kind = found,
                    None => return &Kind::Any,
                },
                found => return found,
            }
        }
        &Kind::Any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_every_operation_of_the_description_and_258_other_names() {
        let all = Catalogue::get();
        assert_eq!(all.version(), "2.16");
        let (known, outside): (Vec<_>, Vec<_>) = all.operations().iter().partition(|one| one.scope == Scope::Described);
        assert_eq!((known.len(), outside.len()), (231, 5));
        // A few of the other names are the only ones that an operation has.
        let own = all.operations().iter().filter(|one| !one.name.contains('_')).count();
        let names: usize = all.operations().iter().map(|one| 1 + one.aliases.len()).sum();
        assert_eq!((own, names, all.names.len()), (227, 485, 485));
    }

    #[test]
    fn every_name_of_a_type_means_one() {
        let all = Catalogue::get();
        for kind in all.types.values() {
            assert!(!matches!(kind, Kind::Named(name) if !all.types.contains_key(name)), "{kind:?}");
        }
        assert!(all.types.len() > 300);
    }

    #[test]
    fn names_are_found_however_they_are_written() {
        let name = |name: &str| Catalogue::get().named(name).map(|one| one.name.as_str());
        assert_eq!(name("createArticle"), Some("createArticle"));
        assert_eq!(name("CREATEARTICLE"), Some("createArticle"));
        assert_eq!(name("post_articles"), Some("createArticle"));
        assert_eq!(name("create_article"), Some("createArticle"));
        assert_eq!(name("create article"), None);
        // Two operations whose names differ in a line below only.
        assert_eq!(name("retrieveCompany"), Some("retrieveCompany"));
        assert_eq!(name("retrieve_company"), Some("RetrieveACompanyById"));
    }
}
