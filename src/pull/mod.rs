//! Live to files: the same road as the plan's, the other way.
//!
//! [`pull`] makes new files for articles that have none, and takes into the others what a teammate
//! changed in Intercom: only the fields and words that changed, the rest of a file keeps its bytes.
//! Where the docs changed the same field, three texts are merged, with the one that was last sent
//! as their record. It decides and writes nothing; [`write()`] writes what was decided, [`keep`] updates
//! the record.

mod collection;
mod edited;
mod file;
mod images;
mod name;
mod new;
mod past;
mod settings;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

pub use collection::{Index, IndexChange};
pub use file::FileIds;
pub use images::{Hosted, NewImage, hosted, place};
pub use name::slug;
pub use past::{Past, PastFile, past};
pub use write::{Written, keep, write};

use crate::book::{self, Book, ImageFile};
use crate::config::Config;
use crate::git::Git;
use crate::html::{self, Extent, HelpCenterUrls, Verify};
use crate::intercom::model::{ArticleId, CollectionId, Locale};
use crate::live::{Live, LiveArticle};
use crate::plan::{Edit, Field, Precision, RemoteChanges, Rules, TextVersion};
use crate::record::Record;
use crate::text::DocPath;
use crate::threads;
use edited::{edited, says};
use images::Places;
use name::{Names, translated};
use new::New;

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
    pub record: &'a Record,
    /// The rules of the plan.
    pub rules: &'a Rules,
    /// The configuration.
    pub config: &'a Config,
    /// What was compared.
    pub taken: &'a RemoteChanges,
    /// Git, for the text that was last sent.
    pub git: &'a Git,
    /// Whether ids are written into files.
    pub ids: FileIds,
}

/// What is to be written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pull {
    /// New and changed files of collections.
    pub indexes: Vec<Index>,
    /// New and changed files.
    pub changes: Vec<Change>,
    /// Texts of Intercom that were changed there and that the files say already.
    pub taken_already: Vec<Change>,
    /// New images.
    pub images: Vec<NewImage>,
    /// What else should be known, each a sentence.
    pub notes: Vec<String>,
    /// The addresses of the Help Center, with those of the files that are written.
    pub own: HelpCenterUrls,
    /// Where the images are that were fetched, by their addresses.
    places: BTreeMap<String, DocPath>,
}

/// One file that changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The file.
    pub path: DocPath,
    /// Its article.
    pub id: ArticleId,
    /// The locale.
    pub locale: Locale,
    /// The article's title in Intercom.
    pub title: String,
    /// The text that is taken.
    pub from: TextVersion,
    /// What happens to the file.
    pub what: What,
    /// The addresses, with their signatures, of the images that Intercom hosts and that the text shows.
    pub images: Vec<String>,
    /// Who changed it in Intercom.
    pub by: String,
    /// Their address, if Intercom says it.
    pub email: Option<String>,
    /// When.
    pub since: Option<Timestamp>,
}

