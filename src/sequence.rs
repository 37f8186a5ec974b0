//! What differs between two sequences, in time in proportion to their length.
//!
//! Sequences of an ordinary length are compared as a whole. The algorithms take more than their share of time
//! where very much differs, so that very long ones are compared window by window. A window begins where the one
//! before it last found something equal. What moved by more than a window may be shown as changed.

use std::hash::Hash;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// How many items of each side a window holds. As many pairs are compared as a whole.
const WINDOW: usize = 1 << 14;

/// What becomes of the items of `old` so that they are those of `new`, in order.
pub(crate) fn operations<T: Hash + Eq>(algorithm: Algorithm, old: &[T], new: &[T]) -> Vec<DiffOp> {
    windowed(algorithm, old, new, WINDOW)
}

fn windowed<T: Hash + Eq>(algorithm: Algorithm, old: &[T], new: &[T], window: usize) -> Vec<DiffOp> {
    let head = common(old.iter(), new.iter());
    let tail = common(old[head..].iter().rev(), new[head..].iter().rev());
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    let is_short = |old: usize, new: usize| old.saturating_mul(new) <= window * window;
    if is_short(old_end - head, new_end - head) {
        return capture_diff_slices(algorithm, old, new);
    }
    let mut runs = Runs { operations: Vec::new(), at: (0, 0) };
    let (mut at, mut other) = (0, 0);
    loop {
        let equal = common(old[at..old_end].iter(), new[other..new_end].iter());
        runs.equal(at, other, equal);
        (at, other) = (at + equal, other + equal);
        let (old, new) = (&old[at..old_end], &new[other..new_end]);
        let is_last = is_short(old.len(), new.len());
        let (old, new) =
            if is_last { (old, new) } else { (&old[..window.min(old.len())], &new[..window.min(new.len())]) };
        let (mut old_taken, mut new_taken) = (old.len(), new.len());
        for operation in capture_diff_slices(algorithm, old, new) {
            let DiffOp::Equal { old_index, new_index, len } = operation else { continue };
            runs.equal(at + old_index, other + new_index, len);
            // What comes behind the last equal ones may have its partner outside of the window.
            let ends = (old_index + len, new_index + len);
            if !is_last && ends.0.max(ends.1) >= window / 2 {
                (old_taken, new_taken) = ends;
            }
        }
        (at, other) = (at + old_taken, other + new_taken);
        if is_last {
            break;
        }
    }
    runs.equal(old_end, new_end, tail);
    runs.until(old.len(), new.len());
    runs.operations
}

/// How many items two sequences begin with that are equal.
fn common<'t, T: Eq + 't>(old: impl Iterator<Item = &'t T>, new: impl Iterator<Item = &'t T>) -> usize {
    old.zip(new).take_while(|(old, new)| old == new).count()
}

/// The operations up to a place, found by what is equal.
struct Runs {
    operations: Vec<DiffOp>,
    at: (usize, usize),
}

impl Runs {
    fn equal(&mut self, old_index: usize, new_index: usize, len: usize) {
        if len == 0 {
            return;
        }
        self.until(old_index, new_index);
        match self.operations.last_mut() {
            Some(DiffOp::Equal { len: before, .. }) => *before += len,
            _ => self.operations.push(DiffOp::Equal { old_index, new_index, len }),
        }
        self.at = (old_index + len, new_index + len);
    }

    /// Everything up to a place differs.
    fn until(&mut self, old_end: usize, new_end: usize) {
        let (old_index, new_index) = self.at;
        let (old_len, new_len) = (old_end - old_index, new_end - new_index);
        self.at = (old_end, new_end);
        self.operations.extend(match (old_len, new_len) {
            (0, 0) => None,
            (_, 0) => Some(DiffOp::Delete { old_index, old_len, new_index }),
            (0, _) => Some(DiffOp::Insert { old_index, new_index, new_len }),
            _ => Some(DiffOp::Replace { old_index, old_len, new_index, new_len }),
        });
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// The new sequence, made of the old one and the operations.
    #[track_caller]
    fn applied(operations: &[DiffOp], old: &[u8], new: &[u8]) -> Vec<u8> {
        let (mut made, mut at) = (Vec::new(), (0, 0));
        for operation in operations {
            let (before, after) = (operation.old_range(), operation.new_range());
            assert_eq!((before.start, after.start), at);
            at = (before.end, after.end);
            let is_equal = matches!(operation, DiffOp::Equal { .. });
            made.extend(if is_equal { &old[before] } else { &new[after] });
        }
        assert_eq!(at, (old.len(), new.len()));
        made
    }

    #[test]
    fn windows_find_what_was_inserted_between_what_stays() {
        let old: Vec<u8> = (0..=255).collect();
        let mut new = old.clone();
        new[250] = 0;
        new.splice(100..100, [7, 7, 7]);
        new[3] = 9;
        let operations = windowed(Algorithm::Myers, &old, &new, 16);
        assert_eq!(applied(&operations, &old, &new), new);
        assert_eq!(operations, capture_diff_slices(Algorithm::Myers, &old, &new));
    }

    #[test]
    fn four_times_as_much_is_about_four_times_as_much_to_compare() {
        thread_local!(static COMPARED: Cell<usize> = const { Cell::new(0) });
        #[derive(Clone, Copy, Eq)]
        struct Sign(char);
        impl Hash for Sign {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.0.hash(state);
            }
        }
        impl PartialEq for Sign {
            fn eq(&self, other: &Self) -> bool {
                COMPARED.set(COMPARED.get() + 1);
                self.0 == other.0
            }
        }
        let compared = |count: usize| {
            let of = |text: &str| text.chars().map(Sign).collect::<Vec<_>>().repeat(count);
            let (old, new) = (of("a b c "), of("a x c y "));
            COMPARED.set(0);
            windowed(Algorithm::Myers, &old, &new, 256);
            COMPARED.get()
        };
        let (one, four) = (compared(8_000), compared(32_000));
        assert!(four < 5 * one, "{one} {four}");
    }

    #[test]
    fn operations_of_windows_make_the_new_sequence_of_the_old_one() {
        let items = || proptest::collection::vec(0..6u8, 0..120);
        proptest::proptest!(|(old in items(), new in items(), window in 2..9usize)| {
            for algorithm in [Algorithm::Myers, Algorithm::Patience] {
                let operations = windowed(algorithm, &old, &new, window);
                proptest::prop_assert_eq!(applied(&operations, &old, &new), new.clone());
            }
        });
    }
}
