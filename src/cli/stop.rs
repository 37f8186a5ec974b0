//! What ends a command before its time, where a program asked for it and wants it no more.
//!
//! A person stops a command with Ctrl-C, which `execution` watches for. A command that a server runs is stopped for
//! itself: what it reads is given up at once, what it writes is finished step by step, and the rest is left.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::AbortHandle;

/// How a command is stopped. Clones stop the same command; without a client it is Ctrl-C alone.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(Option<Client>);

/// The client's wish, and what it ends.
#[derive(Debug, Clone, Default)]
struct Client {
    raised: Arc<AtomicBool>,
    reads: Arc<Mutex<Vec<AbortHandle>>>,
}

impl Stop {
    /// One that a client raises.
    pub fn of_client() -> Self {
        Self(Some(Client::default()))
    }

    /// Stops the command: reads are given up, and writes are finished step by step.
    pub fn raise(&self) {
        let Some(client) = &self.0 else { return };
        client.raised.store(true, Ordering::SeqCst);
        for read in client.reads.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            read.abort();
        }
    }

    /// Has a read be given up once this is raised.
    pub fn ends(&self, read: &AbortHandle) {
        let Some(client) = &self.0 else { return };
        client.reads.lock().unwrap_or_else(PoisonError::into_inner).push(read.clone());
        if client.raised.load(Ordering::SeqCst) {
            self.raise();
        }
    }

    /// The flag that a command which writes looks at between two steps; none where it is Ctrl-C alone.
    pub fn flag(&self) -> Option<Arc<AtomicBool>> {
        self.0.as_ref().map(|client| Arc::clone(&client.raised))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::{Aborted, abortable, pending};

    use super::*;

    #[tokio::test]
    async fn a_read_ends_whether_it_began_before_or_after() {
        let stop = Stop::of_client();
        let (before, handle) = abortable(pending::<()>());
        stop.ends(&handle);
        stop.raise();
        assert_eq!(before.await, Err(Aborted));
        let (after, handle) = abortable(pending::<()>());
        stop.ends(&handle);
        assert_eq!(after.await, Err(Aborted));
    }
}
