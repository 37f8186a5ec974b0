//! An image of the docs folder: its identity, and what is wrong with it.
//!
//! The identity is the SHA-256 of the bytes, never the name. The first bytes say what kind of image it
//! is. Files are read here and nowhere followed: a link on disk is a flaw.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::drawing::{Drawing, drawing};
use crate::text::{DocPath, Sha256};

/// The largest image that is sent, in bytes. Intercom names no bound; a reader waits for all of it.
pub const LARGEST_IMAGE: u64 = 10 * 1024 * 1024;

/// The endings under which images are looked for: those that Intercom takes, and those that
/// somebody may take for one.
const ENDINGS: [&str; 12] = ["png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "bmp", "tif", "tiff", "heic", "ico"];

/// An image of the docs folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFile {
    /// The digest of its bytes; of no bytes where they were not read.
    pub sha256: Sha256,
    /// How many bytes it has; of one that is too large at least so many.
    pub bytes: u64,
    /// Why it cannot be sent.
    pub flaw: Option<Flaw>,
}

/// Why an image cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Its bytes are not those of a PNG, JPEG, GIF or SVG (docs/intercom.md 3.2).
    NoImage,
    /// Git LFS has not fetched it: the file only names it.
    LfsPointer,
    /// It is larger than [`LARGEST_IMAGE`].
    TooLarge,
    /// It is an SVG of which something can run.
    Script,
    /// It is an SVG that is no well-formed XML.
    Broken,
    /// It is a link on disk.
    Link,
    /// It cannot be read.
    Unreadable,
}

impl ImageFile {
    /// Whether a file is looked at as an image, by its name.
    pub(super) fn is_meant(path: &DocPath) -> bool {
        let ending = path.name().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
    }

    /// Reads an image.
    pub(super) fn load(file: &Path) -> Self {
        match read(file) {
            Ok(bytes) => Self::of(&bytes),
            Err(_) => Self::flawed(Flaw::Unreadable),
        }
    }

    /// An image by its bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self { sha256: Sha256::of(bytes), bytes: bytes.len() as u64, flaw: flaw(bytes) }
    }

    /// The ending that the name of such an image has; nothing for bytes that are none.
    pub fn ending(bytes: &[u8]) -> Option<&'static str> {
        match bytes {
            [0x89, b'P', b'N', b'G', ..] => Some("png"),
            [0xff, 0xd8, 0xff, ..] => Some("jpg"),
            [b'G', b'I', b'F', b'8', ..] => Some("gif"),
            _ if flaw(bytes).is_none() => Some("svg"),
            _ => None,
        }
    }

    /// An image that is not read.
    pub(super) fn flawed(flaw: Flaw) -> Self {
        Self { sha256: Sha256::of([]), bytes: 0, flaw: Some(flaw) }
    }
}

/// Reads the bytes of an image, one more than the largest has at most.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(LARGEST_IMAGE + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads an image of the docs folder for sending it. Its path leads through no link on disk.
///
/// # Errors
/// Fails where it cannot be read, or is not in the docs folder.
pub fn image_bytes(docs: &Path, path: &DocPath) -> io::Result<Vec<u8>> {
    let docs = std::fs::canonicalize(docs)?;
    let file: PathBuf = docs.iter().chain(path.as_str().split('/').map(OsStr::new)).collect();
    if std::fs::canonicalize(&file)? != file {
        return Err(io::Error::other("a link on disk points elsewhere"));
    }
    read(&file)
}

fn flaw(bytes: &[u8]) -> Option<Flaw> {
    if bytes.starts_with(b"version https://git-lfs.github.com/spec/") {
        return Some(Flaw::LfsPointer);
    }
    let is_bitmap = is_bitmap(bytes);
    if bytes.len() as u64 > LARGEST_IMAGE && (is_bitmap || bytes.trim_ascii_start().starts_with(b"<")) {
        return Some(Flaw::TooLarge);
    }
    if is_bitmap {
        return None;
    }
    match drawing(&String::from_utf8_lossy(bytes)) {
        Some(Drawing::Harmless) => None,
        Some(Drawing::Active) => Some(Flaw::Script),
        Some(Drawing::Broken) => Some(Flaw::Broken),
        None => Some(Flaw::NoImage),
    }
}

fn is_bitmap(bytes: &[u8]) -> bool {
    let starts: [&[u8]; 4] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a"];
    starts.iter().any(|start| bytes.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: impl AsRef<[u8]>, expected: Option<Flaw>) {
        assert_eq!(flaw(bytes.as_ref()), expected);
    }

    #[test]
    fn the_first_bytes_tell_what_an_image_is() {
        check(b"\x89PNG\r\n\x1a\nrest", None);
        check(b"\xff\xd8\xff\xe0", None);
        check("GIF89a..", None);
        check("GIF8 is a format", Some(Flaw::NoImage));
        check("<?xml version=\"1.0\"?>\n<!-- x --><!DOCTYPE svg [<!ENTITY a \"b\">]><svg xmlns=\"x\"/>", None);
        check("<html><svg></svg></html>", Some(Flaw::NoImage));
        check("RIFF....WEBP", Some(Flaw::NoImage));
        check("", Some(Flaw::NoImage));
        check("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", Some(Flaw::LfsPointer));
    }

    #[test]
    fn an_image_has_a_bound() {
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        png.resize(usize::try_from(LARGEST_IMAGE).unwrap(), 0);
        check(&png, None);
        png.push(0);
        check(&png, Some(Flaw::TooLarge));
    }

    #[test]
    fn a_drawing_with_a_script_is_not_sent() {
        check("<svg><script>x()</script></svg>", Some(Flaw::Script));
        check("<svg><g></svg>", Some(Flaw::Broken));
        check("<svg><g/></svg>", None);
    }

    #[test]
    fn bytes_of_another_file_are_never_read() {
        let folder = tempfile::tempdir().unwrap();
        let docs = folder.path().join("docs");
        std::fs::create_dir(&docs).unwrap();
        std::fs::write(folder.path().join("secret.png"), "secret").unwrap();
        std::fs::write(docs.join("a.png"), "bytes").unwrap();
        assert_eq!(image_bytes(&docs, &DocPath::new("a.png")).unwrap(), b"bytes");
        assert!(image_bytes(&docs, &DocPath::new("../secret.png")).is_err());
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path().join("secret.png"), docs.join("out.png")).unwrap();
            assert!(image_bytes(&docs, &DocPath::new("out.png")).is_err());
        }
    }
}
