//! Files of the project that nothing may lead elsewhere: no link is followed, no device is waited for, and
//! no file is longer than it can be.
//!
//! A checkout is a stranger's: any of its files may be a link to one outside, which is then neither read
//! nor written nor emptied.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

/// Reads a text file that is no link and not longer than `most` bytes.
///
/// # Errors
/// Fails where it is not there, is a link or no plain file, is longer, or is not UTF-8.
pub fn read(file: &Path, most: u64) -> io::Result<String> {
    plain(file)?;
    let mut text = String::new();
    // What grows while it is read is cut, too.
    File::open(file)?.take(most + 1).read_to_string(&mut text)?;
    if text.len() as u64 > most {
        return Err(io::Error::new(ErrorKind::FileTooLarge, format!("it is larger than {} MB", most / 1024 / 1024)));
    }
    Ok(text)
}

/// Opens a file of ours for writing, made where there is none; what it holds stays.
///
/// # Errors
/// Fails where it is a link or no plain file, or cannot be opened.
pub fn open(file: &Path) -> io::Result<File> {
    match plain(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().write(true).create(true).truncate(false).open(file)
}

/// A file that keeps every other run out for as long as this lives.
#[derive(Debug)]
pub struct Held {
    file: File,
    path: PathBuf,
}

impl Held {
    /// Takes a file, made where there is none.
    ///
    /// # Errors
    /// Fails with [`TryLockError::WouldBlock`] where another run has it, and as [`open()`] does.
    pub fn take(path: PathBuf) -> Result<Self, TryLockError> {
        let file = open(&path).map_err(TryLockError::Error)?;
        file.try_lock()?;
        Ok(Self { file, path })
    }

    /// Whether the file is still the one that was taken: where it was deleted, another run takes the next one.
    pub fn is_held(&self) -> bool {
        identity(self.file.metadata()) == identity(fs::symlink_metadata(&self.path))
    }
}

/// What differs between a file and another one at its path.
#[cfg(unix)]
fn identity(about: io::Result<fs::Metadata>) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    about.ok().map(|about| (about.dev(), about.ino()))
}

/// Elsewhere a file that is open cannot be deleted.
#[cfg(not(unix))]
fn identity(about: io::Result<fs::Metadata>) -> bool {
    about.is_ok()
}

/// Refuses a path that is a link or has one among the folders on the way to it from `root`. What is not there
/// is none.
///
/// # Errors
/// Fails where one is, and where that cannot be seen.
pub fn refuse_links(root: &Path, path: &Path) -> io::Result<()> {
    let mut at = root.to_owned();
    for part in path.components() {
        at.push(part);
        match fs::symlink_metadata(&at) {
            Ok(about) if about.is_symlink() => return Err(is_link(&at)),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
            Ok(_) => {}
        }
    }
    Ok(())
}

fn plain(file: &Path) -> io::Result<()> {
    let about = fs::symlink_metadata(file)?;
    if about.is_symlink() {
        return Err(is_link(file));
    }
    if !about.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is no plain file"));
    }
    Ok(())
}

fn is_link(path: &Path) -> io::Error {
    io::Error::other(format!(
        "{} is a link on disk, and is not followed; put what it leads to in its place",
        path.display()
    ))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn no_link_is_read_opened_or_passed_through() {
        let (project, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let secret = outside.path().join("notes.txt");
        fs::write(&secret, "mine").unwrap();
        let at = |name: &str| project.path().join(name);
        symlink(&secret, at("file")).unwrap();
        symlink(outside.path(), at("folder")).unwrap();
        symlink(outside.path().join("none"), at("dangling")).unwrap();
        assert!(read(&at("file"), 10).is_err() && open(&at("file")).is_err() && open(&at("dangling")).is_err());
        assert!(refuse_links(project.path(), Path::new("folder/new.md")).is_err());
        assert!(refuse_links(project.path(), Path::new("a/new.md")).is_ok());
        assert_eq!(fs::read_to_string(&secret).unwrap(), "mine");
        assert!(!outside.path().join("none").exists());
    }

    #[test]
    fn a_lock_that_was_deleted_is_held_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("run.lock");
        let held = Held::take(file.clone()).unwrap();
        assert!(held.is_held());
        assert!(matches!(Held::take(file.clone()), Err(TryLockError::WouldBlock)));
        fs::remove_file(&file).unwrap();
        assert!(!held.is_held());
        let second = Held::take(file).unwrap();
        assert!(second.is_held() && !held.is_held());
    }

    #[test]
    fn a_file_is_bounded_and_what_is_open_keeps_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        fs::write(&file, "12345").unwrap();
        assert_eq!(read(&file, 5).unwrap(), "12345");
        assert!(read(&file, 4).is_err());
        drop(open(&file).unwrap());
        assert_eq!(fs::read_to_string(&file).unwrap(), "12345");
        assert!(read(Path::new("/dev/zero"), 10).is_err());
    }
}
