//! Asks a workspace what no document says: it makes a collection and articles that no customer can see, looks at
//! what Intercom makes of them, and deletes them.
//!
//! Everything that it makes has a name by which the next probe finds it (`name`), so a probe that is killed leaves
//! nothing for good. An article is published only where that is asked for, and then in no collection and off for
//! Fin (`published`): at no moment is there an article that is listed. What was found is an [`Answer`] for each
//! [`Belief`], in words of ours: nothing of the workspace is in it. What helpbook does in another way because of
//! it is [`Traits`], which go into the lock.

mod article;
mod ask;
mod belief;
mod clean;
mod collection;
mod name;
mod piece;
mod published;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

pub use ask::Stop;
pub use belief::{Answer, BELIEFS, Belief, NOTHING, Needs, Outcome};
pub use clean::Left;
pub use name::{MARK, is_ours};

use self::ask::{Made, Probe};
use self::belief::Seen;
use crate::intercom::Writer;
use crate::intercom::model::{AdminId, HelpCenterId, Locale};
use crate::record::Traits;

/// Whether an article is published for some seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publishing {
    /// It is.
    Yes,
    /// Nothing is ever live.
    No,
}

/// Where a probe works, and with what.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The Help Center that the collection is in.
    pub help_center: HelpCenterId,
    /// The author of its articles, a current teammate.
    pub author: AdminId,
    /// The locales of the Help Center, the default one first.
    pub locales: Vec<Locale>,
    /// Whether an article is published.
    pub publishing: Publishing,
    /// The address of an image that Intercom fetched once from elsewhere, if one is known.
    pub outside_image: Option<String>,
}

/// What a probe found.
#[derive(Debug)]
pub struct Probed {
    /// An answer for each belief, in the order of [`BELIEFS`].
    pub answers: Vec<Answer>,
    /// What helpbook does in another way from now on; nothing where nobody knows.
    pub traits: Traits,
    /// Why it ended before its time.
    pub stop: Option<Stop>,
    /// What an earlier probe had left behind and this one deleted.
    pub found_left: usize,
    /// What is still there.
    pub left: Vec<Left>,
}

/// About how many requests a probe takes.
pub fn requests(publishing: Publishing) -> usize {
    match publishing {
        Publishing::No => 60,
        Publishing::Yes => 75,
    }
}

/// Probes a workspace. `step` is called after each request.
///
/// It first deletes what earlier probes left, and in the end, whatever happened, what it made itself. Where
/// `is_interrupted` becomes true it asks nothing more, and deletes.
pub async fn run(
    writer: &Writer,
    setting: &Setting,
    is_interrupted: &AtomicBool,
    step: &mut (dyn FnMut() + Send),
) -> Probed {
    let before = clean::sweep(writer).await;
    let mut probe = Probe {
        writer,
        setting,
        is_interrupted,
        step,
        seen: BTreeMap::new(),
        traits: Traits::default(),
        made: Made::default(),
        hosted: None,
    };
    let stop = probe.ask_all().await.err();
    let Probe { mut seen, traits, made, .. } = probe;
    let known = clean::delete(writer, &made).await;
    let named = clean::sweep(writer).await;
    let reason = match &stop {
        None => "it was not asked",
        Some(Stop::Interrupted) => "the probe was interrupted before",
        Some(Stop::Failed(_)) => "the probe ended before",
    };
    let answers = BELIEFS.iter().map(|belief| {
        let seen = seen.remove(belief.name).unwrap_or_else(|| match belief.needs {
            Needs::Never(why) => Seen::Unknown(why.into()),
            Needs::Published if setting.publishing == Publishing::No => {
                Seen::Unknown("it takes a published article: `--probe=publish`".into())
            }
            Needs::Published | Needs::Drafts => Seen::Unknown(reason.into()),
        });
        seen.of(belief)
    });
    let is_news = |left: &Left| !named.has_deleted(left) && !named.left.iter().any(|other| other.is_same(left));
    let left = known.left.into_iter().filter(is_news).collect::<Vec<_>>();
    let left = left.into_iter().chain(named.left).collect();
    Probed { answers: answers.collect(), traits, stop, found_left: before.deleted.len(), left }
}

impl Probe<'_> {
    async fn ask_all(&mut self) -> Result<(), Stop> {
        let shelves = self.shelves().await?;
        self.draft(shelves.as_ref()).await?;
        if self.setting.publishing == Publishing::Yes {
            self.published().await?;
        }
        Ok(())
    }
}
