//! The order in which articles are written, so that what they link to is there before them.
//!
//! Where links go in circles, some of them point to what comes later, and which ones is a choice. The
//! fewest cannot be found in reasonable time, so this is a greedy walk after Eades, Lin and Smyth, "A
//! fast and effective heuristic for the feedback arc set problem" (1993): what links to nothing that
//! is left goes first, what nothing left links to goes last, and where there is neither, one article
//! is taken out of the circle and goes before what it links to.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};
use std::sync::OnceLock;

use crate::text::DocPath;

/// Articles, by their files in the default locale, in the order of the links in all their texts: the
/// targets first. It is made when somebody asks for it.
#[derive(Debug, Clone)]
pub(super) struct Order {
    links: BTreeMap<DocPath, BTreeSet<DocPath>>,
    minimize: Minimize,
    batches: OnceLock<Batches>,
}

#[derive(Debug, Clone, Default)]
struct Batches {
    /// The place of an article in the order. Those of one place do not wait for each other; where
    /// none is known it is the first.
    batch: BTreeMap<DocPath, usize>,
    /// Links that close a circle: by file what comes later and is linked all the same.
    closing: BTreeMap<DocPath, BTreeSet<DocPath>>,
}

/// What there should be little of where links go in circles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Minimize {
    /// Links that point to what comes later: each of them is worse for it.
    Links,
    /// Articles with such a link: one is as bad as several. They wait for nothing.
    Articles,
}

impl Order {
    /// The order of some files by their links. It hangs on the links alone, not on how they are listed.
    pub(super) fn of(links: BTreeMap<DocPath, BTreeSet<DocPath>>, minimize: Minimize) -> Self {
        Self { links, minimize, batches: OnceLock::new() }
    }

    /// The batch of an article; 0 comes first.
    pub(super) fn batch(&self, path: &DocPath) -> usize {
        self.batches().batch.get(path).copied().unwrap_or_default()
    }

    /// What an article links to though it comes later.
    pub(super) fn closing(&self, path: &DocPath) -> Option<&BTreeSet<DocPath>> {
        self.batches().closing.get(path)
    }

    fn batches(&self) -> &Batches {
        self.batches.get_or_init(|| Batches::of(&self.links, self.minimize))
    }
}

impl Default for Order {
    fn default() -> Self {
        Self::of(BTreeMap::new(), Minimize::Links)
    }
}

impl PartialEq for Order {
    fn eq(&self, other: &Self) -> bool {
        self.links == other.links && self.minimize == other.minimize
    }
}

impl Batches {
    fn of(links: &BTreeMap<DocPath, BTreeSet<DocPath>>, minimize: Minimize) -> Self {
        let files: BTreeSet<&DocPath> = links.iter().flat_map(|(file, targets)| targets.iter().chain([file])).collect();
        let files: Vec<&DocPath> = files.into_iter().collect();
        let numbers: HashMap<&DocPath, usize> =
            files.iter().enumerate().map(|(number, file)| (*file, number)).collect();
        let mut graph = Graph::new(files.len());
        let mut made = Self::default();
        for (file, targets) in links {
            for target in targets {
                if target == file {
                    made.closing.entry(file.clone()).or_default().insert(target.clone());
                } else {
                    graph.link(numbers[file], numbers[target]);
                }
            }
        }
        let mut batches: Vec<Option<usize>> = vec![None; files.len()];
        for number in graph.in_order(minimize) {
            let mut later = graph.to[number].iter().filter(|target| batches[**target].is_none()).peekable();
            let is_cut = later.peek().is_some();
            if is_cut {
                let closing = made.closing.entry(files[number].clone()).or_default();
                closing.extend(later.map(|target| files[*target].clone()));
            }
            let before = graph.to[number].iter().filter_map(|target| batches[*target]).max();
            let batch = before.filter(|_| minimize == Minimize::Links || !is_cut).map_or(0, |batch| batch + 1);
            batches[number] = Some(batch);
        }
        made.batch = files.into_iter().zip(batches).filter_map(|(file, batch)| Some((file.clone(), batch?))).collect();
        made
    }
}

/// Who links to whom, by numbers.
struct Graph {
    to: Vec<Vec<usize>>,
    from: Vec<Vec<usize>>,
}

impl Graph {
    fn new(size: usize) -> Self {
        Self { to: vec![Vec::new(); size], from: vec![Vec::new(); size] }
    }

    fn link(&mut self, from: usize, to: usize) {
        self.to[from].push(to);
        self.from[to].push(from);
    }

    /// Every number once, targets before sources as far as circles let them.
    fn in_order(&self, minimize: Minimize) -> Vec<usize> {
        let size = self.to.len();
        let mut left = Left {
            is_left: vec![true; size],
            to: self.to.iter().map(Vec::len).collect(),
            from: self.from.iter().map(Vec::len).collect(),
        };
        let mut free: Vec<usize> = (0..size).filter(|number| left.to[*number] == 0).collect();
        let mut unlinked: Vec<usize> = (0..size).filter(|number| left.from[*number] == 0).collect();
        let mut circle: BinaryHeap<(i64, usize)> =
            (0..size).map(|number| (left.gain(number, minimize), number)).collect();
        let (mut first, mut last) = (Vec::with_capacity(size), Vec::new());
        loop {
            let (number, order) = if let Some(number) = free.pop() {
                (number, &mut first)
            } else if let Some(number) = unlinked.pop() {
                (number, &mut last)
            } else if let Some((gain, number)) = circle.pop() {
                // What has changed since is in the heap a second time.
                if left.is_left[number] && gain != left.gain(number, minimize) {
                    continue;
                }
                (number, &mut first)
            } else {
                break;
            };
            if !std::mem::replace(&mut left.is_left[number], false) {
                continue;
            }
            order.push(number);
            for (neighbours, count, done) in
                [(&self.from[number], &mut left.to, &mut free), (&self.to[number], &mut left.from, &mut unlinked)]
            {
                for neighbour in neighbours {
                    count[*neighbour] -= 1;
                    if count[*neighbour] == 0 {
                        done.push(*neighbour);
                    }
                }
            }
            for neighbour in self.from[number].iter().chain(&self.to[number]) {
                if left.is_left[*neighbour] {
                    circle.push((left.gain(*neighbour, minimize), *neighbour));
                }
            }
        }
        first.extend(last.into_iter().rev());
        first
    }
}

