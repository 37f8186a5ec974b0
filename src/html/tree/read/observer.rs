//! What looks on while HTML is read.
//!
//! HTML that Intercom stored is read as it is. HTML that a person wrote is checked on the way, at the
//! places that only the renderer sets: what Intercom would refuse or change has to be found before it is
//! sent.

use crate::html::tree::DocsImage;
use crate::html::tree::address::is_safe;
use crate::html::tree::nodes::Element;

/// Looks on while HTML is read, and decides what depends on who wrote it.
pub(in crate::html) trait Observer {
    /// Whether a person wrote the HTML.
    const IS_WRITTEN: bool;

    /// A tag begins.
    fn enter(&mut self, _tag: Element<'_>) {}

    /// The tag that was entered last ends.
    fn leave(&mut self) {}

    /// A paragraph or heading begins. Whether it stays where it holds nothing.
    fn framed(&mut self, _tag: Element<'_>) -> bool {
        true
    }

    /// A callout begins. Whether it stays where it holds nothing.
    fn callout(&mut self) -> bool {
        true
    }

    /// The address of a link; `None` where the link must not be followed.
    fn link(&mut self, tag: Element<'_>, href: Option<String>) -> Option<String>;

    /// The address of an image, and its file where it is one of the docs folder.
    fn image(&mut self, image: Seen<'_>) -> (String, Option<DocsImage>);

    /// Something is read that not every reader may pass over.
    fn found(&mut self, _oddity: Oddity<'_>) {}
}

/// An image as it is written.
#[derive(Debug, Clone, Copy)]
pub(in crate::html) struct Seen<'s> {
    pub src: &'s str,
    pub alt: &'s str,
    pub is_in_heading: bool,
}

/// What Intercom refuses, drops or changes.
#[derive(Debug, Clone, Copy)]
pub(in crate::html) enum Oddity<'n> {
    /// A link that shows nothing.
    BlankLink,
    /// A list with its tag.
    List(Element<'n>),
    /// A list holds something beside its items.
    LooseInList,
    /// A list without any text.
    EmptyList,
    /// A list with nothing but spaces and lines across.
    SilentList,
    TableInList,
    NestedTable,
    /// A table without cells.
    EmptyTable,
    MergedCells,
    NestedCallout,
    /// A collapsible section without a line.
    EmptySummary,
    /// A video of a host that Intercom does not embed, by its address.
    UnknownVideo(&'n str),
    /// A block of Intercom's that has no name here.
    UnknownBlock(Element<'n>),
    /// Lists, quotes or tags nest too deep.
    TooDeep,
}

/// For HTML that Intercom stored: nothing of it is wrong, and only what could run is left out.
pub(super) struct Stored;

impl Observer for Stored {
    const IS_WRITTEN: bool = false;

    fn link(&mut self, _tag: Element<'_>, href: Option<String>) -> Option<String> {
        href.filter(|href| !href.is_empty() && is_safe(href))
    }

    fn image(&mut self, image: Seen<'_>) -> (String, Option<DocsImage>) {
        (Some(image.src).filter(|src| is_safe(src)).unwrap_or_default().to_owned(), None)
    }
}
