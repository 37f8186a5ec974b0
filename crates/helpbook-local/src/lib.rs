//! The local Help Center: Intercom's Help Center API over HTTP on loopback, with a durable store. It answers
//! the versions 2.10 to 2.16, `Unstable` (also called `Preview`), and requests without a version, as 2.16.
//!
//! It takes Intercom's place in `--local`, `serve` and every test. The rules are taken from the
//! facts about Intercom and named where they are applied: `text` holds the states and drafts of a
//! locale, `article` what holds across locales, `schedule` what happens by itself, `collection` the
//! tree, `workspace_objects` tags, redirects and audiences, `body` what becomes of HTML on save, `image`
//! what becomes of images, `api` the paths, `site` what customers see. `store` keeps it all, `server` is the wire. Nothing here uses
//! the renderer, so that the renderer is tested against something that is not itself.
//!
//! # Operations outside the Help Center
//!
//! Every other operation of Intercom's API 2.16 answers with an example made of the types of its answer, and with the
//! header `X-Helpbook-Example: true`. Nothing of it is kept.
//!
//! # Control endpoints
//!
//! Intercom has an editor; this server has `/_local/` in its place, for tests and for whoever wants
//! to play a teammate. It takes the same token, needs no version and counts against no limit.
//!
//! - `POST /_local/articles/{id}/editor` with any of `title`, `description`, `body`, `author_id`,
//!   `publish`, `state`, `admin_id`, `locale`: what the editor does on save, in that locale or the
//!   default one. On a live article it keeps a draft, on any other it writes the text, and the version
//!   it makes is `created_via: web`. `"discard": true` first discards the draft that is pending.
//!   `"publish": true` then makes it live, `"state": "draft"` unpublishes it. `admin_id` is who does
//!   it: without one Grace, who is 2; Ada, whose token this is, is 1. The answer is the article.
//! - `POST /_local/clock` with `{"advance": SECONDS}` moves a manual clock, and schedules that are due
//!   take effect; a 400 with the system's.
//! - `POST /_local/pace` with any of `latency` (milliseconds) and `limit`: how long every answer from
//!   then on takes at least, but for those below `/_local/`, and how many requests a window of the rate
//!   limit allows. One request's wait delays no other.
//! - `GET /_local/requests`: `counts`, by method and status, and `windows`, how many requests passed in
//!   each window of the rate limit that had any.
//! - `POST /_local/faults` with any of `rates` (`"20"`, the percentage of all together, or
//!   `"error-after=5,drop-before=10"`), `seed`, `delay` (milliseconds), `retry_after` (seconds) and
//!   `next`, a list of faults or `none` that the next requests meet; `GET` shows them, `DELETE` ends
//!   them. `faults` names them.
//! - `POST /_local/behaviour` with any of the names of `behaviour` and a value of each: what it does from then
//!   on where Intercom's own way is not known. `GET` shows all, `DELETE` takes every change back.
//!
//! # The site
//!
//! What is published is at `/local`, for a browser on this machine, without a token: at the paths of the addresses
//! that the API gives.
//!
//! # Images of the docs
//!
//! Images of the docs folder are served at `/docs/<path>`, without a token, as Intercom fetches
//! images by their public address. An `img` with such an address is read there on save.

mod api;
mod article;
mod behaviour;
mod body;
mod clock;
mod collection;
mod connection;
mod content;
mod docs_folder;
mod error;
mod faults;
mod history;
mod image;
mod log;
mod options;
mod refusal;
mod schedule;
mod server;
mod settings;
mod site;
mod store;
mod text;
mod version;
mod workspace_objects;

#[cfg(test)]
mod tests;

pub use behaviour::{
    Audiences, Autosave, BadBehaviour, Behaviour, CreatedVia, DraftFlag, DraftUrl, Drafts, EmptyParagraphs, Escapes,
    HeadingIds, Images, ListAge, ListBodies, Names, NextForm, OfflineUrl, ParentIds, SameContent, Styles, TableStyles,
    Ties, Translations, UpdatedAt, UpdatedBy, WhiteSpace, Writes,
};
pub use clock::Clock;
pub use docs_folder::{DocsFolder, ImageFile, without_digest};
pub use error::{Error, StoreError};
pub use faults::{BadFaults, Fault, Faults};
pub use options::{Options, Storage};
pub use server::{LocalHelpCenter, image_response, is_from_here, page_response};

/// The id of every local Help Center's workspace.
pub const WORKSPACE: &str = "local";
