//! The collections that files name as their place.

use std::collections::BTreeMap;

use super::change::Blocked;
use super::collection::Matched;
use super::inputs::Inputs;
use super::step::Place;
use crate::book::{CollectionRef, Folder};
use crate::intercom::model::CollectionId;

/// Where articles are: folders and names as live collections, or as ones that the plan creates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places<'a> {
    pub inputs: Inputs<'a>,
    pub collections: &'a BTreeMap<Folder, Matched>,
}

impl Places<'_> {
    /// The place that a file names; `None` where it names none. A collection that is left to others is no
    /// place for an article of ours.
    pub fn of(&self, reference: &CollectionRef) -> Result<Option<Place>, Blocked> {
        let place = self.named(reference)?;
        match &place {
            Some(Place::Id(id)) if self.inputs.rules.ignores(self.inputs.live, *id) => Err(Blocked::new(
                format!("`ignore` in helpbook.yml leaves the collection {id} to others"),
                "name another `collection`, or change `ignore`",
            )),
            _ => Ok(place),
        }
    }

    fn named(&self, reference: &CollectionRef) -> Result<Option<Place>, Blocked> {
        match reference {
            CollectionRef::Unsaid => Ok(None),
            CollectionRef::Id(id) if self.inputs.live.collections.contains_key(id) => Ok(Some(Place::Id(*id))),
            CollectionRef::Id(id) => Err(Blocked::new(
                format!("the collection {id} is not in this Help Center"),
                "name another `collection`, or remove the key to use the file's folder",
            )),
            CollectionRef::Folder(folder) => match self.collections.get(folder) {
                Some(Matched::Live { id, .. }) => Ok(Some(Place::Id(*id))),
                Some(Matched::New) => Ok(Some(Place::Folder(folder.clone()))),
                Some(Matched::Refused(blocked)) => Err(Blocked::new(
                    format!("its collection `{folder}` is blocked: {}", blocked.reason),
                    blocked.hint.clone(),
                )),
                None => Err(Blocked::new(format!("there is no folder `{folder}`"), "name another `collection`")),
            },
            CollectionRef::Path(path) => self.by_names(path),
        }
    }

    fn by_names(&self, path: &str) -> Result<Option<Place>, Blocked> {
        let live = self.inputs.live;
        let fits = |id: &CollectionId| live.path_of(*id).join("/").eq_ignore_ascii_case(path);
        let found: Vec<CollectionId> = live.collections.keys().copied().filter(fits).collect();
        match found.as_slice() {
            [id] => Ok(Some(Place::Id(*id))),
            [] => Err(Blocked::new(
                format!("there is neither a folder nor a collection `{path}`"),
                "name a folder of the docs, a collection's id, or its names (`Billing/Invoices`)",
            )),
            several => Err(Blocked::new(
                format!("{} collections are called `{path}`", several.len()),
                format!("name one by its id: `collection: {}`", several[0]),
            )),
        }
    }
}
