//! The only writer in the docs folder: a key into the front matter, or a new file.
//!
//! A file is read again right before it is written, changed in one place and replaced in one step,
//! so every other byte stays: CRLF, comments, quotes, a missing last newline.

use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use super::keys::with_id;
use crate::disk;
use crate::text::DocPath;

/// Writing into the docs folder failed.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{path}`: {source}")]
pub struct EditError {
    /// The file.
    pub path: DocPath,
    /// Why.
    pub source: io::Error,
}

/// Writes `id: ID` into the front matter of a file, which gets one where it has none.
///
/// Gives back the text before and after.
///
/// # Errors
/// Fails where the file cannot be read or written, its front matter is broken by now, or it has got
/// another id in the meantime.
pub fn set_id(root: &Path, path: &DocPath, id: u64) -> Result<Edited, EditError> {
    let file = root.join(path.as_str());
    let fail = |source| EditError { path: path.clone(), source };
    disk::refuse_links(root, Path::new(path.as_str())).map_err(fail)?;
    let text = fs::read_to_string(&file).map_err(fail)?;
    let changed = with_id(&text, id).ok_or_else(|| {
        fail(io::Error::new(io::ErrorKind::InvalidData, "its front matter is broken by now, or holds another id"))
    })?;
    if changed != text {
        replace(&file, &changed).map_err(fail)?;
    }
    Ok(Edited { before: text, after: changed })
}

/// A file before and after an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// Its text before.
    pub before: String,
    /// Its text now.
    pub after: String,
}

/// Replaces the text of a file that still says what it said.
///
/// # Errors
/// Fails where the file was changed since, or cannot be read or written.
pub fn change(root: &Path, path: &DocPath, before: &str, after: &str) -> Result<(), EditError> {
    let file = root.join(path.as_str());
    let fail = |source| EditError { path: path.clone(), source };
    disk::refuse_links(root, Path::new(path.as_str())).map_err(fail)?;
    if fs::read_to_string(&file).map_err(fail)? != before {
        return Err(fail(io::Error::new(io::ErrorKind::InvalidData, "it was changed in between; run it again")));
    }
    replace(&file, after).map_err(fail)
}

/// Writes a file that is not there yet.
///
/// # Errors
/// Fails where the file is there, or cannot be written.
pub fn create(root: &Path, path: &DocPath, text: &str) -> Result<(), EditError> {
    create_file(root, path, text.as_bytes(), Lasting::AtOnce)
}

/// Writes a file that is not there yet and whose text can be had again: the disk may take its time.
///
/// # Errors
/// Fails where the file is there, or cannot be written.
pub fn create_copy(root: &Path, path: &DocPath, text: &str) -> Result<(), EditError> {
    create_file(root, path, text.as_bytes(), Lasting::InTime)
}

/// When the bytes of a file are on the disk itself, whatever becomes of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lasting {
    AtOnce,
    InTime,
}

fn create_file(root: &Path, path: &DocPath, bytes: &[u8], lasting: Lasting) -> Result<(), EditError> {
    let file = root.join(path.as_str());
    let fail = |source| EditError { path: path.clone(), source };
    let folder = file.parent().unwrap_or(root);
    disk::refuse_links(root, Path::new(path.as_str())).map_err(fail)?;
    fs::create_dir_all(folder).map_err(fail)?;
    let new = draft(folder, [bytes].into_iter(), lasting).map_err(fail)?;
    readable(new.path()).map_err(fail)?;
    new.persist_noclobber(&file).map_err(|error| fail(error.error))?;
    Ok(())
}

/// Writes an image that is not there yet. One that is there with the same bytes is written already.
///
/// # Errors
/// Fails where another file is there, or it cannot be written.
pub fn create_image(root: &Path, path: &DocPath, bytes: &[u8]) -> Result<(), EditError> {
    let file = root.join(path.as_str());
    let has_no_link = disk::refuse_links(root, Path::new(path.as_str())).is_ok();
    if has_no_link && fs::read(&file).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    create_file(root, path, bytes, Lasting::InTime)
}

/// Replaces a file in one step, with the same permissions.
pub(crate) fn replace(file: &Path, text: &str) -> io::Result<()> {
    replace_by_parts(file, [text].into_iter())
}

/// Replaces a file with a text that is in parts, in one step, with the same permissions.
pub(crate) fn replace_by_parts<'t>(file: &Path, parts: impl Iterator<Item = &'t str>) -> io::Result<()> {
    let folder = file.parent().unwrap_or_else(|| Path::new("."));
    let new = draft(folder, parts.map(str::as_bytes), Lasting::AtOnce)?;
    match fs::metadata(file) {
        Ok(about) => fs::set_permissions(new.path(), about.permissions())?,
        Err(_) => readable(new.path())?,
    }
    new.persist(file).map_err(|error| error.error)?;
    Ok(())
}