/// What happens to a file.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// It is new.
    New {
        /// Its text.
        text: Arc<str>,
        /// Whether that was rendered to see that it is right, or will be.
        look: Verify,
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
        /// How much of its text is new.
        how: Extent,
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

impl Pull {
    /// The files that it writes, by path.
    pub fn texts(&self) -> BTreeMap<DocPath, Arc<str>> {
        let indexes = self.indexes.iter().map(|index| (index.path.clone(), index.text().into()));
        indexes.chain(self.changes.iter().map(|change| (change.path.clone(), change.text()))).collect()
    }

    /// The images that it writes, by path.
    pub fn image_files(&self) -> BTreeMap<DocPath, ImageFile> {
        self.images.iter().map(|image| (image.path.clone(), ImageFile::of(&image.bytes))).collect()
    }
}

impl Change {
    /// Whether the file says no description, before and after: what Intercom has of it is not taken.
    fn leaves_description(&self) -> bool {
        let What::Edited { after, .. } = &self.what else { return false };
        let article = book::Article::parse(&self.path, after.as_str().into(), &mut Vec::new());
        article.is_some_and(|article| article.content.description.is_none())
    }

    /// In how many places a person has to choose.
    pub fn conflicts(&self) -> usize {
        match self.what {
            What::New { .. } => 0,
            What::Edited { conflicts, .. } => conflicts,
        }
    }

    /// Whether the file says all of it already.
    pub fn is_in_file(&self) -> bool {
        matches!(&self.what, What::Edited { before, after, .. } if before == after)
    }

    /// Whether nobody looked yet at what its text renders to.
    pub fn may_be_wrong(&self) -> bool {
        matches!(self.what, What::New { look: Verify::Later, .. })
    }

    /// The file's text from now on.
    pub fn text(&self) -> Arc<str> {
        match &self.what {
            What::New { text, .. } => Arc::clone(text),
            What::Edited { after, .. } => after.as_str().into(),
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
pub fn pull(inputs: Inputs<'_>, asked: &Asked) -> Pull {
    let Inputs { book, live, record, rules, taken, .. } = inputs;
    let mut pull = Pull::default();
    let mut names = Names::new(book, live, record, &rules.locale, &taken.folders);
    let is_meant = |id: ArticleId, path: &DocPath| {
        (rules.paths.is_empty() && asked.ids.is_empty()) || asked.ids.contains(&id) || is_named(rules, path)
    };
    edits(inputs, taken.edits.iter().filter(|edit| is_meant(edit.id, &edit.path)), &mut pull);
    let mut collections: BTreeSet<CollectionId> = BTreeSet::new();
    let mut without: Vec<New<'_>> = Vec::new();
    for (id, found) in live.articles.iter().filter(|(id, _)| !taken.foreign.contains(id)) {
        if let Some(double) = taken.doubles.get(id).filter(|_| !asked.ids.contains(id)) {
            pull.notes.push(double.sentence());
            continue;
        }
        let path = match taken.files.get(id) {
            Some(path) => path.clone(),
            None => match without_file(inputs, found, asked, &mut names) {
                Ok(path) => path,
                Err(LeftOut(note)) => {
                    pull.notes.push(note);
                    continue;
                }
            },
        };
        if !is_meant(*id, &path) {
            continue;
        }
        if !taken.files.contains_key(id) && book::is_excluded(&path, inputs.config) {
            pull.notes.push(format!("article {id} is left out, as `exclude` in helpbook.yml leaves out `{path}`"));
            continue;
        }
        if !taken.files.contains_key(id) && !rules.locales.contains(&rules.locale) {
            pull.notes
                .push(format!("article {id} has no file in `{}` yet; a translation belongs beside one", rules.locale));
            continue;
        }
        if !taken.files.contains_key(id) {
            collections.extend(live.places(&found.article).into_iter().filter(|id| live.collections.contains_key(id)));
            without.extend(New::of(inputs, found, &rules.locale, path.clone(), asked));
        }
        for locale in rules.locales.iter().filter(|locale| **locale != rules.locale) {
            let key = (*id, locale.clone());
            if taken.translations.contains(&key) {
                continue;
            }
            let path = translated(&path, locale);
            if record.articles.contains_key(&key) && !asked.ids.contains(id) {
                pull.notes.push(format!("`{path}` is gone; `helpbook pull {id}` brings it back"));
                continue;
            }
            without.extend(New::of(inputs, found, locale, path, asked));
        }
    }
    if rules.paths.is_empty() && asked.ids.is_empty() {
        collections.extend(live.collections.keys().filter(|id| !rules.ignores(live, **id)));
        pull.indexes = collection::edited(inputs, taken, &mut pull.notes);
    }
    let new = collection::new(inputs, taken, &mut names, collections);
    pull.indexes.extend(new.into_iter().filter(|index| !book::is_excluded(&index.path, inputs.config)));
    pull.own = new::own(inputs, &without, &pull.indexes);
    pull.changes.extend(threads::map_all(without, |new| new.change(inputs, &pull.own)));
    for path in taken.drafts.iter().filter(|path| is_named(rules, path) || rules.paths.is_empty()) {
        pull.notes.push(format!("`{path}`: a teammate's draft is pending in Intercom; `--drafts` takes it"));
    }
    for (path, id) in &taken.gone {
        pull.notes.push(format!("`{path}`: article {id} was deleted in Intercom; delete the file, or remove its `id`"));
    }
    pull.notes.extend(live.unreadable_notes().map(|(_, note)| note));
    if !live.is_complete {
        pull.notes.push("Intercom's lists stayed incomplete in three walks: articles may be missing here".to_owned());
    }
    pull.changes.sort_by(|one, other| one.path.cmp(&other.path));
    pull
}

/// What some files become so that they say fields of `inputs.live`, by the edits that `pull` makes: the rest of a file
/// keeps its bytes. Also the files that have no place for a field; these stay as they are.
pub fn restore(inputs: Inputs<'_>, wanted: &[Edit]) -> (Pull, Vec<(DocPath, Field)>) {
    let mut pull = Pull { own: inputs.taken.linked.own.clone(), ..Pull::default() };
    let mut without_place = Vec::new();
    for (edit, change) in wanted.iter().zip(threads::map(wanted, |edit| edited(inputs, edit))) {
        match change {
            Ok(Some(change)) if change.is_in_file() => pull.taken_already.push(change),
            Ok(Some(change)) => pull.changes.push(change),
            Ok(None) => {}
            Err(field) => without_place.push((edit.path.clone(), field)),
        }
    }
    (pull, without_place)
}

/// Takes into their files what was changed in Intercom.
fn edits<'e>(inputs: Inputs<'_>, edits: impl Iterator<Item = &'e Edit>, pull: &mut Pull) {
    for edit in edits {
        match edited(inputs, edit) {
            Ok(Some(change)) if change.is_in_file() => {
                let has_body = edit.theirs.contains(&Field::Body) || edit.both.contains(&Field::Body);
                if has_body && !says(inputs, edit, &change.text(), Precision::Exact) {
                    pull.notes.push(format!(
                        "`{}`: of its text only empty lines or the ids of headings were changed in Intercom, and Markdown has no place for them; they stay until the text is sent again",
                        edit.path
                    ));
                }
                pull.taken_already.push(change);
            }
            Ok(Some(change)) => pull.changes.push(change),
            Ok(None) => {}
            Err(field) => pull.notes.push(format!(
                "`{}`: its {} was changed in Intercom, and there is no place for it in the file; write it there by hand",
                edit.path,
                field.name()
            )),
        }
    }
}

/// Writes new files once more whose first text is not right, with each part checked. Of
/// the files of a pull those are left that were looked at already.
pub fn look_at(inputs: Inputs<'_>, pull: &mut Pull, paths: &BTreeSet<DocPath>) {
    let Pull { changes, own, places, .. } = pull;
    let places = Places::of(places);
    for change in changes.iter_mut().filter(|change| change.may_be_wrong() && paths.contains(&change.path)) {
        let text = new::looked_at(inputs, change, own).unwrap_or_else(|| change.text());
        change.what = What::New { text, look: Verify::AtOnce };
        places.put(change);
    }
}

fn is_named(rules: &Rules, path: &DocPath) -> bool {
    !rules.paths.is_empty() && rules.means(path.as_str())
}

/// Why an article gets no file, a sentence.
struct LeftOut(String);

/// The name for an article that has no file; why it gets none.
fn without_file(
    inputs: Inputs<'_>,
    found: &LiveArticle,
    asked: &Asked,
    names: &mut Names<'_>,
) -> Result<DocPath, LeftOut> {
    let article = &found.article;
    let is_orphan = inputs.record.articles.contains_key(&(article.id, inputs.rules.locale.clone()));
    if is_orphan && !asked.ids.contains(&article.id) {
        let (id, title) = (article.id, article.title.trim());
        let note = format!("article {id} `{title}` had a file, which is gone; `helpbook pull {id}` brings it back");
        return Err(LeftOut(note));
    }
    if article.body.is_none() {
        let note = format!("article {} is left out, as Intercom does not say its text; run it again", article.id);
        return Err(LeftOut(note));
    }
    if article.title.trim().is_empty() {
        let note = format!("article {} has no title in Intercom and is left out; give it one there", article.id);
        return Err(LeftOut(note));
    }
    Ok(names.article(article))
}

fn change(
    inputs: Inputs<'_>,
    view: &LiveArticle,
    locale: &Locale,
    path: DocPath,
    from: TextVersion,
    what: What,
) -> Change {
    let article = from.of(view);
    Change {
        path,
        id: article.id,
        locale: locale.clone(),
        title: article.title.trim().to_owned(),
        from,
        what,
        images: Vec::new(),
        by: inputs.live.name_of(article.updated_by_id),
        email: article.updated_by_id.and_then(|id| inputs.live.admins.get(&id)).and_then(|admin| admin.email.clone()),
        since: Timestamp::from_second(article.updated_at).ok(),
    }
}

/// The address of an image that Intercom hosts without its signature, which runs out in days;
/// without one Intercom takes the address and signs it (docs/intercom.md 3.5).
fn unsigned(address: &str) -> Option<String> {
    let bare = html::image::bare(address);
    (html::image::is_intercoms(address) && bare != address).then(|| bare.to_owned())
}
