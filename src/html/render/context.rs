//! What Markdown is rendered with, beside its text.

use std::collections::BTreeMap;

use super::heading::Heading;
use super::links::LinkTargets;
use crate::book::ImageFile;
use crate::config::{AddressTemplate, Spacing};
use crate::text::DocPath;

/// What the Markdown of one article is rendered with.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The file, for findings and for relative addresses.
    pub path: &'a DocPath,
    /// Where the Markdown starts in its file.
    pub offset: usize,
    /// The images of the docs folder.
    pub images: Images<'a>,
    /// What relative links can lead to.
    pub links: &'a LinkTargets,
    /// Whether an empty paragraph is between two paragraphs.
    pub spacing: Spacing,
    /// The headings that the article has in Intercom, whose ids are kept.
    pub headings: &'a [Heading],
}

/// The images of the docs folder, and where they can be fetched.
#[derive(Debug, Clone, Copy)]
pub struct Images<'a> {
    /// Every image file.
    pub files: &'a BTreeMap<DocPath, ImageFile>,
    /// The addresses under which they can be fetched; `None` where nobody hosts them.
    pub host: Option<&'a AddressTemplate>,
}
