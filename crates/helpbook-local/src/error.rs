//! Why a local Help Center does not start.

use std::io;
use std::path::PathBuf;

use helpbook_model::Locale;

/// Why a local Help Center does not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process has the store open.
    #[error("the local Help Center at {} is in use by another helpbook", path.display())]
    InUse {
        /// The store's folder.
        path: PathBuf,
    },
    /// The store's folder cannot be made or written.
    #[error("cannot use the folder of the local Help Center: {}", path.display())]
    Folder {
        /// The store's folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The docs folder is not there.
    #[error("cannot read the docs folder: {}", path.display())]
    Docs {
        /// The docs folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The store was made with another default locale.
    #[error("the local Help Center was made in the locale `{found}`, and its default locale is now `{wanted}`")]
    Locale {
        /// The default locale that is asked for.
        wanted: Locale,
        /// A locale that the store has.
        found: Locale,
    },
    /// The port is taken.
    #[error("cannot listen on port {port} of 127.0.0.1")]
    Bind {
        /// The port that was asked for.
        port: u16,
        /// Why.
        source: io::Error,
    },
    /// The store cannot be read or written.
    #[error("cannot open the store of the local Help Center")]
    Store(#[from] StoreError),
}

/// A failure below the store: the file, the disk, or a record that does not read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] redb::Error),
    /// A record is not what this version writes.
    #[error("a record of the store cannot be read")]
    Record(#[from] serde_json::Error),
}
