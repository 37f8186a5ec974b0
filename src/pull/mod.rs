//! Live to files: the same road as the plan's, the other way.
//!
//! [`pull`] makes new files for articles that have none, and takes into the others what a teammate
//! changed in Intercom: only the fields and words that changed, the rest of a file keeps its bytes.
//! Where the docs changed the same field, three texts are merged, with the one that was last sent
//! as their base. It decides and writes nothing; [`write`] writes what was decided, [`keep`] tells
//! Base.

mod file;
mod name;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

pub use file::FileIds;
pub use write::{Written, keep, write};

use crate::base::Base;
use crate::book::{self, Book, Folder, KeyEdit, with_key};
use crate::config::Config;
use crate::git::{Git, Merged, Sides, marked};
use crate::html::{self, Context, Images};
use crate::intercom::model::{Article, ArticleId, CollectionId};
use crate::live::{Live, LiveArticle};
use crate::plan::{Edit, Field, Rules, Source, Taken};
use crate::text::{DocPath, git_blob};
use name::Names;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Articles that are named by id.
    pub ids: BTreeSet<ArticleId>,
    /// Whether teammates' drafts are taken, too.
    pub drafts: Drafts,
}

/// Whether teammates' drafts are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Drafts {
    /// Only those of articles that are named.
    #[default]
    Named,
    /// All of them: `--drafts`.
    All,
}

/// Everything that is compared, side by side.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The docs.
    pub book: &'a Book,
    /// The Help Center.
    pub live: &'a Live,
    /// What was last sent.
    pub base: &'a Base,
    /// The rules of the plan.
    pub rules: &'a Rules,
    /// The configuration.
    pub config: &'a Config,
    /// Git, for the text that was last sent.
    pub git: &'a Git,
    /// Whether ids are written into files.
    pub ids: FileIds,
}

/// What is to be written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pull {
    /// New collections, parents first.
    pub folders: Vec<NewFolder>,
    /// New and changed files.
    pub changes: Vec<Change>,
    /// What else should be known, each a sentence.
    pub notes: Vec<String>,
}

/// A collection that gets an `_index.md`.
#[derive(Debug, Clone, PartialEq)]
pub struct NewFolder {
    /// Its folder.
    pub folder: Folder,
    /// Its id.
    pub id: CollectionId,
    /// Its name.
    pub name: String,
    /// The text of its `_index.md`.
    pub text: String,
}

/// One file that changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The file.
    pub path: DocPath,
    /// Its article.
    pub id: ArticleId,
    /// The article's title in Intercom.
    pub title: String,
    /// The text that is taken.
    pub from: Source,
    /// What happens to the file.
    pub what: What,
    /// Who changed it in Intercom.
    pub by: String,
    /// When.
    pub since: Option<Timestamp>,
}

/// What happens to a file.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// It is new.
    New {
        /// Its text.
        text: String,
    },
    /// Fields of it change.
    Edited {
        /// Which.
        fields: BTreeSet<Field>,
        /// Its text until now.
        before: String,
        /// Its text from now on.
        after: String,
        /// In how many places a person has to choose.
        conflicts: usize,
        /// Whether it keeps changes that are not in Intercom yet.
        keeps: Keeps,
    },
}

/// Whether a file keeps changes of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// It says what Intercom says.
    Nothing,
    /// It has changes that Intercom has not.
    OwnChanges,
}

impl Change {
    /// In how many places a person has to choose.
    pub fn conflicts(&self) -> usize {
        match self.what {
            What::New { .. } => 0,
            What::Edited { conflicts, .. } => conflicts,
        }
    }

    /// Whether the file says all that its article says, and nothing else.
    pub fn is_whole(&self) -> bool {
        match &self.what {
            What::New { .. } => true,
            What::Edited { conflicts, keeps, .. } => *conflicts == 0 && *keeps == Keeps::Nothing,
        }
    }
}

