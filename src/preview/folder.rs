//! The pages as files of a folder, which need no server.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::site::{Page, Site};
use super::views::STYLE;
use crate::book::image_bytes;
use crate::html::percent_decoded;

/// Where the files cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Something is there that was not written by a preview.
    #[error("`{}` holds files that are no preview", .0.display())]
    NotOurs(PathBuf),
    /// A file cannot be written.
    #[error("cannot write `{}`: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The file that says that a folder is a preview, which may be written again.
const MARK: &str = ".helpbook-preview";

/// Writes every page, with the images that they show. What a former preview left there goes. Returns how many
/// pages there are.
///
/// # Errors
/// Fails where the folder holds anything else, and where a file cannot be written.
pub fn write(site: &Site, folder: &Path) -> Result<usize, FolderError> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |source| FolderError::Io { path, source }
    };
    let has_files = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if has_files && !folder.join(MARK).is_file() {
        return Err(FolderError::NotOurs(folder.to_owned()));
    }
    if has_files {
        fs::remove_dir_all(folder).map_err(fail(folder))?;
    }
    let put = |address: &str, bytes: &[u8]| {
        let file = folder.join(percent_decoded(address));
        if let Some(above) = file.parent() {
            fs::create_dir_all(above).map_err(fail(above))?;
        }
        fs::write(&file, bytes).map_err(fail(&file))
    };
    put(MARK, b"Written by `helpbook preview --out`, which replaces all that is here.\n")?;
    for (name, _, text) in helpbook_site::ASSETS {
        put(&format!("assets/{name}"), text.as_bytes())?;
    }
    put(STYLE, crate::report::DIFFERENCE_STYLE.as_bytes())?;
    let (mut pages, mut images) = (0, BTreeSet::new());
    for address in site.addresses() {
        match site.page(&percent_decoded(&address), "") {
            Page::Html(html, _) => {
                pages += 1;
                images.extend(shown_images(&html));
                put(&address, html.as_bytes())?;
            }
            Page::Script(text) => put(&address, text.as_bytes())?,
            Page::Elsewhere(_) | Page::Image(_) => {}
        }
    }
    for image in images {
        if let Page::Image(path) = site.page(&percent_decoded(&image), "")
            && let Ok(bytes) = image_bytes(&site.files.book.root, &path)
        {
            put(&image, &bytes)?;
        }
    }
    let start = format!("{}/index.html", site.files.config.default_locale);
    let page = format!(
        "<!doctype html>\n<meta http-equiv=\"refresh\" content=\"0; url={start}\">\n<a href=\"{start}\">{start}</a>\n"
    );
    put("index.html", page.as_bytes())?;
    Ok(pages)
}

/// The addresses of the images of the docs in a page, below the top.
fn shown_images(html: &str) -> impl Iterator<Item = String> + '_ {
    html.split("<img").skip(1).filter_map(|tag| {
        let source = tag.split_once(" src=\"")?.1.split('"').next()?;
        source.trim_start_matches("../").strip_prefix("files/").map(|path| format!("files/{path}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_the_docs_are_found_in_a_page() {
        let html = "<img src=\"../../files/a/b.0123456789.png\" alt=\"x\"><img alt=\"\" src=\"https://x.example/files/c.png\">";
        assert_eq!(shown_images(html).collect::<Vec<_>>(), ["files/a/b.0123456789.png"]);
    }
}
