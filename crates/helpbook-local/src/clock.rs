//! The time of the local Help Center, in Unix seconds: the system's, or one that a test sets.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The source of the local Help Center's time.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The system's clock.
    #[default]
    System,
    /// A clock that is moved by hand. Its clones share one time.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that is moved by hand and begins at `start`, in Unix seconds.
    pub fn manual(start: i64) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(start)))
    }

    /// The time, in Unix seconds.
    pub fn now(&self) -> i64 {
        match self {
            Self::System => jiff::Timestamp::now().as_second(),
            Self::Manual(time) => time.load(Ordering::SeqCst),
        }
    }

    /// Moves a manual clock and returns its new time. The system's clock cannot be moved: `None`.
    pub fn advance(&self, seconds: i64) -> Option<i64> {
        match self {
            Self::System => None,
            Self::Manual(time) => Some(time.fetch_add(seconds, Ordering::SeqCst) + seconds),
        }
    }
}
