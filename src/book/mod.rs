//! The docs folder as values.
//!
//! [`Book::load`] reads every file once and gives back articles, collections, images and all that
//! is wrong with them; it never stops at the first finding and never writes. [`edit`] is the only
//! writer in the docs folder. Nothing here knows HTML or the network.

mod article;
mod below_extra;
mod collection;
mod drawing;
pub mod edit;
mod files;
pub mod fix;
mod front_matter;
mod image;
mod keys;
mod other_locales;
mod restored;
#[cfg(test)]
mod schema;
mod settings;
mod translation;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use article::{Article, Content, ContentKey, article_keys};
pub use collection::{Collection, CollectionContent, CollectionRef, Folder, title_of_folder};
pub use edit::EditError;
pub use files::{Ignored, is_docs_text, is_excluded, is_hidden, left_out_ids, looks_like_an_article};
pub use front_matter::FrontMatter;
pub use image::{Flaw, ImageFile, LARGEST_IMAGE, image_bytes};
pub use keys::{KeyEdit, id_in, in_lines, index_text, is_with_id, quoted, with_id, with_index_key, with_key};
pub use restored::{left, restored};
pub use settings::{Ai, Availability, OldAddress, Settings};

use crate::config::{Config, Level};
use crate::diagnostic::{Diagnostic, Severity, id};
use crate::intercom::model::{ArticleId, CollectionId, State};
use crate::text::DocPath;
use crate::threads;

/// Everything in the docs folder.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// The docs folder on disk.
    pub root: PathBuf,
    /// The articles, by path.
    pub articles: BTreeMap<DocPath, Article>,
    /// The collections, by folder; parents come before their children.
    pub collections: BTreeMap<Folder, Collection>,
    /// Files that are neither articles nor describe a collection: they have no address in a Help
    /// Center.
    pub others: BTreeSet<DocPath>,
    /// The images, by path.
    pub images: BTreeMap<DocPath, ImageFile>,
    /// What is wrong with the files.
    pub diagnostics: Vec<Diagnostic>,
    /// Files that are left out by their name or by `exclude`, and that hold the id of an article that no other
    /// file has; looked for only where such an article would count as orphaned.
    pub left_out: BTreeMap<ArticleId, DocPath>,
    /// The text of every file, for showing a finding in its place.
    pub sources: BTreeMap<DocPath, Arc<str>>,
}

/// Whether the keys named `id` count. The local Help Center keeps ids of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ids {
    /// They do: they are ids of the workspace.
    FrontMatter,
    /// They do not: ids live with the local Help Center's store.
    Ignored,
}

/// The docs folder cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It is not there, or not a folder.
    #[error("there is no docs folder at `{}`", .0.display())]
    NoFolder(PathBuf),
}

impl Book {
    /// Reads the docs folder of a project, but for what is ignored.
    ///
    /// # Errors
    /// Fails only where there is no such folder; what is wrong with a file is a diagnostic.
    pub fn load(project: &Path, config: &Config, ids: Ids, ignored: &Ignored) -> Result<Self, LoadError> {
        let root = project.join(&config.docs);
        let root = std::fs::canonicalize(&root).ok().filter(|root| root.is_dir()).ok_or(LoadError::NoFolder(root))?;
        let mut diagnostics = Vec::new();
        let found = files::walk(&root, config, ignored, &mut diagnostics);
        let read = threads::map(&found.markdown, |path| Read::of(&root, path, config));
        let folder = Self { root, images: found.images, others: found.others, diagnostics, ..Self::default() };
        Ok(folder.filled(found.markdown.into_iter().zip(read), config, ids))
    }

    /// The docs as they will be read once these texts and images are written, in place of those that are
    /// there or beside them. Nothing is read from the disk, so nothing is said of files that cannot be.
    pub fn with(
        &self,
        texts: BTreeMap<DocPath, Arc<str>>,
        images: BTreeMap<DocPath, ImageFile>,
        config: &Config,
        ids: Ids,
    ) -> Self {
        let mut folder = Self {
            root: self.root.clone(),
            images: self.images.clone(),
            others: self.others.clone(),
            ..Self::default()
        };
        for (path, image) in images {
            if files::kind(&path, config) == files::Kind::Image {
                folder.images.insert(path.clone(), image);
            }
            folder.others.insert(path);
        }
        let mut sources = self.sources.clone();
        for (path, text) in texts {
            if files::kind(&path, config) == files::Kind::Markdown {
                sources.insert(path, text);
            } else {
                folder.others.insert(path);
            }
        }
        let sources: Vec<(DocPath, Arc<str>)> = sources.into_iter().collect();
        let read = threads::map(&sources, |(path, source)| Read::of_text(path, Arc::clone(source), config));
        folder.filled(sources.into_iter().map(|(path, _)| path).zip(read), config, ids)
    }

