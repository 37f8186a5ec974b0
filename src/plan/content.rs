//! The text that a step sends.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::intercom::model::{AdminId, Locale};
use crate::live::Flags;
use crate::text::{DocPath, Sha256};

/// The text that is sent; a field that is `None` is not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The description; empty clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The body, HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The author; sent with every text where it is a current teammate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<AdminId>,
    /// The images of the body that Intercom fetches when it is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<SentImage>,
    /// Who may use it; sent where nobody can see it, for no draft holds it.
    #[serde(default, skip_serializing_if = "Flags::is_empty")]
    pub flags: Flags,
}

/// An image of the docs folder that Intercom is to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentImage {
    /// Its file.
    pub path: DocPath,
    /// The digest of its bytes.
    pub sha256: Sha256,
    /// Where it is to be found.
    pub url: String,
}

impl Content {
    /// Whether no text is sent.
    pub fn is_empty(&self) -> bool {
        self.title.is_none() && self.description.is_none() && self.body.is_none()
    }
}

/// Texts by locale. Each is sent whole, but that of the default locale: there a part that is `None` is not sent. They
/// are boxed, as most articles have one and a node of the map has room for eleven.
pub type Texts = BTreeMap<Locale, Box<Content>>;
