//! Versions on disk: what was read of Intercom stays until all of it was, so that a run that was stopped goes on.
//!
//! One file for each text, whole or not there, below `.helpbook/history`. It counts as long as its article did not
//! change. No more than one version of a few texts is in memory at a time.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::past::TextOf;
use crate::intercom::model::{ArticleContent, Version};

/// Versions on disk.
#[derive(Debug)]
pub(super) struct Spool {
    folder: PathBuf,
}

/// Which state of an article a file is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    updated_at: i64,
    draft_updated_at: Option<i64>,
}

impl Stamp {
    /// That of a text as it is now.
    pub fn of(content: &ArticleContent) -> Self {
        Self { updated_at: content.updated_at, draft_updated_at: content.draft_updated_at }
    }
}

/// Where a version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    /// When it was made; Unix seconds.
    pub created_at: i64,
    /// Its id as a number: of one second the later has the higher one.
    pub number: u64,
    /// The text that it is of, by its place in a list.
    pub text: usize,
    /// Where its line begins, and how long it is.
    start: u64,
    length: u64,
}

impl Spool {
    /// The versions below a folder, which is made.
    ///
    /// # Errors
    /// Fails where it cannot be made.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    fn file(&self, text: &TextOf) -> PathBuf {
        self.folder.join(format!("{}.{}.jsonl", text.id, text.locale))
    }

    /// Whether the versions of a text are there, as its article is now.
    pub fn has(&self, text: &TextOf, stamp: &Stamp) -> bool {
        let head = File::open(self.file(text)).and_then(|file| {
            let mut line = String::new();
            BufReader::new(file).read_line(&mut line).map(|_| line)
        });
        head.ok().and_then(|line| serde_json::from_str::<Stamp>(&line).ok()).as_ref() == Some(stamp)
    }

    /// Keeps the versions of a text, in one step.
    ///
    /// # Errors
    /// Fails where they cannot be written.
    pub fn keep(&self, text: &TextOf, stamp: &Stamp, versions: &[Version]) -> io::Result<()> {
        let mut file = NamedTempFile::new_in(&self.folder)?;
        let mut lines = serde_json::to_string(stamp)?;
        lines.push('\n');
        for version in versions {
            lines += &serde_json::to_string(version)?;
            lines.push('\n');
        }
        file.write_all(lines.as_bytes())?;
        file.persist(self.file(text)).map_err(|error| error.error)?;
        Ok(())
    }

    /// Where the versions of a text are.
    ///
    /// # Errors
    /// Fails where its file cannot be read.
    pub fn places(&self, text: &TextOf, number: usize) -> io::Result<Vec<At>> {
        #[derive(Deserialize)]
        struct Head {
            id: String,
            created_at: i64,
        }
        let mut file = BufReader::new(File::open(self.file(text))?);
        let mut line = String::new();
        let mut start = file.read_line(&mut line)? as u64;
        let mut places = Vec::new();
        loop {
            line.clear();
            let length = file.read_line(&mut line)? as u64;
            if length == 0 {
                return Ok(places);
            }
            let Head { id, created_at } = serde_json::from_str(&line)?;
            places.push(At { created_at, number: id.parse().unwrap_or_default(), text: number, start, length });
            start += length;
        }
    }

    /// The version at a place.
    ///
    /// # Errors
    /// Fails where its file cannot be read.
    pub fn read(&self, text: &TextOf, at: At) -> io::Result<Version> {
        let mut file = File::open(self.file(text))?;
        file.seek(SeekFrom::Start(at.start))?;
        let mut line = String::new();
        file.take(at.length).read_to_string(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }

    /// Removes all of it.
    ///
    /// # Errors
    /// Fails where it cannot be removed.
    pub fn remove(self) -> io::Result<()> {
        fs::remove_dir_all(&self.folder)
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intercom::model::{ArticleId, Locale};

    #[test]
    fn what_is_kept_is_there_as_long_as_its_article_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::open(folder.path().join("history")).unwrap();
        let text = TextOf { id: ArticleId(7), locale: Locale::english(), asked: None };
        let stamp = Stamp { updated_at: 5, draft_updated_at: None };
        assert!(!spool.has(&text, &stamp));
        let version = |id: &str, created_at, body: &str| Version {
            id: id.to_owned(),
            created_at,
            body: Some(body.to_owned()),
            ..Version::default()
        };
        let versions = [version("12", 4, "<p>ü\n</p>"), version("9", 4, "<p>old</p>")];
        spool.keep(&text, &stamp, &versions).unwrap();
        assert!(spool.has(&text, &stamp));
        assert!(!spool.has(&text, &Stamp { updated_at: 6, ..stamp }));
        let mut places = spool.places(&text, 0).unwrap();
        places.sort();
        let read: Vec<Version> = places.into_iter().map(|at| spool.read(&text, at).unwrap()).collect();
        assert_eq!(read, [versions[1].clone(), versions[0].clone()]);
        spool.remove().unwrap();
        assert!(!folder.path().join("history").exists());
    }
}