/// What is not in order yet: who is left, and how many of those left it links to and is linked from.
struct Left {
    is_left: Vec<bool>,
    to: Vec<usize>,
    from: Vec<usize>,
}

impl Left {
    /// How good it is to take an article out of its circles.
    fn gain(&self, number: usize, minimize: Minimize) -> i64 {
        let (to, from) = (self.to[number] as i64, self.from[number] as i64);
        match minimize {
            // What it spares against what it costs.
            Minimize::Links => from - to,
            // The ways through it.
            Minimize::Articles => from * to,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(links: &[(&str, &[&str])], minimize: Minimize, batches: &[(&str, usize)], closing: &[(&str, &str)]) {
        let made = Batches::of(&map(links.iter().map(|(from, to)| (*from, to.to_vec()))), minimize);
        let found: Vec<_> = made.batch.iter().map(|(path, batch)| (path.as_str(), *batch)).collect();
        assert_eq!(found, batches);
        let closes = made.closing.iter().flat_map(|(from, to)| to.iter().map(|to| (from.as_str(), to.as_str())));
        assert_eq!(closes.collect::<Vec<_>>(), closing);
    }

    fn map<P: Into<std::sync::Arc<str>>>(
        links: impl Iterator<Item = (P, Vec<P>)>,
    ) -> BTreeMap<DocPath, BTreeSet<DocPath>> {
        let path = |path: P| DocPath::new(path);
        links.map(|(from, to)| (path(from), to.into_iter().map(path).collect())).collect()
    }

    #[test]
    fn targets_stand_before_sources() {
        for minimize in [Minimize::Links, Minimize::Articles] {
            check(
                &[("a", &["b", "c"]), ("b", &["c"]), ("d", &["a"])],
                minimize,
                &[("a", 2), ("b", 1), ("c", 0), ("d", 3)],
                &[],
            );
        }
    }

    #[test]
    fn a_circle_is_closed_by_one_link() {
        check(
            &[("a", &["b"]), ("b", &["c"]), ("c", &["a"]), ("d", &["d", "a"])],
            Minimize::Links,
            &[("a", 2), ("b", 1), ("c", 0), ("d", 3)],
            &[("c", "a"), ("d", "d")],
        );
    }

    #[test]
    fn an_article_in_many_circles_is_taken_out_of_all_of_them() {
        let links: &[(&str, &[&str])] = &[("a", &["hub"]), ("b", &["hub"]), ("c", &["hub"]), ("hub", &["a", "b", "c"])];
        let batches = &[("a", 1), ("b", 1), ("c", 1), ("hub", 0)];
        check(links, Minimize::Articles, batches, &[("hub", "a"), ("hub", "b"), ("hub", "c")]);
    }

    #[test]
    fn what_is_cut_waits_for_nothing_where_it_is_written_twice_anyway() {
        let links: &[(&str, &[&str])] = &[("a", &["b"]), ("b", &["a", "leaf"])];
        check(links, Minimize::Links, &[("a", 2), ("b", 1), ("leaf", 0)], &[("b", "a")]);
        check(links, Minimize::Articles, &[("a", 1), ("b", 0), ("leaf", 0)], &[("b", "a")]);
    }

    /// With the walk in the order of paths that was here before, four thousand articles with links at
    /// random needed more than two thousand batches, and two of three were written twice.
    #[test]
    fn many_articles_with_links_at_random_need_few_waves() {
        let many = 4000_usize;
        let mut random = 7_usize;
        let mut next = || {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) % many
        };
        let links: Vec<(String, Vec<String>)> =
            (0..many).map(|file| (file.to_string(), (0..4).map(|_| next().to_string()).collect())).collect();
        let made = Batches::of(&map(links.into_iter()), Minimize::Articles);
        let batches = made.batch.values().max().copied().unwrap_or_default() + 1;
        assert!(batches < many / 20, "{batches} batches");
        assert!(made.closing.len() < many * 2 / 5, "{} articles are written twice", made.closing.len());
    }

    proptest! {
        #[test]
        fn what_does_not_close_a_circle_stands_before_what_links_to_it(
            links in proptest::collection::btree_map(0..12_u8, proptest::collection::vec(0..12_u8, 0..5), 0..12),
            few_articles: bool,
        ) {
            let links = map(links.into_iter().map(|(from, to)| {
                (from.to_string(), to.into_iter().map(|to| to.to_string()).collect())
            }));
            let minimize = if few_articles { Minimize::Articles } else { Minimize::Links };
            let order = Order::of(links.clone(), minimize);
            for (from, targets) in &links {
                let closing = order.closing(from);
                let is_cut = minimize == Minimize::Articles && closing.is_some_and(|closing| closing.iter().any(|to| to != from));
                for to in targets {
                    let closes = closing.is_some_and(|closing| closing.contains(to));
                    prop_assert!(closes || is_cut || order.batch(to) < order.batch(from), "{from} -> {to} in {order:?}");
                }
            }
        }
    }
}
