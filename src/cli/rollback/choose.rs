//! Which earlier text each article goes back to.
//!
//! A version is named by its id; a time means the newest version that is known to have been live by then: the record or
//! its history in Git says so, or it is live now. What is not known is never guessed: it is named, and needs its id. A
//! commit means the file as it was there.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;

use super::wish::{Refusal, What, Wish};
use crate::book::Article;
use crate::cli::failure::Failure;
use crate::cli::past::{self, TextOf};
use crate::cli::project::Project;
use crate::cli::since::Before;
use crate::cli::workspace::{Inputs, Workspace};
use crate::history::{Known, To, was_live_by};
use crate::html::HelpCenterUrls;
use crate::intercom::model::{ArticleId, Locale, State, Version};
use crate::intercom::{Error, Reader, SIDE_BY_SIDE};
use crate::live::InLocale;
use crate::text::{DocPath, minute};

/// What each article goes back to, and what does not.
#[derive(Default)]
pub(super) struct Chosen {
    pub wishes: Vec<Wish>,
    pub refused: Vec<Refusal>,
    /// What else should be known, each a sentence.
    pub notes: Vec<String>,
}

/// A file whose text goes back.
#[derive(Clone)]
struct File<'a> {
    text: TextOf,
    path: DocPath,
    article: &'a Article,
}

/// What one file goes back to.
enum Found {
    Version(Box<Version>, Vec<Version>),
    /// The article, or its text in this locale, is younger.
    Younger,
    /// Nothing is known to have been live; the newest version from before then.
    Unknown(Box<Version>),
    /// There is no version with that id.
    Missing,
}

/// Everything that is asked for the choice.
pub(super) struct Choice<'a> {
    pub project: &'a Project,
    pub workspace: &'a Workspace,
    pub inputs: &'a Inputs,
    pub own: &'a HelpCenterUrls,
}

