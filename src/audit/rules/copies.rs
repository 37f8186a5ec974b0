//! Texts that say nearly the same, and where these do not: sentences that differ in a number or a name alone.

use std::collections::{BTreeMap, BTreeSet};

use unicode_segmentation::UnicodeSegmentation as _;

use super::super::center::Text;
use super::super::finding::{About, Finding};
use super::super::kind::{DIFFERENT_NAME, DIFFERENT_NUMBER, Kind, NEAR_DUPLICATE};
use super::super::look::Look;
use super::super::similar::{Pair, Shingles, pairs};
use super::{Rules, quoted};

/// From how alike on two texts say nearly the same, in thousandths: a copy of which a third was written again is as
/// alike as this. Of 10,000 pairs in a real Help Center of 161 articles one is, the editions of a page in two quarters;
/// articles that are only built alike come to 380 at most.
const ALIKE: usize = 500;

/// How many shingles a text has at least that is compared: shorter ones are alike by their form.
const LEAST: usize = 40;

/// How many sentences a finding quotes.
const QUOTED: usize = 5;

/// Words of a sentence at least, so that labels and values of tables are none.
const SENTENCE: usize = 5;

/// A text, and the place of its article.
#[derive(Debug, Clone, Copy)]
struct Placed<'t> {
    article: usize,
    text: &'t Text,
}

impl Placed<'_> {
    fn about(self, look: &Look<'_>) -> About {
        look.center.articles[self.article].about(self.text)
    }
}

pub(super) fn find(look: &Look<'_>, _: &Rules) -> Vec<Finding> {
    let mut by_locale: BTreeMap<&str, Vec<Placed<'_>>> = BTreeMap::new();
    for (article, _, text) in look.center.live_texts() {
        by_locale.entry(text.locale.0.as_str()).or_default().push(Placed { article, text });
    }
    by_locale.into_values().flat_map(|texts| in_locale(look, &texts)).collect()
}

fn in_locale(look: &Look<'_>, texts: &[Placed<'_>]) -> Vec<Finding> {
    let shingles = crate::threads::map(texts, |placed| Shingles::of(&placed.text.facts.passages));
    let (texts, shingles): (Vec<_>, Vec<_>) =
        texts.iter().copied().zip(&shingles).filter(|(_, shingles)| shingles.len() >= LEAST).unzip();
    let pairs = pairs(&shingles, ALIKE);
    let mut found = Vec::new();
    for group in groups(texts.len(), &pairs) {
        let articles = group.iter().map(|at| texts[*at].about(look)).collect();
        let most = pairs.iter().filter(|pair| group.contains(&pair.one)).map(|pair| pair.alike).max();
        let message = format!(
            "{} articles say nearly the same: {} % of what they say is alike",
            group.len(),
            most.unwrap_or(0) / 10
        );
        found.push(Finding::about(&NEAR_DUPLICATE, articles, message));
    }
    for pair in &pairs {
        found.extend(differences(look, texts[pair.one], texts[pair.other]));
    }
    found
}

