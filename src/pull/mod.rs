//! Live to files: the same road as the plan's, the other way.
//!
//! [`pull`] makes new files for articles that have none, and takes into the others what a teammate
//! changed in Intercom: only the fields and words that changed, the rest of a file keeps its bytes.
//! Where the docs changed the same field, three texts are merged, with the one that was last sent
//! as their record. It decides and writes nothing; [`write()`] writes what was decided, [`keep`] updates
//! the record.

mod collection;
mod file;
mod images;
mod name;
mod new;
mod past;
mod settings;
mod write;

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

pub use collection::{Index, IndexChange};
pub use file::FileIds;
pub use images::{Hosted, NewImage, hosted, place};
pub use name::slug;
pub use past::{Past, PastFile, past};
pub use write::{Written, keep, write};

use crate::book::{self, Book, Content, ImageFile, KeyEdit, with_key};
use crate::config::Config;
use crate::diagnostic::Severity;
use crate::git::{Git, Merged, Sides, marked};
use crate::html::image::Unknown;
use crate::html::{self, Address, Context, DocLink, Extent, HelpCenterUrls, Images, Verify};
use crate::intercom::model::{Article, ArticleId, CollectionId, Locale};
use crate::live::{InLocale, Live, LiveArticle};
use crate::plan::{Edit, Field, Precision, RemoteChanges, Rules, TextRef, TextVersion};
use crate::record::{ArticleRecord, Record};
use crate::text::{DocPath, GitBlob, one_line};
use crate::threads;
use images::{DocsImages, Places};
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

/// The file of an edit, and what Intercom has in its locale.
fn sides<'a>(inputs: Inputs<'a>, edit: &Edit) -> Option<(&'a Content, Cow<'a, LiveArticle>)> {
    let file = inputs.book.contents().find(|content| content.path == edit.path)?;
    match inputs.live.articles.get(&edit.id)?.in_locale(&edit.locale, &inputs.rules.locale) {
        InLocale::There(view) => Some((file, view)),
        InLocale::Missing | InLocale::Unknown => None,
    }
}

/// What of a file changes; the field for which there is no place in it.
fn edited(inputs: Inputs<'_>, edit: &Edit) -> Result<Option<Change>, Field> {
    let Some((file, view)) = sides(inputs, edit) else { return Ok(None) };
    let before = file.source.to_string();
    let all: BTreeSet<Field> = edit.theirs.union(&edit.both).copied().collect();
    let how = Cell::new(Extent::Parts);
    let take = |text: &str, fields: &BTreeSet<Field>| with_fields(inputs, edit, &view, text, fields, &how);
    let labels = Sides {
        ours: format!("docs ({})", edit.path),
        theirs: format!("Intercom ({})", harmless_label(&inputs.live.name_of(edit.from.of(&view).updated_by_id))),
    };
    let merged = if edit.both.is_empty() {
        Merged { text: take(&before, &edit.theirs)?, conflicts: 0 }
    } else {
        let base = edit.base.iter().flat_map(GitBlob::ids).find_map(|id| inputs.git.blob(id));
        let sent = base.map(|sent| with_line_ends_of(&before, sent));
        let three_ways = sent.and_then(|sent| {
            let theirs = take(&sent, &all).ok()?;
            // Keys that both sides add at different lines merge into a file that nobody can read.
            let is_readable = |merged: &Merged| {
                let mut found = Vec::new();
                let article = book::Article::parse(&edit.path, merged.text.as_str().into(), &mut found);
                article.is_some() && found.iter().all(|finding| finding.severity != Severity::Error)
            };
            inputs
                .git
                .merge(&sent, &before, &theirs, &labels)
                .filter(|merged| merged.conflicts > 0 || is_readable(merged))
        });
        match three_ways {
            Some(merged) => merged,
            None => {
                let safe = take(&before, &edit.theirs)?;
                marked(&safe, &take(&safe, &edit.both)?, &labels)
            }
        }
    };
    let precision = if edit.has_own_body { Precision::Exact } else { Precision::Canonical };
    let is_all = says(inputs, edit, &merged.text, precision);
    let keeps = if is_all { Keeps::Nothing } else { Keeps::OwnChanges };
    let what =
        What::Edited { fields: all, before, after: merged.text, conflicts: merged.conflicts, keeps, how: how.get() };
    let body = html::parse(edit.from.of(&view).body.as_deref().unwrap_or_default());
    let change = change(inputs, &view, &edit.locale, edit.path.clone(), edit.from, what);
    Ok(Some(Change { images: images::hosted_in(&body), ..change }))
}

/// A name as the label of a conflict marker: one line that is no marker itself.
fn harmless_label(name: &str) -> String {
    one_line(name).chars().filter(|c| !"<>=|".contains(*c)).collect::<String>().trim().to_owned()
}

/// A text with the line ends of another one: Git may keep a file with others than the working tree.
fn with_line_ends_of(other: &str, text: String) -> String {
    match (other.contains("\r\n"), text.contains("\r\n")) {
        (true, false) => text.replace('\n', "\r\n"),
        (false, true) => text.replace("\r\n", "\n"),
        _ => text,
    }
}

/// Whether a text says all that the article says.
fn says(inputs: Inputs<'_>, edit: &Edit, text: &str, precision: Precision) -> bool {
    let Some(file) = book::Article::parse(&edit.path, text.into(), &mut Vec::new()) else { return false };
    let mut book = Book { images: inputs.book.images.clone(), ..Book::default() };
    book.articles.insert(edit.path.clone(), file);
    let said = TextRef { id: edit.id, locale: edit.locale.clone(), from: edit.from, precision };
    let files = BTreeMap::from([(edit.path.clone(), said)]);
    inputs.taken.proof(&book, inputs.live, inputs.record, inputs.rules, &files).differ.is_empty()
}