    /// The docs that these files make, in a folder of which nothing else is to be read.
    fn filled(mut self, files: impl Iterator<Item = (DocPath, Read)>, config: &Config, ids: Ids) -> Self {
        // A map of what is sorted takes half the memory of one that grows file by file.
        let (mut sources, mut articles, mut translations) = (Vec::new(), Vec::new(), Vec::new());
        for (path, read) in files {
            let Read { source, what, mut diagnostics } = read;
            self.diagnostics.append(&mut diagnostics);
            let Some(source) = source else { continue };
            sources.push((path.clone(), source));
            match what {
                What::Article(article) => articles.push((path, *article)),
                What::Collection(index) => drop(self.collections.insert(Folder::of(&path), *index)),
                What::Translation(named) => translations.push(*named),
                What::Nothing => {}
            }
        }
        (self.sources, self.articles) = (sources.into_iter().collect(), articles.into_iter().collect());
        collection::complete(&mut self);
        for named in translations {
            translation::add(&mut self, named);
        }
        other_locales::name(&mut self, config);
        if ids == Ids::Ignored {
            self.forget_ids();
        }
        self.refuse_doubled_ids();
        self.name_unlisted(config.state);
        self.apply_severities(&config.checks);
        self
    }

    /// Whether a finding stops every command.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Every text of every article: that of the default locale, then its translations.
    pub fn contents(&self) -> impl Iterator<Item = &Content> {
        self.articles.values().flat_map(Article::contents)
    }

    /// The article with an id. Whoever looks for many makes a map of them.
    pub fn article(&self, id: ArticleId) -> Option<&Article> {
        self.articles.values().find(|article| article.id == Some(id))
    }

    fn forget_ids(&mut self) {
        for article in self.articles.values_mut() {
            article.id = None;
        }
        for collection in self.collections.values_mut() {
            collection.id = None;
        }
    }

    fn refuse_doubled_ids(&mut self) {
        let mut articles: BTreeMap<ArticleId, DocPath> = BTreeMap::new();
        for (path, article) in &self.articles {
            if let Some(id) = article.id
                && let Some(first) = articles.insert(id, path.clone())
            {
                let span = article.content.front.span_of("id");
                self.diagnostics.push(doubled_id(path, span, &first, &id.to_string()));
            }
        }
        let mut collections: BTreeMap<CollectionId, DocPath> = BTreeMap::new();
        for collection in self.collections.values() {
            if let (Some(id), Some(path)) = (collection.id, &collection.index)
                && let Some(first) = collections.insert(id, path.clone())
            {
                self.diagnostics.push(doubled_id(path, collection.id_span, &first, &id.to_string()));
            }
        }
    }

    /// A new article without a collection is reachable by its address alone (docs/intercom.md 9). Where an article
    /// that has an id is, Intercom knows.
    fn name_unlisted(&mut self, state: Option<State>) {
        for article in self.articles.values() {
            let is_published = article.content.state.or(state) == Some(State::Published);
            if is_published && article.id.is_none() && article.collection == CollectionRef::Unsaid {
                let message = "the article is to be published, and is in no collection";
                self.diagnostics.push(
                    Diagnostic::warning("unlisted", &article.path, None, message)
                        .label("only its own address would point to it")
                        .help("put the file into a folder, or name a `collection`"),
                );
            }
        }
    }

    /// Sets the levels that the configuration gives to single findings. An error stays one: what
    /// it names cannot be sent as it is.
    fn apply_severities(&mut self, checks: &BTreeMap<String, Level>) {
        apply_severities(&mut self.diagnostics, checks);
    }
}

/// A Markdown file, read by itself.
struct Read {
    /// Its text; nothing where it cannot be read.
    source: Option<Arc<str>>,
    what: What,
    diagnostics: Vec<Diagnostic>,
}