impl Choice<'_> {
    /// Chooses for every article that is meant.
    pub(super) async fn make(&self, to: &To, before: Option<&Before>) -> Result<Chosen, Failure> {
        let mut chosen = Chosen::default();
        let files = self.files(&mut chosen);
        match to {
            To::Commit(name) => {
                for file in files {
                    self.of_commit(&file, name, before, &mut chosen);
                }
            }
            To::Version(_) | To::Time(_) => self.of_intercom(to, files, &mut chosen).await?,
        }
        Ok(chosen)
    }

    /// The files that are meant and whose articles are in Intercom; the others are refused.
    fn files(&self, chosen: &mut Chosen) -> Vec<File<'_>> {
        let Inputs { book, live, rules, .. } = self.inputs;
        let mut files = Vec::new();
        for article in book.articles.values().filter(|article| rules.means(article.path.as_str())) {
            let path = &article.path;
            let Some(id) = article.id else {
                chosen.refused.push(Refusal::new(
                    path,
                    "it has no `id`: it is not in Intercom yet",
                    format!("`git log {path}` shows what Git knows"),
                ));
                continue;
            };
            let Some(found) = live.articles.get(&id) else {
                chosen.refused.push(deleted(self.inputs, path, id));
                continue;
            };
            for text in past::texts_of(&found.article, &rules.locales, &rules.locale) {
                let content = if text.locale == rules.locale {
                    Some(&article.content)
                } else {
                    article.translations.get(&text.locale)
                };
                match content {
                    Some(content) => files.push(File { text, path: content.path.clone(), article }),
                    None => chosen
                        .notes
                        .push(format!("article {id} has no file in `{}`, and stays as it is there", text.locale)),
                }
            }
        }
        files
    }

    async fn of_intercom(&self, to: &To, files: Vec<File<'_>>, chosen: &mut Chosen) -> Result<(), Failure> {
        let ids = files.iter().map(|file| file.text.id).collect();
        let known = past::known(self.project, &self.inputs.record, &ids);
        let reader = self.workspace.connection.reader();
        let (reader, known) = (&reader, &known);
        let found = stream::iter(files)
            .map(|file| async move {
                let found = self.look(reader, &file, to, known).await?;
                Ok::<_, Error>((file, found))
            })
            .buffered(SIDE_BY_SIDE);
        let found: Vec<(File<'_>, Found)> = found
            .try_collect()
            .await
            .map_err(|error| Failure::of_request(&error, &self.workspace.connection.host()))?;
        let mut missing: Vec<(&str, ArticleId)> = Vec::new();
        for (file, found) in &found {
            match found {
                Found::Version(version, doubtful) => {
                    self.note_doubtful(file, doubtful, chosen);
                    chosen.wishes.push(self.wish(file, version));
                }
                Found::Younger => chosen.notes.push(format!("`{}` was not there yet, and stays as it is", file.path)),
                Found::Unknown(newest) => chosen.refused.push(Refusal::new(
                    &file.path,
                    "nothing says which of its versions was live by then",
                    format!(
                        "`helpbook log {}` shows them; `--to {}` takes the newest one from before then, of {}",
                        file.path,
                        newest.id,
                        when(newest)
                    ),
                )),
                Found::Missing => missing.push((file.path.as_str(), file.text.id)),
            }
        }
        if let (To::Version(version), true, [(path, id), ..]) = (to, chosen.wishes.is_empty(), missing.as_slice()) {
            chosen.refused.push(Refusal::new(
                &DocPath::new(*path),
                format!("article {id} has no version {version}"),
                format!("`helpbook log {path}` shows the versions there are"),
            ));
        }
        if let (To::Version(_), [_, ..]) = (to, missing.as_slice())
            && let Some(wish) = chosen.wishes.first()
        {
            chosen.notes.push(format!(
                "this is a version in `{}`; the other locales stay as they are, and `--to DATE` takes all of them back",
                wish.locale
            ));
        }
        Ok(())
    }

    /// Names the versions that are newer than the chosen one, and of which nothing says that they were live.
    fn note_doubtful(&self, file: &File<'_>, doubtful: &[Version], chosen: &mut Chosen) {
        let Some(newest) = doubtful.first() else { return };
        let more = match doubtful.len() {
            1 => String::new(),
            count => format!(" and {} older ones", count - 1),
        };
        chosen.notes.push(format!(
            "`{}`: version {}{more} from before then is newer, and nothing says that it was live; `--to {}` takes it",
            file.path, newest.id, newest.id
        ));
    }

    fn wish(&self, file: &File<'_>, version: &Version) -> Wish {
        let by = self.inputs.live.name_of(version.created_by_id);
        Wish {
            id: file.text.id,
            locale: file.text.locale.clone(),
            path: file.path.clone(),
            article: file.article.path.clone(),
            label: format!("version {}", version.id),
            source: format!("version {} of {}, by {by}", version.id, when(version)),
            what: What::Version(Box::new(version.clone())),
        }
    }

    /// Looks through the versions of a file's text.
    async fn look(
        &self,
        reader: &Reader,
        file: &File<'_>,
        to: &To,
        known: &BTreeMap<(ArticleId, Locale), Known>,
    ) -> Result<Found, Error> {
        let Some(list) = reader.all_versions(file.text.id, file.text.asked.as_ref()).await? else {
            return Ok(Found::Missing);
        };
        match to {
            To::Version(id) => match list.into_iter().find(|version| version.id == *id) {
                None => Ok(Found::Missing),
                Some(version) => Ok(match self.whole(reader, &file.text, &version).await? {
                    Some(version) => Found::Version(Box::new(version), Vec::new()),
                    None => Found::Missing,
                }),
            },
            To::Time(time) => {
                let nothing = Known::default();
                let known = known.get(&(file.text.id, file.text.locale.clone())).unwrap_or(&nothing);
                self.live_by(reader, &file.text, (*time, known), list).await
            }
            To::Commit(_) => Ok(Found::Missing),
        }
    }

    /// The newest version that is known to have been live by a time.
    async fn live_by(
        &self,
        reader: &Reader,
        text: &TextOf,
        (time, known): (Timestamp, &Known),
        list: Vec<Version>,
    ) -> Result<Found, Error> {
        let mut doubtful = Vec::new();
        for version in list.into_iter().filter(|version| version.created_at <= time.as_second()) {
            // What nothing is known of, and is not live, need not be read.
            if known.is_empty() && version.state != Some(State::Published) {
                doubtful.push(version);
                continue;
            }
            let Some(whole) = self.whole(reader, text, &version).await? else { continue };
            if was_live_by(&whole, known.of(&whole, self.own), time) {
                return Ok(Found::Version(Box::new(whole), doubtful));
            }
            doubtful.push(version);
        }
        Ok(match doubtful.into_iter().next() {
            Some(newest) => Found::Unknown(Box::new(newest)),
            None => Found::Younger,
        })
    }

    /// A version with its body. That of the one that is live was read already, unless it is newer than what was read.
    async fn whole(&self, reader: &Reader, text: &TextOf, version: &Version) -> Result<Option<Version>, Error> {
        let Inputs { live, rules, .. } = self.inputs;
        let view = live.articles.get(&text.id).map(|found| found.in_locale(&text.locale, &rules.locale));
        if version.state == Some(State::Published)
            && let Some(InLocale::There(view)) = view
            && view.article.state == State::Published
            && view.article.title.trim() == version.title.as_deref().unwrap_or_default().trim()
            && version.created_at <= view.article.updated_at
        {
            return Ok(Some(Version { body: view.article.body.clone(), ..version.clone() }));
        }
        reader.version(text.id, &version.id, text.asked.as_ref()).await
    }

    /// What a file said in a commit.
    fn of_commit(&self, file: &File<'_>, name: &str, before: Option<&Before>, chosen: &mut Chosen) {
        let Some(before) = before else { return };
        let id = file.text.id;
        let articles = &before.book.articles;
        let named = articles.values().find(|article| article.id == Some(id));
        let same = || articles.get(&file.article.path).filter(|article| article.id.is_none());
        let content = named.or_else(same).and_then(|article| {
            if file.text.locale == self.inputs.rules.locale {
                Some(&article.content)
            } else {
                article.translations.get(&file.text.locale)
            }
        });
        let Some(content) = content else {
            chosen.notes.push(format!("`{}` was not there in `{name}`, and stays as it is", file.path));
            return;
        };
        if content.path.folder() != file.path.folder() && has_relative_link(content.markdown()) {
            chosen.refused.push(Refusal::new(
                &file.path,
                format!("it was `{}` in `{name}`, and its links are relative to that folder", content.path),
                format!("`helpbook log {}` shows the versions in Intercom, whose links hold anywhere", file.path),
            ));
            return;
        }
        chosen.wishes.push(Wish {
            id,
            locale: file.text.locale.clone(),
            path: file.path.clone(),
            article: file.article.path.clone(),
            label: name.to_owned(),
            source: format!("the file as it was in `{name}`"),
            what: What::File(content.source.to_string()),
        });
    }
}