/// Texts that are linked by pairs, each group in the order of the texts.
fn groups(count: usize, pairs: &[Pair]) -> Vec<BTreeSet<usize>> {
    let mut first: Vec<usize> = (0..count).collect();
    fn root(first: &mut [usize], mut at: usize) -> usize {
        while first[at] != at {
            first[at] = first[first[at]];
            at = first[at];
        }
        at
    }
    for pair in pairs {
        let (one, other) = (root(&mut first, pair.one), root(&mut first, pair.other));
        first[one.max(other)] = one.min(other);
    }
    let mut groups: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for at in 0..count {
        groups.entry(root(&mut first, at)).or_default().insert(at);
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// The sentences of two texts that differ in numbers alone, and those that differ in one name.
fn differences(look: &Look<'_>, one: Placed<'_>, other: Placed<'_>) -> Vec<Finding> {
    let (here, there) = (sentences(one.text), sentences(other.text));
    let in_both: BTreeSet<&str> = here.iter().filter(|sentence| there.contains(*sentence)).copied().collect();
    let only = |all: &[&str]| -> Vec<Vec<String>> {
        let only = all.iter().filter(|sentence| !in_both.contains(**sentence));
        only.map(|sentence| sentence.unicode_words().map(str::to_owned).collect()).collect()
    };
    let (here, there) = (only(&here), only(&there));
    let mut by_kind: BTreeMap<&str, (&'static Kind, Vec<String>)> = BTreeMap::new();
    for sentence in here.iter().filter(|sentence| sentence.len() >= SENTENCE) {
        let differing =
            there.iter().filter_map(|other| Some((other, difference(sentence, other, &one.text.locale.0)?)));
        // Of several that fit nobody knows which one is meant.
        if let [(other, kind)] = differing.collect::<Vec<_>>().as_slice() {
            let detail = format!("{} and {}", quoted(&sentence.join(" ")), quoted(&other.join(" ")));
            by_kind.entry(kind.id).or_insert((kind, Vec::new())).1.push(detail);
        }
    }
    let finding = |(kind, mut details): (&'static Kind, Vec<String>)| {
        let what = if *kind == DIFFERENT_NUMBER { "a number" } else { "a name" };
        let message = match details.len() {
            1 => format!("a sentence differs from that of a near copy in {what} alone: {}", details[0]),
            count => format!("{count} sentences differ from those of a near copy in {what} alone: {}", details[0]),
        };
        let rest = details.split_off(1);
        let second = other.about(look);
        let subject = second.article();
        let finding = Finding::about(kind, vec![one.about(look), second], message).subject(subject);
        Finding { details: rest.into_iter().take(QUOTED).collect(), ..finding }
    };
    by_kind.into_values().map(finding).collect()
}

fn sentences(text: &Text) -> Vec<&str> {
    let passages = text.facts.passages.iter();
    passages.flat_map(|passage| passage.unicode_sentences()).map(str::trim).collect()
}

/// In what two sentences differ, word by word, if it is numbers alone or one name alone.
fn difference(one: &[String], other: &[String], locale: &str) -> Option<&'static Kind> {
    if one.len() != other.len() {
        return None;
    }
    let differing: Vec<(usize, &String, &String)> = one
        .iter()
        .zip(other)
        .enumerate()
        .filter(|(_, (here, there))| here != there)
        .map(|(at, (a, b))| (at, a, b))
        .collect();
    let is_number = |word: &str| word.starts_with(|c: char| c.is_numeric());
    if differing.is_empty() {
        return None;
    }
    if differing.iter().all(|(_, here, there)| is_number(here) && is_number(there)) {
        return Some(&DIFFERENT_NUMBER);
    }
    let is_name = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    // German writes every noun with a capital letter, so that none of them shows to be a name.
    match differing.as_slice() {
        [(at, here, there)] if *at > 0 && is_name(here) && is_name(there) && !locale.starts_with("de") => {
            Some(&DIFFERENT_NAME)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(one: &str, other: &str, locale: &str, expected: Option<&str>) {
        let words = |text: &str| text.unicode_words().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(difference(&words(one), &words(other), locale).map(|kind| kind.id), expected, "{one}");
    }

    #[test]
    fn a_number_or_a_name_is_all_that_differs() {
        check("You have 30 days to ask", "You have 14 days to ask", "en", Some("different-number"));
        check("Open the Acme app now", "Open the Bolt app now", "en", Some("different-name"));
        check("Öffne die Datei jetzt hier", "Öffne die Seite jetzt hier", "de", None);
        check("You have 30 days to ask", "You have 14 weeks to ask", "en", None);
        check("Acme opens the app now", "Bolt opens the app now", "en", None);
        check("You have 30 days", "You have 30 days", "en", None);
        check("You have 30 days to ask us", "You have 14 days to ask", "en", None);
    }

    #[test]
    fn pairs_make_groups() {
        let pair = |one, other| Pair { one, other, alike: 700 };
        let groups = groups(6, &[pair(0, 1), pair(3, 4), pair(1, 2)]);
        assert_eq!(groups, [BTreeSet::from([0, 1, 2]), BTreeSet::from([3, 4])]);
    }
}
