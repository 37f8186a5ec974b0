//! Work for many items on every core.
//!
//! Results are in the order of the items, whichever thread was faster, so a caller that is deterministic
//! stays so. Nothing here waits for anything but the work itself.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// How many items a thread takes at once.
const SHARE: usize = 16;

/// The result of `act` for each item, in the order of the items.
pub fn map<T: Sync, R: Send>(things: &[T], act: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let shares: Vec<&[T]> = things.chunks(SHARE).collect();
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(shares.len());
    if threads < 2 {
        return things.iter().map(act).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(share) = shares.get(at) else { return done };
            done.push((at, share.iter().map(&act).collect::<Vec<R>>()));
        }
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().flat_map(|(_, made)| made).collect()
}

/// The result of `act` for each item, which it takes by value, in the order of the items.
pub fn map_all<T: Send, R: Send>(things: Vec<T>, act: impl Fn(T) -> R + Sync) -> Vec<R> {
    let things: Vec<Mutex<Option<T>>> = things.into_iter().map(|thing| Mutex::new(Some(thing))).collect();
    let take = |thing: &Mutex<Option<T>>| thing.lock().unwrap_or_else(PoisonError::into_inner).take();
    map(&things, |thing| take(thing).map(&act)).into_iter().flatten().collect()
}

/// Changes each item in place.
pub fn for_each<T: Send>(things: &mut [T], act: impl Fn(&mut T) + Sync) {
    map_all(things.iter_mut().collect(), act);
}

/// Runs two independent pieces of work at once and returns both results.
pub fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        match one.join() {
            Ok(one) => (one, other),
            Err(panic) => resume_unwind(panic),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_out_stands_in_the_order_of_what_went_in() {
        for many in [0, 1, SHARE, 1000] {
            let things: Vec<usize> = (0..many).collect();
            let mut doubled = things.clone();
            for_each(&mut doubled, |thing| *thing *= 2);
            assert_eq!(doubled, map_all(things.clone(), |thing| thing * 2));
            assert_eq!(map(&things, |thing| thing * 2), things.iter().map(|thing| thing * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn two_pieces_of_work_keep_their_places() {
        assert_eq!(both(|| 1, || "two"), (1, "two"));
    }

    #[test]
    #[should_panic(expected = "seven hundred")]
    fn a_panic_in_any_thread_is_one_here() {
        let things: Vec<usize> = (0..1000).collect();
        map(&things, |thing| assert_ne!(*thing, 700, "seven hundred"));
    }
}
