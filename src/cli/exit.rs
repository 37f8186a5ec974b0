//! Exit codes, and which one wins.

use std::process::ExitCode;

/// How a command ended. Of several the most serious one counts, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    /// 0: done.
    Done,
    /// 2: changes or drift are pending; only where it was asked for.
    Pending,
    /// 3: something the docs want was not done.
    NotDone,
    /// 1: something failed.
    Failed,
    /// 5: more removals than may go unasked.
    Guarded,
    /// 4: no token, a refused one, or another workspace.
    Auth,
    /// 130: interrupted.
    Interrupted,
    /// 64: wrong usage; nothing was done.
    Usage,
}

impl Exit {
    pub(super) fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Pending => 2,
            Exit::NotDone => 3,
            Exit::Auth => 4,
            Exit::Guarded => 5,
            Exit::Usage => 64,
            Exit::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_most_serious_code_wins() {
        let mut all =
            [Exit::Pending, Exit::NotDone, Exit::Failed, Exit::Guarded, Exit::Auth, Exit::Interrupted, Exit::Done];
        all.sort();
        let codes: Vec<u8> = all.iter().rev().map(|exit| exit.code()).collect();
        assert_eq!(codes, [130, 4, 5, 1, 3, 2, 0]);
    }
}