/// How many bytes are written at once.
const BUFFER: usize = 256 * 1024;

/// The bytes of a file on the disk that it is for. A run that is killed leaves it in `.helpbook`,
/// which Git ignores, and not among the docs.
fn draft<'b>(folder: &Path, parts: impl Iterator<Item = &'b [u8]>, lasting: Lasting) -> io::Result<NamedTempFile> {
    let private =
        folder.ancestors().map(|above| above.join(".helpbook")).find(|private| is_on_disk_of(private, folder));
    let new = tempfile::Builder::new().prefix(".helpbook-").tempfile_in(private.as_deref().unwrap_or(folder))?;
    let mut writer = BufWriter::with_capacity(BUFFER, new.as_file());
    for part in parts {
        writer.write_all(part)?;
    }
    writer.flush()?;
    drop(writer);
    if lasting == Lasting::AtOnce {
        new.as_file().sync_all()?;
    }
    Ok(new)
}

/// Whether a folder is there, and a file in it can be moved into another one in one step.
#[cfg(unix)]
fn is_on_disk_of(private: &Path, folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let disk = |folder: &Path| fs::symlink_metadata(folder).ok().filter(fs::Metadata::is_dir).map(|about| about.dev());
    disk(private).is_some_and(|private| fs::metadata(folder).is_ok_and(|about| about.dev() == private))
}

#[cfg(not(unix))]
fn is_on_disk_of(private: &Path, _: &Path) -> bool {
    private.is_dir()
}

/// Temporary files are private; a file of the project is as readable as its neighbours.
#[cfg(unix)]
fn readable(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::index_text;

    #[track_caller]
    fn check(before: &str, after: &str) {
        assert_eq!(with_id(before, 7).as_deref(), Some(after));
    }

    #[test]
    fn an_id_is_one_new_line_and_nothing_else_changes() {
        check("---\ntitle: 'a' # why\n---\nBody", "---\ntitle: 'a' # why\nid: 7\n---\nBody");
        check("---\r\ntitle: a\r\n---\r\nBody\r\n", "---\r\ntitle: a\r\nid: 7\r\n---\r\nBody\r\n");
        check("# Title\n", "---\nid: 7\n---\n# Title\n");
        check("# Title\r\n", "---\r\nid: 7\r\n---\r\n# Title\r\n");
        check("\u{feff}# Title", "\u{feff}---\nid: 7\n---\n# Title");
        check("---\n---\nBody", "---\nid: 7\n---\nBody");
        check("", "---\nid: 7\n---\n");
    }

    #[test]
    fn an_id_goes_where_the_other_keys_are() {
        check("---\n  title: a\n  state: draft\n---\nB", "---\n  title: a\n  state: draft\n  id: 7\n---\nB");
        check("---\n{title: a}\n---\nB", "---\n{title: a, id: 7}\n---\nB");
        check("---\n{ title: a, } # why\n---\nB", "---\n{ title: a, id: 7, } # why\n---\nB");
        check("---\n{}\n---\n# B", "---\n{id: 7}\n---\n# B");
        check("---\n{ title: a, description: }\n---\nB", "---\n{id: 7, title: a, description: }\n---\nB");
        check(
            "---\n{\n  \"title\": \"a\",\n  \"tags\": [\"x\"] # why\n}\n---\nB",
            "---\n{\n  \"title\": \"a\",\n  \"tags\": [\"x\"], \"id\": 7 # why\n}\n---\nB",
        );
        check("---\ntitle: a\n...\n---\nB", "---\ntitle: a\nid: 7\n...\n---\nB");
        check("---  \ntitle: a\n# last\n---\nB", "---  \ntitle: a\n# last\nid: 7\n---\nB");
        check("---\n# only\n---\n# B", "---\n# only\nid: 7\n---\n# B");
        check("---\n? title\n: a\n---\nB", "---\n? title\n: a\nid: 7\n---\nB");
        check("---\n\"id\": 7\ntitle: a\n---\nB", "---\n\"id\": 7\ntitle: a\n---\nB");
    }

    #[test]
    fn another_id_that_stands_there_is_never_replaced() {
        check("---\nid: 7 # same\ntitle: a\n---\n", "---\nid: 7 # same\ntitle: a\n---\n");
        assert_eq!(with_id("---\nid: 5\n---\n", 7), None);
    }

    #[test]
    fn a_new_file_never_overwrites_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = DocPath::new("a/_index.md");
        create(folder.path(), &path, &index_text("Q&A: all", 7)).unwrap();
        assert!(create(folder.path(), &path, "other").is_err());
        let text = fs::read_to_string(folder.path().join("a/_index.md")).unwrap();
        assert_eq!(text, "---\ntitle: \"Q&A: all\"\nid: 7\n---\n");
    }
}
