//! Links to files that moved: the lock says which article was there, its id where it is now.
//!
//! The finding is there already; here it gets the new place and, where the address can be found in
//! the file for certain, the change that fixes it. Nothing here reads a file.

use super::Record;
use crate::book::{Book, Content, Folder};
use crate::html::redirect::redirected;
use crate::html::{DocLink, LinkTargets};
use crate::intercom::model::Locale;
use crate::text::DocPath;

impl Record {
    /// Says of links to files and folders that are gone where those are now.
    pub fn name_moved(&self, book: &mut Book, links: &LinkTargets, default: &Locale) {
        let mut findings = std::mem::take(&mut book.diagnostics);
        for finding in findings.iter_mut().filter(|finding| finding.id == "missing-article") {
            let (Some(gone), Some(content)) = (finding.others.first().cloned(), content(book, &finding.path)) else {
                continue;
            };
            let Some(written) = self.now(book, &gone, default).and_then(|hole| links.led(&content.path, &hole)) else {
                continue;
            };
            finding.help = Some(format!("it moved: write `{written}`"));
            finding.fix =
                finding.span.and_then(|span| redirected(content, span, |_| Some(written))).map(|(_, fix)| fix);
        }
        book.diagnostics = findings;
    }

    /// The path now of what was at a path when it was last sent.
    fn now(&self, book: &Book, gone: &DocPath, default: &Locale) -> Option<DocLink> {
        let mut places: Vec<DocLink> = Vec::new();
        for ((id, locale), _) in self.articles.iter().filter(|(_, record)| record.path == *gone) {
            let article = book.article(*id)?;
            let content = if locale == default { &article.content } else { article.translations.get(locale)? };
            places.push(DocLink::Article { path: content.path.clone(), heading: None });
        }
        for (id, record) in &self.collections {
            if record.folder.0 == gone.as_str() || record.folder.index() == *gone {
                let (Folder(folder), _) = book.collections.iter().find(|(_, there)| there.id == Some(*id))?;
                places.push(DocLink::Collection { folder: folder.clone(), locale: None });
            }
        }
        // Two records of one path are left from a merge: nobody can tell which one is meant.
        places.pop().filter(|_| places.is_empty())
    }
}

/// The text of a file of an article.
fn content<'b>(book: &'b Book, path: &DocPath) -> Option<&'b Content> {
    book.contents().find(|content| content.path == *path)
}