/// The text of a file with some fields as they are in Intercom.
fn with_fields(
    inputs: Inputs<'_>,
    edit: &Edit,
    view: &LiveArticle,
    text: &str,
    fields: &BTreeSet<Field>,
    how: &Cell<Extent>,
) -> Result<String, Field> {
    let article = edit.from.of(view);
    let mut text = text.to_owned();
    for field in fields {
        let key = match field {
            Field::Body => {
                let spliced;
                (text, spliced) = with_body(inputs, edit, article, &text).ok_or(*field)?;
                how.set(spliced);
                continue;
            }
            Field::Title => KeyEdit::Title(article.title.trim().to_owned()),
            Field::Description => {
                KeyEdit::Description(article.description.as_deref().unwrap_or_default().trim().to_owned())
            }
            Field::State => KeyEdit::State(view.article.state),
            Field::Author => match article.author_id.and_then(|id| file::author(inputs.live, id, None)) {
                Some(author) => KeyEdit::Author(author),
                None => return Err(*field),
            },
            Field::Collection => {
                let id = inputs.live.places(&view.article).first().copied().ok_or(*field)?;
                KeyEdit::Collection(collection_name(inputs, id))
            }
            Field::Tags
            | Field::RedirectFrom
            | Field::PublishAt
            | Field::UnpublishAt
            | Field::Ai
            | Field::Audiences => {
                let (live, default) = (inputs.live, &inputs.rules.locale);
                let value = settings::value(live, edit.id, &edit.locale, default, *field).ok_or(*field)?;
                KeyEdit::Other(field.id(), value)
            }
        };
        text = with_key(&edit.path, &text, &key).ok_or(*field)?;
    }
    Ok(text)
}

/// How a file names a collection: by its folder, else by its id.
fn collection_name(inputs: Inputs<'_>, id: CollectionId) -> String {
    let folder = inputs.book.collections.iter().find(|(_, collection)| collection.id == Some(id));
    let known = || inputs.record.collections.get(&id).map(|record| &record.folder);
    folder.map(|(folder, _)| folder).or_else(known).map_or_else(|| id.to_string(), |folder| folder.0.clone())
}

/// The text of a file with the live body.
fn with_body(inputs: Inputs<'_>, edit: &Edit, article: &Article, text: &str) -> Option<(String, Extent)> {
    let file = book::Article::parse(&edit.path, text.into(), &mut Vec::new())?;
    let RemoteChanges { links, linked, .. } = inputs.taken;
    let mut live = html::parse(article.body.as_deref().unwrap_or_default());
    let context = Context {
        path: &edit.path,
        offset: 0,
        images: Images { files: &inputs.book.images, host: inputs.rules.images.as_ref() },
        links,
        spacing: inputs.rules.spacing,
        headings: &[],
    };
    let rendered = html::render::body(file.content.markdown(), context);
    let record = inputs.record.articles.get(&(edit.id, edit.locale.clone()));
    let origins = record.map(ArticleRecord::image_origins).unwrap_or_default();
    let unknown = if record.is_some() { Unknown::Left } else { Unknown::ByName };
    html::image::recognise(&mut live, &html::image::images(&rendered), &origins, unknown);
    let names = html::image::Names::of(&origins);
    let shown: HashSet<String> = html::image::names(&rendered).into_iter().collect();
    let docs_images: OnceCell<DocsImages<'_>> = OnceCell::new();
    let of_docs = |address: &str| {
        let name = address.split('?').next().unwrap_or(address).rsplit('/').next()?;
        if html::image::is_intercoms(address) && !names.prove(html::image::bare(address)) {
            return None;
        }
        let images = docs_images.get_or_init(|| DocsImages::of(inputs.book));
        let path = images.named(name).or_else(|| {
            // The image that Intercom has; the docs have other bytes of it by now.
            images.of_same_file(name, &shown).filter(|_| !html::image::is_intercoms(address))
        });
        path.map(|path| path.seen_from(&edit.path))
    };
    let is_writable = |hole: DocLink| links.written(&edit.path, &hole).is_some().then_some(hole);
    let is_gone = |id: ArticleId| !inputs.live.articles.contains_key(&id);
    linked.own.link_as(&mut live, &rendered, &is_gone, &is_writable);
    let written = |address: Address<'_>| match address {
        Address::Link(link) => DocLink::parse(link).and_then(|hole| links.written(&edit.path, &hole)),
        Address::Image(image) => of_docs(image).or_else(|| unsigned(image)),
    };
    let body = html::splice(file.content.markdown(), &live, context, &written);
    let range = file.content.body.range();
    Some((format!("{}{}{}", &text[..range.start], body.text, &text[range.end..]), body.how))
}

/// The address of an image that Intercom hosts without its signature, which runs out in days;
/// without one Intercom takes the address and signs it (docs/intercom.md 3.5).
fn unsigned(address: &str) -> Option<String> {
    let bare = html::image::bare(address);
    (html::image::is_intercoms(address) && bare != address).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::harmless_label;

    #[test]
    fn a_name_writes_no_line_and_no_marker_into_a_file() {
        assert_eq!(harmless_label("Grace O'Hara"), "Grace O'Hara");
        let label = harmless_label("Eve)\nINJECTED\n=======\n>>>>>>> x\n\u{1b}[2J");
        assert!(!label.contains(['\n', '\u{1b}', '=', '>', '<', '|']) && label.starts_with("Eve)"), "{label}");
    }
}
