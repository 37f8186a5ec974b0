//! The docs folder, as far as the local Help Center sees it: images, read-only.
//!
//! Paths come from addresses. No `..`, absolute path or symlink gets out of the folder, and what is not an image by its content is not served.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// The largest image that is read.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// A folder whose images may be read.
#[derive(Debug)]
pub struct DocsFolder {
    root: PathBuf,
}

/// An image file.
#[derive(Debug, PartialEq)]
pub struct ImageFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its MIME type, by its content.
    pub kind: &'static str,
}

impl ImageFile {
    /// Bytes with their kind, if they are an image.
    pub fn of(bytes: Vec<u8>) -> Option<Self> {
        let kind = kind_of(&bytes)?;
        Some(Self { bytes, kind })
    }
}

impl DocsFolder {
    /// Opens the folder.
    ///
    /// # Errors
    /// Fails where it does not exist or is not a folder.
    pub fn open(path: &Path) -> io::Result<Self> {
        let root = fs::canonicalize(path)?;
        if root.is_dir() { Ok(Self { root }) } else { Err(io::ErrorKind::NotADirectory.into()) }
    }

    /// Reads the image at the path of an address, `/` between its parts, escapes decoded here. The
    /// file name may carry a digest, `menu.0123456789.png` for `menu.png`, so that new bytes have a
    /// new address.
    pub fn image(&self, address_path: &str) -> Option<ImageFile> {
        self.file(address_path).or_else(|| self.file(&without_digest(address_path)?))
    }

    fn file(&self, address_path: &str) -> Option<ImageFile> {
        let mut path = self.root.clone();
        for part in address_path.split('/') {
            let part = decode(part)?;
            // Nor what is Git's and helpbook's own.
            let is_closed = [".", "..", ".git", ".helpbook"].iter().any(|name| part.eq_ignore_ascii_case(name));
            if part.is_empty() || is_closed || part.contains(['/', '\\', ':', '\0']) {
                return None;
            }
            path.push(part);
        }
        let real = fs::canonicalize(path).ok()?;
        if !real.starts_with(&self.root) || !fs::metadata(&real).ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        File::open(&real).ok()?.take(MAX_BYTES + 1).read_to_end(&mut bytes).ok()?;
        if bytes.len() as u64 > MAX_BYTES {
            return None;
        }
        ImageFile::of(bytes)
    }
}

/// `images/menu.0123456789.png` without its digest; `None` where it has none.
pub fn without_digest(address_path: &str) -> Option<String> {
    let (rest, extension) = address_path.rsplit_once('.')?;
    let (stem, digest) = rest.rsplit_once('.')?;
    let is_digest = digest.len() == 10 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digest.then(|| format!("{stem}.{extension}"))
}

/// The MIME type of the images that Intercom takes (docs/intercom.md 3.2), by their first bytes.
fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Some("image/gif")
    } else if is_svg(bytes) {
        Some("image/svg+xml")
    } else {
        None
    }
}

/// An `svg` element, after nothing but a BOM, a prolog, comments and a doctype.
fn is_svg(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<!") {
            let declares = rest.find('[').is_some_and(|list| rest.find('>').is_some_and(|end| list < end));
            if declares { "]>" } else { ">" }
        } else {
            break;
        };
        let Some((_, after)) = rest.split_once(end) else {
            return false;
        };
        rest = after.trim_start();
    }
    rest.strip_prefix("<svg").is_some_and(|after| after.starts_with([' ', '>', '\n', '\r', '\t', '/']))
}

/// Decodes the `%` escapes of one part of a path.
pub(super) fn decode(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

    fn folder() -> (tempfile::TempDir, DocsFolder) {
        let dir = tempfile::tempdir().unwrap();
        let docs = dir.path().join("docs");
        fs::create_dir_all(docs.join("images")).unwrap();
        fs::write(docs.join("images/a b.png"), PNG).unwrap();
        fs::write(docs.join("images/fake.png"), "no image").unwrap();
        fs::write(
            docs.join("logo.svg"),
            "<?xml version=\"1.0\"?>\n<!-- x --><!DOCTYPE svg [<!ENTITY a \"b\">]><svg xmlns=\"x\"/>",
        )
        .unwrap();
        fs::write(docs.join("page.svg"), "<html><svg></svg></html>").unwrap();
        fs::write(dir.path().join("secret.png"), PNG).unwrap();
        for hidden in [".git", ".helpbook", ".gitbook"] {
            fs::create_dir(docs.join(hidden)).unwrap();
            fs::write(docs.join(hidden).join("a.png"), PNG).unwrap();
        }
        let folder = DocsFolder::open(&docs).unwrap();
        (dir, folder)
    }

    #[test]
    fn images_are_read_by_their_content() {
        let (_dir, folder) = folder();
        let kind = |path| folder.image(path).map(|image| image.kind);
        assert_eq!(kind("images/a%20b.png"), Some("image/png"));
        assert_eq!(kind("logo.svg"), Some("image/svg+xml"));
        assert_eq!(kind("images/fake.png"), None);
        assert_eq!(kind("page.svg"), None);
        assert_eq!(kind("images"), None);
        assert_eq!(kind(".gitbook/a.png"), Some("image/png"));
        assert_eq!((kind(".git/a.png"), kind(".GIT/a.png"), kind(".helpbook/a.png")), (None, None, None));
        assert_eq!(kind(""), None);
    }

    #[test]
    fn no_path_leads_out() {
        let (_dir, folder) = folder();
        for path in [
            "../secret.png",
            "%2e%2e/secret.png",
            "images/../../secret.png",
            "..%2fsecret.png",
            "/etc/passwd",
            "%00",
            "%zz",
        ] {
            assert_eq!(folder.image(path), None, "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn no_symlink_leads_out() {
        let (dir, folder) = folder();
        let docs = dir.path().join("docs");
        std::os::unix::fs::symlink(dir.path().join("secret.png"), docs.join("out.png")).unwrap();
        std::os::unix::fs::symlink(docs.join("logo.svg"), docs.join("in.svg")).unwrap();
        assert_eq!(folder.image("out.png"), None);
        assert!(folder.image("in.svg").is_some());
    }
}
