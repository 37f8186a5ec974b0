//! Images: which address is sent for the one that was written.

use super::context::Context;
use super::links::Suggest;
use crate::book::{Flaw, LARGEST_IMAGE};
use crate::config::{escaped, image_name};
use crate::diagnostic::{did_you_mean, id};
use crate::html::tree::DocsImage;
use crate::html::tree::address::{is_safe, percent_decoded};
use crate::text::DocPath;

/// Why an image cannot be sent.
pub(super) struct Finding {
    pub id: &'static str,
    pub message: String,
    pub help: String,
}

/// The address under which Intercom can fetch an image, and its file if it is one of the docs
/// folder.
///
/// # Errors
/// Why Intercom could not fetch it.
pub(super) fn address(
    written: &str,
    context: Context<'_>,
    suggest: Suggest,
) -> Result<(String, Option<DocsImage>), Finding> {
    if written.starts_with("https://") || written.starts_with("http://") {
        return Ok((written.to_owned(), None));
    }
    let scheme = written.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| !scheme.contains('/'));
    if scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("data")) {
        return Err(error(
            "data-image",
            "Intercom refuses an image that is written into the page".to_owned(),
            "save it as a file beside the article, and name that",
        ));
    }
    let path = context.path.resolve(&percent_decoded(written));
    let (Some(path), None, false) = (path, scheme, written.is_empty() || written.starts_with("//")) else {
        return Err(error(
            "image-address",
            format!("`{written}` is no image that can be sent"),
            "name a file of the docs folder, or a full address (https://…)",
        ));
    };
    let Some(file) = context.images.files.get(&path) else {
        let near = if suggest == Suggest::Near { near(&path, context) } else { None };
        let help = near.as_deref().unwrap_or("add the file (PNG, JPEG, GIF or SVG), or correct its path");
        return Err(error("missing-image", format!("there is no image `{path}`"), help));
    };
    if let Some(flaw) = file.flaw {
        return Err(flawed(&path, flaw));
    }
    let Some(host) = context.images.host else {
        return Err(error(
            id::LOCAL_IMAGE,
            format!("Intercom cannot fetch `{path}`: nothing says under which address"),
            "set `images: { base_url: \"https://…/{path}\" }` in helpbook.yml; or try the docs with `--local`",
        ));
    };
    let address = host.fill(&path, &file.sha256);
    debug_assert!(is_safe(&address));
    let name = escaped(&image_name(&path, &file.sha256));
    Ok((address, Some(DocsImage { path, name })))
}

fn flawed(path: &DocPath, flaw: Flaw) -> Finding {
    match flaw {
        Flaw::NoImage => {
            error("not-an-image", format!("`{path}` is not a PNG, JPEG, GIF or SVG"), "save it as one of these")
        }
        Flaw::LfsPointer => error(
            "not-an-image",
            format!("`{path}` is a Git LFS pointer, not the image itself"),
            "run `git lfs pull`; in a workflow check out with `lfs: true`",
        ),
        Flaw::TooLarge => error(
            "large-image",
            format!("`{path}` is larger than {} MB", LARGEST_IMAGE / 1024 / 1024),
            "save it smaller: readers wait for all of it",
        ),
        Flaw::Script => error(
            "image-script",
            format!("`{path}` holds something that can run: a script, a handler, or a part in another language"),
            "save the drawing without it: in an article it would not run, and opened by itself it would",
        ),
        Flaw::Broken => error(
            "not-an-image",
            format!("`{path}` is no well-formed SVG, and no browser shows it"),
            "open it in the program that made it and save it again",
        ),
        Flaw::Link => {
            error("image-address", format!("`{path}` is a link on disk"), "put the file itself into the docs folder")
        }
        Flaw::Unreadable => error("not-an-image", format!("`{path}` cannot be read"), "check its permissions"),
    }
}

fn error(id: &'static str, message: String, help: &str) -> Finding {
    Finding { id, message, help: help.to_owned() }
}

/// How many images before and after a path are compared with it.
const NEIGHBOURS: usize = 150;

/// The image that was probably meant: one with the same file name elsewhere, or one with nearly
/// the same path.
fn near(path: &DocPath, context: Context<'_>) -> Option<String> {
    let files = context.images.files;
    let same_name = |file: &&DocPath| file.name().eq_ignore_ascii_case(path.name());
    let mut same = files.keys().filter(same_name);
    if let (Some(file), None) = (same.next(), same.next()) {
        return Some(format!("did you mean `{}`?", file.seen_from(context.path)));
    }
    // Those that would be beside it.
    let before = files.range(..path.clone()).rev().take(NEIGHBOURS).map(|(file, _)| file);
    let after = files.range(path.clone()..).take(NEIGHBOURS).map(|(file, _)| file);
    let written: Vec<String> = before.chain(after).map(|file| file.seen_from(context.path)).collect();
    did_you_mean(&path.seen_from(context.path), written.iter().map(String::as_str))
}