/// What a Markdown file is.
enum What {
    Article(Box<Article>),
    Collection(Box<Collection>),
    Translation(Box<translation::Named>),
    /// One that cannot be used, or an index in a locale that is not listed.
    Nothing,
}

impl Read {
    fn of(root: &Path, path: &DocPath, config: &Config) -> Self {
        let mut diagnostics = Vec::new();
        match files::read(root, path, &mut diagnostics) {
            Some(text) => Self::of_text(path, text.into(), config),
            None => Self { source: None, what: What::Nothing, diagnostics },
        }
    }

    fn of_text(path: &DocPath, source: Arc<str>, config: &Config) -> Self {
        let mut diagnostics = Vec::new();
        refuse_control_characters(path, &source, &mut diagnostics);
        let what = if let Some(named) = translation::named(path, config) {
            What::Translation(Box::new(named.read(&source)))
        } else if path.name() == collection::INDEX {
            let index = Collection::parse(path, &source, &mut diagnostics);
            if index.as_ref().is_some_and(|index| index.id.is_none()) {
                refuse_unless_id_fits(path, &source, &mut diagnostics);
            }
            index.map_or(What::Nothing, |index| What::Collection(Box::new(index)))
        } else if path.name().starts_with('_') {
            What::Nothing
        } else {
            let article = Article::parse(path, Arc::clone(&source), &mut diagnostics);
            let may_not_fit =
                |article: &Article| article.id.is_none() && !article.content.front.has_a_key_a_line(&source);
            if article.as_ref().is_some_and(may_not_fit) {
                refuse_unless_id_fits(path, &source, &mut diagnostics);
            }
            article.map_or(What::Nothing, |article| What::Article(Box::new(article)))
        };
        Self { source: Some(source), what, diagnostics }
    }
}

/// Gives findings the levels of the configuration; errors stay errors.
pub fn apply_severities(diagnostics: &mut Vec<Diagnostic>, checks: &BTreeMap<String, Level>) {
    diagnostics.retain_mut(|finding| {
        if finding.severity == Severity::Error {
            return true;
        }
        match checks.get(finding.id) {
            Some(Level::Off) => false,
            Some(Level::Error) => {
                finding.severity = Severity::Error;
                true
            }
            _ => true,
        }
    });
}

/// Control characters are invisible, and what becomes of them in Intercom is not known.
fn refuse_control_characters(path: &DocPath, source: &str, diagnostics: &mut Vec<Diagnostic>) {
    // The first byte of every one of them; what is none has its second byte looked at below.
    let may_be_odd = |byte: u8| (byte < b' ' && !matches!(byte, b'\n' | b'\r' | b'\t')) || matches!(byte, 0x7f | 0xc2);
    // Mostly there is none, and looking at every byte is faster than stopping at the first one.
    if !source.bytes().fold(false, |found, byte| found | may_be_odd(byte)) {
        return;
    }
    let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if let Some((at, c)) = source.char_indices().find(|(_, c)| is_odd(*c)) {
        let span = crate::text::Span::new(at, at + c.len_utf8());
        let message = format!("the file holds a control character, U+{:04X}", u32::from(c));
        diagnostics.push(Diagnostic::error(id::CONTROL_CHARACTER, path, span, message).help("remove it"));
    }
}

/// An article or collection that is created gets its id into its file, so it has to fit there.
fn refuse_unless_id_fits(path: &DocPath, source: &str, diagnostics: &mut Vec<Diagnostic>) {
    let Some((front, keys)) = FrontMatter::read(source) else { return };
    if front.keys.is_none() || keys.contains("id") || with_id(source, u64::MAX).is_some() {
        return;
    }
    diagnostics.push(
        Diagnostic::error("id-place", path, front.keys, "no `id` can be added to this front matter")
            .label("its article in Intercom could not be found again")
            .help("write one `key: value` a line, or remove the lines `---` where there is no key"),
    );
}

fn doubled_id(path: &DocPath, span: Option<crate::text::Span>, first: &DocPath, id: &str) -> Diagnostic {
    Diagnostic::error("doubled-id", path, span, format!("`{path}` and `{first}` have the same id {id}"))
        .about(first)
        .label(format!("`{first}` has it too"))
        .help("one of them is a copy: remove `id` from it, and helpbook creates it as an article of its own")
}

#[cfg(test)]
mod tests;
