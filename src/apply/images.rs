//! Images before the first write: each that Intercom is to fetch has to be where it is looked for.
//!
//! What is missing refuses the articles that show it; the others go on.

use futures_util::stream::{self, StreamExt as _};

use super::{Outcome, Run};
use crate::hosting::{Error, ImageHost};
use crate::plan::{Change, Content, Kind, Publish, SentImage, Stage};

/// How many images are fetched side by side.
const SIDE_BY_SIDE: usize = 4;

impl Run<'_> {
    /// Brings the images of every text to their host. `stage` does it where it was not done before.
    pub async fn prepare(&self) {
        self.prepare_images(self.changes(Kind::Article).flat_map(|(_, change)| all(change))).await;
    }

    /// Brings the images of some texts to their host, each once, and sees that they are there.
    pub(super) async fn prepare_images<'c>(&self, contents: impl Iterator<Item = &'c Content>) {
        let Some(host) = self.images else { return };
        let mut wanted: Vec<&SentImage> = Vec::new();
        for image in contents.flat_map(|content| &content.images) {
            let is_known = self.state.borrow().prepared.contains_key(&image.url);
            if !is_known && wanted.iter().all(|other| other.url != image.url) {
                wanted.push(image);
            }
        }
        let mut results = stream::iter(wanted)
            .map(|image| async move {
                if self.stops() {
                    return None;
                }
                Some((image, host.prepare(image).await))
            })
            .buffered(SIDE_BY_SIDE);
        while let Some(result) = results.next().await {
            if let Some((image, result)) = result {
                self.state.borrow_mut().prepared.insert(image.url.clone(), result.err());
            }
        }
    }

    /// Why a text cannot be sent: an image of it is not where Intercom would look for it.
    pub(super) fn missing_image(&self, contents: &[&Content]) -> Option<Outcome> {
        let host = self.images?;
        let state = self.state.borrow();
        let prepared = &state.prepared;
        let images = contents.iter().flat_map(|content| &content.images);
        let mut missing = images.filter_map(|image| prepared.get(&image.url)?.as_ref()).collect::<Vec<_>>();
        missing.sort_by_key(|error| !has_failed(error));
        let first = missing.first()?;
        let reason = missing.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ");
        let hint = hint(first, host);
        Some(if has_failed(first) { Outcome::failed(reason, hint) } else { Outcome::refused(reason, hint) })
    }
}

/// The texts that `apply` sends for a change, one a locale.
pub(super) fn staged(change: &Change) -> Vec<&Content> {
    change.stage.iter().flat_map(Stage::texts).map(|(_, content)| content).collect()
}

/// Every text that is sent for a change, now or when it is published: only `apply` brings images to
/// their host.
pub(super) fn all(change: &Change) -> impl Iterator<Item = &Content> {
    staged(change).into_iter().chain(change.publish.iter().flat_map(published))
}

/// The texts that `publish` sends with a step, one a locale.
pub(super) fn published(step: &Publish) -> Vec<&Content> {
    step.texts().into_iter().flat_map(|texts| texts.values()).map(Box::as_ref).collect()
}

/// Whether a command failed; else the docs want what is not there.
fn has_failed(error: &Error) -> bool {
    matches!(error, Error::Upload { .. })
}

fn hint(error: &Error, host: &ImageHost) -> &'static str {
    match error {
        Error::Changed(_) => "run it again",
        Error::Upload { .. } => "nothing was written to this article; fix the command and run it again",
        Error::Status { status: 401 | 403, .. } => {
            "Intercom fetches images without a password: make the address public, or set `images.upload`"
        }
        Error::Status { .. } | Error::Differs { .. } if host.uploads() => {
            "`images.upload` ended well: see that it brings the image to just this address, and run it again"
        }
        Error::Status { .. } => "push the commit first, or set `images.upload`, which `apply` runs",
        Error::Differs { .. } => {
            "push the commit first, or set `images.upload`, which `apply` runs; some hosts show old bytes for some minutes"
        }
        Error::Redirected { .. } => "write the address where it ends as `images.base_url`",
        Error::Unreachable { .. } => "check the address in `images.base_url` and the network, and run it again",
    }
}
