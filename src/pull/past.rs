//! Files as an article's versions would have made them.
//!
//! A file has one name throughout, that of today, so that Git follows it without help. What a version does not hold,
//! such as tags, is not in its file: nothing of the past is guessed. The state is that of today.

use super::name::{Names, translated};
use super::new::{self, New};
use super::{Asked, Drafts, Inputs, file, unsigned, without_file};
use crate::book;
use crate::html::{self, Address, HelpCenterUrls, Verify};
use crate::intercom::model::{AdminId, ArticleId, Locale, Version};
use crate::live::InLocale;
use crate::text::DocPath;

/// A file of an article in a locale.
#[derive(Debug, Clone, PartialEq)]
pub struct PastFile {
    /// The article.
    pub id: ArticleId,
    /// The locale.
    pub locale: Locale,
    /// The file.
    pub path: DocPath,
    /// The author of the article in its default locale.
    author: Option<AdminId>,
}

/// The files of all articles, with the addresses of the Help Center.
#[derive(Debug, Default)]
pub struct Past {
    /// The files.
    pub files: Vec<PastFile>,
    own: HelpCenterUrls,
}

/// The files that articles have, or would get, in the locales that are meant.
pub fn past(inputs: Inputs<'_>) -> Past {
    let Inputs { book, live, record, rules, taken, config, .. } = inputs;
    let mut names = Names::new(book, live, record, &rules.locale, &taken.folders);
    let (mut files, mut without) = (Vec::new(), Vec::new());
    let is_ours = |id: &ArticleId| !taken.foreign.contains(id) && !taken.doubles.contains_key(id);
    for (id, found) in live.articles.iter().filter(|(id, _)| is_ours(id)) {
        let asked = Asked { ids: [*id].into(), drafts: Drafts::Named };
        let path = match taken.files.get(id) {
            Some(path) => path.clone(),
            None => match without_file(inputs, found, &asked, &mut names) {
                Ok(path) if !book::is_excluded(&path, config) => path,
                _ => continue,
            },
        };
        let author = found.article.author_id;
        for locale in &rules.locales {
            if !matches!(found.in_locale(locale, &rules.locale), InLocale::There(_)) {
                continue;
            }
            let is_default = *locale == rules.locale;
            let has_file = if is_default {
                taken.files.contains_key(id)
            } else {
                taken.translations.contains(&(*id, locale.clone()))
            };
            let own_file = book.articles.get(&path).and_then(|article| article.translations.get(locale));
            let path = match own_file {
                Some(content) if !is_default => content.path.clone(),
                _ if is_default => path.clone(),
                _ => translated(&path, locale),
            };
            if !has_file {
                without.extend(New::of(inputs, found, locale, path.clone(), &asked));
            }
            files.push(PastFile { id: *id, locale: locale.clone(), path, author });
        }
    }
    let own = new::own(inputs, &without, &[]);
    Past { files, own }
}

impl Past {
    /// The text of a file at a version that has its body; `None` where its article has no text in that locale today.
    pub fn text(&self, inputs: Inputs<'_>, past: &PastFile, version: &Version) -> Option<String> {
        let found = inputs.live.articles.get(&past.id)?;
        let InLocale::There(view) = found.in_locale(&past.locale, &inputs.rules.locale) else { return None };
        let mut article = view.article.clone();
        article.title = version.title.clone().unwrap_or_default();
        article.description.clone_from(&version.description);
        article.author_id = version.author_id.or(article.author_id);
        let kind = if past.locale == inputs.rules.locale {
            file::Kind::Article(inputs.ids)
        } else {
            file::Kind::Translation(past.author)
        };
        let names = |address: Address<'_>| match address {
            Address::Link(link) => self.own.hole(link).map(|hole| hole.seen_from(&past.path)),
            Address::Image(image) => unsigned(image),
        };
        let body = html::parse(version.body.as_deref().unwrap_or_default());
        Some(file::article(&article, (body, Verify::AtOnce), "", (inputs.live, inputs.config), kind, &names))
    }
}