/// When a version was made, to the minute.
fn when(version: &Version) -> String {
    Timestamp::from_second(version.created_at).map(minute).unwrap_or_default()
}

/// Whether some address in a Markdown text may be relative to its folder.
fn has_relative_link(markdown: &str) -> bool {
    ["](", "]:", "src=\"", "href=\""].iter().any(|start| {
        markdown.match_indices(start).any(|(at, found)| {
            let address = markdown[at + found.len()..].trim_start().trim_start_matches('<');
            let is_absolute =
                ["http://", "https://", "mailto:", "tel:", "#"].iter().any(|kind| address.starts_with(kind));
            !is_absolute
        })
    })
}

/// The refusal for an article that is gone.
fn deleted(inputs: &Inputs, path: &DocPath, id: ArticleId) -> Refusal {
    if inputs.live.unreadable.contains_key(&id) {
        let reason = format!("what Intercom says of article {id} cannot be read");
        return Refusal::new(path, reason, "`helpbook status` shows why");
    }
    let reason = format!("article {id} was deleted in Intercom, and its versions with it");
    let hint = "remove `id` from the file and run `helpbook apply`: that creates it again, with another id and address";
    Refusal::new(path, reason, hint)
}

#[cfg(test)]
mod tests {
    use super::has_relative_link;

    #[test]
    fn only_addresses_of_this_folder_are_relative() {
        assert!(has_relative_link("See [this](other.md)."));
        assert!(has_relative_link("![a](images/a.png)"));
        assert!(has_relative_link("[a]: ../b.md"));
        assert!(!has_relative_link("See [this](https://example.com) and [that](#steps)."));
        assert!(!has_relative_link("Nothing [here]."));
    }
}
