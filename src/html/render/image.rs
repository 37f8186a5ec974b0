//! Images: which address is sent for the one that was written.

use super::super::address;
use super::Context;
use crate::book::ImageFile;
use crate::text::DocPath;

/// Why an image cannot be sent.
pub(super) struct Finding {
    pub id: &'static str,
    pub message: String,
    pub help: &'static str,
}

/// The address under which Intercom can fetch an image.
pub(super) fn address(written: &str, context: Context<'_>) -> Result<String, Finding> {
    let error = |id, message: String, help| Err(Finding { id, message, help });
    if written.starts_with("https://") || written.starts_with("http://") {
        return Ok(written.to_owned());
    }
    let scheme = written.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| !scheme.contains('/'));
    if scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("data")) {
        return error(
            "data-image",
            "Intercom refuses an image that is written into the page".to_owned(),
            "save it as a file beside the article, and name that",
        );
    }
    let path = context.path.resolve(&percent_decoded(written));
    let (Some(path), None, false) = (path, scheme, written.is_empty() || written.starts_with("//")) else {
        return error(
            "image-address",
            format!("`{written}` is no image that can be sent"),
            "name a file of the docs folder, or a full address (https://…)",
        );
    };
    let Some(file) = context.images.files.get(&path) else {
        return error(
            "missing-image",
            format!("there is no image `{path}`"),
            "add the file (PNG, JPEG, GIF or SVG), or correct its path",
        );
    };
    if !file.is_image {
        return error(
            "not-an-image",
            format!("`{path}` is not a PNG, JPEG, GIF or SVG"),
            "a Git LFS pointer? run `git lfs pull`; else save it as one of these",
        );
    }
    match context.images.host {
        Some(host) => Ok(served(host, &path, file)),
        None => error(
            "local-image",
            "images of the docs folder cannot be sent to Intercom yet".to_owned(),
            "show the image by its full address (https://…), or try the docs with `--local`",
        ),
    }
}

/// The address of a served image: its digest stands in its file name, so that new bytes are a new
/// address.
fn served(host: &str, path: &DocPath, file: &ImageFile) -> String {
    let (stem, extension) = path.as_str().rsplit_once('.').unwrap_or((path.as_str(), ""));
    let named = format!("{stem}.{}.{extension}", file.digest.short());
    let mut address = host.trim_end_matches('/').to_owned();
    for part in named.split('/') {
        address.push('/');
        address.extend(url::form_urlencoded::byte_serialize(part.as_bytes()).map(|piece| piece.replace('+', "%20")));
    }
    debug_assert!(address::is_safe(&address));
    address
}

pub(in super::super) fn percent_decoded(address: &str) -> String {
    let query = format!("x={}", address.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(query.as_bytes())
        .next()
        .map_or_else(|| address.to_owned(), |(_, value)| value.into_owned())
}