/// Decides what is written.
pub fn pull(inputs: Inputs<'_>, taken: &Taken, asked: &Asked) -> Pull {
    let Inputs { book, live, base, rules, .. } = inputs;
    let mut pull = Pull::default();
    let mut names = Names::new(book, live, base, &rules.locale, &taken.folders);
    let is_meant = |id: ArticleId, path: &DocPath| {
        (rules.paths.is_empty() && asked.ids.is_empty()) || asked.ids.contains(&id) || is_named(rules, path)
    };
    for edit in taken.edits.iter().filter(|edit| is_meant(edit.id, &edit.path)) {
        match edited(inputs, edit) {
            Ok(Some(change)) => pull.changes.push(change),
            Ok(None) => {}
            Err(field) => pull.notes.push(format!(
                "`{}`: its {} was changed in Intercom, and there is no place for it in the file; write it there by hand",
                edit.path,
                field.name()
            )),
        }
    }
    let has_file: BTreeSet<ArticleId> = taken.files.keys().copied().collect();
    let mut collections: BTreeSet<CollectionId> = BTreeSet::new();
    for (id, found) in live.articles.iter().filter(|(id, _)| !has_file.contains(id) && !taken.foreign.contains(id)) {
        let is_orphan = base.articles.contains_key(&(*id, rules.locale.clone()));
        if is_orphan && !asked.ids.contains(id) {
            pull.notes.push(format!(
                "article {id} `{}` had a file, which is gone; `helpbook pull {id}` brings it back",
                found.article.title.trim()
            ));
            continue;
        }
        if found.article.title.trim().is_empty() {
            pull.notes.push(format!("article {id} has no title in Intercom and is left out; give it one there"));
            continue;
        }
        let path = names.article(&found.article);
        if is_meant(*id, &path) {
            collections.extend(live.places(&found.article).into_iter().filter(|id| live.collections.contains_key(id)));
            pull.changes.push(new(inputs, found, path, asked));
        }
    }
    if rules.paths.is_empty() && asked.ids.is_empty() {
        collections.extend(live.collections.keys().filter(|id| !is_ignored(live, rules, **id)));
    }
    pull.folders = folders(inputs, taken, &mut names, collections);
    for path in taken.drafts.iter().filter(|path| is_named(rules, path) || rules.paths.is_empty()) {
        pull.notes.push(format!("`{path}`: a teammate's draft is pending in Intercom; `--drafts` takes it"));
    }
    for (path, id) in &taken.gone {
        pull.notes.push(format!("`{path}`: article {id} was deleted in Intercom; delete the file, or remove its `id`"));
    }
    if !live.is_complete {
        pull.notes.push("Intercom's lists stayed incomplete in three walks: articles may be missing here".to_owned());
    }
    pull.changes.sort_by(|one, other| one.path.cmp(&other.path));
    pull
}

fn is_named(rules: &Rules, path: &DocPath) -> bool {
    !rules.paths.is_empty() && rules.means(path.as_str())
}

fn is_ignored(live: &Live, rules: &Rules, id: CollectionId) -> bool {
    let mut next = Some(id);
    for _ in 0..8 {
        let Some(collection) = next.and_then(|id| live.collections.get(&id)) else { return false };
        let is_it = |name: &String| *name == collection.name || *name == collection.id.to_string();
        if rules.ignored_collections.iter().any(is_it) {
            return true;
        }
        next = collection.parent_id;
    }
    false
}

/// The collections that get an `_index.md`, with those above them.
fn folders(inputs: Inputs<'_>, taken: &Taken, names: &mut Names<'_>, wanted: BTreeSet<CollectionId>) -> Vec<NewFolder> {
    let mut all = BTreeSet::new();
    for id in wanted {
        let mut next = Some(id);
        while let Some(collection) = next.and_then(|id| inputs.live.collections.get(&id)) {
            if !all.insert(collection.id) {
                break;
            }
            next = collection.parent_id;
        }
    }
    let has_index =
        |folder: &Folder| inputs.book.collections.get(folder).is_some_and(|collection| collection.index.is_some());
    let mut made: Vec<NewFolder> = all
        .into_iter()
        .map(|id| (id, taken.folders.get(&id).cloned().unwrap_or_else(|| names.folder(id))))
        .filter(|(_, folder)| !has_index(folder))
        .map(|(id, folder)| {
            let collection = &inputs.live.collections[&id];
            let text = file::index(collection, inputs.ids);
            NewFolder { folder, id, name: collection.name.trim().to_owned(), text }
        })
        .collect();
    made.sort_by(|one, other| one.folder.cmp(&other.folder));
    made
}

/// A file for an article that has none.
fn new(inputs: Inputs<'_>, found: &LiveArticle, path: DocPath, asked: &Asked) -> Change {
    let is_asked = asked.drafts == Drafts::All || asked.ids.contains(&found.article.id);
    let from = if found.draft.is_some() && is_asked { Source::Draft } else { Source::Live };
    let article = from.of(found);
    let article = Article { state: found.article.state, ..article.clone() };
    let text = file::article(&article, inputs.live, inputs.config, inputs.ids, &unsigned);
    change(inputs, found, path, from, What::New { text })
}

fn change(inputs: Inputs<'_>, found: &LiveArticle, path: DocPath, from: Source, what: What) -> Change {
    let article = from.of(found);
    Change {
        path,
        id: article.id,
        title: article.title.trim().to_owned(),
        from,
        what,
        by: inputs.live.name_of(article.updated_by_id),
        since: Timestamp::from_second(article.updated_at).ok(),
    }
}

