//! The host of the docs' images: uploads an image, and checks that it is there.
//!
//! Intercom takes no image; it fetches each from an address when a body that shows it is saved, and
//! refuses the body where it cannot (docs/intercom.md 3.1, 3.5). So before anything is written, each address
//! is fetched here and compared with its file. This is not Intercom's API: no token, no cookie and
//! no header of ours but the user agent goes to that host.

mod fetch;
mod upload;

use std::path::{Path, PathBuf};

use crate::book::image_bytes;
use crate::plan::SentImage;
use crate::text::{DocPath, Sha256};
use fetch::Fetch;
use upload::Upload;

/// The host of the docs' images.
#[derive(Debug)]
pub struct ImageHost {
    docs: PathBuf,
    fetch: Fetch,
    upload: Option<Upload>,
}

/// Why an image cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Its file is not what it was when the docs were read.
    #[error("{0}: the file changed while helpbook ran")]
    Changed(DocPath),
    /// The command did not upload it.
    #[error("{path}: `{command}` {reason}{}", shown(.output))]
    Upload {
        /// The image.
        path: DocPath,
        /// The command.
        command: String,
        /// How it ended.
        reason: String,
        /// The end of what it said.
        output: String,
    },
    /// Its address answers with a status.
    #[error("{path}: {status} at {url}")]
    Status {
        /// The image.
        path: DocPath,
        /// The status.
        status: u16,
        /// The address.
        url: String,
    },
    /// Something else is at its address.
    #[error("{path}: other bytes{} at {url}", kind.as_ref().map(|kind| format!(", of the kind `{kind}`,")).unwrap_or_default())]
    Differs {
        /// The image.
        path: DocPath,
        /// What it says to be, where that is no image.
        kind: Option<String>,
        /// The address.
        url: String,
    },
    /// Its address redirects to another one, which is not followed.
    #[error("{path}: {url} redirects elsewhere: {reason}")]
    Redirected {
        /// The image.
        path: DocPath,
        /// The address.
        url: String,
        /// Why it is not followed.
        reason: String,
    },
    /// Its address does not answer.
    #[error("{path}: no answer at {url}: {reason}")]
    Unreachable {
        /// The image.
        path: DocPath,
        /// The address.
        url: String,
        /// Why.
        reason: String,
    },
}

/// The HTTP library cannot start.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot start: {0}")]
pub struct ClientError(#[from] reqwest::Error);

/// The output of a command, indented.
fn shown(output: &str) -> String {
    output.lines().map(|line| format!("\n  | {line}")).collect()
}

/// The host of the images that Intercom has taken over.
#[derive(Debug)]
pub struct Downloads {
    fetch: Fetch,
    /// The address of the local Help Center, which serves these images itself.
    local: Option<String>,
}

/// Where the addresses of the local Help Center's images begin. They look like Intercom's.
const LOCAL_IMAGES: &str = "https://downloads.intercomcdn.com/i/o/local/";

impl Downloads {
    /// The host of the images of a Help Center, by the address of its API.
    ///
    /// # Errors
    /// Fails where the HTTP library cannot start.
    pub fn new(api: &str) -> Result<Self, ClientError> {
        let is_local = url::Url::parse(api).is_ok_and(|url| crate::config::is_loopback(&url));
        let local = is_local.then(|| format!("{}/i/o/local/", api.trim_end_matches('/')));
        Ok(Self { fetch: Fetch::of_intercom()?, local })
    }

    /// The size of an image in bytes; `None` where its host does not say it.
    pub async fn size(&self, url: &str) -> Option<u64> {
        self.fetch.size(&self.real(url)).await
    }

    /// Fetches an image; `path`, where it will be written, is for messages.
    ///
    /// # Errors
    /// Fails where it cannot be fetched, or is too large.
    pub async fn get(&self, path: &DocPath, url: &str) -> Result<Vec<u8>, Error> {
        self.fetch.get(path, &self.real(url)).await
    }

    fn real(&self, url: &str) -> String {
        match (&self.local, url.strip_prefix(LOCAL_IMAGES)) {
            (Some(local), Some(rest)) => format!("{local}{rest}"),
            _ => url.to_owned(),
        }
    }
}

impl ImageHost {
    /// A host that is only read: nothing is uploaded.
    ///
    /// # Errors
    /// Fails where the HTTP library cannot start.
    pub fn new(docs: &Path) -> Result<Self, ClientError> {
        Ok(Self { docs: docs.to_owned(), fetch: Fetch::of_docs()?, upload: None })
    }

    /// Adds the command that uploads an image. It is run in `root`.
    #[must_use]
    pub fn uploading(self, command: &[String], root: &Path) -> Self {
        Self { upload: Some(Upload::new(command, root)), ..self }
    }

    /// Whether images are uploaded.
    pub fn uploads(&self) -> bool {
        self.upload.is_some()
    }

    /// Uploads an image, where a command does that, and checks that it is at its address.
    ///
    /// # Errors
    /// Fails where its file has changed, the command fails, or its address does not answer with the same bytes.
    pub async fn prepare(&self, image: &SentImage) -> Result<(), Error> {
        let is_as_planned =
            || image_bytes(&self.docs, &image.path).is_ok_and(|bytes| Sha256::of(bytes) == image.sha256);
        if !is_as_planned() {
            return Err(Error::Changed(image.path.clone()));
        }
        if let Some(upload) = &self.upload {
            upload.run(image, &self.docs.join(image.path.as_str())).await?;
        }
        self.fetch.compare(image).await
    }
}