/// What of a file changes; the field for which there is no place in it.
fn edited(inputs: Inputs<'_>, edit: &Edit) -> Result<Option<Change>, Field> {
    let found = &inputs.live.articles[&edit.id];
    let file = &inputs.book.articles[&edit.path];
    let before = file.content.source.to_string();
    let record = inputs.base.articles.get(&(edit.id, inputs.rules.locale.clone()));
    let all: BTreeSet<Field> = edit.theirs.union(&edit.both).copied().collect();
    let take = |text: &str, fields: &BTreeSet<Field>| with_fields(inputs, edit, text, fields);
    let sides = Sides {
        ours: format!("docs ({})", edit.path),
        theirs: format!("Intercom ({})", inputs.live.name_of(edit.from.of(found).updated_by_id)),
    };
    let merged = if edit.both.is_empty() {
        Merged { text: take(&before, &edit.theirs)?, conflicts: 0 }
    } else {
        let sent = record.and_then(|record| inputs.git.blob(&record.blob));
        let three_ways = sent.and_then(|sent| {
            let theirs = take(&sent, &all).ok()?;
            inputs.git.merge(&sent, &before, &theirs, &sides)
        });
        match three_ways {
            Some(merged) => merged,
            None => {
                let safe = take(&before, &edit.theirs)?;
                marked(&safe, &take(&safe, &edit.both)?, &sides)
            }
        }
    };
    if merged.text == before {
        return Ok(None);
    }
    let is_as_sent = record.is_some_and(|record| record.blob == git_blob(&before));
    let keeps = if edit.both.is_empty() && (is_as_sent || says_all(inputs, edit, &merged.text)) {
        Keeps::Nothing
    } else {
        Keeps::OwnChanges
    };
    let what = What::Edited { fields: all, before, after: merged.text, conflicts: merged.conflicts, keeps };
    Ok(Some(change(inputs, found, edit.path.clone(), edit.from, what)))
}

/// Whether a text says all that the article says.
fn says_all(inputs: Inputs<'_>, edit: &Edit, text: &str) -> bool {
    let Some(file) = book::Article::parse(&edit.path, text.into(), &mut Vec::new()) else { return false };
    let mut book = Book { images: inputs.book.images.clone(), ..Book::default() };
    book.articles.insert(edit.path.clone(), file);
    let files = BTreeMap::from([(edit.path.clone(), (edit.id, edit.from))]);
    crate::plan::proof(&book, inputs.live, inputs.rules, &files).differ.is_empty()
}

/// The text of a file with some fields as they are in Intercom.
fn with_fields(inputs: Inputs<'_>, edit: &Edit, text: &str, fields: &BTreeSet<Field>) -> Result<String, Field> {
    let found = &inputs.live.articles[&edit.id];
    let article = edit.from.of(found);
    let mut text = text.to_owned();
    for field in fields {
        let key = match field {
            Field::Body => {
                text = with_body(inputs, edit, &text).ok_or(*field)?;
                continue;
            }
            Field::Title => KeyEdit::Title(article.title.trim().to_owned()),
            Field::Description => {
                KeyEdit::Description(article.description.as_deref().unwrap_or_default().trim().to_owned())
            }
            Field::State => KeyEdit::State(found.article.state),
            Field::Author => match article.author_id.and_then(|id| file::author(inputs.live, id, None)) {
                Some(author) => KeyEdit::Author(author),
                None => return Err(*field),
            },
            Field::Collection => {
                let id = inputs.live.places(&found.article).first().copied().ok_or(*field)?;
                KeyEdit::Collection(place(inputs, id))
            }
        };
        text = with_key(&edit.path, &text, &key).ok_or(*field)?;
    }
    Ok(text)
}

/// How a file names a collection: by its folder, else by its id.
fn place(inputs: Inputs<'_>, id: CollectionId) -> String {
    let folder = inputs.book.collections.iter().find(|(_, collection)| collection.id == Some(id));
    let known = || inputs.base.collections.get(&id).map(|record| &record.folder);
    folder.map(|(folder, _)| folder).or_else(known).map_or_else(|| id.to_string(), |folder| folder.0.clone())
}

/// The text of a file with the live body.
fn with_body(inputs: Inputs<'_>, edit: &Edit, text: &str) -> Option<String> {
    let file = book::Article::parse(&edit.path, text.into(), &mut Vec::new())?;
    let article = edit.from.of(&inputs.live.articles[&edit.id]);
    let live = html::parse(article.body.as_deref().unwrap_or_default());
    let context = Context {
        path: &edit.path,
        offset: 0,
        images: Images { files: &inputs.book.images, host: inputs.rules.images.as_ref() },
        spacing: inputs.rules.spacing,
        headings: &[],
    };
    let body = html::splice(file.content.markdown(), &live, context, &unsigned);
    let range = file.content.body.range();
    Some(format!("{}{body}{}", &text[..range.start], &text[range.end..]))
}

/// The address of an image that Intercom hosts without its signature, which runs out in days;
/// without one the address is taken and signed anew (FACTS 3.5).
fn unsigned(address: &str) -> Option<String> {
    let is_hosted = address.contains("intercomcdn.") || address.contains("intercom-attachments-");
    let (path, _) = address.split_once('?').filter(|_| is_hosted)?;
    Some(path.to_owned())
}
